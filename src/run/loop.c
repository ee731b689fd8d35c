/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where time advances: events of the queue in their order, and between them the demand ticks.
 * At one instant the queue's events come before the tick. */
#include <math.h>

#include <glib.h>

#include "base/units.h"
#include "run/run.h"
#include "run/world.h"

static const double RETRY_SOON_S = 30.0; /* while restarts can still be in time */

uint32_t hr_run_day_steps(const struct hr_scenario *scenario)
{
    return (uint32_t)ceil(scenario->days * 86400.0 / scenario->step_s);
}

uint32_t hr_run_steps(const struct hr_scenario *scenario)
{
    double tail_s = scenario->failure_tail_h * 3600.0;
    return hr_run_day_steps(scenario) + (uint32_t)ceil(tail_s / scenario->step_s);
}

static void boot_done(struct hr_world *w, uint32_t g)
{
    int64_t boots_us = hr_s_to_us(w->t->traits[g].boot_s);
    if (w->t->power[g] != HR_GUEST_BOOTING || w->now_us - w->t->since_us[g] != boots_us) {
        return; /* it went down meanwhile, and may boot again */
    }
    uint32_t h = w->t->host[g];
    hr_host_advance(w, h, w->now_us);
    w->hosts[h].n_starting--;
    w->t->power[g] = HR_GUEST_RUNNING;
    w->t->seen_mib[g] = w->t->assigned_mib[g];
    w->t->active_seen_mib[g] = w->t->active_mib[g];
    if (w->start_cause[g] == HR_START_FAILOVER) {
        w->restart_s[g] = hr_us_to_s(w->now_us - w->failure_us);
        hr_world_note(w, HR_NOTED_RESTARTED, h, g);
    }
    hr_cpu_solve(w, h);
    hr_host_solve(w, h);
}

static bool anybody_down(const struct hr_world *w)
{
    for (uint32_t g = 0; g < w->t->n; g++) {
        if (w->t->power[g] == HR_GUEST_DOWN && w->lost_host[g]) {
            return true;
        }
    }
    return false;
}

static void restart(struct hr_world *w)
{
    hr_place_down(w);
    if (anybody_down(w)) {
        double since_s = hr_us_to_s(w->now_us - w->failure_us);
        double again_s = since_s < 3600.0 ? RETRY_SOON_S : w->scenario->step_s;
        struct hr_event event = {.t_us = w->now_us + hr_s_to_us(again_s),
                                 .kind = HR_EVENT_RESTART};
        (void)hr_queue_push(w->queue, &event);
    }
}

static void review(struct hr_world *w, uint32_t h)
{
    w->hosts[h].review = HR_QUEUE_NO_EVENT;
    hr_host_advance(w, h, w->now_us);
    if (w->hosts[h].n_starting > 0) {
        hr_guests_begin_waiting(w, h);
    }
    hr_host_solve(w, h);
    if (hr_pool_review(w, h)) {
        hr_host_solve(w, h); /* what it decided moved the latency it had decided by */
    }
}

static void handle(struct hr_world *w, const struct hr_event *event)
{
    static const char *const names[HR_EVENT__COUNT] = {
        [HR_EVENT_REVIEW] = "review of a host",
        [HR_EVENT_RESTART] = "restart after a failure",
        [HR_EVENT_BOOT_DONE] = "end of a boot",
        [HR_EVENT_POWER_ON] = "power-on of a guest",
        [HR_EVENT_POWER_OFF] = "power-off of a guest",
        [HR_EVENT_REBOOT] = "reboot of a guest",
    };
    w->now_us = event->t_us;
    w->where.t_us = event->t_us;
    w->where.event = names[event->kind];
    switch ((enum hr_event_kind)event->kind) {
    case HR_EVENT_REVIEW:
        review(w, event->subject);
        break;
    case HR_EVENT_RESTART:
        restart(w);
        break;
    case HR_EVENT_BOOT_DONE:
        boot_done(w, event->subject);
        break;
    case HR_EVENT_POWER_ON:
        hr_power_on(w, event->subject);
        break;
    case HR_EVENT_POWER_OFF:
        hr_power_off(w, event->subject);
        break;
    case HR_EVENT_REBOOT:
        hr_reboot(w, event->subject);
        break;
    case HR_EVENT__COUNT:
        hr_assert_at(&w->where, false);
        break;
    }
}

