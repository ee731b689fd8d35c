/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/money.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

__extension__ typedef __int128 wide; /* products of two decimals need up to 120 bits */

static int64_t divide_half_even(wide numerator, wide divisor)
{
    wide quotient = numerator / divisor;
    wide rest = numerator % divisor;
    wide twice = (rest < 0 ? -rest : rest) * 2;
    if (twice > divisor || (twice == divisor && quotient % 2 != 0)) {
        quotient += numerator < 0 ? -1 : 1;
    }
    hr_assert(quotient >= INT64_MIN && quotient <= INT64_MAX);
    return (int64_t)quotient;
}

bool hr_decimal_parse(const char *text, hr_decimal *out)
{
    const char *p = text;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+') {
        p++;
    }
    int64_t value = 0;
    int n_digits = 0;
    int n_decimals = -1; /* -1 before the point */
    for (; *p != '\0'; p++) {
        if (*p == '.' && n_decimals < 0) {
            n_decimals = 0;
            continue;
        }
        if (*p < '0' || *p > '9' || n_decimals >= 6) {
            return false;
        }
        if (value > INT64_C(100000000000000000)) {
            return false;
        }
        value = value * 10 + (*p - '0');
        n_digits++;
        if (n_decimals >= 0) {
            n_decimals++;
        }
    }
    if (n_digits == 0) {
        return false;
    }
    for (int i = n_decimals < 0 ? 0 : n_decimals; i < 6; i++) {
        if (value > INT64_C(100000000000000000)) {
            return false;
        }
        value *= 10;
    }
    *out = negative ? -value : value;
    return true;
}

hr_decimal hr_decimal_from_double(double value)
{
    hr_assert(isfinite(value) && fabs(value) < 1e12);
    return (hr_decimal)nearbyint(value * (double)HR_DECIMAL_ONE);
}

double hr_decimal_to_double(hr_decimal value)
{
    return (double)value / (double)HR_DECIMAL_ONE;
}

char *hr_decimal_format(hr_decimal value, char *buf)
{
    uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    int n = snprintf(buf, 24, "%s%llu.%06llu", value < 0 ? "-" : "",
                     (unsigned long long)(magnitude / 1000000U),
                     (unsigned long long)(magnitude % 1000000U));
    while (n > 0 && buf[n - 1] == '0') {
        buf[--n] = '\0';
    }
    if (n > 0 && buf[n - 1] == '.') {
        buf[n - 1] = '\0';
    }
    return buf;
}

hr_decimal hr_decimal_mul(hr_decimal a, hr_decimal b)
{
    return divide_half_even((wide)a * (wide)b, HR_DECIMAL_ONE);
}

int64_t hr_money_cents(hr_decimal units, hr_decimal price)
{
    return divide_half_even((wide)units * (wide)price, (wide)HR_DECIMAL_ONE * 10000);
}

int64_t hr_money_cents_scaled(hr_decimal units, hr_decimal price, double factor)
{
    hr_assert(factor >= 0.0 && factor <= 1000.0);
    /* Nine decimals of the factor keep the whole product an integer: a line of 10^9 dollars is
     * then off by at most a dollar from the real factor, and never differs between machines. */
    int64_t billionths = (int64_t)nearbyint(factor * 1e9);
    wide micro =
        divide_half_even((wide)units * (wide)price, HR_DECIMAL_ONE); /* exact to 1e-6 */
    return divide_half_even(micro * (wide)billionths, (wide)10000 * 1000000000);
}

char *hr_money_format(int64_t cents, char *buf)
{
    uint64_t magnitude = cents < 0 ? (uint64_t)0 - (uint64_t)cents : (uint64_t)cents;
    (void)snprintf(buf, 32, "%s%llu.%02llu", cents < 0 ? "-" : "",
                   (unsigned long long)(magnitude / 100U),
                   (unsigned long long)(magnitude % 100U));
    return buf;
}
