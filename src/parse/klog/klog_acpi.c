/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_acpi.h"

#include "vbscheck/count.h"

static const char *const known[] = {
    "FACP", "APIC", "DMAR", "IVRS", "IORT", "WSMT", "TPM2", "TCPA", "MCFG", "VIOT", "XMAR", "RMAD",
};

/* The bit of a signature; 0 for one that no probe asks for. */
static unsigned bit_of(struct span signature)
{
    for (unsigned i = 0; i < COUNT(known); i++) {
        if (span_is(signature, known[i]))
            return 1U << i;
    }
    return 0;
}

static bool is_signature(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '!' && c != '_' && c != '#')
            return false;
    }
    return s.len == 4;
}

bool klog_acpi_line(struct span message, struct span *signature, uint64_t *length)
{
    static const char prefix[] = "ACPI: ";
    struct span rest = span_skip(message, sizeof prefix - 1), name, address, size;
    uint64_t at;
    if (!span_starts(message, prefix) || !span_next_word(&rest, &name) || !is_signature(name) ||
        !span_next_word(&rest, &address) || !span_next_word(&rest, &size))
        return false;
    if (span_starts(address, "0x"))
        address = span_skip(address, 2);
    if (address.len < 8 || !span_take_hex(&address, &at) || address.len > 0 || size.len < 6 ||
        !span_take_hex(&size, length) || size.len > 0)
        return false;
    *signature = name;
    return true;
}

static void count(struct klog_acpi *l, struct span message)
{
    for (size_t i = 0; i < l->counted && i < KLOG_ACPI_MOST; i++) {
        if (span_equal(l->lines[i], message))
            return;
    }
    if (l->counted < KLOG_ACPI_MOST)
        l->lines[l->counted] = message;
    l->counted++;
}

static void end_run(struct klog_acpi *l)
{
    l->whole |= l->in_run && l->counted == l->expected && l->counted <= KLOG_ACPI_MOST;
    l->in_run = false;
}

void klog_acpi_take(struct klog_acpi *l, struct span message)
{
    enum { HEADER = 36, WIDE = 8, NARROW = 4 };
    struct span signature;
    uint64_t length;
    if (!klog_acpi_line(message, &signature, &length)) {
        end_run(l);
        return;
    }
    bool wide = span_is(signature, "XSDT");
    l->listed |= bit_of(signature);
    if (wide || span_is(signature, "RSDT")) {
        end_run(l);
        l->in_run = length >= HEADER;
        l->expected = length >= HEADER ? (size_t)(length - HEADER) / (wide ? WIDE : NARROW) : 0;
        l->counted = 0;
        l->has_root = true;
    } else if (span_is(signature, "RSDP")) { /* stands before all others */
        l->in_run = false;
    } else if (!span_is(signature, "DSDT") && !span_is(signature, "FACS")) {
        count(l, message);
    }
}

bool klog_acpi_lists(const struct klog_acpi *l, const char *signature)
{
    return (l->listed & bit_of(span_of(signature))) != 0;
}

bool klog_acpi_lacks(const struct klog_acpi *l, const char *signature)
{
    unsigned bit = bit_of(span_of(signature));
    return l->whole && bit != 0 && (l->listed & bit) == 0;
}
