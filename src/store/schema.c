/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/schema.h"

#include <string.h>

#include "base/error.h"
#include "store/db.h"
#include "store/schema_change.h"

static const char study_sql[] =
    "CREATE TABLE study (\n"
    "  -- one answered question\n"
    "  study_id INTEGER PRIMARY KEY,\n"
    "  created_utc TEXT NOT NULL,\n"
    "  kind TEXT NOT NULL CHECK (kind IN ('size', 'simulate', 'sweep')),\n"
    "  title TEXT NOT NULL,\n"
    "  command TEXT NOT NULL,\n"
    "  program_version TEXT NOT NULL,\n"
    "  currency TEXT NOT NULL,\n"
    "  price_book TEXT NOT NULL,\n"
    "  price_month TEXT NOT NULL,\n"
    "  seed INTEGER NOT NULL,\n"
    "  days REAL NOT NULL,\n"
    "  replications INTEGER NOT NULL CHECK (replications >= 0),\n"
    "  years INTEGER NOT NULL CHECK (years BETWEEN 0 AND 100),\n"
    "  spare_hosts INTEGER NOT NULL CHECK (spare_hosts >= 0),\n"
    "  -- a year: of the number of guests, of what each of them asks for\n"
    "  growth_pct REAL NOT NULL,\n"
    "  demand_growth_pct REAL NOT NULL,\n"
    "  -- service level, fraction of time guests may lose\n"
    "  slowdown_level REAL NOT NULL,\n"
    "  -- per year, fraction\n"
    "  discount_rate REAL NOT NULL,\n"
    "  powered_off TEXT NOT NULL CHECK (powered_off IN ('ignore', 'storage', 'full')),\n"
    "  -- of the inventory, without templates\n"
    "  guests INTEGER NOT NULL CHECK (guests >= 0),\n"
    "  powered_on INTEGER NOT NULL CHECK (powered_on >= 0),\n"
    "  templates INTEGER NOT NULL CHECK (templates >= 0),\n"
    "  vcpus INTEGER NOT NULL CHECK (vcpus >= 0),\n"
    "  memory_mib INTEGER NOT NULL CHECK (memory_mib >= 0),\n"
    "  -- guests that run at the start of the simulation\n"
    "  running INTEGER NOT NULL CHECK (running >= 0),\n"
    "  -- with growth, at the end of the horizon\n"
    "  running_end INTEGER NOT NULL CHECK (running_end >= running),\n"
    "  disk_gib REAL NOT NULL\n"
    ") STRICT";

