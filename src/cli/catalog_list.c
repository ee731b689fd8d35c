/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "cli/catalog_output.h"

static const char *yes_no(bool value)
{
    return value ? "yes" : "no";
}

/* The shortest form that keeps six digits. */
static void add_number(hr_grid *grid, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    hr_grid_add(grid, "%s", g_ascii_formatd(text, sizeof text, "%.6g", value));
}

/* ---- platforms ---- */

static const struct hr_grid_column platform_columns[] = {
    {"platform", "id", false},      {"name", "name", false},
    {"vendor", "vendor", false},    {"policy", "policy", false},
    {"HA", "has_ha", false},        {"hosts at most", "max_hosts", true},
    {"licences", "licences", false}};

static size_t platform_count(const struct hr_catalog_source *source)
{
    return hr_catalog_n_platforms(source->catalog);
}

static const char *platform_id(const struct hr_catalog_source *source, size_t index)
{
    return hr_catalog_platform_at(source->catalog, index)->id;
}

/* What the platform and all its licences allow; 0: no limit. */
static int most_hosts(const struct hr_platform *p)
{
    int most = p->max_hosts;
    for (size_t i = 0; i < p->n_licences; i++) {
        int of_licence = p->licences[i].terms.max_hosts;
        most = of_licence > 0 && (most == 0 || of_licence < most) ? of_licence : most;
    }
    return most;
}

static void platform_row(const struct hr_catalog_source *source, size_t index, hr_grid *grid)
{
    const struct hr_platform *p = hr_catalog_platform_at(source->catalog, index);
    g_autoptr(GString) licences = g_string_new(NULL);
    for (size_t i = 0; i < p->n_licences; i++) {
        g_string_append_printf(licences, "%s%s", i > 0 ? ", " : "", p->licences[i].name);
    }
    if (p->windows_host_licence) {
        g_string_append_printf(licences, "%sWindows Server", licences->len > 0 ? ", " : "");
    }
    if (p->simulate_only && licences->len > 0) {
        g_string_append(licences, "; only for simulation");
    }
    if (p->by_name) {
        g_string_append(licences, "; sized when named");
    }
    hr_grid_add(grid, "%s", p->id);
    hr_grid_add(grid, "%s", p->name);
    hr_grid_add(grid, "%s", p->vendor);
    hr_grid_add(grid, "%s", hr_platform_policy_name(p));
    hr_grid_add(grid, "%s", yes_no(p->has_ha));
    hr_grid_add(grid, "%d", most_hosts(p));
    hr_grid_add(grid, "%s",
                licences->len > 0  ? licences->str
                : p->simulate_only ? "none: only for simulation"
                                   : "none");
}

/* ---- servers ---- */

static const struct hr_grid_column host_columns[] = {{"server", "id", false},
                                                     {"name", "name", false},
                                                     {"processors", "sockets", true},
                                                     {"cores", "cores", true},
                                                     {"MHz", "mhz", true},
                                                     {"least GiB", "memory_least_gib", true},
                                                     {"most GiB", "memory_most_gib", true},
                                                     {"rack units", "rack_units", true}};

static size_t host_count(const struct hr_catalog_source *source)
{
    return hr_catalog_n_servers(source->catalog);
}

static const char *host_id(const struct hr_catalog_source *source, size_t index)
{
    return hr_catalog_server_at(source->catalog, index)->id;
}

static void host_row(const struct hr_catalog_source *source, size_t index, hr_grid *grid)
{
    const struct hr_server *s = hr_catalog_server_at(source->catalog, index);
    hr_grid_add(grid, "%s", s->id);
    hr_grid_add(grid, "%s", s->name);
    hr_grid_add(grid, "%d", s->sockets);
    hr_grid_add(grid, "%d", hr_server_cores(s));
    add_number(grid, s->mhz);
    add_number(grid, hr_mib_to_gib(hr_dimm_option_mib(&s->memory[0])));
    add_number(grid, hr_mib_to_gib(hr_dimm_option_mib(&s->memory[s->n_memory - 1])));
    hr_grid_add(grid, "%d", s->rack_units);
}

/* ---- storage ---- */

static const struct hr_grid_column storage_columns[] = {{"storage", "id", false},
                                                        {"name", "name", false},
                                                        {"kind", "kind", false},
                                                        {"TB a disk", "disk_tb", true},
                                                        {"least disks", "disks_min", true},
                                                        {"most disks", "disks_max", true},
                                                        {"IOPS a disk", "iops_per_disk", true},
                                                        {"latency ms", "latency_ms", true}};

