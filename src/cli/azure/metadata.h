/* SPDX-License-Identifier: MIT */
/* --azure-imds: the one thing that this program asks of a network, and only when it is told to. */
#ifndef CLI_AZURE_METADATA_H
#define CLI_AZURE_METADATA_H

#include "cli/config.h"

/*
 * Asks the instance metadata service, within a second. Returns the blob with its answer, which
 * nobody has looked at, or with why there is none; the bytes are made in `a`.
 */
struct blob metadata_ask(const struct config *c, struct arena *a);

#endif
