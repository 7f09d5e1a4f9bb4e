/* SPDX-License-Identifier: MIT */
#include "support/pe.h"

#include <stdlib.h>
#include <string.h>

struct pe_spec pe_clean(void)
{
    return (struct pe_spec){
        .machine = 0x8664,
        .magic = 0x20b,
        .subsystem = 1,
        .dll_characteristics = 0x160,
        .section_alignment = 0x1000,
        .file_alignment = 0x200,
        .sections =
            {
                {".text", PE_TEXT, 0x1000, 0x180, 0x200},
                {".rdata", PE_RDATA, 0x2000, 0x180, 0x200},
                {".data", PE_DATA, 0x3000, 0x180, 0x200},
                {".rsrc", 0x42000040, PE_RSRC_RVA, 0x380, 0x400},
                {".reloc", 0x42000040, PE_RELOC_RVA, 0x0c, 0x200},
            },
        .dirs =
            {
                [1] = {PE_IMPORTS_RVA, 40},
                [2] = {PE_RSRC_RVA, 0x380},
                [5] = {PE_RELOC_RVA, 12},
                [12] = {PE_IAT_RVA, 16},
            },
    };
}

void pe_poke16(struct build *b, size_t at, uint16_t v)
{
    if (at + 2 > b->len)
        abort();
    b->bytes[at] = (uint8_t)v;
    b->bytes[at + 1] = (uint8_t)(v >> 8);
}

void pe_poke32(struct build *b, size_t at, uint32_t v)
{
    pe_poke16(b, at, (uint16_t)v);
    pe_poke16(b, at + 2, (uint16_t)(v >> 16));
}

static void pad_to(struct build *b, size_t at)
{
    put_zeros(b, at > b->len ? at - b->len : 0);
}

static void put_optional(struct build *b, const struct pe_spec *s)
{
    put_le16(b, s->magic);
    put_zeros(b, 14);
    put_le32(b, 0x1000); /* entry */
    if (s->magic == 0x20b) {
        put_le32(b, 0x1000);
        put_le64(b, 0x140000000);
    } else {
        put_zeros(b, 12);
    }
    put_le32(b, s->section_alignment);
    put_le32(b, s->file_alignment);
    put_zeros(b, 16);
    put_le32(b, 0x6000); /* SizeOfImage */
    put_le32(b, PE_HEADERS);
    put_le32(b, 0xabcdef01); /* CheckSum */
    put_le16(b, s->subsystem);
    put_le16(b, s->dll_characteristics);
    put_zeros(b, s->magic == 0x20b ? 36 : 20);
    put_le32(b, 16);
    for (size_t i = 0; i < 16; i++) {
        put_le32(b, s->dirs[i].at);
        put_le32(b, s->dirs[i].size);
    }
}

static unsigned put_sections(struct build *b, const struct pe_spec *s)
{
    uint32_t raw = PE_HEADERS;
    unsigned n = 0;
    for (; n < PE_TEST_SECTIONS && s->sections[n].name != NULL; n++) {
        char name[8] = {0};
        memcpy(name, s->sections[n].name, strlen(s->sections[n].name));
        put_bytes(b, name, 8);
        put_le32(b, s->sections[n].size);
        put_le32(b, s->sections[n].rva);
        put_le32(b, s->sections[n].raw);
        put_le32(b, s->sections[n].raw != 0 ? raw : 0);
        put_zeros(b, 12);
        put_le32(b, s->sections[n].flags);
        raw += s->sections[n].raw;
    }
    return n;
}

/* Address table at 0, descriptors at 0x40, lookup table at 0x80, names behind. */
static void put_imports(struct build *b)
{
    size_t at = b->len;
    put_le64(b, 0x20a0);
    put_le64(b, 0);
    pad_to(b, at + 0x40);
    put_le32(b, 0x2080);
    put_zeros(b, 8);
    put_le32(b, 0x20c0);
    put_le32(b, PE_IAT_RVA);
    put_zeros(b, 20);
    pad_to(b, at + 0x80);
    put_le64(b, 0x20a0);
    put_le64(b, 0x8000000000000005);
    put_le64(b, 0);
    pad_to(b, at + 0xa0);
    put_le16(b, 0);
    put_bytes(b, "ExAllocatePoolWithTag", 22);
    pad_to(b, at + 0xc0);
    put_bytes(b, "ntoskrnl.exe", 13);
}

