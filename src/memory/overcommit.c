/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overcommit, ESX style (model.md §4): guests get what their shares, weighed by the idle tax,
 * entitle them to; what they hold above that is taken back by balloon, compression and host
 * swap, as far as the host's free memory demands.
 *
 * Invariants:
 * 1. Targets and states are in consumed memory: what a guest costs the host after page sharing.
 * 2. Σ targets <= physical - hypervisor - Σ overhead - 1.1·minFree, but no target below the
 *    guest's reservation.
 * 3. No guest is reclaimed below its target, none is ballooned beyond balloon_max_frac·S.
 * 4. The balloon acts whenever targets bind; compression and swap only in soft (for guests
 * without a running balloon), hard and low.
 * 5. Reclaim is proportional to what is missing, so that states do not chatter. */
#include <math.h>

#include "base/real.h"
#include "memory/fill.h"
#include "memory/memory_policy.h"

#include "base/hot.h"

/* Free memory aimed at, in minFree: by the balloon, and by compression and swap (model.md §4).
 */
static const double BALLOON_GOAL = 1.1;
static const double SWAP_GOAL = 0.24;       /* the middle of the hard band */
static const double SOFT_SWAP_GOAL = 0.48;  /* the middle of the soft band */
static const double GIVE_BACK_ABOVE = 0.64; /* of minFree: balloons deflate only above it */
static const double SHORTEST_STEP_S = 1.0;  /* a host is not looked at more often */
static const double RESPONSE_S = 15.0;
static const double HYSTERESIS = 1.1;
static const double TOLERANCE_MIB = 0.5;
static const double STUCK_PROGRESS = 0.5;
static const double MOST_THROTTLE = 1000.0;

/* What one solve works with. */
struct situation {
    const struct hr_host_view *view;
    struct hr_decision *out;
    double min_free;
    double free_mib;
    double inflow_mibps;  /* host memory taken: by the guests, and by balloons that deflate */
    double reclaim_mibps; /* host memory the decisions so far give back */
};

static enum hr_admit admit(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib)
{
    const struct hr_guest_table *t = view->guests;
    double room = view->physical_mib - view->hypervisor_mib - view->starting_mib;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        room -= t->reservation_mib[g] + hr_guest_overhead_mib(t, g, t->assigned_mib[g]);
    }
    double missing = spec->reservation_mib + spec->overhead_mib - room;
    *short_mib = missing > 0.0 ? missing : 0.0;
    return missing > 0.0 ? HR_ADMIT_NO_MEMORY : HR_ADMIT_OK;
}

static double needs_now_mib(const struct hr_start_spec *spec)
{
    /* Overhead is backed at once; the rest when it is touched, and reclaimed from others then.
     */
    (void)spec;
    return 0.0;
}

static double start_mib(const struct hr_start_spec *spec)
{
    return spec->size_mib;
}

/* What a guest may claim of the host, worked out once per solve. */
static void set_claims(const struct hr_host_view *view, struct hr_decision *out)
{
    const struct hr_guest_table *t = view->guests;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &out->guests[g];
        /* With everything it has touched, or wants, resident. */
        double could = hr_max(t->touched_mib[g], t->commit_mib[g] + t->cache_mib[g]);
        double most = hr_min(t->size_mib[g], could) - view->pages[g].saved;
        d->claim_most_mib = hr_max(0.0, hr_min(t->limit_mib[g], most));
        d->claim_least_mib = hr_min(t->reservation_mib[g], d->claim_most_mib);
    }
}

/* alloc(λ) of one guest: full price for active memory, k-fold for idle memory. *slope: its
 * derivative. */
static double alloc_mib(const struct hr_host_view *view, const struct hr_decision *out,
                        uint32_t g, double lambda, double *slope)
{
    const struct hr_guest_decision *d = &out->guests[g];
    double price = 1.0 - view->overcommit->idle_tax; /* 1/k */
    double shares = view->guests->shares[g];
    double entitled = lambda * shares;
    double active = view->guests->active_seen_mib[g];
    bool idle = entitled > active;
    double alloc = idle ? active + (entitled - active) * price : entitled;
    *slope = 0.0;
    if (alloc < d->claim_least_mib) {
        return d->claim_least_mib;
    }
    if (alloc > d->claim_most_mib) {
        return d->claim_most_mib;
    }
    *slope = idle ? shares * price : shares;
    return alloc;
}

