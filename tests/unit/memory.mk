# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_memory_basics tests/unit/test_memory_dynamic \
	tests/unit/test_memory_overcommit
EXTRA_DIST += tests/unit/memory_bench.h tests/unit/model_params.h
tests_unit_test_memory_basics_SOURCES = tests/unit/test_memory_basics.c
tests_unit_test_memory_basics_LDADD = $(UNIT_LDADD)
tests_unit_test_memory_dynamic_SOURCES = tests/unit/test_memory_dynamic.c
tests_unit_test_memory_dynamic_LDADD = $(UNIT_LDADD)
tests_unit_test_memory_overcommit_SOURCES = tests/unit/test_memory_overcommit.c
tests_unit_test_memory_overcommit_LDADD = $(UNIT_LDADD)
