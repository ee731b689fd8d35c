/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/diag.h"

#include <string.h>

#include "base/error.h"

struct hr_diag {
    GArray *findings; /* struct hr_finding */
    size_t n_by_severity[HR_SEVERITY__COUNT];
};

static void finding_clear(void *element)
{
    struct hr_finding *finding = element;
    g_free(finding->file);
    g_free(finding->reason);
    g_free(finding->text);
}

hr_diag *hr_diag_new(void)
{
    hr_diag *diag = g_new0(hr_diag, 1);
    diag->findings = g_array_new(FALSE, FALSE, sizeof(struct hr_finding));
    g_array_set_clear_func(diag->findings, finding_clear);
    return diag;
}

void hr_diag_free(hr_diag *diag)
{
    if (diag != NULL) {
        g_array_free(diag->findings, TRUE);
        g_free(diag);
    }
}

/* Ends of a text too long to print: what is wrong stands before a value, what is wanted behind.
 */
enum { TEXT_MAX_BYTES = 1200, HEAD_BYTES = 700, TAIL_BYTES = 300 };

static bool is_inside_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Cuts the middle out of a text that quotes a huge field. */
static void shorten(GString *text)
{
    if (text->len <= TEXT_MAX_BYTES) {
        return;
    }
    size_t head = HEAD_BYTES;
    size_t tail = text->len - TAIL_BYTES;
    while (head > 0 && is_inside_character(text->str[head])) {
        head--;
    }
    while (tail < text->len && is_inside_character(text->str[tail])) {
        tail++;
    }
    g_string_erase(text, (gssize)head, (gssize)(tail - head));
    g_string_insert(text, (gssize)head, " … ");
}

/* A finding is one line, and no field of a file may steer the terminal it is shown on. */
static void blank_controls(GString *text)
{
    for (size_t i = 0; i < text->len; i++) {
        unsigned char byte = (unsigned char)text->str[i];
        unsigned char next = (unsigned char)text->str[i + 1];
        if (byte < 0x20 || byte == 0x7F) {
            text->str[i] = ' ';
        } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) { /* U+0080 to U+009F */
            text->str[i] = ' ';
            text->str[i + 1] = ' ';
        }
    }
}

void hr_diag_add(hr_diag *diag, enum hr_severity severity, const char *file, uint32_t line,
                 uint32_t column, const char *reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    GString *text = g_string_new(NULL);
    g_string_vprintf(text, format, args);
    va_end(args);
    shorten(text);
    blank_controls(text);
    struct hr_finding finding = {.file = g_strdup(file != NULL ? file : "-"),
                                 .line = line,
                                 .column = column,
                                 .severity = severity,
                                 .reason = g_strdup(reason),
                                 .text = g_string_free(text, FALSE)};
    g_array_append_val(diag->findings, finding);
    diag->n_by_severity[severity]++;
}

size_t hr_diag_count(const hr_diag *diag)
{
    return diag->findings->len;
}

size_t hr_diag_count_severity(const hr_diag *diag, enum hr_severity severity)
{
    return diag->n_by_severity[severity];
}

const struct hr_finding *hr_diag_get(const hr_diag *diag, size_t index)
{
    hr_assert(index < diag->findings->len);
    return &g_array_index(diag->findings, struct hr_finding, index);
}

const char *hr_severity_name(enum hr_severity severity)
{
    static const char *const names[HR_SEVERITY__COUNT] = {[HR_NOTE] = "note",
                                                          [HR_MENDED] = "mended",
                                                          [HR_SKIPPED] = "skipped",
                                                          [HR_FATAL] = "error"};
    return names[severity];
}

/* What is of no line of a file gets none: "-" alone would point at standard input. */
static void print_place(const struct hr_finding *f, FILE *out)
{
    if (f->line == 0 && strcmp(f->file, "-") == 0) {
        return;
    }
    fputs(f->file, out);
    if (f->line > 0) {
        fprintf(out, ":%u", (unsigned)f->line);
    }
    if (f->column > 0) {
        fprintf(out, ":%u", (unsigned)f->column);
    }
    fputs(": ", out);
}

void hr_diag_print(const hr_diag *diag, enum hr_severity least, FILE *out)
{
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        if (f->severity < least) {
            continue;
        }
        print_place(f, out);
        fprintf(out, "%s: %s\n", hr_severity_name(f->severity), f->text);
    }
}

bool hr_diag_failed(const hr_diag *diag, GError **error)
{
    size_t n_fatal = diag->n_by_severity[HR_FATAL];
    if (n_fatal == 0) {
        return false;
    }
    g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%zu %s found in the input", n_fatal,
                n_fatal == 1 ? "error" : "errors");
    return true;
}
