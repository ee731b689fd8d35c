/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run remembers: per guest and phase, per host and hour. */
#include <math.h>
#include <string.h>

#include <glib.h>

#include "base/real.h"
#include "base/units.h"
#include "run/world.h"

static const double SWAPPING_MIBPS = 1.0 / 256.0; /* one page a second */

/* Fills the parts of a guest's memory. Returns: its pressure. */
static double memory_of(const struct hr_world *w, uint32_t g, double *mib)
{
    const struct hr_guest_table *t = w->t;
    const struct hr_pages *pages = &w->pages[g];
    double usable = hr_max(0.0, hr_guest_usable_mib(t, g));
    mib[HR_MEMORY_GRANTED] = pages->resident;
    mib[HR_MEMORY_CONSUMED] = pages->consumed;
    mib[HR_MEMORY_DEMAND] = t->commit_mib[g];
    mib[HR_MEMORY_ACTIVE] = hr_min(t->active_mib[g], usable);
    mib[HR_MEMORY_SHARED] = pages->shared;
    mib[HR_MEMORY_SAVED] = pages->saved;
    mib[HR_MEMORY_BALLOONED] = t->ballooned_mib[g];
    mib[HR_MEMORY_COMPRESSED] = hr_guest_zipped_mib(t, g);
    mib[HR_MEMORY_SWAPPED] = hr_guest_swapped_mib(t, g);
    mib[HR_MEMORY_TIERED] = hr_guest_tiered_mib(t, g);
    mib[HR_MEMORY_ASSIGNED] = t->assigned_mib[g];
    mib[HR_MEMORY_TARGET] = w->decision[g].target_mib;
    return usable > 0.0 ? t->commit_mib[g] / usable : 0.0;
}

static void raise_peaks(const struct hr_world *w, uint32_t g)
{
    struct hr_guest_memory *memory = &w->memory[g];
    double mib[HR_MEMORY__COUNT];
    memory->pressure_peak = hr_max(memory->pressure_peak, memory_of(w, g, mib));
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        memory->peak_mib[part] = hr_max(memory->peak_mib[part], mib[part]);
    }
}

/* Sums over the guests of a host. */
static void host_memory_of(const struct hr_world *w, uint32_t h, double *mib)
{
    const struct hr_host *host = &w->hosts[h];
    memset(mib, 0, sizeof *mib * HR_MEMORY__COUNT);
    for (uint32_t i = 0; i < host->n; i++) {
        double one[HR_MEMORY__COUNT];
        (void)memory_of(w, host->ids[i], one);
        for (int part = 0; part < HR_MEMORY__COUNT; part++) {
            mib[part] += one[part];
        }
    }
}

static void raise_host_peaks(struct hr_world *w, uint32_t h)
{
    struct hr_host_result *result = &w->hosts[h].result;
    double mib[HR_MEMORY__COUNT];
    host_memory_of(w, h, mib);
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        result->peak_mib[part] = hr_max(result->peak_mib[part], mib[part]);
    }
}

void hr_record_peaks(struct hr_world *w, uint32_t h)
{
    if (w->memory != NULL) {
        raise_host_peaks(w, h);
    }
}

static void sample_guest(struct hr_world *w, uint32_t g)
{
    struct hr_notes *notes = w->notes;
    if (notes->n_guest_samples == notes->most_guest_samples) {
        notes->most_guest_samples = MAX(1024U, notes->most_guest_samples * 2);
        notes->guest_samples =
            g_renew(struct hr_guest_sample, notes->guest_samples, notes->most_guest_samples);
    }
    struct hr_guest_sample *sample = &notes->guest_samples[notes->n_guest_samples++];
    *sample = (struct hr_guest_sample){
        .t_us = w->now_us, .phase = w->phase, .guest = g, .host = UINT32_MAX};
    if (hr_guest_holds_memory(w->t, g)) {
        sample->host = w->t->host[g];
        sample->pressure = memory_of(w, g, sample->mib);
        sample->slowdown = 1.0 - w->t->progress[g];
        sample->cpu_mhz = w->t->cpu_mhz[g];
    }
}

