#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom simulate`: what it answers, what it writes, what it refuses, and that what a study
# stored gives the study's figures again.

load helper

# One host, four guests, two platforms.
small_scenario() {
    cat > small.yaml << 'YAML'
platforms: [vsphere, hyperv-static]
cluster: {hosts: 1, memory_mib: 8192, cores: 8}
run: {days: 0.25}
guests:
  - {name: web, count: 2, vcpus: 1, memory_mib: 2048, os: linux-5}
  - {name: sql01, vcpus: 2, memory_mib: 4096, os: windows-2022}
  - {name: app, vcpus: 1, memory_mib: 2048, os: windows-2022, commit_mib: 700, cache_mib: 100}
YAML
}

# One study of a small estate, shared by the tests that run its scenarios again.
setup_file() {
    shared=$(mktemp -d)
    export shared
    cd "$shared" || return 1
    cat > estate.csv << 'CSV'
name,cluster,site,vcpus,memory_mib,os,disk_gib,cpu_mhz_avg,memory_active_mib
dc01,prod,north,2,4096,Microsoft Windows Server 2022 (64-bit),80,,
fs01,prod,north,2,8192,Microsoft Windows Server 2022 (64-bit),500,111.7,
sql01,prod,south,4,16384,Microsoft Windows Server 2022 (64-bit),300,333.3,5000.1
rds01,prod,south,4,16384,Microsoft Windows Server 2022 (64-bit),120,,
web01,prod,,1,4096,Debian GNU/Linux 12 (64-bit),40,,
web01,prod2,,1,4096,Debian GNU/Linux 12 (64-bit),40,,
CSV
    "$HEADROOM" size estate.csv --days 2 --replications 3 --growth 10 --seed 5 -q -o study.db > answer
    # What growth of demand and right-sizing make of a guest that was measured far below its size.
    echo 'big01,prod,north,8,262144,Microsoft Windows Server 2022 (64-bit),90,60,20' | cat estate.csv - > measured.csv
    echo 'demand_growth_pct: 7' > more.yaml
    "$HEADROOM" size measured.csv --days 2 --replications 3 --growth 10 --scenario more.yaml --right-size \
        --seed 5 -q -o grown.db > answer
}

teardown_file() {
    rm -rf "$shared"
}

# guest NAME PATH: a field of a guest in the first run of the document `out`.
guest() {
    sqlite3 -noheader :memory: "
        SELECT json_extract(value, '\$.$2')
        FROM json_each(readfile('out'), '\$.runs[0].guests') WHERE json_extract(value, '\$.name') = '$1'"
}

@test "simulate: help and manual name the same options" {
    call simulate --help
    must "$status" -eq 0
    sed -nE 's/^ *(-[a-z], )?--([a-z][a-z-]*).*/\2/p' out | sort -u > in_help
    sed -nE 's/^\.It (Fl [a-zA-Z] , )?Fl -([a-z][a-z-]*).*/\2/p' "$top_srcdir/doc/headroom-simulate.1" |
        sort -u > in_manual
    must -s in_help
    diff in_help in_manual
}

@test "simulate: the manual of scenarios names every key that is read" {
    cd "$top_srcdir/src/scenario"
    # Lists of keys, and tables of fields.
    {
        sed -n '/keys\[\] = {/,/};/p' read.c read_*.c | grep -oE '"[a-z0-9_]+"' | tr -d '"'
        sed -nE 's/.*HR_FIELD_[A-Z]*\(struct [a-z_]+, ([a-z_]+),.*/\1/p; s/.*\.key = "([a-z_]+)".*/\1/p' contents.c
    } | sort -u > "$work/keys"
    cd "$work"
    must "$(wc -l < keys)" -ge 80
    # Tags may name several keys, with commas between them.
    sed -n 's/^\.It Cm //p' "$top_srcdir/doc/headroom-scenario.5" | tr -s ' ,' '\n' | sort -u > in_manual
    diff keys in_manual
}

