/* SPDX-License-Identifier: MIT */
/* The active proof of Secure MOR revision 2: the only verb that writes to the machine. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/machine.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "io/confirm.h"
#include "io/mor/morfiles.h"
#include "io/mor/mortest.h"
#include "judge.h"

enum { EVIDENCE_ARENA_MAX = 64 << 20, VM_NO = 0, VM_YES = 1, VM_UNKNOWN = 3 };

enum { EXIT_PROVEN = EXIT_READY, EXIT_REJECTED = EXIT_NOT_READY, EXIT_NOT_ATTEMPTED = 3 };

/* Runs confined: is this a virtual machine? Decides as a scan does. */
static void judge_vm(void *context, struct arena *a, struct judged *out)
{
    const struct judge_options options = {.wish = {.profile = &profile_vbs}};
    const struct libs none = {0};
    struct snapshot snap;
    struct report *r = arena_new(a, struct report, 1);
    machine_collect(context, a, &snap);
    judge(&snap, &options, &none, a, r);
    out->exit_status = fact_is_true(&r->facts, FACT_HOST_VM)    ? VM_YES
                       : fact_is_false(&r->facts, FACT_HOST_VM) ? VM_NO
                                                                : VM_UNKNOWN;
}

/* VM_NO, VM_YES, or any other value if it could not be found out. */
static int look_for_vm(void)
{
    struct arena a;
    struct machine m;
    struct judged result = {.exit_status = VM_UNKNOWN};
    arena_init(&a, EVIDENCE_ARENA_MAX, out_of_memory);
    if (machine_open(NULL, NULL, &a, &m) == ST_OK) {
        if (machine_run(&m, judge_vm, &m, &a, &result) != ST_OK)
            result.exit_status = VM_UNKNOWN;
        machine_close(&m);
    }
    arena_reset(&a);
    return result.exit_status;
}

static int not_attempted(struct arena *a, const char *why)
{
    (void)trouble(a, "not attempted, nothing was written: %s", why);
    return EXIT_NOT_ATTEMPTED;
}

static const char *hex(const uint8_t *key, const char *before, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < MOR_KEY_LEN; i++)
        out_printf(&o, "%s%02x", before, key[i]);
    return arena_text(a, out_span(&o));
}

/* Of an earlier test, which was interrupted while the lock had its key. */
static void print_finish(FILE *to)
{
    (void)fputs(
        "An earlier test was interrupted and left the lock closed: it reads 2. Its key is in"
        "\n" MORTEST_KEY ". This test writes the key once; the lock must then\n"
        "read 0. That completes the earlier test. The variable's immutable flag is cleared"
        "\nfor it and set again.\n",
        to);
}

static void print_plan(FILE *to, const struct mor_before *b, bool interrupted)
{
    (void)fputs(
        "This test writes the EFI variable MemoryOverwriteRequestControlLock twice:\n  1. "
        "it locks it with a random key of eight bytes; it must then read 2;\n  2. it "
        "unlocks it with the same key; it must then read 0 again.\nFirmware of revision 1 "
        "refuses the first write, and nothing changes.\nIf the test is interrupted "
        "between the two, run it again, which opens the\nlock, or restart this machine. The "
        "variable's immutable flag is cleared for the\ntest and set again. "
        "MemoryOverwriteRequestControl itself is never written.\n",
        to);
    if (interrupted)
        (void)fputs("An earlier test was interrupted; the lock is open.\n", to);
    if ((b->control & MOR_CLEAR_MEMORY) != 0)
        (void)fputs(
            "Its bit 0 is set, as most Linux kernels leave it: the next start wipes memory,\nwith "
            "or without this test.\n",
            to);
}

/* True if the user, having seen the plan, typed "yes". */
static bool is_confirmed(const struct config *c)
{
    return c->yes || (fflush(stdout) == 0 && confirm_typed(stdin, stderr));
}

/* Shows and saves the key before anything is written. */
static const char *offer_key(const uint8_t *key, struct arena *a)
{
    const char *problem = NULL;
    (void)printf("Key: %s, kept in " MORTEST_KEY " until the lock is open again\n",
                 hex(key, "", a));
    if (fflush(stdout) != 0)
        return "cannot show the key on standard output";
    return mortest_save_key("", hex(key, "", a), a, &problem) == ST_OK ? NULL : problem;
}

static const char *outcome_text(const struct mor_result *r)
{
    if (r->outcome == MOR_PROVEN)
        return "PROVEN: the lock accepted the key and opened with it: revision 2";
    if (r->outcome != MOR_REJECTED)
        return "UNDECIDED: a step failed, and that proves nothing about the firmware";
    return r->locked == MOR_LOCK_OPEN
               ? "REJECTED: the lock did not accept the key: revision 1, or broken"
               : "REJECTED: the lock closed, but not as revision 2 does";
}

static void print_result(const struct mor_result *r)
{
    static const char *const values[] = {
        [MOR_LOCK_UNREADABLE] = "unreadable",  [MOR_LOCK_ABSENT] = "no variable",
        [MOR_LOCK_ODD] = "an undefined state", [MOR_LOCK_OPEN] = "0",
        [MOR_LOCK_WITHOUT_KEY] = "1",          [MOR_LOCK_WITH_KEY] = "2",
    };
    if (r->before.lock == MOR_LOCK_WITH_KEY)
        (void)printf("The lock read 2 before, %s with its key written\n", values[r->end]);
    else
        (void)printf("The lock read 0 before, %s with the key written, %s at the end\n",
                     values[r->locked], values[r->end]);
    (void)printf("%s\nThe lock is now %s\n", outcome_text(r), mor_lock_text(r->end));
    if (!r->frozen)
        (void)puts(
            "The immutable flag of its file could not be set again; this test, run again, or a "
            "restart sets it");
}

