/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The customer's limits: what lies beyond them is not looked at; what they cost, or which
 * cluster misses them least, is looked for afterwards. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "study/search.h"

/* A cluster of another vendor misses by more than any number can. */
static const double OTHER_VENDOR = 1000.0;
/* So many clusters beyond the limits are simulated at most. */
enum { MOST_PROBES = 24 };

/* What one cluster asks for. */
struct asked {
    int64_t capex_cents, tco_cents; /* at the least, or exactly */
    bool is_exact;
    double watts;
};

/* How far beyond which limits: reasons in words, and the worst share by which one is missed. */
struct miss {
    GString *reasons;
    double excess;
};

static void add(struct miss *miss, double excess, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void add(struct miss *miss, double excess, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (miss->reasons->len > 0) {
        g_string_append(miss->reasons, "; ");
    }
    g_string_append_vprintf(miss->reasons, format, args);
    va_end(args);
    miss->excess = fmax(miss->excess, excess);
}

static void check_amount(struct miss *miss, const char *what, int64_t cents, int64_t most_cents,
                         bool is_exact)
{
    char asked[32];
    char most[32];
    if (most_cents > 0 && cents > most_cents) {
        add(miss, (double)cents / (double)most_cents - 1.0, "budget: %s of %s%s is over %s",
            what, is_exact ? "" : "at least ", hr_money_format(cents, asked),
            hr_money_format(most_cents, most));
    }
}

static void check_shape(struct miss *miss, const struct hr_limits *limits,
                        const struct hr_cluster_spec *cluster)
{
    const struct hr_server *server = cluster->server;
    int units = cluster->n_hosts * server->rack_units;
    if (limits->rack_units > 0 && units > limits->rack_units) {
        add(miss, (double)units / (double)limits->rack_units - 1.0,
            "rack units: the hosts take %d, at most %" G_GINT64_FORMAT " are wanted", units,
            limits->rack_units);
    }
    if (limits->hosts_most > 0 && cluster->n_hosts > limits->hosts_most) {
        add(miss, (double)cluster->n_hosts / (double)limits->hosts_most - 1.0,
            "hosts: %d, at most %" G_GINT64_FORMAT " are wanted", cluster->n_hosts,
            limits->hosts_most);
    }
    if (limits->sockets > 0 && server->sockets > limits->sockets) {
        add(miss, (double)server->sockets / (double)limits->sockets - 1.0,
            "sockets: %d in a host, at most %" G_GINT64_FORMAT " are wanted", server->sockets,
            limits->sockets);
    }
    if (limits->vendor != NULL && g_ascii_strcasecmp(server->vendor, limits->vendor) != 0) {
        add(miss, OTHER_VENDOR, "vendor: %s, %s is wanted", server->vendor, limits->vendor);
    }
}

/* Returns: the reasons, the caller's, NULL within the limits; *excess: 0 within. */
static char *miss_of(const struct hr_limits *limits, const struct hr_cluster_spec *cluster,
                     const struct asked *asked, double *excess)
{
    struct miss miss = {.reasons = g_string_new(NULL)};
    check_amount(&miss, "capital cost", asked->capex_cents, limits->budget_capex_cents,
                 asked->is_exact);
    check_amount(&miss, "total cost", asked->tco_cents, limits->budget_tco_cents,
                 asked->is_exact);
    check_shape(&miss, limits, cluster);
    if (limits->watts > 0.0 && asked->watts > limits->watts) {
        add(&miss, asked->watts / limits->watts - 1.0,
            "watts: hosts and storage draw up to %.0f W, at most %.0f W are wanted",
            asked->watts, limits->watts);
    }
    *excess = miss.excess;
    return g_string_free(miss.reasons, miss.reasons->len == 0);
}

static bool ask(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                struct asked *out, GError **error)
{
    struct asked asked = {0};
    if (!hr_price_lower_bounds(search, cluster, &asked.capex_cents, &asked.tco_cents, error) ||
        !hr_price_watts_max(search, cluster, &asked.watts, error)) {
        return false;
    }
    *out = asked;
    return true;
}

bool hr_limits_missed(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                      char **reason, GError **error)
{
    const struct hr_limits *limits = &search->options->limits;
    struct asked asked;
    double excess = 0.0;
    *reason = NULL;
    if (!hr_limits_any(limits)) {
        return true;
    }
    if (!ask(search, cluster, &asked, error)) {
        return false;
    }
    *reason = miss_of(limits, cluster, &asked, &excess);
    return true;
}

char *hr_limits_missed_priced(const struct hr_search *search, const struct hr_cost *cost)
{
    const struct hr_limits *limits = &search->options->limits;
    struct miss miss = {.reasons = g_string_new(NULL)};
    check_amount(&miss, "capital cost", cost->capex_cents, limits->budget_capex_cents, true);
    check_amount(&miss, "total cost", cost->tco_cents, limits->budget_tco_cents, true);
    return g_string_free(miss.reasons, miss.reasons->len == 0);
}

/* ---- what lies beyond ---- */

struct beyond {
    struct hr_cluster_spec cluster;
    int64_t lower_bound_cents;
    double excess;
    char *reason;
};

static void beyond_clear(void *item)
{
    g_free(((struct beyond *)item)->reason);
}

static int compare_bounds(const void *a, const void *b)
{
    const struct beyond *x = a;
    const struct beyond *y = b;
    return x->lower_bound_cents < y->lower_bound_cents   ? -1
           : x->lower_bound_cents > y->lower_bound_cents ? 1
                                                         : 0;
}

static int compare_excess(const void *a, const void *b)
{
    const struct beyond *x = a;
    const struct beyond *y = b;
    return x->excess < y->excess ? -1 : x->excess > y->excess ? 1 : compare_bounds(a, b);
}

/* A cluster that was looked at and turned out dearer than a budget is beyond the limits too. */
static const struct hr_candidate *priced_beyond(const struct hr_size_answer *answer,
                                                const struct hr_cluster_spec *cluster)
{
    for (uint32_t c = 0; c < answer->n_candidates; c++) {
        const struct hr_candidate *tried = &answer->candidates[c];
        if (tried->verdict == HR_VERDICT_EXCLUDED && tried->tco_cents >= 0 &&
            hr_same_cluster(&tried->cluster, cluster)) {
            return tried;
        }
    }
    return NULL;
}

static GArray *all_beyond(const struct hr_search *search, const struct hr_size_answer *answer,
                          const GArray *candidates, GError **error)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct beyond));
    g_array_set_clear_func(all, beyond_clear);
    for (uint32_t c = 0; c < candidates->len; c++) {
        const struct hr_candidate *one = &g_array_index(candidates, struct hr_candidate, c);
        struct beyond item = {.cluster = one->cluster,
                              .lower_bound_cents = one->lower_bound_cents};
        struct asked asked;
        if (!ask(search, &one->cluster, &asked, error)) {
            g_array_free(all, TRUE);
            return NULL;
        }
        const struct hr_candidate *priced = priced_beyond(answer, &one->cluster);
        if (priced != NULL) {
            asked.tco_cents = priced->tco_cents;
            asked.capex_cents = priced->capex_cents;
            asked.is_exact = true;
        }
        item.reason = miss_of(&search->options->limits, &one->cluster, &asked, &item.excess);
        if (item.reason != NULL) {
            g_array_append_val(all, item);
        }
    }
    return all;
}

