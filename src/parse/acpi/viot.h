/* SPDX-License-Identifier: MIT */
/* Virtual I/O translation table: ACPI specification 6.5, section 5.2.34. */
#ifndef PARSE_ACPI_VIOT_H
#define PARSE_ACPI_VIOT_H

#include "vbscheck/span.h"

enum viot_type {
    VIOT_PCI_RANGE = 1,
    VIOT_MMIO_ENDPOINT = 2,
    VIOT_VIRTIO_IOMMU_PCI = 3,
    VIOT_VIRTIO_IOMMU_MMIO = 4,
    VIOT_TYPES = 5
};

struct viot {
    uint8_t revision;
    unsigned nodes;
    unsigned counts[VIOT_TYPES]; /* nodes of each known type; there is no type 0 */
    unsigned unknown;            /* nodes of other types */
};

/*
 * Parses a whole VIOT: nodes follow one another from the node offset on, and each endpoint's
 * output node must be a virtio-iommu of the table. Nodes of unknown type are skipped by their
 * length, bytes after the last node are ignored.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status viot_parse(struct span table, struct viot *out, struct fault *fault);

#endif
