/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views of sweeps against the same answers found by looking at every point. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "store/answers.h"
#include "store/store.h"
#include "store_fixture.h"
#include "sweep_fixture.h"

static const struct made_sweep whole = {
    .n_platforms = MADE_PLATFORMS, .n_prices = MADE_PRICES, .n_growth = MADE_GROWTH};

struct world {
    char *folder, *path;
    int64_t study_id;
    struct made_sweep what;
    struct made_point *points;
    size_t n;
    hr_store *store;
};

static void open_world(struct world *w, struct made_sweep what)
{
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1788220800", 1), 0);
    w->what = what;
    w->folder = fixture_folder_new();
    w->path = g_build_filename(w->folder, "x.db", NULL);
    w->points = made_sweep_points(&what, &w->n);
    /* Another sweep before it, of which no view may show anything. */
    const struct made_sweep other = {.n_platforms = 1, .n_prices = 1, .n_growth = 1};
    make_sweep(w->path, &other);
    w->study_id = make_sweep(w->path, &what);
    w->store = hr_store_open_read(w->path, NULL);
    assert_non_null(w->store);
}

static void close_world(struct world *w)
{
    hr_store_close(w->store);
    fixture_folder_remove(w->folder);
    g_free(w->path);
    g_free(w->points);
}

static hr_rows *ask(const struct world *w, const char *sql)
{
    GError *error = NULL;
    hr_rows *rows = hr_store_query(w->store, sql, w->study_id, NULL, &error);
    if (rows == NULL) {
        fail_msg("%s: %s", sql, error->message);
    }
    return rows;
}

static double number(const hr_rows *rows, size_t row, const char *column)
{
    int at = hr_rows_find_column(rows, column);
    assert_true(at >= 0);
    return hr_rows_number(rows, row, (size_t)at, -1.0);
}

static const char *text(const hr_rows *rows, size_t row, const char *column)
{
    int at = hr_rows_find_column(rows, column);
    assert_true(at >= 0);
    return hr_rows_text(rows, row, (size_t)at);
}

/* The cheapest feasible point of the platform at this price and growth, or NULL. */
static const struct made_point *cheapest(const struct world *w, int platform, int price,
                                         int growth)
{
    const struct made_point *best = NULL;
    for (size_t i = 0; i < w->n; i++) {
        const struct made_point *p = &w->points[i];
        if (p->platform == platform && p->price == price && p->growth == growth &&
            p->is_feasible && (best == NULL || p->tco_cents < best->tco_cents)) {
            best = p;
        }
    }
    return best;
}

static void cheapest_and_winner_of_each_case(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, whole);
    g_autoptr(hr_rows) rows =
        ask(&w, "SELECT c.*, v.number AS price, g.number AS growth FROM v_sweep_cheapest AS c "
                "JOIN point_value AS v ON v.study_id = c.study_id AND v.point = c.case_id AND "
                "v.axis = 4 JOIN point_value AS g ON g.study_id = c.study_id AND g.point = "
                "c.case_id AND g.axis = 5 WHERE c.study_id = :study "
                "ORDER BY growth, price, c.platform_id");
    g_autoptr(hr_rows) winners =
        ask(&w, "SELECT w.*, v.number AS price, g.number AS growth FROM v_sweep_winner AS w "
                "JOIN point_value AS v ON v.study_id = w.study_id AND v.point = w.case_id AND "
                "v.axis = 4 JOIN point_value AS g ON g.study_id = w.study_id AND g.point = "
                "w.case_id AND g.axis = 5 WHERE w.study_id = :study ORDER BY growth, price");
    assert_int_equal(hr_rows_count(rows), MADE_PLATFORMS * MADE_PRICES * MADE_GROWTH);
    assert_int_equal(hr_rows_count(winners), MADE_PRICES * MADE_GROWTH);
    size_t r = 0;
    for (int growth = 0; growth < MADE_GROWTH; growth++) {
        for (int price = 0; price < MADE_PRICES; price++) {
            const struct made_point *winner = NULL;
            for (int platform = 0; platform < MADE_PLATFORMS; platform++, r++) {
                const struct made_point *best = cheapest(&w, platform, price, growth);
                assert_string_equal(text(rows, r, "platform_id"), made_platform_ids[platform]);
                assert_near(number(rows, r, "price"), made_prices[price], 0);
                assert_near(number(rows, r, "point"), (double)best->point, 0);
                assert_near(number(rows, r, "tco"), (double)best->tco_cents / 100.0, 1e-6);
                assert_near(number(rows, r, "points"), MADE_HOSTS * MADE_MEMORY, 0);
                winner = winner == NULL || best->tco_cents < winner->tco_cents ? best : winner;
            }
            size_t c = (size_t)(growth * MADE_PRICES + price);
            assert_near(number(winners, c, "point"), (double)winner->point, 0);
            assert_true(number(winners, c, "margin") >= 0);
        }
    }
    close_world(&w);
}

