/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario written out whole: what the database keeps so that it can be run again. */
#include <string.h>

#include "scenario/scenario.h"

/* A double-quoted YAML scalar. */
static void append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            g_string_append_c(out, '\\');
            g_string_append_c(out, *p);
        } else if ((unsigned char)*p < 0x20) {
            g_string_append_printf(out, "\\x%02x", (unsigned)*p);
        } else {
            g_string_append_c(out, *p);
        }
    }
    g_string_append_c(out, '"');
}

static void append_number(GString *out, const char *key, double value)
{
    char buf[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, ", %s: %s", key,
                           g_ascii_formatd(buf, sizeof buf, "%.10g", value));
}

static void append_known(GString *out, const char *key, double value)
{
    if (value >= 0.0) {
        append_number(out, key, value);
    }
}

static void append_guest(GString *out, const struct hr_scenario_guest *guest)
{
    static const char *const priorities[HR_PRIORITY__COUNT] = {[HR_PRIORITY_HIGH] = "high",
                                                               [HR_PRIORITY_MEDIUM] = "medium",
                                                               [HR_PRIORITY_LOW] = "low"};
    g_string_append(out, "  - {name: ");
    append_quoted(out, guest->name);
    g_string_append_printf(out,
                           ", key: \"%016" G_GINT64_MODIFIER "x\", os: %s, role: %s, vcpus: %d",
                           guest->key, guest->os->id, guest->role->id, guest->vcpus);
    append_number(out, "memory_mib", guest->size_mib);
    append_number(out, "memory_reservation_mib", guest->memory_reservation_mib);
    append_number(out, "memory_limit_mib", guest->memory_limit_mib);
    append_number(out, "memory_shares", guest->shares);
    g_string_append_printf(out, ", priority: %s, dynamic_memory: %s",
                           priorities[guest->priority], guest->dynamic.enabled ? "yes" : "no");
    append_number(out, "memory_startup_mib", guest->dynamic.startup_mib);
    append_number(out, "memory_min_mib", guest->dynamic.minimum_mib);
    append_number(out, "memory_max_mib", guest->dynamic.maximum_mib);
    append_known(out, "memory_buffer_pct", guest->dynamic.buffer_pct);
    append_known(out, "memory_weight", guest->dynamic.weight);
    append_known(out, "cpu_mhz_avg", guest->cpu_mhz_avg);
    append_known(out, "cpu_mhz_p95", guest->cpu_mhz_p95);
    append_known(out, "memory_active_mib", guest->memory_active_mib);
    append_known(out, "memory_consumed_mib", guest->memory_consumed_mib);
    append_known(out, "iops", guest->iops);
    append_number(out, "disk_gib", guest->disk_gib);
    g_string_append(out, "}\n");
}

char *hr_scenario_to_yaml(const struct hr_scenario *s)
{
    GString *out = g_string_new("# A scenario of headroom, as it was simulated.\n");
    const struct hr_cluster_spec *cluster = &s->cluster;
    g_string_append_printf(out,
                           "platform: %s\ncluster: {server: %s, hosts: %d, dimm_gib: %d, "
                           "dimms: %d, storage: %s, disks: %d}\n",
                           s->platform->id, cluster->server->id, cluster->n_hosts,
                           cluster->memory.dimm_gib, cluster->memory.n_dimms,
                           cluster->storage->id, cluster->n_disks);
    g_string_append_printf(out, "run: {spare_hosts: %d, seed: %" G_GUINT64_FORMAT,
                           s->spare_hosts, s->seed);
    append_number(out, "days", s->days);
    append_number(out, "step_s", s->step_s);
    append_number(out, "failure_tail_h", s->failure_tail_h);
    append_number(out, "vcpu_mhz", s->guests->vcpu_mhz);
    g_string_append(out, "}\nservice_level: {");
    GString *level = g_string_new(NULL);
    append_number(level, "slowdown_p95_frac", s->service_level.slowdown_p95_frac);
    append_number(level, "restart_within_s", s->service_level.restart_within_s);
    g_string_append(out, level->str + strlen(", "));
    g_string_free(level, TRUE);
    g_string_append(out, "}\nguests:\n");
    for (uint32_t g = 0; g < s->guests->n_running; g++) {
        append_guest(out, &s->guests->items[g]);
    }
    return g_string_free(out, FALSE);
}
