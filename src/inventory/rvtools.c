/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/rvtools.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "catalog/catalog.h"

/* vSphere writes "no limit" as -1, in old versions as the greatest 32-bit number. */
static const double no_limit_mib = 2147483647.0;

/* vSphere gives no guest less: what is below is a number cut in two. */
static const double least_mib = 4;

/* The export while its guests are read. */
struct rv_reader {
    struct hr_draft *draft;
    struct hr_rv_sheet tabs[HR_RV__COUNT];
    struct hr_rv_index index[HR_RV_HOST]; /* of the tabs about guests */
    GArray *rows[HR_RV_HOST];             /* uint32_t: where the current guest stands */
    bool *is_matched[HR_RV_HOST];         /* by row: belongs to a guest of vInfo */
    GHashTable *seen;                     /* identities of guests that were read */
    size_t n_provisioned; /* guests whose disk is what vInfo calls provisioned */
    size_t n_limited;     /* guests with a limit below their size */
    size_t n_no_power;
};

/* A number of vInfo, vCPU or vMemory that a guest cannot do without. */
struct reading {
    enum { READING_NONE, READING_GOOD, READING_BAD } state;
    double value;
    char *fault; /* why it is bad */
    const char *reason;
};

/* What was mended in one guest. */
struct mending {
    GString *text;
    const char *reason;
};

