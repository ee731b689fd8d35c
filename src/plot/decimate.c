/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/decimate.h"

#include <math.h>

#include "base/error.h"

static int column_of(double x, double x_low, double x_high, int columns)
{
    double share = x_high > x_low ? (x - x_low) / (x_high - x_low) : 0.0;
    int column = (int)floor(share * columns);
    return column < 0 ? 0 : column >= columns ? columns - 1 : column;
}

/* Appends the points first, lowest, highest and last of [from, to) in order, each once. */
static size_t keep_extremes(const struct hr_point *in, size_t from, size_t to,
                            struct hr_point *out)
{
    size_t lowest = from;
    size_t highest = from;
    for (size_t i = from + 1; i < to; i++) {
        lowest = in[i].y < in[lowest].y ? i : lowest;
        highest = in[i].y > in[highest].y ? i : highest;
    }
    size_t near = lowest < highest ? lowest : highest;
    size_t far = lowest < highest ? highest : lowest;
    const size_t wanted[4] = {from, near, far, to - 1};
    size_t n = 0;
    for (size_t k = 0; k < 4; k++) {
        if (k == 0 || wanted[k] != wanted[k - 1]) {
            out[n++] = in[wanted[k]];
        }
    }
    return n;
}

size_t hr_decimate(const struct hr_point *in, size_t n, double x_low, double x_high,
                   int columns, struct hr_point *out)
{
    hr_assert(columns > 0);
    size_t n_out = 0;
    size_t from = 0;
    while (from < n) {
        int column = column_of(in[from].x, x_low, x_high, columns);
        size_t to = from + 1;
        while (to < n && column_of(in[to].x, x_low, x_high, columns) == column) {
            to++;
        }
        n_out += keep_extremes(in, from, to, out + n_out);
        from = to;
    }
    return n_out;
}

size_t hr_decimate_mean(const double *y, size_t n, int columns, double *out)
{
    hr_assert(columns > 0);
    size_t n_out = n < (size_t)columns ? n : (size_t)columns;
    for (size_t column = 0; column < n_out; column++) {
        size_t from = column * n / n_out;
        size_t to = (column + 1) * n / n_out;
        double sum = 0.0;
        for (size_t i = from; i < to; i++) {
            sum += y[i];
        }
        out[column] = sum / (double)(to - from);
    }
    return n_out;
}
