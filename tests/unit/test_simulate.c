/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One scenario simulated: where memory is at the end and at its peak, and what may not matter.
 */
#include "check.h"
#include "scenario_text.h"
#include "study/simulate.h"

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

/* A scenario and its answer. */
struct answered {
    struct hr_scenario_file *file;
    struct hr_simulate_result result;
};

static void answer(const hr_catalog *catalog, const char *text, int n_threads,
                   struct answered *out)
{
    out->file = sound(catalog, text);
    g_autoptr(hr_progress) progress = hr_progress_new(true);
    struct hr_simulate_options options = {
        .n_threads = n_threads, .record_samples = true, .progress = progress};
    assert_true(hr_simulate(out->file, &options, &out->result, NULL));
}

static void answered_clear(struct answered *a)
{
    hr_simulate_result_clear(&a->result);
    hr_scenario_file_free(a->file);
}

static const struct hr_guest_memory *memory_of(const struct answered *a, uint32_t platform,
                                               uint32_t guest)
{
    return &a->result.platforms[platform].runs[0].memory[HR_PHASE_NORMAL][guest];
}

/* Two platforms of the catalogue, one host, three guests: constant, in steps, shrinking. */
static const char steps_text[] =
    "platforms: [vsphere, hyperv-dynamic, hyperv-static]\n"
    "cluster: {hosts: 1, memory_mib: 24576, cores: 16}\n"
    "run: {days: 0.25}\n"
    "guests:\n"
    "  - {name: a, vcpus: 1, memory_mib: 2048, os: windows-2022, role: generic, commit_mib: "
    "1000, dynamic_memory: yes, memory_startup_mib: 512, memory_min_mib: 256}\n"
    "  - {name: b, vcpus: 1, memory_mib: 4096, os: windows-2022, role: generic, "
    "dynamic_memory: yes, memory_startup_mib: 512, memory_min_mib: 512, demand: [{at_s: 0, "
    "commit_mib: 500, active_mib: 200}, {at_s: 7200, commit_mib: 3000, active_mib: 900}, "
    "{at_s: 14400, commit_mib: 800}]}\n"
    "  - {name: c, vcpus: 1, memory_mib: 2048, os: linux-5, role: generic, dynamic_memory: "
    "no, commit_mib: 2500}\n";

static void memory_ends_and_peaks_as_demand_says(void **state)
{
    struct answered a;
    answer(*state, steps_text, 1, &a);
    for (uint32_t p = 0; p < 3; p++) {
        const struct hr_guest_memory *b = memory_of(&a, p, 1);
        assert_near(b->end_mib[HR_MEMORY_DEMAND], 800.0, 1e-3);
        assert_near(b->peak_mib[HR_MEMORY_DEMAND], 3000.0, 1e-3);
        assert_near(b->peak_mib[HR_MEMORY_ACTIVE], 900.0, 1e-3);
        for (uint32_t g = 0; g < 3; g++) {
            const struct hr_guest_memory *m = memory_of(&a, p, g);
            for (int part = 0; part < HR_MEMORY__COUNT; part++) {
                assert_true(m->peak_mib[part] >= m->end_mib[part]);
            }
            assert_true(m->pressure_peak >= m->pressure_end);
            assert_near(m->pressure_end,
                        m->end_mib[HR_MEMORY_DEMAND] /
                            (m->end_mib[HR_MEMORY_ASSIGNED] - m->end_mib[HR_MEMORY_BALLOONED]),
                        1e-12);
        }
        assert_near(memory_of(&a, p, 2)->pressure_end, 2500.0 / 2048.0, 1e-6);
    }
    answered_clear(&a);
}

/* Published: demand 1000 MiB and a buffer of 20 % make 1200 MiB; startup memory of 512 MiB and
 * what lies idle gives way. */
