/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom catalog: what data/ knows, with the source of each value. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/catalog_output.h"
#include "cli/subcommand.h"

enum { LISTED_MOST = 40 }; /* names that a message lists; more would hide it */

static const struct hr_option options_table[] = {
    {"json", 0, NULL, "the same as JSON on standard output"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

/* Everything one call works with; cleared in one place. */
struct call {
    const struct hr_options *words;
    const struct hr_catalog_kind *kind; /* NULL: all kinds */
    hr_diag *diag;
    hr_catalog *catalog;
    hr_pricebook *book;
    struct hr_catalog_source source;
};

static void call_clear(struct call *call)
{
    hr_pricebook_free(call->book);
    hr_catalog_free(call->catalog);
    hr_diag_free(call->diag);
}

/* Says which known name is nearest, else all of them when they are few. */
static void refuse(const char *what, const char *name, const char *const *known, GError **error)
{
    const char *nearest = hr_nearest_name(name, known);
    size_t n = g_strv_length((char **)(gpointer)(guintptr)known);
    if (nearest != NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "no %s \"%s\" in the catalogue; did you mean %s?", what, name, nearest);
    } else if (n <= LISTED_MOST) {
        g_autofree char *all = g_strjoinv(", ", (char **)(gpointer)(guintptr)known);
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "no %s \"%s\" in the catalogue; there are %s", what, name, all);
    } else {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "no %s \"%s\" in the catalogue; `headroom catalog` with the kind alone "
                    "lists the %zu there are",
                    what, name, n);
    }
}

static bool choose_kind(struct call *call, GError **error)
{
    const char *known[16] = {NULL};
    if (call->words->n_operands == 0) {
        return true;
    }
    for (size_t i = 0; hr_catalog_kinds[i].name != NULL; i++) {
        hr_assert(i + 1 < G_N_ELEMENTS(known));
        known[i] = hr_catalog_kinds[i].name;
        if (strcmp(known[i], call->words->operands[0]) == 0) {
            call->kind = &hr_catalog_kinds[i];
            return true;
        }
    }
    refuse("kind", call->words->operands[0], known, error);
    return false;
}

static bool load(struct call *call, GError **error)
{
    call->catalog = hr_catalog_load_book(NULL, HR_CATALOG_EVERY_BOOK, call->diag, error);
    if (call->catalog == NULL) {
        return false;
    }
    call->book =
        hr_pricebook_load(hr_catalog_dir(call->catalog), NULL, NULL, "USD", call->diag, error);
    call->source = (struct hr_catalog_source){.catalog = call->catalog, .book = call->book};
    return call->book != NULL;
}

static void print_json(json_t *document)
{
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    (void)puts(text);
    free(text);
    json_decref(document);
}

static void print_kinds(const struct call *call)
{
    static const struct hr_grid_column columns[] = {
        {"kind", "kind", false}, {"entries", "entries", true}, {"what", "what", false}};
    g_autoptr(hr_grid) grid = hr_grid_new(columns, G_N_ELEMENTS(columns));
    for (const struct hr_catalog_kind *kind = hr_catalog_kinds; kind->name != NULL; kind++) {
        hr_grid_add(grid, "%s", kind->name);
        hr_grid_add(grid, "%zu", kind->count(&call->source));
        hr_grid_add(grid, "%s", kind->what);
    }
    if (hr_options_has(call->words, "json")) {
        print_json(json_pack("{s:o}", "kinds", hr_catalog_list_json(grid)));
    } else {
        hr_grid_print(grid, 0, stdout);
    }
}

static bool is_prices(const struct call *call)
{
    return strcmp(call->kind->name, "prices") == 0;
}

