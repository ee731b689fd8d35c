/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath */

#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "plot/output.h"
#include "report/build.h"
#include "store/store.h"

/* What a report is made from, opened. */
struct source {
    hr_store *store;
    struct hr_template tmpl;
    hr_rows *study; /* the row of the template's own query */
    struct hr_build build;
    struct hr_scope scope;
};

static void close_source(struct source *source)
{
    hr_rows_free(source->study);
    hr_template_clear(&source->tmpl);
    hr_store_close(source->store);
}

static bool choose_study(const struct hr_report_request *request, struct source *source,
                         GError **error)
{
    int64_t study_id = request->study_id;
    bool ok = study_id == 0 ? hr_store_last_study(source->store, &study_id, error)
                            : hr_store_has_study(source->store, study_id, error);
    source->build.study_id = study_id;
    return ok;
}

static const char *template_of(const struct hr_report_request *request)
{
    return request->template_name != NULL ? request->template_name : "comparison";
}

static bool open_study(const struct hr_report_request *request, struct source *source,
                       GError **error)
{
    source->store = hr_store_open_read(request->database, error);
    return source->store != NULL && choose_study(request, source, error);
}

/* The template that fits the kind of the study. */
static bool load_fitting(const struct hr_report_request *request, struct source *source,
                         GError **error)
{
    g_autoptr(hr_rows) rows =
        hr_store_query(source->store, "SELECT kind FROM study WHERE study_id = :study",
                       source->build.study_id, NULL, error);
    if (rows == NULL) {
        return false;
    }
    bool is_sweep = hr_rows_count(rows) == 1 && strcmp(hr_rows_text(rows, 0, 0), "sweep") == 0;
    return hr_template_load(is_sweep ? "sweep" : template_of(request), request->template_dir,
                            &source->tmpl, error);
}

static bool open_source(const struct hr_report_request *request, struct source *source,
                        GError **error)
{
    memset(source, 0, sizeof *source);
    bool ok = request->template_name != NULL
                  ? hr_template_load(request->template_name, request->template_dir,
                                     &source->tmpl, error) &&
                        open_study(request, source, error)
                  : open_study(request, source, error) && load_fitting(request, source, error);
    if (!ok) {
        close_source(source);
        return false;
    }
    source->build.store = source->store;
    source->build.tmpl = &source->tmpl;
    source->scope.labels = hr_node_get(source->tmpl.root, "labels");
    source->study =
        hr_build_query(&source->build, source->tmpl.root, "query", &source->scope, error);
    if (source->study == NULL) {
        close_source(source);
        return false;
    }
    source->scope.rows = source->study;
    return true;
}

/* The moment the report carries: that of its study, so that a report made again from the same
 * database is the same; SOURCE_DATE_EPOCH wins over it. */
static int64_t report_time_s(const struct source *source)
{
    if (g_getenv("SOURCE_DATE_EPOCH") != NULL) {
        return hr_output_time_s();
    }
    g_autoptr(hr_rows) rows =
        hr_store_query(source->store, "SELECT created_utc FROM study WHERE study_id = :study",
                       source->build.study_id, NULL, NULL);
    const char *text = rows != NULL && hr_rows_count(rows) == 1 ? hr_rows_text(rows, 0, 0) : "";
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(text, utc);
    return when != NULL ? g_date_time_to_unix(when) : hr_output_time_s();
}

static hr_document *new_document(const struct hr_report_request *request,
                                 const struct source *source, GError **error)
{
    static const char *const keys[] = {"title", "subject", "header", "footer"};
    char *texts[4] = {NULL};
    bool ok = true;
    for (size_t i = 0; ok && i < G_N_ELEMENTS(keys); i++) {
        texts[i] =
            hr_build_text(&source->build, source->tmpl.root, keys[i], &source->scope, error);
        ok = texts[i] != NULL;
    }
    const struct hr_document_info info = {.title = texts[0],
                                          .subject = texts[1],
                                          .header = texts[2],
                                          .footer = texts[3],
                                          .paper = request->paper,
                                          .time_s = report_time_s(source)};
    hr_document *document = ok ? hr_document_new(&info) : NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_free(texts[i]);
    }
    return document;
}

/* The page once for every row of its for_each, or once. */
static bool add_page(const struct source *source, const hr_node *page, GError **error)
{
    const struct hr_build *build = &source->build;
    g_autoptr(hr_rows) rows = NULL;
    size_t n = 1;
    struct hr_scope scope = {.outer = &source->scope};
    if (hr_node_get(page, "for_each") != NULL) {
        rows = hr_build_query(build, page, "for_each", &source->scope, error);
        if (rows == NULL) {
            return false;
        }
        scope.rows = rows;
        n = hr_rows_count(rows);
    }
    for (scope.row = 0; scope.row < n; scope.row++) {
        if (!hr_template_is_set(page, "continues")) {
            hr_document_add_page_break(build->document);
        }
        g_autofree char *title = hr_build_text(build, page, "title", &scope, error);
        if (title == NULL) {
            return false;
        }
        if (title[0] != '\0') {
            hr_document_add_heading(build->document, 1, title);
        }
        if (!hr_build_elements(build, hr_node_get(page, "elements"), &scope, error)) {
            return false;
        }
    }
    return true;
}

hr_document *hr_report_build(const struct hr_report_request *request, GError **error)
{
    struct source source;
    if (!open_source(request, &source, error)) {
        return NULL;
    }
    hr_document *document = new_document(request, &source, error);
    source.build.document = document;
    const hr_node *pages = hr_node_get(source.tmpl.root, "pages");
    for (size_t i = 0; document != NULL && i < hr_node_length(pages); i++) {
        if (!add_page(&source, hr_node_at(pages, i), error)) {
            g_clear_pointer(&document, hr_document_free);
        }
    }
    close_source(&source);
    return document;
}

