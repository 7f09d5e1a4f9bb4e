/* SPDX-License-Identifier: MIT */
/*
 * The first line of a function in lspci's text: show_terse() and show_machine() of pciutils'
 * lspci.c, and pci_lookup_name() of its lib/names.c.
 */
#include "parse/pci/lspci_block.h"
#include "parse/pci/pci_build.h"
#include "parse/pci/pci_class.h"

bool lspci_take_hex(struct span *s, size_t digits, uint64_t *out)
{
    struct span rest = *s;
    uint64_t v = 0;
    if (!span_take_hex(&rest, &v) || s->len - rest.len != digits)
        return false;
    *s = rest;
    *out = v;
    return true;
}

bool lspci_take_header(struct span *line, struct pci_address *out)
{
    struct span rest = *line;
    struct pci_address at;
    if (!pci_take_address(&rest, &at))
        return false;
    if (rest.len > 0 && rest.ptr[0] != ' ' && rest.ptr[0] != '\t')
        return false;
    *line = span_trim(rest);
    *out = at;
    return true;
}

/* "0106", or "SATA controller [0106]". */
bool lspci_read_id(struct span s, uint64_t *out)
{
    struct span rest = s;
    uint64_t v = 0;
    bool named = s.len >= 6 && s.ptr[s.len - 6] == '[';
    if (named)
        rest = span_skip(s, s.len - 5);
    if (!lspci_take_hex(&rest, 4, &v) || !span_is(rest, named ? "]" : ""))
        return false;
    *out = v;
    return true;
}

void lspci_set_class(struct pci_function *f, uint64_t class)
{
    f->class_told = TOLD_YES;
    f->class_code = (uint32_t) class << 8;
}

/* Only -v shows the interface. A dead device answers with ones. */
void lspci_set_interface(struct pci_function *f, struct span s)
{
    uint64_t v = 0;
    if (f->class_told == TOLD_YES && lspci_take_hex(&s, 2, &v) && v != 0xff)
        f->class_code |= (uint32_t)v;
}

/* "8086:2922" */
static bool take_ids(struct span *s, struct pci_function *f)
{
    struct span rest = *s;
    uint64_t vendor = 0;
    uint64_t device = 0;
    if (!lspci_take_hex(&rest, 4, &vendor) || !span_starts(rest, ":"))
        return false;
    rest = span_skip(rest, 1);
    if (!lspci_take_hex(&rest, 4, &device))
        return false;
    f->vendor = (uint16_t)vendor;
    f->device = (uint16_t)device;
    *s = rest;
    return true;
}

/* The last "[8086:2922]"; *after becomes the text after it. Names have brackets, too. */
static bool find_ids(struct span s, struct pci_function *f, struct span *after)
{
    bool found = false;
    while (span_find(s, "[", &s)) {
        struct span rest = s;
        struct pci_function ids = *f;
        if (!take_ids(&rest, &ids) || !span_starts(rest, "]"))
            continue;
        f->vendor = ids.vendor;
        f->device = ids.device;
        *after = span_skip(rest, 1);
        found = true;
    }
    return found;
}

/* `s` up to the place that starts with `mark`. */
static struct span before(struct span s, const char *mark)
{
    struct span after;
    if (span_find(s, mark, &after))
        s.len -= after.len + span_of(mark).len;
    return s;
}

/* The text between the next two quotes. */
static bool take_quoted(struct span *s, struct span *out)
{
    struct span start;
    struct span after;
    if (!span_find(*s, "\"", &start) || !span_find(start, "\"", &after))
        return false;
    *out = (struct span){start.ptr, start.len - after.len - 1};
    *s = after;
    return true;
}

/* -mm: "SATA controller [0106]" "Intel Corporation [8086]" "82801IR [2922]" -r02 -p01 ... */
static void read_quoted(struct span rest, struct pci_function *f)
{
    struct span class;
    struct span vendor;
    struct span device;
    struct span word;
    uint64_t v[3] = {0};
    if (!take_quoted(&rest, &class) || !take_quoted(&rest, &vendor) || !take_quoted(&rest, &device))
        return;
    if (lspci_read_id(class, &v[0]) || pci_class_named(class, &v[0]))
        lspci_set_class(f, v[0]);
    if (lspci_read_id(vendor, &v[1]) && lspci_read_id(device, &v[2])) {
        f->vendor = (uint16_t)v[1];
        f->device = (uint16_t)v[2];
    }
    if (device.len > 4)
        f->name = pci_cut_name(device);
    while (span_next_word(&rest, &word) && span_starts(word, "-")) {
        if (span_starts(word, "-p"))
            lspci_set_interface(f, span_skip(word, 2));
    }
}

void lspci_read_header(struct span rest, struct pci_function *f)
{
    struct span after;
    uint64_t class = 0;
    if (span_starts(rest, "\"")) {
        read_quoted(rest, f);
        return;
    }
    if (!span_find(rest, ": ", &after))
        return;
    struct span kind = {rest.ptr, rest.len - after.len - 2};
    if (span_starts(kind, "Class ")) /* older than pciutils 2.2 */
        kind = span_skip(kind, 6);
    if (lspci_read_id(kind, &class) || pci_class_named(kind, &class))
        lspci_set_class(f, class);
    struct span name = span_trim(after);
    struct span tail = name;
    if (find_ids(name, f, &tail)) {
        name.len -= tail.len + sizeof "[8086:2922]" - 1; /* the ids have fields of their own */
        f->name = pci_cut_name(span_trim(name));
    } else if (!take_ids(&tail, f)) {
        f->name = pci_cut_name(span_trim(before(before(name, " (rev "), " (prog-if ")));
    }
    if (span_find(tail, "(prog-if ", &tail))
        lspci_set_interface(f, tail);
}
