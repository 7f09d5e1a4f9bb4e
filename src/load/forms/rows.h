/* SPDX-License-Identifier: MIT */
/* How many rows the table of forms has: kinds of texts are counted by it (load/load.h). */
#ifndef LOAD_FORMS_ROWS_H
#define LOAD_FORMS_ROWS_H

enum { FORMS_N = 9 };

#endif
