/* SPDX-License-Identifier: MIT */
#include "parse/pci/pci.h"

#include <stdlib.h>

#include "parse/pci/pci_build.h"
#include "parse/pci/pci_line.h"
#include "parse/refuse.h"

struct row {
    struct pci_function f;
    bool told[PCI_LINE_NUMBERS];
    uint64_t value[PCI_LINE_NUMBERS];
};

static int to_address(const void *key, const void *element)
{
    const struct pci_function *f = element;
    return pci_address_compare(*(const struct pci_address *)key, f->at);
}

const struct pci_function *pci_find(const struct pci_tree *t, struct pci_address at)
{
    return t->n == 0 ? NULL : bsearch(&at, t->functions, t->n, sizeof *t->functions, to_address);
}

static bool read_address(struct span value, struct pci_address *out)
{
    struct pci_address at;
    if (!pci_take_address(&value, &at) || value.len > 0)
        return false;
    *out = at;
    return true;
}

/* False where the value of a known key cannot be read. */
static bool read_word(struct row *row, struct span word)
{
    struct span key;
    struct span value;
    if (!span_split(word, '=', &key, &value))
        return true;
    if (key.len == 0)
        return true;
    if (span_is(key, PCI_LINE_PHYSFN)) {
        row->f.has_physfn = true;
        return read_address(value, &row->f.physfn);
    }
    if (span_is(key, PCI_LINE_OWNER)) {
        row->f.has_owner = true;
        return read_address(value, &row->f.owner);
    }
    for (size_t i = 0; i < PCI_LINE_NUMBERS; i++) {
        const struct pci_line_key *k = &pci_line_keys[i];
        uint64_t v = 0;
        /* Most keys differ in their first letter, and most of a capture's time is spent here. */
        if (key.ptr[0] != (uint8_t)k->key[0] || !span_is(key, k->key))
            continue;
        if (!(k->digits > 0 ? span_take_hex : span_take_dec)(&value, &v) || value.len > 0 ||
            v > k->most)
            return false;
        row->told[i] = true;
        row->value[i] = v;
        break;
    }
    return true;
}

static enum told flag_of(const struct row *row, enum pci_line_number key)
{
    if (!row->told[key])
        return NOT_TOLD;
    return row->value[key] != 0 ? TOLD_YES : TOLD_NO;
}

static struct pci_function function_of(const struct row *row)
{
    struct pci_function f = row->f;
    const uint64_t *v = row->value;
    bool buses = row->told[PCI_LINE_SECONDARY] && row->told[PCI_LINE_SUBORDINATE];
    f.class_told = row->told[PCI_LINE_CLASS] ? TOLD_YES : NOT_TOLD;
    f.class_code = (uint32_t)v[PCI_LINE_CLASS];
    f.vendor = (uint16_t)v[PCI_LINE_VENDOR];
    f.device = (uint16_t)v[PCI_LINE_DEVICE];
    f.has_buses = buses ? TOLD_YES : NOT_TOLD;
    f.primary = (uint8_t)v[PCI_LINE_PRIMARY];
    f.secondary = (uint8_t)v[PCI_LINE_SECONDARY];
    f.subordinate = (uint8_t)v[PCI_LINE_SUBORDINATE];
    f.express = flag_of(row, PCI_LINE_EXPRESS);
    f.bus_master = flag_of(row, PCI_LINE_MASTER);
    f.external = flag_of(row, PCI_LINE_EXTERNAL);
    f.vmd = flag_of(row, PCI_LINE_VMD) == TOLD_YES;
    f.thunderbolt = flag_of(row, PCI_LINE_THUNDERBOLT) == TOLD_YES;
    f.group = row->told[PCI_LINE_GROUP] ? (int32_t)v[PCI_LINE_GROUP] : PCI_NO_GROUP;
    pci_settle(&f, row->told[PCI_LINE_HEADER] ? pci_header_bridge((uint8_t)v[PCI_LINE_HEADER])
                                              : NOT_TOLD);
    return f;
}

/* Returns NULL, or what is wrong in *line, which then starts there. */
static const char *read_row(struct span *line, struct pci_function *out)
{
    struct row row = {0};
    struct span rest = *line;
    struct span word;
    if (!span_next_word(&rest, &word) || !read_address(word, &row.f.at))
        return "line without address and keys";
    while (span_next_word(&rest, &word)) {
        if (span_starts(word, PCI_LINE_NAME "=")) {
            /* The last key: its value is the rest of the line. */
            size_t before = (size_t)(word.ptr - line->ptr);
            row.f.name = pci_cut_name(span_trim(span_skip(*line, before + sizeof PCI_LINE_NAME)));
            break;
        }
        if (!read_word(&row, word)) {
            *line = word;
            return "value that cannot be read";
        }
    }
    *out = function_of(&row);
    return NULL;
}

/* Lines that are not blank; counting ends above PCI_FUNCTIONS_MAX. */
static size_t count_lines(struct span text)
{
    size_t n = 0;
    struct span line;
    while (n <= PCI_FUNCTIONS_MAX && span_next_line(&text, &line))
        n += span_trim(line).len > 0;
    return n;
}

enum status pci_parse(struct span text, struct arena *a, struct pci_tree *out, struct fault *fault)
{
    size_t lines = count_lines(text);
    size_t room = lines <= PCI_FUNCTIONS_MAX ? lines : PCI_FUNCTIONS_MAX;
    struct pci_function *read = arena_new(a, struct pci_function, room);
    struct pci_key *keys = arena_new(a, struct pci_key, room);
    struct pci_tree t = {.cut = lines > room};
    size_t n = 0;
    struct span rest = text;
    struct span line;
    while (n < room && span_next_line(&rest, &line)) {
        if (span_trim(line).len == 0)
            continue;
        const char *what = read_row(&line, &read[n]);
        if (what != NULL)
            return refuse(fault, (size_t)(line.ptr - text.ptr), what);
        keys[n] = (struct pci_key){.at = read[n].at, .index = (uint32_t)n};
        n++;
    }
    pci_sort(keys, n);
    t.functions = arena_new(a, struct pci_function, n);
    for (size_t i = 0; i < n; i++) {
        if (t.n == 0 || pci_address_compare(t.functions[t.n - 1].at, keys[i].at) != 0)
            pci_append(&t, &read[keys[i].index]);
    }
    *out = t;
    return ST_OK;
}
