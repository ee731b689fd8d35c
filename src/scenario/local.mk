# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/cluster.c \
	%D%/contents.c \
	%D%/costs.c %D%/costs.h \
	%D%/demand.c \
	%D%/guests.c \
	%D%/keep.c %D%/keep.h \
	%D%/limits.c %D%/limits.h \
	%D%/read.c %D%/read.h \
	%D%/read_cluster.c \
	%D%/read_demand.c \
	%D%/read_growth.c \
	%D%/read_guests.c \
	%D%/read_platforms.c \
	%D%/reading.h \
	%D%/rightsize.c \
	%D%/scenario.h \
	%D%/settings.c %D%/settings.h \
	%D%/yaml.c
