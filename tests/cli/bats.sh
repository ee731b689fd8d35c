#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one .bats file; where bats is not installed, says so in TAP.
if command -v bats > /dev/null; then
    exec bats --tap "$1"
fi
echo "1..0 # SKIP bats is not installed"