static void sample_host(struct hr_world *w, uint32_t h)
{
    struct hr_notes *notes = w->notes;
    if (notes->n_host_samples == notes->most_host_samples) {
        notes->most_host_samples = MAX(64U, notes->most_host_samples * 2);
        notes->host_samples =
            g_renew(struct hr_host_sample, notes->host_samples, notes->most_host_samples);
    }
    const struct hr_host *host = &w->hosts[h];
    struct hr_host_view view = hr_host_view_of(w, h);
    struct hr_host_sample *sample = &notes->host_samples[notes->n_host_samples++];
    *sample = (struct hr_host_sample){.t_us = w->now_us,
                                      .phase = w->phase,
                                      .host = h,
                                      .state = (uint32_t)host->state,
                                      .n_guests = host->n,
                                      .free_mib = host->up ? host->free_mib : 0.0,
                                      .overhead_mib = hr_host_overhead_mib(&view),
                                      .cpu_mhz = host->cpu_mhz};
    host_memory_of(w, h, sample->mib);
}

void hr_record_samples(struct hr_world *w)
{
    if (!w->options->record_samples) {
        return;
    }
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        sample_host(w, h);
    }
    for (uint32_t g = 0; g < w->t->n; g++) {
        sample_guest(w, g);
    }
}

void hr_record_guest(struct hr_world *w, uint32_t g, double dt_s)
{
    struct hr_guest_record *r = &w->records[g];
    const struct hr_guest_table *t = w->t;
    if (w->memory != NULL) {
        raise_peaks(w, g);
    }
    if (t->power[g] != HR_GUEST_RUNNING) {
        /* Booting: nobody can work with it yet. Its first start is no outage. */
        r->down_s += w->start_cause[g] == HR_START_COLD ? 0.0 : dt_s;
        return;
    }
    double slowdown = 1.0 - t->progress[g];
    hr_histogram_add(&r->slowdown, slowdown, (uint64_t)(dt_s * 1e6));
    r->running_s += dt_s;
    r->slowdown_s += slowdown * dt_s;
    if (slowdown > w->scenario->service_level.slowdown_p95_frac) {
        r->above_level_s += dt_s;
    }
    if (t->wait[g] > 0.0) {
        for (int c = 0; c < HR_CAUSE__COUNT; c++) {
            r->cause_s[c] += slowdown * w->cause_wait[g][c] / t->wait[g] * dt_s;
        }
    }
    double swapped = hr_guest_swapped_mib(t, g);
    r->granted_mib_s += w->pages[g].consumed * dt_s;
    r->ballooned_mib_s += t->ballooned_mib[g] * dt_s;
    r->ballooned_max_mib = hr_max(r->ballooned_max_mib, t->ballooned_mib[g]);
    r->swapped_mib_s += swapped * dt_s;
    r->swapped_max_mib = hr_max(r->swapped_max_mib, swapped);
    r->compressed_mib_s += hr_guest_zipped_mib(t, g) * dt_s;
    if (t->commit_mib[g] > hr_guest_usable_mib(t, g) + 1.0) {
        r->paged_s += dt_s;
    }
    if (t->progress[g] * t->swap_hot_mib[g] / HR_ACTIVE_WINDOW_S > SWAPPING_MIBPS) {
        r->swapped_s += dt_s;
    }
}

void hr_record_down(struct hr_world *w, uint32_t g)
{
    if (w->t->power[g] == HR_GUEST_DOWN || w->t->power[g] == HR_GUEST_WAITING) {
        int64_t from_us = MAX(w->t->since_us[g], w->phase_start_us);
        w->records[g].down_s += hr_us_to_s(w->now_us - from_us);
    }
}

void hr_record_levels(const struct hr_world *w, uint32_t h, double *out)
{
    const struct hr_host *host = &w->hosts[h];
    const struct hr_guest_table *t = w->t;
    memset(out, 0, sizeof *out * HR_SERIES__COUNT);
    if (!host->up) {
        return;
    }
    double held = 0.0;
    double overhead = 0.0;
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        double consumed = w->pages[g].consumed;
        double zipped = hr_guest_zipped_mib(t, g);
        double active = hr_min(t->active_mib[g], consumed - zipped / 2.0);
        held += consumed;
        overhead += hr_guest_overhead_mib(t, g, t->assigned_mib[g]);
        out[HR_SERIES_ACTIVE_MIB] += active;
        out[HR_SERIES_IDLE_MIB] += consumed - zipped / 2.0 - active;
        out[HR_SERIES_SHARED_MIB] += w->pages[g].saved;
        out[HR_SERIES_BALLOONED_MIB] += t->ballooned_mib[g];
        out[HR_SERIES_COMPRESSED_MIB] += zipped / 2.0;
        out[HR_SERIES_SWAPPED_MIB] += hr_guest_swapped_mib(t, g);
        out[HR_SERIES_DEMAND_MIB] += t->commit_mib[g];
        out[HR_SERIES_CONFIGURED_MIB] += t->size_mib[g];
    }
    out[HR_SERIES_HYPERVISOR_MIB] = host->hypervisor_mib + overhead;
    out[HR_SERIES_FREE_MIB] =
        hr_max(0.0, host->physical_mib - host->hypervisor_mib - overhead - held);
    out[HR_SERIES_CPU_MHZ] = host->cpu_mhz;
}

