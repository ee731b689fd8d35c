/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views: what reports show and users ask. Money is in units of the study's currency, memory
 * in GiB; all have study_id, and platform_id where they speak of one platform. */
#include "store/schema.h"
#include "store/schema_change.h"

#define RUNS    "scenario AS c JOIN run AS r ON r.scenario_id = c.scenario_id\n"
#define RUN_KEY "c.study_id, c.platform_id, c.scenario_id, r.replication"

static const char answer_sql[] =
    "CREATE VIEW v_answer AS\n"
    "-- one row per platform, by rank, with the static floor beside it\n"
    "SELECT p.study_id, p.rank, p.platform_id, p.name AS platform, p.policy, p.feasible,\n"
    "  p.server_id, p.server_name AS server, p.hosts, p.dimm_gib, p.n_dimms,\n"
    "  p.memory_mib_per_host / 1024.0 AS memory_gib_per_host,\n"
    "  p.hosts * p.memory_mib_per_host / 1024.0 AS memory_gib,\n"
    "  p.cores_per_host, p.hosts * p.cores_per_host AS cores, p.overcommit_ratio,\n"
    "  p.slowdown_p95, p.slowdown_p95_low, p.slowdown_p95_high, p.failure_slowdown_p95,\n"
    "  p.failure_slowdown_p95_low, p.failure_slowdown_p95_high, p.worst_guest, "
    "p.failure_worst_guest,\n"
    "  p.swapped_min, p.paged_min, p.cpu_util_mean, p.guests_lost_host,\n"
    "  p.guests_not_restarted, p.restart_max_s, p.failure_outcome,\n"
    "  p.capex_cents / 100.0 AS capex, p.opex_cents / 100.0 AS opex, p.tco_cents / 100.0\n"
    "    AS tco,\n"
    "  p.tco_low_cents / 100.0 AS tco_low, p.tco_high_cents / 100.0 AS tco_high,\n"
    "  p.capex_cash_cents / 100.0 AS capex_cash, p.opex_cash_cents / 100.0 AS opex_cash,\n"
    "  p.tco_cash_cents / 100.0 AS tco_cash,\n"
    "  p.cost_per_guest_cents / 100.0 AS cost_per_guest,\n"
    "  p.tco_cents / 100.0 / nullif(s.running * s.years * 12, 0) AS cost_per_guest_month,\n"
    "  (p.tco_cents - min(CASE WHEN p.feasible THEN p.tco_cents END)\n"
    "    OVER (PARTITION BY p.study_id)) / 100.0 AS tco_above_cheapest,\n"
    "  p.windows_edition, p.binding, p.next_smaller, p.candidates_tried,\n"
    "  p.reserve_guests, p.reserve_at_least, p.largest_guest_mib / 1024.0 AS "
    "largest_guest_gib,\n"
    "  nullif(p.lasts_months, -1) AS lasts_months, p.lasts_at_least,\n"
    "  p.buy, p.staged_plan, nullif(p.start_tco_cents, -1) / 100.0 AS start_tco,\n"
    "  nullif(p.staged_tco_cents, -1) / 100.0 AS staged_tco,\n"
    "  f.hosts AS floor_hosts,\n"
    "  f.memory_mib_per_host / 1024.0 AS floor_memory_gib_per_host,\n"
    "  f.binding AS floor_binding, f.tco_cents / 100.0 AS floor_tco,\n"
    "  f.difference AS floor_difference, s.currency, s.years, s.running, s.running_end\n"
    "FROM platform AS p JOIN study AS s ON s.study_id = p.study_id\n"
    "LEFT JOIN floor AS f ON f.study_id = p.study_id AND f.platform_id = p.platform_id";

static const char periods_sql[] =
    "CREATE VIEW v_periods AS\n"
    "-- what runs on a platform's cluster when, and how much of the processors it uses\n"
    "SELECT p.study_id, p.rank, p.platform_id, p.name AS platform,\n"
    "  d.from_month / 12 + 1 AS year, d.from_month, d.to_month, d.hosts, d.guests,\n"
    "  d.demand_factor, d.cpu_util_mean\n"
    "FROM period AS d JOIN platform AS p\n"
    "  ON p.study_id = d.study_id AND p.platform_id = d.platform_id";

