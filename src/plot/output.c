/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath */

#include "plot/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "base/text.h"

struct hr_output {
    char *path;      /* what the user named */
    char *target;    /* the same with links followed */
    char *temporary; /* NULL once it has the target's name */
    FILE *file;
    cairo_surface_t *surface;
    enum hr_output_kind kind;
    double scale;
    int write_errno;
};

bool hr_output_kind_of(const char *path, enum hr_output_kind *out, GError **error)
{
    static const char *const endings[HR_OUTPUT__COUNT] = {".pdf", ".svg", ".png"};
    g_autofree char *lower = g_ascii_strdown(path, -1);
    for (int kind = 0; kind < HR_OUTPUT__COUNT; kind++) {
        if (g_str_has_suffix(lower, endings[kind])) {
            *out = (enum hr_output_kind)kind;
            return true;
        }
    }
    g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "%s: the name must end in .pdf, .svg or .png",
                path);
    return false;
}

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    hr_output *output = closure;
    if (fwrite(data, 1, length, output->file) != length) {
        output->write_errno = errno;
        return CAIRO_STATUS_WRITE_ERROR;
    }
    return CAIRO_STATUS_SUCCESS;
}

static bool fail(const hr_output *output, int code, GError **error)
{
    g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "%s: %s", output->path, g_strerror(code));
    return false;
}

/* Never replaces a device or a folder by a file. */
static bool find_target(hr_output *output, GError **error)
{
    struct stat status;
    if (stat(output->path, &status) != 0) {
        output->target = g_strdup(output->path);
        return true;
    }
    if (!S_ISREG(status.st_mode)) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "%s: is not a file", output->path);
        return false;
    }
    char *real = realpath(output->path, NULL);
    if (real == NULL) {
        return fail(output, errno, error);
    }
    output->target = g_strdup(real);
    free(real);
    return true;
}

static bool open_temporary(hr_output *output, GError **error)
{
    char *name = g_strdup_printf("%s.XXXXXX", output->target);
    int fd = g_mkstemp_full(name, O_RDWR, 0666);
    if (fd < 0) {
        int code = errno;
        g_free(name);
        return fail(output, code, error);
    }
    output->temporary = name;
    output->file = fdopen(fd, "wb");
    if (output->file == NULL) {
        int code = errno;
        close(fd);
        return fail(output, code, error);
    }
    return true;
}

bool hr_output_check(const char *path, GError **error)
{
    g_autoptr(hr_output) output = g_new0(hr_output, 1);
    output->path = g_strdup(path);
    return find_target(output, error) && open_temporary(output, error);
}

static cairo_surface_t *new_surface(hr_output *output, double w_pt, double h_pt)
{
    cairo_surface_t *surface = NULL;
    switch (output->kind) {
    case HR_OUTPUT_PDF:
        surface = cairo_pdf_surface_create_for_stream(write_bytes, output, w_pt, h_pt);
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
        break;
    case HR_OUTPUT_SVG:
        surface = cairo_svg_surface_create_for_stream(write_bytes, output, w_pt, h_pt);
        cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT);
        break;
    case HR_OUTPUT_PNG:
        output->scale = 2.0;
        surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(w_pt * output->scale),
                                             (int)(h_pt * output->scale));
        break;
    case HR_OUTPUT__COUNT:
        hr_assert(false);
    }
    return surface;
}

hr_output *hr_output_open(const char *path, enum hr_output_kind kind, double w_pt, double h_pt,
                          GError **error)
{
    g_autoptr(hr_output) output = g_new0(hr_output, 1);
    output->path = g_strdup(path);
    output->kind = kind;
    output->scale = 1.0;
    if (!find_target(output, error) || !open_temporary(output, error)) {
        return NULL;
    }
    output->surface = new_surface(output, w_pt, h_pt);
    return g_steal_pointer(&output);
}

cairo_surface_t *hr_output_surface(const hr_output *output)
{
    return output->surface;
}

double hr_output_scale(const hr_output *output)
{
    return output->scale;
}

/* A full disk can look like success to the surface: only the file's own calls tell. */
bool hr_output_commit(hr_output *output, GError **error)
{
    cairo_status_t status = CAIRO_STATUS_SUCCESS;
    if (output->kind == HR_OUTPUT_PNG) {
        status = cairo_surface_write_to_png_stream(output->surface, write_bytes, output);
    }
    cairo_surface_finish(output->surface);
    if (status == CAIRO_STATUS_SUCCESS) {
        status = cairo_surface_status(output->surface);
    }
    if (output->write_errno != 0) {
        return fail(output, output->write_errno, error);
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "%s: %s", output->path,
                    cairo_status_to_string(status));
        return false;
    }
    if (fflush(output->file) != 0 || fsync(fileno(output->file)) != 0) {
        return fail(output, errno, error);
    }
    FILE *file = g_steal_pointer(&output->file);
    if (fclose(file) != 0 || g_rename(output->temporary, output->target) != 0) {
        return fail(output, errno, error);
    }
    g_clear_pointer(&output->temporary, g_free);
    return true;
}

void hr_output_free(hr_output *output)
{
    if (output == NULL) {
        return;
    }
    if (output->surface != NULL) {
        cairo_surface_destroy(output->surface);
    }
    if (output->file != NULL) {
        (void)fclose(output->file); /* given up: it is removed next */
    }
    if (output->temporary != NULL) {
        g_unlink(output->temporary);
    }
    g_free(output->temporary);
    g_free(output->target);
    g_free(output->path);
    g_free(output);
}

int64_t hr_output_time_s(void)
{
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    int64_t time_s = 0;
    if (epoch != NULL && hr_parse_int(epoch, 0, INT64_C(253402300799), &time_s)) {
        return time_s;
    }
    return g_get_real_time() / G_USEC_PER_SEC;
}
