# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_catalog
tests_unit_test_catalog_SOURCES = tests/unit/test_catalog.c
tests_unit_test_catalog_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_pricebook
tests_unit_test_pricebook_SOURCES = tests/unit/test_pricebook.c
tests_unit_test_pricebook_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test_books
tests_unit_test_books_SOURCES = tests/unit/test_books.c
tests_unit_test_books_LDADD = $(UNIT_LDADD)

EXTRA_DIST += \
	tests/fixtures/catalog/broken.txt \
	tests/fixtures/catalog/broken/backup/box.yaml \
	tests/fixtures/catalog/broken/backup/kit.yaml \
	tests/fixtures/catalog/broken/backup/pack.yaml \
	tests/fixtures/catalog/broken/guests/list.yaml \
	tests/fixtures/catalog/broken/guests/odd.yaml \
	tests/fixtures/catalog/broken/guests/twice.yaml \
	tests/fixtures/catalog/broken/hosts/odd.yaml \
	tests/fixtures/catalog/broken/platforms/odd.yaml \
	tests/fixtures/catalog/broken/platforms/terms.yaml \
	tests/fixtures/catalog/broken/roles/levels.yaml \
	tests/fixtures/catalog/broken/roles/odd.yaml \
	tests/fixtures/catalog/broken/storage/odd.yaml \
	tests/fixtures/catalog/broken/storage/pool.yaml \
	tests/fixtures/catalog/broken/storage/single.yaml

UNIT_TESTS += tests/unit/test_storage
tests_unit_test_storage_SOURCES = tests/unit/test_storage.c tests/unit/cost_world.c tests/unit/cost_world.h
tests_unit_test_storage_LDADD = $(UNIT_LDADD)