static const char floor_sql[] =
    "CREATE VIEW v_floor AS\n"
    "-- the spreadsheet's answer per platform, against the simulated one\n"
    "SELECT f.study_id, p.rank, f.platform_id, p.name AS platform, f.server_id, f.hosts,\n"
    "  f.dimm_gib, f.n_dimms, f.memory_mib_per_host / 1024.0 AS memory_gib_per_host,\n"
    "  f.hosts_memory, f.hosts_cpu, f.binding, f.capex_cents / 100.0 AS capex,\n"
    "  f.opex_cents / 100.0 AS opex, f.tco_cents / 100.0 AS tco,\n"
    "  p.hosts AS simulated_hosts,\n"
    "  p.memory_mib_per_host / 1024.0 AS simulated_memory_gib_per_host,\n"
    "  p.tco_cents / 100.0 AS simulated_tco,\n"
    "  (p.tco_cents - f.tco_cents) / 100.0 AS tco_above_floor, f.difference\n"
    "FROM floor AS f JOIN platform AS p\n"
    "  ON p.study_id = f.study_id AND p.platform_id = f.platform_id";

static const char candidates_sql[] =
    "CREATE VIEW v_candidates AS\n"
    "-- every cluster that was tried; chosen marks the platform's answer\n"
    "SELECT k.study_id, k.platform_id, p.name AS platform, k.ordinal, k.server_id,\n"
    "  k.hosts,\n"
    "  k.dimm_gib, k.n_dimms, k.memory_mib_per_host / 1024.0 AS memory_gib_per_host,\n"
    "  k.hosts * k.memory_mib_per_host / 1024.0 AS memory_gib,\n"
    "  k.lower_bound_cents / 100.0 AS lower_bound, k.verdict, k.replications,\n"
    "  k.broken_constraint, nullif(k.tco_cents, -1) / 100.0 AS tco,\n"
    "  p.feasible AND k.verdict = 'feasible' AND k.server_id = p.server_id\n"
    "    AND k.hosts = p.hosts AND k.dimm_gib = p.dimm_gib AND k.n_dimms = p.n_dimms\n"
    "    AS chosen\n"
    "FROM candidate AS k JOIN platform AS p\n"
    "  ON p.study_id = k.study_id AND p.platform_id = k.platform_id";

static const char runs_sql[] =
    "CREATE VIEW v_runs AS\n"
    "-- key metrics of every simulation\n"
    "SELECT " RUN_KEY ", r.run_id, r.seed, r.status,\n"
    "  r.slowdown_p95_worst, r.failure_slowdown_p95_worst, r.slowdown_mean,\n"
    "    r.swapped_min,\n"
    "  r.paged_min, r.cpu_util_mean, r.storage_util_mean, r.n_refused, r.n_lost_host,\n"
    "  r.n_not_restarted, r.restart_max_s, r.failure_t_s\n"
    "FROM " RUNS;

static const char host_failure_sql[] =
    "CREATE VIEW v_host_failure AS\n"
    "-- what the loss of the spare hosts did, over all replications of a platform\n"
    "SELECT p.study_id, p.rank, p.platform_id, p.name AS platform, p.hosts,\n"
    "  count(r.run_id) AS replications, avg(r.slowdown_p95_worst) AS normal_slowdown_p95,\n"
    "  avg(r.failure_slowdown_p95_worst) AS failure_slowdown_p95,\n"
    "  max(r.failure_slowdown_p95_worst) AS failure_slowdown_p95_max,\n"
    "  max(r.n_lost_host) AS lost_host_max, max(r.n_not_restarted) AS not_restarted_max,\n"
    "  max(r.restart_max_s) AS restart_max_s, p.failure_outcome\n"
    "FROM platform AS p\n"
    "LEFT JOIN scenario AS c ON c.study_id = p.study_id AND c.platform_id = p.platform_id\n"
    "LEFT JOIN run AS r ON r.scenario_id = c.scenario_id\n"
    "GROUP BY p.study_id, p.platform_id";

