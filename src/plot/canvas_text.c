/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/canvas.h"

/* Every letter is this share of the font size wide, every line that share of it high. */
#define LETTER_WIDTH 0.55
#define BOLD_WIDTH   0.6
#define LINE_HEIGHT  1.2

struct text_canvas {
    struct hr_canvas canvas;
    GString *lines;
};

/* Lengths are written to a tenth of a point: no golden hangs on a last bit. */
static void add_length(GString *out, double value)
{
    double rounded = round(value * 10.0) / 10.0;
    char buf[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, " %s", g_ascii_formatd(buf, sizeof buf, "%.1f", rounded + 0.0));
}

static void add_points(GString *out, const struct hr_point *points, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        add_length(out, points[i].x);
        add_length(out, points[i].y);
    }
}

static void text_fill(void *self, const struct hr_point *points, size_t n,
                      const struct hr_paint *paint)
{
    GString *out = ((struct text_canvas *)self)->lines;
    g_string_append_printf(out, "fill %06x/%d", paint->rgb, (int)paint->pattern);
    add_length(out, paint->alpha);
    g_string_append(out, " :");
    add_points(out, points, n);
    g_string_append_c(out, '\n');
}

static void text_stroke(void *self, const struct hr_point *points, size_t n,
                        const struct hr_stroke *stroke)
{
    GString *out = ((struct text_canvas *)self)->lines;
    g_string_append_printf(out, "line %06x%s", stroke->rgb, stroke->dashed ? " dashed" : "");
    add_length(out, stroke->width_pt);
    g_string_append(out, " :");
    add_points(out, points, n);
    g_string_append_c(out, '\n');
}

static double letter_width(const struct hr_text *text)
{
    return text->size_pt * (text->bold ? BOLD_WIDTH : LETTER_WIDTH);
}

/* Sets *n_lines to the lines of the wrapped text and *widest to the letters of the longest;
 * returns the bytes that the first `most` lines hold (0: all lines are counted). */
static size_t wrap(const char *text, long most_letters, int most, int *n_lines, long *widest)
{
    const char *start = text;
    *n_lines = 0;
    *widest = 0;
    while (*start != '\0' && (most == 0 || *n_lines < most)) {
        long letters = 0;
        long letters_at_break = 0;
        const char *break_at = NULL;
        const char *p = start;
        while (*p != '\0' && *p != '\n' && (most_letters == 0 || letters < most_letters)) {
            letters++;
            p = hr_text_next(p);
            if (*p == ' ' || *p == '\0' || *p == '\n') {
                break_at = p;
                letters_at_break = letters;
            }
        }
        if (*p != '\0' && *p != '\n' && break_at != NULL) {
            p = break_at;
            letters = letters_at_break;
        }
        start = (*p == ' ' || *p == '\n') ? p + 1 : p;
        *widest = letters > *widest ? letters : *widest;
        (*n_lines)++;
    }
    if (*n_lines == 0) {
        *n_lines = 1;
    }
    return (size_t)(start - text);
}

static long letters_per_line(const struct hr_text *text)
{
    if (text->width_pt <= 0.0) {
        return 0;
    }
    long letters = (long)floor(text->width_pt / letter_width(text) + 1e-9);
    return letters < 1 ? 1 : letters;
}

static struct hr_size text_measure(void *self, const struct hr_text *text)
{
    (void)self;
    g_autofree char *clean = hr_text_clean(text->text, SIZE_MAX, text->width_pt > 0.0);
    int n_lines = 0;
    long widest = 0;
    wrap(clean, letters_per_line(text), text->max_lines, &n_lines, &widest);
    struct hr_size size = {(double)widest * letter_width(text),
                           n_lines * LINE_HEIGHT * text->size_pt};
    return size;
}

static size_t text_fit(void *self, const struct hr_text *text, double height_pt)
{
    (void)self;
    int most = (int)floor(height_pt / (LINE_HEIGHT * text->size_pt) + 1e-9);
    if (most < 1) {
        return 0;
    }
    int n_lines = 0;
    long widest = 0;
    return wrap(text->text, letters_per_line(text), most, &n_lines, &widest);
}

static void text_text(void *self, const struct hr_text *text)
{
    static const char *const aligns[] = {"left", "centre", "right"};
    GString *out = ((struct text_canvas *)self)->lines;
    g_autofree char *clean = hr_text_clean(text->text, SIZE_MAX, false);
    g_string_append_printf(out, "text %06x%s%s%s %s", text->rgb, text->bold ? " bold" : "",
                           text->italic ? " italic" : "", text->upright ? " upright" : "",
                           aligns[text->align]);
    add_length(out, text->size_pt);
    g_string_append(out, " :");
    add_length(out, text->x);
    add_length(out, text->y);
    add_length(out, text->width_pt);
    g_string_append_printf(out, " \"%s\"\n", clean);
}

static void text_clip(void *self, const struct hr_rect *rect)
{
    GString *out = ((struct text_canvas *)self)->lines;
    if (rect == NULL) {
        g_string_append(out, "unclip\n");
        return;
    }
    g_string_append(out, "clip");
    add_length(out, rect->x);
    add_length(out, rect->y);
    add_length(out, rect->w);
    add_length(out, rect->h);
    g_string_append_c(out, '\n');
}

static void text_begin(void *self, enum hr_tag tag, const char *argument)
{
    g_string_append_printf(((struct text_canvas *)self)->lines, "<%s%s%s>\n", hr_tag_name(tag),
                           argument != NULL ? " " : "", argument != NULL ? argument : "");
}

static void text_end(void *self, enum hr_tag tag)
{
    g_string_append_printf(((struct text_canvas *)self)->lines, "</%s>\n", hr_tag_name(tag));
}

static void text_outline(void *self, int level, const char *text, const char *dest)
{
    g_string_append_printf(((struct text_canvas *)self)->lines, "outline %d %s \"%s\"\n", level,
                           dest, text);
}

static void text_end_page(void *self)
{
    g_string_append(((struct text_canvas *)self)->lines, "page ends\n");
}

struct hr_canvas *hr_canvas_text_new(void)
{
    static const struct hr_canvas_ops ops = {
        .fill = text_fill,
        .stroke = text_stroke,
        .text = text_text,
        .measure = text_measure,
        .fit = text_fit,
        .clip = text_clip,
        .begin = text_begin,
        .end = text_end,
        .outline = text_outline,
        .end_page = text_end_page,
    };
    struct text_canvas *self = g_new0(struct text_canvas, 1);
    self->canvas.ops = &ops;
    self->canvas.self = self;
    self->lines = g_string_new(NULL);
    return &self->canvas;
}

const char *hr_canvas_text_lines(const struct hr_canvas *canvas)
{
    return ((const struct text_canvas *)canvas->self)->lines->str;
}

void hr_canvas_text_free(struct hr_canvas *canvas)
{
    if (canvas == NULL) {
        return;
    }
    struct text_canvas *self = canvas->self;
    g_string_free(self->lines, TRUE);
    g_free(self);
}
