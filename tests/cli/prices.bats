#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Prices of one's own and books of the past, as a user meets them: what is refused with file and
# line, what is noted, and that nothing is written where something is wrong.

load helper

# Two guests, one server, one platform: these tests are about prices.
setup_file() {
    export one="--days 1 --replications 1 --platforms vsphere --servers dell-r6615-1x16"
}

estate() {
    cat > two.csv << 'CSV'
name,vcpus,memory_mib,os,disk_gib
web01,1,4096,Debian GNU/Linux 12 (64-bit),40
web02,1,4096,Debian GNU/Linux 12 (64-bit),40
CSV
}

# size ARGUMENT...: the estate; the database is answer.db.
size() {
    # shellcheck disable=SC2086
    call size two.csv $one -o answer.db "$@"
}

# refused: exit status 3, nothing printed, nothing written.
refused() {
    must "$status" -eq 3
    must ! -s out
    must ! -e answer.db
}

# own LINE...: prices.csv, with the columns that an overlay needs.
own() {
    printf '%s\n' id,price,currency "$@" > prices.csv
}

# price_taken DATABASE: of the platform's licence.
price_taken() {
    sqlite3 "$1" "SELECT DISTINCT price_micro / 1e6 FROM cost_line WHERE price_id = 'vmware-vvf-core-year'"
}

# A copy of the catalogue that may be changed.
own_data() {
    cp -r "$HEADROOM_DATA" data
    chmod -R u+w data
    export HEADROOM_DATA=$PWD/data
}

@test "prices: every bad row is told by file and line, all at once, and nothing is written" {
    estate
    own vmware-vvf-core-year,-5,USD rack-42u,plenty,USD ups-3kva-rack,1500.-,USD \
        'ddr5-rdimm-64gb,"1,275.00",USD' ddr5-rdimm-32gb,,USD switch-1gbe-24port,1,CHF \
        electricity-us-commercial-kwh,0.1, 'Mixed Case,1,USD' admin-hour-us-loaded,66.5,USD,more
    size --prices prices.csv
    refused
    matches '^prices.csv:2: error: the price -5 is negative$' err
    matches "^prices.csv:3: error: the price 'plenty' is no number \(as 1234.50" err
    matches "^prices.csv:4: error: the price '1500.-' is no number" err
    matches "^prices.csv:5: error: the price '1,275.00' is no number" err
    matches "^prices.csv:6: error: 'ddr5-rdimm-32gb' has no price" err
    matches "^prices.csv:7: error: the currency 'CHF' is neither USD nor EUR" err
    matches "^prices.csv:8: error: a price per 'kwh' needs a currency, USD or EUR" err
    matches "^prices.csv:9: error: the id 'Mixed Case' is not kebab-case" err
    matches '^prices.csv:10: error: 4 fields where the header has 3' err
    must "$(grep -c '^prices.csv:' err)" -eq 9
    matches '^headroom size: 9 errors found in the input' err
}

@test "prices: an id that no book has is noted with its nearest name, and nothing asks for it" {
    estate
    size --json
    must "$status" -eq 0
    mv out plain
    rm answer.db
    own vmware-vvf-core-yaer,1000,USD a-thing-of-our-own,5,USD
    size --json --prices prices.csv
    must "$status" -eq 0
    matches "^prices.csv:2: note: 'vmware-vvf-core-yaer' is not in the book.*did you mean 'vmware-vvf-core-year'" err
    matches "^prices.csv:3: note: 'a-thing-of-our-own' is not in the book: nothing may ask for it$" err
    must "$(json out '$.platforms[0].tco')" = "$(json plain '$.platforms[0].tco')"
}

