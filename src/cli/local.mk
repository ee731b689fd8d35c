# SPDX-License-Identifier: GPL-3.0-or-later
headroom_SOURCES += \
	%D%/cmd_report.c \
	%D%/cmd_size.c \
	%D%/main.c \
	%D%/options.c %D%/options.h \
	%D%/registry.c \
	%D%/size_json.c %D%/size_output.h \
	%D%/size_text.c \
	%D%/subcommand.h
