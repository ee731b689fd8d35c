# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/append.c %D%/append.h \
	%D%/db.c %D%/db.h \
	%D%/fields.c %D%/fields.h \
	%D%/handle.h \
	%D%/publish.c \
	%D%/query.c \
	%D%/restudy.c %D%/restudy.h \
	%D%/result.c %D%/result.h \
	%D%/rows.h \
	%D%/schema.c %D%/schema.h \
	%D%/schema_views.c \
	%D%/store.h \
	%D%/write.c
