/* SPDX-License-Identifier: MIT */
/* The exchange with a TPM that does not take part in it. Those that answer: tests/e2e/test_tpm.py
 */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <sys/socket.h>

#include "reader/tpm_talk.h"
#include "test_collect_tree.h"

static const struct ask_tpm questions[] = {{6, 0x100, 16}, {5, 0, 1}};

static int listen_at(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 8) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* Two neighbouring ports on which nobody ever answers; returns the first. */
static unsigned silent_server(int fds[2])
{
    for (unsigned port = 20000; port < 60000; port += 2) {
        fds[0] = listen_at((uint16_t)port);
        if (fds[0] < 0)
            continue;
        fds[1] = listen_at((uint16_t)(port + 1));
        if (fds[1] >= 0)
            return port;
        (void)close(fds[0]);
    }
    fail();
    return 0;
}

static void a_silent_tpm_costs_its_time_and_no_more(void **state)
{
    struct tree *t = *state;
    enum { LIMIT = 150 };
    int fds[2] = {-1, -1};
    unsigned port = silent_server(fds);
    const struct tpm_reply *r =
        tpm_talk(arena_printf(&t->arena, "swtpm:host=127.0.0.1,port=%u", port), questions, 2, LIMIT,
                 &t->arena);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(r[i].st, ST_IO_ERROR);
    assert_string_equal(r[0].trouble, "silent");
    assert_null(r[1].trouble); /* said once */
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void no_child_is_left(void **state)
{
    struct tree *t = *state;
    (void)tpm_talk("device:/nonexistent", questions, 2, TPM_TALK_MILLISECONDS, &t->arena);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void tells_why_a_device_cannot_be_opened(void **state)
{
    struct tree *t = *state;
    const struct tpm_reply *r =
        tpm_talk(arena_printf(&t->arena, "device:%s/none", t->dir), questions, 2, 5000, &t->arena);
    assert_int_equal(r[0].st, ST_ABSENT);
    assert_int_equal(r[1].st, ST_ABSENT);
    r = tpm_talk("device:/dev/null", questions, 2, TPM_TALK_MILLISECONDS, &t->arena);
    assert_int_equal(r[0].st, ST_IO_ERROR); /* opens, and answers nothing */
    r = tpm_talk("no-such-transport:x", questions, 2, TPM_TALK_MILLISECONDS, &t->arena);
    assert_int_equal(r[0].st, ST_IO_ERROR);
}

static void never_writes_into_a_file_that_is_no_device(void **state)
{
    struct tree *t = *state;
    char path[128], now[32] = "";
    tree_file(t, "precious", "as it was");
    const struct tpm_reply *r = tpm_talk(arena_printf(&t->arena, "device:%s/precious", t->dir),
                                         questions, 2, TPM_TALK_MILLISECONDS, &t->arena);
    assert_int_equal(r[0].st, ST_UNSUPPORTED);
    assert_string_equal(r[0].trouble, "no-device");
    (void)snprintf(path, sizeof path, "%s/precious", t->dir);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(now, sizeof now, f));
    (void)fclose(f);
    assert_string_equal(now, "as it was");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(a_silent_tpm_costs_its_time_and_no_more),
        with_tree(no_child_is_left),
        with_tree(tells_why_a_device_cannot_be_opened),
        with_tree(never_writes_into_a_file_that_is_no_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
