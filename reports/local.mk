# SPDX-License-Identifier: GPL-3.0-or-later
reportsdir = $(pkgdatadir)/reports
dist_reports_DATA = reports/comparison.yaml
EXTRA_DIST += reports/README.md
