#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom report`: a report from a results database, made by a study of two small runs.

load helper

setup_file() {
    shared=$(mktemp -d)
    export shared SOURCE_DATE_EPOCH=1700000000
    cd "$shared" || return 1
    printf 'name,vcpus,memory_mib,os\nsql01,4,16384,Windows Server 2022\nweb01,2,4096,Debian 12\n' > small.csv
    "$HEADROOM" size small.csv --days 1 --replications 1 --report size.pdf > document 2> messages
    "$HEADROOM" size small.csv --days 1 --replications 1 --seed 2 > document 2>> messages
}

teardown_file() {
    rm -rf "$shared"
}

@test "report: words that are off end with status 2 and write nothing" {
    cp "$shared/headroom.db" study.db
    for words in "" "study.db" "-o out.pdf" "study.db study.db -o out.pdf" "study.db -o" \
        "study.db -o out.doc" "study.db -o out" "study.db -o out.pdf --paper a3" \
        "study.db -o out.pdf --study 0" "study.db -o out.pdf --study x"; do
        # shellcheck disable=SC2086
        call report $words
        must "$status" -eq 2
        must ! -s out
        must -s err
    done
    only_files ./err ./out ./study.db
}

@test "report: a sound PDF, with the same bytes twice" {
    need qpdf
    need pdftotext
    cp "$shared/headroom.db" study.db
    call report study.db -o one.pdf
    must "$status" -eq 0
    # Of the program's own: under sanitizers the font library's leaks are counted there.
    must "$(grep -c '^headroom' err)" -eq 0
    must ! -s out
    qpdf --check one.pdf > check
    call report study.db -o two.pdf
    must "$status" -eq 0
    cmp one.pdf two.pdf
    cmp study.db "$shared/headroom.db"
    pdftotext one.pdf text
    matches 'VMware vSphere Foundation' text
}

@test "report: what size wrote along the way is what the database gives" {
    call report "$shared/headroom.db" --study 1 -o again.pdf
    must "$status" -eq 0
    cmp "$shared/size.pdf" again.pdf
}

@test "report: the last study unless one is named; one that is not there is told" {
    call report "$shared/headroom.db" -o last.pdf
    must "$status" -eq 0
    call report "$shared/headroom.db" --study 2 -o second.pdf
    cmp last.pdf second.pdf
    call report "$shared/headroom.db" --study 7 -o none.pdf
    must "$status" -eq 2
    matches 'study 7' err
    must ! -e none.pdf
}

@test "report: the paper and the template are the caller's" {
    need pdfinfo
    call report "$shared/headroom.db" --paper letter -o letter.pdf
    must "$status" -eq 0
    must "$(pdfinfo letter.pdf | grep -c '^Page size: *\(612 x 792\|792 x 612\)')" -eq 1
    cp "$HEADROOM_REPORTS/comparison.yaml" mine.yaml
    call report "$shared/headroom.db" --template mine.yaml -o mine.pdf
    must "$status" -eq 0
    call report "$shared/headroom.db" --template no-such -o none.pdf
    must "$status" -ne 0
    matches 'no-such' err
    must ! -e none.pdf
}

@test "report: what is no results database is refused" {
    call report no-such.db -o out.pdf
    must "$status" -eq 3
    matches 'no-such\.db' err
    printf 'my notes\n' > notes.db
    call report notes.db -o out.pdf
    must "$status" -eq 3
    matches 'notes\.db' err
    must ! -e out.pdf
    must ! -e no-such.db
}

@test "report: an output that cannot be made is a failure, and nothing is left behind" {
    call report "$shared/headroom.db" -o no/such/folder/out.pdf
    must "$status" -eq 1
    matches 'no/such/folder' err
    only_files ./err ./out
}

@test "report, chart: the results database is never drawn over" {
    cp "$shared/headroom.db" kept.pdf
    call report kept.pdf -o ./kept.pdf
    must "$status" -eq 2
    matches 'kept\.pdf is the results database' err
    call chart kept.pdf tco -o kept.pdf
    must "$status" -eq 2
    cmp "$shared/headroom.db" kept.pdf
}
