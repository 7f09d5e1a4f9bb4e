/* SPDX-License-Identifier: MIT */
/* The text of lspci as a whole: its blocks, and their combined content. */
#include "parse/pci/lspci_block.h"
#include "parse/pci/pci_build.h"
#include "parse/refuse.h"

struct walk {
    struct lspci_draft *drafts; /* in the order of the text; an address may be there twice */
    size_t n;
    size_t room;
    bool cut;
    bool in_block;
    struct lspci_block block;
};

/* Completes the current block. `seen`: the text shows that the block is complete. */
static void end_block(struct walk *w, bool seen)
{
    struct lspci_block *b = &w->block;
    if (!w->in_block)
        return;
    bool all_caps = b->lists_caps && !b->caps_broken && (seen || b->decoded_ends);
    if (b->d.f.express == NOT_TOLD && all_caps)
        b->d.f.express = TOLD_NO;
    lspci_read_registers(b);
    w->drafts[w->n++] = b->d;
    w->in_block = false;
}

static void begin_block(struct walk *w, struct pci_address at, struct span rest)
{
    end_block(w, false);
    if (w->n == w->room) {
        w->cut = true;
        return;
    }
    w->block = (struct lspci_block){.d.f = {.at = at, .group = PCI_NO_GROUP}};
    lspci_read_header(rest, &w->block.d.f);
    w->in_block = true;
}

/*
 * `whole`: the line has its end. A line without its end may be cut, and words missing from it prove
 * nothing.
 */
static void read_line(struct walk *w, struct span line, bool whole)
{
    struct span text = span_trim(line);
    struct pci_address at;
    if (text.len == 0) {
        end_block(w, true);
        return;
    }
    bool record = lspci_take_slot(&text, &at);
    if (record || lspci_take_header(&text, &at)) {
        begin_block(w, at, text);
        w->block.record = record;
        return;
    }
    size_t indent = (size_t)(text.ptr - line.ptr);
    if (w->in_block && indent == 0 && whole && lspci_read_record(&w->block, text))
        return;
    if (!w->in_block || lspci_read_dump(&w->block, text))
        return;
    if (indent > 0 && whole)
        lspci_read_decoded(&w->block, text, indent);
    else if (indent == 0 && !span_starts(text, "pcilib:")) /* a warning, amidst the rest */
        end_block(w, false);
}

/* Headers in the text; counting ends above PCI_FUNCTIONS_MAX. */
static size_t count_headers(struct span text)
{
    size_t n = 0;
    struct span line;
    struct pci_address at;
    while (n <= PCI_FUNCTIONS_MAX && span_next_line(&text, &line)) {
        line = span_trim(line);
        n += lspci_take_slot(&line, &at) || lspci_take_header(&line, &at);
    }
    return n;
}

/* Without -v the interface is not shown, and reads as 0. */
static bool lacks_class(const struct pci_function *f, const struct pci_function *other)
{
    if (f->class_told != TOLD_YES)
        return true;
    return other->class_told == TOLD_YES && (f->class_code & 0xff) == 0 &&
           other->class_code >> 8 == f->class_code >> 8;
}

static void fill_function(struct pci_function *f, const struct pci_function *from)
{
    if (lacks_class(f, from)) {
        f->class_told = from->class_told;
        f->class_code = from->class_code;
    }
    if (f->vendor == 0) {
        f->vendor = from->vendor;
        f->device = from->device;
    }
    if (f->has_buses == NOT_TOLD) {
        f->has_buses = from->has_buses;
        f->primary = from->primary;
        f->secondary = from->secondary;
        f->subordinate = from->subordinate;
    }
    if (f->express == NOT_TOLD)
        f->express = from->express;
    if (f->bus_master == NOT_TOLD)
        f->bus_master = from->bus_master;
    if (f->group == PCI_NO_GROUP)
        f->group = from->group;
    if (f->name.len == 0)
        f->name = from->name;
    f->vmd = f->vmd || from->vmd;
}

