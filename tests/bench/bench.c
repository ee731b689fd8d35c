/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The benchmark: runs its parts one after the other, each in a process of its own. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib/gstdio.h>

static const struct bench_part *const parts[] = {
    &bench_queue,           &bench_host,
    &bench_pressed,         &bench_load,
    &bench_cluster_static,  &bench_cluster_overcommit,
    &bench_cluster_dynamic, &bench_placement,
    &bench_study,           &bench_store,
    &bench_sweep,
};

enum { N_PARTS = sizeof parts / sizeof parts[0] };

static const char usage_text[] =
    "Usage: bench [--quick] [--list] [PART]\n"
    "Measures headroom and prints a line \"name value unit\" for each figure.\n\n"
    "  --quick  as little work as yields every line: the figures then say nothing\n"
    "  --list   the parts, and the names of their lines, instead\n"
    "  PART     this part alone, within the process that was started\n\n"
    "HEADROOM names the program, HEADROOM_DATA and HEADROOM_REPORTS its folders, top_srcdir\n"
    "the source tree with the example estate.\n";

static double seconds(clockid_t clock)
{
    struct timespec now;
    bench_must(clock_gettime(clock, &now) == 0, "no such clock", NULL);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double bench_cpu_s(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_wall_s(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double bench_peak_mib(void)
{
    struct rusage usage;
    bench_must(getrusage(RUSAGE_SELF, &usage) == 0, "no resource usage", NULL);
    return (double)usage.ru_maxrss / 1024.0;
}

void bench_print(const char *name, double value, const char *unit)
{
    printf("%s %.6g %s\n", name, value, unit);
}

void bench_must(bool holds, const char *what, const GError *error)
{
    if (!holds) {
        fprintf(stderr, "bench: %s%s%s\n", what, error != NULL ? ": " : "",
                error != NULL ? error->message : "");
        exit(EXIT_FAILURE);
    }
}

char *bench_folder_new(void)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("headroom-bench-XXXXXX", &error);
    bench_must(folder != NULL, "no temporary folder", error);
    return folder;
}

void bench_folder_remove(char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        char *path = g_build_filename(folder, name, NULL);
        (void)g_remove(path);
        g_free(path);
    }
    if (dir != NULL) {
        g_dir_close(dir);
    }
    (void)g_rmdir(folder);
    g_free(folder);
}

static void list(void)
{
    for (int p = 0; p < N_PARTS; p++) {
        printf("part %s%s\n", parts[p]->name, parts[p]->only_by_name ? " (only by name)" : "");
        for (size_t i = 0; parts[p]->lines[i] != NULL; i++) {
            printf("line %s\n", parts[p]->lines[i]);
        }
    }
}

/* Returns: whether the part ended well. */
static bool run_apart(const struct bench_part *part, bool quick)
{
    (void)fflush(stdout);
    pid_t child = fork();
    bench_must(child >= 0, "no process for the part", NULL);
    if (child == 0) {
        part->run(quick);
        exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    int status = 0;
    bool ended = waitpid(child, &status, 0) == child;
    bool well = ended && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
    if (!well) {
        fprintf(stderr, "bench: part %s failed\n", part->name);
    }
    return well;
}

static const struct bench_part *find_part(const char *name)
{
    for (int p = 0; p < N_PARTS; p++) {
        if (strcmp(parts[p]->name, name) == 0) {
            return parts[p];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    bool quick = false;
    const struct bench_part *only = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--list") == 0) {
            list();
            return EXIT_SUCCESS;
        }
        if (strcmp(argv[i], "--quick") == 0) {
            quick = true;
        } else if (only == NULL && find_part(argv[i]) != NULL) {
            only = find_part(argv[i]);
        } else {
            (void)fputs(usage_text, stderr);
            return strcmp(argv[i], "--help") == 0 ? EXIT_SUCCESS : 2;
        }
    }
    if (only != NULL) {
        only->run(quick);
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    bool well = true;
    for (int p = 0; p < N_PARTS; p++) {
        if (!parts[p]->only_by_name) {
            well = run_apart(parts[p], quick) && well;
        }
    }
    return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