static void close_hour(struct hr_world *w, uint32_t h, int32_t hour, double hour_s)
{
    struct hr_notes *notes = w->notes;
    struct hr_host *host = &w->hosts[h];
    if (notes->n_series + HR_SERIES__COUNT > notes->most_series) {
        notes->most_series = MAX(1024U, notes->most_series * 2);
        notes->series = g_renew(struct hr_series_row, notes->series, notes->most_series);
    }
    for (uint32_t s = 0; s < HR_SERIES__COUNT; s++) {
        struct hr_series_sum *sum = &host->series[s];
        notes->series[notes->n_series++] =
            (struct hr_series_row){.phase = w->phase,
                                   .host = h,
                                   .series = s,
                                   .hour = hour,
                                   .min = sum->min,
                                   .mean = sum->integral / hour_s,
                                   .max = sum->max};
        *sum = (struct hr_series_sum){0};
    }
}

/* Between two looks every level moves in a straight line. Steps never straddle an hour: demand
 * ticks fall on hours. */
void hr_record_host(struct hr_world *w, uint32_t h, int64_t from_us, int64_t to_us,
                    const double *start, const double *end)
{
    struct hr_host *host = &w->hosts[h];
    double dt_s = hr_us_to_s(to_us - from_us);
    bool first = from_us % HR_US_PER_HOUR == 0 || from_us == w->phase_start_us;
    for (int s = 0; s < HR_SERIES__COUNT; s++) {
        struct hr_series_sum *sum = &host->series[s];
        double low = hr_min(start[s], end[s]);
        double high = hr_max(start[s], end[s]);
        sum->min = first ? low : hr_min(sum->min, low);
        sum->max = first ? high : hr_max(sum->max, high);
        sum->integral = (first ? 0.0 : sum->integral) + 0.5 * (start[s] + end[s]) * dt_s;
    }
    if (to_us % HR_US_PER_HOUR == 0) {
        int64_t hour_start_us = MAX(to_us - HR_US_PER_HOUR, w->phase_start_us);
        close_hour(w, h, (int32_t)((to_us - 1) / HR_US_PER_HOUR),
                   hr_us_to_s(to_us - hour_start_us));
    }
}

static void finish_guest(const struct hr_guest_record *r, struct hr_guest_phase *out)
{
    double s = r->running_s > 0.0 ? r->running_s : 1.0;
    *out = (struct hr_guest_phase){
        .slowdown_mean = r->slowdown_s / s,
        .slowdown_p95 = hr_histogram_quantile(&r->slowdown, 0.95),
        .slowdown_p99 = hr_histogram_quantile(&r->slowdown, 0.99),
        .slowdown_max = hr_histogram_max(&r->slowdown),
        .above_level_s = r->above_level_s,
        .down_s = r->down_s,
        .ballooned_mean_mib = r->ballooned_mib_s / s,
        .ballooned_max_mib = r->ballooned_max_mib,
        .swapped_mean_mib = r->swapped_mib_s / s,
        .swapped_max_mib = r->swapped_max_mib,
        .compressed_mean_mib = r->compressed_mib_s / s,
        .paged_s = r->paged_s,
        .swapped_s = r->swapped_s,
        .granted_mean_mib = r->granted_mib_s / s,
    };
    for (int c = 0; c < HR_CAUSE__COUNT; c++) {
        out->cause_mean[c] = r->cause_s[c] / s;
    }
}

static void finish_host_memory(const struct hr_world *w, uint32_t h,
                               struct hr_host_result *result)
{
    struct hr_host_view view = hr_host_view_of(w, h);
    result->overhead_end_mib = hr_host_overhead_mib(&view);
    host_memory_of(w, h, result->end_mib);
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        result->peak_mib[part] = hr_max(result->peak_mib[part], result->end_mib[part]);
    }
}

