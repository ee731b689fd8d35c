/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog/catalog.h - what data/ knows: guest systems, roles, platforms, servers, storage,
 * backup.
 *
 * Each entry is one YAML file, data/KIND/ID.yaml, checked against a schema: an unknown key, a
 * missing key or a value out of range is a finding with file and line. Every coefficient's
 * origin stands in the entry's "sources". Memory in MiB, time in seconds.
 * Owner:   the catalogue owns its entries and their text.
 * Threads: it is immutable after loading, so that any number of them may read it.
 */
#ifndef HR_CATALOG_CATALOG_H
#define HR_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "base/tree.h"

/* Where a coefficient comes from: the key it explains, and the text. */
struct hr_origin {
    char *key;
    char *text;
};

struct hr_origins {
    struct hr_origin *items;
    size_t n;
};

struct hr_memory_policy;

/* ---- guest operating systems: data/guests/ ------------------------------------------ */

enum hr_os_family { HR_OS_WINDOWS, HR_OS_LINUX, HR_OS_OTHER, HR_OS__COUNT };

struct hr_os {
    char *id;
    char *name;
    enum hr_os_family family;
    bool is_server; /* Windows Server needs a server licence; a desktop does not */
    int released_year;
    char **match;            /* lower-case parts of an inventory's OS text; NULL-terminated. The
                                longest part that occurs decides. */
    bool boot_zeroes_memory; /* writes all its memory while booting (Windows) */
    double boot_touch_s;     /* T_boot: time in which it does */
    double churn_s;          /* T_churn: recycling of different pages */
    double zero_free_frac;   /* z_free: zero pages among free pages once touched */
    double zero_used_frac;   /* z_used */
    double common_mib;       /* os_common: pages equal in every guest of one image */
    double common_used_frac; /* the same as a share of used, where a source gives that */
    double dup_frac;         /* duplicates within the guest, share of used */
    double dup_multiplicity; /* m: copies of a duplicated page */
    double paging_cluster;   /* pages read per guest page fault: 1 random, 8 clustered */
    bool dynamic_memory;     /* the system supports Hyper-V dynamic memory */
    struct hr_origins sources;
};

/* ---- roles: data/roles/ ------------------------------------------------------------- */

enum hr_job_when {
    HR_JOB_DAILY,
    HR_JOB_WEEKLY,
    HR_JOB_MONTH_END,
    HR_JOB_PATCH_TUESDAY,
    HR_JOB__COUNT
};

/* A scheduled job: added to the demand while it runs. */
struct hr_job {
    char *name;
    enum hr_job_when when;
    int weekday;       /* 0 Monday … 6 Sunday, for weekly jobs */
    double start_hour; /* local hour of the day, 0 to 24 */
    double duration_h;
    double jitter_h; /* uniform spread of the start over guests */
    double cpu_pct;  /* of the guest's vCPUs */
    double iops;
    double commit_frac; /* of the configured size */
    double cache_frac;
};

/* How one demand quantity moves over time (model.md §9). Levels are relative: the series is
 * normalised so that its weekly mean is the quantity's mean. */
struct hr_shape {
    double weekday[24]; /* level of each hour, Monday to Friday */
    double weekend[24];
    double noise_sigma; /* standard deviation of the logarithm of the AR(1) noise */
    double noise_phi;   /* autocorrelation of the noise at 300 s */
    double site_share;  /* 0 to 1: share of the noise's variance that a site has in common */
};

struct hr_burst {
    double per_day;       /* Poisson arrivals */
    double height_median; /* of the log-normal height, as a multiple of the mean */
    double height_sigma;
    double mean_s; /* exponential length */
};

enum hr_priority { HR_PRIORITY_HIGH, HR_PRIORITY_MEDIUM, HR_PRIORITY_LOW, HR_PRIORITY__COUNT };