struct claims {
    const struct hr_host_view *view;
    const struct hr_decision *out;
};

static double alloc_sum(const void *context, double lambda, double *slope)
{
    const struct claims *claims = context;
    const struct hr_host_view *view = claims->view;
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        double one = 0.0;
        sum += alloc_mib(view, claims->out, view->ids[i], lambda, &one);
        *slope += one;
    }
    return sum;
}

/* Physical memory that targets may use up. */
static double allocatable_mib(const struct hr_host_view *view)
{
    double total = view->physical_mib - view->hypervisor_mib - view->starting_mib -
                   hr_host_overhead_mib(view) -
                   BALLOON_GOAL * hr_min_free_mib(view->physical_mib);
    return hr_max(0.0, total);
}

/* The λ at which targets add up to the allocatable memory; negative when nobody need get less
 * than it could use. Requires: claims set. */
static double share_price(const struct hr_host_view *view, const struct hr_decision *out)
{
    double total = allocatable_mib(view);
    double k = 1.0 / (1.0 - view->overcommit->idle_tax);
    double most_sum = 0.0;
    double least_sum = 0.0;
    double high = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double most = out->guests[g].claim_most_mib;
        double active = view->guests->active_seen_mib[g];
        most_sum += most;
        least_sum += out->guests[g].claim_least_mib;
        high = hr_max(high, (hr_min(active, most) + k * hr_max(0.0, most - active)) /
                                hr_max(1e-9, view->guests->shares[g]));
    }
    if (most_sum <= total) {
        return -1.0;
    }
    /* Σ least > total: targets are the reservations, none of which is ever scaled. */
    struct claims claims = {.view = view, .out = out};
    return least_sum >= total ? 0.0 : hr_fill_level(alloc_sum, &claims, total, high);
}

/* Returns: true when targets bind (somebody gets less than it could use). */
static bool set_targets(const struct hr_host_view *view, struct hr_decision *out)
{
    set_claims(view, out);
    double lambda = share_price(view, out);
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double slope = 0.0;
        struct hr_guest_decision *d = &out->guests[g];
        d->target_mib =
            lambda < 0.0 ? d->claim_most_mib : alloc_mib(view, out, g, lambda, &slope);
    }
    return lambda >= 0.0;
}

static enum hr_memory_state state_of(const struct hr_host_view *view, double free_frac)
{
    const struct hr_overcommit_params *params = view->overcommit;
    /* Lower bounds of high, clear, soft and hard; a state is left upward only beyond 1.1 × its
     * upper bound. */
    double bound[] = {params->has_clear_state ? params->high_frac : 0.64, 0.64, 0.32, 0.16};
    enum hr_memory_state state = HR_STATE_LOW;
    for (int s = HR_STATE_HIGH; s < HR_STATE_LOW; s++) {
        double needed = bound[s] * (s < (int)view->state ? HYSTERESIS : 1.0);
        if (free_frac >= needed) {
            state = (enum hr_memory_state)s;
            break;
        }
    }
    if (state == HR_STATE_CLEAR && !params->has_clear_state) {
        state = HR_STATE_HIGH;
    }
    return state;
}

static double excess_mib(const struct situation *s, uint32_t g)
{
    return s->view->pages[g].consumed - s->out->guests[g].target_mib;
}

/* Host memory that ballooning this guest can free per second. */
static double balloon_capacity_mibps(const struct situation *s, uint32_t g)
{
    const struct hr_host_view *view = s->view;
    const struct hr_overcommit_params *params = view->overcommit;
    double room =
        params->balloon_max_frac * view->guests->size_mib[g] - view->guests->ballooned_mib[g];
    if (!view->flow[g].balloon_runs || room <= TOLERANCE_MIB ||
        excess_mib(s, g) <= TOLERANCE_MIB) {
        return 0.0;
    }
    double rate = view->pages[g].free_touched > HR_FREE_PAGES_MIB ? params->balloon_free_mibps
                                                                  : params->balloon_busy_mibps;
    return rate * view->pages[g].freed_per_ballooned;
}

