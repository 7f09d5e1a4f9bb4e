/* SPDX-License-Identifier: MIT */
#include "vbscheck/hex.h"

#define DIGITS(c, v) [(c)] = (v), [(c) + 1] = (v) + 1, [(c) + 2] = (v) + 2

const uint8_t hex_values[256] = {
    DIGITS('0', 1),  DIGITS('3', 4),  DIGITS('6', 7),  ['9'] = 10,
    DIGITS('A', 11), DIGITS('D', 14), DIGITS('a', 11), DIGITS('d', 14),
};
