/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "base/tree.h"
#include "check.h"

/* The findings as "LINE:COLUMN: text", one a line. */
static char *findings(const hr_diag *diag)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        assert_int_equal(f->severity, HR_FATAL);
        assert_string_equal(f->file, "s.yaml");
        g_string_append_printf(out, "%s%u:%u: %s", i > 0 ? "\n" : "", (unsigned)f->line,
                               (unsigned)f->column, f->text);
    }
    return g_string_free(out, FALSE);
}

static void assert_refused(const char *bytes, size_t n_bytes, const char *expected)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_tree) tree = hr_tree_parse(bytes, n_bytes, "s.yaml", diag);
    assert_null(tree);
    g_autofree char *text = findings(diag);
    if (strstr(text, expected) == NULL || *expected == '\0') {
        fail_msg("expected '%s' in '%s'", expected, text);
    }
}

static void refuses_what_is_no_plain_tree(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        const char *expected;
    } rows[] = {
        {"", "0:0: the file is empty"},
        {"# only a comment\n\n", "0:0: the file is empty"},
        {"---\n", "0:0: the file is empty"},
        {"~\n", "0:0: the file is empty"},
        {"seed: 1\nb: 2\nseed: 3\n", "3:1: key 'seed' given twice (first at line 1)"},
        {"a: {x: 1, x: 2}\n", "1:11: key 'x' given twice (first at line 1)"},
        {"a: &A 1\nb: 2\n", "1:4: anchors ('&A') are not used here"},
        {"a: 1\nb: *A\n", "2:4: aliases ('*A') are not used here"},
        {"a: !!int 1\n", "1:4: tags ('tag:yaml.org,2002:int') are not used here"},
        {"a: 1\n---\nb: 2\n", "2:1: a second document begins here"},
        {"a: 1\n...\n---\nb: 2\n", "3:1: a second document begins here"},
        {"? [a, b]\n: 1\n", "1:3: a key must be a text"},
        {"a: \"x\\0y\"\n", "1:4: a text may not contain a NUL"},
        {"a: [1, 2\n", "not valid YAML"},
        {"a: 1\n\tb: 2\n", "2:1: not valid YAML"},
        {"a: 'open\n", "not valid YAML"},
        {"a: 1\nb: x\xff\n", "2:5: not valid text"},
        {"a: 1\nb: x\x01\n", "2:5: not valid text"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_refused(rows[i].yaml, strlen(rows[i].yaml), rows[i].expected);
    }
    assert_refused("a: 1\nb: \0\n", 10, "2:4: not valid text");
}

static void names_a_repeated_key_once_and_all_of_them(void **state)
{
    (void)state;
    static const char yaml[] = "a: 1\na: 2\na: 3\nb: 1\nb: 2\n";
    g_autoptr(hr_diag) diag = hr_diag_new();
    assert_null(hr_tree_parse(yaml, strlen(yaml), "s.yaml", diag));
    g_autofree char *text = findings(diag);
    assert_string_equal(text, "2:1: key 'a' given twice (first at line 1)\n"
                              "5:1: key 'b' given twice (first at line 4)");
}

static char *brackets(size_t n_open, const char *inner)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < n_open; i++) {
        g_string_append_c(out, '[');
    }
    g_string_append(out, inner);
    for (size_t i = 0; i < n_open; i++) {
        g_string_append_c(out, ']');
    }
    return g_string_free(out, FALSE);
}

static void bounds_depth_and_size(void **state)
{
    (void)state;
    g_autofree char *deepest = brackets(32, "x");
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_tree) tree = hr_tree_parse(deepest, strlen(deepest), "s.yaml", diag);
    assert_non_null(tree);
    g_autofree char *too_deep = brackets(33, "x");
    assert_refused(too_deep, strlen(too_deep), "1:33: nested more than 32 deep");

    g_autofree char *bomb = g_strnfill(100000, '[');
    int64_t begin_us = g_get_monotonic_time();
    assert_refused(bomb, strlen(bomb), "1:33: nested more than 32 deep");
    assert_true(g_get_monotonic_time() - begin_us < 5 * G_USEC_PER_SEC);

    GString *many = g_string_new("[");
    for (int i = 0; i < 1999999; i++) {
        g_string_append(many, "1,");
    }
    g_string_append_c(many, ']');
    g_autoptr(hr_tree) full = hr_tree_parse(many->str, many->len, "s.yaml", diag);
    assert_non_null(full);
    assert_int_equal(hr_node_length(hr_tree_root(full)), 1999999);
    g_string_truncate(many, many->len - 1);
    g_string_append(many, "1]");
    assert_refused(many->str, many->len, "more than 2000000 values");
    g_string_free(many, TRUE);
}

