/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sheet.h"
#include "catalog/catalog.h"
#include "test_inventory.h"

static struct hr_inventory *load_fixture(const char *name, hr_diag *diag)
{
    g_autofree char *path = fixture(name);
    struct hr_inventory *inventory = hr_inventory_load(path, NULL, diag, NULL);
    if (inventory == NULL) {
        hr_diag_print(diag, HR_NOTE, stderr);
        fail_msg("%s is refused", name);
    }
    return inventory;
}

/* One estate, written by three versions of the tool. */
static void versions_agree(void **state)
{
    (void)state;
    static const char *const folders[] = {"rvtools-4", "rvtools-3-semicolon",
                                          "rvtools-internal"};
    static const struct {
        const char *name;
        const char *host; /* tells the two webs apart in every version */
        const char *cluster;
        enum hr_power power;
        bool is_template;
        int vcpus;
        double memory_mib;
        double disk_used_gib; /* HR_UNKNOWN: not given */
    } guests[] = {
        {"alpha", "h1.example", "C1", HR_POWER_ON, false, 2, 4096, 20},
        {"beta", "h2.example", "C1", HR_POWER_ON, false, 4, 16384, 150},
        {"web", "h1.example", "C1", HR_POWER_ON, false, 1, 2048, 10},
        {"web", "h2.example", "C1", HR_POWER_OFF, false, 2, 4096, 5},
        {"golden", "h1.example", "C1", HR_POWER_OFF, true, 2, 4096, 12},
        {"late", "h2.example", "C1", HR_POWER_ON, false, 8, 32768, HR_UNKNOWN},
        {"far", "h9.example", "C2", HR_POWER_SUSPENDED, false, 2, 8192, 1},
    };
    for (size_t f = 0; f < G_N_ELEMENTS(folders); f++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_inventory) inventory = load_fixture(folders[f], diag);
        assert_string_equal(inventory->dialect, "rvtools");
        assert_int_equal(inventory->n_guests, G_N_ELEMENTS(guests));
        for (size_t i = 0; i < G_N_ELEMENTS(guests); i++) {
            const struct hr_inventory_guest *found = NULL;
            for (size_t g = 0; g < inventory->n_guests; g++) {
                const struct hr_inventory_guest *guest = &inventory->guests[g];
                if (strcmp(guest->name, guests[i].name) == 0 &&
                    strcmp(guest->host, guests[i].host) == 0) {
                    found = guest;
                }
            }
            assert_non_null(found);
            assert_string_equal(found->cluster, guests[i].cluster);
            assert_int_equal(found->power, guests[i].power);
            assert_int_equal(found->is_template, guests[i].is_template);
            assert_int_equal(found->vcpus, guests[i].vcpus);
            assert_near(found->memory_mib, guests[i].memory_mib, 0);
            assert_near(found->disk_used_gib, guests[i].disk_used_gib, 1e-9);
        }
        struct hr_inventory_totals totals;
        hr_inventory_totals(inventory, &totals);
        assert_int_equal(totals.guests, 6);
        assert_int_equal(totals.powered_on, 4);
        assert_int_equal(totals.templates, 1);
        assert_int_equal(totals.vcpus, 19);
        assert_int_equal(totals.memory_mib, 67584);
        assert_int_equal(inventory->n_hosts, 2);
        assert_int_equal(inventory->hosts[0].cores, 16);
        assert_int_equal(inventory->hosts[0].sockets, 2);
        assert_near(inventory->hosts[0].mhz, 2400, 0);
        assert_near(inventory->hosts[0].memory_mib, 131037, 0);
        assert_string_equal(inventory->hosts[1].name, "h2.example");
        assert_finding(diag, HR_MENDED, 7, "\"late\": 8 processors from vCPU");
        assert_finding(diag, HR_NOTE, 0, "1 host of vInfo is not in vHost (\"h9.example\")");
    }
}

