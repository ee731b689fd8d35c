/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom size: inventory in, the cheapest feasible cluster per platform out. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/backup_order.h"
#include "cli/size_files.h"
#include "cli/size_fits.h"
#include "cli/size_output.h"
#include "cli/subcommand.h"
#include "plot/output.h"
#include "report/report.h"
#include "scenario/settings.h"
#include "store/store.h"
#include "study/pool.h"
#include "study/save.h"

static const struct hr_option options_table[] = {
    {"platforms", 0, "A,B,...", "only these platforms (default: all that have prices)"},
    {"servers", 0, "MODEL,...", "only these servers (default: all of the catalogue)"},
    {"storage", 0, "NAME", "this storage (default: the usual one of the price book)"},
    {"hosts", 0, "N", "clusters of exactly N hosts (default: as many as are needed)"},
    {"budget", 0, "AMOUNT", "capital cost at most; other limits stand in a scenario"},
    {"spare", 0, "N", "hosts that fail at the worst hour (default 1)"},
    {"years", 0, "N", "years of cost (default 5)"},
    {"growth", 0, "PCT", "more guests of the same mix, percent a year (default 0)"},
    {"flips", 0, NULL, "look for the growth that changes the cheapest platform too; slow"},
    {"buy", 0, "WHEN", "with growth: start (default), or staged: hosts when they are needed"},
    {"days", 0, "N", "simulated days (default 14)"},
    {"replications", 0, "N", "runs with other random numbers (default 10)"},
    {"prices", 0, "BOOK", "a book by its year, or a file laid over it; repeatable"},
    {"backup", 0, "NAME,...", "what backs the guests up, and its target (default: none)"},
    {"slowdown", 0, "PCT", "service level: p95 of every guest's slowdown (default 5)"},
    {"powered-off", 0, "RULE",
     "guests that are off: ignore, storage or full (default storage)"},
    {"cluster", 0, "NAME", "only the guests of this cluster"},
    {"right-size", 0, NULL, "guests by what they were measured to use"},
    {"keep", 0, NULL, "beside new clusters, what the present hosts can do"},
    {"scenario", 0, "FILE", "a scenario whose fields stand in for the defaults"},
    {"strict", 0, NULL, "rows of a foreign export that cannot be used are errors"},
    {"output", 'o', "DB", "results database, appended to (default headroom.db)"},
    {"report", 0, "FILE", "a report too, as PDF"},
    {"bom", 0, "FILE", "the bill of materials of each platform, as CSV"},
    {"prices-used", 0, "FILE", "the prices that the answers used, as CSV for --prices"},
    {"json", 0, NULL, "the result as JSON on standard output"},
    {"seed", 0, "N", "random seed (default 1)"},
    {"jobs", 'j', "N", "threads (default: all processors); never changes the result"},
    {"quiet", 'q', NULL, "no progress, no notes"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

/* Everything one call works with; cleared in one place. */
struct call {
    const struct hr_options *words;
    bool quiet;
    struct hr_settings settings;
    hr_diag *diag;
    hr_catalog *catalog;
    hr_pricebook *book;
    struct hr_inventory *inventory;
    struct hr_guests *guests;
    const struct hr_platform **platforms;
    const struct hr_server **servers;
    struct hr_keep *keep;
    struct hr_size_fit *fits;
    struct hr_size_options options;
    struct hr_backup_order *backup;
    struct hr_size_result result;
};

static void call_clear(struct call *call)
{
    hr_size_result_clear(&call->result);
    hr_progress_free(call->options.progress);
    hr_settings_clear(&call->settings);
    hr_backup_order_free(call->backup);
    g_free(call->platforms);
    g_free(call->servers);
    hr_keep_free(call->keep);
    hr_size_fits_free(call->fits);
    hr_guests_free(call->guests);
    hr_inventory_free(call->inventory);
    hr_pricebook_free(call->book);
    hr_catalog_free(call->catalog);
    hr_diag_free(call->diag);
}

/* Defaults, then the scenario file, then the words of the call. */
static bool read_settings(struct call *call, GError **error)
{
    static const char *const rules[] = {"ignore", "storage", "full", NULL};
    const struct hr_options *words = call->words;
    struct hr_settings *s = &call->settings;
    const char *scenario = hr_options_get(words, "scenario");
    hr_settings_init(s);
    if (scenario != NULL && !hr_settings_load(s, scenario, call->diag, error)) {
        return false;
    }
    if (!hr_options_int(words, "hosts", 1, 96, &s->hosts, error) ||
        !hr_options_int(words, "spare", 0, 8, &s->spare, error) ||
        !hr_options_int(words, "years", 1, 15, &s->years, error) ||
        !hr_options_int(words, "replications", 1, 1000, &s->replications, error) ||
        !hr_options_int(words, "seed", 0, INT64_MAX, &s->seed, error) ||
        !hr_options_double(words, "days", 1.0, 366.0, &s->days, error) ||
        !hr_options_double(words, "growth", 0.0, 200.0, &s->growth_pct, error) ||
        !hr_options_double(words, "slowdown", 0.1, 90.0, &s->slowdown_pct, error) ||
        !hr_options_choice(words, "powered-off", rules, &s->powered_off, error)) {
        return false;
    }
    const char *budget = hr_options_get(words, "budget");
    if (budget != NULL && !hr_limits_parse_amount(budget, &s->limits.budget_capex_cents)) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--budget \"%s\": an amount above 0 is expected, as 100000", budget);
        return false;
    }
    if (s->hosts > 0 && s->hosts <= s->spare) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--hosts %d with --spare %d leaves no host to run on", (int)s->hosts,
                    (int)s->spare);
        return false;
    }
    if (s->costs.has_downtime && s->spare == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "costs: downtime is that of a simulated host failure, and --spare 0 "
                    "simulates none");
        return false;
    }
    return true;
}

