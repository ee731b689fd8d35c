# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/case.c %D%/case.h \
	%D%/judge.c %D%/judge.h \
	%D%/path.c %D%/path.h \
	%D%/queueing.c %D%/queueing.h \
	%D%/validate.c %D%/validate.h
