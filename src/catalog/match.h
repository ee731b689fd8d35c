/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog/match.h - how texts of an inventory are compared with the catalogue's match lists.
 * Nothing here depends on the locale. */
#ifndef HR_CATALOG_MATCH_H
#define HR_CATALOG_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* An operating system's text in lower case, without trade marks, every run of blanks, commas,
 * hyphens and underscores one space. Owner: the caller. */
char *hr_match_system_text(const char *text);

/* Whether part stands in text as words: it neither begins within a word nor ends within a
 * number, so that "windows 1" is not found in "windows 10". */
bool hr_match_words(const char *text, const char *part);

/* A guest's name in lower case without its domain; blanks and underscores become hyphens.
 * Owner: the caller. */
char *hr_match_guest_name(const char *name);

/* Whether a shell pattern (* ? [a-z] [!a-z]) fits the whole text.
 * Cost: O(length of the text times length of the pattern). */
bool hr_match_pattern(const char *pattern, const char *text);

/* Literal characters of a pattern: what is neither a wildcard nor in brackets. */
size_t hr_match_literals(const char *pattern);

/* False for an empty pattern and for a bracket that is never closed. The others Require a
 * pattern. */
bool hr_match_is_pattern(const char *pattern);

#endif
