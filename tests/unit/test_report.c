/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/wait.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "check.h"
#include "report/report.h"
#include "test_plot_golden.h"
#include "test_report_study.h"

struct place {
    char *dir, *database, *output;
};

static void open_place(struct place *place)
{
    assert_true(g_setenv("SOURCE_DATE_EPOCH", "1700000000", TRUE));
    place->dir = g_dir_make_tmp("headroom-XXXXXX", NULL);
    place->database = g_build_filename(place->dir, "s.db", NULL);
    place->output = g_build_filename(place->dir, "r.pdf", NULL);
}

/* Removing the folder fails when anything else was left in it. */
static void close_place(struct place *place)
{
    g_unlink(place->database);
    g_unlink(place->output);
    assert_int_equal(g_rmdir(place->dir), 0);
    g_free(place->dir);
    g_free(place->database);
    g_free(place->output);
}

static void add_study(const struct place *place, struct made_study what)
{
    GError *error = NULL;
    if (!make_study(place->database, &what, &error)) {
        fail_msg("%s", error->message);
    }
}

static char *shipped_templates(void)
{
    const char *top = g_getenv("top_srcdir");
    return g_build_filename(top != NULL ? top : ".", "reports", NULL);
}

/* The draw list of the shipped report. */
static char *draw_report(const struct place *place, int *n_pages)
{
    g_autofree char *dir = shipped_templates();
    const struct hr_report_request request = {
        .database = place->database, .template_dir = dir, .output = place->output};
    GError *error = NULL;
    hr_document *document = hr_report_build(&request, &error);
    if (document == NULL) {
        fail_msg("%s", error->message);
    }
    struct hr_canvas *canvas = hr_canvas_text_new();
    *n_pages = hr_document_draw(document, canvas);
    char *lines = g_strdup(hr_canvas_text_lines(canvas));
    hr_canvas_text_free(canvas);
    hr_document_free(document);
    return lines;
}

static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *p = strstr(text, what); p != NULL; p = strstr(p + 1, what)) {
        n++;
    }
    return n;
}

/* What can be read, in order, without where it stands. */
static char *words_of(const char *lines)
{
    GString *out = g_string_new(NULL);
    g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
    for (size_t i = 0; all[i] != NULL; i++) {
        const char *quote = strchr(all[i], '"');
        if (g_str_has_prefix(all[i], "text ") && quote != NULL) {
            g_string_append_printf(out, "%s\n", quote);
        } else if (strcmp(all[i], "page ends") == 0) {
            g_string_append(out, "----\n");
        }
    }
    return g_string_free(out, FALSE);
}

static void page_model_is_as_recorded(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    add_study(&place, (struct made_study){.title = "estate.csv",
                                          .guest_name = "sql-01",
                                          .is_feasible = true,
                                          .n_platforms = 4});
    int n_pages = 0;
    g_autofree char *lines = draw_report(&place, &n_pages);
    g_autofree char *words = words_of(lines);
    assert_null(strstr(lines, "\"no data\""));
    assert_golden("report-comparison.txt", words);
    close_place(&place);
}

static int64_t cents_of(const char *text)
{
    int64_t cents = 0;
    bool negative = text[0] == '-';
    for (const char *p = text; *p != '\0'; p++) {
        if (g_ascii_isdigit(*p)) {
            cents = cents * 10 + (*p - '0');
        }
    }
    return negative ? -cents : cents;
}

/* The cells of the next table row from *lines on; NULL at the end. */
static GPtrArray *next_row(const char **lines)
{
    const char *start = strstr(*lines, "<TR>\n");
    if (start == NULL) {
        return NULL;
    }
    const char *end = strstr(start, "</TR>\n");
    assert_non_null(end);
    GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = start; p < end; p = strchr(p, '\n') + 1) {
        if (g_str_has_prefix(p, "text ")) {
            const char *quote = strchr(p, '"') + 1;
            g_ptr_array_add(cells, g_strndup(quote, (size_t)(strchr(quote, '\n') - quote - 1)));
        }
    }
    *lines = end;
    return cells;
}