/* Adds to `d` the data that it lacks and `from` has. */
static void fill(struct lspci_draft *d, const struct lspci_draft *from)
{
    fill_function(&d->f, &from->f);
    if (d->header == NOT_TOLD)
        d->header = from->header;
    if (d->vfs == 0) {
        d->vfs = from->vfs;
        d->vf_offset = from->vf_offset;
        d->vf_stride = from->vf_stride;
        d->vf_device = from->vf_device;
    }
    d->vsec_1234 = d->vsec_1234 || from->vsec_1234;
    d->dumped = d->dumped || from->dumped;
}

/* An earlier block counts more, but registers of a dump count in any place. */
static void merge(struct lspci_draft *earlier, const struct lspci_draft *later)
{
    if (earlier->dumped || !later->dumped) {
        fill(earlier, later);
        return;
    }
    struct lspci_draft d = *later;
    if (earlier->f.name.len > 0)
        d.f.name = earlier->f.name;
    fill(&d, earlier);
    *earlier = d;
}

/* Merges all data about one address into its first draft. Returns how many keys remain. */
static size_t merge_all(struct walk *w, struct pci_key *keys)
{
    size_t n = 0;
    pci_sort(keys, w->n);
    for (size_t i = 0; i < w->n; i++) {
        if (n > 0 && pci_address_compare(keys[n - 1].at, keys[i].at) == 0)
            merge(&w->drafts[keys[n - 1].index], &w->drafts[keys[i].index]);
        else
            keys[n++] = keys[i];
    }
    return n;
}

/*
 * Names the physical function of the virtual ones that `d` has enabled: PCI Express Base
 * Specification 5.0, section 9.2.1.2. `budget` bounds the work of all calls.
 */
static void name_physfn(struct pci_tree *t, const struct lspci_draft *d, unsigned *budget)
{
    unsigned rid = pci_requester_id(d->f.at) + (unsigned)d->vf_offset;
    if (d->vf_offset == 0 || (d->vf_stride == 0 && d->vfs > 1))
        return;
    for (unsigned i = 0; i < d->vfs && rid <= 0xffff && *budget > 0; i++, rid += d->vf_stride) {
        struct pci_address at = {.domain = d->f.at.domain,
                                 .bus = (uint8_t)(rid >> 8),
                                 .device = rid >> 3 & 0x1f,
                                 .function = rid & 7};
        --*budget;
        const struct pci_function *found = pci_find(t, at);
        if (found == NULL || found->has_physfn)
            continue;
        struct pci_function *f = &t->functions[found - t->functions];
        if (f->device != 0 && d->vf_device != 0 && f->device != d->vf_device)
            continue;
        f->has_physfn = true;
        f->physfn = d->f.at;
    }
}

static struct pci_tree finish(struct walk *w, struct arena *a)
{
    struct pci_key *keys = arena_new(a, struct pci_key, w->n);
    for (size_t i = 0; i < w->n; i++)
        keys[i] = (struct pci_key){.at = w->drafts[i].f.at, .index = (uint32_t)i};
    size_t n = merge_all(w, keys);
    struct pci_tree t = {.functions = arena_new(a, struct pci_function, n), .cut = w->cut};
    for (size_t i = 0; i < n; i++) {
        struct lspci_draft *d = &w->drafts[keys[i].index];
        d->f.thunderbolt = d->vsec_1234 && d->f.vendor == PCI_VENDOR_INTEL;
        pci_settle(&d->f, d->header);
        pci_append(&t, &d->f);
    }
    /* No two functions share a virtual one, so a domain has at most this many. */
    unsigned budget = PCI_FUNCTIONS_MAX;
    for (size_t i = 0; i < n; i++)
        name_physfn(&t, &w->drafts[keys[i].index], &budget);
    return t;
}

enum status lspci_parse(struct span text, struct arena *a, struct pci_tree *out,
                        struct fault *fault)
{
    size_t headers = count_headers(text);
    if (headers == 0)
        return refuse(fault, 0, "no PCI function is listed");
    struct walk w = {.room = headers <= PCI_FUNCTIONS_MAX ? headers : PCI_FUNCTIONS_MAX};
    w.drafts = arena_new(a, struct lspci_draft, w.room);
    struct span rest = text;
    struct span line;
    while (!w.cut && span_next_line(&rest, &line))
        read_line(&w, line, rest.len > 0 || text.ptr[text.len - 1] == '\n');
    end_block(&w, false);
    *out = finish(&w, a);
    return ST_OK;
}
