/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate/path.h"

#include <string.h>

#include "base/text.h"

enum { MOST_NAMES_SHOWN = 12 };

/* What one part of a path may be: a list of alternatives, each a name or a pattern. */
struct part {
    const char *text; /* as it stands in the path */
    char **wanted;    /* NULL-terminated */
};

static void part_init(struct part *part, const char *text)
{
    size_t n = strlen(text);
    part->text = text;
    if (n >= 2 && text[0] == '{' && text[n - 1] == '}') {
        g_autofree char *inner = g_strndup(text + 1, n - 2);
        part->wanted = g_strsplit(inner, ",", -1);
    } else {
        part->wanted = g_new0(char *, 2);
        part->wanted[0] = g_strdup(text);
    }
}

/* An element is called by its "variant", where it has one (several may be of one name), else by
 * its "name". */
static const char *name_of(const json_t *element)
{
    const char *variant = json_string_value(json_object_get(element, "variant"));
    const char *name = json_string_value(json_object_get(element, "name"));
    return variant != NULL ? variant : name != NULL ? name : "";
}

static bool is_pattern(const char *text)
{
    return strchr(text, '*') != NULL;
}

/* Guests may have names of digits alone: a name that fits wins over a number. */
static size_t add_from_list(const json_t *list, const char *wanted, GPtrArray *out)
{
    size_t before = out->len;
    for (size_t i = 0; i < json_array_size(list) && *wanted != '\0'; i++) {
        json_t *element = json_array_get(list, i);
        bool fits = is_pattern(wanted) ? g_pattern_match_simple(wanted, name_of(element))
                                       : strcmp(wanted, name_of(element)) == 0;
        if (fits) {
            g_ptr_array_add(out, element);
        }
    }
    int64_t index = 0;
    if (out->len == before && hr_parse_int(wanted, 0, INT32_MAX, &index) &&
        (size_t)index < json_array_size(list)) {
        g_ptr_array_add(out, json_array_get(list, (size_t)index));
    }
    return out->len - before;
}

static size_t add_from_object(const json_t *object, const char *wanted, GPtrArray *out)
{
    size_t before = out->len;
    if (!is_pattern(wanted)) {
        json_t *value = json_object_get(object, wanted);
        if (value != NULL) {
            g_ptr_array_add(out, value);
        }
        return out->len - before;
    }
    for (void *at = json_object_iter((json_t *)(guintptr)object); at != NULL;
         at = json_object_iter_next((json_t *)(guintptr)object, at)) {
        if (g_pattern_match_simple(wanted, json_object_iter_key(at))) {
            g_ptr_array_add(out, json_object_iter_value(at));
        }
    }
    return out->len - before;
}

/* The names or keys that a part could have been. */
static char *names_known(const json_t *value)
{
    GString *text = g_string_new(NULL);
    size_t n = 0;
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value) && n < MOST_NAMES_SHOWN; i++, n++) {
            const char *name = name_of(json_array_get(value, i));
            g_string_append_printf(text, "%s%s", n > 0 ? ", " : "", name);
        }
        n = json_array_size(value);
    } else if (json_is_object(value)) {
        void *at = json_object_iter((json_t *)(guintptr)value);
        for (size_t i = 0; at != NULL && i < MOST_NAMES_SHOWN; i++) {
            g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", json_object_iter_key(at));
            at = json_object_iter_next((json_t *)(guintptr)value, at);
        }
        n = json_object_size(value);
    }
    if (n > MOST_NAMES_SHOWN) {
        g_string_append(text, ", ...");
    }
    return g_string_free(text, FALSE);
}

/* The values one part further down. */
static bool step_down(const GPtrArray *from, const struct part *part, GPtrArray *to, char **why)
{
    for (guint i = 0; i < from->len; i++) {
        const json_t *value = g_ptr_array_index(from, i);
        for (char **wanted = part->wanted; *wanted != NULL; wanted++) {
            size_t n = json_is_array(value)    ? add_from_list(value, *wanted, to)
                       : json_is_object(value) ? add_from_object(value, *wanted, to)
                                               : 0;
            if (n == 0) {
                g_autofree char *known = names_known(value);
                *why = *known != '\0'
                           ? g_strdup_printf("there is no '%s' (there are %s)", *wanted, known)
                           : g_strdup_printf("there is no '%s': nothing is below it", *wanted);
                return false;
            }
        }
    }
    return true;
}

bool hr_path_collect(const json_t *document, const char *path, GPtrArray *found, char **why)
{
    if (*path == '\0') {
        *why = g_strdup("a path is empty");
        return false;
    }
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    g_autoptr(GPtrArray) now = g_ptr_array_new();
    g_ptr_array_add(now, (gpointer)(guintptr)document);
    for (char **text = parts; *text != NULL; text++) {
        g_autoptr(GPtrArray) next = g_ptr_array_new();
        struct part part;
        part_init(&part, *text);
        bool ok = step_down(now, &part, next, why);
        g_strfreev(part.wanted);
        if (!ok) {
            return false;
        }
        g_ptr_array_unref(now);
        now = g_steal_pointer(&next);
    }
    for (guint i = 0; i < now->len; i++) {
        g_ptr_array_add(found, g_ptr_array_index(now, i));
    }
    return true;
}

bool hr_path_number(const json_t *value, double *out)
{
    if (json_is_number(value)) {
        *out = json_number_value(value);
        return true;
    }
    if (json_is_boolean(value)) {
        *out = json_is_true(value) ? 1.0 : 0.0;
        return true;
    }
    return false;
}
