/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/size_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv_write.h"
#include "base/error.h"
#include "base/money.h"

static bool write_file(const char *path, GString *text, GError **error)
{
    g_autoptr(GError) cause = NULL;
    bool ok = g_file_set_contents(path, text->str, (gssize)text->len, &cause);
    if (!ok) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot write %s: %s", path,
                    cause->message);
    }
    g_string_free(text, TRUE);
    return ok;
}

/* ---- bill of materials ---- */

static void add_bom_row(GString *out, const struct hr_size_printed *p, uint32_t rank,
                        const struct hr_cost_line *line)
{
    char rank_text[16];
    char month[16];
    char quantity[32];
    char price[32];
    char cash[32];
    char amount[32];
    const struct hr_size_answer *a = &p->result->answers[rank - 1];
    (void)g_snprintf(rank_text, sizeof rank_text, "%u", rank);
    (void)g_snprintf(month, sizeof month, "%d", line->month);
    const char *const cells[] = {rank_text,
                                 a->platform->id,
                                 hr_cost_category_name(line->category),
                                 line->item,
                                 hr_decimal_format(line->units, quantity),
                                 line->unit,
                                 line->price_id,
                                 hr_decimal_format(line->price, price),
                                 hr_pricebook_currency(p->book),
                                 month,
                                 hr_money_format(line->cash_cents, cash),
                                 hr_money_format(line->amount_cents, amount),
                                 hr_price_status_name(line->status),
                                 line->source};
    hr_csv_append_row(out, cells, G_N_ELEMENTS(cells));
}

bool hr_size_write_bom(const struct hr_size_printed *p, const char *path, GError **error)
{
    static const char *const heading[] = {
        "rank",       "platform", "category", "item", "quantity", "unit",   "price_id",
        "unit_price", "currency", "month",    "cash", "amount",   "status", "source"};
    GString *out = g_string_new(NULL);
    hr_csv_append_row(out, heading, G_N_ELEMENTS(heading));
    for (uint32_t i = 0; i < p->result->n_answers; i++) {
        const struct hr_size_answer *a = &p->result->answers[i];
        const struct hr_cost *cost = hr_size_cost(a, p->options->buy_staged);
        for (size_t l = 0; a->feasible && l < cost->n_lines; l++) {
            if (cost->lines[l].is_capex) {
                add_bom_row(out, p, i + 1, &cost->lines[l]);
            }
        }
    }
    return write_file(path, out, error);
}

/* ---- prices used ---- */

/* What a scenario states itself has no id, and no file of prices replaces it. */
static void add_ids(GHashTable *ids, const struct hr_cost *cost)
{
    for (size_t l = 0; l < cost->n_lines; l++) {
        const struct hr_cost_line *line = &cost->lines[l];
        for (size_t i = 0; i < line->n_used; i++) {
            if (*line->used[i].price_id != '\0') { /* else the scenario states it */
                g_hash_table_add(ids, g_strdup(line->used[i].price_id));
            }
        }
    }
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_price_row(GString *out, const struct hr_price *price)
{
    char amount[32];
    const char *const cells[] = {price->id,
                                 hr_decimal_format(price->price_original, amount),
                                 price->currency_original,
                                 price->unit,
                                 price->item,
                                 price->vendor,
                                 hr_price_status_name(price->status),
                                 price->source,
                                 price->note};
    hr_csv_append_row(out, cells, G_N_ELEMENTS(cells));
}

bool hr_size_write_prices(const struct hr_size_printed *p, const char *path, GError **error)
{
    static const char *const heading[] = {"id",     "price",  "currency", "unit", "item",
                                          "vendor", "status", "source",   "note"};
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (uint32_t i = 0; i < p->result->n_answers; i++) {
        const struct hr_size_answer *a = &p->result->answers[i];
        if (a->feasible) {
            add_ids(ids, hr_size_cost(a, p->options->buy_staged));
        }
    }
    guint n = 0;
    g_autofree gpointer *sorted = g_hash_table_get_keys_as_array(ids, &n);
    qsort(sorted, n, sizeof *sorted, compare_texts);
    GString *out = g_string_new(NULL);
    hr_csv_append_row(out, heading, G_N_ELEMENTS(heading));
    for (guint i = 0; i < n; i++) {
        const struct hr_price *price = hr_pricebook_get(p->book, sorted[i]);
        hr_assert(price != NULL); /* it was of this book when the line was made */
        add_price_row(out, price);
    }
    return write_file(path, out, error);
}
