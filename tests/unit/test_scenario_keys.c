/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario files: platforms with other settings, hosts that differ, power, contents, ramps and
 * traces - what is read, and what is refused where. */
#include "base/text.h"
#include "base/units.h"
#include "check.h"
#include "memory/overcommit.h"
#include "run/run.h"
#include "scenario_text.h"

#define HEAD    "platform: vsphere\n"                                 /* line 1 */
#define CLUSTER "cluster: {hosts: 2, memory_mib: 24576, cores: 16}\n" /* line 2 */
#define BODY    HEAD CLUSTER "guests:\n"                              /* line 3 */
#define GUEST   "  - {name: a, vcpus: 1, memory_mib: 2048, os: linux-5, role: generic"

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

/* ---- platforms
 * -------------------------------------------------------------------------------- */

static void settings_change_what_they_say_and_nothing_else(void **state)
{
    const hr_catalog *catalog = *state;
    const struct hr_platform *base = hr_catalog_platform(catalog, "vsphere");
    const struct hr_overcommit_params *base_params = base->params;
    const double tax = base_params->idle_tax;
    struct hr_scenario_file *file = sound(
        catalog, "platforms:\n"
                 "  - vsphere\n"
                 "  - {platform: vsphere, name: no tax, settings: {overcommit: {idle_tax: 0, "
                 "sharing: off}, has_ha: no}}\n"
                 "  - {platform: vsphere, name: same}\n" CLUSTER "guests: []\n");
    assert_int_equal(file->n_variants, 3);
    assert_string_equal(file->variants[0].name, "vsphere");
    assert_string_equal(file->variants[1].name, "no tax");
    assert_ptr_equal(file->variants[0].platform, base);
    assert_ptr_equal(file->variants[2].platform, base);
    const struct hr_platform *own = file->variants[1].platform;
    const struct hr_overcommit_params *params = own->params;
    assert_near(params->idle_tax, 0.0, 0.0);
    assert_int_equal(params->sharing, HR_SHARING_OFF);
    assert_false(own->has_ha);
    assert_near(params->balloon_max_frac, base_params->balloon_max_frac, 0.0);
    assert_near(own->overhead.fixed_mib, base->overhead.fixed_mib, 0.0);
    assert_string_equal(own->id, "vsphere");
    assert_near(base_params->idle_tax, tax, 0.0); /* the catalogue's own is as it was */
    assert_true(base->has_ha);
    struct hr_scenario scenario = hr_scenario_on(file, 1);
    assert_string_equal(hr_scenario_name(&scenario), "no tax");
    hr_scenario_file_free(file);
}

/* ---- hosts and storage
 * ------------------------------------------------------------------------ */

static void hosts_may_differ(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, HEAD "cluster: {hosts: [{name: old, memory_mib: 4096, cores: 4}, "
                           "{memory_mib: 2097152, cores: 64}], mhz: 2000}\n"
                           "guests:\n" GUEST ", host: old}\n"
                           "  - {name: b, vcpus: 1, memory_mib: 2048, host: host02}\n"
                           "  - {name: c, vcpus: 1, memory_mib: 2048, host: 2}\n"
                           "  - {name: d, vcpus: 1, memory_mib: 2048}\n");
    const struct hr_cluster_spec *cluster = &file->scenario.cluster;
    char buf[16];
    assert_int_equal(cluster->n_hosts, 2);
    assert_string_equal(hr_cluster_host_name(cluster, 0, buf, sizeof buf), "old");
    assert_string_equal(hr_cluster_host_name(cluster, 1, buf, sizeof buf), "host02");
    assert_near(hr_cluster_host_mib(cluster, 0), 4096.0, 0.0);
    assert_near(hr_cluster_memory_mib(cluster), 4096.0 + 2097152.0, 0.0);
    assert_int_equal(cluster->hosts[0].cores, 4);
    assert_int_equal(hr_server_cores(cluster->server), 64); /* the most of them */
    assert_near(cluster->server->mhz, 2000.0, 0.0);
    static const int hosts[] = {1, 2, 2, 0};
    for (uint32_t g = 0; g < 4; g++) {
        assert_int_equal(file->guests->items[g].host, hosts[g]);
    }
    hr_scenario_file_free(file);
}

