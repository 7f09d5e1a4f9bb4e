/* SPDX-License-Identifier: MIT */
/*
 * A judge that hostile bytes control supplies these bytes: a question to the reader, which has
 * rights. A question that is read is written again to the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "ask/wire.h"
#include "fuzz/target.h"
#include "fuzz/whole.h"

static void read_both(struct span bytes, struct arena *a)
{
    struct question q;
    struct answer w;
    if (wire_read_question(bytes, a, &q)) {
        struct span again = wire_question(&q, a);
        if (q.kind >= ASK_KINDS || strlen(q.path) > ASK_PATH_MAX || again.len != bytes.len ||
            memcmp(again.ptr, bytes.ptr, bytes.len) != 0)
            abort();
    }
    if (wire_read_answer(bytes, &w) && w.data.len > bytes.len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    whole_in_arena(read_both, (struct span){data, size});
    return 0;
}
