/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search: candidates in order of a lower bound of their cost, each simulated until the
 * verdict is clear; the first feasible one whose price is no more than every remaining bound is
 * the answer. */
#include "study/size.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "memory/memory_policy.h"
#include "study/change_parts.h"
#include "study/search.h"

/* How far above the arithmetic bound the number of hosts is searched. */
enum { MOST_EXTRA_HOSTS = 8, MOST_HOSTS = 96 };
/* After so many that failed the largest is tried: is there any answer at all? */
enum { LOOK_AT_LARGEST_AFTER = 16 };

const char *hr_verdict_name(enum hr_verdict verdict)
{
    static const char *const names[HR_VERDICT__COUNT] = {
        [HR_VERDICT_FEASIBLE] = "feasible",
        [HR_VERDICT_INFEASIBLE] = "infeasible",
        [HR_VERDICT_EXCLUDED] = "excluded",
    };
    return names[verdict];
}

int hr_size_disks(const struct hr_guests *guests, const struct hr_platform *platform,
                  const struct hr_storage *storage, int n_hosts)
{
    double gib = guests->disk_gib;
    if (platform->memory->backs_on_touch) {
        /* A swap file of size less reservation lies beside every guest that runs. */
        for (uint32_t g = 0; g < guests->n_running; g++) {
            gib += hr_mib_to_gib(guests->items[g].size_mib -
                                 guests->items[g].memory_reservation_mib);
        }
    }
    return hr_storage_disks_on(storage, gib, n_hosts);
}

struct hr_cluster_spec hr_size_cluster_of(const struct hr_search *search,
                                          const struct hr_cluster_spec *cluster, int n_hosts)
{
    struct hr_cluster_spec other = *cluster;
    other.n_hosts = n_hosts;
    if (search->storage->kind != HR_STORAGE_ARRAY) {
        other.n_disks =
            hr_size_disks(search->guests, search->platform, search->storage, n_hosts);
    }
    return other;
}

static const struct hr_size_fit *fit_of(const struct hr_size_options *options,
                                        const struct hr_platform *platform)
{
    const struct hr_size_fit *fit = options->fits;
    while (fit != NULL && fit->platform != NULL && fit->platform != platform) {
        fit++;
    }
    return fit != NULL && fit->platform != NULL ? fit : NULL;
}

const struct hr_storage *hr_size_storage(const struct hr_size_options *options,
                                         const struct hr_platform *platform)
{
    const struct hr_size_fit *fit = fit_of(options, platform);
    return fit != NULL && fit->storage != NULL ? fit->storage : options->storage;
}

const struct hr_server **hr_size_servers(const struct hr_size_options *options,
                                         const struct hr_platform *platform)
{
    const struct hr_size_fit *fit = fit_of(options, platform);
    return fit != NULL && fit->servers != NULL ? fit->servers : options->servers;
}

const struct hr_cost *hr_size_cost(const struct hr_size_answer *answer, bool buy_staged)
{
    return buy_staged && answer->staged.n_stages > 0 ? &answer->staged.cost : &answer->cost;
}

const struct hr_kept_bill *hr_size_bill(const struct hr_size_answer *answer, bool buy_staged)
{
    if (buy_staged && answer->staged.n_stages > 0) {
        return answer->staged.bill;
    }
    for (uint32_t c = 0; answer->feasible && c < answer->n_candidates; c++) {
        const struct hr_candidate *candidate = &answer->candidates[c];
        if (candidate->bill != NULL && hr_same_cluster(&candidate->cluster, &answer->cluster)) {
            return candidate->bill;
        }
    }
    return NULL;
}

const struct hr_cost_period *hr_size_periods(const struct hr_size_answer *answer,
                                             bool buy_staged, size_t *n)
{
    bool staged = buy_staged && answer->staged.n_stages > 0;
    *n = staged ? answer->staged.n_periods : answer->n_periods;
    return staged ? answer->staged.periods : answer->periods;
}