static const char guests_by_run_sql[] =
    "CREATE VIEW v_guests_by_run AS\n"
    "-- a guest in one simulation: normal operation and the host failure side by side\n"
    "SELECT " RUN_KEY ", n.name AS guest, n.role, n.os, n.host,\n"
    "  n.size_mib / 1024.0 AS size_gib, n.refused, f.lost_host, f.restarted, f.restart_s,\n"
    "  n.slowdown_mean, n.slowdown_p95, n.slowdown_p99, n.slowdown_max,\n"
    "    n.above_level_min,\n"
    "  n.down_min, f.slowdown_mean AS failure_slowdown_mean,\n"
    "  f.slowdown_p95 AS failure_slowdown_p95, f.slowdown_p99 AS failure_slowdown_p99,\n"
    "  f.slowdown_max AS failure_slowdown_max,\n"
    "  f.above_level_min AS failure_above_level_min,\n"
    "  f.down_min AS failure_down_min, n.granted_mean_mib / 1024.0 AS granted_mean_gib,\n"
    "  n.ballooned_mean_mib / 1024.0 AS ballooned_mean_gib,\n"
    "  n.swapped_mean_mib / 1024.0 AS swapped_mean_gib,\n"
    "  n.compressed_mean_mib / 1024.0 AS compressed_mean_gib\n"
    "FROM " RUNS "JOIN guest_result AS n ON n.run_id = r.run_id AND n.phase = 'normal'\n"
    "LEFT JOIN guest_result AS f\n"
    "  ON f.run_id = r.run_id AND f.name = n.name AND f.phase = 'failure'";

static const char guests_sql[] =
    "CREATE VIEW v_guests AS\n"
    "-- a guest over all replications: means of the slowdowns, worst of the rest\n"
    "SELECT study_id, platform_id, scenario_id, guest, role, os, size_gib,\n"
    "  count(*) AS replications, max(refused) AS refused, max(lost_host) AS lost_host,\n"
    "  max(lost_host AND NOT restarted) AS not_restarted,\n"
    "  max(restart_s) AS restart_max_s,\n"
    "  avg(slowdown_mean) AS slowdown_mean, avg(slowdown_p95) AS slowdown_p95,\n"
    "  avg(slowdown_p99) AS slowdown_p99, max(slowdown_max) AS slowdown_max,\n"
    "  avg(above_level_min) AS above_level_min, avg(down_min) AS down_min,\n"
    "  avg(failure_slowdown_mean) AS failure_slowdown_mean,\n"
    "  avg(failure_slowdown_p95) AS failure_slowdown_p95,\n"
    "  avg(failure_slowdown_p99) AS failure_slowdown_p99,\n"
    "  max(failure_slowdown_max) AS failure_slowdown_max,\n"
    "  avg(failure_above_level_min) AS failure_above_level_min,\n"
    "  avg(failure_down_min) AS failure_down_min,\n"
    "  avg(granted_mean_gib) AS granted_mean_gib,\n"
    "  avg(ballooned_mean_gib) AS ballooned_mean_gib,\n"
    "  avg(swapped_mean_gib) AS swapped_mean_gib,\n"
    "  avg(compressed_mean_gib) AS compressed_mean_gib\n"
    "FROM v_guests_by_run\n"
    "GROUP BY study_id, platform_id, scenario_id, guest";

