/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate/queueing.h"

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_cdf.h>

#include "base/arena.h"
#include "base/units.h"
#include "engine/erlang.h"
#include "engine/queue.h"
#include "engine/rng.h"

enum event_kind { ARRIVAL, DEPARTURE };
enum purpose { PURPOSE_ARRIVAL = 1, PURPOSE_SERVICE = 2 };

/* Who waits, first come first served: times of arrival in a ring. */
struct line {
    int64_t *arrived_us;
    size_t room, first, n;
};

struct system {
    const struct hr_queueing *facts;
    hr_queue *events;
    struct line line;
    struct hr_rng arrivals, services;
    int busy;
    uint32_t n_arrived, n_served;
    double waited_s; /* by those that count */
};

static void line_join(struct line *line, int64_t t_us)
{
    if (line->n == line->room) {
        size_t room = line->room * 2;
        int64_t *wider = g_new(int64_t, room);
        for (size_t i = 0; i < line->n; i++) {
            size_t at = line->first + i;
            wider[i] = line->arrived_us[at < line->room ? at : at - line->room];
        }
        g_free(line->arrived_us);
        *line = (struct line){.arrived_us = wider, .room = room, .n = line->n};
    }
    size_t at = line->first + line->n++;
    line->arrived_us[at < line->room ? at : at - line->room] = t_us;
}

static int64_t line_leave(struct line *line)
{
    int64_t t_us = line->arrived_us[line->first];
    line->first = line->first + 1 < line->room ? line->first + 1 : 0;
    line->n--;
    return t_us;
}

static int64_t exponential_us(struct hr_rng *rng, double rate_per_s)
{
    return hr_s_to_us(-log1p(-hr_rng_uniform(rng)) / rate_per_s);
}

static void push(struct system *s, int64_t t_us, enum event_kind kind)
{
    struct hr_event event = {.t_us = t_us, .kind = kind};
    (void)hr_queue_push(s->events, &event);
}

static void serve(struct system *s, int64_t now_us, int64_t arrived_us)
{
    s->n_served++;
    if (s->n_served > s->facts->warm_up) {
        s->waited_s += hr_us_to_s(now_us - arrived_us);
    }
    push(s, now_us + exponential_us(&s->services, s->facts->services_per_s), DEPARTURE);
}

static void handle(struct system *s, const struct hr_event *event)
{
    uint32_t all = s->facts->warm_up + s->facts->customers;
    if (event->kind == ARRIVAL) {
        if (s->busy < s->facts->servers) {
            s->busy++;
            serve(s, event->t_us, event->t_us);
        } else {
            line_join(&s->line, event->t_us);
        }
        if (++s->n_arrived < all) {
            push(s, event->t_us + exponential_us(&s->arrivals, s->facts->arrivals_per_s),
                 ARRIVAL);
        }
    } else if (s->line.n > 0) {
        serve(s, event->t_us, line_leave(&s->line));
    } else {
        s->busy--;
    }
}

double hr_queueing_simulate(const struct hr_queueing *queue, uint32_t replication,
                            uint64_t entity)
{
    g_autoptr(hr_arena) arena = hr_arena_new(65536);
    struct system s = {.facts = queue,
                       .events = hr_queue_new(arena, (uint32_t)queue->servers + 1),
                       .line = {.arrived_us = g_new(int64_t, 64), .room = 64}};
    hr_rng_init(&s.arrivals, queue->seed, replication, entity, PURPOSE_ARRIVAL);
    hr_rng_init(&s.services, queue->seed, replication, entity, PURPOSE_SERVICE);
    push(&s, exponential_us(&s.arrivals, queue->arrivals_per_s), ARRIVAL);
    struct hr_event event;
    while (hr_queue_pop(s.events, &event)) {
        handle(&s, &event);
    }
    g_free(s.line.arrived_us);
    return s.waited_s / queue->customers;
}

double hr_queueing_theory(const struct hr_queueing *queue)
{
    return hr_mmc_wait(queue->servers, queue->arrivals_per_s / queue->services_per_s,
                       1.0 / queue->services_per_s);
}

void hr_mean_interval(const double *values, uint32_t n, double confidence, double *mean,
                      double *half_width)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        sum += values[i];
    }
    *mean = sum / n;
    double squares = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        squares += (values[i] - *mean) * (values[i] - *mean);
    }
    double t = gsl_cdf_tdist_Pinv(0.5 + confidence / 2.0, (double)n - 1.0);
    *half_width = t * sqrt(squares / (n - 1.0) / n);
}
