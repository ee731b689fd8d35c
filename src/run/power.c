/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guests go on and off during a run, reboot where they run, and are ended by a host that has no
 * memory left. What a guest holds is freed when it goes; a reboot is admitted anew. */
#include "base/units.h"
#include "run/world.h"

static void schedule(struct hr_world *w, double at_s, uint32_t g, enum hr_event_kind kind)
{
    struct hr_event event = {.t_us = hr_s_to_us(at_s), .subject = g, .kind = kind};
    (void)hr_queue_push(w->queue, &event);
}

void hr_power_schedule(struct hr_world *w)
{
    bool boots = w->scenario->start == HR_SCENARIO_BOOT;
    for (uint32_t g = 0; g < w->t->n; g++) {
        const struct hr_scenario_guest *guest = &w->scenario->guests->items[g];
        if (boots || guest->start_s > 0.0) {
            schedule(w, guest->start_s, g, HR_EVENT_POWER_ON);
        }
        for (uint32_t i = 0; i < guest->n_restarts; i++) {
            schedule(w, guest->restarts_s[i], g, HR_EVENT_REBOOT);
        }
        if (guest->stop_s > 0.0) {
            schedule(w, guest->stop_s, g, HR_EVENT_POWER_OFF);
        }
    }
}

/* A guest that should run finds no room. */
static void stay_down(struct hr_world *w, uint32_t g)
{
    w->t->power[g] = HR_GUEST_DOWN;
    w->t->since_us[g] = w->now_us;
    w->refused[g] = true;
    hr_world_note(w, HR_NOTED_REFUSED, UINT32_MAX, g);
}

void hr_power_on(struct hr_world *w, uint32_t g)
{
    if (w->t->power[g] != HR_GUEST_OFF) {
        return;
    }
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        hr_host_advance(w, h, w->now_us); /* who has room is asked of the present */
    }
    uint32_t h = hr_place_one(w, g, 0);
    if (h == HR_NO_HOST) {
        stay_down(w, g);
        return;
    }
    w->first_host[g] = h;
    hr_guest_wait(w, h, g, HR_START_COLD);
}

/* Takes a guest off its host, with all it holds there. */
static void leave_host(struct hr_world *w, uint32_t g)
{
    uint32_t h = w->t->host[g];
    struct hr_host *host = &w->hosts[h];
    hr_host_advance(w, h, w->now_us);
    if (w->t->power[g] == HR_GUEST_WAITING) {
        host->n_starting--;
        host->starting_mib = host->starting_mib > w->start_need_mib[g]
                                 ? host->starting_mib - w->start_need_mib[g]
                                 : 0.0;
        w->t->host[g] = HR_NO_HOST;
        return;
    }
    if (w->t->power[g] == HR_GUEST_BOOTING) {
        host->n_starting--;
    }
    hr_world_host_remove(w, g);
    hr_guest_reset(w->t, g);
    hr_pages_refresh(w, h);
}

void hr_power_off(struct hr_world *w, uint32_t g)
{
    uint32_t h = w->t->host[g];
    hr_record_down(w, g);
    if (h != HR_NO_HOST) {
        leave_host(w, g);
    }
    w->t->power[g] = HR_GUEST_OFF;
    w->t->since_us[g] = w->now_us;
    if (h != HR_NO_HOST) {
        hr_cpu_solve(w, h);
        hr_host_solve(w, h);
    }
}

void hr_reboot(struct hr_world *w, uint32_t g)
{
    if (w->t->power[g] != HR_GUEST_RUNNING) {
        return;
    }
    uint32_t h = w->t->host[g];
    leave_host(w, g);
    struct hr_start_spec spec = hr_start_spec_of(w->t, g, HR_START_RESTART);
    struct hr_host_view view = hr_host_view_of(w, h);
    double short_mib = 0.0;
    w->t->since_us[g] = w->now_us;
    if (w->policy->admit(&view, &spec, &short_mib) != HR_ADMIT_OK) {
        stay_down(w, g);
        hr_cpu_solve(w, h);
        hr_host_solve(w, h);
        return;
    }
    hr_guest_wait(w, h, g, HR_START_RESTART);
}

/* Called while its host decides, so that nothing is solved here. */
void hr_kill(struct hr_world *w, uint32_t g)
{
    uint32_t h = w->t->host[g];
    leave_host(w, g);
    w->t->power[g] = HR_GUEST_DOWN;
    w->t->since_us[g] = w->now_us;
    w->killed[g] = true;
    hr_world_note(w, HR_NOTED_KILLED, h, g);
}