/* So many requests at once as the rate and the time of each make (Little's law): then each
 * takes its latency where nobody waits. */
static void storage_by_hand_has_its_rate_and_latency(void **state)
{
    static const struct {
        const char *text;
        int at_once;
    } rows[] = {
        {"{iops: 125, latency_ms: 8, swap_mibps: 30}", 1},
        {"{iops: 50000, latency_ms: 0.2, swap_mibps: 200}", 10},
        {"{iops: 100, latency_ms: 1, swap_mibps: 30}", 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdup_printf(
            HEAD "cluster: {hosts: 1, memory_mib: 8192, cores: 2, storage: %s}\nguests: []\n",
            rows[i].text);
        struct hr_scenario_file *file = sound(*state, text);
        const struct hr_cluster_spec *cluster = &file->scenario.cluster;
        assert_int_equal(cluster->n_disks, rows[i].at_once);
        assert_near(cluster->storage->iops_per_disk * cluster->n_disks, cluster->storage_iops,
                    1e-9);
        assert_int_equal(cluster->storage->spare_disks, 0);
        assert_near(cluster->storage->read_frac, 0.6, 0.0);
        assert_near(cluster->storage->raid_write_penalty, 1.0, 0.0);
        hr_scenario_file_free(file);
    }
}

/* ---- the run
 * ---------------------------------------------------------------------------------- */

/* Each length is so many whole steps, however its days are rounded. */
static void hours_and_minutes_are_whole_steps(void **state)
{
    for (int minutes = 1; minutes <= 400; minutes++) {
        g_autofree char *text = g_strdup_printf(
            HEAD CLUSTER "run: {minutes: %d, step_s: 60}\nguests: []\n", minutes);
        struct hr_scenario_file *file = sound(*state, text);
        assert_int_equal(hr_run_day_steps(&file->scenario), minutes);
        hr_scenario_file_free(file);
    }
    for (int hours = 1; hours <= 100; hours++) {
        g_autofree char *text =
            g_strdup_printf(HEAD CLUSTER "run: {hours: %d}\nguests: []\n", hours);
        struct hr_scenario_file *file = sound(*state, text);
        assert_int_equal(hr_run_day_steps(&file->scenario), hours * 12);
        assert_near(file->scenario.days, hours / 24.0, 1e-12);
        hr_scenario_file_free(file);
    }
}

static void a_run_may_boot_and_be_one_step_long(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, HEAD CLUSTER "run: {start: boot, days: 1.1574074074074075e-5, step_s: 1, "
                                   "failure_tail_h: 0}\nguests: []\n");
    assert_int_equal(file->scenario.start, HR_SCENARIO_BOOT);
    assert_int_equal(hr_run_day_steps(&file->scenario), 1);
    assert_int_equal(hr_run_steps(&file->scenario), 1);
    hr_scenario_file_free(file);
}

/* ---- power and memory of a guest
 * -------------------------------------------------------------- */

static void guests_are_powered_when_they_say(void **state)
{
    struct hr_scenario_file *file = sound(
        *state, BODY GUEST ", count: 2, start_at_s: 90.5, stop_at_s: 4000, restart_at_s: "
                           "[100, 200, 300.5]}\n"
                           "  - {name: b, vcpus: 1, memory_mib: 2048, restart_at_s: 60}\n");
    for (uint32_t g = 0; g < 2; g++) {
        const struct hr_scenario_guest *a = &file->guests->items[g];
        assert_near(a->start_s, 90.5, 0.0);
        assert_near(a->stop_s, 4000.0, 0.0);
        assert_int_equal(a->n_restarts, 3);
        assert_near(a->restarts_s[2], 300.5, 0.0);
    }
    const struct hr_scenario_guest *b = &file->guests->items[2];
    assert_near(b->start_s, 0.0, 0.0);
    assert_int_equal(b->n_restarts, 1);
    assert_near(b->restarts_s[0], 60.0, 0.0);
    hr_scenario_file_free(file);
}

