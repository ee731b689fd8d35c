/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cost_world.h"

#include <string.h>

const struct fact facts[N_FACTS] = {
    {"test-server", "each", "9000", HR_PRICE_FOUND, true, 3 * 1.2},
    {"ddr5-rdimm-64gb", "each", "2000", HR_PRICE_RECALLED, true, 48 * 1.2},
    {"test-array", "each", "14000", HR_PRICE_ASSUMED, true, 1.04},
    {"test-disk", "each", "1600", HR_PRICE_DERIVED, true, 12 * 1.04},
    {"test-switch", "each", "6500", HR_PRICE_FOUND, true, 2 * 1.04},
    {"test-nic", "each", "450", HR_PRICE_QUOTE, true, 6 * 1.2},
    {"vmware-test-core-year", "core-year", "190", HR_PRICE_FOUND, true, 96 * 5},
    {"test-socket", "socket", "1000", HR_PRICE_FOUND, true, 6 * (1 + 5 * 0.25)},
    {"ms-ws2025-standard-pack16core", "pack16core", "1176", HR_PRICE_FOUND, true, 22},
    {"ms-ws2025-standard-pack2core", "pack2core", "147", HR_PRICE_DERIVED, true, 4},
    {"ms-ws2025-datacenter-pack16core", "pack16core", "6771", HR_PRICE_FOUND, true, 0},
    {"ms-ws2025-datacenter-pack2core", "pack2core", "847", HR_PRICE_FOUND, true, 0},
    {"electricity-us-commercial-kwh", "kwh", "0.15", HR_PRICE_FOUND, true, 1490 * 15.768 * 5},
    {"admin-hour-us-loaded", "hour", "60", HR_PRICE_RECALLED, true, 126 * 5},
    {"hw-maintenance-year-ratio", "ratio", "0.1", HR_PRICE_FOUND, false, 125700 * 2},
    {"test-support-ratio", "ratio", "0.25", HR_PRICE_DERIVED, false, 6000 * 5},
    {"pue-server-room-ratio", "ratio", "1.8", HR_PRICE_FOUND, false, 1490 * 8.76 * 0.15 * 5},
    {"test-idle-watt", "watt", "120", HR_PRICE_FOUND, false, 3 * 0.75 * 15.768 * 0.15 * 5},
    {"test-max-watt", "watt", "600", HR_PRICE_FOUND, false, 3 * 0.25 * 15.768 * 0.15 * 5},
    {"rdimm-ddr5-watt", "watt", "5", HR_PRICE_ASSUMED, false, 3 * 8 * 15.768 * 0.15 * 5},
    {"test-array-watt", "watt", "350", HR_PRICE_FOUND, false, 15.768 * 0.15 * 5},
    {"switch-25gbe-watt", "watt", "150", HR_PRICE_FOUND, false, 2 * 15.768 * 0.15 * 5},
};

enum { EUR_KWH = N_FACTS, EUR_HOUR };

static const struct hr_price *get_fact(const void *table, const char *id)
{
    const struct world *w = table;
    if (w->missing != NULL && strcmp(w->missing, id) == 0) {
        return NULL;
    }
    for (size_t i = 0; i < w->n_prices; i++) {
        if (strcmp(w->price[i].id, id) == 0) {
            return &w->price[i];
        }
    }
    return NULL;
}

static void set_up_prices(struct world *w)
{
    static char ids[N_ALL][64]; /* written alike by every call */
    static char units[N_ALL][16];
    for (size_t i = 0; i < N_FACTS; i++) {
        (void)g_strlcpy(ids[i], facts[i].id, sizeof ids[i]);
        (void)g_strlcpy(units[i], facts[i].unit, sizeof units[i]);
        w->price[i] = (struct hr_price){
            .id = ids[i], .item = ids[i], .unit = units[i], .status = facts[i].status};
        w->price[i].source = units[i];
        assert_true(hr_decimal_parse(facts[i].price, &w->price[i].price));
    }
    w->price[EUR_KWH] = w->price[0];
    w->price[EUR_HOUR] = w->price[0];
    w->price[EUR_KWH].id = strcpy(ids[EUR_KWH], "electricity-eu-nonhousehold-kwh");
    w->price[EUR_HOUR].id = strcpy(ids[EUR_HOUR], "admin-hour-eu-loaded");
    w->price[EUR_KWH].price = 200000;
    w->price[EUR_HOUR].price = 50 * HR_DECIMAL_ONE;
    w->n_prices = N_ALL;
    w->prices = (struct hr_prices){"2026", "USD", w, get_fact, NULL};
}