static const char platform_sql[] =
    "CREATE TABLE platform (\n"
    "  -- the answer for one platform: the cheapest cluster that meets the service levels\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  -- 1 is the cheapest feasible one; infeasible ones stand last\n"
    "  rank INTEGER NOT NULL CHECK (rank >= 1),\n"
    "  name TEXT NOT NULL,\n"
    "  policy TEXT NOT NULL CHECK (policy <> ''),\n"
    "  feasible INTEGER NOT NULL CHECK (feasible IN (0, 1)),\n"
    "  server_id TEXT NOT NULL,\n"
    "  server_name TEXT NOT NULL,\n"
    "  hosts INTEGER NOT NULL CHECK (hosts >= 0),\n"
    "  dimm_gib INTEGER NOT NULL CHECK (dimm_gib >= 0),\n"
    "  n_dimms INTEGER NOT NULL CHECK (n_dimms >= 0),\n"
    "  memory_mib_per_host INTEGER NOT NULL CHECK (memory_mib_per_host >= 0),\n"
    "  cores_per_host INTEGER NOT NULL CHECK (cores_per_host >= 0),\n"
    "  -- configured memory of running guests / physical memory of all hosts\n"
    "  overcommit_ratio REAL NOT NULL,\n"
    "  -- worst guest; mean over replications and its 95 % interval; fractions\n"
    "  slowdown_p95 REAL NOT NULL,\n"
    "  slowdown_p95_low REAL NOT NULL,\n"
    "  slowdown_p95_high REAL NOT NULL,\n"
    "  failure_slowdown_p95 REAL NOT NULL,\n"
    "  failure_slowdown_p95_low REAL NOT NULL,\n"
    "  failure_slowdown_p95_high REAL NOT NULL,\n"
    "  worst_guest TEXT NOT NULL,\n"
    "  failure_worst_guest TEXT NOT NULL,\n"
    "  -- guest-minutes per run\n"
    "  swapped_min REAL NOT NULL,\n"
    "  paged_min REAL NOT NULL,\n"
    "  cpu_util_mean REAL NOT NULL,\n"
    "  -- worst replication\n"
    "  guests_lost_host INTEGER NOT NULL CHECK (guests_lost_host >= 0),\n"
    "  guests_not_restarted INTEGER NOT NULL CHECK (guests_not_restarted >= 0),\n"
    "  restart_max_s REAL NOT NULL,\n"
    "  failure_outcome TEXT NOT NULL,\n"
    "  -- discounted; tco = capex + opex\n"
    "  capex_cents INTEGER NOT NULL,\n"
    "  opex_cents INTEGER NOT NULL,\n"
    "  tco_cents INTEGER NOT NULL,\n"
    "  -- 95 % interval of tco over the replications: of what is simulated, not of prices\n"
    "  tco_low_cents INTEGER NOT NULL CHECK (tco_low_cents <= tco_cents),\n"
    "  tco_high_cents INTEGER NOT NULL CHECK (tco_high_cents >= tco_cents),\n"
    "  -- the same undiscounted\n"
    "  capex_cash_cents INTEGER NOT NULL,\n"
    "  opex_cash_cents INTEGER NOT NULL,\n"
    "  tco_cash_cents INTEGER NOT NULL,\n"
    "  cost_per_guest_cents INTEGER NOT NULL,\n"
    "  -- '' where no host licence of Windows Server is needed\n"
    "  windows_edition TEXT NOT NULL\n"
    "    CHECK (windows_edition IN ('', 'Standard', 'Datacenter')),\n"
    "  -- what broke for the next smaller cluster, and which cluster that is\n"
    "  binding TEXT NOT NULL,\n"
    "  next_smaller TEXT NOT NULL,\n"
    "  candidates_tried INTEGER NOT NULL CHECK (candidates_tried >= 0),\n"
    "  -- what is left today with the spare hosts failed: average guests (at least so many\n"
    "  -- where the search ended), the largest single guest\n"
    "  reserve_guests INTEGER NOT NULL CHECK (reserve_guests >= 0),\n"
    "  reserve_at_least INTEGER NOT NULL CHECK (reserve_at_least IN (0, 1)),\n"
    "  largest_guest_mib INTEGER NOT NULL CHECK (largest_guest_mib >= 0),\n"
    "  -- whether capex, opex and tco are of buying all at the start or in stages\n"
    "  buy TEXT NOT NULL CHECK (buy IN ('start', 'staged')),\n"
    "  -- which hosts when; '' where nothing can wait\n"
    "  staged_plan TEXT NOT NULL,\n"
    "  start_tco_cents INTEGER NOT NULL,\n"
    "  -- -1 where nothing can wait\n"
    "  staged_tco_cents INTEGER NOT NULL CHECK (staged_tco_cents >= -1),\n"
    "  -- months until the cluster is full at the growth of the study; -1 without growth\n"
    "  lasts_months REAL NOT NULL CHECK (lasts_months >= -1),\n"
    "  -- 1: the search ended there, it may last longer\n"
    "  lasts_at_least INTEGER NOT NULL CHECK (lasts_at_least IN (0, 1)),\n"
    "  PRIMARY KEY (study_id, platform_id)\n"
    ") STRICT, WITHOUT ROWID";

static const char period_sql[] =
    "CREATE TABLE period (\n"
    "  -- what runs on a platform's cluster when: a year, or a part of one between purchases\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  -- since the start: 0 and 12 are the first year\n"
    "  from_month INTEGER NOT NULL CHECK (from_month >= 0),\n"
    "  to_month INTEGER NOT NULL CHECK (to_month > from_month),\n"
    "  hosts INTEGER NOT NULL CHECK (hosts >= 1),\n"
    "  -- at the middle of the period; demand_factor: of what each asks for today\n"
    "  guests INTEGER NOT NULL CHECK (guests >= 0),\n"
    "  demand_factor REAL NOT NULL,\n"
    "  cpu_util_mean REAL NOT NULL,\n"
    "  PRIMARY KEY (study_id, platform_id, from_month),\n"
    "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
    ") STRICT, WITHOUT ROWID";

