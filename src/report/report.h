/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report/report.h - reports and charts of a study, made from a results database and a template.
 *
 * Everything shown comes out of the database: the template's queries are run read-only over its
 * tables and views, so a report can be made again from the database alone. With the same
 * database, template, fonts and SOURCE_DATE_EPOCH the bytes are the same.
 */
#ifndef HR_REPORT_REPORT_H
#define HR_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "plot/document.h"

struct hr_report_request {
    const char *database;
    int64_t study_id;          /* 0: the last one */
    const char *template_name; /* a name, as "comparison", or a path that ends in .yaml; NULL:
                                * what fits the study: "sweep", else "comparison" */
    const char *template_dir;  /* where names are looked up; NULL: $HEADROOM_REPORTS, else where
                                * the program was installed */
    const char *output;        /* .pdf; for a chart .pdf, .svg or .png */
    enum hr_paper paper;
};

/* Tells before a long study what would stop its report: a template that is not sound, an output
 * of another kind, one that cannot be written, or one that is the database itself. The database
 * need not exist, so without a template's name that of a sizing is meant. Fails: as
 * hr_report_render(). */
bool hr_report_check(const struct hr_report_request *request, GError **error);

/* Writes the report. Fails: HR_ERROR_INPUT with every problem of the template, a line each, or
 * when the database is none; HR_ERROR_USAGE for an output of another kind or a study that does
 * not exist, or an output that is the database; HR_ERROR_FAILED when a query or the output
 * fails. Nothing is left behind then. */
bool hr_report_render(const struct hr_report_request *request, GError **error);

/* The same as a document that is not written. Owner: the caller. */
hr_document *hr_report_build(const struct hr_report_request *request, GError **error);

/* Draws one chart of the template, named by its id, or "id:platform" where the template has one
 * per platform (without: the first platform).
 * Fails: as hr_report_render(); HR_ERROR_USAGE for an unknown name, with those there are. */
bool hr_report_chart(const struct hr_report_request *request, const char *name, GError **error);

#endif