static bool set_options(struct call *call, GError **error)
{
    const struct hr_settings *s = &call->settings;
    struct hr_size_options *o = &call->options;
    static const char *const whens[] = {"start", "staged", NULL};
    int64_t jobs = hr_pool_processors();
    int buy = 0;
    if (!hr_options_int(call->words, "jobs", 1, 256, &jobs, error) ||
        !hr_options_choice(call->words, "buy", whens, &buy, error)) {
        return false;
    }
    o->hosts = (int)s->hosts;
    o->spare_hosts = (int)s->spare;
    o->days = s->days;
    o->replications = (int)s->replications;
    o->seed = (uint64_t)s->seed;
    o->n_threads = (int)jobs;
    o->service_level =
        (struct hr_service_level){.slowdown_p95_frac = s->slowdown_pct / 100.0,
                                  .restart_within_s = s->restart_within_min * 60.0};
    o->growth_pct = s->growth_pct;
    o->demand_growth_pct = s->demand_growth_pct;
    o->search_growth = hr_options_has(call->words, "flips");
    o->buy_staged = buy == 1;
    o->limits = s->limits;
    hr_cost_params_default(&o->cost);
    o->cost.years = (int)s->years;
    o->cost.discount_rate = s->discount_pct / 100.0;
    o->cost.minimum_order_cores = (int)s->minimum_order_cores;
    o->cost.costs = &s->costs;
    return true;
}

/* --prices: a bare year names a shipped book, anything else is a file laid over it. */
static bool read_prices(struct call *call, GError **error)
{
    g_autofree const char **given = hr_options_all(call->words, "prices");
    g_autoptr(GPtrArray) overlays = g_ptr_array_new();
    const char *currency = call->settings.costs.currency;
    const char *book = NULL;
    for (const char **text = given; *text != NULL; text++) {
        if (!hr_pricebook_is_name(*text)) {
            g_ptr_array_add(overlays, (gpointer)(guintptr)*text);
        } else if (book == NULL || strcmp(book, *text) == 0) {
            book = *text;
        } else {
            g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                        "--prices: one book at a time, not %s and %s", book, *text);
            return false;
        }
    }
    g_ptr_array_add(overlays, NULL);
    call->book = hr_pricebook_load(NULL, book, (const char *const *)overlays->pdata,
                                   currency != NULL ? currency : "USD", call->diag, error);
    return call->book != NULL;
}