static const char floor_sql[] =
    "CREATE TABLE floor (\n"
    "  -- what a spreadsheet would answer for the platform\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  server_id TEXT NOT NULL,\n"
    "  hosts INTEGER NOT NULL CHECK (hosts >= 0),\n"
    "  dimm_gib INTEGER NOT NULL CHECK (dimm_gib >= 0),\n"
    "  n_dimms INTEGER NOT NULL CHECK (n_dimms >= 0),\n"
    "  memory_mib_per_host INTEGER NOT NULL CHECK (memory_mib_per_host >= 0),\n"
    "  -- hosts that memory alone, processor alone would need\n"
    "  hosts_memory INTEGER NOT NULL CHECK (hosts_memory >= 0),\n"
    "  hosts_cpu INTEGER NOT NULL CHECK (hosts_cpu >= 0),\n"
    "  binding TEXT NOT NULL,\n"
    "  capex_cents INTEGER NOT NULL,\n"
    "  opex_cents INTEGER NOT NULL,\n"
    "  tco_cents INTEGER NOT NULL,\n"
    "  -- why the simulation differs\n"
    "  difference TEXT NOT NULL,\n"
    "  PRIMARY KEY (study_id, platform_id),\n"
    "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
    ") STRICT, WITHOUT ROWID";

static const char candidate_sql[] =
    "CREATE TABLE candidate (\n"
    "  -- every cluster that sizing tried, in order of trying\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  ordinal INTEGER NOT NULL,\n"
    "  server_id TEXT NOT NULL,\n"
    "  hosts INTEGER NOT NULL CHECK (hosts >= 0),\n"
    "  dimm_gib INTEGER NOT NULL CHECK (dimm_gib >= 0),\n"
    "  n_dimms INTEGER NOT NULL CHECK (n_dimms >= 0),\n"
    "  memory_mib_per_host INTEGER NOT NULL CHECK (memory_mib_per_host >= 0),\n"
    "  lower_bound_cents INTEGER NOT NULL,\n"
    "  verdict TEXT NOT NULL\n"
    "    CHECK (verdict IN ('feasible', 'infeasible', 'excluded', 'dearer')),\n"
    "  replications INTEGER NOT NULL CHECK (replications >= 0),\n"
    "  -- what broke; '' when nothing did\n"
    "  broken_constraint TEXT NOT NULL,\n"
    "  -- -1: not priced\n"
    "  tco_cents INTEGER NOT NULL CHECK (tco_cents >= -1),\n"
    "  PRIMARY KEY (study_id, platform_id, ordinal),\n"
    "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
    ") STRICT, WITHOUT ROWID";

static const char scenario_sql[] = "CREATE TABLE scenario (\n"
                                   "  -- the complete question, as it can be run again\n"
                                   "  scenario_id INTEGER PRIMARY KEY,\n"
                                   "  study_id INTEGER NOT NULL REFERENCES study,\n"
                                   "  platform_id TEXT NOT NULL,\n"
                                   "  yaml TEXT NOT NULL,\n"
                                   "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
                                   ") STRICT";

static const char run_sql[] =
    "CREATE TABLE run (\n"
    "  -- one simulation: a scenario and a replication\n"
    "  run_id INTEGER PRIMARY KEY,\n"
    "  scenario_id INTEGER NOT NULL REFERENCES scenario,\n"
    "  replication INTEGER NOT NULL CHECK (replication >= 0),\n"
    "  seed INTEGER NOT NULL,\n"
    "  status TEXT NOT NULL CHECK (status IN ('done', 'failed')),\n"
    "  -- the p95 of the guest that fares worst, fractions; and the mean over guests\n"
    "  slowdown_p95_worst REAL NOT NULL,\n"
    "  failure_slowdown_p95_worst REAL NOT NULL,\n"
    "  slowdown_mean REAL NOT NULL,\n"
    "  -- guest-minutes\n"
    "  swapped_min REAL NOT NULL,\n"
    "  paged_min REAL NOT NULL,\n"
    "  cpu_util_mean REAL NOT NULL,\n"
    "  storage_util_mean REAL NOT NULL,\n"
    "  n_refused INTEGER NOT NULL CHECK (n_refused >= 0),\n"
    "  n_lost_host INTEGER NOT NULL CHECK (n_lost_host >= 0),\n"
    "  n_not_restarted INTEGER NOT NULL CHECK (n_not_restarted >= 0),\n"
    "  restart_max_s REAL NOT NULL,\n"
    "  -- when the spare hosts failed; negative without a failure\n"
    "  failure_t_s REAL NOT NULL,\n"
    "  UNIQUE (scenario_id, replication)\n"
    ") STRICT";

