/* SPDX-License-Identifier: MIT */
/* Writes the only document of a verb. */
#ifndef CLI_DIFF_DOCUMENT_H
#define CLI_DIFF_DOCUMENT_H

#include "cli/config.h"
#include "confine/confine.h"

/*
 * Prints what a confined process returned, or writes it to --output, whole or not at all. Its
 * message, or why nothing could be written, goes to standard error.
 * Returns the exit status of `result`, or 2.
 */
int document_write(const struct config *c, const struct looks *looks, const struct judged *result,
                   struct arena *a);

#endif
