# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_study
EXTRA_DIST += tests/unit/study_estate.h
tests_unit_test_study_SOURCES = tests/unit/test_study.c
tests_unit_test_study_LDADD = $(UNIT_LDADD)

# What runs under ThreadSanitizer too; small, for that is twenty times slower.
THREAD_TESTS = tests/unit/test_study_threads tests/unit/test_sweep_threads
UNIT_TESTS += $(THREAD_TESTS)
tests_unit_test_study_threads_SOURCES = tests/unit/test_study_threads.c
tests_unit_test_study_threads_LDADD = $(UNIT_LDADD)
