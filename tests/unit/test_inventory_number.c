/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib.h>

#include "check.h"
#include "inventory/columns.h"
#include "inventory/number.h"

#define NNBSP "\xE2\x80\xAF"
#define NBSP  "\xC2\xA0"

enum { CELLS_MAX = 6 };

/* A file of these cells, and what the first of them reads as. */
static void reads_in_context(void **state)
{
    (void)state;
    static const struct {
        char delimiter;
        const char *cells[CELLS_MAX];
        enum hr_number_result result;
        double value;
    } rows[] = {
        {',', {"4096"}, HR_NUMBER_OK, 4096},
        {',', {"-1"}, HR_NUMBER_OK, -1},
        {',', {"+7"}, HR_NUMBER_OK, 7},
        {',', {"1e9"}, HR_NUMBER_OK, 1e9},
        {',', {"1.5E+3"}, HR_NUMBER_OK, 1500},
        {',', {""}, HR_NUMBER_BLANK, 0},
        {',', {"4,096"}, HR_NUMBER_OK, 4096},
        {',', {"1,024.00"}, HR_NUMBER_OK, 1024},
        {',', {"2,187,264"}, HR_NUMBER_OK, 2187264},
        {',', {"0.25"}, HR_NUMBER_OK, 0.25},
        {',', {".5"}, HR_NUMBER_OK, 0.5},
        {',', {"4.096"}, HR_NUMBER_AMBIGUOUS, 0},
        {',', {"4.096", "0.5"}, HR_NUMBER_OK, 4.096},
        {',', {"4.096", "1,024.5"}, HR_NUMBER_OK, 4.096},
        {',', {"4.096", "2.187.264"}, HR_NUMBER_OK, 4096},
        {',', {"4.096", "4,096"}, HR_NUMBER_MIXED, 0},
        {',', {"4,096", "4.096", "4" NNBSP "096"}, HR_NUMBER_MIXED, 0},
        {',', {"512", "4,096", "4.096"}, HR_NUMBER_OK, 512},
        {';', {"4.096"}, HR_NUMBER_OK, 4096},
        {';', {"2.187.264"}, HR_NUMBER_OK, 2187264},
        {';', {"2.187.264,5"}, HR_NUMBER_OK, 2187264.5},
        {';', {"0,25"}, HR_NUMBER_OK, 0.25},
        {';', {"4,096"}, HR_NUMBER_AMBIGUOUS, 0},
        {';', {"4,096", "1,5"}, HR_NUMBER_OK, 4.096},
        {';', {"4.096", "1,5"}, HR_NUMBER_OK, 4096},
        {';', {"4.096", "0.5"}, HR_NUMBER_OK, 4.096},
        {';', {"1.5", "1,5"}, HR_NUMBER_MIXED, 0},
        {'\t', {"4,096"}, HR_NUMBER_OK, 4096},
        {'\t', {"4.096"}, HR_NUMBER_OK, 4096},
        {'\t', {"4.096", "4,096"}, HR_NUMBER_MIXED, 0},
        {',', {"4" NNBSP "096"}, HR_NUMBER_OK, 4096},
        {';', {"1" NBSP "234" NBSP "567,5"}, HR_NUMBER_OK, 1234567.5},
        {';', {"4'096"}, HR_NUMBER_OK, 4096},
        {',', {"1 024", "1,024.5"}, HR_NUMBER_MIXED, 0},
        {',', {"4096.000"}, HR_NUMBER_OK, 4096},
        {',', {"0.125"}, HR_NUMBER_OK, 0.125},
        {',', {"4 GB"}, HR_NUMBER_BAD, 0},
        {',', {"two"}, HR_NUMBER_BAD, 0},
        {',', {"NaN"}, HR_NUMBER_BAD, 0},
        {',', {"inf"}, HR_NUMBER_BAD, 0},
        {',', {"0x10"}, HR_NUMBER_BAD, 0},
        {',', {"1e"}, HR_NUMBER_BAD, 0},
        {',', {"1e999"}, HR_NUMBER_BAD, 0},
        {',', {"--1"}, HR_NUMBER_BAD, 0},
        {',', {"-"}, HR_NUMBER_BAD, 0},
        {',', {"5."}, HR_NUMBER_BAD, 0},
        {',', {"40,96"}, HR_NUMBER_OK, 40.96},
        {',', {"40,96", "1,024,000"}, HR_NUMBER_MIXED, 0},
        {',', {"1,0240"}, HR_NUMBER_OK, 1.024},
        {',', {"10.82.100.161"}, HR_NUMBER_BAD, 0},
        {',', {"1.2.3,4.5"}, HR_NUMBER_BAD, 0},
        {',', {"12 34"}, HR_NUMBER_BAD, 0},
        {',',
         {"1234567890123456789012345678901234567890123456789012345678901234567890"},
         HR_NUMBER_BAD,
         0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct hr_notation_evidence evidence = {.n_group = {0}};
        for (size_t c = 0; c < CELLS_MAX && rows[i].cells[c] != NULL; c++) {
            hr_notation_show(&evidence, rows[i].cells[c]);
        }
        struct hr_notation notation = hr_notation_decide(&evidence, rows[i].delimiter);
        double value = -77;
        enum hr_number_result result = hr_number_read(rows[i].cells[0], &notation, &value);
        double expected = rows[i].result == HR_NUMBER_OK ? rows[i].value : -77;
        if (result != rows[i].result || fabs(value - expected) > 1e-9) {
            fail_msg("row %zu, \"%s\": result %d, value %g; expected %d, %g", i,
                     rows[i].cells[0], (int)result, value, (int)rows[i].result, expected);
        }
    }
}

static void own_files_group_nothing(void **state)
{
    (void)state;
    static const struct {
        char delimiter;
        const char *cell;
        enum hr_number_result result;
        double value;
    } rows[] = {
        {',', "4.096", HR_NUMBER_OK, 4.096},    {',', "4,096", HR_NUMBER_BAD, 0},
        {',', "1,5", HR_NUMBER_BAD, 0},         {';', "1,5", HR_NUMBER_OK, 1.5},
        {';', "1.5", HR_NUMBER_OK, 1.5},        {';', "4.096", HR_NUMBER_AMBIGUOUS, 0},
        {';', "4,096", HR_NUMBER_AMBIGUOUS, 0}, {'\t', "1,5", HR_NUMBER_OK, 1.5},
        {',', "4 096", HR_NUMBER_BAD, 0},       {',', "1,024.5", HR_NUMBER_BAD, 0},
        {';', "1.024,5", HR_NUMBER_BAD, 0},     {';', "4,0960", HR_NUMBER_OK, 4.096},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct hr_notation notation = hr_notation_own(rows[i].delimiter);
        double value = 0;
        assert_int_equal(hr_number_read(rows[i].cell, &notation, &value), rows[i].result);
        assert_near(value, rows[i].value, 1e-12);
    }
}

static void folds_headings(void **state)
{
    (void)state;
    static const struct {
        const char *heading;
        const char *key;
        double scale;
    } rows[] = {
        {"VM", "vm", 1},
        {"# Memory", "memory", 1},
        {"#Memory", "memory", 1},
        {"Size MiB", "size", 1},
        {"Size MB", "size", 1},
        {"size  mb ", "size", 1},
        {"Size (GiB)", "size", 1024},
        {"Size KB", "size", 1.0 / 1024},
        {"memory_mib", "memory", 1},
        {"vMemorySizeMiB", "vmemorysizemib", 1},
        {"Free % ", "free%", 1},
        {"Memory %", "memory%", 1},
        {"In use MB", "inuse", 1},
        {"MB", "mb", 1},
        {"VM ID", "vmid", 1},
        {"Cores p/s", "coresps", 1},
        {"", "", 1},
        {"#", "", 1},
        {"Gr\xC3\xB6\xC3\x9F"
         "e MB",
         "gr\xC3\xB6\xC3\x9F"
         "e",
         1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        double scale = 0;
        g_autofree char *key = hr_column_key(rows[i].heading, &scale);
        assert_string_equal(key, rows[i].key);
        assert_near(scale, rows[i].scale, 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_in_context),
        cmocka_unit_test(own_files_group_nothing),
        cmocka_unit_test(folds_headings),
    };
    return cmocka_run_group_tests_name("inventory_number", tests, NULL, NULL);
}
