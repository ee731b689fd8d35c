/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/xen.h - parameters of the Xen policy (model.md §5), as a platform's file gives them.
 * Memory in MiB, time in seconds. */
#ifndef HR_MEMORY_XEN_H
#define HR_MEMORY_XEN_H

#include "memory/memory_policy.h"

struct hr_xen_params {
    double balloon_mibps; /* per guest, up or down */
};

extern const struct hr_memory_policy hr_memory_xen;

#endif
