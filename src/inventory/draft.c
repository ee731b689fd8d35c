/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "inventory/dialect.h"

/* ---- Guests, hosts and clusters own their text ---- */

static const size_t guest_texts[] = {
    offsetof(struct hr_inventory_guest, name),    offsetof(struct hr_inventory_guest, id),
    offsetof(struct hr_inventory_guest, cluster), offsetof(struct hr_inventory_guest, host),
    offsetof(struct hr_inventory_guest, site),    offsetof(struct hr_inventory_guest, folder),
    offsetof(struct hr_inventory_guest, os),      offsetof(struct hr_inventory_guest, role),
    offsetof(struct hr_inventory_guest, trace),   offsetof(struct hr_inventory_guest, affinity),
};

static char **guest_text(struct hr_inventory_guest *guest, size_t index)
{
    void *place = (char *)guest + guest_texts[index];
    return place;
}

struct hr_inventory_guest hr_guest_blank(void)
{
    struct hr_inventory_guest guest = {
        .power = HR_POWER_ON,
        .memory_active_mib = HR_UNKNOWN,
        .memory_consumed_mib = HR_UNKNOWN,
        .memory_reservation_mib = HR_UNKNOWN,
        .memory_limit_mib = HR_UNKNOWN,
        .memory_shares = HR_UNKNOWN,
        .dynamic_memory = -1,
        .memory_startup_mib = HR_UNKNOWN,
        .memory_min_mib = HR_UNKNOWN,
        .memory_max_mib = HR_UNKNOWN,
        .memory_buffer_pct = HR_UNKNOWN,
        .memory_weight = HR_UNKNOWN,
        .cpu_mhz_avg = HR_UNKNOWN,
        .cpu_mhz_p95 = HR_UNKNOWN,
        .iops = HR_UNKNOWN,
        .disk_gib = HR_UNKNOWN,
        .disk_used_gib = HR_UNKNOWN,
        .priority = -1,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(guest_texts); i++) {
        *guest_text(&guest, i) = g_strdup("");
    }
    return guest;
}

void hr_guest_clear(struct hr_inventory_guest *guest)
{
    for (size_t i = 0; i < G_N_ELEMENTS(guest_texts); i++) {
        g_clear_pointer(guest_text(guest, i), g_free);
    }
}

static void host_clear(struct hr_inventory_host *host)
{
    g_free(host->name);
    g_free(host->cluster);
    g_free(host->cpu_model);
}

static void guest_clear_element(void *element)
{
    hr_guest_clear(element);
}

static void host_clear_element(void *element)
{
    host_clear(element);
}

static void cluster_clear_element(void *element)
{
    struct hr_inventory_cluster *cluster = element;
    g_free(cluster->name);
}

void hr_text_set(char **text, const char *value)
{
    char *copy = g_strdup(value);
    g_free(*text);
    *text = copy;
}

void hr_inventory_free(struct hr_inventory *inventory)
{
    if (inventory == NULL) {
        return;
    }
    for (size_t i = 0; i < inventory->n_guests; i++) {
        hr_guest_clear(&inventory->guests[i]);
    }
    for (size_t i = 0; i < inventory->n_hosts; i++) {
        host_clear(&inventory->hosts[i]);
    }
    for (size_t i = 0; i < inventory->n_clusters; i++) {
        g_free(inventory->clusters[i].name);
    }
    for (size_t i = 0; i < inventory->n_files; i++) {
        g_free(inventory->files[i].path);
        g_free(inventory->files[i].digest);
    }
    g_free(inventory->guests);
    g_free(inventory->hosts);
    g_free(inventory->clusters);
    g_free(inventory->files);
    g_free(inventory->dialect);
    g_free(inventory);
}

/* ---- The draft ---- */

struct hr_draft *hr_draft_new(hr_diag *diag, bool is_strict)
{
    struct hr_draft *draft = g_new0(struct hr_draft, 1);
    draft->diag = diag;
    draft->n_fatal_before = hr_diag_count_severity(diag, HR_FATAL);
    draft->n_skipped_before = hr_diag_count_severity(diag, HR_SKIPPED);
    draft->is_strict = is_strict;
    draft->guests = g_array_new(FALSE, FALSE, sizeof(struct hr_inventory_guest));
    draft->hosts = g_array_new(FALSE, FALSE, sizeof(struct hr_inventory_host));
    draft->clusters = g_array_new(FALSE, FALSE, sizeof(struct hr_inventory_cluster));
    g_array_set_clear_func(draft->guests, guest_clear_element);
    g_array_set_clear_func(draft->hosts, host_clear_element);
    g_array_set_clear_func(draft->clusters, cluster_clear_element);
    return draft;
}

