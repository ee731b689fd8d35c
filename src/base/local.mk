# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/csv_write.c %D%/csv_write.h \
	%D%/diag.c %D%/diag.h \
	%D%/error.c %D%/error.h \
	%D%/fields.h \
	%D%/hot.h \
	%D%/money.c %D%/money.h \
	%D%/progress.c %D%/progress.h \
	%D%/real.h \
	%D%/sheet.c %D%/sheet.h \
	%D%/text.c %D%/text.h \
	%D%/tree.c %D%/tree.h \
	%D%/tree_edit.c %D%/tree_edit.h \
	%D%/tree_nodes.h \
	%D%/units.h
