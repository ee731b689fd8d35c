/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test_inventory.h"

#include "catalog/catalog.h"

static void reads_every_column(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory = load_text(
        "trace,affinity,priority,iops,disk_used_gib,disk_gib,memory_weight,memory_buffer_pct,"
        "memory_max_mib,memory_min_mib,memory_startup_mib,dynamic_memory,memory_shares,"
        "memory_limit_mib,memory_reservation_mib,memory_consumed_mib,memory_active_mib,"
        "cpu_mhz_p95,cpu_mhz_avg,role,os,template,power,id,folder,site,host,cluster,memory_mib,"
        "vcpus,name\n"
        "t.csv,apart:sql,LOW,12.5,30,40,5000,20,8192,512,1024,Yes,81920,6144,256,3000,700,900,"
        "300,web,Ubuntu,No,Suspended,g-1,/a,HQ,h1,c1,4096,2,www\n",
        diag);
    assert_non_null(inventory);
    assert_int_equal(hr_diag_count(diag), 0);
    assert_string_equal(inventory->dialect, "headroom");
    assert_int_equal(inventory->n_guests, 1);
    const struct hr_inventory_guest *g = &inventory->guests[0];
    const char *const texts[][2] = {
        {g->name, "www"},           {g->cluster, "c1"},  {g->host, "h1"},   {g->site, "HQ"},
        {g->folder, "/a"},          {g->id, "g-1"},      {g->os, "Ubuntu"}, {g->role, "web"},
        {g->affinity, "apart:sql"}, {g->trace, "t.csv"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        assert_string_equal(texts[i][0], texts[i][1]);
    }
    const double numbers[][2] = {
        {g->vcpus, 2},
        {g->memory_mib, 4096},
        {g->cpu_mhz_avg, 300},
        {g->cpu_mhz_p95, 900},
        {g->memory_active_mib, 700},
        {g->memory_consumed_mib, 3000},
        {g->memory_reservation_mib, 256},
        {g->memory_limit_mib, 6144},
        {g->memory_shares, 81920},
        {g->dynamic_memory, 1},
        {g->memory_startup_mib, 1024},
        {g->memory_min_mib, 512},
        {g->memory_max_mib, 8192},
        {g->memory_buffer_pct, 20},
        {g->memory_weight, 5000},
        {g->disk_gib, 40},
        {g->disk_used_gib, 30},
        {g->iops, 12.5},
        {g->priority, HR_PRIORITY_LOW},
        {g->power, HR_POWER_SUSPENDED},
        {g->line, 2},
        {g->is_template ? 1 : 0, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        assert_near(numbers[i][0], numbers[i][1], 0);
    }
    assert_ptr_equal(g->file, inventory->files[0].path);
}

static void leaves_unknown_what_is_blank(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory =
        load_text("name,vcpus,memory_mib,iops,priority,dynamic_memory,memory_limit_mib,power\n"
                  "a,1,512,,,,,\nb,1,512,0,,,-1,\n",
                  diag);
    assert_non_null(inventory);
    const struct hr_inventory_guest *a = guest_named(inventory, "a", NULL);
    assert_near(a->iops, HR_UNKNOWN, 0);
    assert_near(a->memory_limit_mib, HR_UNKNOWN, 0);
    assert_near(a->disk_gib, HR_UNKNOWN, 0);
    assert_int_equal(a->priority, -1);
    assert_int_equal(a->dynamic_memory, -1);
    assert_int_equal(a->power, HR_POWER_ON);
    const struct hr_inventory_guest *b = guest_named(inventory, "b", NULL);
    assert_near(b->iops, 0, 0);
    assert_near(b->memory_limit_mib, HR_UNKNOWN, 0);
}

static void refuses_bad_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
        const char *says;
    } rows[] = {
        {"name,vcpus,memory_mib\na,two,512\n", 2, "vcpus is \"two\"; a whole number from 1"},
        {"name,vcpus,memory_mib\na,0,512\n", 2, "vcpus is \"0\""},
        {"name,vcpus,memory_mib\na,-2,512\n", 2, "vcpus is \"-2\""},
        {"name,vcpus,memory_mib\na,1.5,512\n", 2, "vcpus is \"1.5\""},
        {"name,vcpus,memory_mib\na,4097,512\n", 2, "vcpus is \"4097\""},
        {"name,vcpus,memory_mib\na,1,1e9\n", 2, "memory_mib is \"1e9\""},
        {"name,vcpus,memory_mib\na,1,\"4,096\"\n", 2, "memory_mib is \"4,096\""},
        {"name;vcpus;memory_mib\na;1;4.096\n", 2, "can be read in two ways"},
        {"name,vcpus,memory_mib\na,1,NaN\n", 2, "memory_mib is \"NaN\""},
        {"name,vcpus,memory_mib\na,1,\n", 2, "memory_mib is missing"},
        {"name,vcpus,memory_mib\na,1\n", 2, "memory_mib is missing"},
        {"name,vcpus,memory_mib\n,1,512\n", 2, "name is missing"},
        {"name,vcpus,memory_mib\na,1,512,x\n", 2, "4 fields but the heading 3"},
        {"name,vcpus,memory_mib\na,1,512\nb,1,512\na,1,512\n", 4, "already on line 2"},
        {"name,vcpus,memory_mib,count\na,1,512,2\na-2,1,512,\n", 3, "already on line 2"},
        {"name,vcpus,memory_mib,count\na,1,512,0\n", 2, "count is \"0\""},
        {"name,vcpus,memory_mib,power\na,1,512,maybe\n", 2, "on, off or suspended is wanted"},
        {"name,vcpus,memory_mib,template\na,1,512,2\n", 2, "yes or no is wanted"},
        {"name,vcpus,memory_mib,priority\na,1,512,urgent\n", 2,
         "high, medium or low is wanted"},
        {"name,vcpus,memory_mib,memory_limit_mib\na,1,512,-2\n", 2,
         "memory_limit_mib is \"-2\""},
        {"name,vcpus,memory_mib,memory_buffer_pct\na,1,512,2001\n", 2, "from 0 to 2000"},
        {"name,vcpus,memory_mib,memory_startup_mib,memory_max_mib\na,1,512,1024,512\n", 2,
         "memory_startup_mib 1024 is above memory_max_mib 512"},
        {"name,vcpus,memory_mib,memory_startup_mib,memory_min_mib\na,1,512,1024,2048\n", 2,
         "memory_min_mib 2048 is above memory_startup_mib 1024"},
        {"name,vcpus\na,1\n", 1, "the column memory_mib is missing"},
        {"name,vcpus,memory_mib,vcpus\na,1,512,2\n", 1, "the column vcpus stands twice"},
        {"name,vcpus,memory_mib\n", 0, "no guest"},
        {"name,vcpus,memory_mib,template\na,1,512,yes\n", 0, "only templates"},
        {"foo,bar\n1,2\n", 1, "no kind of inventory has these columns: \"foo\", \"bar\""},
        {"", 0, "the file is empty"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        if (load_text(rows[i].text, diag) != NULL) {
            fail_msg("row %zu is read", i);
        }
        assert_finding(diag, HR_FATAL, rows[i].line, rows[i].says);
    }
}

static void reports_all_problems_at_once(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    assert_null(load_text(
        "name,vcpus,memory_mib,power\na,x,y,z\n,1,512,\nb,1,512,on\nc,1,-5,\n", diag));
    assert_int_equal(hr_diag_count_severity(diag, HR_FATAL), 5);
    assert_finding(diag, HR_FATAL, 2, "vcpus");
    assert_finding(diag, HR_FATAL, 2, "memory_mib");
    assert_finding(diag, HR_FATAL, 2, "power");
    assert_finding(diag, HR_FATAL, 3, "name");
    assert_finding(diag, HR_FATAL, 5, "memory_mib");
}

static void notes_unknown_columns(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory =
        load_text("Name,VCPUS,Memory_MiB,disk_gb,colour\na,1,512,7,red\n", diag);
    assert_non_null(inventory);
    assert_finding(diag, HR_NOTE, 1,
                   "disk_gb is not known and left out; did you mean disk_gib?");
    assert_finding(diag, HR_NOTE, 1, "colour is not known");
    assert_near(inventory->guests[0].disk_gib, HR_UNKNOWN, 0);
}

static void counts_make_copies(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autofree char *path = fixture("own.csv");
    g_autoptr(hr_inventory) inventory = hr_inventory_load(path, NULL, diag, NULL);
    assert_non_null(inventory);
    struct hr_inventory_totals totals;
    hr_inventory_totals(inventory, &totals);
    assert_int_equal(totals.guests, 5);
    assert_int_equal(totals.powered_on, 4);
    assert_int_equal(totals.templates, 1);
    assert_int_equal(totals.vcpus, 8 + 3 * 2 + 1);
    assert_int_equal(totals.memory_mib, 65536 + 3 * 4096 + 2048);
    assert_near(totals.disk_gib, 820.5 + 3 * 40 + 60, 1e-9);
    for (int number = 1; number <= 3; number++) {
        g_autofree char *name = g_strdup_printf("web-%d", number);
        const struct hr_inventory_guest *web = guest_named(inventory, name, "");
        assert_string_equal(web->trace, "web.csv");
        assert_near(web->memory_max_mib, 4096, 0);
    }
    /* The template has no cluster; a cluster of no guest is not listed. */
    assert_int_equal(inventory->n_clusters, 1);
    assert_string_equal(inventory->clusters[0].name, "main");
    assert_int_equal(inventory->clusters[0].n_guests, 5);
    assert_int_equal(inventory->clusters[0].vcpus, 15);
    assert_near(inventory->clusters[0].guest_memory_mib, 79872, 0);
}

static void order_of_rows_has_no_say(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) a = load_text("name,vcpus,memory_mib,id,cluster\n"
                                          "b,1,512,,x\na,2,512,2,x\na,1,512,1,x\nc,1,512,,\n",
                                          diag);
    g_autoptr(hr_inventory) b = load_text("cluster,id,memory_mib,vcpus,name\n"
                                          ",,512,1,c\nx,1,512,1,a\nx,,512,1,b\nx,2,512,2,a\n",
                                          diag);
    g_autofree char *text_a = hr_inventory_to_csv(a);
    g_autofree char *text_b = hr_inventory_to_csv(b);
    assert_string_equal(text_a, text_b);
    assert_string_equal(a->guests[0].name, "c");
    assert_string_equal(a->guests[1].id, "1");
    assert_string_equal(a->guests[2].id, "2");
}

