/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweep files: designs against what defines them, the values of axes, constraints, the groups
 * that share a simulation, and what is refused where. */
#include <gsl/gsl_qrng.h>

#include "check.h"
#include "sweep_text.h"

static int load_catalog(void **state)
{
    *state = shipped_catalog();
    return 0;
}

static int free_catalog(void **state)
{
    hr_catalog_free(*state);
    return 0;
}

/* ---- designs ---- */

static void a_grid_has_every_combination_once(void **state)
{
    (void)state;
    static const struct hr_design_axis axes[] = {{3, 0}, {1, 0}, {4, 0}, {2, 0}};
    hr_design *d = hr_design_new(HR_DESIGN_GRID, axes, 4, 0, 0, NULL);
    assert_int_equal(hr_design_count(d), 24);
    for (uint32_t p = 0; p < 24; p++) {
        uint32_t number = 0; /* the first axis changes slowest */
        for (uint32_t a = 0; a < 4; a++) {
            uint32_t level = hr_design_place(d, p, a).level;
            assert_in_range(level, 0, axes[a].n_levels - 1);
            number = number * axes[a].n_levels + level;
        }
        assert_int_equal(number, p);
    }
    hr_design_free(d);
}

/* Oracle: GSL's own sequence. */
static void sobol_is_that_of_gsl(void **state)
{
    (void)state;
    static const struct hr_design_axis axes[] = {{0, 0}, {5, 0}, {0, 0}};
    hr_design *d = hr_design_new(HR_DESIGN_SOBOL, axes, 3, 500, 0, NULL);
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, 3);
    for (uint32_t p = 0; p < 500; p++) {
        double x[3];
        (void)gsl_qrng_get(sequence, x);
        assert_near(hr_design_place(d, p, 0).u, x[0], 0.0);
        assert_int_equal(hr_design_place(d, p, 1).level, (uint32_t)(x[1] * 5.0));
        assert_near(hr_design_place(d, p, 2).u, x[2], 0.0);
    }
    gsl_qrng_free(sequence);
    hr_design_free(d);
}

/* What defines a Latin hypercube: each stratum of each axis has one point. */
static void a_latin_hypercube_has_one_point_in_each_stratum(void **state)
{
    (void)state;
    static const struct hr_design_axis axes[] = {{0, 0}, {0, 0}, {10, 0}};
    enum { N = 200 };
    hr_design *d = hr_design_new(HR_DESIGN_LATIN_HYPERCUBE, axes, 3, N, 7, NULL);
    hr_design *other = hr_design_new(HR_DESIGN_LATIN_HYPERCUBE, axes, 3, N, 8, NULL);
    int n_equal = 0;
    for (uint32_t a = 0; a < 2; a++) {
        bool seen[N] = {false};
        for (uint32_t p = 0; p < N; p++) {
            uint32_t stratum = (uint32_t)(hr_design_place(d, p, a).u * N);
            assert_in_range(stratum, 0, N - 1);
            assert_false(seen[stratum]);
            seen[stratum] = true;
            n_equal += stratum == (uint32_t)(hr_design_place(other, p, a).u * N);
        }
    }
    assert_in_range(n_equal, 0, N / 4); /* another seed, another order */
    int counts[10] = {0};
    for (uint32_t p = 0; p < N; p++) {
        counts[hr_design_place(d, p, 2).level]++;
    }
    for (int i = 0; i < 10; i++) {
        assert_int_equal(counts[i], N / 10);
    }
    hr_design_free(d);
    hr_design_free(other);
}

static void one_at_a_time_leaves_the_base_on_one_axis(void **state)
{
    (void)state;
    static const struct hr_design_axis axes[] = {{3, 1}, {1, 0}, {4, 3}};
    static const uint32_t expected[][3] = {{1, 0, 3}, {0, 0, 3}, {2, 0, 3},
                                           {1, 0, 0}, {1, 0, 1}, {1, 0, 2}};
    hr_design *d = hr_design_new(HR_DESIGN_ONE_AT_A_TIME, axes, 3, 0, 0, NULL);
    assert_int_equal(hr_design_count(d), G_N_ELEMENTS(expected));
    for (uint32_t p = 0; p < G_N_ELEMENTS(expected); p++) {
        for (uint32_t a = 0; a < 3; a++) {
            assert_int_equal(hr_design_place(d, p, a).level, expected[p][a]);
        }
    }
    hr_design_free(d);
}

