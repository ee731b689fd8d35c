# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/balance.c \
	%D%/contention.c \
	%D%/fluid.c \
	%D%/loop.c \
	%D%/placement.c \
	%D%/power.c \
	%D%/record.c \
	%D%/result.c %D%/result.h \
	%D%/run.h \
	%D%/solve.c \
	%D%/world.c %D%/world.h
