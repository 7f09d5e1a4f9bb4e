/* SPDX-License-Identifier: MIT */
#include "parse/acpi/acpi.h"

#include "parse/refuse.h"

enum { LENGTH_OFFSET = 4, CHECKSUM_OFFSET = 9 };

/* Copies `n` bytes to `to`, which has room for them and a NUL. */
static void take_text(struct rd *r, size_t n, char *to)
{
    struct span s = rd_take(r, n);
    for (size_t i = 0; i < n && i < s.len; i++)
        to[i] = (char)s.ptr[i];
}

/* ACPI 6.5, 5.2.6: all bytes of a table, including the checksum, add up to zero. */
static bool adds_up(struct span bytes)
{
    unsigned sum = 0;
    for (size_t i = 0; i < bytes.len; i++)
        sum += bytes.ptr[i];
    return (sum & 0xff) == 0;
}

enum status acpi_open(struct span bytes, const char *signature, struct acpi_table *out,
                      struct fault *fault)
{
    struct acpi_table t = {0};
    struct rd r = rd_open(bytes);
    if (bytes.len < ACPI_HEADER_LEN)
        return refuse(fault, 0, "shorter than a table header");
    take_text(&r, 4, t.signature);
    t.length = rd_le32(&r);
    t.revision = rd_u8(&r);
    rd_skip(&r, 1);
    take_text(&r, 6, t.oem_id);
    take_text(&r, 8, t.oem_table_id);
    if (!span_is(span_of(t.signature), signature))
        return refuse(fault, 0, "has another signature");
    if (t.length < ACPI_HEADER_LEN)
        return refuse(fault, LENGTH_OFFSET, "declared length is shorter than the header");
    if (t.length > bytes.len)
        return refuse(fault, LENGTH_OFFSET, "declared length is longer than the table");
    if (!adds_up((struct span){bytes.ptr, t.length}))
        return refuse(fault, CHECKSUM_OFFSET, "checksum does not add up");
    rd_seek(&r, ACPI_HEADER_LEN);
    t.body = rd_sub(&r, t.length - ACPI_HEADER_LEN);
    *out = t;
    return ST_OK;
}

enum status acpi_close(const struct rd *body, struct fault *fault)
{
    return rd_ok(body) ? ST_OK : refuse(fault, body->fault.offset, body->fault.what);
}

static const struct {
    bool wide_type, flags, wide_length;
} forms[] = {
    [ACPI_REC_U16_U16] = {.wide_type = true, .wide_length = true},
    [ACPI_REC_U8_FLAGS_U16] = {.flags = true, .wide_length = true},
    [ACPI_REC_U8_U16] = {.wide_length = true},
    [ACPI_REC_U8_U8] = {.wide_length = false},
};

bool acpi_next_rec(struct rd *r, enum acpi_rec_form form, struct acpi_rec *out)
{
    if (rd_left(r) == 0)
        return false;
    struct rd head = *r;
    struct acpi_rec rec = {.offset = rd_offset(r)};
    rec.type = forms[form].wide_type ? rd_le16(&head) : rd_u8(&head);
    if (forms[form].flags)
        rd_skip(&head, 1);
    size_t length = forms[form].wide_length ? rd_le16(&head) : rd_u8(&head);
    rd_inherit(r, &head);
    size_t header = head.at - r->at;
    if (length == 0)
        rd_fail(r, ST_MALFORMED, "structure length 0 cannot be stepped over");
    else if (length < header)
        rd_fail(r, ST_MALFORMED, "structure is shorter than its header");
    else if (length > rd_left(r))
        rd_fail(r, ST_MALFORMED, "structure is longer than the data left");
    if (!rd_ok(r))
        return false;
    rec.body = rd_sub(r, length);
    rec.whole = rec.body.in;
    rd_skip(&rec.body, header);
    *out = rec;
    return true;
}