static void finish_hosts(const struct hr_world *w, struct hr_run_result *out)
{
    double util_sum = 0.0;
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        const struct hr_host *host = &w->hosts[h];
        struct hr_host_result *result = &out->hosts[h];
        if (w->phase == HR_PHASE_NORMAL) {
            double s = host->up_s > 0.0 ? host->up_s : 1.0;
            double mhz = host->capacity_mhz;
            bool failed = result->failed;
            uint32_t guests_max = MAX(result->guests_max, host->result.guests_max);
            uint32_t windows = MAX(result->windows_guests_max, host->result.windows_guests_max);
            *result = host->result;
            result->cpu_util_mean = host->cpu_mhz_s / s / mhz;
            result->memory_used_mean_mib = host->used_mib_s / s;
            result->free_end_mib = host->free_mib;
            result->state_end = (uint32_t)host->state;
            result->min_free_mib = host->min_free_mib;
            finish_host_memory(w, h, result);
            result->guests_max = guests_max;
            result->windows_guests_max = windows;
            result->failed = failed;
            util_sum += result->cpu_util_mean;
        } else {
            result->guests_max = MAX(result->guests_max, host->result.guests_max);
            result->windows_guests_max =
                MAX(result->windows_guests_max, host->result.windows_guests_max);
            result->failed = !host->up;
        }
    }
    if (w->phase == HR_PHASE_NORMAL) {
        out->cpu_util_mean = util_sum / w->n_hosts;
    }
}

/* Quantities move in straight lines from look to look, so that a peak stands at a look or at
 * the end. */
static void finish_memory(struct hr_world *w, struct hr_run_result *out)
{
    uint32_t n = w->t->n;
    for (uint32_t g = 0; g < n; g++) {
        if (w->t->host[g] != HR_NO_HOST && hr_guest_holds_memory(w->t, g)) {
            struct hr_guest_memory *memory = &w->memory[g];
            memory->runs_at_end = true;
            memory->pressure_end = memory_of(w, g, memory->end_mib);
            raise_peaks(w, g);
        }
    }
    out->memory[w->phase] = g_memdup2(w->memory, sizeof *w->memory * n);
}

void hr_record_phase(struct hr_world *w, struct hr_run_result *out)
{
    if (w->memory != NULL) {
        finish_memory(w, out);
    }
    double worst = -1.0;
    double mean = 0.0;
    for (uint32_t g = 0; g < w->t->n; g++) {
        struct hr_guest_result *guest = &out->guests[g];
        struct hr_guest_phase *phase = &guest->phase[w->phase];
        hr_record_down(w, g);
        finish_guest(&w->records[g], phase);
        mean += phase->slowdown_mean / w->t->n;
        if (phase->slowdown_p95 > worst) {
            worst = phase->slowdown_p95;
            out->worst_guest[w->phase] = g;
        }
        if (w->phase == HR_PHASE_NORMAL) {
            guest->refused = w->refused[g];
            guest->killed = w->killed[g];
            guest->n_boots = w->n_boots[g];
            guest->smart_paged_max_mib = w->smart_max_mib[g];
            guest->host = w->first_host[g];
            out->n_refused += w->refused[g];
            out->swapped_min += w->records[g].swapped_s / 60.0;
            out->paged_min += w->records[g].paged_s / 60.0;
        } else {
            guest->lost_host = w->lost_host[g];
            guest->smart_paged_max_mib =
                hr_max(guest->smart_paged_max_mib, w->smart_max_mib[g]);
            guest->restarted = w->lost_host[g] && w->t->power[g] == HR_GUEST_RUNNING;
            guest->restart_s = w->restart_s[g];
            out->n_lost_host += w->lost_host[g];
            out->n_not_restarted += w->lost_host[g] && !guest->restarted;
            if (w->lost_host[g] && w->t->traits[g].priority < 2) {
                out->restart_max_s = hr_max(out->restart_max_s, guest->restart_s);
            }
        }
    }
    out->slowdown_p95_worst[w->phase] = hr_max(0.0, worst);
    out->slowdown_mean[w->phase] = mean;
    finish_hosts(w, out);
    double phase_s = hr_us_to_s(w->now_us - w->phase_start_us);
    if (w->phase == HR_PHASE_NORMAL && phase_s > 0.0) {
        out->storage_util_mean = w->pool_load_s / phase_s;
    }
    out->simulated_guest_samples += (double)w->n_samples;
    out->n_solves += w->n_solves;
    out->n_migrations += w->n_migrations;
    out->hopeless = out->hopeless || w->hopeless;
}
