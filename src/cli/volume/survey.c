/* SPDX-License-Identifier: MIT */
/* What is on a disk: a confined look at its partitions, and what to say of them. */
#include <string.h>

#include "cli/volume/parts.h"
#include "confine/printable.h"
#include "io/libs.h"
#include "judge.h"
#include "vbscheck/out.h"

/* The hive without which no Windows starts. */
static const char hive[] = "Windows/System32/config/SYSTEM";

/* The child ------------------------------------------------------------------------------------ */

static void look_inside(const struct reading *r, struct seen *s, struct arena *a)
{
    struct volume v;
    struct volume_device part = r->device;
    part.start += s->start;
    part.size = s->size;
    enum status st = volume_open(r->lib, &part, a, &v);
    s->opened = (uint8_t)st;
    if (st != ST_OK)
        return;
    s->windows = volume_has(&v, hive);
    s->dirty = v.state.dirty || v.state.unwritten;
    struct span label = span_of(volume_label(&v, a));
    memcpy(s->label, label.ptr, label.len < sizeof s->label ? label.len : sizeof s->label - 1);
    volume_close(&v);
}

static void look_at(const struct reading *r, const struct partition *p, struct out *out,
                    struct arena *a)
{
    uint8_t head[VOLUME_HEAD];
    struct seen s = {.start = p->start, .size = p->size, .number = p->number};
    enum status st = device_read(&r->device, p->start, head, sizeof head);
    s.kind =
        (uint8_t)(st == ST_OK ? volume_kind_of((struct span){head, sizeof head}) : VOLUME_OTHER);
    s.opened = (uint8_t)st;
    if (s.kind == VOLUME_NTFS && r->lib != NULL)
        look_inside(r, &s, a);
    out_bytes(out, (const char *)&s, sizeof s);
}

/* Runs confined: records of struct seen, or what is wrong. */
static void look_at_disk(void *context, struct arena *a, struct judged *result)
{
    struct reading *r = context;
    uint8_t head[VOLUME_HEAD] = {0};
    struct partitions parts = {.n = 1, .items = {{.size = r->device.size}}};
    struct out out;
    out_init(&out, a);
    enum status st = device_read(&r->device, 0, head, sizeof head);
    const struct span first = {head, sizeof head};
    const char *container = disk_container(first);
    struct disk disk = device_disk(&r->device);
    if (st == ST_OK && container == NULL && !disk_is_wim(first) &&
        volume_kind_of(first) == VOLUME_OTHER)
        st = disk_partitions(&disk, &parts);
    if (disk_is_wim(first))
        result->message = span_of("is a WIM image, which is not opened: unpack the Windows in it "
                                  "(wimapply FILE NUMBER FOLDER) and give that folder");
    else if (container != NULL)
        result->message = span_of(arena_printf(
            a, "is an image of the kind %s: make a raw one of it (qemu-img convert -O raw)",
            container));
    else if (st == ST_MALFORMED)
        result->message = span_of("has a damaged table of partitions: give the partition itself");
    else if (st == ST_ABSENT || st == ST_TRUNCATED)
        result->message = span_of("is neither a disk with partitions nor a volume of Windows");
    else if (st != ST_OK)
        result->message = span_of(status_meaning(st));
    for (size_t i = 0; result->message.len == 0 && i < parts.n; i++)
        look_at(r, &parts.items[i], &out, a);
    result->exit_status = result->message.len > 0 ? EXIT_TROUBLE : EXIT_READY;
    result->document = out_span(&out);
}

/* The parent ----------------------------------------------------------------------------------- */

/* What comes back may be a hostile process's. */
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

enum status survey(const struct given *g, struct arena *a, const struct seen **out, size_t *n,
                   const char **problem)
{
    struct reading r = {libs_ntfs(NULL), {.fd = CONFINE_FILE, .size = g->size}};
    struct judged result = {.exit_status = EXIT_TROUBLE};
    const struct confinement c = {
        .profile = &profile_volume, .work = look_at_disk, .context = &r, .file = g->fd};
    if (confine_run(&c, a, &result) != ST_OK)
        result.message = span_of("cannot be looked at: no process could be started");
    size_t count = result.document.len / sizeof(struct seen);
    struct seen *all = arena_new(a, struct seen, count);
    memcpy(all, result.document.ptr, count * sizeof *all);
    bool sound = result.exit_status == EXIT_READY && count <= PARTITIONS_MAX;
    for (size_t i = 0; i < count && sound; i++)
        sound = is_sound(g, &all[i]);
    if (!sound) {
        *problem = result.message.len > 0 ? arena_text(a, result.message)
                                          : "cannot be looked at: the image may be hostile";
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
    const char *where =
        s->number > 0 ? arena_printf(a, "partition %u", (unsigned)s->number) : "the volume";
    const char *size = size_text(s->size, a);
    return s->label[0] != '\0' ? arena_printf(a, "%s (\"%s\", %s)", where, s->label, size)
                               : arena_printf(a, "%s (%s)", where, size);
}
