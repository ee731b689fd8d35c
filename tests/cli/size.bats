#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom size`: what it answers, what it writes, and what it refuses. The estate is small and the
# runs are short: these tests are about the contract, not about the figures.

load helper

short="--days 2 --replications 2"

# Seven guests that run, one that does not, one template.
small_estate() {
    cat > small.csv << 'CSV'
name,cluster,vcpus,memory_mib,power,template,os,role,disk_gib
dc01,prod,2,4096,on,no,Microsoft Windows Server 2022 (64-bit),,80
fs01,prod,2,8192,on,no,Microsoft Windows Server 2022 (64-bit),,500
sql01,prod,4,16384,on,no,Microsoft Windows Server 2022 (64-bit),,300
rds01,prod,4,16384,on,no,Microsoft Windows Server 2022 (64-bit),,120
rds02,prod,4,16384,on,no,Microsoft Windows Server 2022 (64-bit),,120
web01,prod,1,4096,on,no,Debian GNU/Linux 12 (64-bit),,40
web02,prod,1,4096,on,no,Debian GNU/Linux 12 (64-bit),,40
old01,prod,2,8192,off,no,Microsoft Windows Server 2016 (64-bit),,200
tmpl01,prod,2,4096,off,yes,Debian GNU/Linux 12 (64-bit),,20
CSV
}

# One answer that most tests look at, from different sides: status, document, messages, database.
setup_file() {
    shared=$(mktemp -d)
    export shared
    cd "$shared" || return 1
    small_estate
    status=0
    # shellcheck disable=SC2086
    "$HEADROOM" size small.csv $short --json -o study.db > document 2> messages || status=$?
    echo "$status" > status
}

teardown_file() {
    rm -rf "$shared"
}

# The shared answer, as if call() had just produced it.
shared_answer() {
    small_estate
    cp "$shared/document" out
    cp "$shared/messages" err
    status=$(cat "$shared/status")
    must "$status" -eq 0
}

# size ARGUMENT...: a short run of the small estate.
size() {
    # shellcheck disable=SC2086
    call size small.csv $short "$@"
}

# rows CONDITION: how many platforms of the document `out` meet an SQL condition on p, a JSON object.
rows() {
    sqlite3 -noheader :memory: "
        WITH a AS (SELECT key AS i, value AS p FROM json_each(readfile('out'), '\$.platforms'))
        SELECT count(*) FROM a WHERE $1"
}

# field NAME: one field of p, for the conditions above.
field() {
    echo "json_extract(p, '\$.$1')"
}

# ---- the words of the call -----------------------------------------------------------------------

@test "size: help and manual name the same options" {
    call size --help
    must "$status" -eq 0
    sed -nE 's/^ *(-[a-z], )?--([a-z][a-z-]*).*/\2/p' out | sort -u > in_help
    sed -nE 's/^\.It (Fl [a-zA-Z] , )?Fl -([a-z][a-z-]*).*/\2/p' "$top_srcdir/doc/headroom-size.1" |
        sort -u > in_manual
    must -s in_help
    diff in_help in_manual
}

@test "size: every option of the contract exists" {
    call size --help
    for option in platforms servers hosts spare years growth days replications prices slowdown \
        powered-off cluster right-size scenario output report json jobs seed quiet help; do
        matches "--$option([^a-z-]|\$)" out
    done
}

@test "size: values that are not what the option takes are refused with status 2" {
    small_estate
    for words in "--days 0" "--days x" "--days 2x" "--replications 0" "--replications -1" "--spare -1" \
        "--years 0" "--slowdown -5" "--growth x" "--powered-off sometimes" "--jobs 0" "--seed x" \
        "--hosts 0"; do
        # shellcheck disable=SC2086
        call size small.csv $words
        must "$status" -eq 2
        matches "${words%% *}" err
        must ! -s out
    done
    only_files ./err ./out ./small.csv
}

@test "size: an unknown platform is named" {
    small_estate
    size --platforms no-such-platform
    must "$status" -ge 2
    must "$status" -le 3
    matches 'no-such-platform' err
    only_files ./err ./out ./small.csv
}

