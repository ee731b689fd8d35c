# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the command line, in bats; each runs the program that was built.
CLI_TESTS = tests/cli/basic.bats
CLI_TESTS += tests/cli/catalog.bats
CLI_TESTS += tests/cli/chart.bats
CLI_TESTS += tests/cli/costs.bats
CLI_TESTS += tests/cli/init.bats
CLI_TESTS += tests/cli/inventory.bats
CLI_TESTS += tests/cli/keep.bats
CLI_TESTS += tests/cli/limits.bats
CLI_TESTS += tests/cli/platforms.bats
CLI_TESTS += tests/cli/prices.bats
CLI_TESTS += tests/cli/report.bats
CLI_TESTS += tests/cli/reprice.bats
CLI_TESTS += tests/cli/simulate.bats
CLI_TESTS += tests/cli/size.bats
CLI_TESTS += tests/cli/sweep.bats
CLI_TESTS += tests/cli/sweep_answers.bats
CLI_TESTS += tests/cli/validate.bats
CLI_TESTS += tests/cli/words.bats
# What README.md and the examples show is run once, in full length: a sanitizer would make it minutes.
DOCUMENT_TESTS = tests/cli/readme.bats
TESTS += $(CLI_TESTS) $(DOCUMENT_TESTS)
EXTRA_DIST += tests/cli/bats.sh tests/cli/helper.bash tests/cli/document.bash
EXTRA_DIST += $(CLI_TESTS) $(DOCUMENT_TESTS)
