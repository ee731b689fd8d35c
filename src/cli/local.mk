# SPDX-License-Identifier: GPL-3.0-or-later
headroom_SOURCES += \
	%D%/backup_order.c %D%/backup_order.h \
	%D%/catalog_list.c %D%/catalog_output.h \
	%D%/catalog_show.c \
	%D%/cmd_catalog.c \
	%D%/cmd_chart.c \
	%D%/cmd_init.c \
	%D%/cmd_inventory.c \
	%D%/cmd_merge.c \
	%D%/cmd_report.c \
	%D%/cmd_reprice.c \
	%D%/cmd_simulate.c \
	%D%/cmd_size.c \
	%D%/cmd_sweep.c \
	%D%/cmd_validate.c \
	%D%/grid.c %D%/grid.h \
	%D%/init_files.c %D%/init_files.h \
	%D%/inventory_json.c %D%/inventory_output.h \
	%D%/inventory_text.c \
	%D%/main.c \
	%D%/options.c %D%/options.h \
	%D%/registry.c \
	%D%/simulate_json.c %D%/simulate_output.h \
	%D%/simulate_text.c \
	%D%/size_change.c %D%/size_change.h \
	%D%/size_costs.c \
	%D%/size_files.c %D%/size_files.h \
	%D%/size_fits.c %D%/size_fits.h \
	%D%/size_keep.c \
	%D%/size_json.c %D%/size_output.h \
	%D%/size_text.c \
	%D%/subcommand.h \
	%D%/sweep_output.c %D%/sweep_output.h \
	%D%/validate_output.c %D%/validate_output.h
