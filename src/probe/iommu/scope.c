/* SPDX-License-Identifier: MIT */
#include "probe/iommu/scope.h"

#include "vbscheck/count.h"

/* Base class and subclass. SD host controllers (0805) and DMA controllers (0801) are in scope. */
static const struct {
    uint16_t class_code, mask;
} out_of_scope[] = {
    {0x0600, 0xffff}, /* host bridge */
    {0x0601, 0xffff}, /* ISA bridge */
    {0x0604, 0xffff}, /* PCI bridge: the functions below it are judged */
    {0x0806, 0xffff}, /* IOMMU */
    {0x0800, 0xffff}, /* interrupt controller */
    {0x0c05, 0xffff}, /* SMBus */
    {0x1100, 0xffff}, /* DPIO modules */
    {0x1300, 0xff00}, /* instrumentation */
};

/* Classes with both kinds: AMD's NPU is a signal processing controller, and so are sensors. */
static const struct {
    uint16_t class_code, mask;
} undecided[] = {
    {0x0880, 0xffff}, /* other system peripheral */
    {0x0500, 0xff00}, /* memory */
    {0x1100, 0xff00}, /* signal processing */
};

static enum scope by_bus_master(const struct pci_function *f)
{
    if (f->bus_master == TOLD_YES)
        return SCOPE_IN;
    return f->bus_master == TOLD_NO ? SCOPE_IDLE : SCOPE_OPEN;
}

enum scope scope_of(const struct pci_function *f)
{
    uint16_t class_code = (uint16_t)(f->class_code >> 8);
    if (f->is_bridge == TOLD_YES)
        return SCOPE_OUT;
    if (f->class_told != TOLD_YES)
        return SCOPE_IN;
    for (size_t i = 0; i < COUNT(out_of_scope); i++) {
        if ((class_code & out_of_scope[i].mask) == out_of_scope[i].class_code)
            return SCOPE_OUT;
    }
    for (size_t i = 0; i < COUNT(undecided); i++) {
        if ((class_code & undecided[i].mask) == undecided[i].class_code)
            return by_bus_master(f);
    }
    return SCOPE_IN;
}
