/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario written out whole: what the database keeps so that it can be run again. */
#include <string.h>

#include "base/text.h"
#include "scenario/scenario.h"

/* A double-quoted YAML scalar. What YAML does not take as it is - control characters, line and
 * paragraph ends, byte order marks - is escaped. */
static void append_quoted(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_string_append_c(out, '"');
    for (const char *p = valid; *p != '\0'; p += g_utf8_skip[(unsigned char)*p]) {
        gunichar c = g_utf8_get_char(p);
        bool plain = (c >= 0x20 && c < 0x7f) || (c > 0xa0 && c != 0x2028 && c != 0x2029 &&
                                                 c != 0xfeff && c != 0xfffe && c != 0xffff);
        if (c == '"' || c == '\\') {
            g_string_append_c(out, '\\');
        }
        if (plain) {
            g_string_append_unichar(out, c);
        } else {
            g_string_append_printf(out, "\\u%04x", c);
        }
    }
    g_string_append_c(out, '"');
}

/* In as few digits as read back to the same number. */
static void append_number(GString *out, const char *key, double value)
{
    char buf[G_ASCII_DTOSTR_BUF_SIZE];
    double again = 0.0;
    (void)g_ascii_formatd(buf, sizeof buf, "%.10g", value);
    if (!hr_parse_double(buf, &again) || again < value || again > value) {
        (void)g_ascii_dtostr(buf, sizeof buf, value);
    }
    g_string_append_printf(out, ", %s: %s", key, buf);
}

static void append_site(GString *out, const struct hr_scenario_guest *guest)
{
    if (guest->site_key != hr_hash_text(HR_HASH_START, "")) {
        g_string_append_printf(out, ", site_key: \"%016" G_GINT64_MODIFIER "x\"",
                               guest->site_key);
    }
}

static void append_demand(GString *out, const struct hr_scenario_guest *guest)
{
    for (uint32_t i = 0; i < guest->n_demand; i++) {
        const struct hr_demand_step *step = &guest->demand[i];
        GString *numbers = g_string_new(NULL);
        append_number(numbers, "at_s", step->at_s);
        append_number(numbers, "commit_mib", step->commit_mib);
        append_number(numbers, "cache_mib", step->cache_mib);
        append_number(numbers, "active_mib", step->active_mib);
        append_number(numbers, "cpu_mhz", step->cpu_mhz);
        append_number(numbers, "iops", step->iops);
        g_string_append_printf(out, "%s{%s}", i == 0 ? ", demand: [" : ", ",
                               numbers->str + strlen(", "));
        g_string_free(numbers, TRUE);
    }
    if (guest->n_demand > 0) {
        g_string_append_c(out, ']');
    }
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
    append_site(out, guest);
    append_number(out, "memory_mib", guest->size_mib);
    append_known(out, "memory_reservation_mib",
                 guest->memory_reservation_mib > 0.0 ? guest->memory_reservation_mib
                                                     : HR_UNKNOWN);
    append_known(out, "memory_limit_mib",
                 guest->memory_limit_mib < guest->size_mib ? guest->memory_limit_mib
                                                           : HR_UNKNOWN);
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
    append_demand(out, guest);
    g_string_append(out, "}\n");
}

static void append_cluster(GString *out, const struct hr_cluster_spec *cluster)
{
    const struct hr_server *server = cluster->server;
    g_string_append_printf(out, "cluster: {hosts: %d", cluster->n_hosts);
    if (*server->id != '\0') {
        g_string_append_printf(out, ", server: %s", server->id);
    } else { /* described by hand */
        g_string_append_printf(out, ", cores: %d, threads_per_core: %d",
                               hr_server_cores(server), server->threads_per_core);
        append_number(out, "mhz", server->mhz);
        append_number(out, "perf_factor", server->perf_factor);
    }
    if (cluster->memory_mib > 0.0) {
        append_number(out, "memory_mib", cluster->memory_mib);
    } else {
        g_string_append_printf(out, ", dimm_gib: %d, dimms: %d", cluster->memory.dimm_gib,
                               cluster->memory.n_dimms);
    }
    g_string_append_printf(out, ", storage: %s", cluster->storage->id);
    if (cluster->n_disks > 0) {
        g_string_append_printf(out, ", disks: %d", cluster->n_disks);
    }
    g_string_append(out, "}\n");
}

char *hr_scenario_to_yaml(const struct hr_scenario *s)
{
    GString *out = g_string_new("# A scenario of headroom, as it was simulated.\n");
    g_string_append_printf(out, "platform: %s\n", s->platform->id);
    append_cluster(out, &s->cluster);
    g_string_append_printf(out, "run: {spare_hosts: %d, seed: %" G_GUINT64_FORMAT,
                           s->spare_hosts, s->seed);
    append_number(out, "days", s->days);
    append_number(out, "step_s", s->step_s);
    append_number(out, "failure_tail_h", s->failure_tail_h);
    append_number(out, "vcpu_mhz", s->guests->vcpu_mhz);
    if (s->demand_factor > 1.0) {
        append_number(out, "demand_factor", s->demand_factor);
    }
    g_string_append(out, "}\nservice_level: {");
    GString *level = g_string_new(NULL);
    append_number(level, "slowdown_p95_frac", s->service_level.slowdown_p95_frac);
    append_number(level, "restart_within_s", s->service_level.restart_within_s);
    g_string_append(out, level->str + strlen(", "));
    g_string_free(level, TRUE);
    g_string_append(out, s->guests->n_running > 0 ? "}\nguests:\n" : "}\nguests: []\n");
    for (uint32_t g = 0; g < s->guests->n_running; g++) {
        append_guest(out, &s->guests->items[g]);
    }
    return g_string_free(out, FALSE);
}
