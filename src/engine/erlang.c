/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/erlang.h"

#include <math.h>

#include "base/error.h"

double hr_erlang_c(int servers, double offered_load)
{
    hr_assert(servers >= 1);
    hr_assert(offered_load >= 0.0);
    if (offered_load >= servers) {
        return 1.0;
    }
    /* Erlang's loss formula by its recursion over servers: sums of positive terms only, so no
     * digit is lost, and no factorial to overflow. */
    double lost = 1.0;
    for (int n = 1; n <= servers; n++) {
        lost = offered_load * lost / (n + offered_load * lost);
    }
    double utilisation = offered_load / servers;
    return lost / (1.0 - utilisation * (1.0 - lost));
}

double hr_mmc_wait(int servers, double offered_load, double service_s)
{
    hr_assert(service_s >= 0.0);
    double waiting = hr_erlang_c(servers, offered_load);
    if (service_s == 0.0) {
        return 0.0;
    }
    if (offered_load >= servers) {
        return HUGE_VAL;
    }
    return waiting * service_s / (servers - offered_load);
}