static void joins_tabs_by_id(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory = load_fixture("rvtools-4", diag);
    const struct hr_inventory_guest *first = guest_named(inventory, "web", "vm-13");
    const struct hr_inventory_guest *second = guest_named(inventory, "web", "vm-14");
    assert_near(first->memory_reservation_mib, 512, 0);
    assert_near(second->memory_reservation_mib, 0, 0);
    assert_near(first->cpu_mhz_avg, 40, 0);
    const struct hr_inventory_guest *beta = guest_named(inventory, "beta", "vm-12");
    assert_near(beta->memory_limit_mib, 8192, 0);
    assert_near(beta->memory_active_mib, 9000, 0);
    assert_near(beta->memory_consumed_mib, 16000, 0);
    assert_near(beta->memory_shares, 163840, 0);
    assert_near(beta->cpu_mhz_avg, 2400, 0);
    assert_int_equal(beta->priority, HR_PRIORITY_HIGH);
    assert_string_equal(beta->os, "Ubuntu Linux (64-bit)");
    assert_string_equal(beta->site, "DC");
    const struct hr_inventory_guest *alpha = guest_named(inventory, "alpha", "vm-11");
    assert_near(alpha->disk_gib, 40, 0);                 /* two disks */
    assert_near(alpha->memory_limit_mib, HR_UNKNOWN, 0); /* -1 */
    const struct hr_inventory_guest *far = guest_named(inventory, "far", "vm-17");
    assert_near(far->memory_limit_mib, HR_UNKNOWN, 0); /* 2147483647 */
    /* vInfo knows nothing of this one but its name. */
    const struct hr_inventory_guest *late = guest_named(inventory, "late", "vm-16");
    assert_string_equal(late->host, "h2.example");
    assert_near(late->disk_gib, 100, 0);
    assert_near(late->memory_consumed_mib, 30000, 0);
    assert_finding(diag, HR_SKIPPED, 9, "\"dr-alpha\" is a placeholder");
    assert_int_equal(hr_diag_count_severity(diag, HR_SKIPPED), 1);
    assert_finding(diag, HR_NOTE, 0, "3 blank rows");
    /* vCluster fills in for a cluster whose hosts are not listed, and agrees with the other. */
    assert_int_equal(inventory->n_clusters, 2);
    assert_int_equal(inventory->clusters[0].cores, 32);
    assert_int_equal(inventory->clusters[1].n_hosts, 3);
    assert_int_equal(inventory->clusters[1].cores, 48);
    assert_false(has_finding(diag, HR_NOTE, 2, "is said to have"));
}

#define INFO_ID   "VM,Powerstate,CPUs,Memory,VM ID\n"
#define INFO_BARE "VM,Powerstate,CPUs,Memory,Folder\n"

static struct hr_inventory *load_tabs(const struct temp_file *files, size_t n_files,
                                      bool strict, hr_diag *diag)
{
    g_autofree char *folder = temp_folder(files, n_files);
    struct hr_inventory_options options = {.strict = strict};
    struct hr_inventory *inventory = hr_inventory_load(folder, &options, diag, NULL);
    remove_folder(folder);
    return inventory;
}

static void says_when_a_name_is_ambiguous(void **state)
{
    (void)state;
    const struct temp_file by_folder[] = {
        {"RVTools_tabvInfo.csv", INFO_BARE "w,poweredOn,1,1024,/a\nw,poweredOn,1,1024,/b\n", 0},
        {"RVTools_tabvMemory.csv", "VM,Size MiB,Folder\nw,4096,/b\nw,2048,/a\n", 0},
    };
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) told = load_tabs(by_folder, 2, false, diag);
    assert_non_null(told);
    assert_false(has_finding(diag, HR_NOTE, 2, "by its name only"));
    assert_near(told->guests[0].memory_mib, 2048, 0);
    assert_string_equal(told->guests[0].folder, "/a");
    assert_near(told->guests[1].memory_mib, 4096, 0);
    /* Without an id the second gets one, so that a written file can be read again. */
    assert_string_equal(told->guests[0].id, "");
    assert_string_equal(told->guests[1].id, "#2");
    assert_finding(diag, HR_MENDED, 3, "stands more than once without an id");

    const struct temp_file by_name[] = {
        {"RVTools_tabvInfo.csv", INFO_BARE "w,poweredOn,1,1024,\nw,poweredOn,1,512,\n", 0},
        {"RVTools_tabvMemory.csv", "VM,Size MiB\nw,4096\nw,2048\n", 0},
    };
    g_autoptr(hr_diag) second = hr_diag_new();
    g_autoptr(hr_inventory) untold = load_tabs(by_name, 2, false, second);
    assert_non_null(untold);
    assert_finding(second, HR_NOTE, 2, "\"w\": vMemory knows it by its name only");
    assert_finding(second, HR_NOTE, 3, "\"w\": vMemory knows it by its name only");
    assert_near(untold->guests[0].memory_mib, 512, 0);
    assert_near(untold->guests[1].memory_mib, 1024, 0);
}

