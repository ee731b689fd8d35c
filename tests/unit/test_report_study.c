/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_report_study.h"

#include <math.h>
#include <stdio.h>

#include "base/money.h"
#include "store/store.h"

enum { YEARS = 5, HOURS = 336, FAILED_FROM_H = 228, FAILED_H = 24, REPLICATIONS = 3 };

struct made_platform {
    const char *id, *name, *policy, *server_id, *server;
    int hosts, dimm_gib, n_dimms;
    double overcommit, slowdown, failure_slowdown;
    int64_t licence_micro; /* per core and year; 0: none */
    const char *binding;
};

static const struct made_platform platforms[7] = {
    {"hyper-v", "Microsoft Hyper-V", "dynamic", "r660-32", "2-socket server, 32 cores", 3, 32,
     12, 1.25, 0.011, 0.038, 0, "restart: 3 guests find no memory when one host fails"},
    {"proxmox-ve", "Proxmox VE", "kvm", "r660-32", "2-socket server, 32 cores", 3, 32, 16, 1.09,
     0.009, 0.031, 0,
     "memory: the p95 slowdown of sql-01 is 7.1 % with one host failed, above 5 %"},
    {"vsphere-standard", "VMware vSphere Standard", "overcommit", "r660-32",
     "2-socket server, 32 cores", 3, 16, 16, 1.56, 0.012, 0.044, 50000000,
     "memory: the p95 slowdown of sql-01 is 11.8 % with one host failed, above 5 %"},
    {"static", "Static partitioning", "static", "r660-32", "2-socket server, 32 cores", 4, 32,
     16, 0.82, 0.006, 0.017, 0, "power-on: 5 guests are refused, memory is full"},
    {"vvf", "VMware vSphere Foundation", "overcommit", "r660-32", "2-socket server, 32 cores",
     3, 16, 16, 1.56, 0.012, 0.044, 135000000, "memory: slowdown"},
    {"xcp-ng", "XCP-ng", "static", "r660-32", "2-socket server, 32 cores", 4, 32, 16, 0.82,
     0.006, 0.017, 0, "power-on: 5 guests are refused"},
    {"nutanix", "Nutanix AHV", "static", "r660-32", "2-socket server, 32 cores", 4, 32, 16,
     0.82, 0.006, 0.017, 200000000, "power-on: 5 guests are refused"},
};

static int hosts_of(const struct made_study *what, const struct made_platform *p)
{
    return what->n_hosts > 0 ? what->n_hosts : p->hosts;
}

/* Totals of the lines added, as a real study would carry them. */
struct totals {
    int64_t capex, opex, capex_cash, opex_cash;
};

static int64_t memory_mib(const struct made_platform *p)
{
    return (int64_t)p->dimm_gib * p->n_dimms * 1024;
}

struct made_line {
    const char *category, *kind, *item, *rule, *unit, *price_id, *status;
    int64_t units_micro, price_micro;
    bool is_yearly, starred;
};

