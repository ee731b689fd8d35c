# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/counters.c %D%/counters.h \
	%D%/evaluate.c \
	%D%/floor.c \
	%D%/growth.c \
	%D%/keep.c %D%/keep.h %D%/keep_hosts.c \
	%D%/limits.c \
	%D%/loads.c \
	%D%/needs.c \
	%D%/pool.c %D%/pool.h \
	%D%/price.c \
	%D%/reserve.c \
	%D%/save.c %D%/save.h \
	%D%/save_cost.c %D%/save_cost.h \
	%D%/save_keep.c %D%/save_keep.h \
	%D%/save_runs.c %D%/save_runs.h \
	%D%/search.h \
	%D%/simulate.c %D%/simulate.h \
	%D%/simulate_json.c %D%/simulate_json.h \
	%D%/simulate_save.c \
	%D%/simulate_series.c \
	%D%/size.c %D%/size.h \
	%D%/staged.c \
	%D%/stored_price.c %D%/stored_price.h %D%/stored_save.c \
	%D%/verdict.c
