/* SPDX-License-Identifier: MIT */
#include "parse/acpi/iort.h"

#include <stdlib.h>

#include "parse/acpi/acpi.h"
#include "parse/refuse.h"

enum {
    IORT_HEADER = 48, /* nodes start here or later: padding before them is legal */
    NODE_HEADER = 16,
    NODE_MAPPING_COUNT = 8,
    MAPPING_LEN = 20,
    MAPPING_TARGET = 12, /* offset of the reference in a mapping */
    ROOT_COMPLEX_SEGMENT = 28,
    COMPONENT_NAME = 29,
    RMR_COUNT = 20,
    RMR_LEN = 20,
};

/* Bytes that every revision of a node has: DEN 0049, tables 4 to 18. */
static const uint8_t fixed[IORT_TYPES] = {
    [IORT_ITS] = 20,     [IORT_NAMED_COMPONENT] = 29, [IORT_ROOT_COMPLEX] = 32,
    [IORT_SMMU_V2] = 60, [IORT_SMMU_V3] = 60,         [IORT_PMCG] = 32,
    [IORT_RMR] = 28,
};

struct walk {
    struct arena *arena;
    struct iort iort;
    struct iort_node *nodes;
};

/* The target stays an offset in the table: its node may follow later. */
static struct iort_mapping parse_mapping(struct rd *body)
{
    struct iort_mapping m = {.offset = rd_offset(body)};
    m.first = rd_le32(body);
    uint32_t more = rd_le32(body); /* the number of ids, less one */
    m.output = rd_le32(body);
    m.target = rd_le32(body);
    m.flags = rd_le32(body);
    if ((m.flags & IORT_SINGLE_MAPPING) != 0)
        more = 0; /* the field has no meaning there, and most firmware has 1 */
    m.last = m.first + more;
    if (m.last < m.first || m.output + more < m.output)
        rd_fail(body, ST_MALFORMED, "ID mapping runs over 32 bits");
    return m;
}

static void parse_mappings(struct rd body, struct walk *w, struct iort_node *out, struct rd *whole)
{
    rd_seek(&body, NODE_MAPPING_COUNT);
    uint32_t count = rd_le32(&body);
    uint32_t offset = rd_le32(&body);
    if (count > 0) {
        if (offset < NODE_HEADER)
            rd_fail(&body, ST_MALFORMED, "ID mappings start inside the node's header");
        rd_seek(&body, offset);
        if (count > rd_left(&body) / MAPPING_LEN)
            rd_fail(&body, ST_MALFORMED, "ID mappings do not fit into their node");
    }
    if (count > 0 && rd_ok(&body)) {
        struct iort_mapping *mappings = arena_new(w->arena, struct iort_mapping, count);
        for (; out->n_mappings < count && rd_ok(&body); out->n_mappings++)
            mappings[out->n_mappings] = parse_mapping(&body);
        out->mappings = mappings;
        w->iort.mappings += count;
    }
    rd_inherit(whole, &body);
}

/* Memory that the devices of an RMR node must reach: DEN 0049, table 21. */
static void parse_memory_ranges(struct rd body, struct walk *w, struct rd *whole)
{
    rd_seek(&body, RMR_COUNT);
    uint32_t count = rd_le32(&body);
    uint32_t offset = rd_le32(&body);
    if (count == 0)
        return;
    rd_seek(&body, offset);
    if (count > rd_left(&body) / RMR_LEN)
        rd_fail(&body, ST_MALFORMED, "memory ranges do not fit into their node");
    w->iort.memory_ranges += count;
    rd_inherit(whole, &body);
}

/* ASCII that ends in NUL; mappings follow it, so bytes without a NUL are not a name. */
static struct span until_nul(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == 0)
            return (struct span){s.ptr, i};
    }
    return (struct span){0};
}