struct hr_role {
    char *id;
    char *name;
    char **match;       /* lower-case shell patterns of guest names ("sql*"), NULL-terminated */
    double commit_frac; /* mean demand as a share of the configured size S */
    double cache_frac;
    double active_frac;
    double cpu_mean_pct; /* of the guest's vCPUs */
    double cpu_peak_pct;
    double iops_mean;
    double iops_peak;
    struct hr_shape cpu_shape;
    struct hr_shape memory_shape; /* of commit, cache and active alike */
    struct hr_shape iops_shape;
    struct hr_burst burst; /* of cpu and iops */
    struct hr_job *jobs;
    size_t n_jobs;
    double working_set_s;      /* T_ws: renewal of the working set */
    double overlap;            /* faults outstanding at once, >= 1 */
    double cache_reads_iops;   /* reads a second that a full cache absorbs, at S = 8 GiB; scales
                                  with S */
    double dirty_share;        /* pages written per page read back by guest paging */
    double common_mib;         /* role_common */
    bool notices_added_memory; /* false: reads its memory size once, at service start */
    bool dynamic_memory;       /* false: the vendor refuses support, static memory by default */
    char *dynamic_memory_reason; /* shown in the report; NULL where supported */
    double startup_frac;         /* dynamic memory: startup as a share of S */
    double minimum_frac;
    enum hr_priority priority; /* restart priority */
    struct hr_origins sources;
};

/* ---- platforms: data/platforms/ ----------------------------------------------------- */

/* A memory amount by formula: max(least, fixed + per_gib·GiB of the host), at most most. */
struct hr_reserve {
    double fixed_mib;
    double per_gib_mib;
    double least_mib;
    double most_mib; /* 0: no upper bound */
};

struct hr_overhead_entry {
    double size_mib;
    int vcpus;
    double overhead_mib;
};

/* Per-guest overhead: fixed + frac·S + per_vcpu·(vCPUs − 1) + per_gib_above_first·max(0, S −
 * first) in GiB. Where a table is given, guests with at least its fewest vCPUs follow it,
 * interpolated. */
struct hr_overhead {
    double fixed_mib;
    double size_frac;
    double per_vcpu_mib;
    double per_gib_above_first_mib;
    double first_mib; /* 0: 1 GiB */
    struct hr_overhead_entry *table;
    size_t n_table;
};

/* What the vendor's guide says a host must have: fixed + factor·Σ(S + overhead) − sharing·ΣS.
 */
struct hr_floor_rule {
    double fixed_mib;
    double factor; /* 0: no such rule */
    double sharing_frac;
};

/* How guests' disks lie on shared storage. */
enum hr_storage_layout {
    HR_LAYOUT_UNKNOWN,
    HR_LAYOUT_CLUSTER_FILE_SYSTEM, /* hosts share volumes */
    HR_LAYOUT_LUN_PER_GUEST,   /* a host owns a volume, so each guest that moves needs one */
    HR_LAYOUT_VOLUME_PER_DISK, /* volumes of a pool, handed out as guests' disks */
    HR_LAYOUT_DISTRIBUTED,     /* the hosts' own disks as one pool */
    HR_LAYOUT__COUNT
};

/* Where a guest's I/O goes: it is what cpu_mhz_per_iops is the price of. */
enum hr_io_path {
    HR_IO_UNKNOWN,
    HR_IO_DIRECT,     /* drivers within the hypervisor */
    HR_IO_PARENT,     /* drivers of a privileged guest: parent partition, domain 0 */
    HR_IO_CONTROLLER, /* through a storage machine on the host, and its drivers */
    HR_IO__COUNT
};