void hr_draft_free(struct hr_draft *draft)
{
    if (draft != NULL) {
        g_array_free(draft->guests, TRUE);
        g_array_free(draft->hosts, TRUE);
        g_array_free(draft->clusters, TRUE);
        g_free(draft);
    }
}

void hr_draft_skip(struct hr_draft *draft, const hr_sheet *sheet, size_t row,
                   const char *reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(draft->diag, draft->is_strict ? HR_FATAL : HR_SKIPPED, hr_sheet_name(sheet),
                hr_sheet_row_line(sheet, row), 0, reason, "%s; the row is %s", text,
                draft->is_strict ? "refused" : "skipped");
}

bool hr_draft_refuse_length(struct hr_draft *draft, const hr_sheet *sheet)
{
    if (hr_sheet_rows(sheet) <= HR_GUESTS_MAX) {
        return false;
    }
    hr_diag_add(draft->diag, HR_FATAL, hr_sheet_name(sheet), 0, 0, "too many guests",
                "the file has %zu rows; at most %d guests are read", hr_sheet_rows(sheet),
                HR_GUESTS_MAX);
    return true;
}

/* ---- Canonical order ---- */

static int compare_numbers(double a, double b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

/* Cluster, name, id; the rest only orders guests that these do not tell apart, so that the
 * order of the rows has no say. */
static int compare_guests(const void *left, const void *right)
{
    const struct hr_inventory_guest *a = left;
    const struct hr_inventory_guest *b = right;
    const char *const texts[][2] = {
        {a->cluster, b->cluster}, {a->name, b->name}, {a->id, b->id}, {a->site, b->site},
        {a->folder, b->folder},   {a->host, b->host}, {a->os, b->os}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        int order = strcmp(texts[i][0], texts[i][1]);
        if (order != 0) {
            return order;
        }
    }
    const double numbers[][2] = {{a->vcpus, b->vcpus},
                                 {a->memory_mib, b->memory_mib},
                                 {a->is_template ? 1 : 0, b->is_template ? 1 : 0},
                                 {a->power, b->power},
                                 {a->disk_gib, b->disk_gib},
                                 {a->disk_used_gib, b->disk_used_gib},
                                 {a->memory_active_mib, b->memory_active_mib},
                                 {a->memory_consumed_mib, b->memory_consumed_mib},
                                 {a->cpu_mhz_avg, b->cpu_mhz_avg},
                                 {a->line, b->line}};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        int order = compare_numbers(numbers[i][0], numbers[i][1]);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static int compare_hosts(const void *left, const void *right)
{
    const struct hr_inventory_host *a = left;
    const struct hr_inventory_host *b = right;
    int order = strcmp(a->cluster, b->cluster);
    order = order != 0 ? order : strcmp(a->name, b->name);
    order = order != 0 ? order : compare_numbers(a->memory_mib, b->memory_mib);
    return order != 0 ? order : compare_numbers(a->cores, b->cores);
}

static int compare_clusters(const void *left, const void *right)
{
    const struct hr_inventory_cluster *a = left;
    const struct hr_inventory_cluster *b = right;
    return strcmp(a->name, b->name);
}

static bool is_same_guest(const struct hr_inventory_guest *a,
                          const struct hr_inventory_guest *b)
{
    return strcmp(a->cluster, b->cluster) == 0 && strcmp(a->name, b->name) == 0 &&
           strcmp(a->id, b->id) == 0;
}

/* Returns: false when a guest of this cluster and name has it already. */
static bool claim(GHashTable *taken, const struct hr_inventory_guest *guest, const char *id)
{
    return g_hash_table_add(taken,
                            g_strdup_printf("%s\x1F%s\x1F%s", guest->cluster, guest->name, id));
}

/* Gives guests that nothing tells apart an id each, so that cluster, name and id always do. */
static void tell_apart(struct hr_inventory *inventory, hr_diag *diag)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < inventory->n_guests; i++) {
        (void)claim(taken, &inventory->guests[i], inventory->guests[i].id);
    }
    unsigned number = 1;
    size_t first = 0;
    for (size_t i = 1; i < inventory->n_guests; i++) {
        struct hr_inventory_guest *guest = &inventory->guests[i];
        if (!is_same_guest(&inventory->guests[first], guest)) {
            first = i;
            number = 1;
            continue;
        }
        g_autofree char *id = NULL;
        do {
            g_free(id);
            id = g_strdup_printf("%s#%u", guest->id, ++number);
        } while (!claim(taken, guest, id));
        hr_diag_add(diag, HR_MENDED, guest->file, guest->line, 0, "guests of one name",
                    "the guest \"%s\" stands more than once%s; this one is kept under the id "
                    "\"%s\"",
                    guest->name, *guest->id == '\0' ? " without an id" : "", id);
        hr_text_set(&guest->id, id);
    }
}

