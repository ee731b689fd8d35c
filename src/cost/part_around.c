/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around the cluster: UPS, racks, cabling and the space they take. */
#include <math.h>

#include "cost/bill.h"

static const double rack_units_of_rack = 42.0;
static const double rack_units_of_colocation = 14.0; /* as the price is sold */

/* What is to be carried and housed. */
struct room {
    double max_w;
    int64_t n_ups;
    double rack_units;
};

static bool find_room(const struct hr_bill *bill, struct room *room, GError **error)
{
    const struct hr_cost_input *input = bill->input;
    const struct hr_costs *costs = bill->params->costs;
    *room = (struct room){0};
    if (costs->has_ups) {
        if (!hr_bill_watts_max(bill, &room->max_w, error)) {
            return false;
        }
        room->n_ups = (int64_t)ceil(room->max_w / costs->ups_watt);
    }
    room->rack_units = (double)input->n_hosts * input->server->rack_units +
                       (double)(room->n_ups * costs->ups_rack_units);
    if (input->storage != NULL) {
        room->rack_units += (double)hr_storage_arrays(input->storage, input->n_disks) *
                                (double)costs->array_rack_units +
                            (double)input->storage->switches * (double)costs->switch_rack_units;
    }
    int64_t n_boxes = hr_bill_backup_boxes(bill);
    if (n_boxes > 0) {
        room->rack_units += (double)n_boxes * bill->params->backup->target->rack_units;
    }
    return true;
}

static bool buy(struct hr_bill *bill, const char *id, double n, const char *rule,
                GError **error)
{
    const struct hr_price *price = hr_bill_price(bill, id, error, "what is around the cluster");
    if (price == NULL) {
        return false;
    }
    struct hr_bill_entry entry = {
        .category = HR_COST_AROUND,
        .item = price->item != NULL && *price->item != '\0' ? price->item : price->id,
        .rule = rule,
        .units = n,
        .unit = price->unit,
        .price = price->price,
        .price_id = price->id,
        .used = {price},
    };
    return hr_bill_buy(bill, &entry, error);
}

static bool add_things(struct hr_bill *bill, const struct room *room, GError **error)
{
    const struct hr_costs *costs = bill->params->costs;
    int n_hosts = bill->input->n_hosts;
    double n_racks = ceil(room->rack_units / rack_units_of_rack);
    g_autofree char *ups = hr_bill_text(bill, "ceil(%.10g W at full load / %.10g W a UPS)",
                                        room->max_w, costs->ups_watt);
    g_autofree char *racks = hr_bill_text(bill, "ceil(%.10g rack units / %.10g a rack)",
                                          room->rack_units, rack_units_of_rack);
    g_autofree char *hosts = hr_bill_text(bill, "%d host%s", n_hosts, n_hosts == 1 ? "" : "s");
    return (!costs->has_ups || buy(bill, "ups-3kva-rack", (double)room->n_ups, ups, error)) &&
           (!costs->has_rack || buy(bill, "rack-42u", n_racks, racks, error)) &&
           (!costs->has_cabling || buy(bill, "cabling-host", n_hosts, hosts, error));
}

/* Sold by the month; a year's in advance. */
static bool add_space(struct hr_bill *bill, const struct room *room, GError **error)
{
    bool is_colocation = bill->params->costs->space == HR_SPACE_COLOCATION;
    const struct hr_price *price =
        hr_bill_price(bill, is_colocation ? "colocation-14u-month" : "rack-unit-month", error,
                      "the space of the cluster");
    if (price == NULL) {
        return false;
    }
    double n =
        is_colocation ? ceil(room->rack_units / rack_units_of_colocation) : room->rack_units;
    g_autofree char *rule =
        is_colocation
            ? hr_bill_text(bill, "ceil(%.10g rack units / %.10g) = %.10g; × 12 months",
                           room->rack_units, rack_units_of_colocation, n)
            : hr_bill_text(bill, "%.10g rack units; × 12 months", n);
    struct hr_bill_entry entry = {
        .category = HR_COST_AROUND,
        .item = "Space",
        .rule = rule,
        .units = n * 12.0,
        .unit = price->unit,
        .price = price->price,
        .price_id = price->id,
        .used = {price},
    };
    return hr_bill_run_yearly(bill, &entry, HR_BILL_START_OF_YEAR, error);
}

bool hr_bill_add_around(struct hr_bill *bill, GError **error)
{
    struct room room;
    if (bill->params->costs == NULL) {
        return true;
    }
    return find_room(bill, &room, error) && add_things(bill, &room, error) &&
           (bill->params->costs->space == HR_SPACE_NONE || add_space(bill, &room, error));
}