/* Along the lines of the fixture's grid the interpolation is that of the two cheapest at both
 * ends; where both keep their cluster it is the price at which the two bills are equal. */
static void break_even_points(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, whole);
    g_autoptr(hr_rows) rows = ask(
        &w, "SELECT b.*, g.number AS growth FROM v_break_even AS b JOIN point_value AS g ON "
            "g.study_id = b.study_id AND g.point = b.background_id AND g.axis = 5 "
            "WHERE b.study_id = :study AND b.axis = 4 "
            "ORDER BY growth, min(below_id, above_id), max(below_id, above_id), low");
    size_t r = 0;
    size_t n_exact = 0;
    for (int k = 0; k < MADE_GROWTH * MADE_PLATFORMS * MADE_PLATFORMS; k++) {
        int growth = k / (MADE_PLATFORMS * MADE_PLATFORMS);
        int one = k / MADE_PLATFORMS % MADE_PLATFORMS;
        int two = k % MADE_PLATFORMS;
        for (int price = 0; one < two && price + 1 < MADE_PRICES; price++) {
            const struct made_point *a0 = cheapest(&w, one, price, growth);
            const struct made_point *b0 = cheapest(&w, two, price, growth);
            const struct made_point *a1 = cheapest(&w, one, price + 1, growth);
            const struct made_point *b1 = cheapest(&w, two, price + 1, growth);
            double d0 = (double)(a0->tco_cents - b0->tco_cents);
            double d1 = (double)(a1->tco_cents - b1->tco_cents);
            if (!((d0 < 0 && d1 >= 0) || (d0 > 0 && d1 <= 0))) {
                continue;
            }
            double expected = made_prices[price] +
                              (made_prices[price + 1] - made_prices[price]) * d0 / (d0 - d1);
            assert_near(number(rows, r, "value"), expected, 1e-9);
            assert_string_equal(text(rows, r, "below_id"),
                                made_platform_ids[d0 < 0 ? one : two]);
            assert_string_equal(text(rows, r, "above_id"),
                                made_platform_ids[d0 < 0 ? two : one]);
            bool same = a0->hosts == a1->hosts && a0->memory == a1->memory &&
                        b0->hosts == b1->hosts && b0->memory == b1->memory;
            assert_near(number(rows, r, "is_exact"), same ? 1 : 0, 0);
            n_exact += same ? 1 : 0;
            r++;
        }
    }
    assert_int_equal(hr_rows_count(rows), r);
    assert_true(r >= 3 && n_exact >= 1);
    /* Where the winner changes from one price to the next, one crossing says so. */
    g_autoptr(hr_rows) wins = ask(&w, "SELECT count(*) AS n FROM v_break_even WHERE study_id = "
                                      ":study AND axis = 4 AND is_win");
    assert_true(number(wins, 0, "n") >= 1);
    close_world(&w);
}

static void pareto_front_of_each_case(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, whole);
    g_autoptr(hr_rows) rows =
        ask(&w, "SELECT point, tco, risk FROM v_pareto WHERE study_id = :study ORDER BY point");
    size_t r = 0;
    for (size_t i = 0; i < w.n; i++) {
        const struct made_point *p = &w.points[i];
        bool is_beaten = !p->is_feasible;
        long long risk = llround(p->risk * 1e4);
        for (size_t k = 0; k < w.n && !is_beaten; k++) {
            const struct made_point *q = &w.points[k];
            long long other = llround(q->risk * 1e4);
            is_beaten = q->is_feasible && q->price == p->price && q->growth == p->growth &&
                        other <= risk && q->tco_cents <= p->tco_cents &&
                        (other < risk || q->tco_cents < p->tco_cents || k < i);
        }
        if (!is_beaten) {
            assert_true(r < hr_rows_count(rows));
            assert_near(number(rows, r, "point"), (double)p->point, 0);
            assert_near(number(rows, r, "risk"), (double)risk / 1e4, 1e-9);
            r++;
        }
    }
    assert_int_equal(hr_rows_count(rows), r);
    assert_true(r > MADE_PRICES * MADE_GROWTH);
    close_world(&w);
}

/* Base values: the middle ones. */
enum { BASE_HOSTS = 2, BASE_MEMORY = 1, BASE_PRICE = 2, BASE_GROWTH = 0 };

