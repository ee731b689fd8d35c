/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Demand given by hand: constant, in steps and ramps, or as a trace in a file of its own. */
#include <math.h>
#include <string.h>

#include "base/sheet.h"
#include "base/text.h"
#include "inventory/dialect.h"
#include "scenario/reading.h"

enum { MOST_TRACE_ROWS = 1000000 };

static const double MOST_S = 366.0 * 86400.0;

/* The reading of one guest's demand. */
struct work {
    const struct hr_scenario_reading *r;
    const struct hr_guest_frame *frame;
    int vcpus;
    GArray *steps;
};

/* What a step says, in the order of a trace's columns. */
static const struct quantity {
    const char *key;
    size_t offset;
    double most;
} quantities[] = {
    {"commit_mib", offsetof(struct hr_demand_step, commit_mib), HR_GUEST_MAX_MIB},
    {"cache_mib", offsetof(struct hr_demand_step, cache_mib), HR_GUEST_MAX_MIB},
    {"active_mib", offsetof(struct hr_demand_step, active_mib), HR_GUEST_MAX_MIB},
    {"cpu_mhz", offsetof(struct hr_demand_step, cpu_mhz), 1e9},
    {"iops", offsetof(struct hr_demand_step, iops), 1e9},
};

static double *place_of(struct hr_demand_step *step, size_t quantity)
{
    return (double *)(void *)((char *)step + quantities[quantity].offset);
}

/* ---- what a step may not be
 * ------------------------------------------------------------------- */

/* Returns: what is wrong, the caller's, or NULL. */
static char *active_fault(const struct hr_demand_step *step)
{
    double held = step->commit_mib + step->cache_mib;
    return step->active_mib > held
               ? g_strdup_printf("'active_mib' (%.10g) is more than commit_mib and cache_mib "
                                 "together (%.10g)",
                                 step->active_mib, held)
               : NULL;
}

static char *cpu_fault(const struct work *work, const struct hr_demand_step *step)
{
    double most_mhz = work->vcpus * work->frame->vcpu_mhz;
    return work->vcpus > 0 && step->cpu_mhz > most_mhz
               ? g_strdup_printf(
                     "'cpu_mhz' (%.10g) is more than its %d vCPUs of %.10g MHz can use",
                     step->cpu_mhz, work->vcpus, work->frame->vcpu_mhz)
               : NULL;
}

/* What was left out follows what was given. */
static void keep_active_held(struct hr_demand_step *step)
{
    step->active_mib = fmin(step->active_mib, step->commit_mib + step->cache_mib);
}

/* ---- steps
 * ------------------------------------------------------------------------------------ */

/* Reads what the map says into *step; what it leaves out stays as it was. */
static void read_quantities(const struct work *work, const hr_node *map,
                            struct hr_demand_step *step)
{
    const struct hr_scenario_reading *r = work->r;
    for (size_t q = 0; q < G_N_ELEMENTS(quantities); q++) {
        (void)hr_node_double(r->tree, map, quantities[q].key, 0.0, quantities[q].most,
                             place_of(step, q), r->diag);
    }
    const hr_node *active = hr_node_get(map, "active_mib");
    const hr_node *cpu = hr_node_get(map, "cpu_mhz");
    g_autofree char *of_active = active != NULL ? active_fault(step) : NULL;
    g_autofree char *of_cpu = cpu != NULL ? cpu_fault(work, step) : NULL;
    if (of_active != NULL) {
        hr_node_fail(r->tree, active, r->diag, "out of range", "%s", of_active);
    }
    if (of_cpu != NULL) {
        hr_node_fail(r->tree, cpu, r->diag, "out of range", "%s", of_cpu);
    }
    keep_active_held(step);
}

static void check_time(const struct work *work, const hr_node *at, double at_s,
                       const struct hr_demand_step *before)
{
    const struct hr_scenario_reading *r = work->r;
    if (before == NULL && at_s > 0.0) {
        hr_node_fail(r->tree, at, r->diag, "out of order", "the first step begins at 0");
    } else if (before != NULL && at_s <= before->at_s) {
        hr_node_fail(r->tree, at, r->diag, "out of order",
                     "'at_s' (%.10g) is not after the step before (%.10g)", at_s, before->at_s);
    } else if (fabs(remainder(at_s, work->frame->step_s)) > 1e-6) {
        hr_node_fail(r->tree, at, r->diag, "off the grid",
                     "'at_s' (%.10g) is no multiple of the demand step, run.step_s (%.10g)",
                     at_s, work->frame->step_s);
    }
}

