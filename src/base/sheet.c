/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <csv.h>
#include <glib/gstdio.h>

#include "base/error.h"

enum {
    FIELD_MAX_BYTES = 1 << 20,
    COLUMNS_MAX = 4096,
    FILE_MAX_BYTES = 512 << 20,
    CHUNK_BYTES = 1 << 16,   /* what libcsv is fed at once, so that its buffer stays bounded */
    BUFFER_STEP_BYTES = 4096 /* by which libcsv's buffer grows */
};

struct row {
    uint32_t first; /* index into fields */
    uint32_t n_fields;
    uint32_t line;
};

struct hr_sheet {
    char *name;
    char *digest;
    const char *encoding; /* static */
    char delimiter;
    GString *text;  /* every field, each ended by NUL; offset 0 is the empty one */
    GArray *fields; /* uint32_t: offset into text */
    GArray *rows;   /* struct row, without the header */
    struct row header;
    size_t n_blank_rows;
};

/* A sheet that is being read. Invariants between two lines: row_open is true exactly when a
 * quoted field goes on into the next line; row_line and field_line are then where that row and
 * that field began. */
struct reader {
    struct csv_parser parser;
    hr_sheet *sheet;
    hr_diag *diag;
    uint32_t line; /* being fed */
    uint32_t row_line;
    uint32_t field_line;
    bool row_open;
    bool row_blank;
    bool has_header;
    bool failed;
    guint row_first;
    gsize row_text; /* length of text when the row began, to take a blank row back */
};

/* ---- Bytes ---- */

static FILE *open_input(const char *path, GError **error)
{
    if (strcmp(path, "-") == 0) {
        return stdin;
    }
    FILE *file = g_fopen(path, "rb");
    if (file == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "cannot read %s: %s", path,
                    g_strerror(errno));
    }
    return file;
}

bool hr_sheet_read_bytes(const char *path, const char *name, char **bytes, size_t *n_bytes,
                         hr_diag *diag, GError **error)
{
    FILE *file = open_input(path, error);
    if (file == NULL) {
        return false;
    }
    g_autoptr(GString) all = g_string_new(NULL);
    g_autofree char *chunk = g_malloc(CHUNK_BYTES);
    size_t n = 0;
    while (all->len <= FILE_MAX_BYTES && (n = fread(chunk, 1, CHUNK_BYTES, file)) > 0) {
        g_string_append_len(all, chunk, (gssize)n);
    }
    int read_errno = ferror(file) != 0 ? (errno != 0 ? errno : EIO) : 0;
    if (file != stdin) {
        (void)fclose(file);
    }
    if (read_errno != 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "cannot read %s: %s", path,
                    g_strerror(read_errno));
        return false;
    }
    if (all->len > FILE_MAX_BYTES) {
        hr_diag_add(diag, HR_FATAL, name != NULL ? name : path, 0, 0, "file too large",
                    "the file is larger than 512 MiB");
        return false;
    }
    *n_bytes = all->len;
    *bytes = g_string_free(g_steal_pointer(&all), FALSE);
    return true;
}

/* The line, from 1, on which the byte at this place stands. */
static uint32_t line_at(const char *text, size_t place)
{
    uint32_t line = 1;
    for (size_t i = 0; i < place; i++) {
        if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n')) {
            line++;
        }
    }
    return line;
}

/* ---- Encodings: everything becomes UTF-8 ---- */

enum encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE, ENCODING_CP1252 };

static const char *const encoding_names[] = {
    [ENCODING_UTF8] = "UTF-8",
    [ENCODING_UTF16LE] = "UTF-16LE",
    [ENCODING_UTF16BE] = "UTF-16BE",
    [ENCODING_CP1252] = "Windows-1252",
};

/* Text in the Latin script has a NUL in nearly every second byte of UTF-16. */
static bool looks_utf16(const unsigned char *bytes, size_t n_bytes, size_t nul_parity)
{
    size_t n = MIN(n_bytes, (size_t)4096) / 2 * 2;
    size_t n_nul[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        n_nul[i % 2] += bytes[i] == 0 ? 1 : 0;
    }
    return n >= 4 && n_nul[1 - nul_parity] == 0 && n_nul[nul_parity] * 4 >= n / 2 * 3;
}

