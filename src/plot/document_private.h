/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/document_private.h - what the three files of the document share: its blocks, and the
 * pieces that the layout makes of them. */
#ifndef HR_PLOT_DOCUMENT_PRIVATE_H
#define HR_PLOT_DOCUMENT_PRIVATE_H

#include "plot/document.h"

enum hr_block_kind {
    HR_BLOCK_HEADING,
    HR_BLOCK_TEXT,
    HR_BLOCK_FIGURES,
    HR_BLOCK_TABLE,
    HR_BLOCK_CHARTS,
    HR_BLOCK_CONTENTS,
    HR_BLOCK_PAGE_BREAK
};

struct hr_block {
    enum hr_block_kind kind;
    int level;                /* heading */
    enum hr_text_style style; /* text */
    char *text;               /* heading, text */
    size_t n;                 /* figures, charts */
    char **labels, **values, **notes;
    hr_table *table;
    hr_chart **charts;
    double height_pt; /* charts */
};

struct hr_document {
    char *title, *subject, *header, *footer;
    int64_t time_s;
    double page_w, page_h;
    GPtrArray *blocks; /* struct hr_block * */
};

#define HR_PAGE_MARGIN_X      48.0
#define HR_PAGE_MARGIN_TOP    54.0
#define HR_PAGE_MARGIN_BOTTOM 52.0

#define HR_BOX_PAD      8.0
#define HR_FIGURES_H    54.0
#define HR_FIGURES_GAP  8.0
#define HR_CHARTS_GAP   14.0
#define HR_CONTENTS_H   11.5
#define HR_CONTENTS_GAP 18.0

/* A block, or the part of it that stands on one page. */
struct hr_piece {
    const struct hr_block *block;
    int page; /* from 0 */
    double y, h;
    size_t from, to; /* text: bytes; table: rows */
    double *widths;  /* table; shared by its pieces, owned by the layout */
    bool is_first, is_last;
};

struct hr_page_layout {
    GArray *pieces; /* struct hr_piece */
    GPtrArray *widths;
    int n_pages;
};

static inline double hr_document_width(const hr_document *document)
{
    return document->page_w - 2.0 * HR_PAGE_MARGIN_X;
}

/* How a style's text is set; x, y and text are left to the caller. */
struct hr_text hr_document_style(const hr_document *document, const struct hr_block *block);

/* Breaks the document into pages. Owner: the caller. */
struct hr_page_layout *hr_document_layout(const hr_document *document,
                                          const struct hr_canvas *canvas);
void hr_page_layout_free(struct hr_page_layout *layout);

/* The contents stand in two columns of so many lines. */
size_t hr_document_contents_lines(const hr_document *document);

/* Height of a table's title and of its footnote. */
double hr_document_table_title_h(const hr_document *document, const struct hr_table *table,
                                 const struct hr_canvas *canvas);
struct hr_text hr_document_table_title(const hr_document *document,
                                       const struct hr_table *table);
struct hr_text hr_document_footnote(const hr_document *document, const struct hr_table *table);

#endif