static void keeps_one_cluster(void **state)
{
    (void)state;
    static const char text[] =
        "name,vcpus,memory_mib,cluster\na,1,512,x\nb,2,1024,y\nc,4,512,\n";
    struct hr_inventory_options options = {.cluster = "y"};
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) inventory = load_bytes(text, strlen(text), &options, diag);
    assert_non_null(inventory);
    assert_int_equal(inventory->n_guests, 1);
    assert_string_equal(inventory->guests[0].name, "b");
    assert_int_equal(inventory->n_clusters, 1);
    options.cluster = "z";
    assert_null(load_bytes(text, strlen(text), &options, diag));
    assert_finding(diag, HR_FATAL, 0, "no cluster \"z\"; the clusters are \"\", \"x\", \"y\"");
}

static void round_trip_is_exact(void **state)
{
    (void)state;
    static const char *const names[] = {
        "plain",      "=HYPERLINK(\"\"http://x\"\")",
        "+1",         "-1",
        "@SUM(A1)",   "'=quoted",
        "''+twice",   "'plain apostrophe",
        "a,b",        "a;b",
        "two\nlines", "\xC3\xBC",
        "-",          "=",
        "'",
    };
    GString *text =
        g_string_new("name,vcpus,memory_mib,os,memory_limit_mib,disk_gib,iops,role,id\n");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_string_append_printf(text, "\"%s\",2,4096.5,-x,-1,0.1,%zu,,%zu\n", names[i], i, i);
    }
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) first = load_text(text->str, diag);
    g_string_free(text, TRUE);
    assert_non_null(first);
    g_autofree char *written = hr_inventory_to_csv(first);
    /* No field begins with what a spreadsheet runs, but for numbers there are none below 0. */
    for (const char *p = written; *p != '\0'; p++) {
        bool is_start = p == written || p[-1] == ',' || p[-1] == '\n' ||
                        (p[-1] == '"' && p - 1 > written && (p[-2] == ',' || p[-2] == '\n'));
        if (is_start && strchr("=+-@", *p) != NULL) {
            fail_msg("a field begins with %c: %.40s", *p, p);
        }
    }
    g_autoptr(hr_inventory) second = load_text(written, diag);
    assert_non_null(second);
    assert_int_equal(second->n_guests, first->n_guests);
    for (size_t i = 0; i < first->n_guests; i++) {
        assert_string_equal(second->guests[i].name, first->guests[i].name);
        assert_string_equal(second->guests[i].os, "-x");
        assert_true(memcmp(&second->guests[i].disk_gib, &first->guests[i].disk_gib,
                           sizeof(double)) == 0);
    }
    g_autofree char *again = hr_inventory_to_csv(second);
    assert_string_equal(again, written);
}

