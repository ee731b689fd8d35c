/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/stored_price.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/store.h"

/* ---- reading ---- */

static int64_t int_at(const hr_rows *rows, size_t row, const char *column)
{
    const struct hr_value *value =
        hr_rows_get(rows, row, (size_t)hr_rows_find_column(rows, column));
    hr_assert(value->kind == HR_VALUE_INT);
    return value->as.integer;
}

static double real_at(const hr_rows *rows, size_t row, const char *column)
{
    return hr_rows_number(rows, row, (size_t)hr_rows_find_column(rows, column), 0.0);
}

static char *text_at(const hr_rows *rows, size_t row, const char *column)
{
    return g_strdup(hr_rows_text(rows, row, (size_t)hr_rows_find_column(rows, column)));
}

static bool read_study(hr_store *store, struct hr_stored_study *out, GError **error)
{
    g_autoptr(hr_rows) rows = hr_store_query(
        store,
        "SELECT kind, title, currency, price_book, years, running, discount_rate FROM study "
        "WHERE study_id = :study",
        out->study_id, NULL, error);
    if (rows == NULL) {
        return false;
    }
    g_autofree char *kind = text_at(rows, 0, "kind");
    if (strcmp(kind, "size") != 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "study %lld is of `headroom %s`; only a sizing has costs to price again",
                    (long long)out->study_id, kind);
        return false;
    }
    out->title = text_at(rows, 0, "title");
    out->currency = text_at(rows, 0, "currency");
    out->price_book = text_at(rows, 0, "price_book");
    out->years = (int)int_at(rows, 0, "years");
    out->running = int_at(rows, 0, "running");
    out->discount_rate = real_at(rows, 0, "discount_rate");
    return true;
}

static bool read_platforms(hr_store *store, struct hr_stored_study *out, GError **error)
{
    g_autoptr(hr_rows) rows = hr_store_query(
        store,
        "SELECT platform_id, name, server_name, feasible, hosts, memory_mib_per_host, rank, "
        "tco_cents FROM platform WHERE study_id = :study ORDER BY rank",
        out->study_id, NULL, error);
    if (rows == NULL) {
        return false;
    }
    out->n_platforms = (uint32_t)hr_rows_count(rows);
    out->platforms = g_new0(struct hr_stored_platform, out->n_platforms + 1);
    for (uint32_t p = 0; p < out->n_platforms; p++) {
        out->platforms[p] = (struct hr_stored_platform){
            .id = text_at(rows, p, "platform_id"),
            .name = text_at(rows, p, "name"),
            .server_name = text_at(rows, p, "server_name"),
            .feasible = int_at(rows, p, "feasible") != 0,
            .hosts = (int)int_at(rows, p, "hosts"),
            .memory_mib_per_host = (double)int_at(rows, p, "memory_mib_per_host"),
            .before_cents = int_at(rows, p, "tco_cents"),
            .rank = (int)int_at(rows, p, "rank")};
    }
    return true;
}

static int index_of(const char *name, const char *(*name_at)(int index), int n)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(name_at(i), name) == 0) {
            return i;
        }
    }
    return n;
}

static const char *category_at(int index)
{
    return hr_cost_category_name((enum hr_cost_category)index);
}

static const char *status_at(int index)
{
    return hr_price_status_name((enum hr_price_status)index);
}

static const char *use_at(int index)
{
    return hr_cost_use_name((enum hr_cost_use)index);
}

static bool read_lines(hr_store *store, const struct hr_stored_study *study,
                       struct hr_stored_platform *platform, GError **error)
{
    g_autoptr(hr_rows) rows = hr_store_query(
        store,
        "SELECT category, kind, year, month, item, rule, units_micro, unit, price_micro, "
        "price_id, status, source, cash_cents, amount_cents FROM cost_line "
        "WHERE study_id = :study AND platform_id = :platform ORDER BY ordinal",
        study->study_id, platform->id, error);
    if (rows == NULL) {
        return false;
    }
    struct hr_cost *cost = &platform->cost;
    cost->n_lines = hr_rows_count(rows);
    cost->lines = g_new0(struct hr_cost_line, cost->n_lines + 1);
    for (size_t i = 0; i < cost->n_lines; i++) {
        g_autofree char *category = text_at(rows, i, "category");
        g_autofree char *kind = text_at(rows, i, "kind");
        g_autofree char *status = text_at(rows, i, "status");
        cost->lines[i] = (struct hr_cost_line){
            .category = (enum hr_cost_category)index_of(category, category_at, HR_COST__COUNT),
            .is_capex = strcmp(kind, "capex") == 0,
            .year = (int)int_at(rows, i, "year"),
            .month = (int)int_at(rows, i, "month"),
            .item = text_at(rows, i, "item"),
            .rule = text_at(rows, i, "rule"),
            .units = int_at(rows, i, "units_micro"),
            .unit = text_at(rows, i, "unit"),
            .price = int_at(rows, i, "price_micro"),
            .price_id = text_at(rows, i, "price_id"),
            .status = (enum hr_price_status)index_of(status, status_at, HR_PRICE__COUNT),
            .source = text_at(rows, i, "source"),
            .cash_cents = int_at(rows, i, "cash_cents"),
            .amount_cents = int_at(rows, i, "amount_cents")};
        hr_assert(cost->lines[i].category < HR_COST__COUNT &&
                  cost->lines[i].status < HR_PRICE__COUNT); /* the database's own checks */
    }
    return true;
}

