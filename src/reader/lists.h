/* SPDX-License-Identifier: MIT */
/* Answers from libraries, which run in their own children: variables, names, the TPM. */
#ifndef READER_LISTS_H
#define READER_LISTS_H

#include "reader/state.h"

/* Returns false if the question's list is invalid. */
bool lists_answer(const struct reader *r, const struct question *q, struct arena *a,
                  struct answer *out);

#endif
