# SPDX-License-Identifier: GPL-3.0-or-later
dist_man_MANS = doc/headroom.1 doc/headroom-size.1
dist_doc_DATA = README.md NEWS.md doc/architecture.md doc/glossary.md doc/model.md \
	doc/performance.md