@test "simulate: words that are off are refused with status 2, and nothing is written" {
    small_scenario
    for words in "--seed x" "--jobs 0" "--replications 0" "--series hosts.txt" "--frobnicate" "more.yaml"; do
        # shellcheck disable=SC2086
        call simulate small.yaml $words
        must "$status" -eq 2
        must ! -s out
    done
    call simulate
    must "$status" -eq 2
    only_files ./err ./out ./small.yaml
}

@test "simulate: every problem of a scenario is told by file, line and column, and nothing is written" {
    cat > bad.yaml << 'YAML'
platform: vspher
cluster: {hosts: 1, memory_mib: lots, cores: 8}
guests:
  - {name: a, vcpu: 1, memory_mib: 2048}
YAML
    call simulate bad.yaml --json --series s.csv
    must "$status" -eq 3
    matches "^bad\.yaml:1:11: .*'vsphere'" err
    matches "^bad\.yaml:2:33: .*'lots'" err
    matches "^bad\.yaml:4:15: .*'vcpus'" err
    must ! -s out
    only_files ./bad.yaml ./err ./out
    call simulate missing.yaml
    must "$status" -eq 3
    matches 'missing\.yaml' err
    only_files ./bad.yaml ./err ./out
}

@test "simulate: the document has the promised shape" {
    small_scenario
    call simulate small.yaml --json -q
    must "$status" -eq 0
    must ! -s err
    must "$(json out '$.runs[0].platform')" = vsphere
    must "$(json out '$.runs[0].policy')" = overcommit
    must "$(json out '$.runs[1].platform')" = hyperv-static
    must "$(json out '$.runs[1].policy')" = static
    must "$(json out '$.runs[0].replication')" -eq 0
    must "$(json out '$.runs[0].hosts[0].name')" = host01
    matches "^(high|clear|soft|hard|low)\$" <(json out "\$.runs[0].hosts[0].state")
    for path in '$.runs[0].hosts[0].free_mib.end' '$.runs[0].hosts[0].free_mib.min'; do
        matches '^[0-9.]+$' <(json out "$path")
    done
    for part in granted consumed demand active shared saved ballooned compressed swapped tiered assigned target; do
        for when in end peak; do
            matches '^[0-9.]+$' <(guest app "memory_mib.$when.$part")
            matches '^[0-9.]+$' <(json out "\$.runs[0].hosts[0].memory_mib.$when.$part")
        done
    done
    for state in high clear soft hard low; do
        matches '^[0-9.]+$' <(json out "\$.runs[0].hosts[0].state_s.$state")
        matches '^[0-9.]+$' <(json out "\$.runs[0].hosts[0].thresholds_mib.$state")
    done
    must "$(json out '$.runs[0].hosts[0].thresholds_mib.soft')" = 262.144 # 0.64 of 409.6
    must -z "$(json out '$.runs[1].hosts[0].thresholds_mib')"
    must "$(sqlite3 :memory: "SELECT sum(value) FROM json_each(readfile('out'), '\$.runs[0].hosts[0].state_s')")" = 21600.0
    must "$(json out '$.runs[0].name' '$.platforms[1].variant' | tr '\n' ' ')" = 'vsphere hyperv-static '
    must -z "$(json out '$.platforms[0].floor')"
    for field in pressure slowdown.mean slowdown.p95 slowdown.max progress.mean progress.min down_s boots \
        smart_paged_max_mib reservation_mib limit_mib shares drs_demand_mib; do
        matches '^[0-9.e-]+$' <(guest app "$field")
    done
    must "$(guest app memory_mib.end.demand)" = 700.0
    must "$(guest app running)" -eq 1
    must "$(guest app refused)" -eq 0
    must "$(guest app killed)" -eq 0
    must "$(guest app shares)" = 20480.0
    must -z "$(guest app refused_reason)"
    must "$(guest web-2 os)" = linux-5
}

