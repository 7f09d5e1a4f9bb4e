/* SPDX-License-Identifier: MIT */
#include "parse/keyval.h"

#include <string.h>

#include "vbscheck/count.h"
#include "vbscheck/out.h"

bool keyval_get(struct span text, const char *key, struct span *out)
{
    struct span line;
    struct span name;
    struct span value;
    while (span_next_line(&text, &line)) {
        if (span_split(line, ':', &name, &value) && span_is(name, key)) {
            *out = value;
            return true;
        }
    }
    return false;
}

/* Keys of the blob, and where their values stand. */
static const struct {
    const char *key;
    size_t offset;
} fields[] = {
    {"vendor", offsetof(struct dmi, vendor)},
    {"product", offsetof(struct dmi, product)},
    {"firmware-version", offsetof(struct dmi, firmware_version)},
    {"firmware-date", offsetof(struct dmi, firmware_date)},
    {"firmware-uefi", offsetof(struct dmi, uefi)},
    {"virtual-machine", offsetof(struct dmi, virtual)},
    {"version", offsetof(struct dmi, version)},
    {"board-vendor", offsetof(struct dmi, board_vendor)},
    {"board", offsetof(struct dmi, board)},
    {"firmware-vendor", offsetof(struct dmi, firmware_vendor)},
    {"azure", offsetof(struct dmi, azure)},
    {"cpu-64bit", offsetof(struct dmi, cpu_64bit)},
    {"tpm", offsetof(struct dmi, tpm)},
};

struct dmi dmi_parse(struct span text)
{
    struct dmi d = {0};
    for (size_t i = 0; i < COUNT(fields); i++) {
        struct span value;
        if (keyval_get(text, fields[i].key, &value))
            memcpy((char *)&d + fields[i].offset, &value, sizeof value);
    }
    return d;
}

struct span dmi_write(const struct dmi *d, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < COUNT(fields); i++) {
        struct span value;
        memcpy(&value, (const char *)d + fields[i].offset, sizeof value);
        if (value.len == 0)
            continue;
        out_printf(&o, "%s: %s\n", fields[i].key, arena_short_text(a, value));
    }
    return out_span(&o);
}

/*
 * The lines of the first structure with this title: those that follow it and are indented.
 * dmidecode prints "Handle …", the title, and the values after one tab; pasted text has blanks
 * instead.
 */
static struct span structure_of(struct span text, const char *title)
{
    struct span line;
    while (span_next_line(&text, &line)) {
        if (span_is(span_trim(line), title))
            break;
    }
    struct span rest = text;
    struct span body = {text.ptr, 0};
    while (span_next_line(&rest, &line) && (span_starts(line, "\t") || span_starts(line, " ")))
        body.len = text.len - rest.len;
    return body;
}

/* A characteristic is printed if its bit is set: "no" if others are printed and it is not. */
static struct span characteristic(struct span bios, const char *words)
{
    if (!span_find(bios, "Characteristics:", NULL))
        return (struct span){0};
    return span_of(span_find(bios, words, NULL) ? "yes" : "no");
}

/*
 * DSP0134, 7.5.9: every processor with this bit set is capable; without the bit nothing is known.
 * For Arm the architecture's version matters, which type 4 does not hold.
 */
static struct span capable_of_64bit(struct span text)
{
    struct span processor = structure_of(text, "Processor Information");
    bool x86 = span_find(processor, "Signature: Type ", NULL);
    bool can = x86 && span_find(processor, "64-bit capable", NULL);
    return can ? span_of("yes") : (struct span){0};
}

struct dmi dmidecode_parse(struct span text)
{
    static const struct {
        const char *title, *key;
        size_t offset;
    } rows[] = {
        {"BIOS Information", "Vendor", offsetof(struct dmi, firmware_vendor)},
        {"BIOS Information", "Version", offsetof(struct dmi, firmware_version)},
        {"BIOS Information", "Release Date", offsetof(struct dmi, firmware_date)},
        {"System Information", "Manufacturer", offsetof(struct dmi, vendor)},
        {"System Information", "Product Name", offsetof(struct dmi, product)},
        {"System Information", "Version", offsetof(struct dmi, version)},
        {"Base Board Information", "Manufacturer", offsetof(struct dmi, board_vendor)},
        {"Base Board Information", "Product Name", offsetof(struct dmi, board)},
        {"TPM Device", "Specification Version", offsetof(struct dmi, tpm)},
    };
    struct dmi d = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span value;
        if (keyval_get(structure_of(text, rows[i].title), rows[i].key, &value))
            memcpy((char *)&d + rows[i].offset, &value, sizeof value);
    }
    struct span tag, bios = structure_of(text, "BIOS Information");
    if (keyval_get(structure_of(text, "Chassis Information"), "Asset Tag", &tag))
        d.azure = span_of(span_is(tag, DMI_AZURE_TAG) ? "yes" : "no");
    d.uefi = characteristic(bios, "UEFI is supported");
    d.virtual = characteristic(bios, "System is a virtual machine");
    d.cpu_64bit = capable_of_64bit(text);
    return d;
}

bool dmidecode_next(struct span *rest, struct span *text)
{
    static const char head[] = "\n# dmidecode ";
    struct span after;
    bool more = rest->len > 0;
    *text = *rest;
    if (span_find(*rest, head, &after))
        text->len = rest->len - after.len - (sizeof head - 1);
    *rest = text->len < rest->len ? span_skip(*rest, text->len + 1) : (struct span){0};
    return more;
}
