/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog/pricebook_names.h - which price books there are; private to catalog/. */
#ifndef HR_CATALOG_PRICEBOOK_NAMES_H
#define HR_CATALOG_PRICEBOOK_NAMES_H

#include <stdbool.h>

#include <glib.h>

#include "base/diag.h"

/* The folder of books below hr_data_dir(data_dir). Owner: the caller. */
char *hr_pricebook_folder(const char *data_dir);

/* The names of the folder's books, oldest first. Owner: the caller; NULL with *error when there
 * is none. */
GPtrArray *hr_pricebook_names(const char *folder, GError **error);

/* Whether a book is among the names. A book of the past is meant so, but must not go unnoticed:
 * a note in diag. Returns: false with *error, which lists them, when it is not. */
bool hr_pricebook_check_name(const char *folder, const GPtrArray *names, const char *book,
                             hr_diag *diag, GError **error);

#endif
