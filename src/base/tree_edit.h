/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/tree_edit.h - a tree with some values put in, as many times as one likes.
 *
 * Paths: keys joined by dots; [name] after a key picks the element of a list whose "name" it
 * is, or by number from 1: "cluster.hosts", "guests[web].count". What is missing on the way is
 * made. A scalar on the way becomes a map that holds it under its own key, as a scenario's
 * platform may be written both ways: of "platform: a", "platform.settings.x" makes "platform:
 * {platform: a, settings: {x: ...}}". Owner: the new tree shares what is not on a path with the
 * old one, which must outlive it. Cost: the maps and lists on the paths; the rest is not
 * copied.
 */
#ifndef HR_BASE_TREE_EDIT_H
#define HR_BASE_TREE_EDIT_H

#include <stddef.h>

#include <glib.h>

#include "base/tree.h"

struct hr_tree_edit {
    const char *path;
    const hr_node *value; /* put there as it is; NULL: text */
    const char *text;     /* of a scalar */
    bool as_list;         /* it stands as the one element of a list */
    const hr_tree *from;  /* findings about the value name this file ... */
    const hr_node *at;    /* ... and this place in it; mandatory */
};

/* A tree whose root is the node with the edits made, in their order. The name and the digest
 * are those of tree. Returns: the caller's (hr_tree_free). Fails: HR_ERROR_INPUT for a path
 * that leads nowhere, without a place; *n_bad (may be NULL) is the number of that edit. */
hr_tree *hr_tree_with(const hr_tree *tree, const hr_node *node,
                      const struct hr_tree_edit *edits, size_t n_edits, size_t *n_bad,
                      GError **error);

/* The node at a path, or NULL. Borrowed. */
const hr_node *hr_node_at_path(const hr_node *node, const char *path);

#endif
