/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/tree_nodes.h"

enum {
    DEPTH_MAX = 32,
    NODES_MAX = 2000000,
    KEYS_MAX = 20000,
    FILE_BYTES_MAX = 64 * 1024 * 1024,
    READ_BLOCK_BYTES = 64 * 1024
};

/* A list or map whose end has not been reached. */
struct open_node {
    hr_node *node;
    GArray *entries;      /* struct hr_entry */
    GHashTable *by_key;   /* key -> index + 1; NULL for a list */
    struct hr_entry next; /* of a map: the key read last, whose value comes next */
};

struct builder {
    hr_tree *tree;
    hr_diag *diag;
    struct open_node open[DEPTH_MAX];
    size_t n_open;
    size_t n_nodes;
    bool has_document;
    bool failed; /* a fatal finding was added */
};

static void fail_at(struct builder *b, yaml_mark_t mark, const char *reason, const char *format,
                    ...) G_GNUC_PRINTF(4, 5);

static void fail_at(struct builder *b, yaml_mark_t mark, const char *reason, const char *format,
                    ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(b->diag, HR_FATAL, b->tree->name, (uint32_t)mark.line + 1,
                (uint32_t)mark.column + 1, reason, "%s", text);
    b->failed = true;
}

static void open_clear(struct open_node *open)
{
    g_array_free(open->entries, TRUE);
    if (open->by_key != NULL) {
        g_hash_table_destroy(open->by_key);
    }
}

static struct open_node *innermost(struct builder *b)
{
    return b->n_open > 0 ? &b->open[b->n_open - 1] : NULL;
}

/* Returns: false when the limit is reached. */
static bool new_node(struct builder *b, enum hr_node_kind kind, yaml_mark_t mark, hr_node **out)
{
    if (b->n_nodes == NODES_MAX) {
        fail_at(b, mark, "too large", "more than %d values in one file", NODES_MAX);
        return false;
    }
    b->n_nodes++;
    hr_node *node = hr_arena_take(b->tree->arena, sizeof *node);
    node->kind = kind;
    node->line = (uint32_t)mark.line + 1;
    node->column = (uint32_t)mark.column + 1;
    node->text = "";
    *out = node;
    return true;
}

static void check_anchor_and_tag(struct builder *b, yaml_mark_t mark, const yaml_char_t *anchor,
                                 const yaml_char_t *tag)
{
    if (anchor != NULL) {
        fail_at(b, mark, "anchor", "anchors ('&%s') are not used here; write the value out",
                (const char *)anchor);
    }
    if (tag != NULL) {
        fail_at(b, mark, "tag", "tags ('%s') are not used here; write the plain value",
                (const char *)tag);
    }
}

/* Hangs a value into the innermost open list or map, or makes it the root. */
static void attach(struct builder *b, hr_node *node)
{
    struct open_node *parent = innermost(b);
    if (parent == NULL) {
        b->tree->root = node;
        return;
    }
    struct hr_entry entry = {.value = node};
    if (parent->by_key != NULL) {
        entry = parent->next;
        entry.value = node;
        parent->next = (struct hr_entry){.key = NULL};
    }
    g_array_append_val(parent->entries, entry);
}

static bool take_key(struct builder *b, struct open_node *map, const char *key,
                     yaml_mark_t mark)
{
    if (map->entries->len == KEYS_MAX) {
        fail_at(b, mark, "too large", "more than %d keys in one map", KEYS_MAX);
        return false;
    }
    map->next = (struct hr_entry){
        .key = key, .line = (uint32_t)mark.line + 1, .column = (uint32_t)mark.column + 1};
    size_t seen = GPOINTER_TO_SIZE(g_hash_table_lookup(map->by_key, key));
    if (seen == 0) {
        g_hash_table_insert(map->by_key, g_strdup(key),
                            GSIZE_TO_POINTER(map->entries->len + 1));
        return true;
    }
    struct hr_entry *first = &g_array_index(map->entries, struct hr_entry, seen - 1);
    if (!first->is_repeated) {
        first->is_repeated = true;
        fail_at(b, mark, "duplicate key", "key '%s' given twice (first at line %u)", key,
                (unsigned)first->line);
    }
    return true;
}

