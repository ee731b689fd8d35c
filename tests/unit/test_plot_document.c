/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/wait.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "check.h"
#include "plot/document.h"
#include "plot/table.h"
#include "test_plot_golden.h"

static void shares_widths(void **state)
{
    (void)state;
    static const struct {
        double least[4], natural[4];
        size_t n;
        double total;
        double expected[4];
    } rows[] = {
        {{10, 10}, {20, 30}, 2, 100, {40, 60}},  /* all fit: in proportion */
        {{60, 60}, {80, 90}, 2, 60, {30, 30}},   /* not even the words fit */
        {{10, 10}, {10, 500}, 2, 100, {10, 90}}, /* the short one keeps its word */
        {{20, 20, 20}, {40, 1000, 1000}, 3, 240, {40, 100, 100}},
        {{0, 0}, {0, 0}, 2, 50, {25, 25}},
        {{0}, {7}, 1, 33, {33}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double out[4] = {0};
        double sum = 0.0;
        hr_table_share(rows[i].least, rows[i].natural, rows[i].n, rows[i].total, out);
        for (size_t c = 0; c < rows[i].n; c++) {
            assert_near(out[c], rows[i].expected[c], rows[i].n == 3 ? 12.0 : 1e-6);
            sum += out[c];
        }
        assert_near(sum, rows[i].total, 1e-6);
    }
}

static hr_document *new_document(void)
{
    const struct hr_document_info info = {.title = "A title",
                                          .subject = "a subject",
                                          .header = "the header",
                                          .footer = "the footer",
                                          .time_s = 1700000000};
    return hr_document_new(&info);
}

static hr_table *new_table(int n_rows)
{
    hr_table *table = hr_table_new("The table", 8);
    hr_table_add_column(table, "item", HR_ALIGN_LEFT);
    hr_table_add_column(table, "amount", HR_ALIGN_RIGHT);
    for (int i = 0; i < n_rows; i++) {
        g_autofree char *item = g_strdup_printf("row-%d", i);
        g_autofree char *amount = g_strdup_printf("%d.00", i);
        const char *const cells[] = {item, amount};
        hr_table_add_row(table, HR_ROW_BODY, cells);
    }
    const char *const total[] = {"total", "sum"};
    hr_table_add_row(table, HR_ROW_TOTAL, total);
    hr_table_set_footnote(table, "a footnote");
    return table;
}

static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *p = strstr(text, what); p != NULL; p = strstr(p + 1, what)) {
        n++;
    }
    return n;
}

/* Every row stands on exactly one page, in order; each page repeats the header. */
static void tables_break_between_rows(void **state)
{
    (void)state;
    static const int sizes[] = {0, 1, 30, 47, 48, 49, 50, 200};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        hr_document *document = new_document();
        hr_document_add_table(document, new_table(sizes[k]));
        struct hr_canvas *canvas = hr_canvas_text_new();
        int n_pages = hr_document_draw(document, canvas);
        const char *lines = hr_canvas_text_lines(canvas);
        assert_int_equal(count(lines, "page ends\n"), n_pages);
        assert_int_equal(count(lines, "\"item\"\n"), n_pages);
        assert_int_equal(count(lines, "\"The table\"\n"), 1);
        assert_int_equal(count(lines, "\"a footnote\"\n"), 1);
        const char *from = lines;
        for (int i = 0; i < sizes[k]; i++) {
            g_autofree char *row = g_strdup_printf("\"row-%d\"\n", i);
            assert_int_equal(count(lines, row), 1);
            const char *at = strstr(lines, row);
            assert_true(at > from);
            from = at;
        }
        /* The total never stands alone under a header. */
        const char *total = strstr(lines, "\"total\"\n");
        const char *header = g_strrstr(lines, "\"item\"\n");
        assert_true(sizes[k] == 0 || strstr(header, "\"row-") < total);
        g_autofree char *last = g_strdup_printf("\"Page %d of %d\"", n_pages, n_pages);
        assert_int_equal(count(lines, last), 1);
        hr_canvas_text_free(canvas);
        hr_document_free(document);
    }
}

/* A word is never lost when a paragraph runs over pages. */
static void paragraphs_break_between_lines(void **state)
{
    (void)state;
    hr_document *document = new_document();
    GString *words = g_string_new(NULL);
    for (int i = 0; i < 3000; i++) {
        g_string_append_printf(words, "w%04d ", i);
    }
    hr_document_add_text(document, HR_STYLE_BODY, words->str);
    struct hr_canvas *canvas = hr_canvas_text_new();
    assert_in_range(hr_document_draw(document, canvas), 3, 8);
    const char *lines = hr_canvas_text_lines(canvas);
    for (int i = 0; i < 3000; i++) {
        g_autofree char *word = g_strdup_printf("w%04d", i);
        assert_int_equal(count(lines, word), 1);
    }
    g_string_free(words, TRUE);
    hr_canvas_text_free(canvas);
    hr_document_free(document);
}

