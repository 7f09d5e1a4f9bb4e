/* SPDX-License-Identifier: MIT */
/*
 * EFI variables as hexdump, xxd, od or base64 print their files, each below a line that names it:
 *
 *   $ xxd /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
 *   00000000: 0600 0000 01
 *
 * The byte order of words is not shown. Attributes have few bits (UEFI 2.10, section 8.2), so only
 * one order gives valid ones: if both or neither do, the variable is malformed.
 */
#include "load/forms/forms.h"

#include <string.h>

#include "load/hex/dump.h"
#include "load/hex/hex.h"
#include "load/load.h"
#include "vbscheck/hex.h"

enum { GUID_LEN = 36, NAME_MAX_LEN = 128, ATTRIBUTES = 4, KNOWN_BITS = 0x7f };

static bool ends_name(uint8_t c)
{
    return c == ' ' || c == '/' || c == '\t' || c == '"' || c == '\'' || c == '`';
}

/* Is this the beginning of a GUID? A line may hold a million hyphens. */
static bool may_be_guid(struct span s)
{
    enum { FIRST = 8 };
    for (size_t i = 0; i < FIRST; i++) {
        if (i >= s.len || hex_digit(s.ptr[i]) > 15)
            return false;
    }
    return s.len >= GUID_LEN && s.ptr[FIRST] == '-';
}

/* The blob of the variable that the line names; NULL where no probe wants it. */
static const char *named(struct span line)
{
    char name[NAME_MAX_LEN + 1];
    struct span rest = span_trim(line), tail;
    while (span_find(rest, "-", &tail)) {
        size_t dash = (size_t)(tail.ptr - line.ptr) - 1, from = dash;
        rest = tail;
        if (!may_be_guid(tail))
            continue;
        while (from > 0 && dash - from < NAME_MAX_LEN && !ends_name(line.ptr[from - 1]))
            from--;
        if (dash == from || dash - from + GUID_LEN >= NAME_MAX_LEN)
            continue;
        size_t n = dash - from + 1 + GUID_LEN;
        memcpy(name, line.ptr + from, n);
        name[n] = '\0';
        const char *blob = load_variable(name);
        if (blob != NULL)
            return blob;
    }
    return NULL;
}

bool variables_open(struct span line)
{
    enum { LONGEST = 512 }; /* a longer line is not a command line: an archive holds names, too */
    return line.len > GUID_LEN && line.len <= LONGEST && !span_find(line, "\"", NULL) &&
           named(line) != NULL;
}

static bool is_plausible(struct span bytes)
{
    struct rd r = rd_open(bytes);
    uint32_t attributes = rd_le32(&r);
    return rd_ok(&r) && attributes != 0 && (attributes & ~(uint32_t)KNOWN_BITS) == 0;
}

/*
 * Groups of bytes show the order; for words the attributes do, if only one order gives valid ones.
 */
static enum status bytes_of(const struct hex_dump *d, struct arena *a, struct span *out)
{
    struct span straight = hex_bytes(d, false, a), turned = hex_bytes(d, true, a);
    bool first = is_plausible(straight), second = d->width > 1 && is_plausible(turned);
    *out = second ? turned : straight;
    if (first == second)
        return ST_MALFORMED;
    /* No data would be a fault of the firmware: only a dump with an end shows that. */
    if (out->len == ATTRIBUTES && !d->ended)
        return ST_TRUNCATED;
    /* The last word of a dump without its length may be half. */
    return d->sound && (d->width == 1 || d->ended || !second) ? ST_OK : ST_TRUNCATED;
}

static void end_variable(const char **blob, struct hex_dump *d, struct form_sink *to)
{
    struct span bytes;
    if (*blob == NULL || d->bytes.len == 0) {
        *blob = NULL;
        return;
    }
    enum status st = bytes_of(d, to->out->arena, &bytes);
    if (st != ST_OK)
        notes_add(&to->out->notes, to->file,
                  "%s: the bytes of this EFI variable cannot be read (%s): print its file with "
                  "hexdump -C",
                  *blob + 7, st == ST_MALFORMED ? "their order is not known" : "the text is cut");
    form_add(to, *blob, st, st == ST_OK ? bytes : (struct span){0});
    *blob = NULL;
}

/* A line of base64 that is a whole variable. */
static bool read_base64(struct hex_dump *d, struct span line, struct arena *a)
{
    struct span bytes;
    if (d->bytes.len > 0 || !base64_read_line(line, a, &bytes) || !is_plausible(bytes) ||
        bytes.len > HEX_PER_LINE)
        return false;
    struct hex_line l = {.width = 1, .n = bytes.len};
    memcpy(l.bytes, bytes.ptr, bytes.len);
    hex_add(d, &l);
    return true;
}

/* False for a line that is not part of a dump and ends it. */
static bool read_line(struct hex_dump *d, struct span line, struct arena *a)
{
    struct hex_line l;
    if (span_is(line, "*")) {
        hex_squeeze(d);
        return true;
    }
    bool bare = hex_read_bare(line, &l);
    if (!bare && !hex_read_line(line, &l))
        return read_base64(d, line, a);
    if (!d->ended)
        hex_add(d, &l);
    return true;
}

void variables_load(struct span text, struct form_sink *to)
{
    struct span line;
    struct hex_dump d;
    const char *blob = NULL;
    bool ends = text.len > 0 && text.ptr[text.len - 1] == '\n';
    hex_start(&d, to->out->arena);
    while (span_next_line(&text, &line)) {
        const char *next = named(line);
        struct span s = span_trim(line);
        if (next != NULL) {
            end_variable(&blob, &d, to);
            blob = next;
            hex_start(&d, to->out->arena);
        } else if (blob != NULL && s.len > 0 && !read_line(&d, s, to->out->arena) &&
                   d.bytes.len > 0) {
            end_variable(&blob, &d, to);
        }
        /* A last line without its end may have been longer; base64 shows its length itself. */
        if (text.len == 0 && !ends && s.len > 0 && s.ptr[s.len - 1] != '=')
            d.sound = false;
    }
    end_variable(&blob, &d, to);
}
