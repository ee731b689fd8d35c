/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases of the kind "cost": clusters found and priced, the prices at which two cost the same,
 * and case files that are wrong. */
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "check.h"
#include "validate/case.h"
#include "validate/costing.h"
#include "validate/path.h"

#define HEAD "case: c\nwhat: w\nsource: s\nkind: cost\n"
#define SCENARIO(hosts)                                                                        \
    "scenario:\n"                                                                              \
    "  platforms: [xenserver-4, esx-3]\n"                                                      \
    "  cluster: {server: hp-dl360-g5-2x4, hosts: " hosts ", dimm_gib: 2, dimms: 8,\n"          \
    "            storage: array-fc-2008}\n"                                                    \
    "  run: {days: 0.1}\n"                                                                     \
    "  guests:\n"                                                                              \
    "  - {name: g, count: 40, vcpus: 1, memory_mib: 2048, os: windows-2003, commit_mib: "      \
    "500,\n"                                                                                   \
    "     cache_mib: 300, active_mib: 400, cpu_mhz: 50, iops: 1, disk_gib: 8}\n"
#define CLUSTERS                                                                               \
    "clusters:\n- {name: plain, platform: xenserver-4}\n- {name: over, platform: esx-3}\n"     \
    "- {name: more, platform: xenserver-4, dimm_gib: 4}\n"
#define EXPECT     "expect:\n- {what: w, kind: trend, value: 1, relation: at_most, than: 1}\n"
#define BREAK_EVEN "break_even:\n- {name: memory, prices: ddr2-*, between: [over, more]}\n"

static int load_catalog(void **state)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    *state = hr_catalog_load(NULL, diag, NULL);
    return *state != NULL ? 0 : -1;
}

static int free_catalog(void **state)
{
    hr_catalog_free(*state);
    return 0;
}

static struct hr_case *read_case(const hr_catalog *catalog, const char *text, hr_diag *diag)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("case-XXXXXX.yaml", &path, NULL);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    struct hr_case *one = hr_case_load(path, catalog, diag, NULL);
    (void)g_unlink(path);
    return one;
}

static struct hr_case *sound_case(const hr_catalog *catalog, const char *text)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_case *one = read_case(catalog, text, diag);
    if (one == NULL) {
        hr_diag_print(diag, HR_FATAL, stderr);
        fail_msg("the case is not sound");
    }
    return one;
}

static json_t *costing_of(const struct hr_case *one)
{
    GError *error = NULL;
    json_t *document = hr_costing_run(one->scenario, &one->cost, 2, &error);
    if (document == NULL) {
        fail_msg("%s", error->message);
    }
    return document;
}

static double at(const json_t *document, const char *path)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autofree char *why = NULL;
    double value = 0.0;
    if (!hr_path_collect(document, path, found, &why) || found->len != 1 ||
        !hr_path_number(g_ptr_array_index(found, 0), &value)) {
        fail_msg("%s: %s", path, why != NULL ? why : "not one number");
    }
    return value;
}

static double sum_of(const json_t *document, const char *path)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autofree char *why = NULL;
    double sum = 0.0;
    assert_true(hr_path_collect(document, path, found, &why));
    for (guint i = 0; i < found->len; i++) {
        double value = 0.0;
        assert_true(hr_path_number(g_ptr_array_index(found, i), &value));
        sum += value;
    }
    return sum;
}

/* By hand: 16 GiB less 260.2 + 19.37 x 16 MiB of the hypervisor hold seven guests of
 * 2048 + 6 + 16 + 1 MiB, so that 40 need six hosts; 32 GiB less 880 hold fifteen: three. */
