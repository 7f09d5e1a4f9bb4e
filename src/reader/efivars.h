/* SPDX-License-Identifier: MIT */
/* Reads EFI variables of this machine through libefivar, in a child without other rights. */
#ifndef READER_EFIVARS_H
#define READER_EFIVARS_H

#include "ask/ask.h"

/*
 * Returns one item for each of the `n` variables, "NAME-GUID": attributes and data in one block, as
 * efivarfs shows them. ST_NOT_COLLECTED for all if the library is not installed, ST_IO_ERROR for
 * those that the child, which has two seconds, did not reach.
 */
struct span efivars_read(const char *const *names, size_t n, struct arena *a);

#endif
