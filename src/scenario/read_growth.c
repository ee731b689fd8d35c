/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guests of a scenario as a sizing takes them: out of an inventory, and those of the end of
 * the horizon. */
#include <math.h>

#include "scenario/reading.h"

enum { MOST_YEARS = 15 };
static const double MOST_GROWTH_PCT = 200.0;
static const double MOST_DEMAND_GROWTH_PCT = 100.0;

void hr_scenario_read_growth(const struct hr_scenario_reading *r, const hr_node *run,
                             struct hr_scenario_file *file)
{
    (void)hr_node_double(r->tree, run, "growth_pct", 0.0, MOST_GROWTH_PCT, &file->growth_pct,
                         r->diag);
    (void)hr_node_double(r->tree, run, "demand_growth_pct", 0.0, MOST_DEMAND_GROWTH_PCT,
                         &file->demand_growth_pct, r->diag);
    file->years = hr_scenario_int(r, run, "years", 1, MOST_YEARS, file->years);
    if (file->demand_growth_pct <= 0.0) {
        return;
    }
    const hr_node *factor = hr_node_get(run, "demand_factor");
    if (factor != NULL) {
        hr_node_fail(r->tree, factor, r->diag, "demand twice",
                     "either 'demand_factor' or 'demand_growth_pct', not both");
    }
    file->scenario.demand_factor = pow(1.0 + file->demand_growth_pct / 100.0, file->years);
}

static char *digest_of(const struct hr_inventory *inventory)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < inventory->n_files; i++) {
        g_checksum_update(sum, (const guchar *)inventory->files[i].digest, -1);
    }
    return g_strdup(g_checksum_get_string(sum));
}

struct hr_guests *hr_scenario_read_inventory(const struct hr_scenario_reading *r,
                                             const hr_node *node, struct hr_scenario_file *file,
                                             GError **error)
{
    if (hr_node_kind(node) != HR_NODE_SCALAR || *hr_node_text(node) == '\0') {
        hr_node_fail(r->tree, node, r->diag, "wrong type", "'inventory' is the name of a file");
        return NULL;
    }
    g_autofree char *path = g_path_is_absolute(hr_node_text(node))
                                ? g_strdup(hr_node_text(node))
                                : g_build_filename(r->folder, hr_node_text(node), NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        hr_node_fail(r->tree, node, r->diag, "no such file", "'inventory': there is no %s",
                     path);
        return NULL;
    }
    struct hr_inventory_options options = {0};
    g_autoptr(hr_inventory) inventory = hr_inventory_load(path, &options, r->diag, error);
    if (inventory == NULL) {
        return NULL;
    }
    file->inventory_digest = digest_of(inventory);
    struct hr_guests_options how = {.powered_off = HR_OFF_STORAGE,
                                    .reference_mhz = HR_REFERENCE_MHZ};
    return hr_guests_new(inventory, r->catalog, &how, r->diag, error);
}

void hr_scenario_grow(struct hr_scenario_file *file)
{
    struct hr_guests *today = file->guests;
    file->n_today = today->n_running;
    uint32_t n_more = hr_growth_guests(today->n_running, file->growth_pct, 12.0 * file->years);
    if (n_more > 0) {
        file->guests = hr_guests_grown(today, n_more);
        hr_guests_free(today);
    }
}
