/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guests become rows of an inventory, so that roles, systems and defaults are applied to
 * them as to any inventory; what an inventory cannot say is laid over the result. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "inventory/own.h"
#include "scenario/reading.h"

enum { MOST_GUESTS = 100000, KEY_DIGITS = 16 };

static const double MOST_S = 366.0 * 86400.0;

static const char *const guest_keys[] = {"name",
                                         "key",
                                         "site",
                                         "site_key",
                                         "count",
                                         "os",
                                         "role",
                                         "vcpus",
                                         "memory_mib",
                                         "memory_reservation_mib",
                                         "memory_limit_mib",
                                         "memory_shares",
                                         "priority",
                                         "dynamic_memory",
                                         "memory_startup_mib",
                                         "memory_min_mib",
                                         "memory_max_mib",
                                         "memory_buffer_pct",
                                         "memory_weight",
                                         "cpu_mhz_avg",
                                         "cpu_mhz_p95",
                                         "memory_active_mib",
                                         "memory_consumed_mib",
                                         "iops",
                                         "disk_gib",
                                         "demand",
                                         "trace",
                                         "commit_mib",
                                         "cache_mib",
                                         "active_mib",
                                         "cpu_mhz",
                                         "start_at_s",
                                         "stop_at_s",
                                         "restart_at_s",
                                         "host",
                                         "image",
                                         "image_key",
                                         "pages",
                                         "behaviour",
                                         NULL};

/* What a guest's row of an inventory cannot say. */
struct extra {
    char *name;
    bool has_key, has_site_key;
    uint64_t key, site_key;
    uint64_t image_key; /* 0: by system */
    int dynamic_memory; /* 1 yes, 0 no, -1 not said */
    int host;           /* from 1; 0: not said */
    double start_s, stop_s;
    double *restarts_s;
    uint32_t n_restarts;
    struct hr_demand_step *steps; /* active_mib HR_UNKNOWN: the role's share */
    uint32_t n_steps;
    const hr_node *pages, *behaviour; /* borrowed from the tree; may be NULL */
    uint32_t line;
};

/* The reading of all guests. */
struct work {
    const struct hr_scenario_reading *r;
    const struct hr_guest_frame *frame;
    struct hr_scenario_file *file;
    GArray *rows;      /* struct hr_inventory_guest */
    GArray *extras;    /* struct extra, one per row */
    GHashTable *names; /* name -> line */
};

static void clear_row(void *element)
{
    hr_guest_clear(element);
}

static void clear_extra(void *element)
{
    struct extra *extra = element;
    g_free(extra->name);
    g_free(extra->restarts_s);
    g_free(extra->steps);
}

/* ---- one guest
 * -------------------------------------------------------------------------------- */

static void set_number(const struct hr_scenario_reading *r, const hr_node *map,
                       const struct hr_own_column *column, struct hr_inventory_guest *row)
{
    void *place = (char *)row + column->offset;
    if (column->kind == HR_OWN_WHOLE) {
        int64_t value = *(int *)place;
        (void)hr_node_int(r->tree, map, column->name, (int64_t)column->least,
                          (int64_t)column->most, &value, r->diag);
        *(int *)place = (int)value;
    } else {
        (void)hr_node_double(r->tree, map, column->name, column->least, column->most, place,
                             r->diag);
    }
}

/* The numbers of an inventory's columns that a scenario's guest has too. */
static void read_numbers(const struct hr_scenario_reading *r, const hr_node *map,
                         struct hr_inventory_guest *row)
{
    for (size_t c = 0; c < hr_own_n_columns; c++) {
        const struct hr_own_column *column = &hr_own_columns[c];
        bool is_number = column->kind == HR_OWN_NUMBER || column->kind == HR_OWN_LIMIT ||
                         column->kind == HR_OWN_WHOLE;
        if (is_number && g_strv_contains(guest_keys, column->name)) {
            set_number(r, map, column, row);
        }
    }
}

static void read_role(const struct hr_scenario_reading *r, const hr_node *map,
                      struct hr_inventory_guest *row)
{
    if (!hr_node_string(r->tree, map, "role", &row->role, r->diag) || *row->role == '\0' ||
        hr_catalog_role(r->catalog, row->role) != NULL) {
        return;
    }
    size_t n = hr_catalog_n_roles(r->catalog);
    g_autofree const char **ids = g_new0(const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        ids[i] = hr_catalog_role_at(r->catalog, i)->id;
    }
    hr_scenario_unknown_id(r, hr_node_get(map, "role"), "role", ids);
}