static void mend(struct mending *mending, const char *reason, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void mend(struct mending *mending, const char *reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_string_append(mending->text, mending->text->len > 0 ? "; " : "");
    g_string_append_vprintf(mending->text, format, args);
    va_end(args);
    mending->reason = mending->reason != NULL ? mending->reason : reason;
}

/* ---- Numbers ---- */

static const char *fault_of(enum hr_number_result result, const char *kind)
{
    switch (result) {
    case HR_NUMBER_AMBIGUOUS:
        return "may have thousands or decimals";
    case HR_NUMBER_MIXED:
        return "cannot be told: the file writes its numbers in more than one way";
    case HR_NUMBER_OK:
    case HR_NUMBER_BLANK:
    case HR_NUMBER_BAD:
        break;
    }
    return kind;
}

/* Reads processors or memory. */
static struct reading read_size(const struct hr_rv_sheet *rv, size_t row,
                                enum hr_rv_field field)
{
    bool is_cpu = field == HR_RVF_CPUS;
    struct reading reading = {.state = READING_NONE};
    double value = 0;
    enum hr_number_result result = hr_rv_number(rv, row, field, &value);
    if (result == HR_NUMBER_OK && rv->columns[field].scale > 1.0) {
        value = round(value);
    }
    bool is_zero = result == HR_NUMBER_OK && value >= 0 && value <= 0;
    if (result == HR_NUMBER_BLANK || is_zero) {
        return reading;
    }
    const char *heading = hr_rv_heading(rv, field);
    const char *text = hr_rv_text(rv, row, field);
    const char *fault = NULL;
    if (result != HR_NUMBER_OK || value < 0 || value > floor(value)) {
        fault = fault_of(result, is_cpu ? "is not a number of processors"
                                        : "is not a memory size in MiB");
        reading.reason = is_cpu ? "processors not a number" : "memory not a number";
    } else if (value > (is_cpu ? HR_GUEST_MAX_VCPUS : HR_GUEST_MAX_MIB)) {
        fault = is_cpu ? "is more processors than any guest can have"
                       : "is more memory than any guest can have";
        reading.reason = is_cpu ? "too many processors" : "too much memory";
    } else if (!is_cpu && value < least_mib) {
        fault = "is less memory than any guest can have";
        reading.reason = "too little memory";
    }
    reading.state = fault == NULL ? READING_GOOD : READING_BAD;
    reading.value = value;
    reading.fault =
        fault == NULL ? NULL : g_strdup_printf("%s \"%s\" %s", heading, text, fault);
    return reading;
}

/* Where the current guest stands in a tab. Returns: false when it does not. */
static bool row_in(const struct rv_reader *reader, enum hr_rv_tab tab, size_t *row)
{
    if (reader->rows[tab]->len == 0) {
        return false;
    }
    *row = g_array_index(reader->rows[tab], uint32_t, 0);
    return true;
}

/* Takes the number of the tab made for it, else that of vInfo. Returns: false with *fault, the
 * caller's, when neither can be used. */
static bool choose_size(const struct rv_reader *reader, size_t info_row, enum hr_rv_field field,
                        struct mending *mending, double *out, struct reading *fault)
{
    bool is_cpu = field == HR_RVF_CPUS;
    enum hr_rv_tab tab = is_cpu ? HR_RV_CPU : HR_RV_MEMORY;
    const char *tab_name = hr_rv_tab_name(tab);
    const char *unit = is_cpu ? "processors" : "MiB";
    const struct hr_rv_sheet *info = &reader->tabs[HR_RV_INFO];
    struct reading second = read_size(info, info_row, field);
    struct reading first = {.state = READING_NONE};
    size_t row = 0;
    if (row_in(reader, tab, &row)) {
        first = read_size(&reader->tabs[tab], row, field);
    }
    bool is_ok = first.state == READING_GOOD || second.state == READING_GOOD;
    *out = first.state == READING_GOOD ? first.value : second.value;
    if (first.state == READING_GOOD && second.state == READING_GOOD) {
        if (fabs(first.value - second.value) > 0) {
            mend(mending, "vInfo differs from vCPU or vMemory",
                 "%.0f %s from %s, though vInfo says %.0f", first.value, unit, tab_name,
                 second.value);
        }
    } else if (first.state == READING_GOOD && hr_rv_has(info, field)) {
        mend(mending, is_cpu ? "no number of processors in vInfo" : "no memory size in vInfo",
             "%.0f %s from %s, as %s", first.value, unit, tab_name,
             second.fault != NULL ? second.fault : "vInfo has none");
    } else if (second.state == READING_GOOD && first.state == READING_BAD) {
        mend(mending, "unreadable value", "%.0f %s from vInfo, as in %s %s", second.value, unit,
             tab_name, first.fault);
    }
    if (!is_ok) {
        const struct reading *bad = second.state == READING_BAD ? &second : &first;
        fault->fault = g_strdup(bad->fault != NULL ? bad->fault
                                : is_cpu           ? "no number of processors"
                                                   : "no memory size");
        fault->reason = bad->reason != NULL ? bad->reason
                        : is_cpu            ? "no number of processors"
                                            : "no memory size";
    }
    g_free(first.fault);
    g_free(second.fault);
    return is_ok;
}

/* Reads a number that a guest can do without. -1 is RVTools' word for none. */
static double read_optional(const struct hr_rv_sheet *rv, size_t row, enum hr_rv_field field,
                            struct mending *mending)
{
    double value = 0;
    enum hr_number_result result = hr_rv_number(rv, row, field, &value);
    if (result == HR_NUMBER_OK && value >= 0 && value <= 1e12) {
        return value;
    }
    bool is_none = result == HR_NUMBER_OK && value >= -1 && value <= -1;
    if (result != HR_NUMBER_BLANK && !is_none) {
        mend(mending, "unreadable value",
             "%s \"%s\" of %s is not a number above 0 and left out", hr_rv_heading(rv, field),
             hr_rv_text(rv, row, field), hr_rv_tab_name(rv->tab));
    }
    return HR_UNKNOWN;
}

/* ---- One guest ---- */

static void fill_memory(const struct rv_reader *reader, size_t info_row,
                        struct hr_inventory_guest *guest, struct mending *mending)
{
    const struct hr_rv_sheet *memory = &reader->tabs[HR_RV_MEMORY];
    const struct hr_rv_sheet *cpu = &reader->tabs[HR_RV_CPU];
    size_t row = 0;
    if (row_in(reader, HR_RV_MEMORY, &row)) {
        guest->memory_active_mib = read_optional(memory, row, HR_RVF_ACTIVE, mending);
        guest->memory_consumed_mib = read_optional(memory, row, HR_RVF_CONSUMED, mending);
        guest->memory_reservation_mib = read_optional(memory, row, HR_RVF_RESERVATION, mending);
        guest->memory_shares = read_optional(memory, row, HR_RVF_SHARES, mending);
        double limit_mib = read_optional(memory, row, HR_RVF_LIMIT, mending);
        guest->memory_limit_mib = limit_mib < no_limit_mib ? limit_mib : HR_UNKNOWN;
    }
    if (guest->memory_active_mib < 0) {
        guest->memory_active_mib =
            read_optional(&reader->tabs[HR_RV_INFO], info_row, HR_RVF_ACTIVE, mending);
    }
    if (row_in(reader, HR_RV_CPU, &row)) {
        guest->cpu_mhz_avg = read_optional(cpu, row, HR_RVF_OVERALL, mending);
    }
}

/* Measurements that the guest cannot have made, and a reservation that it outgrew. */
static void mend_impossible(struct hr_inventory_guest *guest, struct mending *mending)
{
    if (guest->memory_active_mib > guest->memory_mib) {
        mend(mending, "impossible measurement",
             "%.0f MiB of active memory are more than its %.0f and left out",
             guest->memory_active_mib, guest->memory_mib);
        guest->memory_active_mib = HR_UNKNOWN;
    }
    if (guest->memory_reservation_mib > guest->memory_mib) {
        mend(mending, "reservation above size",
             "%.0f MiB of memory reserved are more than its %.0f; taken as these",
             guest->memory_reservation_mib, guest->memory_mib);
        guest->memory_reservation_mib = guest->memory_mib;
    }
    if (guest->cpu_mhz_avg > guest->vcpus * HR_VCPU_MAX_MHZ) {
        mend(mending, "impossible measurement",
             "%.0f MHz are more than its %d vCPUs can do and left out", guest->cpu_mhz_avg,
             guest->vcpus);
        guest->cpu_mhz_avg = HR_UNKNOWN;
    }
}

static double disk_gib(double mib, const char *what, struct mending *mending)
{
    if (mib >= 0 && hr_mib_to_gib(mib) > HR_GUEST_MAX_GIB) {
        mend(mending, "too much disk",
             "%.0f MiB %s are more than any guest can have and left out", mib, what);
        return HR_UNKNOWN;
    }
    return mib < 0 ? HR_UNKNOWN : hr_mib_to_gib(mib);
}

static void fill_disk(struct rv_reader *reader, size_t info_row,
                      struct hr_inventory_guest *guest, struct mending *mending)
{
    const struct hr_rv_sheet *info = &reader->tabs[HR_RV_INFO];
    const GArray *rows = reader->rows[HR_RV_DISK];
    double disk_mib = HR_UNKNOWN;
    for (guint i = 0; i < rows->len; i++) {
        double capacity_mib = read_optional(
            &reader->tabs[HR_RV_DISK], g_array_index(rows, uint32_t, i), HR_RVF_DISK, mending);
        if (capacity_mib >= 0) {
            disk_mib = MAX(disk_mib, 0) + capacity_mib;
        }
    }
    double total_mib = read_optional(info, info_row, HR_RVF_DISK, mending);
    double provisioned_mib = read_optional(info, info_row, HR_RVF_PROVISIONED, mending);
    if (disk_mib >= 0 && total_mib < 0 && hr_rv_has(info, HR_RVF_DISK)) {
        mend(mending, "no disk size in vInfo",
             "%.0f MiB of disks from vDisk, as vInfo has none", disk_mib);
    }
    if (disk_mib < 0) {
        disk_mib = total_mib;
    }
    if (disk_mib < 0 && provisioned_mib >= 0) {
        disk_mib = provisioned_mib;
        reader->n_provisioned++;
    }
    double used_mib = read_optional(info, info_row, HR_RVF_IN_USE, mending);
    guest->disk_gib = disk_gib(disk_mib, "of disks", mending);
    guest->disk_used_gib = disk_gib(used_mib, "in use", mending);
}

/* The text of vInfo, else of the first other tab that has it. */
static const char *text_of(const struct rv_reader *reader, size_t info_row,
                           enum hr_rv_field field)
{
    const char *text = hr_rv_text(&reader->tabs[HR_RV_INFO], info_row, field);
    for (enum hr_rv_tab tab = HR_RV_MEMORY; tab < HR_RV_HOST && *text == '\0'; tab++) {
        size_t row = 0;
        if (row_in(reader, tab, &row)) {
            text = hr_rv_text(&reader->tabs[tab], row, field);
        }
    }
    return text;
}

static void fill_texts(const struct rv_reader *reader, size_t info_row,
                       struct hr_inventory_guest *guest)
{
    const char *id = text_of(reader, info_row, HR_RVF_ID);
    const char *os = text_of(reader, info_row, HR_RVF_OS);
    hr_text_set(&guest->id, *id != '\0' ? id : text_of(reader, info_row, HR_RVF_UUID));
    hr_text_set(&guest->os, *os != '\0' ? os : text_of(reader, info_row, HR_RVF_OS_TOOLS));
    hr_text_set(&guest->site, text_of(reader, info_row, HR_RVF_SITE));
    hr_text_set(&guest->cluster, text_of(reader, info_row, HR_RVF_CLUSTER));
    hr_text_set(&guest->host, text_of(reader, info_row, HR_RVF_HOST));
    hr_text_set(&guest->folder, text_of(reader, info_row, HR_RVF_FOLDER));
}

static void fill_power(struct rv_reader *reader, size_t info_row,
                       struct hr_inventory_guest *guest, struct mending *mending)
{
    static const struct {
        const char *text;
        enum hr_power power;
    } states[] = {
        {"poweredon", HR_POWER_ON},        {"on", HR_POWER_ON},
        {"poweredoff", HR_POWER_OFF},      {"off", HR_POWER_OFF},
        {"suspended", HR_POWER_SUSPENDED},
    };
    static const struct {
        const char *text;
        enum hr_priority priority;
    } priorities[] = {
        {"highest", HR_PRIORITY_HIGH},  {"high", HR_PRIORITY_HIGH},
        {"medium", HR_PRIORITY_MEDIUM}, {"low", HR_PRIORITY_LOW},
        {"lowest", HR_PRIORITY_LOW},
    };
    const struct hr_rv_sheet *info = &reader->tabs[HR_RV_INFO];
    guest->is_template = hr_rv_yes(info, info_row, HR_RVF_TEMPLATE);
    const char *priority = hr_rv_text(info, info_row, HR_RVF_PRIORITY);
    for (size_t i = 0; i < G_N_ELEMENTS(priorities); i++) {
        if (g_ascii_strcasecmp(priority, priorities[i].text) == 0) {
            guest->priority = (int)priorities[i].priority;
        }
    }
    const char *text = text_of(reader, info_row, HR_RVF_POWER);
    double scale = 1.0;
    g_autofree char *key = hr_column_key(text, &scale); /* "Powered On" is as good */
    for (size_t i = 0; i < G_N_ELEMENTS(states); i++) {
        if (strcmp(key, states[i].text) == 0) {
            guest->power = states[i].power;
            return;
        }
    }
    if (!hr_rv_has(info, HR_RVF_POWER)) {
        reader->n_no_power++;
        return;
    }
    mend(mending, "no power state", "the power state \"%s\" is not known; taken as on", text);
}

static const char *plural(size_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* A row longer than the heading counts, but something was cut in two. */
static void check_length(const struct hr_rv_sheet *info, size_t row, struct mending *mending)
{
    size_t n_columns = hr_sheet_columns(info->sheet);
    size_t n_fields = hr_sheet_row_fields(info->sheet, row);
    bool has_text = false;
    for (size_t c = n_columns; c < n_fields; c++) {
        has_text = has_text || *hr_sheet_field(info->sheet, row, c) != '\0';
    }
    if (has_text) {
        size_t n = n_fields - n_columns;
        mend(mending, "row too long", "the row has %zu %s too many, left out", n,
             plural(n, "field", "fields"));
    }
}

/* Finds the guest in the other tabs. */
static void find_rows(struct rv_reader *reader, size_t info_row)
{
    const struct hr_rv_sheet *info = &reader->tabs[HR_RV_INFO];
    for (enum hr_rv_tab tab = HR_RV_MEMORY; tab < HR_RV_HOST; tab++) {
        GArray *rows = reader->rows[tab];
        enum hr_rv_match match =
            hr_rv_match(&reader->index[tab], &reader->index[HR_RV_INFO], info_row, rows);
        for (guint i = 0; i < rows->len; i++) {
            reader->is_matched[tab][g_array_index(rows, uint32_t, i)] = true;
        }
        if (match == HR_RV_MATCH_AMBIGUOUS) {
            g_array_set_size(rows, 0);
            hr_diag_add(
                reader->draft->diag, HR_NOTE, hr_sheet_name(info->sheet),
                hr_sheet_row_line(info->sheet, info_row), 0, "ambiguous name",
                "guest \"%s\": %s knows it by its name only, which several guests have; "
                "its values are not used",
                hr_rv_text(info, info_row, HR_RVF_NAME), hr_rv_tab_name(tab));
        }
    }
}

/* Rows that are left out on purpose or for want of a name. Returns: true when it is one. */
static bool is_left_out(struct rv_reader *reader, size_t row)
{
    const struct hr_rv_sheet *info = &reader->tabs[HR_RV_INFO];
    const char *name = hr_rv_text(info, row, HR_RVF_NAME);
    if (*name == '\0') {
        hr_draft_skip(reader->draft, info->sheet, row, "no name", "a guest without a name");
        return true;
    }
    if (hr_rv_yes(info, row, HR_RVF_PLACEHOLDER)) {
        hr_diag_add(reader->draft->diag, HR_SKIPPED, hr_sheet_name(info->sheet),
                    hr_sheet_row_line(info->sheet, row), 0, "SRM placeholder",
                    "guest \"%s\" is a placeholder of Site Recovery Manager and left out",
                    name);
        find_rows(reader, row);
        return true;
    }
    const char *id = hr_rv_text(info, row, HR_RVF_ID);
    const char *uuid = hr_rv_text(info, row, HR_RVF_UUID);
    if (*id == '\0' && *uuid == '\0') {
        return false;
    }
    char *key = g_strdup_printf("%s\x1F%s\x1F%s\x1F%s\x1F%s", name, id, uuid,
                                hr_rv_text(info, row, HR_RVF_SDK),
                                hr_rv_text(info, row, HR_RVF_FOLDER));
    if (!g_hash_table_add(reader->seen, key)) {
        hr_draft_skip(reader->draft, info->sheet, row, "guest twice",
                      "guest \"%s\" with the id \"%s\" stands twice", name,
                      *id != '\0' ? id : uuid);
        return true;
    }
    return false;
}

static void skip_guest(struct rv_reader *reader, size_t row, const struct reading *cpus,
                       const struct reading *memory)
{
    const struct hr_rv_sheet *info = &reader->tabs[HR_RV_INFO];
    bool has_both = cpus->fault != NULL && memory->fault != NULL;
    hr_draft_skip(reader->draft, info->sheet, row,
                  cpus->fault != NULL ? cpus->reason : memory->reason, "guest \"%s\": %s%s%s",
                  hr_rv_text(info, row, HR_RVF_NAME), cpus->fault != NULL ? cpus->fault : "",
                  has_both ? ", and " : "", memory->fault != NULL ? memory->fault : "");
}

static void read_guest(struct rv_reader *reader, size_t row)
{
    const struct hr_rv_sheet *info = &reader->tabs[HR_RV_INFO];
    if (is_left_out(reader, row)) {
        return;
    }
    find_rows(reader, row);
    struct mending mending = {.text = g_string_new(NULL)};
    struct reading cpus = {.fault = NULL};
    struct reading memory = {.fault = NULL};
    double n_vcpus = 0;
    double memory_mib = 0;
    check_length(info, row, &mending);
    bool is_usable = choose_size(reader, row, HR_RVF_CPUS, &mending, &n_vcpus, &cpus);
    is_usable =
        choose_size(reader, row, HR_RVF_MEMORY, &mending, &memory_mib, &memory) && is_usable;
    if (is_usable) {
        struct hr_inventory_guest guest = hr_guest_blank();
        hr_text_set(&guest.name, hr_rv_text(info, row, HR_RVF_NAME));
        guest.vcpus = (int)n_vcpus;
        guest.memory_mib = memory_mib;
        guest.line = hr_sheet_row_line(info->sheet, row);
        guest.file = hr_sheet_name(info->sheet);
        fill_texts(reader, row, &guest);
        fill_power(reader, row, &guest, &mending);
        fill_memory(reader, row, &guest, &mending);
        mend_impossible(&guest, &mending);
        fill_disk(reader, row, &guest, &mending);
        bool is_limited = guest.memory_limit_mib >= 0 && guest.memory_limit_mib < memory_mib;
        reader->n_limited += is_limited ? 1 : 0;
        if (mending.text->len > 0) {
            hr_diag_add(reader->draft->diag, HR_MENDED, guest.file, guest.line, 0,
                        mending.reason, "guest \"%s\": %s", guest.name, mending.text->str);
        }
        g_array_append_val(reader->draft->guests, guest);
    } else {
        skip_guest(reader, row, &cpus, &memory);
    }
    g_free(cpus.fault);
    g_free(memory.fault);
    g_string_free(mending.text, TRUE);
}

/* ---- Notes on the whole ---- */

static void note(const struct rv_reader *reader, enum hr_rv_tab tab, const char *reason,
                 const char *format, ...) G_GNUC_PRINTF(4, 5);

static void note(const struct rv_reader *reader, enum hr_rv_tab tab, const char *reason,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(reader->draft->diag, HR_NOTE, hr_sheet_name(reader->tabs[tab].sheet), 0, 0,
                reason, "%s", text);
}

/* Guests whose host vHost does not know are kept; one note names the hosts. */
static void note_missing_hosts(const struct rv_reader *reader)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) missing = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < reader->draft->hosts->len; i++) {
        g_hash_table_add(known,
                         g_array_index(reader->draft->hosts, struct hr_inventory_host, i).name);
    }
    size_t n_guests = 0;
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < reader->draft->guests->len; i++) {
        char *host = g_array_index(reader->draft->guests, struct hr_inventory_guest, i).host;
        if (*host == '\0' || g_hash_table_contains(known, host)) {
            continue;
        }
        n_guests++;
        if (g_hash_table_add(missing, host) && g_hash_table_size(missing) <= 5) {
            g_string_append_printf(list, "%s\"%s\"", list->len > 0 ? ", " : "", host);
        }
    }
    guint n = g_hash_table_size(missing);
    if (n > 0) {
        note(reader, HR_RV_HOST, "host not in vHost",
             "%u %s of vInfo %s not in vHost (%s%s); the %zu %s on %s %s kept", n,
             plural(n, "host", "hosts"), plural(n, "is", "are"), list->str,
             n > 5 ? ", ..." : "", n_guests, plural(n_guests, "guest", "guests"),
             plural(n, "it", "them"), plural(n_guests, "is", "are"));
    }
}

