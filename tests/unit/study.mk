# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_study
tests_unit_test_study_SOURCES = tests/unit/test_study.c
tests_unit_test_study_LDADD = $(UNIT_LDADD)