static void does_not_join_across_ids(void **state)
{
    (void)state;
    /* Two vCenters give out the same VM IDs; a row that states another id is another guest. */
    const struct temp_file files[] = {
        {"RVTools_tabvInfo.csv",
         "VM,Powerstate,CPUs,Memory,VM ID,VI SDK UUID\n"
         "a,poweredOn,1,1024,vm-1,x\nb,poweredOn,1,1024,vm-1,y\nc,poweredOn,1,1024,vm-3,x\n",
         0},
        {"RVTools_tabvMemory.csv",
         "VM,Size MiB,VM ID,VI SDK UUID\nb,4096,vm-1,y\na,2048,vm-1,x\nc,9999,vm-4,x\n", 0},
    };
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory = load_tabs(files, 2, false, diag);
    assert_non_null(inventory);
    assert_near(guest_named(inventory, "a", NULL)->memory_mib, 2048, 0);
    assert_near(guest_named(inventory, "b", NULL)->memory_mib, 4096, 0);
    assert_near(guest_named(inventory, "c", NULL)->memory_mib, 1024, 0);
    assert_finding(diag, HR_NOTE, 0, "1 row belongs to no guest");
}

static void skips_and_mends_row_by_row(void **state)
{
    (void)state;
    static const char text[] = "VM,Powerstate,Template,CPUs,Memory,In Use MiB,VM ID\n"
                               "ok,poweredOn,False,2,4096,1024,vm-1\n"       /* 2 */
                               ",poweredOn,False,2,4096,1024,vm-2\n"         /* 3 */
                               "many,poweredOn,False,9999,4096,1024,vm-3\n"  /* 4 */
                               "huge,poweredOn,False,2,67108865,1024,vm-4\n" /* 5 */
                               "most,poweredOn,False,2,67108864,1024,vm-5\n" /* 6 */
                               "half,poweredOn,False,2,1024.5,1024,vm-6\n"   /* 7 */
                               "zero,poweredOn,False,2,0,1024,vm-7\n"        /* 8 */
                               "odd,flying,False,2,4096,lots,vm-8\n"         /* 9 */
                               "ok,poweredOn,False,2,4096,1024,vm-1\n"       /* 10 */
                               "minus,poweredOn,False,2,4096,-1,vm-9\n";     /* 11 */
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory = load_text(text, diag);
    assert_non_null(inventory);
    assert_int_equal(inventory->n_guests, 4);
    assert_finding(diag, HR_SKIPPED, 3, "without a name");
    assert_finding(diag, HR_SKIPPED, 4, "more processors than any guest can have");
    assert_finding(diag, HR_SKIPPED, 5, "more memory than any guest can have");
    assert_finding(diag, HR_SKIPPED, 7, "not a memory size");
    assert_finding(diag, HR_SKIPPED, 8, "no memory size");
    assert_finding(diag, HR_SKIPPED, 10, "stands twice");
    assert_int_equal(hr_diag_count_severity(diag, HR_SKIPPED), 6);
    assert_finding(diag, HR_MENDED, 9, "power state \"flying\" is not known; taken as on");
    assert_finding(diag, HR_MENDED, 9, "\"lots\" of vInfo is not a number");
    assert_int_equal(hr_diag_count_severity(diag, HR_MENDED), 1);
    assert_near(guest_named(inventory, "most", NULL)->memory_mib, 67108864, 0);
    assert_near(guest_named(inventory, "minus", NULL)->disk_used_gib, HR_UNKNOWN, 0);

    struct hr_inventory_options strict = {.strict = true};
    g_autoptr(hr_diag) second = hr_diag_new();
    assert_null(load_bytes(text, strlen(text), &strict, second));
    assert_int_equal(hr_diag_count_severity(second, HR_FATAL), 6);
    assert_finding(second, HR_FATAL, 4, "refused");
}

