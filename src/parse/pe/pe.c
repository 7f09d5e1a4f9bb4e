/* SPDX-License-Identifier: MIT */
#include "parse/pe/pe.h"

#include <string.h>

#include "parse/refuse.h"
#include "vbscheck/count.h"

enum {
    LFANEW_AT = 0x3c,
    FILE_HEADER = 20,
    SECTION_HEADER = 40,
    PAGE = 0x1000,
    CERTIFICATE_ALIGNMENT = 8,
};

/* A reader after "PE\0\0"; failed if that is missing. */
static struct rd open_headers(struct span file)
{
    struct rd r = rd_open(file);
    if (rd_le16(&r) != 0x5a4d)
        rd_fail(&r, ST_MALFORMED, "no MZ at the start");
    rd_seek(&r, LFANEW_AT);
    uint32_t lfanew = rd_le32(&r);
    if (rd_ok(&r))
        rd_seek(&r, lfanew);
    if (rd_le32(&r) != 0x4550)
        rd_fail(&r, ST_MALFORMED, "no PE header where the DOS header points");
    return r;
}

bool pe_is_image(struct span file)
{
    struct rd r = open_headers(file);
    return rd_ok(&r);
}

int pe_subsystem(struct span file)
{
    enum { SUBSYSTEM_AT = FILE_HEADER + 68 };
    struct rd r = open_headers(file);
    rd_skip(&r, SUBSYSTEM_AT);
    uint16_t subsystem = rd_le16(&r);
    return rd_ok(&r) ? subsystem : -1;
}

const char *pe_machine_name(uint16_t machine, struct arena *a)
{
    static const struct {
        uint16_t machine;
        const char *name;
    } names[] = {
        {PE_AMD64, "amd64"}, {PE_ARM64, "arm64"}, {PE_I386, "i386"},
        {PE_ARMNT, "armnt"}, {PE_IA64, "ia64"},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (names[i].machine == machine)
            return names[i].name;
    }
    return arena_printf(a, "0x%04x", machine);
}

/* Windows does not load a 64-bit image with a PE32 header; 32-bit images are never judged. */
static bool is_too_narrow(const struct pe_image *pe)
{
    bool wide = pe->machine == PE_AMD64 || pe->machine == PE_ARM64 || pe->machine == PE_IA64;
    return wide && pe->magic == PE32;
}

/* Reads the optional header from its first byte; `r` ends with the header. */
static void read_optional(struct rd *r, struct pe_image *pe)
{
    pe->magic = rd_le16(r);
    bool plus = pe->magic == PE32_PLUS;
    if (!plus && pe->magic != PE32)
        rd_fail(r, ST_MALFORMED, "the optional header is neither PE32 nor PE32+");
    if (is_too_narrow(pe))
        rd_fail(r, ST_MALFORMED, "a 32-bit optional header for a 64-bit processor");
    rd_skip(r, 14);
    pe->entry = rd_le32(r);
    rd_skip(r, 12); /* BaseOfCode; BaseOfData and ImageBase, or an ImageBase of 8 bytes */
    pe->section_alignment = rd_le32(r);
    pe->file_alignment = rd_le32(r);
    rd_skip(r, 16); /* versions */
    pe->size_of_image = rd_le32(r);
    pe->size_of_headers = rd_le32(r);
    pe->checksum_at = rd_offset(r);
    rd_skip(r, 4);
    pe->subsystem = rd_le16(r);
    pe->dll_characteristics = rd_le16(r);
    rd_skip(r, plus ? 36 : 20); /* stack, heap, LoaderFlags */
    uint32_t n = rd_le32(r);
    /* Windows trusts this count alone, and would read the section table as directories. */
    for (uint32_t i = 0; i < n && i < PE_DIRS; i++) {
        if (i == PE_DIR_SECURITY)
            pe->security_at = rd_offset(r);
        pe->dirs[i].at = rd_le32(r);
        pe->dirs[i].size = rd_le32(r);
    }
}

static const char *section_name(struct span name, struct arena *a)
{
    size_t n = 0;
    while (n < name.len && name.ptr[n] != 0)
        n++;
    return arena_text(a, (struct span){name.ptr, n});
}

