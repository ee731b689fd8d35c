/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/merge.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "base/error.h"
#include "store/append.h"
#include "store/db.h"
#include "store/fields.h"
#include "store/schema.h"
#include "store/store.h"

/* A part, as its file tells. */
struct part {
    const char *path; /* as the user named it */
    char *file;
    int64_t study_id;
    char *digest;
    int64_t shard, shards, planned;
    int64_t n_points; /* that are there */
    bool complete;
};

static void clear_part(void *element)
{
    struct part *part = element;
    g_free(part->file);
    g_free(part->digest);
}

static void refuse(hr_diag *diag, const char *path, const char *reason, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void refuse(hr_diag *diag, const char *path, const char *reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(diag, HR_FATAL, path, 0, 0, reason, "%s", text);
}

/* ---- what the files hold ---- */

/* Returns: false with a finding or *error. */
static bool read_part(const char *path, struct part *out, hr_diag *diag, GError **error)
{
    *out = (struct part){.path = path};
    g_autoptr(hr_store) store = hr_store_open_read(path, error);
    g_autoptr(hr_rows) rows =
        store != NULL
            ? hr_store_query(store,
                             "SELECT s.study_id, s.digest, s.shard, s.shards, s.planned, "
                             "s.complete, (SELECT count(*) FROM point AS p WHERE p.study_id = "
                             "s.study_id) FROM sweep AS s ORDER BY s.study_id DESC LIMIT 1",
                             0, NULL, error)
            : NULL;
    if (rows == NULL) {
        return false;
    }
    if (hr_rows_count(rows) == 0) {
        refuse(diag, path, "no sweep", "there is no sweep in it");
        return false;
    }
    bool exists = false;
    out->file = hr_db_resolve(path, &exists, error);
    out->study_id = (int64_t)hr_rows_number(rows, 0, 0, 0.0);
    out->digest = g_strdup(hr_rows_text(rows, 0, 1));
    out->shard = (int64_t)hr_rows_number(rows, 0, 2, 0.0);
    out->shards = (int64_t)hr_rows_number(rows, 0, 3, 0.0);
    out->planned = (int64_t)hr_rows_number(rows, 0, 4, 0.0);
    out->complete = hr_rows_number(rows, 0, 5, 0.0) > 0.0;
    out->n_points = (int64_t)hr_rows_number(rows, 0, 6, 0.0);
    return out->file != NULL;
}

static void check_part(const GArray *parts, guint i, hr_diag *diag)
{
    const struct part *part = &g_array_index(parts, struct part, i);
    const struct part *first = &g_array_index(parts, struct part, 0);
    if (strcmp(part->digest, first->digest) != 0) {
        refuse(diag, part->path, "foreign",
               "it is of another sweep than %s, or was made with other inputs or another "
               "version",
               first->path);
        return;
    }
    if (part->shards != first->shards) {
        refuse(diag, part->path, "foreign",
               "it is one of %" G_GINT64_FORMAT " parts, %s one of %" G_GINT64_FORMAT,
               part->shards, first->path, first->shards);
        return;
    }
    for (guint k = 0; k < i; k++) {
        const struct part *other = &g_array_index(parts, struct part, k);
        if (other->shard == part->shard && strcmp(other->digest, part->digest) == 0) {
            refuse(diag, part->path, "doubled",
                   "part %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " is in %s already",
                   part->shard, part->shards, other->path);
        }
    }
    if (!part->complete) {
        refuse(diag, part->path, "incomplete",
               "part %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
               " is not finished, it has %" G_GINT64_FORMAT
               " points; headroom sweep --resume does the rest",
               part->shard, part->shards, part->n_points);
    }
}

/* Names every part that no file has. */
static void check_missing(const GArray *parts, const char *output, hr_diag *diag)
{
    const struct part *first = &g_array_index(parts, struct part, 0);
    for (int64_t shard = 1; shard <= first->shards; shard++) {
        bool found = false;
        for (guint i = 0; i < parts->len; i++) {
            found = found || g_array_index(parts, struct part, i).shard == shard;
        }
        if (!found) {
            refuse(diag, output, "missing",
                   "part %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                   " is missing: headroom sweep --shard %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
                   " makes it",
                   shard, first->shards, shard, first->shards);
        }
    }
}

static bool check_parts(const GArray *parts, const char *output, hr_diag *diag)
{
    for (guint i = 0; i < parts->len; i++) {
        check_part(parts, i, diag);
    }
    check_missing(parts, output, diag);
    if (hr_diag_count_severity(diag, HR_FATAL) > 0) {
        return false;
    }
    int64_t n_points = 0;
    for (guint i = 0; i < parts->len; i++) {
        n_points += g_array_index(parts, struct part, i).n_points;
    }
    const struct part *first = &g_array_index(parts, struct part, 0);
    if (n_points != first->planned) {
        refuse(diag, first->path, "damaged",
               "the parts have %" G_GINT64_FORMAT " points, the sweep has %" G_GINT64_FORMAT,
               n_points, first->planned);
        return false;
    }
    return true;
}

/* ---- copying ---- */

static bool attach(sqlite3 *db, const char *file, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(db, "ATTACH ?1 AS part", -1, &stmt, NULL) == SQLITE_OK &&
              sqlite3_bind_text(stmt, 1, file, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(stmt) == SQLITE_DONE;
    if (!ok) {
        hr_db_fail(db, "cannot open it", error);
    }
    sqlite3_finalize(stmt);
    return ok && hr_schema_check(db, "part", error);
}

static bool copy_table(sqlite3 *db, enum hr_table which, int64_t from, int64_t to,
                       GError **error)
{
    const struct hr_table_info *table = hr_table_info(which);
    g_autoptr(GString) columns = g_string_new(NULL);
    for (size_t i = 0; i < table->n_fields; i++) {
        g_string_append_printf(columns, ", %s", table->fields[i].column);
    }
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO main.%s (study_id%s) SELECT %lld%s FROM part.%s WHERE study_id = %lld",
        table->name, columns->str, (long long)to, columns->str, table->name, (long long)from);
    return hr_db_exec(db, sql, error);
}

/* The study without its points, in memory: as the sweep in one part would have begun. */
static bool stage_study(sqlite3 *stage, const struct part *part, GError **error)
{
    static const enum hr_table tables[] = {
        HR_TABLE_STUDY, HR_TABLE_FINDING,    HR_TABLE_ASSUMPTION,    HR_TABLE_PROVENANCE,
        HR_TABLE_SWEEP, HR_TABLE_SWEEP_AXIS, HR_TABLE_SWEEP_PLATFORM};
    if (!hr_schema_create(stage, error) || !attach(stage, part->file, error)) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (!copy_table(stage, tables[i], part->study_id, 1, error)) {
            return false;
        }
    }
    g_autofree char *now = hr_store_stamp_utc(error);
    if (now == NULL) {
        return false;
    }
    g_autofree char *sql = g_strdup_printf("UPDATE main.study SET created_utc = '%s'; "
                                           "UPDATE main.sweep SET shard = 1, shards = 1, "
                                           "complete = 0; DETACH part",
                                           now);
    return hr_db_exec(stage, sql, error);
}

