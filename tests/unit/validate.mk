# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_validate
tests_unit_test_validate_SOURCES = tests/unit/test_validate.c
tests_unit_test_validate_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_costing
tests_unit_test_costing_SOURCES = tests/unit/test_costing.c
tests_unit_test_costing_LDADD = $(UNIT_LDADD)
