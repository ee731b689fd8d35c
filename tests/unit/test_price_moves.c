/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every platform of every book on every server and storage that the book sells: the bill
 * re-adds from its lines, each price that enters moves the total by what its lines say, and one
 * that does not enter moves nothing. */
#include <string.h>

#include <glib.h>

#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "check.h"
#include "cost/cost.h"
#include "cost/prices.h"

__extension__ typedef __int128 wide;

/* ---- a book in which one price may be another ---- */

struct table {
    const hr_pricebook *book;
    GHashTable *asked;       /* ids that were looked up; NULL: not kept */
    struct hr_price changed; /* id NULL: none is */
    GHashTable *raised;      /* struct hr_price by id; NULL: none */
};

static const struct hr_price *table_get(const void *data, const char *id)
{
    const struct table *table = data;
    const struct hr_price *price = hr_pricebook_get(table->book, id);
    if (table->asked != NULL && price != NULL) {
        (void)g_hash_table_add(table->asked, price->id);
    }
    if (table->changed.id != NULL && strcmp(table->changed.id, id) == 0) {
        return &table->changed;
    }
    const struct hr_price *raised =
        table->raised != NULL ? g_hash_table_lookup(table->raised, id) : NULL;
    return raised != NULL ? raised : price;
}

/* ---- what is priced ---- */

static const uint32_t MOST[] = {9, 8, 8};

struct subject {
    const hr_pricebook *book;
    struct hr_cost_input input;
    struct hr_cost_params params;
    size_t n_moved; /* prices that moved a total, over all subjects */
    size_t n_other; /* prices that changed what is bought, as another pack became cheaper */
};

static struct hr_cost compute(const struct subject *s, struct table *table)
{
    struct hr_prices prices = {.name = hr_pricebook_name(s->book),
                               .currency = hr_pricebook_currency(s->book),
                               .month = hr_pricebook_month(s->book),
                               .table = table,
                               .get = table_get};
    struct hr_cost cost = {0};
    GError *error = NULL;
    table->book = s->book;
    if (!hr_cost_compute_from(&s->input, &s->params, &prices, &cost, &error)) {
        fail_msg("%s of book %s on %s: %s", s->input.platform->id, prices.name,
                 s->input.server->id, error->message);
    }
    return cost;
}

/* ---- re-adding ---- */

static int64_t divided(wide product, wide by)
{
    wide quotient = product / by;
    wide twice = product % by * 2;
    return (int64_t)(quotient + (twice > by || (twice == by && quotient % 2 != 0)));
}

/* Units and price are millionths: a cent is 10^10 of their product. */
static int64_t cash_of(hr_decimal units, hr_decimal price)
{
    return divided((wide)units * price, (wide)10000000000);
}

static int64_t amount_of(const struct subject *s, hr_decimal units, hr_decimal price, int month)
{
    double factor = pow(1.0 + s->params.discount_rate, -(double)month / 12.0);
    return divided((wide)units * price * llrint(factor * 1e9),
                   (wide)10000000000 * (wide)1000000000);
}

static void check_sums(const struct subject *s, const struct hr_cost *cost)
{
    int64_t by_category[HR_COST__COUNT] = {0};
    int64_t by_year[HR_COST_YEARS_MAX + 1] = {0};
    int64_t capital[2] = {0, 0};
    int64_t running[2] = {0, 0};
    assert_true(cost->n_lines > 0);
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        assert_true(line->units > 0 && line->price >= 0);
        assert_int_equal(line->cash_cents, cash_of(line->units, line->price));
        assert_int_equal(line->amount_cents,
                         amount_of(s, line->units, line->price, line->month));
        assert_true(line->amount_cents <= line->cash_cents);
        assert_int_equal(line->is_capex, line->year == 0);
        assert_true(line->year <= s->params.years && line->month < 12 * s->params.years);
        by_category[line->category] += line->amount_cents;
        by_year[line->year] += line->amount_cents;
        int64_t *sums = line->is_capex ? capital : running;
        sums[0] += line->amount_cents;
        sums[1] += line->cash_cents;
    }
    int64_t categories = 0;
    int64_t years = 0;
    for (int k = 0; k < HR_COST__COUNT; k++) {
        categories += by_category[k];
    }
    for (int y = 0; y <= s->params.years; y++) {
        years += by_year[y];
    }
    assert_int_equal(categories, cost->tco_cents);
    assert_int_equal(years, cost->tco_cents);
    assert_int_equal(capital[0], cost->capex_cents);
    assert_int_equal(running[0], cost->opex_cents);
    assert_int_equal(capital[0] + running[0], cost->tco_cents);
    assert_int_equal(capital[1], cost->capex_cash_cents);
    assert_int_equal(running[1], cost->opex_cash_cents);
    assert_int_equal(capital[1] + running[1], cost->tco_cash_cents);
}

