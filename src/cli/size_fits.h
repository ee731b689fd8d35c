/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/size_fits.h - on which storage and servers each platform of a sizing stands: those of the
 * study, or those its file names. */
#ifndef HR_CLI_SIZE_FITS_H
#define HR_CLI_SIZE_FITS_H

#include <glib.h>

#include "catalog/catalog.h"
#include "study/size.h"

/* The storage of the study: by name, else the usual one of the book. name: NULL for none given;
 * book: for the message. Returns: borrowed; NULL with *error when the book does not sell it. */
const struct hr_storage *hr_size_choose_storage(const hr_catalog *catalog, const char *name,
                                                const char *book, GError **error);

/* The platforms that have a storage or servers of their own. A platform's list of servers is
 * taken as far as the book sells them; where servers are named and some of them are on the
 * list, only these. platforms: NULL-terminated; named: NULL-terminated, may be empty. Returns:
 * the list for hr_size_options, ended by a platform of NULL; free it with hr_size_fits_free().
 * Never NULL. */
struct hr_size_fit *hr_size_fits_of(const hr_catalog *catalog,
                                    const struct hr_platform *const *platforms,
                                    const char *const *named);
void hr_size_fits_free(struct hr_size_fit *fits);

#endif
