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
    # With it what the three lack.
    matches "^VMware vSphere 5 Essentials Plus +no feasible cluster: .*(3|2) × host has .*; $reason\$" out
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

# ---- storage -------------------------------------------------------------------------------------

@test "platforms: a platform stands on the servers and the storage that its file names" {
    estate 10
    size_2013 --servers dell-r720-2x8 --platforms vsphere-5,nutanix-esxi
    must "$status" -eq 0
    matches '^Nutanix with vSphere 5 +[3-9] × nutanix-nx-' out
    matches '^VMware vSphere 5 +[2-9] × dell-r720-2x8' out
    bought() {
        sqlite3 -readonly headroom.db "SELECT count(*) FROM v_cost_lines WHERE platform_id = '$1' AND price_id LIKE '$2'"
    }
    must "$(bought nutanix-esxi 'hp-p2000%')" -eq 0
    must "$(bought vsphere-5 'nutanix%')" -eq 0
    must "$(bought vsphere-5 'hp-p2000%')" -ge 1
    # Of the servers named, those that the platform may have.
    size_2013 --servers dell-r720-2x8,nutanix-nx-3350 --platforms nutanix-esxi --json
    must "$(json out '$.platforms[0].server')" = nutanix-nx-3350
    # Sources of both storages are kept.
    for name in 'Nutanix NX' 'HP P2000'; do
        must "$(sqlite3 -readonly headroom.db "SELECT count(*) > 0 FROM assumption
            WHERE topic LIKE 'storage $name%' AND text LIKE 'iops_per_disk%'")" = 1
    done
}

@test "platforms: nodes of one platform and storage by name are no default" {
    estate 4
    size_2013 --platforms vsphere-5
    must "$(sqlite3 -readonly headroom.db "SELECT count(*) FROM v_candidates WHERE server_id LIKE 'nutanix%'")" -eq 0
    size_2013 --platforms vsphere-5 --storage array-p2000-g3-virsto --servers dell-r720-2x8 -o virsto.db
    must "$status" -eq 0
    # 24 disks of 0.9 TB
    must "$(sqlite3 -readonly virsto.db "SELECT units FROM v_cost_lines WHERE price_id = 'virsto-tb' AND year = 0")" = 22.0
}

@test "platforms: a storage that is not there, or of another book, is refused with what there is" {
    estate 2
    size_2013 --storage no-such
    must "$status" -eq 2
    matches 'storage: "no-such" is not in the catalogue \(3par-7200-pair, array-p2000-g3, .*nutanix-nx\)' err
    size_2013 --storage hci-nvme
    must "$status" -eq 2
    matches '"hci-nvme" is not sold by the price book 2013 .*name its book by --prices' err
}

@test "platforms: two arrays where one would be, and what keeps them together" {
    estate 4
    size_2013 --platforms vsphere-5 --storage 3par-7200-pair --servers dell-r720-2x8
    must "$status" -eq 0
    must "$(sqlite3 -readonly headroom.db "SELECT group_concat(units, ' ') FROM (SELECT units FROM v_cost_lines
        WHERE price_id LIKE 'hp-3par%each' AND year = 0 ORDER BY price_id)")" = '2.0 2.0 1.0'
}

@test "platforms: a write that waits for another site slows the guests" {
    cp -rL "$HEADROOM_DATA" data
    chmod -R u+w data
    cat > pair.yaml << 'YAML'
platform: vsphere-5
cluster: {hosts: 1, memory_mib: 65536, cores: 16, storage: 3par-7200-pair, disks: 48}
run: {hours: 1, failure_tail_h: 0}
guests:
  - {name: a, count: 4, vcpus: 2, memory_mib: 4096, os: linux-5, role: generic, commit_mib: 2000, iops: 100}
YAML
    slowdown() {
        HEADROOM_DATA=$PWD/data call simulate pair.yaml --json -q
        must "$status" -eq 0
        json out '$.runs[0].guests[0].slowdown.p95'
    }
    near=$(slowdown)
    sed -i 's/^round_trip_ms: .*/round_trip_ms: 10/' data/storage/3par-7200-pair.yaml
    far=$(slowdown)
    sed -i 's/^round_trip_ms: .*/round_trip_ms: 0/' data/storage/3par-7200-pair.yaml
    none=$(slowdown)
    echo "none $none, near $near, far $far"
    must "$(sqlite3 :memory: "SELECT $none < $near AND $near < $far")" = 1
}