static void clusters_are_as_small_as_they_can_be(void **state)
{
    struct hr_case *one =
        sound_case(*state, HEAD "book: 2008\nyears: 3\n" SCENARIO("9") CLUSTERS EXPECT);
    json_t *document = costing_of(one);
    assert_near(at(document, "clusters/plain/hosts"), 6.0, 0.0);
    assert_near(at(document, "clusters/more/hosts"), 3.0, 0.0);
    assert_near(at(document, "clusters/plain/host_memory_gib"), 16.0, 0.0);
    assert_near(at(document, "clusters/plain/overcommit_ratio"), 80.0 / 96.0, 1e-9);
    assert_near(at(document, "clusters/more/host_memory_gib"), 32.0, 0.0);
    /* 6 x 4311 for servers, 48 modules at 90, and six licences. */
    assert_near(at(document, "clusters/plain/cost/server"), 6 * 4311.0, 0.0);
    assert_near(at(document, "clusters/plain/cost/memory"), 48 * 90.0, 0.0);
    assert_near(at(document, "clusters/plain/cost/platform"), 6 * 2500.0, 0.0);
    assert_near(sum_of(document, "clusters/plain/cost/*"), at(document, "clusters/plain/tco"),
                0.001);
    assert_near(at(document, "clusters/plain/capital") + at(document, "clusters/plain/running"),
                at(document, "clusters/plain/tco"), 0.001);
    assert_near(40.0 * at(document, "clusters/over/per_guest"),
                at(document, "clusters/over/tco"), 0.001);
    json_decref(document);
    hr_case_free(one);
}

/* The prices found, given to the same clusters by a file laid over the book. */
static void at_the_break_even_both_cost_the_same(void **state)
{
    struct hr_case *one =
        sound_case(*state, HEAD "book: 2008\n" SCENARIO("9") CLUSTERS BREAK_EVEN EXPECT);
    json_t *before = costing_of(one);
    double times = at(before, "break_even/memory/times");
    assert_true(times > 0.0 && fabs(times - 1.0) > 0.01);
    assert_true(fabs(at(before, "clusters/over/tco") - at(before, "clusters/more/tco")) > 10.0);
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("prices-XXXXXX.csv", &path, NULL);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    g_autoptr(GString) text = g_string_new("id,price,currency\n");
    static const char *const ids[] = {"ddr2-fbdimm-2gb", "ddr2-fbdimm-4gb"};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *then = g_strdup_printf("break_even/memory/prices/%s/then", ids[i]);
        g_autofree char *now = g_strdup_printf("break_even/memory/prices/%s/now", ids[i]);
        assert_near(at(before, then), times * at(before, now), 1e-9);
        g_string_append_printf(text, "%s,%.6f,USD\n", ids[i], at(before, then));
    }
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    const char *overlays[] = {path, NULL};
    hr_pricebook_free(one->cost.book);
    one->cost.book = hr_pricebook_load(NULL, "2008", overlays, "USD", diag, NULL);
    assert_non_null(one->cost.book);
    (void)g_unlink(path);
    json_t *after = costing_of(one);
    assert_near(at(after, "clusters/over/hosts"), at(before, "clusters/over/hosts"), 0.0);
    /* Every line is rounded to a cent. */
    assert_near(at(after, "clusters/over/tco"), at(after, "clusters/more/tco"), 0.10);
    assert_near(at(after, "break_even/memory/times"), 1.0, 1e-4);
    json_decref(before);
    json_decref(after);
    hr_case_free(one);
}

/* Both clusters have the same switches: no price of them makes a difference. */
static void without_a_break_even_there_is_no_figure(void **state)
{
    struct hr_case *one =
        sound_case(*state, HEAD "book: 2008\n" SCENARIO("9") CLUSTERS
                   "break_even:\n- {name: switches, prices: fc-switch-24port, "
                   "between: [over, more]}\n" EXPECT);
    json_t *document = costing_of(one);
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autofree char *why = NULL;
    assert_near(at(document, "break_even/switches/prices/fc-switch-24port/now"), 5900.0, 0.0);
    assert_false(hr_path_collect(document, "break_even/switches/times", found, &why));
    json_decref(document);
    hr_case_free(one);
}

static void too_few_hosts_are_an_error(void **state)
{
    struct hr_case *one = sound_case(*state, HEAD "book: 2008\n" SCENARIO("2") CLUSTERS EXPECT);
    GError *error = NULL;
    assert_null(hr_costing_run(one->scenario, &one->cost, 2, &error));
    assert_non_null(strstr(error->message, "cluster 'plain': 2 hosts are too few: memory"));
    g_error_free(error);
    hr_case_free(one);
}

