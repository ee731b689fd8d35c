/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "plot/chart_style.h"
#include "plot/document_private.h"
#include "plot/palette.h"

struct drawing {
    const hr_document *document;
    const struct hr_canvas *canvas;
    const struct hr_page_layout *layout;
    int n_headings; /* drawn so far: the number in the name of the next destination */
};

static void begin(const struct drawing *d, enum hr_tag tag)
{
    d->canvas->ops->begin(d->canvas->self, tag, NULL);
}

static void end(const struct drawing *d, enum hr_tag tag)
{
    d->canvas->ops->end(d->canvas->self, tag);
}

static void draw_heading(struct drawing *d, const struct hr_piece *piece)
{
    const struct hr_block *block = piece->block;
    enum hr_tag tag = block->level == 1 ? HR_TAG_H1 : HR_TAG_H2;
    struct hr_text text = hr_document_style(d->document, block);
    text.text = block->text;
    text.x = HR_PAGE_MARGIN_X;
    text.y = piece->y;
    g_autofree char *dest = g_strdup_printf("sec%d", ++d->n_headings);
    d->canvas->ops->outline(d->canvas->self, block->level, block->text, dest);
    begin(d, tag);
    d->canvas->ops->begin(d->canvas->self, HR_TAG_DEST, dest);
    hr_canvas_text(d->canvas, &text);
    end(d, HR_TAG_DEST);
    end(d, tag);
}

static void draw_text(const struct drawing *d, const struct hr_piece *piece)
{
    const struct hr_block *block = piece->block;
    g_autofree char *part = g_strndup(block->text + piece->from, piece->to - piece->from);
    struct hr_text text = hr_document_style(d->document, block);
    text.text = g_strchomp(part);
    text.x = HR_PAGE_MARGIN_X;
    text.y = piece->y;
    if (block->style == HR_STYLE_LEAD) {
        const struct hr_paint tint = {HR_TINT, 1.0, HR_PATTERN_SOLID};
        const struct hr_paint accent = {HR_ACCENT, 1.0, HR_PATTERN_SOLID};
        const struct hr_rect box = {text.x, piece->y, hr_document_width(d->document), piece->h};
        const struct hr_rect bar = {text.x, piece->y, 3.0, piece->h};
        hr_canvas_fill_rect(d->canvas, &box, &tint);
        hr_canvas_fill_rect(d->canvas, &bar, &accent);
        text.x += HR_BOX_PAD + 3.0;
        text.y += HR_BOX_PAD;
    }
    begin(d, HR_TAG_P);
    if (block->style == HR_STYLE_BULLET) {
        if (piece->is_first) {
            const struct hr_text dot = {.text = "•",
                                        .x = text.x + 2.0,
                                        .y = text.y,
                                        .size_pt = text.size_pt,
                                        .rgb = HR_ACCENT};
            hr_canvas_text(d->canvas, &dot);
        }
        text.x += 12.0;
    }
    hr_canvas_text(d->canvas, &text);
    end(d, HR_TAG_P);
}

/* The largest size at which the value still stands on one line of its box. */
static double value_size(const struct drawing *d, const char *value, double width)
{
    struct hr_text text = {.text = value, .bold = true};
    for (int half_points = 30; half_points > 16; half_points--) {
        text.size_pt = half_points / 2.0;
        if (hr_canvas_measure(d->canvas, &text).w <= width) {
            return text.size_pt;
        }
    }
    return 8.0;
}

static void draw_figure(const struct drawing *d, const struct hr_block *block, size_t index,
                        const struct hr_rect *box)
{
    const struct hr_paint tint = {HR_TINT, 1.0, HR_PATTERN_SOLID};
    const struct hr_paint accent = {HR_ACCENT, 1.0, HR_PATTERN_SOLID};
    const struct hr_rect top = {box->x, box->y, box->w, 2.0};
    hr_canvas_fill_rect(d->canvas, box, &tint);
    hr_canvas_fill_rect(d->canvas, &top, &accent);
    double width = box->w - 2.0 * HR_BOX_PAD;
    struct hr_text text = {.text = block->labels[index],
                           .x = box->x + HR_BOX_PAD,
                           .y = box->y + 7.0,
                           .width_pt = width,
                           .size_pt = 7.0,
                           .rgb = HR_INK_SOFT,
                           .max_lines = 1};
    begin(d, HR_TAG_P);
    hr_canvas_text(d->canvas, &text);
    text.text = block->values[index];
    text.size_pt = value_size(d, text.text, width);
    text.y = box->y + 17.0 + (15.0 - text.size_pt) / 2.0;
    text.rgb = HR_INK;
    text.bold = true;
    hr_canvas_text(d->canvas, &text);
    text.text = block->notes[index];
    text.size_pt = 6.8;
    text.y = box->y + 38.0;
    text.rgb = HR_INK_SOFT;
    text.bold = false;
    hr_canvas_text(d->canvas, &text);
    end(d, HR_TAG_P);
}

