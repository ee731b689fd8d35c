/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/scope.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/units.h"
#include "plot/scale.h"

static const char *const format_names[HR_FORMAT__COUNT + 1] = {
    "plain", "int", "dec1", "dec2", "decimal",  "price", "units", "cents",
    "whole", "pct", "pct2", "gib",  "duration", "name",  "label", NULL,
};

const struct hr_value *hr_scope_find(const struct hr_scope *scope, const char *column)
{
    for (; scope != NULL; scope = scope->outer) {
        int index = scope->rows != NULL ? hr_rows_find_column(scope->rows, column) : -1;
        if (index >= 0 && scope->row < hr_rows_count(scope->rows)) {
            return hr_rows_get(scope->rows, scope->row, (size_t)index);
        }
    }
    return NULL;
}

const char *hr_scope_label(const struct hr_scope *scope, const char *key)
{
    for (; scope != NULL; scope = scope->outer) {
        const hr_node *label = scope->labels != NULL ? hr_node_get(scope->labels, key) : NULL;
        if (label != NULL) {
            return hr_node_text(label);
        }
    }
    return key;
}

static double number_of(const struct hr_value *value)
{
    return value->kind == HR_VALUE_INT ? (double)value->as.integer : value->as.real;
}

/* An exact decimal with separators in front of its point. */
static char *format_decimal(int64_t micro)
{
    char exact[32];
    hr_decimal_format(micro, exact);
    const char *point = strchr(exact, '.');
    g_autofree char *whole = hr_format_cents_whole(micro / HR_DECIMAL_ONE * 100);
    bool lost_sign = micro < 0 && micro > -HR_DECIMAL_ONE;
    return g_strconcat(lost_sign ? "-" : "", whole, point != NULL ? point : "", NULL);
}

static char *format_duration(double seconds)
{
    if (seconds < 60.0) {
        return g_strdup_printf("%.0f s", seconds);
    }
    int64_t whole_s = (int64_t)llround(seconds);
    int64_t minutes = whole_s / 60;
    if (minutes < 60) {
        return g_strdup_printf("%d min %02d s", (int)minutes, (int)(whole_s % 60));
    }
    int64_t whole_h = minutes / 60;
    g_autofree char *hours = hr_format_number((double)whole_h, 0);
    return g_strdup_printf("%s h %02d min", hours, (int)(minutes % 60));
}

static char *with_unit(double number, int decimals, const char *unit)
{
    g_autofree char *text = hr_format_number(number, decimals);
    return g_strconcat(text, unit, NULL);
}

/* A price as people write it: 50.00, 6,895.50, 0.1437. */
static char *format_price(int64_t micro)
{
    g_autofree char *exact = format_decimal(micro);
    const char *point = strchr(exact, '.');
    size_t places = point != NULL ? strlen(point + 1) : 0;
    return g_strconcat(exact, places == 0 ? ".00" : places == 1 ? "0" : "", NULL);
}

static char *format_units(int64_t micro)
{
    int64_t step = HR_DECIMAL_ONE / 100;
    return format_decimal((micro + (micro < 0 ? -step : step) / 2) / step * step);
}

static char *format_exact(const struct hr_value *value, enum hr_format format)
{
    int64_t integer =
        value->kind == HR_VALUE_INT ? value->as.integer : (int64_t)llround(value->as.real);
    switch (format) {
    case HR_FORMAT_DECIMAL:
        return format_decimal(integer);
    case HR_FORMAT_PRICE:
        return format_price(integer);
    case HR_FORMAT_UNITS:
        return format_units(integer);
    case HR_FORMAT_CENTS:
        return hr_format_cents(integer);
    case HR_FORMAT_CENTS_WHOLE:
        return hr_format_cents_whole(integer);
    case HR_FORMAT_PLAIN:
    case HR_FORMAT_INT:
    case HR_FORMAT_DEC1:
    case HR_FORMAT_DEC2:
    case HR_FORMAT_PCT:
    case HR_FORMAT_PCT2:
    case HR_FORMAT_GIB:
    case HR_FORMAT_DURATION:
    case HR_FORMAT_NAME:
    case HR_FORMAT_LABEL:
    case HR_FORMAT__COUNT:
        break;
    }
    hr_assert(false);
    return NULL;
}

