/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every run, over random small clusters: the host's books balance (asserted
 * inside the run at every solve), nothing is negative, causes add up; and the order of guests
 * does not matter. */
#include <stdlib.h>

#include "check.h"
#include "engine/rng.h"
#include "small_world.h"

enum { N_RANDOM = 2000 };

static double draw(struct hr_rng *rng, double least, double most)
{
    return least + (most - least) * hr_rng_uniform(rng);
}

static void random_platform(struct small_world *w, struct hr_rng *rng)
{
    struct hr_overcommit_params *p = &w->overcommit;
    p->idle_tax = hr_rng_uniform(rng) < 0.2 ? 0.0 : 0.75;
    p->sharing = (enum hr_sharing_scope)draw(rng, 0.0, HR_SHARING__COUNT);
    p->zero_at_once = hr_rng_uniform(rng) < 0.5;
    p->has_clear_state = hr_rng_uniform(rng) < 0.5;
    p->high_frac = p->has_clear_state ? 4.0 : 0.64;
    p->compression = hr_rng_uniform(rng) < 0.7;
    p->balloon_max_frac = hr_rng_uniform(rng) < 0.2 ? 0.0 : 0.65;
    p->large_pages = hr_rng_uniform(rng) < 0.5;
    p->break_below_frac = p->has_clear_state ? 1.0 : 0.64;
    p->min_free_frac = hr_rng_uniform(rng) < 0.2 ? 0.06 : 0.0;
    p->tier_frac = hr_rng_uniform(rng) < 0.3 ? draw(rng, 0.1, 1.0) : 0.0;
    p->tier_latency_us = draw(rng, 5.0, 100.0);
    p->tier_mibps = draw(rng, 20.0, 2000.0);
    p->scan_time_s = draw(rng, 60.0, 3600.0);
    w->dynamic.smart_paging = hr_rng_uniform(rng) < 0.7;
    w->dynamic.has_minimum = hr_rng_uniform(rng) < 0.8;
    w->kvm.merging = hr_rng_uniform(rng) < 0.7;
    w->kvm.ballooning = hr_rng_uniform(rng) < 0.7;
    w->kvm.reporting_s = hr_rng_uniform(rng) < 0.3 ? 60.0 : 0.0;
    w->kvm.swap_space_mib = hr_rng_uniform(rng) < 0.5 ? 8192.0 : draw(rng, 0.0, 2000.0);
    w->platform.has_ha = hr_rng_uniform(rng) < 0.8;
    w->platform.manual_restart_s = 900.0;
    w->platform.has_live_migration = true;
    w->platform.has_balancing = hr_rng_uniform(rng) < 0.5;
    w->platform.balancing_above_frac = draw(rng, 0.2, 0.9);
    w->platform.balancing_period_s = 300.0;
    w->platform.io_ceiling_iops = hr_rng_uniform(rng) < 0.3 ? draw(rng, 50.0, 500.0) : 0.0;
    w->platform.cpu_mhz_per_iops = draw(rng, 0.0, 0.5);
    w->os.boot_zeroes_memory = hr_rng_uniform(rng) < 0.5;
    w->os.zero_free_frac = hr_rng_uniform(rng);
    w->os.paging_cluster = hr_rng_uniform(rng) < 0.5 ? 1.0 : 8.0;
    w->role.working_set_s = hr_rng_uniform(rng) < 0.5 ? 600.0 : 3600.0;
    w->role.cache_reads_iops = draw(rng, 0.0, 100.0);
    w->role.notices_added_memory = hr_rng_uniform(rng) < 0.5;
    w->storage.iops_per_disk = hr_rng_uniform(rng) < 0.5 ? 180.0 : 10000.0;
}

