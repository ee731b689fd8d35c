/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/answers.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "store/answers.h"
#include "store/store.h"
#include "sweep/saltelli.h"
#include "sweep/sensitivity.h"

enum { OUTPUTS = 4, BLOCKS_LEAST = 8, POINTS_LEAST = 8 };

static const char *const outputs[OUTPUTS] = {"tco", "slowdown_p95", "failure_slowdown_p95",
                                             "disk_minutes"};

/* The points of a sweep, ascending; those that were not run are left out. */
struct sample {
    bool is_saltelli;
    bool is_star;
    uint64_t seed;
    uint32_t n_axes;
    size_t n;
    int64_t *point;
    double *y[OUTPUTS]; /* NAN: the point has none */
    uint32_t *levels;   /* by point, then axis; from 1 */
    uint32_t *n_levels; /* by axis */
};

static void clear_sample(struct sample *s)
{
    g_free(s->point);
    for (int k = 0; k < OUTPUTS; k++) {
        g_free(s->y[k]);
    }
    g_free(s->levels);
    g_free(s->n_levels);
}

static bool read_sweep(hr_store *store, int64_t study_id, struct sample *s, bool *is_fit,
                       GError **error)
{
    g_autoptr(hr_rows) rows = hr_store_query(
        store,
        "SELECT design, design_seed,\n"
        "  (SELECT count(*) FROM sweep_axis AS a WHERE a.study_id = s.study_id),\n"
        "  (SELECT count(*) FROM point AS p WHERE p.study_id = s.study_id)\n"
        "FROM sweep AS s WHERE study_id = :study",
        study_id, NULL, error);
    if (rows == NULL || hr_rows_count(rows) == 0) {
        *is_fit = false;
        return rows != NULL;
    }
    s->is_saltelli = g_strcmp0(hr_rows_text(rows, 0, 0), "saltelli") == 0;
    /* One at a time no axis meets the others' values: there is no share of a variance. */
    s->is_star = g_strcmp0(hr_rows_text(rows, 0, 0), "one-at-a-time") == 0;
    s->seed = (uint64_t)hr_rows_get(rows, 0, 1)->as.integer;
    s->n_axes = (uint32_t)hr_rows_get(rows, 0, 2)->as.integer;
    *is_fit = !s->is_star && hr_rows_get(rows, 0, 3)->as.integer <= HR_ANSWERS_POINTS_MAX;
    return true;
}

static bool read_points(hr_store *store, int64_t study_id, struct sample *s, GError **error)
{
    g_autoptr(hr_rows) rows =
        hr_store_query(store,
                       "SELECT point, nullif(tco_cents, -1) / 100.0, slowdown_p95,\n"
                       "  failure_slowdown_p95, swapped_min + paged_min\n"
                       "FROM point WHERE study_id = :study AND status = 'done' ORDER BY point",
                       study_id, NULL, error);
    if (rows == NULL) {
        return false;
    }
    s->n = hr_rows_count(rows);
    s->point = g_new(int64_t, s->n);
    for (size_t i = 0; i < s->n; i++) {
        s->point[i] = hr_rows_get(rows, i, 0)->as.integer;
    }
    for (size_t k = 0; k < OUTPUTS; k++) {
        s->y[k] = g_new(double, s->n);
        for (size_t i = 0; i < s->n; i++) {
            s->y[k][i] = hr_rows_number(rows, i, k + 1, (double)NAN);
        }
    }
    return true;
}

/* A value of an axis: which of its levels it is, of how many. */
struct level {
    uint32_t level, n_levels;
};

static char *level_key(int64_t axis, const char *text)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %s", axis, text);
}

/* By axis and text. Returns: the caller's, or NULL. */
static GHashTable *levels_by_text(hr_store *store, int64_t study_id, GError **error)
{
    g_autoptr(hr_rows) rows = hr_store_query(
        store, "SELECT axis, text, level, levels FROM v_sweep_level WHERE study_id = :study",
        study_id, NULL, error);
    if (rows == NULL) {
        return NULL;
    }
    GHashTable *levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (size_t i = 0; i < hr_rows_count(rows); i++) {
        struct level *level = g_new(struct level, 1);
        level->level = (uint32_t)hr_rows_get(rows, i, 2)->as.integer;
        level->n_levels = (uint32_t)hr_rows_get(rows, i, 3)->as.integer;
        g_hash_table_insert(
            levels, level_key(hr_rows_get(rows, i, 0)->as.integer, hr_rows_text(rows, i, 1)),
            level);
    }
    return levels;
}

