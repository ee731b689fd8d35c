/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/template.h"

#include <string.h>

#include "base/diag.h"
#include "base/error.h"
#include "base/text.h"

const char *const hr_template_styles[] = {"title",  "subtitle", "body", "lead",
                                          "bullet", "note",     NULL};
const char *const hr_template_marks[] = {"line",    "band", "area", "bar", "dot",
                                         "scatter", "step", "cell", NULL};
const char *const hr_template_axes[] = {"number", "time", "category", "log", NULL};
const char *const hr_template_aligns[] = {"left", "centre", "right", NULL};

static const char *const element_names[] = {"text",   "heading",  "figures", "table",
                                            "charts", "contents", NULL};

/* What checking passes on. */
struct checker {
    const hr_tree *tree;
    const char *name;
    hr_diag *diag;
};

static void refuse(const struct checker *c, const hr_node *node, const char *text)
{
    hr_diag_add(c->diag, HR_FATAL, c->name, hr_node_line(node), hr_node_column(node),
                "template", "%s", text);
}

/* Returns: whether the node is of the kind; says so when not. */
static bool check_kind(const struct checker *c, const hr_node *node, enum hr_node_kind kind,
                       const char *what)
{
    if (hr_node_kind(node) == kind) {
        return true;
    }
    g_autofree char *text = g_strdup_printf("%s must be a %s", what,
                                            kind == HR_NODE_MAP    ? "map"
                                            : kind == HR_NODE_LIST ? "list"
                                                                   : "text");
    refuse(c, node, text);
    return false;
}

static void check_choice(const struct checker *c, const hr_node *map, const char *key,
                         const char *const *names)
{
    int index = 0;
    hr_node_enum(c->tree, map, key, names, &index, c->diag);
}

static void check_number(const struct checker *c, const hr_node *map, const char *key,
                         double least, double most)
{
    double value = 0.0;
    hr_node_double(c->tree, map, key, least, most, &value, c->diag);
}

static void check_bool(const struct checker *c, const hr_node *map, const char *key)
{
    bool value = false;
    hr_node_bool(c->tree, map, key, &value, c->diag);
}

/* A list of maps under key, each checked by check_entry. */
static void check_list(const struct checker *c, const hr_node *map, const char *key,
                       size_t most,
                       void (*check_entry)(const struct checker *, const hr_node *))
{
    if (!hr_node_require(c->tree, map, key, c->diag)) {
        return;
    }
    const hr_node *list = hr_node_get(map, key);
    if (!check_kind(c, list, HR_NODE_LIST, key)) {
        return;
    }
    if (hr_node_length(list) == 0 || hr_node_length(list) > most) {
        g_autofree char *text =
            g_strdup_printf("%s must have 1 to %u entries", key, (unsigned)most);
        refuse(c, list, text);
    }
    for (size_t i = 0; i < hr_node_length(list); i++) {
        if (check_kind(c, hr_node_at(list, i), HR_NODE_MAP, "an entry")) {
            check_entry(c, hr_node_at(list, i));
        }
    }
}

static void check_text(const struct checker *c, const hr_node *element)
{
    static const char *const keys[] = {"kind", "style", "text", "query", "each", NULL};
    hr_node_check_keys(c->tree, element, keys, c->diag);
    hr_node_require(c->tree, element, "text", c->diag);
    check_choice(c, element, "style", hr_template_styles);
    check_bool(c, element, "each");
}

static void check_heading(const struct checker *c, const hr_node *element)
{
    static const char *const keys[] = {"kind", "text", "level", NULL};
    hr_node_check_keys(c->tree, element, keys, c->diag);
    hr_node_require(c->tree, element, "text", c->diag);
    check_number(c, element, "level", 1, 2);
}

static void check_figure(const struct checker *c, const hr_node *figure)
{
    static const char *const keys[] = {"label", "value", "note", NULL};
    hr_node_check_keys(c->tree, figure, keys, c->diag);
    hr_node_require(c->tree, figure, "label", c->diag);
    hr_node_require(c->tree, figure, "value", c->diag);
}

