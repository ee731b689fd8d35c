/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/scale.h - from values to positions, and where the marks of an axis stand. Pure
 * functions.
 *
 * Values that are not finite, or a range without extent, never leave this file as such: a range
 * is widened until it has an extent, so a chart of one constant still has an axis.
 */
#ifndef HR_PLOT_SCALE_H
#define HR_PLOT_SCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

enum { HR_TICKS_MAX = 24, HR_TICK_LABEL_BYTES = 24 };

/* The marks of an axis; low and high are the first and the last mark and cover the values. */
struct hr_ticks {
    double low, high, step;
    int n;
    int decimals; /* that every label needs */
    double at[HR_TICKS_MAX];
    char label[HR_TICKS_MAX][HR_TICK_LABEL_BYTES];
};

/* What the labels of a time axis count. */
enum hr_time_unit { HR_TIME_HOURS, HR_TIME_DAYS, HR_TIME__COUNT };
const char *hr_time_unit_name(enum hr_time_unit unit); /* "hours", "days" */

/* A map, linear or by logarithms: value v0 lies at position p0, v1 at p1. */
struct hr_scale {
    double v0, v1; /* both positive when is_log */
    double p0, p1;
    bool is_log;
};

/* Position of a value; a value that is not finite lies at p0, others are kept within a million
 * points of the range, which drawing surfaces can still hold. */
double hr_scale_at(const struct hr_scale *scale, double value);

/* Marks at multiples of 1, 2, 2.5 or 5 times a power of ten; at most `most` steps (2 to
 * HR_TICKS_MAX - 2) between low and high. */
void hr_ticks_linear(double low, double high, int most, struct hr_ticks *out);

/* Marks of a logarithmic axis: at 1, 2 and 5 times the powers of ten, or at powers of ten alone
 * where those would be more than `most`; first and last mark cover the values. What is not
 * positive or not finite stands for 1. */
void hr_ticks_log(double low, double high, int most, struct hr_ticks *out);

/* Marks at whole hours or days of a range in hours; the marks lie within the range, which is
 * not widened: out->low and out->high are the range itself. Returns: what the labels count. */
enum hr_time_unit hr_ticks_time(double low_h, double high_h, int most, struct hr_ticks *out);

/* A number as people read it: "1,234.5"; "-0" never appears. decimals 0 to 9.
 * Returns: a new string. */
char *hr_format_number(double value, int decimals);

/* Exact cents with thousands separators, "1,234.50", or rounded half to even to whole units,
 * "1,235". Returns: a new string. */
char *hr_format_cents(int64_t cents);
char *hr_format_cents_whole(int64_t cents);

#endif