static bool is_awaiting_key(const struct open_node *open)
{
    return open != NULL && open->by_key != NULL && open->next.key == NULL;
}

static bool on_scalar(struct builder *b, const yaml_event_t *event)
{
    yaml_mark_t mark = event->start_mark;
    check_anchor_and_tag(b, mark, event->data.scalar.anchor, event->data.scalar.tag);
    const char *text = (const char *)event->data.scalar.value;
    if (strlen(text) != event->data.scalar.length) {
        fail_at(b, mark, "NUL in text", "a text may not contain a NUL character");
        return false;
    }
    text = g_string_chunk_insert(b->tree->texts, text);
    struct open_node *parent = innermost(b);
    if (is_awaiting_key(parent)) {
        return take_key(b, parent, text, mark);
    }
    hr_node *node = NULL;
    if (!new_node(b, HR_NODE_SCALAR, mark, &node)) {
        return false;
    }
    node->text = text;
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    attach(b, node);
    return true;
}

static bool on_open(struct builder *b, enum hr_node_kind kind, const yaml_event_t *event)
{
    yaml_mark_t mark = event->start_mark;
    if (kind == HR_NODE_MAP) {
        check_anchor_and_tag(b, mark, event->data.mapping_start.anchor,
                             event->data.mapping_start.tag);
    } else {
        check_anchor_and_tag(b, mark, event->data.sequence_start.anchor,
                             event->data.sequence_start.tag);
    }
    if (is_awaiting_key(innermost(b))) {
        fail_at(b, mark, "key is no text", "a key must be a text, not a list or map");
        return false;
    }
    if (b->n_open == DEPTH_MAX) {
        fail_at(b, mark, "nested too deeply", "nested more than %d deep", DEPTH_MAX);
        return false;
    }
    hr_node *node = NULL;
    if (!new_node(b, kind, mark, &node)) {
        return false;
    }
    attach(b, node);
    b->open[b->n_open++] = (struct open_node){
        .node = node,
        .entries = g_array_new(FALSE, FALSE, sizeof(struct hr_entry)),
        .by_key = kind == HR_NODE_MAP
                      ? g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)
                      : NULL};
    return true;
}

static void on_close(struct builder *b)
{
    struct open_node *open = innermost(b);
    size_t n = open->entries->len;
    if (n > 0) {
        open->node->entries = hr_arena_array(b->tree->arena, struct hr_entry, n);
        memcpy(open->node->entries, open->entries->data, n * sizeof(struct hr_entry));
        open->node->n_entries = n;
    }
    open_clear(open);
    b->n_open--;
}

