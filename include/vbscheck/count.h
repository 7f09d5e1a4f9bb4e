/* SPDX-License-Identifier: MIT */
#ifndef VBSCHECK_COUNT_H
#define VBSCHECK_COUNT_H

/* Elements of an array (not of a pointer). */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
