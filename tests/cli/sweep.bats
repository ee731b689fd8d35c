#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom sweep` and `headroom merge`: what they answer and write, what they refuse, and that an
# interruption of any kind, and any parts, end in the same rows.

load helper

# Two platforms, three sizes, two prices: twelve points of six simulations.
small_sweep() {
    cat > scenario.yaml << 'YAML'
platform: vsphere
cluster: {hosts: 2, server: dell-r660-2x16, memory_mib: 131072}
run: {hours: 1, step_s: 900, spare_hosts: 1, failure_tail_h: 1}
guests:
  - {name: sql, count: 2, vcpus: 4, memory_mib: 16384, os: windows-2022}
  - {name: web, count: 3, vcpus: 2, memory_mib: 8192, os: linux-5}
YAML
    cat > sweep.yaml << 'YAML'
base: scenario.yaml
axes:
  - {name: platform, platform: [vsphere, xcpng]}
  - {name: memory, path: cluster.memory_mib, values: [131072, 262144, 393216]}
  - {name: dram, price: memory, as: usd_per_gib, values: [4, 16]}
record: [feasible, tco]
YAML
}

# The same with so many points, each of which takes some milliseconds.
long_sweep() {
    small_sweep
    sed -i "s/values: \[4, 16\]/from: 1, to: 9, steps: 3/; s/hours: 1/hours: 6/" sweep.yaml scenario.yaml
    echo "  - {name: seed, path: run.seed, from: 1, to: $1, steps: $1}" > axis
    sed -i '/name: dram/r axis' sweep.yaml
}

# rows DB: every row of a sweep but the time of day, by its keys.
rows() {
    for table in sweep sweep_axis sweep_platform point point_value provenance; do
        echo "== $table"
        sqlite3 -readonly "$1" "SELECT * FROM $table ORDER BY 1, 2, 3"
    done
    sqlite3 -readonly -json "$1" "SELECT * FROM study" | sed 's/"created_utc":"[^"]*",//'
}

@test "sweep: twelve points of six simulations, as text, JSON and a table" {
    need sqlite3
    small_sweep
    call sweep sweep.yaml -o x.db --csv x.csv
    must "$status" -eq 0
    must "$(cat out)" = "12 of 12 points done, 6 of them simulated, in x.db"
    must "$(head -n 1 x.csv)" = "point,platform,memory,dram,feasible,tco"
    must "$(wc -l < x.csv)" -eq 13
    matches '^1,vsphere,131072,4,1,[0-9.]+$' x.csv
    only_files ./err ./out ./scenario.yaml ./sweep.yaml ./x.csv ./x.db
    call sweep sweep.yaml -o y.db --json
    must "$status" -eq 0
    must "$(json out '$.points' '$.done' '$.simulated' '$.database' | tr '\n' ' ')" = "12 12 6 y.db "
    # Another price of memory is another price and nothing else.
    must "$(sqlite3 x.db 'SELECT count(*) FROM point AS a JOIN point AS b ON b.point = a.simulated_as
        WHERE a.point <> b.point AND a.slowdown_p95 = b.slowdown_p95 AND a.tco_cents > b.tco_cents')" -eq 6
}

@test "sweep: one thread or four, the same bytes" {
    small_sweep
    export SOURCE_DATE_EPOCH=1788220800
    call sweep sweep.yaml -j 1 -o one.db
    must "$status" -eq 0
    call sweep sweep.yaml -j 4 -o four.db
    must "$status" -eq 0
    cmp one.db four.db
}

@test "sweep: --dry-run prints the points and an estimate, and writes nothing" {
    small_sweep
    call sweep sweep.yaml --dry-run
    must "$status" -eq 0
    must "$(grep -c 'platform=' out)" -eq 12
    matches '^2  platform=vsphere  memory=131072  dram=16  \(simulated as 1\)$' out
    matches '^12 points, 6 to be simulated, 0 dropped by constraints$' out
    matches '^about [0-9.]+ (s|min|h) on [0-9]+ threads' out
    call sweep sweep.yaml --dry-run --json --shard 1/2
    must "$(json out '$.points' '$.simulated' | tr '\n' ' ')" = "6 3 "
    must "$(sqlite3 :memory: "SELECT json_extract(readfile('out'), '\$.estimate_s') > 0")" = 1
    only_files ./err ./out ./scenario.yaml ./sweep.yaml
}

