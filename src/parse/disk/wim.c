/* SPDX-License-Identifier: MIT */
#include "parse/disk/wim.h"

#include "parse/disk/disk.h"
#include "parse/pe/utf16.h"

enum {
    FLAG_XPRESS = 0x20000,
    FLAG_LZX = 0x40000,
    FLAG_LZMS = 0x80000,
    VERSION_SOLID = 0xe00,
    CHUNK_MIN = 1 << 12,
};

/* 7 bytes of its size in the file, 1 of flags, its offset, its size when unpacked. */
static struct wim_resource take_resource(struct rd *r)
{
    uint64_t stored = rd_le64(r);
    struct wim_resource out = {.stored = stored & 0xffffffffffffff,
                               .flags = (uint8_t)(stored >> 56)};
    out.offset = rd_le64(r);
    out.size = rd_le64(r);
    return out;
}

static enum wim_packing packing_of(uint32_t flags)
{
    if ((flags & FLAG_LZX) != 0)
        return WIM_LZX;
    if ((flags & FLAG_XPRESS) != 0)
        return WIM_XPRESS;
    return (flags & FLAG_LZMS) != 0 ? WIM_LZMS : WIM_PLAIN;
}

enum status wim_header_parse(struct span bytes, struct wim_header *out)
{
    struct wim_header h = {0};
    struct rd r = rd_open(bytes);
    rd_skip(&r, 12);
    h.solid = rd_le32(&r) == VERSION_SOLID;
    h.packing = packing_of(rd_le32(&r));
    h.chunk = rd_le32(&r);
    rd_skip(&r, 18); /* GUID, and which part this is */
    h.split = rd_le16(&r) > 1;
    h.images = rd_le32(&r);
    h.table = take_resource(&r);
    h.xml = take_resource(&r);
    bool stored = h.packing != WIM_PLAIN;
    if (!rd_ok(&r) || bytes.len < WIM_HEADER || !disk_is_wim(bytes) ||
        (stored && (h.chunk < CHUNK_MIN || (h.chunk & (h.chunk - 1)) != 0)))
        return ST_MALFORMED;
    *out = h;
    return ST_OK;
}

bool wim_entry_parse(struct span bytes, struct wim_entry *out)
{
    struct rd r = rd_open(bytes);
    struct wim_entry e = {.resource = take_resource(&r)};
    rd_skip(&r, 6); /* part, references */
    e.hash = rd_take(&r, WIM_HASH);
    if (!rd_ok(&r))
        return false;
    *out = e;
    return true;
}

bool wim_dentry_parse(struct span bytes, struct wim_dentry *out)
{
    struct rd r = rd_open(bytes);
    struct wim_dentry d = {.length = rd_le64(&r), .attributes = rd_le32(&r)};
    rd_skip(&r, 4); /* security */
    d.folder = rd_le64(&r);
    rd_skip(&r, 40); /* unused fields, and three time stamps */
    d.hash = rd_take(&r, WIM_HASH);
    rd_skip(&r, 4);
    d.tag = rd_le32(&r);
    rd_skip(&r, 4);
    d.streams = rd_le16(&r);
    rd_skip(&r, 2); /* the short name's bytes */
    d.name = rd_le16(&r);
    if (!rd_ok(&r) || d.length < WIM_DENTRY || d.name > d.length - WIM_DENTRY)
        return false;
    *out = d;
    return true;
}

const char *wim_image_name(struct span xml, unsigned number, struct arena *a)
{
    struct span text = span_of(utf16_text(xml, a)), at, value, rest;
    const char *image = arena_printf(a, "<IMAGE INDEX=\"%u\"", number);
    if (!span_find(text, image, &at) || !span_find(at, "<NAME>", &value) ||
        !span_find(value, "</NAME>", &rest))
        return "";
    size_t n = value.len - rest.len - (sizeof "</NAME>" - 1);
    return arena_short_text(a, (struct span){value.ptr, n});
}
