/* SPDX-License-Identifier: GPL-3.0-or-later */
/* workload/fast_exp.h - the exponential function to nine digits, inline, with plain arithmetic
 * only: the same bits on every machine, which the C library does not promise.
 *
 * exp(x) = 2^k·exp(r) with |r| <= ln 2/2, and Taylor's polynomial for exp(r): its first term
 * left out is r^8/8! < 6e-9.
 */
#ifndef HR_WORKLOAD_FAST_EXP_H
#define HR_WORKLOAD_FAST_EXP_H

#include <stdint.h>
#include <string.h>

/* Relative error below 3e-10. Beyond ±700 the argument is taken as ±700. Requires: not NaN. */
static inline double hr_fast_exp(double x)
{
    const double to_integer = 0x1.8p52; /* added and taken off again, it rounds */
    x = x < -700.0 ? -700.0 : x > 700.0 ? 700.0 : x;
    double shifted = x * 0x1.71547652b82fep0 + to_integer;
    double k = shifted - to_integer;
    /* ln 2 in two parts, the first short enough for k times it to be exact. */
    double r = x - k * 0x1.62e42feep-1 - k * 0x1.a39ef35793c76p-33;
    double p = 1.0 / 720.0 + r * (1.0 / 5040.0 + r * (1.0 / 40320.0));
    p = 1.0 / 24.0 + r * (1.0 / 120.0 + r * p);
    p = 0.5 + r * (1.0 / 6.0 + r * p);
    p = 1.0 + r * (1.0 + r * p);
    uint64_t bits = (uint64_t)((int64_t)k + 1023) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

#endif