/* A level that more than a twentieth of the phase lies above can no longer be the p95. */
static void look_for_hope(struct hr_world *w)
{
    double phase_s = w->phase == HR_PHASE_NORMAL ? w->scenario->days * 86400.0
                                                 : w->scenario->failure_tail_h * 3600.0;
    for (uint32_t g = 0; g < w->t->n; g++) {
        if (w->records[g].above_level_s > 0.05 * phase_s + w->scenario->step_s) {
            w->hopeless = true;
        }
    }
}

static void tick(struct hr_world *w)
{
    w->now_us = w->next_tick_us;
    w->where.t_us = w->now_us;
    w->where.event = "demand step";
    uint32_t step = (uint32_t)(w->now_us / w->load->step_us);
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        hr_host_advance(w, h, w->now_us);
    }
    hr_record_samples(w);
    double step_s = hr_us_to_s(w->load->step_us);
    w->pool_load_s += w->pool_load_iops / w->pool_iops * step_s;
    w->next_tick_us += w->load->step_us;
    hr_world_demand(w, step);
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        hr_cpu_solve(w, h);
    }
    hr_balance(w);
    hr_pool_solve(w);
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        if (w->hosts[h].n_starting > 0) {
            hr_guests_begin_waiting(w, h);
        }
        hr_host_solve(w, h);
    }
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        if (hr_pool_review(w, h)) {
            hr_host_solve(w, h);
        }
    }
    if (w->options->stop_when_hopeless && step % 12 == 0) {
        look_for_hope(w);
    }
}

/* Runs to end_us: what happens before it, not at it. */
static void run_until(struct hr_world *w, int64_t end_us)
{
    while (!w->hopeless) {
        int64_t event_us = 0;
        bool has_event = hr_queue_peek_time(w->queue, &event_us);
        if (has_event && event_us <= w->next_tick_us && event_us < end_us) {
            struct hr_event event;
            (void)hr_queue_pop(w->queue, &event);
            handle(w, &event);
        } else if (w->next_tick_us < end_us) {
            tick(w);
        } else {
            break;
        }
    }
    if (!w->hopeless) {
        w->now_us = end_us;
        for (uint32_t h = 0; h < w->n_hosts; h++) {
            hr_host_advance(w, h, end_us);
            hr_host_close_books(w, h);
        }
        hr_record_samples(w);
    }
}

static double committed_mib(const struct hr_world *w, uint32_t h)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < w->hosts[h].n; i++) {
        sum += w->t->commit_mib[w->hosts[h].ids[i]];
    }
    return sum;
}

static void fail_host(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    host->up = false;
    host->cpu_mhz = 0.0;
    (void)hr_queue_cancel(w->queue, host->review);
    host->review = HR_QUEUE_NO_EVENT;
    hr_world_note(w, HR_NOTED_HOST_FAILED, h, UINT32_MAX);
    for (uint32_t g = 0; g < w->t->n; g++) {
        if (w->t->host[g] != h) {
            continue;
        }
        if (w->t->power[g] == HR_GUEST_WAITING) {
            w->t->host[g] = HR_NO_HOST;
        } else {
            hr_world_host_remove(w, g);
        }
        hr_guest_reset(w->t, g);
        w->t->power[g] = HR_GUEST_DOWN;
        w->t->since_us[g] = w->now_us;
        w->lost_host[g] = true;
        w->restart_s[g] = w->scenario->failure_tail_h * 3600.0;
    }
    host->n_starting = 0;
    host->starting_mib = 0.0;
}

/* The spare hosts fail: those with most committed memory, so the worst that can be lost. */
static void fail_spares(struct hr_world *w)
{
    for (int k = 0; k < w->scenario->spare_hosts; k++) {
        uint32_t worst = HR_NO_HOST;
        for (uint32_t h = 0; h < w->n_hosts; h++) {
            if (w->hosts[h].up &&
                (worst == HR_NO_HOST || committed_mib(w, h) > committed_mib(w, worst))) {
                worst = h;
            }
        }
        if (worst != HR_NO_HOST) {
            fail_host(w, worst);
        }
    }
    hr_world_lose_disks(w);
    w->failure_us = w->now_us;
    double delay_s =
        w->platform->has_ha ? w->platform->ha_detection_s : w->platform->manual_restart_s;
    struct hr_event event = {.t_us = w->now_us + hr_s_to_us(delay_s), .kind = HR_EVENT_RESTART};
    (void)hr_queue_push(w->queue, &event);
}