static void draw_figures(const struct drawing *d, const struct hr_piece *piece)
{
    const struct hr_block *block = piece->block;
    double n = (double)block->n;
    double w = (hr_document_width(d->document) - (n - 1.0) * HR_FIGURES_GAP) / n;
    for (size_t i = 0; i < block->n; i++) {
        const struct hr_rect box = {HR_PAGE_MARGIN_X + (double)i * (w + HR_FIGURES_GAP),
                                    piece->y, w, piece->h};
        draw_figure(d, block, i, &box);
    }
}

/* The zebra counts from the last section's name, so it looks the same on every page. */
static bool is_shaded(const hr_table *table, size_t row)
{
    size_t n = 0;
    while (row > 0 && hr_table_row_at(table, row - 1)->kind != HR_ROW_SECTION) {
        row--;
        n++;
    }
    return n % 2 == 1;
}

static void draw_table(const struct drawing *d, const struct hr_piece *piece)
{
    const hr_table *table = piece->block->table;
    double y = piece->y;
    if (piece->is_first && table->title[0] != '\0') {
        struct hr_text title = hr_document_table_title(d->document, table);
        title.x = HR_PAGE_MARGIN_X;
        title.y = y;
        begin(d, HR_TAG_P);
        hr_canvas_text(d->canvas, &title);
        end(d, HR_TAG_P);
        y += hr_document_table_title_h(d->document, table, d->canvas);
    }
    begin(d, HR_TAG_TABLE);
    for (long row = -1; row < (long)piece->to; row = row < 0 ? (long)piece->from : row + 1) {
        double h = hr_table_row_height(table, d->canvas, piece->widths, row);
        const struct hr_rect place = {HR_PAGE_MARGIN_X, y, hr_document_width(d->document), h};
        hr_table_draw_row(table, d->canvas, &place, piece->widths, row,
                          row >= 0 && is_shaded(table, (size_t)row));
        y += h;
    }
    end(d, HR_TAG_TABLE);
    const struct hr_stroke rule = {HR_RULE, 0.6, false};
    hr_canvas_line(d->canvas, (struct hr_point){HR_PAGE_MARGIN_X, y},
                   (struct hr_point){d->document->page_w - HR_PAGE_MARGIN_X, y}, &rule);
    if (piece->is_last && table->footnote[0] != '\0') {
        struct hr_text note = hr_document_footnote(d->document, table);
        note.x = HR_PAGE_MARGIN_X;
        note.y = y + 3.0;
        begin(d, HR_TAG_P);
        hr_canvas_text(d->canvas, &note);
        end(d, HR_TAG_P);
    }
}

static void draw_charts(const struct drawing *d, const struct hr_piece *piece)
{
    const struct hr_block *block = piece->block;
    struct hr_chart_layout *layout = g_new0(struct hr_chart_layout, 1);
    double width = hr_document_width(d->document);
    double legend_h = 0.0;
    begin(d, HR_TAG_FIGURE);
    if (block->n > 1) {
        struct hr_rect legend = {HR_PAGE_MARGIN_X, piece->y, width, 0.0};
        legend_h = hr_legend_layout(block->charts[0], &legend, d->canvas, layout);
        for (int i = 0; i < layout->n_entries; i++) {
            layout->entry[i].y += piece->h - legend_h;
        }
        hr_legend_draw(block->charts[0], layout, d->canvas);
        legend_h += 4.0;
    }
    double n = (double)block->n;
    double w = (width - (n - 1.0) * HR_CHARTS_GAP) / n;
    for (size_t i = 0; i < block->n; i++) {
        const struct hr_rect area = {HR_PAGE_MARGIN_X + (double)i * (w + HR_CHARTS_GAP),
                                     piece->y, w, piece->h - legend_h};
        hr_chart_layout(block->charts[i], &area, d->canvas, layout);
        hr_chart_draw(block->charts[i], layout, d->canvas);
    }
    end(d, HR_TAG_FIGURE);
    g_free(layout);
}

