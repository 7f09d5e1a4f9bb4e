/* SPDX-License-Identifier: MIT */
/* Reports from Linux whether a machine meets Windows' requirements for VBS. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/trouble.h"
#include "judge.h"
#include "vbscheck/count.h"

/* For the run as a whole, mainly its list of inputs; each input has an arena of its own. */
enum { MAIN_ARENA_MAX = 16 << 20 };

/*
 * A program that starts without its standard descriptors opens other files in their place, and a
 * message for people would be written into a report. These can be neither read nor written.
 */
static void fill_descriptors(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = 0; fd < (int)COUNT(modes); fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", modes[fd]);
    }
}

int main(int argc, char **argv)
{
    struct arena a;
    struct config config;
    int status = EXIT_TROUBLE;
    fill_descriptors();
    arena_init(&a, MAIN_ARENA_MAX, out_of_memory);
    /* A closed pipe and a limit on file sizes then are errors of write(), and reported. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    const struct verb *verb = cli_parse(argc, argv, &a, &config, &status);
    /* From here on no library follows the environment: EFIVARFS_PATH, TSS2_*, … */
    (void)clearenv();
    /* The report shows errors of tss2-mu; standard error is for the program's own. */
    (void)setenv("TSS2_LOG", "all+none", 1);
    if (verb != NULL)
        status = verb->run(&config, &a);
    arena_reset(&a);
    return status;
}
