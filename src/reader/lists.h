/* SPDX-License-Identifier: MIT */
/* Answers of libraries, which run in children of their own: variables, names, the TPM. */
#ifndef READER_LISTS_H
#define READER_LISTS_H

#include "reader/state.h"

/* Returns false for a list that is none. */
bool lists_answer(const struct reader *r, const struct question *q, struct arena *a,
                  struct answer *out);

#endif
