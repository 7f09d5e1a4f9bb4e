/* SPDX-License-Identifier: MIT */
/*
 * Whoever pastes, mails or uploads a text supplies these bytes. They are cleaned and split; nothing
 * is repaired. A cleaner that makes text of text must come to an end: what is clean stays as it is,
 * and the parts of a text are not longer than the text.
 */
#include <stdlib.h>

#include "fuzz/target.h"
#include "load/text/clean.h"
#include "load/text/split.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct part parts[SPLIT_MAX];
    struct heap h = heap_copy((struct span){data, size});
    unsigned done = 0;
    test_arena(&a);
    struct span text = clean_text(h.span, &a, &done);
    if ((done & (CLEAN_UTF16 | CLEAN_JOURNAL)) == 0 && text.len > size)
        abort();
    if (done == 0 && (text.ptr != h.span.ptr || text.len != size))
        abort();
    size_t n = split_text(text, &a, parts), all = 0;
    for (size_t i = 0; i < n; i++)
        all += parts[i].text.len;
    if (n > 0 && all != text.len)
        abort();
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
