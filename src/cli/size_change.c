/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would change the answer, for people and as JSON. */
#include "cli/size_change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many inputs, starred inputs and steps of a platform's licences people are shown; the
 * database has them all. */
enum { MOST_SWINGS = 5, MOST_STARRED = 3, MOST_CLIFFS = 4 };
enum { LABEL_COLUMNS = 28 };

static void print_label(const char *label, FILE *out)
{
    fputs("  ", out);
    hr_size_print_padded(label, LABEL_COLUMNS, out);
}

/* ---- for people ---- */

static void print_flips(const struct hr_changes *c, FILE *out)
{
    if (c->n_flips == 0) {
        return;
    }
    int columns = LABEL_COLUMNS;
    bool growth = false;
    for (size_t i = 0; i < c->n_flips; i++) {
        columns = MAX(columns, (int)g_utf8_strlen(c->flips[i].what, -1) + 2);
        growth = growth || strcmp(c->flips[i].input, "growth") == 0;
    }
    fprintf(out, "  %s would be cheaper than %s\n", c->flips[0].dearer->name,
            c->flips[0].cheaper->name);
    for (size_t i = 0; i < c->n_flips; i++) {
        fputs("    ", out);
        hr_size_print_padded(c->flips[i].what, columns, out);
        fprintf(out, "%s\n", c->flips[i].text);
    }
    if (!growth) {
        fputs("    ", out);
        hr_size_print_padded("growth of guests", columns, out);
        fputs("not looked at: --flips sizes both at other growths\n", out);
    }
}

/* "an hour of administration* 12,345 (9 %)" for the widest of one platform. */
static void print_swings(const struct hr_changes *c, const struct hr_platform *platform,
                         bool starred_alone, FILE *out)
{
    int n = 0;
    for (size_t i = 0; i < c->n_swings; i++) {
        const struct hr_swing *s = &c->swings[i];
        if (s->platform != platform || (starred_alone && !s->starred) ||
            n == (starred_alone ? MOST_STARRED : MOST_SWINGS)) {
            continue;
        }
        char by[32];
        hr_size_format_whole(llabs((long long)(s->high_cents - s->low_cents)) / 2, by,
                             sizeof by);
        fprintf(out, "%s%s%s ", n > 0 ? "; " : "", s->name, s->starred ? "*" : "");
        if (starred_alone) {
            fprintf(out, "%.0f %%", hr_swing_share(s) * 100.0);
        } else {
            fprintf(out, "%s", by);
        }
        n++;
    }
    fputs(n > 0 ? "\n" : "none\n", out);
}

static void print_cliffs(const struct hr_size_printed *p, const struct hr_platform *platform,
                         FILE *out)
{
    const struct hr_changes *c = &p->result->changes;
    size_t n = 0;
    size_t n_all = 0;
    for (size_t i = 0; i < c->n_cliffs; i++) {
        const struct hr_cliff *cliff = &c->cliffs[i];
        n_all += cliff->platform == platform;
        if (cliff->platform != platform || n == MOST_CLIFFS) {
            continue;
        }
        char once[32];
        char yearly[32];
        char month[48] = "";
        hr_size_format_whole(cliff->extra_cents, once, sizeof once);
        hr_size_format_whole(cliff->extra_year_cents, yearly, sizeof yearly);
        if (cliff->month >= 0) {
            (void)g_snprintf(month, sizeof month, "month %d, ", cliff->month);
        }
        print_label(n == 0 ? "  licence steps" : "", out);
        fprintf(out, "%s%s", month, cliff->text);
        if (cliff->extra_cents != 0) {
            fprintf(out, "; %s once", once);
        }
        if (cliff->extra_year_cents != 0) {
            fprintf(out, "; %s a year", yearly);
        }
        fputc('\n', out);
        n++;
    }
    if (n_all > n) {
        print_label("", out);
        fprintf(out, "and %zu more (table cliff of the database)\n", n_all - n);
    }
}

void hr_size_print_changes(const struct hr_size_printed *p, FILE *out)
{
    const struct hr_changes *c = &p->result->changes;
    if (p->result->n_answers == 0 || !p->result->answers[0].feasible) {
        return;
    }
    fputs("\nWhat would change the answer:\n", out);
    print_flips(c, out);
    for (uint32_t i = 0; i < p->result->n_answers && p->result->answers[i].feasible; i++) {
        const struct hr_platform *platform = p->result->answers[i].platform;
        fprintf(out, "  %s\n", platform->name);
        print_label("  a fifth more moves TCO by", out);
        print_swings(c, platform, false, out);
        print_label("  starred, share of TCO", out);
        print_swings(c, platform, true, out);
        print_cliffs(p, platform, out);
    }
    fputs("  * recalled or assumed: no source can be named; a quote of your own replaces it "
          "(--prices)\n",
          out);
}

/* ---- as JSON ---- */

/* Six significant decimals are more than any price has. */
static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(round(value * 1e6) / 1e6) : json_null();
}

static json_t *money(int64_t cents)
{
    return json_real((double)cents / 100.0);
}

json_t *hr_size_json_flips(const struct hr_size_printed *p)
{
    const struct hr_changes *c = &p->result->changes;
    json_t *rows = json_array();
    for (size_t i = 0; i < c->n_flips; i++) {
        const struct hr_flip *f = &c->flips[i];
        (void)json_array_append_new(
            rows, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:s, s:s}",
                            "input", f->input, "what", f->what, "cheaper", f->cheaper->id,
                            "dearer", f->dearer->id, "price_id", f->price_id, "unit", f->unit,
                            "value", real_or_null(f->value), "starred", f->starred,
                            "flip_value", real_or_null(f->flip_value), "factor",
                            f->factor > 0.0 ? real_or_null(f->factor) : json_null(),
                            "certainty", hr_certainty_name(f->certainty), "text", f->text));
    }
    return rows;
}

json_t *hr_size_json_swings(const struct hr_size_printed *p, const struct hr_platform *platform)
{
    const struct hr_changes *c = &p->result->changes;
    json_t *rows = json_array();
    for (size_t i = 0; i < c->n_swings; i++) {
        const struct hr_swing *s = &c->swings[i];
        if (s->platform == platform) {
            (void)json_array_append_new(
                rows, json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:s, s:b}", "input",
                                s->input, "name", s->name, "kind", s->kind, "value",
                                real_or_null(hr_decimal_to_double(s->value)), "unit", s->unit,
                                "tco_low", money(s->low_cents), "tco_high",
                                money(s->high_cents), "share", real_or_null(hr_swing_share(s)),
                                "status", s->status, "starred", s->starred));
        }
    }
    return rows;
}

json_t *hr_size_json_cliffs(const struct hr_size_printed *p, const struct hr_platform *platform)
{
    const struct hr_changes *c = &p->result->changes;
    json_t *rows = json_array();
    for (size_t i = 0; i < c->n_cliffs; i++) {
        const struct hr_cliff *cliff = &c->cliffs[i];
        if (cliff->platform == platform) {
            json_t *month = cliff->month >= 0 ? json_integer(cliff->month) : json_null();
            (void)json_array_append_new(
                rows, json_pack("{s:o, s:s, s:o, s:o, s:s}", "month", month, "event",
                                cliff->event, "extra", money(cliff->extra_cents), "extra_year",
                                money(cliff->extra_year_cents), "text", cliff->text));
        }
    }
    return rows;
}
