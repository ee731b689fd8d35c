/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counters of a simulated scenario as tables for people. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/units.h"
#include "cli/simulate_output.h"
#include "study/counters.h"

/* Columns are counted in characters, not in bytes; at least one blank follows. */
static void print_padded(const char *text, int width, FILE *out)
{
    int length = (int)g_utf8_strlen(text, -1);
    fprintf(out, "%s%*s", text, MAX(1, width - length), "");
}

static const char *plural(uint32_t n)
{
    return n == 1 ? "" : "s";
}

static void print_hardware(const struct hr_cluster_spec *cluster, FILE *out)
{
    fprintf(out, "%d x %s", cluster->n_hosts, cluster->server->name);
    if (cluster->hosts == NULL) {
        fprintf(out, ", %.2f GiB each", hr_mib_to_gib(hr_cluster_physical_mib(cluster)));
        return;
    }
    for (uint32_t h = 0; h < (uint32_t)cluster->n_hosts; h++) {
        fprintf(out, "%s%.2f", h == 0 ? ", " : " + ",
                hr_mib_to_gib(hr_cluster_host_mib(cluster, h)));
    }
    fputs(" GiB", out);
}

static void print_head(const struct hr_simulated *s, FILE *out)
{
    const struct hr_scenario *scenario = &s->scenario;
    const char *name = hr_scenario_name(scenario);
    if (strcmp(name, scenario->platform->id) != 0) {
        fprintf(out, "%s: ", name);
    }
    fprintf(out, "%s (%s): ", scenario->platform->name,
            hr_platform_policy_name(scenario->platform));
    print_hardware(&scenario->cluster, out);
    fprintf(out, "; overcommit ratio %.2f\n", s->overcommit_ratio);
    fprintf(out, "%u guest%s for %.4g day%s from %s, %s%d time%s; service levels %s%s\n",
            scenario->guests->n_running, plural(scenario->guests->n_running), scenario->days,
            fabs(scenario->days - 1.0) < 1e-9 ? "" : "s",
            scenario->start == HR_SCENARIO_BOOT ? "their boot" : "a warm start",
            s->n_runs > 1 ? "the tables show the first of " : "", s->n_runs,
            plural((uint32_t)s->n_runs),
            s->broken == NULL ? "kept" : "broken: ", s->broken == NULL ? "" : s->broken);
}

static void print_floor(const struct hr_simulated *s, FILE *out)
{
    double needed_mib = 0.0;
    double short_mib = 0.0;
    if (hr_floor_rule_of(&s->scenario, &needed_mib, &short_mib)) {
        fprintf(out, "by the vendor's rule %.0f MiB are needed: %.0f MiB %s\n", needed_mib,
                fabs(short_mib), short_mib > 0.0 ? "short" : "to spare");
    }
}

/* ---- columns
 * ---------------------------------------------------------------------------------- */

/* The parts in the order of the tables. */
static const enum hr_memory_part columns[] = {
    HR_MEMORY_GRANTED, HR_MEMORY_CONSUMED,  HR_MEMORY_ACTIVE,     HR_MEMORY_SHARED,
    HR_MEMORY_SAVED,   HR_MEMORY_BALLOONED, HR_MEMORY_COMPRESSED, HR_MEMORY_SWAPPED,
    HR_MEMORY_TIERED,  HR_MEMORY_ASSIGNED,  HR_MEMORY_TARGET,     HR_MEMORY_DEMAND,
};

/* Widths of the columns of memory, so that whatever stands in them is aligned. */
struct widths {
    int name;
    int host;
    int part[HR_MEMORY__COUNT];
};

static int digits_of(double value)
{
    int n = 1;
    double rest = round(value);
    while (rest >= 10.0) {
        rest /= 10.0;
        n++;
    }
    return n;
}

static void widen(struct widths *w, const double *mib)
{
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        w->part[part] = MAX(w->part[part], digits_of(mib[part]));
    }
}

static int guest_columns(const struct hr_guests *guests)
{
    int n = 20;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        n = MAX(n, (int)g_utf8_strlen(guests->items[g].name, -1) + 2);
    }
    return MIN(n, 40);
}