static size_t storage_count(const struct hr_catalog_source *source)
{
    return hr_catalog_n_storages(source->catalog);
}

static const char *storage_id(const struct hr_catalog_source *source, size_t index)
{
    return hr_catalog_storage_at(source->catalog, index)->id;
}

static void storage_row(const struct hr_catalog_source *source, size_t index, hr_grid *grid)
{
    const struct hr_storage *s = hr_catalog_storage_at(source->catalog, index);
    hr_grid_add(grid, "%s", s->id);
    hr_grid_add(grid, "%s", s->name);
    hr_grid_add(grid, "%s", hr_storage_kind_name(s->kind));
    add_number(grid, s->disk_tb);
    hr_grid_add(grid, "%d", s->disks_min);
    hr_grid_add(grid, "%d", s->disks_max);
    add_number(grid, s->iops_per_disk);
    add_number(grid, s->latency_ms);
}

/* ---- backup ---- */

static const struct hr_grid_column backup_columns[] = {{"backup", "id", false},
                                                       {"name", "name", false},
                                                       {"kind", "kind", false},
                                                       {"price of", "price_id", false},
                                                       {"sockets at most", "max_sockets", true},
                                                       {"guests at most", "max_guests", true},
                                                       {"beyond", "beyond", false}};

static size_t backup_count(const struct hr_catalog_source *source)
{
    return hr_catalog_n_backups(source->catalog);
}

static const char *backup_id(const struct hr_catalog_source *source, size_t index)
{
    return hr_catalog_backup_at(source->catalog, index)->id;
}

static void backup_row(const struct hr_catalog_source *source, size_t index, hr_grid *grid)
{
    const struct hr_backup *b = hr_catalog_backup_at(source->catalog, index);
    hr_grid_add(grid, "%s", b->id);
    hr_grid_add(grid, "%s", b->name);
    hr_grid_add(grid, "%s", b->kind == HR_BACKUP_TARGET ? "target" : "licence");
    hr_grid_add(grid, "%s", b->price_id);
    hr_grid_add(grid, "%d", b->max_sockets);
    hr_grid_add(grid, "%d", b->max_guests);
    hr_grid_add(grid, "%s", b->beyond != NULL ? b->beyond : "");
}

/* ---- guest systems ---- */

static const struct hr_grid_column guest_columns[] = {
    {"system", "id", false},
    {"name", "name", false},
    {"family", "family", false},
    {"server", "is_server", false},
    {"released", "released_year", true},
    {"dynamic memory", "has_dynamic_memory", false}};

static size_t guest_count(const struct hr_catalog_source *source)
{
    return hr_catalog_n_oses(source->catalog);
}

static const char *guest_id(const struct hr_catalog_source *source, size_t index)
{
    return hr_catalog_os_at(source->catalog, index)->id;
}

static void guest_row(const struct hr_catalog_source *source, size_t index, hr_grid *grid)
{
    static const char *const families[HR_OS__COUNT] = {
        [HR_OS_WINDOWS] = "windows", [HR_OS_LINUX] = "linux", [HR_OS_OTHER] = "other"};
    const struct hr_os *os = hr_catalog_os_at(source->catalog, index);
    hr_grid_add(grid, "%s", os->id);
    hr_grid_add(grid, "%s", os->name);
    hr_grid_add(grid, "%s", families[os->family]);
    hr_grid_add(grid, "%s", yes_no(os->is_server));
    hr_grid_add(grid, "%d", os->released_year);
    hr_grid_add(grid, "%s", yes_no(os->dynamic_memory));
}

/* ---- roles ---- */

static const struct hr_grid_column role_columns[] = {{"role", "id", false},
                                                     {"name", "name", false},
                                                     {"committed %", "commit_pct", true},
                                                     {"cache %", "cache_pct", true},
                                                     {"active %", "active_pct", true},
                                                     {"CPU %", "cpu_mean_pct", true},
                                                     {"IOPS", "iops_mean", true},
                                                     {"restart", "priority", false}};

static size_t role_count(const struct hr_catalog_source *source)
{
    return hr_catalog_n_roles(source->catalog);
}

static const char *role_id(const struct hr_catalog_source *source, size_t index)
{
    return hr_catalog_role_at(source->catalog, index)->id;
}

