# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/bend.c %D%/bend.h \
	%D%/calendar.c %D%/calendar.h \
	%D%/fast_exp.h \
	%D%/load.c %D%/load.h \
	%D%/profile.c %D%/profile.h
