/* SPDX-License-Identifier: MIT */
/* --azure-imds: the only question that this program sends over a network, and only on request. */
#ifndef CLI_AZURE_METADATA_H
#define CLI_AZURE_METADATA_H

#include "cli/config.h"

/*
 * Asks the instance metadata service, within a second. Returns a blob with the answer, not yet
 * parsed, or with the reason why there is none; the bytes are made in `a`.
 */
struct blob metadata_ask(const struct config *c, struct arena *a);

#endif
