# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_inventory tests/unit/test_inventory_number \
	tests/unit/test_inventory_rvtools tests/unit/test_inventory_shared
tests_unit_test_inventory_SOURCES = tests/unit/test_inventory.c
tests_unit_test_inventory_LDADD = $(UNIT_LDADD)
tests_unit_test_inventory_number_SOURCES = tests/unit/test_inventory_number.c
tests_unit_test_inventory_number_LDADD = $(UNIT_LDADD)
tests_unit_test_inventory_rvtools_SOURCES = tests/unit/test_inventory_rvtools.c
tests_unit_test_inventory_rvtools_LDADD = $(UNIT_LDADD)
tests_unit_test_inventory_shared_SOURCES = tests/unit/test_inventory_shared.c
tests_unit_test_inventory_shared_LDADD = $(UNIT_LDADD)
EXTRA_DIST += tests/unit/test_inventory.h \
	tests/fixtures/inventory/own.csv \
	tests/fixtures/inventory/rvtools-3-semicolon \
	tests/fixtures/inventory/rvtools-4 \
	tests/fixtures/inventory/rvtools-hosts \
	tests/fixtures/inventory/rvtools-internal
