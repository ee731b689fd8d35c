#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Costs beside the cluster: `costs` of a scenario and --backup, and that every total re-adds.

load helper

small_estate() {
    cat > small.csv << 'CSV'
name,vcpus,memory_mib,power,template,os,role,disk_gib
dc01,2,4096,on,no,Windows Server 2022,domain-controller,80
sql01,8,65536,on,no,Windows Server 2022,sql,1200
web01,2,4096,on,no,Debian GNU/Linux 12,web,60
old01,2,8192,off,no,Windows Server 2016,,200
CSV
}

# size WORDS...: a short sizing of the small estate.
size() {
    call size small.csv --days 1 --replications 1 -q "$@"
}

ask() {
    sqlite3 -readonly -noheader -list study.db "$1"
}

all_costs() {
    cat > all.yaml << 'YAML'
platforms: [vsphere, xcpng, hyperv-dynamic]
servers: [dell-r6615-1x16, dell-r660-2x16]
growth_pct: 15
costs:
  currency: EUR
  ups: yes
  rack: yes
  cabling: yes
  space: rack_unit
  effort: [monitoring, patching, backup]
  migration_days: 20
  migration_tools: yes
  trainings: 1
  downtime: {cost_per_min: {high: 5, medium: 1, low: 0.1}, planned_min_per_guest_year: 30}
  shortfall_per_min: 0.05
  residual_pct: 10
  tax_pct: 19
  backup: [veeam-essentials, nas-12bay-22tb]
  users: 60
  lines:
    - {item: SQL Server Standard, per: core, count: 0.5, price: 1973, due: once}
    - {item: RDS, per: user, price: 7.77, due: monthly}
    - {item: User CAL, per: user, price_id: ms-ws-user-cal}
    - {item: Support, category: platform, per: windows_guest, price: 33.33, due: yearly}
YAML
}

# readds: the totals of study.db are the sums of their lines, to the cent, however they are seen.
readds() {
    must "$(ask "SELECT count(*) FROM platform WHERE feasible")" -eq 3
    must "$(ask "SELECT count(*) FROM platform AS p WHERE p.feasible AND
        (p.capex_cents, p.opex_cents, p.tco_cents, p.capex_cash_cents, p.opex_cash_cents, p.tco_cash_cents) IS NOT
        (SELECT sum(amount_cents * (kind = 'capex')), sum(amount_cents * (kind = 'opex')), sum(amount_cents),
           sum(cash_cents * (kind = 'capex')), sum(cash_cents * (kind = 'opex')), sum(cash_cents)
         FROM cost_line AS l WHERE l.platform_id = p.platform_id)")" -eq 0
    for view in v_cost_by_year v_cost_by_category; do
        must "$(ask "SELECT count(*) FROM platform AS p WHERE p.feasible AND (p.tco_cents, p.tco_cash_cents) IS NOT
            (SELECT sum(CAST(round(amount * 100) AS INTEGER)), sum(CAST(round(cash * 100) AS INTEGER))
             FROM $view AS v WHERE v.platform_id = p.platform_id)")" -eq 0
    done
    # Each year and each category by itself.
    must "$(ask "SELECT count(*) FROM v_cost_by_year AS v WHERE (CAST(round(amount * 100) AS INTEGER),
        CAST(round(cash * 100) AS INTEGER)) IS NOT (SELECT coalesce(sum(amount_cents), 0), coalesce(sum(cash_cents), 0)
        FROM cost_line AS l WHERE l.platform_id = v.platform_id AND l.year = v.year)")" -eq 0
    must "$(ask "SELECT count(*) FROM v_cost_by_category AS v WHERE (CAST(round(amount * 100) AS INTEGER),
        CAST(round(cash * 100) AS INTEGER)) IS NOT (SELECT sum(amount_cents), sum(cash_cents) FROM cost_line AS l
        WHERE l.platform_id = v.platform_id AND l.category = v.category AND l.kind = v.kind)")" -eq 0
    # A line's cash is units × price: exact where the product fits, which is nearly everywhere.
    must "$(ask "SELECT count(*) > 50 FROM cost_line WHERE abs(units_micro * 1.0 * price_micro) < 9e18")" -eq 1
    must "$(ask "SELECT count(*) FROM cost_line WHERE abs(units_micro * 1.0 * price_micro) < 9e18 AND
        abs(units_micro * price_micro - cash_cents * 10000000000) > 5000000000")" -eq 0
    # Written off.
    must "$(ask "SELECT count(*) FROM platform AS p WHERE p.feasible AND p.capex_cash_cents IS NOT
        (SELECT sum(depreciation_cents) + sum(book_value_cents * (d.year = 5)) FROM depreciation AS d
         WHERE d.platform_id = p.platform_id)")" -eq 0
    must "$(ask "SELECT count(*) FROM platform AS p WHERE p.feasible AND p.tco_cash_cents IS NOT
        (SELECT CAST(round(sum(cost) * 100) AS INTEGER) + CAST(round(sum(book_value * (v.year = 5)) * 100) AS INTEGER)
         FROM v_depreciation AS v WHERE v.platform_id = p.platform_id)")" -eq 0
}

