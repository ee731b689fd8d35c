/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep_fixture.h"

#include <math.h>

#include "check.h"
#include "store/points.h"
#include "store/store.h"
#include "store_fixture.h"

const char *const made_platform_ids[MADE_PLATFORMS] = {"alpha", "beta", "gamma"};
static const char *const names[MADE_PLATFORMS] = {"Alpha", "Beta", "Gamma"};
static const double overcommit[MADE_PLATFORMS] = {1.0, 1.5, 1.25};
static const int64_t licence_cents[MADE_PLATFORMS] = {0, 600000, 700000};
static const int hosts_of[MADE_HOSTS] = {2, 3, 4, 5, 6};
static const int gib_of[MADE_MEMORY] = {128, 256, 384, 512};
const double made_prices[MADE_PRICES] = {0.5, 2, 8, 20, 50, 100};
static const double growth_pct[MADE_GROWTH] = {0, 20};

static struct made_point point_of(const struct made_sweep *what, int64_t point)
{
    int64_t rest = point - 1;
    struct made_point p = {.point = point};
    p.growth = (int)(rest % what->n_growth);
    rest /= what->n_growth;
    p.price = (int)(rest % what->n_prices);
    rest /= what->n_prices;
    p.memory = (int)(rest % MADE_MEMORY);
    rest /= MADE_MEMORY;
    p.hosts = (int)(rest % MADE_HOSTS);
    p.platform = (int)(rest / MADE_HOSTS);
    double need_gib = 600.0 * (1.0 + growth_pct[p.growth] / 100.0);
    double room_gib = (hosts_of[p.hosts] - 1) * gib_of[p.memory] * overcommit[p.platform];
    int64_t price_cents = llround(made_prices[p.price] * 100.0);
    p.is_feasible = !what->is_hopeless && room_gib >= need_gib;
    p.tco_cents = what->is_unpriced ? -1
                                    : hosts_of[p.hosts] * (1000000 + licence_cents[p.platform] +
                                                           gib_of[p.memory] * price_cents);
    /* An overcommitted platform is always a little worse, and the worse the fuller. */
    double risk = 0.04 * (overcommit[p.platform] - 0.9) * need_gib / room_gib;
    p.risk = floor(risk * 1e4) / 1e4 + 3e-5; /* clear of where rounding turns */
    return p;
}

struct made_point *made_sweep_points(const struct made_sweep *what, size_t *n)
{
    *n = (size_t)(what->n_platforms * MADE_HOSTS * MADE_MEMORY * what->n_prices *
                  what->n_growth);
    *n -= what->is_incomplete ? *n / 3 : 0;
    struct made_point *points = g_new(struct made_point, *n);
    for (size_t i = 0; i < *n; i++) {
        points[i] = point_of(what, (int64_t)i + 1);
    }
    return points;
}

static void add_point(hr_points *points, const struct made_sweep *what,
                      const struct made_point *p)
{
    int64_t per_run = (int64_t)what->n_prices * what->n_growth;
    struct hr_row_point row = {
        .point = p->point,
        .platform_id = made_platform_ids[p->platform],
        .status = "done",
        .simulated_as = (p->point - 1) / per_run * per_run + 1 + p->growth,
        .replications = 3,
        .feasible = p->is_feasible,
        .broken = p->is_feasible ? NULL : "memory: a guest finds no room at power-on",
        .hosts = hosts_of[p->hosts],
        .memory_mib_per_host = 1024 * (int64_t)gib_of[p->memory],
        .guests = 40,
        .overcommit_ratio = 1.0,
        .slowdown_p95 = p->risk / 2,
        .slowdown_p95_low = p->risk / 2.1,
        .slowdown_p95_high = p->risk / 1.9,
        .failure_slowdown_p95 = p->risk,
        .failure_slowdown_p95_low = p->risk * 0.9,
        .failure_slowdown_p95_high = p->risk * 1.1,
        .capex_cents = p->tco_cents,
        .opex_cents = what->is_unpriced ? -1 : 0,
        .tco_cents = p->tco_cents,
        .cost_per_guest_cents = what->is_unpriced ? -1 : p->tco_cents / 40,
    };
    const double numbers[] = {(double)NAN, hosts_of[p->hosts], 1024.0 * gib_of[p->memory],
                              made_prices[p->price], growth_pct[p->growth]};
    struct hr_row_point_value values[G_N_ELEMENTS(numbers)];
    char text[G_N_ELEMENTS(numbers)][32];
    for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++) {
        g_ascii_formatd(text[k], sizeof text[k], "%.15g", numbers[k]);
        values[k] = (struct hr_row_point_value){p->point, (int)k + 1, numbers[k],
                                                k == 0 ? row.platform_id : text[k]};
    }
    assert_true(hr_points_add(points, &row, values, G_N_ELEMENTS(values), NULL));
}

static int64_t begin(const char *path, const struct made_sweep *what, size_t n_planned)
{
    static const struct hr_row_sweep_axis axes[] = {
        {1, "platform", "platform", "platforms", "", "linear", false},
        {2, "hosts", "field", "cluster.hosts", "", "linear", true},
        {3, "memory", "field", "cluster.memory_mib", "MiB", "linear", true},
        {4, "dram", "price", "memory", "USD/GiB", "log", true},
        {5, "growth", "growth", "growth_pct", "%", "linear", true},
    };
    const struct hr_row_sweep sweep = {.yaml = "axes: []\n",
                                       .digest = "00ff",
                                       .base_digest = "ff00",
                                       .design = "grid",
                                       .planned = (int64_t)n_planned,
                                       .shard = 1,
                                       .shards = 1};
    static const struct fixture_size small = {1, 2, 2, 3, 2, 3};
    struct hr_row_study study = fixture_study(&small);
    study.kind = "sweep";
    study.slowdown_level = 0.05;
    int64_t study_id = 0;
    GError *error = NULL;
    hr_store *store = hr_store_open_write(path, &error);
    bool ok = store != NULL && hr_store_begin_study(store, &study, &error) &&
              hr_store_add_sweep(store, &sweep, &error);
    for (size_t i = 0; ok && i < G_N_ELEMENTS(axes); i++) {
        ok = hr_store_add_sweep_axis(store, &axes[i], &error);
    }
    for (int i = 0; ok && i < what->n_platforms; i++) {
        const struct hr_row_sweep_platform row = {made_platform_ids[i], names[i], "static"};
        ok = hr_store_add_sweep_platform(store, &row, &error);
    }
    if (!ok || !hr_store_commit_study(store, &study_id, &error)) {
        fail_msg("%s", error->message);
    }
    hr_store_close(store);
    return study_id;
}

int64_t make_sweep(const char *path, const struct made_sweep *what)
{
    size_t n = 0;
    g_autofree struct made_point *all = made_sweep_points(what, &n);
    int64_t study_id = begin(path, what, what->is_incomplete ? n * 3 / 2 : n);
    hr_points *points = hr_points_open(path, study_id, NULL);
    assert_non_null(points);
    for (size_t i = 0; i < n; i++) {
        add_point(points, what, &all[i]);
    }
    assert_true(what->is_incomplete ? hr_points_flush(points, NULL)
                                    : hr_points_finish(points, NULL));
    hr_points_close(points);
    return study_id;
}
