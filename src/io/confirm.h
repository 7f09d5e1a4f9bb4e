/* SPDX-License-Identifier: MIT */
/* Asking the one in front of the terminal. */
#ifndef IO_CONFIRM_H
#define IO_CONFIRM_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Asks on `prompt` and reads a line of `in`. True only if `in` is a terminal and the line is "yes";
 * a pipe, a file and an end of input confirm nothing, and of what is no terminal nothing is read.
 */
bool confirm_typed(FILE *in, FILE *prompt);

#endif
