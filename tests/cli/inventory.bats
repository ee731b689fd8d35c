#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom inventory`: what it counts, what it refuses, and what it converts.

load helper

fixtures() {
    echo "$top_srcdir/tests/fixtures/inventory"
}

# Two guests and a template, as RVTools names its columns.
rvtools_rows() {
    cat << 'CSV'
VM,Powerstate,Template,CPUs,Memory,Cluster
alpha,poweredOn,False,2,4096,C1
beta,poweredOff,False,4,8192,C2
pattern,poweredOff,True,1,1024,C1
CSV
}

# counts FILE GUESTS ON VCPUS MEMORY: what the document of a file must say.
counts() {
    call inventory "$1" --json
    must "$status" -eq 0
    must "$(json out '$.guests' '$.powered_on' '$.vcpus' '$.memory_mib' | tr '\n' ' ')" = "$2 $3 $4 $5 "
}

# ---- the words of the call -----------------------------------------------------------------------

@test "inventory: words that are off end with status 2 and write nothing" {
    rvtools_rows > estate.csv
    for words in "" "estate.csv estate.csv" "estate.csv --to - --json" "estate.csv --frobnicate" \
        "estate.csv --to"; do
        # shellcheck disable=SC2086
        call inventory $words
        must "$status" -eq 2
        must ! -s out
        must -s err
    done
    call inventory estate.csv --to ''
    must "$status" -eq 2
    only_files ./err ./estate.csv ./out
}

# ---- the summary ---------------------------------------------------------------------------------

@test "inventory: the document has every promised field and the right sums" {
    call inventory "$(fixtures)/own.csv" --json
    must "$status" -eq 0
    must "$(json out '$.dialect')" = headroom
    must "$(json out '$.guests' '$.powered_on' '$.templates' '$.vcpus' '$.memory_mib' '$.hosts' |
        tr '\n' ' ')" = "5 4 1 15 79872 0 "
    # One of 820.5 GiB, three of 40, one of 60; the template does not count.
    must "$(sqlite3 :memory: "SELECT json_extract(readfile('out'), '\$.disk_gib') = 1000.5")" -eq 1
    must "$(json out '$.clusters[0].name' '$.clusters[0].guests' '$.clusters[0].vcpus' \
        '$.clusters[0].guest_memory_mib' '$.clusters[0].hosts' | tr '\n' ' ')" = "main 5 15 79872 0 "
    must "$(json out '$.problems[0].file' '$.problems[0].line' '$.problems[0].severity' |
        tr '\n' ' ')" = "own.csv 1 note "
    matches 'owner' out
    must "$(json out '$.skipped')" = "[]"
}

@test "inventory: hosts and clusters are counted, skipped rows by their reason" {
    call inventory "$(fixtures)/rvtools-4" --json
    must "$status" -eq 0
    must "$(json out '$.dialect' '$.guests' '$.powered_on' '$.templates' '$.hosts' | tr '\n' ' ')" = \
        "rvtools 6 4 1 2 "
    must "$(json out '$.clusters[0].name' '$.clusters[0].hosts' '$.clusters[0].cores' \
        '$.clusters[0].memory_mib' '$.clusters[0].guests' | tr '\n' ' ')" = "C1 2 32 262075 5 "
    must "$(json out '$.skipped[0].count')" -eq 1
    # What was skipped and what was mended are warnings with their line.
    must "$(sqlite3 :memory: "SELECT group_concat(json_extract(value, '\$.outcome') || ' ' ||
        json_extract(value, '\$.line')) FROM json_each(readfile('out'), '\$.problems')
        WHERE json_extract(value, '\$.severity') = 'warning'")" = "mended 7,skipped 9"
}

