/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/text.h"
#include "cli/catalog_output.h"

enum { VALUE_COLUMNS = 36, SOURCE_COLUMNS = 64 };

/* ---- Units: the ending of a key says them ---- */

struct ending {
    const char *text;
    const char *unit;
};

/* The first that fits decides, so the longer one stands first. */
static const struct ending endings[] = {
    {"per_gib_mib", "MiB/GiB"},
    {"per_gib_above_first_mib", "MiB/GiB"},
    {"per_vcpu_mib", "MiB/vCPU"},
    {"cpu_mhz_per_iops", "MHz/IOPS"},
    {"pages_per_s_guest", "pages/s"},
    {"pages_per_s_ghz", "pages/s/GHz"},
    {"iops_per_disk", "IOPS"},
    {"_per_host_year", "h"},
    {"_per_guest_year", "h"},
    {"maintenance_year_frac", "share/year"},
    {"included_years", "years"},
    {"per_day", "1/day"},
    {"_hour", "hour"},
    {"_mibps", "MiB/s"},
    {"_mib", "MiB"},
    {"_gib", "GiB"},
    {"_tb", "TB"},
    {"mhz", "MHz"},
    {"iops", "IOPS"},
    {"iops_mean", "IOPS"},
    {"iops_peak", "IOPS"},
    {"_pct", "%"},
    {"_frac", "share"},
    {"_share", "share"},
    {"watt", "W"},
    {"_us", "µs"},
    {"_ms", "ms"},
    {"_h", "h"},
    {"_s", "s"},
};

static const char *unit_of(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (g_str_has_suffix(path, endings[i].text)) {
            return endings[i].unit;
        }
    }
    return "";
}

/* ---- Sources ---- */

/* The origin of a value is the one of its own path, else of the map it stands in, else the
 * entry's default; "" for texts that need none. */
static const char *source_of(const hr_node *sources, const char *path)
{
    g_autofree char *key = g_strdup(path);
    for (;;) {
        const hr_node *found = hr_node_get(sources, key);
        if (found != NULL) {
            return hr_node_text(found);
        }
        char *cut = strrchr(key, '.');
        char *element = strrchr(key, '[');
        cut = element != NULL && (cut == NULL || element > cut) ? element : cut;
        if (cut == NULL) {
            break;
        }
        *cut = '\0';
    }
    const hr_node *general = hr_node_get(sources, "default");
    return general != NULL ? hr_node_text(general) : "";
}

/* ---- For people ---- */

struct shown {
    const hr_node *sources;
    hr_grid *grid;
};

/* Breaks a text at blanks into lines of at most so many characters. Owner: the caller. */
static GPtrArray *wrap(const char *text, long columns)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    GString *line = g_string_new(NULL);
    for (size_t i = 0; words[i] != NULL; i++) {
        long length = g_utf8_strlen(line->str, -1) + 1 + g_utf8_strlen(words[i], -1);
        if (line->len > 0 && length > columns) {
            g_ptr_array_add(lines, g_strdup(line->str));
            g_string_truncate(line, 0);
        }
        g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", words[i]);
    }
    g_ptr_array_add(lines, g_string_free(line, FALSE));
    return lines;
}

static const char *line_at(const GPtrArray *lines, guint index)
{
    return index < lines->len ? g_ptr_array_index(lines, index) : "";
}

static void add_value(const struct shown *shown, const char *path, const char *value)
{
    const char *source = shown->sources != NULL ? source_of(shown->sources, path) : "";
    g_autoptr(GPtrArray) values = wrap(value, VALUE_COLUMNS);
    g_autoptr(GPtrArray) sources = wrap(source, SOURCE_COLUMNS);
    for (guint i = 0; i < MAX(values->len, sources->len); i++) {
        hr_grid_add(shown->grid, "%s", i == 0 ? path : "");
        hr_grid_add(shown->grid, "%s", line_at(values, i));
        hr_grid_add(shown->grid, "%s", i == 0 ? unit_of(path) : "");
        hr_grid_add(shown->grid, "%s", line_at(sources, i));
    }
}

static bool is_flat(const hr_node *node)
{
    for (size_t i = 0; i < hr_node_length(node); i++) {
        if (hr_node_kind(hr_node_at(node, i)) != HR_NODE_SCALAR) {
            return false;
        }
    }
    return true;
}

/* Scalars of a list, or keys and scalars of a map, in one line. Owner: the caller. */
static char *in_line(const hr_node *node)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < hr_node_length(node); i++) {
        g_string_append(text, i > 0 ? ", " : "");
        if (hr_node_kind(node) == HR_NODE_MAP) {
            g_string_append_printf(text, "%s ", hr_node_key_at(node, i));
        }
        g_string_append(text, hr_node_text(hr_node_at(node, i)));
    }
    return g_string_free(text, FALSE);
}

static void add_node(const struct shown *shown, const char *path, const hr_node *node);

/* Elements are counted from one, as people do. */
static void add_list(const struct shown *shown, const char *path, const hr_node *list)
{
    if (is_flat(list)) {
        g_autofree char *text = in_line(list);
        add_value(shown, path, *text != '\0' ? text : "none");
        return;
    }
    for (size_t i = 0; i < hr_node_length(list); i++) {
        const hr_node *element = hr_node_at(list, i);
        g_autofree char *inner = g_strdup_printf("%s[%zu]", path, i + 1);
        if (is_flat(element) && hr_node_length(element) <= 2) {
            g_autofree char *text = in_line(element);
            add_value(shown, inner, text);
        } else {
            add_node(shown, inner, element);
        }
    }
}