static void read_hash(const struct hr_scenario_reading *r, const hr_node *map, const char *key,
                      bool *has, uint64_t *out)
{
    const hr_node *node = hr_node_get(map, key);
    if (node == NULL) {
        return;
    }
    const char *text = hr_node_text(node);
    guint64 value = 0;
    *has = strlen(text) == KEY_DIGITS &&
           g_ascii_string_to_unsigned(text, 16, 0, G_MAXUINT64, &value, NULL);
    if (!*has) {
        hr_node_fail(r->tree, node, r->diag, "not a key",
                     "'%s': %d hexadecimal digits, as headroom wrote them; leave the key out "
                     "and the name decides",
                     key, KEY_DIGITS);
    }
    *out = value;
}

/* least <= most, where the file gives both. */
static void check_order(const struct hr_scenario_reading *r, const hr_node *map,
                        const char *least_key, double least, const char *most_key, double most)
{
    if (least >= 0.0 && most >= 0.0 && least > most) {
        const hr_node *node = hr_node_get(map, least_key);
        hr_node_fail(r->tree, node != NULL ? node : map, r->diag, "out of range",
                     "'%s' (%.10g) is more than '%s' (%.10g)", least_key, least, most_key,
                     most);
    }
}

static void check_memory(const struct hr_scenario_reading *r, const hr_node *map,
                         const struct hr_inventory_guest *row)
{
    double size = row->memory_mib;
    if (size <= 0.0) {
        return; /* missing: said already */
    }
    check_order(r, map, "memory_reservation_mib", row->memory_reservation_mib, "memory_mib",
                size);
    check_order(r, map, "memory_reservation_mib", row->memory_reservation_mib,
                "memory_limit_mib", row->memory_limit_mib);
    check_order(r, map, "memory_max_mib", row->memory_max_mib, "memory_mib", size);
    double most = row->memory_max_mib >= 0.0 ? row->memory_max_mib : size;
    const char *most_key = row->memory_max_mib >= 0.0 ? "memory_max_mib" : "memory_mib";
    check_order(r, map, "memory_startup_mib", row->memory_startup_mib, most_key, most);
    double startup = row->memory_startup_mib;
    if (startup >= 0.0) {
        check_order(r, map, "memory_min_mib", row->memory_min_mib, "memory_startup_mib",
                    startup);
    } else {
        check_order(r, map, "memory_min_mib", row->memory_min_mib, most_key, most);
    }
}

static void read_row(const struct hr_scenario_reading *r, const hr_node *map,
                     struct hr_inventory_guest *row, struct extra *extra)
{
    *row = hr_guest_blank();
    row->file = hr_tree_name(r->tree);
    row->line = hr_node_line(map);
    if (hr_node_require(r->tree, map, "name", r->diag) &&
        hr_node_string(r->tree, map, "name", &row->name, r->diag) && *row->name == '\0') {
        hr_node_fail(r->tree, map, r->diag, "no name", "a guest needs a name");
    }
    (void)hr_node_require(r->tree, map, "vcpus", r->diag);
    (void)hr_node_require(r->tree, map, "memory_mib", r->diag);
    read_numbers(r, map, row);
    (void)hr_node_string(r->tree, map, "site", &row->site, r->diag);
    (void)hr_node_string(r->tree, map, "os", &row->os, r->diag);
    read_role(r, map, row);
    (void)hr_node_enum(r->tree, map, "priority", hr_priority_names, &row->priority, r->diag);
    check_memory(r, map, row);
    /* Not in the row: there it would also change what the configured memory is. */
    bool dynamic = false;
    extra->dynamic_memory = -1;
    if (hr_node_get(map, "dynamic_memory") != NULL &&
        hr_node_bool(r->tree, map, "dynamic_memory", &dynamic, r->diag)) {
        extra->dynamic_memory = dynamic;
    }
    read_hash(r, map, "key", &extra->has_key, &extra->key);
    read_hash(r, map, "site_key", &extra->has_site_key, &extra->site_key);
    extra->line = row->line;
}

/* ---- power, place and image
 * ------------------------------------------------------------------- */

