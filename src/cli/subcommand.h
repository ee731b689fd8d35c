/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/subcommand.h - one table of functions per subcommand; cli/registry.c lists them. */
#ifndef HR_CLI_SUBCOMMAND_H
#define HR_CLI_SUBCOMMAND_H

#include <stdbool.h>

#include <glib.h>

#include "cli/options.h"

struct hr_subcommand {
    const char *name;
    const char *operands; /* for the usage line */
    const char *summary;  /* one line */
    const struct hr_option *options;
    /* Returns: the exit status; a failure is in *error instead. */
    int (*run)(const struct hr_options *options, GError **error);
};

extern const struct hr_subcommand hr_cmd_catalog;
extern const struct hr_subcommand hr_cmd_chart;
extern const struct hr_subcommand hr_cmd_init;
extern const struct hr_subcommand hr_cmd_inventory;
extern const struct hr_subcommand hr_cmd_merge;
extern const struct hr_subcommand hr_cmd_report;
extern const struct hr_subcommand hr_cmd_reprice;
extern const struct hr_subcommand hr_cmd_size;
extern const struct hr_subcommand hr_cmd_simulate;
extern const struct hr_subcommand hr_cmd_sweep;
extern const struct hr_subcommand hr_cmd_validate;

/* NULL-terminated. */
const struct hr_subcommand *const *hr_subcommands(void);

#endif
