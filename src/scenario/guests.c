/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an inventory to the guests of a study: roles, systems and defaults are applied here,
 * once. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "scenario/scenario.h"

/* Shares per MiB of configured memory, "normal" in ESX's Resource Management Guide. */
static const double NORMAL_SHARES_PER_MIB = 10.0;
/* Hyper-V's default buffer, where only a guess of its effect is wanted. */
static const double USUAL_BUFFER_PCT = 20.0;
static const double LEAST_STARTUP_MIB = 512.0;
/* A maximum of 1 TiB is Hyper-V's default and means "unbounded": the startup memory then is
 * what the guest was given. */
static const double UNBOUNDED_MIB = 1048576.0;

const char *hr_powered_off_name(enum hr_powered_off rule)
{
    static const char *const names[HR_OFF__COUNT] = {
        [HR_OFF_IGNORE] = "ignore", [HR_OFF_STORAGE] = "storage", [HR_OFF_FULL] = "full"};
    return names[rule];
}

static const struct hr_role *role_of(const struct hr_inventory_guest *row,
                                     const hr_catalog *catalog, hr_diag *diag, bool *matched)
{
    if (row->role[0] != '\0') {
        const struct hr_role *role = hr_catalog_role(catalog, row->role);
        if (role != NULL) {
            *matched = true;
            return role;
        }
        hr_diag_add(diag, HR_FATAL, row->file, row->line, 0, "unknown role",
                    "role \"%s\" of guest \"%s\" is not in the catalogue; `headroom catalog "
                    "roles` lists them, an empty field lets the name decide",
                    row->role, row->name);
    }
    return hr_catalog_match_role(catalog, row->name, matched);
}

/* A text of an inventory, or an entry's id. */
static const struct hr_os *os_of(const struct hr_inventory_guest *row,
                                 const hr_catalog *catalog, bool *matched)
{
    const struct hr_os *os = hr_catalog_os(catalog, row->os);
    *matched = os != NULL;
    return os != NULL ? os : hr_catalog_match_os(catalog, row->os, matched);
}

static double known_or(double value, double otherwise)
{
    return value >= 0.0 ? value : otherwise;
}

bool hr_os_takes_dynamic_memory(const struct hr_os *os)
{
    return os->dynamic_memory || g_str_has_prefix(os->id, "other");
}

static void set_dynamic(struct hr_scenario_guest *guest, const struct hr_inventory_guest *row,
                        hr_diag *diag)
{
    struct hr_dynamic_memory *d = &guest->dynamic;
    bool supported = guest->role->dynamic_memory && guest->os->dynamic_memory;
    d->enabled = row->dynamic_memory >= 0
                     ? row->dynamic_memory == 1 && hr_os_takes_dynamic_memory(guest->os)
                     : supported;
    d->is_given = row->dynamic_memory >= 0;
    if (row->dynamic_memory == 1 && !d->enabled) {
        hr_diag_add(diag, HR_NOTE, row->file, row->line, 0, "no dynamic memory",
                    "%s gets static memory: dynamic memory does not support %s", row->name,
                    guest->os->name);
    }
    double size = guest->size_mib;
    double least = fmin(size, LEAST_STARTUP_MIB);
    d->maximum_mib = fmin(size, known_or(row->memory_max_mib, size));
    /* A minimum that was given is not lowered by a startup memory that was not. */
    double usual = fmax(fmax(least, size * guest->role->startup_frac), row->memory_min_mib);
    d->startup_mib = known_or(row->memory_startup_mib, usual);
    d->startup_mib = fmin(d->startup_mib, d->maximum_mib);
    d->minimum_mib =
        known_or(row->memory_min_mib, fmax(least, size * guest->role->minimum_frac));
    d->minimum_mib = fmin(d->minimum_mib, d->startup_mib);
    d->buffer_pct = known_or(row->memory_buffer_pct, HR_UNKNOWN);
    d->weight = known_or(row->memory_weight, HR_UNKNOWN);
}

/* Configured memory: of a dynamic guest its maximum, or startup where that is unbounded. */
static double size_of(const struct hr_inventory_guest *row)
{
    if (row->dynamic_memory == 1 && row->memory_max_mib > 0.0) {
        return row->memory_max_mib >= UNBOUNDED_MIB
                   ? known_or(row->memory_startup_mib, row->memory_mib)
                   : row->memory_max_mib;
    }
    return row->memory_mib;
}

