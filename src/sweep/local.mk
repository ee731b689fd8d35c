# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/answers.c %D%/answers.h \
	%D%/axis.c %D%/axis.h \
	%D%/design.c %D%/design.h \
	%D%/plan.c %D%/plan.h \
	%D%/point.c \
	%D%/read.c \
	%D%/saltelli.c %D%/saltelli.h \
	%D%/sensitivity.c %D%/sensitivity.h \
	%D%/sweep.h
