/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity indices against functions of which they are known. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "check.h"
#include "store/points.h"
#include "store/store.h"
#include "store_fixture.h"
#include "sweep/answers.h"
#include "sweep/design.h"
#include "sweep/saltelli.h"
#include "sweep/sensitivity.h"
#include "sweep_fixture.h"

enum { AXES = 3 };

typedef double function(const double *u);

/* T. Ishigami and T. Homma's function with a = 7, b = 0.1, over -pi to pi. */
static double ishigami(const double *u)
{
    double x[AXES];
    for (int k = 0; k < AXES; k++) {
        x[k] = (2.0 * u[k] - 1.0) * G_PI;
    }
    return sin(x[0]) + 7.0 * sin(x[1]) * sin(x[1]) + 0.1 * pow(x[2], 4.0) * sin(x[0]);
}

/* The variance of weight times a uniform number goes by the square of the weight: 16 : 4 : 1.
 */
static double additive(const double *u)
{
    return 1000.0 + 4.0 * u[0] + 2.0 * u[1] + u[2];
}

static double product(const double *u)
{
    return (u[0] - 0.5) * (u[1] - 0.5);
}

static double constant(const double *u)
{
    (void)u;
    return 0.1;
}

static bool indices_of(function *f, uint32_t n_base, uint64_t seed, struct hr_sensitivity *out)
{
    size_t n = (size_t)n_base * hr_saltelli_block(AXES);
    g_autofree double *u = g_new(double, n *AXES);
    g_autofree double *y = g_new(double, n);
    hr_saltelli_fill(u, n_base, AXES, seed);
    for (size_t i = 0; i < n; i++) {
        y[i] = f(u + i * AXES);
    }
    return hr_saltelli_indices(y, n_base, AXES, seed, out);
}

static void indices_of_known_functions(void **state)
{
    (void)state;
    /* Of Ishigami's: D1 = (1 + b pi^4 / 5)^2 / 2, D2 = a^2 / 8, D13 = 8 b^2 pi^8 / 225. */
    double d1 = pow(1.0 + 0.1 * pow(G_PI, 4.0) / 5.0, 2.0) / 2.0;
    double d2 = 49.0 / 8.0;
    double d13 = 8.0 * 0.01 * pow(G_PI, 8.0) / 225.0;
    double d = d1 + d2 + d13;
    const struct {
        function *f;
        double first[AXES], total[AXES];
    } rows[] = {
        {ishigami, {d1 / d, d2 / d, 0.0}, {(d1 + d13) / d, d2 / d, d13 / d}},
        {additive,
         {16.0 / 21.0, 4.0 / 21.0, 1.0 / 21.0},
         {16.0 / 21.0, 4.0 / 21.0, 1.0 / 21.0}},
        {product, {0.0, 0.0, 0.0}, {1.0, 1.0, 0.0}},
    };
    for (size_t r = 0; r < G_N_ELEMENTS(rows); r++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct hr_sensitivity s[AXES];
            assert_true(indices_of(rows[r].f, 4096, seed, s));
            for (int k = 0; k < AXES; k++) {
                assert_near(s[k].first, rows[r].first[k], 0.03);
                assert_near(s[k].total, rows[r].total[k], 0.03);
                /* Intervals are of independent points; those of a sequence lie closer. */
                assert_true(s[k].first_low - 1e-9 <= rows[r].first[k] &&
                            rows[r].first[k] <= s[k].first_high + 1e-9);
                assert_true(s[k].total_low - 0.01 <= rows[r].total[k] &&
                            rows[r].total[k] <= s[k].total_high + 0.01);
                assert_true(s[k].first_high - s[k].first_low < 0.15);
            }
        }
    }
}

static void nothing_to_explain_is_said(void **state)
{
    (void)state;
    struct hr_sensitivity s[AXES] = {{.first = -7.0}};
    assert_false(indices_of(constant, 64, 1, s));
    assert_near(s[0].first, -7.0, 0.0);
    const double y[] = {0.3, 0.3, 0.3, 0.3};
    const uint32_t levels[] = {1, 1, 2, 2};
    assert_false(hr_binned_index(y, levels, 4, 2, 1, s));
    assert_false(hr_binned_index(y, levels, 4, 1, 1, s)); /* one level */
    const double z[] = {1, 2, 3, 4};
    const uint32_t own[] = {1, 2, 3, 4};
    assert_false(hr_binned_index(z, own, 4, 4, 1, s)); /* every point its own level */
}