static void random_guest(struct hr_scenario_guest *guest, struct hr_rng *rng)
{
    double size = 256.0 * floor(draw(rng, 1.0, 25.0));
    guest->size_mib = size;
    guest->memory_limit_mib = hr_rng_uniform(rng) < 0.1 ? 0.6 * size : size;
    guest->memory_reservation_mib =
        hr_rng_uniform(rng) < 0.2 ? fmin(guest->memory_limit_mib, size / 4.0) : 0.0;
    guest->shares = size * (double)(5 << (int)draw(rng, 0.0, 3.0));
    guest->vcpus = (int)draw(rng, 1.0, 5.0);
    guest->priority = (enum hr_priority)draw(rng, 0.0, HR_PRIORITY__COUNT);
    struct hr_dynamic_memory *dynamic = &guest->dynamic;
    dynamic->enabled = hr_rng_uniform(rng) < 0.8;
    dynamic->startup_mib = size * draw(rng, 0.25, 1.0);
    dynamic->minimum_mib = dynamic->startup_mib * draw(rng, 0.2, 1.0);
    dynamic->maximum_mib = fmax(dynamic->startup_mib, size * draw(rng, 0.5, 2.0));
    dynamic->buffer_pct = draw(rng, 5.0, 50.0);
    dynamic->weight = floor(draw(rng, 0.0, 10001.0));
    guest->image_key = hr_rng_uniform(rng) < 0.5 ? 1 + (uint64_t)draw(rng, 0.0, 3.0) : 0;
}

/* Guests that come, go and reboot, on hosts of which each is different. */
static void random_life(struct small_world *w, struct hr_rng *rng)
{
    struct hr_scenario *s = &w->scenario;
    s->start = hr_rng_uniform(rng) < 0.4 ? HR_SCENARIO_BOOT : HR_SCENARIO_WARM;
    double length_s = s->days * 86400.0;
    for (uint32_t g = 0; g < w->guests.n; g++) {
        struct hr_scenario_guest *guest = &w->guests.items[g];
        if (hr_rng_uniform(rng) < 0.3) {
            guest->start_s = floor(draw(rng, 0.0, length_s));
        }
        if (hr_rng_uniform(rng) < 0.2) {
            guest->stop_s = floor(draw(rng, 1.0, length_s));
        }
        if (hr_rng_uniform(rng) < 0.3) {
            guest->n_restarts = 2;
            guest->restarts_s = g_new(double, 2);
            guest->restarts_s[0] = draw(rng, 0.0, length_s / 2.0);
            guest->restarts_s[1] = draw(rng, length_s / 2.0, length_s);
        }
        if (hr_rng_uniform(rng) < 0.1) {
            guest->host = 1 + (int)draw(rng, 0.0, s->cluster.n_hosts);
        }
    }
    if (hr_rng_uniform(rng) < 0.3) {
        s->cluster.hosts = g_new0(struct hr_host_spec, s->cluster.n_hosts);
        for (int h = 0; h < s->cluster.n_hosts; h++) {
            s->cluster.hosts[h].memory_mib = 1024.0 * floor(draw(rng, 3.0, 33.0));
            s->cluster.hosts[h].cores = (int)draw(rng, 0.0, 5.0);
        }
    }
}

/* Demand that stays for a while and then jumps anywhere, beyond the guest's size too. */
static void random_load(struct small_world *w, struct hr_rng *rng)
{
    small_world_load(w, 0.0, 0.0, 0.0, 0.0);
    uint32_t n = w->load.n_guests;
    for (uint32_t g = 0; g < n; g++) {
        double size = w->guests.items[g].size_mib;
        double level = 1.0;
        for (uint32_t s = 0; s < w->load.n_steps; s++) {
            size_t i = (size_t)s * n + g;
            if (s > 0 && hr_rng_uniform(rng) < 0.7) {
                w->load.commit_mib[i] = w->load.commit_mib[i - n];
                w->load.cache_mib[i] = w->load.cache_mib[i - n];
                w->load.active_mib[i] = w->load.active_mib[i - n];
                w->load.cpu_mhz[i] = w->load.cpu_mhz[i - n];
                w->load.iops[i] = w->load.iops[i - n];
                continue;
            }
            level = draw(rng, 0.05, 1.2);
            double commit = level * size;
            double cache = draw(rng, 0.0, 0.5) * size;
            w->load.commit_mib[i] = (float)commit;
            w->load.cache_mib[i] = hr_rng_uniform(rng) < 0.2 ? 0.0F : (float)cache;
            w->load.active_mib[i] = (float)(commit * hr_rng_uniform(rng));
            w->load.cpu_mhz[i] = (float)draw(rng, 10.0, 4000.0);
            w->load.iops[i] = (float)draw(rng, 0.0, 50.0);
        }
    }
}