static void a_design_beyond_all_bounds_is_refused(void **state)
{
    (void)state;
    static const struct hr_design_axis axes[] = {{1000, 0}, {1000, 0}, {1000, 0}};
    g_autoptr(GError) error = NULL;
    assert_null(hr_design_new(HR_DESIGN_GRID, axes, 3, 0, 0, &error));
    assert_non_null(strstr(error->message, "more than 10000000 points"));
}

/* ---- axes ---- */

static void ranges_are_even_and_logarithmic(void **state)
{
    struct hr_sweep *s =
        sound_sweep(*state, SWEEP_BASE
                    "axes:\n"
                    "  - {name: a, path: run.growth_pct, from: 0, to: 20, steps: 5}\n"
                    "  - {name: b, price: memory, from: 1, to: 100, steps: 3, log: yes}\n"
                    "  - {name: c, path: run.spare_hosts, values: [1, 0, 2]}\n");
    static const double even[] = {0, 5, 10, 15, 20}, log[] = {1, 10, 100};
    assert_int_equal(s->axes[0].n_levels, 5);
    for (int i = 0; i < 5; i++) {
        assert_near(s->axes[0].levels[i].number, even[i], 0.0);
    }
    for (int i = 0; i < 3; i++) {
        assert_near(s->axes[1].levels[i].number, log[i], 1e-9 * log[i]);
    }
    assert_string_equal(s->axes[2].levels[0].text, "1");
    assert_int_equal(s->axes[0].kind, HR_AXIS_GROWTH);
    assert_int_equal(s->axes[1].kind, HR_AXIS_PRICE);
    assert_int_equal(s->axes[1].price, HR_AXIS_PRICE_FACTOR);
    assert_string_equal(s->axes[0].unit, "%");
    hr_sweep_free(s);
}

/* The scenario of a point is what would be read with the value in its place. */
static void a_point_is_the_base_with_its_values(void **state)
{
    struct hr_sweep *s =
        sound_sweep(*state, SWEEP_BASE
                    "axes:\n"
                    "  - {name: platform, platform: [xcpng, {platform: vsphere, name: own, "
                    "settings: {overcommit: {idle_tax: 0}}}]}\n"
                    "  - {name: hosts, path: cluster.hosts, values: [4, 5]}\n"
                    "  - {name: web, path: \"guests[web].count\", values: [7]}\n"
                    "  - {name: seed, path: run.seed, values: [42]}\n");
    assert_int_equal(s->axes[2].kind, HR_AXIS_GUESTS);
    assert_int_equal(s->axes[3].kind, HR_AXIS_SEED);
    assert_int_equal(s->n_platforms, 2);
    struct hr_plan *plan = plan_of(s, *state);
    assert_int_equal(plan->n_points, 4);
    for (uint32_t p = 0; p < 4; p++) {
        struct hr_axis_level values[4];
        g_autoptr(hr_diag) diag = hr_diag_new();
        hr_sweep_values(s, plan->design, p, values);
        struct hr_scenario_file *file = hr_sweep_scenario(s, values, *state, diag, NULL);
        assert_non_null(file);
        assert_string_equal(file->variants[0].name, p < 2 ? "xcpng" : "own");
        assert_int_equal(file->scenario.cluster.n_hosts, p % 2 == 0 ? 4 : 5);
        assert_int_equal(file->guests->n_running, 2 + 7);
        assert_int_equal(file->scenario.seed, 42);
        hr_scenario_file_free(file);
        hr_values_clear(values, 4);
    }
    hr_plan_free(plan);
    hr_sweep_free(s);
}

static void platforms_of_the_base_are_an_axis(void **state)
{
    struct hr_sweep *s = sound_sweep(
        *state, "base: {platforms: [vsphere, xcpng], cluster: {hosts: 2, memory_mib: 32768, "
                "cores: 8}, guests: []}\n"
                "axes: [{name: hosts, path: cluster.hosts, values: [2, 3]}]\n");
    assert_int_equal(s->n_axes, 2);
    assert_int_equal(s->axes[1].kind, HR_AXIS_PLATFORM);
    struct hr_plan *plan = plan_of(s, *state);
    assert_int_equal(plan->n_points, 4);
    hr_plan_free(plan);
    hr_sweep_free(s);
}

/* ---- the plan ---- */

