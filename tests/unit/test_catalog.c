/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/match.h"
#include "catalog/pricebook.h"
#include "check.h"
#include "memory/dynamic.h"
#include "memory/overcommit.h"

static const char *const FOLDERS[] = {"guests", "roles",   "platforms",
                                      "hosts",  "storage", "backup"};

static const char *data_dir(void)
{
    return getenv("HEADROOM_DATA");
}

static int load_shipped(void **state)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) error = NULL;
    *state = hr_catalog_load(data_dir(), diag, &error);
    hr_diag_print(diag, HR_NOTE, stdout);
    return *state == NULL || hr_diag_count(diag) > 0 ? -1 : 0;
}

static int free_shipped(void **state)
{
    hr_catalog_free(*state);
    return 0;
}

static const struct {
    const char *text;
    const char *id;
    bool matched;
} SYSTEM_ROWS[] = {
    {"Microsoft Windows Server 2019 (64-bit)", "windows-2019", true},
    {"Microsoft Windows Server 2016 (64-bit)", "windows-2016", true},
    {"Microsoft Windows Server 2016 or later (64-bit)", "windows-2016", true},
    {"Microsoft Windows Server 2022 (64-bit)", "windows-2022", true},
    {"Microsoft Windows Server 2025 (64-bit)", "windows-2025", true},
    {"Microsoft Windows Server 2012 (64-bit)", "windows-2012", true},
    {"Windows Server 2012 R2 Datacenter", "windows-2012", true},
    {"Microsoft Windows Server 2008 R2 (64-bit)", "windows-2008", true},
    {"Windows Server\xc2\xae 2008 Standard", "windows-2008", true},
    {"Microsoft(R) Windows(R) Server 2003, Standard Edition", "windows-2003", true},
    {"Microsoft Windows Server 2003 Standard (32-bit)", "windows-2003", true},
    {"Microsoft Windows 2000 Server", "windows-2000", true},
    {"Microsoft Windows 2000 Professional", "windows-xp", true},
    {"Microsoft Windows NT 4", "windows-2000", true},
    {"Microsoft Windows XP Professional (32-bit)", "windows-xp", true},
    {"Microsoft Windows Vista (64-bit)", "windows-vista", true},
    {"Microsoft Windows 7 (64-bit)", "windows-7", true},
    {"Microsoft Windows 8.x (64-bit)", "windows-7", true},
    {"Microsoft Windows 10 (64-bit)", "windows-10", true},
    {"Windows 10 Enterprise", "windows-10", true},
    {"Microsoft Windows 11 (64-bit)", "windows-11", true},
    {"windows 2022", "windows-2022", true},
    {"Win2019", "windows-2019", true},
    {"Red Hat Enterprise Linux 9 (64-bit)", "linux-5", true},
    {"Red Hat Enterprise Linux 8 (64-bit)", "linux-5", true},
    {"Red Hat Enterprise Linux 7 (64-bit)", "linux-3", true},
    {"Red Hat Enterprise Linux 6 (64-bit)", "linux-2.6", true},
    {"Red Hat Enterprise Linux Server release 6.10 (Santiago)", "linux-2.6", true},
    {"Linux 4.18.0-305.el8.x86_64 Red Hat Enterprise Linux 8.4 (Ootpa)", "linux-5", true},
    {"CentOS 4/5 or later (64-bit)", "linux-3", true},
    {"CentOS 4/5/6 (64-bit)", "linux-2.6", true},
    {"CentOS 7 (64-bit)", "linux-3", true},
    {"CentOS Linux release 7.9.2009 (Core)", "linux-3", true},
    {"Oracle Linux 8 (64-bit)", "linux-5", true},
    {"Rocky Linux (64-bit)", "linux-5", true},
    {"AlmaLinux (64-bit)", "linux-5", true},
    {"Debian GNU/Linux 12 (64-bit)", "linux-5", true},
    {"Debian GNU/Linux 10 (64-bit)", "linux-5", true},
    {"Debian GNU/Linux 9 (64-bit)", "linux-3", true},
    {"Debian GNU/Linux 7 (64-bit)", "linux-2.6", true},
    {"Ubuntu Linux (64-bit)", "linux-5", true},
    {"Ubuntu 20.04.3 LTS", "linux-5", true},
    {"ubuntu 22.04", "linux-5", true},
    {"ubuntu-24.04", "linux-5", true},
    {"Ubuntu 16.04.7 LTS", "linux-3", true},
    {"Ubuntu 12.04", "linux-2.6", true},
    {"SUSE Linux Enterprise 15 (64-bit)", "linux-5", true},
    {"SUSE Linux Enterprise 12 (64-bit)", "linux-3", true},
    {"SUSE Linux Enterprise Server 11 SP4", "linux-2.6", true},
    {"SUSE Linux Enterprise 8/9 (32-bit)", "linux-2.6", true},
    {"Other 2.6.x Linux (64-bit)", "linux-2.6", true},
    {"Other 3.x or later Linux (64-bit)", "linux-3", true},
    {"Other 4.x Linux (64-bit)", "linux-3", true},
    {"Other 5.x or later Linux (64-bit)", "linux-5", true},
    {"Other 6.x or later Linux (64-bit)", "linux-5", true},
    {"Other Linux (64-bit)", "other-linux", true},
    {"VMware Photon OS (64-bit)", "linux-5", true},
    {"VMware Photon OS", "linux-5", true},
    {"Amazon Linux 2 (64-bit)", "linux-3", true},
    {"Amazon Linux 2023", "linux-5", true},
    {"FreeBSD 13 or later versions (64-bit)", "freebsd", true},
    {"Some Linux of Tomorrow", "other-linux", false},
    {"Microsoft Windows Server", "other-windows", false},
    {"Windows", "other-windows", false},
    {"Microsoft Windows 1", "other-windows", false},
    {"Oracle Solaris 11 (64-bit)", "other", false},
    {"Other (64-bit)", "other", false},
    {"", "other", false},
};