@test "inventory: the table shows the same figures, and --quiet keeps to them" {
    call inventory "$(fixtures)/rvtools-4"
    must "$status" -eq 0
    matches '^dialect +rvtools' out
    matches '^guests +6, 4 of them powered on' out
    matches '^templates +1' out
    matches '^hosts +2' out
    matches '^C1 +2 +32 +262,075 +5 ' out
    matches '^RVTools_tabvInfo\.csv +8 +3' out
    matches 'skipped 1, mended 1' out
    matches 'RVTools_tabvInfo\.csv:9: skipped: ' err
    cp out loud
    call inventory "$(fixtures)/rvtools-4" --quiet
    must "$status" -eq 0
    must ! -s err
    cmp loud out
}

@test "inventory: the same document wherever the file lies, in whatever order its rows stand" {
    mkdir sub
    rvtools_rows > estate.csv
    { rvtools_rows | head -n 1; rvtools_rows | tail -n +2 | sort -r; } > sub/estate.csv
    for file in estate.csv sub/estate.csv; do
        call inventory "$file" --json
        must "$status" -eq 0
        grep -v sha256 out > "out.$(dirname "$file" | tr -d .)"
    done
    cmp out. out.sub
}

@test "inventory: standard input is a file too" {
    status=0
    rvtools_rows | "$HEADROOM" inventory - --json > out 2> err || status=$?
    must "$status" -eq 0
    must "$(json out '$.guests')" -eq 2
}

@test "inventory: one cluster alone; one that is not there is answered with those that are" {
    rvtools_rows > estate.csv
    call inventory estate.csv --cluster C2 --json
    must "$status" -eq 0
    must "$(json out '$.guests' '$.vcpus' '$.templates' | tr '\n' ' ')" = "1 4 0 "
    call inventory estate.csv --cluster C9
    must "$status" -eq 3
    must ! -s out
    matches '"C1", "C2"' err
}

@test "inventory: --strict makes a skipped row an error" {
    { rvtools_rows; echo 'broken,poweredOn,False,two,1024,C1'; } > estate.csv
    call inventory estate.csv --json
    must "$status" -eq 0
    must "$(json out '$.guests' '$.skipped[0].count' | tr '\n' ' ')" = "2 1 "
    call inventory estate.csv --strict
    must "$status" -eq 3
    must ! -s out
    matches '^estate\.csv:5: error: ' err
}

# ---- encodings, separators, line ends ------------------------------------------------------------

@test "inventory: encoding, separator and line ends change nothing" {
    need iconv
    rvtools_rows > estate.csv
    tr ',' ';' < estate.csv > semicolon.csv
    tr ',' '\t' < estate.csv > tab.csv
    { printf 'sep=;\r\n'; sed 's/$/\r/' semicolon.csv; } > sep.csv
    tr '\n' '\r' < estate.csv > cr.csv
    sed 's/$/\r/' estate.csv > crlf.csv
    { printf '\357\273\277'; cat estate.csv; } > bom.csv
    { printf '\377\376'; iconv -f UTF-8 -t UTF-16LE tab.csv; } > utf16le.csv
    { printf '\376\377'; iconv -f UTF-8 -t UTF-16BE estate.csv; } > utf16be.csv
    iconv -f UTF-8 -t UTF-16LE estate.csv > utf16-unmarked.csv
    for file in estate semicolon tab sep cr crlf bom utf16le utf16be utf16-unmarked; do
        counts "$file.csv" 2 1 6 12288
    done
}

@test "inventory: text that is not UTF-8 is read as Windows-1252, and that is said" {
    printf 'VM;Powerstate;CPUs;Memory\nB\334RO;poweredOn;2;4096\n' > old.csv
    counts old.csv 1 1 2 4096
    matches 'Windows-1252' err
    call inventory old.csv --to new.csv -q
    matches '^BÜRO,' new.csv
}

@test "inventory: a name with a line end or an escape in it does not break the table" {
    printf 'name,vcpus,memory_mib,cluster\na,1,1024,"one\033[31m\ntwo"\n' > odd.csv
    call inventory odd.csv
    must "$status" -eq 0
    must "$(grep -c "$(printf '\033')" out)" -eq 0
    matches '^one' out
}

