/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/money.h"
#include "check.h"

static void parses_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        hr_decimal value;
    } rows[] = {
        {"0", true, 0},           {"12", true, 12000000},
        {"0.1437", true, 143700}, {"-3.5", true, -3500000},
        {"+.5", true, 500000},    {"14943.56", true, 14943560000},
        {"0.0000001", false, 0},  {"1e3", false, 0},
        {"1,5", false, 0},        {"", false, 0},
        {"-", false, 0},          {".", false, 0},
        {"0x10", false, 0},       {"99999999999999999999", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hr_decimal value = -77;
        assert_int_equal(hr_decimal_parse(rows[i].text, &value), rows[i].ok);
        assert_int_equal(value, rows[i].ok ? rows[i].value : -77);
    }
}

static void rounds_once_half_to_even(void **state)
{
    (void)state;
    /* 0.5 cent goes to the even neighbour, whichever side it is on. */
    assert_int_equal(hr_money_cents(1 * HR_DECIMAL_ONE, 5000), 0);
    assert_int_equal(hr_money_cents(1 * HR_DECIMAL_ONE, 15000), 2);
    assert_int_equal(hr_money_cents(1 * HR_DECIMAL_ONE, 25000), 2);
    assert_int_equal(hr_money_cents(-1 * HR_DECIMAL_ONE, 15000), -2);
    assert_int_equal(hr_money_cents(9 * HR_DECIMAL_ONE, 6771 * HR_DECIMAL_ONE), 6093900);
    assert_int_equal(hr_money_cents_scaled(1 * HR_DECIMAL_ONE, 100 * HR_DECIMAL_ONE, 0.5),
                     5000);
    assert_int_equal(hr_money_cents_scaled(3 * HR_DECIMAL_ONE, HR_DECIMAL_ONE, 1.0), 300);
}

static void formats_shortest(void **state)
{
    (void)state;
    char buf[32];
    assert_string_equal(hr_decimal_format(143700, buf), "0.1437");
    assert_string_equal(hr_decimal_format(12000000, buf), "12");
    assert_string_equal(hr_decimal_format(-3500000, buf), "-3.5");
    assert_string_equal(hr_decimal_format(0, buf), "0");
    assert_string_equal(hr_money_format(123450, buf), "1234.50");
    assert_string_equal(hr_money_format(-5, buf), "-0.05");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_exactly),
        cmocka_unit_test(rounds_once_half_to_even),
        cmocka_unit_test(formats_shortest),
    };
    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
