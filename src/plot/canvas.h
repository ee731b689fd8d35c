/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/canvas.h - what charts and pages draw on: a few operations behind one table of
 * functions.
 *
 * canvas_cairo.c draws to PDF, SVG and PNG; canvas_text.c writes one line per operation, which
 * is what tests compare. Lengths are points (1/72 inch), x to the right, y downwards. Text of
 * any bytes is allowed: it is made valid before it is drawn.
 */
#ifndef HR_PLOT_CANVAS_H
#define HR_PLOT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

struct hr_point {
    double x, y;
};

struct hr_size {
    double w, h;
};

struct hr_rect {
    double x, y, w, h;
};

/* White marks over a colour, so that areas can be told apart without colour. */
enum hr_pattern {
    HR_PATTERN_SOLID,
    HR_PATTERN_RISING,  /* lines / */
    HR_PATTERN_FALLING, /* lines \ */
    HR_PATTERN_CROSSED,
    HR_PATTERN_LEVEL,   /* lines - */
    HR_PATTERN_UPRIGHT, /* lines | */
    HR_PATTERN__COUNT
};

struct hr_paint {
    uint32_t rgb; /* 0xRRGGBB */
    double alpha; /* 0 to 1 */
    enum hr_pattern pattern;
};

struct hr_stroke {
    uint32_t rgb;
    double width_pt;
    bool dashed;
};

enum hr_align { HR_ALIGN_LEFT, HR_ALIGN_CENTRE, HR_ALIGN_RIGHT };

/* A text and how it is set. width_pt 0: one line, which x anchors by its left end, middle or
 * right end; else the text is wrapped and aligned within [x, x + width_pt]. y is the top. */
struct hr_text {
    const char *text;
    double x, y;
    double width_pt;
    double size_pt;
    uint32_t rgb;
    enum hr_align align;
    bool bold, italic;
    bool upright;  /* turned a quarter to the left; x is then the left edge, y the middle */
    int max_lines; /* what is longer ends in an ellipsis; 0: no limit */
};

/* The structure of a tagged document. The argument of DEST and LINK is the destination's name,
 * which consists of ASCII letters and digits. */
enum hr_tag {
    HR_TAG_DOCUMENT,
    HR_TAG_H1,
    HR_TAG_H2,
    HR_TAG_P,
    HR_TAG_TABLE,
    HR_TAG_TR,
    HR_TAG_TH,
    HR_TAG_TD,
    HR_TAG_FIGURE,
    HR_TAG_LINK,
    HR_TAG_DEST,
    HR_TAG__COUNT
};
const char *hr_tag_name(enum hr_tag tag);

struct hr_canvas_ops {
    void (*fill)(void *self, const struct hr_point *points, size_t n,
                 const struct hr_paint *paint);
    void (*stroke)(void *self, const struct hr_point *points, size_t n,
                   const struct hr_stroke *stroke);
    void (*text)(void *self, const struct hr_text *text);
    struct hr_size (*measure)(void *self, const struct hr_text *text);
    /* How many of the text's bytes fill whole lines of at most height_pt; 0: not one line. */
    size_t (*fit)(void *self, const struct hr_text *text, double height_pt);
    void (*clip)(void *self, const struct hr_rect *rect); /* NULL ends it; no nesting */
    void (*begin)(void *self, enum hr_tag tag, const char *argument); /* argument may be NULL */
    void (*end)(void *self, enum hr_tag tag);
    void (*outline)(void *self, int level, const char *text, const char *dest); /* level 1, 2 */
    void (*end_page)(void *self);
};

struct hr_canvas {
    const struct hr_canvas_ops *ops;
    void *self;
};

void hr_canvas_fill_rect(const struct hr_canvas *canvas, const struct hr_rect *rect,
                         const struct hr_paint *paint);
void hr_canvas_line(const struct hr_canvas *canvas, struct hr_point from, struct hr_point to,
                    const struct hr_stroke *stroke);
void hr_canvas_text(const struct hr_canvas *canvas, const struct hr_text *text);
struct hr_size hr_canvas_measure(const struct hr_canvas *canvas, const struct hr_text *text);

/* Any bytes as text that can be drawn: valid UTF-8; control characters become spaces (line
 * feeds stay when keep_lines), marks that turn the direction of the text around become U+FFFD;
 * what goes beyond `most` characters is cut and ends in an ellipsis. NULL is "". Returns: a new
 * string. */
char *hr_text_clean(const char *text, size_t most, bool keep_lines);

/* The next character of valid UTF-8 (GLib's own macro casts const away). */
static inline const char *hr_text_next(const char *p)
{
    return p + g_utf8_skip[(unsigned char)*p];
}

/* A canvas that writes what is drawn as lines of text: letters all have the same width, so the
 * lines do not depend on the fonts of the machine. Owner: the caller of new. */
struct hr_canvas *hr_canvas_text_new(void);
/* Borrowed, until the next operation. */
const char *hr_canvas_text_lines(const struct hr_canvas *canvas);
void hr_canvas_text_free(struct hr_canvas *canvas);

#endif