static void read_step(const struct work *work, const hr_node *map)
{
    static const char *const keys[] = {"at_s",    "commit_mib", "cache_mib", "active_mib",
                                       "cpu_mhz", "iops",       "ramp",      NULL};
    const struct hr_scenario_reading *r = work->r;
    hr_node_check_keys(r->tree, map, keys, r->diag);
    if (hr_node_kind(map) != HR_NODE_MAP) {
        return;
    }
    GArray *steps = work->steps;
    const struct hr_demand_step *before =
        steps->len > 0 ? &g_array_index(steps, struct hr_demand_step, steps->len - 1) : NULL;
    struct hr_demand_step step = {.active_mib = HR_UNKNOWN};
    if (before == NULL) {
        (void)hr_node_require(r->tree, map, "commit_mib", r->diag);
    } else {
        step = *before;
    }
    step.at_s = 0.0;
    step.ramp = false;
    if (hr_node_require(r->tree, map, "at_s", r->diag) &&
        hr_node_double(r->tree, map, "at_s", 0.0, MOST_S, &step.at_s, r->diag)) {
        check_time(work, hr_node_get(map, "at_s"), step.at_s, before);
    }
    (void)hr_node_bool(r->tree, map, "ramp", &step.ramp, r->diag);
    read_quantities(work, map, &step);
    g_array_append_val(steps, step);
}

static void read_steps(const struct work *work, const hr_node *list)
{
    const struct hr_scenario_reading *r = work->r;
    if (hr_node_kind(list) != HR_NODE_LIST || hr_node_length(list) == 0) {
        hr_node_fail(r->tree, list, r->diag, "not a list",
                     "'demand' is a list of steps: [{at_s: 0, commit_mib: 1024}, ...]");
        return;
    }
    size_t n = hr_node_length(list);
    for (size_t i = 0; i < n; i++) {
        read_step(work, hr_node_at(list, i));
    }
    const hr_node *last = hr_node_get(hr_node_at(list, n - 1), "ramp");
    if (last != NULL && work->steps->len > 0 &&
        g_array_index(work->steps, struct hr_demand_step, work->steps->len - 1).ramp) {
        hr_node_fail(r->tree, last, r->diag, "no next step",
                     "'ramp' leads to the next step; the last one has none");
    }
}

/* ---- traces
 * ----------------------------------------------------------------------------------- */

/* Which columns of the sheet are which quantities; SIZE_MAX: absent. */
struct trace {
    const hr_sheet *sheet;
    size_t at;
    size_t column[G_N_ELEMENTS(quantities)];
};

static void trace_fail(const struct work *work, const hr_sheet *sheet, uint32_t line,
                       const char *reason, const char *format, ...) G_GNUC_PRINTF(5, 6);

static void trace_fail(const struct work *work, const hr_sheet *sheet, uint32_t line,
                       const char *reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(work->r->diag, HR_FATAL, hr_sheet_name(sheet), line, 0, reason, "%s", text);
}

/* Returns: the place in *trace where the number of this column belongs, or NULL. */
static size_t *trace_column(struct trace *trace, const char *name)
{
    if (strcmp(name, "at_s") == 0) {
        return &trace->at;
    }
    for (size_t q = 0; q < G_N_ELEMENTS(quantities); q++) {
        if (strcmp(name, quantities[q].key) == 0) {
            return &trace->column[q];
        }
    }
    return NULL;
}