static void role_row(const struct hr_catalog_source *source, size_t index, hr_grid *grid)
{
    static const char *const priorities[HR_PRIORITY__COUNT] = {[HR_PRIORITY_HIGH] = "high",
                                                               [HR_PRIORITY_MEDIUM] = "medium",
                                                               [HR_PRIORITY_LOW] = "low"};
    const struct hr_role *role = hr_catalog_role_at(source->catalog, index);
    hr_grid_add(grid, "%s", role->id);
    hr_grid_add(grid, "%s", role->name);
    add_number(grid, role->commit_frac * 100.0);
    add_number(grid, role->cache_frac * 100.0);
    add_number(grid, role->active_frac * 100.0);
    add_number(grid, role->cpu_mean_pct);
    add_number(grid, role->iops_mean);
    hr_grid_add(grid, "%s", priorities[role->priority]);
}

/* ---- prices ---- */

static const struct hr_grid_column price_columns[] = {
    {"price of", "id", false},     {"price", "price", true},  {"in", "currency", false},
    {"per", "unit", false},        {"", "is_starred", false}, {"status", "status", false},
    {"from", "valid_from", false}, {"to", "valid_to", false}, {"source", "source", false}};

static size_t price_count(const struct hr_catalog_source *source)
{
    return hr_pricebook_count(source->book);
}

static const char *price_id(const struct hr_catalog_source *source, size_t index)
{
    return hr_pricebook_at(source->book, index)->id;
}

static void price_row(const struct hr_catalog_source *source, size_t index, hr_grid *grid)
{
    const struct hr_price *price = hr_pricebook_at(source->book, index);
    char text[24];
    hr_grid_add(grid, "%s", price->id);
    hr_grid_add(grid, "%s", hr_decimal_format(price->price_original, text));
    hr_grid_add(grid, "%s", price->currency_original);
    hr_grid_add(grid, "%s", price->unit);
    hr_grid_add(grid, "%s", hr_price_is_starred(price) ? "*" : "");
    hr_grid_add(grid, "%s", hr_price_status_name(price->status));
    hr_grid_add(grid, "%s", price->valid_from);
    hr_grid_add(grid, "%s", price->valid_to);
    hr_grid_add(grid, "%s", price->source);
}

/* ---- the kinds ---- */

const struct hr_catalog_kind hr_catalog_kinds[] = {
    {"platforms", "what guests run on: memory policy, overheads, licences", platform_columns,
     G_N_ELEMENTS(platform_columns), platform_count, platform_id, platform_row},
    {"hosts", "servers that can be bought, with the memory they take", host_columns,
     G_N_ELEMENTS(host_columns), host_count, host_id, host_row},
    {"storage", "arrays, their disks and what belongs to them", storage_columns,
     G_N_ELEMENTS(storage_columns), storage_count, storage_id, storage_row},
    {"backup", "backup products and what they write to", backup_columns,
     G_N_ELEMENTS(backup_columns), backup_count, backup_id, backup_row},
    {"guests", "guest systems: how their memory is used and what of it is alike", guest_columns,
     G_N_ELEMENTS(guest_columns), guest_count, guest_id, guest_row},
    {"roles", "what guests do: their demand over the day", role_columns,
     G_N_ELEMENTS(role_columns), role_count, role_id, role_row},
    {"prices", "the newest price book", price_columns, G_N_ELEMENTS(price_columns), price_count,
     price_id, price_row},
    {NULL, NULL, NULL, 0, NULL, NULL, NULL}};

hr_grid *hr_catalog_list(const struct hr_catalog_kind *kind,
                         const struct hr_catalog_source *source)
{
    hr_grid *grid = hr_grid_new(kind->columns, kind->n_columns);
    for (size_t i = 0; i < kind->count(source); i++) {
        kind->add_row(source, i, grid);
    }
    return grid;
}

/* Cells are text; what a column holds says what they are in JSON. */
static json_t *cell_json(const struct hr_grid_column *column, const char *text)
{
    int64_t whole = 0;
    double real = 0.0;
    if (g_str_has_prefix(column->key, "is_") || g_str_has_prefix(column->key, "has_")) {
        return json_boolean(strcmp(text, "yes") == 0 || strcmp(text, "*") == 0);
    }
    if (column->is_number && hr_parse_int(text, INT64_MIN, INT64_MAX, &whole)) {
        return json_integer(whole);
    }
    if (column->is_number && hr_parse_double(text, &real)) {
        return json_real(real);
    }
    return json_string(text);
}

json_t *hr_catalog_list_json(const hr_grid *grid)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < hr_grid_n_rows(grid); r++) {
        json_t *row = json_object();
        for (size_t c = 0; c < hr_grid_n_columns(grid); c++) {
            const struct hr_grid_column *column = hr_grid_column(grid, c);
            (void)json_object_set_new(row, column->key,
                                      cell_json(column, hr_grid_cell(grid, r, c)));
        }
        (void)json_array_append_new(rows, row);
    }
    return rows;
}
