/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog.h"

#include <string.h>

#include "base/error.h"
#include "base/tree.h"
#include "catalog/entries.h"
#include "catalog/match.h"
#include "catalog/pricebook.h"

enum kind {
    KIND_OS,
    KIND_ROLE,
    KIND_PLATFORM,
    KIND_SERVER,
    KIND_STORAGE,
    KIND_BACKUP,
    KIND__COUNT
};

struct hr_catalog {
    char *dir;
    char *digest;
    GPtrArray *entries[KIND__COUNT]; /* in order of id */
    GPtrArray *offered[KIND__COUNT]; /* those of the book; borrowed from entries */
};

static const char *const FOLDERS[KIND__COUNT] = {
    [KIND_OS] = "guests",    [KIND_ROLE] = "roles",      [KIND_PLATFORM] = "platforms",
    [KIND_SERVER] = "hosts", [KIND_STORAGE] = "storage", [KIND_BACKUP] = "backup"};

static void *read_entry(enum kind kind, const hr_tree *tree, const char *id, hr_diag *diag)
{
    switch (kind) {
    case KIND_OS:
        return hr_os_read(tree, id, diag);
    case KIND_ROLE:
        return hr_role_read(tree, id, diag);
    case KIND_PLATFORM:
        return hr_platform_read(tree, id, diag);
    case KIND_SERVER:
        return hr_server_read(tree, id, diag);
    case KIND_STORAGE:
        return hr_storage_read(tree, id, diag);
    case KIND_BACKUP:
        return hr_backup_read(tree, id, diag);
    case KIND__COUNT:
        break;
    }
    return NULL;
}

static void free_entry(enum kind kind, void *entry)
{
    switch (kind) {
    case KIND_OS:
        hr_os_free(entry);
        break;
    case KIND_ROLE:
        hr_role_free(entry);
        break;
    case KIND_PLATFORM:
        hr_platform_free(entry);
        break;
    case KIND_SERVER:
        hr_server_free(entry);
        break;
    case KIND_STORAGE:
        hr_storage_free(entry);
        break;
    case KIND_BACKUP:
        hr_backup_free(entry);
        break;
    case KIND__COUNT:
        break;
    }
}

/* The id is the first member of every kind of entry. */
static const char *entry_id(const void *entry)
{
    return *(char *const *)entry;
}

char *hr_data_dir(const char *dir)
{
    const char *from_environment = g_getenv("HEADROOM_DATA");
    if (dir == NULL && from_environment != NULL && *from_environment != '\0') {
        dir = from_environment;
    }
    return g_strdup(dir != NULL ? dir : HR_DATADIR);
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The ids of a folder in order; hidden files and other suffixes are left alone. */
static GPtrArray *list_ids(const char *folder, GError **error)
{
    GError *failure = NULL;
    GDir *dir = g_dir_open(folder, 0, &failure);
    if (dir == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s", failure->message);
        g_error_free(failure);
        return NULL;
    }
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        if (name[0] != '.' && g_str_has_suffix(name, ".yaml")) {
            g_ptr_array_add(ids, g_strndup(name, strlen(name) - strlen(".yaml")));
        }
    }
    g_dir_close(dir);
    g_ptr_array_sort(ids, compare_ids);
    return ids;
}

static bool is_id(const char *id)
{
    for (const char *p = id; *p != '\0'; p++) {
        if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && strchr("-.", *p) == NULL) {
            return false;
        }
    }
    return *id != '\0';
}

static bool load_file(hr_catalog *catalog, enum kind kind, const char *id, GChecksum *checksum,
                      hr_diag *diag, GError **error)
{
    g_autofree char *file_name = g_strconcat(id, ".yaml", NULL);
    g_autofree char *path = g_build_filename(catalog->dir, FOLDERS[kind], file_name, NULL);
    if (!is_id(id)) {
        hr_diag_add(diag, HR_FATAL, path, 0, 0, "name of the file",
                    "an entry's name has lower-case letters, digits, hyphens and points only");
    }
    GError *failure = NULL;
    g_autoptr(hr_tree) tree = hr_tree_load(path, diag, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return false;
    }
    if (tree != NULL) {
        g_autofree char *line =
            g_strdup_printf("%s/%s %s\n", FOLDERS[kind], file_name, hr_tree_digest(tree));
        g_checksum_update(checksum, (const guchar *)line, -1);
        g_ptr_array_add(catalog->entries[kind], read_entry(kind, tree, id, diag));
    }
    return true;
}

