#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom size` within a customer's limits, and the files beside its answer: bill of materials,
# prices used; electricity and CO2 equivalent.

load helper

estate() {
    cat > small.csv << 'CSV'
name,vcpus,memory_mib,power,os,disk_gib
dc01,2,4096,on,Microsoft Windows Server 2022 (64-bit),80
fs01,2,8192,on,Microsoft Windows Server 2022 (64-bit),500
sql01,4,16384,on,Microsoft Windows Server 2022 (64-bit),300
web01,1,4096,on,Debian GNU/Linux 12 (64-bit),40
CSV
}

# size ARGUMENT...: a short run on two platforms and one server.
size() {
    call size small.csv --days 1 --replications 1 --servers dell-r6615-1x16 --platforms vsphere,xcpng "$@"
}

@test "limits: a budget below every cluster is answered by 4 and the nearest miss, in words and JSON" {
    estate
    size --budget 1000
    must "$status" -eq 4
    matches 'nothing within the limits; the nearest miss is [0-9]+ × Dell R6615.*budget: capital cost of [0-9.]+ is over 1000\.00' out
    size --budget 1000 --json -o other.db
    must "$status" -eq 4
    must "$(json out '$.study.limits')" = "budget_capex 1000.00"
    must "$(json out '$.platforms[0].feasible')" = 0
    # That the spreadsheet's cluster holds is no answer where it is beyond the limits.
    matches '"difference": "simulated, .* holds too, beyond what was asked for: budget: capital cost of' out
    matches '"binding": "nothing within the limits' out
    must "$(sqlite3 -readonly other.db "SELECT text FROM assumption WHERE topic = 'limits'")" = "budget_capex 1000.00"
}

@test "limits: a spreadsheet's cluster of other hosts than were asked for is not said to cost no more" {
    estate
    size --hosts 3 --json
    must "$status" -eq 0
    must "$(json out '$.platforms[0].hosts')" = 3
    must "$(json out '$.platforms[0].static_floor.hosts')" = 2
    matches '"difference": "simulated, .* holds too, beyond what was asked for: hosts: 2, exactly 3 are wanted"' out
}

@test "limits: amounts that are none are refused, all faults of a scenario at once" {
    estate
    for amount in 0 -5 much 1e5 ""; do
        size --budget "$amount"
        must "$status" -eq 2
        matches "budget" err
    done
    printf 'limits:\n  budget_capex: much\n  rack_unit: 4\n  watts: -1\n' > bad.yaml
    size --scenario bad.yaml
    must "$status" -eq 3
    matches '^bad.yaml:2:[0-9]+: .*amount above 0' err
    matches "^bad.yaml:3:[0-9]+: .*rack_units" err
    matches '^bad.yaml:4:[0-9]+: ' err
    printf 'limits: {vendor: Nobody}\n' > bad.yaml
    size --scenario bad.yaml
    must "$status" -eq 3
    matches 'none of the servers is of the vendor "Nobody" \(they are of Dell\)' err
    must ! -e headroom.db
}

@test "limits: the bill of materials re-adds to the capital cost, platform by platform" {
    estate
    size --bom bom.csv --json -o bom.db
    must "$status" -eq 0
    must "$(head -n 1 bom.csv)" = "rank,platform,category,item,quantity,unit,price_id,unit_price,currency,month,cash,amount,status,source"
    sqlite3 :memory: -cmd '.import --csv bom.csv bom' "
        SELECT platform, printf('%.2f', sum(amount)), printf('%.2f', sum(quantity * unit_price)) FROM bom
        GROUP BY platform ORDER BY platform" > from_file
    sqlite3 -readonly bom.db "SELECT platform_id, printf('%.2f', capex), printf('%.2f', capex) FROM v_answer
        ORDER BY platform_id" > from_answer
    sqlite3 -readonly bom.db "SELECT platform_id, printf('%.2f', sum(amount)), printf('%.2f', sum(cash))
        FROM v_bom GROUP BY 1 ORDER BY 1" > from_view
    must "$(wc -l < from_file)" -eq 2
    diff from_file from_answer
    diff from_file from_view
}

@test "limits: prices used change nothing as they are written, and what is changed counts by its units" {
    estate
    size --prices-used used.csv --json -o one.db
    must "$status" -eq 0
    mv out first
    must "$(head -n 1 used.csv)" = "id,price,currency,unit,item,vendor,status,source,note"
    # Prices that stand behind a line only are there too; those of other platforms are not.
    matches '^pue-server-room-ratio,' used.csv
    matches '^dell-r6615-1x16-watt-idle,' used.csv
    must "$(grep -c 'proxmox' used.csv)" -eq 0
    must "$(tail -n +2 used.csv | cut -d, -f1 | sort -c && echo sorted)" = sorted
    size --prices used.csv --json -o two.db
    must "$status" -eq 0
    cmp first out
    # A server that costs 100 more: the capital of each platform moves by its hosts.
    price=$(sed -n 's/^dell-r6615-1x16-nomem,\([0-9.]*\),.*/\1/p' used.csv)
    must -n "$price"
    sed "s/^dell-r6615-1x16-nomem,$price,/dell-r6615-1x16-nomem,$((price + 100)),/" used.csv > quote.csv
    size --prices quote.csv --json -o three.db
    must "$status" -eq 0
    for p in 0 1; do
        must "$(json out "\$.platforms[$p].platform")" = "$(json first "\$.platforms[$p].platform")"
        must "$(json out "\$.platforms[$p].hosts")" = "$(json first "\$.platforms[$p].hosts")"
        must "$(sqlite3 :memory: "SELECT round(json_extract(readfile('out'), '\$.platforms[$p].capex') -
            json_extract(readfile('first'), '\$.platforms[$p].capex'))")" = \
            "$(json first "\$.platforms[$p].hosts")00.0"
    done
}

@test "limits: a file that cannot be written is told before anything is simulated" {
    estate
    for option in --bom --prices-used; do
        size "$option" nowhere/x.csv
        must "$status" -eq 1
        matches 'nowhere' err
        must ! -e headroom.db
    done
    size --bom one.csv --prices-used one.csv
    must "$status" -eq 2
    matches 'name the same file, "one.csv"' err
    must ! -e one.csv
}

@test "limits: electricity is that of the power lines, its emission the grid's" {
    estate
    size --json -o energy.db
    must "$status" -eq 0
    must "$(sqlite3 -readonly energy.db "
        SELECT count(*) FROM v_energy AS e WHERE abs(e.kwh_year * 5 -
            (SELECT sum(units) FROM v_cost_lines AS l WHERE l.platform_id = e.platform_id AND l.category = 'power'))
          < 1e-6 AND abs(e.co2_kg_year - e.kwh_year * e.co2_kg_kwh) < 1e-6 AND e.kwh_year > 1000")" -eq 2
    kwh=$(sqlite3 -readonly energy.db "SELECT round(kwh_year, 6) FROM v_energy WHERE rank = 1")
    must "$(sqlite3 :memory: "SELECT abs(json_extract(readfile('out'), '\$.platforms[0].energy_kwh_year') - $kwh) < 1e-5")" = 1
    # Another grid is a price of one's own.
    printf 'id,price,currency\ngrid-us-co2e-kg-kwh,0.05,\n' > grid.csv
    size --prices grid.csv -o grid.db
    must "$status" -eq 0
    matches 'electricity a year .* kWh, [0-9]+ kg CO2e at 0\.05 kg per kWh' out
    must "$(sqlite3 -readonly grid.db "SELECT DISTINCT status FROM v_energy")" = quote
    size -o other.db
    matches 'kg CO2e\* at ' out
}