static int host_columns(const struct hr_cluster_spec *cluster)
{
    int n = 7;
    for (uint32_t h = 0; h < (uint32_t)cluster->n_hosts; h++) {
        char buf[16];
        const char *name = hr_cluster_host_name(cluster, h, buf, sizeof buf);
        n = MAX(n, (int)g_utf8_strlen(name, -1) + 2);
    }
    return MIN(n, 24);
}

static void widths_of(const struct hr_simulated *s, const struct hr_run_result *run,
                      struct widths *out)
{
    *out = (struct widths){.name = guest_columns(s->scenario.guests),
                           .host = host_columns(&s->scenario.cluster)};
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        out->part[part] = (int)strlen(hr_memory_part_name((enum hr_memory_part)part));
    }
    for (uint32_t h = 0; h < run->n_hosts; h++) {
        widen(out, run->hosts[h].peak_mib);
    }
}

static void print_titles(const struct widths *w, FILE *out)
{
    for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
        fprintf(out, " %*s", w->part[columns[c]], hr_memory_part_name(columns[c]));
    }
}

static void print_parts(const struct widths *w, const double *mib, FILE *out)
{
    for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
        fprintf(out, " %*.0f", w->part[columns[c]], mib[columns[c]]);
    }
}

/* ---- hosts
 * ------------------------------------------------------------------------------------ */

static void print_hosts(const struct hr_simulated *s, const struct hr_run_result *run,
                        const struct widths *w, FILE *out)
{
    static const char *const whens[] = {"end", "peak"};
    fprintf(out, "\n  %-*swhen  state      free overhead", w->host, "host");
    print_titles(w, out);
    fputs("      cpu\n", out);
    for (uint32_t h = 0; h < run->n_hosts; h++) {
        const struct hr_host_result *host = &run->hosts[h];
        char buf[16];
        for (int peak = 0; peak < 2; peak++) {
            uint32_t state = peak ? host->state_worst : host->state_end;
            fputs("  ", out);
            print_padded(hr_cluster_host_name(&s->scenario.cluster, h, buf, sizeof buf),
                         w->host, out);
            fprintf(out, "%-5s %-5s %9.0f %8.0f", whens[peak], hr_host_state_name(state),
                    peak ? host->free_min_mib : host->free_end_mib, host->overhead_end_mib);
            print_parts(w, peak ? host->peak_mib : host->end_mib, out);
            fprintf(out, " %6.1f %%%s\n",
                    100.0 * (peak ? host->cpu_util_max : host->cpu_util_mean),
                    host->failed && !peak ? "  (the one that fails)" : "");
        }
    }
}

static void print_states(const struct hr_simulated *s, const struct hr_run_result *run,
                         const struct widths *w, FILE *out)
{
    struct hr_thresholds t;
    if (!hr_thresholds_of(s->scenario.platform, 1.0, &t)) {
        return;
    }
    fprintf(out, "\n  %-*sseconds in  high    clear     soft     hard      low   minFree MiB\n",
            w->host, "host");
    for (uint32_t h = 0; h < run->n_hosts; h++) {
        const struct hr_host_result *host = &run->hosts[h];
        char buf[16];
        fputs("  ", out);
        print_padded(hr_cluster_host_name(&s->scenario.cluster, h, buf, sizeof buf), w->host,
                     out);
        fputs("      ", out);
        for (size_t state = 0; state < G_N_ELEMENTS(host->state_s); state++) {
            fprintf(out, " %*.0f", state == 0 ? 9 : 8, host->state_s[state]);
        }
        fprintf(out, " %13.0f\n", host->min_free_mib);
    }
}

/* ---- guests
 * ----------------------------------------------------------------------------------- */

/* What the columns cannot say. */
static void print_marks(const struct hr_guest_result *guest, bool runs, FILE *out)
{
    if (!runs && !guest->killed && !guest->refused) {
        fputs("  off", out);
    }
    if (guest->killed) {
        fputs("  ended by its host for want of memory", out);
    }
    if (guest->refused) {
        fputs("  found no room when it was to start again", out);
    }
    if (guest->smart_paged_max_mib > 0.0) {
        fprintf(out, "  smart paging, %.0f MiB", guest->smart_paged_max_mib);
    }
}

