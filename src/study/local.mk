# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/evaluate.c \
	%D%/floor.c \
	%D%/growth.c \
	%D%/loads.c \
	%D%/needs.c \
	%D%/pool.c %D%/pool.h \
	%D%/price.c \
	%D%/reserve.c \
	%D%/save.c %D%/save.h \
	%D%/save_runs.c %D%/save_runs.h \
	%D%/search.h \
	%D%/simulate.c %D%/simulate.h \
	%D%/simulate_save.c \
	%D%/size.c %D%/size.h \
	%D%/staged.c \
	%D%/verdict.c
