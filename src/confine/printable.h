/* SPDX-License-Identifier: MIT */
/* The last check of a document, by a process that did not make it. */
#ifndef CONFINE_PRINTABLE_H
#define CONFINE_PRINTABLE_H

#include <stdbool.h>

#include "vbscheck/span.h"

/*
 * True if a terminal would only show `document`: it contains no control characters except newline
 * and tab, neither ASCII ones nor those of UTF-8 (U+0080 to U+009F); with `color`, sequences that
 * set colours are allowed. Reports contain nothing else, so any other document was not made by a
 * reporter.
 */
bool is_printable(struct span document, bool color);

#endif