static void print_guest_end(const struct hr_simulated *s, const struct hr_run_result *run,
                            const struct widths *w, uint32_t g, FILE *out)
{
    const struct hr_guest_result *guest = &run->guests[g];
    const struct hr_guest_phase *phase = &guest->phase[HR_PHASE_NORMAL];
    const struct hr_guest_memory *memory = &run->memory[HR_PHASE_NORMAL][g];
    char buf[16];
    if (guest->host == UINT32_MAX) {
        if (guest->refused) {
            g_autofree char *reason =
                hr_refusal_text(&s->scenario, &s->scenario.guests->items[g]);
            fprintf(out, "refused: %s\n", reason);
        } else {
            fputs("not started\n", out);
        }
        return;
    }
    print_padded(hr_cluster_host_name(&s->scenario.cluster, guest->host, buf, sizeof buf),
                 w->host, out);
    print_parts(w, memory->end_mib, out);
    fprintf(out, " %8.2f %6.1f %% %6.1f %%", memory->pressure_end, phase->slowdown_mean * 100.0,
            phase->slowdown_p95 * 100.0);
    print_marks(guest, memory->runs_at_end, out);
    fputc('\n', out);
}

static void print_guest_peak(const struct hr_run_result *run, const struct widths *w,
                             uint32_t g, FILE *out)
{
    const struct hr_guest_memory *memory = &run->memory[HR_PHASE_NORMAL][g];
    fprintf(out, "%-*u", w->host, run->guests[g].n_boots);
    print_parts(w, memory->peak_mib, out);
    fprintf(out, " %8.2f %6.1f %%\n", memory->pressure_peak,
            run->guests[g].phase[HR_PHASE_NORMAL].slowdown_max * 100.0);
}

static void print_guests(const struct hr_simulated *s, const struct hr_run_result *run,
                         const struct widths *w, FILE *out)
{
    const struct hr_guests *guests = s->scenario.guests;
    if (run->n_guests == 0) {
        fputs("\n  no guests\n", out);
        return;
    }
    fprintf(out, "\n  %-*s%-*s", w->name, "guest, at the end", w->host, "on");
    print_titles(w, out);
    fputs(" pressure slowdown      p95\n", out);
    for (uint32_t g = 0; g < run->n_guests; g++) {
        fputs("  ", out);
        print_padded(guests->items[g].name, w->name, out);
        print_guest_end(s, run, w, g, out);
    }
    fprintf(out, "\n  %-*s%-*s", w->name, "guest, at the peak", w->host, "boots");
    print_titles(w, out);
    fputs(" pressure slowdown\n", out);
    for (uint32_t g = 0; g < run->n_guests; g++) {
        if (run->guests[g].host == UINT32_MAX) {
            continue;
        }
        fputs("  ", out);
        print_padded(guests->items[g].name, w->name, out);
        print_guest_peak(run, w, g, out);
    }
}

static void print_failure(const struct hr_simulated *s, const struct hr_run_result *run,
                          FILE *out)
{
    if (run->failure_t_us < 0) {
        return;
    }
    fprintf(
        out,
        "\n  host failure after %.1f h: %u guest%s on the hosts that fail, %u not restarted; "
        "slowdown p95 of the worst guest %.1f %%\n",
        hr_us_to_s(run->failure_t_us) / 3600.0, run->n_lost_host, plural(run->n_lost_host),
        run->n_not_restarted, run->slowdown_p95_worst[HR_PHASE_FAILURE] * 100.0);
    for (uint32_t g = 0; g < run->n_guests; g++) {
        const struct hr_guest_result *guest = &run->guests[g];
        if (guest->lost_host) {
            fputs("  ", out);
            print_padded(s->scenario.guests->items[g].name, guest_columns(s->scenario.guests),
                         out);
            if (guest->restarted) {
                fprintf(out, "back after %.0f s\n", guest->restart_s);
            } else {
                fputs("stays down\n", out);
            }
        }
    }
}

void hr_simulate_print_text(const struct hr_simulate_result *result, FILE *out)
{
    for (uint32_t p = 0; p < result->n_platforms; p++) {
        const struct hr_simulated *s = &result->platforms[p];
        if (p > 0) {
            fputc('\n', out);
        }
        const struct hr_run_result *run = &s->runs[0];
        struct widths widths;
        widths_of(s, run, &widths);
        print_head(s, out);
        print_floor(s, out);
        print_hosts(s, run, &widths, out);
        print_states(s, run, &widths, out);
        print_guests(s, run, &widths, out);
        print_failure(s, run, out);
    }
}