static void a_limit_above_the_size_is_none(void **state)
{
    struct hr_scenario_file *file =
        sound(*state,
              BODY GUEST ", memory_limit_mib: 99999}\n"
                         "  - {name: b, vcpus: 1, memory_mib: 2048, memory_limit_mib: 512}\n");
    assert_near(file->guests->items[0].memory_limit_mib, 2048.0, 0.0);
    assert_near(file->guests->items[1].memory_limit_mib, 512.0, 0.0);
    hr_scenario_file_free(file);
}

/* Vendors may be overruled, missing drivers cannot; of an unknown system the file's word
 * counts. */
static void dynamic_memory_needs_a_system_that_knows_it(void **state)
{
    static const char text[] =
        BODY "  - {name: a, vcpus: 1, memory_mib: 4096, os: windows-2022, role: exchange, "
             "dynamic_memory: yes}\n"
             "  - {name: b, vcpus: 1, memory_mib: 4096, os: linux-2.6, dynamic_memory: yes}\n"
             "  - {name: c, vcpus: 1, memory_mib: 4096, dynamic_memory: yes}\n";
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_scenario_file *file = read_text(*state, text, diag);
    assert_non_null(file);
    assert_true(file->guests->items[0].dynamic.enabled);
    assert_false(file->guests->items[1].dynamic.enabled);
    assert_true(file->guests->items[2].dynamic.enabled);
    bool is_noted = false;
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        is_noted = is_noted || (f->severity == HR_NOTE && f->line == 5 &&
                                strstr(f->text, "Linux 2.6") != NULL);
    }
    assert_true(is_noted);
    hr_scenario_file_free(file);
}

/* ---- pages and behaviour
 * ---------------------------------------------------------------------- */

static void own_contents_replace_what_they_say_and_nothing_else(void **state)
{
    const hr_catalog *catalog = *state;
    const struct hr_os *base = hr_catalog_os(catalog, "windows-vista");
    const struct hr_role *role = hr_catalog_role(catalog, "generic");
    assert_true(base->common_used_frac > 0.0); /* as a share there */
    struct hr_scenario_file *file = sound(
        catalog, BODY
        "  - {name: a, vcpus: 1, memory_mib: 1024, os: windows-vista, role: generic, pages: "
        "{boot_zeroes_memory: no, zero_free_frac: 0.5, common_mib: 12, role_common_mib: 34}, "
        "behaviour: {working_set_s: 600, notices_added_memory: no}}\n");
    const struct hr_scenario_guest *a = &file->guests->items[0];
    assert_ptr_not_equal(a->os, base);
    assert_string_equal(a->os->id, "windows-vista");
    assert_false(a->os->boot_zeroes_memory);
    assert_near(a->os->zero_free_frac, 0.5, 0.0);
    assert_near(a->os->common_mib, 12.0, 0.0);
    assert_near(a->os->common_used_frac, 0.0, 0.0); /* the one amount stands for the other */
    assert_near(a->os->dup_frac, base->dup_frac, 0.0);
    assert_int_equal(a->os->dynamic_memory, base->dynamic_memory);
    assert_near(a->role->common_mib, 34.0, 0.0);
    assert_near(a->role->working_set_s, 600.0, 0.0);
    assert_false(a->role->notices_added_memory);
    assert_near(a->role->overlap, role->overlap, 0.0);
    assert_near(role->common_mib, 0.0, 0.0); /* the catalogue's own is as it was */
    hr_scenario_file_free(file);
}

