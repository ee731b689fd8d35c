/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario written out whole: what the database keeps so that it can be run again. */
#include <string.h>

#include "base/text.h"
#include "scenario/reading.h"

/* What YAML does not take as it is - control characters, line and paragraph ends, byte order
 * marks - is escaped. */
void hr_yaml_append_quoted(GString *out, const char *text)
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

static void append_digits(GString *out, double value)
{
    char buf[G_ASCII_DTOSTR_BUF_SIZE];
    double again = 0.0;
    (void)g_ascii_formatd(buf, sizeof buf, "%.10g", value);
    if (!hr_parse_double(buf, &again) || again < value || again > value) {
        (void)g_ascii_dtostr(buf, sizeof buf, value);
    }
    g_string_append(out, buf);
}

void hr_yaml_append_number(GString *out, const char *key, double value)
{
    g_string_append_printf(out, ", %s: ", key);
    append_digits(out, value);
}

void hr_yaml_append_node(GString *out, const hr_node *node)
{
    bool is_map = hr_node_kind(node) == HR_NODE_MAP;
    if (hr_node_kind(node) == HR_NODE_SCALAR) {
        hr_yaml_append_quoted(out, hr_node_text(node));
        return;
    }
    g_string_append_c(out, is_map ? '{' : '[');
    for (size_t i = 0; i < hr_node_length(node); i++) {
        g_string_append(out, i > 0 ? ", " : "");
        if (is_map) {
            g_string_append_printf(out, "%s: ", hr_node_key_at(node, i));
        }
        hr_yaml_append_node(out, hr_node_at(node, i));
    }
    g_string_append_c(out, is_map ? '}' : ']');
}

static void append_site(GString *out, const struct hr_scenario_guest *guest)
{
    if (guest->site_key != hr_hash_text(HR_HASH_START, "")) {
        g_string_append_printf(out, ", site_key: \"%016" G_GINT64_MODIFIER "x\"",
                               guest->site_key);
    }
}

/* What differs from the step before; the first step says all. */
static void append_step(GString *out, const struct hr_demand_step *step,
                        const struct hr_demand_step *before)
{
    const struct {
        const char *key;
        double now, then;
    } values[] = {{"commit_mib", step->commit_mib, before != NULL ? before->commit_mib : 0.0},
                  {"cache_mib", step->cache_mib, before != NULL ? before->cache_mib : 0.0},
                  {"active_mib", step->active_mib, before != NULL ? before->active_mib : 0.0},
                  {"cpu_mhz", step->cpu_mhz, before != NULL ? before->cpu_mhz : 0.0},
                  {"iops", step->iops, before != NULL ? before->iops : 0.0}};
    g_string_append(out, "{at_s: ");
    append_digits(out, step->at_s);
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        if (before == NULL || values[i].now < values[i].then ||
            values[i].now > values[i].then) {
            hr_yaml_append_number(out, values[i].key, values[i].now);
        }
    }
    g_string_append(out, step->ramp ? ", ramp: yes}" : "}");
}

static void append_demand(GString *out, const struct hr_scenario_guest *guest)
{
    for (uint32_t i = 0; i < guest->n_demand; i++) {
        g_string_append(out, i == 0 ? ", demand: [" : ", ");
        append_step(out, &guest->demand[i], i == 0 ? NULL : &guest->demand[i - 1]);
    }
    if (guest->n_demand > 0) {
        g_string_append_c(out, ']');
    }
}

static void append_power(GString *out, const struct hr_scenario_guest *guest)
{
    if (guest->start_s > 0.0) {
        hr_yaml_append_number(out, "start_at_s", guest->start_s);
    }
    if (guest->stop_s > 0.0) {
        hr_yaml_append_number(out, "stop_at_s", guest->stop_s);
    }
    for (uint32_t i = 0; i < guest->n_restarts; i++) {
        g_string_append(out, i == 0 ? ", restart_at_s: [" : ", ");
        append_digits(out, guest->restarts_s[i]);
    }
    if (guest->n_restarts > 0) {
        g_string_append_c(out, ']');
    }
}

