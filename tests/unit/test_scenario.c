/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario files: what is read, what is refused where, and that what is written is read back.
 */
#include "base/text.h"
#include "base/units.h"
#include "check.h"
#include "run/run.h"
#include "scenario_text.h"

#define HEAD "platform: vsphere\n" /* line 1 */
#define BODY                                                                                   \
    HEAD "cluster: {hosts: 2, memory_mib: 24576, cores: 16}\n" /* line 2 */                    \
         "guests:\n"                                           /* line 3 */

static int load_catalog(void **state)
{
    *state = shipped_catalog();
    return 0;
}

static int free_catalog(void **state)
{
    hr_catalog_free(*state);
    return 0;
}

static void defaults_are_those_of_the_manual(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, BODY "  - {name: a, vcpus: 1, memory_mib: 2048}\n");
    const struct hr_scenario *s = &file->scenario;
    assert_int_equal(file->n_variants, 1);
    assert_string_equal(file->variants[0].platform->id, "vsphere");
    assert_string_equal(file->variants[0].name, "vsphere");
    assert_int_equal(file->replications, 1);
    assert_near(s->days, 14.0, 0.0);
    assert_near(s->step_s, 300.0, 0.0);
    assert_near(s->failure_tail_h, 24.0, 0.0);
    assert_int_equal(s->spare_hosts, 0);
    assert_int_equal(s->seed, 1);
    assert_near(s->service_level.slowdown_p95_frac, 0.05, 0.0);
    assert_near(s->service_level.restart_within_s, 900.0, 0.0);
    assert_near(hr_cluster_physical_mib(&s->cluster), 24576.0, 0.0);
    assert_int_equal(hr_server_cores(s->cluster.server), 16);
    assert_near(s->cluster.server->mhz, HR_REFERENCE_MHZ, 0.0);
    assert_int_equal(s->cluster.n_disks, 0);
    assert_ptr_equal(s->cluster.storage, hr_catalog_storage_at(*state, 0));
    assert_near(file->guests->vcpu_mhz, HR_REFERENCE_MHZ, 0.0);
    hr_scenario_file_free(file);
}

/* The same guest from an inventory: nothing may differ. */
static void a_guest_is_what_an_inventory_would_make_of_it(void **state)
{
    static const char csv[] = "name,vcpus,memory_mib,os\n"
                              "sql01,4,16384,Microsoft Windows Server 2022 (64-bit)\n"
                              "printer,2,4096,\n";
    g_autofree char *path = NULL;
    g_autoptr(hr_diag) diag = hr_diag_new();
    assert_true(close(g_file_open_tmp("inv-XXXXXX.csv", &path, NULL)) == 0);
    assert_true(g_file_set_contents(path, csv, -1, NULL));
    struct hr_inventory_options inventory_options = {0};
    g_autoptr(hr_inventory) inventory = hr_inventory_load(path, &inventory_options, diag, NULL);
    (void)g_unlink(path);
    assert_non_null(inventory);
    struct hr_guests_options options = {.reference_mhz = HR_REFERENCE_MHZ};
    struct hr_guests *expected = hr_guests_new(inventory, *state, &options, diag, NULL);
    assert_non_null(expected);
    struct hr_scenario_file *file = sound(
        *state, BODY "  - {name: sql01, vcpus: 4, memory_mib: 16384, os: Microsoft Windows "
                     "Server 2022 (64-bit)}\n"
                     "  - {name: printer, vcpus: 2, memory_mib: 4096}\n");
    assert_int_equal(file->guests->n, expected->n);
    for (uint32_t g = 0; g < expected->n; g++) {
        const struct hr_scenario_guest *a = &file->guests->items[g];
        const struct hr_scenario_guest *b = &expected->items[g];
        assert_string_equal(a->name, b->name);
        assert_true(a->key == b->key && a->site_key == b->site_key);
        assert_ptr_equal(a->os, b->os);
        assert_ptr_equal(a->role, b->role);
        assert_near(a->shares, b->shares, 0.0);
        assert_near(a->memory_limit_mib, b->memory_limit_mib, 0.0);
        assert_near(a->dynamic.startup_mib, b->dynamic.startup_mib, 0.0);
        assert_near(a->dynamic.minimum_mib, b->dynamic.minimum_mib, 0.0);
        assert_int_equal(a->dynamic.is_given, b->dynamic.is_given);
        assert_int_equal(a->priority, b->priority);
    }
    hr_guests_free(expected);
    hr_scenario_file_free(file);
}