static void matches_system_texts(void **state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(SYSTEM_ROWS); i++) {
        bool matched = !SYSTEM_ROWS[i].matched;
        const struct hr_os *os = hr_catalog_match_os(*state, SYSTEM_ROWS[i].text, &matched);
        if (strcmp(os->id, SYSTEM_ROWS[i].id) != 0 || matched != SYSTEM_ROWS[i].matched) {
            fail_msg("'%s' is %s (%d), expected %s", SYSTEM_ROWS[i].text, os->id, matched,
                     SYSTEM_ROWS[i].id);
        }
    }
}

static void matches_guest_names(void **state)
{
    static const struct {
        const char *role;
        const char *const names[16];
    } rows[] = {
        {"domain-controller",
         {"dc01", "DC-1", "ber-dc02", "MUCDC2", "ad01", "muc-ad", "SRVDC1",
          "dc01.corp.example"}},
        {"file",
         {"fs01", "BER-FS1", "mucfs01", "fileserver", "file-01", "srvfile02", "dateiserver",
          "profile01", "archiv-2"}},
        {"print", {"prt01", "muc-prt2", "print01", "printserver", "druckserver", "SRVPRINT01"}},
        {"exchange", {"exch01", "EX01", "muc-ex2", "exchange", "mail", "mail02.example.com"}},
        {"sql",
         {"SQL01", "muc-sql-2", "VMSQL3", "db01", "db-prod", "mariadb1", "ORACLE1",
          "app-sql-01", "web-db-01", "erp-db01", "datenbank", "sap-hana1", "filemaker",
          "SQL_PROD 2"}},
        {"erp-app",
         {"erp01", "sap-app1", "app01", "hr-app-test", "navision", "datev", "sharepoint01",
          "wawi", "crm-2"}},
        {"web", {"web01", "www", "muc-web2", "webapp01", "intranet", "nginx-1", "iis2"}},
        {"terminal-server",
         {"rds01", "RDSH-3", "ts01", "muc-ts2", "terminal1", "term-01", "citrix01", "ctx-12",
          "srv-terminalserver", "web-ts-1" /* a tie goes to the first id */}},
        {"vdi-desktop", {"vdi-007", "w10-0042", "W11-1", "desktop12", "desk-3", "muc-vdi1"}},
        {"backup", {"bkp01", "backup", "muc-backup", "veeam01", "VBR-1", "datensicherung"}},
        {"generic", {"adfs01", "admin-1", "prtg", "mailgw1", "vcenter", "filebeat1"}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (const char *const *name = rows[i].names; *name != NULL; name++) {
            bool matched = false;
            const struct hr_role *role = hr_catalog_match_role(*state, *name, &matched);
            if (strcmp(role->id, rows[i].role) != 0 || !matched) {
                fail_msg("'%s' is %s (%d), expected %s", *name, role->id, matched,
                         rows[i].role);
            }
        }
    }
}

static void leaves_ordinary_names_alone(void **state)
{
    static const char *const names[] = {
        "",          "srv01",       "hosts01",      "tests02",
        "clients3",  "addressbook", "adobe",        "apple",
        "appliance", "sprint-12",   "fsx",          "tsunami",
        "dctm",      "exam",        "backlog",      "blueprint",
        "workshop",  "nassau",      "versicherung", "helpdesk",
        "jenkins",   "gitlab",      "dev-3",        "pgadmin",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        bool matched = true;
        const struct hr_role *role = hr_catalog_match_role(*state, names[i], &matched);
        if (matched || strcmp(role->id, "generic") != 0) {
            fail_msg("'%s' is %s", names[i], role->id);
        }
    }
}

static void fits_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *text;
        bool fits;
        size_t n_literals;
    } rows[] = {
        {"sql*", "sql01", true, 3},
        {"sql*", "sql", true, 3},
        {"sql*", "mysql", false, 3},
        {"*sql*", "mysql01", true, 3},
        {"db[!a-z]*", "db", false, 2},
        {"db[!a-z]*", "db-1", true, 2},
        {"db[!a-z]*", "dba1", false, 2},
        {"*db[0-9]*", "xdbydb7", true, 2},
        {"a?c", "abc", true, 2},
        {"a?c", "ac", false, 2},
        {"*a*b*c", "aabbcabc", true, 3},
        {"*a*b*c", "aabbcabcd", false, 3},
        {"", "", true, 0},
        {"*", "", true, 0},
        {"[]x]", "]", true, 0},
        {"[a-]", "-", true, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (hr_match_pattern(rows[i].pattern, rows[i].text) != rows[i].fits ||
            hr_match_literals(rows[i].pattern) != rows[i].n_literals) {
            fail_msg("'%s' on '%s'", rows[i].pattern, rows[i].text);
        }
    }
    /* A pattern that a naive matcher tries in exponential time. */
    g_autofree char *text = g_strnfill(5000, 'a');
    int64_t begin_us = g_get_monotonic_time();
    assert_false(hr_match_pattern("*a*a*a*a*a*a*a*a*a*a*a*b", text));
    assert_true(g_get_monotonic_time() - begin_us < 2 * G_USEC_PER_SEC);
    assert_false(hr_match_is_pattern(""));
    assert_false(hr_match_is_pattern("db[0-9"));
    assert_false(hr_match_is_pattern("db["));
    assert_false(hr_match_is_pattern("db[!"));
    assert_true(hr_match_is_pattern("db[]]"));
}

