/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tree_edit.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/tree_nodes.h"

enum { ARENA_BYTES = 2048, TEXT_BYTES = 256 };

/* One step of a path: a key, or what stands in brackets. */
struct step {
    char *name;
    bool is_element;
};

/* An edit under way. */
struct editing {
    hr_tree *tree; /* the new one */
    const struct hr_tree_edit *edit;
    const struct step *steps;
    size_t n_steps;
};

static void clear_step(void *element)
{
    g_free(((struct step *)element)->name);
}

static void add_step(GArray *steps, const char *from, const char *to, bool is_element)
{
    struct step step = {g_strndup(from, (gsize)(to - from)), is_element};
    g_array_append_val(steps, step);
}

/* Returns: struct step, or NULL where the text is no path. */
static GArray *parse_path(const char *path)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(struct step));
    g_array_set_clear_func(steps, clear_step);
    const char *p = path;
    bool ok = *p != '\0';
    while (ok && *p != '\0') {
        const char *end = p + strcspn(p, ".[");
        ok = end > p;
        add_step(steps, p, end, false);
        p = end;
        while (ok && *p == '[') {
            end = strchr(p, ']');
            ok = end != NULL && end > p + 1;
            if (ok) {
                add_step(steps, p + 1, end, true);
                p = end + 1;
            }
        }
        ok = ok && (*p == '\0' || (*p == '.' && p[1] != '\0'));
        p += ok && *p == '.';
    }
    if (!ok) {
        g_array_unref(steps);
        return NULL;
    }
    return steps;
}

/* ---- reading ---- */

static bool is_named(const hr_node *node, const char *name)
{
    const hr_node *own = hr_node_get(node, "name");
    return own != NULL && strcmp(hr_node_text(own), name) == 0;
}

/* Returns: the index of the element of a list, or -1. */
static int64_t find_element(const hr_node *list, const char *name)
{
    if (list->kind != HR_NODE_LIST) {
        return -1;
    }
    for (size_t i = 0; i < list->n_entries; i++) {
        if (is_named(list->entries[i].value, name)) {
            return (int64_t)i;
        }
    }
    int64_t number = 0;
    return hr_parse_int(name, 1, (int64_t)list->n_entries, &number) ? number - 1 : -1;
}

const hr_node *hr_node_at_path(const hr_node *node, const char *path)
{
    GArray *steps = parse_path(path);
    for (guint i = 0; steps != NULL && node != NULL && i < steps->len; i++) {
        const struct step *step = &g_array_index(steps, struct step, i);
        if (step->is_element) {
            int64_t at = find_element(node, step->name);
            node = at >= 0 ? hr_node_at(node, (size_t)at) : NULL;
        } else {
            node = hr_node_get(node, step->name);
        }
    }
    const hr_node *found = steps != NULL ? node : NULL;
    g_clear_pointer(&steps, g_array_unref);
    return found;
}

/* ---- editing ---- */

static hr_node *new_node(const struct editing *e, enum hr_node_kind kind)
{
    hr_node *node = hr_arena_take(e->tree->arena, sizeof *node);
    *node = (struct hr_node){.kind = kind,
                             .file = e->edit->from != NULL ? e->edit->from->name : NULL,
                             .line = e->edit->at->line,
                             .column = e->edit->at->column,
                             .text = ""};
    return node;
}

/* A node of another file keeps its lines and tells the file. */
static hr_node *adopt(const struct editing *e, const hr_node *value)
{
    hr_node *copy = hr_arena_take(e->tree->arena, sizeof *copy);
    *copy = *value;
    if (copy->file == NULL && e->edit->from != NULL) {
        copy->file = e->edit->from->name;
    }
    if (copy->n_entries > 0) {
        copy->entries = hr_arena_array(e->tree->arena, struct hr_entry, copy->n_entries);
        for (size_t i = 0; i < copy->n_entries; i++) {
            copy->entries[i] = value->entries[i];
            copy->entries[i].value = adopt(e, value->entries[i].value);
        }
    }
    return copy;
}

static hr_node *single_value_of(const struct editing *e)
{
    if (e->edit->value != NULL) {
        return adopt(e, e->edit->value);
    }
    hr_node *node = new_node(e, HR_NODE_SCALAR);
    node->text = g_string_chunk_insert(e->tree->texts, e->edit->text);
    node->is_plain = true;
    return node;
}

static hr_node *value_of(const struct editing *e)
{
    hr_node *value = single_value_of(e);
    if (!e->edit->as_list) {
        return value;
    }
    hr_node *list = new_node(e, HR_NODE_LIST);
    list->entries = hr_arena_array(e->tree->arena, struct hr_entry, 1);
    list->entries[0] =
        (struct hr_entry){.line = value->line, .column = value->column, .value = value};
    list->n_entries = 1;
    return list;
}

