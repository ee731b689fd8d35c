#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What holds for the command as a whole: help, version, and calls whose words are off.

load helper

@test "--version names the program and its version, on standard output" {
    call --version
    must "$status" -eq 0
    matches '^headroom [0-9]+\.[0-9]+(\.[0-9]+)?' out
    must ! -s err
}

@test "--help lists every subcommand, on standard output" {
    call --help
    must "$status" -eq 0
    must ! -s err
    matches '^[Uu]sage: headroom ' out
    matches '(^|[^a-z])size([^a-z]|$)' out
    matches '--version' out
}

@test "every subcommand that --help lists has a help of its own" {
    call --help
    names=$(sed -nE 's/^  ([a-z]+)( .*|$)/\1/p' out)
    must -n "$names"
    for name in $names; do
        call "$name" --help
        must "$status" -eq 0
        must ! -s err
        matches "^[Uu]sage: headroom $name" out
    done
}

@test "the version is that of the build" {
    call --version
    version=$(sed -nE 's/^AC_INIT\(\[headroom\], \[([^]]*)\].*/\1/p' "$top_srcdir/configure.ac")
    must -n "$version"
    must "$(head -n 1 out)" = "headroom $version"
}

@test "no words at all: the usage on standard error, status 2" {
    call
    must "$status" -eq 2
    must ! -s out
    matches '[Uu]sage: headroom' err
}

@test "an unknown subcommand: named, status 2" {
    call frobnicate
    must "$status" -eq 2
    must ! -s out
    matches 'frobnicate' err
}

@test "an unknown option of the program: named, status 2" {
    call --frobnicate
    must "$status" -eq 2
    must ! -s out
    matches 'frobnicate' err
}

@test "an unknown option of a subcommand: named, status 2, nothing written" {
    call size inventory.csv --frobnicate
    must "$status" -eq 2
    must ! -s out
    matches 'frobnicate' err
    only_files ./err ./out
}

@test "a subcommand without its file: status 2" {
    call size
    must "$status" -eq 2
    must ! -s out
    must -s err
}

@test "an option without its value: status 2" {
    call size inventory.csv --days
    must "$status" -eq 2
    matches 'days' err
}

@test "a full disk under standard output is a failure, not a success" {
    need_full_device
    status=0
    "$HEADROOM" --help > /dev/full 2> err || status=$?
    : > out
    must "$status" -eq 1
    must -s err
}
