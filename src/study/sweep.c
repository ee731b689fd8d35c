/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers and the writer.
 *
 * Invariants, under the lock: taken groups are first ... next - 1 of this part's list; a slot
 * of the window belongs to one taken group at a time; the writer has saved all before written,
 * and next - written <= the window's length, so memory is bounded. */
#include "study/sweep.h"

#include <math.h>
#include <pthread.h>
#include <time.h>

#include "base/error.h"
#include "store/store.h"
#include "study/sweep_group.h"
#include "study/sweep_save.h"
#include "sweep/answers.h"

enum { WINDOW_PER_THREAD = 16, MOST_THREADS = 256 };
/* A batch ends after so many points or guest steps, a second or two of one thread: by counts,
 * not by the clock, so that the same sweep makes the same transactions. */
enum { BATCH_POINTS = 1024 };
static const double BATCH_GUEST_SAMPLES = 2e6;
static const size_t LOAD_CACHE_BYTES = (size_t)256 << 20;

enum slot_state { SLOT_EMPTY, SLOT_DONE, SLOT_ABANDONED };

struct slot {
    enum slot_state state;
    struct hr_sweep_group group;
};

struct crew {
    const struct hr_sweep_job *job;
    hr_load_cache *loads;
    const uint32_t *groups; /* to do, ascending */
    uint32_t n_groups;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t next;    /* of groups, to be taken */
    uint32_t written; /* of groups, handed to the writer */
    struct slot *window;
    uint32_t n_window;
    bool halt; /* the writer gave up */
};

bool hr_sweep_in_part(const struct hr_sweep_job *job, uint32_t group)
{
    return group % (uint32_t)job->shards == (uint32_t)job->shard - 1;
}

void hr_sweep_count(const struct hr_sweep_job *job, int64_t *n_points, int64_t *n_groups)
{
    *n_points = *n_groups = 0;
    for (uint32_t g = 0; g < job->plan->n_groups; g++) {
        if (hr_sweep_in_part(job, g)) {
            *n_points += job->plan->groups[g + 1] - job->plan->groups[g];
            (*n_groups)++;
        }
    }
}

/* ---- workers ---- */

static bool is_stopped(const struct crew *crew)
{
    return crew->halt || (crew->job->stop != NULL && atomic_load(crew->job->stop) != 0);
}

/* Returns: false when there is nothing more to do. */
static bool take(struct crew *crew, uint32_t *index)
{
    pthread_mutex_lock(&crew->lock);
    while (!is_stopped(crew) && crew->next < crew->n_groups &&
           crew->next - crew->written >= crew->n_window) {
        pthread_cond_wait(&crew->changed, &crew->lock);
    }
    bool found = !is_stopped(crew) && crew->next < crew->n_groups;
    if (found) {
        *index = crew->next++;
    }
    pthread_mutex_unlock(&crew->lock);
    return found;
}

static void do_one(struct crew *crew, uint32_t index)
{
    struct hr_sweep_group group;
    bool finished = hr_sweep_group_run(crew->job, crew->loads, crew->groups[index], &group);
    pthread_mutex_lock(&crew->lock);
    struct slot *slot = &crew->window[index % crew->n_window];
    slot->group = group;
    slot->state = finished ? SLOT_DONE : SLOT_ABANDONED;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

static void *work(void *argument)
{
    struct crew *crew = argument;
    uint32_t index = 0;
    while (take(crew, &index)) {
        do_one(crew, index);
    }
    return NULL;
}

/* ---- the writer ---- */

struct writer {
    struct crew *crew;
    hr_points *points;
    struct hr_sweep_outcome *out;
    uint32_t n_batch_points;
    double batch_samples;
    int64_t started_us;
    int64_t n_points_left; /* at the start */
};

static void report(const struct writer *w)
{
    const struct hr_sweep_outcome *out = w->out;
    double passed_s = (double)(g_get_monotonic_time() - w->started_us) / 1e6;
    double rate = passed_s > 0.0 ? (double)out->new_points / passed_s : 0.0;
    double left_s = rate > 0.0 ? (double)(w->n_points_left - out->new_points) / rate : 0.0;
    int left = (int)fmin(left_s, 1e8);
    hr_progress_tell(w->crew->job->progress,
                     "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                     " points, %.1f a second, %d:%02d:%02d left",
                     out->done, out->points, rate, left / 3600, left / 60 % 60, left % 60);
}

static bool save_group(struct writer *w, const struct hr_sweep_group *group, GError **error)
{
    uint32_t n_axes = w->crew->job->sweep->n_axes;
    for (uint32_t p = 0; p < group->n_points; p++) {
        if (!hr_points_add(w->points, &group->points[p], &group->values[(size_t)p * n_axes],
                           n_axes, error)) {
            return false;
        }
    }
    w->out->done += group->n_points;
    w->out->new_points += group->n_points;
    w->n_batch_points += group->n_points;
    w->batch_samples += group->guest_samples;
    if (w->n_batch_points >= BATCH_POINTS || w->batch_samples >= BATCH_GUEST_SAMPLES) {
        w->n_batch_points = 0;
        w->batch_samples = 0.0;
        return hr_points_flush(w->points, error);
    }
    return true;
}

/* Takes the next group out of the window. wait: for a worker; a moment at most, so that
 * progress is told and a signal is seen. Returns: its state; SLOT_EMPTY when nothing came. */
static enum slot_state next_group(struct crew *crew, bool wait, struct hr_sweep_group *out)
{
    pthread_mutex_lock(&crew->lock);
    struct slot *slot = &crew->window[crew->written % crew->n_window];
    if (wait && slot->state == SLOT_EMPTY) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 200000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        (void)pthread_cond_timedwait(&crew->changed, &crew->lock, &until);
    }
    enum slot_state state = slot->state;
    if (state != SLOT_EMPTY) {
        *out = slot->group;
        *slot = (struct slot){.state = SLOT_EMPTY};
        crew->written++;
        pthread_cond_broadcast(&crew->changed);
    }
    pthread_mutex_unlock(&crew->lock);
    return state;
}

