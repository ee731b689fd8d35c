/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
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
    int group = storage->disks_group > 1 ? storage->disks_group : 1;
    int own = storage->parity_disks + storage->spare_disks;
    int most = storage->disks_max > 0 ? storage->disks_max / group * group : INT_MAX / 2;
    if (most <= own) {
        return 0;
    }
    int n_arrays = n_data > most - own ? (n_data + most - own - 1) / (most - own) : 1;
    int each = (n_data + n_arrays - 1) / n_arrays + own;
    each = each > storage->disks_min ? each : storage->disks_min;
    each = (each + group - 1) / group * group;
    return each <= most ? each * n_arrays : 0;
}

int hr_storage_arrays(const struct hr_storage *storage, int n_disks)
{
    if (storage->disks_max <= 0) {
        return 1;
    }
    int group = storage->disks_group > 1 ? storage->disks_group : 1;
    int most = storage->disks_max / group * group;
    return n_disks > most && most > 0 ? (n_disks + most - 1) / most : 1;
}

double hr_storage_iops(const struct hr_storage *storage, int n_disks)
{
    /* Spares idle; parity is spread, so every other disk serves reads and writes. */
    int n_working = n_disks - storage->spare_disks * hr_storage_arrays(storage, n_disks);
    if (n_working <= 0) {
        return 0.0;
    }
    double disk_io_per_guest_io =
        storage->read_frac + (1.0 - storage->read_frac) * storage->raid_write_penalty;
    return (double)n_working * storage->iops_per_disk / disk_io_per_guest_io;
}
