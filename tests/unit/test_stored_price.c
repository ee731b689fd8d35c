/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a bill priced again: by the prices of the bill nothing moves; by others each line is
 * what a new bill says. */
#include <string.h>

#include "check.h"
#include "cost_world.h"
#include "study/stored_price.h"

/* What a stored study's line has: its numbers and its prices. */
static void take_new_prices(struct hr_cost_line *line, struct world *w)
{
    for (size_t i = 0; i < line->n_used; i++) {
        line->used[i].price = fact_of(w, line->used[i].price_id)->price;
    }
}

static void assert_same(const struct hr_cost_line *a, const struct hr_cost_line *b)
{
    if (a->units != b->units || a->price != b->price || a->cash_cents != b->cash_cents ||
        a->amount_cents != b->amount_cents) {
        fail_msg("%s of year %d: %lld × %lld = %lld, %lld; expected %lld × %lld = %lld, %lld",
                 a->item, a->year, (long long)a->units, (long long)a->price,
                 (long long)a->cash_cents, (long long)a->amount_cents, (long long)b->units,
                 (long long)b->price, (long long)b->cash_cents, (long long)b->amount_cents);
    }
}

static void the_same_prices_move_nothing(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.params.discount_rate = 0.07;
    struct hr_cost was = compute(&w);
    struct hr_cost again = compute(&w);
    for (size_t i = 0; i < again.n_lines; i++) {
        take_new_prices(&again.lines[i], &w);
        hr_stored_line_price(&again.lines[i], w.params.discount_rate);
        assert_same(&again.lines[i], &was.lines[i]);
    }
    hr_cost_clear(&was);
    hr_cost_clear(&again);
}

/* Every price of something bought, by turns at other values: the old lines priced again are the
 * lines of a new bill. */
static void other_prices_give_the_lines_of_a_new_bill(void **state)
{
    (void)state;
    static const char *const ids[] = {"test-server",
                                      "ddr5-rdimm-64gb",
                                      "test-array",
                                      "test-disk",
                                      "test-switch",
                                      "test-nic",
                                      "vmware-test-core-year",
                                      "test-socket",
                                      "test-support-ratio",
                                      "hw-maintenance-year-ratio",
                                      "electricity-us-commercial-kwh",
                                      "admin-hour-us-loaded"};
    static const hr_decimal changes[] = {1, 10000, 333333, 77770001};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        for (size_t c = 0; c < G_N_ELEMENTS(changes); c++) {
            struct world w;
            set_up(&w);
            w.params.discount_rate = 0.07;
            w.input.n_windows_guests = 0; /* no edition to change */
            struct hr_cost old = compute(&w);
            fact_of(&w, ids[i])->price += changes[c];
            struct hr_cost anew = compute(&w);
            assert_int_equal(old.n_lines, anew.n_lines);
            for (size_t l = 0; l < old.n_lines; l++) {
                take_new_prices(&old.lines[l], &w);
                hr_stored_line_price(&old.lines[l], w.params.discount_rate);
                assert_same(&old.lines[l], &anew.lines[l]);
            }
            hr_cost_clear(&old);
            hr_cost_clear(&anew);
        }
    }
}

/* What no line can be priced again by says so. */
static void watts_enter_otherwise(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost cost = compute(&w);
    size_t n_other = 0;
    size_t n_part = 0;
    for (size_t l = 0; l < cost.n_lines; l++) {
        const struct hr_cost_line *line = &cost.lines[l];
        assert_true(line->n_used > 0);
        for (size_t i = 0; i < line->n_used; i++) {
            const struct hr_cost_used *used = &line->used[i];
            n_other += used->use == HR_COST_USE_OTHER;
            n_part += used->use == HR_COST_USE_PART;
            assert_true(used->use != HR_COST_USE_OTHER || line->category == HR_COST_POWER);
            assert_true((used->use == HR_COST_USE_PART) == (used->units > 0));
        }
    }
    assert_true(n_other > 0 && n_part > 0);
    hr_cost_clear(&cost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_prices_move_nothing),
        cmocka_unit_test(other_prices_give_the_lines_of_a_new_bill),
        cmocka_unit_test(watts_enter_otherwise),
    };
    return cmocka_run_group_tests_name("stored prices", tests, NULL, NULL);
}
