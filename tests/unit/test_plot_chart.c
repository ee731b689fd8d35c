/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gstdio.h>

#include "check.h"
#include "plot/chart.h"
#include "plot/output.h"
#include "plot/palette.h"
#include "test_plot_golden.h"

static hr_chart *new_memory_chart(void)
{
    hr_chart *chart =
        hr_chart_new("Memory", "time since Monday 00:00", "memory (GiB)", HR_AXIS_TIME);
    static const char *const names[] = {"active", "idle", "free"};
    for (int s = 0; s < 3; s++) {
        struct hr_point points[48];
        for (int i = 0; i < 48; i++) {
            points[i].x = i;
            points[i].y = s == 0 ? 10 + i % 24 : s == 1 ? 30 : 60 - i % 24;
        }
        hr_chart_add(chart, names[s], HR_MARK_AREA, s, 48, points);
    }
    const struct hr_point limit = {0, 100};
    hr_chart_add(chart, "physical", HR_MARK_LIMIT, 0, 1, &limit);
    return chart;
}

static hr_chart *new_bar_chart(bool is_horizontal, bool is_grouped)
{
    hr_chart *chart = hr_chart_new("Cost", "", "TCO (USD)", HR_AXIS_CATEGORY);
    chart->is_horizontal = is_horizontal;
    chart->is_grouped = is_grouped;
    chart->has_totals = true;
    hr_chart_add_category(chart, "first");
    hr_chart_add_category(chart, "second");
    const struct hr_point servers[] = {{0, 100}, {1, 250}};
    const struct hr_point power[] = {{0, 50}, {1, 25}};
    const double low[] = {40, 20}; /* of the bar's own value */
    const double high[] = {70, 30};
    hr_chart_add(chart, "servers", HR_MARK_BAR, 0, 2, servers);
    const struct hr_chart_interval interval = {"power", HR_MARK_BAR, 1, 2, power, low, high};
    hr_chart_add_interval(chart, &interval);
    return chart;
}

static void range_sums_stacks(void **state)
{
    (void)state;
    double low = -1;
    double high = -1;
    g_autoptr(hr_chart) stacked = new_bar_chart(false, false);
    hr_chart_range(stacked, &low, &high);
    assert_near(low, 0, 0);
    assert_near(high, 275, 0);
    g_autoptr(hr_chart) grouped = new_bar_chart(false, true);
    hr_chart_range(grouped, &low, &high);
    assert_near(high, 250, 0);
    grouped->value_at_least = 900;
    hr_chart_range(grouped, &low, &high);
    assert_near(high, 900, 0);
    g_autoptr(hr_chart) memory = new_memory_chart();
    hr_chart_range(memory, &low, &high);
    assert_near(low, 0, 0);
    assert_near(high, 100, 1e-9);
}

static bool lies_in(const struct hr_rect *inner, const struct hr_rect *outer)
{
    return inner->x >= outer->x - 1e-6 && inner->y >= outer->y - 1e-6 &&
           inner->x + inner->w <= outer->x + outer->w + 1e-6 &&
           inner->y + inner->h <= outer->y + outer->h + 1e-6;
}

/* Plot and legend lie within the area and not on each other, for many sizes and names. */
static void layout_keeps_to_its_area(void **state)
{
    (void)state;
    struct hr_canvas *canvas = hr_canvas_text_new();
    for (int k = 0; k < 4; k++) {
        hr_chart *chart = k == 0 ? new_memory_chart() : new_bar_chart(k == 1, k == 2);
        if (k == 3) {
            hr_chart_add_category(chart,
                                  "a category whose name is much longer than the others");
        }
        for (double w = 160; w <= 520; w += 90) {
            const struct hr_rect area = {20, 30, w, 170};
            struct hr_chart_layout layout;
            hr_chart_layout(chart, &area, canvas, &layout);
            assert_true(lies_in(&layout.plot, &area));
            assert_true(layout.plot.w > w / 3 && layout.plot.h > 60);
            for (int i = 0; i < layout.n_entries; i++) {
                assert_true(lies_in(&layout.entry[i], &area));
                assert_true(layout.entry[i].y > layout.plot.y + layout.plot.h);
                for (int j = 0; j < i; j++) {
                    const struct hr_rect *a = &layout.entry[i];
                    const struct hr_rect *b = &layout.entry[j];
                    assert_true(a->y != b->y || a->x >= b->x + b->w);
                }
            }
        }
        hr_chart_free(chart);
    }
    hr_canvas_text_free(canvas);
}

