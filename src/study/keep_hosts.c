/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The present hosts, from an inventory and a scenario, and what must be assumed of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "study/keep.h"

/* The reading of the hosts. */
struct reading {
    const struct hr_inventory *inventory;
    const struct hr_keep_given *given;
    const hr_catalog *catalog;
    const hr_pricebook *book;
    hr_diag *diag;
    struct hr_inventory_host least; /* of each number, over all hosts of the inventory */
    const char *model;
};

static void note(const struct reading *r, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void note(const struct reading *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(r->diag, HR_NOTE, NULL, 0, 0, "present hosts", "%s", text);
}

/* Hosts that differ are taken as the least of them, so that no more is promised than all hold.
 */
static void read_hosts(struct reading *r)
{
    bool differ = false;
    for (size_t h = 0; h < r->inventory->n_hosts; h++) {
        const struct hr_inventory_host *host = &r->inventory->hosts[h];
        if (h == 0) {
            r->least = *host;
            r->model = host->cpu_model;
            continue;
        }
        differ = differ || host->cores != r->least.cores || host->sockets != r->least.sockets ||
                 fabs(host->memory_mib - r->least.memory_mib) > 1024.0 ||
                 strcmp(host->cpu_model, r->model) != 0;
        r->least.sockets = MIN(r->least.sockets, host->sockets);
        r->least.cores = MIN(r->least.cores, host->cores);
        r->least.mhz = fmin(r->least.mhz, host->mhz);
        r->least.memory_mib = fmin(r->least.memory_mib, host->memory_mib);
    }
    if (differ) {
        note(r,
             "the %zu hosts of the inventory differ; each is taken to have the least of all: "
             "%d sockets, %d cores, %.0f MHz, %.0f GiB",
             r->inventory->n_hosts, r->least.sockets, r->least.cores, r->least.mhz,
             hr_mib_to_gib(r->least.memory_mib));
    }
}

/* Fills what the inventory and the map say. Fails: HR_ERROR_USAGE naming what nobody says. */
static bool read_shape(const struct reading *r, struct hr_keep *keep, GError **error)
{
    const struct hr_keep_given *g = r->given;
    struct hr_server *s = &keep->server;
    keep->n_hosts = g->hosts > 0 ? (int)g->hosts : (int)r->inventory->n_hosts;
    s->sockets = g->sockets > 0 ? (int)g->sockets : r->least.sockets;
    s->cores_per_socket = g->cores_per_socket > 0 ? (int)g->cores_per_socket
                          : s->sockets > 0        ? r->least.cores / s->sockets
                                                  : 0;
    s->mhz = g->mhz > 0.0 ? g->mhz : r->least.mhz;
    keep->memory_mib = g->memory_gib > 0.0 ? g->memory_gib * 1024.0 : r->least.memory_mib;
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    const struct {
        bool is_missing;
        const char *name;
    } all[] = {{keep->n_hosts < 1, "hosts"},
               {s->sockets < 1, "sockets"},
               {s->cores_per_socket < 1, "cores_per_socket"},
               {!(s->mhz > 0.0), "mhz"},
               {!(keep->memory_mib > 0.0), "memory_gib"}};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (all[i].is_missing) {
            g_ptr_array_add(missing, (gpointer)(guintptr)all[i].name);
        }
    }
    if (missing->len == 0) {
        return true;
    }
    g_ptr_array_add(missing, NULL);
    g_autofree char *names = g_strjoinv(", ", (char **)missing->pdata);
    g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                "--keep: neither the inventory (vHost of RVTools) nor a map 'keep' of the "
                "scenario says of the present hosts: %s",
                names);
    return false;
}

static bool find_generation(const struct reading *r, struct hr_keep *keep, GError **error)
{
    const char *text = r->given->processor != NULL ? r->given->processor
                       : r->model != NULL          ? r->model
                                                   : "";
    keep->generation = hr_processors_get(keep->processors, text);
    if (keep->generation == NULL) {
        keep->generation = hr_processors_of_model(keep->processors, text);
    }
    if (keep->generation != NULL) {
        return true;
    }
    g_autofree char *ids = hr_processors_ids(keep->processors);
    g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                "--keep: the processors \"%s\" of the present hosts are of no generation that "
                "is known; 'processor' in the map 'keep' of a scenario names one: %s",
                text, ids);
    return false;
}

/* The server sold now that is nearest in processors and cores; one of the same vendor's
 * processors is not looked for, for its price and watts are what counts. */
static const struct hr_server *nearest_server(const hr_catalog *catalog,
                                              const struct hr_server *present)
{
    const struct hr_server *best = NULL;
    int least = 0;
    for (size_t i = 0; i < hr_catalog_n_servers(catalog); i++) {
        const struct hr_server *server = hr_catalog_server_at(catalog, i);
        int apart = 1000 * abs(server->sockets - present->sockets) +
                    abs(server->cores_per_socket - present->cores_per_socket);
        if (best == NULL || apart < least) {
            best = server;
            least = apart;
        }
    }
    return best;
}