/* What each balloon can free per second, worked out once per solve. */
static void set_capacities(struct situation *s)
{
    for (uint32_t i = 0; i < s->view->n; i++) {
        uint32_t g = s->view->ids[i];
        s->out->guests[g].capacity_mibps = balloon_capacity_mibps(s, g);
    }
}

/* Σ min(capacity, level·excess): rises with the level, in rounded arithmetic too. *slope: its
 * derivative to the right. */
static double split_sum(const struct situation *s, double level, double *slope)
{
    const struct hr_host_view *view = s->view;
    double sum = 0.0;
    *slope = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double c = s->out->guests[g].capacity_mibps;
        if (c > 0.0) {
            double excess = excess_mib(s, g);
            double asked = level * excess;
            *slope += asked < c ? excess : 0.0;
            sum += hr_min(c, asked);
        }
    }
    return sum;
}

/* Levels between which the sum passes need: it does not at fits and does at exceeds. */
struct bracket {
    double fits, exceeds;
};

/* Newton's steps from below never pass the root, for the sum bends downwards; each ends at the
 * next guest's capacity or later. */
static struct bracket split_bracket(const struct situation *s, double need, double high)
{
    struct bracket bracket = {.fits = 0.0, .exceeds = HUGE_VAL};
    double level = 0.0;
    for (int k = 0; k < 32; k++) {
        double slope = 0.0;
        double missing = need - split_sum(s, level, &slope);
        if (missing < 0.0) {
            bracket.exceeds = level;
            break;
        }
        bracket.fits = level;
        /* A little too far, so that the last step ends above the root. */
        double next = level + missing / hr_max(1e-9, slope) + 1e-13 * high;
        if (next <= level) {
            break;
        }
        level = next;
    }
    return bracket;
}

/* Splits need over the guests above target in proportion to their excess, each up to its
 * capacity: the level at which Σ min(capacity, level·excess) = need. */
static double split_level(const struct situation *s, double need)
{
    const struct hr_host_view *view = s->view;
    double capacity = 0.0;
    double high = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double c = s->out->guests[g].capacity_mibps;
        capacity += c;
        if (c > 0.0) {
            high = hr_max(high, c / excess_mib(s, g));
        }
    }
    if (capacity <= need) {
        return high;
    }
    /* Halving, which asks for the sum only where the bracket leaves it open. */
    struct bracket known = split_bracket(s, need, high);
    double low = 0.0;
    for (int k = 0; k < 40; k++) {
        double middle = 0.5 * (low + high);
        double slope = 0.0;
        bool fits = middle <= known.fits ||
                    (middle < known.exceeds && split_sum(s, middle, &slope) <= need);
        if (fits) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static void inflate(struct situation *s)
{
    const struct hr_host_view *view = s->view;
    double need = s->inflow_mibps + (BALLOON_GOAL * s->min_free - s->free_mib) / RESPONSE_S;
    if (need <= 0.0) {
        return;
    }
    set_capacities(s);
    double level = split_level(s, need);
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double capacity = s->out->guests[g].capacity_mibps;
        if (capacity <= 0.0) {
            continue;
        }
        double excess = excess_mib(s, g);
        double freed = hr_min(capacity, level * excess);
        double per_ballooned = view->pages[g].freed_per_ballooned;
        struct hr_guest_decision *d = &s->out->guests[g];
        double cap = view->overcommit->balloon_max_frac * view->guests->size_mib[g];
        double way = excess / per_ballooned;
        if (view->pages[g].free_touched > HR_FREE_PAGES_MIB) {
            /* Beyond its free pages each page ballooned frees more. */
            way = hr_min(way, view->pages[g].free_touched);
        }
        d->balloon_mibps = freed / per_ballooned;
        d->balloon_stop_mib = hr_min(cap, view->guests->ballooned_mib[g] + way);
        s->reclaim_mibps += freed;
    }
}

/* Host memory that this guest would take back per second, at full speed; 0 when it is not to.
 */
static double deflation_mibps(const struct situation *s, uint32_t g, bool binding)
{
    const struct hr_host_view *view = s->view;
    if (view->guests->ballooned_mib[g] <= 0.0 ||
        (binding && -excess_mib(s, g) <= TOLERANCE_MIB)) {
        return 0.0;
    }
    return view->overcommit->deflate_mibps * view->pages[g].freed_per_ballooned;
}

