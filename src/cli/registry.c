/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "cli/subcommand.h"

const struct hr_subcommand *const *hr_subcommands(void)
{
    static const struct hr_subcommand *const all[] = {
        &hr_cmd_init,  &hr_cmd_inventory, &hr_cmd_size,     &hr_cmd_simulate,
        &hr_cmd_sweep, &hr_cmd_merge,     &hr_cmd_report,   &hr_cmd_reprice,
        &hr_cmd_chart, &hr_cmd_catalog,   &hr_cmd_validate, NULL};
    return all;
}