static bool set_server(const struct reading *r, struct hr_keep *keep, GError **error)
{
    const char *like_id = r->given->like;
    const struct hr_server *like = like_id != NULL ? hr_catalog_server(r->catalog, like_id)
                                                   : nearest_server(r->catalog, &keep->server);
    if (like == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "keep: like: \"%s\" is no server of the catalogue",
                    like_id != NULL ? like_id : "");
        return false;
    }
    struct hr_server *s = &keep->server;
    const struct hr_processor *p = keep->generation;
    keep->name = g_strdup_printf("present host, %d x %d cores %s", s->sockets,
                                 s->cores_per_socket, p->id);
    *s = (struct hr_server){.id = (char *)(guintptr) "present",
                            .name = keep->name,
                            .vendor = like->vendor,
                            .sockets = s->sockets,
                            .cores_per_socket = s->cores_per_socket,
                            .mhz = s->mhz,
                            .perf_factor = p->perf_factor,
                            .threads_per_core = p->threads_per_core,
                            .channels_per_socket = p->channels_per_socket,
                            .slots_per_socket = p->slots_per_socket,
                            .memory_id = r->given->memory_id != NULL ? r->given->memory_id
                                                                     : p->memory_id,
                            .dimm_watt_id = p->dimm_watt_id,
                            .price_id = like->price_id,
                            .watt_idle_id = like->watt_idle_id,
                            .watt_max_id = like->watt_max_id,
                            .watt_rated_dimms = like->watt_rated_dimms,
                            .rack_units = like->rack_units,
                            .support_included_years = like->support_included_years};
    note(r,
         "of %s (%s): %g of the reference core per MHz, %d threads a core, modules %s; "
         "price of a further host, upkeep and watts as %s (assumed)",
         keep->name, p->name, p->perf_factor, p->threads_per_core, s->memory_id, like->name);
    return true;
}

/* The largest module of the book of which so many fill the memory: first one for each channel
 * at the least, then half as many. */
static int module_size(const struct reading *r, const struct hr_keep *keep)
{
    static const int sizes[] = {256, 128, 64, 32, 16, 8, 4, 2};
    const struct hr_server *s = &keep->server;
    int gib = (int)ceil(hr_mib_to_gib(keep->memory_mib) - 0.01);
    int n_channels = s->sockets * s->channels_per_socket;
    for (int share = 1; share <= 2; share++) {
        for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
            g_autofree char *id = g_strdup_printf("%s-%dgb", s->memory_id, sizes[i]);
            int n = gib / sizes[i];
            if (gib % sizes[i] == 0 && n >= n_channels / share && n <= keep->n_slots &&
                hr_pricebook_get(r->book, id) != NULL) {
                return sizes[i];
            }
        }
    }
    return 0;
}

static bool set_memory(const struct reading *r, struct hr_keep *keep, GError **error)
{
    const struct hr_keep_given *g = r->given;
    const struct hr_server *s = &keep->server;
    int gib = (int)ceil(hr_mib_to_gib(keep->memory_mib) - 0.01);
    keep->n_slots = g->slots > 0 ? (int)g->slots : s->sockets * s->slots_per_socket;
    int size = g->dimm_gib > 0 ? (int)g->dimm_gib : module_size(r, keep);
    if (size == 0) {
        size = MAX(1, gib / (s->sockets * s->channels_per_socket));
    }
    keep->memory = (struct hr_dimm_option){
        .dimm_gib = size, .n_dimms = g->dimms > 0 ? (int)g->dimms : MAX(1, gib / size)};
    if (keep->memory.n_dimms > keep->n_slots) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--keep: %d modules of %d GiB do not fit into the %d slots of a present "
                    "host; 'dimm_gib', 'dimms' and 'slots' in the map 'keep' of a scenario say "
                    "what is there",
                    keep->memory.n_dimms, size, keep->n_slots);
        return false;
    }
    if (g->dimm_gib == 0 || g->dimms == 0 || g->slots == 0) {
        note(r,
             "in a present host %d of %d slots are taken to hold modules of %d GiB (assumed)",
             keep->memory.n_dimms, keep->n_slots, size);
    }
    return true;
}

static void set_storage(const struct reading *r, struct hr_keep *keep)
{
    keep->storage = hr_catalog_storage(r->catalog, keep->generation->storage);
    if (keep->storage == NULL) {
        keep->storage = hr_catalog_storage_usual(r->catalog);
    }
    note(r,
         "the present storage stays, large enough for the guests; it performs as %s, and its "
         "upkeep and watts are those of %s (assumed)",
         keep->storage->name, hr_catalog_storage_usual(r->catalog)->name);
}

static bool set_platform(const struct reading *r, struct hr_keep *keep, GError **error)
{
    const char *given = r->given->platform;
    if (given != NULL && hr_catalog_platform(r->catalog, given) == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "keep: platform: \"%s\" is no platform of the catalogue", given);
        return false;
    }
    keep->platform = g_strdup(given != NULL                                   ? given
                              : strcmp(r->inventory->dialect, "rvtools") == 0 ? "rvtools"
                                                                              : "");
    return true;
}

struct hr_keep *hr_keep_new(const struct hr_inventory *inventory,
                            const struct hr_keep_given *given, const hr_catalog *catalog,
                            const hr_pricebook *book, hr_diag *diag, GError **error)
{
    struct reading r = {
        .inventory = inventory, .given = given, .catalog = catalog, .book = book, .diag = diag};
    struct hr_keep *keep = g_new0(struct hr_keep, 1);
    keep->book = hr_pricebook_name(book);
    keep->processors = hr_processors_load(hr_catalog_dir(catalog), diag, error);
    read_hosts(&r);
    if (keep->processors != NULL && read_shape(&r, keep, error) &&
        find_generation(&r, keep, error) && set_server(&r, keep, error) &&
        set_memory(&r, keep, error) && set_platform(&r, keep, error)) {
        set_storage(&r, keep);
        return keep;
    }
    hr_keep_free(keep);
    return NULL;
}

void hr_keep_free(struct hr_keep *keep)
{
    if (keep != NULL) {
        hr_processors_free(keep->processors);
        g_free(keep->name);
        g_free(keep->platform);
        g_free(keep);
    }
}