static void vmemory_and_vcpu_win(void **state)
{
    (void)state;
    const struct temp_file files[] = {
        {"rvtools_tabVINFO.csv",
         INFO_ID "a,poweredOn,1,1000,vm-1\nb,poweredOn,x,1000,vm-2\nc,poweredOn,3,3000,vm-3\n",
         0},
        {"RVTools_tabvMemory.csv", "VM,Size GB,VM ID\na,2,vm-1\nb,1.5,vm-2\nc,lots,vm-3\n", 0},
        {"RVTools_tabvCPU.csv", "VM,CPUs,Sockets,VM ID\na,4,1,vm-1\nb,2,1,vm-2\nc,3,1,vm-3\n",
         0},
        {"RVTools_tabvCluster.csv", "", 0},
        {"RVTools_tabvHost.csv", "Something,Else\n1,2\n", 0},
        {"RVTools_tabvSnapshot.csv", "not\"read", 0},
    };
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory = load_tabs(files, G_N_ELEMENTS(files), false, diag);
    assert_non_null(inventory);
    const struct hr_inventory_guest *a = guest_named(inventory, "a", NULL);
    assert_int_equal(a->vcpus, 4);
    assert_near(a->memory_mib, 2048, 0);
    const struct hr_inventory_guest *b = guest_named(inventory, "b", NULL);
    assert_int_equal(b->vcpus, 2);
    assert_near(b->memory_mib, 1536, 0);
    assert_near(guest_named(inventory, "c", NULL)->memory_mib, 3000, 0);
    assert_finding(diag, HR_MENDED, 2, "4 processors from vCPU, though vInfo says 1");
    assert_finding(diag, HR_MENDED, 2, "2048 MiB from vMemory, though vInfo says 1000");
    assert_finding(diag, HR_MENDED, 3, "CPUs \"x\" is not a number of processors");
    assert_finding(diag, HR_MENDED, 4, "3000 MiB from vInfo, as in vMemory Size GB \"lots\"");
    assert_finding(diag, HR_NOTE, 0, "the file is empty and left out");
    assert_finding(diag, HR_NOTE, 1, "not the columns of a tab that is known");
}

static void refuses_what_is_broken(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
        const char *says;
    } rows[] = {
        {"VM,Powerstate,CPUs,Memory,memory MB\na,poweredOn,1,1,1\n", 1,
         "the column Memory stands twice, once as memory MB"},
        {"VM,Powerstate,CPUs,Memory,VM\na,poweredOn,1,1,a\n", 1, "the column VM stands twice"},
        {"VM,Powerstate,Memory\na,poweredOn,512\n", 1,
         "no column for the number of processors"},
        {"VM,Powerstate,CPUs\na,poweredOn,1\n", 1, "no column for the memory"},
        {"VM,Powerstate,Size MiB,Limit\na,poweredOn,512,-1\n", 1,
         "this is a vMemory tab alone"},
        {"Host,# CPU,# Cores,# Memory\nh,2,16,1024\n", 1, "this is a vHost tab alone"},
        {"VM,Powerstate,CPUs,Memory\n", 0, "no guest"},
        {"VM,Powerstate,CPUs,Memory\na,poweredOn,x,1\n", 0, "no guest is left"},
        {"VM,Powerstate,CPUs,Memory\n\"a,poweredOn,1,1\n", 2,
         "opened on line 2 is never closed"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        if (load_text(rows[i].text, diag) != NULL) {
            fail_msg("row %zu is read", i);
        }
        assert_finding(diag, HR_FATAL, rows[i].line, rows[i].says);
    }
    g_autoptr(hr_diag) diag = hr_diag_new();
    const struct temp_file stray = {"RVTools_tabvSnapshot.csv", "VM\na\n", 0};
    assert_null(load_tabs(&stray, 1, false, diag));
    assert_finding(diag, HR_FATAL, 0, "the folder has no RVTools_tab*.csv");
    const struct temp_file no_info[] = {
        {"RVTools_tabvMemory.csv", "VM,Size MiB\na,512\n", 0},
        {"RVTools_tabvCPU.csv", "VM,CPUs,Sockets\na,2,1\n", 0},
    };
    assert_null(load_tabs(no_info, 2, false, diag));
    assert_finding(diag, HR_FATAL, 0, "there is no vInfo tab");
    const struct temp_file torn[] = {
        {"RVTools_tabvInfo.csv", INFO_ID "a,poweredOn,1,512,vm-1\n", 0},
        {"RVTools_tabvMemory.csv", "VM,Size MiB\n\"a,512\n", 0},
    };
    assert_null(load_tabs(torn, 2, false, diag));
    assert_finding(diag, HR_FATAL, 2, "never closed");
}

