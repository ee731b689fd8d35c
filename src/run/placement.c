/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who runs where. The start balances: each guest, largest first within its priority, goes to
 * the host that is then least loaded in its scarcest resource; if somebody finds no room that
 * way, all are packed anew into the fullest host that still admits them, and stay so if more
 * find room. Restarts after a
 * failure balance too. */
#include <math.h>

#include "base/real.h"
#include "base/units.h"
#include "run/world.h"

#include "base/hot.h"

struct hr_start_spec hr_start_spec_of(const struct hr_guest_table *t, uint32_t g,
                                      enum hr_start_cause cause)
{
    const struct hr_guest_traits *traits = &t->traits[g];
    return (struct hr_start_spec){
        .size_mib = t->size_mib[g],
        .overhead_mib = hr_guest_overhead_mib(t, g, t->size_mib[g]),
        .reservation_mib = t->reservation_mib[g],
        .startup_mib = traits->startup_mib,
        .startup_overhead_mib = hr_guest_overhead_mib(t, g, traits->startup_mib),
        .minimum_mib = traits->minimum_mib,
        .minimum_overhead_mib = hr_guest_overhead_mib(t, g, traits->minimum_mib),
        .cause = cause,
    };
}

static const double WINDOWS_PREFERENCE = 0.25;

/* Load of a host in its scarcest resource with one guest more. */
static double load_with(const struct hr_world *w, uint32_t h, uint32_t g)
{
    const struct hr_host *host = &w->hosts[h];
    double mib = w->weight_mib[g];
    double mhz = w->weight_mhz[g];
    bool is_windows = w->t->traits[g].is_windows_server;
    double n_windows = 0.0;
    for (uint32_t i = 0; i < host->n; i++) {
        mib += w->weight_mib[host->ids[i]];
        mhz += w->weight_mhz[host->ids[i]];
        n_windows += is_windows && w->t->traits[host->ids[i]].is_windows_server;
    }
    double load =
        hr_max(mib / (host->physical_mib - host->hypervisor_mib), mhz / host->capacity_mhz);
    /* Between hosts that are much alike, Windows guests go where fewer are: Windows Server
     * Standard is licensed by the most that a host may ever hold. */
    return load + WINDOWS_PREFERENCE * n_windows / w->t->n;
}

/* Would the guest bring the host's configured memory above the cluster's limit? Guests count
 * from their admission on, those that still wait for memory too. */
bool hr_exceeds_limit(const struct hr_world *w, uint32_t h, uint32_t g)
{
    double limit = w->scenario->cluster.overcommit_limit;
    if (limit <= 0.0) {
        return false;
    }
    double configured = w->t->size_mib[g];
    for (uint32_t i = 0; i < w->t->n; i++) {
        configured += w->t->host[i] == h && i != g ? w->t->size_mib[i] : 0.0;
    }
    return configured > limit * w->hosts[h].physical_mib * (1.0 + 1e-12);
}

/* pack: the fullest host that admits it, else the least loaded. most_starting: 0 no limit. */
static uint32_t choose_host(struct hr_world *w, uint32_t g, bool pack, uint32_t most_starting)
{
    enum hr_start_cause cause = w->lost_host[g] ? HR_START_FAILOVER : HR_START_COLD;
    struct hr_start_spec spec = hr_start_spec_of(w->t, g, cause);
    uint32_t pinned = (uint32_t)w->scenario->guests->items[g].host;
    uint32_t chosen = HR_NO_HOST;
    double best = 0.0;
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        bool elsewhere = pinned > 0 && pinned != h + 1 && cause == HR_START_COLD;
        if (!w->hosts[h].up || elsewhere ||
            (most_starting > 0 && w->hosts[h].n_starting >= most_starting)) {
            continue;
        }
        struct hr_host_view view = hr_host_view_of(w, h);
        double short_mib = 0.0;
        if (w->policy->admit(&view, &spec, &short_mib) != HR_ADMIT_OK ||
            hr_exceeds_limit(w, h, g)) {
            continue;
        }
        double load = load_with(w, h, g);
        if (chosen == HR_NO_HOST || (pack ? load > best : load < best)) {
            chosen = h;
            best = load;
        }
    }
    return chosen;
}

