/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate/validate.h - the published cases, simulated and compared.
 *
 * Cases are data: none has code of its own, and they go through what every scenario goes
 * through. Owner: hr_cases owns its cases, hr_validation its verdicts; it borrows the cases.
 */
#ifndef HR_VALIDATE_VALIDATE_H
#define HR_VALIDATE_VALIDATE_H

#include <stddef.h>

#include <glib.h>

#include "base/progress.h"
#include "validate/case.h"
#include "validate/judge.h"

struct hr_cases {
    struct hr_case **items; /* in order of their files' names */
    size_t n;
};

/* Reads every *.yaml of a folder. names: only the cases of these names (NULL-terminated; none
 * at all: every case). Returns: false with findings in diag, those of all files, or with
 * *error: HR_ERROR_USAGE when a name is not there. */
bool hr_cases_load(const char *folder, char *const *names, const hr_catalog *catalog,
                   struct hr_cases *out, hr_diag *diag, GError **error);
void hr_cases_clear(struct hr_cases *cases);

struct hr_validation {
    struct hr_verdict *verdicts; /* in order of cases, then as their files have them */
    size_t n;
    size_t n_held;
};

/* Simulates and judges. Returns: false with findings in diag when a case expects what its
 * result does not have, or with *error. *out is then untouched. */
bool hr_validate(const struct hr_cases *cases, int n_threads, hr_progress *progress,
                 struct hr_validation *out, hr_diag *diag, GError **error);
void hr_validation_clear(struct hr_validation *validation);

#endif
