/* SPDX-License-Identifier: MIT */
/* EFI variables of this machine through libefivar, in a child that has nothing else. */
#ifndef READER_EFIVARS_H
#define READER_EFIVARS_H

#include "ask/ask.h"

/*
 * An item each of the `n` variables, "NAME-GUID": attributes and data in one block, as efivarfs
 * shows them. ST_NOT_COLLECTED for all where the library is not installed, ST_IO_ERROR for those
 * that the child, which has two seconds, did not come to.
 */
struct span efivars_read(const char *const *names, size_t n, struct arena *a);

#endif
