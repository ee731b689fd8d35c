# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests are cmocka programs that print TAP; each mirrors a file of src/.
UNIT_TESTS =
UNIT_LDADD = $(HEADROOM_LIBS) $(CMOCKA_LIBS)
EXTRA_DIST += tests/lsan.supp tests/unit/check.h
TESTS += tests/layers.sh tests/lint.sh tests/lint_catches.sh
EXTRA_DIST += tests/slurm.sh tests/layers.sh tests/lint.sh tests/lint_catches.sh

include tests/unit/base.mk
include tests/unit/engine.mk
include tests/unit/catalog.mk
include tests/unit/inventory.mk
include tests/unit/workload.mk
include tests/unit/memory.mk
include tests/unit/run.mk
include tests/unit/scenario.mk
include tests/unit/cost.mk
include tests/unit/store.mk
include tests/unit/plot.mk
include tests/unit/sweep.mk
include tests/unit/study.mk
include tests/unit/validate.mk
include tests/unit/report.mk
include tests/cli/local.mk
include tests/bench/local.mk

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
