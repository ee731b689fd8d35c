/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power and people: what the cluster costs as it runs. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "cost/bill.h"

static const double kwh_per_watt_year = 8.76; /* 8760 h */

static bool is_euro(const struct hr_bill *bill)
{
    return strcmp(bill->prices->currency, "EUR") == 0;
}

/* ---- power ---- */

/* What turns watts into money. */
struct tariff {
    const struct hr_price *pue;
    const struct hr_price *kwh;
};

static bool look_up_tariff(const struct hr_bill *bill, struct tariff *tariff, GError **error)
{
    const struct hr_cost_params *params = bill->params;
    const char *kwh_id =
        is_euro(bill) ? "electricity-eu-nonhousehold-kwh" : "electricity-us-commercial-kwh";
    kwh_id = params->electricity_id != NULL ? params->electricity_id : kwh_id;
    const char *pue_id = params->pue_id != NULL ? params->pue_id : "pue-server-room-ratio";
    tariff->kwh = hr_bill_price(bill, kwh_id, error, "power");
    tariff->pue = tariff->kwh != NULL ? hr_bill_price(bill, pue_id, error, "power") : NULL;
    return tariff->pue != NULL;
}

/* Fills what so many watts take in a year. The entry has item, used prices but the tariff's in
 * the last two places; how says where the watts come from. Returns: the entry's rule, the
 * caller's. */
static char *set_electricity(const struct hr_bill *bill, const struct tariff *tariff,
                             double watts, const char *how, struct hr_bill_entry *entry)
{
    double pue = hr_decimal_to_double(tariff->pue->price);
    double kwh = watts * pue * kwh_per_watt_year;
    char *rule =
        hr_bill_text(bill, "%s = %.10g W; × PUE %.10g × %.10g h / 1000 = %.10g kWh a year",
                     how != NULL ? how : "", watts, pue, kwh_per_watt_year * 1000.0, kwh);
    entry->category = HR_COST_POWER;
    entry->rule = rule;
    entry->units = kwh;
    entry->unit = tariff->kwh->unit;
    entry->price = tariff->kwh->price;
    entry->price_id = tariff->kwh->id;
    entry->used[HR_BILL_PRICES_MAX - 2] = tariff->kwh;
    entry->used[HR_BILL_PRICES_MAX - 1] = tariff->pue;
    return rule;
}

/* Of one host. */
struct watts {
    double idle, max;
    double n_extra; /* modules beyond those the server was measured with */
    double extra;   /* of each of them */
};

static bool look_up_watts(const struct hr_bill *bill, struct watts *w,
                          struct hr_bill_entry *entry, GError **error)
{
    const struct hr_cost_input *input = bill->input;
    const struct hr_server *server = input->server;
    const struct hr_price *idle =
        hr_bill_price(bill, server->watt_idle_id, error, "power of server %s", server->id);
    const struct hr_price *most = idle != NULL ? hr_bill_price(bill, server->watt_max_id, error,
                                                               "power of server %s", server->id)
                                               : NULL;
    if (most == NULL) {
        return false;
    }
    *w = (struct watts){
        .idle = hr_decimal_to_double(idle->price),
        .max = hr_decimal_to_double(most->price),
        .n_extra = fmax(0.0, (double)input->memory.n_dimms - server->watt_rated_dimms)};
    *entry = (struct hr_bill_entry){.item = "Electricity, hosts", .used = {idle, most}};
    if (w->n_extra > 0.0) {
        const char *id = bill->params->dimm_watt_id != NULL ? bill->params->dimm_watt_id
                                                            : server->dimm_watt_id;
        const struct hr_price *dimm = hr_bill_price(bill, id != NULL ? id : "rdimm-ddr5-watt",
                                                    error, "power of server %s", server->id);
        if (dimm == NULL) {
            return false;
        }
        w->extra = hr_decimal_to_double(dimm->price);
        entry->used[2] = dimm;
    }
    return true;
}

static bool add_host_period(struct hr_bill *bill, const struct tariff *tariff,
                            const struct watts *w, struct hr_bill_entry *entry,
                            const struct hr_cost_period *period, GError **error)
{
    hr_assert(bill->is_bound || isfinite(period->cpu_util_mean));
    double util = bill->is_bound ? 0.0 : fmin(fmax(period->cpu_util_mean, 0.0), 1.0);
    double server_w =
        bill->is_bound ? fmin(w->idle, w->max) : w->idle + (w->max - w->idle) * util;
    double watts = (double)period->n_hosts * (server_w + w->n_extra * w->extra);
    g_autofree char *extra =
        w->n_extra > 0.0
            ? hr_bill_text(bill, " + %.10g further modules × %.10g W", w->n_extra, w->extra)
            : NULL;
    g_autofree char *how =
        hr_bill_text(bill, "%d host%s × (%.10g W + (%.10g − %.10g) W × %.4g load%s)",
                     period->n_hosts, period->n_hosts == 1 ? "" : "s", w->idle, w->max, w->idle,
                     util, extra != NULL ? extra : "");
    g_autofree char *rule = set_electricity(bill, tariff, watts, how, entry);
    entry->rule = rule;
    return hr_bill_run_period(bill, entry, period, error);
}

static bool add_host_power(struct hr_bill *bill, const struct tariff *tariff, GError **error)
{
    struct hr_bill_entry entry;
    struct watts watts;
    if (!look_up_watts(bill, &watts, &entry, error)) {
        return false;
    }
    size_t n = 0;
    g_autofree struct hr_cost_period *periods = hr_bill_periods(bill, &n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ok = add_host_period(bill, tariff, &watts, &entry, &periods[i], error);
    }
    return ok;
}

