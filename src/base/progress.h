/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/progress.h - one line of progress on standard error, drawn only on a terminal.
 *
 * Threads: one owner; workers report through whoever owns it.
 */
#ifndef HR_BASE_PROGRESS_H
#define HR_BASE_PROGRESS_H

#include <stdbool.h>

#include <glib.h>

typedef struct hr_progress hr_progress;

/* quiet: draw nothing whatever the terminal is. */
hr_progress *hr_progress_new(bool quiet);
/* Erases the line. */
void hr_progress_free(hr_progress *progress);
/* Replaces the line; at most ten times a second is drawn. progress: NULL draws nothing. */
void hr_progress_say(hr_progress *progress, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same for what goes on for hours: where nothing is drawn, a line a minute is printed. */
void hr_progress_tell(hr_progress *progress, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_progress, hr_progress_free)

#endif