static void draw_contents(const struct drawing *d, const struct hr_piece *contents)
{
    int n_headings = 0;
    size_t n_entries = 0;
    size_t n_lines = hr_document_contents_lines(d->document);
    double width = (hr_document_width(d->document) - HR_CONTENTS_GAP) / 2.0;
    for (size_t i = 0; i < d->layout->pieces->len; i++) {
        const struct hr_piece *piece = &g_array_index(d->layout->pieces, struct hr_piece, i);
        if (piece->block->kind != HR_BLOCK_HEADING) {
            continue;
        }
        n_headings++;
        if (piece->block->level != 1) {
            continue;
        }
        g_autofree char *dest = g_strdup_printf("sec%d", n_headings);
        g_autofree char *page = g_strdup_printf("%d", piece->page + 1);
        hr_assert(n_lines > 0); /* a heading of level 1 is a line */
        double column = n_entries < n_lines ? 0.0 : 1.0;
        double y = contents->y + HR_CONTENTS_H * (double)(n_entries++ % n_lines);
        struct hr_text text = {.text = piece->block->text,
                               .x = HR_PAGE_MARGIN_X + column * (width + HR_CONTENTS_GAP),
                               .y = y,
                               .width_pt = width - 24.0,
                               .size_pt = 7.5,
                               .rgb = HR_INK,
                               .max_lines = 1};
        begin(d, HR_TAG_P);
        d->canvas->ops->begin(d->canvas->self, HR_TAG_LINK, dest);
        hr_canvas_text(d->canvas, &text);
        text.text = page;
        text.width_pt = width;
        text.align = HR_ALIGN_RIGHT;
        hr_canvas_text(d->canvas, &text);
        end(d, HR_TAG_LINK);
        end(d, HR_TAG_P);
        const struct hr_stroke rule = {HR_RULE_SOFT, 0.5, false};
        hr_canvas_line(d->canvas, (struct hr_point){text.x, y + HR_CONTENTS_H - 2.0},
                       (struct hr_point){text.x + text.width_pt, y + HR_CONTENTS_H - 2.0},
                       &rule);
    }
}

static void draw_piece(struct drawing *d, const struct hr_piece *piece)
{
    switch (piece->block->kind) {
    case HR_BLOCK_HEADING:
        draw_heading(d, piece);
        break;
    case HR_BLOCK_TEXT:
        draw_text(d, piece);
        break;
    case HR_BLOCK_FIGURES:
        draw_figures(d, piece);
        break;
    case HR_BLOCK_TABLE:
        draw_table(d, piece);
        break;
    case HR_BLOCK_CHARTS:
        draw_charts(d, piece);
        break;
    case HR_BLOCK_CONTENTS:
        draw_contents(d, piece);
        break;
    case HR_BLOCK_PAGE_BREAK:
        break;
    }
}

static void draw_margins(const struct drawing *d, int page)
{
    const hr_document *document = d->document;
    double width = hr_document_width(document);
    double foot = document->page_h - HR_PAGE_MARGIN_BOTTOM + 16.0;
    const struct hr_stroke rule = {HR_RULE, 0.5, false};
    struct hr_text text = {.x = HR_PAGE_MARGIN_X,
                           .width_pt = width * 0.8,
                           .size_pt = 6.8,
                           .rgb = HR_INK_SOFT,
                           .max_lines = 1};
    if (page > 0) {
        text.text = document->header;
        text.y = HR_PAGE_MARGIN_TOP - 26.0;
        hr_canvas_text(d->canvas, &text);
        hr_canvas_line(d->canvas, (struct hr_point){text.x, HR_PAGE_MARGIN_TOP - 14.0},
                       (struct hr_point){text.x + width, HR_PAGE_MARGIN_TOP - 14.0}, &rule);
    }
    hr_canvas_line(d->canvas, (struct hr_point){text.x, foot - 5.0},
                   (struct hr_point){text.x + width, foot - 5.0}, &rule);
    text.text = document->footer;
    text.y = foot;
    hr_canvas_text(d->canvas, &text);
    g_autofree char *number = g_strdup_printf("Page %d of %d", page + 1, d->layout->n_pages);
    text.text = number;
    text.width_pt = width;
    text.align = HR_ALIGN_RIGHT;
    hr_canvas_text(d->canvas, &text);
}

int hr_document_draw(const hr_document *document, const struct hr_canvas *canvas)
{
    struct hr_page_layout *layout = hr_document_layout(document, canvas);
    struct drawing d = {document, canvas, layout, 0};
    size_t next = 0;
    begin(&d, HR_TAG_DOCUMENT);
    for (int page = 0; page < layout->n_pages; page++) {
        draw_margins(&d, page);
        while (next < layout->pieces->len &&
               g_array_index(layout->pieces, struct hr_piece, next).page == page) {
            draw_piece(&d, &g_array_index(layout->pieces, struct hr_piece, next));
            next++;
        }
        if (page + 1 == layout->n_pages) {
            end(&d, HR_TAG_DOCUMENT);
        }
        canvas->ops->end_page(canvas->self);
    }
    int n_pages = layout->n_pages;
    hr_page_layout_free(layout);
    return n_pages;
}