static void random_world(struct small_world *w, uint64_t seed, bool with_life)
{
    struct hr_rng rng;
    hr_rng_init(&rng, seed, 0, 0, 1);
    enum hr_policy_kind policy = (enum hr_policy_kind)draw(&rng, 0.0, HR_POLICY__COUNT);
    double host_mib = 1024.0 * floor(draw(&rng, 3.0, 33.0));
    int n_hosts = (int)draw(&rng, 1.0, 4.0);
    uint32_t n_guests = (uint32_t)draw(&rng, 1.0, 25.0);
    small_world_init(w, policy, host_mib, n_hosts, n_guests, 1024.0);
    random_platform(w, &rng);
    for (uint32_t g = 0; g < n_guests; g++) {
        random_guest(&w->guests.items[g], &rng);
    }
    w->scenario.seed = seed;
    w->scenario.days = 0.125;
    w->scenario.failure_tail_h = 2.0;
    w->scenario.spare_hosts = n_hosts > 1 && hr_rng_uniform(&rng) < 0.6;
    if (with_life && hr_rng_uniform(&rng) < 0.5) {
        random_life(w, &rng);
    }
    random_load(w, &rng);
}

static void check_phase(const struct hr_guest_phase *p, double phase_s, double size_mib,
                        double balloon_most_mib)
{
    assert_true(p->slowdown_mean >= 0.0 && p->slowdown_mean < 1.0); /* progress in (0, 1] */
    assert_true(p->slowdown_max >= 0.0 && p->slowdown_max < 1.0);
    assert_true(p->slowdown_p95 >= 0.0 && p->slowdown_p95 <= p->slowdown_p99 + 1e-12);
    assert_true(p->slowdown_p99 <= p->slowdown_max + 1e-12);
    assert_true(p->slowdown_mean <= p->slowdown_max + 1e-12);
    double causes = 0.0;
    for (int c = 0; c < HR_CAUSE__COUNT; c++) {
        assert_true(p->cause_mean[c] >= -1e-12);
        causes += p->cause_mean[c];
    }
    assert_near(causes, p->slowdown_mean, 1e-9);
    const double not_negative[] = {
        p->above_level_s,    p->down_s,          p->ballooned_mean_mib,
        p->swapped_mean_mib, p->swapped_max_mib, p->compressed_mean_mib,
        p->granted_mean_mib, p->paged_s,         p->swapped_s};
    for (size_t i = 0; i < sizeof not_negative / sizeof not_negative[0]; i++) {
        assert_true(not_negative[i] >= 0.0);
    }
    const double seconds[] = {p->above_level_s, p->paged_s, p->swapped_s};
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        assert_true(seconds[i] <= phase_s + 1e-6);
    }
    assert_true(p->down_s <= phase_s + 600.0);
    assert_true(p->ballooned_mean_mib <= p->ballooned_max_mib + 1e-9);
    assert_true(p->ballooned_max_mib <= balloon_most_mib + 1e-6);
    assert_true(p->swapped_mean_mib <= p->swapped_max_mib + 1e-9);
    assert_true(p->swapped_max_mib + p->compressed_mean_mib <= 4.0 * size_mib + 1e-6);
    assert_true(p->swapped_max_mib <= 2.0 * size_mib + 1e-6);  /* a maximum may exceed S */
    assert_true(p->granted_mean_mib <= 2.0 * size_mib + 1e-6); /* a maximum may exceed S */
}

