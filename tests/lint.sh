#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The tree keeps the house rules.
"$top_srcdir/build-aux/lint.sh"
