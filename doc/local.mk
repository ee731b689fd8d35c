# SPDX-License-Identifier: GPL-3.0-or-later
dist_man_MANS = doc/headroom.1 doc/headroom-catalog.1 doc/headroom-chart.1 doc/headroom-init.1 \
	doc/headroom-inventory.1 doc/headroom-merge.1 doc/headroom-report.1 doc/headroom-reprice.1 \
	doc/headroom-scenario.5 doc/headroom-simulate.1 doc/headroom-size.1 doc/headroom-sweep.1 \
	doc/headroom-sweep.5 doc/headroom-validate.1
dist_doc_DATA = README.md NEWS.md doc/architecture.md doc/glossary.md doc/model.md \
	doc/performance.md doc/validation.md

# Where bash looks for it by the command's name.
bashcompletiondir = $(datadir)/bash-completion/completions
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)'
	$(INSTALL_DATA) '$(srcdir)/doc/headroom.bash-completion' \
		'$(DESTDIR)$(bashcompletiondir)/headroom'
uninstall-local:
	rm -f '$(DESTDIR)$(bashcompletiondir)/headroom'
EXTRA_DIST += doc/headroom.bash-completion
dist_doc_DATA += doc/database.md doc/prices.md doc/sweep.md