@test "sweep: what is wrong is told with file and line, and nothing is written" {
    small_sweep
    sed -i 's/cluster.memory_mib/cluster.memry_mib/; s/usd_per_gib/usd_per_gb/' sweep.yaml
    call sweep sweep.yaml -o x.db
    must "$status" -eq 3
    matches '^sweep.yaml:5:.*usd_per_gb' err
    sed -i 's/usd_per_gb/usd_per_gib/' sweep.yaml
    call sweep sweep.yaml -o x.db
    must "$status" -eq 3
    matches "^sweep.yaml:4:5: error: unknown key 'memry_mib'; did you mean 'memory_mib'" err
    small_sweep
    sed -i 's/hosts: 2/hosts: many/' scenario.yaml
    call sweep sweep.yaml -o x.db
    must "$status" -eq 3
    matches '^./scenario.yaml:2:|^scenario.yaml:2:' err
    small_sweep
    sed -i 's/price: memory, as: usd_per_gib/price: ddr5-rdimm-64g/' sweep.yaml
    call sweep sweep.yaml -o x.db
    must "$status" -eq 3
    matches "^sweep.yaml:5:.*no price 'ddr5-rdimm-64g'; did you mean 'ddr5-rdimm-64gb'" err
    must ! -e x.db
}

@test "sweep: one fault is told once, and prices that no book takes before anything runs" {
    cat > table << 'TABLE'
from: 0, to: 3, steps: 2, log: yes|begins above 0
from: 4, to: 2, steps: 3|is not above
from: 2, to: 4, steps: 1|outside 2 to 1000000
TABLE
    while IFS='|' read -r range why; do
        small_sweep
        sed -i "s/^  - {name: memory.*/  - {name: h, path: cluster.hosts, $range}/" sweep.yaml
        call sweep sweep.yaml -o x.db
        must "$status" -eq 3
        matches "$why" err
        must "$(grep -c 'error: ' err)" -eq 1
    done < table
    for values in "-1, 4" "4, 2e9"; do
        small_sweep
        sed -i "s/values: \[4, 16\]/values: [$values]/" sweep.yaml
        call sweep sweep.yaml -o x.db
        must "$status" -eq 3
        matches "^sweep.yaml:5:.*prices and factors are between 0 and 10\^9" err
    done
    small_sweep
    sed -i 's/name: dram/name: point/' sweep.yaml
    call sweep sweep.yaml -o x.db
    must "$status" -eq 3
    matches "'point' is what the number of a point is called" err
    for map in 'design: {kind: sobol, points: 0}' 'until: {tco_pct: 0.0001}'; do
        small_sweep
        echo "$map" >> sweep.yaml
        call sweep sweep.yaml -o x.db
        must "$status" -eq 3
        must "$(grep -c 'error: ' err)" -eq 1
    done
    must ! -e x.db
}

@test "sweep: points without a valid scenario are counted, with the first one's reason" {
    small_sweep
    sed -i 's/131072, 262144, 393216/131072, 131073/' sweep.yaml
    call sweep sweep.yaml -o x.db
    must "$status" -eq 0
    matches '^note: 4 points without a valid scenario; point 3: dell-r660-2x16 cannot be bought' err
    call sweep sweep.yaml -q -o y.db
    must ! -s err
    for k in 1 2; do
        call sweep sweep.yaml --shard $k/2 -o part$k.db
    done
    call merge m.db part1.db part2.db
    must "$status" -eq 0
    matches '^note: 4 points without a valid scenario; point 3: ' err
}