/* Simulates one, and prices it where it is feasible. */
static bool probe(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                  struct hr_evaluation *evaluation, struct hr_priced *priced, GError **error)
{
    hr_progress_say(search->options->progress, "%s, beyond the limits: %d × %s with %.0f GiB",
                    search->platform->name, cluster->n_hosts, cluster->server->id,
                    hr_mib_to_gib(hr_cluster_physical_mib(cluster)));
    hr_evaluate(search, cluster, evaluation);
    return evaluation->verdict != HR_VERDICT_FEASIBLE ||
           hr_price_cluster(search, cluster, evaluation->runs, evaluation->n_runs, priced,
                            error);
}

/* Of two of one server the one with as few hosts, clearly too slow, spares the other. */
static bool is_known_slow(const GArray *slow, const struct hr_cluster_spec *cluster)
{
    for (uint32_t i = 0; i < slow->len; i++) {
        const struct hr_cluster_spec *one = &g_array_index(slow, struct hr_cluster_spec, i);
        if (one->server == cluster->server && cluster->n_hosts <= one->n_hosts) {
            return true;
        }
    }
    return false;
}

/* What is looked for beyond the limits: the nearest miss, or the cheapest. */
struct quest {
    bool nearest; /* else the cheapest */
    double best;  /* share missed, or cents, of the best so far; at the start, what counts */
    char *reason; /* of the best, by its exact cost; NULL: none yet */
    int64_t tco_cents;
    struct hr_cluster_spec cluster;
};