/* What draws the watts of the storage: arrays, or the hosts that have the disks. */
static int n_with_disks(const struct hr_cost_input *input)
{
    return input->storage->kind == HR_STORAGE_ARRAY
               ? hr_storage_arrays(input->storage, input->n_disks)
               : input->n_hosts;
}

/* Of one array and of one switch. */
static bool look_up_storage_watts(const struct hr_bill *bill, double *array_w, double *switch_w,
                                  struct hr_bill_entry *entry, GError **error)
{
    const struct hr_storage *storage = bill->input->storage;
    *array_w = storage->watt;
    *switch_w = 0.0;
    if (storage->watt_price_id != NULL) {
        entry->used[0] = hr_bill_price(bill, storage->watt_price_id, error,
                                       "power of storage %s", storage->id);
        if (entry->used[0] == NULL) {
            return false;
        }
        *array_w = hr_decimal_to_double(entry->used[0]->price);
    }
    if (storage->switches > 0 && storage->switch_watt_price_id != NULL) {
        entry->used[1] = hr_bill_price(bill, storage->switch_watt_price_id, error,
                                       "power of storage %s", storage->id);
        if (entry->used[1] == NULL) {
            return false;
        }
        *switch_w = hr_decimal_to_double(entry->used[1]->price);
    }
    return true;
}

static bool add_storage_power(struct hr_bill *bill, const struct tariff *tariff, GError **error)
{
    const struct hr_storage *storage = bill->input->storage;
    struct hr_bill_entry entry = {.item = "Electricity, storage and switches"};
    double array_w = 0.0;
    double switch_w = 0.0;
    if (!look_up_storage_watts(bill, &array_w, &switch_w, &entry, error)) {
        return false;
    }
    int n_arrays = n_with_disks(bill->input);
    const char *unit = storage->kind == HR_STORAGE_ARRAY ? "array" : "host";
    double watts = n_arrays * array_w + (double)storage->switches * switch_w;
    g_autofree char *how =
        hr_bill_text(bill, "%d %s%s × %.10g W + %d switch%s × %.10g W", n_arrays, unit,
                     n_arrays == 1 ? "" : "s", array_w, storage->switches,
                     storage->switches == 1 ? "" : "es", switch_w);
    g_autofree char *rule = set_electricity(bill, tariff, watts, how, &entry);
    entry.rule = rule;
    return hr_bill_run_yearly(bill, &entry, HR_BILL_MID_YEAR, error);
}

bool hr_bill_add_power(struct hr_bill *bill, GError **error)
{
    struct tariff tariff;
    return look_up_tariff(bill, &tariff, error) && add_host_power(bill, &tariff, error) &&
           (bill->input->storage == NULL || add_storage_power(bill, &tariff, error));
}

bool hr_bill_watts_max(const struct hr_bill *bill, double *watts, GError **error)
{
    const struct hr_cost_input *input = bill->input;
    const struct hr_storage *storage = input->storage;
    struct hr_bill_entry unused = {0};
    struct watts host;
    double array_w = 0.0;
    double switch_w = 0.0;
    if (!look_up_watts(bill, &host, &unused, error) ||
        (storage != NULL &&
         !look_up_storage_watts(bill, &array_w, &switch_w, &unused, error))) {
        return false;
    }
    double most = input->n_hosts * (fmax(host.idle, host.max) + host.n_extra * host.extra);
    if (storage != NULL) {
        most += n_with_disks(input) * array_w + (double)storage->switches * switch_w;
    }
    *watts = most;
    return true;
}

/* ---- labour ---- */

static bool add_labour_period(struct hr_bill *bill, const struct hr_price *hour,
                              const struct hr_cost_period *period, GError **error)
{
    const struct hr_platform *platform = bill->input->platform;
    double hours = (double)period->n_hosts * platform->admin_h_per_host_year +
                   (double)period->n_guests * platform->admin_h_per_guest_year;
    g_autofree char *rule = hr_bill_text(
        bill, "%d host%s × %.10g h + %u guest%s × %.10g h = %.10g h a year", period->n_hosts,
        period->n_hosts == 1 ? "" : "s", platform->admin_h_per_host_year, period->n_guests,
        period->n_guests == 1 ? "" : "s", platform->admin_h_per_guest_year, hours);
    struct hr_bill_entry entry = {
        .category = HR_COST_LABOUR,
        .item = "Administration",
        .rule = rule,
        .units = hours,
        .unit = hour->unit,
        .price = hour->price,
        .price_id = hour->id,
        .used = {hour},
    };
    return hr_bill_run_period(bill, &entry, period, error);
}

bool hr_bill_add_labour(struct hr_bill *bill, GError **error)
{
    const struct hr_platform *platform = bill->input->platform;
    if (platform->admin_h_per_host_year == 0.0 && platform->admin_h_per_guest_year == 0.0) {
        return true;
    }
    const char *id = is_euro(bill) ? "admin-hour-eu-loaded" : "admin-hour-us-loaded";
    id = bill->params->labour_id != NULL ? bill->params->labour_id : id;
    const struct hr_price *hour =
        hr_bill_price(bill, id, error, "labour of platform %s", platform->id);
    if (hour == NULL) {
        return false;
    }
    size_t n = 0;
    g_autofree struct hr_cost_period *periods = hr_bill_periods(bill, &n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ok = add_labour_period(bill, hour, &periods[i], error);
    }
    return ok;
}