static bool load_kind(hr_catalog *catalog, enum kind kind, GChecksum *checksum, hr_diag *diag,
                      GError **error)
{
    g_autofree char *folder = g_build_filename(catalog->dir, FOLDERS[kind], NULL);
    if (kind == KIND_BACKUP && !g_file_test(folder, G_FILE_TEST_EXISTS)) {
        return true; /* who backs nothing up needs no such folder */
    }
    g_autoptr(GPtrArray) ids = list_ids(folder, error);
    if (ids == NULL) {
        return false;
    }
    for (guint i = 0; i < ids->len; i++) {
        if (!load_file(catalog, kind, ids->pdata[i], checksum, diag, error)) {
            return false;
        }
    }
    return true;
}

static const void *find_entry(const hr_catalog *catalog, enum kind kind, const char *id)
{
    const GPtrArray *entries = catalog->entries[kind];
    for (guint i = 0; i < entries->len; i++) {
        if (strcmp(entry_id(entries->pdata[i]), id) == 0) {
            return entries->pdata[i];
        }
    }
    return NULL;
}

static void require_entry(const hr_catalog *catalog, enum kind kind, const char *id,
                          hr_diag *diag)
{
    if (find_entry(catalog, kind, id) == NULL) {
        g_autofree char *folder = g_build_filename(catalog->dir, FOLDERS[kind], NULL);
        hr_diag_add(diag, HR_FATAL, folder, 0, 0, "missing entry",
                    "the entry '%s' is missing: it stands in where nothing matches", id);
    }
}

/* A text that two entries claim would be decided by their names; say so instead. */
static void check_claims(const hr_catalog *catalog, enum kind kind, hr_diag *diag)
{
    g_autoptr(GHashTable) claims = g_hash_table_new(g_str_hash, g_str_equal);
    const GPtrArray *entries = catalog->entries[kind];
    for (guint i = 0; i < entries->len; i++) {
        const char *id = entry_id(entries->pdata[i]);
        char **match = kind == KIND_OS ? ((const struct hr_os *)entries->pdata[i])->match
                                       : ((const struct hr_role *)entries->pdata[i])->match;
        for (; match != NULL && *match != NULL; match++) {
            const char *other = g_hash_table_lookup(claims, *match);
            if (other != NULL) {
                g_autofree char *path =
                    g_strdup_printf("%s/%s/%s.yaml", catalog->dir, FOLDERS[kind], id);
                hr_diag_add(diag, HR_FATAL, path, 0, 0, "claimed twice",
                            "'%s' stands in the match lists of '%s' and '%s'", *match, other,
                            id);
            }
            g_hash_table_insert(claims, *match, (void *)(uintptr_t)id);
        }
    }
}

static hr_catalog *catalog_new(const char *dir)
{
    hr_catalog *catalog = g_new0(hr_catalog, 1);
    catalog->dir = hr_data_dir(dir);
    for (int kind = 0; kind < KIND__COUNT; kind++) {
        catalog->entries[kind] = g_ptr_array_new();
        catalog->offered[kind] = g_ptr_array_new();
    }
    return catalog;
}

/* ---- what a price book sells ---- */

/* The books an entry names; NULL for kinds that have no price. */
static char **books_of(enum kind kind, const void *entry)
{
    switch (kind) {
    case KIND_PLATFORM:
        return ((const struct hr_platform *)entry)->books;
    case KIND_SERVER:
        return ((const struct hr_server *)entry)->books;
    case KIND_STORAGE:
        return ((const struct hr_storage *)entry)->books;
    case KIND_BACKUP:
        return ((const struct hr_backup *)entry)->books;
    case KIND_OS:
    case KIND_ROLE:
    case KIND__COUNT:
        break;
    }
    return NULL;
}

