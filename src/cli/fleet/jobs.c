/* SPDX-License-Identifier: MIT */
#include "cli/fleet/jobs.h"

#include <unistd.h>

size_t jobs_of(const struct config *c, size_t pieces)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t jobs = c->jobs > 0 ? c->jobs : processors > 0 ? (size_t)processors : 1;
    jobs = jobs < JOBS_MAX ? jobs : JOBS_MAX;
    return jobs < pieces ? jobs : pieces;
}
