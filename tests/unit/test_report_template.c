/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "check.h"
#include "report/report.h"
#include "report/scope.h"
#include "test_report_study.h"

struct fixture {
    char *dir, *database, *tmpl;
};

static int open_fixture(void **state)
{
    struct fixture *f = g_new0(struct fixture, 1);
    const struct made_study what = {"estate.csv", "sql-01", true, true, 2};
    f->dir = g_dir_make_tmp("headroom-XXXXXX", NULL);
    f->database = g_build_filename(f->dir, "s.db", NULL);
    f->tmpl = g_build_filename(f->dir, "t.yaml", NULL);
    *state = f;
    return make_study(f->database, &what, NULL) ? 0 : -1;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    g_unlink(f->database);
    g_unlink(f->tmpl);
    int status = g_rmdir(f->dir);
    g_free(f->dir);
    g_free(f->database);
    g_free(f->tmpl);
    g_free(f);
    return status;
}

static hr_document *build(const struct fixture *f, const char *yaml, GError **error)
{
    assert_true(g_file_set_contents(f->tmpl, yaml, -1, NULL));
    const struct hr_report_request request = {
        .database = f->database, .template_name = f->tmpl, .output = "r.pdf"};
    return hr_report_build(&request, error);
}

#define HEAD "title: t\nquery: SELECT title FROM study WHERE study_id = :study\n"
#define PAGE HEAD "pages:\n  - elements:\n"

/* Each template has one fault; the message names it and its line. */
static void faulty_templates_are_refused(void **state)
{
    static const struct {
        const char *yaml, *place, *text;
    } rows[] = {
        {"", "t.yaml", ""},
        {"- a\n", "t.yaml:1:", "must be a map"},
        {HEAD, "t.yaml:1:", "pages"},
        {HEAD "pages: 3\n", "t.yaml:3:", "must be a list"},
        {HEAD "pages: []\n", "t.yaml:3:", "1 to 100"},
        {HEAD "paegs: []\n", "t.yaml:3:", "pages"},
        {PAGE "    - {kind: txet, text: a}\n", "t.yaml:5:", "txet"},
        {PAGE "    - {text: a}\n", "t.yaml:5:", "kind"},
        {PAGE "    - {kind: text}\n", "t.yaml:5:", "text"},
        {PAGE "    - {kind: text, text: a, style: loud}\n", "t.yaml:5:", "loud"},
        {PAGE "    - {kind: text, text: a, each: perhaps}\n", "t.yaml:5:", "perhaps"},
        {PAGE "    - {kind: heading, text: a, level: 3}\n", "t.yaml:5:", "3"},
        {PAGE "    - {kind: figures, figures: []}\n", "t.yaml:5:", "1 to 6"},
        {PAGE "    - {kind: table, query: SELECT 1}\n", "t.yaml:5:", "columns"},
        {PAGE "    - {kind: table, columns: [{title: a, text: b}]}\n", "t.yaml:5:", "query"},
        {PAGE "    - {kind: charts, charts: [{id: a, query: b, mark: pie}]}\n",
         "t.yaml:5:", "pie"},
        {PAGE "    - {kind: charts, charts: [{query: b}]}\n", "t.yaml:5:", "id"},
        {HEAD "colours: {a: red}\npages: [{elements: [{kind: contents}]}]\n",
         "t.yaml:3:", "red"},
        /* What only the queries show. */
        {PAGE "    - {kind: text, text: \"{none}\"}\n", "t.yaml:5:", "\"none\""},
        {PAGE "    - {kind: text, text: \"{title:loud}\"}\n", "t.yaml:5:", "unknown format"},
        {PAGE "    - {kind: text, text: \"{title\"}\n", "t.yaml:5:", "not closed"},
        {PAGE "    - {kind: text, text: \"{}\"}\n", "t.yaml:5:", "names no column"},
        {PAGE "    - {kind: text, text: a, query: SELEKT}\n", "t.yaml:5:", "SELEKT"},
        {PAGE "    - {kind: text, text: a, query: DELETE FROM study}\n", "t.yaml:5:", ""},
        {PAGE "    - {kind: charts, charts: [{id: a, query: SELECT 1 AS value}]}\n",
         "t.yaml:5:", "series"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        GError *error = NULL;
        hr_document *document = build(*state, rows[i].yaml, &error);
        if (document != NULL || strstr(error->message, rows[i].place) == NULL ||
            strstr(error->message, rows[i].text) == NULL) {
            fail_msg("%s: %s", rows[i].yaml, error != NULL ? error->message : "accepted");
        }
        assert_int_equal(error->domain, HR_ERROR);
        g_clear_error(&error);
    }
}

static void all_faults_are_told_at_once(void **state)
{
    GError *error = NULL;
    assert_null(build(*state,
                      PAGE "    - {kind: text}\n    - {kind: heading}\n    - {kind: none}\n",
                      &error));
    assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_INPUT));
    assert_non_null(strstr(error->message, "t.yaml:5:"));
    assert_non_null(strstr(error->message, "\n"));
    assert_non_null(strstr(error->message, "t.yaml:6:"));
    assert_non_null(strstr(error->message, "t.yaml:7:"));
    g_clear_error(&error);
}

