/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/save.h"

#include <math.h>
#include <string.h>

#include "study/change_save.h"
#include "study/save_cost.h"
#include "study/save_cost_views.h"
#include "study/save_keep.h"
#include "study/save_runs.h"
#include "study/search.h"

struct saving {
    hr_store *store;
    const struct hr_size_context *context;
    const struct hr_size_result *result;
};

static bool save_study(const struct saving *s, GError **error)
{
    const struct hr_size_context *c = s->context;
    struct hr_inventory_totals totals;
    hr_inventory_totals(c->inventory, &totals);
    struct hr_row_study row = {.kind = "size",
                               .title = c->title,
                               .command = c->command,
                               .program_version = c->program_version,
                               .currency = hr_pricebook_currency(c->book),
                               .price_book = hr_pricebook_name(c->book),
                               .price_month = hr_pricebook_month(c->book),
                               .seed = (int64_t)c->options->seed,
                               .days = c->options->days,
                               .replications = c->options->replications,
                               .years = c->options->cost.years,
                               .spare_hosts = c->options->spare_hosts,
                               .growth_pct = c->options->growth_pct,
                               .demand_growth_pct = c->options->demand_growth_pct,
                               .slowdown_level = c->options->service_level.slowdown_p95_frac,
                               .discount_rate = c->options->cost.discount_rate,
                               .powered_off = hr_powered_off_name(c->powered_off),
                               .guests = (int64_t)totals.guests,
                               .powered_on = (int64_t)totals.powered_on,
                               .templates = (int64_t)totals.templates,
                               .vcpus = totals.vcpus,
                               .memory_mib = totals.memory_mib,
                               .running = s->result->n_today,
                               .running_end = c->guests->n_running,
                               .disk_gib = c->guests->disk_gib};
    return hr_store_begin_study(s->store, &row, error);
}

/* "2 hosts at the start, 3 from month 31"; "" where nothing can wait. */
static char *stages_text(const struct hr_size_answer *a)
{
    GString *text = g_string_new(NULL);
    for (uint32_t k = 0; k < a->staged.n_stages; k++) {
        if (k == 0) {
            g_string_append_printf(text, "%d hosts at the start", a->staged.stages[k].n_hosts);
        } else {
            g_string_append_printf(text, ", %d from month %d", a->staged.stages[k].n_hosts,
                                   a->staged.stages[k].month);
        }
    }
    return g_string_free(text, FALSE);
}

/* The guest that fares worst in a phase; "" where nothing was simulated. */
static const char *worst_guest(const struct saving *s, const struct hr_size_answer *a,
                               enum hr_phase phase)
{
    return a->feasible ? s->context->guests->items[a->worst_guest[phase]].name : "";
}

/* The server of a feasible answer; there is none without. */
static void set_server(struct hr_row_platform *row, const struct hr_size_answer *a)
{
    const struct hr_server *server = a->cluster.server;
    row->server_id = a->feasible ? server->id : "";
    row->server_name = a->feasible ? server->name : "";
    row->cores_per_host = a->feasible ? hr_server_cores(server) : 0;
}

