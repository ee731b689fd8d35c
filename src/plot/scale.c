/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/scale.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* Beyond this a position wraps round in the fixed-point numbers of a drawing surface. */
#define POSITION_MOST 1e6

const char *hr_time_unit_name(enum hr_time_unit unit)
{
    static const char *const names[HR_TIME__COUNT] = {"hours", "days"};
    hr_assert(unit < HR_TIME__COUNT);
    return names[unit];
}

/* Where the value lies between v0, which is 0, and v1, which is 1. */
static double part_of(const struct hr_scale *scale, double value)
{
    if (scale->is_log) {
        return log(value / scale->v0) / log(scale->v1 / scale->v0);
    }
    return (value - scale->v0) / (scale->v1 - scale->v0);
}

double hr_scale_at(const struct hr_scale *scale, double value)
{
    if (!isfinite(value) || scale->v1 == scale->v0 || (scale->is_log && value <= 0.0)) {
        return scale->p0;
    }
    double position = scale->p0 + part_of(scale, value) * (scale->p1 - scale->p0);
    return fmax(-POSITION_MOST, fmin(POSITION_MOST, position));
}

/* Makes [low, high] a finite range with an extent. */
static void widen(double *low, double *high)
{
    if (!isfinite(*low) || !isfinite(*high) || fabs(*low) > 1e15 || fabs(*high) > 1e15) {
        *low = 0.0;
        *high = 1.0;
    }
    if (*low > *high) {
        double swap = *low;
        *low = *high;
        *high = swap;
    }
    if (*high - *low < 1e-9 * fmax(fabs(*low), fabs(*high)) || *high == *low) {
        if (*high > 0.0) {
            *low = fmin(*low, 0.0);
        } else if (*low < 0.0) {
            *high = 0.0;
        } else {
            *high = 1.0;
        }
    }
}

/* The smallest 1, 2, 2.5 or 5 times a power of ten that is at least least. */
static double nice_step(double least, int *decimals)
{
    static const double mantissas[] = {1.0, 2.0, 2.5, 5.0, 10.0};
    double power = floor(log10(least));
    double base = pow(10.0, power);
    for (size_t i = 0; i < sizeof mantissas / sizeof mantissas[0]; i++) {
        double step = mantissas[i] * base;
        if (step >= least * (1.0 - 1e-9)) {
            double digits = -power + (mantissas[i] == 2.5 ? 1.0 : 0.0);
            if (mantissas[i] == 10.0) {
                digits -= 1.0;
            }
            *decimals = digits > 0.0 ? (int)fmin(digits, 9.0) : 0;
            return step;
        }
    }
    *decimals = 0;
    return 10.0 * base;
}

static void set_label(struct hr_ticks *ticks, int index, double value, int decimals)
{
    g_autofree char *label = hr_format_number(value, decimals);
    g_strlcpy(ticks->label[index], label, HR_TICK_LABEL_BYTES);
}

void hr_ticks_linear(double low, double high, int most, struct hr_ticks *out)
{
    hr_assert(most >= 2 && most <= HR_TICKS_MAX - 2);
    memset(out, 0, sizeof *out);
    widen(&low, &high);
    out->step = nice_step((high - low) / most, &out->decimals);
    double first = floor(low / out->step + 1e-9);
    double last = ceil(high / out->step - 1e-9);
    out->n = (int)(last - first) + 1;
    hr_assert(out->n >= 2 && out->n <= HR_TICKS_MAX);
    for (int i = 0; i < out->n; i++) {
        out->at[i] = (first + i) * out->step;
        set_label(out, i, out->at[i], out->decimals);
    }
    out->low = out->at[0];
    out->high = out->at[out->n - 1];
}

/* The k-th mark of a logarithmic axis, three of them or one in each power of ten. */
static double log_mark(int k, bool has_three)
{
    static const double mantissas[] = {1.0, 2.0, 5.0};
    int per_power = has_three ? 3 : 1;
    int power = (int)floor((double)k / per_power);
    return mantissas[k - power * per_power] * pow(10.0, power);
}

