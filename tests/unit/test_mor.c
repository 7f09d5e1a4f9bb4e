/* SPDX-License-Identifier: MIT */
/* The active test of the MOR lock against models of firmware, with faults after each step. */
#include "support/cmocka.h"

#include <string.h>

#include "support/firmware.h"
#include "vbscheck/count.h"

static const uint8_t key[MOR_KEY_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};

static const enum mor_lock shown[] = {MOR_LOCK_OPEN, MOR_LOCK_WITHOUT_KEY, MOR_LOCK_WITH_KEY};

static struct mor_result run(struct firmware *f)
{
    struct mor_result r;
    struct mor_store s = firmware_store(f);
    mor_run(&s, key, &r);
    assert_false(f->held);
    assert_false(f->writable);
    assert_false(f->wrote_unheld);
    assert_int_equal(f->control, MOR_CLEAR_MEMORY); /* never written */
    return r;
}

static void each_firmware_gets_its_verdict(void **state)
{
    (void)state;
    static const struct {
        enum firmware_kind kind;
        enum mor_outcome outcome;
        enum mor_fit fit;
        enum mor_lock locked, end;
        unsigned writes;
    } rows[] = {
        {FIRMWARE_REVISION_1, MOR_REJECTED, MOR_FIT, MOR_LOCK_OPEN, MOR_LOCK_OPEN, 1},
        {FIRMWARE_REVISION_2, MOR_PROVEN, MOR_FIT, MOR_LOCK_WITH_KEY, MOR_LOCK_OPEN, 2},
        {FIRMWARE_REVISION_2_OLD, MOR_PROVEN, MOR_FIT, MOR_LOCK_WITH_KEY, MOR_LOCK_OPEN, 2},
        {FIRMWARE_WITHOUT_LOCK, MOR_NOT_ATTEMPTED, MOR_NO_LOCK, MOR_LOCK_ABSENT, MOR_LOCK_ABSENT,
         0},
        {FIRMWARE_WITHOUT_MOR, MOR_NOT_ATTEMPTED, MOR_NO_CONTROL, MOR_LOCK_ABSENT, MOR_LOCK_ABSENT,
         0},
        {FIRMWARE_BYTE_LOCK, MOR_REJECTED, MOR_FIT, MOR_LOCK_WITHOUT_KEY, MOR_LOCK_WITHOUT_KEY, 1},
        {FIRMWARE_FORGETS, MOR_REJECTED, MOR_FIT, MOR_LOCK_WITH_KEY, MOR_LOCK_WITH_KEY,
         1 + MOR_TRIES},
        {FIRMWARE_DEAF, MOR_REJECTED, MOR_FIT, MOR_LOCK_OPEN, MOR_LOCK_OPEN, 1},
    };
    assert_int_equal(COUNT(rows), FIRMWARE_KINDS);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct firmware f;
        firmware_start(&f, rows[i].kind);
        struct mor_result r = run(&f);
        assert_int_equal(r.outcome, rows[i].outcome);
        assert_int_equal(r.before.fit, rows[i].fit);
        assert_int_equal(r.locked, rows[i].locked);
        assert_int_equal(r.end, rows[i].end);
        assert_int_equal(f.writes, rows[i].writes);
    }
}

static void a_lock_that_is_taken_is_left_alone(void **state)
{
    (void)state;
    for (uint8_t lock = 1; lock <= 3; lock++) {
        struct firmware f;
        firmware_start(&f, FIRMWARE_REVISION_2);
        f.lock = lock;
        struct mor_result r = run(&f);
        assert_int_equal(r.outcome, MOR_NOT_ATTEMPTED);
        assert_int_equal(r.before.fit, lock <= 2 ? MOR_LOCK_TAKEN : MOR_LOCK_UNFIT);
        assert_int_equal(f.writes, 0);
        assert_int_equal(f.lock, lock);
    }
}

static void a_file_that_cannot_be_opened_is_not_written(void **state)
{
    (void)state;
    struct firmware f;
    firmware_start(&f, FIRMWARE_REVISION_2);
    f.fault = FAULT_THAW;
    struct mor_result r = run(&f);
    assert_int_equal(r.outcome, MOR_NOT_ATTEMPTED);
    assert_int_equal(r.before.fit, MOR_FIT);
    assert_false(r.thawed);
    assert_int_equal(f.writes, 0);
}

static void a_flag_that_stays_cleared_is_told(void **state)
{
    (void)state;
    struct firmware f;
    firmware_start(&f, FIRMWARE_REVISION_2);
    f.fault = FAULT_FREEZE;
    struct mor_result r = run(&f);
    assert_int_equal(r.outcome, MOR_PROVEN);
    assert_false(r.frozen);
}

/* Whatever fails, when: the lock is open at the end, or what is told of it is true. */
static void a_fault_at_any_step_leaves_it_open_or_is_told(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < FIRMWARE_KINDS; kind++) {
        for (unsigned fault = FAULT_NONE; fault <= FAULT_FREEZE; fault++) {
            for (unsigned at = 1; at <= 16; at++) {
                struct firmware f;
                firmware_start(&f, (enum firmware_kind)kind);
                f.fault = (enum firmware_fault)fault;
                f.at = at;
                struct mor_result r = run(&f);
                bool truth = r.end == MOR_LOCK_UNREADABLE || r.end == MOR_LOCK_ABSENT ||
                             r.end == shown[f.lock];
                bool revision_2 = kind == FIRMWARE_REVISION_2 || kind == FIRMWARE_REVISION_2_OLD;
                if (!truth || (r.outcome == MOR_PROVEN && (!revision_2 || f.lock != 0)))
                    fail_msg("firmware %u, fault %u at %u", kind, fault, at);
                /* A sound firmware is rejected only where it got another key than was sent. */
                if (revision_2 && r.outcome == MOR_REJECTED)
                    assert_int_equal(fault, FAULT_WRITE_BENT);
                /* A sound firmware stays locked only where the key or all that is read is lost. */
                if (revision_2 && f.lock != 0 && fault != FAULT_WRITE_BENT &&
                    fault != FAULT_WRITES_LOST)
                    fail_msg("firmware %u, fault %u at %u leaves it locked", kind, fault, at);
            }
        }
    }
}

