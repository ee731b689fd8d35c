/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a point costs: the bill of its cluster over a price book with the point's price axes. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cost/prices.h"
#include "study/sweep_group.h"

static const char DEFAULT_MEMORY_ID[] = "ddr5-rdimm"; /* cost/part_hardware.c */

/* ---- prices ---- */

/* A book with the price axes of one point. */
struct laid_over {
    const struct hr_sweep *sweep;
    const struct hr_axis_level *values;
    const hr_pricebook *book;
    const char *memory_id; /* modules of the server are this and "-64gb" */
    GHashTable *changed;   /* id -> struct hr_price */
};

/* Returns: the module's size in GiB; 0 where the id is no module of the server. */
static int module_gib(const struct laid_over *over, const char *id)
{
    size_t n = strlen(over->memory_id);
    if (strncmp(id, over->memory_id, n) != 0 || id[n] != '-') {
        return 0;
    }
    char *end = NULL;
    gint64 gib = g_ascii_strtoll(id + n + 1, &end, 10);
    return strcmp(end, "gb") == 0 && gib > 0 && gib < 1000000 ? (int)gib : 0;
}

static hr_decimal changed_price(const struct hr_axis *axis, double number,
                                const struct hr_price *price, int gib)
{
    switch (axis->price) {
    case HR_AXIS_PRICE_SET:
        return hr_decimal_from_double(number);
    case HR_AXIS_PRICE_FACTOR:
        return hr_decimal_mul(price->price, hr_decimal_from_double(number));
    case HR_AXIS_PRICE_PER_GIB:
        return hr_decimal_from_double(number * gib);
    case HR_AXIS_PRICE__COUNT:
        break;
    }
    return price->price;
}

static const struct hr_price *get(const void *table, const char *id)
{
    const struct laid_over *over = table;
    const struct hr_price *price = hr_pricebook_get(over->book, id);
    const struct hr_price *known = g_hash_table_lookup(over->changed, id);
    if (price == NULL || known != NULL) {
        return known != NULL ? known : price;
    }
    int gib = module_gib(over, id);
    struct hr_price changed = *price;
    bool is_changed = false;
    for (uint32_t a = 0; a < over->sweep->n_axes; a++) {
        const struct hr_axis *axis = &over->sweep->axes[a];
        bool is_memory = strcmp(axis->path, HR_AXIS_PRICE_MEMORY) == 0;
        if (axis->kind == HR_AXIS_PRICE &&
            (is_memory ? gib > 0 : strcmp(axis->path, id) == 0)) {
            changed.price = changed_price(axis, over->values[a].number, &changed, gib);
            is_changed = true;
        }
    }
    if (!is_changed) {
        return price;
    }
    struct hr_price *copy = g_memdup2(&changed, sizeof changed); /* its texts are the book's */
    g_hash_table_insert(over->changed, copy->id, copy);
    return copy;
}

bool hr_sweep_check_prices(const struct hr_sweep *sweep, const hr_pricebook *book,
                           hr_diag *diag)
{
    size_t n = hr_pricebook_count(book);
    g_autofree const char **ids = g_new0(const char *, n + 2);
    for (size_t i = 0; i < n; i++) {
        ids[i] = hr_pricebook_at(book, i)->id;
    }
    ids[n] = HR_AXIS_PRICE_MEMORY;
    bool ok = true;
    for (uint32_t a = 0; a < sweep->n_axes; a++) {
        const struct hr_axis *axis = &sweep->axes[a];
        if (axis->kind != HR_AXIS_PRICE || g_strv_contains(ids, axis->path)) {
            continue;
        }
        const char *nearest = hr_nearest_name(axis->path, ids);
        hr_node_fail(sweep->tree, axis->node, diag, "no such price",
                     "axis '%s': the price book %s has no price '%s'%s%s%s", axis->name,
                     hr_pricebook_name(book), axis->path,
                     nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "'?" : "");
        ok = false;
    }
    return ok;
}

/* ---- the cluster ---- */

bool hr_sweep_is_priced(const struct hr_scenario *scenario)
{
    const struct hr_cluster_spec *cluster = &scenario->cluster;
    return *cluster->server->id != '\0' && *cluster->storage->id != '\0' &&
           cluster->hosts == NULL && !scenario->platform->simulate_only;
}

bool hr_sweep_modules(struct hr_scenario *scenario, GError **error)
{
    struct hr_cluster_spec *cluster = &scenario->cluster;
    const struct hr_server *server = cluster->server;
    double mib = hr_cluster_physical_mib(cluster);
    g_autoptr(GString) sizes = g_string_new(NULL);
    for (size_t i = 0; i < server->n_memory; i++) {
        const struct hr_dimm_option *option = &server->memory[i];
        bool is_given = cluster->memory_mib <= 0.0;
        bool fits = is_given ? option->dimm_gib == cluster->memory.dimm_gib &&
                                   option->n_dimms == cluster->memory.n_dimms
                             : fabs(hr_dimm_option_mib(option) - mib) < 0.5;
        if (fits) {
            cluster->memory = *option;
            cluster->memory_mib = 0.0;
            return true;
        }
        g_string_append_printf(sizes, "%s%.0f", i > 0 ? ", " : "", hr_dimm_option_mib(option));
    }
    g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                "%s cannot be bought with %.0f MiB of memory; it has %s MiB", server->id, mib,
                sizes->str);
    return false;
}

