/* SPDX-License-Identifier: MIT */
#include "parse/keyval.h"

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

struct dmi dmi_parse(struct span text)
{
    struct dmi d = {0};
    (void)keyval_get(text, "vendor", &d.vendor);
    (void)keyval_get(text, "product", &d.product);
    (void)keyval_get(text, "firmware-version", &d.firmware_version);
    (void)keyval_get(text, "firmware-date", &d.firmware_date);
    (void)keyval_get(text, "firmware-uefi", &d.uefi);
    (void)keyval_get(text, "virtual-machine", &d.virtual);
    return d;
}

/*
 * The lines of the first structure with this title: those that follow it and are indented.
 * dmidecode prints "Handle …", the title, and the values behind one tab.
 */
static struct span structure_of(struct span text, const char *title)
{
    struct span line;
    while (span_next_line(&text, &line)) {
        if (span_is(line, title))
            break;
    }
    struct span rest = text;
    struct span body = {text.ptr, 0};
    while (span_next_line(&rest, &line) && span_starts(line, "\t"))
        body.len = text.len - rest.len;
    return body;
}

/* A characteristic that is printed where the bit is set: "no" where others are and it is not. */
static struct span characteristic(struct span bios, const char *words)
{
    if (!span_find(bios, "Characteristics:", NULL))
        return (struct span){0};
    return span_of(span_find(bios, words, NULL) ? "yes" : "no");
}

struct dmi dmidecode_parse(struct span text)
{
    struct dmi d = {0};
    struct span bios = structure_of(text, "BIOS Information");
    struct span system = structure_of(text, "System Information");
    (void)keyval_get(system, "Manufacturer", &d.vendor);
    (void)keyval_get(system, "Product Name", &d.product);
    (void)keyval_get(bios, "Version", &d.firmware_version);
    (void)keyval_get(bios, "Release Date", &d.firmware_date);
    d.uefi = characteristic(bios, "UEFI is supported");
    d.virtual = characteristic(bios, "System is a virtual machine");
    return d;
}
