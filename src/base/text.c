/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <string.h>

bool hr_parse_int(const char *text, int64_t least, int64_t most, int64_t *out)
{
    while (g_ascii_isspace(*text)) {
        text++;
    }
    const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
    if (!g_ascii_isdigit(*digits) || (digits[0] == '0' && g_ascii_isdigit(digits[1]))) {
        return false;
    }
    char *end = NULL;
    errno = 0;
    int64_t value = g_ascii_strtoll(text, &end, 10);
    while (g_ascii_isspace(*end)) {
        end++;
    }
    if (errno != 0 || *end != '\0' || value < least || value > most) {
        return false;
    }
    *out = value;
    return true;
}

bool hr_parse_double(const char *text, double *out)
{
    while (g_ascii_isspace(*text)) {
        text++;
    }
    /* g_ascii_strtod also reads hexadecimal, "inf" and "nan": only digits may start a number.
     */
    const char *p = *text == '-' || *text == '+' ? text + 1 : text;
    if (!g_ascii_isdigit(*p) && !(*p == '.' && g_ascii_isdigit(p[1]))) {
        return false;
    }
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        return false;
    }
    char *end = NULL;
    errno = 0;
    double value = g_ascii_strtod(text, &end);
    while (g_ascii_isspace(*end)) {
        end++;
    }
    if (*end != '\0' || !isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}

uint64_t hr_hash_bytes(uint64_t hash, const void *bytes, size_t n_bytes)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n_bytes; i++) {
        hash = (hash ^ p[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

uint64_t hr_hash_text(uint64_t hash, const char *text)
{
    /* The terminating zero is hashed too, so that ("ab", "c") and ("a", "bc") differ. */
    return hr_hash_bytes(hash, text, strlen(text) + 1);
}

enum { NAME_MAX_LETTERS = 63 };

static size_t edit_distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t row[NAME_MAX_LETTERS + 1];
    for (size_t j = 0; j <= n_b; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t substituted =
                diagonal + (g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = MIN(substituted, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[n_b];
}

const char *hr_nearest_name(const char *text, const char *const *names)
{
    size_t n_text = strlen(text);
    if (n_text > NAME_MAX_LETTERS) {
        return NULL;
    }
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t n_name = strlen(names[i]);
        if (n_name > NAME_MAX_LETTERS) {
            continue;
        }
        size_t distance = edit_distance(text, n_text, names[i], n_name);
        if (distance < least && distance * 3 <= MAX(n_text, n_name) + 2) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
