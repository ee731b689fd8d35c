/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/size_files.h - what `headroom size` writes beside its table: the bill of materials, and
 * the prices that the answers used. */
#ifndef HR_CLI_SIZE_FILES_H
#define HR_CLI_SIZE_FILES_H

#include <stdbool.h>

#include <glib.h>

#include "cli/size_output.h"

/* What is bought on each feasible platform, by rank, one row per cost line of capital; the
 * amounts of a platform add up to its capital cost. */
bool hr_size_write_bom(const struct hr_size_printed *printed, const char *path, GError **error);

/* Every price of the book that entered a cost line of an answer, once, in order of ids, in the
 * columns of a file for --prices and in the currency of the book. */
bool hr_size_write_prices(const struct hr_size_printed *printed, const char *path,
                          GError **error);

#endif