static void draw_golden(hr_chart *chart, const char *name)
{
    struct hr_canvas *canvas = hr_canvas_text_new();
    const struct hr_rect area = {10, 10, 300, 160};
    struct hr_chart_layout layout;
    hr_chart_layout(chart, &area, canvas, &layout);
    hr_chart_draw(chart, &layout, canvas);
    assert_golden(name, hr_canvas_text_lines(canvas));
    hr_canvas_text_free(canvas);
    hr_chart_free(chart);
}

static void draws_as_recorded(void **state)
{
    (void)state;
    draw_golden(new_memory_chart(), "chart-memory.txt");
    draw_golden(new_bar_chart(true, false), "chart-bars-stacked.txt");
    draw_golden(new_bar_chart(false, true), "chart-bars-grouped.txt");
    hr_chart *lines = hr_chart_new("", "hosts", "share (%)", HR_AXIS_NUMBER);
    const struct hr_point points[] = {{1, 3}, {2, 5}, {3, (double)NAN}, {4, 4}, {5, 9}};
    const double low[] = {2, 4, 4, 3, 8};
    const double high[] = {4, 6, 6, 5, 10};
    const struct hr_chart_interval band = {"interval", HR_MARK_BAND, 2, 5, points, low, high};
    hr_chart_add_interval(lines, &band);
    hr_chart_add(lines, "mean", HR_MARK_LINE, 2, 5, points);
    draw_golden(lines, "chart-lines.txt");
}

static hr_chart *new_dot_chart(double limit_at)
{
    hr_chart *chart = hr_chart_new("Guests", "", "slowdown (%)", HR_AXIS_CATEGORY);
    chart->is_horizontal = true;
    hr_chart_add_category(chart, "first");
    hr_chart_add_category(chart, "production-customer-portal-reporting-backend-0017");
    const struct hr_point mean[] = {{0, 2}, {1, (double)NAN}};
    const struct hr_point p95[] = {{0, 4}, {1, 9}};
    const struct hr_point limit = {0, limit_at};
    hr_chart_add(chart, "mean", HR_MARK_DOT, 7, 2, mean);
    hr_chart_add(chart, "p95", HR_MARK_DOT, 0, 2, p95);
    hr_chart_add(chart, "service level", HR_MARK_LIMIT, 0, 1, &limit);
    return chart;
}

/* Dots start from zero; a long name keeps its end; the name of a limit near zero stays within
 * the plot. */
static void dots_are_drawn(void **state)
{
    (void)state;
    double low = -1;
    double high = -1;
    hr_chart *chart = new_dot_chart(0.1);
    hr_chart_range(chart, &low, &high);
    assert_near(low, 0, 0);
    assert_near(high, 9, 0);
    struct hr_canvas *canvas = hr_canvas_text_new();
    const struct hr_rect area = {10, 10, 240, 130};
    struct hr_chart_layout layout;
    hr_chart_layout(chart, &area, canvas, &layout);
    hr_chart_draw(chart, &layout, canvas);
    const char *lines = hr_canvas_text_lines(canvas);
    assert_non_null(strstr(lines, "-0017\"\n"));
    assert_null(strstr(lines, "production-customer-portal-reporting-backend-0017"));
    const char *name = strstr(lines, "\"service level\"");
    assert_non_null(name);
    /* The line is "… : x y width "name"", x the right end of the text. */
    while (*name != ':') {
        name--;
    }
    const struct hr_text text = {.text = "service level", .size_pt = 7.0, .bold = true};
    double right = g_ascii_strtod(name + 1, NULL);
    assert_true(right - hr_canvas_measure(canvas, &text).w >= layout.plot.x - 1.0);
    hr_canvas_text_free(canvas);
    hr_chart_free(chart);
    draw_golden(new_dot_chart(5.0), "chart-dots.txt");
}

static void empty_chart_says_so(void **state)
{
    (void)state;
    hr_chart *chart = hr_chart_new("Nothing", "x", "y", HR_AXIS_NUMBER);
    const struct hr_point gap = {(double)NAN, (double)NAN};
    hr_chart_add(chart, "gap", HR_MARK_LINE, 0, 1, &gap);
    assert_true(hr_chart_is_empty(chart));
    struct hr_canvas *canvas = hr_canvas_text_new();
    const struct hr_rect area = {0, 0, 100, 100};
    struct hr_chart_layout layout;
    hr_chart_layout(chart, &area, canvas, &layout);
    hr_chart_draw(chart, &layout, canvas);
    assert_non_null(strstr(hr_canvas_text_lines(canvas), "\"no data\""));
    hr_canvas_text_free(canvas);
    hr_chart_free(chart);
}