enum hr_licence_kind {
    HR_LICENCE_PER_CORE, /* cores with a minimum per processor and per order */
    HR_LICENCE_PER_SOCKET,
    HR_LICENCE_PER_HOST,
    HR_LICENCE_PER_CLUSTER,          /* one, however large */
    HR_LICENCE_PER_PROCESSOR_PAIR,   /* two processors of a host each */
    HR_LICENCE_PER_PROCESSOR_CAPPED, /* a processor of so many cores each */
    HR_LICENCE_WINDOWS_CORE,   /* the host licence of Windows Server, Standard or Datacenter */
    HR_LICENCE_PER_GUEST_CORE, /* virtual cores with a minimum per guest and per order */
    HR_LICENCE_PER_GUEST_MEMORY, /* processors, and more where guests have more memory than
                                    comes with them */
    HR_LICENCE_PER_GUEST_PACK,   /* so many guests each */
    HR_LICENCE_PER_SOCKET_PACK,  /* so many sockets each, anywhere in the cluster */
    HR_LICENCE_KIT,              /* one bundle for a small cluster */
    HR_LICENCE_SMALL_SITE,       /* processors, of few sockets or few guests: either will do */
    /* Other products that are counted as Windows Server is: System Center, for one. */
    HR_LICENCE_AS_WINDOWS_CORE_STANDARD,
    HR_LICENCE_AS_WINDOWS_CORE_DATACENTER,
    HR_LICENCE_AS_WINDOWS_PAIR,
    HR_LICENCE_AS_WINDOWS_GUEST,
    HR_LICENCE__COUNT
};
/* As a platform's file has it: "per-core" ... Each but "windows-core" is a rule's name too. */
const char *hr_licence_kind_name(enum hr_licence_kind kind);

/* What the contract says. 0 everywhere: no such term. */
struct hr_licence_terms {
    int min_cores_per_socket;
    int min_cores_per_guest; /* for kinds by virtual cores */
    int min_cores_per_order;
    int min_sockets_per_host;
    int min_hosts;         /* smallest bundle */
    int cores_per_licence; /* cores of one processor that one licence covers */
    int guests_per_licence;
    int sockets_per_licence; /* of a pack, anywhere in the cluster */
    int max_hosts;           /* largest cluster it may be used for, and so on */
    int max_sockets_per_host;
    int max_sockets;
    int max_cores;
    int max_guests;
    double entitlement_gib;   /* guest memory that comes with one licence */
    double max_gib_per_guest; /* more of one guest's memory does not count */
};

/* One product the platform needs, and the rule that counts its units. */
struct hr_licence {
    char *name;
    enum hr_licence_kind kind;
    char *price_id;
    bool yearly;              /* subscription: units × years; else bought once */
    double support_year_frac; /* maintenance per year, share of the price, for perpetual ones */
    char *support_price_id;   /* ratio in the price book; wins over support_year_frac */
    struct hr_licence_terms terms; /* in the file beside the other keys */
    bool covers_windows_guests;    /* bought where there are such guests, in place of theirs */
    char *source;
};

struct hr_platform {
    char *id;
    char *name;
    char *vendor;
    const struct hr_memory_policy *memory; /* borrowed: the policies are constants */
    void *params;       /* of the policy's own type; NULL where it has none */
    bool simulate_only; /* a scenario may name it, a sizing may not */
    bool by_name;       /* sized only where --platforms names it */
    char **books;       /* price books that sell it, "2013"; none: the newest alone */
    struct hr_reserve
        hypervisor; /* memory of the hypervisor or root partition, of host memory */
    struct hr_overhead overhead; /* per guest */
    struct hr_floor_rule floor;
    double cpu_base_mhz;     /* hypervisor's own use per host */
    double cpu_efficiency;   /* 0 to 1 */
    double smt_gain_frac;    /* threads of one core add this share */
    double cpu_mhz_per_iops; /* I/O handling, more through a parent partition */
    double io_ceiling_iops;  /* per host; 0: none */
    double controller_mib;   /* of a storage machine on every host, beside the hypervisor */
    double controller_mhz;
    bool has_ha;
    double ha_detection_s;
    int ha_parallel_starts;  /* per host */
    double manual_restart_s; /* without HA: delay until somebody starts guests by hand */
    bool has_live_migration;
    bool has_balancing;
    double balancing_period_s;   /* how often guests may be moved from a busy host */
    double balancing_above_frac; /* of a host's processors or memory: busy above it */
    int max_hosts;               /* of a cluster; 0: no limit, here and below */
    int max_sockets_per_host;
    int max_guests_per_host;
    int max_guests; /* running, of a cluster */
    /* What is shown and enters no figure. 0 or unknown where a file does not say it. */
    double install_footprint_gib; /* disk that the hypervisor itself takes on a host */
    enum hr_storage_layout storage_layout;
    enum hr_io_path io_path;
    char *storage;  /* id of the storage it is sized on; NULL: that of the study */
    char **servers; /* ids of the only servers it runs on; none: those of the study */
    struct hr_licence *licences;
    size_t n_licences;
    bool windows_host_licence; /* the host itself runs Windows Server (Hyper-V) */
    double admin_h_per_host_year;
    double admin_h_per_guest_year;
    char *management_note; /* what manages it and whether it is priced */
    struct hr_origins sources;
};

