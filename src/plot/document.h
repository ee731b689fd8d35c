/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/document.h - a paged document: text, key figures, tables and charts, one after the
 * other.
 *
 * What is added is kept; hr_document_write() then lays it out into pages (so that the contents
 * and "page x of y" are known) and draws it. Tables are broken between rows and repeat their
 * header; headings stay with what follows. The PDF is tagged and has an outline, internal links
 * and dates; the same content, fonts and date give the same bytes. Owner: the document owns
 * what is added, tables and charts included.
 */
#ifndef HR_PLOT_DOCUMENT_H
#define HR_PLOT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "plot/canvas.h"
#include "plot/chart.h"
#include "plot/table.h"

typedef struct hr_document hr_document;

enum hr_paper { HR_PAPER_A4, HR_PAPER_LETTER, HR_PAPER__COUNT };

struct hr_document_info {
    const char *title;
    const char *subject;
    const char *header; /* at the top of every page but the first */
    const char *footer; /* at the bottom of every page */
    enum hr_paper paper;
    bool is_landscape;
    int64_t time_s; /* creation date, seconds since 1970 (hr_output_time_s()) */
};

enum hr_text_style {
    HR_STYLE_TITLE,
    HR_STYLE_SUBTITLE,
    HR_STYLE_BODY,
    HR_STYLE_LEAD, /* the answer: large, in a tinted box */
    HR_STYLE_BULLET,
    HR_STYLE_NOTE, /* small and soft */
    HR_STYLE__COUNT
};

struct hr_key_figure {
    const char *label;
    const char *value;
    const char *note; /* below the value; may be NULL */
};

hr_document *hr_document_new(const struct hr_document_info *info);
void hr_document_free(hr_document *document);

/* level 1 or 2; level 1 enters the contents. */
void hr_document_add_heading(hr_document *document, int level, const char *text);
void hr_document_add_text(hr_document *document, enum hr_text_style style, const char *text);
/* A row of boxes; at most 6. */
void hr_document_add_figures(hr_document *document, const struct hr_key_figure *figures,
                             size_t n);
/* Takes the table. One without rows says "none". */
void hr_document_add_table(hr_document *document, hr_table *table);
/* Takes the charts, which stand side by side; several share one legend and one scale. At
 * most 4. */
void hr_document_add_charts(hr_document *document, hr_chart *const *charts, size_t n,
                            double height_pt);
/* A list of all headings of level 1 with their pages. */
void hr_document_add_contents(hr_document *document);
void hr_document_add_page_break(hr_document *document);

/* Lays out and draws on any canvas. Returns: the number of pages. */
int hr_document_draw(const hr_document *document, const struct hr_canvas *canvas);

/* Writes a PDF. Fails: HR_ERROR_FAILED; nothing is left behind. */
bool hr_document_write(const hr_document *document, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_document, hr_document_free)

#endif
