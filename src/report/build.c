/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/build.h"

#include <string.h>

#include "base/error.h"

bool hr_build_fail(const struct hr_build *build, const hr_node *where, GError **error)
{
    g_prefix_error(error, "%s:%u: ", build->tmpl->path, hr_node_line(where));
    return false;
}

hr_rows *hr_build_query(const struct hr_build *build, const hr_node *element, const char *key,
                        const struct hr_scope *scope, GError **error)
{
    const hr_node *query = hr_node_get(element, key);
    const struct hr_value *platform = hr_scope_find(scope, "platform_id");
    const char *platform_id =
        platform != NULL && platform->kind == HR_VALUE_TEXT ? platform->as.text : NULL;
    hr_rows *rows =
        hr_store_query(build->store, hr_node_text(query), build->study_id, platform_id, error);
    if (rows == NULL) {
        hr_build_fail(build, query, error);
    }
    return rows;
}

char *hr_build_text(const struct hr_build *build, const hr_node *element, const char *key,
                    const struct hr_scope *scope, GError **error)
{
    const hr_node *node = hr_node_get(element, key);
    if (node == NULL) {
        return g_strdup("");
    }
    char *text = hr_scope_expand(scope, hr_node_text(node), error);
    if (text == NULL) {
        hr_build_fail(build, node, error);
    }
    return text;
}

/* Runs the element's query, if it has one, and makes *inner the scope of its first row. */
static bool open_scope(const struct hr_build *build, const hr_node *element,
                       const struct hr_scope *scope, hr_rows **rows, struct hr_scope *inner,
                       GError **error)
{
    *inner = (struct hr_scope){.outer = scope};
    if (hr_node_get(element, "query") == NULL) {
        return true;
    }
    *rows = hr_build_query(build, element, "query", scope, error);
    inner->rows = *rows;
    return *rows != NULL;
}

/* An element with a query says nothing when the query finds nothing. */
static bool add_text(const struct hr_build *build, const hr_node *element,
                     const struct hr_scope *scope, GError **error)
{
    g_autoptr(hr_rows) rows = NULL;
    struct hr_scope inner;
    if (!open_scope(build, element, scope, &rows, &inner, error)) {
        return false;
    }
    size_t n = rows == NULL ? 1 : hr_rows_count(rows);
    if (!hr_template_is_set(element, "each") && n > 1) {
        n = 1;
    }
    int style = hr_node_get(element, "style") != NULL
                    ? hr_template_choice(element, "style", hr_template_styles)
                    : (int)HR_STYLE_BODY;
    for (inner.row = 0; inner.row < n; inner.row++) {
        g_autofree char *text = hr_build_text(build, element, "text", &inner, error);
        if (text == NULL) {
            return false;
        }
        g_strstrip(text);
        if (text[0] != '\0') {
            hr_document_add_text(build->document, (enum hr_text_style)style, text);
        }
    }
    return true;
}

static bool add_heading(const struct hr_build *build, const hr_node *element,
                        const struct hr_scope *scope, GError **error)
{
    g_autofree char *text = hr_build_text(build, element, "text", scope, error);
    if (text == NULL) {
        return false;
    }
    int level = (int)hr_template_number(element, "level", 2.0);
    hr_document_add_heading(build->document, level, text);
    return true;
}

static bool add_figures(const struct hr_build *build, const hr_node *element,
                        const struct hr_scope *scope, GError **error)
{
    g_autoptr(hr_rows) rows = NULL;
    struct hr_scope inner;
    if (!open_scope(build, element, scope, &rows, &inner, error)) {
        return false;
    }
    if (rows != NULL && hr_rows_count(rows) == 0) {
        return true;
    }
    const hr_node *list = hr_node_get(element, "figures");
    size_t n = hr_node_length(list);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    struct hr_key_figure figures[6];
    hr_assert(n >= 1 && n <= G_N_ELEMENTS(figures));
    for (size_t i = 0; i < n; i++) {
        static const char *const keys[] = {"label", "value", "note"};
        for (size_t k = 0; k < 3; k++) {
            char *text = hr_build_text(build, hr_node_at(list, i), keys[k], &inner, error);
            if (text == NULL) {
                return false;
            }
            g_ptr_array_add(texts, text);
        }
        figures[i].label = g_ptr_array_index(texts, 3 * i);
        figures[i].value = g_ptr_array_index(texts, 3 * i + 1);
        figures[i].note = g_ptr_array_index(texts, 3 * i + 2);
    }
    hr_document_add_figures(build->document, figures, n);
    return true;
}

/* In place of what would be empty. */
static bool add_empty_note(const struct hr_build *build, const hr_node *element,
                           const struct hr_scope *scope, GError **error)
{
    if (hr_node_get(element, "empty") == NULL) {
        return true;
    }
    g_autofree char *text = hr_build_text(build, element, "empty", scope, error);
    if (text == NULL) {
        return false;
    }
    hr_document_add_text(build->document, HR_STYLE_BODY, text);
    return true;
}

static bool add_table(const struct hr_build *build, const hr_node *element,
                      const struct hr_scope *scope, GError **error)
{
    size_t n_rows = 0;
    if (!hr_build_table(build, element, scope, &n_rows, error)) {
        return false;
    }
    return n_rows > 0 || add_empty_note(build, element, scope, error);
}

/* Charts without data are left out; when none is left the note stands in their place. */
static bool add_charts(const struct hr_build *build, const hr_node *element,
                       const struct hr_scope *scope, GError **error)
{
    const hr_node *list = hr_node_get(element, "charts");
    hr_chart *charts[4] = {NULL};
    size_t n = 0;
    hr_assert(hr_node_length(list) <= G_N_ELEMENTS(charts));
    for (size_t i = 0; i < hr_node_length(list); i++) {
        hr_chart *chart = hr_build_chart(build, hr_node_at(list, i), scope, error);
        if (chart == NULL) {
            for (size_t k = 0; k < n; k++) {
                hr_chart_free(charts[k]);
            }
            return false;
        }
        if (hr_chart_is_empty(chart)) {
            hr_chart_free(chart);
        } else {
            charts[n++] = chart;
        }
    }
    if (n == 0) {
        return add_empty_note(build, element, scope, error);
    }
    hr_document_add_charts(build->document, charts, n,
                           hr_template_number(element, "height", 180.0));
    return true;
}

bool hr_build_elements(const struct hr_build *build, const hr_node *elements,
                       const struct hr_scope *scope, GError **error)
{
    for (size_t i = 0; i < hr_node_length(elements); i++) {
        const hr_node *element = hr_node_at(elements, i);
        bool ok = true;
        switch (hr_element_kind_of(element)) {
        case HR_ELEMENT_TEXT:
            ok = add_text(build, element, scope, error);
            break;
        case HR_ELEMENT_HEADING:
            ok = add_heading(build, element, scope, error);
            break;
        case HR_ELEMENT_FIGURES:
            ok = add_figures(build, element, scope, error);
            break;
        case HR_ELEMENT_TABLE:
            ok = add_table(build, element, scope, error);
            break;
        case HR_ELEMENT_CHARTS:
            ok = add_charts(build, element, scope, error);
            break;
        case HR_ELEMENT_CONTENTS:
            hr_document_add_contents(build->document);
            break;
        case HR_ELEMENT__COUNT:
            break;
        }
        if (!ok) {
            return false;
        }
    }
    return true;
}