@test "sweep: one axis at a time says what each does, and nothing that takes more" {
    need sqlite3
    small_sweep
    sed -i 's/131072, 262144, 393216/131072, 262144/; s/base: scenario/design: one-at-a-time\nbase: scenario/' sweep.yaml
    call sweep sweep.yaml -o x.db
    must "$status" -eq 0
    # The base is the cheapest of its axis: then it is what the lowest cost stands at.
    must "$(sqlite3 -readonly x.db "SELECT low_text, low_tco = base_tco, high_text FROM v_sweep_tornado
        WHERE name = 'memory' AND platform_id = 'vsphere'")" = "128|1|256"
    must "$(sqlite3 -readonly x.db "SELECT count(*) FROM v_sweep_tornado WHERE low_tco > high_tco
        OR (low_text = base) <> (low_tco = base_tco)")" -eq 0
    must "$(sqlite3 -readonly x.db 'SELECT count(*) FROM sobol_index')" -eq 0
    call report x.db -o x.pdf
    must "$status" -eq 0
    need pdftotext
    pdftotext x.pdf x.txt
    matches 'What decides' x.txt
    must "$(grep -cE 'Where the answer changes|Response surfaces' x.txt)" -eq 0
    call chart x.db map -o x.svg
    must "$status" -eq 2
    matches 'the study has nothing that this chart could show' err
}

@test "sweep: a merge that is killed or interrupted leaves the output as it was" {
    need sqlite3
    small_sweep
    for k in 1 2; do
        call sweep sweep.yaml --shard $k/2 -o part$k.db
    done
    # Points by the ten thousand, so that there is time to kill.
    for k in 1 2; do
        columns=$(sqlite3 part$k.db "SELECT group_concat(name, ', ') FROM pragma_table_info('point') WHERE cid > 1")
        sqlite3 part$k.db "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < 29999)
                SELECT 100 + 2 * i + $k AS point FROM n;
            CREATE TEMP TABLE v AS SELECT * FROM point_value WHERE point = (SELECT min(point) FROM point);
            CREATE TEMP TABLE p AS SELECT $columns FROM point LIMIT 1;
            INSERT INTO point (study_id, point, $columns) SELECT 1, n.point, p.* FROM n, p;
            INSERT INTO point_value SELECT 1, n.point, axis, number, text FROM n, v;
            UPDATE sweep SET planned = 60012;"
    done
    call sweep sweep.yaml -o old.db
    cp old.db before.db
    for out in new.db old.db; do
        for signal in INT TERM KILL; do
            # Job control, or the shell would have it ignore SIGINT.
            set -m
            "$HEADROOM" merge $out part1.db part2.db > said 2> err &
            pid=$!
            set +m
            for _ in $(seq 500); do
                [ -s "$out.merge-$pid" ] && break
                sleep 0.01
            done
            must -s "$out.merge-$pid"
            kill -$signal "$pid"
            status=0
            wait "$pid" || status=$?
            if [ $signal = KILL ]; then
                must "$status" -eq 137
                rm -f $out.merge-$pid
            else
                must "$status" -eq 130
                matches "^interrupted: $out is as it was" err
            fi
            must "$(find . -name "*.merge-*" | wc -l)" -eq 0
        done
    done
    must ! -e new.db
    cmp old.db before.db
    call merge old.db part1.db part2.db
    must "$status" -eq 0
    must "$(sqlite3 -readonly old.db 'SELECT group_concat(study_id || complete) FROM sweep')" = 11,21
    sqlite3 part1.db 'DELETE FROM point_value WHERE point > 100'
    call merge new.db part1.db part2.db
    must "$status" -eq 1
    matches 'damaged: points lack values' err
    must ! -e new.db
}

@test "sweep: words that are off" {
    small_sweep
    for words in "" "sweep.yaml sweep.yaml" "sweep.yaml --shard 3" "sweep.yaml --shard 3/2" \
        "sweep.yaml --shard 0/2" "sweep.yaml --csv x.txt" "sweep.yaml --slurm-script" "sweep.yaml -j 0"; do
        # shellcheck disable=SC2086
        call sweep $words
        echo "words: $words"
        must "$status" -eq 2
    done
    call merge x.db
    must "$status" -eq 2
    call sweep nowhere.yaml
    must "$status" -eq 3
}

