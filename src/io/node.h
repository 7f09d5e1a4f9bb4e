/* SPDX-License-Identifier: MIT */
/* Device nodes: opened on this machine only, and only where they are the device that was meant. */
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
 * Opens `path` below `root` for reading if it is the character device with these numbers. Another
 * one is not opened: opening alone can act (it starts a watchdog, say). In a tree that is not this
 * machine (`live` false) no node is opened at all, whoever made it.
 * Returns a descriptor, or -1 with *why; ST_ABSENT where that device is not there.
 */
int node_open(int root, bool live, const char *path, unsigned major, unsigned minor,
              enum status *why);

/* True if `path` is a device, which is not opened to find out. */
bool node_is(const char *path);

#endif