static size_t lines_of(const struct made_platform *p, struct made_line *lines)
{
    int64_t hosts = p->hosts * HR_DECIMAL_ONE;
    size_t n = 0;
    lines[n++] = (struct made_line){"server",       "capex",  "2-socket server, 32 cores",
                                    "one per host", "server", "server-r660-32",
                                    "found",        hosts,    INT64_C(6895500000),
                                    false,          false};
    lines[n++] = (struct made_line){
        "memory", "capex",   "DIMM, registered DDR5", "hosts × DIMMs per host",       "DIMM",
        "dimm",   "derived", hosts * p->n_dimms,      p->dimm_gib * INT64_C(5437500), false,
        false};
    lines[n++] =
        (struct made_line){"storage",
                           "capex",
                           "SSD 3.84 TB in a shared array",
                           "usable 21,480 GiB of guest data, RAID 6, one spare, 25 % headroom",
                           "disk",
                           "ssd-3840",
                           "recalled",
                           14 * HR_DECIMAL_ONE,
                           INT64_C(612250000),
                           false,
                           true};
    lines[n++] = (struct made_line){
        "network",   "capex",   "25 GbE switch",    "two for redundancy", "switch",
        "switch-25", "assumed", 2 * HR_DECIMAL_ONE, INT64_C(5200000000),  false,
        true};
    if (p->licence_micro > 0) {
        lines[n++] = (struct made_line){
            "platform",
            "opex",
            "vSphere subscription, per core and year",
            "hosts × max(16, cores per socket) × sockets, at least 72 cores per order",
            "core",
            "vmware-core",
            "found",
            hosts * 32,
            p->licence_micro,
            true,
            false};
    }
    lines[n++] = (struct made_line){"guest_os",
                                    "capex",
                                    "Windows Server Datacenter, 16 cores",
                                    "licensed by host, every core, 2 packs of 16",
                                    "pack",
                                    "ws-dc-16",
                                    "found",
                                    hosts * 2,
                                    INT64_C(6771000000),
                                    false,
                                    false};
    lines[n++] = (struct made_line){"power",
                                    "opex",
                                    "Power and cooling",
                                    "(idle + (full - idle) × 31.4 % use) × PUE 1.8 × 8,760 h",
                                    "kWh",
                                    "electricity",
                                    "found",
                                    hosts * 4967 + 123456,
                                    143700,
                                    true,
                                    false};
    lines[n++] = (struct made_line){"support",
                                    "opex",
                                    "Hardware maintenance after the warranty",
                                    "10 % of the hardware a year",
                                    "year",
                                    "hw-support",
                                    "assumed",
                                    HR_DECIMAL_ONE,
                                    INT64_C(4137330000),
                                    true,
                                    true};
    lines[n++] = (struct made_line){"labour",
                                    "opex",
                                    "Administration",
                                    "hosts × 24 h + guests × 2 h a year",
                                    "h",
                                    "labour-h",
                                    "found",
                                    hosts * 24 + 44 * 2 * HR_DECIMAL_ONE,
                                    INT64_C(54330000),
                                    true,
                                    false};
    return n;
}

static bool add_cost(hr_store *store, const struct made_platform *p, GError **error)
{
    struct made_line lines[12];
    size_t n = lines_of(p, lines);
    int ordinal = 0;
    for (size_t i = 0; i < n; i++) {
        const struct made_line *line = &lines[i];
        for (int year = line->is_yearly ? 1 : 0; year <= (line->is_yearly ? YEARS : 0);
             year++) {
            int month = year == 0 ? 0 : year * 12 - 6;
            double factor = pow(1.07, -month / 12.0);
            const struct hr_row_cost_line row = {
                .platform_id = p->id,
                .ordinal = ordinal++,
                .category = line->category,
                .kind = line->kind,
                .year = year,
                .month = month,
                .item = line->item,
                .rule = line->rule,
                .units_micro = line->units_micro,
                .unit = line->unit,
                .price_micro = line->price_micro,
                .price_id = line->price_id,
                .status = line->status,
                .starred = line->starred,
                .source =
                    line->starred ? "no source; replace by a quote" : "maker's list price",
                .cash_cents = hr_money_cents(line->units_micro, line->price_micro),
                .amount_cents =
                    hr_money_cents_scaled(line->units_micro, line->price_micro, factor)};
            if (!hr_store_add_cost_line(store, &row, error)) {
                return false;
            }
        }
    }
    return true;
}

static void sum_cost(const struct made_platform *p, struct totals *totals)
{
    struct made_line lines[12];
    size_t n = lines_of(p, lines);
    *totals = (struct totals){0};
    for (size_t i = 0; i < n; i++) {
        bool is_capex = lines[i].kind[0] == 'c';
        for (int year = lines[i].is_yearly ? 1 : 0; year <= (lines[i].is_yearly ? YEARS : 0);
             year++) {
            double factor = pow(1.07, -(year == 0 ? 0 : year * 12 - 6) / 12.0);
            int64_t cash = hr_money_cents(lines[i].units_micro, lines[i].price_micro);
            int64_t amount =
                hr_money_cents_scaled(lines[i].units_micro, lines[i].price_micro, factor);
            *(is_capex ? &totals->capex : &totals->opex) += amount;
            *(is_capex ? &totals->capex_cash : &totals->opex_cash) += cash;
        }
    }
}

static bool has_answer(const struct made_study *what, int rank)
{
    return what->is_feasible && rank <= what->n_platforms - what->n_infeasible;
}