static const char *cell(const GPtrArray *cells, guint index)
{
    return index < cells->len ? g_ptr_array_index(cells, index) : "";
}

/* Every total that is printed is the sum of what is printed above it. */
static void printed_totals_add_up(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    add_study(&place, (struct made_study){.title = "estate.csv",
                                          .guest_name = "sql-01",
                                          .is_feasible = true,
                                          .n_platforms = 7});
    int n_pages = 0;
    g_autofree char *lines = draw_report(&place, &n_pages);
    const char *p = lines;
    int64_t sums[8] = {0};
    int n_totals = 0;
    int64_t last_tco = 0;
    for (GPtrArray *row = next_row(&p); row != NULL; row = next_row(&p)) {
        bool is_total = strcmp(cell(row, 0), "Total") == 0;
        bool is_head =
            strcmp(cell(row, 0), "Item") == 0 || g_str_has_prefix(cell(row, 0), "Year (0");
        for (guint c = 0; c < row->len && c < 8; c++) {
            bool is_amount = strstr(cell(row, c), ".") != NULL;
            if (is_total && cell(row, c)[0] != '\0' && c > 0) {
                assert_int_equal(cents_of(cell(row, c)), sums[c]);
                n_totals++;
            } else if (is_amount && !is_head) {
                sums[c] += cents_of(cell(row, c));
            }
        }
        if (is_total) {
            int64_t tco = sums[row->len == 7 ? 6 : 4];
            assert_true(tco > 0);
            /* The year table follows the lines of its platform and comes to the same. */
            assert_true(row->len == 7 || tco == last_tco);
            last_tco = tco;
        }
        /* A header on a new page in the middle of a table starts no new sum. */
        if (is_total || strcmp(cell(row, 0), "Platform") == 0 ||
            strcmp(cell(row, 0), "") == 0 || strcmp(cell(row, 0), "All hosts, GiB") == 0) {
            memset(sums, 0, sizeof sums);
        }
        if (strcmp(cell(row, 0), "Swapped") == 0 || strcmp(cell(row, 0), "TCO") == 0) {
            memset(sums, 0, sizeof sums);
        }
        g_ptr_array_unref(row);
    }
    assert_int_equal(n_totals, 7 * (2 + 4));
    close_place(&place);
}

/* Categories of the turned table, capital plus running cost, and the years beside each other
 * come to the TCO. */
static void turned_totals_add_up(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    add_study(&place, (struct made_study){.title = "estate.csv",
                                          .guest_name = "sql-01",
                                          .is_feasible = true,
                                          .n_platforms = 4});
    int n_pages = 0;
    g_autofree char *lines = draw_report(&place, &n_pages);
    const char *p = lines;
    int64_t sums[5] = {0};
    bool is_within = false;
    int n_checked = 0;
    for (GPtrArray *row = next_row(&p); row != NULL; row = next_row(&p)) {
        const char *name = cell(row, 0);
        bool is_years =
            g_str_has_prefix(name, "Year (0") && strcmp(cell(row, 1), "Microsoft Hyper-V") == 0;
        if (((strcmp(name, "Capital cost") == 0 || strcmp(name, "Servers") == 0) &&
             row->len == 5) ||
            is_years) {
            memset(sums, 0, sizeof sums);
            is_within = true;
        }
        for (guint c = 1; is_within && c < row->len; c++) {
            if (strcmp(name, "TCO") == 0) {
                assert_int_equal(cents_of(cell(row, c)), sums[c]);
                n_checked++;
            }
            sums[c] += is_years ? 0 : cents_of(cell(row, c));
        }
        is_within = is_within && strcmp(name, "TCO") != 0;
        g_ptr_array_unref(row);
    }
    assert_int_equal(n_checked, 3 * 4);
    close_place(&place);
}

