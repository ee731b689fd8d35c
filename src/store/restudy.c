/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/restudy.h"

#include <string.h>

#include <sqlite3.h>

#include "base/error.h"
#include "store/db.h"
#include "store/fields.h"
#include "store/handle.h"
#include "store/schema.h"

/* What does not rest on prices, parents first. */
static const enum hr_table copied[] = {
    HR_TABLE_PLATFORM, HR_TABLE_PERIOD,       HR_TABLE_CANDIDATE,   HR_TABLE_SCENARIO,
    HR_TABLE_RUN,      HR_TABLE_GUEST_RESULT, HR_TABLE_HOST_SERIES, HR_TABLE_EVENT,
    HR_TABLE_FINDING,  HR_TABLE_ASSUMPTION,   HR_TABLE_PROVENANCE,
};

/* What ids are lowered by, so that they begin at 1. */
struct base {
    int64_t study_id, scenario_id, run_id;
};

static bool run_sql(sqlite3 *db, char *sql, GError **error)
{
    bool ok = sql != NULL && hr_db_exec(db, sql, error);
    sqlite3_free(sql);
    return ok;
}

static bool read_base(sqlite3 *db, int64_t study_id, struct base *out, GError **error)
{
    g_autofree char *scenario =
        g_strdup_printf("SELECT coalesce(min(scenario_id), 1) - 1 FROM source.scenario "
                        "WHERE study_id = %lld",
                        (long long)study_id);
    g_autofree char *run =
        g_strdup_printf("SELECT coalesce(min(run_id), 1) - 1 FROM source.run WHERE scenario_id "
                        "IN (SELECT scenario_id FROM source.scenario WHERE study_id = %lld)",
                        (long long)study_id);
    out->study_id = study_id - 1;
    return hr_db_read_int(db, scenario, &out->scenario_id, error) &&
           hr_db_read_int(db, run, &out->run_id, error);
}

static int64_t base_of(const struct base *base, const char *column)
{
    return strcmp(column, "study_id") == 0      ? base->study_id
           : strcmp(column, "scenario_id") == 0 ? base->scenario_id
                                                : base->run_id;
}

/* Which rows of a table are the study's. */
static char *rows_of(const struct hr_table_info *table, int64_t study_id)
{
    static const char scenarios[] = "SELECT scenario_id FROM source.scenario WHERE study_id =";
    if (strcmp(table->parent, "study_id") == 0) {
        return g_strdup_printf("study_id = %lld", (long long)study_id);
    }
    if (strcmp(table->parent, "scenario_id") == 0) {
        return g_strdup_printf("scenario_id IN (%s %lld)", scenarios, (long long)study_id);
    }
    return g_strdup_printf("run_id IN (SELECT run_id FROM source.run WHERE scenario_id IN (%s "
                           "%lld))",
                           scenarios, (long long)study_id);
}

static bool copy_table(sqlite3 *db, const struct hr_table_info *table, int64_t study_id,
                       const struct base *base, GError **error)
{
    g_autoptr(GString) columns = g_string_new(table->parent);
    g_autoptr(GString) values = g_string_new(NULL);
    g_string_append_printf(values, "%s - %lld", table->parent,
                           (long long)base_of(base, table->parent));
    if (table->id != NULL) {
        g_string_append_printf(columns, ", %s", table->id);
        g_string_append_printf(values, ", %s - %lld", table->id,
                               (long long)base_of(base, table->id));
    }
    for (size_t i = 0; i < table->n_fields; i++) {
        g_string_append_printf(columns, ", %s", table->fields[i].column);
        g_string_append_printf(values, ", %s", table->fields[i].column);
    }
    g_autofree char *rows = rows_of(table, study_id);
    return run_sql(db,
                   sqlite3_mprintf("INSERT INTO main.%s (%s) SELECT %s FROM source.%s WHERE %s",
                                   table->name, columns->str, values->str, table->name, rows),
                   error);
}

/* The row of the study itself, with what is said anew. */
static bool copy_study_row(sqlite3 *db, int64_t study_id, const struct hr_restudy *what,
                           const char *created_utc, GError **error)
{
    const struct {
        const char *column, *value;
    } anew[] = {{"created_utc", created_utc},
                {"command", what->command},
                {"program_version", what->program_version},
                {"price_book", what->price_book},
                {"price_month", what->price_month}};
    const struct hr_table_info *table = hr_table_info(HR_TABLE_STUDY);
    g_autoptr(GString) columns = g_string_new("study_id");
    g_autoptr(GString) values = g_string_new("1");
    for (size_t i = 0; i < table->n_fields; i++) {
        const char *column = table->fields[i].column;
        char *value = NULL;
        for (size_t a = 0; a < G_N_ELEMENTS(anew); a++) {
            if (strcmp(anew[a].column, column) == 0) {
                value = sqlite3_mprintf("%Q", anew[a].value);
            }
        }
        g_string_append_printf(columns, ", %s", column);
        g_string_append_printf(values, ", %s", value != NULL ? value : column);
        sqlite3_free(value);
    }
    return run_sql(db,
                   sqlite3_mprintf("INSERT INTO main.study (%s) SELECT %s FROM source.study "
                                   "WHERE study_id = %lld",
                                   columns->str, values->str, (long long)study_id),
                   error);
}

