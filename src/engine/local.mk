# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/erlang.h \
	%D%/histogram.h \
	%D%/integral.h \
	%D%/queue.h \
	%D%/rng.h