static void finds_words_of_system_texts(void **state)
{
    (void)state;
    g_autofree char *text =
        hr_match_system_text("  Windows(TM)\xc2\xa0Server\xe2\x84\xa2, 2019-R2_ ");
    assert_string_equal(text, "windows server 2019 r2");
    assert_true(hr_match_words("windows 10", "windows 10"));
    assert_false(hr_match_words("windows 10", "windows 1"));
    assert_true(hr_match_words("windows 10 and windows 1", "windows 1"));
    assert_false(hr_match_words("crosswindows 10", "windows 10"));
    assert_false(hr_match_words("windows", ""));
}

/* Figures of the sources that the shipped coefficients must give. */
static void gives_the_published_figures(void **state)
{
    const hr_catalog *catalog = *state;
    static const struct {
        double mib;
        int vcpus;
        double overhead_mib;
    } table[] = {{256, 1, 20.29},  {256, 4, 32.23},  {1024, 1, 25.90},   {1024, 8, 53.82},
                 {4096, 2, 52.72}, {4096, 8, 76.78}, {16384, 1, 139.62}, {16384, 4, 151.93}};
    const struct hr_overhead *esx = &hr_catalog_platform(catalog, "vsphere")->overhead;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        assert_near(esx->fixed_mib + esx->size_frac * table[i].mib +
                        esx->per_vcpu_mib * (table[i].vcpus - 1),
                    table[i].overhead_mib, 1.1);
    }
    static const char *const hyperv[] = {"hyperv-static", "hyperv-dynamic"};
    for (size_t i = 0; i < G_N_ELEMENTS(hyperv); i++) {
        const struct hr_platform *platform = hr_catalog_platform(catalog, hyperv[i]);
        assert_near(platform->overhead.fixed_mib +
                        platform->overhead.per_gib_above_first_mib * 15.0,
                    152.0, 0.0);
        const struct hr_reserve *root = &platform->hypervisor;
        assert_near(root->fixed_mib + root->per_gib_mib * 8.0, 624.0, 0.0);
        assert_near(root->fixed_mib + root->per_gib_mib * 128.0, 4224.0, 0.0);
        assert_true(platform->windows_host_licence);
        assert_int_equal(platform->n_licences, 0);
    }
    const struct hr_platform *vsphere = hr_catalog_platform(catalog, "vsphere");
    assert_ptr_equal(vsphere->memory, &hr_memory_overcommit);
    const struct hr_overcommit_params *params = vsphere->params;
    assert_int_equal(params->sharing, HR_SHARING_INTRA_GUEST);
    assert_int_equal(vsphere->licences[0].kind, HR_LICENCE_PER_CORE);
    assert_int_equal(vsphere->licences[0].terms.min_cores_per_socket, 16);
    const struct hr_platform *xen = hr_catalog_platform(catalog, "xcpng");
    assert_near(xen->hypervisor.fixed_mib + 64.0 * xen->hypervisor.per_gib_mib,
                1024.0 + 0.05 * 65536.0, 1e-9);
    assert_near(xen->hypervisor.most_mib, 8192.0, 0.0);
    assert_int_equal(xen->licences[0].terms.min_hosts, 3);
    /* Four idle Vista guests: 420 MiB in use, of which 0.72 is common. */
    assert_near(hr_catalog_os(catalog, "windows-vista")->common_used_frac, 0.72, 0.0);
    assert_near(hr_catalog_role(catalog, "vdi-desktop")->working_set_s, 600.0, 0.0);
    assert_near(hr_catalog_role(catalog, "sql")->working_set_s, 3600.0, 0.0);
    const struct hr_role *exchange = hr_catalog_role(catalog, "exchange");
    assert_false(exchange->notices_added_memory);
    assert_false(exchange->dynamic_memory);
    assert_non_null(exchange->dynamic_memory_reason);
    assert_true(hr_catalog_role(catalog, "sql")->notices_added_memory);
}

