/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario/scenario.h - a complete, immutable question: these guests, on this cluster, on this
 * platform, over this horizon, with these service levels. A simulation looks nothing up
 * elsewhere.
 *
 * hr_guests is what all scenarios of a study share (built once from an inventory); hr_scenario
 * adds platform and cluster. Owner: hr_guests owns names and arrays; catalogue entries are
 * borrowed.
 */
#ifndef HR_SCENARIO_SCENARIO_H
#define HR_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "catalog/catalog.h"
#include "inventory/inventory.h"
#include "workload/load.h"

enum hr_powered_off { HR_OFF_IGNORE, HR_OFF_STORAGE, HR_OFF_FULL, HR_OFF__COUNT };
const char *hr_powered_off_name(enum hr_powered_off rule);

/* Dynamic memory of one guest (Hyper-V's terms). */
struct hr_dynamic_memory {
    bool enabled;  /* false: static, whatever the platform */
    bool is_given; /* the user said so; nothing changes it */
    double startup_mib;
    double minimum_mib;
    double maximum_mib;
    double buffer_pct; /* HR_UNKNOWN: the platform's default; so is weight */
    double weight;
};

/* Demand given by hand, from at_s until the next step. */
struct hr_demand_step {
    double at_s;
    double commit_mib;
    double cache_mib;
    double active_mib;
    double cpu_mhz;
    double iops;
    bool ramp; /* goes to the next step in a straight line */
};

struct hr_scenario_guest {
    char *name;   /* unique within the study: "sql01", or "sql01 (vm-12)" where names repeat */
    uint64_t key; /* hash of cluster, name, id and copy number */
    uint64_t site_key;
    const struct hr_os *os;
    const struct hr_role *role;
    bool os_matched; /* false: the default stands in, and the report says so */
    bool role_matched;
    bool running; /* false: counts for storage only */
    int vcpus;
    double size_mib; /* S */
    double memory_reservation_mib;
    double memory_limit_mib; /* = size where there is none */
    double shares;
    struct hr_dynamic_memory dynamic;
    enum hr_priority priority;
    double cpu_mhz_avg; /* HR_UNKNOWN: by role */
    double cpu_mhz_p95;
    double memory_active_mib;
    double memory_consumed_mib;
    double iops;
    double disk_gib;               /* what must be stored: used where known, else provisioned */
    struct hr_demand_step *demand; /* instead of the role's profile; NULL: by role */
    uint32_t n_demand;
    uint64_t
        image_key;  /* guests of equal keys run one system image; 0: the one of its system */
    int host;       /* that it starts on, from 1; 0: it is placed */
    double start_s; /* powered on then; 0: at the start of the run */
    double stop_s;  /* powered off then; 0: never */
    double *restarts_s; /* reboots where it runs; in order of time */
    uint32_t n_restarts;
    bool has_own_pages;     /* os is a copy with other page contents */
    bool has_own_behaviour; /* role is a copy that behaves otherwise */
};

struct hr_guests {
    struct hr_scenario_guest *items; /* running guests first, each part in order of name */
    uint32_t n;
    uint32_t n_running;
    double vcpu_mhz; /* clock of the hosts the demand was measured on, or the reference */
    double disk_gib; /* sum over all that count for storage */
    uint32_t n_windows_server_running;
};

/* What a vCPU at 100 % means where the inventory names no host clock: a core of the middle of
 * the catalogue, so that the load never depends on which servers are looked at. */
#define HR_REFERENCE_MHZ 2500.0

struct hr_guests_options {
    enum hr_powered_off powered_off;
    double reference_mhz; /* what a vCPU at 100 % means where the inventory names no host */
};

/* Applies roles, systems and defaults to an inventory. What was guessed is noted in diag.
 * Returns: the guests, the caller's; NULL with *error when none is running. */
struct hr_guests *hr_guests_new(const struct hr_inventory *inventory, const hr_catalog *catalog,
                                const struct hr_guests_options *options, hr_diag *diag,
                                GError **error);
void hr_guests_free(struct hr_guests *guests);

/* Whether a system can run with dynamic memory. Of one that the catalogue does not know, who
 * says so is believed. */
bool hr_os_takes_dynamic_memory(const struct hr_os *os);

/* More guests of the same mix: copies of those that run, in turn and evenly over the mix; each
 * with a load of its own. The first k of a longer growth are the k of a shorter one. Returns:
 * the guests and n_more more, the caller's. */
struct hr_guests *hr_guests_grown(const struct hr_guests *guests, uint32_t n_more);
/* The guests and one more that runs. Returns: the caller's. */
struct hr_guests *hr_guests_with_one(const struct hr_guests *guests,
                                     const struct hr_scenario_guest *one);
/* Guests that a growth in percent a year, compounding, adds to n_running within so many months,
 * rounded up. */