static void read_restart(const struct hr_scenario_reading *r, const hr_node *node,
                         const struct extra *extra, GArray *restarts)
{
    double at_s = 0.0;
    if (!hr_node_read_double(r->tree, node, "restart_at_s", 0.0, MOST_S, &at_s, r->diag)) {
        return;
    }
    double before_s =
        restarts->len > 0 ? g_array_index(restarts, double, restarts->len - 1) : -1.0;
    if (at_s <= before_s) {
        hr_node_fail(r->tree, node, r->diag, "out of order",
                     "'restart_at_s' (%.10g) is not after the one before (%.10g)", at_s,
                     before_s);
    } else if (at_s <= extra->start_s && extra->start_s > 0.0) {
        hr_node_fail(r->tree, node, r->diag, "out of order",
                     "'restart_at_s' (%.10g) is not after 'start_at_s' (%.10g)", at_s,
                     extra->start_s);
    } else if (at_s >= extra->stop_s && extra->stop_s > 0.0) {
        hr_node_fail(r->tree, node, r->diag, "out of order",
                     "'restart_at_s' (%.10g) is not before 'stop_at_s' (%.10g)", at_s,
                     extra->stop_s);
    }
    g_array_append_val(restarts, at_s);
}

/* When it is powered on, rebooted and powered off. */
static void read_power(const struct hr_scenario_reading *r, const hr_node *map,
                       struct extra *extra)
{
    (void)hr_node_double(r->tree, map, "start_at_s", 0.0, MOST_S, &extra->start_s, r->diag);
    const hr_node *stop = hr_node_get(map, "stop_at_s");
    if (hr_node_double(r->tree, map, "stop_at_s", 0.0, MOST_S, &extra->stop_s, r->diag) &&
        stop != NULL && extra->stop_s <= extra->start_s) {
        hr_node_fail(r->tree, stop, r->diag, "out of order",
                     "'stop_at_s' (%.10g) is not after 'start_at_s' (%.10g)", extra->stop_s,
                     extra->start_s);
    }
    const hr_node *restarts = hr_node_get(map, "restart_at_s");
    if (restarts == NULL) {
        return;
    }
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(double));
    if (hr_node_kind(restarts) == HR_NODE_LIST) {
        for (size_t i = 0; i < hr_node_length(restarts); i++) {
            read_restart(r, hr_node_at(restarts, i), extra, list);
        }
    } else {
        read_restart(r, restarts, extra, list);
    }
    extra->n_restarts = list->len;
    extra->restarts_s = (double *)(void *)g_array_free(g_steal_pointer(&list), FALSE);
}

/* The host it starts on: by name, or by number from 1. */
static void read_host(const struct work *work, const hr_node *map, struct extra *extra)
{
    const struct hr_scenario_reading *r = work->r;
    const struct hr_cluster_spec *cluster = work->frame->cluster;
    const hr_node *node = hr_node_get(map, "host");
    if (node == NULL || cluster->n_hosts == 0) {
        return;
    }
    int64_t number = 0;
    for (uint32_t h = 0; h < (uint32_t)cluster->n_hosts && extra->host == 0; h++) {
        char buf[16];
        if (strcmp(hr_node_text(node), hr_cluster_host_name(cluster, h, buf, sizeof buf)) ==
            0) {
            extra->host = (int)h + 1;
        }
    }
    if (extra->host == 0 && hr_parse_int(hr_node_text(node), 1, cluster->n_hosts, &number)) {
        extra->host = (int)number;
    }
    if (extra->host == 0) {
        hr_node_fail(r->tree, node, r->diag, "no such host",
                     "'host' is \"%s\", neither the name of a host nor a number from 1 to %d",
                     hr_node_text(node), cluster->n_hosts);
    }
}

static void read_image(const struct hr_scenario_reading *r, const hr_node *map,
                       struct extra *extra)
{
    g_autofree char *image = NULL;
    bool has_key = false;
    read_hash(r, map, "image_key", &has_key, &extra->image_key);
    if (!hr_node_string(r->tree, map, "image", &image, r->diag) || image == NULL) {
        return;
    }
    const hr_node *node = hr_node_get(map, "image");
    if (has_key) {
        hr_node_fail(r->tree, node, r->diag, "image twice",
                     "either 'image' or 'image_key', not both");
    } else if (*image == '\0') {
        hr_node_fail(r->tree, node, r->diag, "no name", "'image' is empty");
    }
    extra->image_key = hr_hash_text(hr_hash_text(HR_HASH_START, "image "), image);
}

static void read_contents(const struct hr_scenario_reading *r, const hr_node *map,
                          const struct hr_inventory_guest *row, struct extra *extra)
{
    const struct hr_os *os = hr_catalog_os(r->catalog, row->os);
    bool matched = false;
    extra->pages = hr_node_get(map, "pages");
    extra->behaviour = hr_node_get(map, "behaviour");
    hr_contents_check(r, extra->pages, extra->behaviour,
                      os != NULL ? os : hr_catalog_match_os(r->catalog, row->os, &matched));
}

