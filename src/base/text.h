/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/text.h - numbers and names as they stand in files. Nothing here depends on the locale.
 */
#ifndef HR_BASE_TEXT_H
#define HR_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* Reads a whole decimal integer; spaces around it are allowed, "010", "0x10" and "5x" are not.
 * Returns: false when the text is not one or lies outside [least, most]; *out is untouched. */
bool hr_parse_int(const char *text, int64_t least, int64_t most, int64_t *out);

/* Reads a finite decimal number with a point. Returns: false for anything else. */
bool hr_parse_double(const char *text, double *out);

/* FNV-1a of the bytes, continued from hash; start with HR_HASH_START. The same on every
 * machine. */
#define HR_HASH_START UINT64_C(14695981039346656037)
uint64_t hr_hash_bytes(uint64_t hash, const void *bytes, size_t n_bytes);
uint64_t hr_hash_text(uint64_t hash, const char *text);

/* Returns: the name of the list nearest to text by edit distance, or NULL when none is near
 * (more than a third of its letters differ). names ends with NULL. Borrowed from names. */
const char *hr_nearest_name(const char *text, const char *const *names);

#endif
