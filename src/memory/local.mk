# SPDX-License-Identifier: GPL-3.0-or-later
libheadroom_a_SOURCES += \
	%D%/cold.c %D%/cold.h \
	%D%/dynamic.c %D%/dynamic.h \
	%D%/fill.c %D%/fill.h \
	%D%/kvm.c %D%/kvm.h \
	%D%/memory_policy.h \
	%D%/overcommit.c %D%/overcommit.h \
	%D%/overcommit_parts.h \
	%D%/overcommit_reclaim.c \
	%D%/overcommit_settle.c \
	%D%/overcommit_targets.c \
	%D%/registry.c \
	%D%/static.c \
	%D%/xen.c %D%/xen.h