static void note_unmatched_rows(const struct rv_reader *reader)
{
    for (enum hr_rv_tab tab = HR_RV_MEMORY; tab < HR_RV_HOST; tab++) {
        const hr_sheet *sheet = reader->tabs[tab].sheet;
        size_t n = 0;
        for (size_t row = 0; sheet != NULL && row < hr_sheet_rows(sheet); row++) {
            n += reader->is_matched[tab][row] ? 0 : 1;
        }
        if (n > 0) {
            note(reader, tab, "row fits no guest", "%zu %s no guest that is read from vInfo", n,
                 plural(n, "row belongs to", "rows belong to"));
        }
    }
}

static void note_numbers(const struct rv_reader *reader)
{
    for (enum hr_rv_tab tab = HR_RV_INFO; tab < HR_RV__COUNT; tab++) {
        const struct hr_rv_sheet *rv = &reader->tabs[tab];
        if (rv->sheet == NULL || !rv->has_marks) {
            continue;
        }
        const enum hr_mark_use *use = rv->notation.use;
        bool has_comma = use[HR_MARK_COMMA] == HR_USE_GROUP;
        bool has_point = use[HR_MARK_POINT] == HR_USE_GROUP;
        note(reader, tab, "number notation", "%s",
             rv->notation.is_mixed
                 ? "numbers are written in more than one way; only those without "
                   "any mark are read"
             : has_comma ? "numbers are read with \",\" between thousands"
             : has_point ? "numbers are read with \".\" between thousands"
                         : "numbers are read with a blank between thousands");
    }
}