@test "size: a price book of the past sells platforms, servers and storage of its time" {
    cat > old.csv << 'CSV'
name,vcpus,memory_mib,os,role,disk_gib
dc01,1,2048,Microsoft Windows Server 2003,domain-controller,40
web01,1,2048,Linux 2.6,web,20
print01,1,1024,Microsoft Windows Server 2003,print,40
CSV
    while read -r book platforms server windows; do
        # shellcheck disable=SC2086
        call size old.csv $short --prices "$book" --json -o "$book.db"
        must "$status" = 0
        matches "the price book '$book' is not today's: the newest is '2026'" err
        must "$(sqlite3 -readonly "$book.db" \
            'SELECT group_concat(platform_id) FROM (SELECT platform_id FROM platform ORDER BY 1)')" = "$platforms"
        must "$(sqlite3 -readonly "$book.db" \
            "SELECT count(*) > 0 FROM cost_line WHERE price_id LIKE '$server%'")" = 1
        must "$(sqlite3 -readonly "$book.db" \
            "SELECT count(*) > 0 FROM cost_line WHERE price_id LIKE '$windows%'")" = 1
        must "$(sqlite3 -readonly "$book.db" \
            "SELECT count(*) FROM cost_line WHERE price_id LIKE 'ddr5%' OR price_id LIKE '%25gbe%'")" = 0
    done << 'BOOKS'
2008 esx-3,hyperv-2008,hyperv-2008r2sp1,vsphere-4,xenserver-4 hp-dl ms-ws2008-
2013 hyperv-2012r2,hyperv-static,vsphere-5,vsphere-5-standard dell-r320 ms-ws2012-
2018 hyperv-dynamic,hyperv-static,vsphere-6 hpe-dl325 ms-ws2016-
BOOKS
}

# ---- bad input -----------------------------------------------------------------------------------

@test "size: platforms for simulation alone are refused with a reason, and no default" {
    small_estate
    grep -l '^simulate_only: true' "$top_srcdir"/data/platforms/*.yaml |
        sed 's|.*/||; s|\.yaml$||' > "$BATS_TEST_TMPDIR/without"
    must "$(wc -l < "$BATS_TEST_TMPDIR/without")" -ge 2
    while read -r platform; do
        call size small.csv --platforms "vsphere,$platform"
        must "$status" -eq 2
        matches "\"$platform\" is there for simulation alone.*headroom simulate" err
        only_files ./err ./out ./small.csv
        # Nor is it named among those there are, nor answered for.
        call size small.csv --platforms nonsense
        if grep -E "[( ]${platform}[,)]" err; then return 1; fi
        if grep "\"$platform\"" "$shared/document"; then return 1; fi
    done < "$BATS_TEST_TMPDIR/without"
}

@test "size: what is sized only by its name is priced like the others" {
    small_estate
    # Those that the newest book sells.
    grep -l '^by_name: true' "$top_srcdir"/data/platforms/*.yaml | xargs grep -L '^books:' |
        sed 's|.*/||; s|\.yaml$||' > "$BATS_TEST_TMPDIR/named"
    must "$(wc -l < "$BATS_TEST_TMPDIR/named")" -ge 5
    names=$(tr '\n' ',' < "$BATS_TEST_TMPDIR/named")
    call size small.csv --platforms "${names%,}" --days 1 --replications 2 --json -q
    must "$status" -eq 0
    while read -r platform; do
        must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.platforms') AS p
            WHERE json_extract(p.value, '\$.platform') = '$platform' AND json_extract(p.value, '\$.feasible')
            AND json_extract(p.value, '\$.tco') > 0")" -eq 1
        if grep "\"$platform\"" "$shared/document"; then return 1; fi
    done < "$BATS_TEST_TMPDIR/named"
}

@test "size: one price book at a time, and only what it sells" {
    small_estate
    call size small.csv --prices 2008 --prices 2013
    must "$status" = 2
    matches 'one book at a time, not 2008 and 2013' err
    call size small.csv --prices 1999
    must "$status" = 3
    matches "there is no price book '1999' \(2008, 2013, 2018, 2026\)" err
    call size small.csv --servers hp-dl360-g5-2x4
    must "$status" = 2
    matches '"hp-dl360-g5-2x4" is not sold by the price book 2026' err
    call size small.csv --prices 2008 --servers dell-r660-2x16
    must "$status" = 2
    matches '"dell-r660-2x16" is not sold by the price book 2008 \(hp-dl360-g5-2x4, hp-dl360-g6-2x4,' err
    must "$(find . -name '*.db' | wc -l)" = 0
}