/* Signals of the caller's reach a long statement too. */
static int ask_to_stop(void *data)
{
    const struct hr_merge_hooks *hooks = data;
    return hooks->stop() ? 1 : 0;
}

static void watch(sqlite3 *db, const struct hr_merge_hooks *hooks)
{
    enum { STEPS_BETWEEN = 10000 };
    if (hooks->stop != NULL) {
        sqlite3_progress_handler(db, STEPS_BETWEEN, ask_to_stop, (void *)(uintptr_t)hooks);
    }
}

static bool begin_study(const char *file, const struct part *part, GError **error)
{
    sqlite3 *stage = NULL;
    bool existed = false;
    bool ok = hr_db_open_memory(&stage, error) && stage_study(stage, part, error) &&
              hr_append_create(stage, file, &existed, error);
    sqlite3_close(stage);
    if (ok && existed) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED,
                    "%s exists: it is of a merge that was killed, and may be deleted", file);
    }
    return ok && !existed;
}

static bool copy_points(sqlite3 *db, const struct part *part, GError **error)
{
    if (!attach(db, part->file, error)) {
        return false;
    }
    bool ok = hr_db_exec(db, "BEGIN IMMEDIATE", error) &&
              copy_table(db, HR_TABLE_POINT, part->study_id, 1, error) &&
              copy_table(db, HR_TABLE_POINT_VALUE, part->study_id, 1, error) &&
              hr_db_exec(db, "COMMIT", error);
    if (!ok) {
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    return hr_db_exec(db, "DETACH part", error);
}

static bool finish(sqlite3 *db, struct hr_merged *out, GError **error)
{
    return hr_db_exec(db, "UPDATE sweep SET complete = 1", error) &&
           hr_db_read_int(db, "SELECT count(*) FROM point", &out->points, error) &&
           hr_db_read_int(db,
                          "SELECT count(*) FROM point WHERE simulated_as = point AND "
                          "replications > 0",
                          &out->simulated, error);
}

/* Fills the file, which holds the study without its points. A crash leaves a file that nobody
 * reads, so it is written without a journal. */
static bool gather(const char *file, const GArray *parts, const struct hr_merge_hooks *hooks,
                   struct hr_merged *out, GError **error)
{
    sqlite3 *db = NULL;
    if (!hr_db_open_writable(file, &db, error)) {
        return false;
    }
    watch(db, hooks);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1);
    bool ok = hr_db_exec(db,
                         "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; "
                         "PRAGMA foreign_keys = ON",
                         error);
    for (guint i = 0; ok && i < parts->len; i++) {
        if (hooks->stop != NULL && hooks->stop()) {
            g_set_error_literal(error, HR_ERROR, HR_ERROR_FAILED, "interrupted");
            ok = false;
            break;
        }
        ok = copy_points(db, &g_array_index(parts, struct part, i), error);
    }
    out->shards = (int)parts->len;
    ok = ok && finish(db, out, error);
    sqlite3_close(db);
    return ok && (hooks->finish == NULL || hooks->finish(file, 1, error));
}

