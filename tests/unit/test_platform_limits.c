/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a platform, its licences and the storage allow, before anything is simulated. */
#include <string.h>

#include <glib.h>

#include "catalog/catalog.h"
#include "check.h"
#include "study/search.h"

struct world {
    struct hr_platform platform;
    struct hr_licence licence;
    struct hr_server server;
    struct hr_storage storage;
    struct hr_cluster_spec cluster;
    struct hr_needs needs;
};

/* Three hosts with ample memory and processors, one of which may fail, 40 guests. */
static void set_up(struct world *w)
{
    memset(w, 0, sizeof *w);
    w->licence = (struct hr_licence){.name = "L", .kind = HR_LICENCE_PER_SOCKET};
    w->platform = (struct hr_platform){
        .name = "P", .licences = &w->licence, .n_licences = 1, .cpu_efficiency = 1.0};
    w->server = (struct hr_server){.sockets = 2,
                                   .cores_per_socket = 16,
                                   .mhz = 3000,
                                   .perf_factor = 1.0,
                                   .threads_per_core = 1};
    w->cluster = (struct hr_cluster_spec){.server = &w->server,
                                          .memory = {64, 16},
                                          .n_hosts = 3,
                                          .storage = &w->storage,
                                          .n_disks = 12};
    w->needs = (struct hr_needs){.largest_guest = "g",
                                 .widest_guest = "g",
                                 .most_vcpus = 2,
                                 .n_guests = 40,
                                 .n_restart = 30};
}

static void expect(const struct world *w, const char *reason)
{
    g_autofree char *why = hr_arithmetic_excludes(&w->needs, &w->platform, &w->cluster, 1);
    if (g_strcmp0(why, reason) != 0) {
        fail_msg("\"%s\", expected \"%s\"", why != NULL ? why : "allowed",
                 reason != NULL ? reason : "allowed");
    }
}

static void each_limit_has_its_edge(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    expect(&w, NULL);
    w.platform.max_hosts = 3;
    w.platform.max_sockets_per_host = 2;
    w.platform.max_guests = 40;
    w.platform.max_guests_per_host = 15; /* two survivors run 30, three hosts 45 */
    w.licence.terms = (struct hr_licence_terms){
        .max_hosts = 3, .max_sockets_per_host = 2, .max_cores = 96, .max_guests = 40};
    expect(&w, NULL);
    w.platform.max_guests_per_host = 14;
    expect(&w, "guests after host failure: P allows 14 on a host, 2 × host cannot run 30 of "
               "priority high and medium");
    w.platform.max_guests_per_host = 13;
    w.needs.n_restart = 20;
    expect(&w, "guests: P allows 13 on a host, 3 hosts cannot run 40");
    set_up(&w);
    w.platform.max_guests = 39;
    expect(&w, "guests: P allows 39 in a cluster, not 40");
    set_up(&w);
    w.platform.max_sockets_per_host = 1;
    expect(&w, "processors: P allows 1 sockets in a host, not 2");
    set_up(&w);
    w.platform.max_hosts = 2;
    expect(&w, "hosts: P allows 2 in a cluster");
    set_up(&w);
    w.licence.terms.max_hosts = 2;
    expect(&w, "licence: L allows at most 2 hosts, not 3");
}

/* The same reasons without what guests need, for floors and reserves. */
static void limits_alone_give_the_same_reason(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    assert_null(hr_platform_excludes(&w.platform, &w.cluster, 40));
    w.licence.terms.max_guests = 40;
    assert_null(hr_platform_excludes(&w.platform, &w.cluster, 40));
    g_autofree char *why = hr_platform_excludes(&w.platform, &w.cluster, 41);
    assert_string_equal(why, "licence: L allows at most 40 guests, not 41");
}

static void disks_in_hosts_must_hold_the_data(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.cluster.n_disks = 0;
    expect(&w, NULL); /* an array is judged before, for all clusters alike */
    w.storage = (struct hr_storage){.name = "S", .kind = HR_STORAGE_HCI, .copies = 2};
    expect(&w, "storage: S does not hold the guests' data on 3 hosts");
    w.storage.kind = HR_STORAGE_LOCAL;
    expect(&w, "storage: S does not hold the guests' data on 3 hosts");
    w.cluster.n_disks = 6;
    expect(&w, NULL);
    /* Copies outlive all but one of them, and a majority of hosts must stay. */
    w.storage.kind = HR_STORAGE_HCI;
    expect(&w, NULL);
    w.cluster.n_hosts = 2;
    expect(&w, "storage: S stops when 1 of 2 hosts fail: no majority is left");
    w.cluster.n_hosts = 3;
    w.storage.copies = 1;
    expect(&w, "storage: S loses data when 1 host fails");
    w.storage.copies = 3;
    g_autofree char *two = hr_storage_excludes(&w.cluster, 2);
    assert_string_equal(two, "storage: S stops when 2 of 3 hosts fail: no majority is left");
    w.cluster.n_hosts = 5;
    assert_null(hr_storage_excludes(&w.cluster, 2));
}

/* A controller machine's memory is the guests' loss: what just fits without it does not with.
 */
static void a_controller_leaves_less_for_guests(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.needs.memory_all_mib = 3 * 1024.0 * 1024.0;
    expect(&w, NULL);
    w.platform.controller_mib = 32768;
    expect(&w, "memory: guests need 3072.0 GiB to start, 3 × host has 2976.0 GiB");
    set_up(&w);
    w.needs.cpu_mhz = 2 * 32 * 3000.0;
    expect(&w, NULL);
    w.platform.controller_mhz = 10000;
    expect(&w, "processors after host failure: mean demand 192.0 GHz, 2 × host has 172.0 GHz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_limit_has_its_edge),
        cmocka_unit_test(limits_alone_give_the_same_reason),
        cmocka_unit_test(disks_in_hosts_must_hold_the_data),
        cmocka_unit_test(a_controller_leaves_less_for_guests),
    };
    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
