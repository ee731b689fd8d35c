/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inventories that are not part of the source: found by HR_SHARED, skipped where it is absent.
 */
#include "base/sheet.h"
#include "test_inventory.h"

/* Returns: the path of such data, whether there is any or not; the caller's. */
static char *shared(const char *name)
{
    const char *top = getenv("top_srcdir");
    const char *stated = getenv("HR_SHARED");
    g_autofree char *beside = g_build_filename(top != NULL ? top : ".", "..", "shared", NULL);
    return g_build_filename(stated != NULL ? stated : beside, "data", "inventories", name,
                            NULL);
}

static double cell_number(const hr_sheet *sheet, size_t row, size_t column)
{
    return g_ascii_strtod(hr_sheet_field(sheet, row, column), NULL);
}

static size_t column_of(const hr_sheet *sheet, const char *name)
{
    for (size_t c = 0; c < hr_sheet_columns(sheet); c++) {
        if (strcmp(hr_sheet_header(sheet, c), name) == 0) {
            return c;
        }
    }
    fail_msg("no column %s", name);
    return 0;
}

static void a_real_export_adds_up(void **state)
{
    (void)state;
    static const char *const sources[] = {"csv/RVTools_tabvInfo.csv", "csv"};
    g_autofree char *folder = shared("rvtools-4.x-real");
    g_autofree char *expected_path = g_build_filename(folder, "expected.csv", NULL);
    g_autoptr(hr_diag) unused = hr_diag_new();
    g_autoptr(hr_sheet) expected = hr_sheet_load(expected_path, NULL, unused, NULL);
    assert_non_null(expected);
    assert_int_equal(hr_sheet_rows(expected), G_N_ELEMENTS(sources));
    for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autofree char *path = g_build_filename(folder, sources[i], NULL);
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_inventory) inventory = hr_inventory_load(path, NULL, diag, NULL);
        assert_non_null(inventory);
        struct hr_inventory_totals totals;
        hr_inventory_totals(inventory, &totals);
        double cores = 0;
        double memory_mib = 0;
        for (size_t h = 0; h < inventory->n_hosts; h++) {
            cores += inventory->hosts[h].cores;
            memory_mib += inventory->hosts[h].memory_mib;
        }
        const double seen[] = {(double)inventory->n_hosts,
                               cores,
                               memory_mib,
                               (double)totals.guests,
                               (double)totals.powered_on,
                               (double)totals.templates,
                               (double)totals.vcpus,
                               (double)totals.memory_mib,
                               (double)hr_diag_count_severity(diag, HR_SKIPPED)};
        for (size_t c = 0; c < G_N_ELEMENTS(seen); c++) {
            if (fabs(seen[c] - cell_number(expected, i, c + 1)) > 0) {
                fail_msg("%s: %s is %g", sources[i], hr_sheet_header(expected, c + 1), seen[c]);
            }
        }
        assert_finding(diag, i == 0 ? HR_SKIPPED : HR_MENDED, 10, "\"vm-9\"");
    }
}

