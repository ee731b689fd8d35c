# SPDX-License-Identifier: GPL-3.0-or-later
# Installed beside the documentation; every example is run by a test.
smbdir = $(docdir)/examples/smb
dist_smb_DATA = examples/smb/inventory.csv examples/smb/README.md
scenariodir = $(docdir)/examples/scenario
dist_scenario_DATA = examples/scenario/boot-storm.yaml examples/scenario/overcommit.yaml \
	examples/scenario/smart-paging.yaml examples/scenario/README.md
nutanixdir = $(docdir)/examples/nutanix-smb
dist_nutanix_DATA = examples/nutanix-smb/inventory.csv examples/nutanix-smb/README.md
metrodir = $(docdir)/examples/metro-3par
dist_metro_DATA = examples/metro-3par/inventory.csv examples/metro-3par/README.md
