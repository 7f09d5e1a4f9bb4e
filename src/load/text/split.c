/* SPDX-License-Identifier: MIT */
#include "load/text/split.h"

#include "vbscheck/out.h"

/* A walk over the stretches of a text; each stretch has one kind. */
struct walk {
    struct span rest;
    enum kind kind;
};

/* The next stretch of one kind. False when the text is at its end. */
static bool next_stretch(struct walk *w, struct span *stretch, enum kind *kind)
{
    struct span ahead = w->rest, line;
    const uint8_t *start = w->rest.ptr;
    enum kind now = w->kind;
    if (ahead.len == 0)
        return false;
    for (;;) {
        struct span before = ahead;
        if (!span_next_line(&ahead, &line))
            break;
        enum kind of = sniff_line(line, now);
        if (of == KIND_UNKNOWN || of == now)
            continue;
        if (now == KIND_UNKNOWN) {
            now = of;
            continue;
        }
        *stretch = (struct span){start, (size_t)(before.ptr - start)};
        *kind = now;
        w->rest = before;
        w->kind = of;
        return true;
    }
    *stretch = w->rest;
    *kind = now;
    w->rest = (struct span){0};
    return true;
}

size_t split_text(struct span text, struct arena *a, struct part out[SPLIT_MAX])
{
    struct walk w = {.rest = text, .kind = KIND_UNKNOWN};
    struct span stretch;
    enum kind kind;
    struct out texts[SPLIT_MAX];
    size_t n = 0;
    if (!next_stretch(&w, &stretch, &kind) || kind == KIND_UNKNOWN)
        return 0;
    if (w.rest.len == 0) {
        out[0] = (struct part){kind, text};
        return 1;
    }
    for (size_t i = 0; i < SPLIT_MAX; i++)
        out_init(&texts[i], a);
    do {
        out_bytes(&texts[kind], (const char *)stretch.ptr, stretch.len);
    } while (next_stretch(&w, &stretch, &kind));
    for (size_t i = 0; i < SPLIT_MAX; i++) {
        if (texts[i].len > 0)
            out[n++] = (struct part){(enum kind)i, out_span(&texts[i])};
    }
    return n;
}
