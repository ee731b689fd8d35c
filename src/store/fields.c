/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/fields.h"

#include <stdint.h>

#include <glib.h>

#include "base/error.h"

/* The member's C type decides how it is bound, so the two cannot drift apart. */
/* clang-format off */
#define KIND(type, member)            \
    _Generic(((type *)0)->member,     \
             bool: HR_FIELD_BOOL,     \
             int: HR_FIELD_INT,       \
             int64_t: HR_FIELD_INT64, \
             double: HR_FIELD_REAL,   \
             const char *: HR_FIELD_TEXT)
/* clang-format on */
#define AS(type, member, column)                                                               \
    {                                                                                          \
        column, offsetof(type, member), KIND(type, member)                                     \
    }
#define FIELD(type, member) AS(type, member, #member)
#define OPTIONAL_AS(type, member, column)                                                      \
    {                                                                                          \
        column, offsetof(type, member), HR_FIELD_OPTIONAL_TEXT                                 \
    }

#define F(member) AS(struct hr_study_record, row.member, #member)
static const struct hr_field study_fields[] = {
    FIELD(struct hr_study_record, created_utc),
    F(kind),
    F(title),
    F(command),
    F(program_version),
    F(currency),
    F(price_book),
    F(price_month),
    F(seed),
    F(days),
    F(replications),
    F(years),
    F(spare_hosts),
    F(growth_pct),
    F(demand_growth_pct),
    F(slowdown_level),
    F(discount_rate),
    F(powered_off),
    F(guests),
    F(powered_on),
    F(templates),
    F(vcpus),
    F(memory_mib),
    F(running),
    F(running_end),
    F(disk_gib),
};
#undef F

#define F(member) FIELD(struct hr_row_platform, member)
static const struct hr_field platform_fields[] = {
    F(platform_id),
    F(rank),
    F(name),
    F(policy),
    F(feasible),
    F(server_id),
    F(server_name),
    F(hosts),
    F(dimm_gib),
    F(n_dimms),
    F(memory_mib_per_host),
    F(cores_per_host),
    F(overcommit_ratio),
    F(slowdown_p95),
    F(slowdown_p95_low),
    F(slowdown_p95_high),
    F(failure_slowdown_p95),
    F(failure_slowdown_p95_low),
    F(failure_slowdown_p95_high),
    F(worst_guest),
    OPTIONAL_AS(struct hr_row_platform, failure_worst_guest, "failure_worst_guest"),
    F(swapped_min),
    F(paged_min),
    F(cpu_util_mean),
    F(guests_lost_host),
    F(guests_not_restarted),
    F(restart_max_s),
    F(failure_outcome),
    F(capex_cents),
    F(opex_cents),
    F(tco_cents),
    F(tco_low_cents),
    F(tco_high_cents),
    F(capex_cash_cents),
    F(opex_cash_cents),
    F(tco_cash_cents),
    F(cost_per_guest_cents),
    OPTIONAL_AS(struct hr_row_platform, windows_edition, "windows_edition"),
    F(binding),
    F(next_smaller),
    F(candidates_tried),
    F(reserve_guests),
    F(reserve_at_least),
    F(largest_guest_mib),
    F(buy),
    OPTIONAL_AS(struct hr_row_platform, staged_plan, "staged_plan"),
    F(start_tco_cents),
    F(staged_tco_cents),
    F(lasts_months),
    F(lasts_at_least),
};
#undef F

#define F(member) FIELD(struct hr_row_period, member)
static const struct hr_field period_fields[] = {
    F(platform_id), F(from_month),    F(to_month),      F(hosts),
    F(guests),      F(demand_factor), F(cpu_util_mean),
};
#undef F

#define F(member) FIELD(struct hr_row_floor, member)
static const struct hr_field floor_fields[] = {
    F(platform_id),         F(server_id),    F(hosts),      F(dimm_gib), F(n_dimms),
    F(memory_mib_per_host), F(hosts_memory), F(hosts_cpu),  F(binding),  F(capex_cents),
    F(opex_cents),          F(tco_cents),    F(difference),
};
#undef F

