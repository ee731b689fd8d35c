/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/world.h"

#include <math.h>
#include <string.h>

#include <glib.h>

#include "base/error.h"
#include "base/units.h"

static double given_or(double value, double otherwise)
{
    return value >= 0.0 ? value : otherwise;
}

static void set_traits(const struct hr_world *w, const struct hr_scenario_guest *guest,
                       struct hr_guest_traits *traits)
{
    const struct hr_memory_rules *rules = &w->rules;
    const struct hr_os *os = guest->os;
    const struct hr_role *role = guest->role;
    bool dynamic = w->policy->moves_memory && guest->dynamic.enabled;
    double size = guest->size_mib;
    *traits = (struct hr_guest_traits){
        .boot_zeroes_memory = os->boot_zeroes_memory,
        .boot_s = os->boot_touch_s,
        .churn_s = os->churn_s,
        .zero_free_frac = os->zero_free_frac,
        .zero_used_frac = os->zero_used_frac,
        .common_mib = os->common_mib,
        .role_common_mib = role->common_mib,
        .common_used_frac = os->common_used_frac,
        .dup_frac = os->dup_multiplicity > 1.0 ? os->dup_frac : 0.0,
        .dup_saving_frac =
            os->dup_multiplicity > 1.0
                ? os->dup_frac * (os->dup_multiplicity - 1.0) / os->dup_multiplicity
                : 0.0,
        .paging_cluster = os->paging_cluster,
        .is_windows_server = os->family == HR_OS_WINDOWS && os->is_server,
        .working_set_s = role->working_set_s,
        .overlap = role->overlap,
        .cache_reads_iops = role->cache_reads_iops * size / 8192.0,
        .dirty_share = role->dirty_share,
        .notices_added_memory = role->notices_added_memory,
        .priority = (int)guest->priority,
        .startup_mib = dynamic ? guest->dynamic.startup_mib : size,
        .minimum_mib = !dynamic             ? size
                       : rules->has_minimum ? guest->dynamic.minimum_mib
                                            : guest->dynamic.startup_mib,
        .maximum_mib = dynamic ? guest->dynamic.maximum_mib : size,
        .buffer_frac =
            dynamic ? given_or(guest->dynamic.buffer_pct / 100.0, rules->buffer_frac) : 0.0,
        .weight = given_or(guest->dynamic.weight, rules->weight),
    };
    if (w->policy->backs_on_touch) { /* such a guest sees its size, and a balloon in it */
        traits->startup_mib = traits->maximum_mib = size;
        traits->minimum_mib = fmin(traits->minimum_mib, size);
    }
}

/* Guests of one image, and of those the guests of one role, get the number of their first. */
static void number_images(const struct hr_guests *guests, struct hr_guest_traits *traits)
{
    for (uint32_t g = 0; g < guests->n_running; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        uint32_t image = g;
        uint32_t role = g;
        for (uint32_t i = 0; i < g; i++) {
            const struct hr_scenario_guest *other = &guests->items[i];
            bool same = guest->image_key != 0 || other->image_key != 0
                            ? guest->image_key == other->image_key
                            : guest->os == other->os;
            if (same && image == g) {
                image = i;
            }
            if (same && guest->role == other->role) {
                role = i;
                break;
            }
        }
        traits[g].image = image;
        traits[g].role = role;
    }
}

/* The overhead as a function of what is assigned: flat up to a size, then a straight line. A
 * guest whose memory does not move needs one value of it only. */
static void set_overhead(struct hr_world *w, uint32_t g, const struct hr_scenario_guest *guest)
{
    const struct hr_platform *platform = w->platform;
    const struct hr_overhead *o = &platform->overhead;
    if (!w->policy->moves_memory) {
        double at_size = hr_platform_overhead_mib(platform, guest->size_mib, guest->vcpus);
        w->t->overhead_base_mib[g] = w->t->overhead_least_mib[g] = at_size;
        return;
    }
    double first_mib = o->first_mib > 0.0 ? o->first_mib : 1024.0;
    double flat = o->fixed_mib + o->per_vcpu_mib * (guest->vcpus - 1);
    w->t->overhead_least_mib[g] = flat;
    w->t->overhead_base_mib[g] = flat - o->per_gib_above_first_mib * first_mib / 1024.0;
    w->t->overhead_slope[g] = o->size_frac + o->per_gib_above_first_mib / 1024.0;
}

static void set_guests(struct hr_world *w)
{
    const struct hr_guests *guests = w->scenario->guests;
    uint32_t n = guests->n_running;
    struct hr_guest_traits *traits = hr_arena_array(w->arena, struct hr_guest_traits, n);
    for (uint32_t g = 0; g < n; g++) {
        set_traits(w, &guests->items[g], &traits[g]);
    }
    number_images(guests, traits);
    w->t = hr_guest_table_new(w->arena, traits, n);
    w->t->backs_on_touch = w->policy->backs_on_touch;
    for (uint32_t g = 0; g < n; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        w->t->size_mib[g] = guest->size_mib;
        w->t->vcpus[g] = guest->vcpus;
        w->t->limit_mib[g] = guest->memory_limit_mib;
        /* An export may hold both; a host could not keep the greater of them. */
        w->t->reservation_mib[g] = fmin(guest->memory_reservation_mib, guest->memory_limit_mib);
        w->t->shares[g] = guest->shares;
        set_overhead(w, g, guest);
    }
}