/* Equal contents are one, so that guests which share pages are found equal. */
static void equal_contents_are_the_same(void **state)
{
    struct hr_scenario_file *file =
        sound(*state,
              BODY GUEST ", count: 2, pages: {dup_frac: 0.25}, behaviour: {overlap: 2}}\n"
                         "  - {name: b, vcpus: 2, memory_mib: 512, os: linux-5, role: generic, "
                         "pages: {dup_frac: 0.25}, behaviour: {overlap: 2}}\n"
                         "  - {name: c, vcpus: 2, memory_mib: 512, os: linux-5, role: generic, "
                         "pages: {dup_frac: 0.125}}\n"
                         "  - {name: d, vcpus: 2, memory_mib: 512, os: linux-5, role: generic, "
                         "pages: {}, behaviour: {}}\n");
    const struct hr_scenario_guest *g = file->guests->items;
    assert_ptr_equal(g[0].os, g[1].os);
    assert_ptr_equal(g[0].os, g[2].os);
    assert_ptr_equal(g[0].role, g[2].role);
    assert_ptr_not_equal(g[0].os, g[3].os);
    assert_ptr_equal(g[4].os, hr_catalog_os(*state, "linux-5"));
    assert_ptr_equal(g[4].role, hr_catalog_role(*state, "generic"));
    assert_false(g[4].has_own_pages || g[4].has_own_behaviour);
    hr_scenario_file_free(file);
}

static void one_system_is_one_image_unless_the_file_says_otherwise(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, BODY GUEST
              ", pages: {dup_frac: 0.25}}\n"
              "  - {name: b, vcpus: 1, memory_mib: 512, os: linux-5}\n"
              "  - {name: c, vcpus: 1, memory_mib: 512, os: linux-5, image: x}\n"
              "  - {name: d, vcpus: 1, memory_mib: 512, os: windows-2022, image: x}\n"
              "  - {name: e, vcpus: 1, memory_mib: 512, os: windows-2022, image: y}\n"
              "  - {name: f, vcpus: 1, memory_mib: 512, os: windows-2019}\n");
    const struct hr_scenario_guest *g = file->guests->items;
    assert_true(g[0].image_key != 0 && g[0].image_key == g[1].image_key);
    assert_true(g[2].image_key == g[3].image_key && g[2].image_key != g[0].image_key);
    assert_true(g[4].image_key != g[3].image_key && g[4].image_key != 0);
    assert_true(g[5].image_key == 0);
    hr_scenario_file_free(file);
}

/* ---- ramps and traces
 * ------------------------------------------------------------------------- */

/* The load of the one guest of a file. */
static struct hr_load *load_of(const struct hr_scenario_file *file, double step_s,
                               uint32_t n_steps)
{
    struct hr_load_guest facts[1];
    struct hr_load_params params = {.seed = 1,
                                    .step_us = hr_s_to_us(step_s),
                                    .n_steps = n_steps,
                                    .start_day_of_month = 31,
                                    .start_month = 8,
                                    .start_year = 2026};
    hr_guests_to_load(file->guests, facts);
    struct hr_load *load = hr_load_make(facts, 1, &params);
    hr_guests_demand_by_hand(file->guests, load);
    return load;
}

static void a_ramp_is_a_straight_line(void **state)
{
    struct hr_scenario_file *file =
        sound(*state,
              BODY GUEST ", demand: [{at_s: 0, commit_mib: 100, active_mib: 50, ramp: yes}, "
                         "{at_s: 1200, commit_mib: 500, active_mib: 250, cpu_mhz: 400}, "
                         "{at_s: 1500, commit_mib: 900, ramp: no}, {at_s: 2100, iops: 8}]}\n");
    struct hr_load *load = load_of(file, 300.0, 9);
    static const double commit[] = {100, 200, 300, 400, 500, 900, 900, 900, 900};
    static const double active[] = {50, 100, 150, 200, 250, 250, 250, 250, 250};
    static const double cpu[] = {0, 100, 200, 300, 400, 400, 400, 400, 400};
    for (uint32_t t = 0; t < 9; t++) {
        assert_near((double)load->commit_mib[t], commit[t], 1e-4);
        assert_near((double)load->active_mib[t], active[t], 1e-4);
        assert_near((double)load->cpu_mhz[t], cpu[t], 1e-4);
        assert_near((double)load->iops[t], t < 7 ? 0.0 : 8.0, 0.0);
    }
    hr_load_free(load);
    hr_scenario_file_free(file);
}