/* What guests hold, overheads and free memory are the host, at the end and in each sample. */
static void check_parts(const struct small_world *w, const struct hr_run_result *r)
{
    for (uint32_t h = 0; h < r->n_hosts; h++) {
        const struct hr_host_result *host = &r->hosts[h];
        double physical = hr_cluster_host_mib(&w->scenario.cluster, h);
        double hypervisor = hr_platform_hypervisor_mib(&w->platform, physical);
        double sum = host->end_mib[HR_MEMORY_CONSUMED] + host->overhead_end_mib +
                     host->free_end_mib + hypervisor;
        assert_near(sum, physical, 1e-6 * physical + 0.1);
        double in_states = 0.0;
        for (int i = 0; i < 5; i++) {
            assert_true(host->state_s[i] >= 0.0);
            in_states += host->state_s[i];
        }
        assert_near(in_states, w->scenario.days * 86400.0, 1e-3);
    }
    for (uint64_t i = 0; i < r->n_guest_samples; i++) {
        const struct hr_guest_sample *sample = &r->guest_samples[i];
        const double *mib = sample->mib;
        for (int part = 0; part < HR_MEMORY__COUNT; part++) {
            assert_true(mib[part] >= -1e-6);
        }
        assert_true(mib[HR_MEMORY_SAVED] <= mib[HR_MEMORY_SHARED] + 1e-6);
        assert_true(mib[HR_MEMORY_SHARED] <= mib[HR_MEMORY_GRANTED] + 1e-6);
        assert_near(mib[HR_MEMORY_CONSUMED],
                    mib[HR_MEMORY_GRANTED] - mib[HR_MEMORY_SAVED] +
                        mib[HR_MEMORY_COMPRESSED] / 2.0,
                    1e-6);
        assert_true(sample->slowdown >= 0.0 && sample->slowdown < 1.0);
    }
}

static void random_clusters_keep_their_books(void **state)
{
    (void)state;
    uint32_t n_refused = 0;
    uint32_t n_not_restarted = 0;
    double swapped_min = 0.0;
    uint64_t n_migrations = 0;
    uint32_t n_killed = 0;
    uint32_t n_paged = 0;
    uint32_t n_boots = 0;
    double tiered_mib = 0.0;
    for (uint64_t seed = 0; seed < N_RANDOM; seed++) {
        struct small_world w;
        random_world(&w, seed, true);
        struct hr_run_options options = {.record_series = seed % 4 == 0,
                                         .record_memory = true,
                                         .record_samples = seed % 3 == 0};
        struct hr_run_result r;
        hr_run(&w.scenario, &w.load, &options, &r);
        for (uint32_t g = 0; g < r.n_guests; g++) {
            double size = w.guests.items[g].size_mib;
            double balloon =
                w.platform.params == &w.kvm ? size : 0.65 * size; /* KVM: down to the minimum */
            check_phase(&r.guests[g].phase[HR_PHASE_NORMAL], 0.125 * 86400.0, size, balloon);
            check_phase(&r.guests[g].phase[HR_PHASE_FAILURE], 7200.0, size, balloon);
            assert_true(r.guests[g].restart_s >= 0.0 && r.guests[g].restart_s <= 7200.0);
        }
        for (uint32_t h = 0; h < r.n_hosts; h++) {
            assert_true(r.hosts[h].free_min_mib >= 0.0);
            assert_true(r.hosts[h].cpu_util_mean >= 0.0 &&
                        r.hosts[h].cpu_util_mean <= 1.0 + 1e-9);
        }
        for (uint32_t s = 0; s < r.n_series; s++) {
            const struct hr_series_row *row = &r.series[s];
            assert_true(row->min >= -1e-6 && row->min <= row->mean + 1e-6);
            assert_true(row->mean <= row->max + 1e-6);
        }
        check_parts(&w, &r);
        for (uint32_t g = 0; g < r.n_guests; g++) {
            n_killed += r.guests[g].killed;
            n_paged += r.guests[g].smart_paged_max_mib > 0.0;
            n_boots += r.guests[g].n_boots;
            tiered_mib += r.memory[HR_PHASE_NORMAL][g].peak_mib[HR_MEMORY_TIERED];
        }
        n_refused += r.n_refused;
        n_not_restarted += r.n_not_restarted;
        swapped_min += r.swapped_min;
        n_migrations += r.n_migrations;
        hr_run_result_free(&r);
        small_world_clear(&w);
    }
    /* The clusters were such that something happened. */
    printf("refused %u, not restarted %u, swapped %.0f min, moved %u, killed %u, smart paging "
           "%u, boots %u, tiered %.0f MiB\n",
           n_refused, n_not_restarted, swapped_min, (unsigned)n_migrations, n_killed, n_paged,
           n_boots, tiered_mib);
    assert_true(n_refused > 600 && n_not_restarted > 200 && swapped_min > 10000.0);
    assert_true(n_migrations > 600);
    assert_true(n_killed > 100 && n_paged > 10 && n_boots > 6000 && tiered_mib > 100000.0);
}