static void deflate(struct situation *s, bool binding)
{
    const struct hr_host_view *view = s->view;
    double spare = s->free_mib - GIVE_BACK_ABOVE * s->min_free;
    if (spare <= 0.0) {
        return;
    }
    double wanted = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        wanted += deflation_mibps(s, view->ids[i], binding);
    }
    /* All together take no more than is spare until the next look. */
    double scale = hr_min(1.0, spare / SHORTEST_STEP_S / hr_max(1e-9, wanted));
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        if (deflation_mibps(s, g, binding) <= 0.0) {
            continue;
        }
        struct hr_guest_decision *d = &s->out->guests[g];
        double per_ballooned = view->pages[g].freed_per_ballooned;
        double way = binding ? -excess_mib(s, g) / per_ballooned : HUGE_VAL;
        d->balloon_mibps = -view->overcommit->deflate_mibps * scale;
        d->balloon_stop_mib = hr_max(0.0, view->guests->ballooned_mib[g] - way);
    }
    s->inflow_mibps += wanted * scale;
}

/* Takes pages of this guest so that so much host memory is freed per second: by sharing what
 * can be shared, by compression while its cache has room, by swap. */
static void take_pages(struct situation *s, uint32_t g, double freed_mibps)
{
    const struct hr_host_view *view = s->view;
    const struct hr_overcommit_params *params = view->overcommit;
    const struct hr_pages *pages = &view->pages[g];
    struct hr_guest_decision *d = &s->out->guests[g];
    double shareable = (pages->zero_saved + pages->scan_potential) - pages->saved;
    double q = hr_min(1.0, hr_max(0.0, shareable) / hr_max(1.0, pages->consumed));
    d->share_mibps = q * freed_mibps;
    double rest = freed_mibps * (1.0 - q);
    double cache_cap =
        params->compression_cap_frac * hr_min(view->guests->size_mib[g], d->target_mib);
    bool has_room =
        params->compression && hr_guest_zipped_mib(view->guests, g) / 2.0 < cache_cap;
    /* Of the pages picked a part p compresses to half; the rest is swapped whole. */
    double p = has_room ? params->compressible_frac : 0.0;
    double picked = rest / (1.0 - p / 2.0);
    d->zip_mibps = p * picked;
    d->swap_mibps = (1.0 - p) * picked;
}

/* Compression and swap for the guests that may be hit in this state. */
static void compress_and_swap(struct situation *s)
{
    const struct hr_host_view *view = s->view;
    bool soft = s->out->state == HR_STATE_SOFT;
    if (!soft && s->out->state != HR_STATE_HARD && s->out->state != HR_STATE_LOW) {
        return;
    }
    double goal = (soft ? SOFT_SWAP_GOAL : SWAP_GOAL) * s->min_free;
    double need = s->inflow_mibps - s->reclaim_mibps + (goal - s->free_mib) / RESPONSE_S;
    double excess_sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        bool hit = !soft || !view->flow[g].balloon_runs;
        excess_sum += hit ? hr_max(0.0, excess_mib(s, g)) : 0.0;
    }
    if (need <= 0.0 || excess_sum <= TOLERANCE_MIB) {
        return;
    }
    need = hr_min(need, excess_sum); /* none below its target within the second a step lasts */
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double excess = hr_max(0.0, excess_mib(s, g));
        if (excess <= 0.0 || (soft && view->flow[g].balloon_runs)) {
            continue;
        }
        take_pages(s, g, need * excess / excess_sum);
    }
}

/* A guest above its limit is taken down to it by compression and swap, with free memory too.
 * Returns: whether there is one. */
static bool keep_limits(struct situation *s)
{
    const struct hr_host_view *view = s->view;
    bool any = false;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double above = view->pages[g].consumed - view->guests->limit_mib[g];
        if (above <= TOLERANCE_MIB) {
            continue;
        }
        any = true;
        const struct hr_guest_decision *d = &s->out->guests[g];
        double need = view->flow[g].rise_mibps + above / RESPONSE_S -
                      hr_max(0.0, d->balloon_mibps) * view->pages[g].freed_per_ballooned;
        if (need > d->share_mibps + d->zip_mibps / 2.0 + d->swap_mibps) {
            take_pages(s, g, need);
        }
    }
    return any;
}