/* ---- what a change of one price must do ---- */

struct move {
    const struct subject *subject;
    const struct hr_price *from;
    hr_decimal to;
};

/* Whether a price is among those that the line says entered. */
static bool names(const struct hr_cost_line *line, const char *id)
{
    bool found = false;
    for (size_t i = 0; i < line->n_used && !found; i++) {
        found = strcmp(line->used[i].price_id, id) == 0;
    }
    return found;
}

/* Of what so many watts more per piece add to a host or an array that runs as the subject does.
 */
static double pieces_of(const struct subject *s, const char *id, bool of_hosts)
{
    const struct hr_server *server = s->input.server;
    const struct hr_storage *storage = s->input.storage;
    double load = s->input.cpu_util_mean;
    double pieces = 0.0;
    if (of_hosts) {
        double extra = fmax(0.0, s->input.memory.n_dimms - server->watt_rated_dimms);
        pieces += strcmp(id, server->watt_idle_id) == 0 ? 1.0 - load : 0.0;
        pieces += strcmp(id, server->watt_max_id) == 0 ? load : 0.0;
        const char *dimm =
            server->dimm_watt_id != NULL ? server->dimm_watt_id : "rdimm-ddr5-watt";
        pieces += strcmp(id, dimm) == 0 ? extra : 0.0;
        return pieces * s->input.n_hosts;
    }
    if (storage->watt_price_id != NULL && strcmp(id, storage->watt_price_id) == 0) {
        pieces += hr_storage_arrays(storage, s->input.n_disks);
    }
    if (storage->switch_watt_price_id != NULL &&
        strcmp(id, storage->switch_watt_price_id) == 0) {
        pieces += storage->switches;
    }
    return pieces;
}

/* Hardware that is kept up together; what the platform brings along is its vendor's. */
static bool is_maintained(const struct hr_cost_line *bought, bool of_hosts)
{
    return bought->is_capex &&
           (bought->category == HR_COST_NETWORK ||
            (of_hosts ? bought->category == HR_COST_SERVER || bought->category == HR_COST_MEMORY
                      : bought->category == HR_COST_STORAGE));
}

/* Units of a line that a price enters beside the line's own. *known: whether a rule is. */
static double units_after(const struct move *m, const struct hr_cost *cost,
                          const struct hr_cost_line *line, bool *known)
{
    const struct subject *s = m->subject;
    double units = hr_decimal_to_double(line->units);
    double from = hr_decimal_to_double(m->from->price);
    double delta = hr_decimal_to_double(m->to - m->from->price);
    *known = true;
    if (strcmp(m->from->unit, "ratio") == 0) {
        return from > 0.0 ? units * (from + delta) / from : units;
    }
    if (line->category == HR_COST_POWER && strcmp(m->from->unit, "watt") == 0) {
        const struct hr_price *pue = hr_pricebook_get(s->book, "pue-server-room-ratio");
        bool of_hosts = strstr(line->item, "hosts") != NULL;
        return units + pieces_of(s, m->from->id, of_hosts) * delta * 8.76 *
                           hr_decimal_to_double(pue->price);
    }
    if (line->category == HR_COST_SUPPORT) {
        /* A share of what was bought: of a host's parts or of the storage's. */
        bool of_hosts = strstr(line->item, "hosts") != NULL;
        double included = of_hosts ? s->input.server->support_included_years
                                   : s->input.storage->support_included_years;
        double share = fmin(1.0, fmax(0.0, line->year - included));
        for (size_t i = 0; i < cost->n_lines; i++) {
            const struct hr_cost_line *bought = &cost->lines[i];
            if (is_maintained(bought, of_hosts) && strcmp(bought->price_id, m->from->id) == 0) {
                units += hr_decimal_to_double(bought->units) * delta * share;
            }
        }
        return units;
    }
    *known = false;
    return units;
}

/* The total of the same lines with the other price. *slack: cents by which a sum may be off,
 * for lines whose units are computed again; *known: whether a rule is known for every line. */
static int64_t total_after(const struct move *m, const struct hr_cost *cost, int64_t *slack,
                           bool *known)
{
    const char *id = m->from->id;
    int64_t total = 0;
    *slack = 0;
    *known = true;
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        bool is_own = strcmp(line->price_id, id) == 0;
        if (!is_own && !names(line, id)) {
            total += line->amount_cents;
            continue;
        }
        hr_decimal price = is_own ? m->to : line->price;
        hr_decimal units = line->units;
        if (!is_own) {
            bool line_known = true;
            units = hr_decimal_from_double(units_after(m, cost, line, &line_known));
            *known = *known && line_known;
            (*slack)++;
        }
        total += amount_of(m->subject, units, price, line->month);
    }
    return total;
}

