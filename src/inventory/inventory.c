/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/inventory.h"

#include <string.h>

#include "base/error.h"
#include "base/sheet.h"
#include "inventory/columns.h"
#include "inventory/dialect.h"
#include "inventory/own.h"
#include "inventory/rvtools.h"

/* ---- What is not a delimited text file ---- */

static bool begins_with(const char *bytes, size_t n_bytes, const char *magic, size_t n_magic)
{
    return n_bytes >= n_magic && memcmp(bytes, magic, n_magic) == 0;
}

/* A ZIP archive ends with a directory whose record begins with these four bytes. */
static bool has_zip_directory(const char *bytes, size_t n_bytes)
{
    size_t n_tail = MIN(n_bytes, (size_t)65557);
    for (size_t i = n_bytes - n_tail; i + 22 <= n_bytes; i++) {
        if (memcmp(bytes + i, "PK\5\6", 4) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns: true with a fatal finding when the bytes are a workbook, or should have been one. */
static bool refuse_workbook(const char *bytes, size_t n_bytes, const char *name, hr_diag *diag)
{
    bool is_named_so = g_str_has_suffix(name, ".xlsx") || g_str_has_suffix(name, ".XLSX");
    if (begins_with(bytes, n_bytes, "\xD0\xCF\x11\xE0", 4)) {
        hr_diag_add(
            diag, HR_FATAL, name, 0, 0, "encrypted workbook",
            "the workbook is encrypted or rights-managed, or of the format before 2007: "
            "save an unprotected copy as CSV");
        return true;
    }
    if (begins_with(bytes, n_bytes, "PK", 2) && has_zip_directory(bytes, n_bytes)) {
        hr_diag_add(diag, HR_FATAL, name, 0, 0, "workbook",
                    "workbooks are not read by this version: export the tabs as CSV");
        return true;
    }
    if (begins_with(bytes, n_bytes, "PK\3\4", 4) || (is_named_so && n_bytes > 0)) {
        hr_diag_add(diag, HR_FATAL, name, 0, 0, "not a workbook",
                    "not a workbook: its ZIP archive is damaged or cut off");
        return true;
    }
    return false;
}

static hr_sheet *load_sheet(const char *path, hr_diag *diag, GError **error)
{
    g_autofree char *bytes = NULL;
    size_t n_bytes = 0;
    if (!hr_sheet_read_bytes(path, NULL, &bytes, &n_bytes, diag, error) ||
        refuse_workbook(bytes, n_bytes, path, diag)) {
        return NULL;
    }
    return hr_sheet_parse(bytes, n_bytes, path, diag);
}

/* ---- Folders ---- */

/* RVTools exports some 27 tabs; these are the ones that are read. */
static bool is_wanted_tab(const char *file_name)
{
    static const char *const tabs[] = {"vInfo", "vMemory", "vCPU",
                                       "vDisk", "vHost",   "vCluster"};
    for (size_t i = 0; i < G_N_ELEMENTS(tabs); i++) {
        g_autofree char *name = g_strdup_printf("RVTools_tab%s.csv", tabs[i]);
        if (g_ascii_strcasecmp(file_name, name) == 0) {
            return true;
        }
    }
    return false;
}

static int compare_names(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;
    return strcmp(*a, *b);
}

/* Returns: the paths of the tabs in the folder, sorted; NULL when it cannot be read. */
static GPtrArray *list_tabs(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    GDir *folder = g_dir_open(path, 0, &cause);
    if (folder == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "cannot read %s: %s", path,
                    cause->message);
        return NULL;
    }
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(folder); name != NULL;
         name = g_dir_read_name(folder)) {
        if (is_wanted_tab(name)) {
            g_ptr_array_add(paths, g_build_filename(path, name, NULL));
        }
    }
    g_dir_close(folder);
    g_ptr_array_sort(paths, compare_names);
    return paths;
}

/* A tab without rows may be a file of no bytes: an estate without clusters has no vCluster. */
static bool is_empty_file(const char *path)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    return file != NULL && g_mapped_file_get_length(file) == 0;
}

static bool load_folder(const char *path, GPtrArray *sheets, hr_diag *diag, GError **error)
{
    g_autoptr(GPtrArray) paths = list_tabs(path, error);
    if (paths == NULL) {
        return false;
    }
    if (paths->len == 0) {
        hr_diag_add(diag, HR_FATAL, path, 0, 0, "no tab",
                    "the folder has no RVTools_tab*.csv that is read; RVTools_tabvInfo.csv and "
                    "its fellows are wanted");
        return false;
    }
    bool is_ok = true;
    for (guint i = 0; i < paths->len; i++) {
        const char *tab = g_ptr_array_index(paths, i);
        if (is_empty_file(tab)) {
            hr_diag_add(diag, HR_NOTE, tab, 0, 0, "empty tab",
                        "the file is empty and left out");
            continue;
        }
        hr_sheet *sheet = load_sheet(tab, diag, error);
        is_ok = is_ok && sheet != NULL;
        if (sheet != NULL) {
            g_ptr_array_add(sheets, sheet);
        } else if (error != NULL && *error != NULL) {
            return false;
        }
    }
    return is_ok;
}

