/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which prices are varied together, and what is said of the result. */
#include <math.h>
#include <string.h>

#include "study/change_parts.h"

enum { CHEAPER, DEARER, SIDES };

/* What hr_flip_side reckons the bound of the clusters never simulated from. */
struct rest {
    const struct hr_cost_params *params;
    GPtrArray *bills;    /* struct hr_kept_bill *, owned */
    GPtrArray *clusters; /* const struct hr_cluster_spec *, of each of them */
};

/* With --flips so many of them are simulated to settle a doubt. */
enum { MOST_SIMULATED = 16 };

struct comparison {
    const struct hr_searched *of[SIDES];
    const struct hr_size_options *options;
    struct hr_prices prices;
    struct hr_flip_side side[SIDES];
    GPtrArray *bills[SIDES]; /* const struct hr_kept_bill *, of clusters that hold */
    struct rest rest[SIDES];
    struct hr_cost cost[SIDES]; /* of the answers */
    GPtrArray *asked[SIDES];    /* const struct hr_price *, all that these bills ask for */
    GArray *flips;
    GPtrArray *settled; /* struct hr_kept_bill *, of clusters simulated for a doubt; owned */
    int n_left;         /* clusters that may still be simulated */
};

/* Prices that go up and down together, and the one that is named. */
struct group {
    const char *input;
    char *what;
    const struct hr_price *named;
    double per; /* the value is the named price over this: GiB of a module */
    const char *unit;
    bool down, up; /* in which direction it is looked */
};

/* ---- the two sides ---- */

static int64_t least_bound(const void *context, const struct hr_prices *prices)
{
    const struct rest *rest = context;
    int64_t least = INT64_MAX;
    for (guint i = 0; i < rest->bills->len; i++) {
        const struct hr_kept_bill *bill = g_ptr_array_index(rest->bills, i);
        int64_t cents = hr_kept_bill_tco_cents(bill, rest->params, prices);
        least = cents >= 0 ? MIN(least, cents) : least;
    }
    return least;
}

static void free_bill(gpointer bill)
{
    hr_kept_bill_free(bill);
}

/* Where hosts are bought in stages that plan alone is priced again: other clusters have none.
 */
static void set_side(struct comparison *c, int s, const struct hr_searched *of)
{
    const struct hr_size_answer *answer = of->answer;
    bool is_staged = c->options->buy_staged && answer->staged.n_stages > 0;
    c->of[s] = of;
    c->bills[s] = g_ptr_array_new();
    c->rest[s] = (struct rest){.params = &c->options->cost,
                               .bills = g_ptr_array_new_with_free_func(free_bill),
                               .clusters = g_ptr_array_new()};
    if (is_staged) {
        g_ptr_array_add(c->bills[s], answer->staged.bill);
    }
    for (uint32_t k = 0; !is_staged && k < answer->n_candidates; k++) {
        if (answer->candidates[k].bill != NULL) {
            g_ptr_array_add(c->bills[s], answer->candidates[k].bill);
        }
    }
    for (uint32_t k = 0; !is_staged && k < answer->n_rest; k++) {
        g_ptr_array_add(c->rest[s].bills,
                        hr_keep_unsimulated(of->search, &answer->rest[k].cluster));
        g_ptr_array_add(c->rest[s].clusters, &answer->rest[k].cluster);
    }
    c->side[s] =
        (struct hr_flip_side){.bills = (const struct hr_kept_bill *const *)c->bills[s]->pdata,
                              .n_bills = c->bills[s]->len,
                              .rest_cents = least_bound,
                              .context = &c->rest[s]};
    c->asked[s] = hr_prices_asked(hr_size_bill(answer, c->options->buy_staged),
                                  &c->options->cost, &c->prices, &c->cost[s]);
}

static void clear_side(struct comparison *c, int s)
{
    g_ptr_array_unref(c->bills[s]);
    g_ptr_array_unref(c->rest[s].bills);
    g_ptr_array_unref(c->rest[s].clusters);
    hr_cost_clear(&c->cost[s]);
    g_clear_pointer(&c->asked[s], g_ptr_array_unref);
}

/* ---- what is said ---- */

/* "1.25 USD": a price of the group's unit. */
static char *price_text(const struct comparison *c, double value)
{
    return g_strdup_printf("%.*f %s", value < 1.0 ? 4 : 2, value, c->prices.currency);
}

/* Up to where a doubt about clusters that were not simulated does not reach. */
static char *sure_text(const struct comparison *c, double value,
                       const struct hr_flip_point *point)
{
    g_autofree char *sure = price_text(c, value * point->sure_factor);
    return point->sure_factor != 1.0 ? g_strdup_printf("surely not before %s", sure)
                                     : g_strdup("perhaps at once");
}

