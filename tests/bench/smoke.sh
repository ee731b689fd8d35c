#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The benchmark works: with --quick it prints every line that --list names, each with a number
# and a unit, and doc/performance.md names no line that it does not print. No time is looked at.
bench=${BENCH:-tests/bench/bench}
folder=$(mktemp -d) || exit 1
trap 'rm -r "$folder"' EXIT

n=0
verdict() {
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; fi
}

"$bench" --list > "$folder/list"
verdict "--list" $?
"$bench" --quick > "$folder/lines" 2> "$folder/messages"
status=$?
"$bench" --quick pressed >> "$folder/lines" 2>> "$folder/messages" || status=1
sed 's/^/# /' "$folder/messages"
verdict "--quick runs to its end" "$status"

sed -n 's/^line //p' "$folder/list" | sort > "$folder/expected"
awk '{ print $1 }' "$folder/lines" | sort > "$folder/printed"
[ -s "$folder/expected" ] && diff "$folder/expected" "$folder/printed" > "$folder/diff"
verdict "it prints every line of the list, and no other" $?
sed 's/^/# /' "$folder/diff"

awk '$2 !~ /^[0-9.]+(e[+-]?[0-9]+)?$/ || !($2 > 0) || $3 == "" || NF != 3 { print "# " $0; bad = 1 }
     END { exit bad }' "$folder/lines"
verdict "each line is a name, a number above 0 and a unit" $?

"$bench" --frobnicate > /dev/null 2>&1
verdict "an unknown word is refused" $(($? != 2))

# In the document the name of a line stands in the first column of a table, in backquotes (for
# which the dots stand).
awk -F '\140' '/^\| \140/ && $2 ~ /^[a-z0-9_]+$/ { print $2 }' "$top_srcdir/doc/performance.md" | sort -u > "$folder/told"
grep -v '^pressed_\(instructions\|per_s[a-z]*\)$' "$folder/told" |
    comm -13 "$folder/expected" - > "$folder/strange"
verdict "doc/performance.md names lines that exist" "$(wc -l < "$folder/strange")"
sed 's/^/# /' "$folder/strange"
echo "1..$n"