static char *run(const char *program, const char *path)
{
    g_autofree char *found = g_find_program_in_path(program);
    if (found == NULL) {
        print_message("%s not found\n", program);
        skip();
    }
    char *checked[] = {found, "--check", (char *)(intptr_t)path, NULL};
    char *other[] = {found, (char *)(intptr_t)path, "-", NULL};
    char *output = NULL;
    int status = -1;
    assert_true(g_spawn_sync(NULL, strcmp(program, "qpdf") == 0 ? checked : other, NULL, 0,
                             NULL, NULL, &output, NULL, &status, NULL));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        g_clear_pointer(&output, g_free);
    }
    return output;
}

/* Lines are joined: where they end is not what is tested. */
static void assert_says(char *text, const char *const *wanted, size_t n)
{
    g_strdelimit(text, "\n", ' ');
    for (size_t i = 0; i < n; i++) {
        if (strstr(text, wanted[i]) == NULL) {
            fail_msg("the report does not say: %s", wanted[i]);
        }
    }
}

static void pdf_is_sound_and_repeatable(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    add_study(&place, (struct made_study){.title = "estate.csv",
                                          .guest_name = "sql-01",
                                          .is_feasible = true,
                                          .n_platforms = 4});
    g_autofree char *dir = shipped_templates();
    const struct hr_report_request request = {
        .database = place.database, .template_dir = dir, .output = place.output};
    char *bytes[2] = {NULL, NULL};
    gsize n_bytes[2] = {0, 0};
    for (int k = 0; k < 2; k++) {
        assert_true(hr_report_render(&request, NULL));
        assert_true(g_file_get_contents(place.output, &bytes[k], &n_bytes[k], NULL));
    }
    assert_int_equal(n_bytes[0], n_bytes[1]);
    assert_memory_equal(bytes[0], bytes[1], n_bytes[0]);
    g_autofree char *sound = run("qpdf", place.output);
    assert_non_null(sound);
    g_autofree char *text = run("pdftotext", place.output);
    assert_non_null(text);
    assert_in_range(count(text, "\f"), 18, 24);
    static const char *const wanted[] = {
        "The cheapest platform that meets the service levels is",
        "Insufficient evidence",
        "list prices, excl. tax, as of 2026-01",
        "not legal advice; verify with the vendor",
        "Static floor",
        "sql-01",
        "Provenance",
        "row left out: no memory size",
        "guests touch 61 %",
        "Failed: host-1, on day 10, Wednesday at 12:00.",
        "15 guests lose their host; 15 run again, the last after 12 min 10 s; none stays down",
        "The other 34 of 44 guests stay at or below 0.40",
    };
    assert_says(text, wanted, sizeof wanted / sizeof wanted[0]);
    g_free(bytes[0]);
    g_free(bytes[1]);
    close_place(&place);
}

#define PLAIN .title = "e.csv", .guest_name = "g"

