/* SPDX-License-Identifier: MIT */
#include "load/hex/table.h"

#include "load/tables.h"

bool table_signature(struct span four)
{
    for (size_t i = 0; i < 4; i++) {
        uint8_t c = i < four.len ? four.ptr[i] : 0;
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '!' || c == '_' || c == '#'))
            return false;
    }
    return true;
}

bool table_is_known(struct span four)
{
    return tables_want(four) || tables_tell_whole(four);
}

static bool adds_up(struct span table)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < table.len; i++)
        sum = (uint8_t)(sum + table.ptr[i]);
    return sum == 0;
}

void table_add_copy(struct span bytes, bool sound, bool checked, const char *from,
                    struct snapshot *out)
{
    struct blob b = {.from = from, .st = ST_OK, .data = bytes};
    struct rd r = rd_open(bytes);
    struct span signature = rd_take(&r, 4);
    uint32_t declared = rd_le32(&r);
    bool whole = rd_ok(&r);
    if (signature.len < 4 || !tables_want(signature))
        return;
    if (!sound || !whole || bytes.len < declared) {
        b.st = ST_TRUNCATED;
        notes_add(&out->notes, "acpi",
                  "%s: table %.4s is incomplete in this copy: only %zu of %u bytes can be read",
                  from, (const char *)signature.ptr, bytes.len, (unsigned)declared);
    } else if (checked &&
               (bytes.len - declared > 3 || !adds_up((struct span){bytes.ptr, declared}))) {
        b.st = ST_MALFORMED;
        notes_add(&out->notes, "acpi",
                  "%s: table %.4s is printed in words of several bytes, and its checksum is wrong "
                  "in both byte orders: print it with hexdump -C",
                  from, (const char *)signature.ptr);
    } else if (checked) {
        b.data.len = declared; /* half of the last word may be filling */
    }
    tables_add(out, signature, b);
}