static void add_node(const struct shown *shown, const char *path, const hr_node *node)
{
    switch (hr_node_kind(node)) {
    case HR_NODE_SCALAR:
        add_value(shown, path, hr_node_text(node));
        break;
    case HR_NODE_LIST:
        add_list(shown, path, node);
        break;
    case HR_NODE_MAP:
        for (size_t i = 0; i < hr_node_length(node); i++) {
            const char *key = hr_node_key_at(node, i);
            g_autofree char *inner =
                *path != '\0' ? g_strdup_printf("%s.%s", path, key) : g_strdup(key);
            if (strcmp(inner, "sources") != 0) {
                add_node(shown, inner, hr_node_at(node, i));
            }
        }
        break;
    }
}

static const struct hr_grid_column entry_columns[] = {{"key", NULL, false},
                                                      {"value", NULL, false},
                                                      {"unit", NULL, false},
                                                      {"source", NULL, false}};

void hr_catalog_show(const hr_tree *entry, const char *id, FILE *out)
{
    const hr_node *root = hr_tree_root(entry);
    g_autoptr(hr_grid) grid = hr_grid_new(entry_columns, G_N_ELEMENTS(entry_columns));
    struct shown shown = {.sources = hr_node_get(root, "sources"), .grid = grid};
    add_value(&shown, "id", id);
    add_node(&shown, "", root);
    hr_grid_print(grid, 0, out);
}

void hr_catalog_show_price(const struct hr_price *price, const char *currency, FILE *out)
{
    static const struct hr_grid_column columns[] = {{"key", NULL, false},
                                                    {"value", NULL, false}};
    char original[24];
    char converted[24];
    const struct {
        const char *key;
        const char *value;
    } rows[] = {
        {"id", price->id},
        {"vendor", price->vendor},
        {"item", price->item},
        {"price", hr_decimal_format(price->price_original, original)},
        {"currency", price->currency_original},
        {"unit", price->unit},
        {"valid_from", price->valid_from},
        {"valid_to", price->valid_to},
        {"region", price->region},
        {"status", hr_price_status_name(price->status)},
        {"source", price->source},
        {"note", price->note},
    };
    g_autoptr(hr_grid) grid = hr_grid_new(columns, G_N_ELEMENTS(columns));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].value[0] == '\0') {
            continue;
        }
        hr_grid_add(grid, "%s", rows[i].key);
        hr_grid_add(grid, "%s%s", rows[i].value,
                    strcmp(rows[i].key, "status") == 0 && hr_price_is_starred(price) ? " *"
                                                                                     : "");
    }
    if (price->currency_original[0] != '\0' &&
        strcmp(price->currency_original, currency) != 0) {
        hr_grid_add(grid, "in %s", currency);
        hr_grid_add(grid, "%s", hr_decimal_format(price->price, converted));
    }
    hr_grid_print(grid, 0, out);
}

/* ---- JSON ---- */

/* YAML knows no types here; names and patterns are text whatever they look like. */
static json_t *scalar_json(const char *key, const char *text)
{
    static const char *const texts[] = {"name", "vendor", "match", "source", NULL};
    int64_t whole = 0;
    double real = 0.0;
    if (g_strv_contains(texts, key)) {
        return json_string(text);
    }
    if (hr_parse_int(text, INT64_MIN, INT64_MAX, &whole)) {
        return json_integer(whole);
    }
    if (hr_parse_double(text, &real)) {
        return json_real(real);
    }
    bool is_yes = strcmp(text, "true") == 0 || strcmp(text, "yes") == 0;
    if (is_yes || strcmp(text, "false") == 0 || strcmp(text, "no") == 0) {
        return json_boolean(is_yes);
    }
    return json_string(text);
}

static json_t *node_json(const char *key, const hr_node *node)
{
    json_t *value = NULL;
    switch (hr_node_kind(node)) {
    case HR_NODE_SCALAR:
        return scalar_json(key, hr_node_text(node));
    case HR_NODE_LIST:
        value = json_array();
        for (size_t i = 0; i < hr_node_length(node); i++) {
            (void)json_array_append_new(value, node_json(key, hr_node_at(node, i)));
        }
        break;
    case HR_NODE_MAP:
        value = json_object();
        for (size_t i = 0; i < hr_node_length(node); i++) {
            const char *inner = hr_node_key_at(node, i);
            (void)json_object_set_new(value, inner, node_json(inner, hr_node_at(node, i)));
        }
        break;
    }
    return value;
}

json_t *hr_catalog_show_json(const hr_tree *entry)
{
    const hr_node *root = hr_tree_root(entry);
    json_t *values = node_json("", root);
    json_t *sources = json_incref(json_object_get(values, "sources"));
    (void)json_object_del(values, "sources");
    return json_pack("{s:o, s:o}", "values", values, "sources",
                     sources != NULL ? sources : json_object());
}

static json_t *decimal_json(hr_decimal value)
{
    return json_real(hr_decimal_to_double(value));
}

json_t *hr_catalog_show_price_json(const struct hr_price *price, const char *currency)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s}",
                     "id", price->id, "vendor", price->vendor, "item", price->item, "price",
                     decimal_json(price->price_original), "currency", price->currency_original,
                     "price_converted", decimal_json(price->price), "currency_converted",
                     price->currency_original[0] != '\0' ? currency : "", "unit", price->unit,
                     "valid_from", price->valid_from, "valid_to", price->valid_to, "status",
                     hr_price_status_name(price->status), "is_starred",
                     (int)hr_price_is_starred(price), "source", price->source, "note",
                     price->note);
}