int64_t hr_size_cost_per_guest_cents(const struct hr_size_answer *answer, bool buy_staged,
                                     uint32_t n_guests)
{
    return answer->feasible
               ? llrint((double)hr_size_cost(answer, buy_staged)->tco_cents / n_guests)
               : 0;
}

static int by_bound(const void *a, const void *b)
{
    const struct hr_candidate *x = a;
    const struct hr_candidate *y = b;
    if (x->lower_bound_cents != y->lower_bound_cents) {
        return x->lower_bound_cents < y->lower_bound_cents ? -1 : 1;
    }
    int by_server = strcmp(x->cluster.server->id, y->cluster.server->id);
    if (by_server != 0) {
        return by_server;
    }
    if (x->cluster.n_hosts != y->cluster.n_hosts) {
        return x->cluster.n_hosts - y->cluster.n_hosts;
    }
    double dx = hr_cluster_physical_mib(&x->cluster);
    double dy = hr_cluster_physical_mib(&y->cluster);
    return dx < dy ? -1 : dx > dy;
}

/* All clusters of one server and memory size worth a look, from the arithmetic bound upward. */
static bool add_candidates(const struct hr_search *search, struct hr_cluster_spec cluster,
                           GArray *candidates, GError **error)
{
    const struct hr_size_options *options = search->options;
    int n_from_bound = 0;
    int from = options->hosts > 0 ? options->hosts : options->spare_hosts + 1;
    int to = options->hosts > 0 ? options->hosts : MOST_HOSTS;
    for (int n = from; n <= to && n_from_bound <= MOST_EXTRA_HOSTS; n++) {
        cluster = hr_size_cluster_of(search, &cluster, n);
        g_autofree char *excluded = hr_arithmetic_excludes(&search->needs, search->platform,
                                                           &cluster, options->spare_hosts);
        g_autofree char *limit =
            excluded != NULL
                ? hr_platform_excludes(search->platform, &cluster, search->needs.n_guests)
                : NULL;
        if (excluded != NULL && options->hosts == 0 && limit == NULL) {
            continue;
        }
        n_from_bound++;
        struct hr_candidate candidate = {.cluster = cluster,
                                         .verdict = HR_VERDICT_EXCLUDED,
                                         .is_limited = limit != NULL,
                                         .tco_cents = -1};
        if (!hr_price_lower_bound(search, &cluster, &candidate.lower_bound_cents, error)) {
            return false;
        }
        candidate.constraint = g_steal_pointer(&limit);
        g_array_append_val(candidates, candidate);
        if (candidate.is_limited) {
            break; /* the first beyond the limit stands for all that are larger */
        }
    }
    return true;
}

static void clear_candidate(void *candidate)
{
    g_free(((struct hr_candidate *)candidate)->constraint);
}

static GArray *candidates_of(const struct hr_search *search, GError **error)
{
    GArray *candidates = g_array_new(FALSE, TRUE, sizeof(struct hr_candidate));
    g_array_set_clear_func(candidates, clear_candidate);
    int n_disks = hr_size_disks(search->guests, search->platform, search->storage, 1);
    for (const struct hr_server **s = search->servers; *s != NULL; s++) {
        for (size_t m = 0; m < (*s)->n_memory; m++) {
            struct hr_cluster_spec cluster = {.server = *s,
                                              .memory = (*s)->memory[m],
                                              .storage = search->storage,
                                              .n_disks = n_disks};
            if (!add_candidates(search, cluster, candidates, error)) {
                g_array_free(candidates, TRUE);
                return NULL;
            }
        }
    }
    if (candidates->len > 0) {
        qsort(candidates->data, candidates->len, sizeof(struct hr_candidate), by_bound);
    }
    return candidates;
}

bool hr_same_cluster(const struct hr_cluster_spec *a, const struct hr_cluster_spec *b)
{
    return a->server == b->server && a->n_hosts == b->n_hosts &&
           a->memory.dimm_gib == b->memory.dimm_gib && a->memory.n_dimms == b->memory.n_dimms;
}