# ---- what is refused -----------------------------------------------------------------------------

@test "inventory: what cannot be read ends with status 3 and prints nothing on standard output" {
    call inventory no-such.csv
    must "$status" -eq 3
    must ! -s out
    matches 'no-such\.csv: ' err
    mkdir empty
    call inventory empty
    must "$status" -eq 3
    matches 'RVTools_tabvInfo' err
    printf 'Name,Colour\na,red\n' > foreign.csv
    call inventory foreign.csv --json
    must "$status" -eq 3
    must ! -s out
    matches '"Name", "Colour"' err
}

@test "inventory: every error of headroom's own dialect is told at once" {
    printf 'name,vcpus,memory_mib\na,lots,1024\nb,1,-5\n' > bad.csv
    call inventory bad.csv --to out.csv
    must "$status" -eq 3
    must ! -s out
    must ! -e out.csv
    matches '^bad\.csv:2: error: ' err
    matches '^bad\.csv:3: error: ' err
}

# own COLUMNS FIELDS: one guest of headroom's own dialect with these columns more.
own() {
    printf 'name,vcpus,memory_mib,%s\na,2,4096,%s\n' "$1" "$2" > own.csv
    call inventory own.csv --to copy.csv
}

@test "inventory: what no guest can have measured is refused in the own dialect" {
    # What is just possible is read.
    own memory_active_mib,memory_reservation_mib 4096,4096
    must "$status" -eq 0
    own cpu_mhz_avg,cpu_mhz_p95 20000,20000
    must "$status" -eq 0
    own memory_consumed_mib,memory_limit_mib,disk_gib,disk_used_gib 4200,1024,10,12
    must "$status" -eq 0
    own dynamic_memory,memory_max_mib,memory_active_mib yes,8192,6000
    must "$status" -eq 0
    rm copy.csv
    while read -r columns fields pattern; do
        own "$columns" "$fields"
        must "$status" -eq 3
        must ! -s out
        must ! -e copy.csv
        matches "^own\.csv:2: error: $pattern" err
    done << 'ROWS'
memory_active_mib 4097 memory_active_mib 4097 is above memory_mib 4096
memory_reservation_mib 5000 memory_reservation_mib 5000 is above memory_mib 4096
cpu_mhz_avg,cpu_mhz_p95 500,400 cpu_mhz_p95 400 is below cpu_mhz_avg 500; where
cpu_mhz_avg,cpu_mhz_p95 500,0 cpu_mhz_p95 0 is below cpu_mhz_avg 500
cpu_mhz_avg 20001 cpu_mhz_avg 20001 is more than 2 vCPUs can do
cpu_mhz_p95 1e12 cpu_mhz_p95 1000000000000 is more than 2 vCPUs can do
dynamic_memory,memory_max_mib,memory_active_mib yes,8192,9000 memory_active_mib 9000 is above memory_max_mib 8192
iops 1e10 iops is "1e10"; a number from 0 to 1000000000 is wanted
disk_gib 1e9 disk_gib is "1e9"; a number from 0 to 16777216 is wanted
ROWS
    # All at once.
    own memory_active_mib,memory_reservation_mib,cpu_mhz_avg,cpu_mhz_p95 5000,6000,9,8
    must "$(grep -c '^own\.csv:2: error: ' err)" -eq 3
}

