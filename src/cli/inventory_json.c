/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include "cli/inventory_output.h"

static json_t *whole(double value)
{
    return json_integer((json_int_t)llround(value));
}

/* A base name need not be UTF-8, which JSON is. */
static json_t *base_name(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    return json_string(valid);
}

static json_t *text_of(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

static json_t *clusters(const struct hr_inventory *inventory)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < inventory->n_clusters; i++) {
        const struct hr_inventory_cluster *c = &inventory->clusters[i];
        json_t *row =
            json_pack("{s:o, s:I, s:i, s:o, s:I, s:i, s:o}", "name", text_of(c->name), "hosts",
                      (json_int_t)c->n_hosts, "cores", c->cores, "memory_mib",
                      whole(c->memory_mib), "guests", (json_int_t)c->n_guests, "vcpus",
                      c->vcpus, "guest_memory_mib", whole(c->guest_memory_mib));
        (void)json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *files(const struct hr_inventory *inventory)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < inventory->n_files; i++) {
        const struct hr_inventory_file *file = &inventory->files[i];
        json_t *row = json_pack("{s:o, s:I, s:I, s:s}", "file", base_name(file->path), "rows",
                                (json_int_t)file->n_rows, "blank_rows",
                                (json_int_t)file->n_blank_rows, "sha256", file->digest);
        (void)json_array_append_new(rows, row);
    }
    return rows;
}

/* What a row came to is kept beside the severity: a warning is a row mended or one skipped. */
static json_t *problems(const hr_diag *diag)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        const char *severity = f->severity == HR_NOTE    ? "note"
                               : f->severity == HR_FATAL ? "error"
                                                         : "warning";
        json_t *row = json_pack("{s:o, s:I, s:s, s:s, s:o, s:o}", "file", base_name(f->file),
                                "line", (json_int_t)f->line, "severity", severity, "outcome",
                                hr_severity_name(f->severity), "reason", text_of(f->reason),
                                "text", text_of(f->text));
        (void)json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *skipped(const struct hr_inventory_printed *p)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < p->n_skipped; i++) {
        (void)json_array_append_new(rows, json_pack("{s:o, s:I}", "reason",
                                                    text_of(p->skipped[i].reason), "count",
                                                    (json_int_t)p->skipped[i].count));
    }
    return rows;
}

void hr_inventory_print_json(const struct hr_inventory_printed *p, FILE *out)
{
    struct hr_inventory_totals t;
    hr_inventory_totals(p->inventory, &t);
    json_t *document =
        json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:f, s:I, s:o, s:o, s:o, s:o}", "dialect",
                  p->inventory->dialect, "guests", (json_int_t)t.guests, "powered_on",
                  (json_int_t)t.powered_on, "templates", (json_int_t)t.templates, "vcpus",
                  (json_int_t)t.vcpus, "memory_mib", (json_int_t)t.memory_mib, "disk_gib",
                  round(t.disk_gib * 1e3) / 1e3, "hosts", (json_int_t)p->inventory->n_hosts,
                  "clusters", clusters(p->inventory), "files", files(p->inventory), "problems",
                  problems(p->diag), "skipped", skipped(p));
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    (void)fputs(text, out);
    (void)fputc('\n', out);
    free(text);
    json_decref(document);
}