static bool enters(const struct hr_cost *cost, const char *id)
{
    for (size_t i = 0; i < cost->n_lines; i++) {
        if (strcmp(cost->lines[i].price_id, id) == 0 || names(&cost->lines[i], id)) {
            return true;
        }
    }
    return false;
}

/* Whether the same things are bought, in the same order. */
static bool same_things(const struct hr_cost *a, const struct hr_cost *b)
{
    bool same = a->n_lines == b->n_lines;
    for (size_t i = 0; same && i < a->n_lines; i++) {
        same = strcmp(a->lines[i].price_id, b->lines[i].price_id) == 0 &&
               (a->lines[i].units == b->lines[i].units || a->lines[i].year > 0);
    }
    return same;
}

static struct hr_cost compute_with(const struct subject *s, const struct hr_price *price,
                                   hr_decimal to)
{
    struct table table = {.changed = *price};
    table.changed.price = to;
    return compute(s, &table);
}

/* Of a price for whose lines no rule is known here: as far again moves the total as far again.
 */
static void check_linear(const struct subject *s, const struct hr_cost *base,
                         const struct hr_price *price, hr_decimal delta, int64_t once)
{
    struct hr_cost twice = compute_with(s, price, price->price + 2 * delta);
    assert_true(once > base->tco_cents);
    assert_near((double)(twice.tco_cents - base->tco_cents),
                2.0 * (double)(once - base->tco_cents), (double)base->n_lines);
    hr_cost_clear(&twice);
}

/* Another pack or edition became cheaper: it costs less than the old choice at the new price,
 * and was no cheaper at the old one. */
static void check_other_choice(const struct move *m, const struct hr_cost *base,
                               const struct hr_cost *changed, int64_t expected)
{
    struct hr_price before = *m->from;
    before.price = m->to;
    struct move back = {.subject = m->subject, .from = &before, .to = m->from->price};
    int64_t slack = 0;
    bool known = true;
    int64_t old_price = total_after(&back, changed, &slack, &known);
    int64_t cents = (int64_t)base->n_lines;
    assert_true(known);
    assert_true(changed->tco_cents <= expected + cents);
    assert_true(old_price >= base->tco_cents - cents);
}

static void check_price(struct subject *s, const struct hr_cost *base,
                        const struct hr_price *price)
{
    hr_decimal delta = price->price > 0 ? price->price / 10 : HR_DECIMAL_ONE;
    struct move move = {.subject = s, .from = price, .to = price->price + delta};
    struct hr_cost changed = compute_with(s, price, move.to);
    int64_t slack = 0;
    bool known = true;
    int64_t expected = total_after(&move, base, &slack, &known);
    bool same = same_things(base, &changed);
    check_sums(s, &changed);
    if (!enters(base, price->id)) {
        assert_true(same);
        assert_int_equal(changed.tco_cents, base->tco_cents);
        assert_int_equal(changed.tco_cash_cents, base->tco_cash_cents);
    } else if (!known) {
        check_linear(s, base, price, delta, changed.tco_cents);
    } else if (!same) {
        check_other_choice(&move, base, &changed, expected);
        s->n_other++;
    } else if (llabs(changed.tco_cents - expected) > slack) {
        fail_msg("book %s, %s on %s: '%s' from %.6f to %.6f: %.2f, and not %.2f",
                 hr_pricebook_name(s->book), s->input.platform->id, s->input.server->id,
                 price->id, (double)price->price / 1e6, (double)move.to / 1e6,
                 (double)changed.tco_cents / 100.0, (double)expected / 100.0);
    }
    s->n_moved += changed.tco_cents > base->tco_cents;
    hr_cost_clear(&changed);
}

/* All that nobody asked for, ten times as dear. */
static void check_the_rest(const struct subject *s, const struct hr_cost *base,
                           GHashTable *asked)
{
    g_autoptr(GHashTable) raised = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (size_t i = 0; i < hr_pricebook_count(s->book); i++) {
        const struct hr_price *price = hr_pricebook_at(s->book, i);
        if (!g_hash_table_contains(asked, price->id)) {
            assert_false(enters(base, price->id));
            struct hr_price *dear = g_memdup2(price, sizeof *price);
            dear->price *= 10;
            (void)g_hash_table_insert(raised, dear->id, dear);
        }
    }
    assert_true(g_hash_table_size(raised) > 0);
    struct table table = {.raised = raised};
    struct hr_cost changed = compute(s, &table);
    assert_int_equal(changed.tco_cents, base->tco_cents);
    hr_cost_clear(&changed);
}

static void check_subject(struct subject *s)
{
    g_autoptr(GHashTable) asked = g_hash_table_new(g_str_hash, g_str_equal);
    struct table table = {.asked = asked};
    struct hr_cost base = compute(s, &table);
    check_sums(s, &base);
    for (size_t i = 0; i < hr_pricebook_count(s->book); i++) {
        const struct hr_price *price = hr_pricebook_at(s->book, i);
        if (g_hash_table_contains(asked, price->id)) {
            check_price(s, &base, price);
        }
    }
    check_the_rest(s, &base, asked);
    hr_cost_clear(&base);
}