/* What a cluster that was not simulated could do to a flip. Owner: the caller. */
static char *doubt_text(const struct comparison *c, double value,
                        const struct hr_flip_point *point)
{
    g_autofree char *sure = sure_text(c, value, point);
    switch (point->certainty) {
    case HR_CERTAIN:
        break;
    case HR_NOT_BEFORE:
        return g_strdup("; not before, later if a cluster not simulated holds");
    case HR_AT_THE_LATEST:
        return g_strdup_printf("; at the latest, %s if a cluster not simulated holds", sure);
    case HR_ABOUT:
        return g_strdup_printf("; about, %s if a cluster not simulated holds", sure);
    case HR_CERTAINTY__COUNT:
        break;
    }
    return g_strdup("");
}

static char *flip_text(const struct comparison *c, const struct group *group, double value,
                       const struct hr_flip_point *point)
{
    g_autofree char *now = price_text(c, value);
    g_autofree char *then = price_text(c, value * point->factor);
    g_autofree char *doubt = doubt_text(c, value, point);
    return g_strdup_printf("from %s per %s %s (now %s%s)%s", then, group->unit,
                           point->factor > 1.0 ? "up" : "down", now,
                           hr_price_is_starred(group->named) ? "*" : "", doubt);
}

/* The order does not change; down and up: how far that is sure in each direction. */
static char *never_text(const struct comparison *c, const struct group *group, double value,
                        const struct hr_flip_point *down, const struct hr_flip_point *up)
{
    g_autofree char *now = price_text(c, value);
    const char *star = hr_price_is_starred(group->named) ? "*" : "";
    bool sure = down->certainty == HR_CERTAIN && up->certainty == HR_CERTAIN;
    g_autofree char *low = price_text(c, value * down->sure_factor);
    g_autofree char *high = price_text(c, value * up->sure_factor);
    g_autofree char *range = !group->up     ? g_strdup_printf("down to %s", low)
                             : !group->down ? g_strdup_printf("up to %s", high)
                                            : g_strdup_printf("from %s to %s", low, high);
    return g_strdup_printf("%s, %s per %s (now %s%s)%s", sure ? "never" : "surely not", range,
                           group->unit, now, star,
                           sure ? "" : "; beyond, perhaps, if a cluster not simulated holds");
}

static void add_flip(struct comparison *c, const struct group *group,
                     const struct hr_flip_point *point, char *text)
{
    double value = hr_decimal_to_double(group->named->price) / group->per;
    struct hr_flip flip = {
        .input = group->input,
        .what = g_strdup(group->what),
        .cheaper = c->of[CHEAPER]->answer->platform,
        .dearer = c->of[DEARER]->answer->platform,
        .price_id = group->named->id,
        .unit = g_strdup(group->unit),
        .value = value,
        .starred = hr_price_is_starred(group->named),
        .flip_value = point->factor > 0.0 ? value * point->factor : (double)NAN,
        .factor = point->factor,
        .certainty = point->certainty,
    };
    flip.text = text;
    g_array_append_val(c->flips, flip);
}

/* ---- doubts ---- */

/* The cluster not simulated that costs least at these prices. */
static guint least_of_rest(const struct rest *rest, const struct hr_prices *prices)
{
    guint least = 0;
    int64_t least_cents = INT64_MAX;
    for (guint i = 0; i < rest->bills->len; i++) {
        int64_t cents =
            hr_kept_bill_tco_cents(g_ptr_array_index(rest->bills, i), rest->params, prices);
        if (cents >= 0 && cents < least_cents) {
            least = i;
            least_cents = cents;
        }
    }
    return least;
}

/* Simulates the cluster that casts the doubt: it joins those that hold, or is out. */
static void settle(struct comparison *c, int s, double factor, struct hr_scaled_prices *scaled)
{
    const struct hr_search *search = c->of[s]->search;
    struct rest *rest = &c->rest[s];
    hr_scaled_prices_set(scaled, factor);
    guint which = least_of_rest(rest, &scaled->prices);
    hr_scaled_prices_set(scaled, 1.0);
    const struct hr_cluster_spec *cluster = g_ptr_array_index(rest->clusters, which);
    hr_progress_say(c->options->progress, "%s: would %d × %s change the order?",
                    search->platform->name, cluster->n_hosts, cluster->server->id);
    struct hr_evaluation evaluation = {0};
    struct hr_priced priced = {0};
    hr_evaluate(search, cluster, &evaluation);
    if (evaluation.verdict == HR_VERDICT_FEASIBLE &&
        hr_price_cluster(search, cluster, evaluation.runs, evaluation.n_runs, &priced, NULL)) {
        g_ptr_array_add(c->bills[s], priced.bill);
        g_ptr_array_add(c->settled, g_steal_pointer(&priced.bill));
        c->side[s].bills = (const struct hr_kept_bill *const *)c->bills[s]->pdata;
        c->side[s].n_bills = c->bills[s]->len;
    }
    hr_priced_clear(&priced);
    hr_evaluation_clear(&evaluation);
    g_ptr_array_remove_index(rest->bills, which);
    g_ptr_array_remove_index(rest->clusters, which);
    c->n_left--;
}