/* ---- Clusters ---- */

static struct hr_inventory_cluster *cluster_named(GArray *clusters, GHashTable *index,
                                                  const char *name)
{
    gpointer place = g_hash_table_lookup(index, name);
    if (place == NULL) {
        struct hr_inventory_cluster cluster = {.name = g_strdup(name)};
        g_array_append_val(clusters, cluster);
        place = GUINT_TO_POINTER(clusters->len);
        g_hash_table_insert(index, cluster.name, place);
    }
    return &g_array_index(clusters, struct hr_inventory_cluster, GPOINTER_TO_UINT(place) - 1);
}

/* Sums guests and hosts by cluster; stated is what a file says of clusters whose hosts are not
 * known. */
static void sum_clusters(struct hr_inventory *inventory, const GArray *stated)
{
    GArray *clusters = g_array_new(FALSE, FALSE, sizeof(struct hr_inventory_cluster));
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < inventory->n_hosts; i++) {
        const struct hr_inventory_host *host = &inventory->hosts[i];
        struct hr_inventory_cluster *cluster = cluster_named(clusters, index, host->cluster);
        cluster->n_hosts++;
        cluster->cores += host->cores;
        cluster->memory_mib += host->memory_mib;
    }
    for (size_t i = 0; i < inventory->n_guests; i++) {
        const struct hr_inventory_guest *guest = &inventory->guests[i];
        if (guest->is_template) {
            continue;
        }
        struct hr_inventory_cluster *cluster = cluster_named(clusters, index, guest->cluster);
        cluster->n_guests++;
        cluster->vcpus += guest->vcpus;
        cluster->guest_memory_mib += guest->memory_mib;
    }
    for (guint i = 0; i < stated->len; i++) {
        const struct hr_inventory_cluster *facts =
            &g_array_index(stated, struct hr_inventory_cluster, i);
        struct hr_inventory_cluster *cluster = NULL;
        if (!g_hash_table_contains(index, facts->name)) {
            continue;
        }
        cluster = cluster_named(clusters, index, facts->name);
        if (cluster->n_hosts == 0) {
            cluster->n_hosts = facts->n_hosts;
            cluster->cores = facts->cores;
            cluster->memory_mib = facts->memory_mib;
        }
    }
    inventory->n_clusters = clusters->len;
    qsort(clusters->data, clusters->len, sizeof(struct hr_inventory_cluster), compare_clusters);
    void *data = g_array_free(clusters, FALSE);
    inventory->clusters = data;
}

/* Keeps the guests and hosts of one cluster. Returns: false with a fatal finding when there is
 * no such cluster. */
static bool keep_cluster(struct hr_draft *draft, const struct hr_source *source,
                         const char *name)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = draft->guests->len; i-- > 0;) {
        const char *cluster =
            g_array_index(draft->guests, struct hr_inventory_guest, i).cluster;
        g_hash_table_add(seen, g_strdup(cluster));
        if (strcmp(cluster, name) != 0) {
            g_array_remove_index(draft->guests, i);
        }
    }
    for (guint i = draft->hosts->len; i-- > 0;) {
        const char *cluster = g_array_index(draft->hosts, struct hr_inventory_host, i).cluster;
        g_hash_table_add(seen, g_strdup(cluster));
        if (strcmp(cluster, name) != 0) {
            g_array_remove_index(draft->hosts, i);
        }
    }
    if (g_hash_table_contains(seen, name)) {
        return true;
    }
    GList *names = g_list_sort(g_hash_table_get_keys(seen), (GCompareFunc)strcmp);
    GString *list = g_string_new(NULL);
    for (GList *item = names; item != NULL; item = item->next) {
        const char *cluster = item->data;
        g_string_append_printf(list, "%s\"%s\"", list->len > 0 ? ", " : "", cluster);
    }
    hr_diag_add(draft->diag, HR_FATAL, hr_sheet_name(source->sheets[0]), 0, 0,
                "no such cluster", "there is no cluster \"%s\"; the clusters are %s", name,
                list->len > 0 ? list->str : "not given");
    g_string_free(list, TRUE);
    g_list_free(names);
    return false;
}