static void log_candidate(struct hr_size_answer *answer, const struct hr_candidate *candidate)
{
    answer->candidates =
        g_renew(struct hr_candidate, answer->candidates, answer->n_candidates + 1);
    answer->candidates[answer->n_candidates++] = *candidate;
}

/* Takes over a feasible cluster as the answer so far. */
static void adopt(struct hr_size_answer *answer, const struct hr_cluster_spec *cluster,
                  struct hr_evaluation *evaluation, struct hr_priced *priced)
{
    for (int r = 0; r < answer->n_runs; r++) {
        hr_run_result_free(&answer->runs[r]);
    }
    g_free(answer->runs);
    g_free(answer->periods);
    hr_cost_clear(&answer->cost);
    answer->feasible = true;
    answer->cluster = *cluster;
    answer->runs = g_steal_pointer(&evaluation->runs);
    answer->n_runs = evaluation->n_runs;
    evaluation->n_runs = 0;
    answer->cost = priced->cost;
    priced->cost = (struct hr_cost){0};
    answer->use = priced->use;
    answer->n_periods = priced->periods->len;
    answer->periods =
        (struct hr_cost_period *)(void *)g_array_free(g_steal_pointer(&priced->periods), FALSE);
}

/* Processors do not grow with memory: what was clearly too slow for want of processors stays so
 * with as many or fewer of the same hosts, whatever their memory. Returns: a reason, or NULL.
 */
static char *known_too_slow(const struct hr_size_answer *answer,
                            const struct hr_cluster_spec *cluster)
{
    for (uint32_t c = 0; c < answer->n_candidates; c++) {
        const struct hr_candidate *tried = &answer->candidates[c];
        if (tried->lacks_processors && tried->cluster.server == cluster->server &&
            cluster->n_hosts <= tried->cluster.n_hosts) {
            return g_strdup_printf("processors: %d of these hosts were too slow with %.0f GiB",
                                   tried->cluster.n_hosts,
                                   hr_mib_to_gib(hr_cluster_physical_mib(&tried->cluster)));
        }
    }
    return NULL;
}

/* Simulates and prices a candidate; adopts it when it is feasible and cheaper than the best. */
static bool look_at(const struct hr_search *search, struct hr_candidate *candidate,
                    struct hr_size_answer *answer, GError **error)
{
    struct hr_evaluation evaluation = {0};
    if (candidate->is_limited) {
        return true;
    }
    candidate->constraint = known_too_slow(answer, &candidate->cluster);
    if (candidate->constraint == NULL &&
        !hr_limits_missed(search, &candidate->cluster, &candidate->constraint, error)) {
        return false;
    }
    if (candidate->constraint != NULL) {
        return true;
    }
    hr_progress_say(search->options->progress, "%s: %d × %s with %.0f GiB",
                    search->platform->name, candidate->cluster.n_hosts,
                    candidate->cluster.server->id,
                    hr_mib_to_gib(hr_cluster_physical_mib(&candidate->cluster)));
    hr_evaluate(search, &candidate->cluster, &evaluation);
    candidate->verdict = evaluation.verdict;
    candidate->replications = evaluation.n_runs;
    candidate->constraint = g_steal_pointer(&evaluation.constraint);
    candidate->lacks_processors = evaluation.is_clear && evaluation.cause == HR_CAUSE_CPU;
    bool ok = true;
    if (evaluation.verdict == HR_VERDICT_FEASIBLE) {
        struct hr_priced priced = {0};
        ok = hr_price_cluster(search, &candidate->cluster, evaluation.runs, evaluation.n_runs,
                              &priced, error);
        if (ok) {
            candidate->tco_cents = priced.cost.tco_cents;
            candidate->capex_cents = priced.cost.capex_cents;
            candidate->bill = g_steal_pointer(&priced.bill);
            candidate->constraint = hr_limits_missed_priced(search, &priced.cost);
            if (candidate->constraint != NULL) {
                candidate->verdict = HR_VERDICT_EXCLUDED;
            } else if (!answer->feasible || priced.cost.tco_cents < answer->cost.tco_cents) {
                adopt(answer, &candidate->cluster, &evaluation, &priced);
            }
        }
        hr_priced_clear(&priced);
    }
    hr_evaluation_clear(&evaluation);
    return ok;
}

