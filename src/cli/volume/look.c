/* SPDX-License-Identifier: MIT */
/* The child: returns what is on a disk as records of struct seen, or what is wrong with it. */
#include <string.h>

#include "cli/volume/parts.h"
#include "judge.h"
#include "vbscheck/out.h"

/* No Windows starts without this hive. */
static const char hive[] = "Windows/System32/config/SYSTEM";

static void set_label(struct seen *s, const char *text)
{
    struct span label = span_of(text);
    memcpy(s->label, label.ptr, label.len < sizeof s->label ? label.len : sizeof s->label - 1);
}

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
    st = volume_has(&v, hive);
    s->windows = st == ST_OK;
    if (st == ST_MALFORMED)
        s->opened = (uint8_t)st;
    s->dirty = v.state.dirty || v.state.unwritten;
    set_label(s, volume_label(&v, a));
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
    if (s.kind == VOLUME_NTFS && r->lib == NULL)
        s.opened = ST_NO_DRIVER;
    else if (s.kind == VOLUME_NTFS)
        look_inside(r, &s, a);
    out_bytes(out, (const char *)&s, sizeof s);
}

static void look_at_wim(const struct reading *r, struct out *out, struct arena *a,
                        struct judged *result)
{
    struct wim w;
    enum status st = wim_open(r->wim, &r->device, a, &w);
    if (st == ST_UNSUPPORTED)
        result->message = span_of(
            "is a WIM image that is solid (install.esd), has very large blocks or several parts: "
            "convert it (wimexport FILE NUMBER NEW.wim --compress=LZX) and give the result");
    else if (st == ST_NO_DRIVER)
        result->message = span_of(
            "is a WIM image, but libwim is not installed: unpack the Windows in it (wimapply FILE "
            "NUMBER FOLDER), and give that folder");
    else if (st != ST_OK)
        result->message = span_of("is a damaged WIM image or an incomplete copy");
    for (uint32_t i = 1; st == ST_OK && i <= w.header.images && i <= PARTITIONS_MAX; i++) {
        struct seen s = {.size = r->device.size, .number = i, .wim = 1};
        s.opened = (uint8_t)wim_choose(&w, i);
        s.windows = s.opened == ST_OK && wim_has(&w, hive);
        set_label(&s, wim_name(&w, i, a));
        out_bytes(out, (const char *)&s, sizeof s);
    }
    wim_close(&w);
}

void look_at_disk(void *context, struct arena *a, struct judged *result)
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
    if (disk_is_wim(first)) {
        look_at_wim(r, &out, a, result);
        parts.n = 0;
    } else if (container != NULL)
        result->message = span_of(arena_printf(
            a,
            "is a disk image of the format %s: convert it to a raw image (qemu-img convert -O "
            "raw)",
            container));
    else if (st == ST_MALFORMED)
        result->message = span_of("has a damaged partition table: give the partition itself");
    else if (st == ST_ABSENT || st == ST_TRUNCATED)
        result->message = span_of("is neither a disk with partitions nor a Windows volume");
    else if (st != ST_OK)
        result->message = span_of(status_meaning(st));
    for (size_t i = 0; result->message.len == 0 && i < parts.n; i++)
        look_at(r, &parts.items[i], &out, a);
    result->exit_status = result->message.len > 0 ? EXIT_TROUBLE : EXIT_READY;
    result->document = out_span(&out);
}
