/* SPDX-License-Identifier: MIT */
#include "cli/terminal.h"

#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/*
 * libc's table of widths is the one that terminals use, needs no other library, and follows
 * Unicode; it works only in a UTF-8 locale. The user's locale, if it is UTF-8, is set already.
 */
static int (*width_table(const struct config *c))(wchar_t)
{
    if (c->ascii)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    return wcwidth;
}

static unsigned width_of_terminal(void)
{
    enum { LEAST = 60, MOST = 120 };
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 0;
    return size.ws_col < LEAST ? LEAST : size.ws_col > MOST ? MOST : size.ws_col;
}

struct looks terminal_looks(const struct config *c)
{
    bool terminal = c->output == NULL && isatty(STDOUT_FILENO) == 1;
    bool able = terminal && !c->dumb;
    return (struct looks){
        .color = c->color == COLOR_ALWAYS || (c->color == COLOR_AUTO && able && !c->colorless),
        .marks = able,
        .ascii = terminal && c->ascii,
        .width = terminal ? width_of_terminal() : 0,
        .columns = width_table(c),
    };
}