# printed_readds: what was printed as JSON are the database's totals.
printed_readds() {
    cat > compare.sql << 'SQL'
CREATE TEMP TABLE shown AS SELECT json_extract(value, '$.platform') AS platform_id, value AS answer
    FROM json_each(readfile('out'), '$.platforms');
CREATE TEMP TABLE part AS SELECT platform_id, key AS category, json_extract(value, '$.amount') AS amount,
    json_extract(value, '$.cash') AS cash FROM shown, json_each(answer, '$.cost_by_category');
SELECT count(*) FROM shown AS s JOIN platform AS p USING (platform_id)
    WHERE round(json_extract(answer, '$.tco') * 100) = p.tco_cents
    AND round(json_extract(answer, '$.tco_cash') * 100) = p.tco_cash_cents
    AND p.tco_cents = (SELECT sum(CAST(round(amount * 100) AS INTEGER)) FROM part WHERE part.platform_id = p.platform_id)
    AND p.tco_cash_cents = (SELECT sum(CAST(round(cash * 100) AS INTEGER)) FROM part WHERE part.platform_id = p.platform_id)
    AND p.tco_cash_cents = (SELECT CAST(round(sum(json_extract(value, '$.written_off') + json_extract(value, '$.running')
        + json_extract(value, '$.book_value') * (key = 4)) * 100) AS INTEGER) FROM json_each(s.answer, '$.cost_by_year'));
SQL
    must "$(sqlite3 -noheader -list study.db '.read compare.sql')" -eq 3
}

@test "costs: every total re-adds from its lines, all at the start and in stages" {
    need sqlite3
    small_estate
    all_costs
    for buy in start staged; do
        rm -f study.db
        size --scenario all.yaml --buy "$buy" --json -o study.db
        must "$status" -eq 0
        readds
        printed_readds
    done
    must "$(ask 'SELECT currency FROM study')" = EUR
    must "$(ask "SELECT group_concat(DISTINCT category) FROM cost_line WHERE platform_id = 'vsphere'" | tr ',' '\n' | sort | tr '\n' ' ')" = \
        "application around backup guest_os labour memory migration network platform power risk server storage support tax "
    # Every category but labour and risk is taxed, and the rate is the scenario's.
    must "$(ask "SELECT count(DISTINCT item) FROM cost_line WHERE category = 'tax' AND platform_id = 'vsphere'")" -eq 12
    must "$(ask "SELECT count(*) FROM cost_line WHERE category = 'tax' AND price_micro <> 190000")" -eq 0
}

@test "costs: without being asked for nothing is priced beside the cluster" {
    need sqlite3
    small_estate
    size --platforms vsphere --servers dell-r6615-1x16 -o study.db
    must "$status" -eq 0
    must "$(ask "SELECT count(*) FROM cost_line WHERE category IN ('around', 'backup', 'application', 'migration', 'risk', 'tax')
        OR cash_cents < 0")" -eq 0
    matches 'cost of a month +[0-9.]+ a guest, [0-9.]+ a GiB' out
    must "$(grep -c 'beside the cluster' out)" -eq 0
    cp out plain
    size --platforms vsphere --servers dell-r6615-1x16 --backup veeam-essentials,nas-12bay-22tb -o study.db
    must "$status" -eq 0
    matches 'beside the cluster +backup [0-9,]+$' out
    # Backup is all that came to it.
    must "$(ask "SELECT (SELECT tco_cents FROM platform WHERE study_id = 2) - (SELECT tco_cents FROM platform WHERE study_id = 1)
        = (SELECT sum(amount_cents) FROM cost_line WHERE category = 'backup')")" -eq 1
    must "$(ask "SELECT count(*) FROM cost_line WHERE category = 'backup' AND rule <> ''")" -ge 6
    # What its entries take for granted, of the product and of what is beyond its limit too.
    must "$(ask "SELECT count(DISTINCT topic) FROM assumption WHERE topic LIKE 'backup %'")" -eq 3
}