/* Slots next to each other differ in grey by brightness or by pattern. */
static void palette_is_readable_in_grey(void **state)
{
    (void)state;
    for (int a = 0; a < HR_PALETTE_SLOTS; a++) {
        for (int b = 0; b < a; b++) {
            struct hr_paint p = hr_palette_paint(a);
            struct hr_paint q = hr_palette_paint(b);
            double luma[2];
            const uint32_t rgb[2] = {p.rgb, q.rgb};
            for (int k = 0; k < 2; k++) {
                luma[k] = 0.299 * ((rgb[k] >> 16) & 0xff) + 0.587 * ((rgb[k] >> 8) & 0xff) +
                          0.114 * (rgb[k] & 0xff);
            }
            if (p.pattern == q.pattern) {
                assert_true(fabs(luma[0] - luma[1]) >= 10.0);
            }
        }
    }
    assert_int_equal(hr_palette_paint(HR_PALETTE_SLOTS + 3).rgb, hr_palette_paint(3).rgb);
    assert_int_equal(hr_palette_paint(-1).rgb, hr_palette_paint(HR_PALETTE_SLOTS - 1).rgb);
}

/* In SVG cairo writes how many surfaces the process has made so far: takes that number out.
 * Returns: the new length. */
static gsize without_surface_number(char *bytes, gsize n_bytes)
{
    static const char before[] = "id=\"surface";
    char *id = g_str_has_prefix(bytes, "<?xml") ? strstr(bytes, before) : NULL;
    if (id == NULL) {
        return n_bytes;
    }
    id += strlen(before);
    size_t n_digits = strspn(id, "0123456789");
    assert_true(n_digits > 0);
    memmove(id, id + n_digits, strlen(id + n_digits) + 1);
    return n_bytes - n_digits;
}

static void saves_all_kinds_twice_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *name, *start;
    } files[] = {{"c.pdf", "%PDF-1.5"}, {"c.svg", "<?xml"}, {"c.PNG", "\x89PNG"}};
    g_autofree char *dir = g_dir_make_tmp("headroom-XXXXXX", NULL);
    hr_chart *chart = new_memory_chart();
    assert_true(g_setenv("SOURCE_DATE_EPOCH", "1700000000", TRUE));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        g_autofree char *path = g_build_filename(dir, files[i].name, NULL);
        char *bytes[2] = {NULL, NULL};
        gsize n_bytes[2] = {0, 0};
        for (int k = 0; k < 2; k++) {
            GError *error = NULL;
            if (!hr_chart_save(chart, path, 300, 200, &error)) {
                fail_msg("%s", error->message);
            }
            assert_true(g_file_get_contents(path, &bytes[k], &n_bytes[k], NULL));
        }
        for (int k = 0; k < 2; k++) {
            n_bytes[k] = without_surface_number(bytes[k], n_bytes[k]);
        }
        assert_int_equal(n_bytes[0], n_bytes[1]);
        assert_memory_equal(bytes[0], bytes[1], n_bytes[0]);
        assert_memory_equal(bytes[0], files[i].start, strlen(files[i].start));
        g_free(bytes[0]);
        g_free(bytes[1]);
        assert_int_equal(g_unlink(path), 0);
    }
    GError *error = NULL;
    g_autofree char *odd = g_build_filename(dir, "c.gif", NULL);
    assert_false(hr_chart_save(chart, odd, 300, 200, &error));
    assert_non_null(strstr(error->message, ".pdf, .svg or .png"));
    g_clear_error(&error);
    /* The folder is empty again: nothing temporary was left, so it can be removed. */
    assert_int_equal(g_rmdir(dir), 0);
    hr_chart_free(chart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(range_sums_stacks),
        cmocka_unit_test(layout_keeps_to_its_area),
        cmocka_unit_test(draws_as_recorded),
        cmocka_unit_test(dots_are_drawn),
        cmocka_unit_test(empty_chart_says_so),
        cmocka_unit_test(palette_is_readable_in_grey),
        cmocka_unit_test(saves_all_kinds_twice_the_same),
    };
    return cmocka_run_group_tests_name("plot_chart", tests, NULL, NULL);
}
