/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Studies on several threads: small ones, so that they can also run under ThreadSanitizer,
 * which reports data that two threads share without order. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "check.h"
#include "scenario_text.h"
#include "study/pool.h"
#include "study/save.h"
#include "study/simulate.h"
#include "study_estate.h"

/* ---- a small estate ---- */

static const char inventory_csv[] =
    "name,vcpus,memory_mib,power,os,role,priority,disk_gib,disk_used_gib\n"
    "dc01,2,8192,on,Microsoft Windows Server 2022 (64-bit),domain-controller,high,80,31\n"
    "fs01,4,32768,on,Microsoft Windows Server 2022 (64-bit),file,high,4096,2870\n"
    "sql01,8,65536,on,Microsoft Windows Server 2022 (64-bit),sql,high,600,400\n"
    "rds01,4,32768,on,Microsoft Windows Server 2022 (64-bit),,medium,120,70\n"
    "rds02,4,32768,on,Microsoft Windows Server 2022 (64-bit),,medium,120,70\n"
    "web01,2,8192,on,Debian GNU/Linux 12 (64-bit),web,medium,60,20\n"
    "web02,2,8192,on,Debian GNU/Linux 12 (64-bit),web,low,60,20\n"
    "old01,2,8192,off,Debian GNU/Linux 12 (64-bit),,low,60,20\n";

/* What all studies read and none may change. */
static int estate_load(void **state)
{
    struct estate *e = g_new0(struct estate, 1);
    *state = e;
    e->folder = g_dir_make_tmp("headroom-threads-XXXXXX", NULL);
    assert_non_null(e->folder);
    g_autofree char *path = g_build_filename(e->folder, "inventory.csv", NULL);
    assert_true(g_file_set_contents(path, inventory_csv, -1, NULL));
    estate_read(e, path);
    assert_int_equal(g_unlink(path), 0);
    assert_int_equal(e->guests->n_running, 7);
    /* Each of the memory policies. */
    static const char *const platforms[] = {"vsphere", "hyperv-static", "hyperv-dynamic"};
    for (size_t p = 0; p < G_N_ELEMENTS(platforms); p++) {
        e->platforms[p] = hr_catalog_platform(e->catalog, platforms[p]);
        assert_non_null(e->platforms[p]);
    }
    e->servers[0] = hr_catalog_server(e->catalog, "dell-r6615-1x16");
    assert_non_null(e->servers[0]);
    e->options = (struct hr_size_options){
        .platforms = e->platforms,
        .servers = e->servers,
        .storage = hr_catalog_storage_at(e->catalog, 0),
        .spare_hosts = 1,
        .days = 1.0,
        .replications = 4,
        .seed = 7,
        .growth_pct = 5.0,
        .buy_staged = true,
        .service_level = {.slowdown_p95_frac = 0.05, .restart_within_s = 900.0}};
    hr_cost_params_default(&e->options.cost);
    return 0;
}

static int estate_free(void **state)
{
    struct estate *e = *state;
    estate_release(e);
    assert_int_equal(g_rmdir(e->folder), 0);
    g_free(e->folder);
    g_free(e);
    return 0;
}

/* ---- a study into a database ---- */

/* The bytes of the database that a study on so many threads leaves; NULL when it failed.
 * Several may run at once, so nothing is asserted here: cmocka's way out belongs to its own
 * thread. */
static GBytes *study(const struct estate *e, int n_threads, bool quiet, const char *name)
{
    g_autofree char *path = g_build_filename(e->folder, name, NULL);
    g_autoptr(hr_progress) progress = hr_progress_new(quiet);
    struct hr_size_options options = e->options;
    options.n_threads = n_threads;
    options.progress = progress;
    struct hr_size_result result;
    if (!hr_size(e->guests, e->book, &options, &result, NULL)) {
        return NULL;
    }
    struct hr_size_context context = {.inventory = e->inventory,
                                      .guests = result.guests,
                                      .catalog = e->catalog,
                                      .book = e->book,
                                      .diag = e->diag,
                                      .options = &options,
                                      .powered_off = HR_OFF_STORAGE,
                                      .title = "threads",
                                      .command = "headroom size",
                                      .program_version = "0"};
    hr_store *store = hr_store_open_write(path, NULL);
    bool saved = store != NULL && hr_size_save(store, &context, &result, NULL, NULL);
    hr_store_close(store);
    hr_size_result_clear(&result);
    char *bytes = NULL;
    gsize n_bytes = 0;
    if (!saved || !g_file_get_contents(path, &bytes, &n_bytes, NULL)) {
        return NULL;
    }
    (void)g_unlink(path);
    return g_bytes_new_take(bytes, n_bytes);
}

