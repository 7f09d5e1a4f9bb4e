/* SPDX-License-Identifier: MIT */
#include "parse/acpi/viot.h"

#include "parse/acpi/acpi.h"
#include "parse/acpi/set16.h"

enum {
    VIOT_HEADER = 48, /* nodes start here or later */
    RANGE_SEGMENTS = 8,
    RANGE_BDFS = 12,
    OUTPUT_NODE = 16,
};

/* ACPI 6.5, 5.2.34; `fixed` counts the node's header. */
static const struct {
    uint8_t fixed;
    bool endpoint; /* names the node that translates for it */
    bool iommu;
} forms[VIOT_TYPES] = {
    [VIOT_PCI_RANGE] = {24, .endpoint = true},
    [VIOT_MMIO_ENDPOINT] = {24, .endpoint = true},
    [VIOT_VIRTIO_IOMMU_PCI] = {16, .iommu = true},
    [VIOT_VIRTIO_IOMMU_MMIO] = {16, .iommu = true},
};

static bool is_known(const struct acpi_rec *node)
{
    return node->type < VIOT_TYPES && forms[node->type].fixed > 0;
}

/* Leaves the reader at the node offset if that is wrong, else at the first node. */
static void seek_nodes(struct rd *body)
{
    struct rd field = *body;
    size_t offset = rd_le16(&field);
    rd_inherit(body, &field);
    if (offset < VIOT_HEADER)
        rd_fail(body, ST_MALFORMED, "nodes start inside the header");
    rd_seek(body, offset - ACPI_HEADER_LEN);
}

/* Segments and BDFs of a range are two independent pairs: both ends are included. */
static void check_pair(struct rd *body, size_t at)
{
    rd_seek(body, at);
    uint16_t first = rd_le16(body);
    struct rd last = *body;
    if (rd_le16(&last) < first)
        rd_fail(body, ST_MALFORMED, "range ends before it starts");
}

static void parse_node(struct acpi_rec *node, struct viot *v, struct set16 *iommus)
{
    v->nodes++;
    if (!is_known(node)) {
        v->unknown++;
        return;
    }
    v->counts[node->type]++;
    if (node->whole.len < forms[node->type].fixed) {
        rd_seek(&node->body, 0);
        rd_fail(&node->body, ST_MALFORMED, "node is shorter than its fixed part");
        return;
    }
    if (node->type == VIOT_PCI_RANGE) {
        check_pair(&node->body, RANGE_SEGMENTS);
        check_pair(&node->body, RANGE_BDFS);
    }
    /* An output node has 16 bits and cannot name a node at a larger offset. */
    if (forms[node->type].iommu && node->offset <= UINT16_MAX)
        (void)set16_add(iommus, (uint16_t)node->offset);
}

/* A second pass, as nodes may name later ones. It sees sound nodes only. */
static void check_outputs(struct rd *nodes, unsigned count, const struct set16 *iommus)
{
    struct acpi_rec node;
    for (unsigned i = 0; i < count && acpi_next_rec(nodes, ACPI_REC_U8_FLAGS_U16, &node); i++) {
        if (!is_known(&node) || !forms[node.type].endpoint)
            continue;
        rd_seek(&node.body, OUTPUT_NODE);
        struct rd field = node.body;
        if (!set16_has(iommus, rd_le16(&field)))
            rd_fail(&node.body, ST_MALFORMED, "output node is not a virtio-iommu of this table");
        rd_inherit(nodes, &node.body);
    }
}

enum status viot_parse(struct span table, struct viot *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "VIOT", &t, fault);
    if (st != ST_OK)
        return st;
    struct viot v = {.revision = t.revision};
    struct set16 iommus = {0};
    unsigned count = rd_le16(&t.body);
    seek_nodes(&t.body);
    struct rd nodes = t.body;
    struct acpi_rec node;
    while (v.nodes < count && acpi_next_rec(&t.body, ACPI_REC_U8_FLAGS_U16, &node)) {
        parse_node(&node, &v, &iommus);
        rd_inherit(&t.body, &node.body);
    }
    if (v.nodes < count)
        rd_fail(&t.body, ST_MALFORMED, "fewer nodes than the header declares");
    if (rd_ok(&t.body))
        check_outputs(&nodes, count, &iommus);
    rd_inherit(&t.body, &nodes);
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = v;
    return st;
}