static void a_lock_that_cannot_be_read_back_is_opened_blindly_once(void **state)
{
    (void)state;
    struct firmware f;
    firmware_start(&f, FIRMWARE_REVISION_2);
    f.fault = FAULT_READS;
    f.at = 3; /* both variables were read before */
    struct mor_result r = run(&f);
    assert_int_equal(r.outcome, MOR_UNDECIDED);
    assert_int_equal(r.locked, MOR_LOCK_UNREADABLE);
    assert_int_equal(r.end, MOR_LOCK_UNREADABLE);
    assert_int_equal(f.writes, 2);
    assert_int_equal(f.lock, 0);
}

static void a_write_that_was_never_sent_proves_nothing(void **state)
{
    (void)state;
    struct firmware f;
    firmware_start(&f, FIRMWARE_REVISION_2);
    f.fault = FAULT_WRITE_LOST;
    f.at = 1;
    struct mor_result r = run(&f);
    assert_int_equal(r.outcome, MOR_UNDECIDED);
    assert_int_equal(r.end, MOR_LOCK_OPEN);
}

static void a_wrong_key_shows_as_each_edk2_shows_it(void **state)
{
    (void)state;
    static const struct {
        enum firmware_kind kind;
        enum mor_lock end;
    } rows[] = {{FIRMWARE_REVISION_2, MOR_LOCK_WITHOUT_KEY},
                {FIRMWARE_REVISION_2_OLD, MOR_LOCK_WITH_KEY}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct firmware f;
        firmware_start(&f, rows[i].kind);
        f.fault = FAULT_WRITE_BENT;
        f.at = 2;
        struct mor_result r = run(&f);
        assert_int_equal(r.outcome, MOR_REJECTED);
        assert_int_equal(r.end, rows[i].end);
    }
}

/* Issue 28: a test that was killed between its two writes. */
static void an_interrupted_test_is_finished_with_its_key(void **state)
{
    (void)state;
    static const struct {
        enum firmware_kind kind;
        bool same_key;
        enum mor_outcome outcome;
        enum mor_lock end;
    } rows[] = {
        {FIRMWARE_REVISION_2, true, MOR_PROVEN, MOR_LOCK_OPEN},
        {FIRMWARE_REVISION_2_OLD, true, MOR_PROVEN, MOR_LOCK_OPEN},
        {FIRMWARE_REVISION_2, false, MOR_UNDECIDED, MOR_LOCK_WITHOUT_KEY},
        {FIRMWARE_REVISION_2_OLD, false, MOR_UNDECIDED, MOR_LOCK_WITH_KEY},
        {FIRMWARE_FORGETS, true, MOR_UNDECIDED, MOR_LOCK_WITH_KEY},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct firmware f;
        struct mor_result r;
        firmware_start(&f, rows[i].kind);
        f.lock = 2;
        f.key_lost = rows[i].kind == FIRMWARE_FORGETS;
        memcpy(f.key, key, sizeof key);
        f.key[0] ^= rows[i].same_key ? 0 : 1;
        struct mor_store s = firmware_store(&f);
        mor_finish(&s, key, &r);
        assert_int_equal(r.outcome, rows[i].outcome);
        assert_int_equal(r.before.lock, MOR_LOCK_WITH_KEY);
        assert_int_equal(r.end, rows[i].end);
        assert_false(f.held || f.writable || f.wrote_unheld);
    }
}

static void a_lock_without_a_key_is_not_finished(void **state)
{
    (void)state;
    static const uint8_t locks[] = {0, 1, 3};
    for (size_t i = 0; i < COUNT(locks); i++) {
        struct firmware f;
        struct mor_result r;
        firmware_start(&f, FIRMWARE_REVISION_2);
        f.lock = locks[i];
        struct mor_store s = firmware_store(&f);
        mor_finish(&s, key, &r);
        assert_int_equal(r.outcome, MOR_NOT_ATTEMPTED);
        assert_int_equal(f.writes, 0);
    }
}

static void everything_has_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= MOR_NOT_READABLE; i++)
        assert_non_null(mor_fit_text((enum mor_fit)i));
    for (unsigned i = 0; i <= MOR_LOCK_WITH_KEY; i++)
        assert_non_null(mor_lock_text((enum mor_lock)i));
    assert_string_equal(mor_outcome_name(MOR_PROVEN), "proven");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_firmware_gets_its_verdict),
        cmocka_unit_test(a_lock_that_is_taken_is_left_alone),
        cmocka_unit_test(a_file_that_cannot_be_opened_is_not_written),
        cmocka_unit_test(a_flag_that_stays_cleared_is_told),
        cmocka_unit_test(a_fault_at_any_step_leaves_it_open_or_is_told),
        cmocka_unit_test(a_lock_that_cannot_be_read_back_is_opened_blindly_once),
        cmocka_unit_test(a_write_that_was_never_sent_proves_nothing),
        cmocka_unit_test(a_wrong_key_shows_as_each_edk2_shows_it),
        cmocka_unit_test(an_interrupted_test_is_finished_with_its_key),
        cmocka_unit_test(a_lock_without_a_key_is_not_finished),
        cmocka_unit_test(everything_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
