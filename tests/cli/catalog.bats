#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# `headroom catalog`: what data/ holds, shown with its sources.

load helper

kinds="platforms hosts storage backup guests roles prices"

@test "catalog: words that are off end with status 2, and the nearest known is named" {
    call catalog platform
    must "$status" -eq 2
    must ! -s out
    matches 'did you mean platforms' err
    call catalog platforms vspere
    must "$status" -eq 2
    matches 'did you mean vsphere' err
    call catalog prices electricity-us-comercial-kwh
    must "$status" -eq 2
    matches 'did you mean electricity-us-commercial-kwh' err
    call catalog xyz
    must "$status" -eq 2
    for kind in $kinds; do
        matches "$kind" err
    done
    call catalog platforms vsphere more
    must "$status" -eq 2
    must ! -s out
}

@test "catalog: alone it lists the kinds with the number of their entries" {
    call catalog
    must "$status" -eq 0
    must ! -s err
    for kind in platforms hosts storage backup guests roles; do
        n=$(find "$HEADROOM_DATA/$kind" -name '*.yaml' | wc -l)
        matches "^$kind +$n  " out
    done
    matches '^prices +[0-9]+  ' out
    call catalog --json
    must "$(sqlite3 :memory: "SELECT group_concat(json_extract(value, '\$.kind'), ' ')
        FROM json_each(readfile('out'), '\$.kinds')")" = "$kinds"
}

@test "catalog: a kind lists every entry of its folder, once, in order" {
    for kind in platforms hosts storage backup guests roles; do
        find "$HEADROOM_DATA/$kind" -name '*.yaml' -exec basename {} .yaml \; | sort > expected
        call catalog "$kind"
        must "$status" -eq 0
        tail -n +2 out | sed 's/ .*//' > listed
        diff expected listed
        call catalog "$kind" --json
        sqlite3 :memory: "SELECT json_extract(value, '\$.id') FROM json_each(readfile('out'), '\$.entries')" > listed
        diff expected listed
    done
}

@test "catalog: lists carry the figures of the files" {
    call catalog hosts
    matches '^dell-r660-2x16 .* 2 +32 +2000 +128 +2048 +1$' out
    call catalog platforms
    matches '^vsphere .* overcommit +yes +96 ' out
    matches '^proxmox .* Proxmox VE Basic; sized when named$' out
    matches '^esx-2 .* none: only for simulation$' out
    call catalog hosts --json
    must "$(sqlite3 :memory: "SELECT json_extract(value, '\$.cores') || ' ' ||
        json_type(value, '\$.mhz') FROM json_each(readfile('out'), '\$.entries')
        WHERE json_extract(value, '\$.id') = 'dell-r660-2x16'")" = "32 integer"
    call catalog guests --json
    must "$(sqlite3 :memory: "SELECT json_type(value, '\$.has_dynamic_memory')
        FROM json_each(readfile('out'), '\$.entries')
        WHERE json_extract(value, '\$.id') = 'windows-2022'")" = "true"
}

@test "catalog: an entry shows each value beside its unit and its source" {
    call catalog platforms vsphere
    must "$status" -eq 0
    must ! -s err
    matches '^id +vsphere$' out
    matches '^overcommit\.idle_tax +0\.75 +found: Mem\.IdleTax$' out
    matches '^overcommit\.balance_period_s +15 +s +found: Mem\.BalancePeriod$' out
    # The source of a map is that of each value in it.
    matches '^hypervisor\.per_gib_mib +10\.24 +MiB/GiB +recalled: 1\.5 GB' out
    matches '^licences\[1\]\.price_id +vmware-vvf-core-year +found: price book' out
}

@test "catalog: every entry of every kind can be shown, and every number has a source" {
    for kind in platforms hosts storage backup guests roles; do
        for file in "$HEADROOM_DATA/$kind"/*.yaml; do
            name=$(basename "$file" .yaml)
            call catalog "$kind" "$name"
            must "$status" -eq 0
            must ! -s err
            # A line that begins with a key and shows a number must go on with its evidence.
            bare=$(grep -E '^[a-z][^ ]* +-?[0-9]+(\.[0-9]+)?( |$)' out |
                grep -vE '^(name|id) ' |
                grep -vE ' (measured|found|derived|recalled|assumed|fitted): ' || true)
            must -z "$bare"
            call catalog "$kind" "$name" --json
            must "$(json out '$.id')" = "$name"
            must "$(sqlite3 :memory: "SELECT json_type(readfile('out'), '\$.values') || ' ' ||
                json_type(readfile('out'), '\$.sources')")" = "object object"
        done
    done
}

@test "catalog: prices stand with unit, validity, source, and a star where nothing was read" {
    call catalog prices
    must "$status" -eq 0
    matches '^electricity-us-commercial-kwh +0\.1437 +USD +kwh +found +2026-02 ' out
    matches '^admin-hour-us-loaded +66\.5 +USD +hour +\* +recalled ' out
    # A star exactly where the status is recalled or assumed.
    must "$(grep -cE ' \* +(recalled|assumed) ' out)" -ge 1
    must "$(grep -E ' (recalled|assumed) +[0-9]{4}-' out | grep -vcE ' \* +(recalled|assumed) ')" -eq 0
    must "$(grep -cE ' \* +(found|derived|quote) ' out)" -eq 0
    matches '^book 2[0-9]{3}, as of 2[0-9]{3}-[0-9]{2}' out
    # The lines of the list are the ids of the document.
    n=$(grep -v '^book ' out | grep -cE '^[a-z0-9.-]+ +-?[0-9]')
    call catalog prices --json
    must "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('out'), '\$.entries')")" -eq "$n"
}

@test "catalog: one price in full, converted where it is in another currency" {
    call catalog prices admin-hour-eu-loaded
    must "$status" -eq 0
    matches '^currency +EUR' out
    matches '^status +assumed \*' out
    matches '^in USD +[0-9]' out
    call catalog prices admin-hour-us-loaded --json
    must "$(json out '$.price' '$.currency' '$.unit' '$.status' '$.is_starred' | tr '\n' ' ')" = \
        "66.5 USD hour recalled 1 "
}

@test "catalog: a broken catalogue ends with status 3 and names file and line" {
    cp -r "$HEADROOM_DATA" data
    sed -i 's/^vendor: .*/vendr: x/' data/platforms/xcpng.yaml
    HEADROOM_DATA=$PWD/data call catalog
    must "$status" -eq 3
    must ! -s out
    matches 'xcpng\.yaml:[0-9]+' err
    HEADROOM_DATA=$PWD/nowhere call catalog
    must "$status" -eq 3
    must ! -s out
    matches 'nowhere' err
}