static void note_columns(const struct rv_reader *reader)
{
    const struct hr_rv_sheet *info = &reader->tabs[HR_RV_INFO];
    size_t n = 0;
    for (size_t c = 0; c < hr_sheet_columns(info->sheet); c++) {
        bool is_read = *hr_sheet_header(info->sheet, c) == '\0';
        for (size_t field = 0; field < HR_RVF__COUNT && !is_read; field++) {
            is_read = info->columns[field].index == (int)c;
        }
        n += is_read ? 0 : 1;
    }
    if (n > 0) {
        note(reader, HR_RV_INFO, "columns left out", "%zu %s not used", n,
             plural(n, "column is", "columns are"));
    }
}

static void note_all(const struct rv_reader *reader)
{
    note_columns(reader);
    note_numbers(reader);
    if (reader->n_no_power > 0) {
        note(reader, HR_RV_INFO, "no power state",
             "no column for the power state; all guests are taken as on");
    }
    if (reader->n_provisioned > 0) {
        note(reader, HR_RV_INFO, "disk from provisioned space",
             "the disks of %zu %s are taken from the provisioned space, which counts swap "
             "files too",
             reader->n_provisioned, plural(reader->n_provisioned, "guest", "guests"));
    }
    if (reader->n_limited > 0) {
        note(reader, HR_RV_MEMORY, "limit below size",
             "%zu %s a memory limit below the configured memory", reader->n_limited,
             plural(reader->n_limited, "guest has", "guests have"));
    }
    if (hr_rv_has(&reader->tabs[HR_RV_CPU], HR_RVF_OVERALL)) {
        note(reader, HR_RV_CPU, "reading of one moment",
             "the processor load is a reading of the moment of the export, not an average");
    }
    if (reader->tabs[HR_RV_HOST].sheet != NULL) {
        note_missing_hosts(reader);
    }
    note_unmatched_rows(reader);
}