/* Studies that lack what the template would like to show. */
static void odd_studies_make_reports_too(void **state)
{
    (void)state;
    static const struct {
        struct made_study what;
        const char *text;
    } rows[] = {
        {{PLAIN, .n_platforms = 2}, "No platform has a cluster"},
        {{PLAIN, .n_platforms = 7}, "so there are no answers to compare"},
        {{PLAIN, .is_feasible = true, .n_platforms = 3, .n_infeasible = 1},
         "No cost was computed, for want"},
        {{PLAIN, .is_feasible = true, .n_platforms = 3, .n_infeasible = 1},
         "No hourly series was kept, for want"},
        {{PLAIN, .is_feasible = true, .n_platforms = 3, .n_infeasible = 1},
         "No failure was simulated for: VMware vSphere Standard."},
        {{PLAIN, .is_feasible = true, .n_platforms = 3, .n_infeasible = 1}, "no cluster holds"},
        {{PLAIN, .is_feasible = true, .n_platforms = 1, .n_findings = 26}, "\"Findings\""},
        {{PLAIN, .is_feasible = true, .n_platforms = 1, .n_findings = 27},
         "\"31 findings by reason\""},
        {{PLAIN, .is_feasible = true, .is_bare = true, .n_platforms = 3},
         "No cost was computed"},
        {{PLAIN, .is_bare = true, .n_platforms = 1}, "no answers to compare"},
        {{.title = "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d.csv",
          .guest_name = "it's {odd} \\ \"",
          .is_feasible = true,
          .n_platforms = 1},
         "{odd}"},
        {{PLAIN, .is_feasible = true, .n_platforms = 7}, "Nutanix AHV"},
        {{PLAIN, .is_feasible = true, .is_bare = true, .n_platforms = 0},
         "0 platforms · 5 years"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct place place;
        open_place(&place);
        add_study(&place, rows[i].what);
        g_autofree char *dir = shipped_templates();
        const struct hr_report_request request = {.database = place.database,
                                                  .template_dir = dir,
                                                  .output = place.output,
                                                  .paper = HR_PAPER_LETTER};
        GError *error = NULL;
        if (!hr_report_render(&request, &error)) {
            fail_msg("%s", error->message);
        }
        g_autofree char *sound = run("qpdf", place.output);
        assert_non_null(sound);
        int n_pages = 0;
        g_autofree char *lines = draw_report(&place, &n_pages);
        if (strstr(lines, rows[i].text) == NULL) {
            fail_msg("study %zu: the report does not say: %s", i, rows[i].text);
        }
        close_place(&place);
    }
}

/* What pdftotext says of the PDF; with -bbox the place of every word. */
static char *text_of(const char *path, bool with_places)
{
    g_autofree char *found = g_find_program_in_path("pdftotext");
    if (found == NULL) {
        print_message("pdftotext not found\n");
        skip();
    }
    char *plain[] = {found, (char *)(intptr_t)path, "-", NULL};
    char *places[] = {found, "-bbox", (char *)(intptr_t)path, "-", NULL};
    char *output = NULL;
    assert_true(g_spawn_sync(NULL, with_places ? places : plain, NULL, 0, NULL, NULL, &output,
                             NULL, NULL, NULL));
    return output;
}

/* Every word stands within the page's margins, and none between the text and the footer. */
static void assert_within_margins(const char *path, double page_w, double page_h)
{
    g_autofree char *words = text_of(path, true);
    int n = 0;
    for (const char *p = strstr(words, "<word "); p != NULL; p = strstr(p + 1, "<word ")) {
        double at[4] = {0};
        const char *q = p;
        for (int k = 0; k < 4; k++) {
            q = strchr(q, '"') + 1;
            at[k] = g_ascii_strtod(q, NULL);
            q = strchr(q, '"') + 1;
        }
        bool is_inside = at[0] >= 47.0 && at[2] <= page_w - 47.0 && at[1] >= 20.0;
        bool is_footer = at[1] > page_h - 40.0;
        if (!is_inside || at[3] > page_h - (is_footer ? 20.0 : 50.0)) {
            fail_msg("out of the margins: %.160s", p);
        }
        n++;
    }
    assert_true(n > 500);
}

/* The first page holds the answer for seven platforms, with answers or without, on both papers;
 * nothing is clipped. */
static void first_page_holds_seven_platforms(void **state)
{
    (void)state;
    static const struct made_study studies[] = {
        {.title = "estate.csv", .guest_name = "sql-01", .is_feasible = true, .n_platforms = 7},
        {.title = "estate.csv",
         .guest_name = "sql-01",
         .is_feasible = true,
         .n_platforms = 7,
         .n_infeasible = 1},
        {.title = "estate.csv",
         .guest_name = "sql-01",
         .is_feasible = true,
         .n_platforms = 7,
         .n_infeasible = 4},
        {.title = "estate.csv", .guest_name = "sql-01", .n_platforms = 7},
    };
    static const double sizes[HR_PAPER__COUNT][2] = {{595.3, 841.9}, {612.0, 792.0}};
    g_autofree char *dir = shipped_templates();
    for (size_t i = 0; i < sizeof studies / sizeof studies[0]; i++) {
        struct place place;
        open_place(&place);
        add_study(&place, studies[i]);
        for (int paper = 0; paper < HR_PAPER__COUNT; paper++) {
            const struct hr_report_request request = {.database = place.database,
                                                      .template_dir = dir,
                                                      .output = place.output,
                                                      .paper = (enum hr_paper)paper};
            assert_true(hr_report_render(&request, NULL));
            assert_within_margins(place.output, sizes[paper][0], sizes[paper][1]);
            g_autofree char *text = text_of(place.output, false);
            g_auto(GStrv) pages = g_strsplit(text, "\f", 3);
            assert_non_null(strstr(pages[0], "Nutanix AHV"));
            if (studies[i].is_feasible) {
                assert_non_null(strstr(pages[0], "Total cost of ownership over 5 years"));
            }
            assert_non_null(strstr(pages[0], "Page 1 of"));
            assert_non_null(strstr(pages[1], "Appendix: coefficients of the platforms"));
            assert_non_null(strstr(pages[1], "Comparison in full\n"));
        }
        close_place(&place);
    }
}

/* 2,000 guests with long names on 40 hosts: tables are cut short and say so. */
static void large_estates_make_short_reports(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    add_study(&place, (struct made_study){.title = "estate.csv",
                                          .guest_name = "sql-01",
                                          .is_feasible = true,
                                          .n_platforms = 2,
                                          .n_guests = 2000,
                                          .n_hosts = 40,
                                          .n_findings = 3000});
    g_autofree char *dir = shipped_templates();
    const struct hr_report_request request = {.database = place.database,
                                              .template_dir = dir,
                                              .output = place.output,
                                              .paper = HR_PAPER_LETTER};
    assert_true(hr_report_render(&request, NULL));
    assert_within_margins(place.output, 612.0, 792.0);
    g_autofree char *text = text_of(place.output, false);
    assert_in_range(count(text, "\f"), 15, 24);
    static const char *const wanted[] = {
        "The other 1,990 of 2,000 guests",
        "50 guests lose their host; 49 run again, the last after 39 min 10 s; 1 stays down",
        "… and 28 more, all in the database.",    /* hosts */
        "… and 30 more, all in the database.",    /* guests that were down */
        "… and 2,963 more, all in the database.", /* findings */
        "production-cu…",
    };
    assert_says(text, wanted, sizeof wanted / sizeof wanted[0]);
    close_place(&place);
}

static void chooses_the_study(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    add_study(&place, (struct made_study){.title = "first.csv",
                                          .guest_name = "g",
                                          .is_feasible = true,
                                          .is_bare = true,
                                          .n_platforms = 1});
    add_study(&place, (struct made_study){.title = "second.csv",
                                          .guest_name = "g",
                                          .is_feasible = true,
                                          .is_bare = true,
                                          .n_platforms = 1});
    g_autofree char *dir = shipped_templates();
    static const struct {
        int64_t study_id;
        const char *title; /* NULL: refused */
    } rows[] = {{0, "Sizing of second.csv"}, {1, "Sizing of first.csv"}, {3, NULL}, {-1, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hr_report_request request = {.database = place.database,
                                                  .study_id = rows[i].study_id,
                                                  .template_dir = dir,
                                                  .output = place.output};
        GError *error = NULL;
        hr_document *document = hr_report_build(&request, &error);
        assert_int_equal(document != NULL, rows[i].title != NULL);
        if (document == NULL) {
            assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_USAGE));
            g_clear_error(&error);
            continue;
        }
        struct hr_canvas *canvas = hr_canvas_text_new();
        hr_document_draw(document, canvas);
        assert_non_null(strstr(hr_canvas_text_lines(canvas), rows[i].title));
        hr_canvas_text_free(canvas);
        hr_document_free(document);
    }
    close_place(&place);
}

