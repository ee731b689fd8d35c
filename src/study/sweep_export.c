/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The points of a sweep as a table: one row a point, the axes and the figures as columns. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "store/store.h"
#include "study/sweep.h"

/* Points that are read at once: bounded memory, whatever the size of the sweep. */
enum { CHUNK_POINTS = 5000 };

/* A table under way. */
struct table {
    hr_store *store;
    int64_t study_id;
    GPtrArray *figures; /* columns of v_point; borrowed */
    uint32_t n_axes;
    FILE *out;
};

static void put_text(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\n\r") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"') {
            fputc('"', out);
        }
        fputc(*p, out);
    }
    fputc('"', out);
}

static void put_value(FILE *out, const struct hr_value *value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    switch (value->kind) {
    case HR_VALUE_NULL:
        break;
    case HR_VALUE_INT:
        fprintf(out, "%" G_GINT64_FORMAT, value->as.integer);
        break;
    case HR_VALUE_REAL:
        fputs(g_ascii_formatd(text, sizeof text, "%.12g", value->as.real), out);
        break;
    case HR_VALUE_TEXT:
        put_text(out, value->as.text);
        break;
    }
}

static void put_header(const struct table *t, const hr_rows *axes)
{
    fputs("point", t->out);
    for (size_t i = 0; i < hr_rows_count(axes); i++) {
        fprintf(t->out, ",%s", hr_rows_text(axes, i, 0));
    }
    for (guint i = 0; i < t->figures->len; i++) {
        const char *name = g_ptr_array_index(t->figures, i);
        fprintf(t->out, ",%s", name);
    }
    fputc('\n', t->out);
}

/* A stretch of numbers of the design. */
static bool put_chunk(const struct table *t, int64_t from, int64_t to, GError **error)
{
    g_autofree char *where = g_strdup_printf(
        "WHERE study_id = :study AND point BETWEEN %" G_GINT64_FORMAT " AND %" G_GINT64_FORMAT,
        from, to);
    g_autoptr(GString) columns = g_string_new("point");
    for (guint i = 0; i < t->figures->len; i++) {
        g_string_append_printf(columns, ", \"%s\"",
                               (const char *)g_ptr_array_index(t->figures, i));
    }
    g_autofree char *points =
        g_strdup_printf("SELECT %s FROM v_point %s ORDER BY point", columns->str, where);
    g_autofree char *values =
        g_strdup_printf("SELECT text FROM point_value %s ORDER BY point, axis", where);
    g_autoptr(hr_rows) rows = hr_store_query(t->store, points, t->study_id, NULL, error);
    g_autoptr(hr_rows) texts =
        rows != NULL ? hr_store_query(t->store, values, t->study_id, NULL, error) : NULL;
    if (texts == NULL) {
        return false;
    }
    for (size_t r = 0; r < hr_rows_count(rows); r++) {
        put_value(t->out, hr_rows_get(rows, r, 0));
        for (uint32_t a = 0; a < t->n_axes; a++) {
            fputc(',', t->out);
            put_text(t->out, hr_rows_text(texts, r * t->n_axes + a, 0));
        }
        for (guint i = 0; i < t->figures->len; i++) {
            fputc(',', t->out);
            put_value(t->out, hr_rows_get(rows, r, i + 1));
        }
        fputc('\n', t->out);
    }
    return true;
}

static bool is_axis(const hr_rows *axes, const char *name)
{
    for (size_t i = 0; i < hr_rows_count(axes); i++) {
        if (strcmp(hr_rows_text(axes, i, 0), name) == 0) {
            return true;
        }
    }
    return false;
}

/* The figures that are asked for, or all; one that an axis is called after stands there
 * already.
 */
static void choose_figures(struct table *t, char **figures, const hr_rows *axes,
                           const char *const *record)
{
    bool is_chosen = record != NULL && record[0] != NULL;
    for (const char *const *name = is_chosen ? record : (const char *const *)figures;
         *name != NULL; name++) {
        if (!is_axis(axes, *name)) {
            g_ptr_array_add(t->figures, (gpointer)(guintptr)*name);
        }
    }
}

char **hr_sweep_record_of(const char *database, int64_t study_id, GError **error)
{
    g_autoptr(hr_store) store = hr_store_open_read(database, error);
    g_autoptr(hr_rows) rows =
        store != NULL ? hr_store_query(store, "SELECT yaml FROM sweep WHERE study_id = :study",
                                       study_id, NULL, error)
                      : NULL;
    if (rows == NULL) {
        return NULL;
    }
    const char *text = hr_rows_count(rows) > 0 ? hr_rows_text(rows, 0, 0) : "";
    g_autoptr(hr_diag) diag = hr_diag_new(); /* it was sound when it was saved */
    g_autoptr(hr_tree) tree = hr_tree_parse(text, strlen(text), "sweep", diag);
    const hr_node *list = tree != NULL ? hr_node_get(hr_tree_root(tree), "record") : NULL;
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; list != NULL && i < hr_node_length(list); i++) {
        g_ptr_array_add(names, g_strdup(hr_node_text(hr_node_at(list, i))));
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

static bool write_table(struct table *t, const char *const *record, GError **error)
{
    g_auto(GStrv) figures = hr_points_figures(error);
    g_autoptr(hr_rows) axes =
        figures != NULL
            ? hr_store_query(
                  t->store, "SELECT name FROM sweep_axis WHERE study_id = :study ORDER BY axis",
                  t->study_id, NULL, error)
            : NULL;
    g_autoptr(hr_rows) last =
        axes != NULL
            ? hr_store_query(t->store, "SELECT max(point) FROM point WHERE study_id = :study",
                             t->study_id, NULL, error)
            : NULL;
    if (last == NULL) {
        return false;
    }
    t->n_axes = (uint32_t)hr_rows_count(axes);
    choose_figures(t, figures, axes, record);
    put_header(t, axes);
    int64_t end = (int64_t)hr_rows_number(last, 0, 0, 0.0);
    bool ok = true;
    for (int64_t from = 1; ok && from <= end; from += CHUNK_POINTS) {
        ok = put_chunk(t, from, from + CHUNK_POINTS - 1, error);
    }
    return ok;
}

bool hr_sweep_export(const char *database, int64_t study_id, const char *const *record,
                     const char *path, GError **error)
{
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autoptr(hr_store) store = hr_store_open_read(database, error);
    if (store == NULL) {
        return false;
    }
    struct table table = {.store = store,
                          .study_id = study_id,
                          .figures = g_ptr_array_new(),
                          .out = g_fopen(part, "we")};
    if (table.out == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "%s: %s", path, g_strerror(errno));
        g_ptr_array_unref(table.figures);
        return false;
    }
    bool ok = write_table(&table, record, error);
    bool written = ferror(table.out) == 0;
    written = fclose(table.out) == 0 && written;
    if (ok && !(written && g_rename(part, path) == 0)) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "%s: %s", path, g_strerror(errno));
        ok = false;
    }
    if (!ok) {
        (void)g_remove(part);
    }
    g_ptr_array_unref(table.figures);
    return ok;
}
