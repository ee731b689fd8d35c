/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heat maps, scatters with a front, and lines over a logarithmic axis with their crossings. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "plot/chart.h"
#include "plot/document.h"
#include "test_plot_golden.h"

enum { COLUMNS = 4, ROWS = 3 };

/* Three rows of four: the first row is not feasible, one cell is empty. */
static hr_chart *new_map(double factor)
{
    static const char *const columns[COLUMNS] = {"0.5", "1", "2", "4"};
    static const char *const rows[ROWS] = {"2 hosts", "3 hosts", "4 hosts"};
    double value[COLUMNS * ROWS];
    bool is_hatched[COLUMNS * ROWS] = {true, true, true, true};
    for (int i = 0; i < COLUMNS * ROWS; i++) {
        value[i] = factor * (100.0 + i);
    }
    value[COLUMNS * ROWS - 1] = (double)NAN;
    hr_chart *chart = hr_chart_new("TCO", "memory (USD/GiB)", "cluster", HR_AXIS_CATEGORY);
    for (int i = 0; i < COLUMNS; i++) {
        hr_chart_add_category(chart, columns[i]);
    }
    const struct hr_chart_map map = {ROWS,           rows,  "TCO (thousand USD)",
                                     "not feasible", value, is_hatched};
    hr_chart_set_cells(chart, &map);
    return chart;
}

static hr_chart *new_scatter(void)
{
    hr_chart *chart = hr_chart_new("Cost against risk", "slowdown (%)", "TCO", HR_AXIS_NUMBER);
    const struct hr_point first[] = {{0, 300}, {0, 280}, {2, 250}, {3, 260}};
    const struct hr_point second[] = {{1, 270}, {(double)NAN, 1}};
    const struct hr_point front[] = {{0, 280}, {1, 270}, {2, 250}};
    const struct hr_point best = {2, 250};
    hr_chart_add(chart, "one", HR_MARK_SCATTER, 0, 4, first);
    hr_chart_add(chart, "two", HR_MARK_SCATTER, 1, 2, second);
    hr_chart_add(chart, "front", HR_MARK_STEP, 7, 3, front);
    hr_chart_add(chart, "cheapest", HR_MARK_NOTE, 0, 1, &best);
    return chart;
}

static hr_chart *new_break_even(void)
{
    hr_chart *chart = hr_chart_new("", "memory (USD/GiB)", "TCO", HR_AXIS_LOG);
    const struct hr_point dear[] = {{0.5, 200}, {5, 209}, {50, 299}};
    const struct hr_point cheap[] = {{0.5, 180}, {5, 198}, {50, 378}};
    const struct hr_point crossing = {11.5, 222};
    hr_chart_add(chart, "one", HR_MARK_LINE, 0, 3, dear);
    hr_chart_add(chart, "two", HR_MARK_LINE, 1, 3, cheap);
    hr_chart_add(chart, "11.50 USD/GiB", HR_MARK_NOTE, 0, 1, &crossing);
    return chart;
}

/* Draws and frees. Returns: the caller's. */
static char *draw(hr_chart *chart, double w, double h)
{
    struct hr_canvas *canvas = hr_canvas_text_new();
    const struct hr_rect area = {10, 10, w, h};
    struct hr_chart_layout layout;
    hr_chart_layout(chart, &area, canvas, &layout);
    hr_chart_draw(chart, &layout, canvas);
    char *lines = g_strdup(hr_canvas_text_lines(canvas));
    hr_canvas_text_free(canvas);
    hr_chart_free(chart);
    return lines;
}

static void draw_as_recorded(void **state)
{
    (void)state;
    g_autofree char *map = draw(new_map(1.0), 300, 160);
    assert_golden("chart-map.txt", map);
    g_autofree char *scatter = draw(new_scatter(), 300, 160);
    assert_golden("chart-scatter.txt", scatter);
    g_autofree char *lines = draw(new_break_even(), 300, 160);
    assert_golden("chart-break-even.txt", lines);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = strstr(text, what); p != NULL; p = strstr(p + 1, what)) {
        n++;
    }
    return n;
}

static void values_stand_where_there_is_room(void **state)
{
    (void)state;
    g_autofree char *wide = draw(new_map(1.0), 300, 160);
    assert_int_equal(count(wide, "\"104\""),
                     2); /* in its cell, and as the low end of the scale */
    assert_int_equal(count(wide, "\"108\""), 1);
    /* Neither hatched cells nor the empty one show a number. */
    assert_null(strstr(wide, "\"100\""));
    assert_null(strstr(wide, "\"111\""));
    assert_non_null(strstr(wide, "\"not feasible\""));
    /* In a narrow one no cell shows a number, and names of columns are left out. */
    g_autofree char *narrow = draw(new_map(1e7), 110, 130);
    assert_int_equal(count(narrow, "\"1,080,000,000\""), 0);
    assert_null(strstr(narrow, "\"0.5\"\n\"1\""));
}

