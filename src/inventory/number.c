/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/number.h"

#include <string.h>

#include <glib.h>

#include "base/text.h"

enum { MARKS_MAX = 12 };

/* A cell cut at its marks: "1.024,5" is the runs of digits 1, 3, 1 and the marks '.', ','. */
struct parts {
    bool is_negative;
    size_t n_marks;
    enum hr_mark marks[MARKS_MAX];
    size_t run_digits[MARKS_MAX + 1];
    char digits[64]; /* all runs without the marks */
    size_t n_digits;
    bool has_leading_zero;
    const char *exponent; /* "e9" or "" */
};

enum form { FORM_BAD, FORM_PLAIN, FORM_GROUPED, FORM_DECIMAL, FORM_BOTH, FORM_AMBIGUOUS };

/* Returns: the bytes of the mark at p, 0 when there is none. */
static size_t mark_at(const char *p, enum hr_mark *mark)
{
    static const struct {
        const char *text;
        enum hr_mark mark;
    } marks[] = {
        {",", HR_MARK_COMMA},
        {".", HR_MARK_POINT},
        {" ", HR_MARK_SPACE},
        {"'", HR_MARK_SPACE},
        {"\xC2\xA0", HR_MARK_SPACE},     /* no-break space */
        {"\xE2\x80\xAF", HR_MARK_SPACE}, /* narrow no-break space */
        {"\xE2\x80\x89", HR_MARK_SPACE}, /* thin space */
        {"\xE2\x80\x99", HR_MARK_SPACE}, /* typographic apostrophe */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        size_t n = strlen(marks[i].text);
        if (strncmp(p, marks[i].text, n) == 0) {
            *mark = marks[i].mark;
            return n;
        }
    }
    return 0;
}

static bool is_exponent(const char *text)
{
    if (*text == '\0') {
        return true;
    }
    if (*text != 'e' && *text != 'E') {
        return false;
    }
    text += text[1] == '-' || text[1] == '+' ? 2 : 1;
    size_t n = strspn(text, "0123456789");
    return n > 0 && text[n] == '\0';
}

static bool cut(const char *cell, struct parts *parts)
{
    *parts = (struct parts){.is_negative = *cell == '-'};
    cell += *cell == '-' || *cell == '+' ? 1 : 0;
    parts->has_leading_zero = *cell == '0';
    for (;;) {
        enum hr_mark mark = HR_MARK_COMMA;
        size_t n = 0;
        if (g_ascii_isdigit(*cell)) {
            if (parts->n_digits + 1 >= sizeof parts->digits) {
                return false;
            }
            parts->digits[parts->n_digits++] = *cell++;
            parts->run_digits[parts->n_marks]++;
        } else if ((n = mark_at(cell, &mark)) > 0) {
            if (parts->n_marks == MARKS_MAX) {
                return false;
            }
            parts->marks[parts->n_marks++] = mark;
            cell += n;
        } else {
            break;
        }
    }
    parts->exponent = cell;
    return parts->n_digits > 0 && is_exponent(cell);
}

/* True when marks [0, n) are one mark that groups by three digits. */
static bool groups(const struct parts *parts, size_t n)
{
    if (parts->run_digits[0] < 1 || parts->run_digits[0] > 3) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (parts->marks[i] != parts->marks[0] || parts->run_digits[i + 1] != 3) {
            return false;
        }
    }
    return true;
}

static enum form form_of(const struct parts *parts)
{
    size_t n = parts->n_marks;
    if (n == 0) {
        return FORM_PLAIN;
    }
    enum hr_mark last = parts->marks[n - 1];
    bool is_grouped = groups(parts, n);
    if (n == 1 && last != HR_MARK_SPACE) {
        if (parts->run_digits[1] == 0) {
            return FORM_BAD;
        }
        return is_grouped && !parts->has_leading_zero && *parts->exponent == '\0'
                   ? FORM_AMBIGUOUS
                   : FORM_DECIMAL;
    }
    if (is_grouped) {
        return FORM_GROUPED;
    }
    bool is_both = n > 1 && last != parts->marks[0] && last != HR_MARK_SPACE &&
                   parts->run_digits[n] > 0 && groups(parts, n - 1);
    return is_both ? FORM_BOTH : FORM_BAD;
}

void hr_notation_show(struct hr_notation_evidence *evidence, const char *cell)
{
    struct parts parts;
    if (!cut(cell, &parts)) {
        return;
    }
    switch (form_of(&parts)) {
    case FORM_BAD:
    case FORM_PLAIN:
        break;
    case FORM_GROUPED:
        evidence->n_group[parts.marks[0]]++;
        break;
    case FORM_DECIMAL:
        evidence->n_decimal[parts.marks[0]]++;
        break;
    case FORM_BOTH:
        evidence->n_group[parts.marks[0]]++;
        evidence->n_decimal[parts.marks[parts.n_marks - 1]]++;
        break;
    case FORM_AMBIGUOUS:
        evidence->n_ambiguous[parts.marks[0]]++;
        break;
    }
}

