/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/keep.h"

void hr_keep_given_clear(struct hr_keep_given *given)
{
    g_free(given->processor);
    g_free(given->memory_id);
    g_free(given->platform);
    g_free(given->like);
    *given = (struct hr_keep_given){0};
}

void hr_keep_given_read(struct hr_keep_given *given, const hr_tree *tree, const hr_node *root,
                        hr_diag *diag)
{
    static const char *const keys[] = {
        "hosts", "sockets",   "cores_per_socket", "mhz",      "memory_gib", "dimm_gib", "dimms",
        "slots", "processor", "memory_id",        "platform", "like",       NULL};
    const hr_node *map = hr_node_get(root, "keep");
    if (map == NULL) {
        return;
    }
    if (hr_node_kind(map) != HR_NODE_MAP) {
        hr_node_fail(tree, map, diag, "not a map",
                     "'keep' is a map: {hosts: 3, sockets: 2, cores_per_socket: 8, mhz: 2400, "
                     "memory_gib: 128, processor: haswell}");
        return;
    }
    hr_node_check_keys(tree, map, keys, diag);
    given->is_given = true;
    (void)hr_node_int(tree, map, "hosts", 1, 96, &given->hosts, diag);
    (void)hr_node_int(tree, map, "sockets", 1, 64, &given->sockets, diag);
    (void)hr_node_int(tree, map, "cores_per_socket", 1, 1024, &given->cores_per_socket, diag);
    (void)hr_node_double(tree, map, "mhz", 100.0, 10000.0, &given->mhz, diag);
    (void)hr_node_double(tree, map, "memory_gib", 1.0, 1e6, &given->memory_gib, diag);
    (void)hr_node_int(tree, map, "dimm_gib", 1, 1024, &given->dimm_gib, diag);
    (void)hr_node_int(tree, map, "dimms", 1, 1024, &given->dimms, diag);
    (void)hr_node_int(tree, map, "slots", 1, 1024, &given->slots, diag);
    (void)hr_node_string(tree, map, "processor", &given->processor, diag);
    (void)hr_node_string(tree, map, "memory_id", &given->memory_id, diag);
    (void)hr_node_string(tree, map, "platform", &given->platform, diag);
    (void)hr_node_string(tree, map, "like", &given->like, diag);
}