/* Each step of the scale is darker than the one before, so the map can be read in grey. */
static void colours_darken(void **state)
{
    (void)state;
    g_autofree char *lines = draw(new_map(1.0), 300, 160);
    g_auto(GStrv) each = g_strsplit(lines, "\n", -1);
    double last = 1e9;
    size_t n = 0;
    for (size_t i = 0; each[i] != NULL; i++) {
        if (!g_str_has_prefix(each[i], "fill ") || strstr(each[i], "/0 ") == NULL) {
            continue; /* no area, or a hatched one */
        }
        long colour = strtol(each[i] + 5, NULL, 16);
        double luma = 0.299 * (double)(colour >> 16 & 0xff) +
                      0.587 * (double)(colour >> 8 & 0xff) + 0.114 * (double)(colour & 0xff);
        n++;
        if (n > 7) { /* after the seven cells with values comes the scale */
            assert_true(luma < last);
            last = luma;
        }
    }
    assert_true(n >= 7 + 40);
}

static void maps_side_by_side_share_their_colours(void **state)
{
    (void)state;
    const struct hr_document_info info = {
        .title = "t", .subject = "", .header = "", .footer = ""};
    hr_document *document = hr_document_new(&info);
    hr_chart *charts[2] = {new_map(1.0), new_map(3.0)};
    hr_document_add_charts(document, charts, 2, 180);
    for (int k = 0; k < 2; k++) {
        double low = 0;
        double high = 0;
        hr_chart_range(charts[k], &low, &high);
        assert_near(low, 104, 1e-9);
        assert_near(high, 330, 1e-9);
    }
    hr_document_free(document);
}

static void empty_maps_say_so(void **state)
{
    (void)state;
    const double nothing = (double)NAN;
    bool is_hatched = false;
    const char *const row = "r";
    const struct hr_chart_map map = {1, &row, "", "", &nothing, &is_hatched};
    for (int k = 0; k < 2; k++) {
        hr_chart *chart = hr_chart_new("", "", "", HR_AXIS_CATEGORY);
        hr_chart_add_category(chart, "c");
        is_hatched = k == 1; /* a map of which nothing is feasible is an answer */
        hr_chart_set_cells(chart, &map);
        assert_int_equal(hr_chart_is_empty(chart), k == 0);
        g_autofree char *lines = draw(chart, 200, 100);
        assert_int_equal(count(lines, "\"no data\""), k == 0 ? 1 : 0);
    }
}

/* A hundred thousand points make no more marks than the plot can show. */
static void scatters_are_thinned(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct hr_point *points = g_new(struct hr_point, N);
    for (int i = 0; i < N; i++) {
        points[i] = (struct hr_point){i % 100, (i / 100) % 40};
    }
    hr_chart *chart = hr_chart_new("", "x", "y", HR_AXIS_NUMBER);
    hr_chart_add(chart, "all", HR_MARK_SCATTER, 0, N, points);
    g_autofree char *lines = draw(chart, 300, 160);
    size_t n_marks = count(lines, "\nfill ");
    assert_true(n_marks > 1000 && n_marks <= 4001); /* each place once, and the legend's */
    g_free(points);
}

/* Texts of notes keep off each other; without room only the ring stands. */
static void notes_keep_apart(void **state)
{
    (void)state;
    hr_chart *chart = new_scatter();
    const struct hr_point same = {2, 250};
    for (int i = 0; i < 6; i++) {
        hr_chart_add(chart, "again", HR_MARK_NOTE, 0, 1, &same);
    }
    g_autofree char *lines = draw(chart, 300, 160);
    assert_int_equal(count(lines, "\"cheapest\""), 1);
    assert_true(count(lines, "\"again\"") < 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draw_as_recorded),
        cmocka_unit_test(values_stand_where_there_is_room),
        cmocka_unit_test(colours_darken),
        cmocka_unit_test(maps_side_by_side_share_their_colours),
        cmocka_unit_test(empty_maps_say_so),
        cmocka_unit_test(scatters_are_thinned),
        cmocka_unit_test(notes_keep_apart),
    };
    return cmocka_run_group_tests_name("plot_map", tests, NULL, NULL);
}