static struct hr_notation notation(enum hr_mark_use comma, enum hr_mark_use point)
{
    struct hr_notation result = {
        .use = {
            [HR_MARK_COMMA] = comma, [HR_MARK_POINT] = point, [HR_MARK_SPACE] = HR_USE_GROUP}};
    return result;
}

struct hr_notation hr_notation_decide(const struct hr_notation_evidence *evidence,
                                      char delimiter)
{
    bool comma_groups = evidence->n_group[HR_MARK_COMMA] > 0;
    bool point_groups = evidence->n_group[HR_MARK_POINT] > 0;
    bool space_groups = evidence->n_group[HR_MARK_SPACE] > 0;
    bool comma_decimal = evidence->n_decimal[HR_MARK_COMMA] > 0;
    bool point_decimal = evidence->n_decimal[HR_MARK_POINT] > 0;
    bool is_comma_unclear = evidence->n_ambiguous[HR_MARK_COMMA] > 0;
    bool is_point_unclear = evidence->n_ambiguous[HR_MARK_POINT] > 0;
    bool is_english = comma_groups || point_decimal;
    bool is_european = point_groups || comma_decimal;

    struct hr_notation result;
    if (is_english) {
        result = notation(HR_USE_GROUP, HR_USE_DECIMAL);
    } else if (is_european) {
        result = notation(HR_USE_DECIMAL, HR_USE_GROUP);
    } else if (space_groups) {
        result = notation(HR_USE_UNSURE, HR_USE_UNSURE);
    } else if (delimiter == ',' || (delimiter != ';' && is_comma_unclear)) {
        result = notation(HR_USE_GROUP, HR_USE_UNSURE);
    } else {
        result = notation(HR_USE_UNSURE, HR_USE_GROUP);
    }
    result.is_mixed = (is_english && is_european) ||
                      (space_groups && (comma_groups || point_groups)) ||
                      (!is_english && !is_european && is_comma_unclear && is_point_unclear);
    return result;
}

struct hr_notation hr_notation_own(char delimiter)
{
    struct hr_notation result = delimiter == ',' ? notation(HR_USE_NONE, HR_USE_DECIMAL)
                                                 : notation(HR_USE_UNSURE, HR_USE_UNSURE);
    result.use[HR_MARK_SPACE] = HR_USE_NONE;
    return result;
}

/* Whether the notation allows the marks as they stand. */
static enum hr_number_result check(const struct parts *parts, enum form form,
                                   const struct hr_notation *in, bool *has_decimals)
{
    *has_decimals = false;
    if (form == FORM_BAD) {
        return HR_NUMBER_BAD;
    }
    if (form == FORM_PLAIN) {
        return HR_NUMBER_OK;
    }
    if (in->is_mixed) {
        return HR_NUMBER_MIXED;
    }
    enum hr_mark_use first = in->use[parts->marks[0]];
    enum hr_mark_use last = in->use[parts->marks[parts->n_marks - 1]];
    bool is_last_decimal = last == HR_USE_DECIMAL || last == HR_USE_UNSURE;
    *has_decimals = form == FORM_BOTH || form == FORM_DECIMAL ||
                    (form == FORM_AMBIGUOUS && last == HR_USE_DECIMAL);
    switch (form) {
    case FORM_GROUPED:
        return first == HR_USE_GROUP ? HR_NUMBER_OK : HR_NUMBER_BAD;
    case FORM_DECIMAL:
        return is_last_decimal ? HR_NUMBER_OK : HR_NUMBER_BAD;
    case FORM_BOTH:
        return first == HR_USE_GROUP && is_last_decimal ? HR_NUMBER_OK : HR_NUMBER_BAD;
    case FORM_AMBIGUOUS:
        return first == HR_USE_UNSURE ? HR_NUMBER_AMBIGUOUS
               : first == HR_USE_NONE ? HR_NUMBER_BAD
                                      : HR_NUMBER_OK;
    case FORM_BAD:
    case FORM_PLAIN:
        break;
    }
    return HR_NUMBER_BAD;
}

enum hr_number_result hr_number_read(const char *cell, const struct hr_notation *in,
                                     double *out)
{
    if (*cell == '\0') {
        return HR_NUMBER_BLANK;
    }
    struct parts parts;
    if (!cut(cell, &parts)) {
        return HR_NUMBER_BAD;
    }
    bool has_decimals = false;
    enum hr_number_result result = check(&parts, form_of(&parts), in, &has_decimals);
    if (result != HR_NUMBER_OK) {
        return result;
    }
    size_t n_decimals = has_decimals ? parts.run_digits[parts.n_marks] : 0;
    size_t n_whole = parts.n_digits - n_decimals;
    g_autofree char *plain =
        g_strdup_printf("%s%.*s.%.*s%s", parts.is_negative ? "-" : "", (int)n_whole,
                        parts.digits, (int)n_decimals, parts.digits + n_whole, parts.exponent);
    return hr_parse_double(plain, out) ? HR_NUMBER_OK : HR_NUMBER_BAD;
}
