/* SPDX-License-Identifier: MIT */
#include "support/tables.h"

struct span table_wsmt(struct build *b, uint32_t flags)
{
    acpi_begin(b, "WSMT", 1);
    put_le32(b, flags);
    return acpi_end(b);
}

void put_scope(struct build *b, unsigned type, unsigned hops)
{
    put_u8(b, type);
    put_u8(b, 6 + 2 * hops);
    put_zeros(b, 3); /* flags, reserved, enumeration id */
    put_u8(b, 0xf0);
    for (unsigned i = 0; i < hops; i++)
        put_le16(b, 0x0102);
}

void put_drhd(struct build *b, unsigned flags, uint64_t base, unsigned scopes)
{
    put_le16(b, 0);
    put_le16(b, 16 + 8 * scopes);
    put_u8(b, flags);
    put_u8(b, 0);
    put_le16(b, 0);
    put_le64(b, base);
    for (unsigned i = 0; i < scopes; i++)
        put_scope(b, 1 + i, 1);
}

static void put_head(struct build *b, unsigned type, unsigned length)
{
    put_le16(b, type);
    put_le16(b, length);
}

struct span table_dmar(struct build *b)
{
    acpi_begin(b, "DMAR", 1);
    put_u8(b, 38);
    put_u8(b, 5);
    put_zeros(b, 10);
    put_drhd(b, 0, 0xfed90000, 1);
    put_drhd(b, 1, 0xfed91000, 2);
    put_head(b, 1, 24 + 8); /* RMRR */
    put_zeros(b, 4);
    put_le64(b, 0x1000);
    put_le64(b, 0x1fff);
    put_scope(b, 1, 1);
    put_head(b, 2, 8 + 10); /* ATSR */
    put_zeros(b, 4);
    put_scope(b, 2, 2);
    put_head(b, 3, 20); /* RHSA */
    put_zeros(b, 16);
    put_head(b, 4, 8 + 6); /* ANDD */
    put_le32(b, 0x01000000);
    put_bytes(b, "\\_SB.A", 6);
    put_head(b, 5, 8 + 8); /* SATC */
    put_zeros(b, 4);
    put_scope(b, 1, 1);
    put_head(b, 6, 8 + 8); /* SIDP */
    put_zeros(b, 4);
    put_scope(b, 1, 1);
    put_head(b, 9, 6);
    put_le16(b, 0);
    return acpi_end(b);
}

void put_ivhd(struct build *b, unsigned type, unsigned device, uint64_t base, size_t entries_len)
{
    size_t fixed = type == 0x10 ? 24 : 40;
    put_u8(b, type);
    put_u8(b, 0xb0);
    put_le16(b, (unsigned)(fixed + entries_len));
    put_le16(b, device);
    put_le16(b, 0x40);
    put_le64(b, base);
    put_le16(b, 0); /* segment */
    put_le16(b, 0);
    put_zeros(b, fixed - 20);
}

void put_entry(struct build *b, unsigned type, unsigned id)
{
    put_u8(b, type);
    put_le16(b, id);
    put_u8(b, 0);
}

void put_long_entry(struct build *b, unsigned type, unsigned id, unsigned other)
{
    put_entry(b, type, id);
    put_u8(b, 0);
    put_le16(b, other);
    put_u8(b, 0);
}

static void put_hid_entry(struct build *b, const char *uid, size_t len)
{
    put_u8(b, 0xf0);
    put_le16(b, 0xa5);
    put_u8(b, 0);
    put_bytes(b, "AMDI0020", 8);
    put_zeros(b, 8);
    put_u8(b, 2);
    put_u8(b, (unsigned)len);
    put_bytes(b, uid, len);
}

struct span table_ivrs(struct build *b)
{
    acpi_begin(b, "IVRS", 2);
    put_le32(b, 0x00203043);
    put_zeros(b, 8);
    put_ivhd(b, 0x10, 2, 0xfeb80000, 4 + 4 + 4);
    put_le32(b, 0); /* padding */
    put_entry(b, 0x03, 8);
    put_entry(b, 0x04, 0xffff);
    put_ivhd(b, 0x11, 2, 0xfeb80000, 8 + 8);
    put_long_entry(b, 0x42, 0x10, 0xa5);
    put_long_entry(b, 0x48, 0, 0xa0);
    put_ivhd(b, 0x40, 2, 0xfeb80000, 22 + 9);
    put_hid_entry(b, "\\_SB.FUR0", 9);
    put_le32(b, 0x00200021); /* IVMD of one device, 32 bytes */
    put_zeros(b, 28);
    put_le32(b, 0x00200051); /* seen on Lenovo machines */
    put_zeros(b, 28);
    return acpi_end(b);
}