/* The catalogue with what the book sells. */
static bool read_catalog(struct call *call, GError **error)
{
    const char *book = hr_pricebook_name(call->book);
    call->catalog = hr_catalog_load_book(NULL, book, call->diag, error);
    if (call->catalog == NULL) {
        return false;
    }
    if (hr_catalog_storage_usual(call->catalog) == NULL ||
        hr_catalog_n_servers(call->catalog) == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "the catalogue has no servers or no storage of the price book %s", book);
        return false;
    }
    call->options.storage = hr_size_choose_storage(
        call->catalog, hr_options_get(call->words, "storage"), book, error);
    return call->options.storage != NULL;
}

static bool choose_backup(struct call *call, GError **error)
{
    const char *words = hr_options_get(call->words, "backup");
    g_auto(GStrv) given = words != NULL ? g_strsplit(words, ",", -1) : NULL;
    char **names = given != NULL ? given : call->settings.costs.backup;
    if (names == NULL) {
        return true;
    }
    call->backup = hr_backup_order_new(names, &call->settings.costs, call->catalog, error);
    if (call->backup == NULL) {
        return false;
    }
    call->options.cost.backup = hr_backup_order_plan(call->backup);
    return true;
}

/* Names of the book's entries, for the message about one that is not there. */
static void unknown(const struct call *call, const char *option, const char *name, char **known,
                    GError **error)
{
    g_autofree char *all = g_strjoinv(", ", known);
    bool is_of_another = hr_catalog_server(call->catalog, name) != NULL ||
                         hr_catalog_platform(call->catalog, name) != NULL;
    if (is_of_another) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--%s: \"%s\" is not sold by the price book %s (%s); name its book by "
                    "--prices",
                    option, name, hr_pricebook_name(call->book), all);
    } else {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--%s: \"%s\" is not in the catalogue (%s)", option, name, all);
    }
}

/* The names of an option, else those of the scenario; none at all means every entry. */
static char **names_given(const struct call *call, const char *option, char **of_scenario)
{
    const char *text = hr_options_get(call->words, option);
    if (text != NULL) {
        return g_strsplit(text, ",", -1);
    }
    return of_scenario != NULL ? g_strdupv(of_scenario) : g_new0(char *, 1);
}

static bool choose_platforms(struct call *call, GError **error)
{
    size_t n = hr_catalog_n_platforms(call->catalog);
    g_auto(GStrv) names = names_given(call, "platforms", call->settings.platforms);
    g_autofree char **known = g_new0(char *, n + 1);
    call->platforms = g_new0(const struct hr_platform *, n + 1);
    size_t n_chosen = 0;
    size_t n_known = 0;
    for (size_t i = 0; i < n; i++) {
        const struct hr_platform *platform = hr_catalog_platform_at(call->catalog, i);
        bool is_named = g_strv_contains((const char *const *)names, platform->id);
        if (is_named && platform->simulate_only) {
            g_set_error(
                error, HR_ERROR, HR_ERROR_USAGE,
                "--platforms: \"%s\" is there for simulation alone: a scenario may name "
                "it (headroom simulate), a sizing may not",
                platform->id);
            return false;
        }
        if (platform->simulate_only) {
            continue;
        }
        known[n_known++] = platform->id;
        if (is_named || (names[0] == NULL && !platform->by_name)) {
            call->platforms[n_chosen++] = platform;
        }
    }
    for (size_t i = 0; names[i] != NULL; i++) {
        if (!g_strv_contains((const char *const *)known, names[i])) {
            unknown(call, "platforms", names[i], known, error);
            return false;
        }
    }
    call->options.platforms = call->platforms;
    return true;
}

