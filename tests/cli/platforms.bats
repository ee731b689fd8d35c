#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Platforms, licences and storage as data: what a licence forbids, and what the catalogue shows of it.

load helper

# estate N: guests.csv with N equal guests of 8 GiB.
estate() {
    echo 'name,vcpus,memory_mib,os,role,disk_gib' > guests.csv
    for i in $(seq 10 $((9 + $1))); do
        echo "app$i,2,8192,Microsoft Windows Server 2012 R2,generic,40"
    done >> guests.csv
}

# size_2013 OPTION...: a short sizing of them by the book of 2013, storage aside; the result is in out.
size_2013() {
    call size guests.csv --prices 2013 --days 1 --replications 1 --slowdown 90 -q "$@"
}

# ---- licences ------------------------------------------------------------------------------------

@test "platforms: a kit is for three hosts, and the fourth is excluded with the reason" {
    estate 60
    # Six hosts of this server's largest memory would do, three do not.
    size_2013 --servers dell-r320-1x6 --platforms vsphere-5-essentials-plus,vsphere-5-standard
    must "$status" -eq 0
    reason='licence: vSphere 5 Essentials Plus allows at most 3 hosts, not 4'
    matches "^VMware vSphere 5 Essentials Plus +no feasible cluster: (.*; )?$reason\$" out
    matches '^VMware vSphere 5 Standard +[4-9] × dell-r320' out
    # The spreadsheet's cluster is not to be had either.
    matches 'Essentials Plus .*the spreadsheet.s cluster is not to be had: licence: .* 3 hosts, not [4-9]' out
    must "$(sqlite3 -readonly headroom.db "SELECT count(*) > 0 FROM v_candidates
        WHERE platform_id = 'vsphere-5-essentials-plus' AND hosts = 4
        AND verdict = 'excluded' AND broken_constraint = '$reason'")" = 1
    # Asked for by number it is excluded too, and simulated it is not.
    size_2013 --servers dell-r320-1x6 --platforms vsphere-5-essentials-plus --hosts 4 --json
    must "$status" -eq 4
    must "$(json out '$.platforms[0].feasible')" = 0
    matches "$reason" out
}

@test "platforms: a kit is for two processors a host" {
    cat > guests.csv << 'CSV'
name,vcpus,memory_mib,os,role,disk_gib
web01,1,2048,Linux 2.6,web,20
CSV
    call size guests.csv --prices 2008 --days 1 --replications 1 -q --servers hp-dl585-g5-4x4 \
        --platforms vsphere-4-essentials-plus
    must "$status" -eq 4
    matches 'no feasible cluster: licence: vSphere 4 Essentials Plus allows at most 2 sockets of a host, not 4' out
}

@test "platforms: within its limits a kit costs one price, however many hosts" {
    estate 10
    for hosts in 2 3; do
        size_2013 --servers dell-r720-2x8 --platforms vsphere-5-essentials-plus --hosts "$hosts" -o "$hosts.db"
        must "$(sqlite3 -readonly "$hosts.db" "SELECT units || ' × ' || price FROM v_cost_lines
            WHERE price_id = 'vmware-vsphere5-essentials-plus-kit' AND year = 0")" = '1.0 × 4495.0'
    done
}

@test "platforms: pooled memory of guests asks for more licences than processors" {
    estate 40
    # 40 × 8 GiB by 64 GiB a licence are 5; two hosts have 2 processors, or 4.
    size_2013 --servers dell-r320-1x6 --platforms vsphere-5-vram --hosts 3
    must "$(sqlite3 -readonly headroom.db "SELECT units FROM v_cost_lines
        WHERE price_id = 'vmware-vsphere5-enterprise-processor' AND year = 0")" = 5.0
}

# ---- what the catalogue shows --------------------------------------------------------------------

@test "platforms: the catalogue shows limits, layout, path and footprint with their sources" {
    call catalog platforms hyperv-2008
    must "$status" -eq 0
    matches '^max_guests_per_host +192 +recalled' out
    matches '^storage_layout +lun-per-guest +found' out
    matches '^io_path +parent +found' out
    matches '^install_footprint_gib +10 +GiB +found' out
    call catalog platforms vsphere-5-essentials
    matches '^licences\[1\]\.max_sockets_per_host +2 +' out
    call catalog platforms
    matches '^vsphere-5-essentials .* 3 +vSphere 5 Essentials; sized when named' out
    # Each platform says how its disks lie and which way its I/O goes.
    for file in "$top_srcdir"/data/platforms/*.yaml; do
        matches '^storage_layout: ' "$file"
        matches '^io_path: ' "$file"
        matches '^install_footprint_gib: ' "$file"
    done
}