static bool save_platform(const struct saving *s, const struct hr_size_answer *a, int rank,
                          GError **error)
{
    const struct hr_estimate *normal = &a->slowdown_p95[HR_PHASE_NORMAL];
    const struct hr_estimate *failure = &a->slowdown_p95[HR_PHASE_FAILURE];
    uint32_t n = s->result->n_today;
    const struct hr_cost *cost = hr_size_cost(a, s->context->options->buy_staged);
    g_autofree char *plan = stages_text(a);
    struct hr_row_platform row = {
        .rank = rank,
        .platform_id = a->platform->id,
        .name = a->platform->name,
        .policy = hr_platform_policy_name(a->platform),
        .feasible = a->feasible,
        .hosts = a->cluster.n_hosts,
        .dimm_gib = a->cluster.memory.dimm_gib,
        .n_dimms = a->cluster.memory.n_dimms,
        .memory_mib_per_host = (int64_t)hr_cluster_physical_mib(&a->cluster),
        .overcommit_ratio = a->overcommit_ratio,
        .slowdown_p95 = normal->mean,
        .slowdown_p95_low = normal->low,
        .slowdown_p95_high = normal->high,
        .failure_slowdown_p95 = failure->mean,
        .failure_slowdown_p95_low = failure->low,
        .failure_slowdown_p95_high = failure->high,
        .worst_guest = worst_guest(s, a, HR_PHASE_NORMAL),
        .failure_worst_guest = worst_guest(s, a, HR_PHASE_FAILURE),
        .swapped_min = a->swapped_min,
        .paged_min = a->paged_min,
        .cpu_util_mean = a->cpu_util_mean,
        .guests_lost_host = (int)a->n_lost_host,
        .guests_not_restarted = (int)a->n_not_restarted,
        .restart_max_s = a->restart_max_s,
        .failure_outcome = a->failure_outcome,
        .capex_cents = cost->capex_cents,
        .opex_cents = cost->opex_cents,
        .tco_cents = cost->tco_cents,
        .tco_low_cents = a->tco_interval.low_cents,
        .tco_high_cents = a->tco_interval.high_cents,
        .capex_cash_cents = cost->capex_cash_cents,
        .opex_cash_cents = cost->opex_cash_cents,
        .tco_cash_cents = cost->tco_cash_cents,
        .cost_per_guest_cents =
            hr_size_cost_per_guest_cents(a, s->context->options->buy_staged, n),
        .windows_edition = a->cost.windows_edition,
        .binding = a->binding,
        .next_smaller = a->next_smaller,
        .candidates_tried = (int)a->n_candidates,
        .reserve_guests = a->reserve.more_guests,
        .reserve_at_least = a->reserve.more_at_least,
        .largest_guest_mib = (int64_t)a->reserve.largest_guest_mib,
        .lasts_months = a->feasible ? a->reserve.lasts_months : -1.0,
        .lasts_at_least = a->reserve.lasts_at_least,
        .buy = s->context->options->buy_staged ? "staged" : "start",
        .staged_plan = plan,
        .start_tco_cents = a->cost.tco_cents,
        .staged_tco_cents = a->staged.n_stages > 0 ? a->staged.cost.tco_cents : -1,
    };
    set_server(&row, a);
    return hr_store_add_platform(s->store, &row, error);
}