/* Elements of the template in a document, as text. */
static void elements_come_out(void **state)
{
    static const struct {
        const char *yaml, *line;
    } rows[] = {
        {PAGE "    - {kind: text, text: \"of {title}, {{x}\"}\n", "\"of estate.csv, {x}\""},
        {PAGE "    - {kind: text, each: true, query: SELECT name FROM platform ORDER BY rank, "
              "text: \"- {name}\"}\n",
         "\"- Proxmox VE\""},
        {PAGE "    - {kind: table, query: SELECT 1 WHERE 0, empty: nothing here, columns: "
              "[{title: a, text: b}]}\n",
         "\"nothing here\""},
        {PAGE
         "    - {kind: table, query: \"SELECT 150 AS c UNION ALL SELECT 175\", total: Sum, "
         "columns: [{title: a, text: x}, {title: b, text: \"{c:cents}\", total: c}]}\n",
         "\"3.25\""},
        {HEAD "pages:\n  - for_each: SELECT platform_id FROM platform ORDER BY rank\n"
              "    elements:\n    - {kind: text, query: SELECT name FROM platform WHERE "
              "platform_id = :platform, text: \"<{name}>\"}\n",
         "\"<Microsoft Hyper-V>\""},
        {HEAD "labels: {dynamic: moving}\n"
              "pages:\n  - elements:\n    - {kind: text, query: SELECT policy FROM platform "
              "ORDER BY rank, text: \"{policy:label}\"}\n",
         "\"moving\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        GError *error = NULL;
        hr_document *document = build(*state, rows[i].yaml, &error);
        if (document == NULL) {
            fail_msg("%s: %s", rows[i].yaml, error->message);
        }
        struct hr_canvas *canvas = hr_canvas_text_new();
        hr_document_draw(document, canvas);
        if (strstr(hr_canvas_text_lines(canvas), rows[i].line) == NULL) {
            fail_msg("%s is not in\n%s", rows[i].line, hr_canvas_text_lines(canvas));
        }
        hr_canvas_text_free(canvas);
        hr_document_free(document);
    }
}

static void formats_values(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *sql, *field, *text;
    } rows[] = {
        {"SELECT 1234567 AS v", "{v}", "1,234,567"},
        {"SELECT 1.5 AS v", "{v}", "1.50"},
        {"SELECT 'a' AS v", "{v:int}", "a"},
        {"SELECT NULL AS v", "{v:cents}", "–"},
        {"SELECT 1234.56 AS v", "{v:int}", "1,235"},
        {"SELECT 1234.56 AS v", "{v:dec1}", "1,234.6"},
        {"SELECT 14901123456 AS v", "{v:decimal}", "14,901.123456"},
        {"SELECT 14901123456 AS v", "{v:units}", "14,901.12"},
        {"SELECT -500000 AS v", "{v:decimal}", "-0.5"},
        {"SELECT 143700 AS v", "{v:price}", "0.1437"},
        {"SELECT 50000000 AS v", "{v:price}", "50.00"},
        {"SELECT 6895500000 AS v", "{v:price}", "6,895.50"},
        {"SELECT 123450 AS v", "{v:cents}", "1,234.50"},
        {"SELECT 123450 AS v", "{v:whole}", "1,234"},
        {"SELECT 0.0123 AS v", "{v:pct}", "1.2\xc2\xa0%"},
        {"SELECT 262144 AS v", "{v:gib}", "256\xc2\xa0GiB"},
        {"SELECT 1536 AS v", "{v:gib}", "1.5\xc2\xa0GiB"},
        {"SELECT 59.4 AS v", "{v:duration}", "59 s"},
        {"SELECT 412 AS v", "{v:duration}", "6 min 52 s"},
        {"SELECT 7260 AS v", "{v:duration}", "2 h 01 min"},
        {"SELECT 'k' AS v", "{v:label}", "k"},
        {"SELECT 1 AS v", "a {v} {{v} {v:int}%", "a 1 {v} 1%"},
    };
    hr_store *store = hr_store_open_read(f->database, NULL);
    assert_non_null(store);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        g_autoptr(hr_rows) value = hr_store_query(store, rows[i].sql, 1, NULL, NULL);
        const struct hr_scope scope = {.rows = value};
        g_autofree char *text = hr_scope_expand(&scope, rows[i].field, NULL);
        assert_string_equal(text, rows[i].text);
    }
    hr_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_templates_are_refused),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(elements_come_out),
        cmocka_unit_test(formats_values),
    };
    return cmocka_run_group_tests_name("report_template", tests, open_fixture, close_fixture);
}
