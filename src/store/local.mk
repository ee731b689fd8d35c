# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/answers.c %D%/answers.h \
	%D%/append.c %D%/append.h \
	%D%/db.c %D%/db.h \
	%D%/expression.c %D%/expression.h \
	%D%/fields.c %D%/fields.h \
	%D%/handle.h \
	%D%/insert.c %D%/insert.h \
	%D%/merge.c %D%/merge.h \
	%D%/points.c %D%/points.h \
	%D%/publish.c \
	%D%/query.c \
	%D%/restudy.c %D%/restudy.h \
	%D%/result.c %D%/result.h \
	%D%/rows.h \
	%D%/schema.c %D%/schema.h \
	%D%/schema_answers.c \
	%D%/schema_change.c %D%/schema_change.h \
	%D%/schema_costs.c \
	%D%/schema_sweep.c \
	%D%/schema_views.c \
	%D%/store.h \
	%D%/write.c
