/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LINE_EVERY_US = 60 * 1000000 };

struct hr_progress {
    bool drawn;
    bool enabled;
    bool quiet;
    int64_t next_draw_us; /* monotonic; so is the other */
    int64_t next_line_us;
};

hr_progress *hr_progress_new(bool quiet)
{
    hr_progress *progress = g_new0(hr_progress, 1);
    const char *term = getenv("TERM");
    progress->quiet = quiet;
    progress->next_line_us = g_get_monotonic_time() + LINE_EVERY_US;
    progress->enabled =
        !quiet && isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
    return progress;
}

void hr_progress_free(hr_progress *progress)
{
    if (progress == NULL) {
        return;
    }
    if (progress->drawn) {
        fputs("\r\033[K", stderr);
    }
    g_free(progress);
}

static int terminal_columns(void)
{
    struct winsize size = {0};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 80;
}

static void draw(hr_progress *progress, const char *line, int64_t now_us)
{
    fprintf(stderr, "\r\033[K%.*s", terminal_columns() - 1, line);
    (void)fflush(stderr);
    progress->drawn = true;
    progress->next_draw_us = now_us + 100000;
}

void hr_progress_say(hr_progress *progress, const char *format, ...)
{
    int64_t now_us = g_get_monotonic_time();
    if (progress == NULL || !progress->enabled || now_us < progress->next_draw_us) {
        return;
    }
    char line[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    draw(progress, line, now_us);
}

void hr_progress_tell(hr_progress *progress, const char *format, ...)
{
    int64_t now_us = g_get_monotonic_time();
    if (progress == NULL || progress->quiet ||
        now_us < (progress->enabled ? progress->next_draw_us : progress->next_line_us)) {
        return;
    }
    char line[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (progress->enabled) {
        draw(progress, line, now_us);
        return;
    }
    fprintf(stderr, "%s\n", line);
    progress->next_line_us = now_us + LINE_EVERY_US;
}
