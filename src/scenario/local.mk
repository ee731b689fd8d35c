# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/cluster.c \
	%D%/guests.c \
	%D%/scenario.h \
	%D%/yaml.c
