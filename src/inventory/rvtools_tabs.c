/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "inventory/rvtools.h"

/* Keys as hr_column_key() gives them; the internal names are these behind the tab's prefix. */
#define GUEST_KEYS                                                                             \
    {HR_RVF_NAME, "vm"}, {HR_RVF_NAME, "vmname"}, {HR_RVF_ID, "vmid"},                         \
        {HR_RVF_UUID, "vmuuid"}, {HR_RVF_UUID, "smbiosuuid"}, {HR_RVF_UUID, "uuid"},           \
        {HR_RVF_SDK, "visdkuuid"}, {HR_RVF_SDK, "vcenteruuid"}, {HR_RVF_FOLDER, "folder"},     \
        {HR_RVF_SITE, "datacenter"}, {HR_RVF_CLUSTER, "cluster"}, {HR_RVF_HOST, "host"},       \
        {HR_RVF_OS, "osaccordingtotheconfigurationfile"}, {HR_RVF_OS, "os"},                   \
        {HR_RVF_OS_TOOLS, "osaccordingtothevmwaretools"}, {HR_RVF_OS_TOOLS, "ostools"},        \
        {HR_RVF_POWER, "powerstate"}, {HR_RVF_TEMPLATE, "template"},                           \
    {                                                                                          \
        HR_RVF_PLACEHOLDER, "srmplaceholder"                                                   \
    }

static const struct hr_column_name info_keys[] = {
    GUEST_KEYS,
    {HR_RVF_PRIORITY, "harestartpriority"},
    {HR_RVF_CPUS, "cpus"},
    {HR_RVF_MEMORY, "memory"},
    {HR_RVF_ACTIVE, "activememory"},
    {HR_RVF_DISK, "totaldiskcapacity"},
    {HR_RVF_PROVISIONED, "provisioned"},
    {HR_RVF_IN_USE, "inuse"},
};
static const struct hr_column_name memory_keys[] = {
    GUEST_KEYS,
    {HR_RVF_MEMORY, "size"},
    {HR_RVF_MEMORY, "sizemib"},
    {HR_RVF_ACTIVE, "active"},
    {HR_RVF_CONSUMED, "consumed"},
    {HR_RVF_RESERVATION, "reservation"},
    {HR_RVF_LIMIT, "limit"},
    {HR_RVF_SHARES, "shares"},
};
static const struct hr_column_name cpu_keys[] = {
    GUEST_KEYS,
    {HR_RVF_CPUS, "cpus"},
    {HR_RVF_OVERALL, "overall"},
};
static const struct hr_column_name disk_keys[] = {
    GUEST_KEYS,
    {HR_RVF_DISK, "capacity"},
    {HR_RVF_DISK, "capacitymib"},
};
static const struct hr_column_name host_keys[] = {
    {HR_RVF_NAME, "host"},       {HR_RVF_NAME, "name"},
    {HR_RVF_SITE, "datacenter"}, {HR_RVF_CLUSTER, "cluster"},
    {HR_RVF_MODEL, "cpumodel"},  {HR_RVF_SPEED, "speed"},
    {HR_RVF_SPEED, "cpumhz"},    {HR_RVF_SOCKETS, "cpu"},
    {HR_RVF_SOCKETS, "numcpu"},  {HR_RVF_CORES_PER_SOCKET, "corespercpu"},
    {HR_RVF_CORES, "cores"},     {HR_RVF_CORES, "numcpucores"},
    {HR_RVF_MEMORY, "memory"},   {HR_RVF_MEMORY, "memorysize"},
};
static const struct hr_column_name cluster_keys[] = {
    {HR_RVF_NAME, "name"},
    {HR_RVF_HOSTS, "numhosts"},
    {HR_RVF_CORES, "numcpucores"},
    {HR_RVF_MEMORY, "totalmemory"},
};

static const struct {
    const char *name;
    const char *prefix; /* of the internal names */
    const struct hr_column_name *keys;
    size_t n_keys;
} tabs[HR_RV__COUNT] = {
    [HR_RV_INFO] = {"vInfo", "vinfo", info_keys, G_N_ELEMENTS(info_keys)},
    [HR_RV_MEMORY] = {"vMemory", "vmemory", memory_keys, G_N_ELEMENTS(memory_keys)},
    [HR_RV_CPU] = {"vCPU", "vcpu", cpu_keys, G_N_ELEMENTS(cpu_keys)},
    [HR_RV_DISK] = {"vDisk", "vdisk", disk_keys, G_N_ELEMENTS(disk_keys)},
    [HR_RV_HOST] = {"vHost", "vhost", host_keys, G_N_ELEMENTS(host_keys)},
    [HR_RV_CLUSTER] = {"vCluster", "vcluster", cluster_keys, G_N_ELEMENTS(cluster_keys)},
};

const char *hr_rv_tab_name(enum hr_rv_tab tab)
{
    return tab < HR_RV__COUNT ? tabs[tab].name : "unknown";
}

