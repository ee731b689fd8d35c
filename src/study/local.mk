# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/counters.c %D%/counters.h \
	%D%/evaluate.c \
	%D%/floor.c \
	%D%/growth.c \
	%D%/load_cache.c %D%/load_cache.h \
	%D%/loads.c \
	%D%/needs.c \
	%D%/pool.c %D%/pool.h \
	%D%/price.c \
	%D%/reserve.c \
	%D%/save.c %D%/save.h \
	%D%/save_runs.c %D%/save_runs.h \
	%D%/search.h \
	%D%/simulate.c %D%/simulate.h \
	%D%/simulate_json.c %D%/simulate_json.h \
	%D%/simulate_save.c \
	%D%/simulate_series.c \
	%D%/size.c %D%/size.h \
	%D%/staged.c \
	%D%/sweep.c %D%/sweep.h \
	%D%/sweep_export.c \
	%D%/sweep_group.c %D%/sweep_group.h \
	%D%/sweep_price.c \
	%D%/sweep_save.c %D%/sweep_save.h \
	%D%/verdict.c
