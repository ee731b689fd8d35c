/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/money.h - exact decimals and money.
 *
 * Prices and quantities are decimals in millionths, read exactly from text. Money is whole
 * cents of the study's one currency. A product is rounded once, half to even, when a cost line
 * is made; every sum after that is a sum of cents, so totals re-add.
 */
#ifndef HR_BASE_MONEY_H
#define HR_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#define HR_DECIMAL_ONE INT64_C(1000000)

/* A decimal number in millionths. */
typedef int64_t hr_decimal;

/* Reads "12", "0.1437", "-3.5". Returns: false for anything else, for more than six decimals
 * and for numbers beyond 10^12; *out is then untouched. */
bool hr_decimal_parse(const char *text, hr_decimal *out);

/* The nearest decimal, half to even. Requires: finite and |value| < 10^12. */
hr_decimal hr_decimal_from_double(double value);
double hr_decimal_to_double(hr_decimal value);

/* Writes the shortest exact form ("0.1437", "12") into buf of at least 24 bytes. Returns: buf.
 */
char *hr_decimal_format(hr_decimal value, char *buf);

/* Returns: a*b as a decimal, half to even. */
hr_decimal hr_decimal_mul(hr_decimal a, hr_decimal b);

/* Returns: units * price in cents, rounded once, half to even. */
int64_t hr_money_cents(hr_decimal units, hr_decimal price);

/* Returns: units * price * factor in cents, rounded once, half to even. The factor (a discount
 * factor in (0, 1]) is taken to nine decimals. */
int64_t hr_money_cents_scaled(hr_decimal units, hr_decimal price, double factor);

/* Writes cents as "1234.50" (plain) into buf of at least 32 bytes. Returns: buf. */
char *hr_money_format(int64_t cents, char *buf);

#endif