static bool one_host_fewer(const struct hr_search *search, const struct hr_cluster_spec *chosen,
                           struct hr_cluster_spec *out)
{
    *out = hr_size_cluster_of(search, chosen, chosen->n_hosts - 1);
    return search->options->hosts == 0 && out->n_hosts > search->options->spare_hosts;
}

static bool less_memory(const struct hr_cluster_spec *chosen, struct hr_cluster_spec *out)
{
    double most = 0.0;
    *out = *chosen;
    for (size_t m = 0; m < chosen->server->n_memory; m++) {
        double mib = hr_dimm_option_mib(&chosen->server->memory[m]);
        if (mib < hr_cluster_physical_mib(chosen) && mib > most) {
            most = mib;
            out->memory = chosen->server->memory[m];
        }
    }
    return most > 0.0;
}

/* The next smaller cluster: of one host fewer and the next smaller memory the dearer one, for
 * that is the one the customer will ask about. */
static bool next_smaller(const struct hr_search *search, const struct hr_cluster_spec *chosen,
                         struct hr_cluster_spec *out)
{
    struct hr_cluster_spec fewer;
    struct hr_cluster_spec less;
    bool has_fewer = one_host_fewer(search, chosen, &fewer);
    bool has_less = less_memory(chosen, &less);
    int64_t fewer_cents = -1;
    int64_t less_cents = -1;
    if (has_fewer && has_less) {
        (void)hr_price_lower_bound(search, &fewer, &fewer_cents, NULL);
        (void)hr_price_lower_bound(search, &less, &less_cents, NULL);
    }
    *out = has_less && (!has_fewer || less_cents >= fewer_cents) ? less : fewer;
    return has_fewer || has_less;
}

static bool explain_binding(const struct hr_search *search, struct hr_size_answer *answer,
                            GError **error)
{
    struct hr_cluster_spec smaller;
    if (!next_smaller(search, &answer->cluster, &smaller)) {
        answer->binding = g_strdup("none: it is the smallest cluster of this server");
        answer->next_smaller = g_strdup("");
        return true;
    }
    answer->next_smaller =
        g_strdup_printf("%d × %s with %.0f GiB", smaller.n_hosts, smaller.server->name,
                        hr_mib_to_gib(hr_cluster_physical_mib(&smaller)));
    for (uint32_t c = 0; c < answer->n_candidates; c++) {
        const struct hr_candidate *tried = &answer->candidates[c];
        if (hr_same_cluster(&tried->cluster, &smaller) && tried->constraint != NULL) {
            answer->binding = g_strdup(tried->constraint);
            return true;
        }
    }
    answer->binding = hr_arithmetic_excludes(&search->needs, search->platform, &smaller,
                                             search->options->spare_hosts);
    if (answer->binding == NULL) {
        struct hr_candidate candidate = {.cluster = smaller, .tco_cents = -1};
        if (!hr_price_lower_bound(search, &smaller, &candidate.lower_bound_cents, error)) {
            return false;
        }
        struct hr_evaluation evaluation = {0};
        hr_evaluate(search, &smaller, &evaluation);
        candidate.verdict = evaluation.verdict;
        candidate.replications = evaluation.n_runs;
        candidate.constraint = g_strdup(evaluation.constraint);
        answer->binding = evaluation.constraint != NULL
                              ? g_strdup(evaluation.constraint)
                              : g_strdup("none: it is feasible too, but not cheaper");
        log_candidate(answer, &candidate);
        hr_evaluation_clear(&evaluation);
    }
    return true;
}

