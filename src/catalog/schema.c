/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/schema.h"

#include <string.h>

#include "base/error.h"

enum { FIELDS_MAX = 64, LEVELS = 24 };

static void *member_of(void *out, const struct hr_field *field)
{
    return (char *)out + field->offset;
}

void hr_entry_fail(const struct hr_entry_file *file, const hr_node *map, const char *key,
                   const char *reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    const hr_node *node = hr_node_get(map, key);
    hr_node_fail(file->tree, node != NULL ? node : map, file->diag, reason, "%s", text);
}

const hr_node *hr_entry_list(const struct hr_entry_file *file, const hr_node *map,
                             const char *key)
{
    const hr_node *list = hr_node_get(map, key);
    if (list != NULL && hr_node_kind(list) != HR_NODE_LIST) {
        hr_node_fail(file->tree, list, file->diag, "wrong type", "'%s' must be a list", key);
        return NULL;
    }
    return list;
}

static void read_texts(const struct hr_entry_file *file, const hr_node *map,
                       const struct hr_field *field, char ***out)
{
    GPtrArray *texts = g_ptr_array_new();
    const hr_node *list = hr_entry_list(file, map, field->key);
    for (size_t i = 0; list != NULL && i < hr_node_length(list); i++) {
        const hr_node *item = hr_node_at(list, i);
        if (hr_node_kind(item) != HR_NODE_SCALAR || *hr_node_text(item) == '\0') {
            hr_node_fail(file->tree, item, file->diag, "wrong type",
                         "every element of '%s' must be a text", field->key);
            continue;
        }
        g_ptr_array_add(texts, g_strdup(hr_node_text(item)));
    }
    g_ptr_array_add(texts, NULL);
    g_strfreev(*out);
    *out = (char **)g_ptr_array_free(texts, FALSE);
}

static void read_levels(const struct hr_entry_file *file, const hr_node *map,
                        const struct hr_field *field, double *out)
{
    const hr_node *list = hr_entry_list(file, map, field->key);
    if (list == NULL) {
        return;
    }
    if (hr_node_length(list) != LEVELS) {
        hr_node_fail(file->tree, list, file->diag, "wrong number",
                     "'%s' needs one level for each of the %d hours, but has %u", field->key,
                     LEVELS, (unsigned)hr_node_length(list));
        return;
    }
    for (size_t i = 0; i < LEVELS; i++) {
        hr_node_read_double(file->tree, hr_node_at(list, i), field->key, 0.0, 1e6, &out[i],
                            file->diag);
    }
}

static void read_text(const struct hr_entry_file *file, const hr_node *map,
                      const struct hr_field *field, char **out)
{
    if (hr_node_string(file->tree, map, field->key, out, file->diag) && *out != NULL &&
        **out == '\0') {
        hr_entry_fail(file, map, field->key, "no value", "'%s' is empty", field->key);
    }
}

static void read_int(const struct hr_entry_file *file, const hr_node *map,
                     const struct hr_field *field, int *out)
{
    int64_t value = *out;
    if (hr_node_int(file->tree, map, field->key, (int64_t)field->least, (int64_t)field->most,
                    &value, file->diag)) {
        *out = (int)value;
    }
}

static void read_map_at(const struct hr_entry_file *file, const hr_node *map,
                        const struct hr_field *field, void **out)
{
    const hr_node *inner = hr_node_get(map, field->key);
    if (inner != NULL) {
        if (!file->is_change) { /* another key may have been read into the same place */
            g_free(*out);
            *out = g_malloc0(field->n_bytes);
        }
        hr_fields_read(file, inner, field->fields, *out);
    }
}

static void read_field(const struct hr_entry_file *file, const hr_node *map,
                       const struct hr_field *field, void *out)
{
    void *member = member_of(out, field);
    switch (field->kind) {
    case HR_FIELD_DOUBLE:
        hr_node_double(file->tree, map, field->key, field->least, field->most, member,
                       file->diag);
        break;
    case HR_FIELD_INT:
        read_int(file, map, field, member);
        break;
    case HR_FIELD_BOOL:
        hr_node_bool(file->tree, map, field->key, member, file->diag);
        break;
    case HR_FIELD_TEXT:
        read_text(file, map, field, member);
        break;
    case HR_FIELD_ENUM: {
        int value = 0;
        if (hr_node_get(map, field->key) != NULL &&
            hr_node_enum(file->tree, map, field->key, field->names, &value, file->diag)) {
            memcpy(member, &value, sizeof value);
        }
        break;
    }
    case HR_FIELD_TEXTS:
        read_texts(file, map, field, member);
        break;
    case HR_FIELD_LEVELS:
        read_levels(file, map, field, member);
        break;
    case HR_FIELD_MAP:
        hr_fields_read(file, hr_node_get(map, field->key), field->fields, member);
        break;
    case HR_FIELD_MAP_AT:
        read_map_at(file, map, field, member);
        break;
    case HR_FIELD_CUSTOM:
        break;
    }
}

static void check_keys(const struct hr_entry_file *file, const hr_node *map,
                       const struct hr_field *fields, bool is_root)
{
    const char *keys[FIELDS_MAX + 2];
    size_t n = 0;
    for (const struct hr_field *field = fields; field->key != NULL; field++) {
        hr_assert(n < FIELDS_MAX);
        keys[n++] = field->key;
    }
    if (is_root) {
        keys[n++] = "sources";
    }
    keys[n] = NULL;
    hr_node_check_keys(file->tree, map, keys, file->diag);
}