#define F(member) FIELD(struct hr_row_candidate, member)
static const struct hr_field candidate_fields[] = {
    F(platform_id),
    F(ordinal),
    F(server_id),
    F(hosts),
    F(dimm_gib),
    F(n_dimms),
    F(memory_mib_per_host),
    F(lower_bound_cents),
    F(verdict),
    F(replications),
    OPTIONAL_AS(struct hr_row_candidate, constraint, "broken_constraint"),
    F(tco_cents),
};
#undef F

#define F(member) FIELD(struct hr_row_scenario, member)
static const struct hr_field scenario_fields[] = {F(platform_id), F(yaml)};
#undef F

#define F(member) FIELD(struct hr_row_run, member)
static const struct hr_field run_fields[] = {
    F(replication),
    F(seed),
    F(status),
    F(slowdown_p95_worst),
    F(failure_slowdown_p95_worst),
    F(slowdown_mean),
    F(swapped_min),
    F(paged_min),
    F(cpu_util_mean),
    F(storage_util_mean),
    F(n_refused),
    F(n_lost_host),
    F(n_not_restarted),
    F(restart_max_s),
    F(failure_t_s),
};
#undef F

#define F(member) FIELD(struct hr_row_guest_result, member)
static const struct hr_field guest_result_fields[] = {
    F(name),
    F(phase),
    F(role),
    F(os),
    F(host),
    F(size_mib),
    F(refused),
    F(lost_host),
    F(restarted),
    F(restart_s),
    F(slowdown_mean),
    F(slowdown_p95),
    F(slowdown_p99),
    F(slowdown_max),
    F(above_level_min),
    F(down_min),
    F(cause_guest_paging),
    F(cause_host_swap),
    F(cause_decompression),
    F(cause_lost_cache),
    F(cause_tier),
    F(cause_balloon),
    F(cause_cpu),
    F(cause_storage),
    F(granted_mean_mib),
    F(ballooned_mean_mib),
    F(swapped_mean_mib),
    F(compressed_mean_mib),
};
#undef F

#define F(member) FIELD(struct hr_row_series, member)
static const struct hr_field series_fields[] = {
    F(phase), F(host), F(metric), F(hour), F(min), F(mean), F(max),
};
#undef F

#define F(member) FIELD(struct hr_row_event, member)
static const struct hr_field event_fields[] = {
    F(phase),
    F(t_s),
    F(code),
    OPTIONAL_AS(struct hr_row_event, host, "host"),
    OPTIONAL_AS(struct hr_row_event, guest, "guest"),
};
#undef F

#define F(member) FIELD(struct hr_row_cost_line, member)
static const struct hr_field cost_line_fields[] = {
    F(platform_id), F(ordinal), F(category),    F(kind),       F(year),         F(month),
    F(item),        F(rule),    F(units_micro), F(unit),       F(price_micro),  F(price_id),
    F(status),      F(starred), F(source),      F(cash_cents), F(amount_cents),
};
#undef F

#define F(member) FIELD(struct hr_row_depreciation, member)
static const struct hr_field depreciation_fields[] = {
    F(platform_id), F(category), F(year), F(depreciation_cents), F(book_value_cents),
};
#undef F

#define F(member) FIELD(struct hr_row_delivered, member)
static const struct hr_field delivered_fields[] = {
    F(platform_id),
    F(guest_months),
    F(memory_mib_months),
};
#undef F

#define F(member) FIELD(struct hr_row_flip, member)
static const struct hr_field flip_fields[] = {
    F(ordinal), F(input),   F(what),    F(cheaper_id), F(dearer_id), F(price_id),  F(unit),
    F(value),   F(starred), F(changes), F(flip_value), F(factor),    F(certainty), F(text),
};
#undef F

#define F(member) FIELD(struct hr_row_swing, member)
static const struct hr_field tornado_fields[] = {
    F(platform_id), F(ordinal),   F(input),      F(name),   F(kind),    F(value_micro), F(unit),
    F(base_cents),  F(low_cents), F(high_cents), F(status), F(starred), F(source),
};
#undef F

