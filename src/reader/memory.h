/* SPDX-License-Identifier: MIT */
/* Bytes of physical memory through /dev/mem, of this machine only. */
#ifndef READER_MEMORY_H
#define READER_MEMORY_H

#include "ask/ask.h"

/* Reads page by page, as long as /proc/iomem lists the page as memory. */
void memory_answer(int root, bool live, const struct question *q, struct arena *a,
                   struct answer *out);

#endif