/* Oracle: the condition in C. */
static void constraints_drop_points(void **state)
{
    struct hr_sweep *s = sound_sweep(
        *state, SWEEP_BASE "axes:\n"
                           "  - {name: n, path: cluster.hosts, from: 3, to: 8, steps: 6}\n"
                           "  - {name: mib, path: cluster.memory_mib, values: [131072, 262144, "
                           "524288]}\n"
                           "  - {name: limit, platform: [vsphere, xcpng]}\n"
                           "constraints:\n"
                           "  - n * memory_gib <= 1536\n"
                           "  - (\"limit\" = 'xcpng' and n < 6) or \"limit\" = 'vsphere'\n"
                           "  - hosts = n and overcommit < 1\n");
    struct hr_plan *plan = plan_of(s, *state);
    uint32_t n = 0;
    for (uint32_t p = 0; p < 36; p++) {
        uint32_t hosts = 3 + p / 6;
        uint32_t gib = 128U << (p / 2 % 3);
        if (hosts * gib <= 1536 && (p % 2 == 0 || hosts < 6)) {
            bool found = false;
            for (uint32_t i = 0; i < plan->n_points; i++) {
                found = found || plan->points[i] == p;
            }
            assert_true(found);
            n++;
        }
    }
    assert_int_equal(plan->n_points, n);
    assert_int_equal(plan->n_dropped, 36 - n);
    assert_true(n > 10 && n < 36);
    hr_plan_free(plan);
    hr_sweep_free(s);
}

/* Points that differ in prices alone are one group, wherever the price stands among the axes.
 */
static void prices_share_a_simulation(void **state)
{
    struct hr_sweep *s = sound_sweep(
        *state, SWEEP_BASE "axes:\n"
                           "  - {name: dimm, price: memory, values: [0.5, 1, 2]}\n"
                           "  - {name: n, path: cluster.hosts, values: [3, 4]}\n"
                           "  - {name: power, price: power-usd-kwh, values: [0.1, 0.3]}\n"
                           "  - {name: g, path: run.growth_pct, values: [0, 5]}\n");
    struct hr_plan *plan = plan_of(s, *state);
    assert_int_equal(plan->n_points, 24);
    assert_int_equal(plan->n_groups, 4);
    bool seen[24] = {false};
    for (uint32_t g = 0; g < plan->n_groups; g++) {
        assert_int_equal(plan->groups[g + 1] - plan->groups[g], 6);
        uint32_t first = plan->points[plan->groups[g]];
        assert_true(g == 0 || first > plan->points[plan->groups[g - 1]]);
        for (uint32_t i = plan->groups[g]; i < plan->groups[g + 1]; i++) {
            uint32_t p = plan->points[i];
            assert_false(seen[p]);
            seen[p] = true;
            assert_true(p >= first);
            assert_int_equal(hr_design_place(plan->design, p, 1).level,
                             hr_design_place(plan->design, first, 1).level);
            assert_int_equal(hr_design_place(plan->design, p, 3).level,
                             hr_design_place(plan->design, first, 3).level);
        }
    }
    hr_plan_free(plan);
    hr_sweep_free(s);
}

/* ---- what is refused ---- */