static void dynamic_memory_gives_demand_and_buffer(void **state)
{
    struct answered a;
    answer(*state, steps_text, 1, &a);
    const struct hr_guest_memory *constant = memory_of(&a, 1, 0);
    assert_near(constant->end_mib[HR_MEMORY_ASSIGNED], 1200.0, 1.0);
    assert_near(constant->end_mib[HR_MEMORY_CONSUMED], 1200.0, 1.0);
    assert_near(constant->pressure_end, 1.0 / 1.2, 1e-3);
    const struct hr_guest_memory *moved = memory_of(&a, 1, 1);
    assert_near(moved->peak_mib[HR_MEMORY_ASSIGNED], 3600.0, 1.0);
    assert_near(moved->end_mib[HR_MEMORY_ASSIGNED], 960.0, 1.0);
    /* Static platforms and static guests give the size. */
    assert_near(memory_of(&a, 1, 2)->end_mib[HR_MEMORY_GRANTED], 2048.0, 0.0);
    assert_near(memory_of(&a, 2, 1)->end_mib[HR_MEMORY_GRANTED], 4096.0, 0.0);
    assert_near(memory_of(&a, 0, 1)->end_mib[HR_MEMORY_ASSIGNED], 4096.0, 0.0);
    answered_clear(&a);
}

/* Physical memory = hypervisor + free + what guests consume + their overheads. */
static void the_books_of_a_host_balance(void **state)
{
    struct answered a;
    answer(*state, steps_text, 1, &a);
    for (uint32_t p = 0; p < 3; p++) {
        const struct hr_simulated *s = &a.result.platforms[p];
        double sum = hr_platform_hypervisor_mib(s->scenario.platform, 24576.0);
        for (uint32_t g = 0; g < 3; g++) {
            const struct hr_guest_memory *m = memory_of(&a, p, g);
            sum += m->end_mib[HR_MEMORY_CONSUMED] +
                   hr_platform_overhead_mib(s->scenario.platform,
                                            m->end_mib[HR_MEMORY_ASSIGNED], 1);
            assert_near(m->end_mib[HR_MEMORY_CONSUMED],
                        m->end_mib[HR_MEMORY_GRANTED] - m->end_mib[HR_MEMORY_SHARED] +
                            m->end_mib[HR_MEMORY_COMPRESSED] / 2.0,
                        1e-6);
        }
        const struct hr_host_result *host = &s->runs[0].hosts[0];
        assert_near(sum + host->free_end_mib, 24576.0, 0.01);
        assert_true(host->free_min_mib <= host->free_end_mib);
        assert_string_equal(hr_host_state_name(host->state_end), "high");
    }
    answered_clear(&a);
}

static const char pressed_text[] =
    "platforms: [vsphere, xcpng]\n"
    "cluster: {hosts: 1, memory_mib: 24576, cores: 16}\n"
    "run: {days: 0.1}\n"
    "guests:\n"
    "  - {name: busy, count: 100, vcpus: 1, memory_mib: 2048, os: linux-5, role: generic, "
    "commit_mib: 2048, active_mib: 2048, cpu_mhz: 100}\n";

/* Published: a hundred guests that use all of their 2 GiB on 24 GiB cannot but swap. */
static void a_hundred_busy_guests_swap(void **state)
{
    struct answered a;
    answer(*state, pressed_text, 1, &a);
    const struct hr_simulated *s = &a.result.platforms[0];
    double out = 0.0;
    for (uint32_t g = 0; g < 100; g++) {
        const struct hr_guest_memory *m = memory_of(&a, 0, g);
        out += m->end_mib[HR_MEMORY_SWAPPED] + m->end_mib[HR_MEMORY_COMPRESSED];
        assert_true(s->runs[0].guests[g].phase[HR_PHASE_NORMAL].slowdown_mean > 0.95);
    }
    assert_true(out > 40.0 * 1024.0);
    assert_int_equal(s->runs[0].n_refused, 0);
    const char *worst = hr_host_state_name(s->runs[0].hosts[0].state_worst);
    assert_true(strcmp(worst, "hard") == 0 || strcmp(worst, "low") == 0);
    assert_non_null(s->broken);
    /* The static platform refuses most, and who is refused holds nothing. */
    const struct hr_run_result *refusing = &a.result.platforms[1].runs[0];
    assert_true(refusing->n_refused > 85);
    for (uint32_t g = 0; g < 100; g++) {
        double granted = memory_of(&a, 1, g)->peak_mib[HR_MEMORY_GRANTED];
        assert_near(granted, refusing->guests[g].refused ? 0.0 : 2048.0, 0.0);
    }
    assert_non_null(strstr(a.result.platforms[1].broken, "find no room"));
    answered_clear(&a);
}

