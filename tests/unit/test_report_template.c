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
    const struct made_study what = {.title = "estate.csv",
                                    .guest_name = "sql-01",
                                    .is_feasible = true,
                                    .is_bare = true,
                                    .n_platforms = 2};
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
        {PAGE "    - {kind: table, query: SELECT 1, cell: a, row: b}\n", "t.yaml:5:", "head"},
        {PAGE "    - {kind: table, query: SELECT 1, most: 0, columns: [{title: a, text: b}]}\n",
         "t.yaml:5:", "0"},
        {PAGE "    - {kind: table, query: SELECT 1, cell: \"{x}\", row: a, head: b}\n",
         "t.yaml:5:", "\"x\""},
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
        {PAGE "    - {kind: table, most: 2, footnote: And so on., query: \"SELECT 1 AS c UNION "
              "ALL SELECT 2 UNION ALL SELECT 3\", columns: [{title: a, text: \"{c}\"}]}\n",
         "\"… and 1 more, all in the database. And so on.\""},
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

/* Rows and heads in their order, a dash where the query has no row, and sums of each head; at
 * most two heads stand beside each other here. */
static void crossed_tables_come_out(void **state)
{
    GError *error = NULL;
    hr_document *document = build(
        *state,
        PAGE "    - {kind: table, per_table: 2, corner: Year, total: Sum, sum: c, row: "
             "\"{r}\", head: \"{h}\", cell: \"{c:cents}\", query: \"SELECT 'y0' AS r, 'b' AS "
             "h, 150 AS c UNION ALL SELECT 'y1', 'b', 175 UNION ALL SELECT 'y1', 'a', 1 "
             "UNION ALL SELECT 'y0', 'd', -20 UNION ALL SELECT 'y0', 'c', 5\"}\n",
        &error);
    if (document == NULL) {
        fail_msg("%s", error->message);
    }
    struct hr_canvas *canvas = hr_canvas_text_new();
    hr_document_draw(document, canvas);
    static const char *const words[] = {
        "Year", "b", "a", "y0", "1.50",  "–",    "y1", "1.75", "0.01", "Sum", "3.25",  "0.01",
        "Year", "d", "c", "y0", "-0.20", "0.05", "y1", "–",    "–",    "Sum", "-0.20", "0.05"};
    const char *p = strstr(hr_canvas_text_lines(canvas), "<Table>");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        g_autofree char *word = g_strdup_printf("\"%s\"\n", words[i]);
        p = p != NULL ? strstr(p, "text ") : NULL;
        p = p != NULL ? strchr(p, '"') : NULL;
        if (p == NULL || !g_str_has_prefix(p, word)) {
            fail_msg("word %zu is not %s in\n%s", i, word, hr_canvas_text_lines(canvas));
        }
    }
    hr_canvas_text_free(canvas);
    hr_document_free(document);
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
        {"SELECT 0.01236 AS v", "{v:pct2}", "1.24\xc2\xa0%"},
        {"SELECT 'short-name' AS v", "{v:name}", "short-name"},
        {"SELECT '1234567890123456789012345678901234567890' AS v", "{v:name}",
         "1234567890123456789012345678901234567890"},
        {"SELECT 'ä234567890123456789012345678901234567890x' AS v", "{v:name}",
         "ä234567890123…6789012345678901234567890x"},
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
        cmocka_unit_test(crossed_tables_come_out),
        cmocka_unit_test(formats_values),
    };
    return cmocka_run_group_tests_name("report_template", tests, open_fixture, close_fixture);
}