const char *hr_platform_policy_name(const struct hr_platform *platform); /* "overcommit" … */
/* What the parameters of its memory policy contradict in, in words; NULL where they do not. */
const char *hr_platform_policy_fault(const struct hr_platform *platform);
/* The platform with some values changed: those of a map with the keys of a platform's file that
 * concern simulation. What is wrong in it is a finding. Returns: the caller's, to be freed
 * before base; texts and lists are base's. */
struct hr_platform *hr_platform_with(const struct hr_platform *base, const hr_tree *tree,
                                     const hr_node *changes, hr_diag *diag);
void hr_platform_with_free(struct hr_platform *platform);

/* ---- servers: data/hosts/ ----------------------------------------------------------- */

/* One way to fill the slots: whole channel populations only. */
struct hr_dimm_option {
    int dimm_gib;
    int n_dimms;
};

struct hr_server {
    char *id;
    char *name;
    char *vendor;
    int sockets;
    int cores_per_socket;
    double mhz;         /* base clock */
    double perf_factor; /* performance per MHz against the reference core */
    int threads_per_core;
    int channels_per_socket;
    int slots_per_socket;
    struct hr_dimm_option *memory; /* ascending by total size */
    size_t n_memory;
    char **books;       /* price books that sell it, "2013"; none: the newest alone */
    bool by_name;       /* looked at only where --servers or a platform names it */
    char *memory_id;    /* DIMMs are this and "-16gb"; NULL: "ddr5-rdimm" */
    char *dimm_watt_id; /* NULL: "rdimm-ddr5-watt" */
    char *price_id;     /* without memory */
    char *watt_idle_id;
    char *watt_max_id;
    double watt_rated_dimms; /* DIMMs in the machine those watts were measured with */
    int rack_units;
    double support_included_years;
    struct hr_origins sources;
};

static inline int hr_server_cores(const struct hr_server *server)
{
    return server->sockets * server->cores_per_socket;
}

static inline double hr_dimm_option_mib(const struct hr_dimm_option *option)
{
    return (double)option->dimm_gib * (double)option->n_dimms * 1024.0;
}

/* ---- storage: data/storage/ --------------------------------------------------------- */

enum hr_storage_kind {
    HR_STORAGE_ARRAY, /* shared by all hosts */
    HR_STORAGE_HCI,   /* disks in the hosts, one pool over all of them */
    HR_STORAGE_LOCAL, /* disks in the hosts, each for the guests of its host alone */
    HR_STORAGE__COUNT
};

/* What one add-on is bought for. */
enum hr_addon_per {
    HR_ADDON_PER_CLUSTER,
    HR_ADDON_PER_HOST,
    HR_ADDON_PER_ARRAY,
    HR_ADDON_PER_TB, /* of raw disks, decimal */
    HR_ADDON_PER__COUNT
};

/* Software or a device beside the disks: replication, a witness, an optimiser. */
struct hr_storage_addon {
    char *name;
    char *price_id;
    enum hr_addon_per per;
    bool yearly;
    double support_year_frac;    /* of the price, for what is bought once */
    double write_penalty_factor; /* what it does to a write's operations on disks; 0: nothing */
    double latency_factor;       /* and to the service time */
    char *source;
};