static void read_steps(const struct work *work, const hr_node *map,
                       const struct hr_inventory_guest *row, struct extra *extra)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(struct hr_demand_step));
    hr_scenario_read_demand(work->r, map, work->frame, row->vcpus, steps);
    extra->n_steps = steps->len;
    extra->steps = (struct hr_demand_step *)(void *)g_array_free(steps, steps->len == 0);
}

/* ---- all guests
 * ------------------------------------------------------------------------------- */

static struct hr_inventory_guest copy_of(const struct hr_inventory_guest *row, const char *name)
{
    struct hr_inventory_guest copy = *row;
    copy.name = g_strdup(name);
    copy.id = g_strdup(row->id);
    copy.cluster = g_strdup(row->cluster);
    copy.host = g_strdup(row->host);
    copy.site = g_strdup(row->site);
    copy.folder = g_strdup(row->folder);
    copy.os = g_strdup(row->os);
    copy.role = g_strdup(row->role);
    copy.trace = g_strdup(row->trace);
    copy.affinity = g_strdup(row->affinity);
    return copy;
}

static void add_named(struct work *work, const hr_node *map,
                      const struct hr_inventory_guest *row, const struct extra *extra,
                      const char *name)
{
    guint first = GPOINTER_TO_UINT(g_hash_table_lookup(work->names, name));
    if (first > 0) {
        hr_node_fail(work->r->tree, map, work->r->diag, "guest twice",
                     "a guest \"%s\" stands already on line %u", name, first);
        return;
    }
    g_hash_table_insert(work->names, g_strdup(name), GUINT_TO_POINTER(row->line));
    struct hr_inventory_guest row_copy = copy_of(row, name);
    struct extra extra_copy = *extra;
    extra_copy.name = g_strdup(name);
    extra_copy.restarts_s =
        g_memdup2(extra->restarts_s, sizeof *extra->restarts_s * extra->n_restarts);
    extra_copy.steps = g_memdup2(extra->steps, sizeof *extra->steps * extra->n_steps);
    g_array_append_val(work->rows, row_copy);
    g_array_append_val(work->extras, extra_copy);
}

static void add_copies(struct work *work, const hr_node *map,
                       const struct hr_inventory_guest *row, const struct extra *extra)
{
    const struct hr_scenario_reading *r = work->r;
    int64_t count = 1;
    if (!hr_node_int(r->tree, map, "count", 1, MOST_GUESTS, &count, r->diag)) {
        return;
    }
    if (work->rows->len + (size_t)count > MOST_GUESTS) {
        hr_node_fail(r->tree, map, r->diag, "too many guests", "these are more than %d guests",
                     MOST_GUESTS);
        return;
    }
    if (count == 1) {
        add_named(work, map, row, extra, row->name);
        return;
    }
    if (extra->has_key) {
        hr_node_fail(r->tree, hr_node_get(map, "key"), r->diag, "key of many",
                     "'key' is of one guest; leave it out where 'count' makes several");
        return;
    }
    for (int64_t number = 1; number <= count; number++) {
        g_autofree char *name =
            g_strdup_printf("%s-%" G_GINT64_FORMAT, row->name, number); /* as an inventory's */
        add_named(work, map, row, extra, name);
    }
}

static void read_guest(struct work *work, const hr_node *map)
{
    const struct hr_scenario_reading *r = work->r;
    hr_node_check_keys(r->tree, map, guest_keys, r->diag);
    if (hr_node_kind(map) != HR_NODE_MAP) {
        return;
    }
    struct hr_inventory_guest row;
    struct extra extra = {.name = NULL};
    read_row(r, map, &row, &extra);
    read_power(r, map, &extra);
    read_host(work, map, &extra);
    read_image(r, map, &extra);
    read_contents(r, map, &row, &extra);
    read_steps(work, map, &row, &extra);
    if (*row.name != '\0') {
        add_copies(work, map, &row, &extra);
    }
    hr_guest_clear(&row);
    clear_extra(&extra);
}

static int by_name(const void *a, const void *b)
{
    const struct extra *x = a;
    const struct extra *y = b;
    return strcmp(x->name, y->name);
}

/* The working set that the role would have of what is held. */
static void set_active(const struct hr_role *role, struct hr_demand_step *step)
{
    double held_frac = role->commit_frac + role->cache_frac;
    double share = held_frac > 0.0 ? fmin(1.0, role->active_frac / held_frac) : 1.0;
    if (step->active_mib < 0.0) {
        step->active_mib = share * (step->commit_mib + step->cache_mib);
    }
}