/* Reports and saves everything before a signal may end the program. */
static int tell(const struct mor_result *r, struct arena *a)
{
    static const int statuses[] = {
        [MOR_NOT_ATTEMPTED] = EXIT_NOT_ATTEMPTED,
        [MOR_PROVEN] = EXIT_PROVEN,
        [MOR_REJECTED] = EXIT_REJECTED,
        [MOR_UNDECIDED] = EXIT_TROUBLE,
    };
    const char *problem = NULL;
    /* Its file also tells the next run that the flag was left cleared. */
    if (r->end == MOR_LOCK_OPEN && r->frozen)
        mortest_drop_key("", a);
    if (r->outcome == MOR_NOT_ATTEMPTED)
        return r->before.fit != MOR_FIT && r->before.fit != MOR_LOCK_TAKEN
                   ? not_attempted(a, mor_fit_text(r->before.fit))
                   : trouble(a, "the lock's file cannot be opened for writing; nothing was "
                                "written: are the EFI variables mounted read-only?");
    print_result(r);
    if (r->end != MOR_LOCK_OPEN)
        (void)trouble(a, "the lock is %s", mor_lock_text(r->end));
    if (mortest_save_result("", r, a, &problem) != ST_OK)
        return trouble(a, "no scan will see this result: %s", problem);
    return fflush(stdout) == 0 ? statuses[r->outcome] : trouble(a, "cannot write the result");
}

static int test_with_key(struct mor_files *f, struct arena *a)
{
    uint8_t key[MOR_KEY_LEN];
    sigset_t before;
    struct mor_store store = mor_files_store(f);
    struct mor_result r;
    if (getrandom(key, sizeof key, 0) != (ssize_t)sizeof key)
        return trouble(a, "the system provided no random key; nothing was written");
    mor_hold_signals(&before);
    const char *problem = offer_key(key, a);
    int status;
    if (problem != NULL) {
        status = trouble(a, "%s; no variable was written", problem);
    } else {
        mor_run(&store, key, &r);
        if (r.outcome == MOR_NOT_ATTEMPTED)
            mortest_drop_key("", a);
        status = tell(&r, a);
    }
    mor_release_signals(&before);
    return status;
}

/* The user who is asked must see the plan, wherever standard output goes. */
static FILE *plan_goes_to(const struct config *c)
{
    return c->yes || isatty(STDOUT_FILENO) == 1 ? stdout : stderr;
}

/* Opens the lock with the key of a test that was interrupted. */
static int finish(const struct config *c, struct mor_files *f, const uint8_t *key, struct arena *a)
{
    sigset_t before;
    struct mor_store store = mor_files_store(f);
    struct mor_result r;
    print_finish(plan_goes_to(c));
    if (!is_confirmed(c))
        return not_attempted(a, "an interrupted test left the lock closed: use --yes to open it, "
                                "or restart this machine");
    mor_hold_signals(&before);
    mor_finish(&store, key, &r);
    bool changed = r.before.lock != MOR_LOCK_WITH_KEY;
    int status = changed ? not_attempted(a, arena_printf(a, "the lock changed meanwhile: it is %s",
                                                         mor_lock_text(r.before.lock)))
                         : tell(&r, a);
    mor_release_signals(&before);
    return status;
}

static int start(const struct config *c, struct mor_files *f, const struct mor_before *b,
                 struct arena *a)
{
    int vm = !c->allow_vm ? look_for_vm() : VM_NO;
    if (vm != VM_NO)
        return not_attempted(a, vm == VM_YES
                                    ? "this is a virtual machine (use --allow-vm to go on)"
                                    : "this may be a virtual machine (use --allow-vm to go on)");
    print_plan(plan_goes_to(c), b, f->restores);
    return is_confirmed(c) ? test_with_key(f, a)
                           : not_attempted(a, "it was not confirmed; use --yes to confirm it");
}

static int run(const struct config *c, struct arena *a)
{
    struct mor_files files;
    uint8_t key[MOR_KEY_LEN];
    if (geteuid() != 0)
        return trouble(a, "mor-test writes an EFI variable: run it as root");
    if (!mor_files_open(&files))
        return not_attempted(a, "there are no EFI variables at /sys/firmware/efi/efivars");
    struct mor_store store = mor_files_store(&files);
    struct mor_before b = mor_look(&store);
    files.restores = mortest_read_key("", key, a) == ST_OK;
    int status;
    if (b.fit == MOR_FIT)
        status = start(c, &files, &b, a);
    else if (b.lock == MOR_LOCK_WITH_KEY && files.restores)
        status = finish(c, &files, key, a);
    else if (b.fit == MOR_LOCK_TAKEN)
        status = not_attempted(
            a, arena_printf(a, "%s; it is %s", mor_fit_text(b.fit), mor_lock_text(b.lock)));
    else
        status = not_attempted(a, mor_fit_text(b.fit));
    mor_files_close(&files);
    return status;
}

const struct verb verb_mor_test = {
    .name = "mor-test",
    .synopsis = "[--yes] [--allow-vm]",
    .summary = "prove Secure MOR revision 2: locks and unlocks, asks first",
    .exit_statuses = "0 proven, 1 rejected, 2 trouble, 3 not attempted",
    .examples = "  vbscheck mor-test\n",
    .options = OPTION_BIT(YES) | OPTION_BIT(ALLOW_VM),
    .run = run,
};
