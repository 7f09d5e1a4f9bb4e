/* SPDX-License-Identifier: MIT */
/*
 * The judge's process: a child without any rights that parses hostile bytes and hands a finished
 * document back through a pipe.
 */
#ifndef CONFINE_CONFINE_H
#define CONFINE_CONFINE_H

#include "confine/channel.h"

/*
 * Forks, gives up every right in the child but those of the profile, proves that they are gone,
 * and runs the work there, answering what
 * it asks. The child has no descriptor but its pipe and `file`, no capability, no user of its
 * own, cannot open a file, and is ended by the kernel if it tries to start a program, to reach
 * the network or another process. A child that crashes, is silent, runs out of its time or
 * memory, or cannot be confined gives exit status 2 and a message.
 *
 * Returns ST_OK with *out (memory from `a`), or ST_IO_ERROR where no child could be made.
 */
enum status confine_run(const struct confinement *c, struct arena *a, struct judged *out);

#endif