@test "costs: what --backup cannot mean ends with status 2, and nothing is written" {
    small_estate
    while IFS='|' read -r words wanted; do
        # shellcheck disable=SC2086
        size $words
        must "$status" -eq 2
        matches "$wanted" err
        only_files ./err ./out ./small.csv
    done << 'ROWS'
--backup nonsense|"nonsense" is not in the catalogue \(nas-12bay-22tb, storeonce-3620
--backup vembu-essentials|is not sold by this price book
--backup nas-12bay-22tb,storeonce-3620|one target at a time
--backup veeam-essentials:3|is not licensed by server
--prices 2018 --backup vembu-imagebackup|licensed by server: vembu-imagebackup:N
--prices 2018 --backup vembu-imagebackup:0|licensed by server
ROWS
    printf 'costs: {downtime: {cost_per_min: {high: 1}}}\n' > down.yaml
    size --scenario down.yaml --spare 0
    must "$status" -eq 2
    matches 'downtime is that of a simulated host failure' err
}

@test "costs: all that is wrong in a scenario is told with its line, and nothing is written" {
    small_estate
    printf 'days: 1\ncosts:\n  upps: yes\n  tax_pct: 101\n  lines:\n    - {item: a}\n' > wrong.yaml
    size --scenario wrong.yaml
    must "$status" -eq 3
    for line in 3 4 6; do
        matches "^wrong.yaml:$line:" err
    done
    only_files ./err ./out ./small.csv ./wrong.yaml
}

@test "costs: products of the time, a price of one's own, and what is beyond a limit" {
    need sqlite3
    small_estate
    size --prices 2018 --platforms vsphere-6 --hosts 2 \
        --backup vembu-essentials,vembu-offsitedr,vembu-imagebackup:3,nas-12bay-8tb -o study.db
    must "$status" -eq 0
    # Two copies, each in a box of its own; maintenance from the second year.
    must "$(ask "SELECT CAST(units AS INTEGER) FROM v_cost_lines WHERE price_id = 'nas-backup-12bay-each' AND year = 0")" -eq 2
    must "$(ask "SELECT group_concat(year) FROM v_cost_lines WHERE item = 'Vembu OffsiteDR, maintenance'")" = 2,3,4,5
    must "$(ask "SELECT CAST(units AS INTEGER) FROM v_cost_lines WHERE item = 'Vembu ImageBackup'")" -eq 3
    # No book has the price of this one.
    size --prices 2018 --platforms vsphere-6 --hosts 2 --backup vembu-clouddr -o study.db
    must "$status" -eq 3
    matches "no price 'vembu-clouddr-tb-year'" err
    printf 'id,price,currency,unit\nvembu-clouddr-tb-year,200,USD,tb\n' > own.csv
    size --prices 2018 --prices own.csv --platforms vsphere-6 --hosts 2 --backup vembu-clouddr -o study.db
    must "$status" -eq 0
    # Seven single sockets are more than six.
    size --prices 2018 --platforms vsphere-6 --servers hpe-dl325-gen10-1x16 --hosts 7 \
        --backup veeam-essentials-enterprise -o study.db
    must "$status" -eq 0
    must "$(ask "SELECT item FROM cost_line WHERE category = 'backup' AND study_id = 3 AND year = 0")" = \
        "Veeam Backup & Replication Enterprise"
}

@test "costs: the manual and init name every key" {
    sed -nE '/^static void read_own\(|static const char \*const keys\[\] = \{/,/NULL\}/p' \
        "$top_srcdir/src/scenario/costs.c" | grep -oE '"[a-z_]+"' | tr -d '"' | sort -u > keys
    must "$(wc -l < keys)" -ge 30
    call init plan
    sed -n '/^\.Ss Costs beside the cluster/,/^\.Ss Prices/p' "$top_srcdir/doc/headroom-size.1" > manual
    while read -r key; do
        echo "$key"
        matches "(^|[^a-z_])$key([^a-z_]|\$)" manual
        matches "(^|[^a-z_])$key([^a-z_]|\$)" plan/scenario.yaml
    done < keys
}
