/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/units.h"
#include "cli/grid.h"
#include "cli/inventory_output.h"

static void add_whole(hr_grid *grid, double value)
{
    g_autofree char *text = hr_grid_thousands(value);
    hr_grid_add(grid, "%s", text);
}

static void print_totals(const struct hr_inventory_printed *p, FILE *out)
{
    struct hr_inventory_totals t;
    hr_inventory_totals(p->inventory, &t);
    g_autofree char *memory = hr_grid_thousands((double)t.memory_mib);
    g_autofree char *disk = hr_grid_thousands(t.disk_gib);
    fprintf(out, "%-12s %s\n", "dialect", p->inventory->dialect);
    fprintf(out, "%-12s %zu, %zu of them powered on\n", "guests", t.guests, t.powered_on);
    fprintf(out, "%-12s %zu\n", "templates", t.templates);
    fprintf(out, "%-12s %" G_GINT64_FORMAT "\n", "vCPUs", t.vcpus);
    fprintf(out, "%-12s %s MiB (%.1f GiB)\n", "memory", memory,
            hr_mib_to_gib((double)t.memory_mib));
    if (t.disk_gib > 0) {
        fprintf(out, "%-12s %s GiB\n", "disk", disk);
    } else {
        fprintf(out, "%-12s not given\n", "disk");
    }
    if (p->inventory->n_hosts > 0) {
        fprintf(out, "%-12s %zu\n", "hosts", p->inventory->n_hosts);
    } else {
        fprintf(out, "%-12s not given\n", "hosts");
    }
}

static void print_files(const struct hr_inventory *inventory, FILE *out)
{
    static const struct hr_grid_column columns[] = {
        {"file", NULL, false}, {"rows", NULL, true}, {"blank rows", NULL, true}};
    g_autoptr(hr_grid) grid = hr_grid_new(columns, G_N_ELEMENTS(columns));
    for (size_t i = 0; i < inventory->n_files; i++) {
        g_autofree char *name = g_path_get_basename(inventory->files[i].path);
        hr_grid_add(grid, "%s", name);
        add_whole(grid, (double)inventory->files[i].n_rows);
        add_whole(grid, (double)inventory->files[i].n_blank_rows);
    }
    fputs("\n", out);
    hr_grid_print(grid, 0, out);
}

static void print_clusters(const struct hr_inventory *inventory, FILE *out)
{
    static const struct hr_grid_column columns[] = {
        {"cluster", NULL, false}, {"hosts", NULL, true},  {"cores", NULL, true},
        {"host MiB", NULL, true}, {"guests", NULL, true}, {"vCPUs", NULL, true},
        {"guest MiB", NULL, true}};
    g_autoptr(hr_grid) grid = hr_grid_new(columns, G_N_ELEMENTS(columns));
    for (size_t i = 0; i < inventory->n_clusters; i++) {
        const struct hr_inventory_cluster *c = &inventory->clusters[i];
        hr_grid_add(grid, "%s", c->name[0] != '\0' ? c->name : "(none)");
        if (c->n_hosts > 0) {
            add_whole(grid, (double)c->n_hosts);
            add_whole(grid, c->cores);
            add_whole(grid, c->memory_mib);
        } else {
            hr_grid_add(grid, "-");
            hr_grid_add(grid, "-");
            hr_grid_add(grid, "-");
        }
        add_whole(grid, (double)c->n_guests);
        add_whole(grid, c->vcpus);
        add_whole(grid, c->guest_memory_mib);
    }
    fputs("\n", out);
    hr_grid_print(grid, 0, out);
}

static void print_findings(const struct hr_inventory_printed *p, FILE *out)
{
    fprintf(out, "\n%-12s skipped %zu, mended %zu, notes %zu\n", "problems",
            hr_diag_count_severity(p->diag, HR_SKIPPED),
            hr_diag_count_severity(p->diag, HR_MENDED),
            hr_diag_count_severity(p->diag, HR_NOTE));
    if (p->n_skipped > 0) {
        static const struct hr_grid_column columns[] = {{"skipped because", NULL, false},
                                                        {"rows", NULL, true}};
        g_autoptr(hr_grid) grid = hr_grid_new(columns, G_N_ELEMENTS(columns));
        for (size_t i = 0; i < p->n_skipped; i++) {
            hr_grid_add(grid, "%s", p->skipped[i].reason);
            add_whole(grid, (double)p->skipped[i].count);
        }
        hr_grid_print(grid, 0, out);
    }
}

void hr_inventory_print_text(const struct hr_inventory_printed *printed, FILE *out)
{
    print_totals(printed, out);
    print_files(printed->inventory, out);
    print_clusters(printed->inventory, out);
    print_findings(printed, out);
}
