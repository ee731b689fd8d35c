#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# src/LAYERS holds, and its checker catches a wrong include (a checker that cannot fail is no test).
echo 1..3
cd "$top_srcdir" || exit 1
if awk -f build-aux/layers.awk src/LAYERS src/*/*.[ch]; then echo "ok 1 - every include is allowed"; else echo "not ok 1 - every include is allowed"; fi
tmp=$(mktemp -d) && mkdir -p "$tmp/src/base" && printf '#include "engine/queue.h"\n' > "$tmp/src/base/bad.c"
if awk -f build-aux/layers.awk src/LAYERS "$tmp/src/base/bad.c" > /dev/null; then echo "not ok 2 - an upward include is caught"; else echo "ok 2 - an upward include is caught"; fi
printf '#include <sqlite3.h>\n' > "$tmp/src/base/bad.c"
if awk -f build-aux/layers.awk src/LAYERS "$tmp/src/base/bad.c" > /dev/null; then echo "not ok 3 - a stray library is caught"; else echo "ok 3 - a stray library is caught"; fi
rm -r "$tmp"