/* The device writes only so much; what is picked for swap is cut to it, the same share for all.
 */
static void limit_to_device(struct situation *s)
{
    const struct hr_host_view *view = s->view;
    double swap = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        swap += s->out->guests[view->ids[i]].swap_mibps;
    }
    double scale = swap > view->reclaim_mibps ? view->reclaim_mibps / swap : 1.0;
    for (uint32_t i = 0; i < view->n; i++) {
        struct hr_guest_decision *d = &s->out->guests[view->ids[i]];
        d->swap_mibps *= scale;
        d->zip_mibps *= scale;
        d->share_mibps *= scale;
        s->reclaim_mibps += d->share_mibps + d->zip_mibps / 2.0 + d->swap_mibps;
    }
}

static void throttle_guest(struct hr_guest_decision *d, double scale)
{
    scale = hr_max(1.0 / MOST_THROTTLE, hr_min(1.0, scale));
    if (scale < d->alloc_scale) {
        d->alloc_scale = scale;
        d->throttle = 1.0 / scale;
    }
}

/* In low a guest above its target takes memory only as fast as its own pages go out; without
 * any free memory everybody's taking is scaled to what is reclaimed. */
static void throttle(struct situation *s)
{
    const struct hr_host_view *view = s->view;
    bool out_of_memory = s->free_mib <= TOLERANCE_MIB && s->inflow_mibps > s->reclaim_mibps;
    if (s->out->state != HR_STATE_LOW && !out_of_memory) {
        return;
    }
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &s->out->guests[g];
        double wanted = view->flow[g].rise_mibps;
        if (wanted <= 1e-9) {
            continue;
        }
        if (s->out->state == HR_STATE_LOW && excess_mib(s, g) > TOLERANCE_MIB) {
            double gone = d->share_mibps + d->zip_mibps / 2.0 + d->swap_mibps +
                          hr_max(0.0, d->balloon_mibps) * view->pages[g].freed_per_ballooned;
            throttle_guest(d, gone / wanted);
        }
        if (out_of_memory) {
            throttle_guest(d, s->reclaim_mibps / s->inflow_mibps);
        }
    }
}

/* Does a pool of pages that are out change by more than a tenth until the next balance? Then
 * what its guest waits for changes as well. */
static bool pool_moves(const struct hr_host_view *view, uint32_t g, double hot, double cold,
                       double fault_mibps)
{
    const struct hr_guest_table *t = view->guests;
    if (hot <= TOLERANCE_MIB) {
        return false;
    }
    double a = fmin(1.0, t->active_mib[g] / fmax(1.0, t->touched_mib[g] - t->ballooned_mib[g]));
    double rate = (a * (hot + cold) - hot) / t->traits[g].working_set_s - fault_mibps;
    return fabs(rate) * view->overcommit->balance_period_s > 0.1 * hot;
}

static bool pools_move(const struct hr_host_view *view, uint32_t g)
{
    const struct hr_guest_table *t = view->guests;
    const struct hr_flow *flow = &view->flow[g];
    /* A guest that hardly gets on may be waiting for disks that have nothing to do any more. */
    if (t->progress[g] < STUCK_PROGRESS && t->swap_hot_mib[g] > TOLERANCE_MIB) {
        return true;
    }
    return pool_moves(view, g, t->swap_hot_mib[g], t->swap_cold_mib[g],
                      flow->fault_swap_mibps) ||
           pool_moves(view, g, t->zip_hot_mib[g], t->zip_cold_mib[g], flow->fault_zip_mibps);
}

