/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report/template.h - a report template: a YAML file of pages and their elements, checked whole
 * before anything is drawn. Its form is described in reports/README.md. */
#ifndef HR_REPORT_TEMPLATE_H
#define HR_REPORT_TEMPLATE_H

#include <glib.h>

#include "base/tree.h"

struct hr_template {
    char *path;
    hr_tree *tree;
    const hr_node *root; /* borrowed from tree */
};

enum hr_element_kind {
    HR_ELEMENT_TEXT,
    HR_ELEMENT_HEADING,
    HR_ELEMENT_FIGURES,
    HR_ELEMENT_TABLE,
    HR_ELEMENT_CHARTS,
    HR_ELEMENT_CONTENTS,
    HR_ELEMENT__COUNT
};

/* Loads and checks. Fails: HR_ERROR_INPUT, the message has every problem on a line of its own;
 * HR_ERROR_USAGE when there is no such template. */
bool hr_template_load(const char *name, const char *dir, struct hr_template *out,
                      GError **error);
void hr_template_clear(struct hr_template *tmpl);

/* Requires: an element of a checked template. */
enum hr_element_kind hr_element_kind_of(const hr_node *element);

/* Text of a key, or fallback. Borrowed. */
const char *hr_template_text(const hr_node *map, const char *key, const char *fallback);
bool hr_template_is_set(const hr_node *map, const char *key);
double hr_template_number(const hr_node *map, const char *key, double fallback);
/* Index of the key's text among names, or 0. */
int hr_template_choice(const hr_node *map, const char *key, const char *const *names);

extern const char *const hr_template_styles[]; /* in the order of enum hr_text_style */
extern const char *const hr_template_marks[];  /* in the order of enum hr_mark */
extern const char *const hr_template_axes[];   /* in the order of enum hr_axis */
extern const char *const hr_template_aligns[]; /* in the order of enum hr_align */

#endif