/* What one version or edition has and the next one has not. */
static void versions_and_editions_differ_as_published(void **state)
{
    const hr_catalog *catalog = *state;
    static const struct {
        double host_gib;
        double mib; /* hypervisor and control domain, XenServer 4.0.1 */
    } reserves[] = {{2.0, 328.0}, {3.5, 328.0}, {5.0, 356.0}, {16.0, 582.0}, {64.0, 880.0}};
    const struct hr_reserve *xen = &hr_catalog_platform(catalog, "xenserver-4")->hypervisor;
    for (size_t i = 0; i < G_N_ELEMENTS(reserves); i++) {
        double line = xen->fixed_mib + xen->per_gib_mib * reserves[i].host_gib;
        assert_near(CLAMP(line, xen->least_mib, xen->most_mib), reserves[i].mib, 12.5);
    }
    const struct hr_dynamic_params *first =
        hr_catalog_platform(catalog, "hyperv-2008r2sp1")->params;
    const struct hr_dynamic_params *second =
        hr_catalog_platform(catalog, "hyperv-2012r2")->params;
    assert_false(first->has_minimum || first->smart_paging);
    assert_true(second->has_minimum && second->smart_paging);
    assert_false(hr_catalog_platform(catalog, "hyperv-2008")->has_live_migration);
    /* Editions: the same memory, other features and other prices. */
    const struct hr_overcommit_params *vcf = hr_catalog_platform(catalog, "vcf")->params;
    const struct hr_overcommit_params *tiered =
        hr_catalog_platform(catalog, "vcf-tiering")->params;
    assert_near(vcf->tier_frac, 0.0, 0.0);
    assert_near(tiered->tier_frac, 1.0, 0.0);
    assert_true(tiered->tier_latency_us > 0.0 && tiered->tier_mibps > 0.0);
    assert_true(hr_catalog_platform(catalog, "vcf")->has_balancing);
    assert_false(hr_catalog_platform(catalog, "vsphere-standard")->has_balancing);
    assert_false(hr_catalog_platform(catalog, "vsphere-5-standard")->has_balancing);
    /* Kits: three hosts of two processors, no DRS; the small one has neither HA nor vMotion. */
    static const struct {
        const char *kit, *base;
        bool has_ha;
    } kits[] = {{"vsphere-4-essentials", "vsphere-4", false},
                {"vsphere-4-essentials-plus", "vsphere-4", true},
                {"vsphere-5-essentials", "vsphere-5", false},
                {"vsphere-5-essentials-plus", "vsphere-5", true},
                {"vsphere-6-essentials-plus", "vsphere-6", true}};
    for (size_t i = 0; i < G_N_ELEMENTS(kits); i++) {
        const struct hr_platform *kit = hr_catalog_platform(catalog, kits[i].kit);
        const struct hr_platform *base = hr_catalog_platform(catalog, kits[i].base);
        assert_int_equal(kit->has_ha, kits[i].has_ha);
        assert_int_equal(kit->has_live_migration, kits[i].has_ha);
        assert_true(base->has_balancing && !kit->has_balancing && kit->by_name);
        assert_memory_equal(kit->params, base->params, base->memory->n_params_bytes);
        assert_int_equal(kit->n_licences, 1); /* vCenter is in it */
        assert_int_equal(kit->licences[0].kind, HR_LICENCE_KIT);
        assert_int_equal(kit->licences[0].terms.max_hosts, 3);
        assert_int_equal(kit->licences[0].terms.max_sockets_per_host, 2);
    }
    const struct hr_licence *cores =
        &hr_catalog_platform(catalog, "vsphere-essentials-plus")->licences[0];
    assert_int_equal(cores->terms.min_cores_per_order, 96);
    assert_int_equal(cores->terms.max_cores, 96);
    const struct hr_platform *azure = hr_catalog_platform(catalog, "azure-local");
    assert_false(azure->windows_host_licence);
    assert_int_equal(azure->licences[0].kind, HR_LICENCE_PER_CORE);
    assert_int_equal(hr_catalog_platform(catalog, "proxmox")->licences[0].kind,
                     HR_LICENCE_PER_SOCKET);
}

