/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the runs of a cluster say of its service levels. */
#include <math.h>

#include "study/search.h"

/* The cause that adds most to a guest's slowdown. */
static enum hr_cause main_cause(const struct hr_guest_phase *phase)
{
    int main = 0;
    for (int c = 1; c < HR_CAUSE__COUNT; c++) {
        if (phase->cause_mean[c] > phase->cause_mean[main]) {
            main = c;
        }
    }
    return (enum hr_cause)main;
}

static char *slowdown_text(const struct hr_guests *guests, double level,
                           const struct hr_run_result *run, enum hr_phase phase, double p95)
{
    uint32_t g = run->worst_guest[phase];
    const struct hr_guest_phase *guest = &run->guests[g].phase[phase];
    const char *when =
        phase == HR_PHASE_NORMAL ? "in normal operation" : "in the day after the host failure";
    if (run->hopeless) {
        return g_strdup_printf(
            "slowdown: %s over %.1f %% for more than a twentieth of the time %s "
            "(%s)",
            guests->items[g].name, level * 100.0, when, hr_cause_name(main_cause(guest)));
    }
    return g_strdup_printf("slowdown: p95 of %s %.1f %% over %.1f %% %s (%s)",
                           guests->items[g].name, p95 * 100.0, level * 100.0, when,
                           hr_cause_name(main_cause(guest)));
}

static const char *first_refused(const struct hr_guests *guests,
                                 const struct hr_run_result *run)
{
    for (uint32_t g = 0; g < run->n_guests; g++) {
        if (run->guests[g].refused) {
            return guests->items[g].name;
        }
    }
    return "";
}

/* Guests of priority high and medium that came back too late or not at all. */
static char *restart_text(const struct hr_guests *guests, double within_s,
                          const struct hr_run_result *run)
{
    uint32_t n_late = 0;
    uint32_t n_never = 0;
    const char *example = "";
    for (uint32_t g = 0; g < run->n_guests; g++) {
        const struct hr_guest_result *guest = &run->guests[g];
        if (!guest->lost_host || guest->restart_s <= within_s ||
            guests->items[g].priority == HR_PRIORITY_LOW) {
            continue;
        }
        example = n_late == 0 ? guests->items[g].name : example;
        n_late++;
        n_never += !guest->restarted;
    }
    if (n_never > 0) {
        return g_strdup_printf("host failure: %u %s not restart for lack of memory (%s …)",
                               n_never, n_never == 1 ? "guest does" : "guests do", example);
    }
    return g_strdup_printf("host failure: %u %s back later than %.0f minutes (%s …)", n_late,
                           n_late == 1 ? "guest is" : "guests are", within_s / 60.0, example);
}

char *hr_broken_level(const struct hr_guests *guests, const struct hr_service_level *level,
                      const struct hr_run_result *runs, int n)
{
    for (int r = 0; r < n; r++) {
        if (runs[r].n_refused > 0) {
            return g_strdup_printf("memory: %u %s no room at power-on (%s …)",
                                   runs[r].n_refused,
                                   runs[r].n_refused == 1 ? "guest finds" : "guests find",
                                   first_refused(guests, &runs[r]));
        }
        if (runs[r].restart_max_s > level->restart_within_s) {
            return restart_text(guests, level->restart_within_s, &runs[r]);
        }
    }
    for (int phase = 0; phase < HR_PHASE__COUNT; phase++) {
        double mean = 0.0;
        int worst = 0;
        for (int r = 0; r < n; r++) {
            mean += runs[r].slowdown_p95_worst[phase] / n;
            if (runs[r].slowdown_p95_worst[phase] > runs[worst].slowdown_p95_worst[phase]) {
                worst = r;
            }
        }
        if (mean > level->slowdown_p95_frac) {
            return slowdown_text(guests, level->slowdown_p95_frac, &runs[worst],
                                 (enum hr_phase)phase, mean);
        }
    }
    return NULL;
}

enum hr_cause hr_slowdown_cause(const struct hr_service_level *service_level,
                                const struct hr_run_result *runs, int n)
{
    double level = service_level->slowdown_p95_frac;
    enum hr_cause cause = HR_CAUSE__COUNT;
    for (int r = 0; r < n; r++) {
        int phase = runs[r].slowdown_p95_worst[HR_PHASE_NORMAL] > level ? HR_PHASE_NORMAL
                                                                        : HR_PHASE_FAILURE;
        const struct hr_guest_result *guest = &runs[r].guests[runs[r].worst_guest[phase]];
        enum hr_cause main = main_cause(&guest->phase[phase]);
        if (runs[r].n_refused > 0 || runs[r].restart_max_s > service_level->restart_within_s) {
            return HR_CAUSE__COUNT; /* something else broke first */
        }
        if (runs[r].slowdown_p95_worst[phase] <= level || (r > 0 && main != cause)) {
            return HR_CAUSE__COUNT;
        }
        cause = main;
    }
    return cause;
}

bool hr_clearly_breaks(const struct hr_service_level *level, const struct hr_run_result *run)
{
    double most = level->slowdown_p95_frac * 1.25;
    return run->hopeless || run->n_refused > 0 ||
           run->restart_max_s > level->restart_within_s ||
           run->slowdown_p95_worst[HR_PHASE_NORMAL] > most ||
           run->slowdown_p95_worst[HR_PHASE_FAILURE] > most;
}
