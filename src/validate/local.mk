# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/case.c %D%/case.h \
	%D%/case_cost.c %D%/case_cost.h \
	%D%/costing.c %D%/costing.h \
	%D%/judge.c %D%/judge.h \
	%D%/path.c %D%/path.h \
	%D%/queueing.c %D%/queueing.h \
	%D%/validate.c %D%/validate.h
