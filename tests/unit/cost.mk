# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_licence
tests_unit_test_licence_SOURCES = tests/unit/test_licence.c
tests_unit_test_licence_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_licence_vectors
tests_unit_test_licence_vectors_SOURCES = tests/unit/test_licence_vectors.c
tests_unit_test_licence_vectors_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_cost
tests_unit_test_cost_SOURCES = tests/unit/test_cost.c tests/unit/cost_world.c tests/unit/cost_world.h
tests_unit_test_cost_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_cost_windows
tests_unit_test_cost_windows_SOURCES = tests/unit/test_cost_windows.c tests/unit/cost_world.c \
	tests/unit/cost_world.h
tests_unit_test_cost_windows_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_cost_book
tests_unit_test_cost_book_SOURCES = tests/unit/test_cost_book.c tests/unit/cost_world.c \
	tests/unit/cost_world.h
tests_unit_test_cost_book_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_cost_eras
tests_unit_test_cost_eras_SOURCES = tests/unit/test_cost_eras.c
tests_unit_test_cost_eras_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_price_moves
tests_unit_test_price_moves_SOURCES = tests/unit/test_price_moves.c
tests_unit_test_price_moves_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_cost_beside
tests_unit_test_cost_beside_SOURCES = tests/unit/test_cost_beside.c tests/unit/cost_world.c \
	tests/unit/cost_world.h
tests_unit_test_cost_beside_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_cost_properties
tests_unit_test_cost_properties_SOURCES = tests/unit/test_cost_properties.c
tests_unit_test_cost_properties_LDADD = $(UNIT_LDADD)