/* Appends the one study of the gathered file, in one transaction. */
static bool append(const char *gathered, const char *file, const struct hr_merge_hooks *hooks,
                   int64_t *study_id, GError **error)
{
    sqlite3 *db = NULL;
    if (!hr_db_open_writable(gathered, &db, error)) {
        return false;
    }
    watch(db, hooks);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1);
    bool ok = hr_append_study(db, file, study_id, error);
    sqlite3_close(db);
    return ok;
}

/* Before the work is done for an output that cannot take it. */
static bool check_output(const char *file, GError **error)
{
    sqlite3 *db = NULL;
    bool ok = hr_db_open_writable(file, &db, error);
    sqlite3_close(db);
    return ok;
}

static bool write_parts(const char *output, const GArray *parts,
                        const struct hr_merge_hooks *hooks, struct hr_merged *out,
                        GError **error)
{
    bool exists = false;
    g_autofree char *file = hr_db_resolve(output, &exists, error);
    if (file == NULL || (exists && !check_output(file, error))) {
        return false;
    }
    g_autofree char *gathered = g_strdup_printf("%s.merge-%ld", file, (long)getpid());
    if (!begin_study(gathered, &g_array_index(parts, struct part, 0), error)) {
        return false;
    }
    bool ok = gather(gathered, parts, hooks, out, error);
    if (ok && !exists) {
        out->study_id = 1;
        ok = hr_db_publish_file(gathered, file, &exists, error);
    }
    if (ok && exists) {
        ok = append(gathered, file, hooks, &out->study_id, error);
    }
    (void)g_unlink(gathered); /* gone already where it became the output */
    return ok;
}

static bool is_output(const char *output, const GArray *parts, hr_diag *diag)
{
    bool exists = false;
    g_autofree char *file = hr_db_resolve(output, &exists, NULL);
    for (guint i = 0; file != NULL && i < parts->len; i++) {
        const struct part *part = &g_array_index(parts, struct part, i);
        if (strcmp(part->file, file) == 0) {
            refuse(diag, part->path, "output", "it is a part and the output at once");
            return true;
        }
    }
    return false;
}

bool hr_merge(const char *output, const char *const *inputs, const struct hr_merge_hooks *hooks,
              struct hr_merged *out, hr_diag *diag, GError **error)
{
    g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(struct part));
    g_array_set_clear_func(parts, clear_part);
    for (size_t i = 0; inputs[i] != NULL; i++) {
        struct part part;
        bool ok = read_part(inputs[i], &part, diag, error);
        if (!ok && error != NULL && *error != NULL) {
            clear_part(&part);
            return false;
        }
        if (ok) {
            g_array_append_val(parts, part);
        } else {
            clear_part(&part);
        }
    }
    if (hr_diag_count_severity(diag, HR_FATAL) > 0 || is_output(output, parts, diag) ||
        !check_parts(parts, output, diag)) {
        return false;
    }
    struct hr_merged merged = {0};
    if (!write_parts(output, parts, hooks, &merged, error)) {
        g_prefix_error(error, "%s: ", output);
        return false;
    }
    *out = merged;
    return true;
}
