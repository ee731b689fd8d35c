/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/match.h"

#include <string.h>

#include <glib.h>

/* Length of the mark at p that says nothing about the system, 0 for anything else. */
static size_t mark_length(const char *p)
{
    static const char *const marks[] = {
        "(r)", "(tm)", "\xc2\xae", "\xe2\x84\xa2", "\xc2\xa0", " ", "\t", ",", ";", "_", "-"};
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        size_t n = strlen(marks[i]);
        if (g_ascii_strncasecmp(p, marks[i], n) == 0) {
            return n;
        }
    }
    return 0;
}

char *hr_match_system_text(const char *text)
{
    GString *out = g_string_new(NULL);
    bool is_between = false;
    while (*text != '\0') {
        size_t n = mark_length(text);
        if (n > 0) {
            is_between = true;
            text += n;
            continue;
        }
        if (is_between && out->len > 0) {
            g_string_append_c(out, ' ');
        }
        is_between = false;
        g_string_append_c(out, g_ascii_tolower(*text));
        text++;
    }
    return g_string_free(out, FALSE);
}

bool hr_match_words(const char *text, const char *part)
{
    size_t n = strlen(part);
    if (n == 0) {
        return false;
    }
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        bool begins = at == text || !g_ascii_isalnum(at[-1]) || !g_ascii_isalnum(*part);
        bool ends = !g_ascii_isdigit(part[n - 1]) || !g_ascii_isdigit(at[n]);
        if (begins && ends) {
            return true;
        }
    }
    return false;
}

char *hr_match_guest_name(const char *name)
{
    const char *dot = strchr(name, '.');
    size_t n = dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name);
    char *out = g_ascii_strdown(name, (gssize)n);
    g_strdelimit(out, "_ \t", '-');
    return out;
}

/* p stands behind "[". Returns: behind "]", or NULL when the bracket is never closed. */
static const char *bracket_end(const char *p)
{
    if (*p == '!') {
        p++;
    }
    const char *end = *p == '\0' ? NULL : strchr(p + 1, ']');
    return end != NULL ? end + 1 : NULL;
}

static bool bracket_holds(const char *p, char c)
{
    bool is_negated = *p == '!';
    if (is_negated) {
        p++;
    }
    const char *first = p;
    bool found = false;
    while (p == first || *p != ']') {
        if (p[1] == '-' && p[2] != ']') {
            found = found || (c >= p[0] && c <= p[2]);
            p += 3;
        } else {
            found = found || c == *p;
            p++;
        }
    }
    return found != is_negated;
}

/* Fits one element of the pattern to one character. Returns: behind the element, or NULL. */
static const char *fit_one(const char *pattern, char c)
{
    if (*pattern == '[') {
        return bracket_holds(pattern + 1, c) ? bracket_end(pattern + 1) : NULL;
    }
    if (*pattern == '?') {
        return pattern + 1;
    }
    return *pattern == c ? pattern + 1 : NULL;
}

bool hr_match_pattern(const char *pattern, const char *text)
{
    /* Only the last star needs to be tried again: an earlier one could not do better. */
    const char *star = NULL;
    const char *star_text = NULL;
    while (*text != '\0') {
        const char *next = NULL;
        if (*pattern == '*') {
            star = ++pattern;
            star_text = text;
            continue;
        }
        if (*pattern != '\0') {
            next = fit_one(pattern, *text);
        }
        if (next != NULL) {
            pattern = next;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++star_text;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

size_t hr_match_literals(const char *pattern)
{
    size_t n = 0;
    while (*pattern != '\0') {
        if (*pattern == '[') {
            pattern = bracket_end(pattern + 1);
            continue;
        }
        n += *pattern != '*' && *pattern != '?' ? 1 : 0;
        pattern++;
    }
    return n;
}

bool hr_match_is_pattern(const char *pattern)
{
    if (*pattern == '\0') {
        return false;
    }
    while (*pattern != '\0') {
        if (*pattern != '[') {
            pattern++;
            continue;
        }
        pattern = bracket_end(pattern + 1);
        if (pattern == NULL) {
            return false;
        }
    }
    return true;
}