@test "platforms: on disks of single hosts nothing restarts elsewhere" {
    estate 4
    size_2026() {
        call size guests.csv --days 1 --replications 1 -q --platforms vsphere --servers dell-r6615-1x16 "$@"
    }
    size_2026
    must "$status" -eq 0
    size_2026 --storage local-ssd
    must "$status" -eq 4
    matches 'guests are back later than 15 minutes' out
    size_2026 --storage local-ssd --spare 0 -o local.db
    must "$status" -eq 0
    # Four drives in each host, and no array.
    must "$(sqlite3 -readonly local.db "SELECT units = 4 * hosts FROM v_cost_lines JOIN v_answer USING (study_id, platform_id)
        WHERE price_id = 'ssd-enterprise-3840gb'")" = 1
    must "$(sqlite3 -readonly local.db "SELECT count(*) FROM v_cost_lines WHERE price_id LIKE 'dell-me5%'")" -eq 0
}

@test "platforms: guests by subscription need no Windows licence, and a second tier has its device" {
    estate 6
    call size guests.csv --days 1 --replications 1 -q --platforms azure-local,azure-local-subscription,vcf-tiering \
        --servers dell-r6615-1x16
    must "$status" -eq 0
    count() {
        sqlite3 -readonly headroom.db "SELECT count(*) FROM v_cost_lines WHERE platform_id = '$1' AND price_id LIKE '$2'"
    }
    must "$(count azure-local 'ms-ws2025%')" -ge 1
    must "$(count azure-local-subscription 'ms-ws2025%')" -eq 0
    must "$(count azure-local 'ms-azure-local-ws%')" -eq 0
    must "$(count azure-local-subscription 'ms-azure-local-ws%')" -eq 5
    must "$(sqlite3 -readonly headroom.db "SELECT units = hosts FROM v_cost_lines JOIN v_answer USING (study_id, platform_id)
        WHERE platform_id = 'vcf-tiering' AND item LIKE 'NVMe device%' AND year = 0")" = 1
}

@test "platforms: with a host its disks are gone, of an array none" {
    for storage in hci-nvme array-me5; do
        disks=6
        [ "$storage" = hci-nvme ] || disks=18 # enough: its disks do less, and parity takes more
        cat > "$storage.yaml" << YAML
platform: vsphere
cluster: {hosts: 3, memory_mib: 262144, cores: 32, storage: $storage, disks: $disks}
run: {hours: 1, failure_tail_h: 2, spare_hosts: 1}
guests:
  - {name: a, count: 40, vcpus: 2, memory_mib: 4096, os: linux-5, role: generic, commit_mib: 2000, iops: 1700}
YAML
        call simulate "$storage.yaml" --json -q
        must "$status" -eq 0
        must "$(json out '$.runs[0].slowdown_p95' | awk '{ print ($1 < 0.02) }')" = 1
        json out '$.runs[0].failure.slowdown_p95' > "$storage.failed"
    done
    echo "failed day: pool $(cat hci-nvme.failed), array $(cat array-me5.failed)"
    # A third of six disks that were busy to four fifths.
    must "$(awk '{ print ($1 > 0.1) }' hci-nvme.failed)" = 1
    must "$(awk '{ print ($1 < 0.02) }' array-me5.failed)" = 1
}

@test "platforms: a pool over hosts needs its hosts, its copies and a majority" {
    estate 4
    size_ahv() {
        call size guests.csv --days 1 --replications 1 -q --platforms nutanix-ahv --servers dell-r6615-1x16 "$@"
        must "$status" -eq 4
    }
    size_ahv --hosts 2
    matches 'no feasible cluster: storage: HCI, two copies, .* does not hold the guests. data on 2 hosts' out
    size_ahv --spare 2
    matches 'no feasible cluster: storage: HCI, two copies, .* loses data when 2 hosts fail' out
}
