/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include <string.h>

#include <getopt.h>

#include "base/error.h"
#include "base/text.h"

enum { MOST_OPTIONS = 64 };

static int count(const struct hr_option *table)
{
    int n = 0;
    while (table[n].name != NULL) {
        n++;
    }
    hr_assert(n <= MOST_OPTIONS);
    return n;
}

static int find(const struct hr_option *table, const char *name)
{
    for (int i = 0; table[i].name != NULL; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return i;
        }
    }
    hr_assert(false); /* a name that is not in the table is a bug */
    return -1;
}

/* getopt's view of the table: long options numbered by row, short ones by letter. */
static void describe(const struct hr_option *table, int n, struct option *longs, char *shorts)
{
    char *p = shorts;
    *p++ = ':'; /* a missing value is told from an unknown option */
    for (int i = 0; i < n; i++) {
        int takes = table[i].argument != NULL ? required_argument : no_argument;
        longs[i] = (struct option){.name = table[i].name, .has_arg = takes, .val = 256 + i};
        if (table[i].letter != 0) {
            *p++ = table[i].letter;
            if (takes == required_argument) {
                *p++ = ':';
            }
        }
    }
    longs[n] = (struct option){0};
    *p = '\0';
}

static int row_of(const struct hr_option *table, int n, int code)
{
    if (code >= 256) {
        return code - 256;
    }
    for (int i = 0; i < n; i++) {
        if (table[i].letter == code) {
            return i;
        }
    }
    return -1;
}

bool hr_options_parse(int argc, char **argv, const struct hr_option *table,
                      struct hr_options *out, GError **error)
{
    int n = count(table);
    struct option longs[MOST_OPTIONS + 1];
    char shorts[2 * MOST_OPTIONS + 2];
    describe(table, n, longs, shorts);
    *out = (struct hr_options){.table = table, .values = g_new0(GPtrArray *, (gsize)n)};
    opterr = 0;
    optind = 1;
    for (;;) {
        int code = getopt_long(argc, argv, shorts, longs, NULL);
        if (code == -1) {
            break;
        }
        if (code == '?' || code == ':') {
            const char *what = code == ':' ? "needs a value" : "is not known, or is ambiguous";
            /* getopt has just stepped past the word; of short options in one word it has not.
             */
            const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
            if (optopt > 0 && optopt < 256) {
                g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "option -%c %s", optopt, what);
            } else {
                g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "option %s %s", word, what);
            }
            hr_options_clear(out);
            return false;
        }
        int row = row_of(table, n, code);
        if (out->values[row] == NULL) {
            out->values[row] = g_ptr_array_new();
        }
        g_ptr_array_add(out->values[row], optarg != NULL ? optarg : argv[0]);
    }
    out->operands = argv + optind;
    out->n_operands = argc - optind;
    return true;
}

void hr_options_clear(struct hr_options *options)
{
    for (int i = 0; options->values != NULL && options->table[i].name != NULL; i++) {
        if (options->values[i] != NULL) {
            g_ptr_array_free(options->values[i], TRUE);
        }
    }
    g_free(options->values);
    *options = (struct hr_options){0};
}

bool hr_options_has(const struct hr_options *options, const char *name)
{
    return options->values[find(options->table, name)] != NULL;
}

const char *hr_options_get(const struct hr_options *options, const char *name)
{
    const GPtrArray *values = options->values[find(options->table, name)];
    return values != NULL ? g_ptr_array_index(values, values->len - 1) : NULL;
}

const char **hr_options_all(const struct hr_options *options, const char *name)
{
    const GPtrArray *values = options->values[find(options->table, name)];
    guint n = values != NULL ? values->len : 0;
    const char **all = g_new0(const char *, n + 1);
    for (guint i = 0; i < n; i++) {
        all[i] = g_ptr_array_index(values, i);
    }
    return all;
}

bool hr_options_int(const struct hr_options *options, const char *name, int64_t least,
                    int64_t most, int64_t *out, GError **error)
{
    const char *text = hr_options_get(options, name);
    if (text != NULL && !hr_parse_int(text, least, most, out)) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--%s \"%s\": a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                    " is expected",
                    name, text, least, most);
        return false;
    }
    return true;
}

bool hr_options_double(const struct hr_options *options, const char *name, double least,
                       double most, double *out, GError **error)
{
    const char *text = hr_options_get(options, name);
    double value = 0.0;
    if (text == NULL) {
        return true;
    }
    if (!hr_parse_double(text, &value) || value < least || value > most) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--%s \"%s\": a number from %g to %g is expected", name, text, least, most);
        return false;
    }
    *out = value;
    return true;
}

bool hr_options_choice(const struct hr_options *options, const char *name,
                       const char *const *names, int *out, GError **error)
{
    const char *text = hr_options_get(options, name);
    if (text == NULL) {
        return true;
    }
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = i;
            return true;
        }
    }
    g_autofree char *all = g_strjoinv(", ", (char **)(gpointer)(guintptr)names);
    g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "--%s \"%s\": one of %s is expected", name,
                text, all);
    return false;
}

void hr_options_print(const struct hr_option *table, FILE *out)
{
    for (int i = 0; table[i].name != NULL; i++) {
        g_autofree char *words =
            table[i].letter != 0
                ? g_strdup_printf("-%c, --%s%s%s", table[i].letter, table[i].name,
                                  table[i].argument != NULL ? " " : "",
                                  table[i].argument != NULL ? table[i].argument : "")
                : g_strdup_printf("--%s%s%s", table[i].name,
                                  table[i].argument != NULL ? " " : "",
                                  table[i].argument != NULL ? table[i].argument : "");
        fprintf(out, "  %-28s %s\n", words, table[i].help);
    }
}