/* What a search needs to know for its helpers that price; all borrowed. */
struct shape {
    struct hr_size_options options;
    struct hr_search search;
};

static void shape_init(struct shape *shape, const struct hr_scenario *scenario)
{
    *shape = (struct shape){.options = {.spare_hosts = scenario->spare_hosts}};
    shape->search = (struct hr_search){
        .guests = scenario->guests, .options = &shape->options, .platform = scenario->platform};
}

uint32_t *hr_sweep_windows_max(const struct hr_scenario *scenario,
                               const struct hr_run_result *runs, int n_runs)
{
    struct shape shape;
    shape_init(&shape, scenario);
    return hr_windows_max(&shape.search, &scenario->cluster, runs, n_runs);
}

/* The years on the way to the guests that were simulated. A sizing simulates the first year
 * too; here its use of processors is in proportion to guests and demand. */
static GArray *periods_of(const struct hr_sweep_bill *bill, const struct hr_cost_params *params)
{
    const struct hr_scenario_file *file = bill->file;
    struct shape shape;
    shape_init(&shape, bill->scenario);
    shape.options.cost = *params;
    shape.options.growth_pct = file->growth_pct;
    shape.options.demand_growth_pct = file->demand_growth_pct;
    struct hr_guests today = {.n_running = file->n_today};
    shape.search.today = &today;
    struct hr_use use = {.early_frac = bill->cpu_util_mean, .late_frac = bill->cpu_util_mean};
    GArray *periods = g_array_new(FALSE, FALSE, sizeof(struct hr_cost_period));
    hr_add_periods(&shape.search, bill->scenario->cluster.n_hosts, &use, 0, 12 * params->years,
                   periods);
    double end = bill->scenario->guests->n_running *
                 hr_demand_factor(&shape.options, 12.0 * params->years);
    for (guint i = 0; i < periods->len; i++) {
        struct hr_cost_period *period = &g_array_index(periods, struct hr_cost_period, i);
        double middle = (period->from_month + period->to_month) / 2.0;
        double asked = period->n_guests * hr_demand_factor(&shape.options, middle);
        period->cpu_util_mean = fmin(1.0, bill->cpu_util_mean * asked / end);
    }
    return periods;
}

bool hr_sweep_price(const struct hr_sweep_bill *bill, const struct hr_axis_level *values,
                    struct hr_cost *out, GError **error)
{
    const struct hr_sweep_job *job = bill->job;
    const struct hr_scenario *scenario = bill->scenario;
    const struct hr_cluster_spec *cluster = &scenario->cluster;
    struct hr_cost_params params;
    hr_cost_params_default(&params);
    params.years = bill->file->years;
    params.discount_rate = job->sweep->discount_pct / 100.0;
    params.minimum_order_cores = job->sweep->minimum_order_cores;
    struct hr_cost_input input = {.platform = scenario->platform,
                                  .server = cluster->server,
                                  .memory = cluster->memory,
                                  .n_hosts = cluster->n_hosts,
                                  .storage = cluster->storage,
                                  .n_disks = cluster->n_disks,
                                  .n_guests = scenario->guests->n_running,
                                  .n_windows_guests =
                                      scenario->guests->n_windows_server_running,
                                  .windows_max = bill->windows_max,
                                  .cpu_util_mean = bill->cpu_util_mean};
    bool grows = bill->file->growth_pct > 0.0 || bill->file->demand_growth_pct > 0.0;
    GArray *periods = grows ? periods_of(bill, &params) : NULL;
    if (grows) {
        input.periods = (const struct hr_cost_period *)(const void *)periods->data;
        input.n_periods = periods->len;
    }
    const char *memory_id = cluster->server->memory_id;
    struct laid_over over = {.sweep = job->sweep,
                             .values = values,
                             .book = job->book,
                             .memory_id = memory_id != NULL ? memory_id : DEFAULT_MEMORY_ID,
                             .changed =
                                 g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free)};
    struct hr_prices prices = {.name = hr_pricebook_name(job->book),
                               .currency = hr_pricebook_currency(job->book),
                               .table = &over,
                               .get = get,
                               .month = hr_pricebook_month(job->book)};
    bool ok = hr_cost_compute_from(&input, &params, &prices, out, error);
    g_hash_table_destroy(over.changed);
    g_clear_pointer(&periods, g_array_unref);
    return ok;
}