static bool has(const hr_sheet *sheet, enum hr_rv_tab tab, const char *key)
{
    return hr_columns_have(sheet, tabs[tab].prefix, key);
}

static bool has_vm(const hr_sheet *sheet, enum hr_rv_tab tab)
{
    return has(sheet, tab, "vm") || has(sheet, tab, "vmname");
}

enum hr_rv_tab hr_rv_tab_of(const hr_sheet *sheet)
{
    bool has_size = has(sheet, HR_RV_MEMORY, "size") || has(sheet, HR_RV_MEMORY, "sizemib");
    bool has_cores = has(sheet, HR_RV_HOST, "cores") || has(sheet, HR_RV_HOST, "numcpucores");
    bool has_host_memory =
        has(sheet, HR_RV_HOST, "memory") || has(sheet, HR_RV_HOST, "memorysize");
    bool has_topology = has(sheet, HR_RV_CPU, "sockets") || has(sheet, HR_RV_CPU, "coresps") ||
                        has(sheet, HR_RV_CPU, "overall");
    if (has_vm(sheet, HR_RV_INFO) && has(sheet, HR_RV_INFO, "cpus") &&
        has(sheet, HR_RV_INFO, "memory")) {
        return HR_RV_INFO;
    }
    if (has_vm(sheet, HR_RV_MEMORY) && has_size) {
        return HR_RV_MEMORY;
    }
    if (has_vm(sheet, HR_RV_CPU) && has(sheet, HR_RV_CPU, "cpus") && has_topology) {
        return HR_RV_CPU;
    }
    /* vPartition has a capacity too, and what is free of it. */
    if (has_vm(sheet, HR_RV_DISK) && !has(sheet, HR_RV_DISK, "free") &&
        (has(sheet, HR_RV_DISK, "capacity") || has(sheet, HR_RV_DISK, "capacitymib"))) {
        return HR_RV_DISK;
    }
    if (has_vm(sheet, HR_RV_INFO) && has(sheet, HR_RV_INFO, "powerstate")) {
        return HR_RV_INFO;
    }
    if (has(sheet, HR_RV_CLUSTER, "name") && has(sheet, HR_RV_CLUSTER, "numhosts")) {
        return HR_RV_CLUSTER;
    }
    bool has_host = has(sheet, HR_RV_HOST, "host") || has(sheet, HR_RV_HOST, "vhostname");
    return has_host && has_cores && has_host_memory ? HR_RV_HOST : HR_RV__COUNT;
}

bool hr_rv_open(struct hr_rv_sheet *rv, const hr_sheet *sheet, enum hr_rv_tab tab,
                hr_diag *diag)
{
    rv->sheet = sheet;
    rv->tab = tab;
    if (!hr_columns_find(sheet, tabs[tab].prefix, tabs[tab].keys, tabs[tab].n_keys, rv->columns,
                         HR_RVF__COUNT, diag)) {
        return false;
    }
    struct hr_notation_evidence evidence = {.n_group = {0}};
    for (size_t row = 0; row < hr_sheet_rows(sheet); row++) {
        for (int field = HR_RVF_CPUS; field < HR_RVF__COUNT; field++) {
            hr_notation_show(&evidence, hr_rv_text(rv, row, (enum hr_rv_field)field));
        }
    }
    for (size_t mark = 0; mark < HR_MARK__COUNT; mark++) {
        rv->has_marks = rv->has_marks || evidence.n_group[mark] > 0 ||
                        evidence.n_decimal[mark] > 0 || evidence.n_ambiguous[mark] > 0;
    }
    rv->notation = hr_notation_decide(&evidence, hr_sheet_delimiter(sheet));
    return true;
}

bool hr_rv_has(const struct hr_rv_sheet *rv, enum hr_rv_field field)
{
    return rv->sheet != NULL && rv->columns[field].index >= 0;
}

const char *hr_rv_heading(const struct hr_rv_sheet *rv, enum hr_rv_field field)
{
    return hr_rv_has(rv, field) ? hr_sheet_header(rv->sheet, (size_t)rv->columns[field].index)
                                : "";
}

const char *hr_rv_text(const struct hr_rv_sheet *rv, size_t row, enum hr_rv_field field)
{
    return hr_rv_has(rv, field)
               ? hr_sheet_field(rv->sheet, row, (size_t)rv->columns[field].index)
               : "";
}

enum hr_number_result hr_rv_number(const struct hr_rv_sheet *rv, size_t row,
                                   enum hr_rv_field field, double *out)
{
    double value = 0;
    enum hr_number_result result =
        hr_number_read(hr_rv_text(rv, row, field), &rv->notation, &value);
    if (result == HR_NUMBER_OK) {
        *out = value * rv->columns[field].scale;
    }
    return result;
}

bool hr_rv_yes(const struct hr_rv_sheet *rv, size_t row, enum hr_rv_field field)
{
    const char *text = hr_rv_text(rv, row, field);
    return g_ascii_strcasecmp(text, "true") == 0 || g_ascii_strcasecmp(text, "yes") == 0 ||
           strcmp(text, "1") == 0;
}