/* When would something change? A quantity reaching its stop, free memory running out. */
static double next_change_s(const struct situation *s)
{
    const struct hr_host_view *view = s->view;
    double next = view->step_s;
    bool moving = false;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        const struct hr_guest_decision *d = &s->out->guests[g];
        double way = d->balloon_stop_mib - view->guests->ballooned_mib[g];
        if (fabs(d->balloon_mibps) > 1e-9 && fabs(way) > 1e-9) {
            moving = true;
            next = hr_min(next, hr_max(SHORTEST_STEP_S, way / d->balloon_mibps));
        }
        double taken = d->share_mibps + d->zip_mibps / 2.0 + d->swap_mibps;
        double falls = taken - view->flow[g].rise_mibps;
        if (falls > 1e-9) { /* until it is at its target */
            next = hr_min(next, hr_max(SHORTEST_STEP_S, excess_mib(s, g) / falls));
        }
        moving = moving || taken > 1e-9 || d->throttle > 1.0 || pools_move(view, g) ||
                 fabs(view->guests->active_seen_mib[g] - view->guests->active_mib[g]) >
                     0.05 * view->guests->active_mib[g] + 1.0;
    }
    double net = s->inflow_mibps - s->reclaim_mibps;
    if (net > 0.05) {
        moving = true;
        if (s->free_mib > 0.0) {
            /* Look again before another band of free memory is gone. */
            double above = s->free_mib - GIVE_BACK_ABOVE * s->min_free;
            double band = hr_max(above > 0.0 ? above : s->free_mib, 0.16 * s->min_free);
            next = hr_min(next, hr_max(SHORTEST_STEP_S, band / net));
        }
    }
    return moving ? hr_min(next, view->overcommit->balance_period_s) : next;
}

/* Targets do not bind yet, but may before the next demand step: guests that boot write all of
 * their memory, others recycle pages. */
static void watch_filling(const struct situation *s)
{
    double until_s = (s->free_mib - BALLOON_GOAL * s->min_free) / hr_max(1e-9, s->inflow_mibps);
    if (until_s < s->view->step_s) {
        s->out->pressed = true;
        s->out->next_s = hr_max(SHORTEST_STEP_S, until_s);
    }
}

static void solve(const struct hr_host_view *view, struct hr_decision *out)
{
    hr_decision_rest(view, out);
    struct situation s = {
        .view = view, .out = out, .min_free = hr_min_free_mib(view->physical_mib)};
    s.free_mib = hr_host_free_mib(view);
    bool binding = set_targets(view, out);
    out->state = state_of(view, s.free_mib / s.min_free);
    bool unsettled = false;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        s.inflow_mibps += view->flow[g].rise_mibps;
        unsettled = unsettled || view->guests->ballooned_mib[g] > 0.0 || pools_move(view, g);
    }
    deflate(&s, binding);
    if (binding) {
        inflate(&s);
        compress_and_swap(&s);
    }
    bool limited = keep_limits(&s);
    limit_to_device(&s);
    if (binding) {
        throttle(&s);
    }
    out->pressed = binding || unsettled || limited;
    if (out->pressed) {
        out->next_s = next_change_s(&s);
    } else {
        watch_filling(&s);
    }
}

/* Guests that have run for weeks: what is above target has been ballooned as far as a balloon
 * goes, and the rest lies in swap, cold. */
static void settle(const struct hr_host_view *view, struct hr_guest_table *guests,
                   struct hr_decision *scratch)
{
    if (!set_targets(view, scratch)) {
        return;
    }
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        const struct hr_pages *pages = &view->pages[g];
        double above = pages->consumed - scratch->guests[g].target_mib;
        if (above <= 0.0) {
            continue;
        }
        /* Free pages first, of which only those not yet shared free anything. */
        double free_part = hr_min(pages->free_touched, above / pages->freed_per_ballooned);
        double still = above - free_part * pages->freed_per_ballooned;
        double cap = view->overcommit->balloon_max_frac * guests->size_mib[g];
        double balloon = hr_min(cap, free_part + hr_max(0.0, still));
        guests->ballooned_mib[g] = balloon;
        double freed = hr_min(balloon, free_part) * pages->freed_per_ballooned +
                       hr_max(0.0, balloon - free_part);
        double rest = hr_max(0.0, above - freed);
        guests->swap_cold_mib[g] = hr_min(rest, hr_max(0.0, guests->touched_mib[g] - balloon));
    }
}

const struct hr_memory_policy hr_memory_overcommit = {
    .name = "overcommit",
    .backs_on_touch = true,
    .admit = admit,
    .needs_now_mib = needs_now_mib,
    .start_mib = start_mib,
    .settle = settle,
    .solve = solve,
};