static bool read_trace_header(const struct work *work, struct trace *trace)
{
    const hr_sheet *sheet = trace->sheet;
    uint32_t line = hr_sheet_header_line(sheet);
    size_t n_before = hr_diag_count_severity(work->r->diag, HR_FATAL);
    trace->at = SIZE_MAX;
    for (size_t q = 0; q < G_N_ELEMENTS(quantities); q++) {
        trace->column[q] = SIZE_MAX;
    }
    for (size_t c = 0; c < hr_sheet_columns(sheet); c++) {
        const char *name = hr_sheet_header(sheet, c);
        size_t *place = trace_column(trace, name);
        if (place == NULL) {
            trace_fail(work, sheet, line, "unknown column",
                       "column '%s' is unknown; a trace has at_s, commit_mib, cache_mib, "
                       "active_mib, cpu_mhz and iops",
                       name);
        } else if (*place != SIZE_MAX) {
            trace_fail(work, sheet, line, "column twice", "column '%s' stands twice", name);
        } else {
            *place = c;
        }
    }
    if (trace->at == SIZE_MAX || trace->column[0] == SIZE_MAX) {
        trace_fail(work, sheet, line, "missing column", "column '%s' is missing",
                   trace->at == SIZE_MAX ? "at_s" : "commit_mib");
    }
    return hr_diag_count_severity(work->r->diag, HR_FATAL) == n_before;
}

/* Reads a number. Returns: false with a finding, *out untouched. */
static bool trace_number(const struct work *work, const struct trace *trace, size_t row,
                         size_t column, double most, double *out)
{
    const char *text = hr_sheet_field(trace->sheet, row, column);
    double value = 0.0;
    if (!hr_parse_double(text, &value) || value < 0.0 || value > most) {
        trace_fail(work, trace->sheet, hr_sheet_row_line(trace->sheet, row), "invalid value",
                   "'%s' is \"%s\", not a number from 0 to %.10g",
                   hr_sheet_header(trace->sheet, column), text, most);
        return false;
    }
    *out = value;
    return true;
}

/* Reads the quantities of a row; a blank one stays as it was. */
static void read_trace_quantities(const struct work *work, const struct trace *trace,
                                  size_t row, struct hr_demand_step *step)
{
    bool has_active = false;
    for (size_t q = 0; q < G_N_ELEMENTS(quantities); q++) {
        size_t column = trace->column[q];
        bool is_first_commit = q == 0 && row == 0;
        if (column == SIZE_MAX ||
            (*hr_sheet_field(trace->sheet, row, column) == '\0' && !is_first_commit)) {
            continue;
        }
        (void)trace_number(work, trace, row, column, quantities[q].most, place_of(step, q));
        has_active = has_active || place_of(step, q) == &step->active_mib;
    }
    uint32_t line = hr_sheet_row_line(trace->sheet, row);
    g_autofree char *of_active = has_active ? active_fault(step) : NULL;
    g_autofree char *of_cpu = cpu_fault(work, step);
    if (of_active != NULL) {
        trace_fail(work, trace->sheet, line, "out of range", "%s", of_active);
    }
    if (of_cpu != NULL) {
        trace_fail(work, trace->sheet, line, "out of range", "%s", of_cpu);
        step->cpu_mhz = 0.0; /* said once, not on every row that leaves it out */
    }
    keep_active_held(step);
}

/* Rows may lie anywhere; a demand step has what is in force when it begins. */
static void add_trace_step(const struct work *work, struct hr_demand_step step)
{
    double step_s = work->frame->step_s;
    step.at_s = ceil(step.at_s / step_s - 1e-9) * step_s;
    GArray *steps = work->steps;
    if (steps->len > 0 &&
        g_array_index(steps, struct hr_demand_step, steps->len - 1).at_s >= step.at_s) {
        g_array_set_size(steps, steps->len - 1);
    }
    g_array_append_val(steps, step);
}

