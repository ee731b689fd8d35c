/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/handle.h - what a store holds. Internal to store. */
#ifndef HR_STORE_HANDLE_H
#define HR_STORE_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <sqlite3.h>

#include "store/fields.h"

struct hr_store {
    char *path;  /* as the user named it, for messages */
    char *file;  /* resolved */
    sqlite3 *db; /* reading: the file; writing: the study under way, in memory, or NULL */
    sqlite3_stmt *insert[HR_TABLE__COUNT]; /* prepared when first needed */
    bool is_writer;
    bool failed;         /* a row of the study under way was refused */
    int64_t n_op_budget; /* of one query, in operations of SQLite's virtual machine */
    int64_t n_op_left;
};

#endif