@test "simulate: who finds no room is refused and reported, and the status is 0" {
    small_scenario
    sed -i 's/^platforms:.*/platform: hyperv-static/' small.yaml
    call simulate small.yaml --json -q
    must "$status" -eq 0
    must "$(json out '$.runs[0].guests_refused')" -ge 1
    must "$(json out '$.platforms[0].feasible')" -eq 0
    refused=$(sqlite3 -noheader :memory: "SELECT json_extract(value, '\$.name')
        FROM json_each(readfile('out'), '\$.runs[0].guests') WHERE json_extract(value, '\$.refused') LIMIT 1")
    must "$(guest "$refused" running)" -eq 0
    must "$(guest "$refused" down_s)" = 21600.0
    must "$(guest "$refused" memory_mib.peak.granted)" = 0.0
    must -z "$(guest "$refused" host)"
    matches 'no host has the [0-9]+ MiB left' <(guest "$refused" refused_reason)
    call simulate small.yaml -q
    matches "$refused +refused" out
}

@test "simulate: no guests at all is an answer too" {
    printf 'platform: xcpng\ncluster: {hosts: 2, memory_mib: 8192, cores: 8}\nguests: []\n' > none.yaml
    call simulate none.yaml
    must "$status" -eq 0
    matches 'no guests' out
    call simulate none.yaml --json
    must "$status" -eq 0
    must "$(json out '$.runs[0].guests')" = "[]"
}

@test "simulate: with a spare host the failure is simulated" {
    small_scenario
    sed -i -e 's/hosts: 1/hosts: 2/' -e 's/days: 0.25/days: 0.25, spare_hosts: 1, failure_tail_h: 2/' small.yaml
    call simulate small.yaml --json -q
    must "$status" -eq 0
    must "$(json out '$.runs[0].failure.guests_lost_host')" -ge 1
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.runs[0].hosts')
        WHERE json_extract(value, '\$.failed')")" -eq 1
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.runs[0].guests')
        WHERE json_extract(value, '\$.failure.lost_host') AND json_extract(value, '\$.failure.restart_s') > 0")" -ge 1
    call simulate small.yaml -q
    matches 'host failure after' out
}

@test "simulate: the same bytes twice, on one thread or two, from a file or standard input" {
    small_scenario
    call simulate small.yaml --json -j1 --replications 3 -o one.db
    must "$status" -eq 0
    cp out first
    call simulate small.yaml --json -j2 --replications 3 -o two.db
    cmp first out
    call simulate - --json --replications 3 -o three.db < small.yaml
    must "$status" -eq 0
    cmp first out
    call simulate small.yaml --json --replications 3 --seed 2 -o four.db
    must "$status" -eq 0
    if cmp -s first out; then return 1; fi
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('first'), '\$.runs')")" -eq 6
}

@test "simulate: the study is saved, without cost, and another is appended" {
    small_scenario
    call simulate small.yaml -q
    must "$status" -eq 0
    must "$(sqlite3 headroom.db 'PRAGMA integrity_check')" = ok
    must "$(sqlite3 headroom.db 'SELECT kind, running, guests FROM study')" = 'simulate|4|4'
    must "$(sqlite3 headroom.db 'SELECT count(*), sum(tco_cents) FROM platform')" = '2|0'
    must "$(sqlite3 headroom.db 'SELECT count(*) FROM run')" -eq 2
    must "$(sqlite3 headroom.db 'SELECT count(*) FROM guest_result')" -eq 8
    must "$(sqlite3 headroom.db 'SELECT count(*) FROM host_series')" -gt 0
    must "$(sqlite3 headroom.db "SELECT count(*) FROM event WHERE code = 'refused'")" -ge 1
    call simulate small.yaml -q
    must "$status" -eq 0
    must "$(sqlite3 headroom.db 'SELECT count(*) FROM study')" -eq 2
    printf 'my notes\n' > notes.db
    call simulate small.yaml -q -o notes.db
    must "$status" -ne 0
    must "$(cat notes.db)" = 'my notes'
}