static void faults_are_found_with_their_line(void **state)
{
    static const struct {
        const char *text;
        uint32_t line;
        const char *says;
    } table[] = {
        {HEAD "book: 1999\n" SCENARIO("9") CLUSTERS EXPECT, 5, "no price book '1999' (2008,"},
        {HEAD "book: soon\n" SCENARIO("9") CLUSTERS EXPECT, 5, "a book is a year"},
        {HEAD SCENARIO("9") CLUSTERS EXPECT, 1, "missing key 'book'"},
        {HEAD "book: 2008\nyears: 0\n" SCENARIO("9") CLUSTERS EXPECT, 6, "outside"},
        {HEAD "book: 2008\n" SCENARIO("9") EXPECT, 1, "missing key 'clusters'"},
        {HEAD "book: 2008\n" SCENARIO("9") "clusters: none\n" EXPECT, 14, "must be a list"},
        {HEAD "book: 2008\n" SCENARIO("9") "clusters: [none]\n" EXPECT, 14, "expected keys"},
        {HEAD "book: 2008\n" SCENARIO("9") "clusters:\n- {platform: esx-3}\n" EXPECT, 15,
         "missing key 'name'"},
        {HEAD "book: 2008\n" SCENARIO("9") "clusters:\n- {name: a, platform: esx-4}\n" EXPECT,
         15, "no platform 'esx-4' (xenserver-4, esx-3)"},
        {HEAD "book: 2008\n" SCENARIO("9") "clusters:\n- {name: a, platform: esx-3}\n"
                                           "- {name: a, platform: esx-3}\n" EXPECT,
         16, "'a' stands already"},
        {HEAD "book: 2008\n" SCENARIO(
             "9") "clusters:\n- {name: a, platform: esx-3, dims: 3}\n" EXPECT,
         15, "did you mean 'dimms'"},
        {HEAD "book: 2008\n" SCENARIO("9") CLUSTERS
         "break_even:\n- {name: b, prices: ddr9-*, between: [over, more]}\n" EXPECT,
         19, "no price of the book 2008 is called 'ddr9-*'"},
        {HEAD "book: 2008\n" SCENARIO("9") CLUSTERS
         "break_even:\n- {name: b, prices: ddr2-*, between: [over, most]}\n" EXPECT,
         19, "no cluster 'most' (plain, over, more)"},
        {HEAD "book: 2008\n" SCENARIO("9") CLUSTERS
         "break_even:\n- {name: b, prices: ddr2-*, between: over}\n" EXPECT,
         19, "a list of two"},
        {HEAD "book: 2008\nscenario:\n  platform: esx-3\n"
              "  cluster: {hosts: 1, memory_mib: 8192, cores: 4, mhz: 2500}\n  guests: []\n"
              "clusters:\n- {name: a, platform: esx-3}\n" EXPECT,
         8, "names a 'server' and a 'storage' of the catalogue"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        assert_null(read_case(*state, table[i].text, diag));
        bool found = false;
        for (size_t f = 0; f < hr_diag_count(diag); f++) {
            const struct hr_finding *finding = hr_diag_get(diag, f);
            found = found || (finding->line == table[i].line &&
                              strstr(finding->text, table[i].says) != NULL);
        }
        if (!found) {
            hr_diag_print(diag, HR_FATAL, stderr);
            fail_msg("fault %zu: no finding says \"%s\" at line %u", i, table[i].says,
                     table[i].line);
        }
    }
}

#define WITH_CATALOG(test) cmocka_unit_test_setup_teardown(test, load_catalog, free_catalog)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CATALOG(clusters_are_as_small_as_they_can_be),
        WITH_CATALOG(at_the_break_even_both_cost_the_same),
        WITH_CATALOG(without_a_break_even_there_is_no_figure),
        WITH_CATALOG(too_few_hosts_are_an_error),
        WITH_CATALOG(faults_are_found_with_their_line),
    };
    return cmocka_run_group_tests_name("costing", tests, NULL, NULL);
}