static uint64_t key_of(const struct hr_inventory_guest *row, int copy)
{
    uint64_t hash = hr_hash_text(HR_HASH_START, row->cluster);
    hash = hr_hash_text(hash, row->folder);
    hash = hr_hash_text(hash, row->name);
    hash = hr_hash_text(hash, row->id);
    return hr_hash_bytes(hash, &copy, sizeof copy);
}

static double disk_of(const struct hr_inventory_guest *row)
{
    double disk = row->disk_used_gib > 0.0 ? row->disk_used_gib : row->disk_gib;
    return disk > 0.0 ? disk : 0.0;
}

static void fill(struct hr_scenario_guest *guest, const struct hr_inventory_guest *row,
                 const hr_catalog *catalog, bool running, hr_diag *diag)
{
    *guest = (struct hr_scenario_guest){
        .name = g_strdup(row->name),
        .key = key_of(row, 0),
        .site_key = hr_hash_text(HR_HASH_START, row->site),
        .running = running,
        .vcpus = row->vcpus,
        .size_mib = size_of(row),
        .cpu_mhz_avg = HR_UNKNOWN,
        .cpu_mhz_p95 = HR_UNKNOWN,
        .memory_active_mib = HR_UNKNOWN,
        .memory_consumed_mib = HR_UNKNOWN,
        .iops = HR_UNKNOWN,
        .disk_gib = disk_of(row),
    };
    if (row->power == HR_POWER_ON) { /* counters of a guest that is off say nothing */
        guest->cpu_mhz_avg = row->cpu_mhz_avg;
        guest->cpu_mhz_p95 = row->cpu_mhz_p95;
        guest->memory_active_mib = row->memory_active_mib;
        guest->memory_consumed_mib = row->memory_consumed_mib;
        guest->iops = row->iops;
    }
    guest->os = os_of(row, catalog, &guest->os_matched);
    guest->role = role_of(row, catalog, diag, &guest->role_matched);
    guest->memory_limit_mib =
        fmin(guest->size_mib, known_or(row->memory_limit_mib, guest->size_mib));
    guest->memory_reservation_mib =
        fmin(guest->memory_limit_mib, known_or(row->memory_reservation_mib, 0.0));
    guest->shares = known_or(row->memory_shares, NORMAL_SHARES_PER_MIB * guest->size_mib);
    guest->priority =
        row->priority >= 0 ? (enum hr_priority)row->priority : guest->role->priority;
    set_dynamic(guest, row, diag);
}

static int compare(const void *a, const void *b)
{
    const struct hr_scenario_guest *x = a;
    const struct hr_scenario_guest *y = b;
    if (x->running != y->running) {
        return x->running ? -1 : 1;
    }
    int by_name = strcmp(x->name, y->name);
    if (by_name != 0) {
        return by_name;
    }
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Two guests of one name are told apart by a number, in order of their keys. */
static void make_names_unique(struct hr_guests *guests)
{
    for (uint32_t i = 0; i < guests->n; i++) {
        uint32_t n_same = 1;
        while (i + n_same < guests->n &&
               strcmp(guests->items[i].name, guests->items[i + n_same].name) == 0 &&
               guests->items[i].running == guests->items[i + n_same].running) {
            n_same++;
        }
        for (uint32_t k = 0; n_same > 1 && k < n_same; k++) {
            char *name = g_strdup_printf("%s #%u", guests->items[i + k].name, k + 1);
            g_free(guests->items[i + k].name);
            guests->items[i + k].name = name;
            /* Rows that do not differ in anything still are guests of their own. */
            guests->items[i + k].key = hr_hash_bytes(guests->items[i + k].key, &k, sizeof k);
        }
        i += n_same - 1;
    }
}

/* The clock demand was measured at: of the hosts in the inventory, weighted by cores. */
static double measured_mhz(const struct hr_inventory *inventory, double otherwise)
{
    double sum = 0.0;
    int cores = 0;
    for (size_t h = 0; h < inventory->n_hosts; h++) {
        if (inventory->hosts[h].mhz > 0.0) {
            sum += inventory->hosts[h].mhz * inventory->hosts[h].cores;
            cores += inventory->hosts[h].cores;
        }
    }
    return cores > 0 ? sum / cores : otherwise;
}

static uint32_t common_factor(uint32_t a, uint32_t b)
{
    return b == 0 ? a : common_factor(b, a % b);
}

/* The k-th of n places, each taken once, spread evenly however early one stops. */
static uint32_t evenly_spread(uint32_t k, uint32_t n)
{
    uint32_t stride = (uint32_t)((double)n * 0.618034) | 1U; /* the golden section */
    while (common_factor(stride, n) != 1) {
        stride++;
    }
    return (uint32_t)(((uint64_t)(k + 1) * stride) % n);
}

static void note_guesses(const struct hr_guests *guests, hr_diag *diag)
{
    uint32_t n_roles = 0;
    uint32_t n_oses = 0;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        n_roles += !guests->items[g].role_matched;
        n_oses += !guests->items[g].os_matched;
    }
    if (n_roles > 0) {
        hr_diag_add(
            diag, HR_NOTE, NULL, 0, 0, "role unknown",
            "%u of %u guests have no role and a name that suggests none: they are simulated "
            "as \"generic\"",
            n_roles, guests->n_running);
    }
    if (n_oses > 0) {
        hr_diag_add(
            diag, HR_NOTE, NULL, 0, 0, "system unknown",
            "%u of %u guests have an operating system that the catalogue does not know: a "
            "default stands in",
            n_oses, guests->n_running);
    }
}