/* ---- Draft to inventory ---- */

/* Takes the elements out of an array, which is empty afterwards. */
static void *steal(GArray **array, size_t element_bytes, size_t *n, GDestroyNotify clear)
{
    *n = (*array)->len;
    g_array_set_clear_func(*array, NULL);
    void *data = g_array_free(*array, FALSE);
    *array = g_array_new(FALSE, FALSE, (guint)element_bytes);
    g_array_set_clear_func(*array, clear);
    return data;
}

static void take_files(struct hr_inventory *inventory, const struct hr_source *source)
{
    inventory->n_files = source->n_sheets;
    inventory->files = g_new0(struct hr_inventory_file, source->n_sheets);
    for (size_t i = 0; i < source->n_sheets; i++) {
        const hr_sheet *sheet = source->sheets[i];
        inventory->files[i] =
            (struct hr_inventory_file){.path = g_strdup(hr_sheet_name(sheet)),
                                       .digest = g_strdup(hr_sheet_digest(sheet)),
                                       .n_rows = hr_sheet_rows(sheet),
                                       .n_blank_rows = hr_sheet_blank_rows(sheet)};
        for (size_t g = 0; g < inventory->n_guests; g++) {
            if (inventory->guests[g].file == hr_sheet_name(sheet)) {
                inventory->guests[g].file = inventory->files[i].path;
            }
        }
    }
}

static bool has_guest(const struct hr_draft *draft)
{
    for (guint i = 0; i < draft->guests->len; i++) {
        if (!g_array_index(draft->guests, struct hr_inventory_guest, i).is_template) {
            return true;
        }
    }
    return false;
}

struct hr_inventory *hr_draft_finish(struct hr_draft *draft, const struct hr_source *source,
                                     const char *dialect, const char *cluster)
{
    if (hr_diag_count_severity(draft->diag, HR_FATAL) > draft->n_fatal_before) {
        return NULL;
    }
    bool had_rows = draft->guests->len > 0 ||
                    hr_diag_count_severity(draft->diag, HR_SKIPPED) > draft->n_skipped_before;
    if (cluster != NULL && had_rows && !keep_cluster(draft, source, cluster)) {
        return NULL;
    }
    if (!has_guest(draft)) {
        hr_diag_add(draft->diag, HR_FATAL, hr_sheet_name(source->sheets[0]), 0, 0, "no guest",
                    "%s",
                    !had_rows                ? "no guest: the file has a heading and no rows"
                    : draft->guests->len > 0 ? "no guest is left: there are only templates"
                                             : "no guest is left");
        return NULL;
    }
    struct hr_inventory *inventory = g_new0(struct hr_inventory, 1);
    inventory->dialect = g_strdup(dialect);
    inventory->guests = steal(&draft->guests, sizeof(struct hr_inventory_guest),
                              &inventory->n_guests, guest_clear_element);
    inventory->hosts = steal(&draft->hosts, sizeof(struct hr_inventory_host),
                             &inventory->n_hosts, host_clear_element);
    qsort(inventory->guests, inventory->n_guests, sizeof(struct hr_inventory_guest),
          compare_guests);
    if (inventory->n_hosts > 1) {
        qsort(inventory->hosts, inventory->n_hosts, sizeof(struct hr_inventory_host),
              compare_hosts);
    }
    tell_apart(inventory, draft->diag);
    /* Once more, as ids were given: what is written must stand as it will be read. */
    qsort(inventory->guests, inventory->n_guests, sizeof(struct hr_inventory_guest),
          compare_guests);
    sum_clusters(inventory, draft->clusters);
    take_files(inventory, source);
    return inventory;
}
