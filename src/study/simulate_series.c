/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every counter of every host and guest at each demand step, as a table. */
#include <string.h>

#include "base/units.h"
#include "inventory/own.h"
#include "study/simulate.h"

/* Quoted where a comma, a quote or a line end would break the row; guarded where a spreadsheet
 * would run it as a formula. */
static char *cell_of(const char *text)
{
    const char *guard = hr_own_is_guarded(text) ? "'" : "";
    if (strpbrk(text, ",;\"\r\n") == NULL) {
        return g_strconcat(guard, text, NULL);
    }
    g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
    g_autofree char *doubled = g_strjoinv("\"\"", parts);
    return g_strconcat("\"", guard, doubled, "\"", NULL);
}

/* What does not change from row to row; the texts are the table's. */
struct table {
    const struct hr_simulated *simulated;
    char *platform;
    char *name;
    char **hosts;
    char **guests;
    FILE *out;
};

static void table_init(struct table *t, const struct hr_simulated *s, FILE *out)
{
    const struct hr_cluster_spec *cluster = &s->scenario.cluster;
    const struct hr_guests *guests = s->scenario.guests;
    *t = (struct table){.simulated = s,
                        .platform = cell_of(s->scenario.platform->id),
                        .name = cell_of(hr_scenario_name(&s->scenario)),
                        .hosts = g_new0(char *, (gsize)cluster->n_hosts + 1),
                        .guests = g_new0(char *, (gsize)guests->n_running + 1),
                        .out = out};
    for (uint32_t h = 0; h < (uint32_t)cluster->n_hosts; h++) {
        char buf[16];
        t->hosts[h] = cell_of(hr_cluster_host_name(cluster, h, buf, sizeof buf));
    }
    for (uint32_t g = 0; g < guests->n_running; g++) {
        t->guests[g] = cell_of(guests->items[g].name);
    }
}

static void table_clear(struct table *t)
{
    g_free(t->platform);
    g_free(t->name);
    g_strfreev(t->hosts);
    g_strfreev(t->guests);
}

static void print_start(const struct table *t, uint32_t phase, int64_t t_us, const char *kind)
{
    fprintf(t->out, "%s,%s,%s,%.10g,%s", t->platform, t->name,
            hr_phase_name((enum hr_phase)phase), hr_us_to_s(t_us), kind);
}

static void print_parts(const struct table *t, const double *mib)
{
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        fprintf(t->out, ",%.3f", mib[part]);
    }
}

static void print_host(const struct table *t, const struct hr_host_sample *sample)
{
    print_start(t, sample->phase, sample->t_us, "host");
    fprintf(t->out, ",%s,%s,%s", t->hosts[sample->host], t->hosts[sample->host],
            hr_host_state_name(sample->state));
    print_parts(t, sample->mib);
    fprintf(t->out, ",,,%.3f,%.3f,%.3f,%u\n", sample->cpu_mhz, sample->free_mib,
            sample->overhead_mib, sample->n_guests);
}

static void print_guest(const struct table *t, const struct hr_guest_sample *sample)
{
    bool is_on = sample->host != UINT32_MAX;
    print_start(t, sample->phase, sample->t_us, "guest");
    fprintf(t->out, ",%s,%s,%s", t->guests[sample->guest], is_on ? t->hosts[sample->host] : "",
            is_on ? "on" : "off");
    print_parts(t, sample->mib);
    fprintf(t->out, ",%.6f,%.6f,%.3f,,,\n", sample->pressure, sample->slowdown,
            sample->cpu_mhz);
}

/* Hosts and guests of one moment stand together, and the phases one after the other. */
static void print_phase(const struct table *t, uint32_t phase)
{
    const struct hr_run_result *run = &t->simulated->runs[0];
    uint64_t n_moments = run->n_host_samples / run->n_hosts;
    for (uint64_t i = 0; i < n_moments; i++) {
        const struct hr_host_sample *hosts = &run->host_samples[i * run->n_hosts];
        if (hosts->phase != phase) {
            continue;
        }
        for (uint32_t h = 0; h < run->n_hosts; h++) {
            print_host(t, &hosts[h]);
        }
        for (uint32_t g = 0; g < run->n_guests; g++) {
            print_guest(t, &run->guest_samples[i * run->n_guests + g]);
        }
    }
}

void hr_simulate_write_series(const struct hr_simulate_result *result, FILE *out)
{
    fputs("platform,name,phase,t_s,kind,item,host,state", out);
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        fprintf(out, ",%s_mib", hr_memory_part_name((enum hr_memory_part)part));
    }
    fputs(",pressure,slowdown,cpu_mhz,free_mib,overhead_mib,guests\n", out);
    for (uint32_t p = 0; p < result->n_platforms; p++) {
        struct table table;
        table_init(&table, &result->platforms[p], out);
        for (uint32_t phase = 0; phase < HR_PHASE__COUNT; phase++) {
            print_phase(&table, phase);
        }
        table_clear(&table);
    }
}