static void check_figures(const struct checker *c, const hr_node *element)
{
    static const char *const keys[] = {"kind", "query", "figures", NULL};
    hr_node_check_keys(c->tree, element, keys, c->diag);
    check_list(c, element, "figures", 6, check_figure);
}

static void check_column(const struct checker *c, const hr_node *column)
{
    static const char *const keys[] = {"title", "text", "align", "total", NULL};
    hr_node_check_keys(c->tree, column, keys, c->diag);
    hr_node_require(c->tree, column, "title", c->diag);
    hr_node_require(c->tree, column, "text", c->diag);
    check_choice(c, column, "align", hr_template_aligns);
}

static void check_table_row(const struct checker *c, const hr_node *row)
{
    static const char *const keys[] = {"section", "title", "text", "total", NULL};
    hr_node_check_keys(c->tree, row, keys, c->diag);
    if (hr_node_get(row, "section") == NULL) {
        hr_node_require(c->tree, row, "title", c->diag);
        hr_node_require(c->tree, row, "text", c->diag);
    }
    check_bool(c, row, "total");
}

static void check_table(const struct checker *c, const hr_node *element)
{
    static const char *const keys[] = {"kind",  "title",     "query",   "size",   "section",
                                       "total", "footnote",  "columns", "heads",  "rows",
                                       "empty", "per_table", "most",    "corner", "row",
                                       "head",  "cell",      "sum",     NULL};
    hr_node_check_keys(c->tree, element, keys, c->diag);
    hr_node_require(c->tree, element, "query", c->diag);
    check_number(c, element, "size", 5, 12);
    check_number(c, element, "per_table", 1, 20);
    check_number(c, element, "most", 1, 1000);
    if (hr_node_get(element, "cell") != NULL) {
        hr_node_require(c->tree, element, "row", c->diag);
        hr_node_require(c->tree, element, "head", c->diag);
    } else if (hr_node_get(element, "heads") != NULL) {
        check_list(c, element, "rows", 100, check_table_row);
    } else {
        check_list(c, element, "columns", 20, check_column);
    }
}

static void check_chart(const struct checker *c, const hr_node *chart)
{
    static const char *const keys[] = {"id",         "title",       "query",   "limits",
                                       "x_title",    "y_title",     "axis",    "mark",
                                       "horizontal", "grouped",     "totals",  "steps",
                                       "notes",      "value_title", "hatched", NULL};
    hr_node_check_keys(c->tree, chart, keys, c->diag);
    hr_node_require(c->tree, chart, "id", c->diag);
    hr_node_require(c->tree, chart, "query", c->diag);
    check_choice(c, chart, "mark", hr_template_marks);
    check_choice(c, chart, "axis", hr_template_axes);
    check_bool(c, chart, "horizontal");
    check_bool(c, chart, "grouped");
    check_bool(c, chart, "totals");
}

static void check_charts(const struct checker *c, const hr_node *element)
{
    static const char *const keys[] = {"kind", "height", "charts", "empty", NULL};
    hr_node_check_keys(c->tree, element, keys, c->diag);
    check_number(c, element, "height", 60, 600);
    check_list(c, element, "charts", 4, check_chart);
}

static void check_contents(const struct checker *c, const hr_node *element)
{
    static const char *const keys[] = {"kind", NULL};
    hr_node_check_keys(c->tree, element, keys, c->diag);
}

static void check_element(const struct checker *c, const hr_node *element)
{
    static void (*const checks[HR_ELEMENT__COUNT])(const struct checker *, const hr_node *) = {
        check_text, check_heading, check_figures, check_table, check_charts, check_contents,
    };
    int kind = -1;
    if (hr_node_require(c->tree, element, "kind", c->diag) &&
        hr_node_enum(c->tree, element, "kind", element_names, &kind, c->diag) && kind >= 0) {
        checks[kind](c, element);
    }
}

static void check_page(const struct checker *c, const hr_node *page)
{
    static const char *const keys[] = {"title", "for_each", "continues", "elements", NULL};
    hr_node_check_keys(c->tree, page, keys, c->diag);
    check_bool(c, page, "continues");
    check_list(c, page, "elements", 200, check_element);
}

