/* SPDX-License-Identifier: MIT */
/* Asks the user at the terminal. */
#ifndef IO_CONFIRM_H
#define IO_CONFIRM_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Asks on `prompt` and reads a line of `in`. True only if `in` is a terminal and the line is "yes":
 * pipes, files and end of input never confirm, and nothing is read unless `in` is a terminal.
 */
bool confirm_typed(FILE *in, FILE *prompt);

#endif
