/* SPDX-License-Identifier: MIT */
/* The last look at a document, by the process that did not make it. */
#ifndef CONFINE_PRINTABLE_H
#define CONFINE_PRINTABLE_H

#include <stdbool.h>

#include "vbscheck/span.h"

/*
 * True if a terminal would only show `document`: no control character but newline and tab, neither
 * the ASCII ones nor those of UTF-8 (U+0080 to U+009F); with `color` also the sequences that set
 * colours. No report holds anything else, so what does was not made by a reporter.
 */
bool is_printable(struct span document, bool color);

#endif
