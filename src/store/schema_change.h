/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/schema_change.h - the statements for what would change the answer, for the lists of
 * store/schema.h. Internal to store. */
#ifndef HR_STORE_SCHEMA_CHANGE_H
#define HR_STORE_SCHEMA_CHANGE_H

extern const char hr_schema_flip[];
extern const char hr_schema_tornado[];
extern const char hr_schema_cliff[];

extern const char hr_schema_flips_view[];
extern const char hr_schema_tornado_view[];
extern const char hr_schema_tornado_difference_view[];
extern const char hr_schema_cliffs_view[];

#endif