static void check_colours(const struct checker *c, const hr_node *root)
{
    const hr_node *colours = hr_node_get(root, "colours");
    if (colours == NULL || !check_kind(c, colours, HR_NODE_MAP, "colours")) {
        return;
    }
    for (size_t i = 0; i < hr_node_length(colours); i++) {
        check_number(c, colours, hr_node_key_at(colours, i), 0, 99);
    }
}

static void check_root(const struct checker *c, const hr_node *root)
{
    static const char *const keys[] = {"name",  "title",   "subject", "header", "footer",
                                       "query", "colours", "labels",  "pages",  NULL};
    if (!check_kind(c, root, HR_NODE_MAP, "a template")) {
        return;
    }
    hr_node_check_keys(c->tree, root, keys, c->diag);
    hr_node_require(c->tree, root, "title", c->diag);
    hr_node_require(c->tree, root, "query", c->diag);
    check_colours(c, root);
    const hr_node *labels = hr_node_get(root, "labels");
    if (labels != NULL) {
        check_kind(c, labels, HR_NODE_MAP, "labels");
    }
    check_list(c, root, "pages", 100, check_page);
}

/* Every fatal finding as a line of one message. */
static void set_findings(const hr_diag *diag, GError **error)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *finding = hr_diag_get(diag, i);
        if (finding->severity == HR_FATAL) {
            g_string_append_printf(text, "%s%s:%u:%u: %s", text->len > 0 ? "\n" : "",
                                   finding->file, finding->line, finding->column,
                                   finding->text);
        }
    }
    g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, text->str);
    g_string_free(text, TRUE);
}

static char *find_path(const char *name, const char *dir)
{
    if (g_str_has_suffix(name, ".yaml") || strchr(name, '/') != NULL) {
        return g_strdup(name);
    }
    const char *where = dir != NULL ? dir : g_getenv("HEADROOM_REPORTS");
    g_autofree char *file = g_strconcat(name, ".yaml", NULL);
    return g_build_filename(where != NULL ? where : HR_REPORTDIR, file, NULL);
}

bool hr_template_load(const char *name, const char *dir, struct hr_template *out,
                      GError **error)
{
    g_autofree char *path = find_path(name, dir);
    g_autoptr(hr_diag) diag = hr_diag_new();
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "no report template \"%s\" (%s)", name,
                    path);
        return false;
    }
    GError *inner = NULL;
    g_autoptr(hr_tree) tree = hr_tree_load(path, diag, &inner);
    if (inner != NULL) {
        g_propagate_error(error, inner);
        return false;
    }
    if (tree != NULL) {
        const struct checker c = {tree, path, diag};
        check_root(&c, hr_tree_root(tree));
    }
    if (tree == NULL || hr_diag_count_severity(diag, HR_FATAL) > 0) {
        set_findings(diag, error);
        return false;
    }
    out->path = g_steal_pointer(&path);
    out->tree = g_steal_pointer(&tree);
    out->root = hr_tree_root(out->tree);
    return true;
}

void hr_template_clear(struct hr_template *tmpl)
{
    g_clear_pointer(&tmpl->tree, hr_tree_free);
    g_clear_pointer(&tmpl->path, g_free);
}

enum hr_element_kind hr_element_kind_of(const hr_node *element)
{
    return (enum hr_element_kind)hr_template_choice(element, "kind", element_names);
}

const char *hr_template_text(const hr_node *map, const char *key, const char *fallback)
{
    const hr_node *node = hr_node_get(map, key);
    return node != NULL ? hr_node_text(node) : fallback;
}

bool hr_template_is_set(const hr_node *map, const char *key)
{
    return strcmp(hr_template_text(map, key, "false"), "true") == 0;
}

double hr_template_number(const hr_node *map, const char *key, double fallback)
{
    double value = fallback;
    const hr_node *node = hr_node_get(map, key);
    return node != NULL && hr_parse_double(hr_node_text(node), &value) ? value : fallback;
}

int hr_template_choice(const hr_node *map, const char *key, const char *const *names)
{
    const char *text = hr_template_text(map, key, names[0]);
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0) {
            return i;
        }
    }
    return 0;
}
