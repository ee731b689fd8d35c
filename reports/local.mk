# SPDX-License-Identifier: GPL-3.0-or-later
reportsdir = $(pkgdatadir)/reports
dist_reports_DATA = reports/comparison.yaml
dist_reports_DATA += reports/sweep.yaml
EXTRA_DIST += reports/README.md
