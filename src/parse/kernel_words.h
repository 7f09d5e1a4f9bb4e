/* SPDX-License-Identifier: MIT */
/* The blob `kernel`: which of its lines, and which words of the kernel's command line, decide. */
#ifndef PARSE_KERNEL_WORDS_H
#define PARSE_KERNEL_WORDS_H

#include "vbscheck/span.h"

/* Only such words of a command line are kept: others hold UUIDs, paths, passwords. */
bool kernel_word_decides(struct span word);

/* "release: 6.1.0": a line other than that of the command line, with a key that is known. */
bool kernel_line_is_known(struct span line);

#endif
