/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps of the licence bill: in which month of the horizon it jumps, and what one host, guest,
 * core or server more would cost. The bill itself says so, priced again and again: whatever
 * rule of the catalogue makes a step, it is seen here. */
#include <math.h>
#include <string.h>

#include "study/change_parts.h"

/* So many Windows guests more, and times as many cores, are looked at. */
enum { MOST_GUESTS_MORE = 200, MOST_TIMES_CORES = 4 };

/* The cluster of the answer, with numbers that may be changed. */
struct shape {
    struct hr_server server;
    int n_hosts;
    uint32_t n_guests, n_windows;
};

struct licences {
    struct hr_cost cost;            /* of one year, undiscounted */
    int64_t once_cents, year_cents; /* of the licences in it */
};

struct walk {
    const struct hr_searched *of;
    const struct hr_cost_input *end; /* the answer's input at the end of the horizon */
    struct hr_prices prices;
    struct hr_cost_params params;
    GArray *cliffs;
};

static bool is_licence(enum hr_cost_category category)
{
    return category == HR_COST_PLATFORM || category == HR_COST_GUEST_OS ||
           category == HR_COST_BACKUP;
}

/* The most Windows guests a host may hold: in proportion to what the runs of the end showed,
 * and no less than spread evenly over the survivors. */
static uint32_t most_windows(const struct walk *w, const struct shape *s)
{
    uint32_t survivors = hr_survivors(s->n_hosts, w->of->search->options->spare_hosts);
    uint32_t even = (s->n_windows + survivors - 1) / survivors;
    const struct hr_cost_input *end = w->end;
    if (s->n_hosts != end->n_hosts || end->n_windows_guests == 0 || end->windows_max == NULL) {
        return even;
    }
    double share = (double)end->windows_max[0] / end->n_windows_guests;
    return MAX(even, (uint32_t)ceil(share * s->n_windows - 1e-9));
}

/* So many guests, of whom those of the end are known; what there are more is like them, in
 * their order. Returns: the caller's; NULL where none is known. */
static struct hr_scenario_guest *guests_of(const struct walk *w, const struct shape *s)
{
    if (w->end->guests == NULL || w->end->n_guests == 0) {
        return NULL;
    }
    struct hr_scenario_guest *guests = g_new(struct hr_scenario_guest, s->n_guests);
    for (uint32_t g = 0; g < s->n_guests; g++) {
        guests[g] = w->end->guests[g % w->end->n_guests];
    }
    return guests;
}

/* Returns: false where the shape cannot be priced. Owner of *out: the caller. */
static bool licences_of(const struct walk *w, const struct shape *s, struct licences *out)
{
    g_autofree uint32_t *windows_max = g_new(uint32_t, (gsize)s->n_hosts);
    uint32_t most = most_windows(w, s);
    for (int h = 0; h < s->n_hosts; h++) {
        windows_max[h] = most;
    }
    struct hr_cost_input input = *w->end;
    input.server = &s->server;
    input.n_hosts = s->n_hosts;
    input.n_guests = s->n_guests;
    g_autofree struct hr_scenario_guest *guests = guests_of(w, s);
    input.guests = guests;
    input.n_windows_guests = s->n_windows;
    input.windows_max = windows_max;
    input.periods = NULL;
    input.n_periods = 0;
    *out = (struct licences){0};
    if (!hr_cost_compute_from(&input, &w->params, &w->prices, &out->cost, NULL)) {
        return false;
    }
    for (size_t i = 0; i < out->cost.n_lines; i++) {
        const struct hr_cost_line *line = &out->cost.lines[i];
        if (is_licence(line->category)) {
            *(line->is_capex ? &out->once_cents : &out->year_cents) += line->cash_cents;
        }
    }
    return true;
}

static bool costs_more(const struct licences *before, const struct licences *after)
{
    return after->once_cents + after->year_cents > before->once_cents + before->year_cents;
}

static bool is_other_edition(const struct licences *before, const struct licences *after)
{
    return g_strcmp0(before->cost.windows_edition, after->cost.windows_edition) != 0;
}

/* ---- in words ---- */

static const struct hr_cost_line *find_line(const struct hr_cost *cost,
                                            const struct hr_cost_line *like)
{
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        if (line->is_capex == like->is_capex && strcmp(line->price_id, like->price_id) == 0 &&
            strcmp(line->item, like->item) == 0) {
            return line;
        }
    }
    return NULL;
}

static void append_change(GString *text, const struct hr_cost_line *line, hr_decimal before,
                          hr_decimal after)
{
    char from[32];
    char to[32];
    g_string_append_printf(text, "%s%s %s → %s %s", text->len > 0 ? ", " : "", line->item,
                           hr_decimal_format(before, from), hr_decimal_format(after, to),
                           line->unit);
}

