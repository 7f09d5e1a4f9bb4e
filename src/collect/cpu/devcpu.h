/* SPDX-License-Identifier: MIT */
/* The devices of the modules msr and cpuid: /dev/cpu/N/msr, /dev/cpu/N/cpuid. */
#ifndef COLLECT_CPU_DEVCPU_H
#define COLLECT_CPU_DEVCPU_H

#include "collect/source.h"

struct devcpu {
    const unsigned *numbers; /* of the logical CPUs that have a folder, ascending */
    size_t n;
};

/*
 * The logical CPUs, if the module's class `name` ("msr") is there: opening a device node without
 * its driver would make the kernel load the module, and a scan loads none.
 * Returns ST_OK, ST_NO_DRIVER (live) or ST_NOT_COLLECTED (a tree without the devices).
 */
enum status devcpu_list(const struct collector *c, const char *name, struct devcpu *out);

/*
 * Opens the device `name` of one CPU.
 * Returns a descriptor, or -1 with *why; what is no character device is ST_ABSENT.
 */
int devcpu_open(const struct collector *c, unsigned cpu, const char *name, enum status *why);

#endif