static void writes_a_file_whole(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autofree char *own = fixture("own.csv");
    g_autoptr(hr_inventory) inventory = hr_inventory_load(own, NULL, diag, NULL);
    g_autofree char *folder = temp_folder(NULL, 0);
    g_autofree char *path = g_build_filename(folder, "out.csv", NULL);
    assert_true(hr_inventory_write_csv(inventory, path, NULL));
    g_autoptr(hr_inventory) again = hr_inventory_load(path, NULL, diag, NULL);
    assert_non_null(again);
    g_autofree char *text = hr_inventory_to_csv(inventory);
    g_autofree char *text_again = hr_inventory_to_csv(again);
    assert_string_equal(text, text_again);
    remove_folder(folder);
    g_autoptr(GError) error = NULL;
    assert_false(hr_inventory_write_csv(inventory, path, &error));
    assert_non_null(strstr(error->message, path));
    assert_int_equal(error->code, 1);
}

static void refuses_workbooks_by_their_bytes(void **state)
{
    (void)state;
    char zip[64] = "PK\3\4";
    memcpy(zip + 40, "PK\5\6", 4);
    const struct {
        const char *bytes;
        size_t n_bytes;
        const char *says;
    } rows[] = {
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "save an unprotected copy"},
        {zip, 64, "export the tabs as CSV"},
        {"PK\3\4 cut off", 12, "not a workbook"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        assert_null(load_bytes(rows[i].bytes, rows[i].n_bytes, NULL, diag));
        assert_finding(diag, HR_FATAL, 0, rows[i].says);
    }
}

