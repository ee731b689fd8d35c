/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every documented parameter changes a result. The parameters are asked of the program and of
 * its manual, so that no new one goes unnoticed; tests/fixtures/sensitivity.yaml has for each a
 * scenario, two values and the figure in which the results must differ, or the reason why there
 * is none. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <jansson.h>

#include "base/fields.h"
#include "catalog/entries.h"
#include "check.h"
#include "memory/memory_policy.h"
#include "scenario/read.h"
#include "study/simulate_json.h"

/* Differences are beyond this, or they are rounding. */
static const double LEAST_RELATIVE = 1e-3;
static const double LEAST_ABSOLUTE = 2e-6; /* figures have six decimals */
enum { MOST_WITHOUT_EFFECT = 24 };

/* What is written out again as it was read, or worked out from the scenario alone. */
static const char *const ECHOES[] = {"name",
                                     "role",
                                     "os",
                                     "platform",
                                     "size_mib",
                                     "limit_mib",
                                     "shares",
                                     "overhead_mib",
                                     "demand",
                                     "reservation_mib",
                                     "hypervisor_mib",
                                     "physical_mib",
                                     "policy",
                                     "variant",
                                     "replication",
                                     "min_free_mib",
                                     "thresholds_mib",
                                     NULL};

struct fixture {
    hr_tree *table;
    char *folder;          /* for scenarios and what they name */
    hr_catalog *catalog;   /* as it is shipped */
    GHashTable *answers;   /* text of a scenario -> json_t *, by the shipped catalogue */
    GPtrArray *documented; /* every parameter, once */
};

/* ---- which parameters there are
 * --------------------------------------------------------------------------------- */

static void add_fields(GPtrArray *out, const char *prefix, const struct hr_field *fields)
{
    for (const struct hr_field *f = fields; f->key != NULL; f++) {
        g_autofree char *path = g_strconcat(prefix, "/", f->key, NULL);
        if (f->fields != NULL) {
            add_fields(out, path, f->fields);
        } else {
            g_ptr_array_add(out, g_steal_pointer(&path));
        }
    }
}

static void add_program(GPtrArray *out)
{
    add_fields(out, "settings", hr_platform_changes());
    for (const struct hr_memory_policy *const *p = hr_memory_policies(); *p != NULL; p++) {
        if ((*p)->fields != NULL) {
            g_autofree char *prefix = g_strconcat("settings/", (*p)->name, NULL);
            add_fields(out, prefix, (*p)->fields);
        }
    }
    add_fields(out, "roles", hr_role_fields());
    add_fields(out, "systems", hr_os_fields());
}

/* The lists of the manual: the section each stands in, and how it is called here. */
static const struct {
    const char *title;
    int list; /* which one of the section, from 0 */
    const char *prefix;
} LISTS[] = {{"The file", 0, "file"},   {"A platform with other settings", 0, "variant"},
             {"cluster", 0, "cluster"}, {"cluster", 1, "storage"},
             {"run", 0, "run"},         {"service_level", 0, "service_level"},
             {"guests", 0, "guests"},   {"Demand by hand", 0, "demand"},
             {"pages", 0, "pages"},     {"behaviour", 0, "behaviour"}};

static const char *prefix_of(const char *title, int list)
{
    for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++) {
        if (strcmp(LISTS[i].title, title) == 0 && LISTS[i].list == list) {
            return LISTS[i].prefix;
        }
    }
    fail_msg("list %d of \"%s\" in the manual is unknown to this test", list, title);
    return NULL;
}

static void add_manual(GPtrArray *out)
{
    const char *top = g_getenv("top_srcdir");
    g_autofree char *path =
        g_build_filename(top != NULL ? top : ".", "doc", "headroom-scenario.5", NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char *title = "";
    int list = -1;
    for (char **line = lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, ".Ss ")) {
            title = *line + strlen(".Ss ");
            list = -1;
        }
        list += g_str_has_prefix(*line, ".Bl ");
        if (!g_str_has_prefix(*line, ".It Cm ")) {
            continue;
        }
        g_auto(GStrv) keys = g_strsplit_set(*line + strlen(".It Cm "), " ,", -1);
        for (char **key = keys; *key != NULL; key++) {
            if (**key != '\0') {
                const char *prefix = prefix_of(title, list);
                g_ptr_array_add(out, g_strconcat(prefix, "/", *key, NULL));
            }
        }
    }
}