static void parse_fields(struct rd body, struct walk *w, struct iort_node *out, struct rd *whole)
{
    if (out->type == IORT_ROOT_COMPLEX) {
        rd_seek(&body, ROOT_COMPLEX_SEGMENT);
        out->segment = rd_le32(&body);
    } else if (out->type == IORT_SMMU_V2 || out->type == IORT_SMMU_V3) {
        rd_seek(&body, NODE_HEADER);
        out->base = rd_le64(&body);
    } else if (out->type == IORT_NAMED_COMPONENT) {
        rd_seek(&body, COMPONENT_NAME);
        out->name = until_nul(rd_take(&body, rd_left(&body)));
    } else if (out->type == IORT_RMR) {
        parse_memory_ranges(body, w, whole);
    }
}

static void parse_node(struct acpi_rec *rec, struct walk *w)
{
    struct iort_node node = {.offset = rec->offset, .type = (uint8_t)rec->type};
    bool known = node.type < IORT_TYPES;
    if (rec->whole.len < (known ? fixed[node.type] : NODE_HEADER)) {
        rd_fail(&rec->body, ST_MALFORMED, "node is shorter than its fixed part");
        return;
    }
    struct rd body = rec->body;
    node.revision = rd_u8(&body);
    if (known)
        w->iort.counts[node.type]++;
    else
        w->iort.unknown++;
    parse_fields(rec->body, w, &node, &rec->body);
    parse_mappings(rec->body, w, &node, &rec->body);
    w->nodes = arena_grow(w->arena, w->nodes, w->iort.n_nodes, sizeof *w->nodes);
    w->nodes[w->iort.n_nodes++] = node;
}

static int to_offset(const void *key, const void *element)
{
    size_t offset = *(const size_t *)key;
    const struct iort_node *node = element;
    return (offset > node->offset) - (offset < node->offset);
}

/* The node that starts at `offset` of the table, or the number of nodes: they are in order. */
static size_t node_at(const struct walk *w, size_t offset)
{
    size_t n = w->iort.n_nodes;
    const struct iort_node *found =
        n == 0 ? NULL : bsearch(&offset, w->nodes, n, sizeof *w->nodes, to_offset);
    return found != NULL ? (size_t)(found - w->nodes) : n;
}

/* Makes every target the index of its node. */
static enum status resolve(struct walk *w, struct fault *fault)
{
    for (size_t i = 0; i < w->iort.n_nodes; i++) {
        for (size_t m = 0; m < w->nodes[i].n_mappings; m++) {
            struct iort_mapping *mapping = &w->nodes[i].mappings[m];
            size_t target = mapping->target == 0 ? IORT_NOWHERE : node_at(w, mapping->target);
            if (target == w->iort.n_nodes)
                return refuse(fault, mapping->offset + MAPPING_TARGET,
                              "ID mapping points to a place without a node");
            mapping->target = target;
        }
    }
    return ST_OK;
}

enum status iort_parse(struct span table, struct arena *a, struct iort *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "IORT", &t, fault);
    if (st != ST_OK)
        return st;
    struct walk w = {.arena = a, .iort = {.revision = t.revision}};
    uint32_t nodes = rd_le32(&t.body);
    uint32_t offset = rd_le32(&t.body);
    if (offset < IORT_HEADER)
        rd_fail(&t.body, ST_MALFORMED, "nodes start inside the header");
    rd_seek(&t.body, (size_t)offset - ACPI_HEADER_LEN);
    struct acpi_rec node;
    while (w.iort.n_nodes < nodes && acpi_next_rec(&t.body, ACPI_REC_U8_U16, &node)) {
        parse_node(&node, &w);
        rd_inherit(&t.body, &node.body);
    }
    if (w.iort.n_nodes < nodes)
        rd_fail(&t.body, ST_MALFORMED, "fewer nodes than the header declares");
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        st = resolve(&w, fault);
    if (st != ST_OK)
        return st;
    *out = w.iort;
    out->nodes = w.nodes;
    return ST_OK;
}