static void failures_leave_nothing(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    g_autofree char *dir = shipped_templates();
    g_autofree char *workbook = g_build_filename(place.dir, "r.xlsx", NULL);
    g_autofree char *unreachable = g_build_filename(place.dir, "no", "r.pdf", NULL);
    g_autofree char *missing = g_build_filename(place.dir, "missing.db", NULL);
    add_study(&place, (struct made_study){.title = "e.csv",
                                          .guest_name = "g",
                                          .is_feasible = true,
                                          .is_bare = true,
                                          .n_platforms = 1});
    const struct {
        const char *database, *output, *tmpl;
        int code;
        const char *text;
    } rows[] = {
        {place.database, workbook, NULL, HR_ERROR_USAGE, "must end in .pdf"},
        {place.database, unreachable, NULL, HR_ERROR_FAILED, "r.pdf"},
        {missing, place.output, NULL, 0, "missing.db"},
        {place.database, place.output, "none", HR_ERROR_USAGE, "no report template \"none\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hr_report_request request = {.database = rows[i].database,
                                                  .template_name = rows[i].tmpl,
                                                  .template_dir = dir,
                                                  .output = rows[i].output};
        GError *error = NULL;
        assert_false(hr_report_render(&request, &error));
        if (strstr(error->message, rows[i].text) == NULL ||
            (rows[i].code != 0 && !g_error_matches(error, HR_ERROR, rows[i].code))) {
            fail_msg("%d %s", error->code, error->message);
        }
        g_clear_error(&error);
        assert_false(g_file_test(rows[i].output, G_FILE_TEST_EXISTS));
    }
    close_place(&place);
}

