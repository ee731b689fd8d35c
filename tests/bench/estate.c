/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estate.h"

#include "bench.h"

static const char SERVER[] = "dell-r760-2x24";

/* Which guest of twenty is what. */
static const struct kind {
    const char *prefix;
    int vcpus;
    int memory_mib;
    const char *os;
    int cpu_mhz_avg; /* 0: not measured; so are the others */
    int cpu_mhz_p95;
    int memory_active_mib;
} kinds[] = {
    {"dc", 2, 4096, "Microsoft Windows Server 2022 (64-bit)", 0, 0, 0},
    {"fs", 4, 16384, "Microsoft Windows Server 2022 (64-bit)", 420, 1100, 2460},
    {"web", 2, 4096, "Debian GNU/Linux 12 (64-bit)", 0, 0, 0},
    {"web", 2, 4096, "Debian GNU/Linux 12 (64-bit)", 190, 480, 760},
    {"web", 2, 8192, "Ubuntu Linux (64-bit)", 0, 0, 0},
    {"app", 4, 8192, "Microsoft Windows Server 2019 (64-bit)", 610, 1600, 2900},
    {"app", 4, 8192, "Red Hat Enterprise Linux 9 (64-bit)", 0, 0, 0},
    {"app", 2, 8192, "Microsoft Windows Server 2022 (64-bit)", 0, 0, 0},
    {"sql", 4, 16384, "Microsoft Windows Server 2022 (64-bit)", 1050, 2700, 6200},
    {"sql", 4, 32768, "Microsoft Windows Server 2019 (64-bit)", 0, 0, 0},
    {"erp", 4, 16384, "Microsoft Windows Server 2019 (64-bit)", 980, 2600, 5100},
    {"rds", 4, 24576, "Microsoft Windows Server 2022 (64-bit)", 0, 0, 0},
    {"print", 2, 4096, "Microsoft Windows Server 2022 (64-bit)", 0, 0, 0},
    {"vdi", 2, 8192, "Microsoft Windows 11 (64-bit)", 210, 700, 2100},
    {"vdi", 2, 8192, "Microsoft Windows 11 (64-bit)", 0, 0, 0},
    {"vdi", 2, 8192, "Microsoft Windows 11 (64-bit)", 0, 0, 0},
    {"vdi", 2, 8192, "Microsoft Windows 10 (64-bit)", 0, 0, 0},
    {"vdi", 2, 8192, "Microsoft Windows 10 (64-bit)", 260, 820, 2350},
    {"test", 2, 4096, "Debian GNU/Linux 12 (64-bit)", 0, 0, 0},
    {"test", 2, 8192, "Microsoft Windows Server 2022 (64-bit)", 0, 0, 0},
};

static char *inventory_text(uint32_t n_guests)
{
    GString *text = g_string_new("name,vcpus,memory_mib,os,disk_gib,disk_used_gib,cpu_mhz_avg,"
                                 "cpu_mhz_p95,memory_active_mib\n");
    for (uint32_t g = 0; g < n_guests; g++) {
        const struct kind *kind = &kinds[g % G_N_ELEMENTS(kinds)];
        g_string_append_printf(text, "%s%05u,%d,%d,%s,%u,%u,", kind->prefix, g, kind->vcpus,
                               kind->memory_mib, kind->os, 80 + g % 7 * 40, 40 + g % 7 * 20);
        if (kind->cpu_mhz_avg > 0) {
            g_string_append_printf(text, "%d,%d,%d\n", kind->cpu_mhz_avg, kind->cpu_mhz_p95,
                                   kind->memory_active_mib);
        } else {
            g_string_append(text, ",,\n");
        }
    }
    return g_string_free(text, FALSE);
}

static void read_inventory(struct estate *e, uint32_t n_guests)
{
    GError *error = NULL;
    char *folder = bench_folder_new();
    char *path = g_build_filename(folder, "estate.csv", NULL);
    char *text = inventory_text(n_guests);
    struct hr_inventory_options options = {0};
    bench_must(g_file_set_contents(path, text, -1, &error), "no inventory", error);
    e->inventory = hr_inventory_load(path, &options, e->diag, &error);
    bench_must(e->inventory != NULL, "the inventory is refused", error);
    g_free(text);
    g_free(path);
    bench_folder_remove(folder);
}

void estate_init(struct estate *e, uint32_t n_guests, double days)
{
    GError *error = NULL;
    *e = (struct estate){.diag = hr_diag_new()};
    e->catalog = hr_catalog_load(NULL, e->diag, &error);
    bench_must(e->catalog != NULL, "no catalogue", error);
    read_inventory(e, n_guests);
    struct hr_guests_options options = {.powered_off = HR_OFF_STORAGE,
                                        .reference_mhz = HR_REFERENCE_MHZ};
    e->guests = hr_guests_new(e->inventory, e->catalog, &options, e->diag, &error);
    bench_must(e->guests != NULL, "no guests", error);
    e->scenario = (struct hr_scenario){
        .guests = e->guests,
        .spare_hosts = 1,
        .days = days,
        .step_s = 300.0,
        .failure_tail_h = days < 1.0 ? 1.0 : 24.0,
        .service_level = {.slowdown_p95_frac = 0.05, .restart_within_s = 900.0},
        .seed = 1};
}

void estate_make_load(struct estate *e)
{
    struct hr_load_guest *guests = g_new0(struct hr_load_guest, e->guests->n_running);
    struct hr_load_params params = {.seed = 1,
                                    .step_us = 300000000,
                                    .n_steps = hr_run_steps(&e->scenario),
                                    .start_day_of_month = 31,
                                    .start_month = 8,
                                    .start_year = 2026};
    hr_guests_to_load(e->guests, guests);
    e->load = hr_load_make(guests, e->guests->n_running, &params);
    g_free(guests);
}

static const struct hr_platform *platform_with(const hr_catalog *catalog,
                                               enum hr_policy_kind policy)
{
    for (size_t i = 0; i < hr_catalog_n_platforms(catalog); i++) {
        if (hr_catalog_platform_at(catalog, i)->memory == policy_of(policy)) {
            return hr_catalog_platform_at(catalog, i);
        }
    }
    return NULL;
}

void estate_set_cluster(struct estate *e, enum hr_policy_kind policy, int n_hosts,
                        double least_gib)
{
    const struct hr_server *server = hr_catalog_server(e->catalog, SERVER);
    bench_must(server != NULL, "the catalogue lacks the server", NULL);
    e->scenario.platform = platform_with(e->catalog, policy);
    bench_must(e->scenario.platform != NULL, "the catalogue lacks the policy", NULL);
    size_t memory = 0;
    while (memory + 1 < server->n_memory &&
           hr_dimm_option_mib(&server->memory[memory]) < least_gib * 1024.0) {
        memory++;
    }
    e->scenario.cluster =
        (struct hr_cluster_spec){.server = server,
                                 .memory = server->memory[memory],
                                 .n_hosts = n_hosts,
                                 .storage = hr_catalog_storage_at(e->catalog, 0),
                                 .n_disks = 3 * n_hosts};
}

void estate_clear(struct estate *e)
{
    hr_load_free(e->load);
    hr_guests_free(e->guests);
    hr_inventory_free(e->inventory);
    hr_catalog_free(e->catalog);
    hr_diag_free(e->diag);
}
