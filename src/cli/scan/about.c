/* SPDX-License-Identifier: MIT */
#include "cli/scan/about.h"

#include <string.h>

#include "vbscheck/hex.h"
#include "vbscheck/out.h"

enum { DIGEST = 32 };

/* Both ends are this program: byte order and sizes are its own. */
struct head {
    size_t labels, digests; /* bytes of each */
};

struct span about_write(struct span labels, struct span digests, struct arena *a)
{
    const struct head h = {labels.len, digests.len};
    struct out o;
    if (labels.len + digests.len == 0)
        return (struct span){0};
    out_init(&o, a);
    out_bytes(&o, (const char *)&h, sizeof h);
    out_bytes(&o, (const char *)labels.ptr, labels.len);
    out_bytes(&o, (const char *)digests.ptr, digests.len);
    return out_span(&o);
}

static struct span part(struct span about, bool digests)
{
    struct head h;
    if (about.len < sizeof h)
        return (struct span){0};
    memcpy(&h, about.ptr, sizeof h);
    struct span rest = span_skip(about, sizeof h);
    return digests ? span_skip(rest, h.labels) : (struct span){rest.ptr, h.labels};
}

void about_label(struct span about, struct snapshot *out)
{
    struct span rest = part(about, false), line, key, value;
    while (span_next_line(&rest, &line)) {
        if (span_split(line, '=', &key, &value) && labels_set(&out->labels, key, value) != ST_OK)
            notes_add(&out->notes, "labels",
                      "the label %.*s was left out: a machine can have %d at most", (int)key.len,
                      (const char *)key.ptr, LABELS_MAX);
    }
}

bool about_asks(struct span about)
{
    return part(about, true).len > 0;
}

bool about_knows(struct span about, const char *digest)
{
    static const char kind[] = "sha256:";
    struct span all = part(about, true);
    char hex[2 * DIGEST];
    if (strncmp(digest, kind, sizeof kind - 1) != 0 ||
        strlen(digest) != sizeof kind - 1 + sizeof hex)
        return false;
    for (size_t i = 0; i + DIGEST <= all.len; i += DIGEST) {
        for (size_t j = 0; j < DIGEST; j++)
            (void)hex_put(&hex[2 * j], all.ptr[i + j], 2);
        if (memcmp(hex, digest + sizeof kind - 1, sizeof hex) == 0)
            return true;
    }
    return false;
}
