# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/change.c %D%/change.h %D%/change_parts.h \
	%D%/change_save.c %D%/change_save.h \
	%D%/cliff.c \
	%D%/counters.c %D%/counters.h \
	%D%/evaluate.c \
	%D%/flip.c %D%/flip.h %D%/flip_growth.c %D%/flip_prices.c \
	%D%/floor.c \
	%D%/growth.c \
	%D%/keep.c %D%/keep.h %D%/keep_hosts.c \
	%D%/limits.c \
	%D%/load_cache.c %D%/load_cache.h \
	%D%/loads.c \
	%D%/needs.c \
	%D%/pool.c %D%/pool.h \
	%D%/price.c \
	%D%/reprice.c %D%/reprice.h \
	%D%/reserve.c \
	%D%/save.c %D%/save.h \
	%D%/save_cost.c %D%/save_cost.h \
	%D%/save_cost_views.c %D%/save_cost_views.h \
	%D%/save_keep.c %D%/save_keep.h \
	%D%/save_runs.c %D%/save_runs.h \
	%D%/scaled.c %D%/scaled.h \
	%D%/search.h \
	%D%/simulate.c %D%/simulate.h \
	%D%/simulate_json.c %D%/simulate_json.h \
	%D%/simulate_save.c \
	%D%/simulate_series.c \
	%D%/size.c %D%/size.h \
	%D%/staged.c \
	%D%/stored_price.c %D%/stored_price.h %D%/stored_save.c \
	%D%/tornado.c \
	%D%/sweep.c %D%/sweep.h \
	%D%/sweep_export.c \
	%D%/sweep_group.c %D%/sweep_group.h \
	%D%/sweep_price.c \
	%D%/sweep_save.c %D%/sweep_save.h \
	%D%/verdict.c