static bool read_prices(hr_store *store, const struct hr_stored_study *study,
                        struct hr_stored_platform *platform, GError **error)
{
    g_autoptr(hr_rows) rows = hr_store_query(
        store,
        "SELECT ordinal, price_id, price_micro, use, units_micro, share FROM cost_price "
        "WHERE study_id = :study AND platform_id = :platform ORDER BY ordinal, position",
        study->study_id, platform->id, error);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < hr_rows_count(rows); i++) {
        int64_t ordinal = int_at(rows, i, "ordinal");
        hr_assert(ordinal >= 1 && (size_t)ordinal <= platform->cost.n_lines);
        struct hr_cost_line *line = &platform->cost.lines[ordinal - 1];
        g_autofree char *use = text_at(rows, i, "use");
        line->used = g_renew(struct hr_cost_used, line->used, line->n_used + 1);
        line->used[line->n_used++] = (struct hr_cost_used){
            .price_id = text_at(rows, i, "price_id"),
            .price = int_at(rows, i, "price_micro"),
            .use = (enum hr_cost_use)index_of(use, use_at, HR_COST_USE__COUNT),
            .units = int_at(rows, i, "units_micro")};
        line->share = real_at(rows, i, "share");
    }
    return true;
}

static bool read_all(hr_store *store, int64_t study_id, struct hr_stored_study *out,
                     GError **error)
{
    out->study_id = study_id;
    if ((study_id == 0 && !hr_store_last_study(store, &out->study_id, error)) ||
        !hr_store_has_study(store, out->study_id, error) || !read_study(store, out, error) ||
        !read_platforms(store, out, error)) {
        return false;
    }
    for (uint32_t p = 0; p < out->n_platforms; p++) {
        if (!read_lines(store, out, &out->platforms[p], error) ||
            !read_prices(store, out, &out->platforms[p], error)) {
            return false;
        }
    }
    return true;
}

bool hr_stored_study_read(const char *database, int64_t study_id, struct hr_stored_study *out,
                          GError **error)
{
    g_autoptr(hr_store) store = hr_store_open_read(database, error);
    if (store == NULL) {
        return false;
    }
    struct hr_stored_study study = {0};
    if (!read_all(store, study_id, &study, error)) {
        g_prefix_error(error, "%s: ", database);
        hr_stored_study_clear(&study);
        return false;
    }
    *out = study;
    return true;
}

void hr_stored_study_clear(struct hr_stored_study *study)
{
    for (uint32_t p = 0; p < study->n_platforms; p++) {
        struct hr_stored_platform *platform = &study->platforms[p];
        hr_cost_clear(&platform->cost);
        g_free(platform->id);
        g_free(platform->name);
        g_free(platform->server_name);
    }
    g_free(study->platforms);
    g_free(study->price_book);
    g_free(study->currency);
    g_free(study->title);
    *study = (struct hr_stored_study){0};
}

/* ---- pricing ---- */

void hr_stored_line_price(struct hr_cost_line *line, double discount_rate)
{
    bool has_parts = false;
    for (size_t i = 0; i < line->n_used; i++) {
        has_parts = has_parts || line->used[i].use == HR_COST_USE_PART;
        if (line->used[i].use == HR_COST_USE_PRICE) {
            line->price = line->used[i].price;
        }
    }
    if (has_parts) {
        line->units = hr_cost_units_of_parts(line->used, line->n_used, line->share);
    }
    double factor = pow(1.0 + discount_rate, -(double)line->month / 12.0);
    line->cash_cents = hr_money_cents(line->units, line->price);
    line->amount_cents = hr_money_cents_scaled(line->units, line->price, factor);
}

/* The pricing of a study. */
struct pricing {
    const struct hr_stored_study *study;
    const struct hr_stored_platform *platform;
    const hr_pricebook *book;
    hr_diag *diag;
    GHashTable *changed; /* ids */
    GHashTable *refused; /* reasons that were said already */
};

