/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/canvas.h"

#include <string.h>

#include "base/error.h"

const char *hr_tag_name(enum hr_tag tag)
{
    static const char *const names[HR_TAG__COUNT] = {
        "Document", "H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure", "Link", "cairo.dest",
    };
    hr_assert(tag < HR_TAG__COUNT);
    return names[tag];
}

void hr_canvas_fill_rect(const struct hr_canvas *canvas, const struct hr_rect *rect,
                         const struct hr_paint *paint)
{
    const struct hr_point corners[4] = {
        {rect->x, rect->y},
        {rect->x + rect->w, rect->y},
        {rect->x + rect->w, rect->y + rect->h},
        {rect->x, rect->y + rect->h},
    };
    canvas->ops->fill(canvas->self, corners, 4, paint);
}

void hr_canvas_line(const struct hr_canvas *canvas, struct hr_point from, struct hr_point to,
                    const struct hr_stroke *stroke)
{
    const struct hr_point points[2] = {from, to};
    canvas->ops->stroke(canvas->self, points, 2, stroke);
}

void hr_canvas_text(const struct hr_canvas *canvas, const struct hr_text *text)
{
    canvas->ops->text(canvas->self, text);
}

struct hr_size hr_canvas_measure(const struct hr_canvas *canvas, const struct hr_text *text)
{
    return canvas->ops->measure(canvas->self, text);
}

static bool turns_direction(gunichar c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F;
}

char *hr_text_clean(const char *text, size_t most, bool keep_lines)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    GString *out = g_string_new(NULL);
    size_t n = 0;
    for (const char *p = valid; *p != '\0'; p = hr_text_next(p)) {
        if (n++ == most) {
            g_string_append(out, "…");
            break;
        }
        gunichar c = g_utf8_get_char(p);
        if (turns_direction(c)) {
            c = 0xFFFD;
        } else if (c == '\n' && keep_lines) {
            c = '\n';
        } else if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029) {
            c = ' ';
        }
        g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}
