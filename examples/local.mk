# SPDX-License-Identifier: GPL-3.0-or-later
# Installed beside the documentation; every example is run by a test.
smbdir = $(docdir)/examples/smb
dist_smb_DATA = examples/smb/inventory.csv examples/smb/README.md
scenariodir = $(docdir)/examples/scenario
dist_scenario_DATA = examples/scenario/boot-storm.yaml examples/scenario/overcommit.yaml \
	examples/scenario/smart-paging.yaml examples/scenario/README.md
overcommit2008dir = $(docdir)/examples/overcommit-2008
dist_overcommit2008_DATA = examples/overcommit-2008/inventory-2008.csv \
	examples/overcommit-2008/inventory-2008-busier.csv \
	examples/overcommit-2008/inventory-2026.csv examples/overcommit-2008/memory-2008-dear.csv \
	examples/overcommit-2008/memory-2025.csv examples/overcommit-2008/scenario.yaml \
	examples/overcommit-2008/README.md
hyperv2025dir = $(docdir)/examples/hyperv-2025
dist_hyperv2025_DATA = examples/hyperv-2025/ten-windows.csv examples/hyperv-2025/eleven-windows.csv \
	examples/hyperv-2025/README.md
essentialsplusdir = $(docdir)/examples/essentials-plus
dist_essentialsplus_DATA = examples/essentials-plus/costs.yaml \
	examples/essentials-plus/inventory.csv examples/essentials-plus/README.md
nutanixdir = $(docdir)/examples/nutanix-smb
dist_nutanix_DATA = examples/nutanix-smb/inventory.csv examples/nutanix-smb/README.md
metrodir = $(docdir)/examples/metro-3par
dist_metro_DATA = examples/metro-3par/inventory.csv examples/metro-3par/README.md
sweepdramdir = $(docdir)/examples/sweep-dram-price
dist_sweepdram_DATA = examples/sweep-dram-price/then.yaml examples/sweep-dram-price/today.yaml \
	examples/sweep-dram-price/README.md
sweepsmbdir = $(docdir)/examples/sweep-smb
dist_sweepsmb_DATA = examples/sweep-smb/sweep.yaml examples/sweep-smb/scenario.yaml \
	examples/sweep-smb/README.md