/* What is reclaimed and what is faulted in balance: free memory rests in the middle of the hard
 * band and does not swing through all states, though the compression caches are full. */
static void a_thrashing_host_comes_to_rest(void **state)
{
    static const char text[] =
        "platform: vsphere-4\n"
        "cluster: {hosts: 1, memory_mib: 24576, cores: 16}\n"
        "run: {hours: 3}\n"
        "guests: [{name: all, count: 100, vcpus: 1, memory_mib: 2048, os: windows-2008, "
        "commit_mib: 2048, active_mib: 2048}]\n";
    struct answered a;
    answer(*state, text, 1, &a);
    const struct hr_host_result *host = &a.result.platforms[0].runs[0].hosts[0];
    static const uint32_t high = 0;
    static const uint32_t soft = 2;
    static const uint32_t hard = 3;
    assert_string_equal(hr_host_state_name(soft), "soft");
    assert_string_equal(hr_host_state_name(hard), "hard");
    assert_near(host->state_s[high] + host->state_s[soft], 0.0, 60.0);
    assert_true(host->state_s[hard] > 0.95 * 3.0 * 3600.0);
    assert_near(host->free_end_mib / host->min_free_mib, 0.24, 0.02);
    double cap = 0.10 * memory_of(&a, 0, 0)->end_mib[HR_MEMORY_TARGET];
    double zipped = memory_of(&a, 0, 0)->end_mib[HR_MEMORY_COMPRESSED] / 2.0;
    assert_true(zipped > 0.9 * cap && zipped <= cap * (1.0 + 1e-9));
    answered_clear(&a);
}

static const char random_text[] =
    "platforms: [vsphere, hyperv-dynamic]\n"
    "cluster: {hosts: 2, memory_mib: 24576, cores: 16}\n"
    "run: {days: 1, spare_hosts: 1, replications: 3, failure_tail_h: 6}\n"
    "guests:\n"
    "  - {name: sql01, vcpus: 4, memory_mib: 8192, os: windows-2022}\n"
    "  - {name: web, count: 4, vcpus: 1, memory_mib: 2048, os: linux-5}\n";

