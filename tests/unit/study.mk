# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_study
EXTRA_DIST += tests/unit/study_estate.h
tests_unit_test_study_SOURCES = tests/unit/test_study.c
tests_unit_test_study_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_change tests/unit/test_flip
tests_unit_test_change_SOURCES = tests/unit/test_change.c
tests_unit_test_change_LDADD = $(UNIT_LDADD)
tests_unit_test_flip_SOURCES = tests/unit/test_flip.c tests/unit/cost_world.c tests/unit/cost_world.h
tests_unit_test_flip_LDADD = $(UNIT_LDADD)

# What runs under ThreadSanitizer too; small, for that is twenty times slower.
THREAD_TESTS = tests/unit/test_study_threads tests/unit/test_sweep_threads
UNIT_TESTS += $(THREAD_TESTS)
tests_unit_test_study_threads_SOURCES = tests/unit/test_study_threads.c
tests_unit_test_study_threads_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_limits
tests_unit_test_limits_SOURCES = tests/unit/test_limits.c tests/unit/cost_world.c tests/unit/cost_world.h
tests_unit_test_limits_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_keep
tests_unit_test_keep_SOURCES = tests/unit/test_keep.c tests/unit/cost_world.c tests/unit/cost_world.h
tests_unit_test_keep_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_platform_limits
tests_unit_test_platform_limits_SOURCES = tests/unit/test_platform_limits.c
tests_unit_test_platform_limits_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_stored_price
tests_unit_test_stored_price_SOURCES = tests/unit/test_stored_price.c tests/unit/cost_world.c \
	tests/unit/cost_world.h
tests_unit_test_stored_price_LDADD = $(UNIT_LDADD)