static void count_guests(struct hr_guests *guests)
{
    for (uint32_t g = 0; g < guests->n; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        guests->n_running += guest->running;
        guests->disk_gib += guest->disk_gib;
        guests->n_windows_server_running +=
            guest->running && guest->os->family == HR_OS_WINDOWS && guest->os->is_server;
    }
}

struct hr_guests *hr_guests_new(const struct hr_inventory *inventory, const hr_catalog *catalog,
                                const struct hr_guests_options *options, hr_diag *diag,
                                GError **error)
{
    g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(struct hr_scenario_guest));
    uint32_t n_running = 0;
    for (size_t i = 0; i < inventory->n_guests; i++) {
        const struct hr_inventory_guest *row = &inventory->guests[i];
        bool off = row->power != HR_POWER_ON;
        if (row->is_template || (off && options->powered_off == HR_OFF_IGNORE)) {
            continue;
        }
        bool running = !off || options->powered_off == HR_OFF_FULL;
        struct hr_scenario_guest guest;
        fill(&guest, row, catalog, running, diag);
        n_running += running;
        g_array_append_val(items, guest);
    }
    struct hr_guests *guests = g_new0(struct hr_guests, 1);
    if (n_running > 0) {
        qsort(items->data, items->len, sizeof(struct hr_scenario_guest), compare);
    }
    guests->n = items->len;
    guests->items =
        (struct hr_scenario_guest *)(void *)g_array_free(g_steal_pointer(&items), FALSE);
    guests->vcpu_mhz = measured_mhz(inventory, options->reference_mhz);
    count_guests(guests);
    make_names_unique(guests);
    note_guesses(guests, diag);
    if (hr_diag_failed(diag, error)) {
        hr_guests_free(guests);
        return NULL;
    }
    if (guests->n_running == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "no guest is powered on; --powered-off full counts those that are off");
        hr_guests_free(guests);
        return NULL;
    }
    return guests;
}

/* Slowdown by lost file cache of a guest that is assigned its mean demand and the buffer. */
static double cache_slowdown(const struct hr_scenario_guest *guest, double latency_s)
{
    double buffer_pct = known_or(guest->dynamic.buffer_pct, USUAL_BUFFER_PCT);
    const struct hr_role *role = guest->role;
    double commit = role->commit_frac * guest->size_mib;
    double cache = role->cache_frac * guest->size_mib;
    if (cache <= 0.0) {
        return 0.0;
    }
    double assigned =
        fmax(guest->dynamic.minimum_mib,
             fmin(guest->dynamic.maximum_mib, commit * (1.0 + buffer_pct / 100.0)));
    double lost = 1.0 - fmin(1.0, fmax(0.0, assigned - commit) / cache);
    double reads = role->cache_reads_iops * guest->size_mib / 8192.0;
    double wait = reads * lost * lost * latency_s / role->overlap;
    return wait / (1.0 + wait);
}

void hr_guests_tune_dynamic(struct hr_guests *guests, double latency_s, double level_frac,
                            hr_diag *diag)
{
    for (uint32_t g = 0; g < guests->n_running; g++) {
        struct hr_scenario_guest *guest = &guests->items[g];
        double slowdown = cache_slowdown(guest, latency_s);
        if (guest->dynamic.enabled && !guest->dynamic.is_given && slowdown > 0.8 * level_frac) {
            guest->dynamic.enabled = false;
            hr_diag_add(
                diag, HR_NOTE, NULL, 0, 0, "static memory for a file cache",
                "%s (%s) gets static memory under Hyper-V: dynamic memory follows what "
                "processes commit and would leave its file cache so small that it is slowed "
                "by about %.1f %%",
                guest->name, guest->role->name, slowdown * 100.0);
        }
    }
}

