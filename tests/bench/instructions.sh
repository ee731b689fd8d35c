#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Instructions that one run under memory pressure takes, counted by callgrind: unlike times they
# hardly depend on the machine or on what else it does. Usage: instructions.sh BENCH
set -u
if ! command -v valgrind > /dev/null; then
    echo "instructions.sh: valgrind is not installed" >&2
    exit 1
fi
folder=$(mktemp -d) || exit 1
trap 'rm -r "$folder"' EXIT
if ! valgrind --tool=callgrind --callgrind-out-file="$folder/out" --toggle-collect=hr_run \
    "$1" pressed > "$folder/lines" 2> "$folder/messages"; then
    cat "$folder/messages" >&2
    exit 1
fi
cat "$folder/lines"
awk '
    FILENAME ~ /lines$/ && $1 == "pressed_samples" { samples = $2 }
    FILENAME ~ /lines$/ && $1 == "pressed_solves" { solves = $2 }
    FILENAME ~ /out$/ && /^(summary|totals):/ { counted = $2 }
    END {
        if (!counted || !samples || !solves) exit 1
        printf "pressed_instructions %d instructions\n", counted
        printf "pressed_per_sample %.1f instructions/guest-sample\n", counted / samples
        printf "pressed_per_solve %.1f instructions/guest-solve\n", counted / solves
    }
' "$folder/lines" "$folder/out"
