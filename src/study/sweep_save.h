/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/sweep_save.h - a sweep's own rows in the results database; private to study/. */
#ifndef HR_STUDY_SWEEP_SAVE_H
#define HR_STUDY_SWEEP_SAVE_H

#include "study/sweep.h"

/* Saves the study, its sweep, axes and platforms, without points; or, to resume, finds the one
 * that is there. Fills study_id and was_complete. */
bool hr_sweep_open(const struct hr_sweep_job *job, struct hr_sweep_outcome *out,
                   GError **error);

#endif
