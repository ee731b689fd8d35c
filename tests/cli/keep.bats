#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom size --keep`: the present hosts beside the new clusters.

load helper

rvtools() {
    cp -r "$top_srcdir/tests/fixtures/inventory/rvtools-hosts" estate
    chmod -R u+w estate
}

# size ARGUMENT...: a short run on three platforms and one server.
size() {
    call size estate --days 1 --replications 1 --servers dell-r6615-1x16 \
        --platforms vsphere,xcpng,hyperv-dynamic "$@"
}

# keep EXPRESSION PLATFORM VARIANT: of one option of the document `out`, k being its JSON.
keep() {
    sqlite3 -noheader :memory: "SELECT $1 FROM (SELECT value AS k FROM json_each(readfile('out'), '\$.keep'))
        WHERE k ->> 'platform' = '$2' AND k ->> 'variant' = '$3'"
}

@test "keep: nothing is said of present hosts unless it is asked for" {
    rvtools
    size --json
    must "$status" -eq 0
    must "$(json out '$.keep')" = ""
    must "$(sqlite3 -readonly headroom.db 'SELECT count(*) FROM keep_option')" = 0
}

@test "keep: three ways on each platform, with costs that re-add, in table, document and database alike" {
    rvtools
    size --keep --json -o keep.db
    must "$status" -eq 0
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.keep')")" = 9
    must "$(keep "k ->> 'feasible'" vsphere as-is)" = 1
    must "$(keep "k ->> 'renews'" vsphere as-is)" = 1
    must "$(keep "k ->> 'renews'" xcpng as-is)" = 0
    must "$(keep "k ->> 'capex'" vsphere as-is)" = 0.0
    # Xen cannot start all guests on one of the two; with modules added it can.
    must "$(keep "k ->> 'feasible'" xcpng as-is)" = 0
    must -n "$(keep "k ->> 'reason'" xcpng as-is)"
    must "$(keep "k ->> 'feasible'" xcpng more-memory)" = 1
    must "$(keep "k ->> 'dimms_per_host'" xcpng more-memory)" = 12
    must "$(keep "k ->> 'hosts'" xcpng one-more-host)" = 3
    # 2 hosts × 6 modules of 16 GB, at the price of the book.
    price=$("$HEADROOM" catalog prices ddr4-rdimm-16gb --json > price && json price '$.price')
    must "$(keep "printf('%.2f', k ->> 'capex')" xcpng more-memory)" = "$(printf '%.2f' $((12 * ${price%.*})))"
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.keep')
        WHERE value ->> 'tco' IS NOT NULL AND abs((value ->> 'capex') + (value ->> 'opex') - (value ->> 'tco')) > 0.001")" = 0
    # The saving is against the cheapest new cluster.
    best=$(json out '$.platforms[0].tco')
    must "$(keep "printf('%.2f', (k ->> 'tco') + (k ->> 'saving'))" vsphere as-is)" = "$(printf '%.2f' "$best")"
    must "$(sqlite3 -readonly keep.db "SELECT count(*) FROM v_keep WHERE feasible")" = \
        "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.keep') WHERE value ->> 'feasible'")"
    matches 'performs as HPE MSA 2050' err
    matches '6 of 24 slots are taken to hold modules of 16 GiB \(assumed\)' err
    size --keep -o text.db
    must "$status" -eq 0
    matches '^Keep the present hosts: 2 × present host, 2 x 16 cores cascade-lake' out
    must "$(grep -cE '(renew|move) +(as-is|more-memory|one-more-host) ' out)" -eq 9
}

@test "keep: processors that a hypervisor no longer supports are shown with that reason" {
    rvtools
    sed -i 's/Gold 6226R CPU @ 2.90GHz/CPU E5-2670 0 @ 2.60GHz/' estate/RVTools_tabvHost.csv
    size --keep --json
    must "$status" -eq 0
    for variant in as-is more-memory one-more-host; do
        must "$(keep "k ->> 'feasible'" vsphere $variant)" = 0
        keep "k ->> 'reason'" vsphere $variant > reason
        matches '^processor: ESXi 8 and later does not support Xeon E5 \(Sandy Bridge\).*recalled' reason
        must -z "$(keep "k ->> 'tco'" vsphere $variant)"
    done
    must "$(keep "k ->> 'feasible'" hyperv-dynamic more-memory)" = 1
}

@test "keep: an inventory without hosts needs the scenario's map, and says what is missing" {
    mkdir estate
    printf 'name,vcpus,memory_mib,os\ndc01,2,4096,Windows Server 2022\nweb01,2,8192,Debian GNU/Linux 12\n' > estate.csv
    call size estate.csv --days 1 --replications 1 --keep
    must "$status" -eq 2
    matches 'hosts, sockets, cores_per_socket, mhz, memory_gib' err
    must ! -e headroom.db
    cat > s.yaml << 'YAML'
platforms: [xcpng]
servers: [dell-r6615-1x16]
keep: {hosts: 2, sockets: 1, cores_per_socket: 8, mhz: 2400, memory_gib: 64, processor: haswell, platform: xcpng}
YAML
    call size estate.csv --days 1 --replications 1 --scenario s.yaml --json
    must "$status" -eq 0
    must "$(keep "k ->> 'feasible'" xcpng as-is)" = 1
    must "$(keep "k ->> 'renews'" xcpng as-is)" = 1
    printf 'keep: {host: 2, mhz: fast}\n' > bad.yaml
    call size estate.csv --scenario bad.yaml
    must "$status" -eq 3
    matches "^bad.yaml:1:[0-9]+: .*'host'" err
    matches "^bad.yaml:1:[0-9]+: .*'mhz'" err
}

@test "keep: the report has a page of it, only where it was asked for" {
    need pdftotext
    rvtools
    size --keep -o keep.db --report with.pdf
    must "$status" -eq 0
    size -o plain.db --report without.pdf
    must "$status" -eq 0
    pdftotext -layout with.pdf with.txt
    pdftotext -layout without.pdf without.txt
    matches 'Keep the present hosts' with.txt
    # Who reads the first page alone learns that buying is not the only way.
    tr "\n" " " < with.txt | tr -s " " > with-line.txt
    matches "The present hosts, as they are, hold too: .* less than the cheapest new" with-line.txt
    matches 'modules added' with.txt
    if grep -qi 'present hosts' without.txt; then return 1; fi
    # A note that is of no line in a file points at none.
    matches '^note: ' err
    if grep -q '^-:' err; then return 1; fi
    matches 'Electricity a year, and what it emits' without.txt
}

@test "keep: with a budget that no new cluster keeps the report says so, and what the present hosts do" {
    need pdftotext
    rvtools
    size --keep --budget 5000 -o none.db --report none.pdf --bom none.csv
    must "$status" -eq 4
    must "$(wc -l < none.csv)" -eq 1
    pdftotext -f 1 -l 1 none.pdf none.txt
    tr '\n' ' ' < none.txt > line.txt
    matches 'meets the service levels within the limits that were set' line.txt
    matches 'The present hosts, as they are, hold: 2 × 96 GiB with' line.txt
}
