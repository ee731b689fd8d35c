/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sweep_output.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "cli/grid.h"
#include "store/store.h"

/* ---- --dry-run ---- */

static void print_point(const struct hr_sweep_job *job, uint32_t point, uint32_t first,
                        FILE *out)
{
    const struct hr_sweep *sweep = job->sweep;
    struct hr_axis_level values[HR_DESIGN_AXES_MAX];
    hr_sweep_values(sweep, job->plan->design, point, values);
    fprintf(out, "%u", point + 1);
    for (uint32_t a = 0; a < sweep->n_axes; a++) {
        fprintf(out, "  %s=%s", sweep->axes[a].name, values[a].text);
    }
    if (point != first) {
        fprintf(out, "  (simulated as %u)", first + 1);
    }
    fputc('\n', out);
    hr_values_clear(values, sweep->n_axes);
}

static void print_points(const struct hr_sweep_job *job, FILE *out)
{
    const struct hr_plan *plan = job->plan;
    for (uint32_t g = 0; g < plan->n_groups; g++) {
        for (uint32_t p = plan->groups[g]; hr_sweep_in_part(job, g) && p < plan->groups[g + 1];
             p++) {
            print_point(job, plan->points[p], plan->points[plan->groups[g]], out);
        }
    }
}

static char *duration_text(double s)
{
    if (s < 90.0) {
        return g_strdup_printf("%.1f s", s);
    }
    if (s < 90.0 * 60.0) {
        return g_strdup_printf("%.0f min", s / 60.0);
    }
    return g_strdup_printf("%.1f h", s / 3600.0);
}

void hr_sweep_print_plan(const struct hr_sweep_job *job, bool as_json, FILE *out)
{
    int64_t n_points = 0;
    int64_t n_groups = 0;
    uint32_t n_measured = 0;
    hr_sweep_count(job, &n_points, &n_groups);
    double seconds = hr_sweep_estimate_s(job, &n_measured);
    if (as_json) {
        json_t *document = json_pack(
            "{s:I, s:I, s:I, s:f, s:i, s:i}", "points", (json_int_t)n_points, "simulated",
            (json_int_t)n_groups, "dropped", (json_int_t)job->plan->n_dropped, "estimate_s",
            seconds / job->n_threads, "jobs", job->n_threads, "measured", (int)n_measured);
        (void)json_dumpf(document, out, JSON_INDENT(2));
        fputc('\n', out);
        json_decref(document);
        return;
    }
    print_points(job, out);
    g_autofree char *one = duration_text(seconds);
    g_autofree char *all = duration_text(seconds / job->n_threads);
    fprintf(out,
            "%" G_GINT64_FORMAT " points, %" G_GINT64_FORMAT
            " to be simulated, %u dropped by constraints\n"
            "about %s on %d threads, %s of one (measured on %u points)\n",
            n_points, n_groups, job->plan->n_dropped, all, job->n_threads, one, n_measured);
}

/* ---- points that came to nothing ---- */

bool hr_sweep_print_refused(const char *database, int64_t study_id, FILE *out, GError **error)
{
    g_autoptr(hr_store) store = hr_store_open_read(database, error);
    g_autoptr(hr_rows) rows =
        store != NULL
            ? hr_store_query(store,
                             "SELECT status, count(*), min(point), message FROM point\n"
                             "WHERE study_id = :study AND status <> 'done'\n"
                             "GROUP BY status ORDER BY status DESC",
                             study_id, NULL, error)
            : NULL;
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < hr_rows_count(rows); i++) {
        const char *status = hr_rows_text(rows, i, 0);
        double n = hr_rows_number(rows, i, 1, 0.0);
        fprintf(out, "note: %.0f %s %s; point %.0f: %s\n", n, n > 1.0 ? "points" : "point",
                strcmp(status, "refused") == 0 ? "without a valid scenario"
                                               : "that could not be priced",
                hr_rows_number(rows, i, 2, 0.0), hr_rows_text(rows, i, 3));
    }
    return true;
}

