/* SPDX-License-Identifier: MIT */
/*
 * Azure's instance metadata service (Microsoft, "Azure Instance Metadata Service"): it has a
 * link-local address, wants the header Metadata, and must be asked without X-Forwarded-For and
 * without a proxy. A process that may do nothing but use this one connection asks and returns the
 * bytes; the judge parses them.
 */
#include "cli/azure/metadata.h"

#include "confine/confine.h"
#include "io/net/tcp.h"
#include "io/pipe.h"
#include "io/root.h"

enum { PORT = 80, ANSWER_MAX = 64 << 10, ANSWER_MS = 900 };

static const uint32_t SERVICE = 169u << 24 | 254u << 16 | 169u << 8 | 254u;
static const uint32_t LOOPBACK = 127u << 24 | 1u;

static const char QUESTION[] =
    "GET /metadata/instance/compute?api-version=2021-12-13&format=json HTTP/1.1\r\n"
    "Host: 169.254.169.254\r\n"
    "Metadata: true\r\n"
    "Accept: application/json\r\n"
    "Connection: close\r\n"
    "\r\n";

/* Runs confined; the connection is its second descriptor. */
static void ask(void *context, struct arena *a, struct judged *result)
{
    const int64_t *deadline = context;
    if (tcp_ask(CONFINE_FILE, span_of(QUESTION), ANSWER_MAX, *deadline, a, &result->document) ==
        ST_OK)
        result->exit_status = 0;
}

struct blob metadata_ask(const struct config *c, struct arena *a)
{
    struct blob b = {.name = "azure-imds", .st = ST_IO_ERROR};
    struct tcp_peer peer = {SERVICE, PORT};
    if (c->imds_port != 0)
        peer = (struct tcp_peer){LOOPBACK, c->imds_port};
    int64_t deadline = pipe_deadline_ms(ANSWER_MS);
    scoped_fd fd = tcp_start(peer);
    struct judged result = {.exit_status = 2};
    const struct confinement confined = {
        .profile = &profile_network,
        .work = ask,
        .context = &deadline,
        .file = fd,
    };
    if (fd >= 0 && confine_run(&confined, a, &result) == ST_OK && result.exit_status == 0) {
        b.st = ST_OK;
        b.data = result.document;
    }
    return b;
}