static bool copy_all(sqlite3 *db, int64_t study_id, const struct hr_restudy *what,
                     const char *created_utc, GError **error)
{
    struct base base;
    if (!hr_schema_check(db, "source", error) || !read_base(db, study_id, &base, error) ||
        !copy_study_row(db, study_id, what, created_utc, error)) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(copied); i++) {
        if (!copy_table(db, hr_table_info(copied[i]), study_id, &base, error)) {
            return false;
        }
    }
    return hr_db_exec(db,
                      "DELETE FROM provenance WHERE key IN ('program', 'price book', "
                      "'price book sha256')",
                      error);
}

static bool begin(hr_store *store, const char *source_path, int64_t study_id,
                  const struct hr_restudy *what, GError **error)
{
    bool exists = false;
    g_autofree char *file = hr_db_resolve(source_path, &exists, error);
    g_autofree char *created_utc = hr_store_stamp_utc(error);
    if (file == NULL || created_utc == NULL || !hr_db_open_memory(&store->db, error) ||
        !hr_schema_create(store->db, error)) {
        return false;
    }
    if (!exists) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, "there is no such file");
        return false;
    }
    return run_sql(store->db, sqlite3_mprintf("ATTACH %Q AS source", file), error) &&
           copy_all(store->db, study_id, what, created_utc, error) &&
           hr_db_exec(store->db, "DETACH source; PRAGMA foreign_keys = ON; BEGIN", error);
}

bool hr_store_begin_restudy(hr_store *store, const char *source_path, int64_t study_id,
                            const struct hr_restudy *what, GError **error)
{
    hr_assert(store->is_writer && store->db == NULL);
    g_autoptr(hr_store) source = hr_store_open_read(source_path, error);
    if (source == NULL || !hr_store_has_study(source, study_id, error)) {
        return false;
    }
    if (!begin(store, source_path, study_id, what, error)) {
        g_prefix_error(error, "%s: ", source_path);
        hr_store_abort_study(store);
        return false;
    }
    return true;
}

bool hr_store_set_cost(hr_store *store, const struct hr_restudy_cost *cost, GError **error)
{
    hr_assert(store->is_writer && store->db != NULL);
    char *platform = sqlite3_mprintf(
        "UPDATE platform SET rank = %d, capex_cents = %lld, opex_cents = %lld, "
        "tco_low_cents = tco_low_cents - tco_cents + %lld, "
        "tco_high_cents = tco_high_cents - tco_cents + %lld, "
        "tco_cents = %lld, capex_cash_cents = %lld, opex_cash_cents = %lld, "
        "tco_cash_cents = %lld, cost_per_guest_cents = %lld, "
        "start_tco_cents = CASE WHEN buy = 'staged' AND staged_plan <> '' THEN -1 ELSE %lld "
        "END, "
        "staged_tco_cents = CASE WHEN buy = 'staged' AND staged_plan <> '' THEN %lld ELSE -1 "
        "END WHERE platform_id = %Q",
        cost->rank, (long long)cost->capex_cents, (long long)cost->opex_cents,
        (long long)cost->tco_cents, (long long)cost->tco_cents, (long long)cost->tco_cents,
        (long long)cost->capex_cash_cents, (long long)cost->opex_cash_cents,
        (long long)cost->tco_cash_cents, (long long)cost->cost_per_guest_cents,
        (long long)cost->tco_cents, (long long)cost->tco_cents, cost->platform_id);
    char *candidates = sqlite3_mprintf(
        "UPDATE candidate SET lower_bound_cents = 0, tco_cents = CASE WHEN EXISTS (SELECT 1 "
        "FROM platform AS p WHERE p.platform_id = candidate.platform_id AND p.feasible "
        "AND p.server_id = candidate.server_id AND p.hosts = candidate.hosts "
        "AND p.dimm_gib = candidate.dimm_gib AND p.n_dimms = candidate.n_dimms) "
        "THEN %lld ELSE -1 END WHERE platform_id = %Q",
        (long long)cost->tco_cents, cost->platform_id);
    bool ok = run_sql(store->db, platform, error);
    return run_sql(store->db, candidates, ok ? error : NULL) && ok;
}