/* Returns: false when parsing must stop. */
static bool on_event(struct builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->has_document) {
            fail_at(b, event->start_mark, "second document",
                    "a second document begins here; one file holds one");
            return false;
        }
        b->has_document = true;
        return true;
    case YAML_ALIAS_EVENT:
        fail_at(b, event->start_mark, "alias",
                "aliases ('*%s') are not used here; write the value out",
                (const char *)event->data.alias.anchor);
        return false;
    case YAML_SCALAR_EVENT:
        return on_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(b, HR_NODE_LIST, event);
    case YAML_MAPPING_START_EVENT:
        return on_open(b, HR_NODE_MAP, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        on_close(b);
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

/* Where an offset of the input lies; errors of the encoding carry no mark. */
static yaml_mark_t mark_of_offset(const char *bytes, size_t n_bytes, size_t offset)
{
    yaml_mark_t mark = {.index = offset};
    for (size_t i = 0; i < MIN(offset, n_bytes); i++) {
        if (bytes[i] == '\n') {
            mark.line++;
            mark.column = 0;
        } else if (((unsigned char)bytes[i] & 0xC0U) != 0x80U) {
            mark.column++;
        }
    }
    return mark;
}

static void report_parser(struct builder *b, const yaml_parser_t *parser, const char *bytes,
                          size_t n_bytes)
{
    const char *problem = parser->problem != NULL ? parser->problem : "cannot be read";
    if (parser->error == YAML_MEMORY_ERROR) {
        g_error("out of memory while reading %s", b->tree->name);
    }
    if (parser->error == YAML_READER_ERROR) {
        fail_at(b, mark_of_offset(bytes, n_bytes, parser->problem_offset), "encoding",
                "not valid text: %s", problem);
    } else if (parser->context != NULL) {
        fail_at(b, parser->problem_mark, "syntax", "not valid YAML: %s (%s, line %u)", problem,
                parser->context, (unsigned)parser->context_mark.line + 1);
    } else {
        fail_at(b, parser->problem_mark, "syntax", "not valid YAML: %s", problem);
    }
}

static void run_parser(struct builder *b, const char *bytes, size_t n_bytes)
{
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) {
        g_error("out of memory while reading %s", b->tree->name);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, n_bytes);
    bool go_on = true;
    while (go_on) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) == 0) {
            report_parser(b, &parser, bytes, n_bytes);
            break;
        }
        go_on = on_event(b, &event) && event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    while (b->n_open > 0) {
        open_clear(&b->open[--b->n_open]);
    }
}

static bool is_nothing(const hr_node *node)
{
    return node->kind == HR_NODE_SCALAR && node->is_plain &&
           (*node->text == '\0' || strcmp(node->text, "~") == 0 ||
            strcmp(node->text, "null") == 0);
}

hr_tree *hr_tree_parse(const char *bytes, size_t n_bytes, const char *name, hr_diag *diag)
{
    hr_tree *tree = g_new0(hr_tree, 1);
    tree->name = g_strdup(name);
    tree->digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, n_bytes);
    tree->arena = hr_arena_new((size_t)16 * 1024);
    tree->texts = g_string_chunk_new(4096);
    struct builder b = {.tree = tree, .diag = diag};
    run_parser(&b, bytes, n_bytes);
    if (!b.failed && (tree->root == NULL || is_nothing(tree->root))) {
        hr_diag_add(diag, HR_FATAL, name, 0, 0, "empty file", "the file is empty");
        b.failed = true;
    }
    if (b.failed) {
        hr_tree_free(tree);
        return NULL;
    }
    return tree;
}

/* Reads in blocks, so that a pipe or a device cannot take more memory than the limit. */
static bool read_bounded(const char *path, GString *out, GError **error)
{
    FILE *in = g_fopen(path, "rbe");
    if (in == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: %s", path, g_strerror(errno));
        return false;
    }
    char block[READ_BLOCK_BYTES];
    size_t n = 0;
    while ((n = fread(block, 1, sizeof block, in)) > 0 && out->len <= FILE_BYTES_MAX) {
        g_string_append_len(out, block, (gssize)n);
    }
    int failure = ferror(in) != 0 ? errno : 0;
    (void)fclose(in); /* only read: nothing can be lost */
    if (failure != 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: %s", path, g_strerror(failure));
        return false;
    }
    if (out->len > FILE_BYTES_MAX) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: larger than %d MiB", path,
                    FILE_BYTES_MAX / (1024 * 1024));
        return false;
    }
    return true;
}

hr_tree *hr_tree_load(const char *path, hr_diag *diag, GError **error)
{
    GString *bytes = g_string_new(NULL);
    hr_tree *tree = NULL;
    if (read_bounded(path, bytes, error)) {
        tree = hr_tree_parse(bytes->str, bytes->len, path, diag);
    }
    g_string_free(bytes, TRUE);
    return tree;
}

void hr_tree_free(hr_tree *tree)
{
    if (tree != NULL) {
        g_string_chunk_free(tree->texts);
        hr_arena_free(tree->arena);
        g_free(tree->name);
        g_free(tree->digest);
        g_free(tree);
    }
}

const char *hr_tree_name(const hr_tree *tree)
{
    return tree->name;
}