/* Where a file is or would be, with the links of its folder followed. Owner: the caller. */
static char *place_of(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *base = g_path_get_basename(path);
    char *real = realpath(folder, NULL);
    char *place = g_build_filename(real != NULL ? real : folder, base, NULL);
    free(real);
    return place;
}

/* A drawing takes the place of what has its name, which must never be the results. */
static bool is_not_database(const struct hr_report_request *request, GError **error)
{
    struct stat output;
    struct stat database;
    bool same = false;
    if (stat(request->output, &output) == 0 && stat(request->database, &database) == 0) {
        same = output.st_dev == database.st_dev && output.st_ino == database.st_ino;
    } else {
        g_autofree char *a = place_of(request->output);
        g_autofree char *b = place_of(request->database);
        same = strcmp(a, b) == 0;
    }
    if (same) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "%s is the results database: it would be lost; give another name",
                    request->output);
    }
    return !same;
}

static bool is_pdf(const struct hr_report_request *request, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(request->output, -1);
    if (!g_str_has_suffix(lower, ".pdf")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "%s: a report is written as PDF; the name must end in .pdf",
                    request->output);
        return false;
    }
    return is_not_database(request, error);
}

bool hr_report_check(const struct hr_report_request *request, GError **error)
{
    struct hr_template tmpl;
    if (!is_pdf(request, error) || !hr_output_check(request->output, error) ||
        !hr_template_load(template_of(request), request->template_dir, &tmpl, error)) {
        return false;
    }
    hr_template_clear(&tmpl);
    return true;
}

bool hr_report_render(const struct hr_report_request *request, GError **error)
{
    if (!is_pdf(request, error)) {
        return false;
    }
    g_autoptr(hr_document) document = hr_report_build(request, error);
    return document != NULL && hr_document_write(document, request->output, error);
}

/* Finds the chart of this id in a list, which may be NULL; adds all ids to known. */
static const hr_node *find_among(const hr_node *charts, const char *id, GString *known)
{
    const hr_node *found = NULL;
    for (size_t i = 0; charts != NULL && i < hr_node_length(charts); i++) {
        const hr_node *chart = hr_node_at(charts, i);
        const char *name = hr_template_text(chart, "id", "");
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", name);
        found = strcmp(name, id) == 0 ? chart : found;
    }
    return found;
}

/* Finds the chart of this id and the page it stands on; adds all ids to known. */
static const hr_node *find_chart(const hr_node *pages, const char *id, const hr_node **page,
                                 GString *known)
{
    const hr_node *found = NULL;
    for (size_t p = 0; p < hr_node_length(pages); p++) {
        const hr_node *elements = hr_node_get(hr_node_at(pages, p), "elements");
        for (size_t e = 0; e < hr_node_length(elements); e++) {
            const hr_node *charts = hr_node_get(hr_node_at(elements, e), "charts");
            const hr_node *chart = find_among(charts, id, known);
            if (chart != NULL) {
                found = chart;
                *page = hr_node_at(pages, p);
            }
        }
    }
    return found;
}

/* The row of the page's for_each whose platform_id is wanted; the first when NULL. */
static bool choose_row(struct hr_scope *scope, const char *platform_id, GError **error)
{
    size_t n = hr_rows_count(scope->rows);
    GString *known = g_string_new(NULL);
    for (scope->row = 0; scope->row < n; scope->row++) {
        const struct hr_value *value = hr_scope_find(scope, "platform_id");
        const char *name = value != NULL && value->kind == HR_VALUE_TEXT ? value->as.text : "";
        if (platform_id == NULL || strcmp(name, platform_id) == 0) {
            g_string_free(known, TRUE);
            return true;
        }
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", name);
    }
    if (n == 0) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_USAGE,
                            "the study has nothing that this chart could show");
    } else {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "no platform \"%s\" in the study; there are %s",
                    platform_id != NULL ? platform_id : "", known->str);
    }
    g_string_free(known, TRUE);
    return false;
}

static bool draw_chart(const struct source *source, const hr_node *page, const hr_node *entry,
                       const struct hr_report_request *request, const char *platform_id,
                       GError **error)
{
    g_autoptr(hr_rows) rows = NULL;
    struct hr_scope scope = {.outer = &source->scope};
    if (hr_node_get(page, "for_each") != NULL) {
        rows = hr_build_query(&source->build, page, "for_each", &source->scope, error);
        scope.rows = rows;
        if (rows == NULL || !choose_row(&scope, platform_id, error)) {
            return false;
        }
    }
    g_autoptr(hr_chart) chart = hr_build_chart(&source->build, entry, &scope, error);
    return chart != NULL && hr_chart_save(chart, request->output, 540.0, 300.0, error);
}

bool hr_report_chart(const struct hr_report_request *request, const char *name, GError **error)
{
    enum hr_output_kind kind = HR_OUTPUT_PDF;
    struct source source;
    if (!hr_output_kind_of(request->output, &kind, error) || !is_not_database(request, error) ||
        !open_source(request, &source, error)) {
        return false;
    }
    g_auto(GStrv) parts = g_strsplit(name, ":", 2);
    GString *known = g_string_new(NULL);
    const hr_node *page = NULL;
    const hr_node *entry = find_chart(hr_node_get(source.tmpl.root, "pages"),
                                      parts[0] != NULL ? parts[0] : "", &page, known);
    bool ok = false;
    if (entry == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "no chart \"%s\"; there are %s", name,
                    known->str);
    } else {
        ok = draw_chart(&source, page, entry, request, parts[1], error);
    }
    g_string_free(known, TRUE);
    close_source(&source);
    return ok;
}