@test "simulate: --series writes every host and guest at each step" {
    small_scenario
    call simulate small.yaml -q --series series.csv -o s.db
    must "$status" -eq 0
    matches '^platform,name,phase,t_s,kind,item,host,state,granted_mib,.*,pressure,slowdown,cpu_mhz,free_mib,' series.csv
    # Two platforms, one host and four guests, 72 steps and the end.
    must "$(tail -n +2 series.csv | wc -l)" -eq $((2 * 73 * 5))
    must "$(awk -F, 'NR > 1 && $5 == "host" && $7 != "host01"' series.csv | wc -l)" -eq 0
    # Whoever finds no room is off at all times.
    must "$(awk -F, '$8 == "off" && $9 > 0' series.csv | wc -l)" -eq 0
    must "$(awk -F, '$8 == "off"' series.csv | wc -l)" -ge 73
    only_files ./err ./out ./s.db ./series.csv ./small.yaml
    call simulate small.yaml -q --series no/such/folder/series.csv -o t.db
    must "$status" -eq 1
    matches 'no/such/folder/series\.csv' err
    must ! -e t.db
}

@test "simulate: one platform under several settings, each by its name" {
    small_scenario
    sed -i '1s/.*/platforms: [vsphere, {platform: vsphere, name: "no, tax", settings: {overcommit: {idle_tax: 0}, hypervisor: {fixed_mib: 8}}}]/' small.yaml
    call simulate small.yaml --json -q --series series.csv
    must "$status" -eq 0
    must "$(json out '$.runs[0].name' '$.runs[1].name' '$.runs[1].platform' | tr '\n' ';')" = 'vsphere;no, tax;vsphere;'
    must "$(json out '$.runs[1].hosts[0].hypervisor_mib')" = 89.92
    # The untaxed share of idle memory counts whole.
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.runs[1].guests') AS g
        WHERE abs(json_extract(g.value, '\$.drs_demand_mib') - json_extract(g.value, '\$.overhead_mib')
            - max(json_extract(g.value, '\$.memory_mib.end.consumed'), json_extract(g.value, '\$.memory_mib.end.active'))) > 0.001")" -eq 0
    must "$(sqlite3 headroom.db "SELECT group_concat(platform_id, ';'), group_concat(name, ';')
        FROM (SELECT * FROM platform ORDER BY rank)")" = \
        'vsphere;no, tax|VMware vSphere Foundation;no, tax'
    matches '^vsphere,"no, tax",normal,0,host,' series.csv
    sqlite3 headroom.db "SELECT yaml FROM scenario WHERE platform_id = 'no, tax'" > stored.yaml
    call simulate stored.yaml -q -o again.db
    must "$status" -eq 0
    sqlite3 again.db 'SELECT yaml FROM scenario' | diff stored.yaml -
    matches '^no, tax: VMware vSphere Foundation' out
}

@test "simulate: a trace lies beside its scenario, and its faults are told by its own lines" {
    mkdir -p there
    printf 'at_s,commit_mib,cpu_mhz\n0,300,100\n3600,900,\n' > there/app.csv
    cat > there/trace.yaml << 'YAML'
platform: hyperv-static
cluster: {hosts: 1, memory_mib: 8192, cores: 8}
run: {hours: 2}
guests: [{name: app, vcpus: 1, memory_mib: 1024, os: linux-5, trace: app.csv}]
YAML
    call simulate there/trace.yaml --json -q
    must "$status" -eq 0
    must "$(guest app memory_mib.end.demand)" = 900.0
    printf 'at_s,commit_mib\n0,300\nsoon,900\n' > there/app.csv
    call simulate there/trace.yaml --json -q -o other.db
    must "$status" -eq 3
    matches '^there/app\.csv:3: .*"soon"' err
    must ! -s out
    must ! -e other.db
}

@test "simulate: a hundred guests stand in columns" {
    small_scenario
    sed -i -e 's/memory_mib: 8192/memory_mib: 1048576/' -e 's/count: 2/count: 97/' -e '1s/.*/platform: vsphere/' small.yaml
    call simulate small.yaml -q
    must "$status" -eq 0
    # The titles end where the numbers end, in every row of both tables.
    for title in granted demand pressure; do
        at=$(awk -v title="$title" '/^  guest, at the/ { print index($0, title " ") + length(title) }' out | sort -u)
        must "$(wc -l <<< "$at")" -eq 1
        must "$(awk -v at="$at" '/^  (web|sql|app)/ && substr($0, at - 1, 2) !~ /[0-9] /' out | wc -l)" -eq 0
    done
    must "$(grep -cE '^  (web|sql|app)' out)" -eq 198
}