static bool probe_one(const struct hr_search *search, const struct beyond *item,
                      struct quest *quest, GArray *slow, GError **error)
{
    struct hr_evaluation evaluation = {0};
    struct hr_priced priced = {0};
    struct asked asked = {.is_exact = true};
    bool ok = probe(search, &item->cluster, &evaluation, &priced, error) &&
              hr_price_watts_max(search, &item->cluster, &asked.watts, error);
    if (ok && evaluation.verdict == HR_VERDICT_FEASIBLE) {
        double excess = 0.0;
        asked.capex_cents = priced.cost.capex_cents;
        asked.tco_cents = priced.cost.tco_cents;
        char *reason = miss_of(&search->options->limits, &item->cluster, &asked, &excess);
        double score = quest->nearest ? excess : (double)asked.tco_cents;
        if (reason != NULL && score < quest->best) {
            g_free(quest->reason);
            quest->reason = g_steal_pointer(&reason);
            quest->best = score;
            quest->tco_cents = asked.tco_cents;
            quest->cluster = item->cluster;
        }
        g_free(reason);
    } else if (evaluation.is_clear && evaluation.cause == HR_CAUSE_CPU) {
        g_array_append_val(slow, item->cluster);
    }
    hr_priced_clear(&priced);
    hr_evaluation_clear(&evaluation);
    return ok;
}

/* Looks at clusters in the order of a bound of their score until none can be better. */
static bool seek(const struct hr_search *search, GArray *all, struct quest *quest,
                 GError **error)
{
    g_autoptr(GArray) slow = g_array_new(FALSE, FALSE, sizeof(struct hr_cluster_spec));
    uint64_t most_runs = search->totals->n_runs +
                         (uint64_t)MOST_PROBES * (uint64_t)search->options->replications;
    g_array_sort(all, quest->nearest ? compare_excess : compare_bounds);
    for (uint32_t i = 0; i < all->len && search->totals->n_runs < most_runs; i++) {
        const struct beyond *item = &g_array_index(all, struct beyond, i);
        double bound = quest->nearest ? item->excess : (double)item->lower_bound_cents;
        if (bound >= quest->best) {
            break;
        }
        if (!is_known_slow(slow, &item->cluster) &&
            !probe_one(search, item, quest, slow, error)) {
            return false;
        }
    }
    return true;
}

static char *cluster_text(const struct hr_cluster_spec *cluster)
{
    return g_strdup_printf("%d × %s with %.0f GiB", cluster->n_hosts, cluster->server->name,
                           hr_mib_to_gib(hr_cluster_physical_mib(cluster)));
}

static bool say_nearest(const struct hr_search *search, GArray *all,
                        struct hr_size_answer *answer, GError **error)
{
    struct quest quest = {.nearest = true, .best = (double)INFINITY};
    if (!seek(search, all, &quest, error)) {
        g_free(quest.reason);
        return false;
    }
    g_autofree char *reason = quest.reason;
    g_autofree char *before = g_steal_pointer(&answer->binding);
    if (reason == NULL) {
        answer->binding = g_strdup_printf("nothing within the limits, and none of those beyond "
                                          "that were tried is feasible either (%s)",
                                          before);
        return true;
    }
    g_autofree char *cluster = cluster_text(&quest.cluster);
    answer->binding = g_strdup_printf("nothing within the limits; the nearest miss is %s: %s",
                                      cluster, reason);
    return true;
}

static bool say_binding(const struct hr_search *search, GArray *all,
                        struct hr_size_answer *answer, GError **error)
{
    struct quest quest = {.best = (double)answer->cost.tco_cents};
    if (!seek(search, all, &quest, error)) {
        g_free(quest.reason);
        return false;
    }
    g_autofree char *reason = quest.reason;
    if (reason != NULL) {
        char amount[32];
        g_autofree char *before = g_steal_pointer(&answer->binding);
        g_autofree char *cluster = cluster_text(&quest.cluster);
        answer->binding = g_strdup_printf(
            "%s; and a limit binds, %s: without it %s would do, TCO %s less", before, reason,
            cluster, hr_money_format(answer->cost.tco_cents - quest.tco_cents, amount));
    }
    return true;
}

bool hr_limits_explain(const struct hr_search *search, const GArray *candidates,
                       struct hr_size_answer *answer, GError **error)
{
    if (!hr_limits_any(&search->options->limits)) {
        return true;
    }
    g_autoptr(GArray) all = all_beyond(search, answer, candidates, error);
    if (all == NULL) {
        return false;
    }
    if (all->len == 0) {
        return true;
    }
    return answer->feasible ? say_binding(search, all, answer, error)
                            : say_nearest(search, all, answer, error);
}
