/* SPDX-License-Identifier: MIT */
/* The bytes of an input on their way to a judge that a template forked: it has none in memory. */
#ifndef CLI_FLEET_WIRE_H
#define CLI_FLEET_WIRE_H

#include "confine/prepared.h"
#include "load/raw.h"

/*
 * Sends what input_read() read; of a stream its head, the rest of it the judge asks
 * for. `more`: bytes about the input, which its judge finds in wire_take()'s *more.
 */
void wire_send(const struct raw_input *in, struct span more, struct arena *a, struct prepared *p);

/*
 * In the judge: what was sent, made in `a`; out->stream has no reader yet. Returns false if the
 * bytes ended before.
 */
bool wire_take(struct arena *a, struct raw_input *out, struct span *more);

#endif