static bool save_periods(const struct saving *s, const struct hr_size_answer *a, GError **error)
{
    const struct hr_size_options *options = s->context->options;
    size_t n = 0;
    const struct hr_cost_period *periods = hr_size_periods(a, options->buy_staged, &n);
    for (size_t i = 0; i < n; i++) {
        const struct hr_cost_period *p = &periods[i];
        struct hr_row_period row = {
            .platform_id = a->platform->id,
            .from_month = p->from_month,
            .to_month = p->to_month,
            .hosts = p->n_hosts,
            .guests = p->n_guests,
            .demand_factor = hr_demand_factor(options, (p->from_month + p->to_month) / 2.0),
            .cpu_util_mean = p->cpu_util_mean,
        };
        if (!hr_store_add_period(s->store, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_floor(const struct saving *s, const struct hr_size_answer *a, GError **error)
{
    const struct hr_size_floor *f = &a->floor;
    struct hr_row_floor row = {
        .platform_id = a->platform->id,
        .server_id = f->cluster.server->id,
        .hosts = f->cluster.n_hosts,
        .dimm_gib = f->cluster.memory.dimm_gib,
        .n_dimms = f->cluster.memory.n_dimms,
        .memory_mib_per_host = (int64_t)hr_cluster_physical_mib(&f->cluster),
        .hosts_memory = f->floor.hosts_memory,
        .hosts_cpu = f->floor.hosts_cpu,
        .binding = f->floor.binding,
        .capex_cents = f->cost.capex_cents,
        .opex_cents = f->cost.opex_cents,
        .tco_cents = f->cost.tco_cents,
        .difference = f->difference,
    };
    return hr_store_add_floor(s->store, &row, error);
}

static bool save_candidates(const struct saving *s, const struct hr_size_answer *a,
                            GError **error)
{
    for (uint32_t i = 0; i < a->n_candidates; i++) {
        const struct hr_candidate *c = &a->candidates[i];
        bool dearer = c->verdict == HR_VERDICT_FEASIBLE && c->tco_cents > a->cost.tco_cents;
        struct hr_row_candidate row = {
            .platform_id = a->platform->id,
            .ordinal = (int)i + 1,
            .server_id = c->cluster.server->id,
            .hosts = c->cluster.n_hosts,
            .dimm_gib = c->cluster.memory.dimm_gib,
            .n_dimms = c->cluster.memory.n_dimms,
            .memory_mib_per_host = (int64_t)hr_cluster_physical_mib(&c->cluster),
            .lower_bound_cents = c->lower_bound_cents,
            .verdict = dearer ? "dearer" : hr_verdict_name(c->verdict),
            .replications = c->replications,
            .constraint = c->constraint,
            .tco_cents = c->tco_cents,
        };
        if (!hr_store_add_candidate(s->store, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_cost(const struct saving *s, const struct hr_size_answer *a, GError **error)
{
    const struct hr_size_options *options = s->context->options;
    const struct hr_cost *cost = hr_size_cost(a, options->buy_staged);
    return hr_save_cost_lines(s->store, a->platform->id, cost, error) &&
           hr_save_energy(s->store, a->platform->id, cost, options->cost.years,
                          s->context->book, error);
}

static bool save_runs(const struct saving *s, const struct hr_size_answer *a, GError **error)
{
    struct hr_scenario scenario =
        hr_size_scenario(s->context->guests, a->platform, &a->cluster, s->context->options);
    return hr_save_runs(s->store, &scenario, a->runs, a->n_runs, error);
}

static bool save_assumption(const struct saving *s, const char *topic, const char *text,
                            const char *source, GError **error)
{
    struct hr_row_assumption row = {.topic = topic, .text = text, .source = source};
    return hr_store_add_assumption(s->store, &row, error);
}

static bool save_origins(const struct saving *s, const char *kind, const char *name,
                         const struct hr_origins *origins, GError **error)
{
    g_autofree char *topic = g_strdup_printf("%s %s", kind, name);
    for (size_t i = 0; i < origins->n; i++) {
        if (!save_assumption(s, topic, origins->items[i].key, origins->items[i].text, error)) {
            return false;
        }
    }
    return true;
}

static bool is_used(const struct hr_guests *guests, const struct hr_role *role,
                    const struct hr_os *os)
{
    for (uint32_t g = 0; g < guests->n_running; g++) {
        if (guests->items[g].role == role || guests->items[g].os == os) {
            return true;
        }
    }
    return false;
}

/* The roles whose vendor refuses dynamic memory and that are here: static, and the reason. */
static bool save_static_roles(const struct saving *s, GError **error)
{
    for (size_t i = 0; i < hr_catalog_n_roles(s->context->catalog); i++) {
        const struct hr_role *role = hr_catalog_role_at(s->context->catalog, i);
        if (!role->dynamic_memory && is_used(s->context->guests, role, NULL) &&
            !save_assumption(s, "dynamic memory",
                             role->dynamic_memory_reason != NULL
                                 ? role->dynamic_memory_reason
                                 : "not supported by its vendor",
                             role->name, error)) {
            return false;
        }
    }
    return true;
}

static bool save_limits(const struct saving *s, GError **error)
{
    const struct hr_limits *limits = &s->context->options->limits;
    g_autofree char *text = hr_limits_text(limits);
    return !hr_limits_any(limits) ||
           save_assumption(s, "limits", text, "asked for; headroom-size(1)", error);
}

static bool save_method(const struct saving *s, GError **error)
{
    const struct hr_size_options *o = s->context->options;
    g_autofree char *level = g_strdup_printf(
        "A cluster is feasible when every guest starts, the p95 of every "
        "guest's slowdown is at most "
        "%.1f %% in normal operation and in the 24 hours after the failure of "
        "%d host%s at the hour "
        "with most committed memory, and guests of priority high and medium "
        "are back within %.0f "
        "minutes.",
        o->service_level.slowdown_p95_frac * 100.0, o->spare_hosts,
        o->spare_hosts == 1 ? "" : "s", o->service_level.restart_within_s / 60.0);
    g_autofree char *days = g_strdup_printf(
        "%d replications of %.0f days from Monday 2026-08-31%s.", o->replications, o->days,
        o->days < 9.0 ? "; so few days leave out the month end or the second Tuesday" : "");
    g_autofree char *money = g_strdup_printf(
        "Amounts are in %s %s tax, at list prices of %s, discounted at %.1f %% a year.",
        hr_pricebook_currency(s->context->book),
        hr_costs_have_tax(o->cost.costs) ? "with" : "before",
        hr_pricebook_month(s->context->book), o->cost.discount_rate * 100.0);
    return save_assumption(s, "service level", level, "doc/model.md §10", error) &&
           save_assumption(s, "simulated time", days, "doc/model.md §9", error) &&
           save_assumption(
               s, "load",
               "No utilisation history was given: demand follows the roles' profiles, "
               "scaled to the statistics in the inventory where it has any.",
               "doc/model.md §9", error) &&
           save_assumption(s, "cost", money, "doc/model.md, cost", error) &&
           save_limits(s, error) && save_static_roles(s, error);
}

/* Those that no platform before this one was sized on. */
static bool save_servers(const struct saving *s, GError **error)
{
    const struct hr_size_options *options = s->context->options;
    g_autoptr(GPtrArray) seen = g_ptr_array_new();
    for (uint32_t p = 0; options->platforms[p] != NULL; p++) {
        const struct hr_server **server = hr_size_servers(options, options->platforms[p]);
        for (; *server != NULL; server++) {
            if (g_ptr_array_find(seen, *server, NULL)) {
                continue;
            }
            g_ptr_array_add(seen, (gpointer)(guintptr)*server);
            if (!save_origins(s, "server", (*server)->name, &(*server)->sources, error)) {
                return false;
            }
        }
    }
    return true;
}

static bool save_storages(const struct saving *s, GError **error)
{
    const struct hr_size_options *options = s->context->options;
    g_autoptr(GPtrArray) seen = g_ptr_array_new();
    for (uint32_t p = 0; options->platforms[p] != NULL; p++) {
        const struct hr_storage *storage = hr_size_storage(options, options->platforms[p]);
        if (g_ptr_array_find(seen, storage, NULL)) {
            continue;
        }
        g_ptr_array_add(seen, (gpointer)(guintptr)storage);
        if (!save_origins(s, "storage", storage->name, &storage->sources, error)) {
            return false;
        }
    }
    return true;
}

static bool save_backup_origins(const struct saving *s, const struct hr_backup *backup,
                                GError **error)
{
    return save_origins(s, "backup", backup->name, &backup->sources, error) &&
           (backup->beyond_product == NULL ||
            save_origins(s, "backup", backup->beyond_product->name,
                         &backup->beyond_product->sources, error));
}

static bool save_backup_sources(const struct saving *s, GError **error)
{
    const struct hr_backup_plan *plan = s->context->options->cost.backup;
    bool ok = true;
    for (size_t i = 0; ok && plan != NULL && i < plan->n_products; i++) {
        ok = save_backup_origins(s, plan->products[i].product, error);
    }
    return ok && (plan == NULL || plan->target == NULL ||
                  save_backup_origins(s, plan->target, error));
}

static bool save_sources(const struct saving *s, GError **error)
{
    const struct hr_size_context *c = s->context;
    for (uint32_t p = 0; p < s->result->n_answers; p++) {
        const struct hr_platform *platform = s->result->answers[p].platform;
        if (!save_origins(s, "platform", platform->name, &platform->sources, error)) {
            return false;
        }
    }
    for (size_t i = 0; i < hr_catalog_n_roles(c->catalog); i++) {
        const struct hr_role *role = hr_catalog_role_at(c->catalog, i);
        if (is_used(c->guests, role, NULL) &&
            !save_origins(s, "role", role->name, &role->sources, error)) {
            return false;
        }
    }
    for (size_t i = 0; i < hr_catalog_n_oses(c->catalog); i++) {
        const struct hr_os *os = hr_catalog_os_at(c->catalog, i);
        if (is_used(c->guests, NULL, os) &&
            !save_origins(s, "guest system", os->name, &os->sources, error)) {
            return false;
        }
    }
    if (!save_servers(s, error)) {
        return false;
    }
    return save_backup_sources(s, error) && save_storages(s, error);
}

static bool save_fact(const struct saving *s, const char *key, const char *value,
                      GError **error)
{
    struct hr_row_provenance row = {.key = key, .value = value};
    return hr_store_add_provenance(s->store, &row, error);
}

static bool save_provenance(const struct saving *s, GError **error)
{
    const struct hr_size_context *c = s->context;
    if (!save_fact(s, "program", c->program_version, error) ||
        !save_fact(s, "history_days", "0", error) || /* no trace was given */
        !save_fact(s, "inventory dialect", c->inventory->dialect, error) ||
        !save_fact(s, "catalogue sha256", hr_catalog_digest(c->catalog), error) ||
        !save_fact(s, "price book", hr_pricebook_name(c->book), error) ||
        !save_fact(s, "price book sha256", hr_pricebook_digest(c->book), error)) {
        return false;
    }
    for (size_t i = 0; i < c->inventory->n_files; i++) {
        const struct hr_inventory_file *file = &c->inventory->files[i];
        g_autofree char *name = g_path_get_basename(file->path);
        g_autofree char *key = g_strdup_printf("input %s sha256", name);
        g_autofree char *rows_key = g_strdup_printf("input %s rows", name);
        g_autofree char *rows =
            g_strdup_printf("%zu read, %zu blank", file->n_rows, file->n_blank_rows);
        if (!save_fact(s, key, file->digest, error) || !save_fact(s, rows_key, rows, error)) {
            return false;
        }
    }
    return true;
}

bool hr_size_save(hr_store *store, const struct hr_size_context *context,
                  const struct hr_size_result *result, int64_t *study_id, GError **error)
{
    struct saving s = {.store = store, .context = context, .result = result};
    bool ok = save_study(&s, error);
    for (uint32_t p = 0; ok && p < result->n_answers; p++) {
        const struct hr_size_answer *a = &result->answers[p];
        ok = save_platform(&s, a, (int)p + 1, error) && save_floor(&s, a, error) &&
             save_candidates(&s, a, error) && save_periods(&s, a, error) &&
             (!a->feasible ||
              (save_cost(&s, a, error) &&
               hr_save_cost_views(store, a, context->options, context->guests, error) &&
               save_runs(&s, a, error)));
    }
    ok = ok && hr_changes_save(store, &result->changes, error) &&
         hr_save_keep(store, result, context->options->buy_staged, error);
    ok = ok && hr_save_findings(store, context->diag, error) && save_method(&s, error) &&
         save_sources(&s, error) && save_provenance(&s, error);
    return ok && hr_store_commit_study(store, study_id, error);
}