/* The flip in one direction, its doubts settled as far as that is asked for. */
static struct hr_flip_point find(struct comparison *c, struct hr_scaled_prices *scaled,
                                 bool upwards)
{
    for (;;) {
        struct hr_flip_point point = hr_flip_find(&c->side[CHEAPER], &c->side[DEARER],
                                                  &c->options->cost, scaled, upwards);
        if (point.certainty == HR_CERTAIN || c->n_left <= 0) {
            return point;
        }
        if (point.doubt_factor > 0.0) {
            settle(c, DEARER, point.doubt_factor, scaled);
        } else {
            settle(c, CHEAPER, point.factor, scaled);
        }
    }
}

/* One row per direction in which the order changes; one that says never where it does in none.
 */
static void look(struct comparison *c, const struct group *group,
                 struct hr_scaled_prices *scaled)
{
    const double value = hr_decimal_to_double(group->named->price) / group->per;
    struct hr_flip_point point[2] = {{.sure_factor = 1.0}, {.sure_factor = 1.0}};
    bool found = false;
    for (int upwards = 0; upwards < 2; upwards++) {
        if (!(upwards ? group->up : group->down)) {
            continue;
        }
        point[upwards] = find(c, scaled, upwards == 1);
        if (point[upwards].factor > 0.0) {
            found = true;
            add_flip(c, group, &point[upwards], flip_text(c, group, value, &point[upwards]));
        }
    }
    if (!found) {
        bool sure = point[0].certainty == HR_CERTAIN && point[1].certainty == HR_CERTAIN;
        const struct hr_flip_point never = {.certainty = sure ? HR_CERTAIN : HR_AT_THE_LATEST};
        add_flip(c, group, &never, never_text(c, group, value, &point[0], &point[1]));
    }
}

/* ---- groups ---- */

/* The price of a category that costs most, in one bill. NULL: none. */
static const struct hr_price *main_price(const struct comparison *c, int side,
                                         enum hr_cost_category category)
{
    const struct hr_cost_line *most = NULL;
    for (size_t i = 0; i < c->cost[side].n_lines; i++) {
        const struct hr_cost_line *line = &c->cost[side].lines[i];
        if (line->category == category && line->price_id[0] != '\0' &&
            (most == NULL || line->amount_cents > most->amount_cents)) {
            most = line;
        }
    }
    return most != NULL ? c->prices.get(c->prices.table, most->price_id) : NULL;
}

static const struct hr_price *main_price_of_either(const struct comparison *c,
                                                   enum hr_cost_category category)
{
    const struct hr_price *price = main_price(c, CHEAPER, category);
    return price != NULL ? price : main_price(c, DEARER, category);
}

static void add_category(const struct comparison *c, int side, enum hr_cost_category category,
                         struct hr_scaled_prices *scaled)
{
    for (size_t i = 0; i < c->cost[side].n_lines; i++) {
        const struct hr_cost_line *line = &c->cost[side].lines[i];
        if (line->category == category) {
            hr_scaled_prices_add(scaled, line->price_id);
        }
    }
}

/* All modules that any cluster of the study could have. */
static void look_at_memory(struct comparison *c)
{
    const struct hr_cluster_spec *cluster = &c->of[CHEAPER]->answer->cluster;
    struct hr_scaled_prices scaled;
    hr_scaled_prices_init(&scaled, &c->prices);
    char id[128];
    for (size_t p = 0; p < G_N_ELEMENTS(c->of); p++) {
        for (const struct hr_server **s = c->of[p]->search->servers; *s != NULL; s++) {
            for (size_t m = 0; m < (*s)->n_memory; m++) {
                hr_cost_dimm_id(&c->options->cost, *s, (*s)->memory[m].dimm_gib, id, sizeof id);
                hr_scaled_prices_add(&scaled, id);
            }
        }
    }
    hr_cost_dimm_id(&c->options->cost, cluster->server, cluster->memory.dimm_gib, id,
                    sizeof id);
    struct group group = {.input = "memory",
                          .what = "memory",
                          .named = c->prices.get(c->prices.table, id),
                          .per = cluster->memory.dimm_gib,
                          .unit = "GiB",
                          .down = true,
                          .up = true};
    if (group.named != NULL) {
        look(c, &group, &scaled);
    }
    hr_scaled_prices_clear(&scaled);
}