static void copies_are_numbered_and_differ_in_key(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, BODY "  - {name: web, vcpus: 1, memory_mib: 2048, count: 3}\n"
                           "  - {name: app, vcpus: 1, memory_mib: 2048}\n");
    static const char *const names[] = {"app", "web-1", "web-2", "web-3"};
    assert_int_equal(file->guests->n_running, 4);
    for (int g = 0; g < 4; g++) {
        assert_string_equal(file->guests->items[g].name, names[g]);
        for (int other = 0; other < g; other++) {
            assert_true(file->guests->items[g].key != file->guests->items[other].key);
        }
    }
    assert_string_equal(file->guests->items[1].role->id, "web");
    hr_scenario_file_free(file);
}

static void dynamic_memory_never_changes_the_size(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, BODY
              "  - {name: a, vcpus: 1, memory_mib: 4096, dynamic_memory: yes, memory_max_mib: "
              "2048, memory_startup_mib: 512, memory_min_mib: 256, memory_buffer_pct: 30}\n"
              "  - {name: b, vcpus: 1, memory_mib: 4096, dynamic_memory: no}\n"
              "  - {name: c, vcpus: 1, memory_mib: 4096, os: windows-2022, role: generic}\n"
              "  - {name: d, vcpus: 1, memory_mib: 4096, os: windows-2022, role: exchange}\n");
    const struct hr_scenario_guest *g = file->guests->items;
    assert_near(g[0].size_mib, 4096.0, 0.0);
    assert_near(g[0].dynamic.maximum_mib, 2048.0, 0.0);
    assert_near(g[0].dynamic.startup_mib, 512.0, 0.0);
    assert_near(g[0].dynamic.minimum_mib, 256.0, 0.0);
    assert_near(g[0].dynamic.buffer_pct, 30.0, 0.0);
    assert_true(g[0].dynamic.enabled && g[0].dynamic.is_given);
    assert_true(!g[1].dynamic.enabled && g[1].dynamic.is_given);
    assert_true(g[2].dynamic.enabled && !g[2].dynamic.is_given);
    assert_false(g[3].dynamic.enabled); /* the role's vendor refuses it */
    assert_string_equal(g[2].os->id, "windows-2022");
    hr_scenario_file_free(file);
}

static void demand_by_hand_goes_on_until_the_next_step(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, BODY "  - {name: a, vcpus: 2, memory_mib: 2048, role: generic, demand: ["
                           "{at_s: 0, commit_mib: 600, cache_mib: 200}, "
                           "{at_s: 600, commit_mib: 3000, active_mib: 500, cpu_mhz: 700}, "
                           "{at_s: 1200, iops: 30}]}\n"
                           "  - {name: b, vcpus: 1, memory_mib: 2048, commit_mib: 100}\n"
                           "  - {name: c, vcpus: 1, memory_mib: 2048}\n");
    const struct hr_scenario_guest *a = &file->guests->items[0];
    double share =
        a->role->active_frac / (a->role->commit_frac + a->role->cache_frac); /* at most 1 */
    struct hr_load_guest facts[3];
    struct hr_load_params params = {.seed = 1,
                                    .step_us = hr_s_to_us(300.0),
                                    .n_steps = 6,
                                    .start_day_of_month = 31,
                                    .start_month = 8,
                                    .start_year = 2026};
    hr_guests_to_load(file->guests, facts);
    struct hr_load *load = hr_load_make(facts, 3, &params);
    float by_role = load->commit_mib[2];
    hr_guests_demand_by_hand(file->guests, load);
    static const float commit[] = {600, 600, 3000, 3000, 3000, 3000};
    static const float cpu[] = {0, 0, 700, 700, 700, 700};
    static const float iops[] = {0, 0, 0, 0, 30, 30};
    for (uint32_t t = 0; t < 6; t++) {
        assert_near((double)load->commit_mib[t * 3], (double)commit[t], 0.0);
        assert_near((double)load->cache_mib[t * 3], 200.0, 0.0);
        assert_near((double)load->active_mib[t * 3], t < 2 ? share * 800.0 : 500.0, 1e-3);
        assert_near((double)load->cpu_mhz[t * 3], (double)cpu[t], 0.0);
        assert_near((double)load->iops[t * 3], (double)iops[t], 0.0);
        assert_near((double)load->commit_mib[t * 3 + 1], 100.0, 0.0);
    }
    assert_near((double)load->commit_mib[2], (double)by_role, 0.0);
    assert_null(file->guests->items[2].demand);
    hr_load_free(load);
    hr_scenario_file_free(file);
}

