/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "inventory/rvtools.h"

static void free_rows(void *rows)
{
    g_array_free(rows, TRUE);
}

static void add_row(GHashTable *table, const char *key, uint32_t row)
{
    if (*key == '\0') {
        return;
    }
    GArray *rows = g_hash_table_lookup(table, key);
    if (rows == NULL) {
        rows = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_hash_table_insert(table, g_strdup(key), rows);
    }
    g_array_append_val(rows, row);
}

void hr_rv_index_init(struct hr_rv_index *index, const struct hr_rv_sheet *rv)
{
    index->rv = rv;
    index->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_rows);
    index->by_uuid = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_rows);
    index->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_rows);
    for (size_t row = 0; rv->sheet != NULL && row < hr_sheet_rows(rv->sheet); row++) {
        add_row(index->by_id, hr_rv_text(rv, row, HR_RVF_ID), (uint32_t)row);
        add_row(index->by_uuid, hr_rv_text(rv, row, HR_RVF_UUID), (uint32_t)row);
        add_row(index->by_name, hr_rv_text(rv, row, HR_RVF_NAME), (uint32_t)row);
    }
}

void hr_rv_index_clear(struct hr_rv_index *index)
{
    g_hash_table_destroy(index->by_id);
    g_hash_table_destroy(index->by_uuid);
    g_hash_table_destroy(index->by_name);
}

static bool differ(const char *a, const char *b)
{
    return *a != '\0' && *b != '\0' && strcmp(a, b) != 0;
}

/* Two rows are of different guests when an identity that both state differs. */
static bool may_be_same(const struct hr_rv_sheet *a, size_t row_a, const struct hr_rv_sheet *b,
                        size_t row_b)
{
    static const enum hr_rv_field identities[] = {HR_RVF_SDK, HR_RVF_ID, HR_RVF_UUID};
    for (size_t i = 0; i < G_N_ELEMENTS(identities); i++) {
        if (differ(hr_rv_text(a, row_a, identities[i]), hr_rv_text(b, row_b, identities[i]))) {
            return false;
        }
    }
    return true;
}

/* Keeps the rows that agree with the row of vInfo in one field, unless that would be none. */
static void narrow(const struct hr_rv_index *index, const struct hr_rv_sheet *info,
                   size_t info_row, enum hr_rv_field field, GArray *rows)
{
    const char *wanted = hr_rv_text(info, info_row, field);
    guint n_kept = 0;
    for (guint i = 0; i < rows->len; i++) {
        uint32_t row = g_array_index(rows, uint32_t, i);
        n_kept += strcmp(hr_rv_text(index->rv, row, field), wanted) == 0 ? 1 : 0;
    }
    if (n_kept == 0) {
        return;
    }
    for (guint i = rows->len; i-- > 0;) {
        uint32_t row = g_array_index(rows, uint32_t, i);
        if (strcmp(hr_rv_text(index->rv, row, field), wanted) != 0) {
            g_array_remove_index(rows, i);
        }
    }
}

/* No guest has more disks than this, so that a file made of one name only is no burden. */
enum { SAME_KEY_MAX = 4096 };

static void collect(const struct hr_rv_index *index, GHashTable *table,
                    const struct hr_rv_sheet *info, size_t info_row, enum hr_rv_field field,
                    GArray *rows)
{
    g_array_set_size(rows, 0);
    const char *key = hr_rv_text(info, info_row, field);
    const GArray *found = *key != '\0' ? g_hash_table_lookup(table, key) : NULL;
    for (guint i = 0; found != NULL && i < MIN(found->len, SAME_KEY_MAX); i++) {
        uint32_t row = g_array_index(found, uint32_t, i);
        if (may_be_same(info, info_row, index->rv, row)) {
            g_array_append_val(rows, row);
        }
    }
}

