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

/* Of one array, or of the disks of one host: data, own ones, the least, in whole groups. */
static int disks_of_one(const struct hr_storage *storage, int n_data)
{
    int group = storage->disks_group > 1 ? storage->disks_group : 1;
    int n = n_data + storage->parity_disks + storage->spare_disks;
    n = n > storage->disks_min ? n : storage->disks_min;
    return (n + group - 1) / group * group;
}

/* Data that fills the disks to the last byte needs no further one for a rounding error. */
static int data_disks(double gib, double usable_gib)
{
    return (int)ceil(gib / usable_gib - 1e-9);
}

static int disks_of_arrays(const struct hr_storage *storage, double gib, double usable_gib)
{
    int n_data = data_disks(gib, usable_gib);
    int group = storage->disks_group > 1 ? storage->disks_group : 1;
    int own = storage->parity_disks + storage->spare_disks;
    int most = storage->disks_max > 0 ? storage->disks_max / group * group : INT_MAX / 16;
    if (most <= own) {
        return 0;
    }
    int n_arrays = n_data > most - own ? (n_data + most - own - 1) / (most - own) : 1;
    int each = disks_of_one(storage, (n_data + n_arrays - 1) / n_arrays);
    return each <= most ? each * n_arrays * hr_storage_copies(storage) : 0;
}

static int disks_of_hosts(const struct hr_storage *storage, double gib, double usable_gib,
                          int n_hosts)
{
    bool is_pool = storage->kind == HR_STORAGE_HCI;
    int holding = is_pool ? n_hosts - 1 : n_hosts; /* a pool is rebuilt without the lost host */
    if (n_hosts < storage->hosts_min || holding < 1) {
        return 0;
    }
    double on_each = gib * (is_pool ? hr_storage_copies(storage) : 1) / holding;
    int each = disks_of_one(storage, data_disks(on_each, usable_gib));
    return storage->disks_max <= 0 || each <= storage->disks_max ? each * n_hosts : 0;
}

int hr_storage_disks_on(const struct hr_storage *storage, double gib, int n_hosts)
{
    hr_assert(gib >= 0.0);
    double usable_gib = disk_gib(storage) * (1.0 - storage->headroom_frac);
    if (!(usable_gib > 0.0) || gib / usable_gib > 1e6) {
        return 0;
    }
    return storage->kind == HR_STORAGE_ARRAY
               ? disks_of_arrays(storage, gib, usable_gib)
               : disks_of_hosts(storage, gib, usable_gib, n_hosts);
}

int hr_storage_disks_for(const struct hr_storage *storage, double gib)
{
    return hr_storage_disks_on(storage, gib, storage->hosts_min > 0 ? storage->hosts_min : 1);
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
