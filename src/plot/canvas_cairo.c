/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/canvas_cairo.h"

#include <math.h>
#include <string.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/error.h"

#define FONT_FAMILY "DejaVu Sans"

/* Pango lays out a whole text before it cuts it: this bounds the time a hostile name costs. */
enum { TEXT_MOST_CHARS = 20000 };

struct cairo_canvas {
    struct hr_canvas canvas;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoContext *context;
    PangoLayout *layout;
    int outline_parent; /* the outline entry of level 1 that entries of level 2 belong to */
    int n_pages;
    char *problem; /* the first error; NULL: none */
};

static void note_problem(struct cairo_canvas *self, const char *where)
{
    if (self->problem != NULL) {
        return;
    }
    cairo_status_t status = cairo_status(self->cr);
    if (status == CAIRO_STATUS_SUCCESS) {
        status = cairo_surface_status(self->surface);
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        self->problem = g_strdup_printf("%s: %s", where, cairo_status_to_string(status));
    }
}

static void set_colour(struct cairo_canvas *self, uint32_t rgb, double alpha)
{
    cairo_set_source_rgba(self->cr, ((rgb >> 16) & 0xff) / 255.0, ((rgb >> 8) & 0xff) / 255.0,
                          (rgb & 0xff) / 255.0, alpha);
}

/* Adds the path. Points that are not finite break it. Returns: false when nothing is to draw.
 */
static bool add_path(struct cairo_canvas *self, const struct hr_point *points, size_t n)
{
    bool has_pen = false;
    bool has_line = false;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(points[i].x) || !isfinite(points[i].y)) {
            has_pen = false;
            continue;
        }
        if (has_pen) {
            cairo_line_to(self->cr, points[i].x, points[i].y);
            has_line = true;
        } else {
            cairo_move_to(self->cr, points[i].x, points[i].y);
        }
        has_pen = true;
    }
    return has_line;
}

static void draw_lines(struct cairo_canvas *self, const struct hr_rect *box,
                       enum hr_pattern pattern)
{
    const double gap = 4.5;
    double span = box->w + box->h;
    bool is_rising = pattern == HR_PATTERN_RISING || pattern == HR_PATTERN_CROSSED;
    bool is_falling = pattern == HR_PATTERN_FALLING || pattern == HR_PATTERN_CROSSED;
    /* Lines start at multiples of the gap, so that neighbouring areas share their raster. */
    double x0 = floor(box->x / gap) * gap;
    double y0 = floor(box->y / gap) * gap;
    for (int i = 0; (is_rising || is_falling) && i * gap <= span + 2.0 * gap; i++) {
        double d = i * gap;
        if (is_rising) {
            cairo_move_to(self->cr, x0 + d, y0);
            cairo_line_to(self->cr, x0 + d - box->h - gap, y0 + box->h + gap);
        }
        if (is_falling) {
            cairo_move_to(self->cr, x0 + d - box->h - gap, y0);
            cairo_line_to(self->cr, x0 + d, y0 + box->h + gap);
        }
    }
    for (int i = 0; pattern == HR_PATTERN_LEVEL && y0 + i * gap <= box->y + box->h; i++) {
        double y = y0 + i * gap;
        cairo_move_to(self->cr, box->x, y);
        cairo_line_to(self->cr, box->x + box->w, y);
    }
    for (int i = 0; pattern == HR_PATTERN_UPRIGHT && x0 + i * gap <= box->x + box->w; i++) {
        double x = x0 + i * gap;
        cairo_move_to(self->cr, x, box->y);
        cairo_line_to(self->cr, x, box->y + box->h);
    }
}

static void draw_pattern(struct cairo_canvas *self, enum hr_pattern pattern)
{
    double x0 = 0.0;
    double y0 = 0.0;
    double x1 = 0.0;
    double y1 = 0.0;
    cairo_path_extents(self->cr, &x0, &y0, &x1, &y1);
    const struct hr_rect box = {x0, y0, x1 - x0, y1 - y0};
    cairo_save(self->cr);
    cairo_clip(self->cr);
    draw_lines(self, &box, pattern);
    set_colour(self, 0xffffff, 0.85);
    cairo_set_line_width(self->cr, 0.7);
    cairo_stroke(self->cr);
    cairo_restore(self->cr);
}

static void canvas_fill(void *object, const struct hr_point *points, size_t n,
                        const struct hr_paint *paint)
{
    struct cairo_canvas *self = object;
    cairo_new_path(self->cr);
    if (!add_path(self, points, n)) {
        cairo_new_path(self->cr);
        return;
    }
    cairo_close_path(self->cr);
    set_colour(self, paint->rgb, paint->alpha);
    cairo_fill_preserve(self->cr);
    if (paint->pattern != HR_PATTERN_SOLID) {
        draw_pattern(self, paint->pattern);
    }
    cairo_new_path(self->cr);
}

