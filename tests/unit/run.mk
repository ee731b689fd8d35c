# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_run_failure tests/unit/test_run_life \
	tests/unit/test_run_memory \
	tests/unit/test_run_properties
EXTRA_DIST += tests/unit/small_world.h
tests_unit_test_run_failure_SOURCES = tests/unit/test_run_failure.c
tests_unit_test_run_failure_LDADD = $(UNIT_LDADD)
tests_unit_test_run_memory_SOURCES = tests/unit/test_run_memory.c
tests_unit_test_run_memory_LDADD = $(UNIT_LDADD)
tests_unit_test_run_properties_SOURCES = tests/unit/test_run_properties.c
tests_unit_test_run_properties_LDADD = $(UNIT_LDADD)
tests_unit_test_run_life_SOURCES = tests/unit/test_run_life.c
tests_unit_test_run_life_LDADD = $(UNIT_LDADD)
