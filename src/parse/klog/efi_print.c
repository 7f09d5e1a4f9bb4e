/* SPDX-License-Identifier: MIT */
#include "parse/klog/efi_print.h"
#include "vbscheck/count.h"

/* memory_type_name[]: since 5.7, and older names where they differ. */
static const struct {
    const char *name;
    uint32_t type;
} types[] = {
    {"Reserved", 0},
    {"Loader Code", 1},
    {"Loader Data", 2},
    {"Boot Code", 3},
    {"Boot Data", 4},
    {"Runtime Code", EFI_RUNTIME_CODE},
    {"Runtime Data", EFI_RUNTIME_DATA},
    {"Conventional", 7},
    {"Conventional Memory", 7},
    {"Unusable", 8},
    {"Unusable Memory", 8},
    {"ACPI Reclaim", 9},
    {"ACPI Reclaim Memory", 9},
    {"ACPI Mem NVS", 10},
    {"ACPI Memory NVS", 10},
    {"MMIO", 11},
    {"Memory Mapped I/O", 11},
    {"MMIO Port", 12},
    {"MMIO Port Space", 12},
    {"PAL Code", 13},
    {"Persistent", 14},
    {"Persistent Memory", 14},
    {"Unaccepted", 15},
};

/* UEFI 2.10, section 7.2.3 */
static const struct {
    const char *name;
    uint64_t bits;
} attributes_of[] = {
    {"RUN", EFI_ATTRIBUTE_RUNTIME},
    {"XP", EFI_ATTRIBUTE_XP},
    {"RO", EFI_ATTRIBUTE_RO},
    {"UC", 0x1},
    {"WC", 0x2},
    {"WT", 0x4},
    {"WB", 0x8},
    {"UCE", 0x10},
    {"WP", 0x1000},
    {"RP", 0x2000},
    {"NV", 0x8000},
    {"MR", 0x10000},
    {"SP", 0x40000},
    {"CC", 0x80000},
    {"HP", 0x100000},
    {"", 0},
};

static bool read_type(struct span s, uint32_t *out)
{
    uint64_t number = 0;
    s = span_trim(s);
    for (size_t i = 0; i < COUNT(types); i++) {
        if (span_is(s, types[i].name)) {
            *out = types[i].type;
            return true;
        }
    }
    if (!span_starts(s, "type=") || !span_number(span_skip(s, 5), &number) || number > UINT32_MAX)
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool add_attribute(struct span s, uint64_t *bits)
{
    uint64_t number = 0;
    s = span_trim(s);
    for (size_t i = 0; i < COUNT(attributes_of); i++) {
        if (span_is(s, attributes_of[i].name)) {
            *bits |= attributes_of[i].bits;
            return true;
        }
    }
    if (!span_starts(s, "attr=0x") || !span_number(span_skip(s, 5), &number))
        return false;
    *bits |= number;
    return true;
}

/* Splits off the text before the next bar, or the rest. False when nothing is left. */
static bool next_field(struct span *rest, struct span *field)
{
    size_t n = 0;
    if (rest->ptr == NULL)
        return false;
    while (n < rest->len && rest->ptr[n] != '|')
        n++;
    *field = (struct span){rest->ptr, n};
    *rest = n < rest->len ? span_skip(*rest, n + 1) : (struct span){0};
    return true;
}

bool efi_print_take_type(struct span *s, uint32_t *type, uint64_t *attributes)
{
    enum { LONGEST = 96 }; /* the kernel's buffer has 64 bytes */
    size_t n = 1;
    while (n < s->len && n < LONGEST && s->ptr[n] != ']')
        n++;
    if (!span_starts(*s, "[") || n >= s->len || s->ptr[n] != ']')
        return false;
    struct span inside = {s->ptr + 1, n - 1};
    struct span field;
    uint32_t t = 0;
    uint64_t bits = 0;
    unsigned fields = 0;
    if (!next_field(&inside, &field) || !read_type(field, &t))
        return false;
    for (; next_field(&inside, &field); fields++) {
        if (!add_attribute(field, &bits))
            return false;
    }
    if (fields == 0)
        return false;
    *type = t;
    *attributes = bits;
    *s = span_skip(*s, n + 1);
    return true;
}

static bool take_address(struct span *s, uint64_t *out)
{
    struct span rest = span_skip(*s, 2);
    if (!span_starts(*s, "0x") || !span_take_hex(&rest, out))
        return false;
    *s = rest;
    return true;
}

bool efi_print_take_range(struct span *s, uint64_t *first, uint64_t *last)
{
    struct span rest = *s;
    uint64_t from = 0;
    uint64_t to = 0;
    if (!take_address(&rest, &from) || !span_starts(rest, "-"))
        return false;
    rest = span_skip(rest, 1);
    if (!take_address(&rest, &to))
        return false;
    *first = from;
    *last = to;
    *s = rest;
    return true;
}

bool efi_print_pages(uint64_t first, uint64_t last, uint64_t *pages)
{
    uint64_t size = last - first + 1; /* modulo 2^64, as the kernel calculates */
    if (size % (UINT64_C(1) << EFI_PAGE_SHIFT) != 0)
        return false;
    *pages = size >> EFI_PAGE_SHIFT;
    return true;
}
