/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/check.h - what every unit test includes: cmocka and a comparison for doubles. */
#ifndef HR_TESTS_CHECK_H
#define HR_TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* Fails unless |a - b| <= tol; cmocka 1.1.5 compares floats only. */
#define assert_near(a, b, tol)                                                                 \
    do {                                                                                       \
        double near_a_ = (a), near_b_ = (b), near_tol_ = (tol);                                \
        if (!(fabs(near_a_ - near_b_) <= near_tol_)) {                                         \
            fail_msg("%s = %.10g, expected %.10g within %g", #a, near_a_, near_b_, near_tol_); \
        }                                                                                      \
    } while (0)

#endif