/* ---- The export ---- */

static int rvtools_bid(const hr_sheet *sheet)
{
    enum hr_rv_tab tab = hr_rv_tab_of(sheet);
    if (tab == HR_RV_INFO) {
        return hr_columns_have(sheet, "vinfo", "cpus") &&
                       hr_columns_have(sheet, "vinfo", "memory")
                   ? 90
                   : 30;
    }
    return tab == HR_RV__COUNT ? 0 : 40;
}

/* Sorts the sheets into tabs. Returns: false with fatal findings. */
static bool open_tabs(struct rv_reader *reader, const struct hr_source *source)
{
    bool is_ok = true;
    for (size_t i = 0; i < source->n_sheets; i++) {
        const hr_sheet *sheet = source->sheets[i];
        enum hr_rv_tab tab = hr_rv_tab_of(sheet);
        if (tab == HR_RV__COUNT || reader->tabs[tab].sheet != NULL) {
            hr_diag_add(reader->draft->diag, HR_NOTE, hr_sheet_name(sheet),
                        hr_sheet_header_line(sheet), 0, "tab left out",
                        tab == HR_RV__COUNT
                            ? "these are not the columns of a tab that is known; "
                              "the file is left out"
                            : "there is a second %s tab; this one is left out",
                        hr_rv_tab_name(tab));
            continue;
        }
        is_ok = hr_rv_open(&reader->tabs[tab], sheet, tab, reader->draft->diag) && is_ok;
    }
    return is_ok;
}

