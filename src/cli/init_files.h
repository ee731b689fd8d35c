/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/init_files.h - the files of a starter project, as they are written. */
#ifndef HR_CLI_INIT_FILES_H
#define HR_CLI_INIT_FILES_H

struct hr_init_file {
    const char *name; /* NULL ends the table */
    const char *text;
    const char *more; /* what follows text; NULL: nothing */
};

extern const struct hr_init_file hr_init_files[];

#endif