static void more_points_narrow_the_interval(void **state)
{
    (void)state;
    struct hr_sensitivity few[AXES];
    struct hr_sensitivity many[AXES];
    struct hr_sensitivity again[AXES];
    assert_true(indices_of(ishigami, 128, 1, few));
    assert_true(indices_of(ishigami, 2048, 1, many));
    assert_true(indices_of(ishigami, 2048, 1, again));
    for (int k = 0; k < AXES; k++) {
        assert_true(many[k].first_high - many[k].first_low <
                    0.5 * (few[k].first_high - few[k].first_low));
    }
    assert_memory_equal(many, again, sizeof many);
}

/* AB_i is A but for axis i, which is B's; another seed is another sample. */
static void design_is_blocks_of_two_matrices(void **state)
{
    (void)state;
    enum { BASE = 16, ROWS = AXES + 2 };
    static const struct hr_design_axis axes[AXES] = {{0, 0}, {4, 0}, {0, 0}};
    GError *error = NULL;
    hr_design *design =
        hr_design_new(HR_DESIGN_SALTELLI, axes, AXES, BASE * ROWS + 3, 7, &error);
    assert_non_null(design);
    assert_int_equal(hr_design_count(design), BASE * ROWS);
    double u[BASE * ROWS * AXES];
    double other[BASE * ROWS * AXES];
    hr_saltelli_fill(u, BASE, AXES, 7);
    hr_saltelli_fill(other, BASE, AXES, 8);
    assert_true(u[0] < other[0] || u[0] > other[0]);
    for (uint32_t i = 0; i < BASE; i++) {
        const double *a = u + (size_t)i * ROWS * AXES;
        const double *b = a + (ROWS - 1) * AXES;
        for (uint32_t row = 0; row < ROWS; row++) {
            for (uint32_t k = 0; k < AXES; k++) {
                bool from_b = row == ROWS - 1 || row == k + 1;
                double value = a[row * AXES + k];
                assert_near(value, from_b ? b[k] : a[k], 0.0);
                assert_true(value >= 0.0 && value < 1.0);
                struct hr_place place = hr_design_place(design, i * ROWS + row, k);
                assert_near(k == 1 ? place.level : place.u, k == 1 ? floor(value * 4) : value,
                            0.0);
            }
        }
    }
    hr_design_free(design);
    assert_null(hr_design_new(HR_DESIGN_SALTELLI, axes, AXES, 2 * ROWS - 1, 7, &error));
    assert_non_null(strstr(error->message, "'points' of 10 or more"));
    g_clear_error(&error);
}

/* Of a full grid of an additive function the shares of the levels are those of the variance. */
static void binned_index_of_a_grid(void **state)
{
    (void)state;
    enum { SIDE = 10, N = SIDE * SIDE * SIDE };
    double y[N];
    uint32_t levels[AXES][N];
    for (int i = 0; i < N; i++) {
        const int at[AXES] = {i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE};
        double u[AXES];
        for (int k = 0; k < AXES; k++) {
            levels[k][i] = (uint32_t)at[k] + 1;
            u[k] = (at[k] + 0.5) / SIDE;
        }
        y[i] = additive(u);
    }
    const double expected[AXES] = {16.0 / 21.0, 4.0 / 21.0, 1.0 / 21.0};
    for (int k = 0; k < AXES; k++) {
        struct hr_sensitivity s;
        assert_true(hr_binned_index(y, levels[k], N, SIDE, 1, &s));
        assert_near(s.first, expected[k], 0.01);
        assert_true(s.first_low < expected[k] && expected[k] < s.first_high);
        assert_true(isnan(s.total));
    }
    /* Levels that say nothing explain nothing, though there are many. */
    uint32_t state_of = 1;
    for (int i = 0; i < N; i++) {
        state_of = state_of * 1103515245U + 12345U;
        levels[0][i] = (state_of >> 16) % 101 + 1;
    }
    struct hr_sensitivity s;
    assert_true(hr_binned_index(y, levels[0], N, 101, 1, &s));
    assert_near(s.first, 0.0, 0.05);
}

