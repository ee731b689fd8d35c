/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog/processor.h - generations of server processors, told by a model's name, and which
 * platforms still support them: data/processors/.
 *
 * Owner: hr_processors owns its entries; immutable after loading.
 */
#ifndef HR_CATALOG_PROCESSOR_H
#define HR_CATALOG_PROCESSOR_H

#include <glib.h>

#include "base/diag.h"

struct hr_processor {
    char *id; /* "haswell" */
    char *name;
    char *vendor;
    int year;             /* in which its servers came out */
    char **match;         /* patterns of model names, hr_match_pattern() */
    double perf_factor;   /* performance per MHz against the reference core */
    int threads_per_core; /* where they are switched on */
    int channels_per_socket;
    int slots_per_socket; /* of a common server */
    char *memory_id;      /* DIMMs are this and "-16gb" */
    char *dimm_watt_id;
    char *storage; /* id of the array nearest in time */
    char *source;
};

typedef struct hr_processors hr_processors;

/* Reads generations.csv and support.csv below hr_data_dir(dir)/processors.
 * Returns: the caller's; NULL with findings in diag or *error set. */
hr_processors *hr_processors_load(const char *dir, hr_diag *diag, GError **error);
void hr_processors_free(hr_processors *processors);

/* The generation that a model's name means ("Intel(R) Xeon(R) CPU E5-2670 v3 @ 2.30GHz"): of
 * the patterns that fit the one with most letters decides. Returns: borrowed; NULL: none fits.
 */
const struct hr_processor *hr_processors_of_model(const hr_processors *processors,
                                                  const char *model);
/* By id; NULL when there is none. Borrowed. */
const struct hr_processor *hr_processors_get(const hr_processors *processors, const char *id);
/* All ids, for messages: "core, nehalem …". Returns: the caller's. */
char *hr_processors_ids(const hr_processors *processors);

/* Why a platform of a price book's time does not support the generation, with the source; NULL
 * where it does, or where nothing is known. Returns: the caller's. */
char *hr_processors_unsupported(const hr_processors *processors, const char *platform_id,
                                const char *book, const struct hr_processor *generation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_processors, hr_processors_free)

#endif
