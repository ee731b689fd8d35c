# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the command-line tests share. `make check` sets HEADROOM, HEADROOM_DATA, HEADROOM_REPORTS
# and top_srcdir; every test runs in an empty folder of its own.

setup() {
    : "${HEADROOM:?the program to test}" "${top_srcdir:?the source tree}"
    work=$(mktemp -d)
    cd "$work" || return 1
}

teardown() {
    cd / && rm -rf "$work"
}

# call ARGUMENT...: runs headroom; sets status, and leaves its streams in the files out and err.
call() {
    status=0
    "$HEADROOM" "$@" > out 2> err || status=$?
}

# must CONDITION...: like test(1), but a failure shows the condition and what was printed.
must() {
    if test "$@"; then
        return 0
    fi
    echo "not so: $*"
    echo "--- status $status, standard output:"
    head -n 20 out
    echo "--- standard error:"
    head -n 20 err
    return 1
}

# matches PATTERN FILE: an extended regular expression must occur.
matches() {
    if grep -qE -- "$1" "$2"; then
        return 0
    fi
    echo "no match for: $1"
    echo "--- $2:"
    head -n 20 "$2"
    return 1
}

# json FILE PATH...: the values of a JSON document, one per line (numbers and text as they are).
json() {
    local file=$1 path
    shift
    for path in "$@"; do
        sqlite3 -noheader -list :memory: "SELECT json_extract(readfile('$file'), '$path')"
    done
}

# A field of the file system that only the folder's own files may occupy.
only_files() {
    local found
    found=$(find . -type f | sort | tr '\n' ' ')
    if [ "$found" = "$* " ]; then
        return 0
    fi
    echo "files found: $found"
    echo "expected:    $*"
    return 1
}

need() {
    command -v "$1" > /dev/null || skip "$1 is not installed"
}

# given_estate FOLDER: sets estate to a folder of inventories that are no part of the source; skips
# the test where they are absent.
given_estate() {
    estate=${HR_SHARED:-$top_srcdir/../shared}/data/inventories/$1
    if [ ! -d "$estate" ]; then skip "the shared inventories are not here (HR_SHARED)"; fi
}

# A device on which every write fails.
need_full_device() {
    if [ ! -c /dev/full ]; then skip "there is no /dev/full"; fi
}
