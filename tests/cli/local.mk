# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the command line, in bats; each runs the program that was built.
CLI_TESTS = tests/cli/basic.bats
CLI_TESTS += tests/cli/catalog.bats
CLI_TESTS += tests/cli/chart.bats
CLI_TESTS += tests/cli/init.bats
CLI_TESTS += tests/cli/inventory.bats
CLI_TESTS += tests/cli/report.bats
CLI_TESTS += tests/cli/simulate.bats
CLI_TESTS += tests/cli/size.bats
CLI_TESTS += tests/cli/validate.bats
CLI_TESTS += tests/cli/words.bats
TESTS += $(CLI_TESTS)
EXTRA_DIST += tests/cli/bats.sh tests/cli/helper.bash $(CLI_TESTS)