static bool is_documented(const struct fixture *f, const char *path)
{
    return g_ptr_array_find_with_equal_func(f->documented, path, g_str_equal, NULL);
}

/* ---- the table
 * --------------------------------------------------------------------------------- */

static const hr_node *part(const struct fixture *f, const char *key)
{
    const hr_node *node = hr_node_get(hr_tree_root(f->table), key);
    assert_non_null(node);
    return node;
}

static const char *text_at(const hr_node *map, const char *key)
{
    const hr_node *node = hr_node_get(map, key);
    return node != NULL ? hr_node_text(node) : NULL;
}

/* Writes what the scenarios of the table name. */
static void write_files(const struct fixture *f)
{
    const hr_node *files = part(f, "files");
    for (size_t i = 0; i < hr_node_length(files); i++) {
        g_autofree char *path = g_build_filename(f->folder, hr_node_key_at(files, i), NULL);
        assert_true(g_file_set_contents(path, hr_node_text(hr_node_at(files, i)), -1, NULL));
    }
}

/* Wraps "key: value" into maps: of "a/b" and 3, "a: {b: 3}". */
static char *fragment(const char *path, const char *value)
{
    if (value == NULL) {
        return g_strdup("");
    }
    g_auto(GStrv) keys = g_strsplit(path, "/", -1);
    GString *out = g_string_new(NULL);
    guint n = g_strv_length(keys);
    for (guint i = 0; i < n; i++) {
        g_string_append_printf(out, i + 1 < n ? "%s: {" : "%s: ", keys[i]);
    }
    g_string_append(out, value);
    for (guint i = 1; i < n; i++) {
        g_string_append_c(out, '}');
    }
    g_string_append(out, ", ");
    return g_string_free(out, FALSE);
}

/* Removes the places that were not filled: "<...>". */
static void remove_places(GString *text)
{
    char *from = strchr(text->str, '<');
    while (from != NULL) {
        const char *to = strchr(from, '>');
        assert_non_null(to);
        gssize at = from - text->str;
        g_string_erase(text, at, to - from + 1);
        from = strchr(text->str + at, '<');
    }
}

/* The scenario of a base with this value at its place, the nearest map that the base has.
 * value: NULL leaves the key out. Owner: the caller. */
static char *scenario_with(const struct fixture *f, const char *base, const char *path,
                           const char *value)
{
    const char *text = text_at(part(f, "bases"), base);
    if (text == NULL) {
        fail_msg("%s: there is no base \"%s\"", path, base != NULL ? base : "");
    }
    GString *out = g_string_new(text);
    g_autofree char *map = g_strdup(path);
    bool is_placed = false;
    for (char *end = strrchr(map, '/'); end != NULL && !is_placed; end = strrchr(map, '/')) {
        *end = '\0';
        g_autofree char *place = g_strdup_printf("<%s>", map);
        g_autofree char *words = fragment(path + strlen(map) + 1, value);
        is_placed = strstr(out->str, place) != NULL;
        if (is_placed) {
            (void)g_string_replace(out, place, words, 1);
        }
    }
    if (!is_placed) {
        fail_msg("%s: the base \"%s\" has no place for it", path, base);
    }
    remove_places(out);
    return g_string_free(out, FALSE);
}

/* ---- a catalogue with one value changed
 * --------------------------------------------------------------------------------- */

/* Does the line begin with this key, as an element of a list or not? *indent: of the key. */
static bool has_key(const char *line, const char *key, size_t *indent)
{
    *indent = strspn(line, " -");
    return g_str_has_prefix(line + *indent, key) && line[*indent + strlen(key)] == ':';
}

/* Replaces the value of the key at path ("roles/jobs/iops" is the first iops below jobs), which
 * may go over several lines. Owner: the caller. */
