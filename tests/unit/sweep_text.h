/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/sweep_text.h - sweeps from text, by the shipped catalogue. */
#ifndef HR_TESTS_SWEEP_TEXT_H
#define HR_TESTS_SWEEP_TEXT_H

#include <string.h>

#include "scenario_text.h"
#include "sweep/plan.h"

/* A small scenario that is quick and can be priced. */
#define SWEEP_BASE                                                                             \
    "base:\n"                                                                                  \
    "  platform: vsphere\n"                                                                    \
    "  cluster: {hosts: 3, server: dell-r660-2x16, memory_mib: 262144}\n"                      \
    "  run: {hours: 1, step_s: 900, spare_hosts: 1, failure_tail_h: 1, replications: 2}\n"     \
    "  guests:\n"                                                                              \
    "    - {name: sql, count: 2, vcpus: 4, memory_mib: 16384, os: windows-2022}\n"             \
    "    - {name: web, count: 3, vcpus: 2, memory_mib: 8192, os: linux-5}\n"

/* Reads a text as if it were a file. */
static inline struct hr_sweep *sweep_of(const hr_catalog *catalog, const char *text,
                                        hr_diag *diag)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("sweep-XXXXXX.yaml", &path, NULL);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    struct hr_sweep *sweep = hr_sweep_load(path, -1, catalog, diag, NULL);
    (void)g_unlink(path);
    return sweep;
}

static inline struct hr_sweep *sound_sweep(const hr_catalog *catalog, const char *text)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_sweep *sweep = sweep_of(catalog, text, diag);
    for (size_t i = 0; sweep == NULL && i < hr_diag_count(diag); i++) {
        print_error("%s\n", hr_diag_get(diag, i)->text);
    }
    assert_non_null(sweep);
    return sweep;
}

static inline struct hr_plan *plan_of(const struct hr_sweep *sweep, const hr_catalog *catalog)
{
    g_autoptr(GError) error = NULL;
    struct hr_plan *plan = hr_plan_new(sweep, catalog, &error);
    if (plan == NULL) {
        fail_msg("%s", error->message);
    }
    return plan;
}

#endif