static void assert_same_study(GBytes *a, GBytes *b)
{
    assert_non_null(a);
    assert_non_null(b);
    assert_true(g_bytes_get_size(a) > 10000);
    assert_true(g_bytes_equal(a, b));
}

/* ---- a terminal ---- */

/* Standard error is a terminal meanwhile, and what appears there is kept. */
struct terminal {
    int master;
    int saved_stderr;
    pthread_t reader;
    GString *text;
};

static void *read_terminal(void *argument)
{
    struct terminal *t = argument;
    char block[512];
    ssize_t n = 0;
    while ((n = read(t->master, block, sizeof block)) > 0 || (n < 0 && errno == EINTR)) {
        g_string_append_len(t->text, block, MAX(n, 0));
    }
    return NULL;
}

static void terminal_begin(struct terminal *t)
{
    t->text = g_string_new(NULL);
    t->master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(t->master >= 0);
    assert_int_equal(grantpt(t->master), 0);
    assert_int_equal(unlockpt(t->master), 0);
    int slave = open(ptsname(t->master), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0);
    t->saved_stderr = dup(STDERR_FILENO);
    assert_true(t->saved_stderr >= 0);
    assert_int_equal(dup2(slave, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(close(slave), 0);
    assert_int_equal(pthread_create(&t->reader, NULL, read_terminal, t), 0);
}

/* Returns: what was written, the caller's. */
static char *terminal_end(struct terminal *t)
{
    /* With its last writer gone the terminal ends for the reader too. */
    assert_int_equal(dup2(t->saved_stderr, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(close(t->saved_stderr), 0);
    assert_int_equal(pthread_join(t->reader, NULL), 0);
    assert_int_equal(close(t->master), 0);
    return g_string_free(t->text, FALSE);
}

/* ---- tests ---- */

static void threads_change_no_byte(void **state)
{
    const struct estate *e = *state;
    g_autoptr(GBytes) one = study(e, 1, true, "one.db");
    struct terminal terminal;
    terminal_begin(&terminal);
    g_autoptr(GBytes) four = study(e, 4, false, "four.db");
    g_autofree char *shown = terminal_end(&terminal);
    if (strstr(shown, "ThreadSanitizer") != NULL) {
        print_error("%s\n", shown);
    }
    assert_same_study(one, four);
    assert_non_null(strstr(shown, "\r\033[K"));
    assert_non_null(strstr(shown, e->platforms[0]->name));
}

struct pair {
    const struct estate *estate;
    GBytes *bytes[2];
};

static void study_of_pair(void *context, uint32_t index)
{
    struct pair *pair = context;
    g_autofree char *name = g_strdup_printf("pair%u.db", index);
    pair->bytes[index] = study(pair->estate, 2, true, name);
}

static void two_studies_at_once_share_nothing(void **state)
{
    struct pair pair = {.estate = *state};
    hr_pool_run(2, 2, study_of_pair, &pair);
    assert_same_study(pair.bytes[0], pair.bytes[1]);
    g_bytes_unref(pair.bytes[0]);
    g_bytes_unref(pair.bytes[1]);
}

static void simulated_platforms_share_nothing(void **state)
{
    const struct estate *e = *state;
    struct hr_scenario_file *file = sound(
        e->catalog, "platforms: [vsphere, hyperv-dynamic]\n"
                    "cluster: {hosts: 2, memory_mib: 8192, cores: 4, mhz: 2500}\n"
                    "run: {days: 1, replications: 3, spare_hosts: 1}\n"
                    "guests:\n"
                    "  - {name: app, count: 6, os: linux-5, vcpus: 1, memory_mib: 2048}\n");
    char *csv[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        g_autoptr(hr_progress) progress = hr_progress_new(true);
        struct hr_simulate_options options = {
            .n_threads = i == 0 ? 1 : 4, .progress = progress, .record_samples = true};
        struct hr_simulate_result result;
        assert_true(hr_simulate(file, &options, &result, NULL));
        size_t n_bytes = 0;
        FILE *out = open_memstream(&csv[i], &n_bytes);
        assert_non_null(out);
        hr_simulate_write_series(&result, out);
        assert_int_equal(fclose(out), 0);
        hr_simulate_result_clear(&result);
    }
    assert_true(strlen(csv[0]) > 1000);
    assert_string_equal(csv[0], csv[1]);
    free(csv[0]); /* of open_memstream() */
    free(csv[1]);
    hr_scenario_file_free(file);
}

int main(void)
{
    /* The database names its hour, the terminal its kind. */
    if (setenv("SOURCE_DATE_EPOCH", "1770000000", 1) != 0 || setenv("TERM", "xterm", 1) != 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(two_studies_at_once_share_nothing),
        cmocka_unit_test(simulated_platforms_share_nothing),
    };
    return cmocka_run_group_tests_name("study threads", tests, estate_load, estate_free);
}