static char *edited(const char *text, const char *path, const char *value)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) keys = g_strsplit(path, "/", -1);
    GString *out = g_string_new(NULL);
    guint k = 1; /* the first is the folder */
    size_t indent = 0;
    for (char **line = lines; *line != NULL; line++) {
        if (keys[k] == NULL || !has_key(*line, keys[k], &indent)) {
            g_string_append_printf(out, "%s\n", *line);
            continue;
        }
        if (keys[++k] != NULL) {
            g_string_append_printf(out, "%s\n", *line);
            continue;
        }
        g_string_append_printf(out, "%.*s%s: %s\n", (int)indent, *line, keys[k - 1], value);
        while (line[1] != NULL && *line[1] != '\0' && *line[1] != '#' &&
               (strspn(line[1], " ") > indent || line[1][indent] == '-')) {
            line++;
        }
    }
    if (keys[k] != NULL) {
        fail_msg("%s: the file has no such key", path);
    }
    return g_string_free(out, FALSE);
}

/* Copies data/ into a folder as links, so that files of it can be replaced. */
static void link_tree(const char *from, const char *to)
{
    assert_int_equal(g_mkdir_with_parents(to, 0700), 0);
    g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
    assert_non_null(dir);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *source = g_build_filename(from, name, NULL);
        g_autofree char *target = g_build_filename(to, name, NULL);
        if (g_file_test(source, G_FILE_TEST_IS_DIR)) {
            link_tree(source, target);
        } else {
            assert_int_equal(symlink(source, target), 0);
        }
    }
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir =
        g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL;
         name = g_dir_read_name(dir)) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_tree(below);
    }
    assert_int_equal(g_remove(path), 0);
}

/* The shipped catalogue with this value in this file. Returns: NULL when it is refused. Owner:
 * the caller. */
static hr_catalog *catalog_with(const struct fixture *f, const char *file, const char *path,
                                const char *value)
{
    g_autofree char *source = g_build_filename(hr_catalog_dir(f->catalog), file, NULL);
    g_autofree char *data = g_build_filename(f->folder, "data", NULL);
    g_autofree char *target = g_build_filename(data, file, NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(source, &text, NULL, NULL));
    g_autofree char *changed = edited(text, path, value);
    assert_int_equal(g_unlink(target), 0);
    assert_true(g_file_set_contents(target, changed, -1, NULL));
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_catalog *catalog = hr_catalog_load(data, diag, NULL);
    if (catalog == NULL) {
        hr_diag_print(diag, HR_NOTE, stderr);
    }
    assert_int_equal(g_unlink(target), 0);
    assert_int_equal(symlink(source, target), 0);
    return catalog;
}

/* ---- answers
 * --------------------------------------------------------------------------------- */

/* Returns: NULL when the scenario is refused; what is wrong with it is then said. Owner: the
 * caller. */
static json_t *answer(const struct fixture *f, const hr_catalog *catalog, const char *text)
{
    g_autofree char *scenario = g_build_filename(f->folder, "scenario.yaml", NULL);
    assert_true(g_file_set_contents(scenario, text, -1, NULL));
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_scenario_file *file = hr_scenario_load(scenario, catalog, diag, NULL);
    if (file == NULL) {
        hr_diag_print(diag, HR_NOTE, stderr);
        return NULL;
    }
    struct hr_simulate_options options = {.n_threads = 1};
    struct hr_simulate_result result;
    assert_true(hr_simulate(file, &options, &result, NULL));
    json_t *document = hr_simulate_json(&result);
    hr_simulate_result_clear(&result);
    hr_scenario_file_free(file);
    return document;
}

/* Borrowed. */
static json_t *shipped_answer(const struct fixture *f, const char *text)
{
    json_t *known = g_hash_table_lookup(f->answers, text);
    if (known == NULL) {
        known = answer(f, f->catalog, text);
        g_hash_table_insert(f->answers, g_strdup(text), known);
    }
    return known;
}

/* Collects the numbers and truth values that stand under a key of this name, at any depth. */
static void collect(const json_t *node, const char *figure, bool is_below, GArray *out)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)(uintptr_t)node, key, value)
    {
        if (!g_strv_contains(ECHOES, key)) {
            collect(value, figure, is_below || strcmp(key, figure) == 0, out);
        }
    }
    for (size_t i = 0; i < json_array_size(node); i++) {
        collect(json_array_get(node, i), figure, is_below, out);
    }
    if (is_below && (json_is_number(node) || json_is_boolean(node))) {
        double number = json_is_number(node) ? json_number_value(node) : json_is_true(node);
        g_array_append_val(out, number);
    }
}

