# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_scenario tests/unit/test_scenario_keys tests/unit/test_simulate \
	tests/unit/test_scenario_growth \
	tests/unit/test_counters tests/unit/test_sensitivity
EXTRA_DIST += tests/unit/scenario_text.h tests/fixtures/sensitivity.yaml
tests_unit_test_scenario_SOURCES = tests/unit/test_scenario.c
tests_unit_test_scenario_LDADD = $(UNIT_LDADD)
tests_unit_test_simulate_SOURCES = tests/unit/test_simulate.c
tests_unit_test_simulate_LDADD = $(UNIT_LDADD)
tests_unit_test_scenario_keys_SOURCES = tests/unit/test_scenario_keys.c
tests_unit_test_scenario_keys_LDADD = $(UNIT_LDADD)
tests_unit_test_counters_SOURCES = tests/unit/test_counters.c
tests_unit_test_counters_LDADD = $(UNIT_LDADD)
tests_unit_test_sensitivity_SOURCES = tests/unit/test_sensitivity.c
tests_unit_test_sensitivity_LDADD = $(UNIT_LDADD)
tests_unit_test_scenario_growth_SOURCES = tests/unit/test_scenario_growth.c
tests_unit_test_scenario_growth_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_costs
tests_unit_test_costs_SOURCES = tests/unit/test_costs.c
tests_unit_test_costs_LDADD = $(UNIT_LDADD)
