/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/tree.h - a YAML file as a tree of nodes that know their line and column.
 *
 * Refuses, as fatal findings: aliases and anchors, tags, a second document, an empty file, a
 * key given twice, a key that is no text, a NUL in a text, nesting beyond 32, more than
 * 2,000,000 nodes, more than 20,000 keys in one map, more than 64 MiB. Scalars are text; the
 * typed getters read them strictly and add a finding where they cannot: "32x" and "010" are no
 * numbers, "maybe" is no truth value (true, false, yes, no are), and a key without a value has
 * none. Owner: the tree owns its nodes and text.
 */
#ifndef HR_BASE_TREE_H
#define HR_BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"

typedef struct hr_tree hr_tree;
typedef struct hr_node hr_node;

enum hr_node_kind { HR_NODE_SCALAR, HR_NODE_LIST, HR_NODE_MAP };

/* Returns: the tree, the caller's; NULL with a fatal finding, or with *error when unreadable.
 */
hr_tree *hr_tree_load(const char *path, hr_diag *diag, GError **error);
hr_tree *hr_tree_parse(const char *bytes, size_t n_bytes, const char *name, hr_diag *diag);
void hr_tree_free(hr_tree *tree);
/* What findings call it: the path or the name given. Borrowed. */
const char *hr_tree_name(const hr_tree *tree);
/* SHA-256 of the bytes as read, in hexadecimal. Borrowed. */
const char *hr_tree_digest(const hr_tree *tree);
const hr_node *hr_tree_root(const hr_tree *tree);

enum hr_node_kind hr_node_kind(const hr_node *node);
uint32_t hr_node_line(const hr_node *node);
uint32_t hr_node_column(const hr_node *node);
/* Number of entries of a list or map; 0 for a scalar. */
size_t hr_node_length(const hr_node *node);
/* Requires: list or map, index < length. Borrowed. */
const hr_node *hr_node_at(const hr_node *node, size_t index);
/* Requires: map, index < length. Borrowed. */
const char *hr_node_key_at(const hr_node *node, size_t index);
/* Returns: the value of the key of a map, or NULL. node may be NULL. */
const hr_node *hr_node_get(const hr_node *node, const char *key);
/* Returns: the text of a scalar, "" for other kinds. Borrowed. */
const char *hr_node_text(const hr_node *node);

/* Adds a fatal finding at the node's line and column. */
void hr_node_fail(const hr_tree *tree, const hr_node *node, hr_diag *diag, const char *reason,
                  const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Reports every key of the map that is not in keys (NULL-terminated), naming the nearest known.
 */
void hr_node_check_keys(const hr_tree *tree, const hr_node *map, const char *const *keys,
                        hr_diag *diag);

/* Reads a scalar, as an element of a list is one; findings call it name. */
bool hr_node_read_double(const hr_tree *tree, const hr_node *node, const char *name,
                         double least, double most, double *out, hr_diag *diag);

/* Typed getters of map[key]. Absent key: the default, true. Wrong type or outside [least,
 * most]: a fatal finding, false and *out untouched. hr_node_require() makes absence fatal too.
 */
bool hr_node_double(const hr_tree *tree, const hr_node *map, const char *key, double least,
                    double most, double *out, hr_diag *diag);
bool hr_node_int(const hr_tree *tree, const hr_node *map, const char *key, int64_t least,
                 int64_t most, int64_t *out, hr_diag *diag);
bool hr_node_bool(const hr_tree *tree, const hr_node *map, const char *key, bool *out,
                  hr_diag *diag);
/* *out is a copy owned by the caller; an old value is freed. */
bool hr_node_string(const hr_tree *tree, const hr_node *map, const char *key, char **out,
                    hr_diag *diag);
bool hr_node_require(const hr_tree *tree, const hr_node *map, const char *key, hr_diag *diag);
/* Index of the text among names (NULL-terminated). */
bool hr_node_enum(const hr_tree *tree, const hr_node *map, const char *key,
                  const char *const *names, int *out, hr_diag *diag);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_tree, hr_tree_free)

#endif