/* A folder with a scenario and a trace beside it. */
static struct hr_scenario_file *with_trace(const hr_catalog *catalog, const char *trace,
                                           hr_diag *diag)
{
    g_autofree char *folder = g_dir_make_tmp("trace-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "scenario.yaml", NULL);
    g_autofree char *csv = g_build_filename(folder, "trace.csv", NULL);
    assert_true(g_file_set_contents(path, BODY GUEST ", trace: trace.csv}\n", -1, NULL));
    assert_true(g_file_set_contents(csv, trace, -1, NULL));
    struct hr_scenario_file *file = hr_scenario_load(path, catalog, diag, NULL);
    (void)g_unlink(path);
    (void)g_unlink(csv);
    (void)g_rmdir(folder);
    return file;
}

/* Rows off the grid: each demand step has the row in force when it begins. */
static void a_trace_holds_until_the_next_row(void **state)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_scenario_file *file = with_trace(*state,
                                               "cpu_mhz,at_s,commit_mib,active_mib\n"
                                               "10,0,100,40\n"
                                               "20,299,200,\n"
                                               "30,300,300,150\n"
                                               "40,310,400,150\n"
                                               "50,599,500,\n"
                                               ",1201,600,600\n",
                                               diag);
    assert_non_null(file);
    struct hr_load *load = load_of(file, 300.0, 6);
    static const double commit[] = {100, 300, 500, 500, 500, 600};
    static const double active[] = {40, 150, 150, 150, 150, 600};
    static const double cpu[] = {10, 30, 50, 50, 50, 50};
    for (uint32_t t = 0; t < 6; t++) {
        assert_near((double)load->commit_mib[t], commit[t], 0.0);
        assert_near((double)load->active_mib[t], active[t], 0.0);
        assert_near((double)load->cpu_mhz[t], cpu[t], 0.0);
    }
    assert_reads_back(*state, file);
    hr_load_free(load);
    hr_scenario_file_free(file);
}

/* Three guests of one trace with as many rows as two weeks have minutes, no two alike: what is
 * stored of them has some four hundred thousand values. */
static void long_traces_are_read_back(void **state)
{
    g_autofree char *csv = NULL;
    int fd = g_file_open_tmp("trace-XXXXXX.csv", &csv, NULL);
    assert_true(fd >= 0 && close(fd) == 0);
    GString *rows = g_string_new("at_s,commit_mib,cache_mib,active_mib,cpu_mhz,iops\n");
    for (int i = 0; i < 20000; i++) {
        g_string_append_printf(rows, "%d,%d,%d,%d,%d,%d\n", i * 60, 500 + i % 997, i % 89,
                               100 + i % 83, i % 1009, i % 79);
    }
    assert_true(g_file_set_contents(csv, rows->str, -1, NULL));
    g_string_free(rows, TRUE);
    g_autofree char *text = g_strdup_printf(
        HEAD CLUSTER "run: {step_s: 60}\nguests:\n" GUEST ", count: 3, trace: %s}\n", csv);
    struct hr_scenario_file *file = sound(*state, text);
    (void)g_unlink(csv);
    assert_int_equal(file->guests->items[2].n_demand, 20000);
    assert_reads_back(*state, file);
    hr_scenario_file_free(file);
}

