/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How memory is found and taken back: the scanner, balloon, compression, swap, the second tier,
 * and the brake on who takes too much (model.md §4). */
#include <math.h>

#include "base/real.h"
#include "base/units.h"
#include "memory/cold.h"
#include "memory/overcommit_parts.h"

#include "base/hot.h"

/* Free memory that compression and swap aim at, in minFree. */
static const double SWAP_GOAL = 0.24;      /* the middle of the hard band */
static const double SOFT_SWAP_GOAL = 0.48; /* the middle of the soft band */
static const double RESPONSE_S = 15.0;
static const double MOST_THROTTLE = 1000.0;

/* Host memory that ballooning this guest can free per second. */
static double balloon_capacity_mibps(const struct hr_situation *s, uint32_t g)
{
    const struct hr_host_view *view = s->view;
    const struct hr_overcommit_params *params = hr_overcommit_params_of(view);
    double room =
        params->balloon_max_frac * view->guests->size_mib[g] - view->guests->ballooned_mib[g];
    if (!view->flow[g].balloon_runs || room <= HR_LITTLE_MIB ||
        hr_excess_mib(s, g) <= HR_LITTLE_MIB) {
        return 0.0;
    }
    double rate = view->pages[g].free_touched > HR_FREE_PAGES_MIB ? params->balloon_free_mibps
                                                                  : params->balloon_busy_mibps;
    return rate * view->pages[g].freed_per_ballooned;
}

/* What each balloon can free per second, worked out once per solve. */
static void set_capacities(struct hr_situation *s)
{
    for (uint32_t i = 0; i < s->view->n; i++) {
        uint32_t g = s->view->ids[i];
        s->out->guests[g].capacity_mibps = balloon_capacity_mibps(s, g);
    }
}

/* Σ min(capacity, level·excess): rises with the level, in rounded arithmetic too. *slope: its
 * derivative to the right. */
static double split_sum(const struct hr_situation *s, double level, double *slope)
{
    const struct hr_host_view *view = s->view;
    double sum = 0.0;
    *slope = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double c = s->out->guests[g].capacity_mibps;
        if (c > 0.0) {
            double excess = hr_excess_mib(s, g);
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
static struct bracket split_bracket(const struct hr_situation *s, double need, double high)
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
static double split_level(const struct hr_situation *s, double need)
{
    const struct hr_host_view *view = s->view;
    double capacity = 0.0;
    double high = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double c = s->out->guests[g].capacity_mibps;
        capacity += c;
        if (c > 0.0) {
            high = hr_max(high, c / hr_excess_mib(s, g));
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

void hr_overcommit_inflate(struct hr_situation *s)
{
    const struct hr_host_view *view = s->view;
    double need = s->inflow_mibps + (HR_BALLOON_GOAL * s->min_free - s->free_mib) / RESPONSE_S;
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
        double excess = hr_excess_mib(s, g);
        double freed = hr_min(capacity, level * excess);
        double per_ballooned = view->pages[g].freed_per_ballooned;
        struct hr_guest_decision *d = &s->out->guests[g];
        double cap =
            hr_overcommit_params_of(view)->balloon_max_frac * view->guests->size_mib[g];
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
static double deflation_mibps(const struct hr_situation *s, uint32_t g, bool binding)
{
    const struct hr_host_view *view = s->view;
    if (view->guests->ballooned_mib[g] <= 0.0 ||
        (binding && -hr_excess_mib(s, g) <= HR_LITTLE_MIB)) {
        return 0.0;
    }
    return hr_overcommit_params_of(view)->deflate_mibps * view->pages[g].freed_per_ballooned;
}

void hr_overcommit_deflate(struct hr_situation *s, bool binding)
{
    const struct hr_host_view *view = s->view;
    double spare = s->free_mib - HR_GIVE_BACK_ABOVE * s->min_free;
    if (spare <= 0.0) {
        return;
    }
    double wanted = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        wanted += deflation_mibps(s, view->ids[i], binding);
    }
    /* All together take no more than is spare until the next look. */
    double scale = hr_min(1.0, spare / HR_SHORTEST_STEP_S / hr_max(1e-9, wanted));
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        if (deflation_mibps(s, g, binding) <= 0.0) {
            continue;
        }
        struct hr_guest_decision *d = &s->out->guests[g];
        double per_ballooned = view->pages[g].freed_per_ballooned;
        double way = binding ? -hr_excess_mib(s, g) / per_ballooned : HUGE_VAL;
        d->balloon_mibps = -hr_overcommit_params_of(view)->deflate_mibps * scale;
        d->balloon_stop_mib = hr_max(0.0, view->guests->ballooned_mib[g] - way);
    }
    s->inflow_mibps += wanted * scale;
}

double hr_overcommit_zip_room_mib(const struct hr_situation *s, uint32_t g)
{
    const struct hr_overcommit_params *params = hr_overcommit_params_of(s->view);
    const struct hr_guest_table *t = s->view->guests;
    if (!params->compression) {
        return 0.0;
    }
    double cap =
        params->compression_cap_frac * hr_min(t->size_mib[g], s->out->guests[g].target_mib);
    return hr_max(0.0, 2.0 * cap - hr_guest_zipped_mib(t, g));
}

/* Takes pages of this guest so that so much host memory is freed per second: by sharing what
 * can be shared, by compression while its cache has room, by swap. */
static void take_pages(struct hr_situation *s, uint32_t g, double freed_mibps)
{
    const struct hr_host_view *view = s->view;
    const struct hr_overcommit_params *params = hr_overcommit_params_of(view);
    const struct hr_pages *pages = &view->pages[g];
    struct hr_guest_decision *d = &s->out->guests[g];
    double shareable = (pages->zero_saved + pages->scan_potential) - pages->saved;
    double q = hr_min(1.0, hr_max(0.0, shareable) / hr_max(1.0, pages->consumed));
    d->share_mibps = q * freed_mibps;
    double rest = freed_mibps * (1.0 - q);
    /* Of the pages picked a part p compresses to half, the rest is swapped whole. A cache that
     * would be full at once must not be planned with as if it had room for a whole period. */
    double p = params->compressible_frac;
    double room = hr_overcommit_zip_room_mib(s, g);
    double zip = p * rest / (1.0 - p / 2.0);
    d->zip_mibps = zip * HR_SHORTEST_STEP_S < room ? zip : room / RESPONSE_S;
    d->swap_mibps = rest - d->zip_mibps / 2.0;
}

/* Compression and swap for the guests that may be hit in this state. */
void hr_overcommit_take(struct hr_situation *s)
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
        excess_sum += hit ? hr_max(0.0, hr_excess_mib(s, g)) : 0.0;
    }
    if (need <= 0.0 || excess_sum <= HR_LITTLE_MIB) {
        return;
    }
    need = hr_min(need, excess_sum); /* none below its target within the second a step lasts */
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double excess = hr_max(0.0, hr_excess_mib(s, g));
        if (excess <= 0.0 || (soft && view->flow[g].balloon_runs)) {
            continue;
        }
        take_pages(s, g, need * excess / excess_sum);
    }
}

