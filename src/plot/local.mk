# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/canvas.c %D%/canvas.h \
	%D%/canvas_cairo.c %D%/canvas_cairo.h \
	%D%/canvas_text.c \
	%D%/chart.c %D%/chart.h \
	%D%/chart_cells.c \
	%D%/chart_draw.c \
	%D%/chart_layout.c \
	%D%/chart_parts.h \
	%D%/chart_points.c \
	%D%/chart_style.h \
	%D%/decimate.c %D%/decimate.h \
	%D%/document.c %D%/document.h \
	%D%/document_draw.c \
	%D%/document_layout.c \
	%D%/document_private.h \
	%D%/output.c %D%/output.h \
	%D%/palette.c %D%/palette.h \
	%D%/scale.c %D%/scale.h \
	%D%/table.c %D%/table.h