/* Arrival of the same desktops at eight must show in the shape. */
static void shapes_have_their_peaks(void **state)
{
    static const char *const at_eight[] = {"vdi-desktop", "domain-controller",
                                           "terminal-server"};
    for (size_t i = 0; i < G_N_ELEMENTS(at_eight); i++) {
        const struct hr_shape *shape = &hr_catalog_role(*state, at_eight[i])->cpu_shape;
        for (int hour = 0; hour < 24; hour++) {
            assert_true(hour == 8 || shape->weekday[hour] < shape->weekday[8]);
        }
    }
    for (size_t i = 0; i < hr_catalog_n_roles(*state); i++) {
        const struct hr_role *role = hr_catalog_role_at(*state, i);
        assert_true(role->n_jobs >= 1);
        double weekday = 0.0;
        double weekend = 0.0;
        for (int hour = 0; hour < 24; hour++) {
            weekday += role->cpu_shape.weekday[hour];
            weekend += role->cpu_shape.weekend[hour];
        }
        assert_true(weekend <= weekday);
    }
}

static void assert_priced(const hr_pricebook *book, const char *who, const char *id)
{
    if (id != NULL && hr_pricebook_get(book, id) == NULL) {
        fail_msg("%s asks for the price '%s', which the book lacks", who, id);
    }
}