void put_node(struct build *b, unsigned type, unsigned length, uint32_t mappings, uint32_t offset)
{
    put_u8(b, type);
    put_le16(b, length);
    put_u8(b, 0);
    put_le32(b, 0);
    put_le32(b, mappings);
    put_le32(b, offset);
}

void put_mapping(struct build *b, uint32_t first, uint32_t more, uint32_t output, uint32_t target)
{
    put_le32(b, first);
    put_le32(b, more);
    put_le32(b, output);
    put_le32(b, target);
    put_le32(b, 0);
}

void put_rmr(struct build *b, unsigned length, uint32_t ranges, uint32_t offset)
{
    put_node(b, 6, length, 0, 0);
    put_le32(b, UINT32_MAX); /* flags */
    put_le32(b, ranges);
    put_le32(b, offset);
    put_zeros(b, length - 28);
}

struct span table_iort(struct build *b, unsigned revision, uint32_t offset)
{
    acpi_begin(b, "IORT", revision);
    put_le32(b, 4);
    put_le32(b, offset);
    put_le32(b, 0);
    put_zeros(b, offset - 48);
    put_node(b, 0, 24, 0, 0);
    put_le32(b, 1);
    put_le32(b, 0);
    put_node(b, 2, 36 + 2 * 20, 2, 36);
    put_zeros(b, 20);
    put_mapping(b, 0, 0xffff, 0x10000, offset + 24 + 76); /* to the SMMU, further down */
    put_mapping(b, 0x10000, 0xff, 0, offset);             /* to the ITS */
    put_node(b, 4, 68, 0, 0);
    put_zeros(b, 52);
    put_node(b, 9, 17, 0, 0); /* an odd length: nodes need not be aligned */
    put_u8(b, 0);
    return acpi_end(b);
}

struct span table_tpm2(struct build *b, unsigned revision, size_t length)
{
    acpi_begin(b, "TPM2", revision);
    put_le16(b, 1);
    put_le16(b, 0);
    put_le64(b, 0xfed40040);
    put_le32(b, 7);
    put_zeros(b, length - b->len);
    return acpi_end(b);
}

struct span table_facp(struct build *b, unsigned revision, size_t length, const char *hypervisor)
{
    acpi_begin(b, "FACP", revision);
    put_zeros(b, (length < 268 ? length : 268) - b->len);
    if (length >= 276)
        put_bytes(b, hypervisor, 8);
    put_zeros(b, length - b->len);
    return acpi_end(b);
}

struct span table_apic(struct build *b)
{
    acpi_begin(b, "APIC", 5);
    put_le64(b, 0xfee00000);
    put_le16(b, 0x0800); /* local APIC, 8 bytes */
    put_zeros(b, 6);
    put_le16(b, 0x0c01); /* I/O APIC, 12 bytes */
    put_zeros(b, 10);
    return acpi_end(b);
}

void put_buses(struct build *b, uint64_t base, unsigned segment, unsigned first, unsigned last)
{
    put_le64(b, base);
    put_le16(b, segment);
    put_u8(b, first);
    put_u8(b, last);
    put_le32(b, 0);
}

struct span table_mcfg(struct build *b)
{
    acpi_begin(b, "MCFG", 1);
    put_le64(b, 0);
    put_buses(b, 0xe0000000, 0, 0, 0x1f);
    put_buses(b, 0xe0000000, 0, 0x80, 0xff);
    put_buses(b, 0x7c00000000, 3, 0, 0xff);
    return acpi_end(b);
}

void put_pci_range(struct build *b, uint64_t pairs, unsigned output)
{
    put_le32(b, 0x00180001); /* type 1, 24 bytes */
    put_le32(b, 0);          /* first endpoint */
    put_le64(b, pairs);
    put_le16(b, output);
    put_zeros(b, 6);
}

struct span table_viot(struct build *b)
{
    acpi_begin(b, "VIOT", 0);
    put_le16(b, 6);
    put_le16(b, 48);
    put_le64(b, 0);
    put_pci_range(b, 0xffff000000000000, 96);
    put_le32(b, 0x00180002); /* MMIO endpoint, 24 bytes */
    put_le32(b, 0x10000);
    put_le64(b, 0x1c000000);
    put_le64(b, 112);
    put_le32(b, 0x00100003); /* virtio-iommu on PCI, 16 bytes */
    put_le32(b, 0x00080000); /* segment 0, 00:01.0 */
    put_le64(b, 0);
    put_le32(b, 0x00100004); /* virtio-iommu on MMIO, 16 bytes */
    put_le32(b, 0);
    put_le64(b, 0x1d000000);
    put_le32(b, 0x00070009);
    put_zeros(b, 3);
    put_pci_range(b, 0x01ff010000020002, 96);
    return acpi_end(b);
}