/* A copy that owns what it has. name: taken over. */
static struct hr_scenario_guest copy_guest(const struct hr_scenario_guest *guest, char *name)
{
    struct hr_scenario_guest copy = *guest;
    copy.name = name;
    copy.demand = g_memdup2(guest->demand, guest->n_demand * sizeof *guest->demand);
    copy.restarts_s = g_memdup2(guest->restarts_s, guest->n_restarts * sizeof(double));
    return copy;
}

/* A copy of the guests and, in front of those that do not run, room for n_more. */
static struct hr_guests *copy_with_room(const struct hr_guests *guests, uint32_t n_more)
{
    struct hr_guests *copy = g_new0(struct hr_guests, 1);
    copy->n = guests->n + n_more;
    copy->vcpu_mhz = guests->vcpu_mhz;
    copy->items = g_new0(struct hr_scenario_guest, copy->n);
    for (uint32_t g = 0; g < guests->n; g++) {
        uint32_t at = g < guests->n_running ? g : g + n_more;
        copy->items[at] = copy_guest(&guests->items[g], g_strdup(guests->items[g].name));
    }
    return copy;
}

struct hr_guests *hr_guests_grown(const struct hr_guests *guests, uint32_t n_more)
{
    struct hr_guests *grown = copy_with_room(guests, n_more);
    uint32_t n = guests->n_running;
    for (uint32_t k = 0; k < n_more; k++) {
        /* A stride without a common factor with n walks evenly through the sorted list,
         * whatever the number: the first k guests of a longer growth are those of a shorter
         * one. */
        uint32_t round = k / n;
        uint32_t pick = evenly_spread(k % n, n);
        struct hr_scenario_guest *guest = &grown->items[n + k];
        *guest = copy_guest(&guests->items[pick],
                            g_strdup_printf("%s +%u", guests->items[pick].name, round + 1));
        guest->key = hr_hash_bytes(guests->items[pick].key, &round, sizeof round);
    }
    /* In order of name like all guests: sums then do not depend on how they came about. */
    qsort(grown->items, grown->n, sizeof *grown->items, compare);
    count_guests(grown);
    return grown;
}

struct hr_guests *hr_guests_with_one(const struct hr_guests *guests,
                                     const struct hr_scenario_guest *one)
{
    struct hr_guests *more = copy_with_room(guests, 1);
    more->items[guests->n_running] = copy_guest(one, g_strdup(one->name));
    count_guests(more);
    return more;
}

uint32_t hr_growth_guests(uint32_t n_running, double growth_pct, double months)
{
    double factor = pow(1.0 + growth_pct / 100.0, months / 12.0);
    return (uint32_t)ceil((double)n_running * (factor - 1.0) - 1e-9);
}

void hr_guests_free(struct hr_guests *guests)
{
    if (guests == NULL) {
        return;
    }
    for (uint32_t g = 0; g < guests->n; g++) {
        g_free(guests->items[g].name);
        g_free(guests->items[g].demand);
        g_free(guests->items[g].restarts_s);
    }
    g_free(guests->items);
    g_free(guests);
}

void hr_guests_to_load(const struct hr_guests *guests, struct hr_load_guest *out)
{
    for (uint32_t g = 0; g < guests->n_running; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        double cap = guest->memory_consumed_mib > 0.0
                         ? fmin(guest->size_mib, guest->memory_consumed_mib)
                         : guest->size_mib;
        out[g] = (struct hr_load_guest){
            .key = guest->key,
            .site_key = guest->site_key,
            .role = guest->role,
            .size_mib = guest->size_mib,
            .vcpus = guest->vcpus,
            .vcpu_mhz = guests->vcpu_mhz,
            .cpu_mhz_avg = guest->cpu_mhz_avg,
            .cpu_mhz_p95 = guest->cpu_mhz_p95,
            .memory_active_mib = guest->memory_active_mib,
            .memory_consumed_mib = guest->memory_consumed_mib,
            .iops = guest->iops,
            .commit_cap_mib = cap,
        };
    }
}