static const char guest_result_sql[] =
    "CREATE TABLE guest_result (\n"
    "  -- what one guest met in one phase of one run\n"
    "  run_id INTEGER NOT NULL REFERENCES run,\n"
    "  name TEXT NOT NULL,\n"
    "  phase TEXT NOT NULL CHECK (phase IN ('normal', 'failure')),\n"
    "  role TEXT NOT NULL,\n"
    "  os TEXT NOT NULL,\n"
    "  host TEXT NOT NULL,\n"
    "  size_mib INTEGER NOT NULL CHECK (size_mib >= 0),\n"
    "  refused INTEGER NOT NULL CHECK (refused IN (0, 1)),\n"
    "  lost_host INTEGER NOT NULL CHECK (lost_host IN (0, 1)),\n"
    "  restarted INTEGER NOT NULL CHECK (restarted IN (0, 1)),\n"
    "  restart_s REAL NOT NULL,\n"
    "  -- fractions of time\n"
    "  slowdown_mean REAL NOT NULL,\n"
    "  slowdown_p95 REAL NOT NULL,\n"
    "  slowdown_p99 REAL NOT NULL,\n"
    "  slowdown_max REAL NOT NULL,\n"
    "  above_level_min REAL NOT NULL,\n"
    "  down_min REAL NOT NULL,\n"
    "  -- shares of slowdown_mean; they add up to it\n"
    "  cause_guest_paging REAL NOT NULL,\n"
    "  cause_host_swap REAL NOT NULL,\n"
    "  cause_decompression REAL NOT NULL,\n"
    "  cause_lost_cache REAL NOT NULL,\n"
    "  cause_tier REAL NOT NULL,\n"
    "  cause_balloon REAL NOT NULL,\n"
    "  cause_cpu REAL NOT NULL,\n"
    "  cause_storage REAL NOT NULL,\n"
    "  granted_mean_mib REAL NOT NULL,\n"
    "  ballooned_mean_mib REAL NOT NULL,\n"
    "  swapped_mean_mib REAL NOT NULL,\n"
    "  compressed_mean_mib REAL NOT NULL,\n"
    "  PRIMARY KEY (run_id, name, phase)\n"
    ") STRICT, WITHOUT ROWID";

/* The metrics are compared one by one: SQLite would build a list anew for every row. */
static const char host_series_sql[] =
    "CREATE TABLE host_series (\n"
    "  -- one host and quantity over one hour, in MiB or MHz as the metric's name says\n"
    "  run_id INTEGER NOT NULL REFERENCES run,\n"
    "  phase TEXT NOT NULL CHECK (phase IN ('normal', 'failure')),\n"
    "  host TEXT NOT NULL,\n"
    "  metric TEXT NOT NULL CHECK (\n"
    "    metric = 'free_mib' OR metric = 'hypervisor_mib' OR metric = 'active_mib' OR\n"
    "    metric = 'idle_mib' OR metric = 'shared_mib' OR metric = 'ballooned_mib' OR\n"
    "    metric = 'compressed_mib' OR metric = 'swapped_mib' OR metric = 'demand_mib' OR\n"
    "    metric = 'configured_mib' OR metric = 'cpu_mhz'),\n"
    "  -- since the start of the run\n"
    "  hour INTEGER NOT NULL CHECK (hour >= 0),\n"
    "  min INTEGER NOT NULL,\n"
    "  mean INTEGER NOT NULL,\n"
    "  max INTEGER NOT NULL,\n"
    "  PRIMARY KEY (run_id, phase, host, metric, hour)\n"
    ") STRICT, WITHOUT ROWID";

