/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of a sweep: which template is taken, what it says, and what it does not. */
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "check.h"
#include "report/report.h"
#include "store_fixture.h"
#include "sweep/answers.h"
#include "sweep_fixture.h"
#include "test_report_study.h"

struct place {
    char *folder, *path, *output, *reports;
};

static int open_place(void **state)
{
    struct place *place = g_new0(struct place, 1);
    const char *top = g_getenv("top_srcdir");
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "x.db", NULL);
    place->output = g_build_filename(place->folder, "x.svg", NULL);
    place->reports = g_build_filename(top != NULL ? top : ".", "reports", NULL);
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1788220800", 1), 0);
    *state = place;
    return 0;
}

static int close_place(void **state)
{
    struct place *place = *state;
    fixture_folder_remove(place->folder);
    g_free(place->path);
    g_free(place->output);
    g_free(place->reports);
    g_free(place);
    return 0;
}

/* The draw list of the study's report. Owner: the caller. */
static char *draw(const struct place *place, int64_t study_id)
{
    const struct hr_report_request request = {.database = place->path,
                                              .study_id = study_id,
                                              .template_dir = place->reports,
                                              .output = "x.pdf"};
    GError *error = NULL;
    g_autoptr(hr_document) document = hr_report_build(&request, &error);
    if (document == NULL) {
        fail_msg("%s", error->message);
    }
    struct hr_canvas *canvas = hr_canvas_text_new();
    assert_true(hr_document_draw(document, canvas) >= 1);
    char *lines = g_strdup(hr_canvas_text_lines(canvas));
    hr_canvas_text_free(canvas);
    return lines;
}

static void check_words(const char *lines, const char *const *there, const char *const *absent)
{
    for (; *there != NULL; there++) {
        if (strstr(lines, *there) == NULL) {
            fail_msg("the report does not say %s", *there);
        }
    }
    for (; *absent != NULL; absent++) {
        if (strstr(lines, *absent) != NULL) {
            fail_msg("the report says %s", *absent);
        }
    }
}

static void a_whole_sweep(void **state)
{
    const struct place *place = *state;
    const struct made_sweep what = {.n_platforms = 3, .n_prices = 6, .n_growth = 2};
    int64_t study_id = make_sweep(place->path, &what);
    assert_true(hr_sweep_save_answers(place->path, study_id, NULL));
    g_autofree char *lines = draw(place, study_id);
    /* At 8 USD/GiB alpha takes 3 hosts of 384 GiB: 3 x 10,000 + 1,152 x 8 = 39,216. With
     * 3 x 10,000 + 1,152 p = 2 x 16,000 + 1,024 p it meets beta at p = 15.625. */
    static const char *const there[] = {
        "39,216",
        "dram 8 USD/GiB, growth 0 %",
        "\"15.63\"",
        "\"Where the answer changes\"",
        "\"Response surfaces\"",
        "\"Cost against risk\"",
        "\"What decides\"",
        "\"Method and assumptions\"",
        "\"TCO (thousand USD)\"",
        "\"not feasible\"",
        "\"Pareto front\"",
        "\"binned estimate\"",
        "\"dram (0.5 / 100 USD/GiB)\"",
        "\"384\"", /* MiB are labelled in GiB */
        NULL,
    };
    static const char *const absent[] = {"is not complete", "No point of the sweep", "393216",
                                         NULL};
    check_words(lines, there, absent);
}

