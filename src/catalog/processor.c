/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/processor.h"

#include <stdbool.h>
#include <string.h>

#include "base/sheet.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/match.h"

/* A platform's first supported generation of a vendor. */
struct support {
    char **platforms;
    char **books;
    char *vendor;
    const struct hr_processor *first;
    char *product;
    char *status;
    char *source;
};

struct hr_processors {
    GPtrArray *generations; /* struct hr_processor */
    GPtrArray *supports;    /* struct support */
};

/* One file in the reading: its columns by name, what is wrong in its rows. */
struct reading {
    const hr_sheet *sheet;
    hr_diag *diag;
    size_t row;
    bool ok;
};

static void fail(struct reading *r, const char *column, const char *what)
{
    hr_diag_add(r->diag, HR_FATAL, hr_sheet_name(r->sheet), hr_sheet_row_line(r->sheet, r->row),
                0, "processor", "'%s': %s", column, what);
    r->ok = false;
}

/* The cell; an empty one is a finding. */
static const char *text_of(struct reading *r, const char *column)
{
    for (size_t c = 0; c < hr_sheet_columns(r->sheet); c++) {
        if (strcmp(hr_sheet_header(r->sheet, c), column) == 0) {
            const char *text = hr_sheet_field(r->sheet, r->row, c);
            if (*text == '\0') {
                fail(r, column, "it is empty");
            }
            return text;
        }
    }
    fail(r, column, "the file has no such column");
    return "";
}

static int count_of(struct reading *r, const char *column, int64_t least, int64_t most)
{
    int64_t value = least;
    if (!hr_parse_int(text_of(r, column), least, most, &value)) {
        fail(r, column, "a whole number within reason is expected");
    }
    return (int)value;
}

static double number_of(struct reading *r, const char *column)
{
    double value = 1.0;
    if (!hr_parse_double(text_of(r, column), &value) || value < 0.01 || value > 100.0) {
        fail(r, column, "a number from 0.01 to 100 is expected");
    }
    return value;
}

static void processor_free(void *entry)
{
    struct hr_processor *p = entry;
    g_free(p->id);
    g_free(p->name);
    g_free(p->vendor);
    g_strfreev(p->match);
    g_free(p->memory_id);
    g_free(p->dimm_watt_id);
    g_free(p->storage);
    g_free(p->source);
    g_free(p);
}

static void support_free(void *entry)
{
    struct support *s = entry;
    g_strfreev(s->platforms);
    g_strfreev(s->books);
    g_free(s->vendor);
    g_free(s->product);
    g_free(s->status);
    g_free(s->source);
    g_free(s);
}

static void read_generation(struct reading *r, hr_processors *out)
{
    struct hr_processor *p = g_new0(struct hr_processor, 1);
    p->id = g_strdup(text_of(r, "id"));
    p->name = g_strdup(text_of(r, "name"));
    p->vendor = g_strdup(text_of(r, "vendor"));
    p->year = count_of(r, "year", 2000, 2100);
    p->match = g_strsplit(text_of(r, "match"), "|", -1);
    p->perf_factor = number_of(r, "perf_factor");
    p->threads_per_core = count_of(r, "threads_per_core", 1, 8);
    p->channels_per_socket = count_of(r, "channels_per_socket", 1, 64);
    p->slots_per_socket = count_of(r, "slots_per_socket", 1, 256);
    p->memory_id = g_strdup(text_of(r, "memory_id"));
    p->dimm_watt_id = g_strdup(text_of(r, "dimm_watt_id"));
    p->storage = g_strdup(text_of(r, "storage"));
    p->source = g_strdup(text_of(r, "source"));
    for (char **pattern = p->match; *pattern != NULL; pattern++) {
        if (!hr_match_is_pattern(*pattern)) {
            fail(r, "match", "a part of it is no pattern");
        }
    }
    if (hr_processors_get(out, p->id) != NULL) {
        fail(r, "id", "it stands twice");
    }
    g_ptr_array_add(out->generations, p);
}