static const char SAMPLE[] = "name: prod # a comment\n"
                             "cores: 32x\n"
                             "octal: 010\n"
                             "share: 0.25\n"
                             "far: 1e3\n"
                             "inf: .inf\n"
                             "nan: nan\n"
                             "hex: 0x10\n"
                             "comma: 1,5\n"
                             "ha: flase\n"
                             "on: yes\n"
                             "off: false\n"
                             "nothing:\n"
                             "tilde: ~\n"
                             "quoted: \"\"\n"
                             "mode: statik\n"
                             "good: overcommit\n"
                             "list: [1, two]\n"
                             "map: {x: 1}\n"
                             "n: -7\n"
                             "half: 2.5\n"
                             "umlaut: größe\n";

struct fixture {
    hr_diag *diag;
    hr_tree *tree;
    const hr_node *root;
};

static struct fixture sample(void)
{
    struct fixture f = {.diag = hr_diag_new()};
    f.tree = hr_tree_parse(SAMPLE, strlen(SAMPLE), "s.yaml", f.diag);
    assert_non_null(f.tree);
    f.root = hr_tree_root(f.tree);
    return f;
}

static void fixture_clear(struct fixture *f)
{
    hr_tree_free(f->tree);
    hr_diag_free(f->diag);
}

static void reads_doubles_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        bool ok;
        double value;
        const char *finding;
    } rows[] = {
        {"share", true, 0.25, ""},
        {"far", true, 1000.0, ""},
        {"n", true, -7.0, ""},
        {"absent", true, -77.0, ""},
        {"cores", false, -77.0, "2:8: 'cores': '32x' is not a number"},
        {"octal", false, -77.0, "3:8: 'octal': '010' is not a number"},
        {"inf", false, -77.0, "6:6: 'inf': '.inf' is not a number"},
        {"nan", false, -77.0, "7:6: 'nan': 'nan' is not a number"},
        {"hex", false, -77.0, "8:6: 'hex': '0x10' is not a number"},
        {"comma", false, -77.0, "9:8: 'comma': '1,5' is not a number"},
        {"nothing", false, -77.0, "13:9: 'nothing' has no value"},
        {"tilde", false, -77.0, "14:8: 'tilde' has no value"},
        {"list", false, -77.0, "18:7: 'list' must be a single value, not a list"},
        {"map", false, -77.0, "19:6: 'map' must be a single value, not a map"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct fixture f = sample();
        double value = -77.0;
        assert_int_equal(hr_node_double(f.tree, f.root, rows[i].key, -1e4, 1e4, &value, f.diag),
                         rows[i].ok);
        assert_near(value, rows[i].value, 0.0);
        g_autofree char *text = findings(f.diag);
        assert_string_equal(text, rows[i].finding);
        fixture_clear(&f);
    }
}

static void checks_ranges_with_both_ends_inside(void **state)
{
    (void)state;
    struct fixture f = sample();
    double value = -77.0;
    assert_true(hr_node_double(f.tree, f.root, "share", 0.25, 1.0, &value, f.diag));
    assert_true(hr_node_double(f.tree, f.root, "share", 0.0, 0.25, &value, f.diag));
    assert_false(hr_node_double(f.tree, f.root, "share", 0.5, 1.0, &value, f.diag));
    int64_t whole = -77;
    assert_true(hr_node_int(f.tree, f.root, "n", -7, -7, &whole, f.diag));
    assert_int_equal(whole, -7);
    assert_false(hr_node_int(f.tree, f.root, "n", 0, 9, &whole, f.diag));
    assert_false(hr_node_int(f.tree, f.root, "half", 0, 9, &whole, f.diag));
    assert_false(hr_node_int(f.tree, f.root, "octal", 0, 99, &whole, f.diag));
    assert_int_equal(whole, -7);
    g_autofree char *text = findings(f.diag);
    assert_string_equal(text, "4:8: 'share': 0.25 is outside 0.5 to 1\n"
                              "20:4: 'n': -7 is outside 0 to 9\n"
                              "21:7: 'half': '2.5' is not a whole number\n"
                              "3:8: 'octal': '010' is not a whole number");
    fixture_clear(&f);
}

static void reads_truth_text_and_names(void **state)
{
    (void)state;
    static const char *const modes[] = {"static", "overcommit", "dynamic", NULL};
    struct fixture f = sample();
    bool truth = true;
    assert_false(hr_node_bool(f.tree, f.root, "ha", &truth, f.diag));
    assert_true(truth);
    assert_true(hr_node_bool(f.tree, f.root, "off", &truth, f.diag));
    assert_false(truth);
    assert_true(hr_node_bool(f.tree, f.root, "on", &truth, f.diag));
    assert_true(truth);
    char *name = g_strdup("old");
    assert_true(hr_node_string(f.tree, f.root, "absent", &name, f.diag));
    assert_string_equal(name, "old");
    assert_true(hr_node_string(f.tree, f.root, "umlaut", &name, f.diag));
    assert_string_equal(name, "größe");
    assert_true(hr_node_string(f.tree, f.root, "quoted", &name, f.diag));
    assert_string_equal(name, "");
    assert_false(hr_node_string(f.tree, f.root, "nothing", &name, f.diag));
    assert_string_equal(name, "");
    g_free(name);
    int mode = -77;
    assert_false(hr_node_enum(f.tree, f.root, "mode", modes, &mode, f.diag));
    assert_int_equal(mode, -77);
    assert_true(hr_node_enum(f.tree, f.root, "good", modes, &mode, f.diag));
    assert_int_equal(mode, 1);
    assert_true(hr_node_require(f.tree, f.root, "good", f.diag));
    assert_false(hr_node_require(f.tree, f.root, "platform", f.diag));
    g_autofree char *text = findings(f.diag);
    assert_string_equal(text,
                        "10:5: 'ha': 'flase' is neither true nor false\n"
                        "13:9: 'nothing' has no value\n"
                        "16:7: 'mode': 'statik' is not one of static, overcommit, dynamic\n"
                        "1:1: missing key 'platform'");
    fixture_clear(&f);
}

