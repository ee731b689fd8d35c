/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/tree_nodes.h - what a tree is made of. Internal to base. */
#ifndef HR_BASE_TREE_NODES_H
#define HR_BASE_TREE_NODES_H

#include "base/arena.h"
#include "base/tree.h"

struct hr_entry {
    const char *key; /* NULL in a list */
    uint32_t line;   /* of the key */
    uint32_t column;
    bool is_repeated;
    hr_node *value;
};

struct hr_node {
    enum hr_node_kind kind;
    const char *file; /* that it comes from; NULL: the tree's */
    uint32_t line;
    uint32_t column;
    bool is_plain; /* a scalar without quotes */
    const char *text;
    struct hr_entry *entries;
    size_t n_entries;
};

struct hr_tree {
    char *name;
    char *digest;
    hr_arena *arena;     /* nodes and entries */
    GStringChunk *texts; /* scalars and keys */
    hr_node *root;
};

#endif
