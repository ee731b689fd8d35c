/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate/judge.h - does what was simulated agree with what was published? */
#ifndef HR_VALIDATE_JUDGE_H
#define HR_VALIDATE_JUDGE_H

#include <stdbool.h>

#include <jansson.h>

#include "validate/case.h"

/* One comparison. Owner of the text: itself; hr_verdict_clear(). */
struct hr_verdict {
    const struct hr_case *of; /* borrowed */
    char *what;
    char *unit;
    enum hr_evidence evidence;
    bool is_relation;
    enum hr_relation relation; /* and */
    double than;               /* what it is compared with; else */
    double published, tolerance;
    double simulated;
    bool holds;
};

void hr_verdict_clear(struct hr_verdict *verdict);

/* Judges one expectation by the document of `headroom simulate --json`.
 * Returns: false with a fatal finding at the expectation's line when a path leads nowhere. */
bool hr_judge(const struct hr_case *of, const struct hr_expectation *expectation,
              const json_t *document, struct hr_verdict *out, hr_diag *diag);

#endif
