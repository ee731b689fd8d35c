/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sheet.h"
#include "check.h"

/* Everything a sheet says, as one line per row: "LINE[field|field]". */
static char *dump(const hr_sheet *sheet)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%u{", (unsigned)hr_sheet_header_line(sheet));
    for (size_t c = 0; c < hr_sheet_columns(sheet); c++) {
        g_string_append_printf(out, "%s%s", c > 0 ? "|" : "", hr_sheet_header(sheet, c));
    }
    g_string_append(out, "}");
    for (size_t r = 0; r < hr_sheet_rows(sheet); r++) {
        g_string_append_printf(out, " %u[", (unsigned)hr_sheet_row_line(sheet, r));
        for (size_t c = 0; c < hr_sheet_row_fields(sheet, r); c++) {
            g_string_append_printf(out, "%s%s", c > 0 ? "|" : "", hr_sheet_field(sheet, r, c));
        }
        g_string_append(out, "]");
    }
    return g_string_free(out, FALSE);
}

#define BYTES(text) (text), sizeof(text) - 1

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *bytes;
        size_t n_bytes;
        const char *encoding;
        char delimiter;
        size_t n_blank;
        const char *dump;
    } rows[] = {
        {"LF", BYTES("a,b\n1,2\n3,4\n"), "UTF-8", ',', 0, "1{a|b} 2[1|2] 3[3|4]"},
        {"CRLF", BYTES("a,b\r\n1,2\r\n3,4\r\n"), "UTF-8", ',', 0, "1{a|b} 2[1|2] 3[3|4]"},
        {"CR alone", BYTES("a,b\r1,2\r3,4\r"), "UTF-8", ',', 0, "1{a|b} 2[1|2] 3[3|4]"},
        {"no end of line", BYTES("a;b\n1;2"), "UTF-8", ';', 0, "1{a|b} 2[1|2]"},
        {"quoted last field", BYTES("a\tb\n1\t\"2\""), "UTF-8", '\t', 0, "1{a|b} 2[1|2]"},
        {"newline in a field", BYTES("a,b\n\"x\r\ny\",2\n3,4\n"), "UTF-8", ',', 0,
         "1{a|b} 2[x\r\ny|2] 4[3|4]"},
        {"newlines in the header", BYTES("\"a\n,,,\",b;c\n1,2\n"), "UTF-8", ',', 0,
         "1{a\n,,,|b;c} 3[1|2]"},
        {"doubled quotes", BYTES("a,b\n\"Scan, \"\"alt\"\"; 2\",x\n"), "UTF-8", ',', 0,
         "1{a|b} 2[Scan, \"alt\"; 2|x]"},
        {"quoted delimiters do not count", BYTES("\"a;;;;b\",c\n1,2\n"), "UTF-8", ',', 0,
         "1{a;;;;b|c} 2[1|2]"},
        {"sep line", BYTES("sep=;\r\na,x;b\r\n1;2\r\n"), "UTF-8", ';', 0, "2{a,x|b} 3[1|2]"},
        {"sep against the count", BYTES("sep=|\na,b,c|d\n1|2\n"), "UTF-8", '|', 0,
         "2{a,b,c|d} 3[1|2]"},
        {"TYPE line", BYTES("#TYPE System.Object\r\n\"a\",\"b\"\r\n\"1\",\"2\"\r\n"), "UTF-8",
         ',', 0, "2{a|b} 3[1|2]"},
        {"BOM and quotes", BYTES("\xEF\xBB\xBF\"a\";\"b\"\n\"1\";\"2\"\n"), "UTF-8", ';', 0,
         "1{a|b} 2[1|2]"},
        {"blank rows", BYTES("a,b\n,\n1,2\n , \n\n\"\",\"  \"\n3,4\n,,,,\n"), "UTF-8", ',', 4,
         "1{a|b} 3[1|2] 7[3|4]"},
        {"blank lines before the header", BYTES("\n\na,b\n1,2\n"), "UTF-8", ',', 0,
         "3{a|b} 4[1|2]"},
        {"ragged", BYTES("a,b\n1\n1,2,3,4\n"), "UTF-8", ',', 0, "1{a|b} 2[1] 3[1|2|3|4]"},
        {"blanks at the ends", BYTES("a , b\n\" x \",\t\xC2\xA0y z\xC2\xA0\n"), "UTF-8", ',', 0,
         "1{a|b} 2[x|y z]"},
        {"Windows-1252", BYTES("a;b\nB\xFCro;\x80\n"), "Windows-1252", ';', 0,
         "1{a|b} 2[B\xC3\xBCro|\xE2\x82\xAC]"},
        {"UTF-8 with accents", BYTES("a;b\nB\xC3\xBCro;2\n"), "UTF-8", ';', 0,
         "1{a|b} 2[B\xC3\xBCro|2]"},
        {"UTF-16LE with BOM", BYTES("\xFF\xFE\x61\0\t\0\x62\0\n\0\xFC\0\t\0\x32\0\n\0"),
         "UTF-16LE", '\t', 0, "1{a|b} 2[\xC3\xBC|2]"},
        {"UTF-16LE without",
         BYTES("a\0,\0b\0\r\0\n\0"
               "1\0,\0"
               "2\0\r\0\n\0"),
         "UTF-16LE", ',', 0, "1{a|b} 2[1|2]"},
        {"UTF-16BE with BOM",
         BYTES("\xFE\xFF\0a\0,\0b\0\n\0"
               "1\0,\0"
               "2\0\n"),
         "UTF-16BE", ',', 0, "1{a|b} 2[1|2]"},
        {"UTF-16BE without",
         BYTES("\0a\0,\0b\0\n\0"
               "1\0,\0"
               "2\0\n"),
         "UTF-16BE", ',', 0, "1{a|b} 2[1|2]"},
        {"one column", BYTES("name\nx\n"), "UTF-8", ',', 0, "1{name} 2[x]"},
        {"header alone", BYTES("a,b\n"), "UTF-8", ',', 0, "1{a|b}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_sheet) sheet =
            hr_sheet_parse(rows[i].bytes, rows[i].n_bytes, "x.csv", diag);
        if (sheet == NULL) {
            fail_msg("%s: refused: %s", rows[i].what, hr_diag_get(diag, 0)->text);
        }
        g_autofree char *seen = dump(sheet);
        if (strcmp(seen, rows[i].dump) != 0) {
            fail_msg("%s: read %s, expected %s", rows[i].what, seen, rows[i].dump);
        }
        assert_string_equal(hr_sheet_encoding(sheet), rows[i].encoding);
        assert_int_equal(hr_sheet_delimiter(sheet), rows[i].delimiter);
        assert_int_equal(hr_sheet_blank_rows(sheet), rows[i].n_blank);
        assert_int_equal(hr_diag_count(diag), 0);
        assert_string_equal(hr_sheet_name(sheet), "x.csv");
    }
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n_bytes;
        uint32_t line;
        const char *text; /* a part of what must be said */
    } rows[] = {
        {BYTES(""), 0, "the file is empty"},
        {BYTES("\xEF\xBB\xBF"), 0, "the file is empty"},
        {BYTES(" \r\n\n"), 0, "the file is empty"},
        {BYTES("sep=;\n"), 0, "the file is empty"},
        {BYTES(",,,\n,,\n"), 0, "the file is empty"},
        {BYTES("a,b\r\nA\0B,2\r\n"), 2, "a NUL byte on line 2"},
        {BYTES("a,b\rx,y\rA\0B,2\r"), 3, "a NUL byte on line 3"},
        {BYTES("a,b\n1,2\n\"B,2\n3,4\n"), 3, "the quote opened on line 3 is never closed"},
        {BYTES("a,b\n1,2\n\"B\nx\",\"2\n3,4\n"), 4,
         "the quote opened on line 4 is never closed"},
        {BYTES("a,b\n\"1\" x,2\n3,4\n"), 2, "opened on line 2 is followed by more text"},
        {BYTES("a,b\n\"1,2\n3,4\n\"x\",5\n"), 4, "opened on line 2 is followed by more text"},
        {BYTES("a,b\n1\"2,3\n"), 2, "a quote stands inside a field that is not quoted"},
        {BYTES("a;b\n\x81;2\n"), 2, "byte 0x81"},
        {BYTES("\xEF\xBB\xBF"
               "a;b\n\nB\xFCro;2\n"),
         3, "not a UTF-8 character"},
        {BYTES("\xFF\xFE"
               "a\0\n"),
         0, "middle of a UTF-16 character"},
        {BYTES("\xFF\xFE\0\xD8"
               "a\0"),
         0, "not valid UTF-16"},
        {BYTES("\xFF\xFE"
               "a\0\n\0\0\0"
               "b\0"),
         2, "a NUL character"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        assert_null(hr_sheet_parse(rows[i].bytes, rows[i].n_bytes, "x.csv", diag));
        assert_int_equal(hr_diag_count(diag), 1);
        const struct hr_finding *finding = hr_diag_get(diag, 0);
        assert_int_equal(finding->severity, HR_FATAL);
        if (strstr(finding->text, rows[i].text) == NULL || finding->line != rows[i].line) {
            fail_msg("row %zu: line %u: %s; expected line %u: %s", i, (unsigned)finding->line,
                     finding->text, (unsigned)rows[i].line, rows[i].text);
        }
    }
}

