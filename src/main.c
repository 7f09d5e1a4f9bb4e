/* SPDX-License-Identifier: MIT */
/* Tells from Linux whether a machine meets Windows' requirements for VBS. */
#include <signal.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/trouble.h"
#include "judge.h"

/* Memory of the collector: evidence is read into arenas of its own, input by input. */
enum { MAIN_ARENA_MAX = 16 << 20 };

int main(int argc, char **argv)
{
    struct arena a;
    struct config config;
    int status = EXIT_TROUBLE;
    arena_init(&a, MAIN_ARENA_MAX, out_of_memory);
    (void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write(), reported as such */
    const struct verb *verb = cli_parse(argc, argv, &a, &config, &status);
    /* From here on no library takes orders from the environment: EFIVARFS_PATH, TSS2_*, … */
    (void)clearenv();
    /* What tss2-mu dislikes is in the report; standard error is for trouble. */
    (void)setenv("TSS2_LOG", "all+none", 1);
    if (verb != NULL)
        status = verb->run(&config, &a);
    arena_reset(&a);
    return status;
}
