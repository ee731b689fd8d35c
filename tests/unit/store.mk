# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_store tests/unit/test_store_crash tests/unit/test_store_query \
	tests/unit/test_store_points \
	tests/unit/test_store_rows
UNIT_TESTS += tests/unit/test_store_costs
tests_unit_test_store_costs_SOURCES = tests/unit/test_store_costs.c tests/unit/store_fixture.c \
	tests/unit/store_fixture.h
tests_unit_test_store_costs_LDADD = $(UNIT_LDADD)
tests_unit_test_store_SOURCES = tests/unit/test_store.c tests/unit/store_fixture.c \
	tests/unit/store_fixture.h
tests_unit_test_store_LDADD = $(UNIT_LDADD)
tests_unit_test_store_crash_SOURCES = tests/unit/test_store_crash.c tests/unit/store_fixture.c \
	tests/unit/store_fixture.h
tests_unit_test_store_crash_LDADD = $(UNIT_LDADD)
tests_unit_test_store_points_SOURCES = tests/unit/test_store_points.c tests/unit/store_fixture.c \
	tests/unit/store_fixture.h
tests_unit_test_store_points_LDADD = $(UNIT_LDADD)
tests_unit_test_store_query_SOURCES = tests/unit/test_store_query.c tests/unit/store_fixture.c \
	tests/unit/store_fixture.h
tests_unit_test_store_query_LDADD = $(UNIT_LDADD)
tests_unit_test_store_rows_SOURCES = tests/unit/test_store_rows.c tests/unit/store_fixture.c \
	tests/unit/store_fixture.h
tests_unit_test_store_rows_LDADD = $(UNIT_LDADD)
UNIT_TESTS += tests/unit/test_store_answers
tests_unit_test_store_answers_SOURCES = tests/unit/test_store_answers.c \
	tests/unit/sweep_fixture.c tests/unit/sweep_fixture.h \
	tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_test_store_answers_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_sweep_answers
tests_unit_test_sweep_answers_SOURCES = tests/unit/test_sweep_answers.c \
	tests/unit/sweep_fixture.c tests/unit/sweep_fixture.h \
	tests/unit/store_fixture.c tests/unit/store_fixture.h
tests_unit_test_sweep_answers_LDADD = $(UNIT_LDADD)


UNIT_TESTS += tests/unit/test_store_plan
tests_unit_test_store_plan_SOURCES = tests/unit/test_store_plan.c tests/unit/store_fixture.c \
	tests/unit/store_fixture.h
tests_unit_test_store_plan_LDADD = $(UNIT_LDADD)
EXTRA_DIST += tests/unit/store_place.h
