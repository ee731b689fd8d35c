# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/dynamic.c \
	%D%/fill.c %D%/fill.h \
	%D%/memory_policy.h \
	%D%/overcommit.c \
	%D%/registry.c \
	%D%/static.c