static int n_off(const struct made_point *p, int *axis)
{
    const bool off[] = {p->hosts != BASE_HOSTS, p->memory != BASE_MEMORY,
                        p->price != BASE_PRICE, p->growth != BASE_GROWTH};
    int n = 0;
    for (int k = 0; k < 4; k++) {
        *axis = off[k] ? k + 2 : *axis;
        n += off[k] ? 1 : 0;
    }
    return n;
}

static void tornado_around_the_middle(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, whole);
    g_autoptr(hr_rows) rows = ask(&w, "SELECT * FROM v_sweep_tornado WHERE study_id = :study "
                                      "ORDER BY platform_id, axis");
    assert_int_equal(hr_rows_count(rows), MADE_PLATFORMS * 4);
    for (size_t r = 0; r < hr_rows_count(rows); r++) {
        int platform = (int)(r / 4);
        int wanted = (int)(r % 4) + 2;
        int64_t base = 0;
        int64_t low = INT64_MAX;
        int64_t high = 0;
        for (size_t i = 0; i < w.n; i++) {
            const struct made_point *p = &w.points[i];
            int axis = wanted;
            int off = n_off(p, &axis);
            if (p->platform != platform || off > 1 || axis != wanted) {
                continue;
            }
            base = off == 0 ? p->tco_cents : base;
            low = MIN(low, p->tco_cents);
            high = MAX(high, p->tco_cents);
        }
        assert_string_equal(text(rows, r, "platform_id"), made_platform_ids[platform]);
        assert_near(number(rows, r, "axis"), wanted, 0);
        assert_near(number(rows, r, "base_tco"), (double)base / 100.0, 1e-6);
        assert_near(number(rows, r, "low_tco"), (double)low / 100.0, 1e-6);
        assert_near(number(rows, r, "high_tco"), (double)high / 100.0, 1e-6);
    }
    assert_string_equal(text(rows, 2, "low_text"), "0.5");
    assert_string_equal(text(rows, 2, "high_text"), "100");
    close_world(&w);
}

/* Hosts over memory first; what is not on the map has its base value, unless it is to choose.
 */
static void response_surfaces(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, whole);
    g_autoptr(hr_rows) pairs =
        ask(&w, "SELECT y_name || '/' || x_name AS name FROM v_sweep_pair WHERE study_id = "
                ":study ORDER BY pair");
    static const char *const expected[] = {"hosts/memory", "hosts/dram",    "hosts/growth",
                                           "memory/dram",  "memory/growth", "dram/growth"};
    assert_int_equal(hr_rows_count(pairs), G_N_ELEMENTS(expected));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        assert_string_equal(text(pairs, i, "name"), expected[i]);
    }
    g_autoptr(hr_rows) cells = ask(&w, "SELECT * FROM v_sweep_map WHERE study_id = :study AND "
                                       "pair IN (1, 2) ORDER BY pair, platform_id, y, x");
    size_t r = 0;
    for (int pair = 1; pair <= 2; pair++) {
        int n_x = pair == 1 ? MADE_MEMORY : MADE_PRICES;
        for (int k = 0; k < MADE_PLATFORMS * MADE_HOSTS * n_x; k++, r++) {
            int platform = k / (MADE_HOSTS * n_x);
            int hosts = k / n_x % MADE_HOSTS;
            int x = k % n_x;
            double least = HUGE_VAL;
            int n_points = 0;
            for (size_t i = 0; i < w.n; i++) {
                const struct made_point *p = &w.points[i];
                bool is_in =
                    p->platform == platform && p->hosts == hosts && p->growth == BASE_GROWTH &&
                    (pair == 1 ? p->memory == x && p->price == BASE_PRICE : p->price == x);
                n_points += is_in ? 1 : 0;
                if (is_in && p->is_feasible) {
                    least = fmin(least, (double)p->tco_cents / 100.0);
                }
            }
            assert_near(number(cells, r, "points"), n_points, 0);
            assert_near(number(cells, r, "tco_least"), isfinite(least) ? least : -1.0, 1e-6);
            assert_near(number(cells, r, "x"), x + 1, 0);
            assert_near(number(cells, r, "y"), hosts + 1, 0);
        }
    }
    assert_int_equal(hr_rows_count(cells), r);
    close_world(&w);
}