static void read_trace_rows(const struct work *work, const struct trace *trace)
{
    size_t n = hr_sheet_rows(trace->sheet);
    if (n == 0 || n > MOST_TRACE_ROWS) {
        trace_fail(work, trace->sheet, hr_sheet_header_line(trace->sheet), "out of range",
                   n == 0 ? "the trace has no row" : "the trace has more than %d rows",
                   MOST_TRACE_ROWS);
        return;
    }
    struct hr_demand_step step = {.active_mib = HR_UNKNOWN};
    double before_s = -1.0;
    for (size_t row = 0; row < n; row++) {
        uint32_t line = hr_sheet_row_line(trace->sheet, row);
        if (!trace_number(work, trace, row, trace->at, MOST_S, &step.at_s)) {
            continue;
        }
        if (row == 0 && step.at_s > 0.0) {
            trace_fail(work, trace->sheet, line, "out of order", "the first row begins at 0");
        } else if (step.at_s <= before_s) {
            trace_fail(work, trace->sheet, line, "out of order",
                       "'at_s' (%.10g) is not after the row before (%.10g)", step.at_s,
                       before_s);
        }
        before_s = step.at_s;
        read_trace_quantities(work, trace, row, &step);
        add_trace_step(work, step);
    }
}

static void read_trace(const struct work *work, const hr_node *node)
{
    const struct hr_scenario_reading *r = work->r;
    const char *text = hr_node_text(node);
    if (*text == '\0') {
        hr_node_fail(r->tree, node, r->diag, "no file", "'trace' names a CSV file");
        return;
    }
    g_autofree char *path = g_path_is_absolute(text) || strcmp(r->folder, ".") == 0
                                ? g_strdup(text)
                                : g_build_filename(r->folder, text, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(hr_sheet) sheet = hr_sheet_load(path, NULL, r->diag, &error);
    if (error != NULL) {
        hr_node_fail(r->tree, node, r->diag, "no file", "'trace': %s", error->message);
    }
    struct trace trace = {.sheet = sheet};
    if (sheet != NULL && read_trace_header(work, &trace)) {
        read_trace_rows(work, &trace);
    }
}

/* ---- which of them
 * ---------------------------------------------------------------------------- */

/* Findings about keys that contradict the way in which demand is given. other: the list or the
 * trace, or NULL. */
static void check_ways(const struct hr_scenario_reading *r, const hr_node *guest,
                       const char *other, bool by_hand)
{
    static const char *const constant[] = {"commit_mib", "cache_mib", "active_mib", "cpu_mhz",
                                           NULL};
    static const char *const measured[] = {"cpu_mhz_avg", "cpu_mhz_p95", "memory_active_mib",
                                           "memory_consumed_mib", NULL};
    for (int i = 0; constant[i] != NULL; i++) {
        const hr_node *node = hr_node_get(guest, constant[i]);
        if (node != NULL && other != NULL) {
            hr_node_fail(r->tree, node, r->diag, "demand twice", "'%s' belongs into the %s",
                         constant[i], other);
        } else if (node != NULL && !by_hand) {
            hr_node_fail(r->tree, node, r->diag, "demand twice",
                         "'%s' is demand by hand, which needs 'commit_mib' too", constant[i]);
        }
    }
    for (int i = 0; by_hand && measured[i] != NULL; i++) {
        const hr_node *node = hr_node_get(guest, measured[i]);
        if (node != NULL) {
            hr_node_fail(r->tree, node, r->diag, "demand twice",
                         "'%s' scales a role's profile; this guest's demand is given by hand",
                         measured[i]);
        }
    }
}

void hr_scenario_read_demand(const struct hr_scenario_reading *r, const hr_node *guest,
                             const struct hr_guest_frame *frame, int vcpus, GArray *steps)
{
    struct work work = {.r = r, .frame = frame, .vcpus = vcpus, .steps = steps};
    const hr_node *list = hr_node_get(guest, "demand");
    const hr_node *trace = hr_node_get(guest, "trace");
    bool is_constant = hr_node_get(guest, "commit_mib") != NULL;
    check_ways(r, guest,
               list != NULL    ? "steps of 'demand'"
               : trace != NULL ? "columns of the trace"
                               : NULL,
               list != NULL || trace != NULL || is_constant);
    if (list != NULL && trace != NULL) {
        hr_node_fail(r->tree, trace, r->diag, "demand twice",
                     "either 'demand' or 'trace', not both");
    } else if (list != NULL) {
        read_steps(&work, list);
    } else if (trace != NULL) {
        read_trace(&work, trace);
    } else if (is_constant) {
        struct hr_demand_step step = {.active_mib = HR_UNKNOWN};
        read_quantities(&work, guest, &step);
        g_array_append_val(steps, step);
    }
}
