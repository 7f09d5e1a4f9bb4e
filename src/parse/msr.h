/* SPDX-License-Identifier: MIT */
/*
 * The blob `msr`: one line per register and logical CPU, "CPU 0xREGISTER 0xVALUE", or a status word
 * in place of the value ("absent": the processor does not have the register).
 * Registers: Intel SDM volume 4 and volume 3 appendix A; AMD APM volume 2 chapter 15.
 */
#ifndef PARSE_MSR_H
#define PARSE_MSR_H

#include "vbscheck/span.h"

/* id, register number, name */
#define MSR_TABLE(X)                                                                               \
    X(FEATURE_CONTROL, 0x3a, "IA32_FEATURE_CONTROL")                                               \
    X(VMX_BASIC, 0x480, "IA32_VMX_BASIC")                                                          \
    X(VMX_PINBASED, 0x481, "IA32_VMX_PINBASED_CTLS")                                               \
    X(VMX_PROCBASED, 0x482, "IA32_VMX_PROCBASED_CTLS")                                             \
    X(VMX_PROCBASED2, 0x48b, "IA32_VMX_PROCBASED_CTLS2")                                           \
    X(VMX_EPT_VPID_CAP, 0x48c, "IA32_VMX_EPT_VPID_CAP")                                            \
    X(VMX_TRUE_PINBASED, 0x48d, "IA32_VMX_TRUE_PINBASED_CTLS")                                     \
    X(VMX_TRUE_PROCBASED, 0x48e, "IA32_VMX_TRUE_PROCBASED_CTLS")                                   \
    X(VMX_VMFUNC, 0x491, "IA32_VMX_VMFUNC")                                                        \
    X(VMX_PROCBASED3, 0x492, "IA32_VMX_PROCBASED_CTLS3")                                           \
    X(EFER, 0xc0000080, "EFER")                                                                    \
    X(VM_CR, 0xc0010114, "VM_CR")

enum msr_id {
#define X(id, number, name) MSR_##id,
    MSR_TABLE(X)
#undef X
        MSR_COUNT
};

/* Register number of each, and its name; in src/parse/msr.c. */
extern const uint32_t msr_numbers[MSR_COUNT];

/* The values of one register on all logical CPUs. */
struct msr_values {
    unsigned known; /* CPUs whose value was read */
    enum status st; /* ST_OK if all were read; else the first reason why not */
    uint64_t any;   /* OR over the known values */
    uint64_t all;   /* AND over the known values */
    uint64_t first; /* the first known value */
    size_t offset;  /* of the line of `first` in the text */
};

struct msrs {
    struct msr_values reg[MSR_COUNT];
};

/*
 * Parses the blob. A register without a line has ST_NOT_COLLECTED; unknown registers are skipped.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status msr_parse(struct span text, struct msrs *out, struct fault *fault);

/*
 * The first value of a register with (value & mask) != expected: that of the CPU that differs from
 * the others. msr_parse() must have accepted `text`. Returns false, with *value and *offset (of the
 * line) untouched, where there is none.
 */
bool msr_find_unlike(struct span text, enum msr_id id, uint64_t mask, uint64_t expected,
                     uint64_t *value, size_t *offset);

#endif
