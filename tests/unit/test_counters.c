/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures by formula, against the worked examples that were published. */
#include "check.h"
#include "scenario_text.h"
#include "study/counters.h"

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

/* Published: 24 + 192 + 1.06 · 8 · (512 + 54) = 5016 MB; on 4 GB 920 short, 510 with a tenth of
 * the guests' memory shared, 104 to spare with a quarter. */
static void a_vendors_floor_is_its_worked_example(void **state)
{
    static const struct {
        double sharing_frac, short_mib;
    } rows[] = {{0.0, 920.0}, {0.10, 510.0}, {0.25, -104.0}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdup_printf(
            "platform: {platform: vsphere, settings: {overhead: {fixed_mib: 54, size_frac: 0, "
            "per_vcpu_mib: 10, per_gib_above_first_mib: 32, first_mib: 512}, floor: "
            "{fixed_mib: "
            "216, factor: 1.06, sharing_frac: %g}}}\n"
            "cluster: {hosts: 1, memory_mib: 4096, cores: 4}\n"
            "guests: [{name: web, count: 8, vcpus: 1, memory_mib: 512}]\n",
            rows[i].sharing_frac);
        struct hr_scenario_file *file = sound(*state, text);
        struct hr_scenario scenario = hr_scenario_on(file, 0);
        double needed_mib = 0.0;
        double short_mib = 0.0;
        assert_true(hr_floor_rule_of(&scenario, &needed_mib, &short_mib));
        assert_near(needed_mib, 5016.0, 1.0);
        assert_near(short_mib, rows[i].short_mib, 1.0);
        hr_scenario_file_free(file);
    }
}

static void a_platform_without_a_rule_has_no_floor(void **state)
{
    struct hr_scenario_file *file = sound(
        *state, "platform: hyperv-static\ncluster: {hosts: 1, memory_mib: 8192, cores: 4}\n"
                "guests: []\n");
    struct hr_scenario scenario = hr_scenario_on(file, 0);
    double needed_mib = 7.0;
    double short_mib = 7.0;
    assert_false(hr_floor_rule_of(&scenario, &needed_mib, &short_mib));
    struct hr_thresholds thresholds;
    assert_false(hr_thresholds_of(scenario.platform, 1000.0, &thresholds));
    hr_scenario_file_free(file);
}

/* Published: 96 GB, minFree 1597 MB, soft 1022, hard 511, low 256. */
static void thresholds_are_those_published(void **state)
{
    struct hr_thresholds t;
    assert_true(hr_thresholds_of(hr_catalog_platform(*state, "vsphere"), 1597.4, &t));
    assert_near(t.high_mib, 4.0 * 1597.4, 1e-9);
    assert_near(t.clear_mib, 1597.4, 1e-9);
    assert_near(t.soft_mib, 1022.0, 1.0);
    assert_near(t.hard_mib, 511.0, 1.0);
    assert_near(t.low_mib, 256.0, 1.0);
    struct hr_scenario_file *file =
        sound(*state, "platform: {platform: vsphere, settings: {overcommit: {has_clear_state: "
                      "no}}}\ncluster: {hosts: 1, memory_mib: 8192, cores: 4}\nguests: []\n");
    assert_true(hr_thresholds_of(file->variants[0].platform, 1000.0, &t));
    assert_near(t.high_mib, 640.0, 1e-9); /* high ends where soft begins */
    assert_true(t.clear_mib < 0.0);
    hr_scenario_file_free(file);
}

/* Published: 12288 consumed, 5734 active, 90 overhead make 7462.5; 4096, 1639.2 and 90 make
 * 2343.4. */
static void drs_demand_is_as_published(void **state)
{
    static const struct {
        double consumed, active, demand;
    } rows[] = {{12288.0, 5734.0, 7462.5}, {4096.0, 1639.2, 2343.4}, {100.0, 200.0, 290.0}};
    struct hr_scenario_file *file =
        sound(*state, "platform: {platform: vsphere, settings: {overhead: {fixed_mib: 90, "
                      "size_frac: 0, per_vcpu_mib: 0}}}\n"
                      "cluster: {hosts: 1, memory_mib: 65536, cores: 4}\n"
                      "guests: [{name: a, vcpus: 1, memory_mib: 16384}]\n");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        double mib[HR_MEMORY__COUNT] = {
            [HR_MEMORY_CONSUMED] = rows[i].consumed, [HR_MEMORY_ACTIVE] = rows[i].active};
        assert_near(hr_drs_demand_mib(file->variants[0].platform, file->guests->items, mib),
                    rows[i].demand, 0.1);
    }
    hr_scenario_file_free(file);
}

static void a_refusal_says_what_was_missing(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, "platforms: [hyperv-static, hyperv-dynamic, vsphere]\n"
                      "cluster: {hosts: 2, memory_mib: 8192, cores: 4}\n"
                      "guests:\n"
                      "  - {name: a, vcpus: 1, memory_mib: 16384, os: windows-2022, "
                      "dynamic_memory: yes, memory_startup_mib: 9000, memory_reservation_mib: "
                      "9500, host: 2}\n");
    static const char *const parts[] = {"its size, 16384 MiB", "its startup memory, 9000 MiB",
                                        "its reservation, 9500 MiB"};
    for (uint32_t v = 0; v < 3; v++) {
        struct hr_scenario scenario = hr_scenario_on(file, v);
        g_autofree char *text = hr_refusal_text(&scenario, &file->guests->items[0]);
        assert_non_null(strstr(text, parts[v]));
        assert_non_null(strstr(text, "host02"));
    }
    hr_scenario_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vendors_floor_is_its_worked_example),
        cmocka_unit_test(a_platform_without_a_rule_has_no_floor),
        cmocka_unit_test(thresholds_are_those_published),
        cmocka_unit_test(drs_demand_is_as_published),
        cmocka_unit_test(a_refusal_says_what_was_missing),
    };
    return cmocka_run_group_tests(tests, load_catalog, free_catalog);
}
