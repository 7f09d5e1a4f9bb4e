/* SPDX-License-Identifier: MIT */
/*
 * The version resource: Microsoft, "PE Format", section .rsrc, for the tree; "VS_VERSIONINFO
 * structure" and its neighbours for the leaf.
 */
#include <string.h>

#include "parse/pe/pe.h"
#include "parse/pe/utf16.h"
#include "parse/refuse.h"
#include "vbscheck/count.h"

enum {
    RT_VERSION = 16,
    LEVELS = 3, /* type, name, language */
    DIRECTORY_HEADER = 16,
    ENTRIES_MAX = 4096,
    NODES_MAX = 512,
    DEPTH_MAX = 4, /* VS_VERSIONINFO, StringFileInfo, StringTable, String */
    VALUE_MAX = 1024,
    KEY_MAX = 64,
};
#define SUBDIRECTORY 0x80000000u

/*
 * One level of the tree: the offset in the directory's first fitting entry; 0 if there is none,
 * since the root is at 0 and no entry points back to it. Each level is entered once, so a tree with
 * a loop ends, too.
 */
static uint32_t find_entry(struct rd root, uint32_t at, uint32_t id, bool any)
{
    rd_skip(&root, at);
    rd_skip(&root, DIRECTORY_HEADER - 4);
    uint32_t named = rd_le16(&root), ids = rd_le16(&root);
    for (uint32_t i = 0; i < named + ids && i < ENTRIES_MAX && rd_ok(&root); i++) {
        uint32_t name = rd_le32(&root), offset = rd_le32(&root);
        if (rd_ok(&root) && (any || name == id))
            return offset;
    }
    return 0;
}

/* The bytes of the first version resource; failed where there is none. */
static struct rd find_leaf(const struct pe_image *pe)
{
    const struct pe_directory *d = &pe->dirs[PE_DIR_RESOURCE];
    struct rd root = pe_open(pe, d->at);
    uint32_t at = 0;
    for (unsigned level = 0; level < LEVELS; level++) {
        uint32_t next = find_entry(root, at, RT_VERSION, level > 0);
        bool leaf = level == LEVELS - 1;
        if (next == 0 || ((next & SUBDIRECTORY) != 0) == leaf) {
            rd_fail(&root, ST_ABSENT, "no version resource");
            return root;
        }
        at = next & ~SUBDIRECTORY;
    }
    rd_skip(&root, at);
    uint32_t rva = rd_le32(&root), size = rd_le32(&root);
    if (!rd_ok(&root))
        return root;
    struct rd data = pe_open(pe, rva);
    return rd_sub(&data, size);
}

/* The head of each node: its length, its value's length, its type, its name. */
struct node {
    struct rd value, children;
    char key[KEY_MAX];
    bool is_text;
    uint16_t value_length;
};

static void align(struct rd *r)
{
    size_t over = r->at % 4;
    if (over != 0)
        rd_skip(r, rd_left(r) < 4 - over ? rd_left(r) : 4 - over);
}

/* The next node of `r`, which moves past it; false where none is left. */
static bool next_node(struct rd *r, struct node *out)
{
    align(r);
    if (rd_left(r) < 6)
        return false;
    struct rd body = *r;
    uint16_t length = rd_le16(&body);
    if (length < 6 || length > rd_left(r))
        return false;
    body = rd_sub(r, length);
    /* Alignment is that of the whole resource: the part keeps its place in it. */
    body.in = (struct span){r->in.ptr, r->at};
    body.at = r->at - length + 2;
    body.base = r->base;
    *out = (struct node){0};
    out->value_length = rd_le16(&body);
    out->is_text = rd_le16(&body) == 1;
    for (size_t i = 0; rd_left(&body) >= 2;) {
        uint16_t c = rd_le16(&body);
        if (c == 0)
            break;
        if (i + 1 < sizeof out->key)
            out->key[i++] = c < 0x80 ? (char)c : '?';
    }
    align(&body);
    out->value = body;
    size_t size = out->is_text ? 2 * (size_t)out->value_length : out->value_length;
    rd_skip(&body, size < rd_left(&body) ? size : rd_left(&body));
    out->children = body;
    return rd_ok(&body);
}

static void take_string(struct node *n, struct arena *a, struct pe_version *v)
{
    const struct {
        const char *key;
        const char **to;
    } wanted[] = {
        {"CompanyName", &v->company},        {"FileDescription", &v->description},
        {"InternalName", &v->internal_name}, {"OriginalFilename", &v->original_name},
        {"ProductName", &v->product},
    };
    size_t size = rd_left(&n->value) < VALUE_MAX ? rd_left(&n->value) : VALUE_MAX;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        if (strcmp(wanted[i].key, n->key) == 0 && *wanted[i].to == NULL)
            *wanted[i].to = utf16_text(rd_take(&n->value, size), a);
    }
}

/*
 * Strings of every language, the first of each name. A String has no children, and lengths of the
 * nodes are inside each other's, so the walk ends; `budget` bounds how long it takes.
 */
static void walk(struct rd r, unsigned depth, unsigned *budget, struct arena *a,
                 struct pe_version *v)
{
    struct node n;
    while (*budget > 0 && next_node(&r, &n)) {
        (*budget)--;
        if (depth == DEPTH_MAX - 1)
            take_string(&n, a, v);
        else
            walk(n.children, depth + 1, budget, a, v);
    }
}

/* VS_FIXEDFILEINFO */
static bool take_fixed(struct rd r, struct pe_version *v)
{
    if (rd_le32(&r) != 0xfeef04bd)
        return false;
    rd_skip(&r, 4);
    uint32_t high = rd_le32(&r), low = rd_le32(&r);
    if (!rd_ok(&r))
        return false;
    v->file_version[0] = (uint16_t)(high >> 16);
    v->file_version[1] = (uint16_t)high;
    v->file_version[2] = (uint16_t)(low >> 16);
    v->file_version[3] = (uint16_t)low;
    return true;
}

enum status pe_version(const struct pe_image *pe, struct arena *a, struct pe_version *out,
                       struct fault *fault)
{
    struct pe_version v = {0};
    struct rd r = {0};
    bool any = pe->dirs[PE_DIR_RESOURCE].at != 0 && pe->dirs[PE_DIR_RESOURCE].size != 0;
    if (any)
        r = find_leaf(pe);
    if (any && rd_status(&r) == ST_MALFORMED)
        return refuse(fault, r.fault.offset, r.fault.what);
    unsigned budget = NODES_MAX;
    struct node root;
    if (any && rd_ok(&r)) {
        r = rd_open((struct span){r.in.ptr, r.in.len});
        if (!next_node(&r, &root))
            return refuse(fault, 0, "a version resource that is shorter than it declares");
        v.present = take_fixed(root.value, &v);
        walk(root.children, 1, &budget, a, &v);
    }
    *out = v;
    return ST_OK;
}