static bool add_platform(hr_store *store, const struct made_study *what,
                         const struct made_platform *p, int rank, GError **error)
{
    struct totals t;
    sum_cost(p, &t);
    struct hr_row_platform row = {
        .rank = rank,
        .platform_id = p->id,
        .name = p->name,
        .policy = p->policy,
        .feasible = true,
        .server_id = p->server_id,
        .server_name = p->server,
        .hosts = hosts_of(what, p),
        .dimm_gib = p->dimm_gib,
        .n_dimms = p->n_dimms,
        .memory_mib_per_host = memory_mib(p),
        .cores_per_host = 32,
        .overcommit_ratio = p->overcommit,
        .slowdown_p95 = p->slowdown,
        .slowdown_p95_low = p->slowdown * 0.8,
        .slowdown_p95_high = p->slowdown * 1.2,
        .failure_slowdown_p95 = p->failure_slowdown,
        .failure_slowdown_p95_low = p->failure_slowdown * 0.85,
        .failure_slowdown_p95_high = p->failure_slowdown * 1.12,
        .worst_guest = what->guest_name,
        .swapped_min = p->overcommit > 1.5 ? 1834.4 : 0.0,
        .paged_min = 212.0,
        .cpu_util_mean = 0.314,
        .guests_lost_host = 15,
        .guests_not_restarted = 0,
        .restart_max_s = 412.0,
        .failure_outcome = "all 15 guests restart within 7 minutes on the remaining hosts",
        .capex_cents = t.capex,
        .opex_cents = t.opex,
        .tco_cents = t.capex + t.opex,
        .tco_low_cents = t.capex + t.opex - 120000,
        .tco_high_cents = t.capex + t.opex + 120000,
        .capex_cash_cents = t.capex_cash,
        .opex_cash_cents = t.opex_cash,
        .tco_cash_cents = t.capex_cash + t.opex_cash,
        .cost_per_guest_cents = (t.capex + t.opex) / 44,
        .windows_edition = "Datacenter",
        .binding = p->binding,
        .next_smaller = "3 × 192 GiB",
        .candidates_tried = 7,
        .reserve_guests = 9,
        .largest_guest_mib = 49152,
        .lasts_months = -1.0,
        .buy = "start",
        .staged_tco_cents = -1};
    if (!has_answer(what, rank)) {
        row = (struct hr_row_platform){.rank = rank,
                                       .platform_id = p->id,
                                       .name = p->name,
                                       .policy = p->policy,
                                       .server_id = "",
                                       .server_name = "",
                                       .worst_guest = "",
                                       .failure_outcome = "no feasible cluster",
                                       .windows_edition = "",
                                       .binding = p->binding,
                                       .next_smaller = "",
                                       .candidates_tried = 7,
                                       .lasts_months = -1.0,
                                       .buy = "start",
                                       .staged_tco_cents = -1};
    }
    const struct hr_row_floor floor = {
        .platform_id = p->id,
        .server_id = p->server_id,
        .hosts = p->hosts + 1,
        .dimm_gib = 32,
        .n_dimms = 16,
        .memory_mib_per_host = 524288,
        .hosts_memory = p->hosts + 1,
        .hosts_cpu = 2,
        .binding = "memory",
        .capex_cents = t.capex + 2500000,
        .opex_cents = t.opex + 300000,
        .tco_cents = t.capex + t.opex + 2800000,
        .difference = "guests touch 61 % of what they are given; the sum counts all of it"};
    return hr_store_add_platform(store, &row, error) &&
           (what->is_bare || hr_store_add_floor(store, &floor, error));
}

static bool add_candidates(hr_store *store, const struct made_platform *p, GError **error)
{
    static const char *const verdicts[] = {"excluded", "excluded", "infeasible", "infeasible",
                                           "feasible", "dearer",   "dearer"};
    for (int i = 0; i < 28; i++) {
        const char *verdict = verdicts[i / 4];
        const struct hr_row_candidate row = {
            .platform_id = p->id,
            .ordinal = i,
            .server_id = p->server_id,
            .hosts = 2 + i / 8,
            .dimm_gib = 32,
            .n_dimms = 4 + i % 8,
            .memory_mib_per_host = (4 + i % 8) * INT64_C(32768),
            .lower_bound_cents = 8000000 + i * INT64_C(412345),
            .verdict = verdict,
            .replications = verdict[0] == 'i' || verdict[0] == 'f' ? 10 : 0,
            .constraint = verdict[0] == 'i' ? p->binding
                          : verdict[0] == 'e'
                              ? "memory: commit of the guests exceeds all hosts but the spare"
                              : NULL,
            .tco_cents = verdict[0] == 'f' ? 9900000 + i * INT64_C(400000) : -1};
        if (!hr_store_add_candidate(store, &row, error)) {
            return false;
        }
    }
    return true;
}

