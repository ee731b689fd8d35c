/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/pool.h - tasks by number on several threads. Which thread does which task, and when,
 * changes no result: a task writes only into the slot of its number, and slots are read in
 * order. */
#ifndef HR_STUDY_POOL_H
#define HR_STUDY_POOL_H

#include <stdint.h>

/* Does task number index; context is shared by all and read-only but for slot index. */
typedef void (*hr_task)(void *context, uint32_t index);

/* Processors the program may use. */
int hr_pool_processors(void);

/* Runs tasks 0 … n_tasks − 1 on at most n_threads threads; returns when all are done. One
 * thread: in order, on the caller's own. */
void hr_pool_run(int n_threads, uint32_t n_tasks, hr_task task, void *context);

#endif
