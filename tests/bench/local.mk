# SPDX-License-Identifier: GPL-3.0-or-later
# The benchmark; `make check` only sees that it runs.
BENCH = tests/bench/bench
check_PROGRAMS += $(BENCH)
tests_bench_bench_SOURCES = tests/bench/bench.c tests/bench/bench.h tests/bench/bench_queue.c \
	tests/bench/bench_host.c tests/bench/bench_estate.c tests/bench/bench_study.c \
	tests/bench/bench_store.c tests/bench/bench_sweep.c tests/bench/estate.c tests/bench/estate.h
tests_bench_bench_LDADD = $(HEADROOM_LIBS)
TESTS += tests/bench/smoke.sh
EXTRA_DIST += tests/bench/smoke.sh tests/bench/instructions.sh

# Figures for doc/performance.md; the second counts instructions and needs valgrind.
bench: headroom $(BENCH)
	@$(AM_TESTS_ENVIRONMENT) ./$(BENCH)
bench-instructions: $(BENCH)
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/bench/instructions.sh ./$(BENCH)
.PHONY: bench bench-instructions
