# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/backup.c \
	%D%/catalog.c %D%/catalog.h \
	%D%/entries.h \
	%D%/match.c %D%/match.h \
	%D%/os.c \
	%D%/platform.c \
	%D%/pricebook.c %D%/pricebook.h \
	%D%/pricebook_names.c %D%/pricebook_names.h \
	%D%/processor.c %D%/processor.h \
	%D%/role.c \
	%D%/schema.c %D%/schema.h \
	%D%/server.c \
	%D%/storage.c