static void check_guest(const struct hr_inventory_guest *guest, const hr_sheet *expected,
                        size_t row, bool has_all)
{
    static const char *const powers[] = {"poweredOn", "poweredOff", "suspended"};
    const struct {
        const char *column;
        double seen;
        bool is_everywhere; /* also in the internal-name export */
    } numbers[] = {
        {"vcpu", guest->vcpus, true},
        {"mem_mib", guest->memory_mib, true},
        {"template", guest->is_template ? 1 : 0, true},
        {"res_mib", guest->memory_reservation_mib, true},
        {"used_gib", guest->disk_used_gib, true},
        {"limit_mib", guest->memory_limit_mib, false},
        {"active_mib", guest->memory_active_mib, false},
        {"consumed_mib", guest->memory_consumed_mib, false},
        {"cpu_used_mhz", guest->cpu_mhz_avg, false},
        {"disk_gib", guest->disk_gib, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        double wanted = cell_number(expected, row, column_of(expected, numbers[i].column));
        if ((has_all || numbers[i].is_everywhere) && fabs(numbers[i].seen - wanted) > 1e-9) {
            fail_msg("%s: %s is %g, expected %g", guest->name, numbers[i].column,
                     numbers[i].seen, wanted);
        }
    }
    const char *const texts[][2] = {
        {"power", powers[guest->power]},
        {"os", guest->os},
        {"host", guest->host},
        {"cluster", guest->cluster},
        {has_all ? "id" : "name", has_all ? guest->id : guest->name}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        assert_string_equal(hr_sheet_field(expected, row, column_of(expected, texts[i][0])),
                            texts[i][1]);
    }
}

static void three_versions_give_one_estate(void **state)
{
    (void)state;
    static const char *const folders[] = {"rvtools-4.x", "rvtools-3.9-semicolon",
                                          "rvtools-internal-names"};
    g_autofree char *estate = shared("one-estate");
    g_autofree char *vms_path = g_build_filename(estate, "expected-vms.csv", NULL);
    g_autofree char *hosts_path = g_build_filename(estate, "expected-hosts.csv", NULL);
    g_autoptr(hr_diag) unused = hr_diag_new();
    g_autoptr(hr_sheet) vms = hr_sheet_load(vms_path, NULL, unused, NULL);
    g_autoptr(hr_sheet) hosts = hr_sheet_load(hosts_path, NULL, unused, NULL);
    assert_non_null(vms);
    assert_non_null(hosts);
    for (size_t f = 0; f < G_N_ELEMENTS(folders); f++) {
        g_autofree char *path = g_build_filename(estate, folders[f], NULL);
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_inventory) inventory = hr_inventory_load(path, NULL, diag, NULL);
        assert_non_null(inventory);
        assert_int_equal(hr_diag_count_severity(diag, HR_SKIPPED), 0);
        assert_int_equal(hr_diag_count_severity(diag, HR_MENDED), 0);
        assert_int_equal(inventory->n_guests, hr_sheet_rows(vms));
        for (size_t row = 0; row < hr_sheet_rows(vms); row++) {
            check_guest(guest_named(inventory, hr_sheet_field(vms, row, 0), NULL), vms, row,
                        f < 2);
        }
        assert_int_equal(inventory->n_hosts, hr_sheet_rows(hosts));
        for (size_t row = 0; row < hr_sheet_rows(hosts); row++) {
            const struct hr_inventory_host *host = &inventory->hosts[row];
            assert_string_equal(host->name, hr_sheet_field(hosts, row, 0));
            assert_near(host->sockets, cell_number(hosts, row, 1), 0);
            assert_near(host->cores, cell_number(hosts, row, 3), 0);
            assert_near(host->mhz, cell_number(hosts, row, 4), 0);
            assert_near(host->memory_mib, cell_number(hosts, row, 5), 0);
        }
    }
}

/* What has to be said of each malformed file, besides what the list counts. */
static const struct {
    const char *file;
    enum hr_severity severity;
    uint32_t line;
    const char *says;
} sayings[] = {
    {"bad-numbers.csv", HR_SKIPPED, 2, "not a number of processors"},
    {"bad-numbers.csv", HR_SKIPPED, 3, "not a number of processors"},
    {"bad-numbers.csv", HR_SKIPPED, 4, "more memory than any guest can have"},
    {"bad-numbers.csv", HR_SKIPPED, 5, "not a memory size"},
    {"bad-numbers.csv", HR_FATAL, 0, "no guest is left"},
    {"blank-tail-rows.csv", HR_NOTE, 0, "blank rows"},
    {"duplicate-header.csv", HR_FATAL, 1, "the column Memory stands twice"},
    {"empty.csv", HR_FATAL, 0, "the file is empty"},
    {"header-only.csv", HR_FATAL, 0, "no guest"},
    {"latin1.csv", HR_NOTE, 0, "read as Windows-1252"},
    {"minus-one-limits.csv", HR_FATAL, 1, "no column for the number of processors"},
    {"not-a-zip.xlsx", HR_FATAL, 0, "not a workbook"},
    {"nul-bytes.csv", HR_FATAL, 2, "a NUL byte on line 2"},
    {"ole-encrypted.xlsx", HR_FATAL, 0, "encrypted or rights-managed"},
    {"ole-encrypted.xlsx", HR_FATAL, 0, "save an unprotected copy"},
    {"short-and-long-rows.csv", HR_SKIPPED, 2, "no memory"},
    {"short-and-long-rows.csv", HR_MENDED, 3, "2 fields too many"},
    {"unterminated-quote.csv", HR_FATAL, 3, "the quote opened on line 3 is never closed"},
};

