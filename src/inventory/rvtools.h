/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inventory/rvtools.h - RVTools exports: one CSV file per tab, joined by guest.
 *
 * Known: 4.x, 3.9 (the same names with "MB" for what always was MiB) and the internal names
 * (vInfoVMName). A tab is told by its columns. vMemory and vCPU win over vInfo.
 */
#ifndef HR_INVENTORY_RVTOOLS_H
#define HR_INVENTORY_RVTOOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/sheet.h"
#include "inventory/columns.h"
#include "inventory/dialect.h"
#include "inventory/number.h"

enum hr_rv_tab {
    HR_RV_INFO,
    HR_RV_MEMORY,
    HR_RV_CPU,
    HR_RV_DISK,
    HR_RV_HOST,
    HR_RV_CLUSTER,
    HR_RV__COUNT /* also: no tab that is known */
};

/* What is read of any tab; each tab has some of them. */
enum hr_rv_field {
    HR_RVF_NAME,
    HR_RVF_ID,   /* VM ID: unique in one vCenter */
    HR_RVF_UUID, /* VM UUID, else SMBIOS UUID */
    HR_RVF_SDK,  /* the vCenter's UUID: tells equal VM IDs of joined exports apart */
    HR_RVF_FOLDER,
    HR_RVF_SITE,
    HR_RVF_CLUSTER,
    HR_RVF_HOST,
    HR_RVF_OS,
    HR_RVF_OS_TOOLS,
    HR_RVF_POWER,
    HR_RVF_TEMPLATE,
    HR_RVF_PLACEHOLDER,
    HR_RVF_PRIORITY,
    HR_RVF_MODEL,
    HR_RVF_CPUS, /* from here on: numbers */
    HR_RVF_MEMORY,
    HR_RVF_ACTIVE,
    HR_RVF_CONSUMED,
    HR_RVF_RESERVATION,
    HR_RVF_LIMIT,
    HR_RVF_SHARES,
    HR_RVF_OVERALL, /* MHz used at the moment of the export */
    HR_RVF_DISK,    /* capacity */
    HR_RVF_PROVISIONED,
    HR_RVF_IN_USE,
    HR_RVF_SPEED,
    HR_RVF_SOCKETS,
    HR_RVF_CORES_PER_SOCKET,
    HR_RVF_CORES,
    HR_RVF_HOSTS,
    HR_RVF__COUNT
};

struct hr_rv_sheet {
    const hr_sheet *sheet; /* NULL: the export has no such tab */
    enum hr_rv_tab tab;
    struct hr_notation notation;
    bool has_marks; /* some number has a mark between thousands or before decimals */
    struct hr_column columns[HR_RVF__COUNT];
};

/* Returns: which tab the columns are of; HR_RV__COUNT when none. */
enum hr_rv_tab hr_rv_tab_of(const hr_sheet *sheet);
const char *hr_rv_tab_name(enum hr_rv_tab tab);

/* Finds the columns and how numbers are written. Returns: false with fatal findings. */
bool hr_rv_open(struct hr_rv_sheet *rv, const hr_sheet *sheet, enum hr_rv_tab tab,
                hr_diag *diag);
bool hr_rv_has(const struct hr_rv_sheet *rv, enum hr_rv_field field);
/* Returns: the heading of the field's column, "" when there is none. */
const char *hr_rv_heading(const struct hr_rv_sheet *rv, enum hr_rv_field field);
/* Returns: the cell, "" when there is no such column. */
const char *hr_rv_text(const struct hr_rv_sheet *rv, size_t row, enum hr_rv_field field);
/* In MiB where the heading has a unit of memory. */
enum hr_number_result hr_rv_number(const struct hr_rv_sheet *rv, size_t row,
                                   enum hr_rv_field field, double *out);
bool hr_rv_yes(const struct hr_rv_sheet *rv, size_t row, enum hr_rv_field field);

/* ---- Joining ---- */

/* The rows of a tab by VM ID, UUID and name. */
struct hr_rv_index {
    const struct hr_rv_sheet *rv;
    GHashTable *by_id; /* text → GArray of uint32_t rows */
    GHashTable *by_uuid;
    GHashTable *by_name;
};

enum hr_rv_match {
    HR_RV_MATCH_NONE,
    HR_RV_MATCH_FOUND,
    HR_RV_MATCH_AMBIGUOUS /* only the name fits, and not it alone */
};

void hr_rv_index_init(struct hr_rv_index *index, const struct hr_rv_sheet *rv);
void hr_rv_index_clear(struct hr_rv_index *index);

/* Finds the rows of another tab for a row of vInfo, by VM ID, else UUID, else name and folder.
 * rows (uint32_t) is emptied and filled; vDisk has several for a guest. */
enum hr_rv_match hr_rv_match(const struct hr_rv_index *index, const struct hr_rv_index *info,
                             size_t info_row, GArray *rows);

/* ---- Hosts and clusters ---- */

/* Adds the hosts of vHost and the facts of vCluster (either may have no sheet). */
void hr_rv_read_hosts(const struct hr_rv_sheet *hosts, const struct hr_rv_sheet *clusters,
                      struct hr_draft *draft);

extern const struct hr_dialect hr_dialect_rvtools;

#endif
