# SPDX-License-Identifier: GPL-3.0-or-later

guestsdatadir = $(pkgdatadir)/data/guests
dist_guestsdata_DATA = \
	%D%/guests/freebsd.yaml \
	%D%/guests/linux-2.6.yaml \
	%D%/guests/linux-3.yaml \
	%D%/guests/linux-5.yaml \
	%D%/guests/other-linux.yaml \
	%D%/guests/other-windows.yaml \
	%D%/guests/other.yaml \
	%D%/guests/windows-10.yaml \
	%D%/guests/windows-11.yaml \
	%D%/guests/windows-2000.yaml \
	%D%/guests/windows-2003.yaml \
	%D%/guests/windows-2008.yaml \
	%D%/guests/windows-2012.yaml \
	%D%/guests/windows-2016.yaml \
	%D%/guests/windows-2019.yaml \
	%D%/guests/windows-2022.yaml \
	%D%/guests/windows-2025.yaml \
	%D%/guests/windows-7.yaml \
	%D%/guests/windows-vista.yaml \
	%D%/guests/windows-xp.yaml

rolesdatadir = $(pkgdatadir)/data/roles
dist_rolesdata_DATA = \
	%D%/roles/backup.yaml \
	%D%/roles/domain-controller.yaml \
	%D%/roles/erp-app.yaml \
	%D%/roles/exchange.yaml \
	%D%/roles/file.yaml \
	%D%/roles/generic.yaml \
	%D%/roles/print.yaml \
	%D%/roles/sql.yaml \
	%D%/roles/terminal-server.yaml \
	%D%/roles/vdi-desktop.yaml \
	%D%/roles/web.yaml

platformsdatadir = $(pkgdatadir)/data/platforms
dist_platformsdata_DATA = \
	%D%/platforms/azure-local-subscription.yaml \
	%D%/platforms/azure-local.yaml \
	%D%/platforms/esx-2.yaml \
	%D%/platforms/esx-3-foundation.yaml \
	%D%/platforms/esx-3-standard.yaml \
	%D%/platforms/esx-3.yaml \
	%D%/platforms/hyperv-2008.yaml \
	%D%/platforms/hyperv-2008r2sp1.yaml \
	%D%/platforms/hyperv-2012r2.yaml \
	%D%/platforms/hyperv-dynamic.yaml \
	%D%/platforms/hyperv-static.yaml \
	%D%/platforms/nutanix-ahv.yaml \
	%D%/platforms/nutanix-esxi.yaml \
	%D%/platforms/nutanix-hyperv.yaml \
	%D%/platforms/proxmox.yaml \
	%D%/platforms/vcf-tiering.yaml \
	%D%/platforms/vcf.yaml \
	%D%/platforms/vsphere-4-advanced.yaml \
	%D%/platforms/vsphere-4-enterprise.yaml \
	%D%/platforms/vsphere-4-essentials-plus.yaml \
	%D%/platforms/vsphere-4-essentials.yaml \
	%D%/platforms/vsphere-4-standard.yaml \
	%D%/platforms/vsphere-4.yaml \
	%D%/platforms/vsphere-5-enterprise-plus.yaml \
	%D%/platforms/vsphere-5-essentials-plus.yaml \
	%D%/platforms/vsphere-5-essentials.yaml \
	%D%/platforms/vsphere-5-standard.yaml \
	%D%/platforms/vsphere-5-vram.yaml \
	%D%/platforms/vsphere-5.yaml \
	%D%/platforms/vsphere-6-essentials-plus.yaml \
	%D%/platforms/vsphere-6-standard.yaml \
	%D%/platforms/vsphere-6.yaml \
	%D%/platforms/vsphere-essentials-plus.yaml \
	%D%/platforms/vsphere-standard.yaml \
	%D%/platforms/vsphere.yaml \
	%D%/platforms/xcpng.yaml \
	%D%/platforms/xenserver-4.yaml \
	%D%/platforms/xenserver-5.6.yaml \
	%D%/platforms/xenserver-6.2.yaml