static void there_may_be_no_guests(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, HEAD "cluster: {hosts: 1, memory_mib: 8192, cores: 4}\nguests: []\n");
    assert_int_equal(file->guests->n_running, 0);
    struct hr_scenario scenario = hr_scenario_on(file, 0);
    g_autofree char *yaml = hr_scenario_to_yaml(&scenario);
    hr_scenario_file_free(sound(*state, yaml));
    hr_scenario_file_free(file);
}

static void the_order_of_guests_changes_nothing(void **state)
{
    static const char one[] = "  - {name: a, vcpus: 1, memory_mib: 2048, commit_mib: 5}\n";
    static const char two[] = "  - {name: b, vcpus: 2, memory_mib: 4096, dynamic_memory: no}\n";
    g_autofree char *ab = g_strconcat(BODY, one, two, NULL);
    g_autofree char *ba = g_strconcat(BODY, two, one, NULL);
    struct hr_scenario_file *x = sound(*state, ab);
    struct hr_scenario_file *y = sound(*state, ba);
    struct hr_scenario xs = hr_scenario_on(x, 0);
    struct hr_scenario ys = hr_scenario_on(y, 0);
    g_autofree char *xt = hr_scenario_to_yaml(&xs);
    g_autofree char *yt = hr_scenario_to_yaml(&ys);
    assert_string_equal(xt, yt);
    hr_scenario_file_free(x);
    hr_scenario_file_free(y);
}

/* ---- written and read back
 * -------------------------------------------------------------------- */

static void what_is_written_is_read_back(void **state)
{
    static const char *const texts[] = {
        BODY "  - {name: a, vcpus: 1, memory_mib: 2048}\n",
        HEAD
        "cluster: {hosts: 3, server: dell-r660-2x16, dimm_gib: 32, dimms: 16, disks: 10}\n"
        "run: {spare_hosts: 1, seed: 9223372036854775807, days: 0.123456789012345, step_s: "
        "60, failure_tail_h: 3.3, vcpu_mhz: 2499.9999999999, demand_factor: 1.4025517307}\n"
        "service_level: {slowdown_p95_frac: 0.0333333333333333, restart_within_s: 77.7}\n"
        "guests:\n"
        "  - {name: a, vcpus: 3, memory_mib: 2048.123456789012, site: north, priority: low, "
        "memory_reservation_mib: 0.1, memory_limit_mib: 1000.7, memory_shares: 12345, "
        "cpu_mhz_avg: 33.333333333333336, cpu_mhz_p95: 99.1, memory_active_mib: 512.3, "
        "memory_consumed_mib: 1999.9, iops: 0.1, disk_gib: 1e-7, memory_weight: 0, "
        "memory_buffer_pct: 5}\n",
        BODY
        "  - {name: a, vcpus: 1, memory_mib: 1048576, dynamic_memory: yes, memory_max_mib: "
        "2048, memory_startup_mib: 600, memory_min_mib: 100.5, key: 00000000000000ff, "
        "site_key: \"ffffffffffffffff\"}\n"
        "  - {name: b, vcpus: 1, memory_mib: 0.75e3, demand: [{at_s: 0, commit_mib: 1.1}, "
        "{at_s: 300, cache_mib: 0.1, iops: 7}]}\n",
        HEAD
        "cluster: {hosts: 1, memory_mib: 24576.5, cores: 3, mhz: 1999.9, threads_per_core: "
        "2, perf_factor: 1.1}\nguests: []\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct hr_scenario_file *file = sound(*state, texts[i]);
        assert_reads_back(*state, file);
        hr_scenario_file_free(file);
    }
}

