/* SPDX-License-Identifier: MIT */
/* The attribute certificate table ("PE Format", section of that name; <wintrust.h>). */
#include "parse/pe/pe.h"
#include "parse/refuse.h"

enum {
    HEADER = 8,
    REVISION_2_0 = 0x0200,
    PKCS_SIGNED_DATA = 2,
    ALIGNMENT = 8,
};

static const char *table_unusual(const struct pe_image *pe, const struct pe_directory *d)
{
    if (d->at % ALIGNMENT != 0)
        return "the certificate table is not aligned to 8 bytes";
    if ((uint64_t)d->at + d->size != pe->file.len)
        return "the certificate table is not the last thing in the file";
    for (size_t i = 0; i < pe->n_sections; i++) {
        const struct pe_section *s = &pe->sections[i];
        if (s->raw_size > 0 && (uint64_t)s->raw_offset + s->raw_size > d->at)
            return "the certificate table lies in a section, so no digest covers it";
    }
    return d->at < pe->size_of_headers ? "the certificate table lies in the headers" : NULL;
}

static const char *entry_unusual(uint16_t revision, uint16_t type)
{
    if (revision != REVISION_2_0)
        return "a certificate whose revision is not 2.0";
    return type != PKCS_SIGNED_DATA ? "a certificate that is not PKCS#7" : NULL;
}

enum status pe_certificates(const struct pe_image *pe, struct pe_certificates *out,
                            struct fault *fault)
{
    struct pe_certificates found = {0};
    const struct pe_directory *d = &pe->dirs[PE_DIR_SECURITY];
    if (d->at == 0 && d->size == 0) {
        *out = found;
        return ST_OK;
    }
    struct rd file = rd_open(pe->file);
    rd_seek(&file, d->at);
    struct rd r = rd_sub(&file, d->size);
    found.unusual = table_unusual(pe, d);
    while (rd_left(&r) >= HEADER && found.n < PE_CERTIFICATES_MAX) {
        uint32_t length = rd_le32(&r);
        uint16_t revision = rd_le16(&r), type = rd_le16(&r);
        if (length < HEADER)
            rd_fail(&r, ST_MALFORMED, "a certificate that is shorter than its own header");
        struct span data = rd_take(&r, length - HEADER);
        size_t padding = (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
        rd_skip(&r, padding < rd_left(&r) ? padding : rd_left(&r));
        if (found.unusual == NULL)
            found.unusual = entry_unusual(revision, type);
        if (rd_ok(&r) && type == PKCS_SIGNED_DATA)
            found.pkcs7[found.n++] = data;
    }
    if (!rd_ok(&r))
        return refuse(fault, r.fault.offset, r.fault.what);
    found.cut = rd_left(&r) >= HEADER; /* the walk ended at PE_CERTIFICATES_MAX */
    if (rd_left(&r) > 0 && found.unusual == NULL)
        found.unusual = "bytes after the certificates";
    *out = found;
    return ST_OK;
}
