/* SPDX-License-Identifier: MIT */
#include "load/hex/hex.h"

#include <string.h>

#include "load/hex/dump.h"
#include "load/hex/table.h"
#include "load/tables.h"

/* The signature that a line begins with: as printed, or with each group reversed. */
static bool has_signature(const struct hex_line *h)
{
    uint8_t turned[4];
    struct span straight = {h->bytes, 4}, other = {turned, 4};
    if (h->n < 4)
        return false;
    for (size_t i = 0; i < 4; i++)
        turned[i] = h->bytes[i / h->width * h->width + h->width - 1 - i % h->width];
    return table_signature(straight) || (h->width > 1 && table_is_known(other));
}

bool hex_opens_table(struct span line)
{
    struct hex_line h;
    return hex_read_line(line, &h) && hex_begins(&h) && has_signature(&h);
}

/* Finds the order in which the groups give a known table; false if neither does. */
static bool find_order(const struct hex_dump *d, struct arena *a, struct span *out, bool *swapped)
{
    for (unsigned turn = 0; turn < 2; turn++) {
        struct span bytes = hex_bytes(d, turn == 1, a);
        if (bytes.len < 4 || !table_is_known((struct span){bytes.ptr, 4}))
            continue;
        *out = bytes;
        *swapped = turn == 1;
        return true;
    }
    return false;
}

static void add_dump(struct hex_dump *d, const char *from, struct snapshot *out)
{
    struct span bytes;
    bool swapped;
    if (d->bytes.len == 0 || !find_order(d, out->arena, &bytes, &swapped))
        return;
    /* Four letters decided the order of words: the checksum has to confirm it. */
    table_add_copy(bytes, d->sound, d->width > 1 && (swapped || d->width == 4), from, out);
}

void hex_load(struct span text, const char *from, struct snapshot *out)
{
    struct span line;
    struct hex_line h;
    struct hex_dump d;
    hex_start(&d, out->arena);
    while (span_next_line(&text, &line)) {
        if (span_is(span_trim(line), "*")) {
            hex_squeeze(&d);
            continue;
        }
        if (!hex_read_line(line, &h))
            continue;
        if (hex_begins(&h)) {
            add_dump(&d, from, out);
            hex_start(&d, out->arena);
        }
        if (!d.ended)
            hex_add(&d, &h);
    }
    add_dump(&d, from, out);
}
