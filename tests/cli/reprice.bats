#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom reprice`: a stored sizing at other prices, without simulating again.

load helper

# One study that the tests price again; no Windows guest, so that no edition changes with prices.
setup_file() {
    shared=$(mktemp -d)
    export shared
    cd "$shared" || return 1
    cat > small.csv << 'CSV'
name,vcpus,memory_mib,power,os,disk_gib
db01,4,32768,on,Debian GNU/Linux 12 (64-bit),300
app01,4,16384,on,Debian GNU/Linux 12 (64-bit),80
app02,4,16384,on,Debian GNU/Linux 12 (64-bit),80
web01,1,4096,on,Debian GNU/Linux 12 (64-bit),40
CSV
    # shellcheck disable=SC2086
    "$HEADROOM" size small.csv $words --prices-used used.csv --json -o study.db > document 2> messages
}

words="--days 1 --replications 1 --servers dell-r6615-1x16 --platforms vsphere,xcpng"

teardown_file() {
    rm -rf "$shared"
}

# used ID: its price in the file of the prices used.
used() {
    sed -n "s/^$1,\([0-9.]*\),.*/\1/p" "$shared/used.csv"
}

# changed ID PRICE: quote.csv with this price in place of the study's.
changed() {
    must -n "$(used "$1")"
    sed "s/^$1,[0-9.]*,/$1,$2,/" "$shared/used.csv" > quote.csv
}

@test "reprice: with the prices of the study every amount is the same, to the cent" {
    for prices in "" "--prices $shared/used.csv"; do
        # shellcheck disable=SC2086
        call reprice "$shared/study.db" $prices -o again.db --json
        must "$status" -eq 0
        must "$(json out '$.study.prices_changed')" = 0
        sqlite3 -readonly "$shared/study.db" "SELECT platform_id, ordinal, units_micro, price_micro, cash_cents,
            amount_cents, status, source, rule FROM cost_line ORDER BY 1, 2" > before
        sqlite3 -readonly again.db "SELECT platform_id, ordinal, units_micro, price_micro, cash_cents,
            amount_cents, status, source, rule FROM cost_line
            WHERE study_id = (SELECT max(study_id) FROM study) ORDER BY 1, 2" > after
        must "$(wc -l < before)" -gt 40
        diff before after
    done
    must "$(sqlite3 -readonly again.db "SELECT count(*) FROM study")" = 2
    # All that does not rest on prices is there too, and the report can be made of it.
    for table in run guest_result host_series event period finding energy cost_price; do
        must "$(sqlite3 -readonly again.db "SELECT count(*) FROM $table")" = \
            "$(sqlite3 -readonly "$shared/study.db" "SELECT 2 * count(*) FROM $table")"
    done
    must "$(sqlite3 -readonly again.db 'PRAGMA foreign_key_check' | wc -l)" = 0
    call report again.db -o again.pdf
    must "$status" -eq 0
}

@test "reprice: one price moves the total by its units times the difference" {
    id=$(sed -nE 's/^([a-z0-9-]*vates[a-z0-9-]*),.*/\1/p' "$shared/used.csv" | head -n 1)
    must -n "$id"
    price=$(used "$id")
    changed "$id" "$(awk "BEGIN { print $price + 100 }")"
    call reprice "$shared/study.db" --prices quote.csv -o new.db --json
    must "$status" -eq 0
    must "$(json out '$.study.prices_changed')" = 1
    # In the currency of the study: the price may be in euros.
    must "$(sqlite3 new.db -cmd "ATTACH '$shared/study.db' AS old" "
        SELECT count(*) FROM cost_line AS n JOIN old.cost_line AS o USING (platform_id, ordinal)
        WHERE n.price_id = '$id' AND n.units_micro = o.units_micro AND n.price_micro > o.price_micro
          AND abs(n.cash_cents - o.cash_cents
            - n.units_micro / 1e6 * (n.price_micro - o.price_micro) / 1e6 * 100) <= 1")" -ge 5
    must "$(sqlite3 new.db -cmd "ATTACH '$shared/study.db' AS old" "
        SELECT count(*) FROM cost_line AS n JOIN old.cost_line AS o USING (platform_id, ordinal)
        WHERE n.price_id <> '$id' AND n.amount_cents <> o.amount_cents")" = 0
    # The other platform stays as it was; totals are sums of lines.
    must "$(json out '$.platforms[0].tco')" != ""
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.platforms')
        WHERE value ->> 'platform' = 'vsphere' AND value ->> 'tco' = value ->> 'tco_before'")" = 1
    must "$(sqlite3 -readonly new.db "SELECT count(*) FROM platform AS p WHERE tco_cents <>
        (SELECT sum(amount_cents) FROM cost_line AS l WHERE l.platform_id = p.platform_id)")" = 0
}

