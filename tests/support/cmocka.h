/* SPDX-License-Identifier: MIT */
/* cmocka and what it wants included before it, in its order. */
#ifndef SUPPORT_CMOCKA_H
#define SUPPORT_CMOCKA_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#endif
