# SPDX-License-Identifier: GPL-3.0-or-later
headroom_SOURCES += \
	%D%/main.c