static char *outcome_text(const struct hr_search *search, const struct hr_size_answer *answer)
{
    if (search->options->spare_hosts == 0) {
        return g_strdup("no host failure simulated (no spare host asked for)");
    }
    const char *guests = answer->n_lost_host == 1 ? "guest loses its" : "guests lose their";
    const char *hosts = search->options->spare_hosts == 1 ? "host" : "hosts";
    double minutes = ceil(answer->restart_max_s / 60.0);
    if (answer->n_not_restarted > 0) {
        return g_strdup_printf("%u %s %s, %u of priority low stay down until repair, those of "
                               "priority high and medium are back within %.0f min",
                               answer->n_lost_host, guests, hosts, answer->n_not_restarted,
                               minutes);
    }
    return g_strdup_printf("%u %s %s, all restart, those of priority high and medium within "
                           "%.0f min",
                           answer->n_lost_host, guests, hosts, minutes);
}

static void summarise(const struct hr_search *search, struct hr_size_answer *answer)
{
    int n = answer->n_runs;
    g_autofree double *values = g_new0(double, (gsize)n);
    int worst_run[HR_PHASE__COUNT] = {0};
    for (int phase = 0; phase < HR_PHASE__COUNT; phase++) {
        for (int r = 0; r < n; r++) {
            values[r] = answer->runs[r].slowdown_p95_worst[phase];
            worst_run[phase] = values[r] > values[worst_run[phase]] ? r : worst_run[phase];
        }
        answer->slowdown_p95[phase] = hr_estimate_of(values, n);
    }
    for (int phase = 0; phase < HR_PHASE__COUNT; phase++) {
        answer->worst_guest[phase] = answer->runs[worst_run[phase]].worst_guest[phase];
    }
    for (int r = 0; r < n; r++) {
        const struct hr_run_result *run = &answer->runs[r];
        answer->swapped_min += run->swapped_min / n;
        answer->paged_min += run->paged_min / n;
        answer->cpu_util_mean += run->cpu_util_mean / n;
        answer->n_lost_host = MAX(answer->n_lost_host, run->n_lost_host);
        answer->n_not_restarted = MAX(answer->n_not_restarted, run->n_not_restarted);
        answer->restart_max_s = fmax(answer->restart_max_s, run->restart_max_s);
    }
    double configured = 0.0;
    for (uint32_t g = 0; g < search->guests->n_running; g++) {
        configured += search->guests->items[g].size_mib;
    }
    answer->overcommit_ratio =
        configured / (hr_cluster_physical_mib(&answer->cluster) * answer->cluster.n_hosts);
    answer->failure_outcome = outcome_text(search, answer);
}

static double cluster_mib(const struct hr_candidate *c)
{
    return hr_cluster_physical_mib(&c->cluster) * c->cluster.n_hosts;
}

static double cluster_mhz(const struct hr_candidate *c)
{
    const struct hr_server *server = c->cluster.server;
    return hr_server_cores(server) * server->mhz * server->perf_factor * c->cluster.n_hosts;
}

/* The cluster that has most of both memory and processors: the one whose lesser share of the
 * most there is of each is greatest. */
static const struct hr_candidate *largest(const GArray *candidates)
{
    double most_mib = 0.0;
    double most_mhz = 0.0;
    for (uint32_t c = 0; c < candidates->len; c++) {
        const struct hr_candidate *one = &g_array_index(candidates, struct hr_candidate, c);
        most_mib = fmax(most_mib, cluster_mib(one));
        most_mhz = fmax(most_mhz, cluster_mhz(one));
    }
    const struct hr_candidate *best = NULL;
    double best_share = -1.0;
    for (uint32_t c = 0; c < candidates->len; c++) {
        const struct hr_candidate *one = &g_array_index(candidates, struct hr_candidate, c);
        double share = fmin(cluster_mib(one) / most_mib, cluster_mhz(one) / most_mhz);
        if (share > best_share && !one->is_limited) {
            best = one;
            best_share = share;
        }
    }
    return best;
}