static int by_draw(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

/* Copies a world with its guests in another order: number g of the copy is number from[g]. */
static void permute(const struct small_world *w, const uint32_t *from, struct small_world *out)
{
    *out = *w;
    uint32_t n = w->guests.n;
    out->scenario.guests = &out->guests;
    out->scenario.platform = &out->platform;
    out->scenario.cluster.server = &out->server;
    out->scenario.cluster.storage = &out->storage;
    out->guests.items = g_new0(struct hr_scenario_guest, n);
    size_t n_hosts = (size_t)w->scenario.cluster.n_hosts;
    out->scenario.cluster.hosts =
        g_memdup2(w->scenario.cluster.hosts, sizeof(struct hr_host_spec) * n_hosts);
    for (uint32_t g = 0; g < n; g++) {
        out->guests.items[g] = w->guests.items[from[g]];
        out->guests.items[g].name = g_strdup(w->guests.items[from[g]].name);
        out->guests.items[g].os = &out->os;
        out->guests.items[g].role = &out->role;
        out->guests.items[g].restarts_s = g_memdup2(
            out->guests.items[g].restarts_s, sizeof(double) * out->guests.items[g].n_restarts);
    }
    small_world_load(out, 0.0, 0.0, 0.0, 0.0);
    for (size_t s = 0; s < w->load.n_steps; s++) {
        for (uint32_t g = 0; g < n; g++) {
            out->load.commit_mib[s * n + g] = w->load.commit_mib[s * n + from[g]];
            out->load.cache_mib[s * n + g] = w->load.cache_mib[s * n + from[g]];
            out->load.active_mib[s * n + g] = w->load.active_mib[s * n + from[g]];
            out->load.cpu_mhz[s * n + g] = w->load.cpu_mhz[s * n + from[g]];
            out->load.iops[s * n + g] = w->load.iops[s * n + from[g]];
        }
    }
}

/* The guests in another order; none is as large as another, since equal ones are placed in
 * order of their numbers. */
static void shuffled(struct small_world *w, uint64_t seed, uint32_t *from)
{
    double keys[64][2];
    struct hr_rng rng;
    hr_rng_init(&rng, seed, 1, 0, 2);
    for (uint32_t g = 0; g < w->guests.n; g++) {
        keys[g][0] = hr_rng_uniform(&rng);
        keys[g][1] = g;
        w->guests.items[g].size_mib += g;
        w->guests.items[g].memory_limit_mib = w->guests.items[g].size_mib;
    }
    qsort(keys, w->guests.n, sizeof keys[0], by_draw);
    for (uint32_t g = 0; g < w->guests.n; g++) {
        from[g] = (uint32_t)keys[g][1];
    }
}

/* Greatest difference of guests' slowdown and of their memory as a share of their size. */
static double difference(const struct small_world *w, const struct hr_run_result *a,
                         const struct hr_run_result *b, const uint32_t *from)
{
    double most = 0.0;
    for (uint32_t g = 0; g < a->n_guests; g++) {
        const struct hr_guest_result *x = &a->guests[from[g]];
        const struct hr_guest_result *y = &b->guests[g];
        double size = w->guests.items[from[g]].size_mib;
        for (int p = 0; p < HR_PHASE__COUNT; p++) {
            const struct hr_guest_phase *q = &x->phase[p];
            const struct hr_guest_phase *r = &y->phase[p];
            most = fmax(most, fabs(q->slowdown_mean - r->slowdown_mean));
            most = fmax(most, fabs(q->granted_mean_mib - r->granted_mean_mib) / size);
            most = fmax(most, fabs(q->ballooned_mean_mib - r->ballooned_mean_mib) / size);
            most = fmax(most, fabs(q->swapped_mean_mib - r->swapped_mean_mib) / size);
        }
    }
    return most;
}

static struct hr_run_result run(const struct small_world *w)
{
    struct hr_run_options options = {0};
    struct hr_run_result result;
    hr_run(&w->scenario, &w->load, &options, &result);
    return result;
}

/* A host that thrashes magnifies the last digit, and sums over guests go in another order: so
 * the order may change as much as a change of shares and sizes by 1e-13 does in the same run.
 */
static void permuted_guests_have_permuted_results(void **state)
{
    (void)state;
    uint32_t n_equal = 0;
    uint32_t n_odd = 0;
    for (uint64_t seed = 1000; seed < 1060; seed++) {
        struct small_world w;
        uint32_t from[64];
        uint32_t same[64];
        random_world(&w, seed, false);
        shuffled(&w, seed, from);
        for (uint32_t g = 0; g < w.guests.n; g++) {
            same[g] = g;
        }
        struct small_world other;
        permute(&w, from, &other);
        struct hr_run_result a = run(&w);
        struct hr_run_result b = run(&other);
        for (uint32_t g = 0; g < w.guests.n; g++) {
            w.guests.items[g].shares *= 1.0 + 1e-13 * (g % 7);
            w.guests.items[g].size_mib *= 1.0 + 1e-13 * (g % 5);
        }
        struct hr_run_result disturbed = run(&w);
        double by_order = difference(&w, &a, &b, from);
        bool sensitive = difference(&w, &a, &disturbed, same) > 1e-9;
        /* Dynamic guests that wait for room on one host begin in order of their numbers. */
        bool waits = w.platform.memory->moves_memory && a.n_lost_host > 0;
        bool strict = !sensitive && !waits;
        bool equal = by_order <= 1e-5;
        n_equal += equal;
        n_odd += strict && !equal; /* a disturbance that just missed its threshold */
        bool as_good = by_order <= 0.15;
        for (uint32_t g = 0; g < w.guests.n; g++) {
            as_good = as_good && a.guests[from[g]].host == b.guests[g].host &&
                      a.guests[from[g]].refused == b.guests[g].refused &&
                      a.guests[from[g]].restarted == b.guests[g].restarted;
        }
        hr_run_result_free(&a);
        hr_run_result_free(&b);
        hr_run_result_free(&disturbed);
        small_world_clear(&other);
        small_world_clear(&w);
        if (!as_good) {
            fail_msg("seed %d: the order changes results by %g", (int)seed, by_order);
        }
    }
    assert_true(n_equal >= 45);
    assert_true(n_odd <= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_clusters_keep_their_books),
        cmocka_unit_test(permuted_guests_have_permuted_results),
    };
    return cmocka_run_group_tests_name("properties of a run", tests, NULL, NULL);
}