/* ---- from a database and into it ---- */

enum { BASE = 256 };

struct place {
    char *folder, *path;
};

static void open_place(struct place *place)
{
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1788220800", 1), 0);
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "x.db", NULL);
}

static void close_place(struct place *place)
{
    fixture_folder_remove(place->folder);
    g_free(place->path);
}

/* A sweep of the additive function as cost; every `gap`-th point is missing. Of another design
 * than Saltelli's each point has values of its own. */
static int64_t save_design(const char *path, const char *design, uint32_t n_base, int64_t gap)
{
    bool is_saltelli = strcmp(design, "saltelli") == 0;
    static const struct fixture_size small = {1, 2, 2, 3, 2, 3};
    struct hr_row_study study = fixture_study(&small);
    study.kind = "sweep";
    uint32_t n = n_base * hr_saltelli_block(AXES);
    const struct hr_row_sweep sweep = {"", "00", "ff", design, 5, n, 0, 1, 1, false};
    const struct hr_row_sweep_platform platform = {"kvm", "KVM", "kvm"};
    int64_t study_id = 0;
    hr_store *store = hr_store_open_write(path, NULL);
    assert_true(hr_store_begin_study(store, &study, NULL) &&
                hr_store_add_sweep(store, &sweep, NULL) &&
                hr_store_add_sweep_platform(store, &platform, NULL));
    for (int k = 1; k <= AXES; k++) {
        const char *const names[] = {"a", "b", "c"};
        const struct hr_row_sweep_axis axis = {k,  names[k - 1], "field", names[k - 1],
                                               "", "linear",     true};
        assert_true(hr_store_add_sweep_axis(store, &axis, NULL));
    }
    assert_true(hr_store_commit_study(store, &study_id, NULL));
    hr_store_close(store);
    g_autofree double *u = g_new(double, (size_t)n *AXES);
    hr_saltelli_fill(u, n_base, AXES, 5);
    hr_points *points = hr_points_open(path, study_id, NULL);
    for (int64_t i = 1; i <= n; i++) {
        const double *at = u + (i - 1) * AXES;
        struct hr_row_point row = {.point = i,
                                   .platform_id = "kvm",
                                   .status = "done",
                                   .simulated_as = i,
                                   .feasible = true,
                                   .slowdown_p95 = ishigami(at),
                                   .tco_cents = llround(additive(at) * 100.0)};
        struct hr_row_point_value values[AXES];
        char text[AXES][32] = {"x", "x", "x"};
        for (int k = 0; k < AXES; k++) {
            if (!is_saltelli) {
                (void)g_snprintf(text[k], sizeof text[k], "%.17g", at[k] + (double)i);
            }
            values[k] = (struct hr_row_point_value){i, k + 1, at[k], text[k]};
        }
        assert_true(i % gap == 0 || hr_points_add(points, &row, values, AXES, NULL));
    }
    assert_true(hr_points_flush(points, NULL) && hr_sweep_save_answers(path, study_id, NULL) &&
                hr_points_finish(points, NULL));
    hr_points_close(points);
    return study_id;
}

static int64_t save_saltelli(const char *path, uint32_t n_base, int64_t gap)
{
    return save_design(path, "saltelli", n_base, gap);
}

static hr_rows *read_indices(const char *path, int64_t study_id, const char *output)
{
    g_autofree char *sql = g_strdup_printf("SELECT first, total, samples, method, name FROM "
                                           "v_sobol_index WHERE study_id = :study AND output = "
                                           "'%s' ORDER BY axis",
                                           output);
    hr_store *store = hr_store_open_read(path, NULL);
    hr_rows *rows = hr_store_query(store, sql, study_id, NULL, NULL);
    assert_non_null(rows);
    hr_store_close(store);
    return rows;
}