static void reads_standard_input(void **state)
{
    (void)state;
    g_autofree char *own = fixture("own.csv");
    assert_non_null(freopen(own, "rb", stdin));
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_inventory) piped = hr_inventory_load("-", NULL, diag, NULL);
    assert_non_null(piped);
    g_autoptr(hr_inventory) plain = hr_inventory_load(own, NULL, diag, NULL);
    g_autofree char *text = hr_inventory_to_csv(piped);
    g_autofree char *text_plain = hr_inventory_to_csv(plain);
    assert_string_equal(text, text_plain);
    assert_string_equal(piped->files[0].path, "-");
    assert_string_equal(piped->files[0].digest, plain->files[0].digest);
}

static void names_what_cannot_be_read(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) error = NULL;
    assert_null(hr_inventory_load("/nowhere/at/all.csv", NULL, diag, &error));
    assert_non_null(strstr(error->message, "/nowhere/at/all.csv"));
    assert_int_equal(hr_diag_count(diag), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_column),
        cmocka_unit_test(leaves_unknown_what_is_blank),
        cmocka_unit_test(refuses_bad_values),
        cmocka_unit_test(reports_all_problems_at_once),
        cmocka_unit_test(notes_unknown_columns),
        cmocka_unit_test(counts_make_copies),
        cmocka_unit_test(order_of_rows_has_no_say),
        cmocka_unit_test(keeps_one_cluster),
        cmocka_unit_test(round_trip_is_exact),
        cmocka_unit_test(writes_a_file_whole),
        cmocka_unit_test(refuses_workbooks_by_their_bytes),
        cmocka_unit_test(reads_standard_input),
        cmocka_unit_test(names_what_cannot_be_read),
    };
    return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