static const char *refusal(GString *text, hr_diag *diag)
{
    g_autoptr(hr_sheet) sheet = hr_sheet_parse(text->str, text->len, "x.csv", diag);
    g_string_free(text, TRUE);
    return sheet != NULL ? NULL : hr_diag_get(diag, 0)->reason;
}

static GString *long_text(const char *head, char body, size_t n, const char *tail)
{
    GString *text = g_string_new(head);
    gsize start = text->len;
    g_string_set_size(text, start + n);
    memset(text->str + start, body, n);
    g_string_append(text, tail);
    return text;
}

static void keeps_to_its_limits(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    size_t mib = (size_t)1 << 20;
    assert_null(refusal(long_text("a,b\n1,", 'x', mib, "\n"), diag));
    assert_null(refusal(long_text("a,b\n1,\"", 'x', mib, "\"\n"), diag));
    assert_string_equal(refusal(long_text("a,b\n1,", 'x', mib + 1, "\n"), diag),
                        "field too long");
    /* An unterminated quote does not swallow the rest of a large file. */
    hr_diag *second = hr_diag_new();
    assert_string_equal(refusal(long_text("a,b\n1,\"", '\n', 8 * mib, ""), second),
                        "field too long");
    assert_int_equal(hr_diag_get(second, 0)->line, 2);
    hr_diag_free(second);
    assert_null(refusal(long_text("a\nx", ',', 4095, "\n"), diag));
    hr_diag *third = hr_diag_new();
    assert_string_equal(refusal(long_text("a\nx", ',', 4096, "\n"), third), "too many columns");
    hr_diag_free(third);
}

static void loads_a_file_and_names_what_is_missing(void **state)
{
    (void)state;
    char path[] = "/tmp/headroom-sheet-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char text[] = "abc";
    assert_int_equal(write(fd, text, 3), 3);
    assert_int_equal(close(fd), 0);
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(hr_sheet) sheet = hr_sheet_load(path, NULL, diag, &error);
    assert_non_null(sheet);
    /* The published test vector of SHA-256 (FIPS 180-2, B.1). */
    assert_string_equal(hr_sheet_digest(sheet),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(hr_sheet_name(sheet), path);
    assert_int_equal(unlink(path), 0);
    assert_null(hr_sheet_load(path, NULL, diag, &error));
    assert_non_null(error);
    assert_non_null(strstr(error->message, path));
    g_clear_error(&error);
    assert_null(hr_sheet_load("/tmp", NULL, diag, &error));
    assert_non_null(error);
    assert_int_equal(hr_diag_count(diag), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(refuses),
        cmocka_unit_test(keeps_to_its_limits),
        cmocka_unit_test(loads_a_file_and_names_what_is_missing),
    };
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
