/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/units.h"
#include "study/pool.h"
#include "study/search.h"

/* What all loads together may take; beyond it every run makes its own. */
static const size_t MOST_BYTES = (size_t)1 << 30;

struct making {
    struct hr_loads *loads;
};

static struct hr_load *make(const struct hr_loads *loads, int replication)
{
    struct hr_load_params params = loads->params;
    params.replication = (uint32_t)replication;
    return hr_load_make(loads->guests, loads->n_guests, &params);
}

static void make_one(void *context, uint32_t index)
{
    struct hr_loads *loads = ((struct making *)context)->loads;
    loads->made[index] = make(loads, (int)index);
}

void hr_loads_init(struct hr_loads *loads, const struct hr_guests *guests,
                   const struct hr_size_options *options, double demand_factor)
{
    struct hr_scenario shape = {
        .days = options->days, .step_s = 300.0, .failure_tail_h = HR_FAILURE_TAIL_H};
    *loads = (struct hr_loads){
        .guests = g_new0(struct hr_load_guest, guests->n_running),
        .n_guests = guests->n_running,
        .params = {.seed = options->seed,
                   .step_us = hr_s_to_us(shape.step_s),
                   .n_steps = hr_run_steps(&shape),
                   .start_weekday = 0, /* Monday 2026-08-31: nine days hold a month end and a
                                          second Tuesday (model.md §9) */
                   .start_day_of_month = 31,
                   .start_month = 8,
                   .start_year = 2026,
                   .demand_factor = demand_factor},
        .made = g_new0(struct hr_load *, (gsize)options->replications),
        .n = options->replications,
    };
    hr_guests_to_load(guests, loads->guests);
    size_t bytes = hr_load_bytes(loads->n_guests, loads->params.n_steps) * (size_t)loads->n;
    if (bytes <= MOST_BYTES) {
        struct making making = {.loads = loads};
        hr_pool_run(options->n_threads, (uint32_t)loads->n, make_one, &making);
    }
}

void hr_loads_clear(struct hr_loads *loads)
{
    for (int r = 0; r < loads->n; r++) {
        hr_load_free(loads->made[r]);
    }
    g_free(loads->made);
    g_free(loads->guests);
    *loads = (struct hr_loads){0};
}

struct hr_load *hr_loads_take(const struct hr_loads *loads, int replication, bool *own)
{
    *own = loads->made[replication] == NULL;
    return *own ? make(loads, replication) : loads->made[replication];
}