static void every_price_it_names_is_in_the_book(void **state)
{
    const hr_catalog *catalog = *state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_pricebook) book =
        hr_pricebook_load(data_dir(), "2026", NULL, "USD", diag, NULL);
    assert_non_null(book);
    for (size_t i = 0; i < hr_catalog_n_platforms(catalog); i++) {
        const struct hr_platform *platform = hr_catalog_platform_at(catalog, i);
        for (size_t k = 0; k < platform->n_licences; k++) {
            assert_non_null(platform->licences[k].price_id);
            assert_priced(book, platform->id, platform->licences[k].price_id);
            assert_priced(book, platform->id, platform->licences[k].support_price_id);
        }
    }
    for (size_t i = 0; i < hr_catalog_n_servers(catalog); i++) {
        const struct hr_server *server = hr_catalog_server_at(catalog, i);
        assert_priced(book, server->id, server->price_id);
        assert_priced(book, server->id, server->watt_idle_id);
        assert_priced(book, server->id, server->watt_max_id);
        for (size_t k = 0; k < server->n_memory; k++) {
            g_autofree char *dimm =
                g_strdup_printf("ddr5-rdimm-%dgb", server->memory[k].dimm_gib);
            assert_priced(book, server->id, dimm);
        }
    }
    for (size_t i = 0; i < hr_catalog_n_storages(catalog); i++) {
        const struct hr_storage *storage = hr_catalog_storage_at(catalog, i);
        assert_priced(book, storage->id, storage->array_price_id);
        assert_priced(book, storage->id, storage->disk_price_id);
        assert_priced(book, storage->id, storage->switch_price_id);
        assert_priced(book, storage->id, storage->switch_watt_price_id);
        assert_priced(book, storage->id, storage->nic_price_id);
        assert_priced(book, storage->id, storage->watt_price_id);
    }
}

static void entries_come_in_order_and_by_id(void **state)
{
    const hr_catalog *catalog = *state;
    assert_true(hr_catalog_n_oses(catalog) >= 16);
    assert_int_equal(hr_catalog_n_roles(catalog), 11);
    /* What a sizing compares by default; others must be named, or can be simulated only. */
    g_autoptr(GString) sized = g_string_new(NULL);
    for (size_t i = 0; i < hr_catalog_n_platforms(catalog); i++) {
        const struct hr_platform *platform = hr_catalog_platform_at(catalog, i);
        if (!platform->simulate_only && !platform->by_name) {
            g_string_append_printf(sized, " %s", platform->id);
        }
    }
    assert_string_equal(sized->str, " hyperv-dynamic hyperv-static vsphere xcpng");
    assert_int_equal(hr_catalog_n_servers(catalog), 7);
    assert_int_equal(hr_catalog_n_storages(catalog), 4);
    assert_string_equal(hr_catalog_storage_usual(catalog)->id, "array-me5");
    for (size_t i = 0; i < hr_catalog_n_oses(catalog); i++) {
        const struct hr_os *os = hr_catalog_os_at(catalog, i);
        assert_ptr_equal(hr_catalog_os(catalog, os->id), os);
        assert_true(i == 0 || strcmp(hr_catalog_os_at(catalog, i - 1)->id, os->id) < 0);
        assert_true(os->sources.n > 0);
    }
    for (size_t i = 0; i < hr_catalog_n_servers(catalog); i++) {
        const struct hr_server *server = hr_catalog_server_at(catalog, i);
        assert_ptr_equal(hr_catalog_server(catalog, server->id), server);
        assert_true(hr_dimm_option_mib(&server->memory[0]) <= 128.0 * 1024.0);
        assert_true(hr_dimm_option_mib(&server->memory[server->n_memory - 1]) >=
                    1536.0 * 1024.0);
    }
    assert_null(hr_catalog_role(catalog, "no-such"));
    assert_null(hr_catalog_platform(catalog, ""));
    assert_non_null(hr_catalog_storage(catalog, "array-me5"));
    assert_string_equal(hr_platform_policy_name(hr_catalog_platform(catalog, "hyperv-dynamic")),
                        "dynamic");
}