/* A vendor that sells none of the servers is a slip of the pen, not an answer. */
static bool check_vendor(const struct call *call, GError **error)
{
    const char *wanted = call->settings.limits.vendor;
    g_autoptr(GPtrArray) vendors = g_ptr_array_new();
    for (const struct hr_server **s = call->servers; *s != NULL; s++) {
        if (wanted == NULL || g_ascii_strcasecmp((*s)->vendor, wanted) == 0) {
            return true;
        }
        if (!g_ptr_array_find_with_equal_func(vendors, (*s)->vendor, g_str_equal, NULL)) {
            g_ptr_array_add(vendors, (*s)->vendor);
        }
    }
    g_ptr_array_add(vendors, NULL);
    g_autofree char *all = g_strjoinv(", ", (char **)vendors->pdata);
    g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                "limits: none of the servers is of the vendor \"%s\" (they are of %s)", wanted,
                all);
    return false;
}

static bool choose_servers(struct call *call, GError **error)
{
    size_t n = hr_catalog_n_servers(call->catalog);
    g_auto(GStrv) names = names_given(call, "servers", call->settings.servers);
    g_autofree char **known = g_new0(char *, n + 1);
    call->servers = g_new0(const struct hr_server *, n + 1);
    size_t n_chosen = 0;
    for (size_t i = 0; i < n; i++) {
        const struct hr_server *server = hr_catalog_server_at(call->catalog, i);
        known[i] = server->id;
        bool is_named = g_strv_contains((const char *const *)names, server->id);
        if (is_named || (names[0] == NULL && !server->by_name)) {
            call->servers[n_chosen++] = server;
        }
    }
    for (size_t i = 0; names[i] != NULL; i++) {
        if (!g_strv_contains((const char *const *)known, names[i])) {
            unknown(call, "servers", names[i], known, error);
            return false;
        }
    }
    call->options.servers = call->servers;
    call->fits = hr_size_fits_of(call->catalog, call->platforms, (const char *const *)names);
    call->options.fits = call->fits;
    return check_vendor(call, error);
}

static void note_growth(const struct call *call)
{
    double pct = call->settings.demand_growth_pct;
    if (call->options.buy_staged && pct <= 0.0 && call->options.growth_pct <= 0.0) {
        hr_diag_add(call->diag, HR_NOTE, NULL, 0, 0, "nothing can wait",
                    "--buy staged: without growth every host is needed at the start");
    }
    if (pct > 0.0) {
        int years = call->options.cost.years;
        hr_diag_add(
            call->diag, HR_NOTE, NULL, 0, 0, "demand grows",
            "clusters are sized for the demand of the end of the horizon: %.2f times today's "
            "for memory, processor and storage operations (%.1f %% a year over %d years), "
            "within each guest's configured size",
            pow(1.0 + pct / 100.0, years), pct, years);
    }
}

static bool read_keep(struct call *call, GError **error)
{
    const struct hr_keep_given *given = &call->settings.keep;
    if (!given->is_given && !hr_options_has(call->words, "keep")) {
        return true;
    }
    call->keep =
        hr_keep_new(call->inventory, given, call->catalog, call->book, call->diag, error);
    call->options.keep = call->keep;
    return call->keep != NULL;
}

static bool read_inventory(struct call *call, GError **error)
{
    struct hr_inventory_options options = {.strict = hr_options_has(call->words, "strict"),
                                           .cluster = hr_options_get(call->words, "cluster")};
    call->inventory = hr_inventory_load(call->words->operands[0], &options, call->diag, error);
    if (call->inventory == NULL) {
        return false;
    }
    struct hr_guests_options guests = {.powered_off =
                                           (enum hr_powered_off)call->settings.powered_off,
                                       .reference_mhz = HR_REFERENCE_MHZ};
    call->guests = hr_guests_new(call->inventory, call->catalog, &guests, call->diag, error);
    if (call->guests == NULL) {
        return false;
    }
    if (hr_options_has(call->words, "right-size")) {
        hr_guests_right_size(call->guests, call->diag);
    }
    note_growth(call);
    hr_guests_tune_dynamic(call->guests, call->options.storage->latency_ms / 1000.0,
                           call->options.service_level.slowdown_p95_frac, call->diag);
    return true;
}