/* ---- --slurm-script ---- */

bool hr_sweep_print_slurm(const struct hr_options *words, const struct hr_sweep *sweep,
                          FILE *out, GError **error)
{
    int64_t shards = 0;
    if (!hr_options_int(words, "shards", 1, 100000, &shards, error)) {
        return false;
    }
    if (shards == 0 || strcmp(words->operands[0], "-") == 0) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_USAGE,
                            shards == 0 ? "--slurm-script needs --shards N, the number of parts"
                                        : "--slurm-script needs a sweep in a file");
        return false;
    }
    const char *database = hr_options_get(words, "output");
    g_autofree char *file = g_canonicalize_filename(words->operands[0], NULL);
    g_autofree char *target =
        g_canonicalize_filename(database != NULL ? database : "headroom.db", NULL);
    g_autofree char *quoted_file = g_shell_quote(file);
    g_autofree char *quoted_target = g_shell_quote(target);
    g_autofree char *seed = sweep->seed >= 0
                                ? g_strdup_printf(" --seed %" G_GINT64_FORMAT, sweep->seed)
                                : g_strdup("");
    g_autofree char *name = g_path_get_basename(file);
    fprintf(
        out,
        "#!/bin/sh\n"
        "# %s in %d parts, and their merge, by Slurm. Run it with sh: it calls sbatch twice.\n"
        "# A part that fails or is preempted is put back in the queue and goes on where it\n"
        "# was. Options for sbatch, as --partition, go into SBATCH_PARTITION and its like.\n"
        "set -eu\n"
        "sweep=%s\n"
        "result=%s\n"
        "array=$(sbatch --parsable --job-name=headroom-sweep --array=1-%d --requeue \\\n"
        "    --open-mode=append --cpus-per-task=\"${HEADROOM_CPUS:-1}\" \\\n"
        "    --output=\"$result.part-%%a.log\" "
        "--export=ALL,sweep=\"$sweep\",result=\"$result\" "
        "<<'EOF'\n"
        "#!/bin/sh\n"
        "headroom sweep \"$sweep\"%s --shard \"$SLURM_ARRAY_TASK_ID/%d\" --resume \\\n"
        "    --jobs \"${SLURM_CPUS_PER_TASK:-1}\" --output "
        "\"$result.part-$SLURM_ARRAY_TASK_ID\"\n"
        "status=$?\n"
        "# A failed part is tried again, three times at most; an input error is not.\n"
        "if [ \"$status\" -ne 0 ] && [ \"$status\" -ne 2 ] && [ \"$status\" -ne 3 ] &&\n"
        "    [ \"${SLURM_RESTART_COUNT:-0}\" -lt 3 ]; then\n"
        "    scontrol requeue \"${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\" && sleep 60\n"
        "fi\n"
        "exit \"$status\"\n"
        "EOF\n"
        ")\n"
        "array=${array%%%%;*}\n"
        "merge=$(sbatch --parsable --job-name=headroom-merge --dependency=\"afterok:$array\" "
        "\\\n"
        "    --kill-on-invalid-dep=yes --output=\"$result.merge.log\" \\\n"
        "    --export=ALL,result=\"$result\" <<'EOF'\n"
        "#!/bin/sh\n"
        "set --\n"
        "i=1\n"
        "while [ \"$i\" -le %d ]; do\n"
        "    set -- \"$@\" \"$result.part-$i\"\n"
        "    i=$((i + 1))\n"
        "done\n"
        "exec headroom merge \"$result\" \"$@\"\n"
        "EOF\n"
        ")\n"
        "echo \"array $array, merge ${merge%%%%;*}: $result\"\n",
        name, (int)shards, quoted_file, quoted_target, (int)shards, seed, (int)shards,
        (int)shards);
    return true;
}