static void read_support(struct reading *r, hr_processors *out)
{
    struct support *s = g_new0(struct support, 1);
    s->platforms = g_strsplit(text_of(r, "platforms"), " ", -1);
    s->books = g_strsplit(text_of(r, "books"), " ", -1);
    s->vendor = g_strdup(text_of(r, "vendor"));
    s->first = hr_processors_get(out, text_of(r, "from"));
    s->product = g_strdup(text_of(r, "product"));
    s->status = g_strdup(text_of(r, "status"));
    s->source = g_strdup(text_of(r, "source"));
    if (s->first == NULL || strcmp(s->first->vendor, s->vendor) != 0) {
        fail(r, "from", "the id of a generation of this vendor is expected");
    }
    g_ptr_array_add(out->supports, s);
}

static bool load_file(hr_processors *out, const char *dir, const char *name,
                      void (*read_row)(struct reading *r, hr_processors *out), hr_diag *diag,
                      GError **error)
{
    g_autofree char *data = hr_data_dir(dir);
    g_autofree char *path = g_build_filename(data, "processors", name, NULL);
    g_autoptr(hr_sheet) sheet = hr_sheet_load(path, NULL, diag, error);
    if (sheet == NULL) {
        return false;
    }
    struct reading r = {.sheet = sheet, .diag = diag, .ok = true};
    for (r.row = 0; r.row < hr_sheet_rows(sheet); r.row++) {
        read_row(&r, out);
    }
    return r.ok;
}

hr_processors *hr_processors_load(const char *dir, hr_diag *diag, GError **error)
{
    hr_processors *loaded = g_new0(hr_processors, 1);
    loaded->generations = g_ptr_array_new_with_free_func(processor_free);
    loaded->supports = g_ptr_array_new_with_free_func(support_free);
    if (load_file(loaded, dir, "generations.csv", read_generation, diag, error) &&
        load_file(loaded, dir, "support.csv", read_support, diag, error)) {
        return loaded;
    }
    hr_processors_free(loaded);
    return NULL;
}

void hr_processors_free(hr_processors *processors)
{
    if (processors != NULL) {
        g_ptr_array_free(processors->supports, TRUE);
        g_ptr_array_free(processors->generations, TRUE);
        g_free(processors);
    }
}

const struct hr_processor *hr_processors_get(const hr_processors *processors, const char *id)
{
    for (guint i = 0; i < processors->generations->len; i++) {
        const struct hr_processor *p = processors->generations->pdata[i];
        if (strcmp(p->id, id) == 0) {
            return p;
        }
    }
    return NULL;
}

/* Lower case; marks, the word cpu and runs of blanks are one blank. Owner: the caller. */
static char *plain_model(const char *model)
{
    g_autofree char *lower = g_utf8_strdown(model, -1);
    g_autoptr(GRegex) marks =
        g_regex_new("(\\((r|tm|c)\\)|®|™|\\bcpu\\b|\\s)+", G_REGEX_OPTIMIZE, 0, NULL);
    return g_regex_replace_literal(marks, lower, -1, 0, " ", 0, NULL);
}

const struct hr_processor *hr_processors_of_model(const hr_processors *processors,
                                                  const char *model)
{
    g_autofree char *plain = plain_model(model);
    const struct hr_processor *best = NULL;
    size_t most = 0;
    for (guint i = 0; i < processors->generations->len; i++) {
        const struct hr_processor *p = processors->generations->pdata[i];
        for (char **pattern = p->match; *pattern != NULL; pattern++) {
            size_t n = hr_match_literals(*pattern);
            if (n > most && hr_match_pattern(*pattern, plain)) {
                best = p;
                most = n;
            }
        }
    }
    return best;
}

char *hr_processors_ids(const hr_processors *processors)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < processors->generations->len; i++) {
        const struct hr_processor *p = processors->generations->pdata[i];
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", p->id);
    }
    return g_string_free(text, FALSE);
}

char *hr_processors_unsupported(const hr_processors *processors, const char *platform_id,
                                const char *book, const struct hr_processor *generation)
{
    for (guint i = 0; i < processors->supports->len; i++) {
        const struct support *s = processors->supports->pdata[i];
        if (strcmp(s->vendor, generation->vendor) == 0 && generation->year < s->first->year &&
            g_strv_contains((const char *const *)s->platforms, platform_id) &&
            g_strv_contains((const char *const *)s->books, book)) {
            return g_strdup_printf("processor: %s does not support %s, only %s and later (%s: "
                                   "%s)",
                                   s->product, generation->name, s->first->name, s->status,
                                   s->source);
        }
    }
    return NULL;
}