/* A slip in a year would hide the entry for ever. */
static void check_books(const hr_catalog *catalog, enum kind kind, const void *entry,
                        hr_diag *diag)
{
    char **books = books_of(kind, entry);
    for (; books != NULL && *books != NULL; books++) {
        if (!hr_pricebook_is_name(*books)) {
            g_autofree char *path =
                g_strdup_printf("%s/%s/%s.yaml", catalog->dir, FOLDERS[kind], entry_id(entry));
            hr_diag_add(diag, HR_FATAL, path, 0, 0, "no book",
                        "'books' names '%s'; a price book is a year, such as 2013", *books);
        }
    }
}

/* newest: NULL where the folder has no books; then whoever names none is offered. */
static bool is_offered(char **books, const char *book, const char *newest)
{
    if (book != NULL && strcmp(book, HR_CATALOG_EVERY_BOOK) == 0) {
        return true;
    }
    if (books == NULL || *books == NULL) {
        return book == NULL || (newest != NULL && strcmp(book, newest) == 0);
    }
    return book != NULL && g_strv_contains((const char *const *)books, book);
}

/* What a platform names of the catalogue is there. */
static void check_platforms(const hr_catalog *catalog, hr_diag *diag)
{
    for (guint i = 0; i < catalog->entries[KIND_PLATFORM]->len; i++) {
        const struct hr_platform *platform = catalog->entries[KIND_PLATFORM]->pdata[i];
        g_autofree char *path = g_strdup_printf("%s/%s/%s.yaml", catalog->dir,
                                                FOLDERS[KIND_PLATFORM], platform->id);
        if (platform->storage != NULL &&
            hr_catalog_storage(catalog, platform->storage) == NULL) {
            hr_diag_add(diag, HR_FATAL, path, 0, 0, "unknown storage",
                        "'storage' names '%s', which is not in %s/", platform->storage,
                        FOLDERS[KIND_STORAGE]);
        }
        for (char **id = platform->servers; id != NULL && *id != NULL; id++) {
            if (hr_catalog_server(catalog, *id) == NULL) {
                hr_diag_add(diag, HR_FATAL, path, 0, 0, "unknown server",
                            "'servers' names '%s', which is not in %s/", *id,
                            FOLDERS[KIND_SERVER]);
            }
        }
    }
}

static void offer_entries(hr_catalog *catalog, const char *book, hr_diag *diag)
{
    g_autofree char *newest = hr_pricebook_newest(catalog->dir, NULL);
    const char *chosen = book != NULL ? book : newest;
    for (int kind = 0; kind < KIND__COUNT; kind++) {
        bool has_books = kind != KIND_OS && kind != KIND_ROLE;
        for (guint i = 0; i < catalog->entries[kind]->len; i++) {
            void *entry = catalog->entries[kind]->pdata[i];
            check_books(catalog, (enum kind)kind, entry, diag);
            if (!has_books || is_offered(books_of((enum kind)kind, entry), chosen, newest)) {
                g_ptr_array_add(catalog->offered[kind], entry);
            }
        }
    }
}

/* What is taken beyond a product's limits, and has none itself. */
static void link_backups(hr_catalog *catalog, hr_diag *diag)
{
    for (guint i = 0; i < catalog->entries[KIND_BACKUP]->len; i++) {
        struct hr_backup *backup = catalog->entries[KIND_BACKUP]->pdata[i];
        if (backup->beyond == NULL) {
            continue;
        }
        backup->beyond_product = hr_catalog_backup(catalog, backup->beyond);
        if (backup->beyond_product == NULL || backup->beyond_product->beyond != NULL ||
            backup->beyond_product->kind == HR_BACKUP_TARGET) {
            g_autofree char *path = g_strdup_printf("%s/%s/%s.yaml", catalog->dir,
                                                    FOLDERS[KIND_BACKUP], backup->id);
            hr_diag_add(diag, HR_FATAL, path, 0, 0, "beyond",
                        "'beyond' names '%s', which is no product without limits",
                        backup->beyond);
        }
    }
}