/* The page, from 1, on which the text is drawn. */
static int page_of(const char *lines, const char *text)
{
    const char *place = strstr(lines, text);
    assert_non_null(place);
    int page = 1;
    for (const char *p = strstr(lines, "page ends"); p != NULL && p < place;
         p = strstr(p + 1, "page ends")) {
        page++;
    }
    return page;
}

/* Whatever stands above: a heading keeps the sentence and the table that follow it, and a table
 * keeps its footnote, which never runs into the bottom margin. */
static void headings_and_footnotes_keep_their_tables(void **state)
{
    (void)state;
    for (int n_above = 1; n_above < 60; n_above++) {
        hr_document *document = new_document();
        hr_document_add_text(document, HR_STYLE_BODY, "above");
        hr_document_add_table(document, new_table(n_above));
        hr_document_add_heading(document, 1, "Heading");
        hr_document_add_text(document, HR_STYLE_BODY, "What the table shows.");
        hr_table *table = hr_table_new("", 7);
        hr_table_add_column(table, "kept", HR_ALIGN_LEFT);
        const char *const cells[] = {"cell"};
        for (int r = 0; r < 10; r++) {
            hr_table_add_row(table, HR_ROW_BODY, cells);
        }
        hr_table_set_footnote(table, "The footnote.");
        hr_document_add_table(document, table);
        struct hr_canvas *canvas = hr_canvas_text_new();
        hr_document_draw(document, canvas);
        const char *lines = hr_canvas_text_lines(canvas);
        int page = page_of(lines, "\"Heading\"");
        assert_int_equal(page_of(lines, "\"What the table shows.\""), page);
        assert_int_equal(page_of(lines, "\"kept\""), page);
        assert_int_equal(page_of(lines, "\"The footnote.\""), page);
        const char *note = strstr(lines, "\"The footnote.\"");
        while (*note != ':') {
            note--;
        }
        g_auto(GStrv) numbers = g_strsplit(note + 2, " ", 3);
        assert_true(g_ascii_strtod(numbers[1], NULL) < 842.0 - 52.0);
        hr_canvas_text_free(canvas);
        hr_document_free(document);
    }
}

static hr_document *new_full_document(void)
{
    hr_document *document = new_document();
    hr_document_add_text(document, HR_STYLE_TITLE, "Title");
    hr_document_add_text(document, HR_STYLE_LEAD, "The answer in one sentence.");
    const struct hr_key_figure figures[] = {{"label", "42", "note"}, {"other", "7 %", NULL}};
    hr_document_add_figures(document, figures, 2);
    hr_document_add_contents(document);
    hr_document_add_heading(document, 1, "First part");
    hr_document_add_table(document, new_table(3));
    hr_document_add_page_break(document);
    hr_document_add_heading(document, 1, "Second part");
    hr_document_add_heading(document, 2, "Within");
    hr_document_add_text(document, HR_STYLE_BULLET, "größe ≤ limit");
    hr_chart *charts[2];
    for (int i = 0; i < 2; i++) {
        charts[i] = hr_chart_new("Chart", "x", "y", HR_AXIS_NUMBER);
        const struct hr_point points[] = {{0, 1}, {1, 5 + i}};
        hr_chart_add(charts[i], "series", HR_MARK_LINE, i, 2, points);
    }
    hr_document_add_charts(document, charts, 2, 120);
    hr_document_add_page_break(document);
    return document;
}

static void draws_as_recorded(void **state)
{
    (void)state;
    hr_document *document = new_full_document();
    struct hr_canvas *canvas = hr_canvas_text_new();
    assert_int_equal(hr_document_draw(document, canvas), 2);
    assert_golden("document.txt", hr_canvas_text_lines(canvas));
    hr_canvas_text_free(canvas);
    hr_document_free(document);
}

/* Runs a program; returns its output, or NULL when it failed. Skips when it is not there. */
static char *run(const char *program, const char *path)
{
    g_autofree char *found = g_find_program_in_path(program);
    if (found == NULL) {
        print_message("%s not found\n", program);
        skip();
    }
    char *qpdf[] = {found, "--check", (char *)(intptr_t)path, NULL};
    char *other[] = {found, (char *)(intptr_t)path, "-", NULL};
    char *output = NULL;
    int status = -1;
    assert_true(g_spawn_sync(NULL, strcmp(program, "qpdf") == 0 ? qpdf : other, NULL, 0, NULL,
                             NULL, &output, NULL, &status, NULL));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        g_clear_pointer(&output, g_free);
    }
    return output;
}

