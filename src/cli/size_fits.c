/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/size_fits.h"

#include <string.h>

#include "base/error.h"

const struct hr_storage *hr_size_choose_storage(const hr_catalog *catalog, const char *name,
                                                const char *book, GError **error)
{
    if (name == NULL) {
        return hr_catalog_storage_usual(catalog);
    }
    g_autoptr(GString) known = g_string_new(NULL);
    for (size_t i = 0; i < hr_catalog_n_storages(catalog); i++) {
        const struct hr_storage *storage = hr_catalog_storage_at(catalog, i);
        if (strcmp(storage->id, name) == 0) {
            return storage;
        }
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", storage->id);
    }
    if (hr_catalog_storage(catalog, name) != NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--storage: \"%s\" is not sold by the price book %s (%s); name its book by "
                    "--prices",
                    name, book, known->str);
    } else {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--storage: \"%s\" is not in the catalogue (%s)", name, known->str);
    }
    return NULL;
}

/* Those of the platform's servers that the book sells. Returns: NULL when there are none. */
static GPtrArray *own_servers(const hr_catalog *catalog, char **ids)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    for (size_t i = 0; ids != NULL && i < hr_catalog_n_servers(catalog); i++) {
        const struct hr_server *server = hr_catalog_server_at(catalog, i);
        if (g_strv_contains((const char *const *)ids, server->id)) {
            g_ptr_array_add(found, (gpointer)(guintptr)server);
        }
    }
    return found->len > 0 ? g_steal_pointer(&found) : NULL;
}

/* Owner: the caller. */
static const struct hr_server **choose_servers(const hr_catalog *catalog, char **ids,
                                               const char *const *named)
{
    g_autoptr(GPtrArray) own = own_servers(catalog, ids);
    if (own == NULL) {
        return NULL;
    }
    const struct hr_server **chosen = g_new0(const struct hr_server *, own->len + 1);
    guint n = 0;
    for (guint i = 0; i < own->len; i++) {
        const struct hr_server *server = own->pdata[i];
        if (g_strv_contains(named, server->id)) {
            chosen[n++] = server;
        }
    }
    if (n == 0) {
        memcpy(chosen, own->pdata, own->len * sizeof *chosen);
    }
    return chosen;
}

struct hr_size_fit *hr_size_fits_of(const hr_catalog *catalog,
                                    const struct hr_platform *const *platforms,
                                    const char *const *named)
{
    size_t n = 0;
    while (platforms[n] != NULL) {
        n++;
    }
    struct hr_size_fit *fits = g_new0(struct hr_size_fit, n + 1);
    size_t n_fits = 0;
    for (size_t i = 0; i < n; i++) {
        const struct hr_platform *platform = platforms[i];
        struct hr_size_fit fit = {.platform = platform,
                                  .servers = choose_servers(catalog, platform->servers, named),
                                  .storage =
                                      platform->storage != NULL
                                          ? hr_catalog_storage(catalog, platform->storage)
                                          : NULL};
        if (fit.servers != NULL || fit.storage != NULL) {
            fits[n_fits++] = fit;
        }
    }
    return fits;
}

void hr_size_fits_free(struct hr_size_fit *fits)
{
    for (struct hr_size_fit *fit = fits; fit != NULL && fit->platform != NULL; fit++) {
        g_free(fit->servers);
    }
    g_free(fits);
}
