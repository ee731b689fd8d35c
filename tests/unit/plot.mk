# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_plot_scale tests/unit/test_plot_chart tests/unit/test_plot_document
UNIT_TESTS += tests/unit/test_plot_map
tests_unit_test_plot_scale_SOURCES = tests/unit/test_plot_scale.c
tests_unit_test_plot_scale_LDADD = $(UNIT_LDADD)
tests_unit_test_plot_chart_SOURCES = tests/unit/test_plot_chart.c tests/unit/test_plot_golden.h
tests_unit_test_plot_chart_LDADD = $(UNIT_LDADD)
tests_unit_test_plot_map_SOURCES = tests/unit/test_plot_map.c tests/unit/test_plot_golden.h
tests_unit_test_plot_map_LDADD = $(UNIT_LDADD)
tests_unit_test_plot_document_SOURCES = tests/unit/test_plot_document.c tests/unit/test_plot_golden.h
tests_unit_test_plot_document_LDADD = $(UNIT_LDADD)
EXTRA_DIST += tests/golden/chart-memory.txt tests/golden/chart-bars-stacked.txt \
	tests/golden/chart-bars-grouped.txt tests/golden/chart-lines.txt tests/golden/chart-dots.txt tests/golden/document.txt
EXTRA_DIST += tests/golden/chart-map.txt tests/golden/chart-scatter.txt tests/golden/chart-break-even.txt

# Writes the recorded drawings anew; read the difference before committing it.
golden-drawings: tests/unit/test_plot_chart tests/unit/test_plot_map tests/unit/test_plot_document tests/unit/test_report
	for test in $^; do $(AM_TESTS_ENVIRONMENT) HR_GOLDEN_WRITE=1 ./$$test > /dev/null || exit 1; done
.PHONY: golden-drawings
