/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom: capacity planning and TCO for virtualisation clusters. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <gsl/gsl_errno.h>

#include "base/error.h"
#include "cli/subcommand.h"

static void print_usage(FILE *out)
{
    fputs("Usage: headroom SUBCOMMAND [OPTIONS] FILE...\n\n"
          "Sizes and prices virtualisation clusters by simulating their memory.\n\n"
          "Subcommands:\n",
          out);
    for (const struct hr_subcommand *const *s = hr_subcommands(); *s != NULL; s++) {
        fprintf(out, "  %-10s %s\n", (*s)->name, (*s)->summary);
    }
    fputs("\nOptions:\n"
          "  --help     this text; `headroom SUBCOMMAND --help` lists a subcommand's options\n"
          "  --version  the program's version\n"
          "\n"
          "Exit status: 0 done, 1 it failed while working, 2 the call's words are off,\n"
          "3 an input is invalid, 4 done but the answer is no.\n",
          out);
}

static void print_help(const struct hr_subcommand *subcommand, FILE *out)
{
    fprintf(out, "Usage: headroom %s [OPTIONS] %s\n\n%s.\n\nOptions:\n", subcommand->name,
            subcommand->operands, subcommand->summary);
    hr_options_print(subcommand->options, out);
}

static const struct hr_subcommand *find_subcommand(const char *name)
{
    for (const struct hr_subcommand *const *s = hr_subcommands(); *s != NULL; s++) {
        if (strcmp((*s)->name, name) == 0) {
            return *s;
        }
    }
    return NULL;
}

static int run_subcommand(const struct hr_subcommand *subcommand, int argc, char **argv)
{
    struct hr_options options;
    g_autoptr(GError) error = NULL;
    int status = EXIT_SUCCESS;
    if (!hr_options_parse(argc, argv, subcommand->options, &options, &error)) {
        fprintf(stderr, "headroom %s: %s\nTry `headroom %s --help`.\n", subcommand->name,
                error->message, subcommand->name);
        return HR_ERROR_USAGE;
    }
    if (hr_options_has(&options, "help")) {
        print_help(subcommand, stdout);
    } else {
        status = subcommand->run(&options, &error);
    }
    hr_options_clear(&options);
    if (error != NULL) {
        fprintf(stderr, "headroom %s: %s\n", subcommand->name, error->message);
        if (error->code == HR_ERROR_USAGE) {
            fprintf(stderr, "Try `headroom %s --help`.\n", subcommand->name);
        }
        return error->domain == HR_ERROR ? error->code : HR_ERROR_FAILED;
    }
    return status;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return HR_ERROR_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts(PACKAGE_STRING);
        return EXIT_SUCCESS;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return EXIT_SUCCESS;
    }
    const struct hr_subcommand *subcommand = find_subcommand(argv[1]);
    if (subcommand == NULL) {
        fprintf(stderr, "headroom: %s \"%s\" is not known\nTry `headroom --help`.\n",
                argv[1][0] == '-' ? "option" : "subcommand", argv[1]);
        return HR_ERROR_USAGE;
    }
    return run_subcommand(subcommand, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    (void)gsl_set_error_handler_off();
    int status = dispatch(argc, argv);
    if (ferror(stdout) != 0 || fclose(stdout) != 0) {
        fprintf(stderr, "headroom: standard output: %s\n", g_strerror(errno));
        return HR_ERROR_FAILED;
    }
    return status;
}