/* A role's vendor may be overruled, a system without the drivers cannot. */
static void set_dynamic(const struct work *work, struct hr_scenario_guest *guest,
                        const struct extra *extra)
{
    if (extra->dynamic_memory >= 0) {
        guest->dynamic.enabled =
            extra->dynamic_memory == 1 && hr_os_takes_dynamic_memory(guest->os);
        if (extra->dynamic_memory == 1 && !guest->dynamic.enabled) {
            hr_diag_add(work->r->diag, HR_NOTE, hr_tree_name(work->r->tree), extra->line, 0,
                        "no dynamic memory",
                        "%s gets static memory: dynamic memory does not support %s",
                        guest->name, guest->os->name);
        }
    }
    /* Who gives demand by hand looks at memory: nothing is tuned behind his back. */
    guest->dynamic.is_given = extra->dynamic_memory >= 0 || guest->n_demand > 0;
}

static void lay_over(const struct work *work, struct hr_scenario_guest *guest,
                     struct extra *extra)
{
    if (extra->has_key) {
        guest->key = extra->key;
    }
    if (extra->has_site_key) {
        guest->site_key = extra->site_key;
    }
    guest->image_key = extra->image_key;
    guest->host = extra->host;
    guest->start_s = extra->start_s;
    guest->stop_s = extra->stop_s;
    guest->restarts_s = g_steal_pointer(&extra->restarts_s);
    guest->n_restarts = extra->n_restarts;
    guest->demand = g_steal_pointer(&extra->steps);
    guest->n_demand = extra->n_steps;
    for (uint32_t i = 0; i < guest->n_demand; i++) {
        set_active(guest->role, &guest->demand[i]);
    }
    set_dynamic(work, guest, extra);
    if (extra->pages != NULL || extra->behaviour != NULL) {
        hr_contents_lay_over(work->r->tree, extra->pages, extra->behaviour, work->file, guest);
    }
}

/* Roles, systems and defaults by the rules for inventories. Both lists are in order of name. */
static struct hr_guests *guests_of(struct work *work, GError **error)
{
    struct hr_guests_options options = {.powered_off = HR_OFF_IGNORE,
                                        .reference_mhz = work->frame->vcpu_mhz};
    struct hr_inventory inventory = {
        .guests = (struct hr_inventory_guest *)(void *)work->rows->data,
        .n_guests = work->rows->len,
    };
    if (work->rows->len == 0) {
        struct hr_guests *none = g_new0(struct hr_guests, 1);
        none->vcpu_mhz = work->frame->vcpu_mhz;
        return none;
    }
    struct hr_guests *guests =
        hr_guests_new(&inventory, work->r->catalog, &options, work->r->diag, error);
    if (guests != NULL) {
        g_array_sort(work->extras, by_name);
        for (uint32_t g = 0; g < guests->n; g++) {
            struct extra *extra = &g_array_index(work->extras, struct extra, g);
            hr_assert(strcmp(extra->name, guests->items[g].name) == 0);
            lay_over(work, &guests->items[g], extra);
        }
        hr_contents_number_images(guests);
    }
    return guests;
}

struct hr_guests *hr_scenario_read_guests(const struct hr_scenario_reading *r,
                                          const hr_node *list,
                                          const struct hr_guest_frame *frame,
                                          struct hr_scenario_file *file, GError **error)
{
    if (hr_node_kind(list) != HR_NODE_LIST) {
        hr_node_fail(r->tree, list, r->diag, "not a list",
                     "'guests' is a list: [{name: a, vcpus: 1, memory_mib: 2048}, ...], or []");
        return NULL;
    }
    struct work work = {
        .r = r,
        .frame = frame,
        .file = file,
        .rows = g_array_new(FALSE, FALSE, sizeof(struct hr_inventory_guest)),
        .extras = g_array_new(FALSE, FALSE, sizeof(struct extra)),
        .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    g_array_set_clear_func(work.rows, clear_row);
    g_array_set_clear_func(work.extras, clear_extra);
    for (size_t i = 0; i < hr_node_length(list); i++) {
        read_guest(&work, hr_node_at(list, i));
    }
    struct hr_guests *guests = NULL;
    if (hr_diag_count_severity(r->diag, HR_FATAL) == 0) {
        guests = guests_of(&work, error);
    }
    g_array_free(work.rows, TRUE);
    g_array_free(work.extras, TRUE);
    g_hash_table_destroy(work.names);
    return guests;
}
