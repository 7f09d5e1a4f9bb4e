/* SPDX-License-Identifier: MIT */
#include "parse/pci/pci.h"

#include "parse/pci/pci_build.h"
#include "parse/refuse.h"
#include "vbscheck/count.h"

/* The keys of a line whose values are numbers. */
enum slot {
    SLOT_CLASS,
    SLOT_VENDOR,
    SLOT_DEVICE,
    SLOT_HEADER,
    SLOT_PRIMARY,
    SLOT_SECONDARY,
    SLOT_SUBORDINATE,
    SLOT_GROUP,
    SLOT_EXPRESS,
    SLOT_MASTER,
    SLOT_EXTERNAL,
    SLOT_VMD,
    SLOT_THUNDERBOLT,
    SLOT_COUNT
};

static const struct {
    const char *key;
    bool (*take)(struct span *s, uint64_t *out);
    uint64_t most;
} slots[SLOT_COUNT] = {
    [SLOT_CLASS] = {"class", span_take_hex, 0xffffff},
    [SLOT_VENDOR] = {"vendor", span_take_hex, 0xffff},
    [SLOT_DEVICE] = {"device", span_take_hex, 0xffff},
    [SLOT_HEADER] = {"header", span_take_hex, 0xff},
    [SLOT_PRIMARY] = {"primary", span_take_hex, 0xff},
    [SLOT_SECONDARY] = {"secondary", span_take_hex, 0xff},
    [SLOT_SUBORDINATE] = {"subordinate", span_take_hex, 0xff},
    [SLOT_GROUP] = {"group", span_take_dec, INT32_MAX},
    [SLOT_EXPRESS] = {"express", span_take_dec, 1},
    [SLOT_MASTER] = {"master", span_take_dec, 1},
    [SLOT_EXTERNAL] = {"external", span_take_dec, 1},
    [SLOT_VMD] = {"vmd", span_take_dec, 1},
    [SLOT_THUNDERBOLT] = {"thunderbolt", span_take_dec, 1},
};

struct row {
    struct pci_function f;
    bool told[SLOT_COUNT];
    uint64_t value[SLOT_COUNT];
};

const struct pci_function *pci_find(const struct pci_tree *t, struct pci_address at)
{
    size_t low = 0;
    size_t high = t->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = pci_address_compare(t->functions[middle].at, at);
        if (order == 0)
            return &t->functions[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
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
    if (span_is(key, "physfn")) {
        row->f.has_physfn = true;
        return read_address(value, &row->f.physfn);
    }
    if (span_is(key, "owner")) {
        row->f.has_owner = true;
        return read_address(value, &row->f.owner);
    }
    for (size_t i = 0; i < SLOT_COUNT; i++) {
        uint64_t v = 0;
        /* Most keys differ in their first letter, and most of a capture's time is spent here. */
        if (key.ptr[0] != (uint8_t)slots[i].key[0] || !span_is(key, slots[i].key))
            continue;
        if (!slots[i].take(&value, &v) || value.len > 0 || v > slots[i].most)
            return false;
        row->told[i] = true;
        row->value[i] = v;
        break;
    }
    return true;
}

static enum told flag_of(const struct row *row, enum slot slot)
{
    if (!row->told[slot])
        return NOT_TOLD;
    return row->value[slot] != 0 ? TOLD_YES : TOLD_NO;
}

static struct pci_function function_of(const struct row *row)
{
    struct pci_function f = row->f;
    const uint64_t *v = row->value;
    bool buses = row->told[SLOT_SECONDARY] && row->told[SLOT_SUBORDINATE];
    f.class_told = row->told[SLOT_CLASS] ? TOLD_YES : NOT_TOLD;
    f.class_code = (uint32_t)v[SLOT_CLASS];
    f.vendor = (uint16_t)v[SLOT_VENDOR];
    f.device = (uint16_t)v[SLOT_DEVICE];
    f.has_buses = buses ? TOLD_YES : NOT_TOLD;
    f.primary = (uint8_t)v[SLOT_PRIMARY];
    f.secondary = (uint8_t)v[SLOT_SECONDARY];
    f.subordinate = (uint8_t)v[SLOT_SUBORDINATE];
    f.express = flag_of(row, SLOT_EXPRESS);
    f.bus_master = flag_of(row, SLOT_MASTER);
    f.external = flag_of(row, SLOT_EXTERNAL);
    f.vmd = flag_of(row, SLOT_VMD) == TOLD_YES;
    f.thunderbolt = flag_of(row, SLOT_THUNDERBOLT) == TOLD_YES;
    f.group = row->told[SLOT_GROUP] ? (int32_t)v[SLOT_GROUP] : PCI_NO_GROUP;
    pci_settle(&f, row->told[SLOT_HEADER] ? pci_header_bridge((uint8_t)v[SLOT_HEADER]) : NOT_TOLD);
    return f;
}

/* Returns NULL, or what is wrong in *line, which then starts there. */
static const char *read_row(struct span *line, struct pci_function *out)
{
    struct row row = {0};
    struct span rest = *line;
    struct span word;
    if (!span_next_word(&rest, &word) || !read_address(word, &row.f.at))
        return "no line of address and keys";
    while (span_next_word(&rest, &word)) {
        if (span_starts(word, "name=")) {
            /* The last key: its value is the rest of the line. */
            size_t before = (size_t)(word.ptr - line->ptr);
            row.f.name = pci_cut_name(span_trim(span_skip(*line, before + 5)));
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