static void append_place(GString *out, const struct hr_scenario_guest *guest)
{
    if (guest->host > 0) {
        g_string_append_printf(out, ", host: %d", guest->host);
    }
    if (guest->image_key != 0) {
        g_string_append_printf(out, ", image_key: \"%016" G_GINT64_MODIFIER "x\"",
                               guest->image_key);
    }
}

static void append_known(GString *out, const char *key, double value)
{
    if (value >= 0.0) {
        hr_yaml_append_number(out, key, value);
    }
}

static void append_guest(GString *out, const struct hr_scenario_guest *guest)
{
    static const char *const priorities[HR_PRIORITY__COUNT] = {[HR_PRIORITY_HIGH] = "high",
                                                               [HR_PRIORITY_MEDIUM] = "medium",
                                                               [HR_PRIORITY_LOW] = "low"};
    g_string_append(out, "  - {name: ");
    hr_yaml_append_quoted(out, guest->name);
    g_string_append_printf(out,
                           ", key: \"%016" G_GINT64_MODIFIER "x\", os: %s, role: %s, vcpus: %d",
                           guest->key, guest->os->id, guest->role->id, guest->vcpus);
    append_site(out, guest);
    hr_yaml_append_number(out, "memory_mib", guest->size_mib);
    append_known(out, "memory_reservation_mib",
                 guest->memory_reservation_mib > 0.0 ? guest->memory_reservation_mib
                                                     : HR_UNKNOWN);
    append_known(out, "memory_limit_mib",
                 guest->memory_limit_mib < guest->size_mib ? guest->memory_limit_mib
                                                           : HR_UNKNOWN);
    hr_yaml_append_number(out, "memory_shares", guest->shares);
    g_string_append_printf(out, ", priority: %s, dynamic_memory: %s",
                           priorities[guest->priority], guest->dynamic.enabled ? "yes" : "no");
    hr_yaml_append_number(out, "memory_startup_mib", guest->dynamic.startup_mib);
    hr_yaml_append_number(out, "memory_min_mib", guest->dynamic.minimum_mib);
    hr_yaml_append_number(out, "memory_max_mib", guest->dynamic.maximum_mib);
    append_known(out, "memory_buffer_pct", guest->dynamic.buffer_pct);
    append_known(out, "memory_weight", guest->dynamic.weight);
    append_known(out, "cpu_mhz_avg", guest->cpu_mhz_avg);
    append_known(out, "cpu_mhz_p95", guest->cpu_mhz_p95);
    append_known(out, "memory_active_mib", guest->memory_active_mib);
    append_known(out, "memory_consumed_mib", guest->memory_consumed_mib);
    append_known(out, "iops", guest->iops);
    hr_yaml_append_number(out, "disk_gib", guest->disk_gib);
    append_power(out, guest);
    append_place(out, guest);
    hr_contents_append(out, guest);
    append_demand(out, guest);
    g_string_append(out, "}\n");
}