static bool differ(double a, double b)
{
    double gap = fabs(a - b);
    return gap > LEAST_ABSOLUTE && gap > LEAST_RELATIVE * fmax(fabs(a), fabs(b));
}

/* Returns: what is wrong, the caller's, or NULL. sees: "figure" where some of its numbers
 * differ, "figure rises" or "figure falls" where their sum does. */
static char *fault(const json_t *before, const json_t *after, const char *sees)
{
    if (before == NULL || after == NULL) {
        return g_strdup("the scenario is refused");
    }
    g_auto(GStrv) words = g_strsplit(sees, " ", 2);
    g_autoptr(GArray) a = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) b = g_array_new(FALSE, FALSE, sizeof(double));
    collect(before, words[0], false, a);
    collect(after, words[0], false, b);
    double sums[2] = {0.0, 0.0};
    bool is_other = a->len != b->len;
    for (guint i = 0; i < MAX(a->len, b->len); i++) {
        double x = i < a->len ? g_array_index(a, double, i) : 0.0;
        double y = i < b->len ? g_array_index(b, double, i) : 0.0;
        sums[0] += x;
        sums[1] += y;
        is_other = is_other || differ(x, y);
    }
    if (words[1] != NULL) {
        bool rises = strcmp(words[1], "rises") == 0;
        assert_true(rises || strcmp(words[1], "falls") == 0);
        is_other = differ(sums[0], sums[1]) && (sums[1] > sums[0]) == rises;
    }
    if (a->len + b->len == 0) {
        return g_strdup_printf("no figure is called \"%s\"", words[0]);
    }
    return is_other ? NULL
                    : g_strdup_printf("\"%s\" is not seen: %.10g, then %.10g", sees, sums[0],
                                      sums[1]);
}

/* Returns: what is wrong with a row, the caller's, or NULL. */
static char *row_fault(const struct fixture *f, const char *path, const hr_node *row)
{
    const char *base = text_at(row, "base");
    const char *from = text_at(row, "from");
    const char *to = text_at(row, "to");
    const char *file = text_at(row, "file");
    const char *edit = text_at(row, "edit");
    const char *sees = text_at(row, "sees");
    if (base == NULL || sees == NULL || (from == NULL && to == NULL)) {
        return g_strdup("a row has 'base', 'from' or 'to', and 'sees'");
    }
    if (file == NULL) {
        g_autofree char *text = scenario_with(f, base, path, from);
        g_autofree char *changed = scenario_with(f, base, path, to);
        return fault(shipped_answer(f, text), shipped_answer(f, changed), sees);
    }
    GString *text = g_string_new(text_at(part(f, "bases"), base));
    remove_places(text);
    hr_catalog *catalog = catalog_with(f, file, edit != NULL ? edit : path, to);
    json_t *after = catalog != NULL ? answer(f, catalog, text->str) : NULL;
    char *wrong = fault(shipped_answer(f, text->str), after, sees);
    json_decref(after);
    hr_catalog_free(catalog);
    g_string_free(text, TRUE);
    return wrong;
}

/* ---- tests
 * --------------------------------------------------------------------------------- */

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_json(void *json)
{
    json_decref(json);
}

static int load(void **state)
{
    struct fixture *f = g_new0(struct fixture, 1);
    const char *top = g_getenv("top_srcdir");
    g_autofree char *path = g_build_filename(top != NULL ? top : ".", "tests", "fixtures",
                                             "sensitivity.yaml", NULL);
    g_autoptr(hr_diag) diag = hr_diag_new();
    f->table = hr_tree_load(path, diag, NULL);
    f->catalog = hr_catalog_load(NULL, diag, NULL);
    hr_diag_print(diag, HR_NOTE, stderr);
    assert_non_null(f->table);
    assert_non_null(f->catalog);
    f->folder = g_dir_make_tmp("sensitivity-XXXXXX", NULL);
    assert_non_null(f->folder);
    g_autofree char *data = g_build_filename(f->folder, "data", NULL);
    g_autofree char *shipped = g_canonicalize_filename(hr_catalog_dir(f->catalog), NULL);
    link_tree(shipped, data);
    write_files(f);
    f->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, put_json);
    f->documented = g_ptr_array_new_with_free_func(g_free);
    add_program(f->documented);
    add_manual(f->documented);
    g_ptr_array_sort(f->documented, compare_texts);
    *state = f;
    return 0;
}