/* A guest above its limit is taken down to it by compression and swap, with free memory too.
 * Returns: whether there is one. */
bool hr_overcommit_keep_limits(struct hr_situation *s)
{
    const struct hr_host_view *view = s->view;
    bool any = false;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double above = view->pages[g].consumed - view->guests->limit_mib[g];
        if (above <= HR_LITTLE_MIB) {
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

/* The scanner goes round all guests: what it passes is shared where it can be, and where memory
 * gets short the large pages it passes are broken first. */
void hr_overcommit_scan(struct hr_situation *s)
{
    const struct hr_host_view *view = s->view;
    const struct hr_overcommit_params *params = hr_overcommit_params_of(view);
    if (params->sharing == HR_SHARING_OFF) {
        return;
    }
    double touched = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        touched += view->guests->touched_mib[view->ids[i]];
    }
    /* Shares of a guest that the scanner passes in a second. */
    double host_rate = HUGE_VAL;
    if (params->scan_pages_per_s_ghz > 0.0) {
        host_rate = params->scan_pages_per_s_ghz * view->capacity_ghz;
    }
    if (params->scan_pages_per_s_host > 0.0) {
        host_rate = hr_min(host_rate, params->scan_pages_per_s_host);
    }
    double most =
        hr_min(1.0 / params->scan_time_s, host_rate / HR_PAGES_PER_MIB / hr_max(1.0, touched));
    bool breaks =
        params->large_pages && params->has_clear_state && s->out->state != HR_STATE_HIGH;
    bool at_once = params->large_pages && s->free_mib < params->break_below_frac * s->min_free;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &s->out->guests[g];
        double held = view->guests->touched_mib[g];
        double rate =
            hr_min(most, params->scan_pages_per_s_guest / HR_PAGES_PER_MIB / hr_max(1.0, held));
        d->scan_mibps = rate * view->pages[g].scan_most;
        d->break_mibps = breaks ? rate * held : 0.0;
        if (at_once && hr_excess_mib(s, g) > HR_LITTLE_MIB) {
            d->break_mibps = held / HR_SHORTEST_STEP_S;
        }
    }
}

/* Cold pages go down to the second tier, as far as the first runs short; when there are none
 * left, others. */
void hr_overcommit_demote(struct hr_situation *s)
{
    const struct hr_host_view *view = s->view;
    double need = s->inflow_mibps - s->reclaim_mibps +
                  (HR_BALLOON_GOAL * s->min_free - s->dram_free_mib) / RESPONSE_S;
    need = hr_min(need, hr_min(view->rules->tier_mibps, s->tier_free_mib / HR_SHORTEST_STEP_S));
    if (need <= 0.0) {
        return;
    }
    struct hr_cold_split split = hr_cold_split_of(view, need);
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        s->out->guests[g].tier_mibps = need * hr_cold_part(view, &split, g);
    }
    s->tier_mibps = need;
    s->reclaim_mibps += need;
}

/* The device writes only so much; what is picked for swap is cut to it, the same share for all.
 */
void hr_overcommit_limit(struct hr_situation *s)
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
void hr_overcommit_throttle(struct hr_situation *s)
{
    const struct hr_host_view *view = s->view;
    bool out_of_memory =
        s->dram_free_mib <= HR_LITTLE_MIB && s->inflow_mibps > s->reclaim_mibps;
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
        if (s->out->state == HR_STATE_LOW && hr_excess_mib(s, g) > HR_LITTLE_MIB) {
            double gone = d->share_mibps + d->zip_mibps / 2.0 + d->swap_mibps + d->tier_mibps +
                          hr_max(0.0, d->balloon_mibps) * view->pages[g].freed_per_ballooned;
            throttle_guest(d, gone / wanted);
        }
        if (out_of_memory) {
            throttle_guest(d, s->reclaim_mibps / s->inflow_mibps);
        }
    }
}