struct hr_storage {
    char *id;
    char *name;
    char **books; /* price books that sell it; none: the newest alone */
    bool by_name; /* taken only where --storage or a platform names it */
    enum hr_storage_kind kind;
    /* Times that everything is stored: hosts of a pool (its replication factor), or whole
     * arrays, of which one stands at each site. 0 is 1. */
    int copies;
    int hosts_min;        /* of a pool over hosts */
    double round_trip_ms; /* that a write waits for the other site; 0: none */
    double restore_h; /* local: until a lost host's guests are restored on others, by hand */
    char *array_price_id; /* controllers without disks; NULL: there are none */
    char *disk_price_id;  /* NULL: in the price of the servers */
    double disk_tb;       /* decimal */
    int disks_max;        /* of an array, or of a host */
    int disks_min;        /* the same */
    int disks_group;      /* bought in multiples of this */
    int parity_disks;     /* per array or local host, by its RAID level */
    int spare_disks;
    /* Operations of disks for one write of a guest: the RAID level's as the file has it, times
     * copies and the factors of add-ons. */
    double raid_write_penalty;
    double read_frac; /* of the guests' I/O */
    double iops_per_disk;
    double latency_ms;    /* service time before load, add-ons counted */
    double swap_mibps;    /* what host swap or a page file can move */
    double headroom_frac; /* capacity kept free */
    char *switch_price_id;
    int switches;
    char *switch_watt_price_id; /* NULL: not counted */
    char *nic_price_id;
    int nics_per_host;
    double watt; /* of an array; of its disks in each host */
    char *watt_price_id;
    struct hr_storage_addon *addons;
    size_t n_addons;
    double maintenance_year_frac; /* after support_included_years */
    double support_included_years;
    struct hr_origins sources;
};

const char *hr_storage_kind_name(enum hr_storage_kind kind); /* "array", "hci", "local" */

/* Arrays that hold so many disks, all copies counted, >= 1; 0 of disks in hosts. */
int hr_storage_arrays(const struct hr_storage *storage, int n_disks);

static inline int hr_storage_copies(const struct hr_storage *storage)
{
    return storage->copies > 1 ? storage->copies : 1;
}

/* The platform as it is on this storage: on disks of single hosts no guest moves or restarts
 * elsewhere, but by hand and from a backup. Borrows what base has. */
struct hr_platform hr_platform_on_storage(const struct hr_platform *base,
                                          const struct hr_storage *storage);

/* ---- backup: data/backup/ ----------------------------------------------------------- */

enum hr_backup_kind { HR_BACKUP_LICENCE, HR_BACKUP_TARGET };

/* What a product's licence counts. */
enum hr_backup_rule {
    HR_BACKUP_PER_SOCKET,      /* of every host: each may hold a guest */
    HR_BACKUP_PER_SOCKET_PACK, /* so many sockets a pack */
    HR_BACKUP_PER_GUEST_PACK,  /* so many guests a pack */
    HR_BACKUP_SMALL_SITE,      /* per socket, sold up to so many sockets or so many guests */
    HR_BACKUP_PER_SERVER,      /* that it is installed on: the user says how many */
    HR_BACKUP_PER_TB,          /* of what is kept */
    HR_BACKUP__COUNT
};

/* A product that backs guests up, or what it writes to. */
struct hr_backup {
    char *id;
    char *name;
    char *vendor;
    char **books; /* price books that sell it; none: the newest alone */
    enum hr_backup_kind kind;
    char *price_id;
    bool is_price_yours; /* no book has the price: it comes from a file laid over the book */
    /* a product */
    enum hr_backup_rule rule;
    bool yearly;                 /* else bought once */
    char *discount_id;           /* ratio off the price; NULL: none */
    char *support_price_id;      /* ratio of the price a year, for what is bought once */
    int support_free_years;      /* at the start */
    int licences_per_pack;       /* the price is of one licence */
    int max_sockets, max_guests; /* that it may be used for; 0: no such limit */
    char *beyond;                /* the id of what is taken beyond the limits */
    const struct hr_backup *beyond_product; /* that entry, borrowed; NULL: none */
    double compression_ratio;               /* of what it writes, 1: none */
    int copies;                             /* of the data, each on targets of its own */
    /* a target */
    double capacity_tb;     /* usable, decimal, of one box; 0: by its disks */
    double reduction_ratio; /* by the box itself, 1: none */
    char *disk_price_id;    /* of a box without disks */
    double disk_tb;
    int disks_max, parity_disks;
    int rack_units;
    double maintenance_year_frac; /* after support_included_years */
    double support_included_years;
    struct hr_origins sources;
};

