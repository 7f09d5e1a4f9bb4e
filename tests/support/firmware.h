/* SPDX-License-Identifier: MIT */
/* MOR and its lock as firmware keeps them, in memory, behind a struct mor_store; faults on demand.
 */
#ifndef SUPPORT_FIRMWARE_H
#define SUPPORT_FIRMWARE_H

#include "mor/mor.h"

enum firmware_kind {
    FIRMWARE_REVISION_1,     /* refuses eight bytes */
    FIRMWARE_REVISION_2,     /* edk2 since 2023: 1 after a wrong key */
    FIRMWARE_REVISION_2_OLD, /* edk2 before: goes on showing 2, and knows no key any more */
    FIRMWARE_WITHOUT_LOCK,   /* MOR alone */
    FIRMWARE_WITHOUT_MOR,
    FIRMWARE_BYTE_LOCK, /* broken: takes eight bytes for a lock without a key */
    FIRMWARE_FORGETS,   /* broken: takes the key and refuses it afterwards */
    FIRMWARE_DEAF,      /* broken: accepts every write and does nothing */
    FIRMWARE_KINDS
};

/* What goes wrong at the n-th call (from 1 on) of read, write, thaw or freeze. */
enum firmware_fault {
    FAULT_NONE,
    FAULT_READ,         /* this read fails */
    FAULT_READS,        /* this one and all that follow */
    FAULT_WRITE_LOST,   /* the kernel fails the write, firmware never sees it */
    FAULT_WRITES_LOST,  /* this one and all that follow */
    FAULT_WRITE_HIDDEN, /* firmware acts, and the caller is told that it was not sent */
    FAULT_WRITE_BENT,   /* another key arrives */
    FAULT_THAW,
    FAULT_FREEZE,
};

struct firmware {
    enum firmware_kind kind;
    enum firmware_fault fault;
    unsigned at; /* the call that the fault hits */
    uint8_t control, lock;
    uint8_t key[MOR_KEY_LEN];
    bool key_lost;
    bool writable, held;
    unsigned reads, writes;
    bool wrote_unheld; /* a write outside hold() and release(), or to a frozen file */
};

/* A machine that has just started; MOR's bit 0 is set, as Linux leaves it. */
void firmware_start(struct firmware *f, enum firmware_kind kind);
struct mor_store firmware_store(struct firmware *f);

#endif
