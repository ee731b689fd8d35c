/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inventory/inventory.h - guests, hosts and clusters as the user's files describe them.
 *
 * Whatever the dialect, the result is the same: rows of struct hr_inventory_guest in a
 * canonical order (by cluster, name, id, so that the order of rows and files changes nothing).
 * Owner: the inventory owns all text. Memory in MiB, disks in GiB.
 */
#ifndef HR_INVENTORY_INVENTORY_H
#define HR_INVENTORY_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"

/* A number that a file did not give. */
#define HR_UNKNOWN (-1.0)

enum hr_power { HR_POWER_ON, HR_POWER_OFF, HR_POWER_SUSPENDED, HR_POWER__COUNT };

struct hr_inventory_guest {
    char *name;
    char *id;      /* VM ID, UUID or row id; "" when the file has none */
    char *cluster; /* "" when unknown; so are the other texts */
    char *host;
    char *site;
    char *folder;
    char *os;   /* as written */
    char *role; /* id of data/roles, "" to guess it from the name */
    char *trace;
    char *affinity;
    enum hr_power power;
    bool is_template;
    int vcpus;
    double memory_mib;
    double memory_active_mib; /* these: HR_UNKNOWN when not given */
    double memory_consumed_mib;
    double memory_reservation_mib;
    double memory_limit_mib; /* HR_UNKNOWN: no limit */
    double memory_shares;
    int dynamic_memory; /* 1 yes, 0 no, -1 not said */
    double memory_startup_mib;
    double memory_min_mib;
    double memory_max_mib;
    double memory_buffer_pct;
    double memory_weight;
    double cpu_mhz_avg;
    double cpu_mhz_p95;
    double iops;
    double disk_gib; /* provisioned */
    double disk_used_gib;
    int priority;     /* enum hr_priority, or -1 */
    uint32_t line;    /* where it stands; file in `file` */
    const char *file; /* borrowed from the inventory */
};

struct hr_inventory_host {
    char *name;
    char *cluster;
    char *cpu_model;
    int sockets;
    int cores;
    double mhz;
    double memory_mib;
};

struct hr_inventory_cluster {
    char *name; /* "" for guests without one */
    size_t n_hosts;
    int cores;
    double memory_mib;
    size_t n_guests; /* without templates */
    int vcpus;
    double guest_memory_mib;
};

/* One file that was read. */
struct hr_inventory_file {
    char *path;
    char *digest; /* SHA-256 */
    size_t n_rows;
    size_t n_blank_rows;
};

/* Columns of own-dialect or foreign files that were not understood are noted in diag. */
struct hr_inventory {
    char *dialect;                     /* "headroom", "rvtools" … */
    struct hr_inventory_guest *guests; /* templates included */
    size_t n_guests;
    struct hr_inventory_host *hosts; /* by cluster, name */
    size_t n_hosts;
    struct hr_inventory_cluster *clusters; /* by name */
    size_t n_clusters;
    struct hr_inventory_file *files;
    size_t n_files;
};

/* Sums over all guests that are not templates, powered off included (cli.md). */
struct hr_inventory_totals {
    size_t guests;
    size_t powered_on;
    size_t templates;
    int64_t vcpus;
    int64_t memory_mib;
    double disk_gib;
};

struct hr_inventory_options {
    bool strict;         /* skipped rows become errors */
    const char *cluster; /* keep only this cluster; NULL: all */
};

/* Reads a file, "-" (standard input) or a folder of RVTools tabs.
 * Returns: the inventory, the caller's; NULL with fatal findings in diag or *error set. */
struct hr_inventory *hr_inventory_load(const char *path,
                                       const struct hr_inventory_options *options,
                                       hr_diag *diag, GError **error);
void hr_inventory_free(struct hr_inventory *inventory);
void hr_inventory_totals(const struct hr_inventory *inventory, struct hr_inventory_totals *out);
const char *hr_power_name(enum hr_power power); /* "on", "off", "suspended" */

/* The guests in headroom's own dialect; reading it gives the same guests again. A text that a
 * spreadsheet would run as a formula (= + - @) stands behind an apostrophe, which the reader
 * takes off. Returns: the caller's. */
char *hr_inventory_to_csv(const struct hr_inventory *inventory);
/* The same into a file, whole or not at all; "-" is standard output. */
bool hr_inventory_write_csv(const struct hr_inventory *inventory, const char *path,
                            GError **error);

typedef struct hr_inventory hr_inventory;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_inventory, hr_inventory_free)

#endif
