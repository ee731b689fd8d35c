/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/simulate_json.h - the answer of a simulation as one JSON document, the one that
 * `headroom simulate --json` prints. Its shape is described in doc/headroom-simulate.1. */
#ifndef HR_STUDY_SIMULATE_JSON_H
#define HR_STUDY_SIMULATE_JSON_H

#include <jansson.h>

#include "study/simulate.h"

/* Returns: the document, the caller's to json_decref. */
json_t *hr_simulate_json(const struct hr_simulate_result *result);

#endif