static const char causes_sql[] =
    "CREATE VIEW v_slowdown_causes AS\n"
    "-- what made guests wait: mean over guests and replications\n"
    "-- the causes of a phase add up to the mean slowdown\n"
    "WITH kind (cause) AS (\n"
    "  VALUES ('guest_paging'), ('host_swap'), ('decompression'), ('lost_cache'),\n"
    "    ('tier'), ('balloon'), ('cpu'), ('storage')\n"
    "), part AS (\n"
    "  SELECT c.study_id, c.platform_id, c.scenario_id, g.phase, k.cause,\n"
    "    CASE k.cause WHEN 'guest_paging' THEN g.cause_guest_paging\n"
    "      WHEN 'host_swap' THEN g.cause_host_swap\n"
    "      WHEN 'decompression' THEN g.cause_decompression\n"
    "      WHEN 'lost_cache' THEN g.cause_lost_cache\n"
    "      WHEN 'tier' THEN g.cause_tier WHEN 'balloon' THEN g.cause_balloon WHEN 'cpu' THEN "
    "g.cause_cpu\n"
    "      WHEN 'storage' THEN g.cause_storage END AS slowdown\n"
    "  FROM " RUNS "  JOIN guest_result AS g ON g.run_id = r.run_id JOIN kind AS k\n"
    ")\n"
    "SELECT study_id, platform_id, scenario_id, phase, cause,\n"
    "  avg(slowdown) AS slowdown_mean, max(slowdown) AS slowdown_worst_guest\n"
    "FROM part GROUP BY study_id, platform_id, scenario_id, phase, cause";

static const char hosts_over_time_sql[] =
    "CREATE VIEW v_hosts_over_time AS\n"
    "-- the hourly series of every host, in MiB or MHz as metric says\n"
    "SELECT " RUN_KEY ", h.phase, h.host, h.hour, h.metric, h.min, h.mean, h.max\n"
    "FROM " RUNS "JOIN host_series AS h ON h.run_id = r.run_id";

static const char hosts_sql[] =
    "CREATE VIEW v_hosts AS\n"
    "-- a host over a whole phase: before and after the failure\n"
    "SELECT " RUN_KEY ", h.phase, h.host, h.metric, count(*) AS hours, min(h.min) AS min,\n"
    "  avg(h.mean) AS mean, max(h.max) AS max\n"
    "FROM " RUNS "JOIN host_series AS h ON h.run_id = r.run_id\n"
    "GROUP BY " RUN_KEY ", h.phase, h.host, h.metric";

static const char memory_sql[] =
    "CREATE VIEW v_memory_over_time AS\n"
    "-- memory of all hosts together, hour by hour; min_sum and max_sum add up the hosts'\n"
    "-- own extremes, which need not coincide, and so bound the cluster's\n"
    "SELECT " RUN_KEY ", h.phase, h.hour, h.metric, count(*) AS hosts,\n"
    "  sum(h.mean) / 1024.0 AS gib, sum(h.min) / 1024.0 AS min_sum_gib,\n"
    "  sum(h.max) / 1024.0 AS max_sum_gib\n"
    "FROM " RUNS "JOIN host_series AS h ON h.run_id = r.run_id\n"
    "WHERE h.metric <> 'cpu_mhz'\n"
    "GROUP BY " RUN_KEY ", h.phase, h.hour, h.metric";

static const char cpu_sql[] =
    "CREATE VIEW v_cpu_over_time AS\n"
    "-- processor of all hosts together, hour by hour\n"
    "SELECT " RUN_KEY ", h.phase, h.hour, count(*) AS hosts, sum(h.mean) / 1000.0 AS ghz,\n"
    "  sum(h.min) / 1000.0 AS min_sum_ghz, sum(h.max) / 1000.0 AS max_sum_ghz\n"
    "FROM " RUNS "JOIN host_series AS h ON h.run_id = r.run_id\n"
    "WHERE h.metric = 'cpu_mhz'\n"
    "GROUP BY " RUN_KEY ", h.phase, h.hour";

static const char events_sql[] =
    "CREATE VIEW v_events AS\n"
    "-- what happened when, in hours since the start\n"
    "SELECT " RUN_KEY ", e.event_id, e.phase, e.t_s / 3600.0 AS t_h, e.code, e.host, e.guest\n"
    "FROM " RUNS "JOIN event AS e ON e.run_id = r.run_id";

