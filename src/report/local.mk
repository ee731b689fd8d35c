# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/build.c %D%/build.h \
	%D%/build_cells.c \
	%D%/build_chart.c \
	%D%/build_crossed.c \
	%D%/build_points.c \
	%D%/build_table.c \
	%D%/report.c %D%/report.h \
	%D%/scope.c %D%/scope.h \
	%D%/template.c %D%/template.h
