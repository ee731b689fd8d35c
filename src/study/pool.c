/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <glib.h>

struct work {
    atomic_uint next;
    uint32_t n_tasks;
    hr_task task;
    void *context;
};

static void *work_off(void *argument)
{
    struct work *work = argument;
    for (;;) {
        uint32_t index = atomic_fetch_add(&work->next, 1U);
        if (index >= work->n_tasks) {
            return NULL;
        }
        work->task(work->context, index);
    }
}

int hr_pool_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 256 ? 256 : (int)n;
}

void hr_pool_run(int n_threads, uint32_t n_tasks, hr_task task, void *context)
{
    struct work work = {.n_tasks = n_tasks, .task = task, .context = context};
    atomic_init(&work.next, 0U);
    int n_helpers = MIN(n_threads, (int)MIN(n_tasks, 256U)) - 1;
    g_autofree pthread_t *threads = g_new0(pthread_t, (gsize)MAX(1, n_helpers));
    int n_started = 0;
    /* A thread that cannot be started is no loss: the others do its share. */
    while (n_started < n_helpers &&
           pthread_create(&threads[n_started], NULL, work_off, &work) == 0) {
        n_started++;
    }
    (void)work_off(&work);
    for (int i = 0; i < n_started; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}
