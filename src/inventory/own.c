/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/own.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "inventory/columns.h"
#include "inventory/number.h"

#define AT(member) offsetof(struct hr_inventory_guest, member)
#define TEXT(name)                                                                             \
    {                                                                                          \
#name, AT(name), 0, 0, HR_OWN_TEXT, false                                              \
    }
#define WORD(name, member, kind)                                                               \
    {                                                                                          \
        name, AT(member), 0, 0, kind, false                                                    \
    }
#define NUMBER(name, least, most)                                                              \
    {                                                                                          \
#name, AT(name), (least), (most), HR_OWN_NUMBER, false                                 \
    }

const struct hr_own_column hr_own_columns[] = {
    {"name", AT(name), 0, 0, HR_OWN_TEXT, true},
    {"vcpus", AT(vcpus), 1, HR_GUEST_MAX_VCPUS, HR_OWN_WHOLE, true},
    {"memory_mib", AT(memory_mib), 1, HR_GUEST_MAX_MIB, HR_OWN_NUMBER, true},
    {"count", 0, 1, 100000, HR_OWN_COUNT, false},
    TEXT(cluster),
    TEXT(host),
    TEXT(site),
    TEXT(folder),
    TEXT(id),
    WORD("power", power, HR_OWN_POWER),
    WORD("template", is_template, HR_OWN_YES),
    TEXT(os),
    TEXT(role),
    NUMBER(cpu_mhz_avg, 0, 1e12),
    NUMBER(cpu_mhz_p95, 0, 1e12),
    NUMBER(memory_active_mib, 0, 1e12),
    NUMBER(memory_consumed_mib, 0, 1e12),
    NUMBER(memory_reservation_mib, 0, 1e12),
    {"memory_limit_mib", AT(memory_limit_mib), 0, 1e12, HR_OWN_LIMIT, false},
    NUMBER(memory_shares, 0, 1e12),
    WORD("dynamic_memory", dynamic_memory, HR_OWN_MAYBE),
    NUMBER(memory_startup_mib, 1, HR_GUEST_MAX_MIB),
    NUMBER(memory_min_mib, 1, HR_GUEST_MAX_MIB),
    NUMBER(memory_max_mib, 1, HR_GUEST_MAX_MIB),
    NUMBER(memory_buffer_pct, 0, 2000),
    NUMBER(memory_weight, 0, 10000),
    NUMBER(disk_gib, 0, HR_GUEST_MAX_GIB),
    NUMBER(disk_used_gib, 0, HR_GUEST_MAX_GIB),
    NUMBER(iops, 0, 1e9),
    WORD("priority", priority, HR_OWN_PRIORITY),
    TEXT(affinity),
    TEXT(trace),
};
const size_t hr_own_n_columns = G_N_ELEMENTS(hr_own_columns);

const char *const hr_power_names[HR_POWER__COUNT] = {
    [HR_POWER_ON] = "on", [HR_POWER_OFF] = "off", [HR_POWER_SUSPENDED] = "suspended"};

const char *const hr_priority_names[] = {[HR_PRIORITY_HIGH] = "high",
                                         [HR_PRIORITY_MEDIUM] = "medium",
                                         [HR_PRIORITY_LOW] = "low",
                                         [HR_PRIORITY__COUNT] = NULL};

