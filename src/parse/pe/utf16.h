/* SPDX-License-Identifier: MIT */
/* UTF-16 of little-endian byte order, as Windows stores text (Unicode 15, section 3.9). */
#ifndef PARSE_PE_UTF16_H
#define PARSE_PE_UTF16_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* `s` up to its first NUL as UTF-8; a lone surrogate becomes U+FFFD, a control character '?'. */
const char *utf16_text(struct span s, struct arena *a);

/* The same for big-endian byte order (BMPString of X.509). */
const char *utf16_be_text(struct span s, struct arena *a);

/* A whole text file of either byte order, in which line ends and tabs stay unchanged. */
const char *utf16_lines(struct span s, bool big, struct arena *a);

#endif