static bool look_and_log(const struct hr_search *search, struct hr_candidate candidate,
                         struct hr_size_answer *answer, GError **error)
{
    candidate.constraint = g_strdup(candidate.constraint); /* the list keeps its own */
    bool ok = look_at(search, &candidate, answer, error);
    log_candidate(answer, &candidate);
    return ok;
}

/* What is left when the search ends, but for what is known to be too slow. */
static void keep_rest(struct hr_size_answer *answer, const GArray *candidates, uint32_t from)
{
    answer->rest = g_new(struct hr_candidate, candidates->len - from);
    for (uint32_t c = from; c < candidates->len; c++) {
        const struct hr_candidate *one = &g_array_index(candidates, struct hr_candidate, c);
        g_autofree char *reason = known_too_slow(answer, &one->cluster);
        if (reason == NULL) {
            answer->rest[answer->n_rest++] = *one;
        }
    }
}

static bool search_candidates(const struct hr_search *search, const GArray *candidates,
                              struct hr_size_answer *answer, GError **error)
{
    uint32_t n_failed = 0;
    for (uint32_t c = 0; c < candidates->len; c++) {
        const struct hr_candidate *next = &g_array_index(candidates, struct hr_candidate, c);
        if (answer->feasible && next->lower_bound_cents >= answer->cost.tco_cents) {
            keep_rest(answer, candidates, c);
            break;
        }
        int64_t budget_cents = search->options->limits.budget_tco_cents;
        if (budget_cents > 0 && next->lower_bound_cents > budget_cents) {
            break; /* so are all that follow */
        }
        if (!look_and_log(search, *next, answer, error)) {
            return false;
        }
        const struct hr_candidate *looked_at = &answer->candidates[answer->n_candidates - 1];
        n_failed += looked_at->replications > 0 && looked_at->verdict == HR_VERDICT_INFEASIBLE;
        if (!answer->feasible && n_failed == LOOK_AT_LARGEST_AFTER) {
            n_failed++; /* once */
            if (!look_and_log(search, *largest(candidates), answer, error)) {
                return false;
            }
            looked_at = &answer->candidates[answer->n_candidates - 1];
            if (looked_at->replications > 0 && !answer->feasible) {
                break; /* not even the largest: nothing between will do */
            }
        }
    }
    return true;
}

/* What the largest cluster below a limit lacks. Returns: the caller's; NULL where the limit is
 * not one of the number of hosts. */
static char *lacking_below(const struct hr_search *search, const struct hr_candidate *limited)
{
    int n_hosts = limited->cluster.n_hosts - 1;
    int spare = search->options->spare_hosts;
    if (search->options->hosts > 0 || n_hosts <= spare) {
        return NULL;
    }
    struct hr_cluster_spec below = hr_size_cluster_of(search, &limited->cluster, n_hosts);
    return hr_arithmetic_excludes(&search->needs, search->platform, &below, spare);
}

/* What excludes the largest server, as many as may be. */
static char *largest_excluded(const struct hr_search *search)
{
    int n_hosts = search->options->hosts > 0 ? search->options->hosts
                  : search->platform->max_hosts > 0
                      ? MIN(MOST_HOSTS, search->platform->max_hosts)
                      : MOST_HOSTS;
    struct hr_cluster_spec most = {.n_hosts = n_hosts, .storage = search->storage};
    double most_mib = 0.0;
    for (const struct hr_server **s = search->servers; *s != NULL; s++) {
        const struct hr_dimm_option *memory = &(*s)->memory[(*s)->n_memory - 1];
        if (hr_dimm_option_mib(memory) > most_mib) {
            most_mib = hr_dimm_option_mib(memory);
            most.server = *s;
            most.memory = *memory;
        }
    }
    most = hr_size_cluster_of(search, &most, n_hosts);
    return hr_arithmetic_excludes(&search->needs, search->platform, &most,
                                  search->options->spare_hosts);
}