/* ---- Loading ---- */

static void note_how_it_was_read(const hr_sheet *sheet, hr_diag *diag)
{
    if (strcmp(hr_sheet_encoding(sheet), "Windows-1252") == 0) {
        hr_diag_add(diag, HR_NOTE, hr_sheet_name(sheet), 0, 0, "encoding",
                    "the text is not UTF-8; read as Windows-1252");
    }
    size_t n_blank = hr_sheet_blank_rows(sheet);
    if (n_blank > 0) {
        hr_diag_add(diag, HR_NOTE, hr_sheet_name(sheet), 0, 0, "blank rows",
                    "%zu blank %s left out", n_blank, n_blank == 1 ? "row is" : "rows are");
    }
}

static void refuse_dialect(const struct hr_source *source, hr_diag *diag)
{
    const hr_sheet *sheet = source->sheets[0];
    GString *wanted = g_string_new(NULL);
    for (size_t d = 0; hr_dialects[d] != NULL; d++) {
        g_string_append_printf(wanted, "%s%s needs %s", d > 0 ? "; " : "", hr_dialects[d]->name,
                               hr_dialects[d]->mandatory);
    }
    g_autofree char *seen = hr_columns_list(sheet);
    hr_diag_add(diag, HR_FATAL, hr_sheet_name(sheet), hr_sheet_header_line(sheet), 0,
                "unknown dialect", "no kind of inventory has these columns: %s (%s)",
                *seen != '\0' ? seen : "none", wanted->str);
    g_string_free(wanted, TRUE);
}

static struct hr_inventory *read_source(const struct hr_source *source,
                                        const struct hr_inventory_options *options,
                                        hr_diag *diag)
{
    for (size_t i = 0; i < source->n_sheets; i++) {
        note_how_it_was_read(source->sheets[i], diag);
    }
    const struct hr_dialect *dialect = hr_dialect_choose(source);
    if (dialect == NULL) {
        refuse_dialect(source, diag);
        return NULL;
    }
    g_autoptr(hr_draft) draft = hr_draft_new(diag, options->strict);
    dialect->read(source, draft);
    return hr_draft_finish(draft, source, dialect->name, options->cluster);
}

static void free_sheet(void *sheet)
{
    hr_sheet_free(sheet);
}

struct hr_inventory *hr_inventory_load(const char *path,
                                       const struct hr_inventory_options *options,
                                       hr_diag *diag, GError **error)
{
    static const struct hr_inventory_options defaults = {0};
    g_autoptr(GPtrArray) sheets = g_ptr_array_new_with_free_func(free_sheet);
    bool is_folder = strcmp(path, "-") != 0 && g_file_test(path, G_FILE_TEST_IS_DIR);
    GError *failure = NULL;
    if (is_folder) {
        if (!load_folder(path, sheets, diag, &failure)) {
            if (failure != NULL) {
                g_propagate_error(error, failure);
            }
            return NULL;
        }
        if (sheets->len == 0) {
            hr_diag_add(diag, HR_FATAL, path, 0, 0, "no tab",
                        "every tab of the folder is empty");
            return NULL;
        }
    } else {
        hr_sheet *sheet = load_sheet(path, diag, error);
        if (sheet == NULL) {
            return NULL;
        }
        g_ptr_array_add(sheets, sheet);
    }
    struct hr_source source = {.sheets = (hr_sheet *const *)sheets->pdata,
                               .n_sheets = sheets->len,
                               .is_folder = is_folder};
    return read_source(&source, options != NULL ? options : &defaults, diag);
}

void hr_inventory_totals(const struct hr_inventory *inventory, struct hr_inventory_totals *out)
{
    struct hr_inventory_totals totals = {0};
    double memory_mib = 0;
    for (size_t i = 0; i < inventory->n_guests; i++) {
        const struct hr_inventory_guest *guest = &inventory->guests[i];
        if (guest->is_template) {
            totals.templates++;
            continue;
        }
        totals.guests++;
        totals.powered_on += guest->power == HR_POWER_ON ? 1 : 0;
        totals.vcpus += guest->vcpus;
        memory_mib += guest->memory_mib;
        totals.disk_gib += guest->disk_gib > 0 ? guest->disk_gib : 0;
    }
    totals.memory_mib = (int64_t)(memory_mib + 0.5);
    *out = totals;
}

const char *hr_power_name(enum hr_power power)
{
    return hr_power_names[power];
}