void hr_ticks_log(double low, double high, int most, struct hr_ticks *out)
{
    hr_assert(most >= 2 && most <= HR_TICKS_MAX - 2);
    memset(out, 0, sizeof *out);
    low = isfinite(low) && low > 0.0 ? fmax(low, 1e-9) : 1.0;
    high = isfinite(high) && high > 0.0 ? fmin(fmax(high, low), 1e12) : low;
    low = fmin(low, high);
    for (int three = 1; three >= 0; three--) {
        int per_power = three == 1 ? 3 : 1;
        int first = per_power * (int)floor(log10(low));
        while (log_mark(first + 1, three == 1) <= low * (1.0 + 1e-9)) {
            first++;
        }
        int last = first + 1;
        while (log_mark(last, three == 1) < high * (1.0 - 1e-9)) {
            last++;
        }
        if (three == 1 && last - first > most) {
            continue;
        }
        for (int k = first; k <= last && out->n < HR_TICKS_MAX; k++) {
            double at = log_mark(k, three == 1);
            out->at[out->n] = at;
            set_label(out, out->n++, at, at >= 1.0 ? 0 : (int)ceil(-log10(at) - 1e-9));
        }
        break;
    }
    out->low = out->at[0];
    out->high = out->at[out->n - 1];
}

enum hr_time_unit hr_ticks_time(double low_h, double high_h, int most, struct hr_ticks *out)
{
    static const double steps_h[] = {1,       2,        3,        6,        12,
                                     24,      2 * 24,   7 * 24,   14 * 24,  28 * 24,
                                     91 * 24, 182 * 24, 364 * 24, 1820 * 24};
    hr_assert(most >= 2 && most <= HR_TICKS_MAX - 2);
    memset(out, 0, sizeof *out);
    widen(&low_h, &high_h);
    size_t n_steps = sizeof steps_h / sizeof steps_h[0];
    out->step = steps_h[n_steps - 1];
    for (size_t i = n_steps; i > 0; i--) {
        if ((high_h - low_h) / steps_h[i - 1] <= most) {
            out->step = steps_h[i - 1];
        }
    }
    while ((high_h - low_h) / out->step > most) {
        out->step *= 2.0;
    }
    enum hr_time_unit unit = out->step >= 24.0 ? HR_TIME_DAYS : HR_TIME_HOURS;
    double per_label = unit == HR_TIME_DAYS ? 24.0 : 1.0;
    double first = ceil(low_h / out->step - 1e-9);
    for (int i = 0; (first + i) * out->step <= high_h + 1e-9; i++) {
        double k = first + i;
        out->at[out->n] = k * out->step;
        set_label(out, out->n, k * out->step / per_label, 0);
        out->n++;
    }
    out->low = low_h;
    out->high = high_h;
    return unit;
}

/* Puts a comma between each three of the leading digits. */
static char *with_separators(const char *plain)
{
    bool negative = plain[0] == '-';
    const char *digits = plain + (negative ? 1 : 0);
    size_t n_whole = strspn(digits, "0123456789");
    bool is_zero = digits[strspn(digits, "0.")] == '\0';
    GString *out = g_string_new(negative && !is_zero ? "-" : "");
    for (size_t i = 0; i < n_whole; i++) {
        if (i > 0 && (n_whole - i) % 3 == 0) {
            g_string_append_c(out, ',');
        }
        g_string_append_c(out, digits[i]);
    }
    g_string_append(out, digits + n_whole);
    return g_string_free(out, FALSE);
}

char *hr_format_number(double value, int decimals)
{
    hr_assert(decimals >= 0 && decimals <= 9);
    if (!isfinite(value)) {
        return g_strdup("n/a");
    }
    char format[16];
    char buf[400]; /* the largest double has 309 digits */
    (void)snprintf(format, sizeof format, "%%.%df", decimals);
    g_ascii_formatd(buf, sizeof buf, format, value);
    return with_separators(buf);
}

char *hr_format_cents(int64_t cents)
{
    uint64_t magnitude = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    g_autofree char *plain =
        g_strdup_printf("%s%" G_GUINT64_FORMAT ".%02u", cents < 0 ? "-" : "", magnitude / 100,
                        (unsigned)(magnitude % 100));
    return with_separators(plain);
}

char *hr_format_cents_whole(int64_t cents)
{
    uint64_t magnitude = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    uint64_t whole = magnitude / 100;
    uint64_t rest = magnitude % 100;
    if (rest > 50 || (rest == 50 && whole % 2 == 1)) {
        whole++;
    }
    g_autofree char *plain =
        g_strdup_printf("%s%" G_GUINT64_FORMAT, cents < 0 ? "-" : "", whole);
    return with_separators(plain);
}
