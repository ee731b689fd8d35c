/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/world.h"

#include <math.h>
#include <string.h>

#include <glib.h>

#include "base/units.h"

static const char *policy_name(const struct hr_platform *platform)
{
    return hr_policy_kind_name(platform->policy);
}

static double given_or(double value, double otherwise)
{
    return value >= 0.0 ? value : otherwise;
}

static void set_traits(struct hr_guest_traits *traits, const struct hr_scenario_guest *guest,
                       const struct hr_platform *platform, uint32_t image)
{
    const struct hr_dynamic_params *params = &platform->dynamic;
    bool dynamic_platform = platform->policy == HR_POLICY_DYNAMIC;
    const struct hr_os *os = guest->os;
    const struct hr_role *role = guest->role;
    bool dynamic = dynamic_platform && guest->dynamic.enabled;
    double size = guest->size_mib;
    *traits = (struct hr_guest_traits){
        .boot_zeroes_memory = os->boot_zeroes_memory,
        .boot_s = os->boot_touch_s,
        .churn_s = os->churn_s,
        .zero_free_frac = os->zero_free_frac,
        .zero_used_frac = os->zero_used_frac,
        .common_mib = os->common_mib + role->common_mib,
        .common_used_frac = os->common_used_frac,
        .dup_saving_frac =
            os->dup_multiplicity > 1.0
                ? os->dup_frac * (os->dup_multiplicity - 1.0) / os->dup_multiplicity
                : 0.0,
        .paging_cluster = os->paging_cluster,
        .image = image,
        .is_windows_server = os->family == HR_OS_WINDOWS && os->is_server,
        .working_set_s = role->working_set_s,
        .overlap = role->overlap,
        .cache_reads_iops = role->cache_reads_iops * size / 8192.0,
        .dirty_share = role->dirty_share,
        .notices_added_memory = role->notices_added_memory,
        .priority = (int)guest->priority,
        .startup_mib = dynamic ? guest->dynamic.startup_mib : size,
        .minimum_mib = !dynamic              ? size
                       : params->has_minimum ? guest->dynamic.minimum_mib
                                             : guest->dynamic.startup_mib,
        .maximum_mib = dynamic ? guest->dynamic.maximum_mib : size,
        .buffer_frac =
            dynamic ? given_or(guest->dynamic.buffer_pct, params->buffer_pct) / 100.0 : 0.0,
        .weight = given_or(guest->dynamic.weight, params->weight),
    };
}

static uint32_t image_number(const struct hr_guests *guests, uint32_t g)
{
    for (uint32_t i = 0; i < g; i++) {
        if (guests->items[i].os == guests->items[g].os) {
            return i;
        }
    }
    return g;
}

static void set_guests(struct hr_world *w)
{
    const struct hr_guests *guests = w->scenario->guests;
    uint32_t n = guests->n_running;
    struct hr_guest_traits *traits = hr_arena_array(w->arena, struct hr_guest_traits, n);
    for (uint32_t g = 0; g < n; g++) {
        set_traits(&traits[g], &guests->items[g], w->platform, image_number(guests, g));
    }
    w->t = hr_guest_table_new(w->arena, traits, n);
    w->t->backs_on_touch = w->policy->backs_on_touch;
    const struct hr_overhead *overhead = &w->platform->overhead;
    for (uint32_t g = 0; g < n; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        w->t->size_mib[g] = guest->size_mib;
        w->t->vcpus[g] = guest->vcpus;
        w->t->reservation_mib[g] = guest->memory_reservation_mib;
        w->t->limit_mib[g] = guest->memory_limit_mib;
        w->t->shares[g] = guest->shares;
        double per_vcpu = overhead->per_vcpu_mib * (guest->vcpus - 1);
        w->t->overhead_base_mib[g] =
            overhead->fixed_mib + per_vcpu - overhead->per_gib_above_first_mib;
        w->t->overhead_least_mib[g] = overhead->fixed_mib + per_vcpu;
        w->t->overhead_slope[g] =
            overhead->size_frac + overhead->per_gib_above_first_mib / 1024.0;
    }
}

static void set_hosts(struct hr_world *w)
{
    const struct hr_cluster_spec *cluster = &w->scenario->cluster;
    const struct hr_server *server = cluster->server;
    const struct hr_platform *platform = w->platform;
    w->n_hosts = (uint32_t)cluster->n_hosts;
    w->hosts = hr_arena_array(w->arena, struct hr_host, w->n_hosts);
    double physical = hr_cluster_physical_mib(cluster);
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        struct hr_host *host = &w->hosts[h];
        host->physical_mib = physical;
        host->hypervisor_mib = hr_platform_hypervisor_mib(platform, physical);
        host->capacity_mhz = hr_platform_capacity_mhz(platform, server);
        host->n_cores = hr_server_cores(server);
        host->up = true;
        host->ids = hr_arena_array(w->arena, uint32_t, w->t->n);
        host->result.free_min_mib = physical;
        if (w->options->record_series) {
            host->series = hr_arena_array(w->arena, struct hr_series_sum, HR_SERIES__COUNT);
        }
    }
}