static const char event_sql[] =
    "CREATE TABLE event (\n"
    "  -- what is worth noting of a run: failures, refusals, first swap\n"
    "  event_id INTEGER PRIMARY KEY,\n"
    "  run_id INTEGER NOT NULL REFERENCES run,\n"
    "  phase TEXT NOT NULL CHECK (phase IN ('normal', 'failure')),\n"
    "  t_s REAL NOT NULL,\n"
    "  code TEXT NOT NULL\n"
    "    CHECK (code IN ('refused', 'host_failed', 'restarted', 'not_restarted',\n"
    "      'first_swap', 'first_balloon', 'first_low_state',\n"
    "      'killed', 'smart_paging')),\n"
    "  -- '' where none is meant\n"
    "  host TEXT NOT NULL,\n"
    "  guest TEXT NOT NULL\n"
    ") STRICT";

static const char cost_line_sql[] =
    "CREATE TABLE cost_line (\n"
    "  -- units x price = cash; discounted by its month it is amount\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  ordinal INTEGER NOT NULL,\n"
    "  category TEXT NOT NULL\n"
    "    CHECK (category IN ('server', 'memory', 'storage', 'network', 'platform',\n"
    "      'guest_os', 'power', 'support', 'labour', 'around', 'backup', 'application',\n"
    "      'migration', 'risk', 'tax')),\n"
    "  kind TEXT NOT NULL CHECK (kind IN ('capex', 'opex')),\n"
    "  -- year 0 is the start; month of the payment since the start\n"
    "  year INTEGER NOT NULL CHECK (year BETWEEN 0 AND 100),\n"
    "  month INTEGER NOT NULL CHECK (month >= 0),\n"
    "  item TEXT NOT NULL,\n"
    "  rule TEXT NOT NULL,\n"
    "  -- millionths, exact\n"
    "  units_micro INTEGER NOT NULL,\n"
    "  unit TEXT NOT NULL,\n"
    "  price_micro INTEGER NOT NULL,\n"
    "  price_id TEXT NOT NULL,\n"
    "  status TEXT NOT NULL\n"
    "    CHECK (status IN ('found', 'derived', 'recalled', 'assumed', 'quote')),\n"
    "  -- 1: not from a source that can be named\n"
    "  starred INTEGER NOT NULL CHECK (starred IN (0, 1)),\n"
    "  source TEXT NOT NULL,\n"
    "  cash_cents INTEGER NOT NULL,\n"
    "  amount_cents INTEGER NOT NULL,\n"
    "  PRIMARY KEY (study_id, platform_id, ordinal),\n"
    "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
    ") STRICT, WITHOUT ROWID";

static const char cost_price_sql[] =
    "CREATE TABLE cost_price (\n"
    "  -- every price that entered a cost line, and how, so that it can be priced again\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  ordinal INTEGER NOT NULL,\n"
    "  position INTEGER NOT NULL CHECK (position >= 1),\n"
    "  price_id TEXT NOT NULL,\n"
    "  price_micro INTEGER NOT NULL,\n"
    "  -- price: the line's own; part: the line's units are share x sum (units x price)\n"
    "  use TEXT NOT NULL CHECK (use IN ('price', 'part', 'other')),\n"
    "  units_micro INTEGER NOT NULL,\n"
    "  share REAL NOT NULL,\n"
    "  PRIMARY KEY (study_id, platform_id, ordinal, position),\n"
    "  FOREIGN KEY (study_id, platform_id, ordinal) REFERENCES cost_line\n"
    ") STRICT, WITHOUT ROWID";

static const char energy_sql[] =
    "CREATE TABLE energy (\n"
    "  -- electricity of a platform's cluster, cooling included, mean over the years\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  kwh_year REAL NOT NULL CHECK (kwh_year >= 0),\n"
    "  -- kg of CO2 equivalent, a year and per kWh; -1: not known\n"
    "  co2_kg_year REAL NOT NULL,\n"
    "  co2_kg_kwh REAL NOT NULL,\n"
    "  -- of the intensity; '' where it is not known\n"
    "  intensity_id TEXT NOT NULL,\n"
    "  status TEXT NOT NULL\n"
    "    CHECK (status IN ('', 'found', 'derived', 'recalled', 'assumed', 'quote')),\n"
    "  source TEXT NOT NULL,\n"
    "  PRIMARY KEY (study_id, platform_id),\n"
    "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
    ") STRICT, WITHOUT ROWID";

