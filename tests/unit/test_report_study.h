/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/test_report_study.h - a results database with an invented study, made through the
 * store's own interface. */
#ifndef HR_TESTS_TEST_REPORT_STUDY_H
#define HR_TESTS_TEST_REPORT_STUDY_H

#include <stdbool.h>

#include <glib.h>

struct made_study {
    const char *title;      /* the inventory's name */
    const char *guest_name; /* of the guest that fares worst */
    bool is_feasible;       /* false: no platform has an answer */
    bool is_bare;           /* only the study's row and its platforms */
    int n_platforms;        /* 0 to 7 */
    int n_infeasible;       /* the last so many platforms have no answer */
    int n_guests;           /* of each run; 0: 44 */
    int n_hosts;            /* of every cluster; 0: as the platform has */
    int n_findings;         /* added to the four that there are always */
};

/* Appends the study to the database. Fails: as the store does. */
bool make_study(const char *path, const struct made_study *what, GError **error);

#endif