@test "sweep: parts merge into the whole; foreign, doubled, unfinished and missing ones are named" {
    need sqlite3
    small_sweep
    call sweep sweep.yaml -o whole.db --csv whole.csv
    for k in 1 2 3 4; do
        call sweep sweep.yaml --shard $k/4
        must "$status" -eq 0
        must -s "headroom-$k-of-4.db"
    done
    call merge out.db headroom-1-of-4.db headroom-4-of-4.db headroom-2-of-4.db
    must "$status" -eq 3
    matches 'part 3 of 4 is missing' err
    call merge out.db headroom-*-of-4.db headroom-2-of-4.db
    must "$status" -eq 3
    matches 'part 2 of 4 is in headroom-2-of-4.db already' err
    call sweep sweep.yaml --seed 9 --shard 3/4 -o foreign.db
    call merge out.db headroom-[124]-of-4.db foreign.db
    must "$status" -eq 3
    matches 'foreign.db: error: it is of another sweep' err
    cp headroom-3-of-4.db half.db
    sqlite3 half.db 'UPDATE sweep SET complete = 0'
    call merge out.db headroom-[124]-of-4.db half.db
    must "$status" -eq 3
    matches 'half.db: error: part 3 of 4 is not finished' err
    must ! -e out.db
    call merge out.db headroom-*-of-4.db --csv merged.csv --json
    must "$status" -eq 0
    must "$(json out '$.points' '$.simulated' '$.shards' | tr '\n' ' ')" = "12 6 4 "
    cmp whole.csv merged.csv
    rows whole.db > expected
    rows out.db > found
    diff expected found
}

@test "sweep: a task of a Slurm array takes its part from the environment" {
    small_sweep
    export SLURM_ARRAY_TASK_ID=13 SLURM_ARRAY_TASK_MIN=11 SLURM_ARRAY_TASK_MAX=15 \
        SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=3
    call sweep sweep.yaml
    must "$status" -eq 0
    must -s headroom-2-of-3.db
    matches 'part 2 of 3' err
    call sweep sweep.yaml --shard 1/1 -o all.db
    matches '^12 of 12' out
    SLURM_ARRAY_TASK_COUNT=2
    call sweep sweep.yaml
    must "$status" -eq 2
    matches 'array with gaps' err
}

@test "sweep: the script for Slurm is sound shell, and its two jobs do the sweep" {
    need shellcheck
    small_sweep
    call sweep sweep.yaml --slurm-script --shards 3 -o "a result.db"
    must "$status" -eq 0
    cp out submit.sh
    shellcheck submit.sh
    # An sbatch that runs what it is given at once, as Slurm would later.
    mkdir bin
    cat > bin/sbatch << 'SH'
#!/bin/bash
echo "$@" >> sbatch.words
script=$(cat)
last=0
for word in "$@"; do
    case $word in
        --array=1-*) last=${word#--array=1-} ;;
        --export=ALL,*) IFS=, read -ra pairs <<< "${word#--export=ALL,}" && export "${pairs[@]}" ;;
    esac
done
i=1
while :; do
    SLURM_ARRAY_TASK_ID=$i bash -c "$script" >> sbatch.log 2>&1 || exit 1
    i=$((i + 1))
    [ "$i" -le "$last" ] || break
done
echo "$((41 + last));cluster"
SH
    chmod +x bin/sbatch
    ln -s "$(realpath "$HEADROOM")" bin/headroom
    PATH=$PWD/bin:$PATH sh submit.sh > printed
    matches '^array 44, merge 41: .*/a result.db$' printed
    matches '--dependency=afterok:44' sbatch.words
    must "$(sqlite3 "a result.db" 'SELECT count(*), min(complete), max(shards) FROM point JOIN sweep')" = "12|1|1"
}