/* "VMS Pro 3 → 4 host-year". Owner: the caller. */
static char *units_text(const struct licences *before, const struct licences *after)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < before->cost.n_lines; i++) {
        const struct hr_cost_line *line = &before->cost.lines[i];
        if (is_licence(line->category) && find_line(&after->cost, line) == NULL) {
            append_change(text, line, line->units, 0);
        }
    }
    for (size_t i = 0; i < after->cost.n_lines; i++) {
        const struct hr_cost_line *line = &after->cost.lines[i];
        const struct hr_cost_line *old = find_line(&before->cost, line);
        hr_decimal units = old != NULL ? old->units : 0;
        if (is_licence(line->category) && units != line->units) {
            append_change(text, line, units, line->units);
        }
    }
    return g_string_free(text, FALSE);
}

static void add(const struct walk *w, int month, const char *event,
                const struct licences *before, const struct licences *after, char *text)
{
    struct hr_cliff cliff = {.platform = w->of->answer->platform,
                             .month = month,
                             .event = event,
                             .extra_cents = after->once_cents - before->once_cents,
                             .extra_year_cents = after->year_cents - before->year_cents};
    cliff.text = text;
    g_array_append_val(w->cliffs, cliff);
}

/* ---- the months ---- */

static int hosts_at(const struct walk *w, int month)
{
    const struct hr_staged *staged = &w->of->answer->staged;
    int n = w->end->n_hosts;
    if (w->of->search->options->buy_staged && staged->n_stages > 0) {
        for (uint32_t k = 0; k < staged->n_stages && staged->stages[k].month <= month; k++) {
            n = staged->stages[k].n_hosts;
        }
    }
    return n;
}

static void shape_at(const struct walk *w, int month, struct shape *out)
{
    struct hr_guests *guests = hr_guests_at(w->of->search, month);
    *out = (struct shape){.server = *w->end->server,
                          .n_hosts = hosts_at(w, month),
                          .n_guests = guests->n_running,
                          .n_windows = guests->n_windows_server_running};
    hr_guests_free(guests);
}

static char *month_text(const struct shape *s, const struct licences *before,
                        const struct licences *after)
{
    g_autofree char *units = units_text(before, after);
    g_autofree char *edition =
        is_other_edition(before, after)
            ? g_strdup_printf("; Windows Server %s is the cheaper edition from here on",
                              after->cost.windows_edition)
            : g_strdup("");
    return g_strdup_printf("with %u guests, %u of them of Windows Server, on %d hosts: %s%s",
                           s->n_guests, s->n_windows, s->n_hosts, units, edition);
}

/* A cluster that the platform's terms refuse in that month. */
static bool note_refused(const struct walk *w, int month, const struct shape *s)
{
    const struct hr_cluster_spec cluster = {
        .server = &s->server, .memory = w->end->memory, .n_hosts = s->n_hosts};
    g_autofree char *why = hr_platform_excludes(w->of->answer->platform, &cluster, s->n_guests);
    if (why == NULL) {
        return false;
    }
    const struct licences none = {0};
    add(w, month, "not_allowed", &none, &none,
        g_strdup_printf("%d hosts, %u guests: %s", s->n_hosts, s->n_guests, why));
    return true;
}

static bool same_shape(const struct shape *a, const struct shape *b)
{
    return a->n_hosts == b->n_hosts && a->n_guests == b->n_guests &&
           a->n_windows == b->n_windows;
}

static void walk_months(const struct walk *w)
{
    struct shape before;
    struct licences paid;
    shape_at(w, 0, &before);
    bool refused = note_refused(w, 0, &before);
    if (!hr_size_grows(w->of->search->options) || !licences_of(w, &before, &paid)) {
        return;
    }
    for (int month = 1; month <= 12 * w->of->search->options->cost.years; month++) {
        struct shape now;
        struct licences due;
        shape_at(w, month, &now);
        refused = refused || note_refused(w, month, &now);
        if (same_shape(&before, &now) || !licences_of(w, &now, &due)) {
            continue;
        }
        bool other = is_other_edition(&paid, &due);
        if (other || costs_more(&paid, &due)) {
            add(w, month, other ? "edition" : "licences", &paid, &due,
                month_text(&now, &paid, &due));
        }
        hr_cost_clear(&paid.cost);
        paid = due;
        before = now;
    }
    hr_cost_clear(&paid.cost);
}

/* ---- one more ---- */

static struct shape shape_of_end(const struct walk *w)
{
    return (struct shape){.server = *w->end->server,
                          .n_hosts = w->end->n_hosts,
                          .n_guests = w->end->n_guests,
                          .n_windows = w->end->n_windows_guests};
}