static enum encoding encoding_of(const char *text, size_t n_bytes, size_t *bom_bytes)
{
    const unsigned char *bytes = (const unsigned char *)text;
    *bom_bytes = 0;
    if (n_bytes >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        *bom_bytes = 3;
        return ENCODING_UTF8;
    }
    if (n_bytes >= 2 &&
        (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        *bom_bytes = 2;
        return bytes[0] == 0xFF ? ENCODING_UTF16LE : ENCODING_UTF16BE;
    }
    if (looks_utf16(bytes, n_bytes, 1)) {
        return ENCODING_UTF16LE;
    }
    if (looks_utf16(bytes, n_bytes, 0)) {
        return ENCODING_UTF16BE;
    }
    /* A NUL makes g_utf8_validate() fail; it is reported as such later. */
    bool is_utf8 =
        memchr(bytes, 0, n_bytes) != NULL || g_utf8_validate(text, (gssize)n_bytes, NULL);
    return is_utf8 ? ENCODING_UTF8 : ENCODING_CP1252;
}

static void refuse(hr_diag *diag, const char *name, uint32_t line, const char *reason,
                   const char *text)
{
    hr_diag_add(diag, HR_FATAL, name, line, 0, reason, "%s", text);
}

static char *from_utf16(const char *bytes, size_t n_bytes, bool is_big_endian, const char *name,
                        hr_diag *diag)
{
    if (n_bytes % 2 != 0) {
        refuse(diag, name, 0, "broken text",
               "the file ends in the middle of a UTF-16 character");
        return NULL;
    }
    size_t n_units = n_bytes / 2;
    g_autofree gunichar2 *units = g_new(gunichar2, n_units + 1);
    uint32_t line = 1;
    for (size_t i = 0; i < n_units; i++) {
        unsigned first = (unsigned char)bytes[2 * i];
        unsigned second = (unsigned char)bytes[2 * i + 1];
        units[i] = (gunichar2)(is_big_endian ? first << 8 | second : second << 8 | first);
        if (units[i] == 0) {
            refuse(diag, name, line, "NUL", "a NUL character: this is not a text file");
            return NULL;
        }
        line += units[i] == '\n' ? 1 : 0;
    }
    g_autoptr(GError) error = NULL;
    char *text = g_utf16_to_utf8(units, (glong)n_units, NULL, NULL, &error);
    if (text == NULL) {
        refuse(diag, name, 0, "broken text", "the file is not valid UTF-16");
    }
    return text;
}

static char *from_cp1252(const char *bytes, size_t n_bytes, const char *name, hr_diag *diag)
{
    /* 0x80 to 0x9F; the rest is as in Unicode. 0: not a character. */
    static const uint16_t high[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
    };
    g_autoptr(GString) text = g_string_sized_new(n_bytes + n_bytes / 8);
    for (size_t i = 0; i < n_bytes; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        gunichar character = byte >= 0x80 && byte < 0xA0 ? high[byte - 0x80] : byte;
        if (character == 0) {
            hr_diag_add(diag, HR_FATAL, name, line_at(bytes, i), 0, "broken text",
                        "byte 0x%02X is a character neither in UTF-8 nor in Windows-1252",
                        byte);
            return NULL;
        }
        g_string_append_unichar(text, character);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Returns: the text as UTF-8, the caller's; NULL when a fatal finding was added. */
static char *decode(const char *bytes, size_t n_bytes, const char *name, hr_diag *diag,
                    enum encoding *encoding)
{
    size_t bom_bytes = 0;
    *encoding = encoding_of(bytes, n_bytes, &bom_bytes);
    bytes += bom_bytes;
    n_bytes -= bom_bytes;
    if (*encoding == ENCODING_UTF16LE || *encoding == ENCODING_UTF16BE) {
        return from_utf16(bytes, n_bytes, *encoding == ENCODING_UTF16BE, name, diag);
    }
    const char *nul = memchr(bytes, 0, n_bytes);
    if (nul != NULL) {
        uint32_t line = line_at(bytes, (size_t)(nul - bytes));
        hr_diag_add(diag, HR_FATAL, name, line, 0, "NUL",
                    "a NUL byte on line %u: this is not a text file", (unsigned)line);
        return NULL;
    }
    if (*encoding == ENCODING_CP1252) {
        return from_cp1252(bytes, n_bytes, name, diag);
    }
    const char *end = NULL;
    if (!g_utf8_validate(bytes, (gssize)n_bytes, &end)) {
        refuse(diag, name, line_at(bytes, (size_t)(end - bytes)), "broken text",
               "the file is marked as UTF-8 but this is not a UTF-8 character");
        return NULL;
    }
    return g_strndup(bytes, n_bytes);
}

/* ---- Lines and delimiter ---- */

/* Returns: where the next line begins; CRLF, LF and CR end a line. */
static const char *next_line(const char *text)
{
    text += strcspn(text, "\r\n");
    if (text[0] == '\r' && text[1] == '\n') {
        return text + 2;
    }
    return *text != '\0' ? text + 1 : text;
}

/* Steps over "sep=;", which sets *delimiter, and over "#TYPE ...". */
static const char *skip_preamble(const char *text, char *delimiter, uint32_t *line)
{
    for (;;) {
        const char *p = *text == '"' ? text + 1 : text;
        bool is_sep = g_ascii_strncasecmp(p, "sep=", 4) == 0 && g_ascii_ispunct(p[4]);
        is_sep = (is_sep && p[4] != '"') || g_ascii_strncasecmp(p, "sep=\t", 5) == 0;
        if (is_sep) {
            *delimiter = p[4];
        } else if (g_ascii_strncasecmp(p, "#TYPE ", 6) != 0) {
            return text;
        }
        text = next_line(text);
        (*line)++;
    }
}

/* The most frequent of comma, semicolon and tab outside quotes in the first row. */
static char sniff_delimiter(const char *text)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t n_seen[3] = {0, 0, 0};
    bool is_quoted = false;
    text += strspn(text, "\r\n ");
    for (; *text != '\0' && (is_quoted || (*text != '\n' && *text != '\r')); text++) {
        if (*text == '"') {
            is_quoted = !is_quoted;
        }
        for (size_t i = 0; i < 3 && !is_quoted; i++) {
            n_seen[i] += *text == candidates[i] ? 1 : 0;
        }
    }
    size_t best = 0;
    for (size_t i = 1; i < 3; i++) {
        best = n_seen[i] > n_seen[best] ? i : best;
    }
    return candidates[best];
}

/* ---- Rows: libcsv calls these ---- */

/* Takes blanks (also the no-break space) off both ends. */
static const char *trim(const char *field, size_t *n)
{
    for (;;) {
        size_t n_blank = *n > 0 && g_ascii_isspace(*field)             ? 1
                         : *n > 1 && memcmp(field, "\xC2\xA0", 2) == 0 ? 2
                                                                       : 0;
        if (n_blank == 0) {
            break;
        }
        field += n_blank;
        *n -= n_blank;
    }
    for (;;) {
        if (*n > 0 && g_ascii_isspace(field[*n - 1])) {
            *n -= 1;
        } else if (*n > 1 && memcmp(field + *n - 2, "\xC2\xA0", 2) == 0) {
            *n -= 2;
        } else {
            return field;
        }
    }
}

static void fail(struct reader *reader, const char *reason, const char *text)
{
    if (!reader->failed) {
        refuse(reader->diag, reader->sheet->name, reader->field_line, reason, text);
        reader->failed = true;
    }
}

static void take_field(void *bytes, size_t n_bytes, void *data)
{
    struct reader *reader = data;
    hr_sheet *sheet = reader->sheet;
    if (n_bytes > FIELD_MAX_BYTES) {
        fail(reader, "field too long", "a field is longer than 1 MiB");
    }
    if (sheet->fields->len - reader->row_first >= COLUMNS_MAX) {
        fail(reader, "too many columns", "the row has more than 4096 columns");
    }
    if (reader->failed) {
        return;
    }
    const char *field = trim(bytes, &n_bytes);
    uint32_t offset = 0;
    if (n_bytes > 0) {
        offset = (uint32_t)sheet->text->len;
        g_string_append_len(sheet->text, field, (gssize)n_bytes);
        g_string_append_c(sheet->text, '\0');
        reader->row_blank = false;
    }
    g_array_append_val(sheet->fields, offset);
    reader->field_line = reader->line;
}

static void take_row(int terminator, void *data)
{
    (void)terminator;
    struct reader *reader = data;
    hr_sheet *sheet = reader->sheet;
    struct row row = {.first = reader->row_first,
                      .n_fields = sheet->fields->len - reader->row_first,
                      .line = reader->row_line};
    if (reader->row_blank) {
        g_array_set_size(sheet->fields, reader->row_first);
        g_string_truncate(sheet->text, reader->row_text);
        sheet->n_blank_rows += reader->has_header ? 1 : 0;
    } else if (!reader->has_header) {
        sheet->header = row;
        reader->has_header = true;
    } else {
        g_array_append_val(sheet->rows, row);
    }
    reader->row_first = sheet->fields->len;
    reader->row_text = sheet->text->len;
    reader->row_blank = true;
    reader->row_open = false;
}

/* A quote where none may stand. */
static void fail_quote(struct reader *reader)
{
    hr_sheet *sheet = reader->sheet;
    if (reader->failed) {
        return;
    }
    reader->failed = true;
    if (reader->parser.quoted == 0) {
        hr_diag_add(reader->diag, HR_FATAL, sheet->name, reader->line, 0, "bad quote",
                    "a quote stands inside a field that is not quoted; put the field in quotes "
                    "and double the quote");
        return;
    }
    hr_diag_add(
        reader->diag, HR_FATAL, sheet->name, reader->line, 0, "bad quote",
        "the quote opened on line %u is followed by more text after it is closed on line "
        "%u; a quote inside a quoted field is written twice",
        (unsigned)reader->field_line, (unsigned)reader->line);
}

static void feed_line(struct reader *reader, const char *line, size_t n_bytes)
{
    if (!reader->row_open) {
        reader->row_line = reader->line;
        reader->field_line = reader->line;
    }
    reader->row_open = true; /* until take_row() says otherwise */
    for (size_t fed = 0; fed < n_bytes && !reader->failed;) {
        size_t n = MIN(n_bytes - fed, (size_t)CHUNK_BYTES);
        if (csv_parse(&reader->parser, line + fed, n, take_field, take_row, reader) != n) {
            if (csv_error(&reader->parser) == CSV_ENOMEM) {
                g_error("out of memory while reading %s", reader->sheet->name);
            }
            fail_quote(reader);
            return;
        }
        if (csv_get_buffer_size(&reader->parser) > FIELD_MAX_BYTES + BUFFER_STEP_BYTES) {
            fail(reader, "field too long", "a field is longer than 1 MiB");
        }
        fed += n;
    }
    /* An empty line ends no row, and yet none is open after it. */
    if (reader->parser.quoted == 0) {
        reader->row_open = false;
    }
}

static void read_rows(struct reader *reader, const char *text)
{
    while (*text != '\0' && !reader->failed) {
        const char *next = next_line(text);
        feed_line(reader, text, (size_t)(next - text));
        text = next;
        reader->line++;
    }
    if (reader->failed) {
        return;
    }
    reader->line--;
    if (csv_fini(&reader->parser, take_field, take_row, reader) != 0) {
        hr_diag_add(reader->diag, HR_FATAL, reader->sheet->name, reader->field_line, 0,
                    "unterminated quote", "the quote opened on line %u is never closed",
                    (unsigned)reader->field_line);
        reader->failed = true;
    }
}

/* ---- The sheet ---- */

static bool parse_text(hr_sheet *sheet, const char *text, hr_diag *diag)
{
    if (text[strspn(text, " \t\r\n")] == '\0') {
        refuse(diag, sheet->name, 0, "empty file", "the file is empty");
        return false;
    }
    struct reader reader = {.sheet = sheet, .diag = diag, .line = 1, .row_blank = true};
    text = skip_preamble(text, &sheet->delimiter, &reader.line);
    if (sheet->delimiter == '\0') {
        sheet->delimiter = sniff_delimiter(text);
    }
    if (csv_init(&reader.parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
        g_error("libcsv cannot be initialised");
    }
    csv_set_delim(&reader.parser, (unsigned char)sheet->delimiter);
    csv_set_blk_size(&reader.parser, BUFFER_STEP_BYTES);
    reader.row_text = sheet->text->len;
    read_rows(&reader, text);
    csv_free(&reader.parser);
    if (!reader.failed && !reader.has_header) {
        refuse(diag, sheet->name, 0, "empty file", "the file is empty");
        return false;
    }
    return !reader.failed;
}

hr_sheet *hr_sheet_parse(const char *bytes, size_t n_bytes, const char *name, hr_diag *diag)
{
    g_autoptr(hr_sheet) sheet = g_new0(hr_sheet, 1);
    sheet->name = g_strdup(name);
    sheet->text = g_string_sized_new(n_bytes / 2 + 16);
    g_string_append_c(sheet->text, '\0');
    sheet->fields = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    sheet->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
    if (n_bytes > FILE_MAX_BYTES) {
        refuse(diag, name, 0, "file too large", "the file is larger than 512 MiB");
        return NULL;
    }
    sheet->digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, n_bytes);
    enum encoding encoding = ENCODING_UTF8;
    g_autofree char *text = decode(bytes, n_bytes, name, diag, &encoding);
    if (text == NULL || !parse_text(sheet, text, diag)) {
        return NULL;
    }
    sheet->encoding = encoding_names[encoding];
    return g_steal_pointer(&sheet);
}

hr_sheet *hr_sheet_load(const char *path, const char *name, hr_diag *diag, GError **error)
{
    g_autofree char *bytes = NULL;
    size_t n_bytes = 0;
    if (!hr_sheet_read_bytes(path, name, &bytes, &n_bytes, diag, error)) {
        return NULL;
    }
    return hr_sheet_parse(bytes, n_bytes, name != NULL ? name : path, diag);
}

void hr_sheet_free(hr_sheet *sheet)
{
    if (sheet == NULL) {
        return;
    }
    g_free(sheet->name);
    g_free(sheet->digest);
    g_string_free(sheet->text, TRUE);
    g_array_free(sheet->fields, TRUE);
    g_array_free(sheet->rows, TRUE);
    g_free(sheet);
}

const char *hr_sheet_name(const hr_sheet *sheet)
{
    return sheet->name;
}

char hr_sheet_delimiter(const hr_sheet *sheet)
{
    return sheet->delimiter;
}

const char *hr_sheet_encoding(const hr_sheet *sheet)
{
    return sheet->encoding;
}

const char *hr_sheet_digest(const hr_sheet *sheet)
{
    return sheet->digest;
}

static const char *field_of(const hr_sheet *sheet, const struct row *row, size_t column)
{
    if (column >= row->n_fields) {
        return "";
    }
    return sheet->text->str + g_array_index(sheet->fields, uint32_t, row->first + column);
}

static const struct row *row_of(const hr_sheet *sheet, size_t row)
{
    hr_assert(row < sheet->rows->len);
    return &g_array_index(sheet->rows, struct row, row);
}

size_t hr_sheet_columns(const hr_sheet *sheet)
{
    return sheet->header.n_fields;
}

const char *hr_sheet_header(const hr_sheet *sheet, size_t column)
{
    return field_of(sheet, &sheet->header, column);
}

uint32_t hr_sheet_header_line(const hr_sheet *sheet)
{
    return sheet->header.line;
}

size_t hr_sheet_rows(const hr_sheet *sheet)
{
    return sheet->rows->len;
}

size_t hr_sheet_blank_rows(const hr_sheet *sheet)
{
    return sheet->n_blank_rows;
}

size_t hr_sheet_row_fields(const hr_sheet *sheet, size_t row)
{
    return row_of(sheet, row)->n_fields;
}

uint32_t hr_sheet_row_line(const hr_sheet *sheet, size_t row)
{
    return row_of(sheet, row)->line;
}

const char *hr_sheet_field(const hr_sheet *sheet, size_t row, size_t column)
{
    return field_of(sheet, row_of(sheet, row), column);
}