@test "inventory: what no guest can have measured is mended in a foreign export, and reads back" {
    mkdir export
    cat > export/RVTools_tabvInfo.csv << 'CSV'
VM,Powerstate,Template,CPUs,Memory,VM ID,Total disk capacity MiB,In Use MiB
good,poweredOn,False,2,4096,vm-1,1024,2048
odd,poweredOn,False,2,4096,vm-2,99999999999,99999999999
cut,poweredOn,False,2,3,vm-3,1024,2048
CSV
    cat > export/RVTools_tabvMemory.csv << 'CSV'
VM,Size MiB,Active,Consumed,Reservation,Limit,VM ID
good,4096,4096,4200,4096,1024,vm-1
odd,4096,4097,4200,8192,-1,vm-2
CSV
    cat > export/RVTools_tabvCPU.csv << 'CSV'
VM,CPUs,Sockets,Overall,VM ID
good,2,1,20000,vm-1
odd,2,1,20001,vm-2
CSV
    call inventory export --to copy.csv --json
    must "$status" -eq 0
    must "$(json out '$.guests' '$.skipped[0].reason' '$.skipped[0].count' | tr '\n' '/')" = \
        "2/too little memory/1/"
    matches 'vInfo\.csv:3: mended: guest "odd": .*4097 MiB of active memory' err
    for part in '8192 MiB of memory reserved' '20001 MHz are more' '99999999999 MiB of disks' \
        '99999999999 MiB in use'; do
        matches ":3: mended: .*$part" err
    done
    must "$(grep -c ':2: ' err)" -eq 0
    # What is left: nothing measured, the reservation as large as the guest.
    fields() {
        sqlite3 -list :memory: '.import -csv copy.csv g' "SELECT
            coalesce(memory_active_mib, '') || '/' || memory_reservation_mib || '/' || cpu_mhz_avg ||
            '/' || disk_gib || '/' || disk_used_gib FROM g WHERE name = '$1'"
    }
    must "$(fields good)" = 4096/4096/20000/1/2
    must "$(fields odd)" = /4096///
    call inventory copy.csv --to again.csv --strict
    must "$status" -eq 0
    cmp copy.csv again.csv
}

@test "inventory: a message is one line that steers no terminal, however the field is written" {
    printf 'name,vcpus,memory_mib\na,"two\n\033[31mred\302\233",1024\nb,%s,1024\n' \
        "$(head -c 100000 /dev/zero | tr '\0' 9)" > odd.csv
    call inventory odd.csv
    must "$status" -eq 3
    must "$(wc -l < err)" -eq 3
    must "$(wc -c < err)" -lt 2000
    must "$(LC_ALL=C grep -c "$(printf '[\001-\010\033\177]')" err)" -eq 0
    must "$(LC_ALL=C grep -c "$(printf '\302\233')" err)" -eq 0
    matches '^odd\.csv:2: error: vcpus is "two .*"; a whole number from 1 to 4096 is wanted$' err
    matches '^odd\.csv:4: error: vcpus is "999.* … .*999"; a whole number from 1 to 4096 is wanted$' err
}

@test "inventory: of many unknown columns the first are named, the rest counted" {
    { printf 'name,vcpus,memory_mib'; printf ',column%d' $(seq 100); printf '\na,1,1024\n'; } > wide.csv
    call inventory wide.csv
    must "$status" -eq 0
    must "$(wc -l < err)" -eq 21
    matches '80 more columns are not known' err
}

@test "inventory: a percentage is no size" {
    printf 'VM,CPUs,Memory,Memory %%\na,1,4096,50\n' > percent.csv
    call inventory percent.csv --json
    must "$status" -eq 0
    must "$(json out '$.memory_mib')" -eq 4096
    printf 'VM,Powerstate,CPUs,Memory %%\na,poweredOn,1,50\n' > percent.csv
    call inventory percent.csv
    must "$status" -eq 3
    matches 'no column for the memory' err
}

@test "inventory: ids given to guests of one name are new ones, in the order they are read back" {
    { echo 'VM,CPUs,Memory,VM ID'; printf 'twin,1,1024,\n%.0s' $(seq 12); echo 'twin,1,1024,#2'; } > twins.csv
    call inventory twins.csv --to one.csv --json
    must "$status" -eq 0
    must "$(json out '$.guests')" -eq 13
    call inventory one.csv --to two.csv --json --strict
    must "$status" -eq 0
    must "$(json out '$.guests')" -eq 13
    cmp one.csv two.csv
}