/* Returns: true with a fatal finding when no guest could be read for want of columns. */
static bool lacks_columns(const struct rv_reader *reader, const struct hr_source *source)
{
    const struct hr_rv_sheet *tabs = reader->tabs;
    const hr_sheet *sheet =
        tabs[HR_RV_INFO].sheet != NULL ? tabs[HR_RV_INFO].sheet : source->sheets[0];
    bool has_cpus =
        hr_rv_has(&tabs[HR_RV_INFO], HR_RVF_CPUS) || hr_rv_has(&tabs[HR_RV_CPU], HR_RVF_CPUS);
    bool has_memory = hr_rv_has(&tabs[HR_RV_INFO], HR_RVF_MEMORY) ||
                      hr_rv_has(&tabs[HR_RV_MEMORY], HR_RVF_MEMORY);
    g_autofree char *seen = hr_columns_list(sheet);
    uint32_t line = hr_sheet_header_line(sheet);
    if (!has_cpus || !has_memory) {
        g_autofree char *alone =
            tabs[HR_RV_INFO].sheet != NULL || source->is_folder
                ? g_strdup("")
                : g_strdup_printf("; this is a %s tab alone: give the folder with "
                                  "RVTools_tabvInfo.csv, or that file",
                                  hr_rv_tab_name(hr_rv_tab_of(sheet)));
        hr_diag_add(reader->draft->diag, HR_FATAL, hr_sheet_name(sheet), line, 0,
                    "missing column", "no column for %s%s%s%s; the columns are %s",
                    has_cpus ? "" : "the number of processors",
                    has_cpus || has_memory ? "" : " and for ", has_memory ? "" : "the memory",
                    alone, seen);
        return true;
    }
    if (tabs[HR_RV_INFO].sheet == NULL) {
        hr_diag_add(reader->draft->diag, HR_FATAL, hr_sheet_name(sheet), 0, 0, "no vInfo",
                    "there is no vInfo tab; RVTools_tabvInfo.csv is wanted beside this file");
        return true;
    }
    return false;
}

