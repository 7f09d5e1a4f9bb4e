/* SPDX-License-Identifier: MIT */
#include "probe/viewpoint/brands.h"

#include "parse/smbios_names.h"
#include "vbscheck/count.h"

/* Words in SMBIOS, in any case: whole words only, since "HP" is part of many words. */
static const struct {
    const char *word;
    enum maker maker;
} words[] = {
    {"dell", MAKER_DELL},
    {"alienware", MAKER_DELL},
    {"hp", MAKER_HP},
    {"hewlett-packard", MAKER_HP},
    {"lenovo", MAKER_LENOVO},
    {"asus", MAKER_ASUS},
    {"asustek", MAKER_ASUS},
    {"msi", MAKER_MSI},
    {"micro-star", MAKER_MSI},
    {"gigabyte", MAKER_GIGABYTE},
    {"giga-byte", MAKER_GIGABYTE},
    {"asrock", MAKER_ASROCK},
    {"acer", MAKER_ACER},
    {"gateway", MAKER_ACER},
    {"framework", MAKER_FRAMEWORK},
    {"supermicro", MAKER_SUPERMICRO},
    {"google", MAKER_CHROMEBOOK},
    {"apple", MAKER_APPLE},
};

static uint8_t small(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool is_of_word(uint8_t c)
{
    return (small(c) >= 'a' && small(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c >= 0x80;
}

/* Takes the next word off *rest; false at the end. */
static bool take_word(struct span *rest, struct span *word)
{
    while (rest->len > 0 && !is_of_word(rest->ptr[0]))
        *rest = span_skip(*rest, 1);
    *word = (struct span){rest->ptr, 0};
    while (word->len < rest->len && is_of_word(rest->ptr[word->len]))
        word->len++;
    *rest = span_skip(*rest, word->len);
    return word->len > 0;
}

static bool is_word(struct span s, const char *word)
{
    size_t n = 0;
    while (n < s.len && word[n] != '\0' && small(s.ptr[n]) == (uint8_t)word[n])
        n++;
    return n == s.len && word[n] == '\0';
}

static enum maker maker_of_word(struct span word)
{
    for (size_t i = 0; i < COUNT(words); i++) {
        if (is_word(word, words[i].word))
            return words[i].maker;
    }
    return MAKER_ANY;
}

enum maker brand_of_vendor(struct span vendor)
{
    enum maker found = MAKER_ANY;
    struct span word;
    bool super = false;
    while (take_word(&vendor, &word)) {
        enum maker m = maker_of_word(word);
        if (super && is_word(word, "micro")) /* "Super Micro Computer, Inc." */
            m = MAKER_SUPERMICRO;
        super = is_word(word, "super");
        if (m != MAKER_ANY && found != MAKER_ANY && m != found)
            return MAKER_ANY;
        found = m != MAKER_ANY ? m : found;
    }
    return found;
}

static bool has_word(struct span text, const char *want)
{
    struct span word;
    while (take_word(&text, &word)) {
        if (is_word(word, want))
            return true;
    }
    return false;
}

/* Microsoft sells machines under one name only; all its other products are virtual. */
static bool is_surface(const struct dmi *d)
{
    return has_word(d->vendor, "microsoft") && has_word(d->product, "surface");
}

/* Google's cloud has the same vendor name as Chromebooks, on VMs and on metal. */
static bool is_cloud(const struct dmi *d)
{
    return has_word(d->product, "compute") || has_word(d->vendor, "compute");
}

enum maker brand_of_machine(const struct dmi *d)
{
    bool nobody = smbios_is_placeholder(d->vendor);
    enum maker m = brand_of_vendor(nobody ? d->board_vendor : d->vendor);
    if (has_word(d->firmware_version, "dasharo"))
        return MAKER_DASHARO;
    if (m == MAKER_CHROMEBOOK)
        return is_cloud(d) ? MAKER_ANY : m;
    if (has_word(d->firmware_vendor, "coreboot") || has_word(d->firmware_version, "coreboot"))
        return MAKER_COREBOOT;
    return is_surface(d) ? MAKER_SURFACE : m;
}