static void canvas_stroke(void *object, const struct hr_point *points, size_t n,
                          const struct hr_stroke *stroke)
{
    struct cairo_canvas *self = object;
    static const double dash[] = {4.0, 2.5};
    cairo_new_path(self->cr);
    if (add_path(self, points, n)) {
        set_colour(self, stroke->rgb, 1.0);
        cairo_set_line_width(self->cr, stroke->width_pt);
        cairo_set_line_join(self->cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_dash(self->cr, dash, stroke->dashed ? 2 : 0, 0.0);
        cairo_stroke(self->cr);
    }
    cairo_new_path(self->cr);
}

static void set_layout(struct cairo_canvas *self, const struct hr_text *text)
{
    static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                            PANGO_ALIGN_RIGHT};
    PangoLayout *layout = self->layout;
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, FONT_FAMILY);
    pango_font_description_set_size(font, (int)lround(text->size_pt * PANGO_SCALE));
    pango_font_description_set_weight(font,
                                      text->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(font,
                                     text->italic ? PANGO_STYLE_OBLIQUE : PANGO_STYLE_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);

    bool is_wrapped = text->width_pt > 0.0;
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_single_paragraph_mode(layout, !is_wrapped);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(layout, is_wrapped ? (int)ceil(text->width_pt * PANGO_SCALE) : -1);
    pango_layout_set_alignment(layout, is_wrapped ? aligns[text->align] : PANGO_ALIGN_LEFT);
    bool is_cut = is_wrapped && text->max_lines > 0;
    pango_layout_set_height(layout, is_cut ? -text->max_lines : -1);
    pango_layout_set_ellipsize(layout, is_cut ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    g_autofree char *clean = hr_text_clean(text->text, TEXT_MOST_CHARS, is_wrapped);
    pango_layout_set_text(layout, clean, -1);
}

static struct hr_size layout_size(struct cairo_canvas *self)
{
    int w = 0;
    int h = 0;
    pango_layout_get_size(self->layout, &w, &h);
    struct hr_size size = {(double)w / PANGO_SCALE, (double)h / PANGO_SCALE};
    return size;
}

static struct hr_size canvas_measure(void *object, const struct hr_text *text)
{
    struct cairo_canvas *self = object;
    set_layout(self, text);
    return layout_size(self);
}

static size_t canvas_fit(void *object, const struct hr_text *text, double height_pt)
{
    struct cairo_canvas *self = object;
    set_layout(self, text);
    PangoLayoutIter *iter = pango_layout_get_iter(self->layout);
    size_t n_bytes = 0;
    do {
        PangoRectangle logical;
        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        if ((double)(logical.y + logical.height) / PANGO_SCALE > height_pt + 1e-6) {
            break;
        }
        const PangoLayoutLine *line = pango_layout_iter_get_line_readonly(iter);
        n_bytes = (size_t)line->start_index + (size_t)line->length;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    if (n_bytes > 0 && text->text[n_bytes] == '\n') {
        n_bytes++;
    }
    return n_bytes;
}

static void canvas_text(void *object, const struct hr_text *text)
{
    struct cairo_canvas *self = object;
    if (!isfinite(text->x) || !isfinite(text->y) || text->text == NULL) {
        return;
    }
    set_layout(self, text);
    struct hr_size size = layout_size(self);
    double shift = 0.0;
    if (text->width_pt <= 0.0) {
        shift = text->align == HR_ALIGN_RIGHT    ? -size.w
                : text->align == HR_ALIGN_CENTRE ? -size.w / 2.0
                                                 : 0.0;
    }
    cairo_save(self->cr);
    set_colour(self, text->rgb, 1.0);
    if (text->upright) {
        cairo_move_to(self->cr, text->x, text->y + size.w / 2.0);
        cairo_rotate(self->cr, -G_PI / 2.0);
    } else {
        cairo_move_to(self->cr, text->x + shift, text->y);
    }
    pango_cairo_show_layout(self->cr, self->layout);
    cairo_restore(self->cr);
    cairo_new_path(self->cr);
}

static void canvas_clip(void *object, const struct hr_rect *rect)
{
    struct cairo_canvas *self = object;
    if (rect == NULL) {
        cairo_restore(self->cr);
        return;
    }
    cairo_save(self->cr);
    cairo_rectangle(self->cr, rect->x, rect->y, rect->w, rect->h);
    cairo_clip(self->cr);
}

static bool is_pdf(const struct cairo_canvas *self)
{
    return cairo_surface_get_type(self->surface) == CAIRO_SURFACE_TYPE_PDF;
}

static void canvas_begin(void *object, enum hr_tag tag, const char *argument)
{
    struct cairo_canvas *self = object;
    if (!is_pdf(self)) {
        return;
    }
    g_autofree char *attributes = NULL;
    if (tag == HR_TAG_LINK || tag == HR_TAG_DEST) {
        /* A quote in the name would end the attribute and break the whole file. */
        hr_assert(argument != NULL && strspn(argument, "abcdefghijklmnopqrstuvwxyz"
                                                       "0123456789") == strlen(argument));
        attributes = g_strdup_printf("%s='%s'", tag == HR_TAG_LINK ? "dest" : "name", argument);
    }
    cairo_tag_begin(self->cr, hr_tag_name(tag), attributes);
    note_problem(self, "tag");
}

static void canvas_end(void *object, enum hr_tag tag)
{
    struct cairo_canvas *self = object;
    if (is_pdf(self)) {
        cairo_tag_end(self->cr, hr_tag_name(tag));
        note_problem(self, "tag");
    }
}

static void canvas_outline(void *object, int level, const char *text, const char *dest)
{
    struct cairo_canvas *self = object;
    if (!is_pdf(self)) {
        return;
    }
    g_autofree char *clean = hr_text_clean(text, 200, false);
    g_autofree char *attributes = g_strdup_printf("dest='%s'", dest);
    int parent = level > 1 ? self->outline_parent : CAIRO_PDF_OUTLINE_ROOT;
    int id = cairo_pdf_surface_add_outline(self->surface, parent, clean, attributes,
                                           CAIRO_PDF_OUTLINE_FLAG_OPEN);
    if (level == 1) {
        self->outline_parent = id;
    }
    note_problem(self, "outline");
}

static void canvas_end_page(void *object)
{
    struct cairo_canvas *self = object;
    self->n_pages++;
    cairo_show_page(self->cr);
    g_autofree char *where = g_strdup_printf("page %d", self->n_pages);
    note_problem(self, where);
}

/* Text in true points with widths that do not depend on a pixel grid. */
static PangoContext *new_context(cairo_t *cr)
{
    PangoContext *context = pango_cairo_create_context(cr);
    pango_cairo_context_set_resolution(context, 72.0);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    return context;
}

struct hr_canvas *hr_canvas_cairo_new(cairo_surface_t *surface, double scale)
{
    static const struct hr_canvas_ops ops = {
        .fill = canvas_fill,
        .stroke = canvas_stroke,
        .text = canvas_text,
        .measure = canvas_measure,
        .fit = canvas_fit,
        .clip = canvas_clip,
        .begin = canvas_begin,
        .end = canvas_end,
        .outline = canvas_outline,
        .end_page = canvas_end_page,
    };
    struct cairo_canvas *self = g_new0(struct cairo_canvas, 1);
    self->canvas.ops = &ops;
    self->canvas.self = self;
    self->surface = cairo_surface_reference(surface);
    self->cr = cairo_create(surface);
    cairo_scale(self->cr, scale, scale);
    self->context = new_context(self->cr);
    self->layout = pango_layout_new(self->context);
    return &self->canvas;
}

void hr_canvas_cairo_set_info(struct hr_canvas *canvas, const char *title, const char *subject,
                              int64_t time_s)
{
    struct cairo_canvas *self = canvas->self;
    if (!is_pdf(self)) {
        return;
    }
    g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc(time_s);
    g_autofree char *date =
        moment != NULL ? g_date_time_format(moment, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    g_autofree char *clean_title = hr_text_clean(title, 400, false);
    g_autofree char *clean_subject = hr_text_clean(subject, 400, false);
    cairo_pdf_surface_set_metadata(self->surface, CAIRO_PDF_METADATA_TITLE, clean_title);
    cairo_pdf_surface_set_metadata(self->surface, CAIRO_PDF_METADATA_SUBJECT, clean_subject);
    cairo_pdf_surface_set_metadata(self->surface, CAIRO_PDF_METADATA_CREATOR, "headroom");
    cairo_pdf_surface_set_metadata(self->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(self->surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    note_problem(self, "metadata");
}

bool hr_canvas_cairo_finish(struct hr_canvas *canvas, GError **error)
{
    struct cairo_canvas *self = canvas->self;
    note_problem(self, "drawing");
    if (self->problem != NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot draw: %s", self->problem);
        return false;
    }
    return true;
}

void hr_canvas_cairo_free(struct hr_canvas *canvas)
{
    if (canvas == NULL) {
        return;
    }
    struct cairo_canvas *self = canvas->self;
    g_object_unref(self->layout);
    g_object_unref(self->context);
    cairo_destroy(self->cr);
    cairo_surface_destroy(self->surface);
    g_free(self->problem);
    g_free(self);
}