void set_up(struct world *w)
{
    memset(w, 0, sizeof *w);
    set_up_prices(w);
    w->licence[0] = (struct hr_licence){.name = "Foundation",
                                        .kind = HR_LICENCE_PER_CORE,
                                        .price_id = "vmware-test-core-year",
                                        .yearly = true,
                                        .terms.min_cores_per_socket = 16};
    w->licence[1] = (struct hr_licence){.name = "Manager",
                                        .kind = HR_LICENCE_PER_SOCKET,
                                        .price_id = "test-socket",
                                        .support_year_frac = 0.9,
                                        .support_price_id = "test-support-ratio"};
    w->platform = (struct hr_platform){.id = "test",
                                       .name = "Test",
                                       .licences = w->licence,
                                       .n_licences = 2,
                                       .admin_h_per_host_year = 20,
                                       .admin_h_per_guest_year = 1.5};
    w->server = (struct hr_server){.id = "server",
                                   .name = "Server 2x12",
                                   .sockets = 2,
                                   .cores_per_socket = 12,
                                   .price_id = "test-server",
                                   .watt_idle_id = "test-idle-watt",
                                   .watt_max_id = "test-max-watt",
                                   .watt_rated_dimms = 8,
                                   .support_included_years = 3};
    w->storage = (struct hr_storage){.id = "storage",
                                     .name = "Array",
                                     .array_price_id = "test-array",
                                     .disk_price_id = "test-disk",
                                     .switch_price_id = "test-switch",
                                     .switches = 2,
                                     .switch_watt_price_id = "switch-25gbe-watt",
                                     .nic_price_id = "test-nic",
                                     .nics_per_host = 2,
                                     .watt = 7,
                                     .watt_price_id = "test-array-watt",
                                     .maintenance_year_frac = 0.08,
                                     .support_included_years = 4.5};
    for (size_t i = 0; i < G_N_ELEMENTS(w->windows_max); i++) {
        w->windows_max[i] = 10;
    }
    w->input = (struct hr_cost_input){.platform = &w->platform,
                                      .server = &w->server,
                                      .memory = {64, 16},
                                      .n_hosts = 3,
                                      .storage = &w->storage,
                                      .n_disks = 12,
                                      .n_guests = 44,
                                      .n_windows_guests = 20,
                                      .windows_max = w->windows_max,
                                      .cpu_util_mean = 0.25};
    hr_cost_params_default(&w->params);
}

struct hr_cost compute(const struct world *w)
{
    struct hr_cost cost = {0};
    GError *error = NULL;
    if (!hr_cost_compute_from(&w->input, &w->params, &w->prices, &cost, &error)) {
        fail_msg("%s", error->message);
    }
    return cost;
}

int64_t bound(const struct world *w)
{
    int64_t cents = -1;
    GError *error = NULL;
    if (!hr_cost_lower_bound_from(&w->input, &w->params, &w->prices, &cents, &error)) {
        fail_msg("%s", error->message);
    }
    return cents;
}

const struct hr_cost_line *line_of(const struct hr_cost *cost, const char *item, int year)
{
    for (size_t i = 0; i < cost->n_lines; i++) {
        if (strcmp(cost->lines[i].item, item) == 0 && cost->lines[i].year == year) {
            return &cost->lines[i];
        }
    }
    fail_msg("no line '%s' of year %d", item, year);
    return NULL;
}

struct hr_price *fact_of(struct world *w, const char *id)
{
    for (size_t i = 0; i < w->n_prices; i++) {
        if (strcmp(w->price[i].id, id) == 0) {
            return &w->price[i];
        }
    }
    fail_msg("no price %s", id);
    return NULL;
}