# ---- --to ----------------------------------------------------------------------------------------

@test "inventory: what was converted reads as the same guests, and converts to the same bytes" {
    for source in own.csv rvtools-4 rvtools-3-semicolon rvtools-internal; do
        call inventory "$(fixtures)/$source" --to one.csv --json
        must "$status" -eq 0
        mv out first
        call inventory one.csv --to two.csv --json --strict
        must "$status" -eq 0
        cmp one.csv two.csv
        for path in '$.guests' '$.powered_on' '$.templates' '$.vcpus' '$.memory_mib' '$.disk_gib'; do
            must "$(json first "$path")" = "$(json out "$path")"
        done
    done
}

@test "inventory: --to - gives the table of guests alone" {
    rvtools_rows > estate.csv
    call inventory estate.csv --to copy.csv
    must "$status" -eq 0
    must -s out
    call inventory estate.csv --to -
    must "$status" -eq 0
    cmp copy.csv out
    matches '^name,vcpus,memory_mib,' out
}

@test "inventory: a formula stays text on its way through" {
    printf 'VM,Powerstate,CPUs,Memory\n"=HYPERLINK(""http://x"")",poweredOn,2,4096\n@SUM(A1),poweredOn,1,1024\n' > f.csv
    call inventory f.csv --to safe.csv
    must "$status" -eq 0
    must "$(grep -cE "^\"?'[=@]" safe.csv)" -eq 2
    must "$(grep -cE '(^|,)"?[=@]' safe.csv)" -eq 0
    call inventory safe.csv --to again.csv
    cmp safe.csv again.csv
}

@test "inventory: a conversion replaces a file whole, and a failure leaves it as it was" {
    rvtools_rows > estate.csv
    echo 'what was there' > copy.csv
    call inventory estate.csv --to copy.csv
    must "$status" -eq 0
    must "$(wc -l < copy.csv)" -eq 4
    cp copy.csv before.csv
    printf 'VM,Powerstate,CPUs,Memory\n' > none.csv
    call inventory none.csv --to copy.csv
    must "$status" -eq 3
    cmp before.csv copy.csv
    only_files ./before.csv ./copy.csv ./err ./estate.csv ./none.csv ./out
    call inventory estate.csv --to no/such/folder/copy.csv
    must "$status" -eq 1
    must ! -s out
    matches 'no/such/folder/copy\.csv' err
    need_full_device
    call inventory estate.csv --to /dev/full
    must "$status" -eq 1
    must ! -s out
}

# ---- estates that are not part of the source -----------------------------------------------------

# The sense in which the message of each malformed file is given; what is not listed needs none.
sense() {
    case $1 in
        bad-numbers.csv) echo '(:2: .*processors|:3: .*processors|:5: .*memory|:4: .*more memory than any guest|no guest is left)' ;;
        blank-tail-rows.csv) echo '500 blank rows' ;;
        duplicate-header.csv) echo 'Memory stands twice' ;;
        empty.csv) echo 'the file is empty' ;;
        header-only.csv) echo 'no guest' ;;
        latin1.csv) echo 'Windows-1252' ;;
        minus-one-limits.csv) echo 'no column for the number of processors' ;;
        not-a-zip.xlsx) echo 'not a workbook' ;;
        nul-bytes.csv) echo ':2: error: .*NUL' ;;
        ole-encrypted.xlsx) echo 'encrypted or rights-managed.*save an unprotected copy' ;;
        short-and-long-rows.csv) echo '(:2: skipped: .*no memory|:3: mended: .*2 fields too many)' ;;
        unterminated-quote.csv) echo ':3: error: .*quote' ;;
        *) echo '' ;;
    esac
}

# How many lines must show that sense.
times() {
    case $1 in
        bad-numbers.csv) echo 5 ;;
        short-and-long-rows.csv) echo 2 ;;
        *) echo 1 ;;
    esac
}

