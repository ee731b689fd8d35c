# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/columns.c %D%/columns.h \
	%D%/dialect.h \
	%D%/draft.c \
	%D%/inventory.c %D%/inventory.h \
	%D%/number.c %D%/number.h \
	%D%/own.c %D%/own.h \
	%D%/registry.c \
	%D%/rvtools.c %D%/rvtools.h \
	%D%/rvtools_hosts.c \
	%D%/rvtools_join.c \
	%D%/rvtools_tabs.c \
	%D%/write_csv.c
