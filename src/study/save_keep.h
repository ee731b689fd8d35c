/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/save_keep.h - what the present hosts can do, into the study under way. */
#ifndef HR_STUDY_SAVE_KEEP_H
#define HR_STUDY_SAVE_KEEP_H

#include "store/store.h"
#include "study/size.h"

/* Adds a row per way and platform; nothing where present hosts were not compared. Requires: the
 * platforms of the result are saved. */
bool hr_save_keep(hr_store *store, const struct hr_size_result *result, bool buy_staged,
                  GError **error);

#endif
