# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_queue tests/unit/test_rng tests/unit/test_integral \
	tests/unit/test_histogram tests/unit/test_erlang
tests_unit_test_queue_SOURCES = tests/unit/test_queue.c
tests_unit_test_queue_LDADD = $(UNIT_LDADD)
tests_unit_test_rng_SOURCES = tests/unit/test_rng.c
tests_unit_test_rng_LDADD = $(UNIT_LDADD)
tests_unit_test_integral_SOURCES = tests/unit/test_integral.c
tests_unit_test_integral_LDADD = $(UNIT_LDADD)
tests_unit_test_histogram_SOURCES = tests/unit/test_histogram.c
tests_unit_test_histogram_LDADD = $(UNIT_LDADD)
tests_unit_test_erlang_SOURCES = tests/unit/test_erlang.c
tests_unit_test_erlang_LDADD = $(UNIT_LDADD)