/* Why no cluster will do: what the last one simulated broke, or the largest allowed one lacks,
 * and what forbids a larger one; else what excludes the largest server. */
static char *why_nothing(const struct hr_search *search, const struct hr_size_answer *answer)
{
    const char *broken = NULL;
    const struct hr_candidate *limited = NULL;
    for (uint32_t c = 0; c < answer->n_candidates; c++) {
        const struct hr_candidate *tried = &answer->candidates[c];
        broken =
            tried->replications > 0 && tried->constraint != NULL ? tried->constraint : broken;
        if (tried->is_limited &&
            (limited == NULL || cluster_mib(tried) > cluster_mib(limited))) {
            limited = tried;
        }
    }
    g_autofree char *lacking =
        broken == NULL && limited != NULL ? lacking_below(search, limited) : NULL;
    broken = broken != NULL ? broken : lacking;
    if (limited != NULL) {
        return broken != NULL ? g_strdup_printf("%s; %s", broken, limited->constraint)
                              : g_strdup(limited->constraint);
    }
    if (broken != NULL) {
        return g_strdup(broken);
    }
    char *excluded = largest_excluded(search);
    if (excluded == NULL && answer->n_candidates > 0) {
        excluded = g_strdup(answer->candidates[answer->n_candidates - 1].constraint);
    }
    return excluded != NULL ? excluded : g_strdup("no cluster that was tried holds the guests");
}

static bool size_platform(const struct hr_search *search, struct hr_size_answer *answer,
                          GError **error)
{
    const struct hr_storage *storage = search->storage;
    if (storage->kind == HR_STORAGE_ARRAY &&
        hr_size_disks(search->guests, search->platform, storage, 1) == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "%.1f TiB of guest data do not fit on storage \"%s\"",
                    search->guests->disk_gib / 1024.0, storage->id);
        return false;
    }
    g_autoptr(GArray) candidates = candidates_of(search, error);
    if (candidates == NULL) {
        return false;
    }
    if (!search_candidates(search, candidates, answer, error)) {
        return false;
    }
    if (search->options->cost_alone) {
        return !answer->feasible || !search->options->buy_staged ||
               hr_find_stages(search, answer, error);
    }
    if (!hr_find_floor(search, &answer->floor, error)) {
        return false;
    }
    if (answer->feasible) {
        summarise(search, answer);
        if (!explain_binding(search, answer, error)) {
            return false;
        }
        hr_evaluate_series(search, &answer->cluster, &answer->runs[0]);
        hr_find_reserve(search, &answer->cluster, &answer->reserve);
        if (!hr_find_stages(search, answer, error) ||
            !hr_price_interval(search, answer, error)) {
            return false;
        }
    } else {
        answer->failure_outcome = g_strdup("no feasible cluster");
        answer->next_smaller = g_strdup("");
        answer->binding = why_nothing(search, answer);
    }
    if (!hr_limits_explain(search, candidates, answer, error)) {
        return false;
    }
    answer->floor.difference = hr_floor_difference(search, answer);
    return true;
}

static int by_cost(const void *a, const void *b, gpointer buy_staged)
{
    const struct hr_size_answer *x = a;
    bool staged = *(const bool *)buy_staged;
    const struct hr_size_answer *y = b;
    if (x->feasible != y->feasible) {
        return x->feasible ? -1 : 1;
    }
    int64_t x_cents = hr_size_cost(x, staged)->tco_cents;
    int64_t y_cents = hr_size_cost(y, staged)->tco_cents;
    if (x->feasible && x_cents != y_cents) {
        return x_cents < y_cents ? -1 : 1;
    }
    return strcmp(x->platform->id, y->platform->id);
}