static void set_hosts(struct hr_world *w)
{
    const struct hr_cluster_spec *cluster = &w->scenario->cluster;
    const struct hr_server *server = cluster->server;
    const struct hr_platform *platform = w->platform;
    w->n_hosts = (uint32_t)cluster->n_hosts;
    w->hosts = hr_arena_array(w->arena, struct hr_host, w->n_hosts);
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        struct hr_host *host = &w->hosts[h];
        double physical = hr_cluster_host_mib(cluster, h);
        host->physical_mib = physical;
        host->hypervisor_mib = hr_platform_hypervisor_mib(platform, physical);
        host->capacity_mhz = hr_platform_capacity_mhz(platform, server);
        host->n_cores = hr_server_cores(server);
        if (cluster->hosts != NULL && cluster->hosts[h].cores > 0) {
            host->capacity_mhz *= (double)cluster->hosts[h].cores / host->n_cores;
            host->n_cores = cluster->hosts[h].cores;
        }
        host->min_free_mib = w->policy->min_free_mib != NULL
                                 ? w->policy->min_free_mib(platform->params, physical)
                                 : 0.0;
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
    int n_disks = w->scenario->cluster.n_disks;
    int n_spare = storage->kind == HR_STORAGE_LOCAL
                      ? storage->spare_disks * w->scenario->cluster.n_hosts
                      : storage->spare_disks * hr_storage_arrays(storage, n_disks);
    int data_disks = MAX(1, n_disks - n_spare);
    w->pool_iops = storage->iops_per_disk * data_disks;
    w->pool_servers = data_disks;
    w->pool_latency_s = storage->latency_ms / 1000.0;
    w->pool_mirror_s = (1.0 - storage->read_frac) * storage->round_trip_ms / 1000.0;
    w->latency_s = w->pool_latency_s;
}

void hr_world_lose_disks(struct hr_world *w)
{
    const struct hr_storage *storage = w->scenario->cluster.storage;
    if (storage->kind == HR_STORAGE_ARRAY) {
        return;
    }
    int n_up = 0;
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        n_up += w->hosts[h].up ? 1 : 0;
    }
    hr_assert(w->n_hosts > 0);
    w->pool_servers = MAX(1, w->pool_servers * n_up / (int)w->n_hosts);
    w->pool_iops = storage->iops_per_disk * w->pool_servers;
}

static void take_guest_arrays(struct hr_world *w)
{
    uint32_t n = w->t->n;
    w->pages = hr_arena_array(w->arena, struct hr_pages, n);
    w->flow = hr_arena_array(w->arena, struct hr_flow, n);
    w->decision = hr_arena_array(w->arena, struct hr_guest_decision, n);
    w->sharers = hr_arena_array(w->arena, struct hr_sharers, n);
    w->cpu_wait = hr_arena_array(w->arena, double, n);
    w->weight_mib = hr_arena_array(w->arena, double, n);
    w->weight_mhz = hr_arena_array(w->arena, double, n);
    w->refused = hr_arena_array(w->arena, bool, n);
    w->killed = hr_arena_array(w->arena, bool, n);
    w->lost_host = hr_arena_array(w->arena, bool, n);
    w->start_cause = hr_arena_array(w->arena, uint8_t, n);
    w->start_need_mib = hr_arena_array(w->arena, double, n);
    w->n_boots = hr_arena_array(w->arena, uint32_t, n);
    w->smart_max_mib = hr_arena_array(w->arena, double, n);
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
        if (!w->policy->moves_memory && !w->policy->backs_on_touch) {
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
    w->policy = scenario->platform->memory;
    if (w->policy->rules != NULL) {
        w->policy->rules(scenario->platform->params, &w->rules);
    }
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
    memcpy(w->sharers, world->sharers, sizeof *w->sharers * n);
    memcpy(w->cpu_wait, world->cpu_wait, sizeof *w->cpu_wait * n);
    memcpy(w->weight_mib, world->weight_mib, sizeof *w->weight_mib * n);
    memcpy(w->weight_mhz, world->weight_mhz, sizeof *w->weight_mhz * n);
    memcpy(w->refused, world->refused, sizeof *w->refused * n);
    memcpy(w->killed, world->killed, sizeof *w->killed * n);
    memcpy(w->start_cause, world->start_cause, sizeof *w->start_cause * n);
    memcpy(w->start_need_mib, world->start_need_mib, sizeof *w->start_need_mib * n);
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

/* How many guests of each image and role stand on the host: what page sharing between guests
 * depends on. */
static void count_images(struct hr_world *w, const struct hr_host *host)
{
    if (w->rules.sharing != HR_SHARING_INTER_GUEST) {
        return;
    }
    const struct hr_guest_traits *traits = w->t->traits;
    for (uint32_t i = 0; i < host->n; i++) {
        struct hr_sharers n = {0};
        for (uint32_t j = 0; j < host->n; j++) {
            n.n_same_image += traits[host->ids[j]].image == traits[host->ids[i]].image;
            n.n_same_role += traits[host->ids[j]].role == traits[host->ids[i]].role;
        }
        w->sharers[host->ids[i]] = n;
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
