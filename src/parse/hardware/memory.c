/* SPDX-License-Identifier: MIT */
#include "parse/hardware/memory.h"

#include "parse/keyval.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

/* Fields that are read from DSP0134 3.7, 7.17 and 7.18. */
enum {
    TYPE_ARRAY = 16,
    ARRAY_USE_AT = 0x05,
    ARRAY_USE_SYSTEM = 3,
    ARRAY_DEVICES_AT = 0x0d,
    TYPE_DEVICE = 17,
    DEVICE_SIZE_AT = 0x0c,
    DEVICE_MEMORY_TYPE_AT = 0x12,
    DEVICE_EXTENDED_AT = 0x1c,
    SIZE_UNKNOWN = 0xffff,
    SIZE_EXTENDED = 0x7fff,
    SIZE_IN_KIB = 0x8000,
    HEAD = 4,
};

/* Memory that programs do not run in: ROM, flash and similar; logical non-volatile devices. */
static bool is_no_ram(unsigned type)
{
    return (type >= 0x08 && type <= 0x0c) || type == 0x1f;
}

/* SMBIOS ----------------------------------------------------------------------------------- */

static unsigned byte_at(struct span s, size_t at)
{
    return at < s.len ? s.ptr[at] : 0;
}

static unsigned word_at(struct span s, size_t at)
{
    return byte_at(s, at) | byte_at(s, at + 1) << 8;
}

static void put_device(struct out *o, struct span device)
{
    unsigned size = word_at(device, DEVICE_SIZE_AT);
    uint64_t mib = size & SIZE_EXTENDED;
    if (device.len < DEVICE_SIZE_AT + 2 || size == SIZE_UNKNOWN) {
        out_str(o, "slot: unknown\n");
        return;
    }
    if (size == 0 || is_no_ram(byte_at(device, DEVICE_MEMORY_TYPE_AT))) {
        out_str(o, "slot: empty\n");
        return;
    }
    if (size == SIZE_EXTENDED)
        mib = (word_at(device, DEVICE_EXTENDED_AT) |
               (uint64_t)word_at(device, DEVICE_EXTENDED_AT + 2) << 16) &
              0x7fffffff;
    else if ((size & SIZE_IN_KIB) != 0)
        mib /= 1024;
    out_printf(o, "slot: %llu MiB\n", (unsigned long long)mib);
}

/* The structure at the front of *rest, without the texts after it, which end with two zeros. */
static bool next_structure(struct span *rest, struct span *structure)
{
    size_t len = byte_at(*rest, 1), at = len;
    if (rest->len < HEAD || len < HEAD || len > rest->len)
        return false;
    *structure = (struct span){rest->ptr, len};
    while (at + 1 < rest->len && word_at(*rest, at) != 0)
        at++;
    *rest = span_skip(*rest, at + 2 < rest->len ? at + 2 : rest->len);
    return true;
}

struct span memory_of_smbios(struct span table, struct arena *a)
{
    struct out o;
    struct span s;
    size_t slots = 0;
    out_init(&o, a);
    for (size_t n = 0; n < MEMORY_SLOTS_MAX && next_structure(&table, &s);) {
        if (byte_at(s, 0) == TYPE_ARRAY && byte_at(s, ARRAY_USE_AT) == ARRAY_USE_SYSTEM)
            slots += word_at(s, ARRAY_DEVICES_AT);
        if (byte_at(s, 0) != TYPE_DEVICE)
            continue;
        put_device(&o, s);
        n++;
    }
    if (slots > 0)
        out_printf(&o, "slots: %zu\n", slots);
    return out_span(&o);
}

/* dmidecode -------------------------------------------------------------------------------- */

