/* SPDX-License-Identifier: MIT */
/* The one document of a verb on its way out. */
#ifndef CLI_DIFF_DOCUMENT_H
#define CLI_DIFF_DOCUMENT_H

#include "cli/config.h"
#include "confine/confine.h"

/*
 * Prints what a confined process handed back, or writes it to --output, whole or not at all; its
 * message, or that nothing could be written, is said on standard error.
 * Returns the exit status of `result`, or 2.
 */
int document_write(const struct config *c, const struct looks *looks, const struct judged *result,
                   struct arena *a);

#endif