static const char keep_option_sql[] =
    "CREATE TABLE keep_option (\n"
    "  -- a way to go on with the present hosts, beside the new clusters\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  variant TEXT NOT NULL\n"
    "    CHECK (variant IN ('as-is', 'more-memory', 'one-more-host')),\n"
    "  -- 1: the platform runs on them already; 0: they are moved to it\n"
    "  renews INTEGER NOT NULL CHECK (renews IN (0, 1)),\n"
    "  hosts INTEGER NOT NULL CHECK (hosts >= 1),\n"
    "  server_name TEXT NOT NULL,\n"
    "  dimm_gib INTEGER NOT NULL CHECK (dimm_gib >= 0),\n"
    "  n_dimms INTEGER NOT NULL CHECK (n_dimms >= 0),\n"
    "  memory_mib_per_host INTEGER NOT NULL CHECK (memory_mib_per_host >= 0),\n"
    "  feasible INTEGER NOT NULL CHECK (feasible IN (0, 1)),\n"
    "  -- why not; '' where feasible\n"
    "  reason TEXT NOT NULL,\n"
    "  replications INTEGER NOT NULL CHECK (replications >= 0),\n"
    "  slowdown_p95 REAL NOT NULL,\n"
    "  failure_slowdown_p95 REAL NOT NULL,\n"
    "  -- costs are 0 where it is not priced\n"
    "  priced INTEGER NOT NULL CHECK (priced IN (0, 1)),\n"
    "  capex_cents INTEGER NOT NULL,\n"
    "  opex_cents INTEGER NOT NULL,\n"
    "  tco_cents INTEGER NOT NULL,\n"
    "  -- against the cheapest new cluster of all platforms, where there is one\n"
    "  has_saving INTEGER NOT NULL CHECK (has_saving IN (0, 1)),\n"
    "  saving_cents INTEGER NOT NULL,\n"
    "  lasts_months REAL NOT NULL CHECK (lasts_months >= -1),\n"
    "  lasts_at_least INTEGER NOT NULL CHECK (lasts_at_least IN (0, 1)),\n"
    "  PRIMARY KEY (study_id, platform_id, variant),\n"
    "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
    ") STRICT, WITHOUT ROWID";

static const char finding_sql[] =
    "CREATE TABLE finding (\n"
    "  -- what was noted, mended, skipped in the inputs; line 0 is the whole file\n"
    "  finding_id INTEGER PRIMARY KEY,\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  file TEXT NOT NULL,\n"
    "  line INTEGER NOT NULL CHECK (line >= 0),\n"
    "  severity TEXT NOT NULL CHECK (severity IN ('note', 'mended', 'skipped', 'error')),\n"
    "  reason TEXT NOT NULL,\n"
    "  text TEXT NOT NULL\n"
    ") STRICT";

static const char assumption_sql[] =
    "CREATE TABLE assumption (\n"
    "  -- a coefficient or rule taken for granted, with its source\n"
    "  assumption_id INTEGER PRIMARY KEY,\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  topic TEXT NOT NULL,\n"
    "  text TEXT NOT NULL,\n"
    "  source TEXT NOT NULL\n"
    ") STRICT";

static const char provenance_sql[] = "CREATE TABLE provenance (\n"
                                     "  -- versions, digests of the inputs, price book\n"
                                     "  study_id INTEGER NOT NULL REFERENCES study,\n"
                                     "  key TEXT NOT NULL,\n"
                                     "  value TEXT NOT NULL,\n"
                                     "  PRIMARY KEY (study_id, key)\n"
                                     ") STRICT, WITHOUT ROWID";

const char *const hr_schema_tables[] = {
    study_sql,
    platform_sql,
    period_sql,
    floor_sql,
    candidate_sql,
    scenario_sql,
    "CREATE INDEX scenario_of_platform ON scenario (study_id, platform_id)",
    run_sql,
    guest_result_sql,
    host_series_sql,
    event_sql,
    "CREATE INDEX event_of_run ON event (run_id)",
    cost_line_sql,
    hr_schema_depreciation,
    hr_schema_delivered,
    hr_schema_flip,
    hr_schema_tornado,
    hr_schema_cliff,
    cost_price_sql,
    energy_sql,
    keep_option_sql,
    finding_sql,
    "CREATE INDEX finding_of_study ON finding (study_id)",
    assumption_sql,
    "CREATE INDEX assumption_of_study ON assumption (study_id)",
    provenance_sql,
    NULL,
};

