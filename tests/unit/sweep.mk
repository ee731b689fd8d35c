# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_sweep tests/unit/test_sweep_run
EXTRA_DIST += tests/unit/sweep_text.h tests/unit/sweep_world.h
tests_unit_test_sweep_SOURCES = tests/unit/test_sweep.c
tests_unit_test_sweep_LDADD = $(UNIT_LDADD)
tests_unit_test_sweep_run_SOURCES = tests/unit/test_sweep_run.c tests/unit/store_fixture.c \
	tests/unit/store_fixture.h
tests_unit_test_sweep_run_LDADD = $(UNIT_LDADD)
tests_unit_test_sweep_threads_SOURCES = tests/unit/test_sweep_threads.c \
	tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_test_sweep_threads_LDADD = $(UNIT_LDADD)
