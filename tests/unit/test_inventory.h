/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/test_inventory.h - temporary files and findings, for the tests of inventories. */
#ifndef HR_TESTS_INVENTORY_H
#define HR_TESTS_INVENTORY_H

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "inventory/inventory.h"

struct temp_file {
    const char *name;
    const char *bytes;
    size_t n_bytes; /* 0: up to NUL */
};

/* Makes a folder with these files. Returns: its path, the caller's. */
static inline char *temp_folder(const struct temp_file *files, size_t n_files)
{
    char *path = g_build_filename(g_get_tmp_dir(), "headroom-inventory-XXXXXX", NULL);
    assert_non_null(g_mkdtemp(path));
    for (size_t i = 0; i < n_files; i++) {
        g_autofree char *file = g_build_filename(path, files[i].name, NULL);
        gssize n = files[i].n_bytes > 0 ? (gssize)files[i].n_bytes : -1;
        assert_true(g_file_set_contents(file, files[i].bytes, n, NULL));
    }
    return path;
}

static inline void remove_folder(const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    assert_non_null(folder);
    for (const char *name = g_dir_read_name(folder); name != NULL;
         name = g_dir_read_name(folder)) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        assert_int_equal(unlink(file), 0);
    }
    g_dir_close(folder);
    assert_int_equal(rmdir(path), 0);
}

/* Reads bytes through a file called x.csv. */
static inline struct hr_inventory *load_bytes(const char *bytes, size_t n_bytes,
                                              const struct hr_inventory_options *options,
                                              hr_diag *diag)
{
    struct temp_file file = {"x.csv", bytes, n_bytes};
    g_autofree char *folder = temp_folder(&file, 1);
    g_autofree char *path = g_build_filename(folder, "x.csv", NULL);
    struct hr_inventory *inventory = hr_inventory_load(path, options, diag, NULL);
    remove_folder(folder);
    return inventory;
}

static inline struct hr_inventory *load_text(const char *text, hr_diag *diag)
{
    return load_bytes(text, strlen(text), NULL, diag);
}

/* True when a finding of this severity stands on the line (0: on none) and says the text. */
static inline bool has_finding(const hr_diag *diag, enum hr_severity severity, uint32_t line,
                               const char *text)
{
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *finding = hr_diag_get(diag, i);
        if (finding->severity == severity && finding->line == line &&
            strstr(finding->text, text) != NULL) {
            return true;
        }
    }
    return false;
}

static inline void assert_finding(const hr_diag *diag, enum hr_severity severity, uint32_t line,
                                  const char *text)
{
    if (!has_finding(diag, severity, line, text)) {
        hr_diag_print(diag, HR_NOTE, stderr);
        fail_msg("no finding \"%s\" of severity %s on line %u", text,
                 hr_severity_name(severity), (unsigned)line);
    }
}

/* Returns: the guest with this name and id (NULL: any); fails when there is none. */
static inline const struct hr_inventory_guest *guest_named(const struct hr_inventory *inventory,
                                                           const char *name, const char *id)
{
    for (size_t i = 0; i < inventory->n_guests; i++) {
        const struct hr_inventory_guest *guest = &inventory->guests[i];
        if (strcmp(guest->name, name) == 0 && (id == NULL || strcmp(guest->id, id) == 0)) {
            return guest;
        }
    }
    fail_msg("no guest %s %s", name, id != NULL ? id : "");
    return NULL;
}

/* Returns: a path below tests/fixtures/inventory, the caller's. */
static inline char *fixture(const char *name)
{
    const char *top = getenv("top_srcdir");
    return g_build_filename(top != NULL ? top : ".", "tests", "fixtures", "inventory", name,
                            NULL);
}

#endif