#define F(member) FIELD(struct hr_row_cliff, member)
static const struct hr_field cliff_fields[] = {
    F(platform_id), F(ordinal),          F(month), F(event),
    F(extra_cents), F(extra_year_cents), F(text),
};
#undef F

#define F(member) FIELD(struct hr_row_cost_price, member)
static const struct hr_field cost_price_fields[] = {
    F(platform_id), F(ordinal), F(position),    F(price_id),
    F(price_micro), F(use),     F(units_micro), F(share),
};
#undef F

#define F(member) FIELD(struct hr_row_energy, member)
static const struct hr_field energy_fields[] = {
    F(platform_id),
    F(kwh_year),
    F(co2_kg_year),
    F(co2_kg_kwh),
    OPTIONAL_AS(struct hr_row_energy, intensity_id, "intensity_id"),
    OPTIONAL_AS(struct hr_row_energy, status, "status"),
    OPTIONAL_AS(struct hr_row_energy, source, "source"),
};
#undef F

#define F(member) FIELD(struct hr_row_keep_option, member)
static const struct hr_field keep_option_fields[] = {
    F(platform_id),
    F(variant),
    F(renews),
    F(hosts),
    F(server_name),
    F(dimm_gib),
    F(n_dimms),
    F(memory_mib_per_host),
    F(feasible),
    OPTIONAL_AS(struct hr_row_keep_option, reason, "reason"),
    F(replications),
    F(slowdown_p95),
    F(failure_slowdown_p95),
    F(priced),
    F(capex_cents),
    F(opex_cents),
    F(tco_cents),
    F(has_saving),
    F(saving_cents),
    F(lasts_months),
    F(lasts_at_least),
};
#undef F

#define F(member) FIELD(struct hr_row_finding, member)
static const struct hr_field finding_fields[] = {
    F(file), F(line), F(severity), F(reason), F(text),
};
#undef F

#define F(member) FIELD(struct hr_row_assumption, member)
static const struct hr_field assumption_fields[] = {F(topic), F(text), F(source)};
#undef F

#define F(member) FIELD(struct hr_row_provenance, member)
static const struct hr_field provenance_fields[] = {F(key), F(value)};
#undef F

#define F(member) FIELD(struct hr_row_sweep, member)
static const struct hr_field sweep_fields[] = {
    F(yaml),    F(digest),  F(base_digest), F(design), F(design_seed),
    F(planned), F(dropped), F(shard),       F(shards), F(complete),
};
#undef F

#define F(member) FIELD(struct hr_row_sweep_axis, member)
static const struct hr_field sweep_axis_fields[] = {
    F(axis), F(name), F(kind), F(path), F(unit), F(scale), F(is_number),
};
#undef F

#define F(member) FIELD(struct hr_row_sweep_platform, member)
static const struct hr_field sweep_platform_fields[] = {F(platform_id), F(name), F(policy)};
#undef F

#define F(member) FIELD(struct hr_row_point, member)
static const struct hr_field point_fields[] = {
    F(point),
    F(platform_id),
    F(status),
    OPTIONAL_AS(struct hr_row_point, message, "message"),
    F(simulated_as),
    F(replications),
    F(feasible),
    OPTIONAL_AS(struct hr_row_point, broken, "broken"),
    F(hosts),
    F(memory_mib_per_host),
    F(guests),
    F(overcommit_ratio),
    F(slowdown_p95),
    F(slowdown_p95_low),
    F(slowdown_p95_high),
    F(failure_slowdown_p95),
    F(failure_slowdown_p95_low),
    F(failure_slowdown_p95_high),
    F(swapped_min),
    F(paged_min),
    F(ballooned_mean_mib),
    F(cpu_util_mean),
    F(guests_not_restarted),
    F(restart_max_s),
    F(capex_cents),
    F(opex_cents),
    F(tco_cents),
    F(cost_per_guest_cents),
};
#undef F

#define F(member) FIELD(struct hr_row_point_value, member)
static const struct hr_field point_value_fields[] = {
    F(point),
    F(axis),
    {"number", offsetof(struct hr_row_point_value, number), HR_FIELD_OPTIONAL_REAL},
    F(text),
};
#undef F