/* Returns: the caller's to free. */
static char *series_of(const struct hr_simulate_result *result)
{
    char *text = NULL;
    size_t n_bytes = 0;
    FILE *out = open_memstream(&text, &n_bytes);
    assert_non_null(out);
    hr_simulate_write_series(result, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void threads_change_nothing(void **state)
{
    struct answered one;
    struct answered four;
    answer(*state, random_text, 1, &one);
    answer(*state, random_text, 4, &four);
    for (uint32_t p = 0; p < 2; p++) {
        for (int r = 0; r < 3; r++) {
            const struct hr_run_result *x = &one.result.platforms[p].runs[r];
            const struct hr_run_result *y = &four.result.platforms[p].runs[r];
            assert_int_equal(x->replication, r);
            assert_memory_equal(x->guests, y->guests, sizeof *x->guests * x->n_guests);
            for (int phase = 0; phase < HR_PHASE__COUNT; phase++) {
                assert_memory_equal(x->memory[phase], y->memory[phase],
                                    sizeof *x->memory[phase] * x->n_guests);
            }
            assert_true(x->failure_t_us >= 0);
            assert_int_equal(x->n_series > 0, r == 0);
            assert_int_equal(x->n_guest_samples > 0, r == 0);
        }
    }
    char *csv_one = series_of(&one.result);
    char *csv_four = series_of(&four.result);
    assert_string_equal(csv_one, csv_four);
    free(csv_one);
    free(csv_four);
    answered_clear(&one);
    answered_clear(&four);
}

/* Recording looks on and changes nothing. */
static void recording_changes_no_figure(void **state)
{
    struct answered a;
    answer(*state, random_text, 1, &a);
    const struct hr_simulated *s = &a.result.platforms[0];
    struct hr_load_guest facts[5];
    hr_guests_to_load(a.file->guests, facts);
    struct hr_load_params params = {.seed = 1,
                                    .replication = 2,
                                    .step_us = 300000000,
                                    .n_steps = hr_run_steps(&s->scenario),
                                    .start_day_of_month = 31,
                                    .start_month = 8,
                                    .start_year = 2026};
    struct hr_load *load = hr_load_make(facts, 5, &params);
    struct hr_run_options options = {.replication = 2};
    struct hr_run_result plain;
    hr_run(&s->scenario, load, &options, &plain);
    assert_memory_equal(plain.guests, s->runs[2].guests, sizeof *plain.guests * 5);
    assert_null(plain.memory[HR_PHASE_NORMAL]);
    hr_run_result_free(&plain);
    hr_load_free(load);
    answered_clear(&a);
}

static void too_much_demand_is_refused(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, "platform: vsphere\ncluster: {hosts: 1, memory_mib: 8192, cores: 2}\n"
                      "run: {days: 366, step_s: 1}\n"
                      "guests:\n  - {name: a, count: 100, vcpus: 1, memory_mib: 64}\n");
    g_autoptr(hr_progress) progress = hr_progress_new(true);
    g_autoptr(GError) error = NULL;
    struct hr_simulate_options options = {.n_threads = 1, .progress = progress};
    struct hr_simulate_result result = {0};
    assert_false(hr_simulate(file, &options, &result, &error));
    assert_non_null(strstr(error->message, "run.days"));
    assert_null(result.platforms);
    hr_scenario_file_free(file);
}

/* Hosts that differ, guests that boot in turn, pages and behaviour of their own, ramps. */
static const char rich_text[] =
    "platforms:\n"
    "  - {platform: vsphere, name: shared, settings: {overcommit: {sharing: inter_guest, "
    "zero_at_once: no, scan_time_s: 600, large_pages: no}}}\n"
    "  - hyperv-dynamic\n"
    "cluster: {hosts: [{name: small, memory_mib: 6144, cores: 4}, {memory_mib: 12288, cores: "
    "8}], storage: {iops: 125, latency_ms: 8, swap_mibps: 30}}\n"
    "run: {hours: 2, start: boot, step_s: 60, failure_tail_h: 0}\n"
    "guests:\n"
    "  - {name: a, count: 3, vcpus: 1, memory_mib: 2048, os: windows-2022, role: generic, "
    "commit_mib: 900, active_mib: 300, cpu_mhz: 100, host: small, pages: {common_mib: 300, "
    "role_common_mib: 20}, behaviour: {working_set_s: 600}}\n"
    "  - {name: b, count: 2, vcpus: 1, memory_mib: 2048, os: windows-2022, role: generic, "
    "start_at_s: 1800, restart_at_s: 5400, host: 2, demand: [{at_s: 0, commit_mib: 400, ramp: "
    "yes}, {at_s: 3600, commit_mib: 1900, cpu_mhz: 50}]}\n"
    "  - {name: c, vcpus: 1, memory_mib: 1024, os: linux-5, image: gold, stop_at_s: 3000, "
    "commit_mib: 500, iops: 20}\n"
    "  - {name: huge, vcpus: 1, memory_mib: 4194304, memory_reservation_mib: 4194304, "
    "commit_mib: 1}\n";

/* What a study stores is the same question: every figure comes out again, to the last bit. */
static void what_is_stored_runs_the_same(void **state)
{
    struct answered first;
    answer(*state, rich_text, 1, &first);
    for (uint32_t p = 0; p < 2; p++) {
        g_autofree char *yaml = hr_scenario_to_yaml(&first.result.platforms[p].scenario);
        struct answered again;
        answer(*state, yaml, 1, &again);
        const struct hr_run_result *x = &first.result.platforms[p].runs[0];
        const struct hr_run_result *y = &again.result.platforms[0].runs[0];
        assert_memory_equal(x->guests, y->guests, sizeof *x->guests * x->n_guests);
        assert_memory_equal(x->hosts, y->hosts, sizeof *x->hosts * x->n_hosts);
        assert_memory_equal(x->memory[HR_PHASE_NORMAL], y->memory[HR_PHASE_NORMAL],
                            sizeof *x->memory[HR_PHASE_NORMAL] * x->n_guests);
        answered_clear(&again);
    }
    answered_clear(&first);
}

/* The sample of a guest at a time. */
static const struct hr_guest_sample *sample_at(const struct hr_run_result *run, uint32_t guest,
                                               double t_s)
{
    for (uint64_t i = 0; i < run->n_guest_samples; i++) {
        const struct hr_guest_sample *sample = &run->guest_samples[i];
        if (sample->guest == guest && sample->t_us == (int64_t)(t_s * 1e6)) {
            return sample;
        }
    }
    fail_msg("no sample of guest %u at %g s", guest, t_s);
    return NULL;
}

static void guests_come_and_go_where_and_when_they_say(void **state)
{
    enum { A1 = 0, B1 = 3, C = 5, HUGE = 6 };
    struct answered a;
    answer(*state, rich_text, 2, &a);
    for (uint32_t p = 0; p < 2; p++) {
        const struct hr_run_result *run = &a.result.platforms[p].runs[0];
        assert_int_equal(run->guests[A1].host, 0);
        assert_int_equal(run->guests[B1].host, 1);
        assert_int_equal(run->guests[A1].n_boots, 1);
        assert_int_equal(run->guests[B1].n_boots, 2);
        assert_true(sample_at(run, B1, 1740)->host == UINT32_MAX);
        assert_int_equal(sample_at(run, B1, 1860)->host, 1);
        assert_int_equal(sample_at(run, B1, 7200)->host, 1);
        assert_true(sample_at(run, C, 2940)->mib[HR_MEMORY_DEMAND] > 0.0);
        assert_true(sample_at(run, C, 3060)->host == UINT32_MAX);
        /* Half of the way from 400 to 1900 in the step that ends at 1860 s. */
        assert_near(sample_at(run, B1, 1860)->mib[HR_MEMORY_DEMAND], 1150.0, 1e-3);
        assert_true(run->guests[HUGE].refused && run->guests[HUGE].host == UINT32_MAX);
        assert_int_equal(run->n_refused, 1);
        assert_true(run->hosts[0].peak_mib[HR_MEMORY_CONSUMED] <= 6144.0);
    }
    answered_clear(&a);
}

/* A table's columns and sums, read back from its text. */
static void the_series_holds_every_host_and_guest_of_every_step(void **state)
{
    enum {
        STEPS = 120,
        HOSTS = 2,
        GUESTS = 7,
        FIXED = 8,
        COLUMNS = FIXED + HR_MEMORY__COUNT + 6
    };
    struct answered a;
    answer(*state, rich_text, 1, &a);
    char *csv = series_of(&a.result);
    g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
    assert_int_equal(g_strv_length(lines), 1 + 2 * (STEPS + 1) * (HOSTS + GUESTS) + 1);
    double hosts = 0.0;
    double guests = 0.0;
    for (int i = 0; *lines[i] != '\0'; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
        assert_int_equal(g_strv_length(cells), COLUMNS);
        double consumed = g_ascii_strtod(cells[FIXED + HR_MEMORY_CONSUMED], NULL);
        hosts += strcmp(cells[4], "host") == 0 ? consumed : 0.0;
        guests += strcmp(cells[4], "guest") == 0 ? consumed : 0.0;
    }
    assert_true(hosts > 0.0);
    assert_near(hosts, guests, 1e-3 * (STEPS + 1) * (HOSTS + GUESTS));
    assert_non_null(strstr(csv, "\nvsphere,shared,normal,0,host,small,small,high,0.000,"));
    free(csv);
    answered_clear(&a);
}

static void a_series_without_end_is_refused(void **state)
{
    struct hr_scenario_file *file =
        sound(*state, "platform: vsphere\ncluster: {hosts: 1, memory_mib: 8192, cores: 2}\n"
                      "run: {days: 14, step_s: 10, failure_tail_h: 0}\n"
                      "guests:\n  - {name: a, count: 100, vcpus: 1, memory_mib: 64}\n");
    g_autoptr(GError) error = NULL;
    struct hr_simulate_options options = {.n_threads = 1, .record_samples = true};
    struct hr_simulate_result result = {0};
    assert_false(hr_simulate(file, &options, &result, &error));
    assert_non_null(strstr(error->message, "run.step_s"));
    assert_null(result.platforms);
    hr_scenario_file_free(file);
}

/* Hosts that the hypervisor nearly fills, guests far larger than the host, more overhead than
 * room: runs end all the same, with finite figures. */
static void extremes_end_well(void **state)
{
    static const char *const texts[] = {
        "{hosts: 2, memory_mib: 3000, cores: 64, mhz: 1000}",
        "{hosts: 3, memory_mib: 2048, cores: 64, mhz: 1000}",
        "{hosts: 1, memory_mib: 1700, cores: 1, mhz: 1000}",
        "{hosts: 2, memory_mib: 2097152, cores: 64}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text = g_strdup_printf(
            "platforms: [vsphere, hyperv-dynamic, hyperv-static, xcpng]\n"
            "cluster: %s\nrun: {days: 0.05, step_s: 60, failure_tail_h: 0.5, spare_hosts: %d}\n"
            "guests:\n"
            "  - {name: huge, vcpus: 8, memory_mib: 67108864}\n"
            "  - {name: vista, count: 12, vcpus: 3, memory_mib: 4096, os: windows-vista, "
            "commit_mib: 6000, cache_mib: 4000}\n"
            "  - {name: old, count: 9, vcpus: 2, memory_mib: 6000, os: windows-2003, "
            "memory_shares: 0, demand: [{at_s: 0, commit_mib: 0}, {at_s: 600, commit_mib: "
            "6000, iops: 5000}, {at_s: 1200, commit_mib: 30}]}\n"
            "  - {name: tiny, count: 5, vcpus: 1, memory_mib: 16, memory_reservation_mib: 1, "
            "memory_limit_mib: 1}\n",
            texts[i], texts[i][8] == '1' ? 0 : 1);
        struct answered a;
        answer(*state, text, 2, &a);
        for (uint32_t p = 0; p < a.result.n_platforms; p++) {
            const struct hr_run_result *run = &a.result.platforms[p].runs[0];
            for (uint32_t g = 0; g < run->n_guests; g++) {
                const struct hr_guest_memory *m = &run->memory[HR_PHASE_NORMAL][g];
                for (int part = 0; part < HR_MEMORY__COUNT; part++) {
                    assert_true(isfinite(m->peak_mib[part]) && m->end_mib[part] >= 0.0);
                }
                double mean = run->guests[g].phase[HR_PHASE_NORMAL].slowdown_mean;
                assert_true(mean >= 0.0 && mean <= 1.0);
            }
        }
        answered_clear(&a);
    }
}

