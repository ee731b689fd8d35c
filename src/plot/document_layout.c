/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/document_private.h"
#include "plot/palette.h"

/* Tables of so many rows are kept on one page; those of about a page when little room is left.
 */
enum { WHOLE_TABLE_ROWS = 12, PAGE_TABLE_ROWS = 45 };

#define TABLE_TITLE_GAP 3.0

/* Where the next piece goes. */
struct cursor {
    const hr_document *document;
    const struct hr_canvas *canvas;
    struct hr_page_layout *layout;
    int page;
    double y;
    double bottom; /* of the page's text */
    bool is_fresh; /* nothing stands on the page yet */
};

struct hr_text hr_document_style(const hr_document *document, const struct hr_block *block)
{
    static const struct hr_text styles[HR_STYLE__COUNT] = {
        [HR_STYLE_TITLE] = {.size_pt = 18.0, .rgb = HR_ACCENT, .bold = true},
        [HR_STYLE_SUBTITLE] = {.size_pt = 10.0, .rgb = HR_INK_SOFT},
        [HR_STYLE_BODY] = {.size_pt = 8.8, .rgb = HR_INK},
        [HR_STYLE_LEAD] = {.size_pt = 10.5, .rgb = HR_INK},
        [HR_STYLE_BULLET] = {.size_pt = 8.8, .rgb = HR_INK},
        [HR_STYLE_NOTE] = {.size_pt = 7.0, .rgb = HR_INK_SOFT},
    };
    double width = hr_document_width(document);
    if (block->kind == HR_BLOCK_HEADING) {
        struct hr_text heading = {.size_pt = block->level == 1 ? 14.0 : 10.5,
                                  .rgb = HR_ACCENT,
                                  .bold = true,
                                  .width_pt = width,
                                  .max_lines = 2};
        return heading;
    }
    struct hr_text text = styles[block->style];
    text.width_pt = width;
    if (block->style == HR_STYLE_LEAD) {
        text.width_pt -= 2.0 * HR_BOX_PAD + 3.0;
    } else if (block->style == HR_STYLE_BULLET) {
        text.width_pt -= 12.0;
    }
    return text;
}

struct hr_text hr_document_table_title(const hr_document *document,
                                       const struct hr_table *table)
{
    struct hr_text title = {.text = table->title,
                            .size_pt = 9.0,
                            .rgb = HR_INK,
                            .bold = true,
                            .width_pt = hr_document_width(document),
                            .max_lines = 2};
    return title;
}

struct hr_text hr_document_footnote(const hr_document *document, const struct hr_table *table)
{
    struct hr_text note = {.text = table->footnote,
                           .size_pt = 6.8,
                           .rgb = HR_INK_SOFT,
                           .width_pt = hr_document_width(document)};
    return note;
}

double hr_document_table_title_h(const hr_document *document, const struct hr_table *table,
                                 const struct hr_canvas *canvas)
{
    if (table->title[0] == '\0') {
        return 0.0;
    }
    const struct hr_text title = hr_document_table_title(document, table);
    return hr_canvas_measure(canvas, &title).h + 3.0;
}

static void next_page(struct cursor *c)
{
    c->page++;
    c->y = HR_PAGE_MARGIN_TOP;
    c->is_fresh = true;
}

static double room(const struct cursor *c)
{
    return c->bottom - c->y;
}

static void place(struct cursor *c, const struct hr_piece *piece, double gap_after)
{
    struct hr_piece placed = *piece;
    placed.page = c->page;
    placed.y = c->y;
    g_array_append_val(c->layout->pieces, placed);
    c->y += piece->h + gap_after;
    c->is_fresh = false;
}

static void layout_text(struct cursor *c, const struct hr_block *block)
{
    struct hr_text text = hr_document_style(c->document, block);
    double pad = block->style == HR_STYLE_LEAD ? HR_BOX_PAD : 0.0;
    double gap = block->style == HR_STYLE_TITLE    ? 3.0
                 : block->style == HR_STYLE_BULLET ? 3.0
                 : block->style == HR_STYLE_LEAD   ? 10.0
                                                   : 7.0;
    size_t length = strlen(block->text);
    size_t from = 0;
    do {
        text.text = block->text + from;
        double h = hr_canvas_measure(c->canvas, &text).h + 2.0 * pad;
        size_t n_bytes = length - from;
        if (h > room(c)) {
            n_bytes = c->canvas->ops->fit(c->canvas->self, &text, room(c) - 2.0 * pad);
            if (n_bytes == 0 && !c->is_fresh) {
                next_page(c);
                continue;
            }
            /* A line that is higher than a page is drawn past its end rather than for ever. */
            n_bytes = n_bytes == 0 ? length - from : n_bytes;
            h = fmin(h, room(c));
        }
        const struct hr_piece piece = {.block = block,
                                       .h = h,
                                       .from = from,
                                       .to = from + n_bytes,
                                       .is_first = from == 0,
                                       .is_last = from + n_bytes == length};
        place(c, &piece, gap);
        from += n_bytes;
        if (from < length) {
            next_page(c);
        }
    } while (from < length);
}

