/* SPDX-License-Identifier: MIT */
/*
 * TPM 2.0 Library, part 3, TPM2_GetCapability, through the transports of tpm2-tss. A transport may
 * wait for ever in spite of its timeout, and a driver may wait where no signal reaches it. So a
 * child makes the exchange: it is killed when its time is over, nobody waits for it after that, and
 * it holds none of this process's descriptors.
 */
#include "reader/tpm_talk.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "io/libs.h"
#include "io/pipe.h"
#include "io/root.h"
#include "io/syscalls.h"

enum { COMMAND_LEN = 22, HEADER_LEN = 10, RESPONSE_MAX = 4096 };

/* Both ends are this program: sizes and byte order are its own. */
struct message {
    int32_t st;
    uint32_t busy; /* 1: another process holds the device */
    uint32_t len;
};

/* The child -------------------------------------------------------------------------------- */

/* Closes the parent's descriptors: a reader of its output must not wait for a stuck child. */
static int keep_only(int fd)
{
    enum { PIPE = 3 };
    int null = fcntl(open("/dev/null", O_RDWR | O_CLOEXEC), F_DUPFD_CLOEXEC, PIPE + 1);
    int pipe = fcntl(fd, F_DUPFD_CLOEXEC, PIPE + 1);
    if (null < 0 || pipe < 0 || dup3(pipe, PIPE, O_CLOEXEC) < 0)
        _exit(1);
    for (int i = 0; i < PIPE; i++) {
        if (dup2(null, i) < 0)
            _exit(1);
    }
    if (syscall(SYS_close_range, PIPE + 1, ~0U, 0) != 0) {
        for (int i = PIPE + 1; i < 1024; i++)
            (void)close(i);
    }
    return PIPE;
}

/*
 * The library hides why a device cannot be opened, so it is opened here once before. The library
 * would also write a command into any file that it is given as a device.
 */
static struct message try_device(const char *conf)
{
    static const char prefix[] = "device:";
    struct message m = {.st = ST_OK};
    struct stat st;
    if (strncmp(conf, prefix, sizeof prefix - 1) != 0)
        return m;
    scoped_fd fd = open(conf + sizeof prefix - 1, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        m.busy = errno == EBUSY;
        m.st = (int32_t)status_from_errno(errno);
    } else if (fstat(fd, &st) != 0 || !S_ISCHR(st.st_mode)) {
        m.st = ST_UNSUPPORTED;
    }
    return m;
}

static void put_be32(uint8_t *to, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static bool ask(TSS2_TCTI_CONTEXT *tcti, const struct ask_tpm *q, uint8_t *response, size_t *n)
{
    uint8_t command[COMMAND_LEN] = {0x80, 0x01, 0, 0, 0, COMMAND_LEN, 0, 0, 0x01, 0x7a};
    put_be32(command + HEADER_LEN, q->capability);
    put_be32(command + HEADER_LEN + 4, q->property);
    put_be32(command + HEADER_LEN + 8, q->count);
    *n = RESPONSE_MAX;
    return Tss2_Tcti_Transmit(tcti, sizeof command, command) == TSS2_RC_SUCCESS &&
           Tss2_Tcti_Receive(tcti, n, response, TSS2_TCTI_TIMEOUT_BLOCK) == TSS2_RC_SUCCESS &&
           *n <= RESPONSE_MAX;
}

static _Noreturn void give_up(int fd, struct message m)
{
    _exit(pipe_send(fd, &m, sizeof m) ? 0 : 1);
}

/* Does not call Tss2_TctiLdr_Finalize(), since the process ends. */
static _Noreturn void run_child(int fd, const char *conf, const struct ask_tpm *q, size_t n)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    fd = keep_only(fd);
    struct message m = try_device(conf);
    if (m.st != ST_OK)
        give_up(fd, m);
    const struct tcti_lib *lib = libs_tcti(NULL);
    if (lib == NULL)
        give_up(fd, (struct message){.st = ST_NOT_COLLECTED});
    TSS2_TCTI_CONTEXT *tcti = NULL;
    if (lib->Tss2_TctiLdr_Initialize(conf, &tcti) != TSS2_RC_SUCCESS)
        give_up(fd, (struct message){.st = ST_IO_ERROR});
    for (size_t i = 0; i < n; i++) {
        uint8_t response[RESPONSE_MAX];
        size_t len;
        if (!ask(tcti, &q[i], response, &len))
            give_up(fd, (struct message){.st = ST_IO_ERROR});
        m.len = (uint32_t)len;
        if (!pipe_send(fd, &m, sizeof m) || !pipe_send(fd, response, len))
            _exit(1);
    }
    _exit(0);
}

/* The parent ------------------------------------------------------------------------------- */

static struct tpm_reply failed(enum status st, const char *trouble)
{
    return (struct tpm_reply){.st = st, .trouble = trouble};
}

/* The detail that a status from the child lacks; NULL: none. */
static const char *word_for(enum status st)
{
    static const char *const words[ST_COUNT] = {
        [ST_NOT_COLLECTED] = "no-library",
        [ST_UNSUPPORTED] = "no-device",
        [ST_IO_ERROR] = "no-answer",
    };
    return words[st];
}

static struct tpm_reply receive_reply(int fd, int64_t deadline, struct arena *a)
{
    struct message m;
    enum status st = pipe_receive(fd, deadline, &m, sizeof m);
    if (st == ST_TRUNCATED)
        return failed(ST_IO_ERROR, "silent");
    if (st != ST_OK || m.len > RESPONSE_MAX || m.st < 0 || m.st >= ST_COUNT)
        return failed(ST_IO_ERROR, "cut-off");
    if (m.busy != 0)
        return failed(ST_IO_ERROR, "busy");
    if (m.st != ST_OK)
        return failed((enum status)m.st, word_for((enum status)m.st));
    uint8_t *data = arena_alloc(a, m.len, 1);
    if (pipe_receive(fd, deadline, data, m.len) != ST_OK)
        return failed(ST_IO_ERROR, "cut-off");
    return (struct tpm_reply){.st = ST_OK, .response = {data, m.len}};
}

static void follow(int fd, unsigned milliseconds, struct tpm_reply *replies, size_t n,
                   struct arena *a)
{
    int64_t deadline = pipe_deadline_ms(milliseconds);
    for (size_t i = 0; i < n; i++) {
        bool silent = i > 0 && replies[i - 1].st != ST_OK;
        replies[i] = silent ? failed(replies[i - 1].st, NULL) : receive_reply(fd, deadline, a);
    }
}

const struct tpm_reply *tpm_talk(const char *conf, const struct ask_tpm *questions, size_t n,
                                 unsigned milliseconds, struct arena *a)
{
    struct tpm_reply *replies = arena_new(a, struct tpm_reply, n);
    for (size_t i = 0; i < n; i++)
        replies[i].st = ST_IO_ERROR;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return replies;
    scoped_fd from = ends[0];
    int to = ends[1];
    pid_t child = fork();
    if (child == 0)
        run_child(to, conf, questions, n);
    close_fd(&to);
    if (child < 0)
        return replies;
    follow(from, milliseconds, replies, n, a);
    pipe_abandon(child);
    return replies;
}