/* "8192 MB", "8 GB", "16 GiB": dmidecode's units are powers of 1024 in every spelling. */
static bool take_size(struct span value, uint64_t *mib)
{
    static const struct {
        const char *unit;
        unsigned shift;
    } units[] = {{"MB", 0}, {"MiB", 0}, {"GB", 10}, {"GiB", 10}, {"TB", 20}, {"TiB", 20}};
    uint64_t n;
    if (!span_take_dec(&value, &n) || n > UINT32_MAX)
        return false;
    value = span_trim(value);
    *mib = n / 1024;
    if (span_is(value, "kB") || span_is(value, "KiB"))
        return true;
    for (size_t i = 0; i < COUNT(units); i++) {
        if (span_is(value, units[i].unit)) {
            *mib = n << units[i].shift;
            return true;
        }
    }
    return false;
}

static bool is_no_ram_text(struct span type)
{
    static const char *const words[] = {"ROM",    "Flash", "EEPROM",
                                        "FEPROM", "EPROM", "Logical non-volatile device"};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (span_is(type, words[i]))
            return true;
    }
    return false;
}

static void put_device_text(struct out *o, struct span device)
{
    struct span size, type;
    uint64_t mib;
    bool told = keyval_get(device, "Size", &size);
    if (told && (span_is(size, "No Module Installed") || span_is(size, "Not Installed") ||
                 (keyval_get(device, "Type", &type) && is_no_ram_text(type))))
        out_str(o, "slot: empty\n");
    else if (told && take_size(size, &mib))
        out_printf(o, "slot: %llu MiB\n", (unsigned long long)mib);
    else
        out_str(o, "slot: unknown\n");
}

/* The indented lines after a title. */
static struct span take_body(struct span *rest)
{
    struct span body = {rest->ptr, 0}, after = *rest, line;
    while (span_next_line(&after, &line) && (span_starts(line, "\t") || span_starts(line, " "))) {
        *rest = after;
        body.len = (size_t)(after.ptr - body.ptr);
    }
    return body;
}

struct span memory_of_dmidecode(struct span text, struct arena *a)
{
    struct out o;
    struct span line, value;
    uint64_t slots = 0, n;
    out_init(&o, a);
    for (size_t devices = 0; devices < MEMORY_SLOTS_MAX && span_next_line(&text, &line);) {
        struct span title = span_trim(line);
        if (span_is(title, "Memory Device")) {
            put_device_text(&o, take_body(&text));
            devices++;
        } else if (span_is(title, "Physical Memory Array")) {
            struct span body = take_body(&text);
            bool system = keyval_get(body, "Use", &value) && span_is(value, "System Memory");
            if (system && keyval_get(body, "Number Of Devices", &value) && span_number(value, &n) &&
                n <= MEMORY_SLOTS_MAX)
                slots += n;
        }
    }
    if (slots > 0)
        out_printf(&o, "slots: %llu\n", (unsigned long long)slots);
    return out_span(&o);
}

/* Blobs ------------------------------------------------------------------------------------ */

struct memory_modules memory_modules_parse(struct span text)
{
    struct memory_modules m = {0};
    struct span line, key, value;
    uint64_t n;
    while (span_next_line(&text, &line)) {
        if (!span_split(line, ':', &key, &value))
            continue;
        if (span_is(key, "slots") && span_number(value, &n) && n <= MEMORY_SLOTS_MAX)
            m.told = (size_t)n;
        if (!span_is(key, "slot") || m.slots == MEMORY_SLOTS_MAX)
            continue;
        m.slots++;
        if (span_is(value, "empty"))
            continue;
        if (take_size(value, &n))
            m.mib += n;
        else
            m.not_sized++;
    }
    return m;
}

struct span memory_of_meminfo(struct span text, struct arena *a)
{
    struct span value;
    uint64_t kib;
    if (!keyval_get(text, "MemTotal", &value) || !span_take_dec(&value, &kib))
        return (struct span){0};
    return span_of(arena_printf(a, "MemTotal: %llu kB\n", (unsigned long long)kib));
}

bool memory_total_parse(struct span text, uint64_t *mib)
{
    struct span value;
    uint64_t kib;
    if (!keyval_get(text, "MemTotal", &value) || !span_take_dec(&value, &kib) ||
        !span_is(span_trim(value), "kB"))
        return false;
    *mib = kib / 1024;
    return true;
}