@test "sweep: interrupted by Ctrl-C it keeps what is finished, and resumes to the same rows" {
    need sqlite3
    long_sweep 60
    call sweep sweep.yaml -o whole.db
    must "$status" -eq 0
    "$HEADROOM" sweep sweep.yaml -j 2 -o x.db > out 2> err &
    pid=$!
    for _ in $(seq 200); do
        [ -s x.db ] && break
        sleep 0.02
    done
    sleep 0.2
    kill -INT "$pid"
    status=0
    wait "$pid" || status=$?
    # A machine that is quick may have been done already.
    if [ "$status" -ne 0 ]; then
        must "$status" -eq 130
        matches 'interrupted: [0-9]+ of 1080 points are saved' err
        matches 'headroom sweep --resume -o x.db sweep.yaml' err
    fi
    call sweep sweep.yaml --resume -o x.db
    must "$status" -eq 0
    rows whole.db > expected
    rows x.db > found
    diff expected found
}

@test "sweep: killed at any moment, and resumed each time: nothing is lost, nothing is doubled" {
    need sqlite3
    kills=5
    if [ -n "${HEADROOM_LONG_TESTS:-}" ]; then kills=50; fi
    long_sweep 60
    call sweep sweep.yaml -o whole.db
    must "$status" -eq 0
    rows whole.db > expected
    # How long the whole takes, in milliseconds; a kill comes somewhere in a part of it.
    started=$(date +%s%N)
    call sweep sweep.yaml -o timed.db
    whole_ms=$((($(date +%s%N) - started) / 1000000))
    RANDOM=7
    n_killed=0
    kept=0
    while [ "$n_killed" -lt "$kills" ]; do
        "$HEADROOM" sweep sweep.yaml --resume -q -j 2 -o x.db > /dev/null 2>&1 &
        pid=$!
        sleep "$(awk -v ms=$((RANDOM % (whole_ms / 3 + 50))) 'BEGIN { print ms / 1000 }')"
        kill -KILL "$pid" 2> /dev/null && n_killed=$((n_killed + 1))
        wait "$pid" || true
        if [ -s x.db ]; then
            must "$(sqlite3 x.db 'PRAGMA integrity_check')" = ok
            # What was there once stays.
            now=$(sqlite3 x.db 'SELECT count(*) FROM point')
            must "$now" -ge "$kept"
            kept=$now
            if [ "$(sqlite3 x.db 'SELECT max(complete) FROM sweep')" = 1 ]; then
                rows x.db > found
                diff expected found
                rm x.db
                kept=0
            fi
        fi
    done
    call sweep sweep.yaml --resume -o x.db
    must "$status" -eq 0
    rows x.db > found
    diff expected found
    must "$(find . -name 'x.db-*' | wc -l)" -eq 0
}

@test "sweep: a full disk keeps what was saved, and the rest is done later" {
    need sqlite3
    long_sweep 60
    call sweep sweep.yaml -o whole.db
    rows whole.db > expected
    # No file may grow beyond this: the writing fails as on a full disk.
    status=0
    (
        ulimit -f 300
        trap '' XFSZ
        exec "$HEADROOM" sweep sweep.yaml -q -o x.db
    ) > out 2> err || status=$?
    must "$status" -eq 1
    must -s x.db
    must "$(sqlite3 x.db 'PRAGMA integrity_check')" = ok
    must "$(sqlite3 x.db 'SELECT complete FROM sweep')" -eq 0
    call sweep sweep.yaml --resume -o x.db
    must "$status" -eq 0
    rows x.db > found
    diff expected found
}

@test "sweep: an unfinished one of other inputs is left alone" {
    need sqlite3
    small_sweep
    call sweep sweep.yaml -o x.db
    call sweep sweep.yaml --resume --seed 3 -o x.db
    must "$status" -eq 0
    must "$(sqlite3 x.db 'SELECT count(*) FROM study')" -eq 2
    call sweep sweep.yaml --resume -o x.db
    must "$(sqlite3 x.db 'SELECT count(*) FROM study')" -eq 2
}
