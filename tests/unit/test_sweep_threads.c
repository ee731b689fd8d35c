/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sweep's crew: small, so that it can also run under ThreadSanitizer. */
#include <stdatomic.h>
#include <stdlib.h>

#include "check.h"
#include "store_fixture.h"
#include "study/sweep.h"
#include "sweep_text.h"
#include "sweep_world.h"

static const char sweep_text[] =
    SWEEP_BASE "axes:\n"
               "  - {name: seed, path: run.seed, values: [1, 2]}\n"
               "  - {name: n, path: cluster.hosts, values: [2, 3, 4]}\n"
               "  - {name: dimm, price: memory, values: [1, 2]}\n";

static int make_world(void **state)
{
    return make_world_of(sweep_text, state);
}

/* Asks for the end when it has been asked so many times. */
struct patience {
    int n_left;
    atomic_int stop;
};

static void lose_patience(void *context)
{
    struct patience *patience = context;
    if (patience->n_left-- <= 0) {
        atomic_store(&patience->stop, 1);
    }
}

static struct hr_sweep_outcome run(const struct world *w, const char *name, int n_threads,
                                   bool resume, struct patience *patience)
{
    g_autofree char *path = g_build_filename(w->folder, name, NULL);
    struct hr_sweep_job job = {.sweep = w->sweep,
                               .plan = w->plan,
                               .catalog = w->catalog,
                               .book = w->book,
                               .title = "sweep.yaml",
                               .command = "headroom sweep sweep.yaml",
                               .program_version = "0",
                               .database = path,
                               .n_threads = n_threads,
                               .shard = 1,
                               .shards = 1,
                               .resume = resume};
    if (patience != NULL) {
        job.stop = &patience->stop;
        job.ask = lose_patience;
        job.ask_context = patience;
    }
    struct hr_sweep_outcome outcome;
    g_autoptr(GError) error = NULL;
    if (!hr_sweep_run(&job, &outcome, &error)) {
        fail_msg("%s", error->message);
    }
    return outcome;
}

static void more_threads_give_the_same_bytes(void **state)
{
    struct world *w = *state;
    assert_int_equal(run(w, "1.db", 1, false, NULL).done, 12);
    assert_int_equal(run(w, "4.db", 4, false, NULL).done, 12);
    g_autofree char *one = g_build_filename(w->folder, "1.db", NULL);
    g_autofree char *four = g_build_filename(w->folder, "4.db", NULL);
    GBytes *a = fixture_bytes(one), *b = fixture_bytes(four);
    assert_true(g_bytes_equal(a, b));
    g_bytes_unref(a);
    g_bytes_unref(b);
}

/* However often it is stopped in the midst, nothing is lost and nothing is done twice. */
static void a_crew_that_is_stopped_goes_on(void **state)
{
    struct world *w = *state;
    int64_t done = 0;
    for (int round = 0; round < 40 && done < 12; round++) {
        struct patience patience = {.n_left = round / 2};
        struct hr_sweep_outcome outcome = run(w, "x.db", 3, true, &patience);
        assert_true(outcome.done >= done);
        assert_int_equal(outcome.done, done + outcome.new_points);
        assert_true(outcome.interrupted == (outcome.done < 12));
        done = outcome.done;
    }
    assert_int_equal(run(w, "x.db", 3, true, NULL).done, 12);
    assert_true(run(w, "x.db", 3, true, NULL).was_complete);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_world, free_world)
    const struct CMUnitTest tests[] = {
        T(more_threads_give_the_same_bytes),
        T(a_crew_that_is_stopped_goes_on),
    };
    return cmocka_run_group_tests_name("sweep threads", tests, NULL, NULL);
}
