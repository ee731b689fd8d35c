# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_scenario tests/unit/test_simulate
EXTRA_DIST += tests/unit/scenario_text.h
tests_unit_test_scenario_SOURCES = tests/unit/test_scenario.c
tests_unit_test_scenario_LDADD = $(UNIT_LDADD)
tests_unit_test_simulate_SOURCES = tests/unit/test_simulate.c
tests_unit_test_simulate_LDADD = $(UNIT_LDADD)
