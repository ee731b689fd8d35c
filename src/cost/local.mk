# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/bill.c %D%/bill.h \
	%D%/book.c \
	%D%/cost.c %D%/cost.h \
	%D%/depreciation.c %D%/depreciation.h \
	%D%/energy.c %D%/energy.h \
	%D%/licence.c %D%/licence.h %D%/licence_rules.h %D%/limits.c \
	%D%/part_addon.c %D%/part_around.c %D%/part_backup.c %D%/part_hardware.c \
	%D%/part_licence.c %D%/part_own.c %D%/part_risk.c %D%/part_running.c %D%/part_windows.c \
	%D%/prices.h \
	%D%/rule_core.c %D%/rule_host.c %D%/rule_socket.c %D%/rule_windows.c \
	%D%/shares.c \
	%D%/staged.c \
	%D%/storage.c
