# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_pricebook
tests_unit_test_pricebook_SOURCES = tests/unit/test_pricebook.c
tests_unit_test_pricebook_LDADD = $(UNIT_LDADD)