static const char cost_lines_sql[] =
    "CREATE VIEW v_cost_lines AS\n"
    "-- the worksheet: units x price = cash, discounted amount, with rule and source\n"
    "SELECT l.study_id, l.platform_id, p.name AS platform, l.ordinal, l.category, l.kind,\n"
    "  l.year, l.month, l.item, l.rule, l.units_micro / 1000000.0 AS units, l.unit,\n"
    "  l.price_micro / 1000000.0 AS price, l.price_id, l.status, l.starred, l.source,\n"
    "  l.cash_cents / 100.0 AS cash, l.amount_cents / 100.0 AS amount\n"
    "FROM cost_line AS l JOIN platform AS p\n"
    "  ON p.study_id = l.study_id AND p.platform_id = l.platform_id";

static const char bom_sql[] =
    "CREATE VIEW v_bom AS\n"
    "-- bill of materials: what is bought, item by item; amounts re-add to capex\n"
    "SELECT l.study_id, p.rank, l.platform_id, p.name AS platform, l.ordinal, l.category,\n"
    "  l.month, l.item, l.units_micro / 1000000.0 AS quantity, l.unit, l.price_id,\n"
    "  l.price_micro / 1000000.0 AS unit_price, l.status, l.starred,\n"
    "  l.cash_cents / 100.0 AS cash, l.amount_cents / 100.0 AS amount\n"
    "FROM cost_line AS l JOIN platform AS p\n"
    "  ON p.study_id = l.study_id AND p.platform_id = l.platform_id\n"
    "WHERE l.kind = 'capex'";

static const char energy_sql[] =
    "CREATE VIEW v_energy AS\n"
    "-- electricity a year and what it emits, beside the total cost\n"
    "SELECT e.study_id, p.rank, e.platform_id, p.name AS platform, e.kwh_year,\n"
    "  nullif(e.co2_kg_year, -1) AS co2_kg_year, nullif(e.co2_kg_kwh, -1) AS co2_kg_kwh,\n"
    "  e.intensity_id, e.status, e.status IN ('recalled', 'assumed') AS starred, e.source,\n"
    "  p.tco_cents / 100.0 AS tco\n"
    "FROM energy AS e JOIN platform AS p\n"
    "  ON p.study_id = e.study_id AND p.platform_id = e.platform_id";

static const char keep_sql[] =
    "CREATE VIEW v_keep AS\n"
    "-- what the present hosts can do, beside the platform's new cluster\n"
    "SELECT k.study_id, p.rank, k.platform_id, p.name AS platform, k.variant, k.renews,\n"
    "  k.hosts, k.server_name AS server, k.dimm_gib, k.n_dimms,\n"
    "  k.memory_mib_per_host / 1024.0 AS memory_gib_per_host, k.feasible, k.reason,\n"
    "  k.replications, k.slowdown_p95, k.failure_slowdown_p95,\n"
    "  CASE WHEN k.priced THEN k.capex_cents / 100.0 END AS capex,\n"
    "  CASE WHEN k.priced THEN k.opex_cents / 100.0 END AS opex,\n"
    "  CASE WHEN k.priced THEN k.tco_cents / 100.0 END AS tco,\n"
    "  CASE WHEN k.has_saving THEN k.saving_cents / 100.0 END AS saving,\n"
    "  nullif(k.lasts_months, -1) AS lasts_months, k.lasts_at_least,\n"
    "  CASE WHEN p.feasible THEN p.tco_cents / 100.0 END AS new_tco\n"
    "FROM keep_option AS k JOIN platform AS p\n"
    "  ON p.study_id = k.study_id AND p.platform_id = k.platform_id";

static const char cost_by_category_sql[] =
    "CREATE VIEW v_cost_by_category AS\n"
    "-- discounted amount and cash per category and kind\n"
    "SELECT p.study_id, p.rank, p.platform_id, p.name AS platform, l.category, l.kind,\n"
    "  sum(l.amount_cents) / 100.0 AS amount, sum(l.cash_cents) / 100.0 AS cash\n"
    "FROM cost_line AS l JOIN platform AS p\n"
    "  ON p.study_id = l.study_id AND p.platform_id = l.platform_id\n"
    "GROUP BY p.study_id, p.platform_id, l.category, l.kind";