static void any_name_survives(void **state)
{
    static const char *const names[] = {
        "sql01 #2",
        "x +1",
        "a \"quoted\" name",
        "back\\slash",
        "tab\there",
        "a: b",
        "# no comment",
        "\xc3\xbc\x62\x65r",
        "del\x7f",
        "nel\xc2\x85.",
        "ls\xe2\x80\xa8.",
        "bom\xef\xbb\xbf.",
        "null",
        "\xf0\x9f\x98\x80",
        "{flow, [map]}",
        "  blanks  ",
        "nbsp\xc2\xa0.",
        "line\nbreak",
    };
    struct hr_scenario_file *file =
        sound(*state, BODY "  - {name: a, vcpus: 1, memory_mib: 2048}\n");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_free(file->guests->items[0].name);
        file->guests->items[0].name = g_strdup(names[i]);
        assert_reads_back(*state, file);
    }
    hr_scenario_file_free(file);
}

/* ---- what is refused
 * -------------------------------------------------------------------------- */

static const struct refusal refusals[] = {
    {"guests: []\n", 1, 1, "missing key 'platform'"},
    {"guests: []\n", 1, 1, "missing key 'cluster'"},
    {HEAD "cluster: {hosts: 1, memory_mib: 8192, cores: 2}\n", 1, 1, "missing key 'guests'"},
    {"platform: vspher\nguests: []\n", 1, 11, "did you mean 'vsphere'"},
    {"platform: zzz\nguests: []\n", 1, 11, "hyperv-dynamic, hyperv-static"},
    {"platforms: [vsphere, vsphere]\n", 1, 22, "stands twice"},
    {"platforms: vsphere\n", 1, 12, "a list of ids"},
    {"platforms: []\n", 1, 12, "a list of ids"},
    {"platforms: [[a]]\n", 1, 13, "named by its id"},
    {HEAD "platforms: [xcpng]\n", 2, 12, "not both"},
    {HEAD "guest: []\n", 2, 1, "did you mean 'guests'"},
    {"- a\n", 1, 1, "keys and values"},
    {HEAD "cluster: 3\n", 2, 10, "keys and values"},
    {HEAD "cluster: {}\n", 2, 10, "missing key 'hosts'"},
    {HEAD "cluster: {}\n", 2, 10, "missing key 'server'"},
    {HEAD "cluster: {}\n", 2, 10, "missing key 'memory_mib'"},
    {HEAD "cluster: {hosts: 0}\n", 2, 18, "outside 1 to 1000"},
    {HEAD "cluster: {server: dell-r660-2x17}\n", 2, 19, "did you mean 'dell-r660-2x16'"},
    {HEAD "cluster: {server: dell-r660-2x16, cores: 3}\n", 2, 42, "describes a host by hand"},
    {HEAD "cluster: {memory_mib: 1, dimms: 3}\n", 2, 33, "not both"},
    {HEAD "cluster: {dimms: 3}\n", 2, 10, "missing key 'memory_mib'"},
    {HEAD "cluster: {storage: tape}\n", 2, 20, "array-me5"},
    {HEAD "cluster: {hosts: 1, memory_mib: 1024, cores: 9}\nguests: []\n", 2, 10, "none left"},
    {HEAD "cluster: {hosts: 1, memory_mib: 8192, cores: 1, mhz: 200}\nguests: []\n", 2, 10,
     "none left"},
    {HEAD "run: {days: 0}\n", 2, 13, "outside 1e-05 to 366"},
    {HEAD "run: {step_s: 7}\n", 2, 15, "an hour must be a multiple"},
    {HEAD "run: {days: 0.01, step_s: 3600}\n", 2, 13, "shorter than a demand step"},
    {HEAD "cluster: {hosts: 2}\nrun: {spare_hosts: 2}\n", 3, 20, "none to run on"},
    {HEAD "run: {seed: -1}\n", 2, 13, "outside 0"},
    {HEAD "service_level: {slowdown: 3}\n", 2, 17, "unknown key 'slowdown'"},
    {BODY "  - x\n", 4, 5, "keys and values"},
    {BODY "  - {vcpus: 1, memory_mib: 1}\n", 4, 5, "missing key 'name'"},
    {BODY "  - {name: \"\", vcpus: 1, memory_mib: 1}\n", 4, 5, "needs a name"},
    {BODY "  - {name: a}\n", 4, 5, "missing key 'vcpus'"},
    {BODY "  - {name: a}\n", 4, 5, "missing key 'memory_mib'"},
    {BODY "  - {name: a, vcpus: 0}\n", 4, 22, "outside 1 to"},
    {BODY "  - {name: a, vcpus: 1.5}\n", 4, 22, "not a whole number"},
    {BODY "  - {name: a, memory: 1}\n", 4, 15, "unknown key 'memory'"},
    {BODY "  - {name: a, role: sqk}\n", 4, 21, "did you mean 'sql'"},
    {BODY "  - {name: a, priority: top}\n", 4, 25, "high, medium, low"},
    {BODY "  - {name: a, dynamic_memory: maybe}\n", 4, 31, "neither true nor false"},
    {BODY "  - {name: a, key: 12}\n", 4, 20, "16 hexadecimal digits"},
    {BODY "  - {name: a, key: 000000000000000g}\n", 4, 20, "16 hexadecimal digits"},
    {BODY "  - {name: a, memory_mib: 9, memory_reservation_mib: 10}\n", 4, 54, "more than"},
    {BODY "  - {name: a, memory_mib: 9, memory_startup_mib: 10}\n", 4, 50, "more than"},
    {BODY "  - {name: a, memory_mib: 9, memory_startup_mib: 5, memory_min_mib: 6}\n", 4, 69,
     "more than"},
    {BODY "  - {name: a, memory_mib: 9, memory_max_mib: 5, memory_min_mib: 6}\n", 4, 65,
     "'memory_max_mib'"},
    {BODY "  - {name: a}\n  - {name: a}\n", 5, 5, "stands already on line 4"},
    {BODY "  - {name: a, count: 2}\n  - {name: a-2}\n", 5, 5, "stands already on line 4"},
    {BODY "  - {name: a, count: 100000}\n  - {name: b}\n", 5, 5, "more than 100000 guests"},
    {BODY "  - {name: a, count: 2, key: 00000000000000ff}\n", 4, 30, "several"},
    {BODY "  - {name: a, cache_mib: 3}\n", 4, 26, "needs 'commit_mib'"},
    {BODY "  - {name: a, commit_mib: 3, demand: [{at_s: 0, commit_mib: 1}]}\n", 4, 27,
     "into the steps"},
    {BODY "  - {name: a, commit_mib: 3, cpu_mhz_avg: 1}\n", 4, 43, "given by hand"},
    {BODY "  - {name: a, commit_mib: 3, active_mib: 4}\n", 4, 42, "commit_mib and cache_mib"},
    {BODY "  - {name: a, vcpus: 1, commit_mib: 3, cpu_mhz: 2501}\n", 4, 49, "1 vCPUs"},
    {BODY "  - {name: a, demand: {}}\n", 4, 23, "list of steps"},
    {BODY "  - {name: a, demand: []}\n", 4, 23, "list of steps"},
    {BODY "  - {name: a, demand: [3]}\n", 4, 24, "keys and values"},
    {BODY "  - {name: a, demand: [{at_s: 0}]}\n", 4, 24, "missing key 'commit_mib'"},
    {BODY "  - {name: a, demand: [{commit_mib: 1}]}\n", 4, 24, "missing key 'at_s'"},
    {BODY "  - {name: a, demand: [{at_s: 300, commit_mib: 1}]}\n", 4, 31, "begins at 0"},
    {BODY "  - {name: a, demand: [{at_s: 0, commit_mib: 1}, {at_s: 0}]}\n", 4, 57, "not after"},
    {BODY "  - {name: a, demand: [{at_s: 0, commit_mib: 1}, {at_s: 301}]}\n", 4, 57,
     "no multiple"},
    {BODY "  - {name: a, demand: [{at_s: 0, commit_mib: 1, cash_mib: 1}]}\n", 4, 49,
     "did you mean 'cache_mib'"},
    {"", 0, 0, "empty"},
};