static void charts_are_drawn_by_name(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    add_study(&place,
              (struct made_study){
                  .title = "e.csv", .guest_name = "g", .is_feasible = true, .n_platforms = 2});
    g_autofree char *dir = shipped_templates();
    static const struct {
        const char *name, *problem; /* NULL: drawn */
    } rows[] = {
        {"tco", NULL},
        {"slowdown", NULL},
        {"cumulative", NULL},
        {"tornado", NULL},
        {"tornado:proxmox-ve", NULL},
        {"memory", NULL},
        {"memory:proxmox-ve", NULL},
        {"memory-failure:hyper-v", NULL},
        {"guests", NULL},
        {"guests-failure:proxmox-ve", NULL},
        {"causes", NULL},
        {"spread:hyper-v", NULL},
        {"hosts:proxmox-ve", NULL},
        {"memory:none", "there are hyper-v, proxmox-ve"},
        {"nothing",
         "there are tco, slowdown, cumulative, tornado, guests, guests-failure, causes, "
         "causes-failure, spread, hosts, memory, memory-failure"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hr_report_request request = {
            .database = place.database, .template_dir = dir, .output = place.output};
        GError *error = NULL;
        bool ok = hr_report_chart(&request, rows[i].name, &error);
        assert_int_equal(ok, rows[i].problem == NULL);
        if (!ok) {
            assert_non_null(strstr(error->message, rows[i].problem));
            g_clear_error(&error);
            continue;
        }
        g_autofree char *text = run("pdftotext", place.output);
        assert_non_null(text);
        assert_null(strstr(text, "no data"));
    }
    close_place(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_model_is_as_recorded),
        cmocka_unit_test(printed_totals_add_up),
        cmocka_unit_test(turned_totals_add_up),
        cmocka_unit_test(pdf_is_sound_and_repeatable),
        cmocka_unit_test(odd_studies_make_reports_too),
        cmocka_unit_test(first_page_holds_seven_platforms),
        cmocka_unit_test(large_estates_make_short_reports),
        cmocka_unit_test(chooses_the_study),
        cmocka_unit_test(failures_leave_nothing),
        cmocka_unit_test(charts_are_drawn_by_name),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