static void set_pool(struct hr_world *w)
{
    const struct hr_storage *storage = w->scenario->cluster.storage;
    int n_arrays =
        storage->disks_max > 0
            ? (w->scenario->cluster.n_disks + storage->disks_max - 1) / storage->disks_max
            : 1;
    int data_disks = MAX(1, w->scenario->cluster.n_disks - storage->spare_disks * n_arrays);
    w->pool_iops = storage->iops_per_disk * data_disks;
    w->pool_servers = data_disks;
    w->pool_latency_s = storage->latency_ms / 1000.0;
    w->latency_s = w->pool_latency_s;
}

static void take_guest_arrays(struct hr_world *w)
{
    uint32_t n = w->t->n;
    w->pages = hr_arena_array(w->arena, struct hr_pages, n);
    w->flow = hr_arena_array(w->arena, struct hr_flow, n);
    w->decision = hr_arena_array(w->arena, struct hr_guest_decision, n);
    w->n_same_image = hr_arena_array(w->arena, uint32_t, n);
    w->cpu_wait = hr_arena_array(w->arena, double, n);
    w->weight_mib = hr_arena_array(w->arena, double, n);
    w->weight_mhz = hr_arena_array(w->arena, double, n);
    w->refused = hr_arena_array(w->arena, bool, n);
    w->lost_host = hr_arena_array(w->arena, bool, n);
    w->restart_s = hr_arena_array(w->arena, double, n);
    w->first_host = hr_arena_array(w->arena, uint32_t, n);
    w->cause_wait = hr_arena_take(w->arena, sizeof *w->cause_wait * n);
    w->io = hr_arena_array(w->arena, struct hr_guest_io, n);
}

static void start_records(struct hr_world *w)
{
    w->records = hr_arena_array(w->arena, struct hr_guest_record, w->t->n);
    for (uint32_t g = 0; g < w->t->n; g++) {
        hr_histogram_init(&w->records[g].slowdown, w->arena, HR_HISTOGRAM_FRACTION);
    }
    if (w->options->record_memory) {
        w->memory = hr_arena_array(w->arena, struct hr_guest_memory, w->t->n);
    }
}

/* What placement expects of a guest: its mean demand over the days, sampled once an hour. */
static void set_weights(struct hr_world *w)
{
    uint32_t n_steps = hr_run_day_steps(w->scenario);
    uint32_t stride = (uint32_t)MAX(1, HR_US_PER_HOUR / w->load->step_us);
    uint32_t n_samples = 0;
    for (uint32_t s = 0; s < n_steps; s += stride) {
        const float *commit = hr_load_row(w->load, w->load->commit_mib, s);
        const float *cpu = hr_load_row(w->load, w->load->cpu_mhz, s);
        for (uint32_t g = 0; g < w->t->n; g++) {
            w->weight_mib[g] += (double)commit[g];
            w->weight_mhz[g] += (double)cpu[g];
        }
        n_samples++;
    }
    for (uint32_t g = 0; g < w->t->n; g++) {
        w->weight_mib[g] /= n_samples;
        w->weight_mhz[g] /= n_samples;
        if (w->platform->policy == HR_POLICY_STATIC) {
            w->weight_mib[g] = w->t->size_mib[g];
        }
    }
}

struct hr_world *hr_world_new(hr_arena *arena, const struct hr_scenario *scenario,
                              const struct hr_load *load, const struct hr_run_options *options,
                              struct hr_notes *notes)
{
    struct hr_world *w = hr_arena_array(arena, struct hr_world, 1);
    w->scenario = scenario;
    w->load = load;
    w->options = options;
    w->platform = scenario->platform;
    w->policy = hr_memory_policy_find(policy_name(scenario->platform));
    hr_assert(w->policy != NULL);
    w->arena = arena;
    w->notes = notes;
    w->queue = hr_queue_new(arena, 64);
    w->failure_us = -1;
    w->lowest_priority = HR_PRIORITY__COUNT - 1;
    w->where = (struct hr_where){.seed = scenario->seed, .replication = options->replication};
    set_guests(w);
    set_hosts(w);
    set_pool(w);
    take_guest_arrays(w);
    start_records(w);
    set_weights(w);
    return w;
}

static void *copy(hr_arena *arena, const void *from, size_t n_bytes)
{
    void *to = hr_arena_take(arena, n_bytes);
    memcpy(to, from, n_bytes);
    return to;
}