static void what_is_wrong_is_told_where_it_stands(void **state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        assert_refused(*state, &refusals[i]);
    }
}

static void every_problem_is_told_at_once(void **state)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    assert_null(read_text(*state,
                          "platform: a\ncluster: {hosts: x, memory_mib: y, cores: z}\n"
                          "run: {days: no}\nguests:\n  - {name: a, vcpus: x}\n  - {nam: b}\n",
                          diag));
    static const struct refusal all[] = {
        {NULL, 1, 11, "platform"},  {NULL, 2, 18, "hosts"}, {NULL, 2, 33, "memory_mib"},
        {NULL, 2, 43, "cores"},     {NULL, 3, 13, "days"},  {NULL, 5, 22, "vcpus"},
        {NULL, 5, 5, "memory_mib"}, {NULL, 6, 6, "nam"},    {NULL, 6, 5, "name"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (!has_finding(diag, &all[i])) {
            fail_msg("no finding at %u:%u about %s", all[i].line, all[i].column, all[i].part);
        }
    }
}

static void a_file_that_is_not_there_is_an_error(void **state)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) error = NULL;
    assert_null(hr_scenario_load("/no/such/file.yaml", *state, diag, &error));
    assert_non_null(error);
}

/* ---- right-sizing ---- */

static void right_size_one(const hr_catalog *catalog, const char *guest,
                           struct hr_scenario_guest *out, bool *reads_back)
{
    g_autofree char *text = g_strconcat(BODY, guest, NULL);
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_scenario_file *file = sound(catalog, text);
    hr_guests_right_size(file->guests, diag);
    *out = file->guests->items[0];
    out->name = NULL;
    struct hr_scenario now = hr_scenario_on(file, 0);
    g_autofree char *yaml = hr_scenario_to_yaml(&now);
    struct hr_scenario_file *again = sound(catalog, yaml);
    *reads_back = again->guests->n_running == 1;
    hr_scenario_file_free(again);
    hr_scenario_file_free(file);
}