/* ---- all books ---- */

static void check_platform(struct subject *s, const hr_catalog *catalog,
                           const struct hr_platform *platform, size_t *n)
{
    s->input.platform = platform;
    for (size_t v = 0; v < hr_catalog_n_servers(catalog); v++) {
        const struct hr_server *server = hr_catalog_server_at(catalog, v);
        for (size_t d = 0; d < hr_catalog_n_storages(catalog); d++) {
            s->input.server = server;
            s->input.memory = server->memory[server->n_memory - 1];
            s->input.storage = hr_catalog_storage_at(catalog, d);
            s->input.n_disks = s->input.storage->disks_min;
            check_subject(s);
            (*n)++;
        }
    }
}

static void check_book(const char *name, const char *currency)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_catalog) catalog = hr_catalog_load_book(NULL, name, diag, NULL);
    g_autoptr(hr_pricebook) book = hr_pricebook_load(NULL, name, NULL, currency, diag, NULL);
    assert_non_null(catalog);
    assert_non_null(book);
    struct subject subject = {.book = book,
                              .input = {.n_hosts = (int)G_N_ELEMENTS(MOST),
                                        .n_guests = 24,
                                        .n_windows_guests = 20,
                                        .windows_max = MOST,
                                        .cpu_util_mean = 0.3}};
    hr_cost_params_default(&subject.params);
    size_t n = 0;
    for (size_t p = 0; p < hr_catalog_n_platforms(catalog); p++) {
        const struct hr_platform *platform = hr_catalog_platform_at(catalog, p);
        if (!platform->simulate_only) {
            check_platform(&subject, catalog, platform, &n);
        }
    }
    print_message("book %s in %s: %zu bills, %zu prices moved one, %zu what is bought\n", name,
                  currency, n, subject.n_moved, subject.n_other);
    assert_true(n > 0);
    assert_true(subject.n_moved >=
                12 * n); /* servers, memory, storage, network, power, people */
}

static void every_price_moves_what_it_enters(void **state)
{
    (void)state;
    static const char *const currencies[] = {"USD", "EUR"};
    g_autofree char *folder = g_build_filename(g_getenv("HEADROOM_DATA"), "prices", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    assert_non_null(dir);
    size_t n = 0;
    for (const char *file = g_dir_read_name(dir); file != NULL; file = g_dir_read_name(dir)) {
        g_autofree char *name = g_strndup(file, 4);
        if (hr_pricebook_is_name(name) && strcmp(file + 4, ".csv") == 0) {
            check_book(name, currencies[0]);
            check_book(name, currencies[1]);
            n++;
        }
    }
    assert_true(n >= 4);
}

/* An exchange rate enters by conversion: a tenth more dollars for a euro is a tenth more for
 * all that stands in euros, and nothing for the rest. */
static void the_rate_moves_what_is_in_the_other_currency(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autofree char *folder = g_dir_make_tmp("moves-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "rate.csv", NULL);
    g_autoptr(hr_pricebook) book = hr_pricebook_load(NULL, NULL, NULL, "USD", diag, NULL);
    assert_non_null(book);
    const struct hr_price *rate = hr_pricebook_get(book, "fx-usd-per-eur");
    assert_non_null(rate);
    g_autofree char *text =
        g_strdup_printf("id,price,currency\nfx-usd-per-eur,%.6f,\n",
                        hr_decimal_to_double(rate->price + rate->price / 10));
    assert_true(g_file_set_contents(path, text, -1, NULL));
    const char *overlays[] = {path, NULL};
    g_autoptr(hr_pricebook) dear = hr_pricebook_load(NULL, NULL, overlays, "USD", diag, NULL);
    assert_non_null(dear);
    size_t n_euro = 0;
    for (size_t i = 0; i < hr_pricebook_count(book); i++) {
        const struct hr_price *before = hr_pricebook_at(book, i);
        const struct hr_price *after = hr_pricebook_get(dear, before->id);
        if (before == rate) {
            continue;
        }
        bool in_euro = strcmp(before->currency_original, "EUR") == 0;
        n_euro += in_euro;
        assert_near((double)after->price, (double)before->price * (in_euro ? 1.1 : 1.0),
                    in_euro ? 1.0 + (double)before->price_original / 1e6 : 0.0);
    }
    assert_true(n_euro > 0);
    (void)remove(path);
    (void)remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_price_moves_what_it_enters),
        cmocka_unit_test(the_rate_moves_what_is_in_the_other_currency),
    };
    return cmocka_run_group_tests_name("price moves", tests, NULL, NULL);
}
