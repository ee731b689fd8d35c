/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page contents and behaviour that a scenario gives a guest in place of those of its system and
 * role: the guest points to a copy of either, so that nobody else has to know. */
#include <stdbool.h>
#include <string.h>

#include "base/fields.h"
#include "base/text.h"
#include "scenario/reading.h"

static const struct hr_field PAGES[] = {
    HR_FIELD_OF(struct hr_os, boot_zeroes_memory, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_NUMBER(struct hr_os, boot_touch_s, HR_OPTIONAL, 1, 86400),
    HR_FIELD_NUMBER(struct hr_os, churn_s, HR_OPTIONAL, 60, 1e8),
    HR_FIELD_NUMBER(struct hr_os, zero_free_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_NUMBER(struct hr_os, zero_used_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_NUMBER(struct hr_os, common_mib, HR_OPTIONAL, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_os, common_used_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_NUMBER(struct hr_os, dup_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_NUMBER(struct hr_os, dup_multiplicity, HR_OPTIONAL, 1, 1e6),
    HR_FIELD_NUMBER(struct hr_os, paging_cluster, HR_OPTIONAL, 1, 256),
    {.key = NULL},
};

/* Pages too, but a role brings them. */
static const struct hr_field ROLE_PAGES[] = {
    {.key = "role_common_mib",
     .kind = HR_FIELD_DOUBLE,
     .offset = offsetof(struct hr_role, common_mib),
     .least = 0,
     .most = 1e6},
    {.key = NULL},
};

static const struct hr_field BEHAVIOUR[] = {
    HR_FIELD_NUMBER(struct hr_role, working_set_s, HR_OPTIONAL, 60, 1e6),
    HR_FIELD_NUMBER(struct hr_role, overlap, HR_OPTIONAL, 1, 1000),
    HR_FIELD_NUMBER(struct hr_role, cache_reads_iops, HR_OPTIONAL, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_role, dirty_share, HR_OPTIONAL, 0, 1),
    HR_FIELD_OF(struct hr_role, notices_added_memory, HR_FIELD_BOOL, HR_OPTIONAL),
    {.key = NULL},
};

static void *member_of(void *out, const struct hr_field *field)
{
    return (char *)out + field->offset;
}

static double number_of(const void *entry, const struct hr_field *field)
{
    double value = 0.0;
    memcpy(&value, (const char *)entry + field->offset, sizeof value);
    return value;
}

static bool truth_of(const void *entry, const struct hr_field *field)
{
    bool value = false;
    memcpy(&value, (const char *)entry + field->offset, sizeof value);
    return value;
}

static void read_fields(const hr_tree *tree, const hr_node *map, const struct hr_field *fields,
                        void *out, hr_diag *diag)
{
    for (const struct hr_field *f = fields; f->key != NULL; f++) {
        if (f->kind == HR_FIELD_BOOL) {
            (void)hr_node_bool(tree, map, f->key, member_of(out, f), diag);
        } else {
            (void)hr_node_double(tree, map, f->key, f->least, f->most, member_of(out, f), diag);
        }
    }
}

static bool is_equal(const struct hr_field *fields, const void *a, const void *b)
{
    for (const struct hr_field *f = fields; f->key != NULL; f++) {
        if (f->kind == HR_FIELD_BOOL) {
            if (truth_of(a, f) != truth_of(b, f)) {
                return false;
            }
        } else if (number_of(a, f) < number_of(b, f) || number_of(a, f) > number_of(b, f)) {
            return false;
        }
    }
    return true;
}

/* Common pages are an amount or a share of what is used: who gives one means it alone. */
static void read_pages(const hr_tree *tree, const hr_node *pages, struct hr_os *os,
                       hr_diag *diag)
{
    if (hr_node_get(pages, "common_mib") != NULL) {
        os->common_used_frac = 0.0;
    } else if (hr_node_get(pages, "common_used_frac") != NULL) {
        os->common_mib = 0.0;
    }
    read_fields(tree, pages, PAGES, os, diag);
}

/* ---- reading
 * ---------------------------------------------------------------------------------- */

/* Findings about keys that none of the tables has. */
static void check_keys(const struct hr_scenario_reading *r, const hr_node *map,
                       const struct hr_field *fields, const struct hr_field *more)
{
    const char *keys[G_N_ELEMENTS(PAGES) + G_N_ELEMENTS(ROLE_PAGES)];
    size_t n = 0;
    for (const struct hr_field *f = fields; f->key != NULL; f++) {
        keys[n++] = f->key;
    }
    for (const struct hr_field *f = more; f != NULL && f->key != NULL; f++) {
        keys[n++] = f->key;
    }
    keys[n] = NULL;
    hr_node_check_keys(r->tree, map, keys, r->diag);
}

static void check_pages(const struct hr_scenario_reading *r, const hr_node *pages,
                        const struct hr_os *os)
{
    struct hr_os copy = *os;
    struct hr_role role = {.common_mib = 0.0};
    check_keys(r, pages, PAGES, ROLE_PAGES);
    if (hr_node_kind(pages) != HR_NODE_MAP) {
        return;
    }
    size_t n_before = hr_diag_count_severity(r->diag, HR_FATAL);
    read_pages(r->tree, pages, &copy, r->diag);
    read_fields(r->tree, pages, ROLE_PAGES, &role, r->diag);
    const hr_node *share = hr_node_get(pages, "common_used_frac");
    if (share != NULL && hr_node_get(pages, "common_mib") != NULL) {
        hr_node_fail(r->tree, share, r->diag, "common pages twice",
                     "either 'common_mib' or 'common_used_frac', not both");
    } else if (hr_diag_count_severity(r->diag, HR_FATAL) == n_before &&
               copy.zero_used_frac + copy.dup_frac + copy.common_used_frac > 1.0 + 1e-9) {
        hr_node_fail(r->tree, pages, r->diag, "page mix",
                     "zero, common and duplicate pages (%.10g + %.10g + %.10g) are more than "
                     "all used ones",
                     copy.zero_used_frac, copy.common_used_frac, copy.dup_frac);
    }
}

void hr_contents_check(const struct hr_scenario_reading *r, const hr_node *pages,
                       const hr_node *behaviour, const struct hr_os *os)
{
    if (pages != NULL) {
        check_pages(r, pages, os);
    }
    if (behaviour != NULL) {
        struct hr_role role = {.common_mib = 0.0};
        check_keys(r, behaviour, BEHAVIOUR, NULL);
        read_fields(r->tree, behaviour, BEHAVIOUR, &role, r->diag);
    }
}

/* Returns: base where nothing differs from it; else the copy of the file that is equal. */
static const struct hr_os *system_like(struct hr_scenario_file *file, const struct hr_os *base,
                                       const struct hr_os *wanted)
{
    if (is_equal(PAGES, base, wanted)) {
        return base;
    }
    for (guint i = 0; i < file->own_systems->len; i++) {
        const struct hr_os *own = g_ptr_array_index(file->own_systems, i);
        if (own->id == base->id && is_equal(PAGES, own, wanted)) {
            return own;
        }
    }
    struct hr_os *own = g_memdup2(wanted, sizeof *wanted);
    g_ptr_array_add(file->own_systems, own);
    return own;
}

static bool is_equal_role(const struct hr_role *a, const struct hr_role *b)
{
    return is_equal(BEHAVIOUR, a, b) && is_equal(ROLE_PAGES, a, b);
}

static const struct hr_role *role_like(struct hr_scenario_file *file,
                                       const struct hr_role *base, const struct hr_role *wanted)
{
    if (is_equal_role(base, wanted)) {
        return base;
    }
    for (guint i = 0; i < file->own_roles->len; i++) {
        const struct hr_role *own = g_ptr_array_index(file->own_roles, i);
        if (own->id == base->id && is_equal_role(own, wanted)) {
            return own;
        }
    }
    struct hr_role *own = g_memdup2(wanted, sizeof *wanted);
    g_ptr_array_add(file->own_roles, own);
    return own;
}

void hr_contents_lay_over(const hr_tree *tree, const hr_node *pages, const hr_node *behaviour,
                          struct hr_scenario_file *file, struct hr_scenario_guest *guest)
{
    g_autoptr(hr_diag) none = hr_diag_new(); /* it was checked already */
    if (pages != NULL) {
        struct hr_os os = *guest->os;
        read_pages(tree, pages, &os, none);
        const struct hr_os *own = system_like(file, guest->os, &os);
        guest->has_own_pages = own != guest->os;
        guest->os = own;
    }
    struct hr_role role = *guest->role;
    read_fields(tree, pages, ROLE_PAGES, &role, none);
    read_fields(tree, behaviour, BEHAVIOUR, &role, none);
    const struct hr_role *own = role_like(file, guest->role, &role);
    guest->has_own_behaviour = own != guest->role;
    guest->role = own;
}

void hr_contents_number_images(struct hr_guests *guests)
{
    g_autoptr(GHashTable) systems = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t g = 0; g < guests->n; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        if (guest->has_own_pages && guest->image_key == 0) {
            (void)g_hash_table_add(systems, guest->os->id);
        }
    }
    for (uint32_t g = 0; g < guests->n; g++) {
        struct hr_scenario_guest *guest = &guests->items[g];
        if (guest->image_key == 0 && g_hash_table_contains(systems, guest->os->id)) {
            guest->image_key =
                hr_hash_text(hr_hash_text(HR_HASH_START, "system "), guest->os->id);
        }
    }
}

/* ---- writing
 * ---------------------------------------------------------------------------------- */

static void append_fields(GString *out, const struct hr_field *fields, const void *entry,
                          const char *left_out)
{
    for (const struct hr_field *f = fields; f->key != NULL; f++) {
        if (g_strcmp0(f->key, left_out) == 0) {
            continue;
        }
        if (f->kind == HR_FIELD_BOOL) {
            g_string_append_printf(out, ", %s: %s", f->key, truth_of(entry, f) ? "yes" : "no");
        } else {
            hr_yaml_append_number(out, f->key, number_of(entry, f));
        }
    }
}

static void append_map(GString *out, const char *key, GString *entries)
{
    if (entries->len > 0) {
        g_string_append_printf(out, ", %s: {%s}", key, entries->str + strlen(", "));
    }
    g_string_free(entries, TRUE);
}

void hr_contents_append(GString *out, const struct hr_scenario_guest *guest)
{
    GString *pages = g_string_new(NULL);
    GString *behaviour = g_string_new(NULL);
    if (guest->has_own_pages) {
        append_fields(pages, PAGES, guest->os,
                      guest->os->common_used_frac > 0.0 ? "common_mib" : "common_used_frac");
    }
    if (guest->has_own_behaviour) {
        append_fields(pages, ROLE_PAGES, guest->role, NULL);
        append_fields(behaviour, BEHAVIOUR, guest->role, NULL);
    }
    append_map(out, "pages", pages);
    append_map(out, "behaviour", behaviour);
}