static void what_is_wrong_is_told_where_it_stands(void **state)
{
#define AXIS(text) SWEEP_BASE "axes:\n  - " text "\n" /* line 9 */
    static const struct refusal refusals[] = {
        {AXIS("{name: a, path: cluster.memry_mib, values: [1]}"), 9, 5,
         "did you mean 'memory_mib'"},
        {AXIS("{name: a, path: cluster.hosts, values: [3, x]}"), 9, 5,
         "'hosts': 'x' is not a whole number"},
        {AXIS("{name: a, path: \"guests[wbe].count\", values: [3]}"), 9, 5,
         "there is no [wbe]"},
        {AXIS("{name: a, path: cluster.hosts, from: 3, to: 5}"), 9, 5, "missing key 'steps'"},
        {AXIS("{name: a, path: cluster.hosts, from: 5, to: 3, steps: 2}"), 9, 49,
         "is not above 'from'"},
        {AXIS("{name: a, price: memory, from: 0, to: 3, steps: 2, log: yes}"), 9, 36,
         "begins above 0"},
        {AXIS("{name: a, price: memory, as: price, values: [1]}"), 9, 5,
         "'as' is usd_per_gib or factor"},
        {AXIS("{name: a, platform: [vsphere, vspher]}"), 9, 5, "did you mean 'vsphere'"},
        {AXIS("{name: a b, path: cluster.hosts, values: [3]}"), 9, 12, "a name is of letters"},
        {AXIS("{name: a, path: cluster.hosts, price: memory, values: [3]}"), 9, 5,
         "either 'path' or 'price'"},
        {AXIS("{name: a, path: cluster.hosts}"), 9, 5, "its values stand once"},
        {AXIS("{name: a, path: cluster.hosts, values: [3, 3]}"), 9, 48, "has '3' twice"},
        {AXIS("{name: a, value: [3]}"), 9, 15, "did you mean 'values'"},
        {AXIS("{name: a, path: cluster.hosts, values: [3]}") "  - {name: a, path: run.seed, "
                                                             "values: [3]}\n",
         10, 5, "two axes are called 'a'"},
        {AXIS("{name: a, path: cluster.hosts, values: [3]}") "constraints: [b < 3]\n", 10, 15,
         "no such column: b"},
        {AXIS("{name: limit, path: cluster.hosts, values: [3]}") "constraints: [limit < 4]\n",
         10, 15, "'limit' is a word of SQL: write \"limit\""},
        {AXIS("{name: a, path: cluster.hosts, values: [3]}") "constraints: [a < ]\n", 10, 15,
         "syntax error"},
        {AXIS("{name: a, path: cluster.hosts, values: [3]}") "constraints: [\"(SELECT count(*) "
                                                             "FROM sqlite_schema)\"]\n",
         10, 15, "not authorized"},
        {AXIS("{name: a, path: cluster.hosts, values: [3]}") "design: sobol\n", 10, 9,
         "needs a number of points"},
        {AXIS("{name: a, path: cluster.hosts, values: [3]}") "design: {kind: grid, seed: 2}\n",
         10, 28, "only the designs latin-hypercube"},
        {AXIS("{name: a, path: cluster.hosts, values: [3]}") "until: {most_replications: 9}\n",
         10, 8, "how near is near enough"},
        {AXIS("{name: a, path: cluster.hosts, values: [3]}") "record: [tcoo]\n", 10, 10,
         "did you mean 'tco'"},
        {"axes: [{name: a, path: cluster.hosts, values: [3]}]\n", 1, 1, "missing key 'base'"},
        {"base: nowhere.yaml\naxes: [{name: a, path: cluster.hosts, values: [3]}]\n", 1, 7,
         "there is no scenario"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        assert_null(sweep_of(*state, refusals[i].text, diag));
        if (!has_finding(diag, &refusals[i])) {
            hr_diag_print(diag, HR_NOTE, stderr);
            fail_msg("no finding at %u:%u with \"%s\"", refusals[i].line, refusals[i].column,
                     refusals[i].part);
        }
    }
}

/* A value that no point has, since a constraint drops it, is no fault. */
static void constraints_also_spare_values_from_trial(void **state)
{
    struct hr_sweep *s = sound_sweep(
        *state, SWEEP_BASE "axes:\n"
                           "  - {name: n, path: cluster.hosts, values: [3, 1]}\n"
                           "  - {name: spare, path: run.spare_hosts, values: [1, 0]}\n"
                           "constraints: [n > spare]\n");
    struct hr_plan *plan = plan_of(s, *state);
    assert_int_equal(plan->n_points, 3);
    hr_plan_free(plan);
    hr_sweep_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_has_every_combination_once),
        cmocka_unit_test(sobol_is_that_of_gsl),
        cmocka_unit_test(a_latin_hypercube_has_one_point_in_each_stratum),
        cmocka_unit_test(one_at_a_time_leaves_the_base_on_one_axis),
        cmocka_unit_test(a_design_beyond_all_bounds_is_refused),
        cmocka_unit_test(ranges_are_even_and_logarithmic),
        cmocka_unit_test(a_point_is_the_base_with_its_values),
        cmocka_unit_test(platforms_of_the_base_are_an_axis),
        cmocka_unit_test(constraints_drop_points),
        cmocka_unit_test(prices_share_a_simulation),
        cmocka_unit_test(what_is_wrong_is_told_where_it_stands),
        cmocka_unit_test(constraints_also_spare_values_from_trial),
    };
    return cmocka_run_group_tests_name("sweep", tests, load_catalog, free_catalog);
}
