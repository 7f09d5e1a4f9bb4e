/* SPDX-License-Identifier: MIT */
#include "parse/iort.h"

#include "parse/acpi.h"

enum {
    IORT_HEADER = 48, /* nodes start here or later: padding before them is legal */
    NODE_HEADER = 16,
    NODE_MAPPING_COUNT = 8,
    MAPPING_LEN = 20,
};

/* Bytes that every revision of a node has: DEN 0049, tables 4 to 18. */
static const uint8_t fixed[IORT_TYPES] = {
    [IORT_ITS] = 20,     [IORT_NAMED_COMPONENT] = 29, [IORT_ROOT_COMPLEX] = 32,
    [IORT_SMMU_V2] = 60, [IORT_SMMU_V3] = 60,         [IORT_PMCG] = 32,
    [IORT_RMR] = 28,
};

/* The number of ID mappings of a node; fails its reader if they do not lie inside the node. */
static uint32_t parse_mappings(struct rd *body)
{
    rd_seek(body, NODE_MAPPING_COUNT);
    uint32_t count = rd_le32(body);
    uint32_t offset = rd_le32(body);
    if (count == 0)
        return 0;
    if (offset < NODE_HEADER)
        rd_fail(body, ST_MALFORMED, "ID mappings start inside the node's header");
    rd_seek(body, offset);
    if (count > rd_left(body) / MAPPING_LEN)
        rd_fail(body, ST_MALFORMED, "ID mappings do not fit into their node");
    return count;
}

static void parse_node(struct acpi_rec *node, struct iort *i)
{
    bool known = node->type < IORT_TYPES;
    if (node->whole.len < (known ? fixed[node->type] : NODE_HEADER)) {
        rd_fail(&node->body, ST_MALFORMED, "node is shorter than its fixed part");
        return;
    }
    i->nodes++;
    if (known)
        i->counts[node->type]++;
    else
        i->unknown++;
    i->mappings += parse_mappings(&node->body);
}

enum status iort_parse(struct span table, struct iort *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "IORT", &t, fault);
    if (st != ST_OK)
        return st;
    struct iort i = {.revision = t.revision};
    uint32_t nodes = rd_le32(&t.body);
    uint32_t offset = rd_le32(&t.body);
    if (offset < IORT_HEADER)
        rd_fail(&t.body, ST_MALFORMED, "nodes start inside the header");
    rd_seek(&t.body, (size_t)offset - ACPI_HEADER_LEN);
    struct acpi_rec node;
    while (i.nodes < nodes && acpi_next_rec(&t.body, ACPI_REC_U8_U16, &node)) {
        parse_node(&node, &i);
        rd_inherit(&t.body, &node.body);
    }
    if (i.nodes < nodes)
        rd_fail(&t.body, ST_MALFORMED, "fewer nodes than the header declares");
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = i;
    return st;
}