static void pdf_is_sound_and_repeatable(void **state)
{
    (void)state;
    g_autofree char *dir = g_dir_make_tmp("headroom-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "d.pdf", NULL);
    char *bytes[2];
    gsize n_bytes[2];
    for (int k = 0; k < 2; k++) {
        hr_document *document = new_full_document();
        assert_true(hr_document_write(document, path, NULL));
        assert_true(g_file_get_contents(path, &bytes[k], &n_bytes[k], NULL));
        hr_document_free(document);
    }
    assert_int_equal(n_bytes[0], n_bytes[1]);
    assert_memory_equal(bytes[0], bytes[1], n_bytes[0]);
    g_free(bytes[0]);
    g_free(bytes[1]);
    g_autofree char *checked = run("qpdf", path);
    assert_non_null(checked);
    g_autofree char *text = run("pdftotext", path);
    assert_non_null(text);
    assert_non_null(strstr(text, "größe ≤ limit"));
    assert_non_null(strstr(text, "Page 2 of 2"));
    assert_int_equal(count(text, "\f"), 2);
    g_unlink(path);
    assert_int_equal(g_rmdir(dir), 0);
}

/* Names as hostile as they come: the page after them is still there. */
static void hostile_names_do_no_harm(void **state)
{
    (void)state;
    g_autofree char *dir = g_dir_make_tmp("headroom-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "d.pdf", NULL);
    GString *endless = g_string_new(NULL);
    for (int i = 0; i < 40000; i++) {
        g_string_append_c(endless, (char)('a' + i % 26));
    }
    const char *const names[] = {"\xff\xfe\x80 invalid",
                                 endless->str,
                                 "שלום \xe2\x80\xae"
                                 "evil",
                                 "tab\tnew\nline\rbell\a",
                                 "it's a 'quote' \\",
                                 "",
                                 "مرحبا"};
    hr_document *document = new_document();
    hr_table *table = hr_table_new(endless->str, 8);
    hr_table_add_column(table, names[0], HR_ALIGN_LEFT);
    hr_table_add_column(table, endless->str, HR_ALIGN_RIGHT);
    hr_chart *chart = hr_chart_new(endless->str, names[0], names[2], HR_AXIS_CATEGORY);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *const cells[] = {names[i], names[i]};
        hr_table_add_row(table, HR_ROW_BODY, cells);
        hr_document_add_heading(document, 1, names[i]);
        hr_document_add_text(document, HR_STYLE_BODY, names[i]);
        hr_chart_add_category(chart, names[i]);
        const struct hr_point value = {0, i % 2 == 0 ? 1e300 : (double)NAN};
        hr_chart_add(chart, names[i], HR_MARK_BAR, (int)i, 1, &value);
    }
    hr_document_add_table(document, table);
    hr_document_add_charts(document, &chart, 1, 200);
    hr_document_add_text(document, HR_STYLE_BODY, "the page goes on");
    assert_true(hr_document_write(document, path, NULL));
    g_autofree char *checked = run("qpdf", path);
    assert_non_null(checked);
    g_autofree char *text = run("pdftotext", path);
    assert_non_null(text);
    assert_non_null(strstr(text, "the page goes on"));
    assert_null(strstr(text, "\xe2\x80\xae"));
    g_string_free(endless, TRUE);
    hr_document_free(document);
    g_unlink(path);
    assert_int_equal(g_rmdir(dir), 0);
}

static void failure_leaves_nothing_behind(void **state)
{
    (void)state;
    g_autofree char *dir = g_dir_make_tmp("headroom-XXXXXX", NULL);
    g_autofree char *missing = g_build_filename(dir, "no", "such", "d.pdf", NULL);
    g_autofree char *folder = g_build_filename(dir, "folder.pdf", NULL);
    assert_int_equal(g_mkdir(folder, 0700), 0);
    const char *const paths[] = {missing, folder, "/dev/null"};
    hr_document *document = new_full_document();
    for (size_t i = 0; i < 3; i++) {
        GError *error = NULL;
        assert_false(hr_document_write(document, paths[i], &error));
        assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_FAILED));
        assert_non_null(strstr(error->message, paths[i]));
        g_clear_error(&error);
    }
    hr_document_free(document);
    assert_int_equal(g_rmdir(folder), 0);
    assert_int_equal(g_rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_widths),
        cmocka_unit_test(tables_break_between_rows),
        cmocka_unit_test(paragraphs_break_between_lines),
        cmocka_unit_test(headings_and_footnotes_keep_their_tables),
        cmocka_unit_test(draws_as_recorded),
        cmocka_unit_test(pdf_is_sound_and_repeatable),
        cmocka_unit_test(hostile_names_do_no_harm),
        cmocka_unit_test(failure_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("plot_document", tests, NULL, NULL);
}