static void names_every_unknown_key_with_its_own_line(void **state)
{
    (void)state;
    static const char yaml[] = "a: 1\nmemory:\n  polcy: x\n  dimms: 4\n  zzzzzzzz: 1\n";
    static const char *const keys[] = {"policy", "dimms", "mib", NULL};
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_tree) tree = hr_tree_parse(yaml, strlen(yaml), "s.yaml", diag);
    const hr_node *memory = hr_node_get(hr_tree_root(tree), "memory");
    assert_int_equal(hr_node_line(memory), 3);
    hr_node_check_keys(tree, memory, keys, diag);
    hr_node_check_keys(tree, hr_node_get(hr_tree_root(tree), "a"), keys, diag);
    hr_node_check_keys(tree, NULL, keys, diag);
    g_autofree char *text = findings(diag);
    assert_string_equal(text, "3:3: unknown key 'polcy'; did you mean 'policy'?\n"
                              "5:3: unknown key 'zzzzzzzz'\n"
                              "1:4: expected keys and values (key: value)");
}

static void walks_lists_and_maps(void **state)
{
    (void)state;
    static const char yaml[] = "\xef\xbb\xbfguests:\n- name: a\n  n: 2\n- name: b\nempty: []\n";
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_tree) tree = hr_tree_parse(yaml, strlen(yaml), "s.yaml", diag);
    assert_non_null(tree);
    assert_string_equal(hr_tree_name(tree), "s.yaml");
    assert_int_equal(strlen(hr_tree_digest(tree)), 64);
    const hr_node *root = hr_tree_root(tree);
    assert_int_equal(hr_node_kind(root), HR_NODE_MAP);
    assert_int_equal(hr_node_length(root), 2);
    assert_string_equal(hr_node_key_at(root, 0), "guests");
    assert_string_equal(hr_node_key_at(root, 1), "empty");
    const hr_node *guests = hr_node_get(root, "guests");
    assert_int_equal(hr_node_kind(guests), HR_NODE_LIST);
    assert_int_equal(hr_node_length(guests), 2);
    assert_string_equal(hr_node_text(guests), "");
    const hr_node *second = hr_node_get(hr_node_at(guests, 1), "name");
    assert_string_equal(hr_node_text(second), "b");
    assert_int_equal(hr_node_line(second), 4);
    assert_int_equal(hr_node_column(second), 9);
    assert_int_equal(hr_node_length(second), 0);
    assert_int_equal(hr_node_length(hr_node_get(root, "empty")), 0);
    assert_null(hr_node_get(guests, "name"));
    assert_null(hr_node_get(NULL, "name"));
}

static void says_why_a_file_cannot_be_read(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) error = NULL;
    assert_null(hr_tree_load("no/such/file.yaml", diag, &error));
    assert_int_equal(error->code, HR_ERROR_INPUT);
    assert_non_null(strstr(error->message, "no/such/file.yaml: "));
    g_clear_error(&error);
    assert_null(hr_tree_load(".", diag, &error));
    assert_non_null(error);
    assert_int_equal(hr_diag_count(diag), 0);
    g_clear_error(&error);

    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("headroom-XXXXXX.yaml", &path, NULL);
    assert_true(fd >= 0);
    assert_true(g_close(fd, NULL));
    assert_true(g_file_set_contents(path, "a: 1\nb: [", -1, NULL));
    assert_null(hr_tree_load(path, diag, &error));
    assert_null(error);
    assert_int_equal(hr_diag_count(diag), 1);
    assert_string_equal(hr_diag_get(diag, 0)->file, path);
    g_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_plain_tree),
        cmocka_unit_test(names_a_repeated_key_once_and_all_of_them),
        cmocka_unit_test(bounds_depth_and_size),
        cmocka_unit_test(reads_doubles_strictly),
        cmocka_unit_test(checks_ranges_with_both_ends_inside),
        cmocka_unit_test(reads_truth_text_and_names),
        cmocka_unit_test(names_every_unknown_key_with_its_own_line),
        cmocka_unit_test(walks_lists_and_maps),
        cmocka_unit_test(says_why_a_file_cannot_be_read),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
