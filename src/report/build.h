/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report/build.h - from a checked template and a study to a document's blocks. Internal. */
#ifndef HR_REPORT_BUILD_H
#define HR_REPORT_BUILD_H

#include "plot/document.h"
#include "report/scope.h"
#include "report/template.h"
#include "store/store.h"

/* What building passes on. */
struct hr_build {
    hr_store *store;
    const struct hr_template *tmpl;
    int64_t study_id;
    hr_document *document;
};

/* Runs the element's query; :platform is the scope's column platform_id, if it has one.
 * Fails: with the place in the template in front. Owner of the result: the caller. */
hr_rows *hr_build_query(const struct hr_build *build, const hr_node *element, const char *key,
                        const struct hr_scope *scope, GError **error);

/* Fills the fields of the text of a key; absent: "". The place is told on failure.
 * Returns: a new string, or NULL. */
char *hr_build_text(const struct hr_build *build, const hr_node *element, const char *key,
                    const struct hr_scope *scope, GError **error);

/* Puts "template:line: " in front of the error. Returns: false. */
bool hr_build_fail(const struct hr_build *build, const hr_node *where, GError **error);

/* Adds all elements of a page. */
bool hr_build_elements(const struct hr_build *build, const hr_node *elements,
                       const struct hr_scope *scope, GError **error);

/* An empty table with the title and the footnote of the element. Owner: the caller. */
hr_table *hr_build_new_table(const struct hr_build *build, const hr_node *element,
                             const struct hr_scope *scope, GError **error);

/* Adds the tables of a crossed element: each row of scope->rows is one cell, at the row and
 * under the head that its texts name. */
bool hr_build_crossed(const struct hr_build *build, const hr_node *element,
                      struct hr_scope *scope, GError **error);

/* Adds the table of an element to the document; a turned table of many columns is broken into
 * several. *n_rows is how many rows they have. */
bool hr_build_table(const struct hr_build *build, const hr_node *element,
                    const struct hr_scope *scope, size_t *n_rows, GError **error);

/* Adds the series of a scatter: the rows as they are, in their order. */
bool hr_build_scatter(const struct hr_build *build, const hr_rows *rows,
                      const struct hr_scope *scope, hr_chart *chart, GError **error);

/* Adds what an entry's `steps` yields (series, x, value) as lines of steps, and what its
 * `notes` yields (text, x, value) as rings with their texts. */
bool hr_build_steps_and_notes(const struct hr_build *build, const hr_node *entry,
                              const struct hr_scope *scope, hr_chart *chart, GError **error);

/* Makes the chart a heat map of rows that yield x and y, by which columns and rows are put in
 * order (from the bottom up), their names column and row, value and, where cells may be
 * hatched, hatched. */
bool hr_build_cells(const struct hr_build *build, const hr_node *entry, const hr_rows *rows,
                    const struct hr_scope *scope, hr_chart *chart, GError **error);

/* The slot of the palette that a row's column `slot` names; else the one that the template
 * gives the key, the same in every chart; else one by its place. */
int hr_build_slot(const struct hr_build *build, const hr_rows *rows, size_t row,
                  const char *key, size_t place);

/* The chart of an entry of `charts`: its query yields series, x or category, value and, where
 * there are intervals, low and high; `limits` yields name and value, or name, x and value.
 * Owner: the caller. */
hr_chart *hr_build_chart(const struct hr_build *build, const hr_node *entry,
                         const struct hr_scope *scope, GError **error);

#endif