/* ---- folders made by a test ----------------------------------------------------------------
 */

/* The names of a folder's files in falling order. Owner: the caller. */
static GPtrArray *files_falling(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    assert_non_null(dir);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_ptr_array_add(names, g_strdup(name));
    }
    g_dir_close(dir);
    for (guint i = 1; i < names->len; i++) {
        for (guint k = i; k > 0 && strcmp(names->pdata[k - 1], names->pdata[k]) < 0; k--) {
            void *swapped = names->pdata[k];
            names->pdata[k] = names->pdata[k - 1];
            names->pdata[k - 1] = swapped;
        }
    }
    return names;
}

/* A copy of the shipped catalogue whose files were made in another order. Owner: the caller. */
static char *copy_of_data(void)
{
    char *copy = g_dir_make_tmp("headroom-XXXXXX", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *from = g_build_filename(data_dir(), FOLDERS[i], NULL);
        g_autofree char *to = g_build_filename(copy, FOLDERS[i], NULL);
        assert_int_equal(g_mkdir(to, 0700), 0);
        g_autoptr(GPtrArray) names = files_falling(from);
        for (guint k = 0; k < names->len; k++) {
            g_autofree char *source = g_build_filename(from, names->pdata[k], NULL);
            g_autofree char *target = g_build_filename(to, names->pdata[k], NULL);
            g_autofree char *text = NULL;
            gsize n = 0;
            assert_true(g_file_get_contents(source, &text, &n, NULL));
            assert_true(g_file_set_contents(target, text, (gssize)n, NULL));
        }
    }
    return copy;
}

static void remove_copy(char *copy)
{
    for (size_t i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *folder = g_build_filename(copy, FOLDERS[i], NULL);
        g_autoptr(GPtrArray) names = files_falling(folder);
        for (guint k = 0; k < names->len; k++) {
            g_autofree char *path = g_build_filename(folder, names->pdata[k], NULL);
            g_remove(path);
        }
        g_rmdir(folder);
    }
    g_rmdir(copy);
    g_free(copy);
}

static void digest_depends_on_content_alone(void **state)
{
    const hr_catalog *shipped = *state;
    char *copy = copy_of_data();
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_catalog) same = hr_catalog_load(copy, diag, NULL);
    assert_non_null(same);
    assert_string_equal(hr_catalog_dir(same), copy);
    assert_int_equal(strlen(hr_catalog_digest(same)), 64);
    assert_string_equal(hr_catalog_digest(same), hr_catalog_digest(shipped));
    /* Files that are no entries change nothing; a comment in an entry does. */
    g_autofree char *hidden = g_build_filename(copy, "guests", ".x.yaml", NULL);
    g_autofree char *notes = g_build_filename(copy, "guests", "notes.txt", NULL);
    assert_true(g_file_set_contents(hidden, "a: [", -1, NULL));
    assert_true(g_file_set_contents(notes, "a: [", -1, NULL));
    g_autoptr(hr_catalog) still = hr_catalog_load(copy, diag, NULL);
    assert_string_equal(hr_catalog_digest(still), hr_catalog_digest(shipped));
    g_autofree char *path = g_build_filename(copy, "guests", "other.yaml", NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_autofree char *longer = g_strconcat(text, "# more\n", NULL);
    assert_true(g_file_set_contents(path, longer, -1, NULL));
    g_autoptr(hr_catalog) changed = hr_catalog_load(copy, diag, NULL);
    assert_string_not_equal(hr_catalog_digest(changed), hr_catalog_digest(shipped));
    assert_int_equal(hr_diag_count(diag), 0);
    remove_copy(copy);
}

