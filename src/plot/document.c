/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/document.h"

#include <math.h>

#include "base/error.h"
#include "plot/canvas_cairo.h"
#include "plot/document_private.h"
#include "plot/output.h"
#include "plot/palette.h"

enum { TEXT_MOST_CHARS = 20000, HEADING_MOST_CHARS = 160, FIGURE_MOST_CHARS = 80 };

hr_document *hr_document_new(const struct hr_document_info *info)
{
    static const struct hr_size papers[HR_PAPER__COUNT] = {{595.28, 841.89}, {612.0, 792.0}};
    hr_assert(info->paper < HR_PAPER__COUNT);
    hr_document *document = g_new0(hr_document, 1);
    document->title = hr_text_clean(info->title, HEADING_MOST_CHARS, false);
    document->subject = hr_text_clean(info->subject, (size_t)HEADING_MOST_CHARS * 2, false);
    document->header = hr_text_clean(info->header, HEADING_MOST_CHARS, false);
    document->footer = hr_text_clean(info->footer, HEADING_MOST_CHARS, false);
    document->time_s = info->time_s;
    struct hr_size paper = papers[info->paper];
    document->page_w = info->is_landscape ? paper.h : paper.w;
    document->page_h = info->is_landscape ? paper.w : paper.h;
    document->blocks = g_ptr_array_new();
    return document;
}

static void free_block(struct hr_block *block)
{
    g_free(block->text);
    g_strfreev(block->labels);
    g_strfreev(block->values);
    g_strfreev(block->notes);
    hr_table_free(block->table);
    for (size_t i = 0; block->charts != NULL && i < block->n; i++) {
        hr_chart_free(block->charts[i]);
    }
    g_free(block->charts);
    g_free(block);
}

void hr_document_free(hr_document *document)
{
    if (document == NULL) {
        return;
    }
    for (size_t i = 0; i < document->blocks->len; i++) {
        free_block(g_ptr_array_index(document->blocks, i));
    }
    g_ptr_array_unref(document->blocks);
    g_free(document->title);
    g_free(document->subject);
    g_free(document->header);
    g_free(document->footer);
    g_free(document);
}

static struct hr_block *add_block(hr_document *document, enum hr_block_kind kind)
{
    struct hr_block *block = g_new0(struct hr_block, 1);
    block->kind = kind;
    g_ptr_array_add(document->blocks, block);
    return block;
}

void hr_document_add_heading(hr_document *document, int level, const char *text)
{
    hr_assert(level == 1 || level == 2);
    struct hr_block *block = add_block(document, HR_BLOCK_HEADING);
    block->level = level;
    block->text = hr_text_clean(text, HEADING_MOST_CHARS, false);
}

void hr_document_add_text(hr_document *document, enum hr_text_style style, const char *text)
{
    hr_assert(style < HR_STYLE__COUNT);
    struct hr_block *block = add_block(document, HR_BLOCK_TEXT);
    block->style = style;
    block->text = hr_text_clean(text, TEXT_MOST_CHARS, true);
}

void hr_document_add_figures(hr_document *document, const struct hr_key_figure *figures,
                             size_t n)
{
    hr_assert(n >= 1 && n <= 6);
    struct hr_block *block = add_block(document, HR_BLOCK_FIGURES);
    block->n = n;
    block->labels = g_new0(char *, n + 1);
    block->values = g_new0(char *, n + 1);
    block->notes = g_new0(char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        block->labels[i] = hr_text_clean(figures[i].label, FIGURE_MOST_CHARS, false);
        block->values[i] = hr_text_clean(figures[i].value, FIGURE_MOST_CHARS, false);
        block->notes[i] = hr_text_clean(figures[i].note, FIGURE_MOST_CHARS, false);
    }
}

void hr_document_add_table(hr_document *document, hr_table *table)
{
    hr_assert(table->columns->len > 0);
    add_block(document, HR_BLOCK_TABLE)->table = table;
}

void hr_document_add_charts(hr_document *document, hr_chart *const *charts, size_t n,
                            double height_pt)
{
    hr_assert(n >= 1 && n <= 4);
    struct hr_block *block = add_block(document, HR_BLOCK_CHARTS);
    block->n = n;
    block->height_pt = height_pt;
    block->charts = g_memdup2(charts, n * sizeof *charts);
    double least = HUGE_VAL;
    double most = 0.0;
    for (size_t i = 0; i < n && n > 1; i++) {
        double low = 0.0;
        double high = 0.0;
        hr_chart_range(charts[i], &low, &high);
        most = high > most ? high : most;
        least = low < least ? low : least;
        charts[i]->has_no_legend = true;
    }
    for (size_t i = 0; i < n && n > 1; i++) {
        charts[i]->value_at_least = most;
        if (charts[i]->cells != NULL) {
            charts[i]->cells->low_at_most = least;
            charts[i]->cells->high_at_least = most;
        }
    }
}

void hr_document_add_contents(hr_document *document)
{
    add_block(document, HR_BLOCK_CONTENTS);
}

void hr_document_add_page_break(hr_document *document)
{
    add_block(document, HR_BLOCK_PAGE_BREAK);
}

bool hr_document_write(const hr_document *document, const char *path, GError **error)
{
    g_autoptr(hr_output) output =
        hr_output_open(path, HR_OUTPUT_PDF, document->page_w, document->page_h, error);
    if (output == NULL) {
        return false;
    }
    struct hr_canvas *canvas = hr_canvas_cairo_new(hr_output_surface(output), 1.0);
    hr_canvas_cairo_set_info(canvas, document->title, document->subject, document->time_s);
    hr_document_draw(document, canvas);
    bool ok = hr_canvas_cairo_finish(canvas, error);
    hr_canvas_cairo_free(canvas);
    if (!ok) {
        g_prefix_error(error, "%s: ", path);
    }
    return ok && hr_output_commit(output, error);
}