static void malformed_files_end_as_listed(void **state)
{
    (void)state;
    g_autofree char *list_path = shared("one-estate/expected-malformed.csv");
    g_autofree char *folder = shared("one-estate/malformed");
    g_autoptr(hr_diag) unused = hr_diag_new();
    g_autoptr(hr_sheet) list = hr_sheet_load(list_path, NULL, unused, NULL);
    assert_non_null(list);
    for (size_t row = 0; row < hr_sheet_rows(list); row++) {
        const char *name = hr_sheet_field(list, row, 0);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_inventory) inventory = hr_inventory_load(path, NULL, diag, NULL);
        bool is_fatal = cell_number(list, row, 1) > 0;
        if ((inventory == NULL) != is_fatal) {
            fail_msg("%s is %s", name, is_fatal ? "read" : "refused");
        }
        assert_int_equal(hr_diag_count_severity(diag, HR_FATAL) > 0, is_fatal);
        if (inventory != NULL) {
            assert_near((double)inventory->n_guests, cell_number(list, row, 2), 0);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(sayings); i++) {
            if (strcmp(sayings[i].file, name) == 0) {
                assert_finding(diag, sayings[i].severity, sayings[i].line, sayings[i].says);
            }
        }
    }
}

/* Converting an estate loses nothing that headroom's own dialect can hold. */
static void conversions_read_back(void **state)
{
    (void)state;
    static const char *const sources[] = {"rvtools-4.x-real/csv", "one-estate/rvtools-4.x",
                                          "one-estate/malformed/formula-injection.csv"};
    for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autofree char *path = shared(sources[i]);
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_inventory) inventory = hr_inventory_load(path, NULL, diag, NULL);
        assert_non_null(inventory);
        g_autofree char *text = hr_inventory_to_csv(inventory);
        g_autoptr(hr_inventory) again = load_text(text, diag);
        assert_non_null(again);
        g_autofree char *text_again = hr_inventory_to_csv(again);
        assert_string_equal(text, text_again);
    }
}

/* The harness counts a skip by the name; cmocka's own skip() it takes for a failure. */
static void absent(void **state)
{
    (void)state;
}

int main(void)
{
    g_autofree char *path = shared("rvtools-4.x-real");
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        const struct CMUnitTest none[] = {
            {"a_real_export_adds_up # SKIP no shared data, set HR_SHARED", absent, NULL, NULL,
             NULL},
            {"three_versions_give_one_estate # SKIP no shared data, set HR_SHARED", absent,
             NULL, NULL, NULL},
            {"malformed_files_end_as_listed # SKIP no shared data, set HR_SHARED", absent, NULL,
             NULL, NULL},
            {"conversions_read_back # SKIP no shared data, set HR_SHARED", absent, NULL, NULL,
             NULL},
        };
        return cmocka_run_group_tests_name("inventory_shared", none, NULL, NULL);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_real_export_adds_up),
        cmocka_unit_test(three_versions_give_one_estate),
        cmocka_unit_test(malformed_files_end_as_listed),
        cmocka_unit_test(conversions_read_back),
    };
    return cmocka_run_group_tests_name("inventory_shared", tests, NULL, NULL);
}