/* A block that is never broken. */
static void layout_whole(struct cursor *c, const struct hr_block *block, double h, double gap)
{
    if (h > room(c) && !c->is_fresh) {
        next_page(c);
    }
    const struct hr_piece piece = {.block = block, .h = h, .is_first = true, .is_last = true};
    place(c, &piece, gap);
}

static double footnote_h(struct cursor *c, const hr_table *table)
{
    if (table->footnote[0] == '\0') {
        return 0.0;
    }
    const struct hr_text note = hr_document_footnote(c->document, table);
    return hr_canvas_measure(c->canvas, &note).h + 3.0;
}

/* Whether a table is moved rather than torn: one of few rows, or one of about a page when
 * little of this page is left. */
static bool is_kept_whole(const struct cursor *c, const hr_table *table)
{
    const double page_h = c->bottom - HR_PAGE_MARGIN_TOP;
    return table->rows->len <= WHOLE_TABLE_ROWS ||
           (table->rows->len <= PAGE_TABLE_ROWS && room(c) < 0.35 * page_h);
}

/* Height of what must stay together at the start of a table: all of a short one; else its
 * title, header and first rows, so that a section's name never stands alone. */
static double table_kept_h(struct cursor *c, const hr_table *table, const double *widths)
{
    double h = hr_document_table_title_h(c->document, table, c->canvas) + TABLE_TITLE_GAP +
               hr_table_row_height(table, c->canvas, widths, -1);
    size_t n_kept = is_kept_whole(c, table) ? table->rows->len : 3;
    for (size_t r = 0; r < n_kept; r++) {
        h += hr_table_row_height(table, c->canvas, widths, (long)r);
    }
    return n_kept == table->rows->len ? h + footnote_h(c, table) : h;
}

/* The rows from `from` on that fit into room_pt; never ends with a section's name. */
static size_t rows_that_fit(struct cursor *c, const hr_table *table, const double *widths,
                            size_t from, double room_pt, double *used)
{
    size_t to = from;
    *used = 0.0;
    while (to < table->rows->len) {
        double h = hr_table_row_height(table, c->canvas, widths, (long)to);
        if (*used + h > room_pt) {
            break;
        }
        *used += h;
        to++;
    }
    while (to < table->rows->len && to > from + 1 &&
           (hr_table_row_at(table, to - 1)->kind == HR_ROW_SECTION ||
            hr_table_row_at(table, to)->kind == HR_ROW_TOTAL)) {
        to--;
        *used -= hr_table_row_height(table, c->canvas, widths, (long)to);
    }
    return to;
}

static void layout_table(struct cursor *c, const struct hr_block *block)
{
    const hr_table *table = block->table;
    double *widths = g_new0(double, table->columns->len);
    g_ptr_array_add(c->layout->widths, widths);
    hr_table_widths(table, c->canvas, hr_document_width(c->document), widths);
    double header_h = hr_table_row_height(table, c->canvas, widths, -1);
    if (!c->is_fresh && table_kept_h(c, table, widths) > room(c)) {
        next_page(c);
    }
    if (!c->is_fresh && table->title[0] != '\0') {
        c->y += TABLE_TITLE_GAP;
    }
    size_t from = 0;
    do {
        double head =
            header_h +
            (from == 0 ? hr_document_table_title_h(c->document, table, c->canvas) : 0.0);
        double used = 0.0;
        size_t to = rows_that_fit(c, table, widths, from, room(c) - head, &used);
        double note_h = footnote_h(c, table);
        if (to == table->rows->len && to > from + 1 && head + used + note_h > room(c)) {
            /* A row at least goes to the next page with the footnote. */
            to = rows_that_fit(c, table, widths, from, used - 0.1, &used);
        }
        note_h = to == table->rows->len ? note_h : 0.0;
        if (to == from && from < table->rows->len) {
            if (!c->is_fresh) {
                next_page(c);
                continue;
            }
            used = hr_table_row_height(table, c->canvas, widths, (long)to);
            to++;
        }
        const struct hr_piece piece = {.block = block,
                                       .h = head + used + note_h,
                                       .from = from,
                                       .to = to,
                                       .widths = widths,
                                       .is_first = from == 0,
                                       .is_last = to == table->rows->len};
        place(c, &piece, 12.0);
        from = to;
        if (from < table->rows->len) {
            next_page(c);
        }
    } while (from < table->rows->len);
}

static double follow_h(struct cursor *c, size_t index);

/* A short text that introduces a table or a chart stays with its beginning, unless both take
 * most of a page; of any other text some lines are enough. */
