#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom validate`: what it prints, what it ends with, and what it makes of broken cases.

load helper

# One host with one idle guest: hypervisor 384 + 30 · 8 MiB by the reserve formula.
own_case() {
    mkdir -p own
    cat > own/reserve.yaml << 'YAML'
kind: scenario
case: reserve
what: the root reserve
source: the formula
scenario:
  platform: hyperv-static
  cluster: {hosts: 1, memory_mib: 8192, cores: 4, mhz: 2500}
  run: {days: 0.1}
  guests:
    - {name: web, vcpus: 1, memory_mib: 1024, os: linux-5, commit_mib: 300}
expect:
- what: root reserve
  kind: exact
  value: runs/0/hosts/host01/hypervisor_mib
  published: 624
  tolerance: 0
  unit: MiB
- what: guests running
  kind: trend
  value: runs/0/guests/*
  fold: count
  where: running
  relation: at_least
  than: 1
YAML
}

@test "validate: cases that hold: exit status 0, a table, and the count" {
    own_case
    call validate --cases own
    must "$status" -eq 0
    matches '^case +what +published +simulated +tolerance +verdict' out
    matches '^reserve +root reserve +624 MiB +624 +±0 +holds$' out
    matches '^reserve +guests running +at least 1 +1 +- +holds$' out
    must "$(tail -n 1 out)" = "2 of 2 hold"
    must ! -s err
    only_files ./err ./out ./own/reserve.yaml
}

@test "validate: a case that does not hold is shown, and the exit status is 4" {
    own_case
    sed -i 's/published: 624/published: 600/; s/tolerance: 0$/tolerance: 23.9/' own/reserve.yaml
    call validate --cases own
    must "$status" -eq 4
    matches 'root reserve +600 MiB +624 +±23.9 +DOES NOT HOLD$' out
    must "$(tail -n 1 out)" = "1 of 2 hold"
    sed -i 's/tolerance: 23.9$/tolerance: 24/' own/reserve.yaml
    call validate --cases own
    must "$status" -eq 0
}

@test "validate: --json has the shape of the manual" {
    own_case
    call validate --cases own --json
    must "$status" -eq 0
    must "$(json out '$.held' '$.failed' '$.cases[0].case' '$.cases[0].what' '$.cases[0].published' \
        '$.cases[0].simulated' '$.cases[0].tolerance' '$.cases[0].unit' '$.cases[0].holds' \
        '$.cases[0].kind' | tr '\n' '|')" = "2|0|reserve|root reserve|624.0|624.0|0.0|MiB|1|exact|"
    must "$(json out '$.cases[1].published' '$.cases[1].tolerance' '$.cases[1].relation' \
        '$.cases[1].than' | tr '\n' '|')" = "||at least|1.0|"
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.cases')")" -eq 2
    sed -i 's/than: 1$/than: 2/' own/reserve.yaml
    call validate --cases own --json
    must "$status" -eq 4
    must "$(json out '$.held' '$.failed' '$.cases[1].holds' | tr '\n' '|')" = "1|1|0|"
}

@test "validate: a path that leads nowhere is an error with file and line, never a hold" {
    own_case
    sed -i 's/hypervisor_mib/hypervisor_mb/; s/where: running/where: runs/' own/reserve.yaml
    call validate --cases own
    must "$status" -eq 3
    must ! -s out
    matches '^own/reserve.yaml:14:[0-9]+: error: .*hypervisor_mb.*there are ' err
    matches '^own/reserve.yaml:20:[0-9]+: error: .*runs' err
}

@test "validate: every problem of every file is found before anything is simulated" {
    own_case
    cat > own/bad.yaml << 'YAML'
kind: queue
case: bad
what: w
source: s
arrival_rate: 3
service_rate: 1
servers: [2, 0]
customers: many
replications: 5
YAML
    sed -i 's/memory_mib: 1024/memory_mb: 1024/' own/reserve.yaml
    call validate --cases own
    must "$status" -eq 3
    must ! -s out
    matches '^own/bad.yaml:7:[0-9]+: error: ' err
    matches '^own/bad.yaml:8:[0-9]+: error: ' err
    matches "^own/reserve.yaml:10:[0-9]+: error: unknown key 'memory_mb'" err
    printf 'kind: scenario\n  - nonsense: [\n' > own/bad.yaml
    call validate --cases own
    must "$status" -eq 3
    matches '^own/bad.yaml:[0-9]+' err
}

@test "validate: a folder without cases, and one that is not there" {
    mkdir empty
    call validate --cases empty
    must "$status" -eq 3
    matches 'empty: no case' err
    call validate --cases nowhere
    must "$status" -eq 3
    matches '^headroom validate: nowhere: ' err
}

@test "validate: cases by name; an unknown one lists those there are" {
    call validate mm1 -q --json
    must "$status" -eq 0
    must "$(json out '$.held')" -eq 6
    call validate mm2
    must "$status" -eq 2
    matches 'no case "mm2" \(.*mm1.*mmc' err
    call validate mm1 --json --markdown
    must "$status" -eq 2
}

@test "validate: the number of threads changes nothing" {
    call validate mm1 -j 1
    mv out one
    call validate mm1 -j 3
    diff one out
}

@test "validate: no name of a case occurs in the program" {
    sed -n 's/^case: //p' "$top_srcdir"/data/validation/*.yaml | sort -u > names
    must "$(wc -l < names)" -ge 2
    while read -r name; do
        # A case may be called as what it is about, which is a key of every platform.
        if grep -q "^$name:" "$top_srcdir/data/platforms/vsphere.yaml"; then continue; fi
        # As a word of its own: "min-free" is no part of "min_free".
        if grep -rnE "(^|[^a-z0-9_-])$name([^a-z0-9_-]|\$)" "$top_srcdir/src" --include='*.[ch]'; then
            echo "the program knows the case $name"
            return 1
        fi
    done < names
}

@test "validate: every case file is installed" {
    for file in "$top_srcdir"/data/validation/*.yaml; do
        matches "validation/$(basename "$file")" "$top_srcdir/data/local.mk"
    done
    must "$(grep -c 'validation/.*yaml' "$top_srcdir/data/local.mk")" -eq \
        "$(find "$top_srcdir/data/validation" -name '*.yaml' | wc -l)"
}

@test "validate: doc/validation.md is what --markdown prints" {
    call validate -q --markdown
    must "$status" -ne 3
    diff "$top_srcdir/doc/validation.md" out
}
