/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate/queueing.h - a queue with Poisson arrivals, exponential service and several servers,
 * simulated with the project's own events and random streams, and what theory says of it. */
#ifndef HR_VALIDATE_QUEUEING_H
#define HR_VALIDATE_QUEUEING_H

#include <stdint.h>

struct hr_queueing {
    double arrivals_per_s;
    double services_per_s; /* of one server */
    int servers;
    uint32_t customers; /* counted */
    uint32_t warm_up;   /* before those; the queue begins empty */
    uint64_t seed;
};

/* Mean wait before service, in seconds, in order of arrival. Streams are named by (seed,
 * replication, entity). Requires: arrivals_per_s < servers · services_per_s. */
double hr_queueing_simulate(const struct hr_queueing *queue, uint32_t replication,
                            uint64_t entity);

/* The same by Erlang's second formula. */
double hr_queueing_theory(const struct hr_queueing *queue);

/* Mean of n values, and the half-width of its interval by Student's t.
 * Requires: n >= 2, 0 < confidence < 1. */
void hr_mean_interval(const double *values, uint32_t n, double confidence, double *mean,
                      double *half_width);

#endif