static void indices_reach_the_database(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    int64_t study_id = save_saltelli(place.path, BASE, INT64_MAX);
    g_autoptr(hr_rows) rows = read_indices(place.path, study_id, "tco");
    assert_int_equal(hr_rows_count(rows), AXES);
    const double expected[AXES] = {16.0 / 21.0, 4.0 / 21.0, 1.0 / 21.0};
    for (size_t k = 0; k < AXES; k++) {
        assert_near(hr_rows_number(rows, k, 0, -1), expected[k], 0.05);
        assert_near(hr_rows_number(rows, k, 1, -1), expected[k], 0.05);
        assert_near(hr_rows_number(rows, k, 2, -1), BASE, 0);
        assert_string_equal(hr_rows_text(rows, k, 3), "saltelli");
    }
    g_autoptr(hr_rows) slowdown = read_indices(place.path, study_id, "slowdown_p95");
    assert_true(hr_rows_number(slowdown, 2, 1, -1) > 0.1);
    assert_near(hr_rows_number(slowdown, 2, 0, -1), 0.0, 0.1);
    /* What is zero everywhere has no indices. */
    g_autoptr(hr_rows) none = read_indices(place.path, study_id, "disk_minutes");
    assert_int_equal(hr_rows_count(none), 0);
    close_place(&place);
}

static void torn_blocks_are_left_out(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    /* One point in 110 is missing, and with it the block of five that it stands in. */
    int64_t study_id = save_saltelli(place.path, BASE, 110);
    g_autoptr(hr_rows) rows = read_indices(place.path, study_id, "tco");
    assert_int_equal(hr_rows_count(rows), AXES);
    assert_near(hr_rows_number(rows, 0, 2, -1), BASE - BASE * 5 / 110, 0);
    assert_near(hr_rows_number(rows, 0, 0, -1), 16.0 / 21.0, 0.06);
    /* Every block has a gap: too little is left to say anything. */
    study_id = save_saltelli(place.path, BASE, 5);
    g_autoptr(hr_rows) none = read_indices(place.path, study_id, "tco");
    assert_int_equal(hr_rows_count(none), 0);
    close_place(&place);
}

/* Ten thousand points, each at values of its own: what is asked of the database stays within
 * what a query may cost. */
static void many_levels_are_no_burden(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    int64_t study_id = save_design(place.path, "latin-hypercube", 2048, INT64_MAX);
    g_autoptr(hr_rows) rows = read_indices(place.path, study_id, "tco");
    assert_int_equal(hr_rows_count(rows), AXES);
    const double expected[AXES] = {16.0 / 21.0, 4.0 / 21.0, 1.0 / 21.0};
    for (size_t k = 0; k < AXES; k++) {
        assert_string_equal(hr_rows_text(rows, k, 3), "binned");
        assert_near(hr_rows_number(rows, k, 0, -1), expected[k], 0.05);
    }
    close_place(&place);
}

static void grids_get_an_estimate(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    const struct made_sweep what = {.n_platforms = 3, .n_prices = 6, .n_growth = 2};
    int64_t study_id = make_sweep(place.path, &what);
    assert_true(hr_sweep_save_answers(place.path, study_id, NULL));
    g_autoptr(hr_rows) rows = read_indices(place.path, study_id, "tco");
    assert_int_equal(hr_rows_count(rows), 5);
    double sum = 0.0;
    for (size_t k = 0; k < 5; k++) {
        assert_string_equal(hr_rows_text(rows, k, 3), "binned");
        sum += hr_rows_number(rows, k, 0, -1);
    }
    /* Growth changes no cost, only what is feasible; the price decides most. */
    assert_near(hr_rows_number(rows, 4, 0, -1), 0.0, 0.01);
    assert_true(hr_rows_number(rows, 3, 0, -1) > hr_rows_number(rows, 0, 0, -1));
    assert_true(sum > 0.6 && sum < 1.0);
    close_place(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_of_known_functions),
        cmocka_unit_test(nothing_to_explain_is_said),
        cmocka_unit_test(more_points_narrow_the_interval),
        cmocka_unit_test(design_is_blocks_of_two_matrices),
        cmocka_unit_test(binned_index_of_a_grid),
        cmocka_unit_test(indices_reach_the_database),
        cmocka_unit_test(torn_blocks_are_left_out),
        cmocka_unit_test(many_levels_are_no_burden),
        cmocka_unit_test(grids_get_an_estimate),
    };
    return cmocka_run_group_tests_name("sweep_answers", tests, NULL, NULL);
}
