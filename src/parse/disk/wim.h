/* SPDX-License-Identifier: MIT */
/* The parts of a WIM file (Microsoft, "Windows Imaging File Format", MS-WIM), each from its bytes.
 */
#ifndef PARSE_DISK_WIM_H
#define PARSE_DISK_WIM_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Some of the file: plain, or stored in chunks. */
struct wim_resource {
    uint64_t offset, stored, size; /* bytes; `stored` of them are in the file */
    uint8_t flags;
};

enum wim_flag { WIM_METADATA = 0x02, WIM_PACKED = 0x04, WIM_SPANNED = 0x08, WIM_SOLID = 0x10 };
enum wim_packing { WIM_PLAIN, WIM_XPRESS, WIM_LZX, WIM_LZMS };

struct wim_header {
    enum wim_packing packing;
    uint32_t chunk, images;
    bool solid, split;
    struct wim_resource table, xml;
};

enum { WIM_HEADER = 208, WIM_ENTRY = 50, WIM_HASH = 20, WIM_DENTRY = 102, WIM_STREAM = 38 };

/* Returns ST_OK, or ST_MALFORMED; *out is written on success only. */
enum status wim_header_parse(struct span bytes, struct wim_header *out);

/* An entry of the table of resources: WIM_ENTRY bytes. False if there are fewer. */
struct wim_entry {
    struct wim_resource resource;
    struct span hash; /* in `bytes` */
};
bool wim_entry_parse(struct span bytes, struct wim_entry *out);

/* An entry of a folder, without its name: WIM_DENTRY bytes. False if the bytes are not an entry. */
struct wim_dentry {
    uint64_t length; /* without the streams after it */
    uint32_t attributes, tag;
    uint64_t folder; /* where its own entries are; 0: nowhere */
    uint16_t streams, name;
    struct span hash;
};
bool wim_dentry_parse(struct span bytes, struct wim_dentry *out);

/* The name of image `number` in the text about the images (UTF-16); "" if none. In `a`. */
const char *wim_image_name(struct span xml, unsigned number, struct arena *a);

#endif