hr_catalog *hr_catalog_load(const char *dir, hr_diag *diag, GError **error)
{
    return hr_catalog_load_book(dir, NULL, diag, error);
}

hr_catalog *hr_catalog_load_book(const char *dir, const char *book, hr_diag *diag,
                                 GError **error)
{
    hr_catalog *catalog = catalog_new(dir);
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    size_t n_fatal_before = hr_diag_count_severity(diag, HR_FATAL);
    bool is_read = true;
    for (int kind = 0; is_read && kind < KIND__COUNT; kind++) {
        is_read = load_kind(catalog, (enum kind)kind, checksum, diag, error);
    }
    catalog->digest = g_strdup(g_checksum_get_string(checksum));
    g_checksum_free(checksum);
    if (is_read) {
        require_entry(catalog, KIND_OS, "other", diag);
        require_entry(catalog, KIND_OS, "other-linux", diag);
        require_entry(catalog, KIND_OS, "other-windows", diag);
        require_entry(catalog, KIND_ROLE, "generic", diag);
        check_claims(catalog, KIND_OS, diag);
        check_claims(catalog, KIND_ROLE, diag);
        link_backups(catalog, diag);
        check_platforms(catalog, diag);
        offer_entries(catalog, book, diag);
    } else {
        g_prefix_error(error, "data folder %s: ", catalog->dir);
    }
    if (!is_read || hr_diag_count_severity(diag, HR_FATAL) > n_fatal_before) {
        hr_catalog_free(catalog);
        return NULL;
    }
    return catalog;
}

void hr_catalog_free(hr_catalog *catalog)
{
    if (catalog == NULL) {
        return;
    }
    for (int kind = 0; kind < KIND__COUNT; kind++) {
        for (guint i = 0; i < catalog->entries[kind]->len; i++) {
            free_entry((enum kind)kind, catalog->entries[kind]->pdata[i]);
        }
        g_ptr_array_free(catalog->entries[kind], TRUE);
        g_ptr_array_free(catalog->offered[kind], TRUE);
    }
    g_free(catalog->dir);
    g_free(catalog->digest);
    g_free(catalog);
}

const char *hr_catalog_dir(const hr_catalog *catalog)
{
    return catalog->dir;
}

const char *hr_catalog_digest(const hr_catalog *catalog)
{
    return catalog->digest;
}

static const void *entry_at(const hr_catalog *catalog, enum kind kind, size_t index)
{
    hr_assert(index < catalog->offered[kind]->len);
    return catalog->offered[kind]->pdata[index];
}

size_t hr_catalog_n_oses(const hr_catalog *catalog)
{
    return catalog->offered[KIND_OS]->len;
}

const struct hr_os *hr_catalog_os_at(const hr_catalog *catalog, size_t index)
{
    return entry_at(catalog, KIND_OS, index);
}

size_t hr_catalog_n_roles(const hr_catalog *catalog)
{
    return catalog->offered[KIND_ROLE]->len;
}

const struct hr_role *hr_catalog_role_at(const hr_catalog *catalog, size_t index)
{
    return entry_at(catalog, KIND_ROLE, index);
}

size_t hr_catalog_n_platforms(const hr_catalog *catalog)
{
    return catalog->offered[KIND_PLATFORM]->len;
}

const struct hr_platform *hr_catalog_platform_at(const hr_catalog *catalog, size_t index)
{
    return entry_at(catalog, KIND_PLATFORM, index);
}

size_t hr_catalog_n_servers(const hr_catalog *catalog)
{
    return catalog->offered[KIND_SERVER]->len;
}

const struct hr_server *hr_catalog_server_at(const hr_catalog *catalog, size_t index)
{
    return entry_at(catalog, KIND_SERVER, index);
}