static void read_guests(struct rv_reader *reader)
{
    for (size_t tab = 0; tab < HR_RV_HOST; tab++) {
        const hr_sheet *sheet = reader->tabs[tab].sheet;
        hr_rv_index_init(&reader->index[tab], &reader->tabs[tab]);
        reader->rows[tab] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        reader->is_matched[tab] = g_new0(bool, sheet != NULL ? hr_sheet_rows(sheet) + 1 : 1);
    }
    reader->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t row = 0; row < hr_sheet_rows(reader->tabs[HR_RV_INFO].sheet); row++) {
        read_guest(reader, row);
    }
    note_all(reader);
    g_hash_table_destroy(reader->seen);
    for (size_t tab = 0; tab < HR_RV_HOST; tab++) {
        hr_rv_index_clear(&reader->index[tab]);
        g_array_free(reader->rows[tab], TRUE);
        g_free(reader->is_matched[tab]);
    }
}

static void rvtools_read(const struct hr_source *source, struct hr_draft *draft)
{
    struct rv_reader reader = {.draft = draft};
    if (!open_tabs(&reader, source) || lacks_columns(&reader, source) ||
        hr_draft_refuse_length(draft, reader.tabs[HR_RV_INFO].sheet)) {
        return;
    }
    hr_rv_read_hosts(&reader.tabs[HR_RV_HOST], &reader.tabs[HR_RV_CLUSTER], draft);
    read_guests(&reader);
}

const struct hr_dialect hr_dialect_rvtools = {
    .name = "rvtools",
    .bid = rvtools_bid,
    .read = rvtools_read,
    .mandatory = "VM, CPUs and Memory (of vInfo)",
};