static void refuses_names_and_claims(void **state)
{
    (void)state;
    char *copy = copy_of_data();
    g_autofree char *from = g_build_filename(copy, "guests", "windows-11.yaml", NULL);
    g_autofree char *to = g_build_filename(copy, "guests", "Windows_11b.yaml", NULL);
    g_autofree char *other = g_build_filename(copy, "guests", "other.yaml", NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(from, &text, NULL, NULL));
    assert_true(g_file_set_contents(to, text, -1, NULL));
    g_remove(other);
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) error = NULL;
    assert_null(hr_catalog_load(copy, diag, &error));
    assert_null(error);
    assert_int_equal(hr_diag_count(diag), 5);
    assert_string_equal(hr_diag_get(diag, 0)->file, to);
    assert_string_equal(hr_diag_get(diag, 0)->reason, "name of the file");
    assert_non_null(strstr(hr_diag_get(diag, 1)->text, "the entry 'other' is missing"));
    assert_string_equal(
        hr_diag_get(diag, 2)->text,
        "'windows 11' stands in the match lists of 'Windows_11b' and 'windows-11'");
    remove_copy(copy);
}

static void says_when_there_is_no_data(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) error = NULL;
    assert_null(hr_catalog_load("no/such/folder", diag, &error));
    assert_int_equal(error->code, HR_ERROR_INPUT);
    assert_non_null(strstr(error->message, "no/such/folder"));
    g_autofree char *given = hr_data_dir("x");
    assert_string_equal(given, "x");
    g_autofree char *environment = hr_data_dir(NULL);
    assert_string_equal(environment, data_dir());
}

/* Every finding of the folder tests/fixtures/catalog/broken, as broken.txt lists them. */
static void finds_all_that_is_wrong(void **state)
{
    (void)state;
    const char *top = getenv("top_srcdir");
    assert_non_null(top);
    g_autofree char *dir = g_build_filename(top, "tests/fixtures/catalog/broken", NULL);
    g_autofree char *list = g_strconcat(dir, ".txt", NULL);
    g_autofree char *expected = NULL;
    assert_true(g_file_get_contents(list, &expected, NULL, NULL));
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) error = NULL;
    assert_null(hr_catalog_load(dir, diag, &error));
    assert_null(error);
    g_auto(GStrv) lines = g_strsplit(g_strstrip(expected), "\n", 0);
    for (size_t i = 0; i < hr_diag_count(diag) && lines[i] != NULL; i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        g_autofree char *line =
            g_strdup_printf("%s:%u:%u: %s", f->file + strlen(dir) + 1, (unsigned)f->line,
                            (unsigned)f->column, f->text);
        assert_int_equal(f->severity, HR_FATAL);
        assert_string_equal(line, lines[i]);
    }
    assert_int_equal(hr_diag_count(diag), g_strv_length(lines));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_system_texts),
        cmocka_unit_test(matches_guest_names),
        cmocka_unit_test(leaves_ordinary_names_alone),
        cmocka_unit_test(fits_patterns),
        cmocka_unit_test(finds_words_of_system_texts),
        cmocka_unit_test(gives_the_published_figures),
        cmocka_unit_test(versions_and_editions_differ_as_published),
        cmocka_unit_test(shapes_have_their_peaks),
        cmocka_unit_test(every_price_it_names_is_in_the_book),
        cmocka_unit_test(entries_come_in_order_and_by_id),
        cmocka_unit_test(digest_depends_on_content_alone),
        cmocka_unit_test(refuses_names_and_claims),
        cmocka_unit_test(says_when_there_is_no_data),
        cmocka_unit_test(finds_all_that_is_wrong),
    };
    return cmocka_run_group_tests_name("catalog", tests, load_shipped, free_shipped);
}