static void append_option(GString *text, const struct hr_options *words,
                          const struct hr_option *option)
{
    if (option->argument == NULL) {
        g_string_append_printf(text, " --%s", option->name);
        return;
    }
    bool is_file = strcmp(option->name, "prices") == 0 || strcmp(option->name, "scenario") == 0;
    g_autofree const char **values = hr_options_all(words, option->name);
    for (size_t v = 0; values[v] != NULL; v++) {
        g_autofree char *base = g_path_get_basename(values[v]);
        g_string_append_printf(text, " --%s %s", option->name, is_file ? base : values[v]);
    }
}

/* The words of the call, for the study's row; paths as base names, so that equal calls are
 * equal. */
static char *command_text(const struct hr_options *words)
{
    g_autofree char *name = g_path_get_basename(words->operands[0]);
    GString *text = g_string_new("headroom size ");
    g_string_append(text, name);
    for (int i = 0; words->table[i].name != NULL; i++) {
        const char *option = words->table[i].name;
        bool about_output = strcmp(option, "output") == 0 || strcmp(option, "report") == 0 ||
                            strcmp(option, "bom") == 0 || strcmp(option, "prices-used") == 0 ||
                            strcmp(option, "jobs") == 0 || strcmp(option, "quiet") == 0 ||
                            strcmp(option, "json") == 0;
        if (!about_output && hr_options_has(words, option)) {
            append_option(text, words, &words->table[i]);
        }
    }
    return g_string_free(text, FALSE);
}

static bool save(struct call *call, hr_store *store, GError **error)
{
    g_autofree char *title = g_path_get_basename(call->words->operands[0]);
    g_autofree char *command = command_text(call->words);
    struct hr_size_context context = {.inventory = call->inventory,
                                      .guests = call->result.guests,
                                      .catalog = call->catalog,
                                      .book = call->book,
                                      .diag = call->diag,
                                      .options = &call->options,
                                      .powered_off =
                                          (enum hr_powered_off)call->settings.powered_off,
                                      .title = title,
                                      .command = command,
                                      .program_version = PACKAGE_VERSION};
    return hr_size_save(store, &context, &call->result, NULL, error);
}

/* Beyond this ratio the answer hangs on how much of their memory guests really leave alone. */
static const double BOLD_RATIO = 2.0;

static void note_bold_answers(const struct call *call)
{
    for (uint32_t p = 0; p < call->result.n_answers; p++) {
        const struct hr_size_answer *a = &call->result.answers[p];
        if (a->feasible && a->overcommit_ratio > BOLD_RATIO) {
            hr_diag_add(
                call->diag, HR_NOTE, NULL, 0, 0, "bold overcommit",
                "%s: %.1f GiB of configured memory on each GiB of physical memory: this hangs "
                "on how much memory the guests really leave alone; measure it before you buy",
                a->platform->name, a->overcommit_ratio);
        }
    }
}

static const char *database_of(const struct hr_options *words)
{
    const char *path = hr_options_get(words, "output");
    return path != NULL ? path : "headroom.db";
}

static bool any_feasible(const struct hr_size_result *result)
{
    for (uint32_t p = 0; p < result->n_answers; p++) {
        if (result->answers[p].feasible) {
            return true;
        }
    }
    return false;
}

/* Before hours of simulation: could the report and the other files be written? */
static bool check_files(const struct hr_options *words, GError **error)
{
    static const char *const files[] = {"bom", "prices-used"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        const char *path = hr_options_get(words, files[i]);
        if (path != NULL && !hr_output_check(path, error)) {
            return false;
        }
    }
    const char *prices = hr_options_get(words, "prices-used");
    if (prices != NULL && g_strcmp0(prices, hr_options_get(words, "bom")) == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--bom and --prices-used name the same file, \"%s\"", prices);
        return false;
    }
    struct hr_report_request request = {.database = database_of(words),
                                        .output = hr_options_get(words, "report")};
    return request.output == NULL || hr_report_check(&request, error);
}