hostsdatadir = $(pkgdatadir)/data/hosts
dist_hostsdata_DATA = \
	%D%/hosts/dell-r320-1x6.yaml \
	%D%/hosts/dell-r640-2x10.yaml \
	%D%/hosts/dell-r640-2x16.yaml \
	%D%/hosts/dell-r660-2x16.yaml \
	%D%/hosts/dell-r6615-1x16.yaml \
	%D%/hosts/dell-r720-2x6.yaml \
	%D%/hosts/dell-r720-2x8.yaml \
	%D%/hosts/dell-r760-2x24.yaml \
	%D%/hosts/dell-r760-2x32.yaml \
	%D%/hosts/dell-r7615-1x32.yaml \
	%D%/hosts/hp-dl360-g5-2x4.yaml \
	%D%/hosts/hp-dl360-g6-2x4.yaml \
	%D%/hosts/hp-dl360p-gen8-2x8.yaml \
	%D%/hosts/hp-dl365-g5-2x4.yaml \
	%D%/hosts/hp-dl585-g5-4x4.yaml \
	%D%/hosts/hpe-dl325-gen10-1x16.yaml \
	%D%/hosts/hpe-dl360-gen11-2x16.yaml \
	%D%/hosts/hpe-dl380-gen10-2x10.yaml \
	%D%/hosts/hpe-dl380-gen11-2x32.yaml \
	%D%/hosts/nutanix-nx-1350.yaml \
	%D%/hosts/nutanix-nx-3350.yaml

storagedatadir = $(pkgdatadir)/data/storage
dist_storagedata_DATA = \
	%D%/storage/3par-7200-pair.yaml \
	%D%/storage/array-fc-2008.yaml \
	%D%/storage/array-me5.yaml \
	%D%/storage/array-msa2050.yaml \
	%D%/storage/array-msa2060.yaml \
	%D%/storage/array-p2000-g3-virsto.yaml \
	%D%/storage/array-p2000-g3.yaml \
	%D%/storage/hci-nvme.yaml \
	%D%/storage/local-ssd.yaml \
	%D%/storage/nutanix-nx.yaml

backupdatadir = $(pkgdatadir)/data/backup
dist_backupdata_DATA = \
	%D%/backup/nas-12bay-22tb.yaml \
	%D%/backup/nas-12bay-4tb.yaml \
	%D%/backup/nas-12bay-8tb.yaml \
	%D%/backup/storeonce-2700.yaml \
	%D%/backup/storeonce-3620.yaml \
	%D%/backup/veeam-advanced.yaml \
	%D%/backup/veeam-enterprise.yaml \
	%D%/backup/veeam-essentials-enterprise.yaml \
	%D%/backup/veeam-essentials-standard.yaml \
	%D%/backup/veeam-essentials.yaml \
	%D%/backup/veeam-foundation.yaml \
	%D%/backup/veeam-standard.yaml \
	%D%/backup/vembu-bdr-enterprise.yaml \
	%D%/backup/vembu-bdr-standard.yaml \
	%D%/backup/vembu-clouddr.yaml \
	%D%/backup/vembu-essentials.yaml \
	%D%/backup/vembu-imagebackup.yaml \
	%D%/backup/vembu-networkbackup-app.yaml \
	%D%/backup/vembu-networkbackup-file.yaml \
	%D%/backup/vembu-offsitedr.yaml

pricesdatadir = $(pkgdatadir)/data/prices
dist_pricesdata_DATA = \
	%D%/prices/2008.csv \
	%D%/prices/2013.csv \
	%D%/prices/2018.csv \
	%D%/prices/2026.csv

processorsdatadir = $(pkgdatadir)/data/processors
dist_processorsdata_DATA = \
	%D%/processors/generations.csv \
	%D%/processors/support.csv

validationdatadir = $(pkgdatadir)/data/validation
dist_validationdata_DATA = \
	%D%/validation/balloon-swap.yaml \
	%D%/validation/dm-target.yaml \
	%D%/validation/drs-demand.yaml \
	%D%/validation/esx2-sizing.yaml \
	%D%/validation/exchange-sql.yaml \
	%D%/validation/four-sixteens.yaml \
	%D%/validation/idle-tax.yaml \
	%D%/validation/min-free.yaml \
	%D%/validation/mm1.yaml \
	%D%/validation/mmc-04.yaml \
	%D%/validation/mmc-16.yaml \
	%D%/validation/overcommit-fifteen-boot.yaml \
	%D%/validation/overcommit-fifteen.yaml \
	%D%/validation/overcommit-hundred.yaml \
	%D%/validation/overhead-4.yaml \
	%D%/validation/overhead-5.yaml \
	%D%/validation/smart-paging-failover-free.yaml \
	%D%/validation/smart-paging-failover-full.yaml \
	%D%/validation/smart-paging-failover-reclaim.yaml \
	%D%/validation/smart-paging.yaml \
	%D%/validation/static-ten.yaml \
	%D%/validation/tco-two-to-one.yaml \
	%D%/validation/tps-identical.yaml \
	%D%/validation/tps-sites.yaml \
	%D%/validation/tps-vista.yaml