/* Each reason is said once, of the first line that has it. */
static void refuse(const struct pricing *p, const struct hr_cost_line *line, const char *why)
{
    if (!g_hash_table_add(p->refused, g_strdup(why))) {
        return;
    }
    hr_diag_add(p->diag, HR_FATAL, NULL, 0, 0, "not without simulating",
                "%s, %s: %s; size the inventory again with these prices", p->platform->name,
                line->item, why);
}

/* The prices of a line as they are now. */
struct found {
    const struct hr_price **prices;
    size_t n;
    bool is_changed; /* any of them */
    bool is_whole;   /* all are of the book: none was stated by a scenario */
};

/* Takes over the book's prices. Returns: false when one of them is not there. */
static bool take_prices(const struct pricing *p, struct hr_cost_line *line, struct found *found)
{
    for (size_t i = 0; i < line->n_used; i++) {
        struct hr_cost_used *used = &line->used[i];
        if (*used->price_id == '\0') {
            found->is_whole = false; /* it stays as it was stated */
            continue;
        }
        const struct hr_price *price = hr_pricebook_get(p->book, used->price_id);
        if (price == NULL) {
            g_autofree char *why = g_strdup_printf("the price book %s has no price '%s'",
                                                   hr_pricebook_name(p->book), used->price_id);
            refuse(p, line, why);
            return false;
        }
        found->prices[found->n++] = price;
        if (price->price == used->price) {
            continue;
        }
        found->is_changed = true;
        (void)g_hash_table_add(p->changed, g_strdup(used->price_id));
        if (used->use == HR_COST_USE_OTHER) {
            g_autofree char *why = g_strdup_printf(
                "its units hang on '%s', which has changed, in a way that the study does not "
                "keep",
                used->price_id);
            refuse(p, line, why);
        }
        used->price = price->price;
    }
    return true;
}

/* A line that no price entered is a share of what others cost, as a tax is. */
static bool hangs_on_others(const struct hr_cost_line *line)
{
    return line->n_used == 0;
}

static void price_line(const struct pricing *p, struct hr_cost_line *line)
{
    g_autofree const struct hr_price **prices =
        g_new0(const struct hr_price *, line->n_used + 1);
    struct found found = {.prices = prices, .is_whole = true};
    if (!take_prices(p, line, &found) || !found.is_changed) {
        return;
    }
    hr_decimal units_before = line->units;
    hr_stored_line_price(line, p->study->discount_rate);
    if (line->units != units_before) {
        char *rule = g_strdup_printf("%s; the sum made anew at other prices", line->rule);
        g_free(line->rule);
        line->rule = rule;
    }
    char *source = hr_cost_sources(prices, found.n, &line->status);
    if (found.is_whole) {
        char *before = line->source;
        line->source = source;
        source = before;
    }
    g_free(source);
}

static int by_cost(const void *a, const void *b)
{
    const struct hr_stored_platform *x = a;
    const struct hr_stored_platform *y = b;
    if (x->feasible != y->feasible) {
        return x->feasible ? -1 : 1;
    }
    if (x->feasible && x->cost.tco_cents != y->cost.tco_cents) {
        return x->cost.tco_cents < y->cost.tco_cents ? -1 : 1;
    }
    return strcmp(x->id, y->id);
}

bool hr_stored_study_price(struct hr_stored_study *study, const hr_pricebook *book,
                           hr_diag *diag)
{
    size_t n_before = hr_diag_count_severity(diag, HR_FATAL);
    g_autoptr(GHashTable) changed =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) refused =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct pricing p = {
        .study = study, .book = book, .diag = diag, .changed = changed, .refused = refused};
    for (uint32_t i = 0; i < study->n_platforms; i++) {
        struct hr_stored_platform *platform = &study->platforms[i];
        p.platform = platform;
        for (size_t l = 0; l < platform->cost.n_lines; l++) {
            price_line(&p, &platform->cost.lines[l]);
        }
        hr_cost_sum_up(&platform->cost);
        platform->cost_per_guest_cents =
            platform->feasible && study->running > 0
                ? llrint((double)platform->cost.tco_cents / (double)study->running)
                : 0;
    }
    study->n_changed = g_hash_table_size(changed);
    for (uint32_t i = 0; study->n_changed > 0 && i < study->n_platforms; i++) {
        p.platform = &study->platforms[i];
        for (size_t l = 0; l < p.platform->cost.n_lines; l++) {
            const struct hr_cost_line *line = &p.platform->cost.lines[l];
            if (hangs_on_others(line)) {
                refuse(&p, line, "it is a share of what other lines cost");
            }
        }
    }
    if (study->n_platforms > 0) {
        qsort(study->platforms, study->n_platforms, sizeof *study->platforms, by_cost);
    }
    for (uint32_t i = 0; i < study->n_platforms; i++) {
        study->platforms[i].rank = (int)i + 1;
    }
    return hr_diag_count_severity(diag, HR_FATAL) == n_before;
}