static double text_follow_h(struct cursor *c, size_t index)
{
    const struct hr_block *block = g_ptr_array_index(c->document->blocks, index);
    struct hr_text text = hr_document_style(c->document, block);
    text.text = block->text;
    const double some_lines = 40.0;
    double h = hr_canvas_measure(c->canvas, &text).h;
    if (index + 1 >= c->document->blocks->len || h > 2.0 * some_lines) {
        return some_lines;
    }
    const struct hr_block *next = g_ptr_array_index(c->document->blocks, index + 1);
    if (next->kind != HR_BLOCK_TABLE && next->kind != HR_BLOCK_CHARTS) {
        return some_lines;
    }
    double both = h + 10.0 + follow_h(c, index);
    return both < 0.6 * (c->bottom - HR_PAGE_MARGIN_TOP) ? both : some_lines;
}

/* What a heading must have below it on its page, when it ends where the cursor stands. */
static double follow_h(struct cursor *c, size_t index)
{
    if (index + 1 >= c->document->blocks->len) {
        return 0.0;
    }
    const struct hr_block *next = g_ptr_array_index(c->document->blocks, index + 1);
    double h = 0.0;
    switch (next->kind) {
    case HR_BLOCK_CHARTS:
        h = next->height_pt;
        break;
    case HR_BLOCK_FIGURES:
        h = HR_FIGURES_H;
        break;
    case HR_BLOCK_TABLE: {
        double *widths = g_new0(double, next->table->columns->len);
        hr_table_widths(next->table, c->canvas, hr_document_width(c->document), widths);
        h = table_kept_h(c, next->table, widths);
        g_free(widths);
        break;
    }
    case HR_BLOCK_HEADING:
        h = 30.0 + follow_h(c, index + 1);
        break;
    case HR_BLOCK_TEXT:
        h = text_follow_h(c, index + 1);
        break;
    case HR_BLOCK_CONTENTS:
        h = 40.0;
        break;
    case HR_BLOCK_PAGE_BREAK:
        break;
    }
    return h;
}

static void layout_heading(struct cursor *c, const struct hr_block *block, size_t index)
{
    struct hr_text text = hr_document_style(c->document, block);
    text.text = block->text;
    double h = hr_canvas_measure(c->canvas, &text).h;
    double gap = block->level == 1 ? 8.0 : 5.0;
    if (!c->is_fresh) {
        c->y += block->level == 1 ? 12.0 : 5.0;
        /* Asked at the place where the next block would begin. */
        c->y += h + gap;
        bool fits = follow_h(c, index) <= room(c);
        c->y -= h + gap;
        if (!fits) {
            next_page(c);
        }
    }
    const struct hr_piece piece = {.block = block, .h = h, .is_first = true, .is_last = true};
    place(c, &piece, gap);
}

size_t hr_document_contents_lines(const hr_document *document)
{
    size_t n = 0;
    for (size_t i = 0; i < document->blocks->len; i++) {
        const struct hr_block *block = g_ptr_array_index(document->blocks, i);
        n += block->kind == HR_BLOCK_HEADING && block->level == 1 ? 1 : 0;
    }
    return (n + 1) / 2;
}

static void layout_block(struct cursor *c, const struct hr_block *block, size_t index)
{
    switch (block->kind) {
    case HR_BLOCK_HEADING:
        layout_heading(c, block, index);
        break;
    case HR_BLOCK_TEXT:
        layout_text(c, block);
        break;
    case HR_BLOCK_FIGURES:
        layout_whole(c, block, HR_FIGURES_H, 10.0);
        break;
    case HR_BLOCK_TABLE:
        layout_table(c, block);
        break;
    case HR_BLOCK_CHARTS:
        layout_whole(c, block, block->height_pt, 12.0);
        break;
    case HR_BLOCK_CONTENTS:
        layout_whole(c, block,
                     4.0 + HR_CONTENTS_H * (double)hr_document_contents_lines(c->document),
                     8.0);
        break;
    case HR_BLOCK_PAGE_BREAK:
        if (!c->is_fresh) {
            next_page(c);
        }
        break;
    }
}

struct hr_page_layout *hr_document_layout(const hr_document *document,
                                          const struct hr_canvas *canvas)
{
    struct hr_page_layout *layout = g_new0(struct hr_page_layout, 1);
    layout->pieces = g_array_new(FALSE, TRUE, sizeof(struct hr_piece));
    layout->widths = g_ptr_array_new_with_free_func(g_free);
    struct cursor c = {.document = document,
                       .canvas = canvas,
                       .layout = layout,
                       .y = HR_PAGE_MARGIN_TOP,
                       .bottom = document->page_h - HR_PAGE_MARGIN_BOTTOM,
                       .is_fresh = true};
    for (size_t i = 0; i < document->blocks->len; i++) {
        layout_block(&c, g_ptr_array_index(document->blocks, i), i);
    }
    /* A page break at the very end opens no page. */
    layout->n_pages = c.is_fresh && c.page > 0 ? c.page : c.page + 1;
    return layout;
}

void hr_page_layout_free(struct hr_page_layout *layout)
{
    g_array_unref(layout->pieces);
    g_ptr_array_unref(layout->widths);
    g_free(layout);
}
