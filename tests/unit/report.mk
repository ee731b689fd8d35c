# SPDX-License-Identifier: GPL-3.0-or-later
UNIT_TESTS += tests/unit/test_report tests/unit/test_report_template
tests_unit_test_report_SOURCES = tests/unit/test_report.c tests/unit/test_report_study.c \
	tests/unit/test_report_study.h tests/unit/test_plot_golden.h
tests_unit_test_report_LDADD = $(UNIT_LDADD)
tests_unit_test_report_template_SOURCES = tests/unit/test_report_template.c \
	tests/unit/test_report_study.c tests/unit/test_report_study.h
tests_unit_test_report_template_LDADD = $(UNIT_LDADD)
EXTRA_DIST += tests/golden/report-comparison.txt
UNIT_TESTS += tests/unit/test_report_sweep
tests_unit_test_report_sweep_SOURCES = tests/unit/test_report_sweep.c \
	tests/unit/sweep_fixture.c tests/unit/sweep_fixture.h \
	tests/unit/store_fixture.c tests/unit/store_fixture.h \
	tests/unit/test_report_study.c tests/unit/test_report_study.h
tests_unit_test_report_sweep_LDADD = $(UNIT_LDADD)