@test "inventory: every malformed file gives the status, the guests and the message that are expected" {
    given_estate one-estate
    rows=0
    while IFS=, read -r file expected guests _; do
        call inventory "$estate/malformed/$file" --json
        echo "$file"
        must "$status" -eq "$expected"
        if [ "$expected" -eq 0 ]; then
            must "$(json out '$.guests')" -eq "$guests"
        else
            must ! -s out
        fi
        pattern=$(sense "$file")
        if [ -n "$pattern" ]; then
            must "$(grep -cE "$pattern" err)" -ge "$(times "$file")"
        fi
        rows=$((rows + 1))
    done < <(tail -n +2 "$estate/expected-malformed.csv")
    must "$rows" -eq 17
}

@test "inventory: guests of one name are told apart by id; names keep their letters" {
    given_estate one-estate
    call inventory "$estate/malformed/same-name-two-ids.csv" --to - -q
    must "$(grep -cE '^WEB01,.*,vm-[12],' out)" -eq 2
    call inventory "$estate/malformed/latin1.csv" --to - -q
    must "$(grep -ciE '^büro,' out)" -eq 1
    call inventory "$estate/malformed/formula-injection.csv" --to - -q
    must "$(grep -cE '(^|,)"?[=@]' out)" -eq 0
}

@test "inventory: the three RVTools folders of one estate give the same guests" {
    given_estate one-estate
    for folder in rvtools-4.x rvtools-3.9-semicolon rvtools-internal-names; do
        call inventory "$estate/$folder" --to "$folder.csv" --json
        must "$status" -eq 0
        must "$(json out '$.hosts')" -eq 3
        must "$(json out '$.guests' '$.powered_on' '$.templates' | tr '\n' ' ')" = "11 10 1 "
        # Name, size, place, power; a name may hold a comma, and is the only field that does.
        sqlite3 :memory: '.mode csv' ".import $folder.csv g" \
            'SELECT name, vcpus, memory_mib, cluster, host, power, template, os FROM g ORDER BY name' \
            > "$folder.guests"
        must "$(wc -l < "$folder.guests")" -eq 12
    done
    cmp rvtools-4.x.csv rvtools-3.9-semicolon.csv
    cmp rvtools-4.x.guests rvtools-internal-names.guests
    sqlite3 :memory: '.mode csv' ".import $estate/expected-vms.csv g" \
        "SELECT name, vcpu, mem_mib, cluster, host, iif(power = 'poweredOn', 'on', 'off'),
                iif(template = '1', 'yes', 'no'), os FROM g ORDER BY name" > expected.guests
    diff expected.guests rvtools-4.x.guests
}

@test "inventory: a real export adds up" {
    given_estate rvtools-4.x-real
    for source in 'vInfo alone:csv/RVTools_tabvInfo.csv' 'folder or workbook:csv'; do
        IFS=, read -r _ hosts cores memory guests on templates vcpus guest_memory skipped \
            < <(grep "^${source%%:*}" "$estate/expected.csv")
        call inventory "$estate/${source#*:}" --json
        must "$status" -eq 0
        must "$(json out '$.hosts' '$.guests' '$.powered_on' '$.templates' '$.vcpus' '$.memory_mib' |
            tr '\n' ' ')" = "$hosts $guests $on $templates $vcpus $guest_memory "
        must "$(sqlite3 :memory: "SELECT coalesce(sum(json_extract(value, '\$.cores')), 0) || ' ' ||
            coalesce(sum(json_extract(value, '\$.memory_mib')), 0)
            FROM json_each(readfile('out'), '\$.clusters')
            WHERE json_extract(value, '\$.hosts') > 0")" = "$cores $memory"
        must "$(sqlite3 :memory: "SELECT coalesce(sum(json_extract(value, '\$.count')), 0)
            FROM json_each(readfile('out'), '\$.skipped')")" -eq "$skipped"
    done
}
