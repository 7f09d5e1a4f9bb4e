/* SPDX-License-Identifier: MIT */
/* Where the evidence was seen from: which machine it describes, and what stands between. */
#ifndef VBSCHECK_VIEWPOINT_H
#define VBSCHECK_VIEWPOINT_H

/*
 * Root partition and dom0 are the PC itself, seen from inside the first virtual machine of its
 * hypervisor. WSL is a virtual machine of Windows; its users ask about the PC below it.
 */
enum viewpoint {
    VIEW_UNKNOWN = 0, /* the evidence does not show it */
    VIEW_METAL,
    VIEW_GUEST, /* a virtual machine, which is judged itself */
    VIEW_ROOT,  /* Hyper-V's root partition */
    VIEW_DOM0,  /* Xen's privileged domain */
    VIEW_WSL,
    VIEW_COUNT
};

/* The contract's word for it ("metal"); NULL for VIEW_UNKNOWN. */
const char *viewpoint_name(enum viewpoint v);

#endif
