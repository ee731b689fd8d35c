/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/sweep_save.h"

#include <math.h>
#include <string.h>

#include "store/store.h"
#include "study/search.h"

char *hr_sweep_digest(const struct hr_sweep_job *job)
{
    const struct hr_sweep *sweep = job->sweep;
    const char *inventory = sweep->base_file->inventory_digest;
    g_autofree char *seed = g_strdup_printf("%" G_GINT64_FORMAT, sweep->seed);
    const char *parts[] = {sweep->text,
                           sweep->base_digest,
                           inventory != NULL ? inventory : "",
                           hr_catalog_digest(job->catalog),
                           hr_pricebook_digest(job->book),
                           seed,
                           job->program_version};
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_checksum_update(sum, (const guchar *)parts[i], (gssize)strlen(parts[i]) + 1);
    }
    return g_strdup(g_checksum_get_string(sum));
}

static bool save_study(const struct hr_sweep_job *job, hr_store *store, GError **error)
{
    const struct hr_scenario_file *file = job->sweep->base_file;
    const struct hr_scenario *scenario = &file->scenario;
    const struct hr_guests *guests = file->guests;
    int64_t vcpus = 0;
    double memory_mib = 0.0;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        vcpus += guests->items[g].vcpus;
        memory_mib += guests->items[g].size_mib;
    }
    int most = job->sweep->until.most_replications;
    struct hr_row_study row = {.kind = "sweep",
                               .title = job->title,
                               .command = job->command,
                               .program_version = job->program_version,
                               .currency = hr_pricebook_currency(job->book),
                               .price_book = hr_pricebook_name(job->book),
                               .price_month = hr_pricebook_month(job->book),
                               .seed = (int64_t)scenario->seed,
                               .days = scenario->days,
                               .replications = most > 0 ? most : file->replications,
                               .years = file->years,
                               .spare_hosts = scenario->spare_hosts,
                               .growth_pct = file->growth_pct,
                               .demand_growth_pct = file->demand_growth_pct,
                               .slowdown_level = scenario->service_level.slowdown_p95_frac,
                               .discount_rate = job->sweep->discount_pct / 100.0,
                               .powered_off = hr_powered_off_name(HR_OFF_STORAGE),
                               .guests = guests->n,
                               .powered_on = guests->n_running,
                               .vcpus = vcpus,
                               .memory_mib = llround(memory_mib),
                               .running = file->n_today,
                               .running_end = guests->n_running,
                               .disk_gib = guests->disk_gib};
    return hr_store_begin_study(store, &row, error);
}

static bool save_sweep(const struct hr_sweep_job *job, const char *digest, hr_store *store,
                       GError **error)
{
    const struct hr_sweep *sweep = job->sweep;
    struct hr_row_sweep row = {.yaml = sweep->text,
                               .digest = digest,
                               .base_digest = sweep->base_digest,
                               .design = hr_design_names[sweep->kind],
                               .design_seed = sweep->design_seed,
                               .planned = job->plan->n_points,
                               .dropped = job->plan->n_dropped,
                               .shard = job->shard,
                               .shards = job->shards};
    bool ok = hr_store_add_sweep(store, &row, error);
    for (uint32_t a = 0; ok && a < sweep->n_axes; a++) {
        const struct hr_axis *axis = &sweep->axes[a];
        struct hr_row_sweep_axis axis_row = {.axis = (int)a + 1,
                                             .name = axis->name,
                                             .kind = hr_axis_kind_names[axis->kind],
                                             .path = axis->path,
                                             .unit = axis->unit,
                                             .scale = axis->is_log ? "log" : "linear",
                                             .is_number = axis->is_number};
        ok = hr_store_add_sweep_axis(store, &axis_row, error);
    }
    return ok;
}

static bool is_listed(const struct hr_sweep *sweep, const char *id)
{
    for (uint32_t i = 0; i < sweep->n_platforms; i++) {
        if (strcmp(sweep->platforms[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

/* Platforms too on which no scenario of the trial could be read: points refer to them. */
static bool save_platforms(const struct hr_sweep *sweep, hr_store *store, GError **error)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < sweep->n_platforms; i++) {
        struct hr_row_sweep_platform row = {.platform_id = sweep->platforms[i].id,
                                            .name = sweep->platforms[i].name,
                                            .policy = sweep->platforms[i].policy};
        ok = hr_store_add_sweep_platform(store, &row, error);
    }
    for (uint32_t a = 0; ok && a < sweep->n_axes; a++) {
        const struct hr_axis *axis = &sweep->axes[a];
        for (uint32_t i = 0; ok && axis->kind == HR_AXIS_PLATFORM && i < axis->n_levels; i++) {
            const char *id = axis->levels[i].text;
            struct hr_row_sweep_platform row = {.platform_id = id, .name = id, .policy = ""};
            ok = is_listed(sweep, id) || hr_store_add_sweep_platform(store, &row, error);
        }
    }
    return ok;
}

static bool save_provenance(const struct hr_sweep_job *job, hr_store *store, GError **error)
{
    g_autofree char *input = g_strdup_printf("input %s sha256", job->title);
    const char *inventory = job->sweep->base_file->inventory_digest;
    const struct hr_row_provenance rows[] = {
        {.key = "program", .value = job->program_version},
        {.key = "catalogue sha256", .value = hr_catalog_digest(job->catalog)},
        {.key = "price book sha256", .value = hr_pricebook_digest(job->book)},
        {.key = input, .value = hr_tree_digest(job->sweep->tree)},
        {.key = "base scenario sha256", .value = job->sweep->base_digest},
        {.key = "inventory sha256", .value = inventory != NULL ? inventory : ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (!hr_store_add_provenance(store, &rows[i], error)) {
            return false;
        }
    }
    return true;
}

bool hr_sweep_open(const struct hr_sweep_job *job, struct hr_sweep_outcome *out, GError **error)
{
    g_autofree char *digest = hr_sweep_digest(job);
    if (job->resume) {
        if (!hr_points_find(job->database, digest, job->shard, job->shards, &out->study_id,
                            &out->was_complete, error)) {
            return false;
        }
        if (out->study_id > 0) {
            return true;
        }
    }
    g_autoptr(hr_store) store = hr_store_open_write(job->database, error);
    return store != NULL && save_study(job, store, error) &&
           save_sweep(job, digest, store, error) && save_platforms(job->sweep, store, error) &&
           save_provenance(job, store, error) &&
           hr_store_commit_study(store, &out->study_id, error);
}