static void status_counts(void **state)
{
    (void)state;
    struct made_sweep what = whole;
    what.is_incomplete = true;
    struct world w;
    open_world(&w, what);
    g_autoptr(hr_rows) rows = ask(&w, "SELECT * FROM v_sweep_status WHERE study_id = :study");
    assert_int_equal(hr_rows_count(rows), 1);
    double n_feasible = 0;
    double n_unresolved = 0;
    for (size_t i = 0; i < w.n; i++) {
        const struct made_point *p = &w.points[i];
        n_feasible += p->is_feasible;
        bool straddles = (p->risk * 0.9 < 0.05 && p->risk * 1.1 > 0.05) ||
                         (p->risk / 2.1 < 0.05 && p->risk / 1.9 > 0.05);
        n_unresolved += p->is_feasible && straddles;
    }
    assert_near(number(rows, 0, "points"), (double)w.n, 0);
    assert_near(number(rows, 0, "planned"), (double)(w.n / 2 * 3), 0);
    assert_near(number(rows, 0, "complete"), 0, 0);
    assert_near(number(rows, 0, "feasible"), n_feasible, 0);
    assert_near(number(rows, 0, "unresolved"), n_unresolved, 0);
    assert_near(number(rows, 0, "simulated"), (double)w.n / MADE_PRICES, 0);
    assert_near(number(rows, 0, "runs"), 3.0 * (double)w.n / MADE_PRICES, 0);
    close_world(&w);
}

/* Nothing feasible, no prices, nothing but platforms to compare: views are short, never wrong.
 */
static void thin_sweeps(void **state)
{
    (void)state;
    struct made_sweep what = {.n_platforms = 2, .n_prices = 1, .n_growth = 1};
    what.is_hopeless = true;
    struct world w;
    open_world(&w, what);
    static const char *const none[] = {"v_sweep_winner", "v_pareto", "v_break_even",
                                       "v_sweep_line"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        g_autofree char *sql =
            g_strdup_printf("SELECT count(*) AS n FROM %s WHERE study_id = :study", none[i]);
        g_autoptr(hr_rows) rows = ask(&w, sql);
        assert_near(number(rows, 0, "n"), 0, 0);
    }
    g_autoptr(hr_rows) all =
        ask(&w, "SELECT sum(feasible) AS f, count(*) AS n, max(tco) AS t FROM v_sweep_cheapest "
                "WHERE study_id = :study");
    assert_near(number(all, 0, "n"), 2, 0);
    assert_near(number(all, 0, "f"), 0, 0);
    assert_near(number(all, 0, "t"), -1, 0); /* NULL */
    close_world(&w);
    what.is_hopeless = false;
    what.is_unpriced = true;
    open_world(&w, what);
    g_autoptr(hr_rows) least = ask(
        &w, "SELECT hosts * memory_gib_per_host AS gib FROM v_sweep_cheapest WHERE study_id "
            "= :study ORDER BY platform_id");
    assert_near(number(least, 0, "gib"), 768, 0); /* alpha: 2 x 384 leave 384, 3 x 384: 768; */
    assert_near(number(least, 1, "gib"), 640, 0);
    close_world(&w);
}

static void indices_are_replaced_whole(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, whole);
    struct hr_row_sobol_index rows[2] = {
        {1, "tco", "saltelli", 64, 0.5, 0.4, 0.6, 0.7, 0.6, 0.8},
        {2, "tco", "binned", 640, 0.1, 0.0, 0.2, (double)NAN, (double)NAN, (double)NAN}};
    assert_true(hr_answers_save(w.path, w.study_id, rows, 2, NULL));
    rows[0].first = 0.25;
    assert_true(hr_answers_save(w.path, w.study_id, rows, 2, NULL));
    rows[1].axis = 1; /* twice the same axis and output: refused, and nothing has changed */
    rows[0].first = 0.125;
    GError *error = NULL;
    assert_false(hr_answers_save(w.path, w.study_id, rows, 2, &error));
    assert_non_null(strstr(error->message, "sobol_index"));
    g_clear_error(&error);
    g_autoptr(hr_rows) saved = ask(&w, "SELECT * FROM v_sobol_index WHERE study_id = :study "
                                       "ORDER BY axis");
    assert_int_equal(hr_rows_count(saved), 2);
    assert_string_equal(text(saved, 0, "name"), "platform");
    assert_near(number(saved, 0, "first"), 0.25, 0);
    assert_near(number(saved, 1, "total"), -1, 0); /* NULL */
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cheapest_and_winner_of_each_case),
        cmocka_unit_test(break_even_points),
        cmocka_unit_test(pareto_front_of_each_case),
        cmocka_unit_test(tornado_around_the_middle),
        cmocka_unit_test(response_surfaces),
        cmocka_unit_test(status_counts),
        cmocka_unit_test(thin_sweeps),
        cmocka_unit_test(indices_are_replaced_whole),
    };
    return cmocka_run_group_tests_name("store_answers", tests, NULL, NULL);
}