/* A host full to the last MiB, on which a guest is powered on between two looks: it counts at
 * once among those that were admitted, or one too many is. Found among random scenarios. */
static const char full_text[] =
    "platform: vsphere-4\n"
    "cluster: {hosts: 1, memory_mib: 11249.706, cores: 1, storage: {iops: "
    "10367.183, latency_ms: 0.395, swap_mibps: 24.48}}\n"
    "run: {hours: 1, step_s: 3600, start: boot, spare_hosts: 0, "
    "failure_tail_h: 3, seed: 870}\n"
    "guests:\n"
    "  - {name: g0, vcpus: 2, memory_mib: 4310.001, os: linux-2.6, "
    "dynamic_memory: no, memory_startup_mib: 4253.03, memory_min_mib: "
    "3030.97, start_at_s: 3560.8, restart_at_s: [3664.8, 4165.8, 4249.7], "
    "commit_mib: 0.0, cache_mib: 4266.9}\n"
    "  - {name: g1, vcpus: 2, memory_mib: 719.478, os: windows-vista, role: "
    "vdi-desktop, count: 9, memory_reservation_mib: 179.8695, memory_shares: "
    "1000000000.0, demand: [{at_s: 0, commit_mib: 0.0, cache_mib: 712.28, "
    "cpu_mhz: 2400, iops: 0}]}\n"
    "  - {name: g2, vcpus: 2, memory_mib: 29.807, os: windows-vista, "
    "dynamic_memory: no, stop_at_s: 158.4, restart_at_s: [52.5, 61.7, 102.4, "
    "127.4, 133.4], host: 1, behaviour: {working_set_s: 60, overlap: 1, "
    "cache_reads_iops: 0}, demand: [{at_s: 0, commit_mib: 29.51, cache_mib: "
    "0.0, cpu_mhz: 100, iops: 0}]}\n"
    "  - {name: g3, vcpus: 8, memory_mib: 2.307, os: other, role: "
    "vdi-desktop, count: 7, memory_reservation_mib: 2.307, dynamic_memory: "
    "no, memory_startup_mib: 1.48, memory_min_mib: 1, demand: [{at_s: 0, "
    "commit_mib: 3.46, cache_mib: 1.15, cpu_mhz: 0, iops: 0}, {at_s: 3600, "
    "commit_mib: 3.46, cache_mib: 3.46, cpu_mhz: 0, iops: 20000}]}\n"
    "  - {name: g4, vcpus: 2, memory_mib: 66580.667, os: linux-2.6, role: "
    "sql, count: 9, memory_limit_mib: 0.0, memory_reservation_mib: 0.0, "
    "memory_shares: 1, priority: high, demand: [{at_s: 0, commit_mib: "
    "66580.67, cache_mib: 0.0, cpu_mhz: 2400, iops: 0}, {at_s: 3600, "
    "commit_mib: 6658.07, cache_mib: 66580.67, cpu_mhz: 0, iops: 50}]}\n"
    "  - {name: g5, vcpus: 2, memory_mib: 25.135, os: other, count: 10, "
    "memory_limit_mib: 30.16, memory_reservation_mib: 25.135, memory_shares: "
    "0, memory_buffer_pct: 5, start_at_s: 514.6, host: 1, demand: [{at_s: 0, "
    "commit_mib: 125.68, cache_mib: 24.88, cpu_mhz: 0, iops: 0}, {at_s: 3600, "
    "commit_mib: 2.51, cache_mib: 2.51, cpu_mhz: 100, iops: 0}]}\n"
    "  - {name: g6, vcpus: 1, memory_mib: 23.471, os: linux-2.6, count: 8, "
    "memory_reservation_mib: 23.471, dynamic_memory: yes, restart_at_s: "
    "[1347.1, 1569.0, 1707.4, 1784.8], demand: [{at_s: 0, commit_mib: 23.47, "
    "cache_mib: 23.47, cpu_mhz: 100, iops: 50}, {at_s: 3600, commit_mib: "
    "23.47, cache_mib: 2.35, cpu_mhz: 100, iops: 0}]}\n";