#define F(member) FIELD(struct hr_row_sobol_index, member)
#define MAYBE(member)                                                                          \
    {                                                                                          \
#member, offsetof(struct hr_row_sobol_index, member), HR_FIELD_OPTIONAL_REAL           \
    }
static const struct hr_field sobol_index_fields[] = {
    F(axis),      F(output),     F(method),    F(samples),       F(first),
    F(first_low), F(first_high), MAYBE(total), MAYBE(total_low), MAYBE(total_high),
};
#undef MAYBE
#undef F

#define TABLE(name, parent, id, fields)                                                        \
    {                                                                                          \
        name, parent, id, fields, G_N_ELEMENTS(fields)                                         \
    }
static const struct hr_table_info tables[HR_TABLE__COUNT] = {
    [HR_TABLE_STUDY] = TABLE("study", "study_id", NULL, study_fields),
    [HR_TABLE_PLATFORM] = TABLE("platform", "study_id", NULL, platform_fields),
    [HR_TABLE_PERIOD] = TABLE("period", "study_id", NULL, period_fields),
    [HR_TABLE_FLOOR] = TABLE("floor", "study_id", NULL, floor_fields),
    [HR_TABLE_CANDIDATE] = TABLE("candidate", "study_id", NULL, candidate_fields),
    [HR_TABLE_SCENARIO] = TABLE("scenario", "study_id", "scenario_id", scenario_fields),
    [HR_TABLE_RUN] = TABLE("run", "scenario_id", "run_id", run_fields),
    [HR_TABLE_GUEST_RESULT] = TABLE("guest_result", "run_id", NULL, guest_result_fields),
    [HR_TABLE_HOST_SERIES] = TABLE("host_series", "run_id", NULL, series_fields),
    [HR_TABLE_EVENT] = TABLE("event", "run_id", NULL, event_fields),
    [HR_TABLE_COST_LINE] = TABLE("cost_line", "study_id", NULL, cost_line_fields),
    [HR_TABLE_DEPRECIATION] = TABLE("depreciation", "study_id", NULL, depreciation_fields),
    [HR_TABLE_DELIVERED] = TABLE("delivered", "study_id", NULL, delivered_fields),
    [HR_TABLE_FLIP] = TABLE("flip", "study_id", NULL, flip_fields),
    [HR_TABLE_TORNADO] = TABLE("tornado", "study_id", NULL, tornado_fields),
    [HR_TABLE_CLIFF] = TABLE("cliff", "study_id", NULL, cliff_fields),
    [HR_TABLE_COST_PRICE] = TABLE("cost_price", "study_id", NULL, cost_price_fields),
    [HR_TABLE_ENERGY] = TABLE("energy", "study_id", NULL, energy_fields),
    [HR_TABLE_KEEP_OPTION] = TABLE("keep_option", "study_id", NULL, keep_option_fields),
    [HR_TABLE_FINDING] = TABLE("finding", "study_id", NULL, finding_fields),
    [HR_TABLE_ASSUMPTION] = TABLE("assumption", "study_id", NULL, assumption_fields),
    [HR_TABLE_PROVENANCE] = TABLE("provenance", "study_id", NULL, provenance_fields),
    [HR_TABLE_SWEEP] = TABLE("sweep", "study_id", NULL, sweep_fields),
    [HR_TABLE_SWEEP_AXIS] = TABLE("sweep_axis", "study_id", NULL, sweep_axis_fields),
    [HR_TABLE_SWEEP_PLATFORM] =
        TABLE("sweep_platform", "study_id", NULL, sweep_platform_fields),
    [HR_TABLE_POINT] = TABLE("point", "study_id", NULL, point_fields),
    [HR_TABLE_POINT_VALUE] = TABLE("point_value", "study_id", NULL, point_value_fields),
    [HR_TABLE_SOBOL_INDEX] = TABLE("sobol_index", "study_id", NULL, sobol_index_fields),
};

const struct hr_table_info *hr_table_info(enum hr_table table)
{
    hr_assert(table < HR_TABLE__COUNT);
    return &tables[table];
}