@test "size: a file that is not there is named, and nothing is written" {
    call size no-such.csv
    must "$status" -ne 0
    must "$status" -ne 2
    matches 'no-such\.csv: ' err
    must ! -s out
    only_files ./err ./out
}

@test "size: every bad row of headroom's own dialect is told by file and line" {
    small_estate
    sed -i -e '3s/8192/lots/' -e '6s/,4,16384/,-4,16384/' small.csv
    size
    must "$status" -eq 3
    matches '^small\.csv:3:' err
    matches '^small\.csv:6:' err
    must ! -s out
    only_files ./err ./out ./small.csv
}

@test "size: broken inventories end with status 3, name the file and write nothing" {
    : > empty.csv
    printf 'name,vcpus,memory_mib\n' > header.csv
    printf 'name,vcpus\na,1\n' > column.csv
    printf 'name,vcpus,memory_mib,vcpus\na,1,1024,1\n' > twice.csv
    printf 'name,vcpus,memory_mib\na,1,1024\n"b,2,2048\n' > quote.csv
    printf 'name,vcpus,memory_mib\na,1,10\00024\n' > nul.csv
    for file in empty header column twice quote nul; do
        call size "$file.csv"
        must "$status" -eq 3
        matches "^$file\.csv:" err
        must ! -s out
    done
    must ! -e headroom.db
}

@test "size: an inventory with nothing running has no answer to give" {
    printf 'name,vcpus,memory_mib,power\na,1,1024,off\n' > off.csv
    call size off.csv
    must "$status" -eq 3
    must -s err
    must ! -e headroom.db
}

@test "size: guests that fit no server end with status 4, and the document says so" {
    printf 'name,vcpus,memory_mib\nhuge,4,16777216\n' > huge.csv
    # shellcheck disable=SC2086
    call size huge.csv $short --json
    must "$status" -eq 4
    must "$(rows "1")" -gt 0
    must "$(rows "$(field feasible)")" -eq 0
}

# ---- the answer ----------------------------------------------------------------------------------

@test "size: the document counts guests, vCPUs and memory as the file has them" {
    shared_answer
    must "$(json out '$.study.guests')" -eq 8
    must "$(json out '$.study.powered_on')" -eq 7
    must "$(json out '$.study.vcpus')" -eq 20
    must "$(json out '$.study.memory_mib')" -eq 77824
}

@test "size: the document is one JSON value with every promised field" {
    shared_answer
    must "$(sqlite3 :memory: "SELECT json_valid(readfile('out'))")" -eq 1
    must "$(rows 1)" -ge 3
    for name in platform policy binding currency; do
        must "$(rows "json_type(p, '\$.$name') IS NOT 'text'")" -eq 0
    done
    must "$(rows "json_type(p, '\$.feasible') NOT IN ('true', 'false')")" -eq 0
    for name in hosts memory_mib_per_host overcommit_ratio slowdown_p95 capex opex tco cost_per_guest; do
        must "$(rows "$(field feasible) AND json_type(p, '\$.$name') NOT IN ('integer', 'real')")" -eq 0
    done
    for policy in static overcommit dynamic; do
        must "$(rows "$(field policy) = '$policy'")" -ge 1
    done
    must "$(rows "$(field feasible)")" -ge 1
}

