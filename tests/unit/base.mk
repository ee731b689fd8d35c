# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_money tests/unit/test_sheet tests/unit/test_tree tests/unit/test_tree_edit
tests_unit_test_money_SOURCES = tests/unit/test_money.c
tests_unit_test_money_LDADD = $(UNIT_LDADD)
tests_unit_test_sheet_SOURCES = tests/unit/test_sheet.c
tests_unit_test_sheet_LDADD = $(UNIT_LDADD)
tests_unit_test_tree_SOURCES = tests/unit/test_tree.c
tests_unit_test_tree_LDADD = $(UNIT_LDADD)
tests_unit_test_tree_edit_SOURCES = tests/unit/test_tree_edit.c
tests_unit_test_tree_edit_LDADD = $(UNIT_LDADD)
