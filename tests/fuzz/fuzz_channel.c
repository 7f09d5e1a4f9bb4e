/* SPDX-License-Identifier: MIT */
/*
 * A judge that hostile bytes control supplies these bytes: results and questions to its parent.
 * There is nothing to repair: both ends are this program.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "confine/channel.h"
#include "fuzz/target.h"
#include "support/build.h"

static bool serve(void *server, struct span question, struct arena *a, struct span *answer)
{
    size_t *asked = server;
    *asked += question.len;
    *answer = (struct span){(const uint8_t *)arena_text(a, span_of("answer")), 6};
    return question.len % 7 != 6;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct confine_profile profile = {.name = "fuzz", .wall_ms = 1000};
    size_t asked = 0;
    int ends[2];
    struct arena a;
    struct judged out = {0};
    const struct confinement c = {.profile = &profile, .serve = serve, .server = &asked};
    if (size > 60000 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return 0;
    test_arena(&a);
    if (write(ends[1], data, size) != (ssize_t)size || shutdown(ends[1], SHUT_WR) != 0)
        abort();
    if (channel_follow(&c, ends[0], &a, &out) == ST_OK &&
        (out.document.len + out.message.len > size || out.exit_status < 0 || out.exit_status > 3))
        abort();
    if (asked > size)
        abort();
    for (size_t i = 0; i < JUDGED_MARKS; i++) {
        if (out.marks[i] > JUDGED_MARK_MAX)
            abort();
    }
    (void)close(ends[0]);
    (void)close(ends[1]);
    arena_reset(&a);
    return 0;
}