static const char cost_by_year_sql[] =
    "CREATE VIEW v_cost_by_year AS\n"
    "-- every year from 0 to the last one, years without a payment too; discounted, but\n"
    "-- for cash; cumulative ones for the break-even\n"
    "WITH RECURSIVE calendar (study_id, year, years) AS (\n"
    "  SELECT s.study_id, 0, max(s.years, coalesce((SELECT max(l.year)\n"
    "    FROM cost_line AS l WHERE l.study_id = s.study_id), 0)) FROM study AS s\n"
    "  UNION ALL SELECT study_id, year + 1, years FROM calendar\n"
    "    WHERE year < min(years, 100)\n"
    "), by_year AS (\n"
    "  SELECT p.study_id, p.rank, p.platform_id, p.name AS platform, y.year,\n"
    "    coalesce(sum(CASE l.kind WHEN 'capex' THEN l.amount_cents END), 0) AS capex,\n"
    "    coalesce(sum(CASE l.kind WHEN 'opex' THEN l.amount_cents END), 0) AS opex,\n"
    "    coalesce(sum(l.amount_cents), 0) AS amount,\n"
    "    coalesce(sum(l.cash_cents), 0) AS cash\n"
    "  FROM platform AS p JOIN calendar AS y ON y.study_id = p.study_id\n"
    "  LEFT JOIN cost_line AS l ON l.study_id = p.study_id\n"
    "    AND l.platform_id = p.platform_id AND l.year = y.year\n"
    "  GROUP BY p.study_id, p.platform_id, y.year\n"
    ")\n"
    "SELECT study_id, rank, platform_id, platform, year, capex / 100.0 AS capex,\n"
    "  opex / 100.0 AS opex, amount / 100.0 AS amount, cash / 100.0 AS cash,\n"
    "  sum(amount) OVER up_to_here / 100.0 AS cumulative_amount,\n"
    "  sum(cash) OVER up_to_here / 100.0 AS cumulative_cash\n"
    "FROM by_year\n"
    "WINDOW up_to_here AS (PARTITION BY study_id, platform_id ORDER BY year)";

static const char prices_sql[] =
    "CREATE VIEW v_prices AS\n"
    "-- every price that entered, once, with its source\n"
    "SELECT DISTINCT l.study_id, l.price_id, l.price_micro / 1000000.0 AS price, l.unit,\n"
    "  l.status, l.starred, l.source\n"
    "FROM cost_line AS l";

static const char findings_sql[] =
    "CREATE VIEW v_findings_summary AS\n"
    "-- data quality: what was found how often, and an example\n"
    "WITH class AS (\n"
    "  SELECT study_id, severity, reason, count(*) AS findings,\n"
    "    count(DISTINCT file) AS files, min(finding_id) AS first_id\n"
    "  FROM finding GROUP BY study_id, severity, reason\n"
    ")\n"
    "SELECT c.study_id, c.severity, c.reason, c.findings, c.files, f.text AS example\n"
    "FROM class AS c JOIN finding AS f ON f.finding_id = c.first_id";

const char *const hr_schema_views[] = {
    answer_sql,
    periods_sql,
    floor_sql,
    candidates_sql,
    runs_sql,
    host_failure_sql,
    guests_by_run_sql,
    guests_sql,
    causes_sql,
    hosts_over_time_sql,
    hosts_sql,
    memory_sql,
    cpu_sql,
    events_sql,
    cost_lines_sql,
    cost_by_category_sql,
    bom_sql,
    energy_sql,
    keep_sql,
    cost_by_year_sql,
    prices_sql,
    findings_sql,
    hr_schema_v_depreciation,
    hr_schema_v_unit_cost,
    hr_schema_flips_view,
    hr_schema_tornado_view,
    hr_schema_tornado_difference_view,
    hr_schema_cliffs_view,
    NULL,
};