/* What it took, for people who plan larger studies. */
static void note_effort(const struct call *call, int64_t started_us)
{
    struct rusage usage;
    double s = (double)(g_get_monotonic_time() - started_us) / 1e6;
    if (call->quiet || getrusage(RUSAGE_SELF, &usage) != 0) {
        return;
    }
    double cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    fprintf(stderr,
            "headroom size: %" G_GUINT64_FORMAT
            " runs, %.1f million guest-samples in %.1f s (%.1f s of "
            "processors, %.2f million samples a second of these), peak memory %.0f MiB\n",
            call->result.n_runs, call->result.guest_samples / 1e6, s, cpu_s,
            call->result.guest_samples / 1e6 / cpu_s, (double)usage.ru_maxrss / 1024.0);
}

static struct hr_size_printed printed_of(const struct call *call)
{
    return (struct hr_size_printed){.inventory = call->inventory,
                                    .guests = call->result.guests,
                                    .book = call->book,
                                    .options = &call->options,
                                    .result = &call->result};
}

static bool write_files(const struct call *call, GError **error)
{
    struct hr_size_printed printed = printed_of(call);
    const char *bom = hr_options_get(call->words, "bom");
    const char *prices = hr_options_get(call->words, "prices-used");
    return (bom == NULL || hr_size_write_bom(&printed, bom, error)) &&
           (prices == NULL || hr_size_write_prices(&printed, prices, error));
}

static void print(const struct call *call)
{
    struct hr_size_printed printed = printed_of(call);
    if (hr_options_has(call->words, "json")) {
        hr_size_print_json(&printed, stdout);
    } else {
        hr_size_print_text(&printed, stdout);
    }
}

/* The steps of the main job, in their order. */
static bool steps(struct call *call, GError **error)
{
    const char *database = database_of(call->words);
    if (!read_settings(call, error) || !set_options(call, error) ||
        !check_files(call->words, error)) {
        return false;
    }
    if (!read_prices(call, error) || !read_catalog(call, error) ||
        !choose_platforms(call, error) || !choose_servers(call, error) ||
        !choose_backup(call, error) || !read_inventory(call, error) ||
        !read_keep(call, error)) {
        return false;
    }
    g_autoptr(hr_store) store = hr_store_open_write(database, error);
    if (store == NULL) {
        return false;
    }
    call->options.progress = hr_progress_new(call->quiet);
    if (!hr_size(call->guests, call->book, &call->options, &call->result, error)) {
        return false;
    }
    g_clear_pointer(&call->options.progress, hr_progress_free);
    note_bold_answers(call);
    if (!save(call, store, error)) {
        return false;
    }
    if (!write_files(call, error)) {
        return false;
    }
    if (hr_options_has(call->words, "report")) {
        struct hr_report_request request = {.database = database,
                                            .output = hr_options_get(call->words, "report")};
        if (!hr_report_render(&request, error)) {
            return false;
        }
    }
    print(call);
    return true;
}

static int run(const struct hr_options *words, GError **error)
{
    if (words->n_operands != 1) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    words->n_operands == 0 ? "an inventory is expected: a file, a folder or -"
                                           : "one inventory is expected, %d were given",
                    words->n_operands);
        return HR_ERROR_USAGE;
    }
    int64_t started_us = g_get_monotonic_time();
    struct call call = {
        .words = words, .quiet = hr_options_has(words, "quiet"), .diag = hr_diag_new()};
    bool ok = steps(&call, error);
    hr_progress_free(g_steal_pointer(&call.options.progress));
    hr_diag_print(call.diag, call.quiet ? HR_FATAL : HR_NOTE, stderr);
    if (ok) {
        note_effort(&call, started_us);
    }
    int status = EXIT_SUCCESS;
    if (ok && !any_feasible(&call.result)) {
        status = HR_ERROR_NO_ANSWER;
    } else if (!ok && error != NULL && *error == NULL) {
        (void)hr_diag_failed(call.diag, error);
    }
    call_clear(&call);
    return status;
}

const struct hr_subcommand hr_cmd_size = {
    .name = "size",
    .operands = "INVENTORY",
    .summary = "For every platform the cheapest cluster that meets the service levels",
    .options = options_table,
    .run = run,
};