/* Priority, then size, then number: a total order. */
static bool goes_before(const struct hr_guest_table *t, uint32_t a, uint32_t b)
{
    if (t->traits[a].priority != t->traits[b].priority) {
        return t->traits[a].priority < t->traits[b].priority;
    }
    if (t->size_mib[a] < t->size_mib[b] || t->size_mib[a] > t->size_mib[b]) {
        return t->size_mib[a] > t->size_mib[b];
    }
    return a < b;
}

/* Powered on by an event of its own, during the run. */
static bool starts_later(const struct hr_world *w, uint32_t g)
{
    return w->scenario->start == HR_SCENARIO_BOOT ||
           w->scenario->guests->items[g].start_s > 0.0;
}

/* Fills order with the guests that are to be placed; the size alone decides when packing, so
 * that large guests find room first. Returns: how many. */
static uint32_t starting_order(struct hr_world *w, uint32_t *order, bool by_size)
{
    uint32_t n = 0;
    for (uint32_t g = 0; g < w->t->n; g++) {
        if (w->t->traits[g].priority > w->lowest_priority || starts_later(w, g)) {
            continue;
        }
        uint32_t at = n++;
        while (at > 0 && (by_size ? w->t->size_mib[g] > w->t->size_mib[order[at - 1]]
                                  : goes_before(w->t, g, order[at - 1]))) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = g;
    }
    return n;
}

/* Returns: guests that found no room. */
static uint32_t place_once(struct hr_world *w, const uint32_t *order, uint32_t n, bool pack)
{
    uint32_t n_refused = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t g = order[i];
        uint32_t h = choose_host(w, g, pack, 0);
        w->refused[g] = h == HR_NO_HOST;
        if (h == HR_NO_HOST) {
            n_refused++;
            w->t->power[g] = HR_GUEST_DOWN;
            w->t->since_us[g] = w->now_us;
            continue;
        }
        struct hr_start_spec spec = hr_start_spec_of(w->t, g, HR_START_COLD);
        w->t->assigned_mib[g] = w->policy->start_mib(&spec);
        w->t->power[g] = HR_GUEST_RUNNING;
        w->t->since_us[g] = -HR_US_PER_DAY; /* long ago: tools run */
        hr_world_host_add(w, h, g);
        hr_pages_refresh(w, h);
    }
    return n_refused;
}

static void clear_hosts(struct hr_world *w)
{
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        w->hosts[h].n = 0;
        w->hosts[h].result.guests_max = 0;
        w->hosts[h].result.windows_guests_max = 0;
    }
    for (uint32_t g = 0; g < w->t->n; g++) {
        hr_guest_reset(w->t, g);
        w->t->host[g] = HR_NO_HOST;
    }
}

void hr_place_all(struct hr_world *w)
{
    uint32_t *order = hr_arena_array(w->arena, uint32_t, w->t->n);
    uint32_t n = starting_order(w, order, false);
    uint32_t n_refused = place_once(w, order, n, false);
    if (n_refused > 0) {
        clear_hosts(w);
        n = starting_order(w, order, true);
        if (place_once(w, order, n, true) >= n_refused) {
            /* Packing helped nobody, such as a guest larger than every host. */
            clear_hosts(w);
            n = starting_order(w, order, false);
            (void)place_once(w, order, n, false);
        }
    }
    for (uint32_t g = 0; g < w->t->n; g++) {
        w->first_host[g] = w->t->host[g];
        if (w->refused[g]) {
            hr_world_note(w, HR_NOTED_REFUSED, UINT32_MAX, g);
        }
    }
}

uint32_t hr_place_one(struct hr_world *w, uint32_t g, uint32_t most_starting)
{
    return choose_host(w, g, false, most_starting);
}

/* A restart in place that found less room than it starts with has the rest on disk. */
static void page_the_rest(struct hr_world *w, uint32_t h, uint32_t g)
{
    struct hr_guest_table *t = w->t;
    double startup = t->assigned_mib[g] + hr_guest_overhead_mib(t, g, t->assigned_mib[g]);
    double rest = hr_min(startup - w->start_need_mib[g], t->assigned_mib[g]);
    if (w->policy->backs_on_touch || rest <= 0.01) {
        return;
    }
    t->swap_cold_mib[g] = rest;
    w->smart_max_mib[g] = hr_max(w->smart_max_mib[g], rest);
    hr_world_note(w, HR_NOTED_SMART_PAGING, h, g);
}

