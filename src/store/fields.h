/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/fields.h - which member of a row struct goes into which column. Internal to store. */
#ifndef HR_STORE_FIELDS_H
#define HR_STORE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "store/rows.h"

enum hr_field_kind {
    HR_FIELD_TEXT,          /* never NULL */
    HR_FIELD_OPTIONAL_TEXT, /* NULL is saved as '' */
    HR_FIELD_INT,
    HR_FIELD_INT64,
    HR_FIELD_BOOL,
    HR_FIELD_REAL,
    HR_FIELD_OPTIONAL_REAL /* NAN is saved as NULL */
};

struct hr_field {
    const char *column;
    size_t offset;
    enum hr_field_kind kind;
};

/* Parents stand before their children: rows are copied in this order. */
enum hr_table {
    HR_TABLE_STUDY,
    HR_TABLE_PLATFORM,
    HR_TABLE_PERIOD,
    HR_TABLE_FLOOR,
    HR_TABLE_CANDIDATE,
    HR_TABLE_SCENARIO,
    HR_TABLE_RUN,
    HR_TABLE_GUEST_RESULT,
    HR_TABLE_HOST_SERIES,
    HR_TABLE_EVENT,
    HR_TABLE_COST_LINE,
    HR_TABLE_DEPRECIATION,
    HR_TABLE_DELIVERED,
    HR_TABLE_FLIP,
    HR_TABLE_TORNADO,
    HR_TABLE_CLIFF,
    HR_TABLE_COST_PRICE,
    HR_TABLE_ENERGY,
    HR_TABLE_KEEP_OPTION,
    HR_TABLE_FINDING,
    HR_TABLE_ASSUMPTION,
    HR_TABLE_PROVENANCE,
    HR_TABLE_SWEEP,
    HR_TABLE_SWEEP_AXIS,
    HR_TABLE_SWEEP_PLATFORM,
    HR_TABLE_POINT,
    HR_TABLE_POINT_VALUE,
    HR_TABLE_SOBOL_INDEX,
    HR_TABLE__COUNT
};

/* A study's row with what the store itself adds. */
struct hr_study_record {
    const char *created_utc;
    struct hr_row_study row;
};

struct hr_table_info {
    const char *name;
    const char *parent; /* column with the id of the row above; the study's own id for study */
    const char *id;     /* column with the id that children refer to, or NULL */
    const struct hr_field *fields;
    size_t n_fields;
};

const struct hr_table_info *hr_table_info(enum hr_table table);

#endif