struct hr_world *hr_world_branch(const struct hr_world *world, hr_arena *arena,
                                 enum hr_phase phase)
{
    struct hr_world *w = copy(arena, world, sizeof *world);
    uint32_t n = world->t->n;
    w->arena = arena;
    w->phase = phase;
    w->phase_start_us = world->now_us;
    w->t = hr_guest_table_clone(world->t, arena);
    w->queue = hr_queue_clone(world->queue, arena);
    w->hosts = copy(arena, world->hosts, sizeof *world->hosts * world->n_hosts);
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        struct hr_host *host = &w->hosts[h];
        host->ids = copy(arena, world->hosts[h].ids, sizeof *host->ids * n);
        host->cpu_mhz_s = host->used_mib_s = host->up_s = 0.0;
        if (host->series != NULL) {
            host->series = hr_arena_array(arena, struct hr_series_sum, HR_SERIES__COUNT);
        }
    }
    take_guest_arrays(w);
    memcpy(w->pages, world->pages, sizeof *w->pages * n);
    memcpy(w->flow, world->flow, sizeof *w->flow * n);
    memcpy(w->decision, world->decision, sizeof *w->decision * n);
    memcpy(w->n_same_image, world->n_same_image, sizeof *w->n_same_image * n);
    memcpy(w->cpu_wait, world->cpu_wait, sizeof *w->cpu_wait * n);
    memcpy(w->weight_mib, world->weight_mib, sizeof *w->weight_mib * n);
    memcpy(w->weight_mhz, world->weight_mhz, sizeof *w->weight_mhz * n);
    memcpy(w->refused, world->refused, sizeof *w->refused * n);
    memcpy(w->first_host, world->first_host, sizeof *w->first_host * n);
    memcpy(w->cause_wait, world->cause_wait, sizeof *w->cause_wait * n);
    start_records(w);
    w->pool_load_s = 0.0;
    w->n_solves = 0;
    w->n_migrations = 0;
    w->n_samples = 0;
    return w;
}

void hr_world_note(struct hr_world *w, enum hr_event_code code, uint32_t host, uint32_t guest)
{
    struct hr_notes *notes = w->notes;
    if (notes->n_events == notes->most_events) {
        notes->most_events = MAX(64U, notes->most_events * 2);
        notes->events = g_renew(struct hr_noted_event, notes->events, notes->most_events);
    }
    notes->events[notes->n_events++] = (struct hr_noted_event){
        .phase = w->phase, .code = code, .t_us = w->now_us, .host = host, .guest = guest};
}

void hr_world_demand(struct hr_world *w, uint32_t step)
{
    const float *commit = hr_load_row(w->load, w->load->commit_mib, step);
    const float *cache = hr_load_row(w->load, w->load->cache_mib, step);
    const float *active = hr_load_row(w->load, w->load->active_mib, step);
    const float *cpu = hr_load_row(w->load, w->load->cpu_mhz, step);
    const float *iops = hr_load_row(w->load, w->load->iops, step);
    struct hr_guest_table *t = w->t;
    for (uint32_t g = 0; g < t->n; g++) {
        t->commit_mib[g] = (double)commit[g];
        t->cache_mib[g] = (double)cache[g];
        t->active_mib[g] = (double)active[g];
        t->cpu_mhz[g] = (double)cpu[g];
        t->iops[g] = (double)iops[g];
    }
    w->n_samples += t->n;
}

/* How many guests of each image stand on the host: what page sharing between guests depends on.
 */
static void count_images(struct hr_world *w, const struct hr_host *host)
{
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t n_same = 0;
        for (uint32_t j = 0; j < host->n; j++) {
            n_same += w->t->traits[host->ids[j]].image == w->t->traits[host->ids[i]].image;
        }
        w->n_same_image[host->ids[i]] = n_same;
    }
}

void hr_world_host_add(struct hr_world *w, uint32_t h, uint32_t g)
{
    struct hr_host *host = &w->hosts[h];
    /* In order of guest number, so that sums do not depend on the history of moves. */
    uint32_t at = host->n;
    while (at > 0 && host->ids[at - 1] > g) {
        host->ids[at] = host->ids[at - 1];
        at--;
    }
    host->ids[at] = g;
    host->n++;
    host->io_is_fresh = false;
    w->t->host[g] = h;
    count_images(w, host);
    uint32_t n_windows = 0;
    for (uint32_t i = 0; i < host->n; i++) {
        n_windows += w->t->traits[host->ids[i]].is_windows_server;
    }
    host->result.guests_max = MAX(host->result.guests_max, host->n);
    host->result.windows_guests_max = MAX(host->result.windows_guests_max, n_windows);
}

void hr_world_host_remove(struct hr_world *w, uint32_t g)
{
    struct hr_host *host = &w->hosts[w->t->host[g]];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < host->n; i++) {
        if (host->ids[i] != g) {
            host->ids[kept++] = host->ids[i];
        }
    }
    host->n = kept;
    w->t->host[g] = HR_NO_HOST;
    count_images(w, host);
}
