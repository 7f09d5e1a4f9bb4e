/* SPDX-License-Identifier: MIT */
/* "evidence, report's length, report", then "name's length, name, length, bytes" for each table. */
#include "compare/parcel.h"

#include <string.h>

#include "vbscheck/count.h"

/* The bytes of both sides, twice, plus their reports, fit into LIMIT_DATA. */
enum { TABLES_BYTES_MAX = 6 << 20, TABLES_MAX = 256 };

static void put_le32(struct out *o, size_t n)
{
    for (unsigned i = 0; i < 32; i += 8)
        out_char(o, (char)(n >> i & 0xff));
}

static void put_span(struct out *o, struct span s)
{
    put_le32(o, s.len);
    out_bytes(o, (const char *)s.ptr, s.len);
}

/*
 * Tables whose bytes describe the machine. Others (FACP, TPM2, XSDT) hold addresses that firmware
 * chooses anew at each boot.
 */
static bool is_table(const struct blob *b)
{
    static const char *const prefixes[] = {"acpi/DMAR", "acpi/IVRS", "acpi/IORT",
                                           "acpi/VIOT", "acpi/WSMT", "efi/memattr"};
    bool known = false;
    for (size_t i = 0; i < COUNT(prefixes); i++)
        known |= strncmp(b->name, prefixes[i], strlen(prefixes[i])) == 0;
    return known && b->st == ST_OK;
}

void parcel_pack(struct out *o, struct span report, const struct snapshot *snap)
{
    size_t total = 0;
    out_char(o, snap != NULL);
    put_span(o, report);
    for (size_t i = 0; snap != NULL && i < snap->n; i++) {
        const struct blob *b = &snap->blobs[i];
        if (!is_table(b) || b->data.len > TABLES_BYTES_MAX - total)
            continue;
        total += b->data.len;
        put_span(o, span_of(b->name));
        put_span(o, b->data);
    }
}

enum status parcel_unpack(struct span bytes, struct arena *a, struct side *out,
                          const char **problem)
{
    struct rd r = rd_open(bytes);
    struct side side = {0};
    bool evidence = rd_u8(&r) == 1;
    struct span report = rd_take(&r, rd_le32(&r));
    struct blob *blobs = arena_new(a, struct blob, TABLES_MAX);
    *problem = "could not be read: the process that judged it returned an invalid result";
    while (rd_left(&r) > 0 && side.n_blobs < TABLES_MAX) {
        struct span name = rd_take(&r, rd_le32(&r));
        struct span data = rd_take(&r, rd_le32(&r));
        blobs[side.n_blobs++] =
            (struct blob){.name = arena_text(a, name), .st = ST_OK, .data = data};
    }
    if (!rd_ok(&r))
        return ST_MALFORMED;
    side.blobs = evidence ? blobs : NULL;
    enum status st = told_read(report, a, &side.told, problem);
    if (st == ST_OK)
        *out = side;
    return st;
}