uint32_t hr_growth_guests(uint32_t n_running, double growth_pct, double months);

/* Guests whose file cache dynamic memory would starve beyond the service level get static
 * memory, as an administrator would configure them, unless the inventory says otherwise; each
 * is noted. */
void hr_guests_tune_dynamic(struct hr_guests *guests, double latency_s, double level_frac,
                            hr_diag *diag);
/* Gives every guest that was measured what it uses and a fifth more; what changed is noted. */
void hr_guests_right_size(struct hr_guests *guests, hr_diag *diag);
/* Fills one struct hr_load_guest per running guest. */
void hr_guests_to_load(const struct hr_guests *guests, struct hr_load_guest *out);
/* Lays demand given by hand over a load that was made for these guests. */
void hr_guests_demand_by_hand(const struct hr_guests *guests, struct hr_load *load);

/* A host that differs from the others. */
struct hr_host_spec {
    char *name; /* NULL: by its number */
    double memory_mib;
    int cores; /* 0: the server's */
};

struct hr_cluster_spec {
    const struct hr_server *server;
    struct hr_dimm_option memory;
    double memory_mib; /* of a host described by hand; 0: by its DIMMs */
    int n_hosts;
    struct hr_host_spec *hosts; /* n_hosts of them; NULL: all alike */
    const struct hr_storage *storage;
    double storage_iops; /* of a pool described by hand; 0: by its disks */
    int n_disks;
    double overcommit_limit; /* a host admits no guest that brings configured memory above so
                                many times its physical memory; 0: no limit */
};

enum hr_scenario_start {
    HR_SCENARIO_WARM, /* the guests have run for weeks */
    HR_SCENARIO_BOOT, /* they are powered on at the start, or at the time they say */
    HR_SCENARIO_START__COUNT
};
extern const char *const hr_scenario_start_names[]; /* "warm", "boot"; NULL-terminated */

struct hr_service_level {
    double slowdown_p95_frac; /* of every guest, in normal operation and in the failed day */
    double restart_within_s;  /* guests of priority high and medium, after the host failure */
};

struct hr_scenario {
    const struct hr_guests *guests;
    const struct hr_platform *platform;
    const char *name;     /* of the platform in this study; NULL: its id */
    const char *settings; /* what was changed of the platform, as a YAML map; NULL: nothing */
    struct hr_cluster_spec cluster;
    int spare_hosts;
    double days;
    double step_s;
    enum hr_scenario_start start;
    double failure_tail_h; /* how long the run goes on after the failure: 24 */
    struct hr_service_level service_level;
    uint64_t seed;
    double demand_factor; /* the load was or is made with so many times what roles and counters
                             say (hr_load_params); up to 1: as it is */
};

/* Memory the guests can have on one host: physical less hypervisor. */
double hr_platform_hypervisor_mib(const struct hr_platform *platform, double physical_mib);
double hr_platform_overhead_mib(const struct hr_platform *platform, double size_mib, int vcpus);
double hr_cluster_physical_mib(const struct hr_cluster_spec *cluster);
/* Memory of one of its hosts, and of all. */
double hr_cluster_host_mib(const struct hr_cluster_spec *cluster, uint32_t host);
double hr_cluster_memory_mib(const struct hr_cluster_spec *cluster);
/* What a host is called in every output: the name it was given, else "host01" for host 0,
 * written to buf. buf: at least 16 bytes. Borrowed. */
const char *hr_cluster_host_name(const struct hr_cluster_spec *cluster, uint32_t host,
                                 char *buf, size_t n_bytes);
/* The name under which a scenario's platform stands in results. Borrowed. */
const char *hr_scenario_name(const struct hr_scenario *scenario);
/* What guests can have of a host's processors, in the reference core's MHz. */
double hr_platform_capacity_mhz(const struct hr_platform *platform,
                                const struct hr_server *server);

/* The scenario as YAML, whole, so that it can be run again. Returns: the caller's to g_free. */
char *hr_scenario_to_yaml(const struct hr_scenario *scenario);

/* ---- the static floor: what a spreadsheet would answer --------------------------------------
 */

struct hr_floor {
    int hosts;        /* with the spare ones */
    int hosts_memory; /* needed by each constraint alone, spare included */
    int hosts_cpu;
    double memory_needed_mib; /* Σ(size + overhead) of running guests */
    double memory_usable_mib; /* per host, after hypervisor and 20 % headroom */
    double vcpu_per_core;     /* ratio taken */
    const char *binding;      /* "memory" or "processor" */
};

/* hosts = max(ceil(memory / usable), ceil(vcpus / (cores · ratio))) + spare: configured memory
 * one to one, 4 vCPUs per core, no consolidation by policy. */
void hr_floor_of(const struct hr_guests *guests, const struct hr_platform *platform,
                 const struct hr_cluster_spec *cluster, int spare_hosts, struct hr_floor *out);

#endif