static void print_list(const struct call *call)
{
    g_autoptr(hr_grid) grid = hr_catalog_list(call->kind, &call->source);
    if (hr_options_has(call->words, "json")) {
        json_t *document = json_pack("{s:s}", "kind", call->kind->name);
        if (is_prices(call)) {
            (void)json_object_set_new(document, "book",
                                      json_string(hr_pricebook_name(call->book)));
            (void)json_object_set_new(document, "month",
                                      json_string(hr_pricebook_month(call->book)));
        }
        (void)json_object_set_new(document, "entries", hr_catalog_list_json(grid));
        print_json(document);
        return;
    }
    hr_grid_print(grid, 0, stdout);
    if (is_prices(call)) {
        printf("\nbook %s, as of %s; * recalled or assumed\n", hr_pricebook_name(call->book),
               hr_pricebook_month(call->book));
    }
}

/* The file is read again as a tree: what it says, in its words and its order. */
static bool print_entry(const struct call *call, const char *id, GError **error)
{
    g_autofree char *file = g_strconcat(id, ".yaml", NULL);
    g_autofree char *path =
        g_build_filename(hr_catalog_dir(call->catalog), call->kind->name, file, NULL);
    g_autoptr(hr_tree) tree = hr_tree_load(path, call->diag, error);
    if (tree == NULL) {
        return false;
    }
    if (!hr_options_has(call->words, "json")) {
        hr_catalog_show(tree, id, stdout);
        return true;
    }
    json_t *document = json_pack("{s:s, s:s}", "kind", call->kind->name, "id", id);
    json_t *shown = hr_catalog_show_json(tree);
    (void)json_object_update(document, shown);
    json_decref(shown);
    print_json(document);
    return true;
}

static void print_price(const struct call *call, const char *id)
{
    const struct hr_price *price = hr_pricebook_get(call->book, id);
    const char *currency = hr_pricebook_currency(call->book);
    if (!hr_options_has(call->words, "json")) {
        hr_catalog_show_price(price, currency, stdout);
        return;
    }
    json_t *document = json_pack("{s:s}", "kind", call->kind->name);
    json_t *shown = hr_catalog_show_price_json(price, currency);
    (void)json_object_update(document, shown);
    json_decref(shown);
    print_json(document);
}

static bool show(const struct call *call, GError **error)
{
    const char *wanted = call->words->operands[1];
    size_t n = call->kind->count(&call->source);
    g_autofree const char **known = g_new0(const char *, n + 1);
    bool is_known = false;
    for (size_t i = 0; i < n; i++) {
        known[i] = call->kind->id_at(&call->source, i);
        is_known = is_known || strcmp(known[i], wanted) == 0;
    }
    if (!is_known) {
        g_autofree char *what = g_strconcat("entry of ", call->kind->name, NULL);
        refuse(what, wanted, known, error);
        return false;
    }
    if (is_prices(call)) {
        print_price(call, wanted);
        return true;
    }
    return print_entry(call, wanted, error);
}

static bool steps(struct call *call, GError **error)
{
    if (!choose_kind(call, error) || !load(call, error)) {
        return false;
    }
    if (call->kind == NULL) {
        print_kinds(call);
        return true;
    }
    if (call->words->n_operands == 1) {
        print_list(call);
        return true;
    }
    return show(call, error);
}

static int run(const struct hr_options *words, GError **error)
{
    if (words->n_operands > 2) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "at most a kind and a name are expected, %d words were given",
                    words->n_operands);
        return HR_ERROR_USAGE;
    }
    struct call call = {.words = words, .diag = hr_diag_new()};
    bool ok = steps(&call, error);
    hr_diag_print(call.diag, HR_FATAL, stderr);
    if (!ok && error != NULL && *error == NULL) {
        (void)hr_diag_failed(call.diag, error);
    }
    call_clear(&call);
    return EXIT_SUCCESS;
}

const struct hr_subcommand hr_cmd_catalog = {
    .name = "catalog",
    .operands = "[KIND [NAME]]",
    .summary =
        "Shows platforms, servers, storage, systems, roles and prices with their sources",
    .options = options_table,
    .run = run,
};