@test "prices: one of a file moves the printed total by its units, discounted" {
    estate
    size
    must "$status" -eq 0
    mv answer.db plain.db
    own "vmware-vvf-core-year,$(price_taken plain.db | awk '{ print $1 + 10 }'),USD"
    size --prices prices.csv
    must "$status" -eq 0
    # Ten dollars more for each core, paid in advance in each of five years.
    moved=$(sqlite3 answer.db "ATTACH 'plain.db' AS plain;
        SELECT (SELECT sum(amount_cents) FROM cost_line) - (SELECT sum(amount_cents) FROM plain.cost_line)")
    expected=$(sqlite3 plain.db "SELECT sum(units_micro / 1e6 * 1000 / pow(1.07, year - 1)) FROM cost_line
        WHERE price_id = 'vmware-vvf-core-year'")
    must "$(echo "$moved $expected" | awk '{ print ($1 - $2 < 5 && $2 - $1 < 5 && $2 > 0) }')" -eq 1
}

@test "prices: a price that a platform needs and the book lacks names book, price and who asks" {
    estate
    own_data
    sed -i '/^vmware-vvf-core-year,/d' data/prices/2026.csv
    size
    refused
    matches "price book 2026: no price 'vmware-vvf-core-year' \(needed by platform vsphere, licence vSphere Foundation\)" err
    own vmware-vvf-core-year,190,USD
    size --prices prices.csv
    must "$status" -eq 0
    # Several are told at once.
    sed -i '/^dell-r6615-1x16/d; /^admin-hour-us-loaded,/d' data/prices/2026.csv
    rm answer.db
    size --prices prices.csv
    refused
    matches "price book 2026: no price 'dell-r6615-1x16-nomem' \(needed by server dell-r6615-1x16\); no price 'dell-r6615-1x16-watt-idle' \(needed by power of server dell-r6615-1x16\); .*no price 'admin-hour-us-loaded' \(needed by labour of platform vsphere\)" err
}

@test "prices: two currencies without a rate: every price that needs one is told" {
    estate
    own_data
    sed -i '/^fx-usd-per-eur,/d' data/prices/2026.csv
    n=$(awk -F, '/,EUR,/ { print $1 }' data/prices/2026.csv | sort -u | wc -l)
    must "$n" -ge 3
    size
    refused
    must "$(grep -cE "data/prices/2026.csv:[0-9]+: error: '[a-z0-9-]+' is in EUR, and neither the book nor an overlay has a rate 'fx-usd-per-eur'" err)" -eq "$n"
    # The rate may come from the user.
    printf 'id,price,currency,unit\nfx-usd-per-eur,1.14,,ratio\n' > rate.csv
    size --prices rate.csv
    must "$status" -eq 0
    rm answer.db
    printf 'id,price,currency,unit\nfx-usd-per-eur,0,,ratio\n' > rate.csv
    size --prices rate.csv
    refused
    matches "^rate.csv:2: error: the rate 'fx-usd-per-eur' is 0: .*from 0.01 to 100" err
    must "$(grep -c ': error: ' err)" -eq 1
}

@test "prices: a book that there is not, and one that is not today's" {
    estate
    size --prices 1999
    refused
    matches "there is no price book '1999' \(2008, .*, 2026\)" err
    # A book of the past is meant so: it is taken, and the note says what it is.
    call size two.csv --days 1 --replications 1 --prices 2008 --platforms esx-3 \
        --servers hp-dl360-g6-2x4 -o answer.db
    must "$status" -eq 0
    matches "note: the price book '2008' is not today's: the newest is '2026'" err
    matches '2008.csv: note: [0-9]+ of [0-9]+ prices begin after 2008-06' err
    # What it does not sell is a wrong call, and names what it sells.
    rm answer.db
    size --prices 2008
    must "$status" -eq 2
    must ! -e answer.db
    matches '"vsphere" is not sold by the price book 2008 \(esx-3, ' err
}

@test "prices: a row that ended before the book's month is left out, one that begins later is taken" {
    estate
    printf '%s\n' id,price,currency,valid_from,valid_to vmware-vvf-core-year,1,USD,,2025-01 \
        rack-42u,1,USD,2027-01, > prices.csv
    size --prices prices.csv
    must "$status" -eq 0
    matches "^prices.csv:2: skipped: left out: 'vmware-vvf-core-year' ended in 2025-01, before the book's month 2026-09$" err
    matches "^prices.csv:3: note: 'rack-42u' begins in 2027-01, after the book's month 2026-09, and is taken$" err
    must "$(price_taken answer.db)" != 1.0
}

@test "prices: a file of which nothing counts is refused" {
    estate
    : > prices.csv
    size --prices prices.csv
    refused
    matches '^prices.csv: error: the file is empty$' err
    own
    size --prices prices.csv
    refused
    matches "^prices.csv: error: no row is a price of the book '2026' in its month 2026-09: nothing would change$" err
    printf '%s\n' id,price,currency,valid_to vmware-vvf-core-year,1,USD,2025-01 > prices.csv
    size --prices prices.csv
    refused
    matches '^prices.csv: error: no row is a price' err
    printf '%s\n' id,price,currency,book vmware-vvf-core-year,1,USD,2018 > prices.csv
    size --prices prices.csv
    refused
    matches "^prices.csv:2: skipped: left out: a price of the book '2018', not of '2026'" err
    size --prices no-such.csv
    refused
    matches 'cannot read no-such.csv: No such file' err
}

@test "prices: an id that stands twice in a file is refused; of two files the later wins" {
    estate
    own vmware-vvf-core-year,100,USD rack-42u,1,USD vmware-vvf-core-year,200,USD
    size --prices prices.csv
    refused
    matches "^prices.csv:4: error: 'vmware-vvf-core-year' stands twice \(first in line 2\)$" err
    own vmware-vvf-core-year,100,USD
    printf '%s\n' id,price,currency vmware-vvf-core-year,200,USD > later.csv
    size --prices prices.csv --prices later.csv
    must "$status" -eq 0
    must "$(price_taken answer.db)" = 200.0
}

@test "prices: another unit or a strange column is refused" {
    estate
    printf '%s\n' id,price,currency,unit vmware-vvf-core-year,5,USD,host rack-42u,5,USD,eech > prices.csv
    size --prices prices.csv
    refused
    matches "^prices.csv:2: error: 'vmware-vvf-core-year' is priced per 'core-year' in the book, not per 'host'" err
    matches "^prices.csv:3: error: the unit 'eech' is unknown; did you mean 'each'\?" err
    printf '%s\n' id,prise,currency vmware-vvf-core-year,5,USD > prices.csv
    size --prices prices.csv
    refused
    matches "^prices.csv:1: error: unknown column 'prise'; did you mean 'price'\?" err
    matches "^prices.csv:1: error: the column 'price' is missing" err
}

@test "prices: a spreadsheet's file with a byte order mark, semicolons and decimal commas is read" {
    estate
    printf '\xef\xbb\xbfid;price;currency\r\nvmware-vvf-core-year;100,50;USD\r\n' > prices.csv
    size --prices prices.csv
    must "$status" -eq 0
    must "$(price_taken answer.db)" = 100.5
}