/* Of the cheaper platform upwards, of the dearer one downwards. */
static void look_at_licence(struct comparison *c, int side)
{
    const struct hr_platform *platform = c->of[side]->answer->platform;
    struct group group = {.input = side == CHEAPER ? "licence_of_cheaper" : "licence_of_dearer",
                          .named = main_price(c, side, HR_COST_PLATFORM),
                          .per = 1.0,
                          .down = side == DEARER,
                          .up = side == CHEAPER};
    if (group.named == NULL) {
        return;
    }
    group.unit = group.named->unit;
    group.what = g_strdup_printf("licences of %s", platform->name);
    struct hr_scaled_prices scaled;
    hr_scaled_prices_init(&scaled, &c->prices);
    add_category(c, side, HR_COST_PLATFORM, &scaled);
    for (size_t i = 0; i < platform->n_licences; i++) {
        if (platform->licences[i].price_id != NULL) {
            hr_scaled_prices_add(&scaled, platform->licences[i].price_id);
        }
    }
    look(c, &group, &scaled);
    hr_scaled_prices_clear(&scaled);
    g_free(group.what);
}

/* The start that the price ids of all editions of a generation have in common. */
static size_t generation_length(const char *id)
{
    static const char *const editions[] = {"-standard", "-enterprise", "-datacenter"};
    for (size_t i = 0; i < G_N_ELEMENTS(editions); i++) {
        const char *at = strstr(id, editions[i]);
        if (at != NULL) {
            return (size_t)(at - id) + 1;
        }
    }
    return strlen(id);
}

/* The edition that is not taken goes along: it was asked for too. */
static void look_at_windows(struct comparison *c)
{
    struct group group = {.input = "windows",
                          .what = "Windows Server licences",
                          .named = main_price_of_either(c, HR_COST_GUEST_OS),
                          .per = 1.0,
                          .down = true,
                          .up = true};
    if (group.named == NULL) {
        return;
    }
    group.unit = group.named->unit;
    struct hr_scaled_prices scaled;
    hr_scaled_prices_init(&scaled, &c->prices);
    size_t n = generation_length(group.named->id);
    for (int s = 0; s < SIDES; s++) {
        add_category(c, s, HR_COST_GUEST_OS, &scaled);
        for (guint i = 0; i < c->asked[s]->len; i++) {
            const struct hr_price *price = g_ptr_array_index(c->asked[s], i);
            if (strncmp(price->id, group.named->id, n) == 0) {
                hr_scaled_prices_add(&scaled, price->id);
            }
        }
    }
    look(c, &group, &scaled);
    hr_scaled_prices_clear(&scaled);
}

static void look_at_category(struct comparison *c, enum hr_cost_category category,
                             const char *input, const char *what)
{
    g_autofree char *words = g_strdup(what);
    struct group group = {.input = input,
                          .what = words,
                          .named = main_price_of_either(c, category),
                          .per = 1.0,
                          .down = true,
                          .up = true};
    if (group.named == NULL) {
        return;
    }
    group.unit = group.named->unit;
    struct hr_scaled_prices scaled;
    hr_scaled_prices_init(&scaled, &c->prices);
    add_category(c, CHEAPER, category, &scaled);
    add_category(c, DEARER, category, &scaled);
    look(c, &group, &scaled);
    hr_scaled_prices_clear(&scaled);
}

void hr_find_price_flips(const struct hr_searched *cheaper, const struct hr_searched *dearer,
                         GArray *flips)
{
    struct comparison c = {.options = cheaper->search->options,
                           .prices = hr_prices_of_book(cheaper->search->book),
                           .flips = flips,
                           .settled = g_ptr_array_new_with_free_func(free_bill),
                           .n_left =
                               cheaper->search->options->search_growth ? MOST_SIMULATED : 0};
    set_side(&c, CHEAPER, cheaper);
    set_side(&c, DEARER, dearer);
    if (c.asked[CHEAPER] != NULL && c.asked[DEARER] != NULL) {
        look_at_memory(&c);
        look_at_licence(&c, CHEAPER);
        look_at_licence(&c, DEARER);
        look_at_windows(&c);
        look_at_category(&c, HR_COST_POWER, "electricity", "electricity");
        look_at_category(&c, HR_COST_LABOUR, "labour", "an hour of administration");
    }
    clear_side(&c, CHEAPER);
    clear_side(&c, DEARER);
    g_ptr_array_unref(c.settled);
}