# repeats DB: every scenario of a study, run again, gives the figures of its runs.
repeats() {
    sqlite3 "$1" 'SELECT platform_id FROM scenario' > ids
    must "$(wc -l < ids)" -ge 3
    figures="replication, seed, slowdown_p95_worst, failure_slowdown_p95_worst, slowdown_mean, swapped_min,
        paged_min, cpu_util_mean, storage_util_mean, n_refused, n_lost_host, n_not_restarted, restart_max_s, failure_t_s"
    while read -r id; do
        sqlite3 "$1" "SELECT yaml FROM scenario WHERE platform_id = '$id'" > stored.yaml
        sqlite3 "$1" "SELECT $figures FROM run JOIN scenario USING (scenario_id)
            WHERE platform_id = '$id' ORDER BY replication" > expected
        must "$(wc -l < expected)" -eq 3
        rm -f again.db
        "$HEADROOM" simulate stored.yaml --replications 3 -q -o again.db > again
        sqlite3 again.db "SELECT $figures FROM run ORDER BY replication" > found
        diff expected found
        sqlite3 again.db 'SELECT yaml FROM scenario' | diff stored.yaml -
    done < ids
}

@test "simulate: what a study stored gives the study's figures again, to the last digit" {
    repeats "$shared/study.db"
}

@test "simulate: so it does with growth of demand and right-sized guests" {
    repeats "$shared/grown.db"
    must "$(sqlite3 "$shared/grown.db" "SELECT count(*) FROM scenario WHERE yaml LIKE '%demand_factor: 1.402%'")" -eq 4
}

@test "simulate: the example, and the figures its text names" {
    call simulate "$top_srcdir/examples/scenario/overcommit.yaml" --json -q
    must "$status" -eq 0
    must "$(json out '$.runs[0].guests_refused')" -eq 0
    must "$(json out '$.runs[1].guests_refused')" -eq 0
    must "$(json out '$.runs[2].guests_refused')" -eq 4
    must "$(json out '$.runs[0].swapped_min')" = 0.0
    must "$(json out '$.platforms[0].feasible')" -eq 1
    must "$(json out '$.platforms[1].feasible')" -eq 1
    must "$(json out '$.platforms[2].feasible')" -eq 0
    must "$(json out '$.platforms[0].overcommit_ratio')" = 1.25
}

@test "simulate: the example of a boot storm, and what its text says" {
    call simulate "$top_srcdir/examples/scenario/boot-storm.yaml" --json -q
    must "$status" -eq 0
    must "$(json out '$.runs[0].hosts[0].state_worst')" = high
    must "$(json out '$.runs[0].hosts[0].memory_mib.peak.ballooned')" = 0.0
    must "$(json out '$.runs[1].hosts[0].state_worst')" = soft
    must "$(sqlite3 :memory: "SELECT json_extract(readfile('out'), '\$.runs[1].hosts[0].memory_mib.peak.ballooned') > 1000")" -eq 1
    must "$(json out '$.runs[1].guests[15].boots')" -eq 1
}

@test "simulate: the example of a reboot, and what its text says" {
    call simulate "$top_srcdir/examples/scenario/smart-paging.yaml" --json -q
    must "$status" -eq 0
    must "$(guest app refused)" -eq 0
    must "$(sqlite3 :memory: "SELECT json_extract(readfile('out'), '\$.runs[0].guests[0].smart_paged_max_mib') > 1000")" -eq 1
    must "$(json out '$.runs[0].guests[0].memory_mib.end.swapped')" = 0.0
    must "$(json out '$.runs[1].guests[0].refused')" -eq 1
    must "$(json out '$.runs[1].guests[0].running')" -eq 0
}
