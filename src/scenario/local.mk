# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/cluster.c \
	%D%/guests.c \
	%D%/rightsize.c \
	%D%/scenario.h \
	%D%/settings.c %D%/settings.h \
	%D%/yaml.c
