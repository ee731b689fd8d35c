# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_load
tests_unit_test_load_SOURCES = tests/unit/test_load.c
tests_unit_test_load_LDADD = $(UNIT_LDADD)
UNIT_TESTS += tests/unit/test_calendar
tests_unit_test_calendar_SOURCES = tests/unit/test_calendar.c
tests_unit_test_calendar_LDADD = $(UNIT_LDADD)
