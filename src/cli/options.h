/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/options.h - one table of options per subcommand feeds the parser and --help.
 *
 * Values are kept as text; the typed getters read them strictly and say which option is off.
 */
#ifndef HR_CLI_OPTIONS_H
#define HR_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

struct hr_option {
    const char *name;     /* long name, without dashes; NULL ends the table */
    char letter;          /* short form, or 0 */
    const char *argument; /* name of its value in --help; NULL: a switch */
    const char *help;     /* one line */
};

/* The words of a call, taken apart. */
struct hr_options {
    const struct hr_option *table;
    GPtrArray **values; /* by option: its values in order; switches: one "" per mention */
    char **operands;    /* what is not an option; NULL-terminated, borrowed from argv */
    int n_operands;
};

/* argv[0] is the subcommand. Fails: HR_ERROR_USAGE naming the word that is off. */
bool hr_options_parse(int argc, char **argv, const struct hr_option *table,
                      struct hr_options *out, GError **error);
void hr_options_clear(struct hr_options *options);

bool hr_options_has(const struct hr_options *options, const char *name);
/* The last value given, or NULL. */
const char *hr_options_get(const struct hr_options *options, const char *name);
/* All values given, NULL-terminated; the caller's to g_free (not the texts). */
const char **hr_options_all(const struct hr_options *options, const char *name);

/* *out keeps its value when the option is absent. */
bool hr_options_int(const struct hr_options *options, const char *name, int64_t least,
                    int64_t most, int64_t *out, GError **error);
bool hr_options_double(const struct hr_options *options, const char *name, double least,
                       double most, double *out, GError **error);
/* Index among names (NULL-terminated). */
bool hr_options_choice(const struct hr_options *options, const char *name,
                       const char *const *names, int *out, GError **error);

/* Prints "  -o, --output FILE  what it does" for each option. */
void hr_options_print(const struct hr_option *table, FILE *out);

#endif
