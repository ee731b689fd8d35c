/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom inventory: reads, checks and sums up an inventory; converts it to the own dialect.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/inventory_output.h"
#include "cli/subcommand.h"

static const struct hr_option options_table[] = {
    {"to", 0, "FILE.csv", "writes the guests in headroom's own dialect; - is standard output"},
    {"cluster", 0, "NAME", "only the guests and hosts of this cluster"},
    {"strict", 0, NULL, "rows of a foreign export that cannot be used are errors"},
    {"json", 0, NULL, "the summary as JSON on standard output"},
    {"quiet", 'q', NULL, "no notes, nothing of what was mended or skipped"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

static int compare_skipped(const void *left, const void *right)
{
    const struct hr_skipped *a = left;
    const struct hr_skipped *b = right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return strcmp(a->reason, b->reason);
}

/* The rows left out, counted by reason. Returns: struct hr_skipped; texts borrowed of diag. */
static GArray *count_skipped(const hr_diag *diag)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct hr_skipped));
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        if (f->severity != HR_SKIPPED) {
            continue;
        }
        guint at = 0;
        while (at < all->len &&
               strcmp(g_array_index(all, struct hr_skipped, at).reason, f->reason) != 0) {
            at++;
        }
        if (at == all->len) {
            struct hr_skipped first = {.reason = f->reason};
            g_array_append_val(all, first);
        }
        g_array_index(all, struct hr_skipped, at).count++;
    }
    g_array_sort(all, compare_skipped);
    return all;
}

static void print(const struct hr_options *words, const struct hr_inventory *inventory,
                  const hr_diag *diag)
{
    g_autoptr(GArray) skipped = count_skipped(diag);
    const void *rows = skipped->data;
    struct hr_inventory_printed printed = {
        .inventory = inventory, .diag = diag, .skipped = rows, .n_skipped = skipped->len};
    if (hr_options_has(words, "json")) {
        hr_inventory_print_json(&printed, stdout);
    } else {
        hr_inventory_print_text(&printed, stdout);
    }
}

static bool check_words(const struct hr_options *words, GError **error)
{
    const char *to = hr_options_get(words, "to");
    if (words->n_operands != 1) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    words->n_operands == 0 ? "an inventory is expected: a file, a folder or -"
                                           : "one inventory is expected, %d were given",
                    words->n_operands);
        return false;
    }
    if (to != NULL && *to == '\0') {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "--to \"\": the name of a file is wanted");
        return false;
    }
    if (to != NULL && strcmp(to, "-") == 0 && hr_options_has(words, "json")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--to - and --json both want standard output; name a file for one");
        return false;
    }
    return true;
}

/* Converting to standard output leaves no room there for a summary. */
static bool steps(const struct hr_options *words, hr_diag *diag, GError **error)
{
    const char *to = hr_options_get(words, "to");
    struct hr_inventory_options options = {.strict = hr_options_has(words, "strict"),
                                           .cluster = hr_options_get(words, "cluster")};
    g_autoptr(hr_inventory) inventory =
        hr_inventory_load(words->operands[0], &options, diag, error);
    if (inventory == NULL) {
        return false;
    }
    if (to != NULL && !hr_inventory_write_csv(inventory, to, error)) {
        return false;
    }
    if (to == NULL || strcmp(to, "-") != 0) {
        print(words, inventory, diag);
    }
    return true;
}

static int run(const struct hr_options *words, GError **error)
{
    if (!check_words(words, error)) {
        return HR_ERROR_USAGE;
    }
    g_autoptr(hr_diag) diag = hr_diag_new();
    bool ok = steps(words, diag, error);
    hr_diag_print(diag, hr_options_has(words, "quiet") ? HR_FATAL : HR_NOTE, stderr);
    if (!ok && error != NULL && *error == NULL) {
        (void)hr_diag_failed(diag, error);
    }
    return EXIT_SUCCESS;
}

const struct hr_subcommand hr_cmd_inventory = {
    .name = "inventory",
    .operands = "FILE",
    .summary = "Reads, checks and sums up an inventory; converts it to headroom's own dialect",
    .options = options_table,
    .run = run,
};