static void what_is_wrong_in_a_trace_is_told_by_its_line(void **state)
{
    static const struct {
        const char *trace;
        uint32_t line;
        const char *part;
    } rows[] = {
        {"at_s,cache_mib\n0,1\n", 1, "'commit_mib' is missing"},
        {"commit_mib\n1\n", 1, "'at_s' is missing"},
        {"at_s,commit_mib,memory\n0,1,1\n", 1, "'memory' is unknown"},
        {"at_s,commit_mib\n", 1, "no row"},
        {"at_s,commit_mib\n5,1\n", 2, "begins at 0"},
        {"at_s,commit_mib\n0,1\n300,2\n300,3\n", 4, "not after the row before (300)"},
        {"at_s,commit_mib\n0,lots\n", 2, "\"lots\", not a number"},
        {"at_s,commit_mib\n0,\n", 2, "'commit_mib' is \"\""},
        {"at_s,commit_mib\n0,-1\n", 2, "\"-1\", not a number from 0"},
        {"at_s,commit_mib\n0,1\nx,1\n", 3, "\"x\", not a number"},
        {"at_s,commit_mib,active_mib\n0,5,6\n", 2, "more than commit_mib and cache_mib"},
        {"at_s,commit_mib,cpu_mhz\n0,5,2501\n", 2, "1 vCPUs"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        assert_null(with_trace(*state, rows[i].trace, diag));
        bool found = false;
        for (size_t f = 0; f < hr_diag_count(diag); f++) {
            const struct hr_finding *finding = hr_diag_get(diag, f);
            found = found || (finding->severity == HR_FATAL && finding->line == rows[i].line &&
                              g_str_has_suffix(finding->file, "trace.csv") &&
                              strstr(finding->text, rows[i].part) != NULL);
        }
        if (!found) {
            hr_diag_print(diag, HR_NOTE, stderr);
            fail_msg("no finding in line %u with \"%s\"", rows[i].line, rows[i].part);
        }
    }
}

/* ---- written and read back
 * -------------------------------------------------------------------- */

static void every_key_is_read_back(void **state)
{
    static const char *const texts[] = {
        "platforms: [{platform: vsphere, name: \"a \\\"name\\\"\", settings: {overcommit: "
        "{idle_tax: 0.1, compression: no}, hypervisor: {fixed_mib: 33.3}, has_ha: no}}]\n"
        "cluster: {hosts: [{name: \"x, y\", memory_mib: 4096.5}, {memory_mib: 8192, cores: "
        "3}], "
        "cores: 7, storage: {iops: 123.4, latency_ms: 7.7, swap_mibps: 31, read_frac: 0.1, "
        "raid_write_penalty: 4}}\n"
        "run: {start: boot, minutes: 7, step_s: 60, failure_tail_h: 0}\n"
        "guests:\n" GUEST
        ", start_at_s: 0.1, stop_at_s: 400, restart_at_s: [100, 200.7], host: "
        "\"x, y\", image: gold, pages: {boot_zeroes_memory: yes, boot_touch_s: 11.1, churn_s: "
        "99, zero_free_frac: 0.3, zero_used_frac: 0.1, common_used_frac: 0.2, dup_frac: 0.3, "
        "dup_multiplicity: 3, paging_cluster: 2, role_common_mib: 5.5}, behaviour: "
        "{working_set_s: 61, overlap: 1.5, cache_reads_iops: 3, dirty_share: 0.1, "
        "notices_added_memory: no}, demand: [{at_s: 0, commit_mib: 1, ramp: yes}, {at_s: 60, "
        "commit_mib: 3.3, cache_mib: 0.1}, {at_s: 120, iops: 1, ramp: yes}, {at_s: 240, "
        "cpu_mhz: 7}]}\n",
        BODY GUEST ", pages: {common_mib: 7}}\n"
                   "  - {name: b, vcpus: 1, memory_mib: 2048, pages: {role_common_mib: 7}}\n"
                   "  - {name: c, vcpus: 1, memory_mib: 2048, image: x}\n",
        BODY "  - {name: b, vcpus: 1, memory_mib: 64, os: linux-2.6, dynamic_memory: yes}\n"
             "  - {name: c, vcpus: 1, memory_mib: 64, dynamic_memory: yes, memory_limit_mib: "
             "77}\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct hr_scenario_file *file = sound(*state, texts[i]);
        assert_reads_back(*state, file);
        hr_scenario_file_free(file);
    }
}

/* ---- what is refused
 * -------------------------------------------------------------------------- */

#define HOSTS(list) HEAD "cluster: {cores: 1, hosts: " list "}\nguests: []\n"

static const struct refusal refusals[] = {
    {"platforms: [{name: a}]\n", 1, 13, "missing key 'platform'"},
    {"platform: {platform: vspher}\n", 1, 22, "did you mean 'vsphere'"},
    {"platform: {platform: vsphere, setting: {}}\n", 1, 31, "did you mean 'settings'"},
    {"platform: {platform: vsphere, settings: 3}\n", 1, 41, "holds keys"},
    {"platform: {platform: vsphere, settings: {licences: []}}\n", 1, 42, "unknown key"},
    {"platform: {platform: vsphere, settings: {dynamic: {weight: 1}}}\n", 1, 42, "unknown key"},
    {"platform: {platform: vsphere, settings: {overcommit: {idle_tax: 2}}}\n", 1, 65,
     "outside"},
    {"platform: {platform: vsphere, settings: {overcommit: {idle_task: 0}}}\n", 1, 55,
     "did you mean 'idle_tax'"},
    {"platform: {platform: xcpng, settings: {has_balancing: yes, balancing_period_s: 0}}\n", 1,
     80, "outside"},
    {"platform: {platform: vsphere, settings: {hypervisor: {least_mib: 9, most_mib: 8}}}\n", 1,
     41, "'most_mib' is below"},
    {"platform: {platform: vsphere, name: \"\"}\n", 1, 37, "'name' is empty"},
    {"platforms: [vsphere, {platform: xcpng, name: vsphere}]\n", 1, 22, "stands twice"},
    {HOSTS("[]"), 2, 28, "a list of 1 to 1000"},
    {HOSTS("[3]"), 2, 29, "keys and values"},
    {HOSTS("[{cores: 2}]"), 2, 29, "missing key 'memory_mib'"},
    {HOSTS("[{memory_mib: 4096, core: 2}]"), 2, 48, "did you mean 'cores'"},
    {HOSTS("[{memory_mib: 0}]"), 2, 42, "outside 1 to"},
    {HOSTS("[{memory_mib: 4096, name: a}, {memory_mib: 4096, name: a}]"), 2, 58,
     "'a' stands already"},
    {HOSTS("[{memory_mib: 4096, name: host02}, {memory_mib: 4096}]"), 2, 63,
     "'host02' stands already"},
    {HOSTS("[{memory_mib: 4096}, {memory_mib: 600}]"), 2, 49, "none left"},
    {HEAD "cluster: {hosts: [{memory_mib: 4096}]}\nguests: []\n", 2, 10,
     "missing key 'server'"},
    {HEAD "cluster: {cores: 1, hosts: [{memory_mib: 4096}], memory_mib: 1}\n", 2, 62,
     "each host of the list"},
    {HEAD "cluster: {storage: {iops: 0, latency_ms: 1, swap_mibps: 1}}\n", 2, 27, "outside 1"},
    {HEAD "cluster: {storage: {iops: 1, latency_ms: 1}}\n", 2, 20, "missing key 'swap_mibps'"},
    {HEAD "cluster: {storage: {iop: 1}}\n", 2, 21, "did you mean 'iops'"},
    {HEAD "cluster: {storage: {iops: 1, latency_ms: 1, swap_mibps: 1}, disks: 3}\n", 2, 68,
     "one by hand has 'iops'"},
    {HEAD "run: {start: cold}\n", 2, 14, "warm, boot"},
    {HEAD "run: {days: 1, hours: 3}\n", 2, 23, "stands in 'days' already"},
    {HEAD "run: {hours: 1, minutes: 3}\n", 2, 26, "stands in 'hours' already"},
    {HEAD "run: {minutes: 4}\n", 2, 16, "shorter than a demand step"},
    {HEAD "run: {hours: 9999}\n", 2, 14, "outside"},
    {HEAD "run: {step_s: 0.5}\n", 2, 15, "outside 1 to 3600"},
    {BODY GUEST ", start_at_s: -1}\n", 4, 83, "outside 0"},
    {BODY GUEST ", start_at_s: 9, stop_at_s: 9}\n", 4, 97, "not after 'start_at_s'"},
    {BODY GUEST ", stop_at_s: 0}\n", 4, 82, "not after 'start_at_s'"},
    {BODY GUEST ", restart_at_s: [5, 5]}\n", 4, 89, "not after the one before (5)"},
    {BODY GUEST ", restart_at_s: [x]}\n", 4, 86, "not a number"},
    {BODY GUEST ", start_at_s: 5, restart_at_s: 5}\n", 4, 100, "not after 'start_at_s'"},
    {BODY GUEST ", stop_at_s: 5, restart_at_s: 5}\n", 4, 99, "not before 'stop_at_s'"},
    {BODY GUEST ", host: 3}\n", 4, 77, "a number from 1 to 2"},
    {BODY GUEST ", host: esx1}\n", 4, 77, "neither the name of a host"},
    {BODY GUEST ", image: \"\"}\n", 4, 78, "'image' is empty"},
    {BODY GUEST ", image: a, image_key: 00000000000000ff}\n", 4, 78, "not both"},
    {BODY GUEST ", image_key: x}\n", 4, 82, "16 hexadecimal digits"},
    {BODY GUEST ", pages: 3}\n", 4, 78, "keys and values"},
    {BODY GUEST ", pages: {dup_fraq: 1}}\n", 4, 79, "did you mean 'dup_frac'"},
    {BODY GUEST ", pages: {dup_frac: 1.5}}\n", 4, 89, "outside 0 to 1"},
    {BODY GUEST ", pages: {common_mib: 1, common_used_frac: 1}}\n", 4, 112, "not both"},
    {BODY GUEST ", pages: {zero_used_frac: 0.5, common_used_frac: 0.5, dup_frac: 0.1}}\n", 4,
     78, "more than all used ones"},
    {BODY GUEST ", pages: {boot_zeroes_memory: 1}}\n", 4, 99, "neither true nor false"},
    {BODY GUEST ", behaviour: {overlap: 0}}\n", 4, 92, "outside 1 to 1000"},
    {BODY GUEST ", behaviour: {common_mib: 0}}\n", 4, 83, "unknown key"},
    {BODY GUEST ", demand: [{at_s: 0, commit_mib: 1, ramp: yes}]}\n", 4, 111,
     "the last one has none"},
    {BODY GUEST ", demand: [{at_s: 0, commit_mib: 1, ramp: 2}]}\n", 4, 111, "neither true"},
    {BODY GUEST ", trace: no.csv}\n", 4, 78, "no.csv"},
    {BODY GUEST ", trace: \"\"}\n", 4, 78, "names a CSV file"},
    {BODY GUEST ", trace: a.csv, demand: [{at_s: 0, commit_mib: 1}]}\n", 4, 78, "not both"},
    {BODY GUEST ", trace: a.csv, commit_mib: 1}\n", 4, 97, "columns of the trace"},
    {BODY GUEST ", trace: a.csv, cpu_mhz_avg: 1}\n", 4, 98, "given by hand"},
};

static void what_is_wrong_is_told_where_it_stands(void **state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        assert_refused(*state, &refusals[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_change_what_they_say_and_nothing_else),
        cmocka_unit_test(hosts_may_differ),
        cmocka_unit_test(storage_by_hand_has_its_rate_and_latency),
        cmocka_unit_test(hours_and_minutes_are_whole_steps),
        cmocka_unit_test(a_run_may_boot_and_be_one_step_long),
        cmocka_unit_test(guests_are_powered_when_they_say),
        cmocka_unit_test(a_limit_above_the_size_is_none),
        cmocka_unit_test(dynamic_memory_needs_a_system_that_knows_it),
        cmocka_unit_test(own_contents_replace_what_they_say_and_nothing_else),
        cmocka_unit_test(equal_contents_are_the_same),
        cmocka_unit_test(one_system_is_one_image_unless_the_file_says_otherwise),
        cmocka_unit_test(a_ramp_is_a_straight_line),
        cmocka_unit_test(a_trace_holds_until_the_next_row),
        cmocka_unit_test(long_traces_are_read_back),
        cmocka_unit_test(what_is_wrong_in_a_trace_is_told_by_its_line),
        cmocka_unit_test(every_key_is_read_back),
        cmocka_unit_test(what_is_wrong_is_told_where_it_stands),
    };
    return cmocka_run_group_tests(tests, load_catalog, free_catalog);
}
