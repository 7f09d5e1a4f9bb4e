/* SPDX-License-Identifier: MIT */
#include "parse/efivar.h"

enum status efivar_parse(struct span file, struct efivar *out)
{
    struct rd r = rd_open(file);
    struct efivar v = {.attributes = rd_le32(&r)};
    if (!rd_ok(&r))
        return ST_ABSENT;
    v.data = rd_take(&r, rd_left(&r));
    *out = v;
    return ST_OK;
}
