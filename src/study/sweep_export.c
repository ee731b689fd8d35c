/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The points of a sweep as a table: one row a point, the axes and the figures as columns. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "base/text.h"
#include "store/store.h"
#include "study/sweep.h"

/* Points that are read at once: bounded memory, whatever the size of the sweep. */
enum { CHUNK_POINTS = 5000 };

/* A table under way. */
struct table {
    hr_store *store;
    int64_t study_id;
    GPtrArray *figures; /* columns of v_point; borrowed from figure_rows or the caller */
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

static bool put_header(const struct table *t, GError **error)
{
    g_autoptr(hr_rows) axes = hr_store_query(
        t->store, "SELECT name FROM sweep_axis WHERE study_id = :study ORDER BY axis",
        t->study_id, NULL, error);
    if (axes == NULL) {
        return false;
    }
    fputs("point", t->out);
    for (size_t i = 0; i < hr_rows_count(axes); i++) {
        fprintf(t->out, ",%s", hr_rows_text(axes, i, 0));
    }
    for (guint i = 0; i < t->figures->len; i++) {
        const char *name = g_ptr_array_index(t->figures, i);
        fprintf(t->out, ",%s", name);
    }
    fputc('\n', t->out);
    return true;
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

/* The figures that are asked for, or all that are not the point's number. */
static bool choose_figures(struct table *t, const hr_rows *all, const char *const *record,
                           GError **error)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (size_t c = 0; c < hr_rows_n_columns(all); c++) {
        const char *name = hr_rows_column_name(all, c);
        if (strcmp(name, "study_id") != 0 && strcmp(name, "point") != 0) {
            g_ptr_array_add(known, (gpointer)(guintptr)name);
        }
    }
    g_ptr_array_add(known, NULL);
    const char *const *names = (const char *const *)(void *)known->pdata;
    bool is_chosen = record != NULL && record[0] != NULL;
    for (const char *const *name = is_chosen ? record : names; *name != NULL; name++) {
        if (!g_strv_contains(names, *name)) {
            const char *nearest = hr_nearest_name(*name, names);
            g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                        "'record': no figure is called '%s'%s%s%s", *name,
                        nearest != NULL ? "; did you mean '" : "",
                        nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
            return false;
        }
        g_ptr_array_add(t->figures, (gpointer)(guintptr)*name);
    }
    return true;
}

static bool write_table(struct table *t, const char *const *record, GError **error)
{
    g_autoptr(hr_rows) ends = hr_store_query(
        t->store,
        "SELECT max(point), (SELECT count(*) FROM sweep_axis WHERE study_id = :study) FROM "
        "point WHERE study_id = :study",
        t->study_id, NULL, error);
    g_autoptr(hr_rows) all = ends != NULL
                                 ? hr_store_query(t->store, "SELECT * FROM v_point LIMIT 0",
                                                  t->study_id, NULL, error)
                                 : NULL;
    if (all == NULL || !choose_figures(t, all, record, error)) {
        return false;
    }
    int64_t last = (int64_t)hr_rows_number(ends, 0, 0, 0.0);
    t->n_axes = (uint32_t)hr_rows_number(ends, 0, 1, 0.0);
    bool ok = put_header(t, error);
    for (int64_t from = 1; ok && from <= last; from += CHUNK_POINTS) {
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
