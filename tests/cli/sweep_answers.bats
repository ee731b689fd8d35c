#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What a sweep says: its report, its charts, its views, and the indices of the design saltelli.

load helper

setup_file() {
    shared=$(mktemp -d)
    export shared SOURCE_DATE_EPOCH=1700000000
    cd "$shared" || return 1
    cat > scenario.yaml << 'YAML'
platform: vsphere
cluster: {hosts: 2, server: dell-r660-2x16, memory_mib: 131072}
run: {hours: 1, step_s: 900, spare_hosts: 1, failure_tail_h: 1, replications: 1}
guests:
  - {name: web, count: 6, vcpus: 2, memory_mib: 16384, os: linux-5}
YAML
    cat > grid.yaml << 'YAML'
base: scenario.yaml
axes:
  - {name: platform, platform: [vsphere, xcpng]}
  - {name: hosts, path: cluster.hosts, values: [2, 3, 4]}
  - {name: memory, path: cluster.memory_mib, values: [131072, 262144, 524288]}
  - {name: dram, price: memory, as: usd_per_gib, from: 1, to: 64, steps: 7, log: true}
YAML
    cat > shares.yaml << 'YAML'
base: scenario.yaml
design: {kind: saltelli, points: 170, seed: 3}
axes:
  - {name: hosts, path: cluster.hosts, values: [2, 3, 4]}
  - {name: dram, price: memory, as: usd_per_gib, from: 1, to: 10}
  - {name: power, price: electricity-us-commercial-kwh, as: factor, from: 0.9, to: 1.1}
YAML
    "$HEADROOM" sweep grid.yaml -q -o grid.db > printed
    "$HEADROOM" sweep shares.yaml -q -o shares.db >> printed
}

teardown_file() {
    rm -rf "$shared"
}

ask() {
    sqlite3 -readonly "$shared/$1.db" "$2"
}

@test "sweep report: the template is that of sweeps, sound, with the same bytes twice" {
    need qpdf
    need pdftotext
    for name in grid shares; do
        call report "$shared/$name.db" -o "$name.pdf"
        must "$status" -eq 0
        qpdf --check "$name.pdf" > check
        call report "$shared/$name.db" --template sweep -o again.pdf
        cmp "$name.pdf" again.pdf
        pdftotext "$name.pdf" "$name.txt"
        matches "^Sweep of $name.yaml" "$name.txt"
    done
    matches 'Response surfaces' grid.txt
    matches 'Where the answer changes' grid.txt
    matches 'Saltelli' shares.txt
}

@test "sweep charts: each that the manual names draws" {
    for name in break-even break-even-linear pareto tornado sobol sobol-risk map map-2 map-3 map-p2 map-2-p2; do
        call chart "$shared/grid.db" "$name" -o "$name.svg"
        must "$status" -eq 0
        matches '<svg' "$name.svg"
        matches "^\.Cm ([a-z0-9-]+ , )*$name( |\$)" "$top_srcdir/doc/headroom-chart.1"
    done
    call chart "$shared/grid.db" break-even -o again.svg
    cmp break-even.svg again.svg
}

@test "sweep answers: prices share simulations, and the cheapest point is the least of the points" {
    need sqlite3
    must "$(ask grid 'SELECT points, done, simulated, complete FROM v_sweep_status')" = "126|126|18|1"
    must "$(ask grid 'SELECT count(*) FROM v_sweep_winner')" -eq 7
    must "$(ask grid 'SELECT sum(w.tco <> (SELECT min(p.tco) FROM v_point AS p
        JOIN v_sweep_case AS c ON c.study_id = p.study_id AND c.point = p.point
        WHERE p.feasible AND c.case_id = w.case_id)) FROM v_sweep_winner AS w')" -eq 0
    # Dearer memory never makes the cheapest cluster cheaper.
    must "$(ask grid 'SELECT count(*) FROM (SELECT tco - lag(tco) OVER (PARTITION BY platform_id
        ORDER BY number) AS step FROM v_sweep_line) WHERE step < 0')" -eq 0
}

@test "sweep answers: indices of a cost that is a sum of its parts" {
    need sqlite3
    must "$(ask shares "SELECT group_concat(DISTINCT method), max(samples) FROM sobol_index")" = "saltelli|34"
    must "$(ask shares "SELECT count(*) FROM sobol_index WHERE output = 'tco'")" -eq 3
    # More hosts cost more than anything else here; the price of electricity hardly counts.
    must "$(ask shares "SELECT name FROM v_sobol_index WHERE output = 'tco' ORDER BY total DESC LIMIT 1")" = hosts
    must "$(ask shares "SELECT total < 0.05 FROM v_sobol_index WHERE output = 'tco' AND name = 'power'")" -eq 1
    must "$(ask shares "SELECT count(*) FROM v_sobol_index WHERE first_low > first OR first > first_high OR total_low > total OR total > total_high")" -eq 0
    # Another seed is another sample; the same one gives the same rows.
    cp "$shared/scenario.yaml" "$shared/shares.yaml" .
    call sweep shares.yaml -q -o same.db
    sqlite3 same.db 'SELECT * FROM sobol_index' > same
    sed -i 's/seed: 3/seed: 4/' shares.yaml
    call sweep shares.yaml -q -o other.db
    sqlite3 other.db 'SELECT * FROM sobol_index' > other
    ask shares 'SELECT * FROM sobol_index' > first
    cmp first same
    must "$(cmp -s first other && echo alike)" != alike
}

@test "sweep answers: merged parts have those of the whole" {
    need sqlite3
    cp "$shared"/*.yaml .
    for part in 1 2 3; do
        call sweep shares.yaml -q --shard "$part/3" -o "part$part.db"
        must "$status" -eq 0
        must "$(sqlite3 "part$part.db" 'SELECT count(*) FROM sobol_index')" -eq 0
    done
    call merge whole.db part1.db part2.db part3.db -q
    must "$status" -eq 0
    sqlite3 whole.db 'SELECT * FROM sobol_index' > merged
    ask shares 'SELECT * FROM sobol_index' > first
    cmp first merged
}

@test "sweep answers: a design saltelli without points enough is refused with file and line" {
    cp "$shared"/*.yaml .
    sed -i 's/points: 170/points: 9/' shares.yaml
    call sweep shares.yaml -o out.db
    must "$status" -eq 3
    matches "^shares.yaml:2:[0-9]+: .*'points' of 10 or more" err
    must ! -e out.db
}
