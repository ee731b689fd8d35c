/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom init: a starter project in a folder, never over files that are there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/init_files.h"
#include "cli/subcommand.h"

static const struct hr_option options_table[] = {{"quiet", 'q', NULL, "nothing is printed"},
                                                 {"help", 0, NULL, "this text"},
                                                 {NULL, 0, NULL, NULL}};

/* A link that leads nowhere is there too. */
static bool is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* All files that stand in the way are named at once. */
static bool check_free(const char *folder, GError **error)
{
    g_autoptr(GString) taken = g_string_new(NULL);
    for (const struct hr_init_file *file = hr_init_files; file->name != NULL; file++) {
        g_autofree char *path = g_build_filename(folder, file->name, NULL);
        if (is_there(path)) {
            g_string_append_printf(taken, "%s%s", taken->len > 0 ? ", " : "", path);
        }
    }
    if (taken->len == 0) {
        return true;
    }
    g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "there already, and nothing was written: %s",
                taken->str);
    return false;
}

/* Returns: false with errno set. A file that came into being meanwhile is left alone. */
static bool write_new(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return false;
    }
    size_t n_left = strlen(text);
    bool ok = true;
    while (ok && n_left > 0) {
        ssize_t n = write(fd, text, n_left);
        if (n > 0) {
            text += n;
            n_left -= (size_t)n;
        } else {
            ok = n < 0 && errno == EINTR;
        }
    }
    int write_errno = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        write_errno = errno;
    }
    if (!ok) {
        (void)unlink(path);
        errno = write_errno;
    }
    return ok;
}

/* All files or none: what was written before a failure is taken back. */
static bool write_all(const char *folder, GError **error)
{
    for (size_t i = 0; hr_init_files[i].name != NULL; i++) {
        g_autofree char *path = g_build_filename(folder, hr_init_files[i].name, NULL);
        g_autofree char *text = g_strconcat(hr_init_files[i].text, hr_init_files[i].more, NULL);
        if (write_new(path, text)) {
            continue;
        }
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot write %s: %s", path,
                    g_strerror(errno));
        while (i-- > 0) {
            g_autofree char *written = g_build_filename(folder, hr_init_files[i].name, NULL);
            (void)unlink(written);
        }
        return false;
    }
    return true;
}

static void print(const char *folder)
{
    for (const struct hr_init_file *file = hr_init_files; file->name != NULL; file++) {
        g_autofree char *path = g_build_filename(folder, file->name, NULL);
        (void)puts(path);
    }
    printf("\n%s says what they hold and which commands to run.\n", hr_init_files[0].name);
}

static int run(const struct hr_options *words, GError **error)
{
    if (words->n_operands != 1 || words->operands[0][0] == '\0') {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "the name of a folder is expected");
        return HR_ERROR_USAGE;
    }
    const char *folder = words->operands[0];
    bool was_there = is_there(folder);
    if (!check_free(folder, error)) {
        return HR_ERROR_FAILED;
    }
    if (g_mkdir_with_parents(folder, 0777) != 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot make the folder %s: %s", folder,
                    g_strerror(errno));
        return HR_ERROR_FAILED;
    }
    if (!write_all(folder, error)) {
        if (!was_there) {
            (void)rmdir(folder);
        }
        return HR_ERROR_FAILED;
    }
    if (!hr_options_has(words, "quiet")) {
        print(folder);
    }
    return EXIT_SUCCESS;
}

const struct hr_subcommand hr_cmd_init = {
    .name = "init",
    .operands = "DIR",
    .summary = "Writes a starter project: inventory, scenario, prices, and what to run",
    .options = options_table,
    .run = run,
};