static void read_sections(struct rd *r, struct arena *a, struct pe_image *pe)
{
    struct rd table = rd_sub(r, pe->n_sections * SECTION_HEADER);
    if (!rd_ok(&table))
        rd_fail(r, ST_MALFORMED, "the section table is longer than the file");
    if (!rd_ok(r))
        return;
    struct pe_section *sections = arena_new(a, struct pe_section, pe->n_sections);
    for (size_t i = 0; i < pe->n_sections; i++) {
        struct pe_section *s = &sections[i];
        s->name = section_name(rd_take(&table, 8), a);
        s->virtual_size = rd_le32(&table);
        s->virtual_address = rd_le32(&table);
        s->raw_size = rd_le32(&table);
        s->raw_offset = rd_le32(&table);
        rd_skip(&table, 12);
        s->flags = rd_le32(&table);
        if ((uint64_t)s->raw_offset + s->raw_size > pe->file.len)
            rd_fail(r, ST_MALFORMED, "a section ends after the end of the file");
    }
    pe->sections = sections;
}

enum status pe_parse(struct span file, struct arena *a, struct pe_image *out, struct fault *fault)
{
    struct rd r = open_headers(file);
    struct pe_image pe = {.file = file};
    pe.machine = rd_le16(&r);
    pe.n_sections = rd_le16(&r);
    rd_skip(&r, 12);
    uint16_t optional_size = rd_le16(&r);
    pe.characteristics = rd_le16(&r);
    struct rd optional = rd_sub(&r, optional_size);
    read_optional(&optional, &pe);
    if (rd_ok(&r))
        rd_inherit(&r, &optional);
    if (pe.n_sections > PE_SECTIONS_MAX)
        rd_fail(&r, ST_MALFORMED, "more sections than Windows loads");
    if (pe.size_of_headers > file.len)
        rd_fail(&r, ST_MALFORMED, "the headers are longer than the file");
    read_sections(&r, a, &pe);
    if (rd_ok(&r) && pe.size_of_headers < rd_offset(&r))
        rd_fail(&r, ST_MALFORMED, "the headers end before their section table does");
    if (!rd_ok(&r))
        return refuse(fault, r.fault.offset, r.fault.what);
    *out = pe;
    return ST_OK;
}

const struct pe_section *pe_section_of(const struct pe_image *pe, uint32_t rva)
{
    for (size_t i = 0; i < pe->n_sections; i++) {
        const struct pe_section *s = &pe->sections[i];
        uint32_t size = s->virtual_size > s->raw_size ? s->virtual_size : s->raw_size;
        if (rva >= s->virtual_address && rva - s->virtual_address < size)
            return s;
    }
    return NULL;
}

struct rd pe_open(const struct pe_image *pe, uint32_t rva)
{
    const struct pe_section *s = pe_section_of(pe, rva);
    uint64_t at = rva, end = pe->size_of_headers;
    if (s != NULL) {
        at = (uint64_t)s->raw_offset + (rva - s->virtual_address);
        end = (uint64_t)s->raw_offset + s->raw_size;
    }
    if (end > pe->file.len)
        end = pe->file.len;
    struct rd r = rd_open((struct span){pe->file.ptr, (size_t)end});
    if (at >= end)
        rd_fail(&r, ST_MALFORMED, "an address in the image for which the file has no bytes");
    else
        rd_seek(&r, (size_t)at);
    return r;
}

static struct span between(struct span file, size_t from, size_t to)
{
    if (to > file.len)
        to = file.len;
    return from < to ? (struct span){file.ptr + from, to - from} : (struct span){0};
}

/* `end` bytes of the file without CheckSum and directory entry 4. */
static void header_parts(const struct pe_image *pe, size_t end, struct span part[])
{
    size_t behind_checksum = pe->checksum_at + 4;
    size_t security = pe->security_at != 0 ? pe->security_at : behind_checksum;
    size_t behind_security = pe->security_at != 0 ? pe->security_at + 8 : behind_checksum;
    part[0] = between(pe->file, 0, pe->checksum_at < end ? pe->checksum_at : end);
    part[1] = between(pe->file, behind_checksum, security < end ? security : end);
    part[2] = between(pe->file, behind_security, end);
}

struct pe_digest_parts pe_digest_parts(const struct pe_image *pe)
{
    struct pe_digest_parts p = {0};
    const struct pe_directory *d = &pe->dirs[PE_DIR_SECURITY];
    bool table = d->size != 0 && d->at != 0 && d->at < pe->file.len;
    header_parts(pe, table ? d->at : pe->file.len, p.part);
    if (table)
        p.part[3] = between(pe->file, (size_t)((uint64_t)d->at + d->size), pe->file.len);
    else
        p.zeros =
            (CERTIFICATE_ALIGNMENT - pe->file.len % CERTIFICATE_ALIGNMENT) % CERTIFICATE_ALIGNMENT;
    return p;
}

struct pe_first_page pe_first_page(const struct pe_image *pe)
{
    struct pe_first_page p = {0};
    size_t end = pe->size_of_headers < PAGE ? pe->size_of_headers : PAGE;
    header_parts(pe, end, p.part);
    p.zeros = PAGE - end;
    return p;
}
