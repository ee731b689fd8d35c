/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog/schema.h - reads a YAML map into a struct by a table of fields, for the catalogue
 * alone.
 *
 * A table names every key an entry may have, its type, its range and where it goes; what the
 * table does not name is a finding. Every number needs an origin in the entry's "sources":
 * under its own key, under the map it stands in, or under "default". An origin begins with its
 * evidence: measured, found, derived, recalled, assumed or fitted.
 */
#ifndef HR_CATALOG_SCHEMA_H
#define HR_CATALOG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "base/tree.h"
#include "catalog/catalog.h"

enum hr_field_kind {
    HR_FIELD_DOUBLE,
    HR_FIELD_INT, /* int */
    HR_FIELD_BOOL,
    HR_FIELD_TEXT,   /* char *, not empty */
    HR_FIELD_ENUM,   /* an enum, by names */
    HR_FIELD_TEXTS,  /* char **, NULL-terminated, never NULL after reading */
    HR_FIELD_LEVELS, /* double[24] */
    HR_FIELD_MAP,    /* a struct of its own, by fields */
    HR_FIELD_CUSTOM  /* known, read by the entry's own code */
};

struct hr_field {
    const char *key; /* NULL ends a table */
    enum hr_field_kind kind;
    bool is_required;
    size_t offset;
    double least; /* of numbers */
    double most;
    const char *const *names;      /* of an enum, NULL-terminated */
    const struct hr_field *fields; /* of a map */
};

#define HR_REQUIRED true
#define HR_OPTIONAL false
#define HR_FIELD_NUMBER(type, member, needed, low, high)                                       \
    {                                                                                          \
        .key = #member, .kind = HR_FIELD_DOUBLE, .is_required = (needed),                      \
        .offset = offsetof(type, member), .least = (low), .most = (high)                       \
    }
#define HR_FIELD_COUNT(type, member, needed, low, high)                                        \
    {                                                                                          \
        .key = #member, .kind = HR_FIELD_INT, .is_required = (needed),                         \
        .offset = offsetof(type, member), .least = (low), .most = (high)                       \
    }
/* A field without range: text, truth value, list of texts, levels, map. */
#define HR_FIELD_OF(type, member, kind_, needed)                                               \
    {                                                                                          \
        .key = #member, .kind = (kind_), .is_required = (needed),                              \
        .offset = offsetof(type, member)                                                       \
    }
#define HR_FIELD_ONE_OF(type, member, needed, names_)                                          \
    {                                                                                          \
        .key = #member, .kind = HR_FIELD_ENUM, .is_required = (needed),                        \
        .offset = offsetof(type, member), .names = (names_)                                    \
    }
#define HR_FIELD_STRUCT(type, member, needed, fields_)                                         \
    {                                                                                          \
        .key = #member, .kind = HR_FIELD_MAP, .is_required = (needed),                         \
        .offset = offsetof(type, member), .fields = (fields_)                                  \
    }

struct hr_entry_file {
    const hr_tree *tree;
    hr_diag *diag;
};

/* Reads the root map of a file into *out, a zeroed struct of defaults, and its "sources" into
 * *origins. All findings are made, not only the first. Owner: the caller, hr_fields_clear(). */
void hr_entry_read(const struct hr_entry_file *file, const struct hr_field *fields, void *out,
                   struct hr_origins *origins);

/* Reads one map inside an entry, such as an element of a list. */
void hr_fields_read(const struct hr_entry_file *file, const hr_node *map,
                    const struct hr_field *fields, void *out);

/* Frees texts and lists and leaves NULL in their place. */
void hr_fields_clear(const struct hr_field *fields, void *out);
void hr_origins_clear(struct hr_origins *origins);

/* Returns: the list under key, or NULL with a finding when the value is no list; an absent key
 * is NULL without a finding. */
const hr_node *hr_entry_list(const struct hr_entry_file *file, const hr_node *map,
                             const char *key);

/* A fatal finding at the key's value, or at the map when the key is absent. */
void hr_entry_fail(const struct hr_entry_file *file, const hr_node *map, const char *key,
                   const char *reason, const char *format, ...) G_GNUC_PRINTF(5, 6);

#endif
