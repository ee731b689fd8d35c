/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "inventory/rvtools.h"

enum { CORES_MAX = 1 << 16 };
static const double host_max_mib = 1024.0 * 1024 * 1024; /* 1 PiB */

/* Reads a whole number that counts processors. Returns: 0 when there is none. */
static int read_count(const struct hr_rv_sheet *rv, size_t row, enum hr_rv_field field)
{
    double value = 0;
    if (hr_rv_number(rv, row, field, &value) != HR_NUMBER_OK || value < 1 ||
        value > CORES_MAX || value > floor(value)) {
        return 0;
    }
    return (int)value;
}

static double read_positive(const struct hr_rv_sheet *rv, size_t row, enum hr_rv_field field,
                            double most)
{
    double value = 0;
    bool is_ok =
        hr_rv_number(rv, row, field, &value) == HR_NUMBER_OK && value > 0 && value <= most;
    return is_ok ? value : 0;
}

static void read_host(const struct hr_rv_sheet *rv, size_t row, GHashTable *lines,
                      struct hr_draft *draft)
{
    const char *name = hr_rv_text(rv, row, HR_RVF_NAME);
    if (*name == '\0') {
        hr_draft_skip(draft, rv->sheet, row, "host without a name", "a host without a name");
        return;
    }
    struct hr_inventory_host host = {
        .sockets = read_count(rv, row, HR_RVF_SOCKETS),
        .cores = read_count(rv, row, HR_RVF_CORES),
        .mhz = read_positive(rv, row, HR_RVF_SPEED, 1e5),
        .memory_mib = read_positive(rv, row, HR_RVF_MEMORY, host_max_mib),
    };
    if (host.cores == 0) {
        host.cores = host.sockets * MIN(read_count(rv, row, HR_RVF_CORES_PER_SOCKET), 4096);
    }
    if (host.cores == 0 || host.memory_mib <= 0) {
        hr_draft_skip(
            draft, rv->sheet, row, "host without cores or memory",
            "host \"%s\": cores \"%s\" and memory \"%s\" are not both numbers above 0", name,
            hr_rv_text(rv, row, HR_RVF_CORES), hr_rv_text(rv, row, HR_RVF_MEMORY));
        return;
    }
    const char *sdk = hr_rv_text(rv, row, HR_RVF_SDK);
    char *key =
        g_strdup_printf("%s\x1F%s\x1F%s", name, hr_rv_text(rv, row, HR_RVF_CLUSTER), sdk);
    if (!g_hash_table_add(lines, key)) {
        hr_draft_skip(draft, rv->sheet, row, "host twice", "host \"%s\" stands twice", name);
        return;
    }
    host.name = g_strdup(name);
    host.cluster = g_strdup(hr_rv_text(rv, row, HR_RVF_CLUSTER));
    host.cpu_model = g_strdup(hr_rv_text(rv, row, HR_RVF_MODEL));
    g_array_append_val(draft->hosts, host);
}

static void add_cluster(const struct hr_rv_sheet *rv, size_t row, struct hr_draft *draft)
{
    struct hr_inventory_cluster cluster = {
        .name = g_strdup(hr_rv_text(rv, row, HR_RVF_NAME)),
        .n_hosts = (size_t)read_count(rv, row, HR_RVF_HOSTS),
        .cores = read_count(rv, row, HR_RVF_CORES),
        .memory_mib = read_positive(rv, row, HR_RVF_MEMORY, host_max_mib * 128),
    };
    g_array_append_val(draft->clusters, cluster);
}

/* vCluster and the hosts of vHost should say the same. */
static void compare_with_hosts(const struct hr_rv_sheet *rv, size_t row, struct hr_draft *draft)
{
    const struct hr_inventory_cluster *stated =
        &g_array_index(draft->clusters, struct hr_inventory_cluster, draft->clusters->len - 1);
    size_t n_hosts = 0;
    double memory_mib = 0;
    for (guint i = 0; i < draft->hosts->len; i++) {
        const struct hr_inventory_host *host =
            &g_array_index(draft->hosts, struct hr_inventory_host, i);
        if (strcmp(host->cluster, stated->name) == 0) {
            n_hosts++;
            memory_mib += host->memory_mib;
        }
    }
    bool hosts_differ = stated->n_hosts > 0 && n_hosts != stated->n_hosts;
    /* Each host's memory is rounded to a MiB in vHost. */
    bool memory_differs =
        stated->memory_mib > 0 && fabs(memory_mib - stated->memory_mib) > (double)n_hosts + 1.0;
    if (n_hosts > 0 && (hosts_differ || memory_differs)) {
        hr_diag_add(draft->diag, HR_NOTE, hr_sheet_name(rv->sheet),
                    hr_sheet_row_line(rv->sheet, row), 0, "vCluster and vHost differ",
                    "cluster \"%s\" is said to have %zu hosts and %.0f MiB, but vHost has %zu "
                    "hosts and %.0f MiB; vHost is taken",
                    stated->name, stated->n_hosts, stated->memory_mib, n_hosts, memory_mib);
    }
}

void hr_rv_read_hosts(const struct hr_rv_sheet *hosts, const struct hr_rv_sheet *clusters,
                      struct hr_draft *draft)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t row = 0; hosts->sheet != NULL && row < hr_sheet_rows(hosts->sheet); row++) {
        read_host(hosts, row, seen, draft);
    }
    for (size_t row = 0; clusters->sheet != NULL && row < hr_sheet_rows(clusters->sheet);
         row++) {
        if (*hr_rv_text(clusters, row, HR_RVF_NAME) != '\0') {
            add_cluster(clusters, row, draft);
            compare_with_hosts(clusters, row, draft);
        }
    }
}