static void sections_without_data_do_not_appear(void **state)
{
    const struct place *place = *state;
    const struct {
        struct made_sweep what;
        const char *there[4], *absent[6];
    } rows[] = {
        {{.n_platforms = 2, .n_prices = 1, .n_growth = 1, .is_hopeless = true},
         {"No point of the sweep keeps the service levels", "none of these points holds"},
         {"Cost against risk", "Where the answer changes", "cheapest cluster"}},
        {{.n_platforms = 2, .n_prices = 1, .n_growth = 1, .is_unpriced = true},
         {"6 × 128 GiB", "Method and assumptions"},
         {"Cost against risk", "Where the answer changes", "cheapest cluster that"}},
        {{.n_platforms = 1, .n_prices = 3, .n_growth = 1},
         {"No two platforms change places", "Response surfaces"},
         {"is not complete"}},
        {{.n_platforms = 3, .n_prices = 6, .n_growth = 1, .is_incomplete = true},
         {"of 360 points 120 are missing", "--resume goes on"},
         {"Sensitivity indices"}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t study_id = make_sweep(place->path, &rows[i].what);
        g_autofree char *lines = draw(place, study_id);
        check_words(lines, rows[i].there, rows[i].absent);
    }
}

/* The study's kind chooses; a sizing in the same file keeps its own report. */
static void the_kind_chooses_the_template(void **state)
{
    const struct place *place = *state;
    const struct made_study sizing = {
        .title = "estate.csv", .guest_name = "sql-01", .is_feasible = true, .n_platforms = 2};
    GError *error = NULL;
    assert_true(make_study(place->path, &sizing, &error));
    const struct made_sweep what = {.n_platforms = 2, .n_prices = 2, .n_growth = 1};
    int64_t study_id = make_sweep(place->path, &what);
    g_autofree char *first = draw(place, 1);
    assert_non_null(strstr(first, "Sizing of estate.csv"));
    assert_null(strstr(first, "Sweep of"));
    g_autofree char *last = draw(place, 0);
    assert_non_null(strstr(last, "Sweep of"));
    /* By name the other one is had too. */
    const struct hr_report_request request = {.database = place->path,
                                              .study_id = study_id,
                                              .template_name = "comparison",
                                              .template_dir = place->reports,
                                              .output = "x.pdf"};
    g_autoptr(hr_document) document = hr_report_build(&request, &error);
    if (document == NULL) {
        fail_msg("%s", error->message);
    }
}

static void every_chart_draws_alone(void **state)
{
    const struct place *place = *state;
    const struct made_sweep what = {.n_platforms = 3, .n_prices = 6, .n_growth = 2};
    make_sweep(place->path, &what);
    static const struct {
        const char *name, *has;
    } rows[] = {
        {"break-even", "Alpha"}, {"break-even-linear", "no data"}, {"pareto", "Pareto front"},
        {"tornado", "Cheapest"}, {"map", "not feasible"},          {"map-2-p3", "dram"},
        {"map-p10", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct hr_report_request request = {
            .database = place->path, .template_dir = place->reports, .output = place->output};
        GError *error = NULL;
        bool ok = hr_report_chart(&request, rows[i].name, &error);
        if (ok != (i + 1 < G_N_ELEMENTS(rows))) {
            fail_msg("%s: %s", rows[i].name, error != NULL ? error->message : "drawn");
        }
        assert_true(ok || strstr(error->message, "sobol-risk") != NULL);
        g_clear_error(&error);
        assert_int_equal(g_file_test(place->output, G_FILE_TEST_EXISTS), ok);
        g_unlink(place->output);
    }
}

#define HEAD  "title: t\nquery: SELECT title FROM study WHERE study_id = :study\npages:\n"
#define CHART HEAD "  - elements:\n    - kind: charts\n      charts:\n        - "

/* What is missing in a query of these charts is told with its line. */
static void faulty_queries_are_told(void **state)
{
    const struct place *place = *state;
    const struct made_sweep what = {.n_platforms = 1, .n_prices = 1, .n_growth = 1};
    make_sweep(place->path, &what);
    static const struct {
        const char *yaml, *place, *text;
    } rows[] = {
        {CHART "{id: a, mark: cell, query: SELECT 1 AS x}\n", "t.yaml:7:", "column, y, row"},
        {CHART "{id: a, mark: scatter, query: SELECT 1 AS x}\n", "t.yaml:7:", "series"},
        {CHART "{id: a, mark: scatter, query: 'SELECT 1 AS x, 2 AS value, 3 AS series', notes: "
               "SELECT 1 AS x}\n",
         "t.yaml:7:", "text"},
        {CHART "{id: a, mark: scatter, query: 'SELECT 1 AS x, 2 AS value, 3 AS series', steps: "
               "SELECT 1 AS x}\n",
         "t.yaml:7:", "steps must yield"},
        {CHART
         "{id: a, mark: cell, query: \"WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT "
         "i + 1 FROM k WHERE i < 300) SELECT i AS x, '' AS 'column', 1 AS y, '' AS row, 1 "
         "AS value FROM k\"}\n",
         "t.yaml:7:", "at most 200"},
    };
    g_autofree char *path = g_build_filename(place->folder, "t.yaml", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_true(g_file_set_contents(path, rows[i].yaml, -1, NULL));
        const struct hr_report_request request = {
            .database = place->path, .template_name = path, .output = "x.pdf"};
        GError *error = NULL;
        hr_document *document = hr_report_build(&request, &error);
        if (document != NULL || strstr(error->message, rows[i].place) == NULL ||
            strstr(error->message, rows[i].text) == NULL) {
            fail_msg("%s: %s", rows[i].yaml, error != NULL ? error->message : "accepted");
        }
        g_clear_error(&error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_sweep, open_place, close_place),
        cmocka_unit_test_setup_teardown(sections_without_data_do_not_appear, open_place,
                                        close_place),
        cmocka_unit_test_setup_teardown(the_kind_chooses_the_template, open_place, close_place),
        cmocka_unit_test_setup_teardown(every_chart_draws_alone, open_place, close_place),
        cmocka_unit_test_setup_teardown(faulty_queries_are_told, open_place, close_place),
    };
    return cmocka_run_group_tests_name("report_sweep", tests, NULL, NULL);
}