bool hr_size(const struct hr_guests *today, const hr_pricebook *book,
             const struct hr_size_options *options, struct hr_size_result *out, GError **error)
{
    uint32_t n_more =
        hr_growth_guests(today->n_running, options->growth_pct, options->cost.years * 12.0);
    struct hr_guests *guests = hr_guests_grown(today, n_more);
    uint32_t n = 0;
    while (options->platforms[n] != NULL) {
        n++;
    }
    struct hr_loads loads;
    hr_progress_say(options->progress, "making the load of %u guests", guests->n_running);
    hr_loads_init(&loads, guests, options,
                  hr_demand_factor(options, options->cost.years * 12.0));
    struct hr_growth growth;
    hr_growth_init(&growth, options);
    struct hr_size_result result = {.answers = g_new0(struct hr_size_answer, n),
                                    .n_answers = n,
                                    .platforms = g_new0(struct hr_platform, n),
                                    .guests = guests,
                                    .n_today = today->n_running};
    struct hr_scenario shape = {.days = options->days, .step_s = 300.0};
    bool ok = true;
    g_autofree struct hr_search *searches = g_new0(struct hr_search, n);
    for (uint32_t p = 0; ok && p < n; p++) {
        const struct hr_storage *storage = hr_size_storage(options, options->platforms[p]);
        result.platforms[p] = hr_platform_on_storage(options->platforms[p], storage);
        result.answers[p].platform = options->platforms[p];
        searches[p] =
            (struct hr_search){.guests = guests,
                               .book = book,
                               .options = options,
                               .platform = &result.platforms[p],
                               .servers = hr_size_servers(options, options->platforms[p]),
                               .storage = storage,
                               .loads = &loads,
                               .today = today,
                               .growth = &growth,
                               .totals = &result};
        bool own = false;
        struct hr_load *load = hr_loads_take(&loads, 0, &own);
        hr_needs_of(guests, searches[p].platform, load, hr_run_day_steps(&shape),
                    &searches[p].needs);
        if (own) {
            hr_load_free(load);
        }
        ok = size_platform(&searches[p], &result.answers[p], error) &&
             hr_find_keep(&searches[p], &result.answers[p], error);
    }
    if (ok) {
        bool buy_staged = options->buy_staged;
        g_qsort_with_data(result.answers, (gint)n, sizeof(struct hr_size_answer), by_cost,
                          &buy_staged);
        ok = options->cost_alone || hr_find_changes(searches, &result, error);
    }
    hr_loads_clear(&loads);
    hr_growth_clear(&growth);
    if (!ok) {
        hr_size_result_clear(&result);
        return false;
    }
    *out = result;
    return true;
}

void hr_size_result_clear(struct hr_size_result *result)
{
    for (uint32_t p = 0; p < result->n_answers; p++) {
        struct hr_size_answer *answer = &result->answers[p];
        for (int r = 0; r < answer->n_runs; r++) {
            hr_run_result_free(&answer->runs[r]);
        }
        for (uint32_t c = 0; c < answer->n_candidates; c++) {
            g_free(answer->candidates[c].constraint);
            hr_kept_bill_free(answer->candidates[c].bill);
        }
        g_free(answer->rest);
        hr_kept_bill_free(answer->staged.bill);
        g_free(answer->runs);
        g_free(answer->candidates);
        g_free(answer->periods);
        g_free(answer->staged.periods);
        hr_cost_clear(&answer->cost);
        hr_cost_clear(&answer->staged.cost);
        hr_cost_clear(&answer->floor.cost);
        g_free(answer->floor.difference);
        g_free(answer->failure_outcome);
        g_free(answer->binding);
        g_free(answer->next_smaller);
        for (uint32_t k = 0; k < answer->n_keep; k++) {
            hr_keep_option_clear(&answer->keep[k]);
        }
        g_free(answer->keep);
    }
    g_free(result->answers);
    g_free(result->platforms);
    hr_guests_free(result->guests);
    hr_changes_clear(&result->changes);
    *result = (struct hr_size_result){0};
}