static bool create_all(sqlite3 *db, const char *const *statements, GError **error)
{
    for (size_t i = 0; statements[i] != NULL; i++) {
        if (!hr_db_exec(db, statements[i], error)) {
            return false;
        }
    }
    return true;
}

bool hr_schema_create(sqlite3 *db, GError **error)
{
    char pragmas[96];
    (void)g_snprintf(pragmas, sizeof pragmas,
                     "PRAGMA application_id = %d; PRAGMA user_version = %d",
                     HR_SCHEMA_APPLICATION_ID, HR_SCHEMA_VERSION);
    return hr_db_exec(db, pragmas, error) && create_all(db, hr_schema_tables, error) &&
           create_all(db, hr_schema_sweep, error) && create_all(db, hr_schema_answers, error) &&
           create_all(db, hr_schema_views, error);
}

static const char *text_at(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    return text != NULL ? (const char *)text : "";
}

/* Says how the two schema rows differ; has_ours and has_theirs tell which of them exist. */
static bool rows_equal(sqlite3_stmt *ours, bool has_ours, sqlite3_stmt *theirs, bool has_theirs,
                       GError **error)
{
    if (has_ours && has_theirs) {
        int order = strcmp(text_at(ours, 0), text_at(theirs, 0));
        bool same = order == 0;
        for (int column = 1; same && column < 4; column++) {
            same = strcmp(text_at(ours, column), text_at(theirs, column)) == 0;
        }
        if (same) {
            return true;
        }
        has_ours = order <= 0;
        has_theirs = order >= 0;
    }
    g_autofree char *name = g_utf8_make_valid(text_at(has_ours ? ours : theirs, 0), -1);
    g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                "its schema is not that of a results database: \"%.60s\" is %s", name,
                has_ours && has_theirs ? "different"
                : has_ours             ? "missing"
                                       : "foreign");
    return false;
}

/* Steps both lists side by side. Requires: both ordered by name. */
static bool lists_equal(sqlite3 *our_db, sqlite3_stmt *ours, sqlite3 *their_db,
                        sqlite3_stmt *theirs, GError **error)
{
    for (;;) {
        int our_rc = sqlite3_step(ours);
        int their_rc = sqlite3_step(theirs);
        if (our_rc != SQLITE_ROW && our_rc != SQLITE_DONE) {
            return hr_db_fail(our_db, "cannot read the schema", error);
        }
        if (their_rc != SQLITE_ROW && their_rc != SQLITE_DONE) {
            return hr_db_fail(their_db, "cannot read the schema", error);
        }
        if (our_rc == SQLITE_DONE && their_rc == SQLITE_DONE) {
            return true;
        }
        if (!rows_equal(ours, our_rc == SQLITE_ROW, theirs, their_rc == SQLITE_ROW, error)) {
            return false;
        }
    }
}

bool hr_schema_check(sqlite3 *db, const char *database, GError **error)
{
    static const char list[] =
        "SELECT name, type, tbl_name, sql FROM \"%w\".sqlite_schema ORDER BY name, type, sql";
    bool ok = false;
    sqlite3 *fresh = NULL;
    sqlite3_stmt *ours = NULL, *theirs = NULL;
    char *their_sql = sqlite3_mprintf(list, database);
    char *our_sql = sqlite3_mprintf(list, "main");

    if (!hr_db_open_memory(&fresh, error) || !hr_schema_create(fresh, error)) {
        goto out;
    }
    if (sqlite3_prepare_v2(fresh, our_sql, -1, &ours, NULL) != SQLITE_OK) {
        hr_db_fail(fresh, "cannot read the schema", error);
        goto out;
    }
    if (sqlite3_prepare_v2(db, their_sql, -1, &theirs, NULL) != SQLITE_OK) {
        hr_db_fail(db, "cannot read the schema", error);
        goto out;
    }
    ok = lists_equal(fresh, ours, db, theirs, error);
out:
    sqlite3_finalize(ours);
    sqlite3_finalize(theirs);
    sqlite3_close(fresh);
    sqlite3_free(our_sql);
    sqlite3_free(their_sql);
    return ok;
}
