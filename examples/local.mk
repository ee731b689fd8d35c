# SPDX-License-Identifier: GPL-3.0-or-later
# Installed beside the documentation; every example is run by a test.
smbdir = $(docdir)/examples/smb
dist_smb_DATA = examples/smb/inventory.csv examples/smb/README.md
scenariodir = $(docdir)/examples/scenario
dist_scenario_DATA = examples/scenario/boot-storm.yaml examples/scenario/overcommit.yaml \
	examples/scenario/smart-paging.yaml examples/scenario/README.md
sweepdramdir = $(docdir)/examples/sweep-dram-price
dist_sweepdram_DATA = examples/sweep-dram-price/then.yaml examples/sweep-dram-price/today.yaml \
	examples/sweep-dram-price/README.md
sweepsmbdir = $(docdir)/examples/sweep-smb
dist_sweepsmb_DATA = examples/sweep-smb/sweep.yaml examples/sweep-smb/scenario.yaml \
	examples/sweep-smb/README.md