static int unload(void **state)
{
    struct fixture *f = *state;
    g_ptr_array_unref(f->documented);
    g_hash_table_unref(f->answers);
    hr_catalog_free(f->catalog);
    remove_tree(f->folder);
    hr_tree_free(f->table);
    g_free(f->folder);
    g_free(f);
    return 0;
}

static void every_parameter_stands_in_the_table_once(void **state)
{
    const struct fixture *f = *state;
    const hr_node *rows = part(f, "rows");
    const hr_node *without = part(f, "without_effect");
    guint n_wrong = 0;
    for (guint i = 0; i < f->documented->len; i++) {
        const char *path = g_ptr_array_index(f->documented, i);
        int n = (hr_node_get(rows, path) != NULL) + (hr_node_get(without, path) != NULL);
        if (n != 1) {
            print_error("%s: stands %d times in sensitivity.yaml\n", path, n);
            n_wrong++;
        }
    }
    const hr_node *const lists[] = {rows, without};
    for (size_t l = 0; l < G_N_ELEMENTS(lists); l++) {
        for (size_t i = 0; i < hr_node_length(lists[l]); i++) {
            if (!is_documented(f, hr_node_key_at(lists[l], i))) {
                print_error("%s: no such parameter\n", hr_node_key_at(lists[l], i));
                n_wrong++;
            }
        }
    }
    assert_true(f->documented->len > 150);
    assert_int_equal(n_wrong, 0);
}

static void few_parameters_have_no_effect_and_each_for_a_reason(void **state)
{
    const hr_node *without = part(*state, "without_effect");
    for (size_t i = 0; i < hr_node_length(without); i++) {
        assert_true(strlen(hr_node_text(hr_node_at(without, i))) > 10);
    }
    assert_true(hr_node_length(without) <= MOST_WITHOUT_EFFECT);
}

static void every_parameter_changes_a_result(void **state)
{
    const struct fixture *f = *state;
    const hr_node *rows = part(f, "rows");
    guint n_wrong = 0;
    for (size_t i = 0; i < hr_node_length(rows); i++) {
        const char *path = hr_node_key_at(rows, i);
        g_autofree char *wrong = row_fault(f, path, hr_node_at(rows, i));
        if (wrong != NULL) {
            print_error("%s: %s\n", path, wrong);
            n_wrong++;
        }
    }
    assert_int_equal(n_wrong, 0);
}

/* A figure that does not move is told from one that does, or the rows would prove nothing. */
static void a_value_that_changes_nothing_is_found(void **state)
{
    const struct fixture *f = *state;
    static const char text[] = "{\"runs\": [{\"a\": 1.0, \"shares\": 5, \"b\": [true, 2]}]}";
    static const char moved[] =
        "{\"runs\": [{\"a\": 1.0001, \"shares\": 6, \"b\": [true, 3]}]}";
    json_t *x = json_loads(text, 0, NULL);
    json_t *y = json_loads(moved, 0, NULL);
    static const struct {
        const char *sees;
        bool is_seen;
    } rows[] = {{"a", false},      {"shares", false},  {"b", true},
                {"b rises", true}, {"b falls", false}, {"c", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *wrong = fault(x, y, rows[i].sees);
        assert_int_equal(wrong == NULL, rows[i].is_seen);
    }
    g_autofree char *same = edited("a: 1\nb:\n- c: [2,\n    3]\n  d: 4\n", "x/b/c", "5");
    assert_string_equal(same, "a: 1\nb:\n- c: 5\n  d: 4\n\n");
    assert_false(is_documented(f, "guests/frobnicate"));
    json_decref(x);
    json_decref(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_that_changes_nothing_is_found),
        cmocka_unit_test(every_parameter_stands_in_the_table_once),
        cmocka_unit_test(few_parameters_have_no_effect_and_each_for_a_reason),
        cmocka_unit_test(every_parameter_changes_a_result),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