/* Takes out rows whose own identity is that of another row of vInfo. */
static void leave_claimed(const struct hr_rv_index *index, const struct hr_rv_index *info,
                          size_t info_row, GArray *rows)
{
    for (guint i = rows->len; i-- > 0;) {
        uint32_t row = g_array_index(rows, uint32_t, i);
        const char *id = hr_rv_text(index->rv, row, HR_RVF_ID);
        const char *own_id = hr_rv_text(info->rv, info_row, HR_RVF_ID);
        const char *uuid = hr_rv_text(index->rv, row, HR_RVF_UUID);
        const char *own_uuid = hr_rv_text(info->rv, info_row, HR_RVF_UUID);
        bool is_claimed =
            (*own_id == '\0' && *id != '\0' && g_hash_table_contains(info->by_id, id)) ||
            (*own_uuid == '\0' && *uuid != '\0' && g_hash_table_contains(info->by_uuid, uuid));
        if (is_claimed) {
            g_array_remove_index(rows, i);
        }
    }
}

/* True when name and folder stand for more than one row of vInfo that might own these rows. */
static bool is_name_shared(const struct hr_rv_index *info, size_t info_row, bool has_folder)
{
    const GArray *same =
        g_hash_table_lookup(info->by_name, hr_rv_text(info->rv, info_row, HR_RVF_NAME));
    const char *folder = hr_rv_text(info->rv, info_row, HR_RVF_FOLDER);
    guint n = 0;
    for (guint i = 0; same != NULL && i < MIN(same->len, SAME_KEY_MAX) && n < 2; i++) {
        uint32_t row = g_array_index(same, uint32_t, i);
        const char *other = hr_rv_text(info->rv, row, HR_RVF_FOLDER);
        n += !has_folder || strcmp(folder, other) == 0 ? 1 : 0;
    }
    return n > 1;
}

static enum hr_rv_match match_name(const struct hr_rv_index *index,
                                   const struct hr_rv_index *info, size_t info_row,
                                   GArray *rows)
{
    collect(index, index->by_name, info->rv, info_row, HR_RVF_NAME, rows);
    leave_claimed(index, info, info_row, rows);
    if (rows->len == 0) {
        return HR_RV_MATCH_NONE;
    }
    bool has_folder = *hr_rv_text(info->rv, info_row, HR_RVF_FOLDER) != '\0';
    if (has_folder) {
        guint n_before = rows->len;
        narrow(index, info->rv, info_row, HR_RVF_FOLDER, rows);
        uint32_t first = g_array_index(rows, uint32_t, 0);
        has_folder = n_before > 0 && strcmp(hr_rv_text(index->rv, first, HR_RVF_FOLDER),
                                            hr_rv_text(info->rv, info_row, HR_RVF_FOLDER)) == 0;
    }
    if (is_name_shared(info, info_row, has_folder)) {
        return HR_RV_MATCH_AMBIGUOUS;
    }
    return rows->len == 1 || index->rv->tab == HR_RV_DISK ? HR_RV_MATCH_FOUND
                                                          : HR_RV_MATCH_AMBIGUOUS;
}

enum hr_rv_match hr_rv_match(const struct hr_rv_index *index, const struct hr_rv_index *info,
                             size_t info_row, GArray *rows)
{
    g_array_set_size(rows, 0);
    if (index->rv->sheet == NULL) {
        return HR_RV_MATCH_NONE;
    }
    collect(index, index->by_id, info->rv, info_row, HR_RVF_ID, rows);
    if (rows->len == 0) {
        collect(index, index->by_uuid, info->rv, info_row, HR_RVF_UUID, rows);
    }
    if (rows->len == 0) {
        return match_name(index, info, info_row, rows);
    }
    /* Joined exports of two vCenters without their UUIDs share VM IDs. */
    narrow(index, info->rv, info_row, HR_RVF_NAME, rows);
    if (rows->len > 1 && index->rv->tab != HR_RV_DISK) {
        narrow(index, info->rv, info_row, HR_RVF_FOLDER, rows);
    }
    return rows->len == 1 || index->rv->tab == HR_RV_DISK ? HR_RV_MATCH_FOUND
                                                          : HR_RV_MATCH_AMBIGUOUS;
}