static void odd_rows_count(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory =
        load_text("VM,Powerstate,CPUs,Memory\na,poweredOn,2\nb,poweredOn,2,4096,x,y\n"
                  "c,poweredOn,2,4096,,\n",
                  diag);
    assert_non_null(inventory);
    assert_int_equal(inventory->n_guests, 2);
    assert_finding(diag, HR_SKIPPED, 2, "no memory size");
    assert_finding(diag, HR_MENDED, 3, "2 fields too many");
    assert_int_equal(hr_diag_count_severity(diag, HR_MENDED), 1);
}

/* Turns the data rows of a file around. */
static char *reversed(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    guint n = g_strv_length(lines);
    GString *out = g_string_new(lines[0]);
    for (guint i = n; i-- > 1;) {
        g_string_append_printf(out, "\r\n%s", lines[i]);
    }
    return g_string_free(out, FALSE);
}

static void order_of_rows_has_no_say(void **state)
{
    (void)state;
    static const char *const folders[] = {"rvtools-4", "rvtools-3-semicolon",
                                          "rvtools-internal"};
    static const char *const tabs[] = {"vInfo", "vMemory", "vCPU",
                                       "vDisk", "vHost",   "vCluster"};
    for (size_t f = 0; f < G_N_ELEMENTS(folders); f++) {
        g_autofree char *original_path = fixture(folders[f]);
        g_autofree char *turned_path = temp_folder(NULL, 0);
        for (size_t t = 0; t < G_N_ELEMENTS(tabs); t++) {
            g_autofree char *name = g_strdup_printf("RVTools_tab%s.csv", tabs[t]);
            g_autofree char *from = g_build_filename(original_path, name, NULL);
            g_autofree char *to = g_build_filename(turned_path, name, NULL);
            g_autofree char *text = NULL;
            if (g_file_get_contents(from, &text, NULL, NULL)) {
                g_autofree char *turned = reversed(text);
                assert_true(g_file_set_contents(to, turned, -1, NULL));
            }
        }
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_inventory) original = hr_inventory_load(original_path, NULL, diag, NULL);
        g_autoptr(hr_inventory) turned = hr_inventory_load(turned_path, NULL, diag, NULL);
        remove_folder(turned_path);
        assert_non_null(original);
        assert_non_null(turned);
        g_autofree char *text = hr_inventory_to_csv(original);
        g_autofree char *text_turned = hr_inventory_to_csv(turned);
        assert_string_equal(text, text_turned);
        assert_int_equal(original->n_clusters, turned->n_clusters);
        assert_string_equal(original->hosts[0].name, turned->hosts[0].name);
    }
}

/* Whatever a cut-off file gives: an inventory or a finding, and no crash. */
static void survives_every_cut(void **state)
{
    (void)state;
    g_autofree char *path = fixture("rvtools-4/RVTools_tabvInfo.csv");
    g_autofree char *text = NULL;
    gsize n = 0;
    assert_true(g_file_get_contents(path, &text, &n, NULL));
    for (gsize cut = 1; cut < n; cut += 3) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_inventory) inventory = load_bytes(text, cut, NULL, diag);
        assert_true(inventory != NULL || hr_diag_count_severity(diag, HR_FATAL) > 0);
        assert_true(inventory == NULL || hr_diag_count_severity(diag, HR_FATAL) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_agree),
        cmocka_unit_test(joins_tabs_by_id),
        cmocka_unit_test(says_when_a_name_is_ambiguous),
        cmocka_unit_test(does_not_join_across_ids),
        cmocka_unit_test(skips_and_mends_row_by_row),
        cmocka_unit_test(vmemory_and_vcpu_win),
        cmocka_unit_test(refuses_what_is_broken),
        cmocka_unit_test(odd_rows_count),
        cmocka_unit_test(order_of_rows_has_no_say),
        cmocka_unit_test(survives_every_cut),
    };
    return cmocka_run_group_tests_name("inventory_rvtools", tests, NULL, NULL);
}
