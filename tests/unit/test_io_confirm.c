/* SPDX-License-Identifier: MIT */
/* What confirms a test that writes: a word typed at a terminal, and nothing else. */
#define _GNU_SOURCE 1
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/confirm.h"
#include "support/cmocka.h"
#include "vbscheck/count.h"

/* Asks with `fd` as the input; *asked gets what stood on the prompt. */
static bool confirm(int fd, char asked[64])
{
    FILE *in = fdopen(fd, "r"), *prompt = fmemopen(asked, 64, "w");
    assert_non_null(in);
    assert_non_null(prompt);
    bool is_confirmed = confirm_typed(in, prompt);
    (void)fclose(prompt);
    (void)fclose(in);
    return is_confirmed;
}

static void only_yes_typed_at_a_terminal_confirms(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        bool confirms;
    } rows[] = {
        {"yes\n", true},
        {"\n", false},
        {"y\n", false},
        {"no\n", false},
        {"Yes\n", false},
        {" yes\n", false},
        {"yes \n", false},
        {"yesyes\n", false},
        {"\004", false}, /* the end of input */
        {"yes and no, or more than a line\n", false},
        {"no\nyes\n", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int keyboard, terminal;
        char asked[64] = "";
        assert_int_equal(openpty(&keyboard, &terminal, NULL, NULL, NULL), 0);
        ssize_t n = (ssize_t)strlen(rows[i].typed);
        assert_int_equal(write(keyboard, rows[i].typed, (size_t)n), n);
        assert_int_equal(confirm(terminal, asked), rows[i].confirms);
        assert_string_equal(asked, "Type 'yes' to go on: ");
        (void)close(keyboard);
    }
}

static void a_terminal_that_went_away_confirms_nothing(void **state)
{
    (void)state;
    int keyboard, terminal;
    char asked[64] = "";
    assert_int_equal(openpty(&keyboard, &terminal, NULL, NULL, NULL), 0);
    (void)close(keyboard);
    assert_false(confirm(terminal, asked));
}

static void what_is_no_terminal_is_not_asked(void **state)
{
    (void)state;
    int ends[2];
    char asked[64] = "";
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "yes\n", 4), 4);
    assert_false(confirm(ends[0], asked));
    assert_string_equal(asked, "");
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_yes_typed_at_a_terminal_confirms),
        cmocka_unit_test(a_terminal_that_went_away_confirms_nothing),
        cmocka_unit_test(what_is_no_terminal_is_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
