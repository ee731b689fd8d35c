/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O_TMPFILE: a file without a name until it is whole, so that even a killed program leaves
 * none. */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "store/db.h"

static bool write_all(int fd, const void *bytes, size_t n_bytes)
{
    const char *p = bytes;
    while (n_bytes > 0) {
        ssize_t n = write(fd, p, n_bytes);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        p += n;
        n_bytes -= (size_t)n;
    }
    return fsync(fd) == 0;
}

/* Opens a nameless file in the folder. Returns: -1 where system or file system has none. */
static int open_nameless(const char *folder)
{
#ifdef O_TMPFILE
    return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
#else
    (void)folder;
    errno = ENOTSUP;
    return -1;
#endif
}

static bool name_file(int fd, const char *file)
{
    char link_path[64];
    (void)g_snprintf(link_path, sizeof link_path, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, link_path, AT_FDCWD, file, AT_SYMLINK_FOLLOW) == 0;
}

/* Gives a whole file its name. Returns: false with errno set, EEXIST when the name is taken. */
static bool rename_to_new(const char *part, const char *file)
{
    if (link(part, file) == 0) {
        unlink(part);
        return true;
    }
    int reason = errno;
    struct stat info;
    /* A file system without hard links: a rename would go over an existing file. */
    if ((reason == EPERM || reason == ENOTSUP || reason == ENOSYS) && lstat(file, &info) != 0 &&
        rename(part, file) == 0) {
        return true;
    }
    errno = reason;
    return false;
}

bool hr_db_publish_by_link(const char *file, const void *bytes, size_t n_bytes)
{
    g_autofree char *part = g_strdup_printf("%s.part-%ld", file, (long)getpid());
    int fd = open(part, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0) {
        errno =
            errno == EEXIST ? EBUSY : errno; /* only the file itself may count as existing */
        return false;
    }
    bool ok = write_all(fd, bytes, n_bytes);
    int reason = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    if (ok && rename_to_new(part, file)) {
        return true;
    }
    reason = ok ? errno : reason;
    unlink(part);
    errno = reason;
    return false;
}

static bool publish(const char *folder, const char *file, const void *bytes, size_t n_bytes)
{
    int fd = open_nameless(folder);
    if (fd < 0) {
        return hr_db_publish_by_link(file, bytes, n_bytes);
    }
    bool ok = write_all(fd, bytes, n_bytes);
    bool named = ok && name_file(fd, file);
    int reason = errno;
    close(fd);
    errno = reason;
    if (ok && !named && reason != EEXIST) {
        return hr_db_publish_by_link(file, bytes, n_bytes);
    }
    return named;
}

/* Makes the name itself survive a power failure; not every file system can, and none needs it
 * for the file to be whole. */
static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

bool hr_db_publish(const char *file, const void *bytes, size_t n_bytes, bool *existed,
                   GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file);
    bool ok = publish(folder, file, bytes, n_bytes);
    if (!ok && errno != EEXIST) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot write it: %s", g_strerror(errno));
        return false;
    }
    if (ok) {
        sync_folder(folder);
    }
    *existed = !ok;
    return true;
}

static bool sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return false;
    }
    bool ok = fsync(fd) == 0;
    int reason = errno;
    close(fd);
    errno = reason;
    return ok;
}

bool hr_db_publish_file(const char *part, const char *file, bool *existed, GError **error)
{
    bool ok = sync_file(part) && rename_to_new(part, file);
    if (!ok && errno != EEXIST) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot write it: %s", g_strerror(errno));
        return false;
    }
    if (ok) {
        g_autofree char *folder = g_path_get_dirname(file);
        sync_folder(folder);
    }
    *existed = !ok;
    return true;
}
