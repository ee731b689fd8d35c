/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inventory/dialect.h - what a dialect of inventory files is, and what it fills.
 *
 * A dialect looks at headings and bids; the best bid reads all sheets. It never sees file
 * names. Owner: the draft owns what was added to it until hr_draft_finish() turns it into an
 * inventory.
 */
#ifndef HR_INVENTORY_DIALECT_H
#define HR_INVENTORY_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "base/sheet.h"
#include "inventory/inventory.h"

/* More than any hypervisor gives a guest: whatever is above is a mistake of unit or of column.
 */
#define HR_GUEST_MAX_VCPUS 4096
#define HR_GUEST_MAX_MIB   (64.0 * 1024 * 1024)
#define HR_GUEST_MAX_GIB   (16.0 * 1024 * 1024) /* of disks */
#define HR_VCPU_MAX_MHZ    10000.0
#define HR_GUESTS_MAX      1000000

/* The sheets of one call: one for a file, several for a folder. */
struct hr_source {
    hr_sheet *const *sheets;
    size_t n_sheets;
    bool is_folder;
};

/* An inventory in the making. */
struct hr_draft {
    GArray *guests; /* struct hr_inventory_guest */
    GArray *hosts;  /* struct hr_inventory_host */
    GArray
        *clusters; /* struct hr_inventory_cluster: what a file says of clusters without hosts */
    hr_diag *diag;
    size_t n_fatal_before; /* findings that were there already */
    size_t n_skipped_before;
    bool is_strict;
};

struct hr_dialect {
    const char *name;
    /* 0: not mine; up to 100: every mandatory column has its proper name. */
    int (*bid)(const hr_sheet *sheet);
    /* Fills the draft; what is wrong goes to its diag. */
    void (*read)(const struct hr_source *source, struct hr_draft *draft);
    /* Says why the dialect's mandatory columns are not all there, for a file no one bids on. */
    const char *mandatory;
};

/* The dialects, ended by NULL. */
extern const struct hr_dialect *const hr_dialects[];

/* Returns: the dialect with the highest bid on any of the sheets; NULL when none is above 0. */
const struct hr_dialect *hr_dialect_choose(const struct hr_source *source);

/* ---- Filling the draft ---- */

struct hr_draft *hr_draft_new(hr_diag *diag, bool is_strict);
void hr_draft_free(struct hr_draft *draft);

/* A guest with every number unknown and every text empty. */
struct hr_inventory_guest hr_guest_blank(void);
void hr_guest_clear(struct hr_inventory_guest *guest);
/* Replaces a text of a guest, host or cluster. */
void hr_text_set(char **text, const char *value);

/* A row that cannot be used: skipped, or an error when the user asked for strictness. */
void hr_draft_skip(struct hr_draft *draft, const hr_sheet *sheet, size_t row,
                   const char *reason, const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Returns: true with a fatal finding when the sheet has more rows than guests are read. */
bool hr_draft_refuse_length(struct hr_draft *draft, const hr_sheet *sheet);

/* Canonical order, clusters with their sums; only options->cluster when that is set. The
 * draft's rows move into the inventory. Returns: NULL when a fatal finding stands in the
 * draft's diag, also "no guest is left". */
struct hr_inventory *hr_draft_finish(struct hr_draft *draft, const struct hr_source *source,
                                     const char *dialect, const char *cluster);

typedef struct hr_draft hr_draft;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_draft, hr_draft_free)

#endif