/* Inputs of falling weight, one of them backwards, and a step of the licences. */
static bool add_swings(hr_store *store, const struct made_platform *p, GError **error)
{
    static const char *const names[] = {"Administrator's hour", "DIMM, registered DDR5",
                                        "Server with two processors and a long name",
                                        "Discount rate", "Electricity"};
    struct totals t;
    sum_cost(p, &t);
    int64_t base = t.capex + t.opex;
    for (int i = 0; i < (int)G_N_ELEMENTS(names); i++) {
        int64_t by = (i == 3 ? -1 : 1) * base / (10 * (i + 1));
        const struct hr_row_swing row = {.platform_id = p->id,
                                         .ordinal = i + 1,
                                         .input = names[i],
                                         .name = names[i],
                                         .kind = i == 3 ? "parameter" : "price",
                                         .value_micro = 66500000 / (i + 1),
                                         .unit = "each",
                                         .base_cents = base,
                                         .low_cents = base - by,
                                         .high_cents = base + by,
                                         .status = i < 2 ? "assumed" : "found",
                                         .starred = i < 2,
                                         .source = "a web table without a name"};
        if (!hr_store_add_swing(store, &row, error)) {
            return false;
        }
    }
    const struct hr_row_cliff cliff = {.platform_id = p->id,
                                       .ordinal = 1,
                                       .month = -1,
                                       .event = "host",
                                       .extra_cents = 0,
                                       .extra_year_cents = 114000,
                                       .text = "host 4: Vendor's licence 3 → 4 host-year"};
    return hr_store_add_cliff(store, &cliff, error);
}

static bool add_flips(hr_store *store, GError **error)
{
    const struct hr_row_flip memory = {
        .ordinal = 1,
        .input = "memory",
        .what = "memory",
        .cheaper_id = platforms[0].id,
        .dearer_id = platforms[1].id,
        .price_id = "dimm",
        .unit = "GiB",
        .value = 32.0,
        .starred = true,
        .changes = true,
        .flip_value = 129.02,
        .factor = 129.02 / 32.0,
        .certainty = "about",
        .text = "from 129.02 USD per GiB up (now 32.00 USD*); about, surely not before 75.88 "
                "USD if a cluster not simulated holds"};
    const struct hr_row_flip labour = {
        .ordinal = 2,
        .input = "labour",
        .what = "an hour of administration",
        .cheaper_id = platforms[0].id,
        .dearer_id = platforms[1].id,
        .price_id = "hour",
        .unit = "hour",
        .value = 66.5,
        .certainty = "certain",
        .text = "never, from 0.6650 USD to 6650.00 USD per hour (now 66.50 USD)"};
    return hr_store_add_flip(store, &memory, error) && hr_store_add_flip(store, &labour, error);
}