static void read_map(const struct hr_entry_file *file, const hr_node *map,
                     const struct hr_field *fields, void *out, bool is_root)
{
    check_keys(file, map, fields, is_root);
    if (hr_node_kind(map) != HR_NODE_MAP) {
        return;
    }
    for (const struct hr_field *field = fields; field->key != NULL; field++) {
        if (field->is_required && !file->is_change) {
            hr_node_require(file->tree, map, field->key, file->diag);
        }
        read_field(file, map, field, out);
    }
}

void hr_fields_read(const struct hr_entry_file *file, const hr_node *map,
                    const struct hr_field *fields, void *out)
{
    if (map != NULL) {
        read_map(file, map, fields, out, false);
    }
}

/* Whether a path such as "overcommit.idle_tax" names a field. */
static bool has_path(const struct hr_field *fields, const char *path)
{
    size_t n_key = strcspn(path, ".");
    for (const struct hr_field *field = fields; field->key != NULL; field++) {
        if (strlen(field->key) == n_key && strncmp(field->key, path, n_key) == 0) {
            return path[n_key] == '\0' ||
                   (field->fields != NULL && has_path(field->fields, path + n_key + 1));
        }
    }
    return false;
}

static bool begins_with_evidence(const char *text)
{
    static const char *const words[] = {"measured", "found",   "derived",
                                        "recalled", "assumed", "fitted"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        size_t n = strlen(words[i]);
        if (strncmp(text, words[i], n) == 0 && !g_ascii_isalnum(text[n])) {
            return true;
        }
    }
    return false;
}

static void read_origins(const struct hr_entry_file *file, const hr_node *root,
                         const struct hr_field *fields, struct hr_origins *origins)
{
    const hr_node *sources = hr_node_get(root, "sources");
    if (!hr_node_require(file->tree, root, "sources", file->diag)) {
        return;
    }
    if (hr_node_kind(sources) != HR_NODE_MAP) {
        hr_node_fail(file->tree, sources, file->diag, "wrong type",
                     "'sources' must hold keys and their origins");
        return;
    }
    origins->items = g_new0(struct hr_origin, hr_node_length(sources) + 1);
    for (size_t i = 0; i < hr_node_length(sources); i++) {
        const char *key = hr_node_key_at(sources, i);
        const hr_node *value = hr_node_at(sources, i);
        if (strcmp(key, "default") != 0 && !has_path(fields, key)) {
            hr_node_fail(file->tree, value, file->diag, "unknown key",
                         "'sources' explains '%s', which this entry does not know", key);
        }
        if (!begins_with_evidence(hr_node_text(value))) {
            hr_node_fail(
                file->tree, value, file->diag, "no evidence",
                "the origin of '%s' must begin with measured, found, derived, recalled, "
                "assumed or fitted",
                key);
        }
        origins->items[origins->n++] =
            (struct hr_origin){.key = g_strdup(key), .text = g_strdup(hr_node_text(value))};
    }
}

static bool needs_origin(const struct hr_field *field)
{
    return field->kind == HR_FIELD_DOUBLE || field->kind == HR_FIELD_INT ||
           field->kind == HR_FIELD_LEVELS ||
           (field->kind == HR_FIELD_CUSTOM && field->fields != NULL);
}

/* prefix: the path of the map, "" for the root. */
static void check_origins(const struct hr_entry_file *file, const hr_node *sources,
                          const hr_node *map, const struct hr_field *fields, const char *prefix)
{
    for (const struct hr_field *field = fields; field->key != NULL; field++) {
        const hr_node *value = hr_node_get(map, field->key);
        g_autofree char *path = g_strconcat(prefix, field->key, NULL);
        if (value == NULL || hr_node_get(sources, path) != NULL) {
            continue;
        }
        if (needs_origin(field)) {
            hr_node_fail(file->tree, value, file->diag, "no origin",
                         "'sources' does not say where '%s' comes from", path);
        } else if (field->fields != NULL && field->kind != HR_FIELD_CUSTOM) {
            g_autofree char *inner = g_strconcat(path, ".", NULL);
            check_origins(file, sources, value, field->fields, inner);
        }
    }
}

void hr_entry_read(const struct hr_entry_file *file, const struct hr_field *fields, void *out,
                   struct hr_origins *origins)
{
    const hr_node *root = hr_tree_root(file->tree);
    read_map(file, root, fields, out, true);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        return;
    }
    read_origins(file, root, fields, origins);
    const hr_node *sources = hr_node_get(root, "sources");
    if (sources != NULL && hr_node_get(sources, "default") == NULL) {
        check_origins(file, sources, root, fields, "");
    }
}

void hr_fields_clear(const struct hr_field *fields, void *out)
{
    for (const struct hr_field *field = fields; field->key != NULL; field++) {
        void *member = member_of(out, field);
        switch (field->kind) {
        case HR_FIELD_TEXT:
            g_clear_pointer((char **)member, g_free);
            break;
        case HR_FIELD_TEXTS:
            g_clear_pointer((char ***)member, g_strfreev);
            break;
        case HR_FIELD_MAP:
            hr_fields_clear(field->fields, member);
            break;
        case HR_FIELD_MAP_AT:
            g_clear_pointer((void **)member, g_free);
            break;
        case HR_FIELD_DOUBLE:
        case HR_FIELD_INT:
        case HR_FIELD_BOOL:
        case HR_FIELD_ENUM:
        case HR_FIELD_LEVELS:
        case HR_FIELD_CUSTOM:
            break;
        }
    }
}

void hr_origins_clear(struct hr_origins *origins)
{
    for (size_t i = 0; i < origins->n; i++) {
        g_free(origins->items[i].key);
        g_free(origins->items[i].text);
    }
    g_free(origins->items);
    *origins = (struct hr_origins){.n = 0};
}
