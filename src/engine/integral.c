/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/integral.h"

#include <math.h>

#include "base/error.h"
#include "base/units.h"

void hr_integral_init(struct hr_integral *integral, int64_t t_us, double level)
{
    *integral = (struct hr_integral){.level = level};
    hr_integral_reset(integral, t_us);
}

void hr_integral_reset(struct hr_integral *integral, int64_t t_us)
{
    integral->value = hr_integral_value_at(integral, t_us);
    integral->start_us = t_us;
    integral->since_us = t_us;
    integral->sum = 0.0;
    integral->above_s = 0.0;
    integral->min = HUGE_VAL;
    integral->max = -HUGE_VAL;
}

double hr_integral_value_at(const struct hr_integral *integral, int64_t t_us)
{
    return integral->value + integral->rate_per_s * hr_us_to_s(t_us - integral->since_us);
}

/* Seconds of a straight piece from a to b that lie above the level. */
static double piece_above_s(double a, double b, double level, double length_s)
{
    if (a > level && b > level) {
        return length_s;
    }
    if (a <= level && b <= level) {
        return 0.0;
    }
    double upper = fmax(a, b);
    return length_s * (upper - level) / fabs(b - a);
}

void hr_integral_advance(struct hr_integral *integral, int64_t t_us)
{
    hr_assert(t_us >= integral->since_us);
    if (t_us == integral->since_us) {
        return;
    }
    double length_s = hr_us_to_s(t_us - integral->since_us);
    double from = integral->value;
    double to = from + integral->rate_per_s * length_s;
    integral->sum += 0.5 * (from + to) * length_s;
    integral->above_s += piece_above_s(from, to, integral->level, length_s);
    integral->min = fmin(integral->min, fmin(from, to));
    integral->max = fmax(integral->max, fmax(from, to));
    integral->value = to;
    integral->since_us = t_us;
}

void hr_integral_add(struct hr_integral *integral, int64_t t_us, double value,
                     double rate_per_s)
{
    hr_integral_advance(integral, t_us);
    integral->value = value;
    integral->rate_per_s = rate_per_s;
}

double hr_integral_elapsed_s(const struct hr_integral *integral)
{
    return hr_us_to_s(integral->since_us - integral->start_us);
}

double hr_integral_mean(const struct hr_integral *integral)
{
    double elapsed_s = hr_integral_elapsed_s(integral);
    return elapsed_s > 0.0 ? integral->sum / elapsed_s : integral->value;
}

double hr_integral_min(const struct hr_integral *integral)
{
    return integral->since_us > integral->start_us ? integral->min : integral->value;
}

double hr_integral_max(const struct hr_integral *integral)
{
    return integral->since_us > integral->start_us ? integral->max : integral->value;
}

double hr_integral_total(const struct hr_integral *integral)
{
    return integral->sum;
}

double hr_integral_above_s(const struct hr_integral *integral)
{
    return integral->above_s;
}