static void put_utf16(struct build *b, const char *text)
{
    for (; *text != '\0'; text++)
        put_le16(b, (unsigned char)*text);
    put_le16(b, 0);
}

/* A node of the version resource; its children follow, and its length comes last. */
static size_t begin_node(struct build *b, unsigned value_length, unsigned type, const char *key)
{
    put_zeros(b, (4 - b->len % 4) % 4);
    size_t at = b->len;
    put_le16(b, 0);
    put_le16(b, value_length);
    put_le16(b, type);
    put_utf16(b, key);
    put_zeros(b, (4 - b->len % 4) % 4);
    return at;
}

static void end_node(struct build *b, size_t at)
{
    pe_poke16(b, at, (uint16_t)(b->len - at));
}

static void put_string(struct build *b, const char *key, const char *value)
{
    size_t at = begin_node(b, (unsigned)strlen(value) + 1, 1, key);
    put_utf16(b, value);
    end_node(b, at);
}

static void put_version(struct build *b)
{
    size_t root = begin_node(b, 52, 0, "VS_VERSION_INFO");
    put_le32(b, 0xfeef04bd);
    put_le32(b, 0x10000);
    put_le32(b, 0x00010002);
    put_le32(b, 0x00030004);
    put_zeros(b, 36);
    size_t info = begin_node(b, 0, 1, "StringFileInfo");
    size_t table = begin_node(b, 0, 1, "040904b0");
    put_string(b, "CompanyName", "Maker");
    put_string(b, "OriginalFilename", "made.sys");
    put_string(b, "InternalName", "made");
    put_string(b, "ProductName", "Made things");
    end_node(b, table);
    end_node(b, info);
    end_node(b, root);
}

static void put_resource_level(struct build *b, uint32_t id, uint32_t offset)
{
    put_zeros(b, 12);
    put_le16(b, 0);
    put_le16(b, 1);
    put_le32(b, id);
    put_le32(b, offset);
}

static void put_resources(struct build *b)
{
    put_resource_level(b, 16, 0x80000018);
    put_resource_level(b, 1, 0x80000030);
    put_resource_level(b, 0x409, 0x48);
    size_t entry = b->len;
    put_le32(b, PE_RSRC_RVA + 0x58);
    put_le32(b, 0);
    put_zeros(b, 8);
    size_t at = b->len;
    put_version(b);
    pe_poke32(b, entry + 4, (uint32_t)(b->len - at));
}

static void put_relocs(struct build *b)
{
    put_le32(b, 0x2000);
    put_le32(b, 12);
    put_le16(b, 0xa010);
    put_le16(b, 0);
}

struct span pe_build(struct build *b, const struct pe_spec *s)
{
    b->len = 0;
    put_bytes(b, "MZ", 2);
    pad_to(b, 0x3c);
    put_le32(b, 0x40);
    put_bytes(b, "PE\0\0", 4);
    put_le16(b, s->machine);
    size_t count = b->len;
    put_le16(b, 0);
    put_zeros(b, 12);
    put_le16(b, s->magic == 0x20b ? 240 : 224);
    put_le16(b, 0x22);
    put_optional(b, s);
    unsigned n = put_sections(b, s);
    pe_poke16(b, count, (uint16_t)n);
    pad_to(b, PE_HEADERS);
    for (unsigned i = 0; i < n; i++) {
        size_t at = b->len;
        if (strcmp(s->sections[i].name, ".rdata") == 0)
            put_imports(b);
        else if (strcmp(s->sections[i].name, ".rsrc") == 0)
            put_resources(b);
        else if (strcmp(s->sections[i].name, ".reloc") == 0)
            put_relocs(b);
        pad_to(b, at + s->sections[i].raw);
    }
    return build_span(b);
}

struct span pe_sign(struct build *b, struct span pkcs7)
{
    enum { DIRECTORIES_AT = 0x40 + 24 + 112 };
    size_t at = b->len;
    put_le32(b, (uint32_t)(8 + pkcs7.len));
    put_le16(b, 0x0200);
    put_le16(b, 2);
    put_bytes(b, pkcs7.ptr, pkcs7.len);
    put_zeros(b, (8 - b->len % 8) % 8);
    pe_poke32(b, DIRECTORIES_AT + 4 * 8, (uint32_t)at);
    pe_poke32(b, DIRECTORIES_AT + 4 * 8 + 4, (uint32_t)(b->len - at));
    return build_span(b);
}