static void append_hosts(GString *out, const struct hr_cluster_spec *cluster)
{
    if (cluster->hosts == NULL) {
        g_string_append_printf(out, "%d", cluster->n_hosts);
        return;
    }
    for (int h = 0; h < cluster->n_hosts; h++) {
        const struct hr_host_spec *host = &cluster->hosts[h];
        g_string_append(out, h == 0 ? "[{memory_mib: " : ", {memory_mib: ");
        append_digits(out, host->memory_mib);
        if (host->cores > 0) {
            g_string_append_printf(out, ", cores: %d", host->cores);
        }
        if (host->name != NULL) {
            g_string_append(out, ", name: ");
            hr_yaml_append_quoted(out, host->name);
        }
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_storage(GString *out, const struct hr_cluster_spec *cluster)
{
    const struct hr_storage *storage = cluster->storage;
    if (*storage->id != '\0') {
        g_string_append_printf(out, ", storage: %s", storage->id);
        if (cluster->n_disks > 0) {
            g_string_append_printf(out, ", disks: %d", cluster->n_disks);
        }
        return;
    }
    g_string_append(out, ", storage: {iops: ");
    append_digits(out, cluster->storage_iops);
    hr_yaml_append_number(out, "latency_ms", storage->latency_ms);
    hr_yaml_append_number(out, "swap_mibps", storage->swap_mibps);
    hr_yaml_append_number(out, "read_frac", storage->read_frac);
    hr_yaml_append_number(out, "raid_write_penalty", storage->raid_write_penalty);
    g_string_append_c(out, '}');
}

static void append_cluster(GString *out, const struct hr_cluster_spec *cluster)
{
    const struct hr_server *server = cluster->server;
    g_string_append(out, "cluster: {hosts: ");
    append_hosts(out, cluster);
    if (*server->id != '\0') {
        g_string_append_printf(out, ", server: %s", server->id);
    } else { /* described by hand */
        g_string_append_printf(out, ", cores: %d, threads_per_core: %d",
                               hr_server_cores(server), server->threads_per_core);
        hr_yaml_append_number(out, "mhz", server->mhz);
        hr_yaml_append_number(out, "perf_factor", server->perf_factor);
    }
    if (cluster->hosts == NULL && cluster->memory_mib > 0.0) {
        hr_yaml_append_number(out, "memory_mib", cluster->memory_mib);
    } else if (cluster->hosts == NULL) {
        g_string_append_printf(out, ", dimm_gib: %d, dimms: %d", cluster->memory.dimm_gib,
                               cluster->memory.n_dimms);
    }
    append_storage(out, cluster);
    if (cluster->overcommit_limit > 0.0) {
        hr_yaml_append_number(out, "overcommit_limit", cluster->overcommit_limit);
    }
    g_string_append(out, "}\n");
}

static void append_platform(GString *out, const struct hr_scenario *s)
{
    bool is_renamed = strcmp(hr_scenario_name(s), s->platform->id) != 0;
    if (!is_renamed && s->settings == NULL) {
        g_string_append_printf(out, "platform: %s\n", s->platform->id);
        return;
    }
    g_string_append_printf(out, "platform: {platform: %s", s->platform->id);
    if (is_renamed) {
        g_string_append(out, ", name: ");
        hr_yaml_append_quoted(out, s->name);
    }
    if (s->settings != NULL) {
        g_string_append_printf(out, ", settings: %s", s->settings);
    }
    g_string_append(out, "}\n");
}

char *hr_scenario_to_yaml(const struct hr_scenario *s)
{
    GString *out = g_string_new("# A scenario of headroom, as it was simulated.\n");
    append_platform(out, s);
    append_cluster(out, &s->cluster);
    g_string_append_printf(out, "run: {spare_hosts: %d, seed: %" G_GUINT64_FORMAT,
                           s->spare_hosts, s->seed);
    if (s->start != HR_SCENARIO_WARM) {
        g_string_append_printf(out, ", start: %s", hr_scenario_start_names[s->start]);
    }
    hr_yaml_append_number(out, "days", s->days);
    hr_yaml_append_number(out, "step_s", s->step_s);
    hr_yaml_append_number(out, "failure_tail_h", s->failure_tail_h);
    hr_yaml_append_number(out, "vcpu_mhz", s->guests->vcpu_mhz);
    if (s->demand_factor > 1.0) {
        hr_yaml_append_number(out, "demand_factor", s->demand_factor);
    }
    g_string_append(out, "}\nservice_level: {");
    GString *level = g_string_new(NULL);
    hr_yaml_append_number(level, "slowdown_p95_frac", s->service_level.slowdown_p95_frac);
    hr_yaml_append_number(level, "restart_within_s", s->service_level.restart_within_s);
    g_string_append(out, level->str + strlen(", "));
    g_string_free(level, TRUE);
    g_string_append(out, s->guests->n_running > 0 ? "}\nguests:\n" : "}\nguests: []\n");
    for (uint32_t g = 0; g < s->guests->n_running; g++) {
        append_guest(out, &s->guests->items[g]);
    }
    return g_string_free(out, FALSE);
}
