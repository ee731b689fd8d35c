# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/guests.c %D%/guests.h \
	%D%/pages.c %D%/pages.h \
	%D%/params.h