/* ---- the catalogue ------------------------------------------------------------------ */

typedef struct hr_catalog hr_catalog;

/* The folder of the shipped data: dir, else $HEADROOM_DATA, else the installed one.
 * Owner: the caller. */
char *hr_data_dir(const char *dir);

/* Reads everything below hr_data_dir(dir).
 * Returns: the catalogue, the caller's; NULL with findings in diag or *error set. */
hr_catalog *hr_catalog_load(const char *dir, hr_diag *diag, GError **error);
#define HR_CATALOG_EVERY_BOOK "*"
/* The same with the platforms, servers and storage of a price book ("2013"; NULL: the newest)
 * where entries are counted and come by index. By id those of all books are found. */
hr_catalog *hr_catalog_load_book(const char *dir, const char *book, hr_diag *diag,
                                 GError **error);
void hr_catalog_free(hr_catalog *catalog);
const char *hr_catalog_dir(const hr_catalog *catalog);
/* SHA-256 over all files read, in order of their names. */
const char *hr_catalog_digest(const hr_catalog *catalog);

/* Entries of the book in order of their ids. index < the count. Borrowed. */
size_t hr_catalog_n_oses(const hr_catalog *catalog);
const struct hr_os *hr_catalog_os_at(const hr_catalog *catalog, size_t index);
size_t hr_catalog_n_roles(const hr_catalog *catalog);
const struct hr_role *hr_catalog_role_at(const hr_catalog *catalog, size_t index);
size_t hr_catalog_n_platforms(const hr_catalog *catalog);
const struct hr_platform *hr_catalog_platform_at(const hr_catalog *catalog, size_t index);
size_t hr_catalog_n_servers(const hr_catalog *catalog);
const struct hr_server *hr_catalog_server_at(const hr_catalog *catalog, size_t index);
size_t hr_catalog_n_storages(const hr_catalog *catalog);
const struct hr_storage *hr_catalog_storage_at(const hr_catalog *catalog, size_t index);
size_t hr_catalog_n_backups(const hr_catalog *catalog);
const struct hr_backup *hr_catalog_backup_at(const hr_catalog *catalog, size_t index);
/* The first of the book that need not be named; NULL where there is none. Borrowed. */
const struct hr_storage *hr_catalog_storage_usual(const hr_catalog *catalog);

/* By id, of whichever book; NULL when there is none. Borrowed. */
const struct hr_os *hr_catalog_os(const hr_catalog *catalog, const char *id);
const struct hr_role *hr_catalog_role(const hr_catalog *catalog, const char *id);
const struct hr_platform *hr_catalog_platform(const hr_catalog *catalog, const char *id);
const struct hr_server *hr_catalog_server(const hr_catalog *catalog, const char *id);
const struct hr_storage *hr_catalog_storage(const hr_catalog *catalog, const char *id);
const struct hr_backup *hr_catalog_backup(const hr_catalog *catalog, const char *id);

/* The guest system that an inventory's text means ("Microsoft Windows Server 2019 (64-bit)").
 * Returns: never NULL; when nothing matches, *matched false and by family the entry
 * "other-windows", "other-linux" or "other". */
const struct hr_os *hr_catalog_match_os(const hr_catalog *catalog, const char *text,
                                        bool *matched);
/* The role a guest's name suggests ("SQL01" → sql). Returns: never NULL; "generic" and *matched
 * false when nothing does. The pattern that fits with the most literal characters decides;
 * equal ones go to the first id. */
const struct hr_role *hr_catalog_match_role(const hr_catalog *catalog, const char *guest_name,
                                            bool *matched);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_catalog, hr_catalog_free)

#endif