/* used = active·(commit + cache)/active of the role, a fifth more, in steps of 512 MiB, not
 * below 1 GiB; startup and minimum shrink with it, but not below 512 MiB. */
static void right_sized_guests_are_sound(void **state)
{
    static const struct {
        const char *guest;
        double size, startup, minimum;
    } rows[] = {
        /* generic: 0.7/0.2 of 1000 MiB = 3500, and a fifth: 4200. */
        {"memory_mib: 16384, memory_active_mib: 1000, memory_startup_mib: 4096, "
         "memory_min_mib: 2048, memory_max_mib: 16384",
         4608, 4096 * 4608 / 16384.0, 2048 * 4608 / 16384.0},
        {"memory_mib: 262144, memory_active_mib: 20, memory_startup_mib: 65536, "
         "memory_min_mib: 32, memory_max_mib: 262144",
         1024, 512, 32},
        {"memory_mib: 131072, memory_active_mib: 20, memory_startup_mib: 700, "
         "memory_min_mib: 600, memory_max_mib: 131072",
         1024, 512, 512},
        {"memory_mib: 8192, memory_active_mib: 20, memory_reservation_mib: 4096, "
         "memory_startup_mib: 1024, memory_min_mib: 512, memory_max_mib: 8192",
         4096, 512, 512},
        {"memory_mib: 512, memory_active_mib: 20, memory_startup_mib: 512, "
         "memory_min_mib: 64, memory_max_mib: 512",
         512, 512, 64},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdup_printf(
            "  - {name: a, vcpus: 4, role: generic, dynamic_memory: yes, %s}\n", rows[i].guest);
        struct hr_scenario_guest guest;
        bool reads_back = false;
        right_size_one(*state, text, &guest, &reads_back);
        assert_true(reads_back);
        assert_near(guest.size_mib, rows[i].size, 1e-9);
        assert_near(guest.dynamic.startup_mib, rows[i].startup, 1e-9);
        assert_near(guest.dynamic.minimum_mib, rows[i].minimum, 1e-9);
        assert_true(guest.dynamic.minimum_mib <= guest.dynamic.startup_mib);
        assert_true(guest.dynamic.startup_mib <= guest.dynamic.maximum_mib);
        assert_true(guest.dynamic.maximum_mib <= guest.size_mib);
        assert_true(guest.memory_limit_mib <= guest.size_mib);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_manual),
        cmocka_unit_test(a_guest_is_what_an_inventory_would_make_of_it),
        cmocka_unit_test(copies_are_numbered_and_differ_in_key),
        cmocka_unit_test(dynamic_memory_never_changes_the_size),
        cmocka_unit_test(demand_by_hand_goes_on_until_the_next_step),
        cmocka_unit_test(there_may_be_no_guests),
        cmocka_unit_test(the_order_of_guests_changes_nothing),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(any_name_survives),
        cmocka_unit_test(right_sized_guests_are_sound),
        cmocka_unit_test(what_is_wrong_is_told_where_it_stands),
        cmocka_unit_test(every_problem_is_told_at_once),
        cmocka_unit_test(a_file_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, load_catalog, free_catalog);
}