/* In C, and not as a join: an axis may have as many levels as there are points. */
static bool read_levels(hr_store *store, int64_t study_id, struct sample *s, GError **error)
{
    g_autoptr(GHashTable) levels = levels_by_text(store, study_id, error);
    g_autoptr(hr_rows) rows =
        levels != NULL ? hr_store_query(store,
                                        "SELECT v.axis, v.text FROM point AS p\n"
                                        "CROSS JOIN point_value AS v\n"
                                        "  ON v.study_id = p.study_id AND v.point = p.point\n"
                                        "WHERE p.study_id = :study AND p.status = 'done'\n"
                                        "ORDER BY p.point, v.axis",
                                        study_id, NULL, error)
                       : NULL;
    if (rows == NULL) {
        return false;
    }
    bool is_whole = hr_rows_count(rows) == s->n * s->n_axes;
    s->levels = g_new0(uint32_t, s->n * s->n_axes);
    s->n_levels = g_new0(uint32_t, s->n_axes);
    for (size_t i = 0; is_whole && i < hr_rows_count(rows); i++) {
        g_autofree char *key =
            level_key(hr_rows_get(rows, i, 0)->as.integer, hr_rows_text(rows, i, 1));
        const struct level *level = g_hash_table_lookup(levels, key);
        is_whole = level != NULL;
        if (is_whole) {
            s->levels[i] = level->level;
            s->n_levels[i % s->n_axes] = level->n_levels;
        }
    }
    if (!is_whole) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_FAILED,
                            "it is damaged: points lack values of their axes");
    }
    return is_whole;
}

static void add_row(GArray *rows, const char *method, int output, uint32_t axis, size_t n,
                    const struct hr_sensitivity *s)
{
    const struct hr_row_sobol_index row = {.axis = (int)axis + 1,
                                           .output = outputs[output],
                                           .method = method,
                                           .samples = (int64_t)n,
                                           .first = s->first,
                                           .first_low = s->first_low,
                                           .first_high = s->first_high,
                                           .total = s->total,
                                           .total_low = s->total_low,
                                           .total_high = s->total_high};
    g_array_append_val(rows, row);
}

/* Puts the outputs of the blocks of which no point is missing beside each other in y.
 * Returns: how many blocks. */
static size_t whole_blocks(const struct sample *s, int output, double *y)
{
    int64_t n_rows = hr_saltelli_block(s->n_axes);
    hr_assert(n_rows > 0);
    size_t n = 0;
    for (size_t i = 0; i + (size_t)n_rows <= s->n; i++) {
        bool is_whole = (s->point[i] - 1) % n_rows == 0 &&
                        s->point[i + (size_t)n_rows - 1] == s->point[i] + n_rows - 1;
        for (size_t k = 0; is_whole && k < (size_t)n_rows; k++) {
            is_whole = isfinite(s->y[output][i + k]);
        }
        if (is_whole) {
            memcpy(y + n * (size_t)n_rows, s->y[output] + i, (size_t)n_rows * sizeof *y);
            n++;
        }
    }
    return n;
}

static void add_saltelli(const struct sample *s, int output, GArray *rows)
{
    g_autofree double *y = g_new(double, MAX(s->n, 1));
    struct hr_sensitivity index[HR_SALTELLI_AXES_MAX];
    size_t n = whole_blocks(s, output, y);
    if (n < BLOCKS_LEAST || !hr_saltelli_indices(y, n, s->n_axes, s->seed, index)) {
        return;
    }
    for (uint32_t a = 0; a < s->n_axes; a++) {
        add_row(rows, "saltelli", output, a, n, &index[a]);
    }
}

static void add_binned(const struct sample *s, int output, GArray *rows)
{
    g_autofree double *y = g_new(double, MAX(s->n, 1));
    g_autofree uint32_t *levels = g_new(uint32_t, MAX(s->n, 1));
    for (uint32_t a = 0; a < s->n_axes; a++) {
        size_t n = 0;
        for (size_t i = 0; i < s->n; i++) {
            if (isfinite(s->y[output][i])) {
                y[n] = s->y[output][i];
                levels[n++] = s->levels[i * s->n_axes + a];
            }
        }
        struct hr_sensitivity index;
        if (n >= POINTS_LEAST &&
            hr_binned_index(y, levels, n, s->n_levels[a], s->seed, &index)) {
            add_row(rows, "binned", output, a, n, &index);
        }
    }
}

static bool read_sample(hr_store *store, int64_t study_id, struct sample *s, bool *is_fit,
                        GError **error)
{
    return read_sweep(store, study_id, s, is_fit, error) &&
           (!*is_fit || (read_points(store, study_id, s, error) &&
                         (s->is_saltelli || read_levels(store, study_id, s, error))));
}

bool hr_sweep_save_answers(const char *path, int64_t study_id, GError **error)
{
    struct sample s = {0};
    bool is_fit = false;
    hr_store *store = hr_store_open_read(path, error);
    bool ok = store != NULL && read_sample(store, study_id, &s, &is_fit, error);
    hr_store_close(store);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct hr_row_sobol_index));
    for (int k = 0; ok && is_fit && k < OUTPUTS; k++) {
        if (s.is_saltelli) {
            add_saltelli(&s, k, rows);
        } else {
            add_binned(&s, k, rows);
        }
    }
    clear_sample(&s);
    return ok && hr_answers_save(path, study_id,
                                 (const struct hr_row_sobol_index *)(const void *)rows->data,
                                 rows->len, error);
}
