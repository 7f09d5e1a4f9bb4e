/* SPDX-License-Identifier: MIT */
#include "io/confirm.h"

#include <string.h>
#include <unistd.h>

bool confirm_typed(FILE *in, FILE *prompt)
{
    char line[16];
    if (isatty(fileno(in)) != 1)
        return false;
    (void)fputs("Type 'yes' to go on: ", prompt);
    return fflush(prompt) == 0 && fgets(line, sizeof line, in) != NULL &&
           strcmp(line, "yes\n") == 0;
}
