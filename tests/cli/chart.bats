#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom chart`: one chart of a study, by name, in the form that the ending says.

load helper

setup_file() {
    shared=$(mktemp -d)
    export shared SOURCE_DATE_EPOCH=1700000000
    cd "$shared" || return 1
    printf 'name,vcpus,memory_mib,os\nsql01,4,16384,Windows Server 2022\nweb01,2,4096,Debian 12\n' > small.csv
    "$HEADROOM" size small.csv --days 1 --replications 1 > document 2> messages
}

teardown_file() {
    rm -rf "$shared"
}

chart() {
    call chart "$shared/headroom.db" "$@"
}

@test "chart: words that are off end with status 2 and write nothing" {
    for words in "" "tco" "-o out.svg" "tco more -o out.svg" "tco -o out.gif" "tco -o out" \
        "tco -o out.svg --study 0" "tco -o out.svg --study 9"; do
        # shellcheck disable=SC2086
        chart $words
        must "$status" -eq 2
        must ! -s out
        must -s err
    done
    only_files ./err ./out
}

@test "chart: the ending says the form" {
    for ending in svg png pdf SVG; do
        chart tco -o "tco.$ending"
        must "$status" -eq 0
        # Of the program's own: under sanitizers the font library's leaks are counted there.
        must "$(grep -c '^headroom' err)" -eq 0
        must -s "tco.$ending"
    done
    matches '<svg' tco.svg
    cmp tco.svg tco.SVG
    must "$(head -c 5 tco.pdf)" = "%PDF-"
    must "$(head -c 8 tco.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a
    need qpdf
    qpdf --check tco.pdf > check
}

@test "chart: an unknown name is answered with those there are, and each of them draws" {
    chart no-such -o out.svg
    must "$status" -eq 2
    must ! -e out.svg
    names=$(sed -n 's/.*there are //p' err | tr -d ,)
    must -n "$names"
    for name in $names; do
        chart "$name" -o "$name.svg"
        must "$status" -eq 0
        matches '<svg' "$name.svg"
    done
    # The manual names the same ones.
    for name in $names; do
        matches "^\.Cm $name( |\$)" "$top_srcdir/doc/headroom-chart.1"
    done
}

@test "chart: one platform of a chart that each has; an unknown one is told" {
    chart memory:vsphere -o vsphere.svg
    must "$status" -eq 0
    chart memory:xcpng -o xcpng.svg
    must "$status" -eq 0
    must "$(cmp -s vsphere.svg xcpng.svg && echo same)" != same
    chart memory:no-such -o none.svg
    must "$status" -eq 2
    matches 'vsphere' err
    must ! -e none.svg
}

@test "chart: the same study gives the same bytes" {
    for ending in svg png pdf; do
        chart memory -o "one.$ending"
        chart memory -o "two.$ending" --study 1
        must "$status" -eq 0
        cmp "one.$ending" "two.$ending"
    done
}

@test "chart: what is no results database is refused, what cannot be written is a failure" {
    call chart no-such.db tco -o out.svg
    must "$status" -eq 3
    matches 'no-such\.db' err
    must ! -e no-such.db
    chart tco -o no/such/folder/out.svg
    must "$status" -eq 1
    only_files ./err ./out
}