/* A copy of the list or map with room for one entry more. */
static hr_node *copy_with_room(const struct editing *e, const hr_node *node)
{
    hr_node *copy = hr_arena_take(e->tree->arena, sizeof *copy);
    *copy = *node;
    copy->entries = hr_arena_array(e->tree->arena, struct hr_entry, node->n_entries + 1);
    if (node->n_entries > 0) {
        memcpy(copy->entries, node->entries, node->n_entries * sizeof(struct hr_entry));
    }
    return copy;
}

/* A map with one entry, at the place of the edit. */
static hr_node *map_of(const struct editing *e, const char *key, const hr_node *value)
{
    hr_node *map = new_node(e, HR_NODE_MAP);
    map->entries = hr_arena_array(e->tree->arena, struct hr_entry, 2);
    if (value != NULL) {
        map->entries[0] = (struct hr_entry){.key = key,
                                            .line = value->line,
                                            .column = value->column,
                                            .value = (hr_node *)(guintptr)value};
        map->n_entries = 1;
    }
    return map;
}

static bool lead_nowhere(const struct editing *e, size_t step, GError **error)
{
    g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "'%s': there is no [%s] in the scenario",
                e->edit->path, e->steps[step].name);
    return false;
}

static bool put(const struct editing *e, const hr_node *node, size_t step, hr_node **out,
                GError **error);

static bool put_element(const struct editing *e, const hr_node *node, size_t step,
                        hr_node **out, GError **error)
{
    int64_t at = node != NULL ? find_element(node, e->steps[step].name) : -1;
    if (at < 0) {
        return lead_nowhere(e, step, error);
    }
    hr_node *copy = copy_with_room(e, node);
    *out = copy;
    return put(e, copy->entries[at].value, step + 1, &copy->entries[at].value, error);
}

static bool put_key(const struct editing *e, const hr_node *node, size_t step, hr_node **out,
                    GError **error)
{
    const char *key = e->steps[step].name;
    hr_node *copy = NULL;
    if (node == NULL) {
        copy = map_of(e, NULL, NULL);
    } else if (node->kind == HR_NODE_SCALAR && step > 0) {
        const char *own = g_string_chunk_insert_const(e->tree->texts, e->steps[step - 1].name);
        copy = map_of(e, own, node);
        copy = copy_with_room(e, copy);
    } else if (node->kind == HR_NODE_MAP) {
        copy = copy_with_room(e, node);
    } else {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "'%s': a list has no key '%s'; [name] picks an element", e->edit->path,
                    key);
        return false;
    }
    *out = copy;
    for (size_t i = 0; i < copy->n_entries; i++) {
        if (strcmp(copy->entries[i].key, key) == 0) {
            return put(e, copy->entries[i].value, step + 1, &copy->entries[i].value, error);
        }
    }
    struct hr_entry *entry = &copy->entries[copy->n_entries];
    *entry = (struct hr_entry){.key = g_string_chunk_insert_const(e->tree->texts, key),
                               .line = e->edit->at->line,
                               .column = e->edit->at->column};
    copy->n_entries++;
    return put(e, NULL, step + 1, &entry->value, error);
}

/* Puts the value below a node, or in its place at the path's end. node: NULL where nothing is
 * yet. */
static bool put(const struct editing *e, const hr_node *node, size_t step, hr_node **out,
                GError **error)
{
    if (step == e->n_steps) {
        *out = value_of(e);
        return true;
    }
    return e->steps[step].is_element ? put_element(e, node, step, out, error)
                                     : put_key(e, node, step, out, error);
}

static bool make_edit(hr_tree *tree, const struct hr_tree_edit *edit, GError **error)
{
    GArray *steps = parse_path(edit->path);
    if (steps == NULL) {
        g_set_error(
            error, HR_ERROR, HR_ERROR_INPUT,
            "'%s' is no path; keys are joined by dots: cluster.hosts, guests[web].count",
            edit->path);
        return false;
    }
    struct editing e = {.tree = tree,
                        .edit = edit,
                        .steps = (const struct step *)(const void *)steps->data,
                        .n_steps = steps->len};
    hr_node *root = NULL;
    bool ok = put(&e, tree->root, 0, &root, error);
    if (ok) {
        tree->root = root;
    }
    g_array_unref(steps);
    return ok;
}

hr_tree *hr_tree_with(const hr_tree *tree, const hr_node *node,
                      const struct hr_tree_edit *edits, size_t n_edits, size_t *n_bad,
                      GError **error)
{
    hr_tree *copy = g_new0(hr_tree, 1);
    copy->name = g_strdup(tree->name);
    copy->digest = g_strdup(tree->digest);
    copy->arena = hr_arena_new(ARENA_BYTES);
    copy->texts = g_string_chunk_new(TEXT_BYTES);
    copy->root = (hr_node *)(guintptr)node; /* shared, and never written to */
    for (size_t i = 0; i < n_edits; i++) {
        if (!make_edit(copy, &edits[i], error)) {
            if (n_bad != NULL) {
                *n_bad = i;
            }
            hr_tree_free(copy);
            return NULL;
        }
    }
    return copy;
}
