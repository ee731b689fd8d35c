/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/error.h"
#include "cost/cost.h"

/* A disk's terabytes are decimal; guests' data is counted in binary units. */
static double disk_gib(const struct hr_storage *storage)
{
    return storage->disk_tb * 1e12 / (1024.0 * 1024.0 * 1024.0);
}

int hr_storage_disks_for(const struct hr_storage *storage, double gib)
{
    hr_assert(gib >= 0.0);
    double usable_gib = disk_gib(storage) * (1.0 - storage->headroom_frac);
    if (!(usable_gib > 0.0) || gib / usable_gib > 1e6) {
        return 0;
    }
    /* Data that fills the disks to the last byte needs no further one for a rounding error. */
    int n_data = (int)ceil(gib / usable_gib - 1e-9);
    int n = n_data + storage->parity_disks + storage->spare_disks;
    n = n > storage->disks_min ? n : storage->disks_min;
    int group = storage->disks_group > 1 ? storage->disks_group : 1;
    n = (n + group - 1) / group * group;
    return storage->disks_max > 0 && n > storage->disks_max ? 0 : n;
}

double hr_storage_iops(const struct hr_storage *storage, int n_disks)
{
    /* Spares idle; parity is spread, so every other disk serves reads and writes. */
    int n_working = n_disks - storage->spare_disks;
    if (n_working <= 0) {
        return 0.0;
    }
    double disk_io_per_guest_io =
        storage->read_frac + (1.0 - storage->read_frac) * storage->raid_write_penalty;
    return (double)n_working * storage->iops_per_disk / disk_io_per_guest_io;
}
