#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom init`: a project that runs as it is written, and never over what is there.

load helper

files="README.txt inventory.csv prices.csv scenario.yaml sweep.yaml"

@test "init: without a folder, or with two: status 2" {
    for words in "" "a b" "a --frobnicate"; do
        # shellcheck disable=SC2086
        call init $words
        must "$status" -eq 2
        must ! -s out
    done
    must ! -e a
}

@test "init: the folder is made, and every file is named" {
    call init plan/of/mine
    must "$status" -eq 0
    must ! -s err
    for file in $files; do
        must -s "plan/of/mine/$file"
        matches "^plan/of/mine/$file\$" out
    done
    must "$(find plan -type f | wc -l)" -eq 5
    mkdir here
    cd here
    call init . --quiet
    must "$status" -eq 0
    must ! -s out
    must -s scenario.yaml
}

@test "init: nothing is written where one of the files is there already" {
    for file in $files; do
        mkdir "with-$file"
        echo mine > "with-$file/$file"
        call init "with-$file"
        must "$status" -eq 1
        must ! -s out
        matches "with-$file/$file" err
        must "$(find "with-$file" -type f | wc -l)" -eq 1
        must "$(cat "with-$file/$file")" = mine
    done
    call init dangling
    must "$status" -eq 0
    rm dangling/prices.csv dangling/README.txt dangling/inventory.csv dangling/scenario.yaml dangling/sweep.yaml
    ln -s nowhere dangling/prices.csv
    call init dangling
    must "$status" -eq 1
    must ! -e dangling/nowhere
    must ! -e dangling/README.txt
}

@test "init: a folder that cannot be made is a failure" {
    echo text > file
    call init file/plan
    must "$status" -eq 1
    matches 'file/plan' err
    call init file
    must "$status" -eq 1
    must "$(cat file)" = text
}

@test "init: the commands of the README run as they stand there" {
    need qpdf
    call init plan
    must "$status" -eq 0
    cd plan
    must "$(grep -cE '^    headroom .*[^)]$' README.txt)" -eq 5
    # The four that are to be run, shortened; the fifth stands for an export of one's own.
    grep -E '^    headroom ' README.txt | head -n 4 > commands
    must "$(wc -l < commands)" -eq 4
    while read -r _ words; do
        case $words in
            size*) words="$words --days 1 --replications 1" ;;
        esac
        # shellcheck disable=SC2086
        call $words
        must "$status" -eq 0
    done < commands
    must -s study.db
    # Each combination but those that the constraint drops, and one table row for each.
    must "$(wc -l < sweep.csv)" -eq $((1 + 2 * 3 * 3 * 4))
    qpdf --check report.pdf > check
}

@test "init: the inventory is one without findings, as large as it should be" {
    call init plan
    call inventory plan/inventory.csv --json
    must "$status" -eq 0
    must ! -s err
    must "$(json out '$.problems')" = "[]"
    must "$(json out '$.guests')" -ge 12
    must "$(json out '$.templates')" -eq 1
    # Each of its columns is explained.
    for column in $(head -n 1 plan/inventory.csv | tr ',' ' '); do
        matches "^$column  +[a-z]" plan/README.txt
    done
}

@test "init: scenario and prices hold the defaults and change nothing" {
    call init plan
    call size plan/inventory.csv --days 1 --replications 1 --json -o one.db
    must "$status" -eq 0
    mv out without
    call size plan/inventory.csv --scenario plan/scenario.yaml --prices plan/prices.csv --days 1 \
        --replications 1 --json -o two.db
    must "$status" -eq 0
    cmp without out
    # What the call sets above stands in the file with its default too.
    matches '^days: 14$' plan/scenario.yaml
    matches '^replications: 10$' plan/scenario.yaml
    # Prices and their status are those of the catalogue.
    while IFS=, read -r id price currency price_status; do
        call catalog prices "$id" --json
        must "$status" -eq 0
        must "$(json out '$.price' '$.currency' '$.status' | tr '\n' ' ')" = \
            "$(printf '%s' "$price" | sed 's/\(\.[0-9]*[1-9]\)0*$/\1/') $currency $price_status "
    done < <(tail -n +2 plan/prices.csv)
}

@test "init: the scenario shows every key that size knows, and each may be set" {
    call init plan
    keys=$(sed -n '/^\.It Fl -scenario/,/^\.It Fl -strict/p' "$top_srcdir/doc/headroom-size.1" |
        sed -n 's/^\.Cm //p' | tr -d ',.' | tr '\n' ' ')
    must -n "$keys"
    for key in $keys; do
        matches "^(# )?$key: " plan/scenario.yaml
    done
    # With the keys that stand in comments switched on, too.
    sed -E 's/^# ((platforms|servers|hosts|limits|keep): )/\1/' plan/scenario.yaml > all.yaml
    must "$(grep -cE '^[a-z_]+: ' all.yaml)" -eq "$(echo "$keys" | wc -w)"
    call size plan/inventory.csv --scenario all.yaml --days 1 --replications 1 --json
    must "$status" -eq 0
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.platforms')")" -eq 2
}

@test "init: the keys of limits and keep stand in the scenario and in the manual" {
    call init plan
    for map in limits keep; do
        sed -n '/^    static const char \*const keys\[\] = {/,/NULL/p' \
            "$top_srcdir/src/scenario/$map.c" | grep -oE '"[a-z_]+"' | tr -d '"' > keys
        must "$(wc -l < keys)" -ge 7
        sed -n "s/^# $map: //p" plan/scenario.yaml > shown
        while read -r key; do
            echo "$map: $key"
            matches "[{ ]$key: " shown
            matches "(^|[^a-z_])$key([^a-z_]|\$)" "$top_srcdir/doc/headroom-size.1"
        done < keys
    done
}
