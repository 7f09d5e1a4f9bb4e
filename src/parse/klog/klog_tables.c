/* SPDX-License-Identifier: MIT */
/*
 * The line of EFI configuration tables: "efi: ACPI 2.0=0x… SMBIOS=0x… (PROP=0x… unusable) "
 * (drivers/firmware/efi/efi.c, match_config_table). It is long, so mail programs wrap it and
 * terminals cut it. The kernel prints a blank after each table, including the last one.
 */
#include "parse/klog/klog.h"

enum {
    /* "TPMFinalLog=0x0123456789abcdef" and a blank: room for it was room for any one table. */
    TABLE_LONGEST = 32,
    /* Mail is wrapped at 72 to 78 columns; terminals have 80, 132 at most of old. */
    WRAPPED_WIDEST = 132,
};

static bool is_name(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != ' ')
            return false;
    }
    return s.len > 0;
}

bool klog_is_no_address(uint64_t address)
{
    enum { LOW = 0xf };
    return address == 0 || (address >= LOW && (address & (address + 1)) == 0);
}

/* "NAME=0x…" */
static bool read_table(struct span word, struct klog_table *out)
{
    struct span name;
    struct span value;
    uint64_t address = 0;
    if (!span_split(word, '=', &name, &value) || !is_name(name) || !span_starts(value, "0x") ||
        !span_number(value, &address))
        return false;
    *out = (struct klog_table){.name = name, .address = address};
    return true;
}

/* Two names have a blank inside: "ACPI 2.0" and "SMBIOS 3.0". */
static bool is_first_half(struct span word)
{
    return span_is(word, "ACPI") || span_is(word, "SMBIOS");
}

/* "2.0=0x…" */
static bool is_second_half(struct span word)
{
    return word.len > 0 && word.ptr[0] >= '0' && word.ptr[0] <= '9';
}

/* Splits one table off *rest. False, with both untouched, if there is none. */
static bool take_table(struct span *rest, struct klog_table *out)
{
    struct span s = *rest;
    struct span word;
    struct span half;
    struct klog_table t;
    if (!span_next_word(&s, &word))
        return false;
    bool in_brackets = span_starts(word, "(");
    if (in_brackets)
        word = span_skip(word, 1);
    if (is_first_half(word)) {
        if (!span_next_word(&s, &half) || !is_second_half(half))
            return false;
        word.len = (size_t)(half.ptr + half.len - word.ptr);
    }
    if (!read_table(word, &t))
        return false;
    if (in_brackets && (!span_next_word(&s, &word) || !span_is(word, "unusable)")))
        return false;
    t.unusable = in_brackets || klog_is_no_address(t.address);
    *rest = s;
    *out = t;
    return true;
}

bool klog_is_table(struct span text, struct klog_table *out)
{
    return take_table(&text, out);
}

bool klog_next_table(struct span *tables, struct klog_table *out)
{
    struct span word;
    do {
        if (take_table(tables, out))
            return true;
    } while (span_next_word(tables, &word));
    return false;
}

struct span klog_tables(struct span message)
{
    struct klog_table t;
    if (!span_starts(message, "efi:"))
        return (struct span){0};
    struct span tables = span_trim(span_skip(message, 4)), rest = tables;
    return take_table(&rest, &t) ? tables : (struct span){0};
}

/* Does it hold only whole tables? *half becomes the text after them. */
static bool is_sound(struct span tables, struct span *half)
{
    struct klog_table t;
    while (take_table(&tables, &t)) {
    }
    *half = span_trim(tables);
    return half->len == 0;
}

bool klog_tables_go_on(struct span tables, struct span line)
{
    struct span half;
    struct span word;
    struct span rest = span_trim(line);
    struct klog_table t;
    if (!is_sound(tables, &half)) {
        /* The blank of a name is the only place inside a table where a line can be wrapped. */
        if (!is_first_half(half) || !span_next_word(&rest, &word) || !is_second_half(word) ||
            !read_table(word, &t))
            return false;
        return is_sound(rest, &half) || is_first_half(half);
    }
    return rest.len > 0 && take_table(&rest, &t) && (is_sound(rest, &half) || is_first_half(half));
}

bool klog_tables_are_cut(struct span line, struct span tables, size_t longest)
{
    struct span half;
    size_t len = span_trim(line).len;
    bool has_blank = line.len == len + 1 && line.ptr[len] == ' ';
    if (!is_sound(tables, &half))
        return true;
    return longest < len + TABLE_LONGEST && !(has_blank && longest > WRAPPED_WIDEST);
}

bool klog_tables_lack(const struct klog *k, const char *name)
{
    struct span tables = k->efi_tables;
    return !k->efi_tables_cut && span_find(tables, "ACPI", NULL) &&
           span_find(tables, "SMBIOS", NULL) && !span_find(tables, name, NULL);
}
