/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/simulate_output.h"

#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/units.h"
#include "study/save_runs.h"
#include "study/simulate_json.h"

void hr_simulate_print_json(const struct hr_simulate_result *result, FILE *out)
{
    json_t *document = hr_simulate_json(result);
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    (void)fputs(text, out);
    (void)fputc('\n', out);
    free(text);
    json_decref(document);
}

/* ---- text
 * ------------------------------------------------------------------------------------- */

/* Columns are counted in characters, not in bytes; at least one blank follows. */
static void print_padded(const char *text, int columns, FILE *out)
{
    int length = (int)g_utf8_strlen(text, -1);
    fprintf(out, "%s%*s", text, MAX(1, columns - length), "");
}

static const char *plural(uint32_t n)
{
    return n == 1 ? "" : "s";
}

static void print_head(const struct hr_simulated *s, FILE *out)
{
    const struct hr_scenario *scenario = &s->scenario;
    const struct hr_cluster_spec *cluster = &scenario->cluster;
    fprintf(out, "%s (%s): %d x %s, %.2f GiB each; overcommit ratio %.2f\n",
            scenario->platform->name, hr_platform_policy_name(scenario->platform),
            cluster->n_hosts, cluster->server->name,
            hr_mib_to_gib(hr_cluster_physical_mib(cluster)), s->overcommit_ratio);
    fprintf(out, "%u guest%s for %.4g day%s, %s%d time%s; service levels %s%s\n",
            scenario->guests->n_running, plural(scenario->guests->n_running), scenario->days,
            fabs(scenario->days - 1.0) < 1e-9 ? "" : "s",
            s->n_runs > 1 ? "the tables show the first of " : "", s->n_runs,
            plural((uint32_t)s->n_runs),
            s->broken == NULL ? "kept" : "broken: ", s->broken == NULL ? "" : s->broken);
}

static void print_hosts(const struct hr_run_result *run, FILE *out)
{
    fputs("\n  host      state  worst   free MiB end  min        cpu mean  max\n", out);
    for (uint32_t h = 0; h < run->n_hosts; h++) {
        const struct hr_host_result *host = &run->hosts[h];
        char name[16];
        hr_host_name(name, sizeof name, h);
        fprintf(out, "  %-9s %-6s %-6s %13.0f %9.0f %8.1f %% %5.1f %%%s\n", name,
                hr_host_state_name(host->state_end), hr_host_state_name(host->state_worst),
                host->free_end_mib, host->free_min_mib, host->cpu_util_mean * 100.0,
                host->cpu_util_max * 100.0, host->failed ? "  (the one that fails)" : "");
    }
}

static int name_columns(const struct hr_guests *guests)
{
    int columns = 7;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        columns = MAX(columns, (int)g_utf8_strlen(guests->items[g].name, -1) + 2);
    }
    return MIN(columns, 40);
}

static void print_guest(const struct hr_run_result *run, uint32_t g, FILE *out)
{
    const struct hr_guest_result *guest = &run->guests[g];
    const struct hr_guest_phase *phase = &guest->phase[HR_PHASE_NORMAL];
    const struct hr_guest_memory *memory = &run->memory[HR_PHASE_NORMAL][g];
    const double *mib = memory->end_mib;
    if (guest->refused) {
        fputs("refused: no host has room for it\n", out);
        return;
    }
    char host[16];
    hr_host_name(host, sizeof host, guest->host);
    fprintf(out, "%-7s %8.0f %8.0f %9.0f %9.0f %8.0f %8.0f %8.2f %6.1f %% %6.1f %%\n", host,
            mib[HR_MEMORY_GRANTED], mib[HR_MEMORY_CONSUMED], mib[HR_MEMORY_DEMAND],
            mib[HR_MEMORY_BALLOONED], mib[HR_MEMORY_SWAPPED], mib[HR_MEMORY_ASSIGNED],
            memory->pressure_end, phase->slowdown_mean * 100.0, phase->slowdown_p95 * 100.0);
}

static void print_guests(const struct hr_simulated *s, const struct hr_run_result *run,
                         FILE *out)
{
    const struct hr_guests *guests = s->scenario.guests;
    int columns = name_columns(guests);
    if (run->n_guests == 0) {
        fputs("\n  no guests\n", out);
        return;
    }
    fprintf(
        out,
        "\n  %-*srunning  granted consumed    demand ballooned  swapped assigned pressure "
        "slowdown      p95\n  %-*son           MiB      MiB       MiB       MiB      MiB      "
        "MiB              mean         \n",
        columns, "guest", columns, "");
    for (uint32_t g = 0; g < run->n_guests; g++) {
        fputs("  ", out);
        print_padded(guests->items[g].name, columns, out);
        print_guest(run, g, out);
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
            print_padded(s->scenario.guests->items[g].name, name_columns(s->scenario.guests),
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
        print_head(s, out);
        print_hosts(&s->runs[0], out);
        print_guests(s, &s->runs[0], out);
        print_failure(s, &s->runs[0], out);
    }
}
