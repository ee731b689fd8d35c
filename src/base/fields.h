/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/fields.h - a table that says how a YAML map becomes a struct: every key, its type, its
 * range and where it goes. Read by catalog/schema.h; here so that a memory policy can describe
 * its own parameters. */
#ifndef HR_BASE_FIELDS_H
#define HR_BASE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum hr_field_kind {
    HR_FIELD_DOUBLE,
    HR_FIELD_INT, /* int */
    HR_FIELD_BOOL,
    HR_FIELD_TEXT,   /* char *, not empty */
    HR_FIELD_ENUM,   /* an enum, by names */
    HR_FIELD_TEXTS,  /* char **, NULL-terminated, never NULL after reading */
    HR_FIELD_LEVELS, /* double[24] */
    HR_FIELD_MAP,    /* a struct of its own, by fields */
    HR_FIELD_MAP_AT, /* the same, in memory of its own: void *, NULL where the key is absent */
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
    size_t n_bytes;                /* of a map in memory of its own */
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

#endif