@test "size: platforms stand cheapest feasible first" {
    shared_answer
    disorder=$(sqlite3 -noheader :memory: "
        WITH a AS (SELECT key AS i, json_extract(value, '\$.feasible') AS ok,
                          json_extract(value, '\$.tco') AS tco
                   FROM json_each(readfile('out'), '\$.platforms'))
        SELECT count(*) FROM a JOIN a AS b ON b.i = a.i + 1
        WHERE b.ok > a.ok OR (a.ok AND b.ok AND b.tco < a.tco)")
    must "$disorder" -eq 0
}

@test "size: money adds up to the cent" {
    shared_answer
    must "$(rows "$(field feasible)")" -ge 1
    must "$(rows "$(field feasible) AND
        round($(field tco) * 100) <> round($(field capex) * 100) + round($(field opex) * 100)")" -eq 0
    must "$(rows "$(field feasible) AND
        abs($(field cost_per_guest) - $(field tco) / 7) > 0.0051")" -eq 0
    must "$(rows "$(field feasible) AND $(field tco) <= 0")" -eq 0
}

@test "size: the cost lies within its interval" {
    shared_answer
    must "$(rows "$(field feasible)")" -ge 1
    must "$(rows "$(field feasible) AND NOT ($(field tco_interval.low) <= $(field tco) AND
        $(field tco) <= $(field tco_interval.high))")" -eq 0
}

@test "size: what would change the answer is in the document, the database and the text" {
    shared_answer
    first=$(json out '$.platforms[0].platform')
    second=$(json out '$.platforms[1].platform')
    must "$(json out '$.flips[0].cheaper')" = "$first"
    must "$(json out '$.flips[0].dearer')" = "$second"
    for input in memory electricity labour; do
        must "$(sqlite3 :memory: "SELECT count(*) > 0 FROM json_each(readfile('out'), '\$.flips')
            WHERE json_extract(value, '\$.input') = '$input'")" -eq 1
    done
    # A flip has a price, or none; the price is what the factor makes of today's.
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.flips')
        WHERE (json_extract(value, '\$.factor') IS NULL) <> (json_extract(value, '\$.flip_value') IS NULL)
        OR abs(json_extract(value, '\$.flip_value') / json_extract(value, '\$.value') /
            json_extract(value, '\$.factor') - 1) > 0.001")" -eq 0
    must "$(rows "$(field feasible) AND json_array_length(p, '\$.tornado') < 15")" -eq 0
    must "$(rows "$(field feasible) AND json_array_length(p, '\$.cliffs') < 1")" -eq 0
    must "$(sqlite3 -readonly "$shared/study.db" 'SELECT count(*) FROM flip')" -eq \
        "$(sqlite3 :memory: "SELECT json_array_length(readfile('out'), '\$.flips')")"
    must "$(sqlite3 -readonly "$shared/study.db" "SELECT count(*) FROM tornado WHERE platform_id = '$first'")" -eq \
        "$(sqlite3 :memory: "SELECT json_array_length(readfile('out'), '\$.platforms[0].tornado')")"
    # What is recalled or assumed is starred.
    must "$(sqlite3 -readonly "$shared/study.db" \
        "SELECT count(*) FROM tornado WHERE starred <> (status IN ('recalled', 'assumed'))")" -eq 0
    size --servers dell-r6615-1x16 --platforms xcpng,vsphere -q
    must "$status" -eq 0
    matches '^What would change the answer:$' out
    matches '^    memory  .*(never|surely not|from) ' out
    matches '^    growth of guests  .*--flips' out
    matches 'starred, share of TCO .*\* [0-9]+ %' out
}

@test "size: --flips looks at other growths" {
    small_estate
    call size small.csv --days 1 --replications 2 --servers dell-r6615-1x16 --platforms xcpng,vsphere --flips -q
    must "$status" -eq 0
    matches '^    growth of guests  .*(at none from 0\.0 to|from about) .* % a year' out
}

@test "size: the overcommit ratio is configured memory over the memory of all hosts" {
    shared_answer
    must "$(rows "$(field feasible) AND abs($(field overcommit_ratio) -
        69632.0 / ($(field hosts) * $(field memory_mib_per_host))) > 0.00051")" -eq 0
}

@test "size: a static platform never promises more memory than it has" {
    shared_answer
    must "$(rows "$(field policy) = 'static' AND $(field feasible)")" -ge 1
    must "$(rows "$(field policy) = 'static' AND $(field feasible) AND $(field overcommit_ratio) > 1")" -eq 0
}

@test "size: the table names every platform of the document" {
    shared_answer
    n_platforms=$(rows 1)
    size
    must "$status" -eq 0
    must "$(grep -cE '[0-9]' out)" -ge "$n_platforms"
}

@test "size: nothing is drawn on a standard error that is no terminal, and --quiet is quiet" {
    small_estate
    if grep -q "$(printf '[\r\033]')" "$shared/messages"; then
        echo "control characters in a file"
        return 1
    fi
    size --quiet
    must "$status" -eq 0
    must ! -s err
}

@test "size: a scenario may say that each guest asks for more every year" {
    small_estate
    printf 'demand_growth_pct: 10\nyears: 3\n' > more.yaml
    head -n 1 "$top_srcdir/data/prices/2026.csv" > own.csv
    tail -n 1 "$top_srcdir/data/prices/2026.csv" >> own.csv
    size --scenario more.yaml --prices 2026 --prices "$PWD/own.csv" --json -o more.db
    must "$status" -eq 0
    must "$(json out '$.study.demand_growth_pct')" = 10.0
    matches 'the end of the horizon: 1\.33 times' err
    must "$(sqlite3 more.db 'SELECT command FROM study')" = \
        "headroom size small.csv --days 2 --replications 2 --prices 2026 --prices own.csv --scenario more.yaml"
}

@test "size: a report that cannot be written stops it at once, and nothing is written" {
    small_estate
    size --report no/such/folder/x.pdf -o x.db
    must "$status" -eq 1
    matches 'no/such/folder/x\.pdf' err
    mkdir folder.pdf
    size --report folder.pdf -o x.db
    must "$status" -eq 1
    size --report x.txt -o x.db
    must "$status" -eq 2
    size --report x.pdf -o ./x.pdf
    must "$status" -eq 2
    matches 'x\.pdf is the results database' err
    for file in x.db x.pdf x.txt; do
        must ! -e "$file"
    done
}

@test "size: what runs in each year is in the database and in the document" {
    small_estate
    size --growth 30 --years 3 --buy staged --json -o grown.db
    must "$status" -eq 0
    must "$(sqlite3 grown.db 'SELECT growth_pct, demand_growth_pct FROM study')" = '30.0|0.0'
    rows=$(sqlite3 grown.db "SELECT json_group_array(json_array(from_month, to_month, hosts, guests)) FROM
        (SELECT * FROM v_periods WHERE rank = 1 ORDER BY from_month)")
    must "$(sqlite3 :memory: "SELECT json_group_array(json_array(value ->> 'from_month', value ->> 'to_month',
        value ->> 'hosts', value ->> 'guests')) FROM json_each(readfile('out'), '\$.platforms[0].periods')")" = "$rows"
    # No gap, no month twice, and the last year has more guests than the first.
    must "$(sqlite3 grown.db 'SELECT DISTINCT sum(to_month - from_month) FROM period GROUP BY platform_id')" = 36
    must "$(sqlite3 grown.db 'SELECT count(*) FROM platform AS p WHERE NOT (
        (SELECT guests FROM period AS d WHERE d.platform_id = p.platform_id AND to_month = 36) >
        (SELECT guests FROM period AS d WHERE d.platform_id = p.platform_id AND from_month = 0))')" = 0
}

@test "size: standard input is an inventory too" {
    small_estate
    # shellcheck disable=SC2086
    call size - $short --json < small.csv
    must "$status" -eq 0
    for path in '$.study.guests' '$.study.memory_mib' '$.platforms'; do
        must "$(json out "$path")" = "$(json "$shared/document" "$path")"
    done
}

# ---- the same question, the same answer ----------------------------------------------------------

@test "size: the same bytes twice, on one thread or two" {
    small_estate
    size --json -j1 -o one.db
    must "$status" -eq 0
    cmp "$shared/document" out
    size --json -j2 -o two.db
    must "$status" -eq 0
    cmp "$shared/document" out
}

@test "size: the order of the rows changes nothing" {
    small_estate
    { head -n 1 small.csv; tail -n +2 small.csv | sort -r; } > turned.csv
    mv turned.csv small.csv
    size --json
    must "$status" -eq 0
    cmp "$shared/document" out
}

@test "size: the order of the columns, the separator and the line ends change nothing" {
    small_estate
    awk -F, '{ printf "%s;%s;%s;%s;%s;%s;%s;%s;%s\r\n", $4, $3, $1, $2, $9, $8, $7, $6, $5 }' small.csv > turned.csv
    mv turned.csv small.csv
    size --json
    must "$status" -eq 0
    cmp "$shared/document" out
}

@test "size: the seed is 1 unless said otherwise" {
    small_estate
    size --json --seed 1
    must "$status" -eq 0
    cmp "$shared/document" out
}

# ---- what it writes ------------------------------------------------------------------------------

@test "size: the study goes to headroom.db when no output is named" {
    small_estate
    size
    must "$status" -eq 0
    must -s headroom.db
    must "$(sqlite3 headroom.db 'PRAGMA integrity_check')" = ok
    must "$(sqlite3 headroom.db 'PRAGMA application_id')" -ne 0
    must "$(sqlite3 headroom.db 'SELECT count(*) FROM study')" -eq 1
}

@test "size: a second study is appended, and the first stays as it was" {
    small_estate
    cp "$shared/study.db" out.db
    sqlite3 out.db .dump | grep '^INSERT' | sort > before
    must -s before
    size -o out.db --seed 2
    must "$status" -eq 0
    must "$(sqlite3 out.db 'SELECT count(*) FROM study')" -eq 2
    sqlite3 out.db .dump | grep '^INSERT' | sort > after
    must "$(comm -23 before after | wc -l)" -eq 0
}

@test "size: an output that is no results database is refused and left as it is" {
    small_estate
    printf 'my notes\n' > notes.db
    sqlite3 own.db 'CREATE TABLE mine (a); INSERT INTO mine VALUES (1)'
    for file in notes.db own.db; do
        cp "$file" "$file.before"
        size -o "$file"
        must "$status" -ne 0
        matches "$file" err
        cmp "$file" "$file.before"
    done
    only_files ./err ./notes.db ./notes.db.before ./out ./own.db ./own.db.before ./small.csv
}

@test "size: an output that cannot be made is a failure, and is named" {
    small_estate
    size -o no/such/folder/out.db
    must "$status" -eq 1
    matches 'no/such/folder/out\.db' err
}

@test "size: the report is a sound PDF, with the same bytes for the same question" {
    need qpdf
    need pdftotext
    small_estate
    export SOURCE_DATE_EPOCH=1700000000
    size -o one.db --report one.pdf
    must "$status" -eq 0
    qpdf --check one.pdf
    pdftotext one.pdf text
    must "$(pdfinfo one.pdf | sed -n 's/^Pages: *//p')" -ge 1
    matches '[A-Za-z]' text
    size -o two.db --report two.pdf
    must "$status" -eq 0
    cmp one.pdf two.pdf
}

# ---- whole estates -------------------------------------------------------------------------------

@test "size: the example estate, counted as its file has it" {
    example=$top_srcdir/examples/smb/inventory.csv
    # shellcheck disable=SC2086
    call size "$example" $short --json
    must "$status" -eq 0
    # Columns: name, cluster, vcpus, memory_mib, power, template.
    # shellcheck disable=SC2016
    for pair in guests:1 powered_on:'($5=="on")' vcpus:'$3' memory_mib:'$4'; do
        expected=$(awk -F, "NR > 1 && \$6 == \"no\" { n += ${pair#*:} } END { print n }" "$example")
        must "$(json out "\$.study.${pair%%:*}")" -eq "$expected"
    done
}

@test "size: the tabs of an RVTools export are joined, and vInfo alone will do" {
    given_estate rvtools-4.x-real
    for source in 'vInfo alone:csv/RVTools_tabvInfo.csv' 'folder or workbook:csv'; do
        IFS=, read -r _ _ _ _ guests on _ vcpus memory _ \
            < <(grep "^${source%%:*}" "$estate/expected.csv")
        # shellcheck disable=SC2086
        call size "$estate/${source#*:}" $short --json -o "${source%% *}.db"
        must "$status" -eq 0
        must "$(json out '$.study.guests')" -eq "$guests"
        must "$(json out '$.study.powered_on')" -eq "$on"
        must "$(json out '$.study.vcpus')" -eq "$vcpus"
        must "$(json out '$.study.memory_mib')" -eq "$memory"
        matches 'RVTools_tabvInfo\.csv:10: (skipped|mended): guest "vm-9"' err
    done
}
