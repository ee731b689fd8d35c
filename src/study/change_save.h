/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/change_save.h - what would change the answer, into the study under way. */
#ifndef HR_STUDY_CHANGE_SAVE_H
#define HR_STUDY_CHANGE_SAVE_H

#include "store/store.h"
#include "study/change.h"

/* Requires: the study's platforms are added already. */
bool hr_changes_save(hr_store *store, const struct hr_changes *changes, GError **error);

#endif
