/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree with values put in: what is read there, what stays, and where findings point. */
#include <string.h>

#include <glib.h>

#include "base/tree_edit.h"
#include "check.h"

static const char base_text[] = "platform: a\n"
                                "cluster: {hosts: 3}\n"
                                "guests:\n"
                                "  - {name: web, count: 2}\n"
                                "  - {name: \"x.y\", count: 5}\n";

static hr_tree *parse(const char *text, const char *name)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_tree *tree = hr_tree_parse(text, strlen(text), name, diag);
    assert_non_null(tree);
    return tree;
}

static const char *text_at(const hr_tree *tree, const char *path)
{
    const hr_node *node = hr_node_at_path(hr_tree_root(tree), path);
    return node != NULL ? hr_node_text(node) : "(none)";
}

static void a_value_is_read_where_it_was_put(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text;
    } cases[] = {
        {"cluster.hosts", "7"},
        {"cluster.memory_mib", "1024"},
        {"run.seed", "5"},
        {"guests[web].count", "9"},
        {"guests[x.y].count", "8"},
        {"guests[2].count", "6"},
        {"guests[web].vcpus", "1"},
        {"platform", "b"},
        {"platform.settings.p.q", "0"},
        {"a.b.c.d.e", "deep"},
    };
    g_autoptr(hr_tree) base = parse(base_text, "base.yaml");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct hr_tree_edit edit = {
            .path = cases[i].path, .text = cases[i].text, .at = hr_tree_root(base)};
        g_autoptr(hr_tree) tree = hr_tree_with(base, hr_tree_root(base), &edit, 1, NULL, NULL);
        assert_non_null(tree);
        assert_string_equal(text_at(tree, cases[i].path), cases[i].text);
        /* All else is as it was, and so is the base. */
        for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
            bool touched = g_str_has_prefix(cases[k].path, "platform") &&
                           g_str_has_prefix(cases[i].path, "platform");
            touched = touched || (g_str_has_prefix(cases[k].path, "guests[") &&
                                  g_str_has_prefix(cases[i].path, "guests["));
            if (k != i && !touched) {
                assert_string_equal(text_at(tree, cases[k].path), text_at(base, cases[k].path));
            }
        }
        assert_string_equal(text_at(base, "cluster.hosts"), "3");
        assert_string_equal(text_at(base, "guests[web].count"), "2");
    }
}

static void a_scalar_on_the_way_stays_under_its_own_key(void **state)
{
    (void)state;
    g_autoptr(hr_tree) base = parse(base_text, "base.yaml");
    struct hr_tree_edit edits[] = {
        {.path = "platform.settings.x", .text = "1", .at = hr_tree_root(base)},
        {.path = "platform.settings.y", .text = "2", .at = hr_tree_root(base)}};
    g_autoptr(hr_tree) tree = hr_tree_with(base, hr_tree_root(base), edits, 2, NULL, NULL);
    assert_string_equal(text_at(tree, "platform.platform"), "a");
    assert_string_equal(text_at(tree, "platform.settings.x"), "1");
    assert_string_equal(text_at(tree, "platform.settings.y"), "2");
}

static void maps_and_lists_can_be_put(void **state)
{
    (void)state;
    g_autoptr(hr_tree) base = parse(base_text, "base.yaml");
    g_autoptr(hr_tree) other = parse("\nvalue: {platform: c, name: d}\n", "other.yaml");
    const hr_node *value = hr_node_get(hr_tree_root(other), "value");
    struct hr_tree_edit edits[] = {
        {.path = "platform", .value = value, .from = other, .at = value},
        {.path = "all", .value = value, .as_list = true, .from = other, .at = value}};
    g_autoptr(hr_tree) tree = hr_tree_with(base, hr_tree_root(base), edits, 2, NULL, NULL);
    assert_string_equal(text_at(tree, "platform.name"), "d");
    assert_string_equal(text_at(tree, "all[d].platform"), "c");
    assert_string_equal(text_at(tree, "all[1].platform"), "c");
}

/* What is wrong with a value is told where the value stands, in its own file. */
static void findings_name_the_file_of_the_value(void **state)
{
    (void)state;
    static const char *const keys[] = {"hosts", "memory_mib", NULL};
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_tree) base = parse(base_text, "base.yaml");
    g_autoptr(hr_tree) other = parse("\n\n  - here\n", "axes.yaml");
    const hr_node *at = hr_node_at(hr_tree_root(other), 0);
    struct hr_tree_edit edits[] = {
        {.path = "cluster.memry_mib", .text = "1", .from = other, .at = at},
        {.path = "cluster.hosts", .text = "x", .from = other, .at = at}};
    g_autoptr(hr_tree) tree = hr_tree_with(base, hr_tree_root(base), edits, 2, NULL, NULL);
    const hr_node *cluster = hr_node_get(hr_tree_root(tree), "cluster");
    int64_t hosts = 0;
    hr_node_check_keys(tree, cluster, keys, diag);
    assert_false(hr_node_int(tree, cluster, "hosts", 1, 9, &hosts, diag));
    assert_int_equal(hr_diag_count(diag), 2);
    for (size_t i = 0; i < 2; i++) {
        const struct hr_finding *finding = hr_diag_get(diag, i);
        assert_string_equal(finding->file, "axes.yaml");
        assert_int_equal(finding->line, 3);
        assert_int_equal(finding->column, 5);
    }
    assert_non_null(strstr(hr_diag_get(diag, 0)->text, "did you mean 'memory_mib'"));
}

static void a_path_that_leads_nowhere_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path, *why;
    } cases[] = {{"", "is no path"},
                 {"a..b", "is no path"},
                 {"a.", "is no path"},
                 {"guests[web", "is no path"},
                 {"guests[].x", "is no path"},
                 {"guests[web]x", "is no path"},
                 {"guests[nobody].count", "there is no [nobody]"},
                 {"guests[3].count", "there is no [3]"},
                 {"guests.count", "a list has no key 'count'"},
                 {"cluster[1].x", "there is no [1]"}};
    g_autoptr(hr_tree) base = parse(base_text, "base.yaml");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct hr_tree_edit edits[] = {
            {.path = "run.seed", .text = "1", .at = hr_tree_root(base)},
            {.path = cases[i].path, .text = "1", .at = hr_tree_root(base)}};
        size_t n_bad = 9;
        g_autoptr(GError) error = NULL;
        assert_null(hr_tree_with(base, hr_tree_root(base), edits, 2, &n_bad, &error));
        assert_int_equal(n_bad, 1);
        if (strstr(error->message, cases[i].why) == NULL) {
            fail_msg("%s: %s", cases[i].path, error->message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_read_where_it_was_put),
        cmocka_unit_test(a_scalar_on_the_way_stays_under_its_own_key),
        cmocka_unit_test(maps_and_lists_can_be_put),
        cmocka_unit_test(findings_name_the_file_of_the_value),
        cmocka_unit_test(a_path_that_leads_nowhere_is_refused),
    };
    return cmocka_run_group_tests_name("tree edit", tests, NULL, NULL);
}
