/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/bench.h - what the parts of the benchmark share.
 *
 * A part measures one thing and prints its figures as lines "name value unit". Each runs in a
 * process of its own, so that its peak memory is its own. Where two things are compared they
 * take turns within one process and the least of several times counts: what else the machine
 * does then hits both, and the ratio holds where the times themselves do not.
 */
#ifndef HR_TESTS_BENCH_H
#define HR_TESTS_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

struct bench_part {
    const char *name;
    const char *const *lines; /* the names it prints, NULL-terminated */
    bool only_by_name;        /* not among those that run when none is asked for */
    /* quick: as little work as yields every line. */
    void (*run)(bool quick);
};

extern const struct bench_part bench_queue;
extern const struct bench_part bench_host;
extern const struct bench_part bench_pressed;
extern const struct bench_part bench_load;
extern const struct bench_part bench_cluster_static;
extern const struct bench_part bench_cluster_overcommit;
extern const struct bench_part bench_cluster_dynamic;
extern const struct bench_part bench_placement;
extern const struct bench_part bench_study;
extern const struct bench_part bench_store;
extern const struct bench_part bench_sweep;

void bench_print(const char *name, double value, const char *unit);

/* Processor time of this process, and time that passes; seconds from a fixed moment. */
double bench_cpu_s(void);
double bench_wall_s(void);

/* The most memory that this process ever held. */
double bench_peak_mib(void);

/* Ends the process with the message when error is set, or when what does not hold. */
void bench_must(bool holds, const char *what, const GError *error);

/* A new folder for a part's files; bench_folder_remove() removes it with them. */
char *bench_folder_new(void);
void bench_folder_remove(char *folder);

#endif