/* One host's hour: the four physical quantities add up to its memory. */
static bool add_hour(hr_store *store, int64_t run_id, const struct made_platform *p,
                     bool has_failed, int h, int hour, GError **error)
{
    g_autofree char *host = g_strdup_printf("host-%d", h + 1);
    const char *phase = has_failed ? "failure" : "normal";
    double share = has_failed ? (double)p->hosts / (p->hosts - 1) : 1.0;
    bool is_day = hour % 168 < 120 && hour % 24 >= 8 && hour % 24 < 18;
    double total = (double)memory_mib(p);
    double own = 0.02 * total + 2048;
    double active = (is_day ? 0.24 : 0.13) * total * share + 300.0 * ((hour * 7 + h * 3) % 11);
    double held =
        fmin(0.66 * total * share + (is_day ? 0.05 * total : 0.0), total - own - 4096);
    double reclaimed = p->overcommit > 1.2 ? fmax(0.0, 0.78 * total * share - held) : 0.0;
    const struct {
        const char *metric;
        double mib;
    } rows[] = {
        {"hypervisor_mib", own},
        {"active_mib", active},
        {"idle_mib", held - active},
        {"free_mib", total - own - held},
        {"shared_mib", p->overcommit > 1.2 ? 0.06 * total : 0.0},
        {"ballooned_mib", reclaimed * 0.8},
        {"compressed_mib", p->overcommit > 1.5 ? reclaimed * 0.1 : 0.0},
        {"swapped_mib", p->overcommit > 1.5 ? reclaimed * 0.1 : 0.0},
        {"demand_mib", held * 0.9},
        {"configured_mib", total * p->overcommit * share},
        {"cpu_mhz", is_day ? 31000.0 : 12000.0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t mib = (int64_t)llround(rows[i].mib);
        const struct hr_row_series row = {phase,        host, rows[i].metric, hour,
                                          mib * 9 / 10, mib,  mib * 11 / 10};
        if (!hr_store_add_series(store, run_id, &row, error)) {
            return false;
        }
    }
    return true;
}

/* The guests of host-1 lose it; four at a time run again, but for every 40th of them. */
static double restart_of(int nth_lost)
{
    return 190.0 + nth_lost / 4 * 180.0;
}

static bool add_guest(hr_store *store, int64_t run_id, const struct made_study *what,
                      const struct made_platform *p, int i, GError **error)
{
    static const char *const roles[] = {"sql", "web", "terminal-server", "file"};
    int n_hosts = hosts_of(what, p);
    bool is_lost = i % n_hosts == 0;
    int nth = i / n_hosts;
    bool is_back = nth % 40 != 39;
    g_autofree char *host = g_strdup_printf("host-%d", i % n_hosts + 1);
    g_autofree char *name = g_strdup_printf(
        what->n_guests > 100 ? "production-customer-portal-reporting-backend-%04d"
                             : "guest-%02d",
        i);
    bool ok = true;
    for (int phase = 0; ok && phase < 2; phase++) {
        double p95 =
            (phase == 0 ? p->slowdown : p->failure_slowdown) * (i < 30 ? 1.0 / (i + 1) : 0.0);
        const struct hr_row_guest_result row = {.name = name,
                                                .role = roles[i % 4],
                                                .os = "linux-5",
                                                .host = host,
                                                .size_mib = 8192,
                                                .lost_host = is_lost,
                                                .restarted = is_lost && is_back,
                                                .restart_s = is_lost ? restart_of(nth) : 0.0,
                                                .phase = phase == 0 ? "normal" : "failure",
                                                .slowdown_mean = p95 * 0.5,
                                                .slowdown_p95 = p95,
                                                .slowdown_p99 = p95 * 1.4,
                                                .slowdown_max = p95 * 2.0,
                                                .above_level_min = phase * 5.0,
                                                .cause_cpu = p95 * 0.3,
                                                .cause_lost_cache = p95 * 0.2,
                                                .granted_mean_mib = 8192.0};
        ok = hr_store_add_guest_result(store, run_id, &row, error);
    }
    if (ok && is_lost) {
        g_autofree char *other = g_strdup_printf("host-%d", nth % (n_hosts - 1) + 2);
        const struct hr_row_event event = {.phase = "failure",
                                           .t_s = FAILED_FROM_H * 3600.0 + restart_of(nth),
                                           .code = is_back ? "restarted" : "not_restarted",
                                           .host = is_back ? other : "",
                                           .guest = name};
        ok = hr_store_add_event(store, run_id, &event, error);
    }
    return ok;
}

static bool add_guests(hr_store *store, int64_t run_id, const struct made_study *what,
                       const struct made_platform *p, GError **error)
{
    const struct hr_row_event failed = {.phase = "failure",
                                        .t_s = FAILED_FROM_H * 3600.0,
                                        .code = "host_failed",
                                        .host = "host-1",
                                        .guest = ""};
    bool ok = hr_store_add_event(store, run_id, &failed, error);
    int n = what->n_guests > 0 ? what->n_guests : 44;
    for (int i = 0; ok && i < n; i++) {
        ok = add_guest(store, run_id, what, p, i, error);
    }
    return ok;
}

static bool add_runs(hr_store *store, const struct made_study *what,
                     const struct made_platform *p, GError **error)
{
    const struct hr_row_scenario scenario = {p->id, "guests: 44\n"};
    int64_t scenario_id = 0;
    int64_t run_id = 0;
    bool ok = hr_store_add_scenario(store, &scenario, &scenario_id, error);
    for (int r = REPLICATIONS - 1; ok && r >= 0; r--) {
        const struct hr_row_run run = {.replication = r,
                                       .seed = 1,
                                       .status = "done",
                                       .slowdown_p95_worst = p->slowdown * (1.0 + 0.1 * r),
                                       .failure_slowdown_p95_worst =
                                           p->failure_slowdown * (1.0 - 0.1 * r),
                                       .cpu_util_mean = 0.314,
                                       .n_lost_host = 15,
                                       .restart_max_s = 412.0,
                                       .failure_t_s = FAILED_FROM_H * 3600.0};
        ok = hr_store_add_run(store, scenario_id, &run, &run_id, error);
    }
    ok = ok && add_guests(store, run_id, what, p, error);
    for (int h = 0; ok && h < hosts_of(what, p); h++) {
        for (int hour = 0; ok && hour < HOURS; hour++) {
            ok = add_hour(store, run_id, p, false, h, hour, error);
        }
        for (int k = 0; ok && h > 0 && k < FAILED_H; k++) {
            ok = add_hour(store, run_id, p, true, h, FAILED_FROM_H + k, error);
        }
    }
    return ok;
}

static bool add_notes(hr_store *store, const struct made_study *what, GError **error)
{
    static const struct hr_row_finding findings[] = {
        {"estate.csv", 17, "skipped", "no memory size", "row left out: no memory size"},
        {"estate.csv", 31, "mended", "decimal comma", "'4096,0' read as 4096"},
        {"estate.csv", 44, "mended", "decimal comma", "'2048,0' read as 2048"},
        {"estate.csv", 0, "note", "unknown column", "column 'colour' is not used"},
    };
    static const struct hr_row_assumption assumptions[] = {
        {"memory", "a guest touches 61 % of its configured memory within a week",
         "role profiles"},
        {"cost", "servers are kept for the whole horizon", "assumed"},
    };
    const struct hr_row_provenance provenance[] = {
        {"inventory file", what->title},
        {"inventory SHA-256",
         "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
        {"price book SHA-256",
         "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"},
    };
    bool ok = true;
    for (size_t i = 0; ok && i < G_N_ELEMENTS(findings); i++) {
        ok = hr_store_add_finding(store, &findings[i], error);
    }
    for (int i = 0; ok && i < what->n_findings; i++) {
        const struct hr_row_finding more = {"estate.csv", i + 50, "mended", "decimal comma",
                                            "'1,5' read as 1.5"};
        ok = hr_store_add_finding(store, &more, error);
    }
    for (size_t i = 0; ok && i < G_N_ELEMENTS(assumptions); i++) {
        ok = hr_store_add_assumption(store, &assumptions[i], error);
    }
    for (size_t i = 0; ok && i < G_N_ELEMENTS(provenance); i++) {
        ok = hr_store_add_provenance(store, &provenance[i], error);
    }
    return ok;
}

static bool fill(hr_store *store, const struct made_study *what, GError **error)
{
    const struct hr_row_study study = {.kind = "size",
                                       .title = what->title,
                                       .command = "headroom size estate.csv",
                                       .program_version = "0.1.0",
                                       .currency = "USD",
                                       .price_book = "2026",
                                       .price_month = "2026-01",
                                       .seed = 1,
                                       .days = 14,
                                       .replications = 10,
                                       .years = YEARS,
                                       .spare_hosts = 1,
                                       .slowdown_level = 0.05,
                                       .discount_rate = 0.07,
                                       .powered_off = "storage",
                                       .guests = 47,
                                       .powered_on = 44,
                                       .templates = 2,
                                       .vcpus = 257,
                                       .memory_mib = 1224168,
                                       .running = 44,
                                       .running_end = 44,
                                       .disk_gib = 21480.5};
    bool ok = hr_store_begin_study(store, &study, error);
    for (int i = 0; ok && i < what->n_platforms; i++) {
        ok = add_platform(store, what, &platforms[i], i + 1, error);
        if (ok && !what->is_bare) {
            ok = add_candidates(store, &platforms[i], error) &&
                 (!has_answer(what, i + 1) || (add_cost(store, &platforms[i], error) &&
                                               add_swings(store, &platforms[i], error) &&
                                               add_runs(store, what, &platforms[i], error)));
        }
    }
    if (ok && !what->is_bare && has_answer(what, 1) && has_answer(what, 2)) {
        ok = add_flips(store, error);
    }
    return ok && (what->is_bare || add_notes(store, what, error));
}

bool make_study(const char *path, const struct made_study *what, GError **error)
{
    hr_store *store = hr_store_open_write(path, error);
    bool ok =
        store != NULL && fill(store, what, error) && hr_store_commit_study(store, NULL, error);
    hr_store_close(store);
    return ok;
}
