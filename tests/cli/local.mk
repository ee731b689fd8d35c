# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the command line, in bats; each runs the program that was built.
CLI_TESTS = tests/cli/basic.bats
CLI_TESTS += tests/cli/size.bats
TESTS += $(CLI_TESTS)
EXTRA_DIST += tests/cli/bats.sh tests/cli/helper.bash tests/cli/basic.bats tests/cli/size.bats