static void halt(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->halt = true;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

/* Until all groups are written or somebody stops it. inline_work: there are no workers. */
static bool write_groups(struct writer *w, bool inline_work, GError **error)
{
    struct crew *crew = w->crew;
    while (crew->written < crew->n_groups && !is_stopped(crew)) {
        uint32_t index = 0;
        if (inline_work && take(crew, &index)) {
            do_one(crew, index);
        }
        struct hr_sweep_group group;
        enum slot_state state = next_group(crew, !inline_work, &group);
        report(w);
        if (crew->job->ask != NULL) {
            crew->job->ask(crew->job->ask_context);
        }
        if (state == SLOT_ABANDONED) {
            return true;
        }
        if (state != SLOT_DONE) {
            continue;
        }
        bool ok = save_group(w, &group, error);
        hr_sweep_group_clear(&group);
        if (!ok) {
            return false;
        }
    }
    return true;
}

/* Empties the window. keep: after an interruption what other workers have finished is saved
 * too; after a failure to write there is nowhere to save it. */
static bool write_rest(struct writer *w, bool keep, GError **error)
{
    struct crew *crew = w->crew;
    bool ok = keep;
    while (crew->written < crew->next) {
        struct hr_sweep_group group = {0};
        if (next_group(crew, false, &group) == SLOT_DONE && ok) {
            ok = save_group(w, &group, error);
        }
        hr_sweep_group_clear(&group);
    }
    return ok;
}

static bool run_crew(struct writer *w, GError **error)
{
    struct crew *crew = w->crew;
    pthread_t threads[MOST_THREADS] = {0};
    int n_started = 0;
    int n_wanted = MIN(crew->job->n_threads, MOST_THREADS);
    while (n_started < n_wanted && pthread_create(&threads[n_started], NULL, work, crew) == 0) {
        n_started++;
    }
    bool ok = write_groups(w, n_started == 0, error);
    halt(crew);
    for (int i = 0; i < n_started; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    ok = write_rest(w, ok, error);
    /* A signal that came when all was simulated interrupts nothing. */
    w->out->interrupted = ok && w->out->done < w->out->points;
    return ok;
}

/* ---- the whole ---- */

/* Groups of this part whose points are not saved. Groups are saved whole. */
static uint32_t *groups_to_do(const struct hr_sweep_job *job, const GArray *saved,
                              struct hr_sweep_outcome *out, uint32_t *n)
{
    const struct hr_plan *plan = job->plan;
    uint32_t *groups = g_new(uint32_t, MAX(1, plan->n_groups));
    g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < saved->len; i++) {
        g_hash_table_add(known, &g_array_index(saved, int64_t, i));
    }
    *n = 0;
    for (uint32_t g = 0; g < plan->n_groups; g++) {
        int64_t first = (int64_t)plan->points[plan->groups[g]] + 1;
        if (!hr_sweep_in_part(job, g)) {
            continue;
        }
        if (g_hash_table_contains(known, &first)) {
            out->done += plan->groups[g + 1] - plan->groups[g];
        } else {
            groups[(*n)++] = g;
        }
    }
    return groups;
}

/* What is computed from all points is there before the sweep counts as complete. */
static bool finish(const struct hr_sweep_job *job, hr_points *points,
                   const struct hr_sweep_outcome *out, GError **error)
{
    return hr_points_flush(points, error) &&
           (job->shards > 1 || hr_sweep_save_answers(job->database, out->study_id, error)) &&
           hr_points_finish(points, error);
}

static bool run_groups(const struct hr_sweep_job *job, hr_points *points,
                       const uint32_t *groups, uint32_t n_groups, struct hr_sweep_outcome *out,
                       GError **error)
{
    struct crew crew = {.job = job,
                        .loads = hr_load_cache_new(LOAD_CACHE_BYTES),
                        .groups = groups,
                        .n_groups = n_groups,
                        .n_window = (uint32_t)(WINDOW_PER_THREAD * MAX(1, job->n_threads))};
    crew.window = g_new0(struct slot, crew.n_window);
    (void)pthread_mutex_init(&crew.lock, NULL);
    (void)pthread_cond_init(&crew.changed, NULL);
    struct writer writer = {.crew = &crew,
                            .points = points,
                            .out = out,
                            .started_us = g_get_monotonic_time(),
                            .n_points_left = out->points - out->done};
    bool ok = run_crew(&writer, error);
    ok = ok &&
         (out->interrupted ? hr_points_flush(points, error) : finish(job, points, out, error));
    pthread_cond_destroy(&crew.changed);
    pthread_mutex_destroy(&crew.lock);
    g_free(crew.window);
    hr_load_cache_free(crew.loads);
    return ok;
}

/* What the database has of the sweep, whoever put it there. */
static bool count_saved(const char *database, struct hr_sweep_outcome *out, GError **error)
{
    g_autoptr(hr_store) store = hr_store_open_read(database, error);
    g_autoptr(hr_rows) rows =
        store != NULL ? hr_store_query(store,
                                       "SELECT count(*), sum(simulated_as = point AND "
                                       "replications > 0) FROM point WHERE study_id = :study",
                                       out->study_id, NULL, error)
                      : NULL;
    if (rows == NULL) {
        return false;
    }
    out->done = (int64_t)hr_rows_number(rows, 0, 0, 0.0);
    out->simulated = (int64_t)hr_rows_number(rows, 0, 1, 0.0);
    return true;
}

bool hr_sweep_run(const struct hr_sweep_job *job, struct hr_sweep_outcome *out, GError **error)
{
    struct hr_sweep_outcome outcome = {0};
    int64_t n_groups = 0;
    hr_sweep_count(job, &outcome.points, &n_groups);
    if (!hr_sweep_open(job, &outcome, error)) {
        return false;
    }
    if (outcome.was_complete) {
        *out = outcome;
        return count_saved(job->database, out, error);
    }
    g_autoptr(hr_points) points = hr_points_open(job->database, outcome.study_id, error);
    g_autoptr(GArray) saved = points != NULL ? hr_points_list(points, error) : NULL;
    if (saved == NULL) {
        return false;
    }
    uint32_t n = 0;
    g_autofree uint32_t *groups = groups_to_do(job, saved, &outcome, &n);
    bool ok = run_groups(job, points, groups, n, &outcome, error);
    g_clear_pointer(&points, hr_points_close);
    *out = outcome;
    return ok && count_saved(job->database, out, error);
}

double hr_sweep_estimate_s(const struct hr_sweep_job *job, uint32_t *n_measured)
{
    enum { SAMPLES = 8, MOST_S = 10 };
    hr_load_cache *loads = hr_load_cache_new(LOAD_CACHE_BYTES);
    uint32_t n_groups = job->plan->n_groups;
    int64_t started_us = g_get_monotonic_time();
    int64_t n_points = 0;
    int64_t n_part = 0;
    hr_sweep_count(job, &n_points, &n_part);
    *n_measured = 0;
    double passed_s = 0.0;
    uint64_t n_samples = MIN(SAMPLES, n_groups);
    for (uint64_t i = 0; i < n_samples && passed_s < MOST_S; i++) {
        struct hr_sweep_group group;
        uint32_t which = (uint32_t)((2 * i + 1) * n_groups / (2 * n_samples));
        if (!hr_sweep_group_run(job, loads, which, &group)) {
            break;
        }
        hr_sweep_group_clear(&group);
        passed_s = (double)(g_get_monotonic_time() - started_us) / 1e6;
        (*n_measured)++;
    }
    hr_load_cache_free(loads);
    return *n_measured > 0 ? passed_s / *n_measured * (double)n_part : 0.0;
}
