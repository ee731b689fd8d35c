/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom reprice: a stored sizing at other prices, without simulating again. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "cli/grid.h"
#include "cli/subcommand.h"
#include "study/stored_price.h"

static const struct hr_option options_table[] = {
    {"prices", 0, "FILE", "prices laid over the study's book; repeatable, later ones win"},
    {"study", 0, "N", "number of the study (default: the last)"},
    {"output", 'o', "DB", "results database the new study is appended to"},
    {"json", 0, NULL, "the result as JSON on standard output"},
    {"quiet", 'q', NULL, "no notes"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

/* Everything one call works with; cleared in one place. */
struct call {
    const struct hr_options *words;
    hr_diag *diag;
    hr_pricebook *book;
    struct hr_stored_study study;
};

/* The book that the study was priced with, or the year named, and the files over it. */
static bool read_prices(struct call *call, GError **error)
{
    g_autofree const char **given = hr_options_all(call->words, "prices");
    g_autoptr(GPtrArray) overlays = g_ptr_array_new();
    const char *book = call->study.price_book;
    for (const char **text = given; *text != NULL; text++) {
        if (hr_pricebook_is_name(*text)) {
            book = *text;
        } else {
            g_ptr_array_add(overlays, (gpointer)(guintptr)*text);
        }
    }
    g_ptr_array_add(overlays, NULL);
    call->book = hr_pricebook_load(NULL, book, (const char *const *)overlays->pdata,
                                   call->study.currency, call->diag, error);
    return call->book != NULL;
}

/* Paths as base names, so that equal calls are equal. Owner: the caller. */
static char *command_text(const struct call *call)
{
    g_autofree char *name = g_path_get_basename(call->words->operands[0]);
    g_autofree const char **given = hr_options_all(call->words, "prices");
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "headroom reprice %s --study %" G_GINT64_FORMAT, name,
                           call->study.study_id);
    for (const char **file = given; *file != NULL; file++) {
        g_autofree char *base = g_path_get_basename(*file);
        g_string_append_printf(text, " --prices %s", base);
    }
    return g_string_free(text, FALSE);
}

static void add_money(hr_grid *grid, int64_t cents)
{
    g_autofree char *text = hr_grid_thousands((double)cents / 100.0);
    hr_grid_add(grid, "%s", text);
}

static void print_text(const struct call *call)
{
    static const struct hr_grid_column columns[] = {
        {"platform", NULL, false}, {"cluster", NULL, false}, {"capital", NULL, true},
        {"running", NULL, true},   {"TCO", NULL, true},      {"before", NULL, true},
        {"difference", NULL, true}};
    const struct hr_stored_study *study = &call->study;
    printf("%s, study %" G_GINT64_FORMAT
           ": %u price%s changed, clusters as they were found\n\n",
           study->title, study->study_id, study->n_changed, study->n_changed == 1 ? "" : "s");
    hr_grid *grid = hr_grid_new(columns, G_N_ELEMENTS(columns));
    for (uint32_t i = 0; i < study->n_platforms; i++) {
        const struct hr_stored_platform *p = &study->platforms[i];
        hr_grid_add(grid, "%s", p->name);
        if (!p->feasible) {
            hr_grid_add(grid, "no feasible cluster");
            for (int k = 0; k < 5; k++) {
                hr_grid_add(grid, "-");
            }
            continue;
        }
        hr_grid_add(grid, "%d × %s, %.0f GiB", p->hosts, p->server_name,
                    p->memory_mib_per_host / 1024.0);
        add_money(grid, p->cost.capex_cents);
        add_money(grid, p->cost.opex_cents);
        add_money(grid, p->cost.tco_cents);
        add_money(grid, p->before_cents);
        add_money(grid, p->cost.tco_cents - p->before_cents);
    }
    hr_grid_print(grid, 0, stdout);
    hr_grid_free(grid);
    printf("\n%s, discounted at %.1f %% a year, over %d years\n", study->currency,
           study->discount_rate * 100.0, study->years);
}

static json_t *money(int64_t cents)
{
    return json_real((double)cents / 100.0);
}

static void print_json(const struct call *call)
{
    json_t *platforms = json_array();
    for (uint32_t i = 0; i < call->study.n_platforms; i++) {
        const struct hr_stored_platform *p = &call->study.platforms[i];
        json_t *row = json_pack("{s:s, s:s, s:b}", "platform", p->id, "name", p->name,
                                "feasible", p->feasible);
        if (p->feasible) {
            (void)json_object_set_new(row, "hosts", json_integer(p->hosts));
            (void)json_object_set_new(row, "capex", money(p->cost.capex_cents));
            (void)json_object_set_new(row, "opex", money(p->cost.opex_cents));
            (void)json_object_set_new(row, "tco", money(p->cost.tco_cents));
            (void)json_object_set_new(row, "tco_before", money(p->before_cents));
            (void)json_object_set_new(row, "cost_per_guest", money(p->cost_per_guest_cents));
        }
        (void)json_object_set_new(row, "currency", json_string(call->study.currency));
        (void)json_array_append_new(platforms, row);
    }
    json_t *document = json_pack("{s:{s:I}, s:o}", "study", "prices_changed",
                                 (json_int_t)call->study.n_changed, "platforms", platforms);
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    (void)puts(text);
    free(text);
    json_decref(document);
}

static bool steps(struct call *call, GError **error)
{
    const char *database = call->words->operands[0];
    int64_t number = 0;
    int64_t saved_as = 0;
    if (!hr_options_int(call->words, "study", 1, INT64_MAX, &number, error) ||
        !hr_stored_study_read(database, number, &call->study, error) ||
        !read_prices(call, error) ||
        !hr_stored_study_price(&call->study, call->book, call->diag)) {
        return false;
    }
    g_autofree char *command = command_text(call);
    struct hr_stored_target target = {.database = database,
                                      .output = hr_options_get(call->words, "output"),
                                      .command = command,
                                      .program_version = PACKAGE_VERSION};
    if (!hr_stored_study_save(&call->study, &target, call->book, &saved_as, error)) {
        return false;
    }
    if (hr_options_has(call->words, "json")) {
        print_json(call);
    } else {
        print_text(call);
    }
    return true;
}

static int run(const struct hr_options *words, GError **error)
{
    if (words->n_operands != 1 || !hr_options_has(words, "output")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "a results database and -o DB are expected; -o may name the same one");
        return HR_ERROR_USAGE;
    }
    struct call call = {.words = words, .diag = hr_diag_new()};
    bool ok = steps(&call, error);
    hr_diag_print(call.diag, hr_options_has(words, "quiet") ? HR_FATAL : HR_NOTE, stderr);
    if (!ok && error != NULL && *error == NULL) {
        (void)hr_diag_failed(call.diag, error);
    }
    hr_stored_study_clear(&call.study);
    hr_pricebook_free(call.book);
    hr_diag_free(call.diag);
    return ok ? EXIT_SUCCESS : HR_ERROR_FAILED;
}

const struct hr_subcommand hr_cmd_reprice = {
    .name = "reprice",
    .operands = "DB",
    .summary = "A stored sizing at other prices, without simulating again",
    .options = options_table,
    .run = run,
};
