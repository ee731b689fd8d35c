# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/erlang.c %D%/erlang.h \
	%D%/histogram.c %D%/histogram.h \
	%D%/integral.c %D%/integral.h \
	%D%/queue.c %D%/queue.h \
	%D%/rng.c %D%/rng.h