void hr_guest_begin(struct hr_world *w, uint32_t g)
{
    struct hr_start_spec spec =
        hr_start_spec_of(w->t, g, (enum hr_start_cause)w->start_cause[g]);
    uint32_t h = w->t->host[g];
    hr_record_down(w, g);
    hr_guest_reset(w->t, g);
    w->t->assigned_mib[g] = w->policy->start_mib(&spec);
    w->t->power[g] = HR_GUEST_BOOTING;
    w->t->since_us[g] = w->now_us;
    w->n_boots[g]++;
    w->decision[g] = (struct hr_guest_decision){.alloc_scale = 1.0, .throttle = 1.0};
    w->flow[g] = (struct hr_flow){0};
    page_the_rest(w, h, g);
    hr_world_host_add(w, h, g);
    struct hr_event done = {.t_us = w->now_us + hr_s_to_us(w->t->traits[g].boot_s),
                            .subject = g,
                            .kind = HR_EVENT_BOOT_DONE};
    (void)hr_queue_push(w->queue, &done);
}

/* The first in starting order of those that wait on the host and have not been looked at. */
static uint32_t next_waiting(const struct hr_world *w, uint32_t h, uint32_t after)
{
    uint32_t next = HR_NO_HOST;
    for (uint32_t g = 0; g < w->t->n; g++) {
        bool waits = w->t->power[g] == HR_GUEST_WAITING && w->t->host[g] == h;
        bool comes = after == HR_NO_HOST || goes_before(w->t, after, g);
        if (waits && comes && (next == HR_NO_HOST || goes_before(w->t, g, next))) {
            next = g;
        }
    }
    return next;
}

void hr_guests_begin_waiting(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    for (uint32_t g = next_waiting(w, h, HR_NO_HOST); g != HR_NO_HOST;
         g = next_waiting(w, h, g)) {
        double needs = w->start_need_mib[g];
        struct hr_host_view view = hr_host_view_of(w, h);
        /* Who needs nothing at once does not wait for a host that has run out of memory until
         * it is looked at again: nobody counts who waits and needs nothing. */
        if (needs <= 0.0 || hr_host_free_mib(&view) + host->starting_mib >= needs - 1e-6) {
            host->starting_mib = hr_max(0.0, host->starting_mib - needs);
            hr_guest_begin(w, g);
            hr_pages_refresh(w, h);
        }
    }
}

void hr_guest_wait(struct hr_world *w, uint32_t h, uint32_t g, enum hr_start_cause cause)
{
    struct hr_host *host = &w->hosts[h];
    struct hr_start_spec spec = hr_start_spec_of(w->t, g, cause);
    hr_host_advance(w, h, w->now_us);
    struct hr_host_view view = hr_host_view_of(w, h);
    w->start_cause[g] = (uint8_t)cause;
    w->start_need_mib[g] = w->policy->needs_now_mib(&view, &spec);
    w->t->host[g] = h;
    w->t->power[g] = HR_GUEST_WAITING;
    if (cause == HR_START_COLD) {
        w->t->since_us[g] = w->now_us; /* nobody missed it before */
    }
    host->n_starting++;
    host->starting_mib += w->start_need_mib[g];
    hr_guests_begin_waiting(w, h);
    hr_cpu_solve(w, h);
    hr_host_solve(w, h);
}

void hr_place_down(struct hr_world *w)
{
    uint32_t most_starting = (uint32_t)w->platform->ha_parallel_starts;
    uint32_t *order = hr_arena_array(w->arena, uint32_t, w->t->n);
    uint32_t n = starting_order(w, order, false);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t g = order[i];
        if (w->t->power[g] != HR_GUEST_DOWN || !w->lost_host[g]) {
            continue;
        }
        uint32_t h = choose_host(w, g, false, most_starting);
        if (h == HR_NO_HOST) {
            continue;
        }
        hr_guest_wait(w, h, g, HR_START_FAILOVER);
    }
}
