/* SPDX-License-Identifier: MIT */
/* What is on a disk: the result of a confined look, and the messages about it. */
#include <string.h>
#include <unistd.h>

#include "cli/volume/parts.h"
#include "confine/printable.h"
#include "io/libs.h"
#include "judge.h"
#include "vbscheck/out.h"

/* A hostile process may have written the result. */
static bool is_sound(const struct given *g, struct seen *s)
{
    s->label[sizeof s->label - 1] = '\0';
    bool plain = !is_printable(span_of(s->label), false);
    for (size_t i = 0; s->label[i] != '\0'; i++) {
        unsigned char c = (unsigned char)s->label[i];
        if (c < ' ' || c == '"' || c == 0x7f || (plain && c > 0x7f))
            s->label[i] = '?';
    }
    return s->start <= g->size && s->size <= g->size - s->start && s->opened < ST_COUNT;
}

/* Checks only whether the file is a WIM file: libwim is loaded before the child starts. */
struct reading reading_of(const struct given *g)
{
    uint8_t head[8] = {0};
    bool wim = pread(g->fd, head, sizeof head, 0) == (ssize_t)sizeof head &&
               disk_is_wim((struct span){head, sizeof head});
    return (struct reading){
        .lib = wim ? NULL : libs_ntfs(NULL),
        .wim = wim ? libs_wim(NULL) : NULL,
        .device = {.fd = CONFINE_FILE, .size = g->size},
    };
}

enum status survey(const struct given *g, struct arena *a, const struct seen **out, size_t *n,
                   const char **problem)
{
    struct reading r = reading_of(g);
    struct judged result = {.exit_status = EXIT_TROUBLE};
    const struct confinement c = {
        .profile = &profile_volume, .work = look_at_disk, .context = &r, .file = g->fd};
    if (confine_run(&c, a, &result) != ST_OK)
        result.message = span_of("cannot be read: no process could be started");
    size_t count = result.document.len / sizeof(struct seen);
    struct seen *all = arena_new(a, struct seen, count);
    memcpy(all, result.document.ptr, count * sizeof *all);
    bool sound = result.exit_status == EXIT_READY && count <= PARTITIONS_MAX;
    for (size_t i = 0; i < count && sound; i++)
        sound = is_sound(g, &all[i]);
    if (!sound) {
        *problem = result.message.len > 0 ? arena_text(a, result.message)
                                          : "cannot be read: the image may be hostile";
        return ST_MALFORMED;
    }
    *out = all;
    *n = count;
    return ST_OK;
}

const char *size_text(uint64_t bytes, struct arena *a)
{
    static const struct {
        uint64_t unit;
        const char *name;
    } units[] = {{1ULL << 40, "TiB"}, {1 << 30, "GiB"}, {1 << 20, "MiB"}, {1, "bytes"}};
    size_t i = 0;
    while (units[i].unit > 1 && bytes < units[i].unit)
        i++;
    uint64_t tenths = bytes / units[i].unit * 10 + bytes % units[i].unit * 10 / units[i].unit;
    return arena_printf(a, "%llu.%llu %s", (unsigned long long)(tenths / 10),
                        (unsigned long long)(tenths % 10), units[i].name);
}

const char *seen_text(const struct seen *s, struct arena *a)
{
    const char *where = s->wim          ? arena_printf(a, "image %u", (unsigned)s->number)
                        : s->number > 0 ? arena_printf(a, "partition %u", (unsigned)s->number)
                                        : "the volume";
    const char *size = size_text(s->size, a);
    return s->label[0] != '\0' ? arena_printf(a, "%s (\"%s\", %s)", where, s->label, size)
                               : arena_printf(a, "%s (%s)", where, size);
}
