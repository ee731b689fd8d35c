/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/fill.h"

#include <math.h>
#include <stdbool.h>

#include "base/hot.h"

static const double CLOSE_ENOUGH = 1e-6;

double hr_fill_level(hr_fill_sum sum, const void *context, double total, double high)
{
    double low = 0.0;
    double level = 0.5 * high;
    for (int i = 0; i < 100 && high - low > 1e-15 * high; i++) {
        double slope = 0.0;
        double held = sum(context, level, &slope);
        if (held <= total) {
            low = level;
            if (total - held <= CLOSE_ENOUGH) {
                break;
            }
        } else {
            high = level;
        }
        /* Newton's step is exact within a piece; it aims a hair below the total, so that it
         * ends there. Now and then the bracket is halved, for sums whose pieces lead it astray.
         */
        double step = slope > 0.0 ? (total - 0.5 * CLOSE_ENOUGH - held) / slope : HUGE_VAL;
        double next = level + step;
        bool inside = next > low && next < high;
        level = inside && i % 4 != 3 ? next : 0.5 * (low + high);
    }
    return low;
}
