/* SPDX-License-Identifier: MIT */
/*
 * Whoever pastes a tool's text supplies these bytes. Every form reads them, whether it would open
 * them or not, and so do the decoders of dumps: what any of them adds is a blob of a name that the
 * collector writes, and a second reading adds nothing new. Nothing is repaired.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "load/forms/forms.h"
#include "load/forms/rows.h"
#include "load/hex/hex.h"
#include "support/build.h"

static void check(const struct snapshot *s)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->blobs[i].name == NULL ||
            (s->blobs[i].st == ST_OK && s->blobs[i].data.ptr == NULL && s->blobs[i].data.len > 0))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    for (size_t i = 0; i < FORMS_N; i++) {
        struct snapshot s;
        snap_init(&s, &a, SOURCE_EVIDENCE, "input");
        struct machine m = {.arena = &a};
        struct form_sink to = {.out = &s, .machine = &m, .file = "input"};
        (void)forms[i].opens(h.span);
        forms[i].load(h.span, &to);
        size_t n = s.n;
        forms[i].load(h.span, &to);
        check(&s);
        if (m.problem == NULL && s.n != n)
            abort();
    }
    struct snapshot s;
    snap_init(&s, &a, SOURCE_EVIDENCE, "input");
    (void)hex_opens_table(h.span);
    (void)base64_opens_table(h.span);
    hex_load(h.span, "input", &s);
    base64_load(h.span, "input", &s);
    check(&s);
    (void)form_refusal(h.span);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