bool hr_own_is_guarded(const char *text)
{
    text += strspn(text, "'");
    return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

/* ---- Reading one row ---- */

/* The sheet being read: which of its columns is which of ours. */
struct own_reader {
    const hr_sheet *sheet;
    struct hr_draft *draft;
    struct hr_notation notation;
    const struct hr_own_column **columns; /* by column of the sheet; NULL: not ours */
    size_t row;
};

static void complain(const struct own_reader *reader, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

static void complain(const struct own_reader *reader, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(reader->draft->diag, HR_FATAL, hr_sheet_name(reader->sheet),
                hr_sheet_row_line(reader->sheet, reader->row), 0, "invalid value", "%s", text);
}

/* Returns: the index of the text among the names, -1 when it is none of them. */
static int name_index(const char *text, const char *const *names, size_t n_names)
{
    for (size_t i = 0; i < n_names; i++) {
        if (g_ascii_strcasecmp(text, names[i]) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool read_number(const struct own_reader *reader, const struct hr_own_column *column,
                        const char *cell, double *out)
{
    bool is_whole = column->kind == HR_OWN_WHOLE || column->kind == HR_OWN_COUNT;
    double value = 0;
    enum hr_number_result result = hr_number_read(cell, &reader->notation, &value);
    if (result == HR_NUMBER_AMBIGUOUS) {
        complain(reader,
                 "%s is \"%s\", which can be read in two ways; write it without a mark "
                 "between thousands, or with another number of decimals",
                 column->name, cell);
        return false;
    }
    bool is_none = column->kind == HR_OWN_LIMIT && value >= -1 && value <= -1;
    if (result == HR_NUMBER_OK && is_none) {
        *out = HR_UNKNOWN;
        return true;
    }
    bool is_fraction = is_whole && (value < 0 || value > 1e9 || value > (double)(int)value);
    if (result != HR_NUMBER_OK || value < column->least || value > column->most ||
        is_fraction) {
        complain(reader, "%s is \"%s\"; %s from %.15g to %.15g is wanted", column->name, cell,
                 is_whole ? "a whole number" : "a number", column->least, column->most);
        return false;
    }
    *out = value;
    return true;
}

/* yes and no in the words of people and of spreadsheets. Returns: -1 for any other. */
static int read_yes(const char *cell)
{
    static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};
    int index = name_index(cell, words, G_N_ELEMENTS(words));
    return index < 0 ? -1 : index % 2;
}

static int read_power(const char *cell)
{
    int power = name_index(cell, hr_power_names, HR_POWER__COUNT);
    if (power < 0 && g_ascii_strcasecmp(cell, "poweredOn") == 0) {
        return HR_POWER_ON;
    }
    if (power < 0 && g_ascii_strcasecmp(cell, "poweredOff") == 0) {
        return HR_POWER_OFF;
    }
    return power;
}

static void *member(struct hr_inventory_guest *guest, const struct hr_own_column *column)
{
    return (char *)guest + column->offset;
}

static void read_word(const struct own_reader *reader, const struct hr_own_column *column,
                      const char *cell, struct hr_inventory_guest *guest)
{
    int word = -1;
    const char *wanted = "yes or no";
    if (column->kind == HR_OWN_POWER) {
        word = read_power(cell);
        wanted = "on, off or suspended";
    } else if (column->kind == HR_OWN_PRIORITY) {
        word = name_index(cell, hr_priority_names, HR_PRIORITY__COUNT);
        wanted = "high, medium or low";
    } else {
        word = read_yes(cell);
    }
    if (word < 0) {
        complain(reader, "%s is \"%s\"; %s is wanted", column->name, cell, wanted);
    } else if (column->kind == HR_OWN_POWER) {
        guest->power = (enum hr_power)word;
    } else if (column->kind == HR_OWN_YES) {
        *(bool *)member(guest, column) = word == 1;
    } else {
        *(int *)member(guest, column) = word;
    }
}

static void read_cell(const struct own_reader *reader, const struct hr_own_column *column,
                      const char *cell, struct hr_inventory_guest *guest, int *count)
{
    double value = 0;
    if (*cell == '\0') {
        return;
    }
    switch (column->kind) {
    case HR_OWN_TEXT:
        hr_text_set(member(guest, column),
                    *cell == '\'' && hr_own_is_guarded(cell) ? cell + 1 : cell);
        break;
    case HR_OWN_NUMBER:
    case HR_OWN_LIMIT:
        if (read_number(reader, column, cell, &value)) {
            *(double *)member(guest, column) = value;
        }
        break;
    case HR_OWN_WHOLE:
        if (read_number(reader, column, cell, &value)) {
            *(int *)member(guest, column) = (int)value;
        }
        break;
    case HR_OWN_COUNT:
        if (read_number(reader, column, cell, &value)) {
            *count = (int)value;
        }
        break;
    case HR_OWN_POWER:
    case HR_OWN_YES:
    case HR_OWN_MAYBE:
    case HR_OWN_PRIORITY:
        read_word(reader, column, cell, guest);
        break;
    }
}

static void check_length(const struct own_reader *reader)
{
    size_t n_fields = hr_sheet_row_fields(reader->sheet, reader->row);
    for (size_t c = hr_sheet_columns(reader->sheet); c < n_fields; c++) {
        if (*hr_sheet_field(reader->sheet, reader->row, c) != '\0') {
            complain(reader,
                     "the row has %zu fields but the heading %zu; a field with a delimiter "
                     "in it must be in quotes",
                     n_fields, hr_sheet_columns(reader->sheet));
            break;
        }
    }
}

/* Two values of a row that must not be the other way round; below 0 or 0: not given. */
static void check_order(const struct own_reader *reader, const char *least_name, double least,
                        const char *most_name, double most)
{
    if (least > 0 && most > 0 && least > most) {
        complain(reader, "%s %.15g is above %s %.15g", least_name, least, most_name, most);
    }
}

static void check_settings(const struct own_reader *reader,
                           const struct hr_inventory_guest *guest)
{
    double least = guest->memory_min_mib;
    double startup = guest->memory_startup_mib;
    double most = guest->memory_max_mib;
    check_order(reader, "memory_min_mib", least, "memory_startup_mib", startup);
    check_order(reader, "memory_startup_mib", startup, "memory_max_mib", most);
    if (startup < 0) {
        check_order(reader, "memory_min_mib", least, "memory_max_mib", most);
    }
}

/* What no guest can have used. Consumed memory is not among it: it counts the hypervisor's own,
 * and so may be above the size; nor is used disk, which counts snapshots. */
static void check_measurements(const struct own_reader *reader,
                               const struct hr_inventory_guest *guest)
{
    bool is_dynamic = guest->dynamic_memory == 1 && guest->memory_max_mib > guest->memory_mib;
    const char *size_name = is_dynamic ? "memory_max_mib" : "memory_mib";
    double size_mib = is_dynamic ? guest->memory_max_mib : guest->memory_mib;
    check_order(reader, "memory_active_mib", guest->memory_active_mib, size_name, size_mib);
    check_order(reader, "memory_reservation_mib", guest->memory_reservation_mib, size_name,
                size_mib);
    if (guest->cpu_mhz_avg > 0 && guest->cpu_mhz_p95 >= 0 &&
        guest->cpu_mhz_p95 < guest->cpu_mhz_avg) {
        complain(reader,
                 "cpu_mhz_p95 %.15g is below cpu_mhz_avg %.15g; where the load is a few short "
                 "bursts, leave cpu_mhz_p95 out",
                 guest->cpu_mhz_p95, guest->cpu_mhz_avg);
    }
    double most_mhz = guest->vcpus * HR_VCPU_MAX_MHZ;
    double used_mhz = MAX(guest->cpu_mhz_avg, guest->cpu_mhz_p95);
    if (most_mhz > 0 && used_mhz > most_mhz) {
        complain(reader, "%s %.15g is more than %d %s can do; MHz of all vCPUs is wanted",
                 used_mhz > guest->cpu_mhz_avg ? "cpu_mhz_p95" : "cpu_mhz_avg", used_mhz,
                 guest->vcpus, guest->vcpus == 1 ? "vCPU" : "vCPUs");
    }
}

static void read_row(const struct own_reader *reader, struct hr_inventory_guest *guest,
                     int *count)
{
    for (size_t i = 0; i < hr_own_n_columns; i++) {
        const struct hr_own_column *column = &hr_own_columns[i];
        for (size_t c = 0; c < hr_sheet_columns(reader->sheet); c++) {
            if (reader->columns[c] != column) {
                continue;
            }
            const char *cell = hr_sheet_field(reader->sheet, reader->row, c);
            if (*cell == '\0' && column->is_mandatory) {
                complain(reader, "%s is missing", column->name);
            }
            read_cell(reader, column, cell, guest, count);
        }
    }
    guest->line = hr_sheet_row_line(reader->sheet, reader->row);
    check_length(reader);
    check_settings(reader, guest);
    check_measurements(reader, guest);
}

/* ---- Rows to guests ---- */

static struct hr_inventory_guest copy_of(const struct hr_inventory_guest *guest, int number)
{
    struct hr_inventory_guest copy = *guest;
    for (size_t i = 0; i < hr_own_n_columns; i++) {
        if (hr_own_columns[i].kind == HR_OWN_TEXT) {
            char **text = member(&copy, &hr_own_columns[i]);
            *text = g_strdup(*text);
        }
    }
    g_free(copy.name);
    copy.name = g_strdup_printf("%s-%d", guest->name, number);
    if (*guest->id != '\0') {
        g_free(copy.id);
        copy.id = g_strdup_printf("%s-%d", guest->id, number);
    }
    return copy;
}

/* Adds the guest, or count numbered copies of it. Takes over its text. */
static void add_guests(const struct own_reader *reader, struct hr_inventory_guest *guest,
                       int count)
{
    GArray *guests = reader->draft->guests;
    if (guests->len + (size_t)count > HR_GUESTS_MAX) {
        complain(reader, "these are more than %d guests", HR_GUESTS_MAX);
        hr_guest_clear(guest);
        return;
    }
    if (count == 1) {
        g_array_append_val(guests, *guest);
        return;
    }
    for (int number = 1; number <= count; number++) {
        struct hr_inventory_guest copy = copy_of(guest, number);
        g_array_append_val(guests, copy);
    }
    hr_guest_clear(guest);
}

/* Two guests that nothing tells apart would count twice. */
static void refuse_doubles(const hr_sheet *sheet, struct hr_draft *draft)
{
    g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < draft->guests->len; i++) {
        const struct hr_inventory_guest *guest =
            &g_array_index(draft->guests, struct hr_inventory_guest, i);
        char *key = g_strdup_printf("%s\x1F%s\x1F%s", guest->cluster, guest->name, guest->id);
        guint first = GPOINTER_TO_UINT(g_hash_table_lookup(lines, key));
        if (first > 0) {
            hr_diag_add(
                draft->diag, HR_FATAL, hr_sheet_name(sheet), guest->line, 0, "guest twice",
                "the guest \"%s\" stands already on line %u; give it another name or an id "
                "of its own",
                guest->name, first);
            g_free(key);
        } else {
            g_hash_table_insert(lines, key, GUINT_TO_POINTER(guest->line));
        }
    }
}

/* ---- The heading ---- */

/* Unknown columns that are named one by one; a foreign table may have hundreds. */
enum { UNKNOWN_NAMED_MAX = 20 };

static const struct hr_own_column *column_named(const char *heading)
{
    for (size_t i = 0; i < hr_own_n_columns; i++) {
        if (g_ascii_strcasecmp(heading, hr_own_columns[i].name) == 0) {
            return &hr_own_columns[i];
        }
    }
    return NULL;
}

static void note_unknown(const hr_sheet *sheet, const char *heading, hr_diag *diag)
{
    g_autofree const char **names = g_new0(const char *, hr_own_n_columns + 1);
    for (size_t i = 0; i < hr_own_n_columns; i++) {
        names[i] = hr_own_columns[i].name;
    }
    const char *nearest = hr_nearest_name(heading, names);
    for (size_t c = 0; c < hr_sheet_columns(sheet) && nearest != NULL; c++) {
        /* A column that is there already is not what was meant. */
        if (g_ascii_strcasecmp(hr_sheet_header(sheet, c), nearest) == 0) {
            nearest = NULL;
        }
    }
    hr_diag_add(diag, HR_NOTE, hr_sheet_name(sheet), hr_sheet_header_line(sheet), 0,
                "unknown column", "the column %s is not known and left out%s%s%s", heading,
                nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                nearest != NULL ? "?" : "");
}

/* Fills reader->columns. Returns: false with fatal findings. */
static bool read_heading(struct own_reader *reader)
{
    const hr_sheet *sheet = reader->sheet;
    hr_diag *diag = reader->draft->diag;
    uint32_t line = hr_sheet_header_line(sheet);
    bool is_ok = true;
    size_t n_unknown = 0;
    for (size_t c = 0; c < hr_sheet_columns(sheet); c++) {
        const char *heading = hr_sheet_header(sheet, c);
        const struct hr_own_column *column = column_named(heading);
        for (size_t before = 0; before < c && column != NULL; before++) {
            if (reader->columns[before] == column) {
                hr_diag_add(diag, HR_FATAL, hr_sheet_name(sheet), line, 0, "column twice",
                            "the column %s stands twice; delete the wrong one", column->name);
                is_ok = false;
            }
        }
        reader->columns[c] = column;
        if (column == NULL && *heading != '\0' && n_unknown++ < UNKNOWN_NAMED_MAX) {
            note_unknown(sheet, heading, diag);
        }
    }
    if (n_unknown > UNKNOWN_NAMED_MAX) {
        hr_diag_add(diag, HR_NOTE, hr_sheet_name(sheet), line, 0, "unknown column",
                    "%zu more columns are not known and left out",
                    n_unknown - UNKNOWN_NAMED_MAX);
    }
    for (size_t i = 0; i < hr_own_n_columns; i++) {
        bool is_there = !hr_own_columns[i].is_mandatory;
        for (size_t c = 0; c < hr_sheet_columns(sheet) && !is_there; c++) {
            is_there = reader->columns[c] == &hr_own_columns[i];
        }
        if (!is_there) {
            g_autofree char *seen = hr_columns_list(sheet);
            hr_diag_add(diag, HR_FATAL, hr_sheet_name(sheet), line, 0, "missing column",
                        "the column %s is missing; the columns are %s", hr_own_columns[i].name,
                        seen);
            is_ok = false;
        }
    }
    return is_ok;
}

static int own_bid(const hr_sheet *sheet)
{
    int n_mandatory = 0;
    int n_known = 0;
    bool has_name = false;
    for (size_t c = 0; c < hr_sheet_columns(sheet); c++) {
        const struct hr_own_column *column = column_named(hr_sheet_header(sheet, c));
        if (column != NULL) {
            n_known++;
            n_mandatory += column->is_mandatory ? 1 : 0;
            has_name = has_name || column == &hr_own_columns[0];
        }
    }
    if (n_mandatory == 3) {
        return 100;
    }
    /* A file of ours that lacks a column is told so; a foreign one may share a word or two. */
    return n_mandatory == 2 ? 50 : has_name && n_known > 3 ? 10 : 0;
}

static void own_read(const struct hr_source *source, struct hr_draft *draft)
{
    const hr_sheet *sheet = source->sheets[0];
    g_autofree const struct hr_own_column **columns =
        g_new0(const struct hr_own_column *, hr_sheet_columns(sheet));
    struct own_reader reader = {.sheet = sheet,
                                .draft = draft,
                                .notation = hr_notation_own(hr_sheet_delimiter(sheet)),
                                .columns = columns};
    if (!read_heading(&reader) || hr_draft_refuse_length(draft, sheet)) {
        return;
    }
    for (reader.row = 0; reader.row < hr_sheet_rows(sheet); reader.row++) {
        struct hr_inventory_guest guest = hr_guest_blank();
        int count = 1;
        read_row(&reader, &guest, &count);
        guest.file = hr_sheet_name(sheet);
        add_guests(&reader, &guest, count);
    }
    refuse_doubles(sheet, draft);
}

const struct hr_dialect hr_dialect_own = {
    .name = "headroom",
    .bid = own_bid,
    .read = own_read,
    .mandatory = "name, vcpus and memory_mib",
};