const char *hr_tree_digest(const hr_tree *tree)
{
    return tree->digest;
}

const hr_node *hr_tree_root(const hr_tree *tree)
{
    return tree->root;
}

enum hr_node_kind hr_node_kind(const hr_node *node)
{
    return node->kind;
}

uint32_t hr_node_line(const hr_node *node)
{
    return node->line;
}

uint32_t hr_node_column(const hr_node *node)
{
    return node->column;
}

size_t hr_node_length(const hr_node *node)
{
    return node->n_entries;
}

const hr_node *hr_node_at(const hr_node *node, size_t index)
{
    hr_assert(index < node->n_entries);
    return node->entries[index].value;
}

const char *hr_node_key_at(const hr_node *node, size_t index)
{
    hr_assert(node->kind == HR_NODE_MAP && index < node->n_entries);
    return node->entries[index].key;
}

const hr_node *hr_node_get(const hr_node *node, const char *key)
{
    if (node == NULL || node->kind != HR_NODE_MAP) {
        return NULL;
    }
    for (size_t i = 0; i < node->n_entries; i++) {
        if (strcmp(node->entries[i].key, key) == 0) {
            return node->entries[i].value;
        }
    }
    return NULL;
}

const char *hr_node_text(const hr_node *node)
{
    return node->text;
}

static const char *file_of(const hr_tree *tree, const hr_node *node)
{
    return node->file != NULL ? node->file : tree->name;
}

void hr_node_fail(const hr_tree *tree, const hr_node *node, hr_diag *diag, const char *reason,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(diag, HR_FATAL, file_of(tree, node), node->line, node->column, reason, "%s",
                text);
}

void hr_node_check_keys(const hr_tree *tree, const hr_node *map, const char *const *keys,
                        hr_diag *diag)
{
    if (map == NULL) {
        return;
    }
    if (map->kind != HR_NODE_MAP) {
        hr_node_fail(tree, map, diag, "wrong type", "expected keys and values (key: value)");
        return;
    }
    for (size_t i = 0; i < map->n_entries; i++) {
        const struct hr_entry *entry = &map->entries[i];
        if (g_strv_contains(keys, entry->key)) {
            continue;
        }
        const char *nearest = hr_nearest_name(entry->key, keys);
        g_autofree char *hint =
            nearest != NULL ? g_strdup_printf("; did you mean '%s'?", nearest) : g_strdup("");
        hr_diag_add(diag, HR_FATAL, file_of(tree, entry->value), entry->line, entry->column,
                    "unknown key", "unknown key '%s'%s", entry->key, hint);
    }
}

/* A value that must be one text: neither a list, nor a map, nor nothing. */
static bool check_scalar(const hr_tree *tree, const hr_node *node, const char *name,
                         hr_diag *diag)
{
    if (node->kind != HR_NODE_SCALAR) {
        hr_node_fail(tree, node, diag, "wrong type", "'%s' must be a single value, not a %s",
                     name, node->kind == HR_NODE_LIST ? "list" : "map");
        return false;
    }
    if (is_nothing(node)) {
        hr_node_fail(tree, node, diag, "no value", "'%s' has no value", name);
        return false;
    }
    return true;
}

/* "010" is eight to some readers of YAML and ten to others: refused. */
static bool has_leading_zero(const char *text)
{
    const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
    return digits[0] == '0' && g_ascii_isdigit(digits[1]);
}

static void fail_range(const hr_tree *tree, const hr_node *node, const char *name,
                       const char *least, const char *most, hr_diag *diag)
{
    hr_node_fail(tree, node, diag, "out of range", "'%s': %s is outside %s to %s", name,
                 node->text, least, most);
}