static char *format_number(const struct hr_value *value, enum hr_format format)
{
    double number = number_of(value);
    switch (format) {
    case HR_FORMAT_PLAIN:
    case HR_FORMAT_NAME:
    case HR_FORMAT_LABEL:
        return hr_format_number(number, number == floor(number) ? 0 : 2);
    case HR_FORMAT_INT:
        return hr_format_number(number, 0);
    case HR_FORMAT_DEC1:
        return hr_format_number(number, 1);
    case HR_FORMAT_DEC2:
        return hr_format_number(number, 2);
    case HR_FORMAT_DECIMAL:
    case HR_FORMAT_PRICE:
    case HR_FORMAT_UNITS:
    case HR_FORMAT_CENTS:
    case HR_FORMAT_CENTS_WHOLE:
        return format_exact(value, format);
    case HR_FORMAT_PCT:
        return with_unit(number * 100.0, 1, "\xc2\xa0%");
    case HR_FORMAT_PCT2:
        return with_unit(number * 100.0, 2, "\xc2\xa0%");
    case HR_FORMAT_GIB:
        number = hr_mib_to_gib(number);
        return with_unit(number, number == floor(number) ? 0 : 1, "\xc2\xa0GiB");
    case HR_FORMAT_DURATION:
        return format_duration(number);
    case HR_FORMAT__COUNT:
        break;
    }
    hr_assert(false);
    return NULL;
}

/* Names of machines differ mostly at their ends. */
static char *format_name(const char *text)
{
    enum { MOST = 40, HEAD = 13, TAIL = MOST - HEAD - 1 };
    long n = g_utf8_validate(text, -1, NULL) ? g_utf8_strlen(text, -1) : 0;
    if (n <= MOST) {
        return g_strdup(text);
    }
    g_autofree char *head = g_utf8_substring(text, 0, HEAD);
    g_autofree char *tail = g_utf8_substring(text, n - TAIL, n);
    return g_strconcat(head, "…", tail, NULL);
}

static char *format_text(const struct hr_scope *scope, const char *text, enum hr_format format)
{
    if (format == HR_FORMAT_NAME) {
        return format_name(text);
    }
    return g_strdup(format == HR_FORMAT_LABEL ? hr_scope_label(scope, text) : text);
}

char *hr_scope_format(const struct hr_scope *scope, const struct hr_value *value,
                      enum hr_format format)
{
    switch (value->kind) {
    case HR_VALUE_NULL:
        return g_strdup("–");
    case HR_VALUE_TEXT:
        return format_text(scope, value->as.text, format);
    case HR_VALUE_INT:
    case HR_VALUE_REAL:
        return format_number(value, format);
    }
    hr_assert(false);
    return NULL;
}

static bool find_format(const char *name, enum hr_format *out, GError **error)
{
    for (int i = 0; i < HR_FORMAT__COUNT; i++) {
        if (strcmp(name, format_names[i]) == 0) {
            *out = (enum hr_format)i;
            return true;
        }
    }
    g_autofree char *known = g_strjoinv(", ", (char **)(intptr_t)format_names);
    g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "unknown format \"%s\"; there are %s", name,
                known);
    return false;
}

/* Adds what the field ("column" or "column:format") stands for. */
static bool add_field(const struct hr_scope *scope, const char *field, GString *out,
                      GError **error)
{
    g_auto(GStrv) parts = g_strsplit(field, ":", 2);
    enum hr_format format = HR_FORMAT_PLAIN;
    if (parts[0] == NULL || (parts[1] != NULL && !find_format(parts[1], &format, error))) {
        if (parts[0] == NULL) {
            g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "\"{}\" names no column");
        }
        return false;
    }
    const struct hr_value *value = hr_scope_find(scope, parts[0]);
    if (value == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "no query yields a column \"%s\" here",
                    parts[0]);
        return false;
    }
    g_autofree char *text = hr_scope_format(scope, value, format);
    g_string_append(out, text);
    return true;
}

char *hr_scope_expand(const struct hr_scope *scope, const char *text, GError **error)
{
    GString *out = g_string_new(NULL);
    const char *p = text;
    while (*p != '\0') {
        if (*p != '{') {
            g_string_append_c(out, *p++);
            continue;
        }
        if (p[1] == '{') {
            g_string_append_c(out, '{');
            p += 2;
            continue;
        }
        const char *close = strchr(p, '}');
        if (close == NULL) {
            g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "a brace is not closed: \"%.40s\"", p);
            g_string_free(out, TRUE);
            return NULL;
        }
        g_autofree char *field = g_strndup(p + 1, (size_t)(close - p - 1));
        if (!add_field(scope, field, out, error)) {
            g_string_free(out, TRUE);
            return NULL;
        }
        p = close + 1;
    }
    return g_string_free(out, FALSE);
}
