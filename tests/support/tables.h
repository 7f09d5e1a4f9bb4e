/* SPDX-License-Identifier: MIT */
/* One sound table of each kind, small but with every structure that parsers tell apart. */
#ifndef SUPPORT_TABLES_H
#define SUPPORT_TABLES_H

#include "support/build.h"

struct span table_wsmt(struct build *b, uint32_t flags);

/* Two DRHDs (the second INCLUDE_PCI_ALL), one each of types 1 to 6, one of type 9; 7 scopes. */
struct span table_dmar(struct build *b);
void put_drhd(struct build *b, unsigned flags, uint64_t base, unsigned scopes);
void put_scope(struct build *b, unsigned type, unsigned hops);

/* One unit by types 10h, 11h and 40h, an IVMD 21h and a block 51h; 6 device entries. */
struct span table_ivrs(struct build *b);
/* `entries_len` bytes of device entries must follow. */
void put_ivhd(struct build *b, unsigned type, unsigned device, uint64_t base, size_t entries_len);
/* Device entries of 4 bytes; and of 8 with another id, the alias of types 42h and 43h. */
void put_entry(struct build *b, unsigned type, unsigned id);
void put_long_entry(struct build *b, unsigned type, unsigned id, unsigned other);

/* ITS, root complex with two mappings, SMMUv3, node of type 9; nodes start at `offset`. */
struct span table_iort(struct build *b, unsigned revision, uint32_t offset);
void put_node(struct build *b, unsigned type, unsigned length, uint32_t mappings, uint32_t offset);
/* `more` ids follow the first; `target` is an offset in the table. */
void put_mapping(struct build *b, uint32_t first, uint32_t more, uint32_t output, uint32_t target);
/* A whole RMR node without mappings; its memory ranges, from `offset` of it on, are zero. */
void put_rmr(struct build *b, unsigned length, uint32_t ranges, uint32_t offset);

struct span table_tpm2(struct build *b, unsigned revision, size_t length);
struct span table_facp(struct build *b, unsigned revision, size_t length, const char *hypervisor);
struct span table_apic(struct build *b);

/* Buses 0-1fh and 80h-ffh of segment 0, all of segment 3. */
struct span table_mcfg(struct build *b);
void put_buses(struct build *b, uint64_t base, unsigned segment, unsigned first, unsigned last);

/*
 * At 48 a PCI range behind 96, at 72 an MMIO endpoint behind 112, at 96 a virtio-iommu on PCI, at
 * 112 one on MMIO, at 128 a node of type 9 and 7 bytes, at 135 a PCI range behind 96.
 */
struct span table_viot(struct build *b);
/* `pairs` holds first and last segment, first and last BDF, 16 bits each from the lowest on. */
void put_pci_range(struct build *b, uint64_t pairs, unsigned output);

#endif