size_t hr_catalog_n_storages(const hr_catalog *catalog)
{
    return catalog->offered[KIND_STORAGE]->len;
}

const struct hr_storage *hr_catalog_storage_at(const hr_catalog *catalog, size_t index)
{
    return entry_at(catalog, KIND_STORAGE, index);
}

size_t hr_catalog_n_backups(const hr_catalog *catalog)
{
    return catalog->offered[KIND_BACKUP]->len;
}

const struct hr_backup *hr_catalog_backup_at(const hr_catalog *catalog, size_t index)
{
    return entry_at(catalog, KIND_BACKUP, index);
}

const struct hr_storage *hr_catalog_storage_usual(const hr_catalog *catalog)
{
    for (size_t i = 0; i < hr_catalog_n_storages(catalog); i++) {
        const struct hr_storage *storage = hr_catalog_storage_at(catalog, i);
        if (!storage->by_name) {
            return storage;
        }
    }
    return NULL;
}

const struct hr_os *hr_catalog_os(const hr_catalog *catalog, const char *id)
{
    return find_entry(catalog, KIND_OS, id);
}

const struct hr_role *hr_catalog_role(const hr_catalog *catalog, const char *id)
{
    return find_entry(catalog, KIND_ROLE, id);
}

const struct hr_platform *hr_catalog_platform(const hr_catalog *catalog, const char *id)
{
    return find_entry(catalog, KIND_PLATFORM, id);
}

const struct hr_server *hr_catalog_server(const hr_catalog *catalog, const char *id)
{
    return find_entry(catalog, KIND_SERVER, id);
}

const struct hr_storage *hr_catalog_storage(const hr_catalog *catalog, const char *id)
{
    return find_entry(catalog, KIND_STORAGE, id);
}

const struct hr_backup *hr_catalog_backup(const hr_catalog *catalog, const char *id)
{
    return find_entry(catalog, KIND_BACKUP, id);
}

/* What a text means when no entry's own words stand in it: its family at least. */
static const char *family_stand_in(const char *text)
{
    static const char *const windows[] = {"windows", "microsoft", "win32", "win64"};
    static const char *const linuxes[] = {"linux", "gnu"};
    for (size_t i = 0; i < G_N_ELEMENTS(windows); i++) {
        if (strstr(text, windows[i]) != NULL) {
            return "other-windows";
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(linuxes); i++) {
        if (strstr(text, linuxes[i]) != NULL) {
            return "other-linux";
        }
    }
    return "other";
}

const struct hr_os *hr_catalog_match_os(const hr_catalog *catalog, const char *text,
                                        bool *matched)
{
    g_autofree char *plain = hr_match_system_text(text);
    const struct hr_os *best = NULL;
    size_t n_best = 0;
    for (size_t i = 0; i < hr_catalog_n_oses(catalog); i++) {
        const struct hr_os *os = hr_catalog_os_at(catalog, i);
        for (char **part = os->match; *part != NULL; part++) {
            if (strlen(*part) > n_best && hr_match_words(plain, *part)) {
                best = os;
                n_best = strlen(*part);
            }
        }
    }
    *matched = best != NULL;
    return best != NULL ? best : hr_catalog_os(catalog, family_stand_in(plain));
}

const struct hr_role *hr_catalog_match_role(const hr_catalog *catalog, const char *guest_name,
                                            bool *matched)
{
    g_autofree char *plain = hr_match_guest_name(guest_name);
    const struct hr_role *best = NULL;
    size_t n_best = 0;
    for (size_t i = 0; i < hr_catalog_n_roles(catalog); i++) {
        const struct hr_role *role = hr_catalog_role_at(catalog, i);
        for (char **pattern = role->match; *pattern != NULL; pattern++) {
            size_t n_literals = hr_match_literals(*pattern);
            if (n_literals > n_best && hr_match_pattern(*pattern, plain)) {
                best = role;
                n_best = n_literals;
            }
        }
    }
    *matched = best != NULL;
    return best != NULL ? best : hr_catalog_role(catalog, "generic");
}