static void one_host_more(const struct walk *w, const struct licences *now)
{
    struct shape more = shape_of_end(w);
    struct licences due;
    more.n_hosts++;
    if (note_refused(w, -1, &more) || !licences_of(w, &more, &due)) {
        return;
    }
    if (costs_more(now, &due)) {
        g_autofree char *units = units_text(now, &due);
        add(w, -1, "host", now, &due, g_strdup_printf("host %d: %s", more.n_hosts, units));
    }
    hr_cost_clear(&due.cost);
}

/* The first guest more that costs a licence, of Windows Server where there are such, the one
 * with which another edition becomes the cheaper, and the one that the terms refuse. */
static void guests_more(const struct walk *w, const struct licences *now)
{
    struct shape more = shape_of_end(w);
    bool has_step = false;
    bool has_edition = false;
    const char *what = more.n_windows > 0 ? "Windows Server guest" : "guest";
    uint32_t *counted = more.n_windows > 0 ? &more.n_windows : &more.n_guests;
    for (uint32_t k = 1; k <= MOST_GUESTS_MORE && !has_edition; k++) {
        struct licences due;
        more.n_guests++;
        more.n_windows += more.n_windows > 0 ? 1 : 0;
        if (note_refused(w, -1, &more) || !licences_of(w, &more, &due)) {
            return;
        }
        g_autofree char *units = units_text(now, &due);
        if (!has_step && costs_more(now, &due)) {
            has_step = true;
            add(w, -1, "guest", now, &due,
                g_strdup_printf("%s %u, %u more than now: %s", what, *counted, k, units));
        }
        if (is_other_edition(now, &due)) {
            has_edition = true;
            add(w, -1, "edition", now, &due,
                g_strdup_printf("Windows Server guest %u, up to %u on a host: %s is cheaper "
                                "than %s (%s)",
                                more.n_windows, most_windows(w, &more),
                                due.cost.windows_edition, now->cost.windows_edition, units));
        }
        hr_cost_clear(&due.cost);
    }
}

/* The next core of a processor that is not covered by what is licensed already. */
static void cores_more(const struct walk *w, const struct licences *now)
{
    struct shape more = shape_of_end(w);
    int cores = more.server.cores_per_socket;
    for (int c = cores + 1; c <= cores * MOST_TIMES_CORES; c++) {
        struct licences due;
        more.server.cores_per_socket = c;
        if (!licences_of(w, &more, &due)) {
            return;
        }
        bool more_is_paid = costs_more(now, &due);
        if (more_is_paid) {
            g_autofree char *units = units_text(now, &due);
            g_autofree char *free_of_cost =
                c > cores + 1
                    ? g_strdup_printf("up to %d cores cost no more than %d; ", c - 1, cores)
                    : g_strdup("");
            add(w, -1, "core", now, &due,
                g_strdup_printf("core %d of each processor on %d hosts: %s%s", c, more.n_hosts,
                                free_of_cost, units));
        }
        hr_cost_clear(&due.cost);
        if (more_is_paid) {
            return;
        }
    }
}

/* The server of the study with the fewest cores beyond those of the answer. NULL: none. */
static const struct hr_server *next_server(const struct walk *w)
{
    int cores = hr_server_cores(w->end->server);
    const struct hr_server *next = NULL;
    for (const struct hr_server **s = w->of->search->servers; *s != NULL; s++) {
        if (hr_server_cores(*s) > cores &&
            (next == NULL || hr_server_cores(*s) < hr_server_cores(next))) {
            next = *s;
        }
    }
    return next;
}

static void larger_server(const struct walk *w, const struct licences *now)
{
    const struct hr_server *next = next_server(w);
    struct licences due;
    if (next == NULL) {
        return;
    }
    struct shape more = shape_of_end(w);
    more.server = *next;
    if (!licences_of(w, &more, &due)) {
        return;
    }
    if (costs_more(now, &due)) {
        g_autofree char *units = units_text(now, &due);
        add(w, -1, "server", now, &due,
            g_strdup_printf("%d hosts of %s, %d cores each: %s", more.n_hosts, next->name,
                            hr_server_cores(next), units));
    }
    hr_cost_clear(&due.cost);
}

void hr_find_cliffs(const struct hr_searched *of, GArray *cliffs)
{
    const struct hr_size_options *options = of->search->options;
    const struct hr_kept_bill *bill = hr_size_bill(of->answer, options->buy_staged);
    struct walk w = {.of = of,
                     .end = &bill->stages[bill->n_stages - 1].input,
                     .prices = hr_prices_of_book(of->search->book),
                     .params = options->cost,
                     .cliffs = cliffs};
    w.params.years = 1;
    w.params.discount_rate = 0.0;
    walk_months(&w);
    struct shape end = shape_of_end(&w);
    struct licences now;
    if (licences_of(&w, &end, &now)) {
        one_host_more(&w, &now);
        guests_more(&w, &now);
        cores_more(&w, &now);
        larger_server(&w, &now);
        hr_cost_clear(&now.cost);
    }
}
