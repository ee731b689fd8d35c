/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/error.h - errors of the world (files, arguments, disk, database) and assertions of bugs.
 *
 * Functions that can fail return bool with a GError ** as the last parameter; on failure their
 * out-parameters are untouched. Each level may add where it was with g_prefix_error().
 */
#ifndef HR_BASE_ERROR_H
#define HR_BASE_ERROR_H

#include <stdint.h>

#include <glib.h>

#define HR_ERROR (hr_error_quark())
GQuark hr_error_quark(void);

/* The codes are the exit statuses of the command line. */
enum hr_error_code {
    HR_ERROR_FAILED = 1,       /* it failed while working: disk full, damaged database */
    HR_ERROR_USAGE = 2,        /* the words of the call are off */
    HR_ERROR_INPUT = 3,        /* an input is invalid; the findings stand in the hr_diag */
    HR_ERROR_NO_ANSWER = 4,    /* done, but the answer is no */
    HR_ERROR_INTERRUPTED = 130 /* stopped by the user */
};

/* Where a simulation was, for the message of a failed assertion. */
struct hr_where {
    uint64_t seed;
    uint32_t replication;
    int64_t t_us;      /* simulated time */
    const char *event; /* what was being handled; borrowed */
};

/* Aborts with expression, file and line when x is false; always compiled in. */
#define hr_assert(x) ((x) ? (void)0 : hr_assert_fail(#x, __FILE__, __LINE__, NULL))
/* The same inside a run: the first line of the failure says how to reproduce it. */
#define hr_assert_at(where, x) ((x) ? (void)0 : hr_assert_fail(#x, __FILE__, __LINE__, (where)))

_Noreturn void hr_assert_fail(const char *expression, const char *file, int line,
                              const struct hr_where *where);

#endif
