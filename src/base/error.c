/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>

GQuark hr_error_quark(void)
{
    return g_quark_from_static_string("headroom-error");
}

_Noreturn void hr_assert_fail(const char *expression, const char *file, int line,
                              const struct hr_where *where)
{
    if (where != NULL) {
        fprintf(stderr, "headroom: bug: seed %llu, replication %u, simulated %.6f s, %s\n",
                (unsigned long long)where->seed, (unsigned)where->replication,
                (double)where->t_us / 1e6, where->event != NULL ? where->event : "-");
    }
    fprintf(stderr, "headroom: bug: %s:%d: %s\n", file, line, expression);
    abort();
}