@test "reprice: the prices of an offer give what sizing anew with them gives" {
    # The offer's server is dearer by so little that the same clusters stay the cheapest.
    changed dell-r6615-1x16-nomem "$(awk "BEGIN { print $(used dell-r6615-1x16-nomem) + 50 }")"
    call reprice "$shared/study.db" --prices quote.csv -o new.db --json
    must "$status" -eq 0
    mv out repriced
    # shellcheck disable=SC2086
    call size "$shared/small.csv" $words --prices quote.csv --json -o sized.db
    must "$status" -eq 0
    for p in 0 1; do
        for key in platform hosts capex opex tco cost_per_guest; do
            must "$(json repriced "\$.platforms[$p].$key")" = "$(json out "\$.platforms[$p].$key")"
        done
        must "$(json repriced "\$.platforms[$p].tco")" != "$(json "$shared/document" "\$.platforms[$p].tco")"
    done
    # Maintenance hangs on the price of the server, in its units.
    sqlite3 -readonly new.db "SELECT platform_id, ordinal, units_micro, price_micro, amount_cents FROM cost_line ORDER BY 1, 2" > a
    sqlite3 -readonly sized.db "SELECT platform_id, ordinal, units_micro, price_micro, amount_cents FROM cost_line ORDER BY 1, 2" > b
    diff a b
}

@test "reprice: the order of the platforms follows the new prices" {
    first=$(json "$shared/document" '$.platforms[0].platform')
    must "$first" = xcpng
    id=$(sed -nE 's/^([a-z0-9-]*vates[a-z0-9-]*),.*/\1/p' "$shared/used.csv" | head -n 1)
    changed "$id" 99999
    call reprice "$shared/study.db" --prices quote.csv -o new.db
    must "$status" -eq 0
    matches '1 price changed' out
    must "$(sqlite3 -readonly new.db "SELECT platform_id FROM platform WHERE rank = 1")" = vsphere
    must "$(sqlite3 -readonly new.db "SELECT platform_id FROM platform WHERE rank = 2")" = xcpng
}

@test "reprice: what cannot be priced without simulating is named, and nothing is written" {
    changed pue-server-room-ratio 1.25
    call reprice "$shared/study.db" --prices quote.csv -o new.db
    must "$status" -eq 3
    must "$(grep -c "hang on 'pue-server-room-ratio'" err)" -eq 1
    must ! -e new.db
}

@test "reprice: words that are off, studies that are none" {
    call reprice "$shared/study.db"
    must "$status" -eq 2
    call reprice
    must "$status" -eq 2
    call reprice "$shared/study.db" --study 7 -o new.db
    must "$status" -eq 2
    call reprice nowhere.db -o new.db
    must "$status" -eq 3
    call simulate "$top_srcdir/examples/scenario/overcommit.yaml" --replications 1 -o sim.db
    must "$status" -eq 0
    call reprice sim.db -o new.db
    must "$status" -eq 2
    matches 'only a sizing' err
    must ! -e new.db
}

@test "reprice: what a scenario states itself is not among the prices used, and stays as it is" {
    cat > own.yaml << 'YAML'
costs:
  downtime: {cost_per_min: {high: 5, medium: 1}}
  shortfall_per_min: 0.5
  lines:
    - {item: Audit, price: 1000, due: yearly}
YAML
    # shellcheck disable=SC2086
    call size "$shared/small.csv" $words --scenario own.yaml --prices-used own.csv -o own.db
    must "$status" -eq 0
    must "$(grep -c '^,' own.csv || true)" -eq 0
    must "$(grep -c '^vmware-vvf-core-year,' own.csv)" -eq 1
    # How often a host fails is assumed where the scenario leaves it open, and no book has it.
    must "$(sqlite3 -readonly own.db "SELECT count(DISTINCT item) FROM cost_line
        WHERE item IN ('Audit', 'Downtime, priority medium')")" -eq 2
    call reprice own.db --prices own.csv -o own.db --json
    must "$status" -eq 0
    must "$(json out '$.study.prices_changed')" = 0
    must "$(sqlite3 -readonly own.db 'SELECT count(DISTINCT tco_cents) = count(*) / 2 FROM platform')" = 1
}
