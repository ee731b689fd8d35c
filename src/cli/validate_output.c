/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of the JSON document is a contract: see doc/headroom-validate.1. */
#include "cli/validate_output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/grid.h"

/* ---- JSON
 * ------------------------------------------------------------------------------------- */

static json_t *real(double value)
{
    return json_real(round(value * 1e6) / 1e6);
}

static json_t *verdict_json(const struct hr_verdict *v)
{
    json_t *row = json_object();
    (void)json_object_set_new(row, "case", json_string(v->of->name));
    (void)json_object_set_new(row, "what", json_string(v->what));
    (void)json_object_set_new(row, "kind", json_string(hr_evidence_name(v->evidence)));
    (void)json_object_set_new(row, "published",
                              v->is_relation ? json_null() : real(v->published));
    (void)json_object_set_new(row, "simulated", real(v->simulated));
    (void)json_object_set_new(row, "tolerance",
                              v->is_relation ? json_null() : real(v->tolerance));
    (void)json_object_set_new(row, "unit", json_string(v->unit));
    (void)json_object_set_new(row, "relation",
                              v->is_relation ? json_string(hr_relation_name(v->relation))
                                             : json_null());
    (void)json_object_set_new(row, "than", v->is_relation ? real(v->than) : json_null());
    (void)json_object_set_new(row, "holds", json_boolean(v->holds));
    (void)json_object_set_new(row, "source", json_string(v->of->source));
    return row;
}

void hr_validate_print_json(const struct hr_validation *validation, FILE *out)
{
    json_t *cases = json_array();
    for (size_t i = 0; i < validation->n; i++) {
        (void)json_array_append_new(cases, verdict_json(&validation->verdicts[i]));
    }
    json_t *document = json_object();
    (void)json_object_set_new(document, "cases", cases);
    (void)json_object_set_new(document, "held", json_integer((json_int_t)validation->n_held));
    (void)json_object_set_new(document, "failed",
                              json_integer((json_int_t)(validation->n - validation->n_held)));
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    (void)fputs(text, out);
    (void)fputc('\n', out);
    free(text);
    json_decref(document);
}

/* ---- for people
 * ------------------------------------------------------------------------------- */

/* The cells of a row; the caller's to clear. */
struct cells {
    char *published, *simulated, *tolerance;
    const char *verdict;
};

/* Six digits, and no more than three decimals: "11100.2", "0.123". */
static char *number(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    int decimals = fabs(value) >= 1000.0 ? 1 : fabs(value) >= 10.0 ? 2 : 3;
    if (fabs(value) < 0.1 && value != 0.0) {
        (void)g_ascii_formatd(text, sizeof text, "%.3g", value);
        return g_strdup(text);
    }
    char format[8];
    (void)g_snprintf(format, sizeof format, "%%.%df", decimals);
    (void)g_ascii_formatd(text, sizeof text, format, value);
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == '0') {
        n--;
    }
    n -= n > 0 && text[n - 1] == '.';
    return g_strndup(text, n);
}

static char *with_unit(const char *before, double value, const char *unit)
{
    g_autofree char *text = number(value);
    return g_strconcat(before, text, *unit != '\0' ? " " : "", unit, NULL);
}

static void cells_of(const struct hr_verdict *v, struct cells *out)
{
    g_autofree char *relation =
        v->is_relation ? g_strconcat(hr_relation_name(v->relation), " ", NULL) : g_strdup("");
    g_autofree char *tolerance = number(v->tolerance);
    out->published = with_unit(relation, v->is_relation ? v->than : v->published, v->unit);
    out->simulated = number(v->simulated);
    out->tolerance = v->is_relation ? g_strdup("-") : g_strconcat("±", tolerance, NULL);
    out->verdict = v->holds ? "holds" : "DOES NOT HOLD";
}

static void cells_clear(struct cells *cells)
{
    g_free(cells->published);
    g_free(cells->simulated);
    g_free(cells->tolerance);
}

void hr_validate_print_text(const struct hr_validation *validation, FILE *out)
{
    static const struct hr_grid_column columns[] = {
        {"case", NULL, false},     {"what", NULL, false},     {"published", NULL, true},
        {"simulated", NULL, true}, {"tolerance", NULL, true}, {"verdict", NULL, false}};
    g_autoptr(hr_grid) grid = hr_grid_new(columns, G_N_ELEMENTS(columns));
    for (size_t i = 0; i < validation->n; i++) {
        const struct hr_verdict *v = &validation->verdicts[i];
        struct cells cells;
        cells_of(v, &cells);
        hr_grid_add(grid, "%s", v->of->name);
        hr_grid_add(grid, "%s", v->what);
        hr_grid_add(grid, "%s", cells.published);
        hr_grid_add(grid, "%s", cells.simulated);
        hr_grid_add(grid, "%s", cells.tolerance);
        hr_grid_add(grid, "%s", cells.verdict);
        cells_clear(&cells);
    }
    hr_grid_print(grid, 0, out);
    fprintf(out, "\n%zu of %zu hold\n", validation->n_held, validation->n);
}

/* ---- the document
 * ----------------------------------------------------------------------------- */

/* Text in a cell of a table. */
static void print_cell(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '|') {
            (void)fputc('\\', out);
        }
        (void)fputc(*text, out);
    }
}

static void print_case_head(const struct hr_verdict *v, const struct hr_verdict *before,
                            FILE *out)
{
    if (before == NULL || strcmp(before->of->name, v->of->name) != 0) {
        fprintf(out, "\n## %s\n", v->of->name);
    }
    fprintf(out,
            "\n%s\n\nSource: %s\n\n"
            "| what | kind | published | simulated | tolerance | verdict |\n"
            "|---|---|--:|--:|--:|---|\n",
            v->of->what, v->of->source);
}

static void print_row(const struct hr_verdict *v, FILE *out)
{
    struct cells cells;
    cells_of(v, &cells);
    (void)fputs("| ", out);
    print_cell(v->what, out);
    fprintf(out, " | %s | %s | %s | %s | %s |\n", hr_evidence_name(v->evidence),
            cells.published, cells.simulated, cells.tolerance,
            v->holds ? cells.verdict : "**does not hold**");
    cells_clear(&cells);
}

void hr_validate_print_markdown(const struct hr_validation *validation, FILE *out)
{
    fprintf(out,
            "# Published results, simulated\n\n"
            "What `headroom validate` prints with `--markdown`: results that others have "
            "published, and what\nthe simulation says. Each case is a file of data/validation "
            "with a scenario like any other and what\nis expected of its result; "
            "doc/headroom-validate.1 describes the format. No case has code of its\nown, and "
            "no parameter of the model is set for one case. *exact*: arithmetic, which must "
            "hold to\nrounding; *measured*: within the tolerance given; *trend*: an order or "
            "a sign.\n\n**%zu of %zu hold.**\n",
            validation->n_held, validation->n);
    for (size_t i = 0; i < validation->n; i++) {
        const struct hr_verdict *v = &validation->verdicts[i];
        if (i == 0 || v[-1].of != v->of) {
            print_case_head(v, i > 0 ? v - 1 : NULL, out);
        }
        print_row(v, out);
    }
}