static void run_failure_branch(const struct hr_world *world, struct hr_run_result *out)
{
    hr_arena *arena = hr_arena_new(hr_arena_used_bytes(world->arena));
    struct hr_world *w = hr_world_branch(world, arena, HR_PHASE_FAILURE);
    fail_spares(w);
    run_until(w, w->now_us + hr_s_to_us(w->scenario->failure_tail_h * 3600.0));
    for (uint32_t g = 0; g < w->t->n; g++) {
        if (w->lost_host[g] && w->t->power[g] != HR_GUEST_RUNNING) {
            hr_world_note(w, HR_NOTED_NOT_RESTARTED, UINT32_MAX, g);
        }
    }
    out->failure_t_us = w->failure_us;
    hr_record_phase(w, out);
    hr_arena_free(arena);
}

static void hand_over_notes(struct hr_notes *notes, struct hr_run_result *out)
{
    out->events = notes->events;
    out->n_events = notes->n_events;
    out->series = notes->series;
    out->n_series = notes->n_series;
    out->guest_samples = notes->guest_samples;
    out->n_guest_samples = notes->n_guest_samples;
    out->host_samples = notes->host_samples;
    out->n_host_samples = notes->n_host_samples;
}

static void start(struct hr_world *w)
{
    hr_world_demand(w, 0);
    w->n_samples = 0;
    hr_place_all(w);
    hr_settle(w);
    hr_power_schedule(w);
    for (uint32_t g = 0; g < w->t->n; g++) {
        w->decision[g] = (struct hr_guest_decision){.alloc_scale = 1.0, .throttle = 1.0};
        w->decision[g].assign_stop_mib = w->t->assigned_mib[g];
        w->decision[g].balloon_stop_mib = w->t->ballooned_mib[g];
    }
}

void hr_run(const struct hr_scenario *scenario, const struct hr_load *load,
            const struct hr_run_options *options, struct hr_run_result *out)
{
    uint32_t n_days = hr_run_day_steps(scenario);
    hr_assert(load->n_steps >= n_days && load->n_guests == scenario->guests->n_running);
    hr_arena *arena = hr_arena_new((size_t)1 << 18);
    struct hr_notes notes = {0};
    struct hr_world *w = hr_world_new(arena, scenario, load, options, &notes);
    *out = (struct hr_run_result){
        .seed = scenario->seed,
        .replication = options->replication,
        .n_guests = w->t->n,
        .n_hosts = w->n_hosts,
        .guests = g_new0(struct hr_guest_result, w->t->n),
        .hosts = g_new0(struct hr_host_result, w->n_hosts),
        .failure_t_us = -1,
    };
    start(w);
    if (scenario->spare_hosts > 0 && hr_run_steps(scenario) <= load->n_steps) {
        uint32_t worst_step = hr_load_worst_hour_step(load, NULL, n_days);
        run_until(w, (int64_t)worst_step * load->step_us);
        if (!w->hopeless) {
            run_failure_branch(w, out);
            w->hopeless = options->stop_when_hopeless && out->hopeless;
        }
    }
    run_until(w, (int64_t)n_days * load->step_us);
    hr_record_phase(w, out);
    hand_over_notes(&notes, out);
    hr_arena_free(arena);
}

uint32_t hr_run_first_refused(const struct hr_scenario *scenario, const struct hr_load *load,
                              int n_hosts, int lowest_priority, double *short_mib)
{
    hr_arena *arena = hr_arena_new((size_t)1 << 16);
    struct hr_run_options options = {0};
    struct hr_notes notes = {0};
    struct hr_world *w = hr_world_new(arena, scenario, load, &options, &notes);
    uint32_t refused = UINT32_MAX;
    w->lowest_priority = lowest_priority;
    for (uint32_t h = (uint32_t)n_hosts; h < w->n_hosts; h++) {
        w->hosts[h].up = false;
    }
    hr_world_demand(w, 0);
    hr_place_all(w);
    for (uint32_t g = 0; g < w->t->n && refused == UINT32_MAX; g++) {
        if (w->refused[g]) {
            refused = g;
        }
    }
    if (refused != UINT32_MAX) {
        struct hr_start_spec spec = hr_start_spec_of(w->t, refused, HR_START_COLD);
        *short_mib = HUGE_VAL;
        for (uint32_t h = 0; h < (uint32_t)n_hosts; h++) {
            struct hr_host_view view = hr_host_view_of(w, h);
            double missing = 0.0;
            (void)w->policy->admit(&view, &spec, &missing);
            *short_mib = fmin(*short_mib, missing);
        }
    }
    g_free(notes.events);
    g_free(notes.series);
    hr_arena_free(arena);
    return refused;
}
