/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine/erlang.h - waiting in a queue with several servers (M/M/c; Erlang 1917).
 *
 * Offered load a = arrival rate × mean service time, any real number >= 0: the mean number of
 * busy servers. All functions rise continuously with it. Cost: a few nanoseconds per server.
 * Stable from 1 to thousands of servers.
 */
#ifndef HR_ENGINE_ERLANG_H
#define HR_ENGINE_ERLANG_H

/* Probability that an arrival must wait. Requires: servers >= 1, offered_load >= 0.
 * Returns: 0 to 1; 1 when offered_load >= servers. */
double hr_erlang_c(int servers, double offered_load);

/* Mean wait in the queue, before service, in the unit of service_s. The same requirements.
 * Returns: INFINITY when offered_load >= servers and service_s > 0. */
double hr_mmc_wait(int servers, double offered_load, double service_s);

#endif
