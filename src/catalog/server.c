/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/entries.h"
#include "catalog/schema.h"

static const struct hr_field DIMM_FIELDS[] = {
    HR_FIELD_COUNT(struct hr_dimm_option, dimm_gib, HR_REQUIRED, 1, 1024),
    HR_FIELD_COUNT(struct hr_dimm_option, n_dimms, HR_REQUIRED, 1, 1024),
    {.key = NULL},
};

#define SERVER struct hr_server
static const struct hr_field FIELDS[] = {
    HR_FIELD_OF(SERVER, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(SERVER, vendor, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_COUNT(SERVER, sockets, HR_REQUIRED, 1, 64),
    HR_FIELD_COUNT(SERVER, cores_per_socket, HR_REQUIRED, 1, 1024),
    HR_FIELD_NUMBER(SERVER, mhz, HR_REQUIRED, 100, 10000),
    HR_FIELD_NUMBER(SERVER, perf_factor, HR_REQUIRED, 0.01, 100),
    HR_FIELD_COUNT(SERVER, threads_per_core, HR_REQUIRED, 1, 8),
    HR_FIELD_COUNT(SERVER, channels_per_socket, HR_REQUIRED, 1, 64),
    HR_FIELD_COUNT(SERVER, slots_per_socket, HR_REQUIRED, 1, 256),
    {.key = "memory", .kind = HR_FIELD_CUSTOM, .is_required = true, .fields = DIMM_FIELDS},
    HR_FIELD_OF(SERVER, books, HR_FIELD_TEXTS, HR_OPTIONAL),
    HR_FIELD_OF(SERVER, by_name, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_OF(SERVER, memory_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_OF(SERVER, dimm_watt_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_OF(SERVER, price_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(SERVER, watt_idle_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(SERVER, watt_max_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_NUMBER(SERVER, watt_rated_dimms, HR_REQUIRED, 0, 1024),
    HR_FIELD_COUNT(SERVER, rack_units, HR_REQUIRED, 1, 50),
    HR_FIELD_NUMBER(SERVER, support_included_years, HR_REQUIRED, 0, 20),
    {.key = NULL},
};

/* Balanced populations only: every channel of every socket the same, every second channel, or
 * the part that the processors still interleave evenly: eight of twelve channels (EPYC 9004),
 * six of eight (Xeon from the fourth generation on). */
static bool is_whole_population(const struct hr_server *server, int n_dimms)
{
    if (n_dimms % server->sockets != 0) {
        return false;
    }
    int per_socket = n_dimms / server->sockets;
    int channels = server->channels_per_socket;
    bool is_half = channels % 2 == 0 && per_socket * 2 == channels;
    bool is_interleaved =
        (channels == 12 && per_socket == 8) || (channels == 8 && per_socket == 6);
    return is_half || is_interleaved || per_socket % server->channels_per_socket == 0;
}

static void check_option(const struct hr_entry_file *file, const struct hr_server *server,
                         const hr_node *map, size_t index)
{
    const struct hr_dimm_option *option = &server->memory[index];
    if (server->sockets == 0 || server->channels_per_socket == 0 || option->n_dimms == 0) {
        return; /* a finding was added */
    }
    if (option->n_dimms > server->slots_per_socket * server->sockets) {
        hr_node_fail(file->tree, map, file->diag, "too many DIMMs",
                     "%d DIMMs do not fit into %d slots", option->n_dimms,
                     server->slots_per_socket * server->sockets);
    } else if (!is_whole_population(server, option->n_dimms)) {
        hr_node_fail(file->tree, map, file->diag, "uneven DIMMs",
                     "%d DIMMs fill %d channels unevenly: use all channels, every second, 8 of "
                     "12 or 6 of "
                     "8",
                     option->n_dimms, server->channels_per_socket * server->sockets);
    }
    if (index > 0 && hr_dimm_option_mib(option) <= hr_dimm_option_mib(option - 1)) {
        hr_node_fail(file->tree, map, file->diag, "order of memory",
                     "the options of 'memory' must grow in total size");
    }
}

static void read_memory(const struct hr_entry_file *file, struct hr_server *server)
{
    const hr_node *root = hr_tree_root(file->tree);
    const hr_node *list = hr_entry_list(file, root, "memory");
    size_t n = list != NULL ? hr_node_length(list) : 0;
    server->memory = g_new0(struct hr_dimm_option, n + 1);
    server->n_memory = n;
    for (size_t i = 0; i < n; i++) {
        hr_fields_read(file, hr_node_at(list, i), DIMM_FIELDS, &server->memory[i]);
        check_option(file, server, hr_node_at(list, i), i);
    }
    if (list != NULL && n == 0) {
        hr_node_fail(file->tree, list, file->diag, "no memory", "'memory' is empty");
    }
}

struct hr_server *hr_server_read(const hr_tree *tree, const char *id, hr_diag *diag)
{
    struct hr_entry_file file = {.tree = tree, .diag = diag};
    struct hr_server *server = g_new0(struct hr_server, 1);
    server->id = g_strdup(id);
    hr_entry_read(&file, FIELDS, server, &server->sources);
    if (hr_node_kind(hr_tree_root(tree)) != HR_NODE_MAP) {
        return server;
    }
    read_memory(&file, server);
    if (server->channels_per_socket > 0 &&
        server->slots_per_socket % server->channels_per_socket != 0) {
        hr_entry_fail(&file, hr_tree_root(tree), "slots_per_socket", "uneven slots",
                      "'slots_per_socket' must be a multiple of 'channels_per_socket'");
    }
    return server;
}

void hr_server_free(struct hr_server *server)
{
    if (server != NULL) {
        g_free(server->memory);
        hr_fields_clear(FIELDS, server);
        hr_origins_clear(&server->sources);
        g_free(server->id);
        g_free(server);
    }
}