static void a_full_host_admits_no_more_than_it_can_hold(void **state)
{
    struct answered a;
    answer(*state, full_text, 1, &a);
    const struct hr_simulated *s = &a.result.platforms[0];
    double pinned = hr_platform_hypervisor_mib(s->scenario.platform, 11249.706);
    for (uint32_t g = 0; g < s->runs[0].n_guests; g++) {
        const struct hr_scenario_guest *guest = &a.file->guests->items[g];
        if (memory_of(&a, 0, g)->runs_at_end) {
            pinned +=
                guest->memory_reservation_mib +
                hr_platform_overhead_mib(s->scenario.platform, guest->size_mib, guest->vcpus);
        }
    }
    assert_true(pinned <= 11249.706 + 1e-6);
    answered_clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_ends_and_peaks_as_demand_says),
        cmocka_unit_test(dynamic_memory_gives_demand_and_buffer),
        cmocka_unit_test(the_books_of_a_host_balance),
        cmocka_unit_test(a_hundred_busy_guests_swap),
        cmocka_unit_test(a_thrashing_host_comes_to_rest),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(recording_changes_no_figure),
        cmocka_unit_test(too_much_demand_is_refused),
        cmocka_unit_test(what_is_stored_runs_the_same),
        cmocka_unit_test(guests_come_and_go_where_and_when_they_say),
        cmocka_unit_test(the_series_holds_every_host_and_guest_of_every_step),
        cmocka_unit_test(a_series_without_end_is_refused),
        cmocka_unit_test(extremes_end_well),
        cmocka_unit_test(a_full_host_admits_no_more_than_it_can_hold),
    };
    return cmocka_run_group_tests(tests, load_catalog, free_catalog);
}
