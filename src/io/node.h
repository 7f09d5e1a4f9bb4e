/* SPDX-License-Identifier: MIT */
/* Device nodes: opened on this machine only, and only if they are the expected device. */
#ifndef IO_NODE_H
#define IO_NODE_H

#include <stdbool.h>

#include "vbscheck/status.h"

/* Numbers of character devices: Linux Documentation/admin-guide/devices.txt. */
enum {
    NODE_MEMORY_MAJOR = 1,
    NODE_MEM_MINOR = 1,
    NODE_KMSG_MINOR = 11,
    NODE_MSR_MAJOR = 202, /* minor: the CPU */
};

/*
 * Opens `path` below `root` for reading if it is the character device with these numbers. No other
 * device is opened: opening alone can act (for example, it starts a watchdog). In a tree that is
 * not this machine (`live` false) no node is opened at all.
 * Returns a descriptor, or -1 with *why; ST_ABSENT if that device is not there.
 */
int node_open(int root, bool live, const char *path, unsigned major, unsigned minor,
              enum status *why);

/* True if `path` is a device; does not open it to find out. */
bool node_is(const char *path);

/* True if `path` is a device that may have no end: every one but /dev/null. */
bool node_is_endless(const char *path);

#endif