bool hr_node_read_double(const hr_tree *tree, const hr_node *node, const char *name,
                         double least, double most, double *out, hr_diag *diag)
{
    if (!check_scalar(tree, node, name, diag)) {
        return false;
    }
    double value = 0.0;
    if (has_leading_zero(node->text) || !hr_parse_double(node->text, &value)) {
        hr_node_fail(tree, node, diag, "not a number", "'%s': '%s' is not a number", name,
                     node->text);
        return false;
    }
    if (value < least || value > most) {
        char least_text[G_ASCII_DTOSTR_BUF_SIZE];
        char most_text[G_ASCII_DTOSTR_BUF_SIZE];
        fail_range(tree, node, name,
                   g_ascii_formatd(least_text, sizeof least_text, "%.10g", least),
                   g_ascii_formatd(most_text, sizeof most_text, "%.10g", most), diag);
        return false;
    }
    *out = value;
    return true;
}

bool hr_node_double(const hr_tree *tree, const hr_node *map, const char *key, double least,
                    double most, double *out, hr_diag *diag)
{
    const hr_node *node = hr_node_get(map, key);
    return node == NULL || hr_node_read_double(tree, node, key, least, most, out, diag);
}

bool hr_node_int(const hr_tree *tree, const hr_node *map, const char *key, int64_t least,
                 int64_t most, int64_t *out, hr_diag *diag)
{
    const hr_node *node = hr_node_get(map, key);
    if (node == NULL) {
        return true;
    }
    if (!check_scalar(tree, node, key, diag)) {
        return false;
    }
    int64_t value = 0;
    if (!hr_parse_int(node->text, INT64_MIN, INT64_MAX, &value)) {
        hr_node_fail(tree, node, diag, "not a number", "'%s': '%s' is not a whole number", key,
                     node->text);
        return false;
    }
    if (value < least || value > most) {
        g_autofree char *least_text = g_strdup_printf("%" G_GINT64_FORMAT, least);
        g_autofree char *most_text = g_strdup_printf("%" G_GINT64_FORMAT, most);
        fail_range(tree, node, key, least_text, most_text, diag);
        return false;
    }
    *out = value;
    return true;
}

bool hr_node_bool(const hr_tree *tree, const hr_node *map, const char *key, bool *out,
                  hr_diag *diag)
{
    const hr_node *node = hr_node_get(map, key);
    if (node == NULL) {
        return true;
    }
    if (!check_scalar(tree, node, key, diag)) {
        return false;
    }
    if (strcmp(node->text, "true") == 0 || strcmp(node->text, "yes") == 0) {
        *out = true;
    } else if (strcmp(node->text, "false") == 0 || strcmp(node->text, "no") == 0) {
        *out = false;
    } else {
        hr_node_fail(tree, node, diag, "not a truth value",
                     "'%s': '%s' is neither true nor false", key, node->text);
        return false;
    }
    return true;
}

bool hr_node_string(const hr_tree *tree, const hr_node *map, const char *key, char **out,
                    hr_diag *diag)
{
    const hr_node *node = hr_node_get(map, key);
    if (node == NULL) {
        return true;
    }
    if (!check_scalar(tree, node, key, diag)) {
        return false;
    }
    g_free(*out);
    *out = g_strdup(node->text);
    return true;
}

bool hr_node_require(const hr_tree *tree, const hr_node *map, const char *key, hr_diag *diag)
{
    if (hr_node_get(map, key) != NULL) {
        return true;
    }
    hr_diag_add(diag, HR_FATAL, map != NULL ? file_of(tree, map) : tree->name,
                map != NULL ? map->line : 0, map != NULL ? map->column : 0, "missing key",
                "missing key '%s'", key);
    return false;
}

bool hr_node_enum(const hr_tree *tree, const hr_node *map, const char *key,
                  const char *const *names, int *out, hr_diag *diag)
{
    const hr_node *node = hr_node_get(map, key);
    if (node == NULL) {
        return true;
    }
    if (!check_scalar(tree, node, key, diag)) {
        return false;
    }
    GString *known = g_string_new(NULL);
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], node->text) == 0) {
            g_string_free(known, TRUE);
            *out = i;
            return true;
        }
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    hr_node_fail(tree, node, diag, "unknown value", "'%s': '%s' is not one of %s", key,
                 node->text, known->str);
    g_string_free(known, TRUE);
    return false;
}
