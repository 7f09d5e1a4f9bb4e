/* SPDX-License-Identifier: MIT */
/* Texts as people have them: cleaned, split, and tables in other tools' hexadecimal. */
#include "support/cmocka.h"

#include <string.h>

#include "load/text/clean.h"
#include "load/text/split.h"
#include "support/build.h"
#include "support/loading.h"
#include "vbscheck/count.h"

static void a_text_is_cleaned_of_what_is_not_the_tools(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        unsigned done;
    } rows[] = {
        {"plain\n text \n", "plain\n text \n", 0},
        {"<6>[    0.0] a & b\n", "<6>[    0.0] a & b\n", 0},
        {"\xef\xbb\xbfWSMT @ 0x0\n", "WSMT @ 0x0\n", CLEAN_BOM},
        {"\x1b[32m[    0.0] \x1b[0mefi: EFI\a\n", "[    0.0] efi: EFI\n", CLEAN_ESCAPES},
        {"\x1b]0;title\aLinux\n", "Linux\n", CLEAN_ESCAPES},
        {"\x1b[3\nnext\n", "\nnext\n", CLEAN_ESCAPES},
        {"a\x1b", "a", CLEAN_ESCAPES},
        {"> one\n> > two\nthree\n", "one\ntwo\nthree\n", CLEAN_QUOTES},
        {"    one\n\n      two\n", "one\n\n  two\n", CLEAN_INDENT},
        {">     one\n>     two\n", "one\ntwo\n", CLEAN_QUOTES | CLEAN_INDENT},
        {"<pre>a &lt;b&gt; &amp;c</pre>\n<font color=red>d</font>\n", "a <b> &c\nd\n",
         CLEAN_MARKUP},
        {"<br>if a<c then\n", "if a<c then\n", CLEAN_MARKUP},
        {"", "", 0},
        {">", "", CLEAN_QUOTES},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        unsigned done = 0;
        test_arena(&a);
        struct span s = clean_text(span_of(rows[i].from), &a, &done);
        if (!span_is(s, rows[i].to) || done != rows[i].done)
            fail_msg("row %zu: %.*s, %x", i, (int)s.len, (const char *)s.ptr, done);
        arena_reset(&a);
    }
}

static void utf_16_is_decoded_either_way_round(void **state)
{
    (void)state;
    static const struct {
        const char bytes[16];
        size_t n;
    } rows[] = {
        {"\xff\xfe"
         "a\0b\0\n\0",
         8},
        {"\xfe\xff"
         "\0a\0b\0\n",
         8},
        {"\xff\xfe"
         "a\0b\0\n\0x",
         9}, /* half a character at the end */
        {"a\0b\0\n\0a\0b\0\n\0", 12},
        {"\0a\0b\0\n\0a\0b\0\n", 12},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        unsigned done = 0;
        test_arena(&a);
        struct span s =
            clean_text((struct span){(const uint8_t *)rows[i].bytes, rows[i].n}, &a, &done);
        assert_true(span_is(s, i < 3 ? "ab\n" : "ab\nab\n"));
        assert_int_equal(done, CLEAN_UTF16);
        arena_reset(&a);
    }
    struct arena a;
    unsigned done = 0;
    test_arena(&a);
    struct span s =
        clean_text((struct span){(const uint8_t *)"\xff\xfe\xe9\x00\xac\x20", 6}, &a, &done);
    assert_true(span_is(s, "\xc3\xa9\xe2\x82\xac"));
    arena_reset(&a);
}

static void records_of_the_journal_become_lines(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"MESSAGE\":\"efi: "
        "\\u0041\\\"\"}\n"
        "{\"MESSAGE\":\"efi: forged\",\"_TRANSPORT\":\"syslog\"}\n"
        "{\"MESSAGE\":\"efi: forged\",\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"me\"}\n"
        "{\"MESSAGE\":[1,2],\"_TRANSPORT\":\"kernel\"}\n{\"MESSAGE\":\"cut",
        "{\n \"dmesg\": [\n {\n \"pri\": 6,\n \"time\": 0.0,\n \"msg\": \"efi: A\\\"\"\n }\n "
        "]\n}\n",
        "__CURSOR=x\n_TRANSPORT=kernel\nMESSAGE=efi: A\"\n\n"
        "__CURSOR=y\n_TRANSPORT=syslog\nMESSAGE=efi: forged\n\n"
        "__CURSOR=z\nMESSAGE\n\x20\0\0\0\0\0\0\0_TRANSPORT=kernel\n",
        "Sat 2026-11-28 10:00:00 UTC [s=1;i=2]\n    _TRANSPORT=kernel\n    MESSAGE=efi: A\"\n"
        "Sat 2026-11-28 10:00:00 UTC [s=1;i=3]\n    MESSAGE=x\n         _TRANSPORT=kernel\n"
        "    _TRANSPORT=syslog\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct arena a;
        struct span out = {0};
        test_arena(&a);
        assert_true(clean_journal(span_of(texts[i]), &a, &out));
        if (!span_is(out, "[    0.000000] efi: A\"\n"))
            fail_msg("text %zu: %.*s", i, (int)out.len, (const char *)out.ptr);
        arena_reset(&a);
    }
    struct arena a;
    struct span out;
    test_arena(&a);
    assert_true(clean_journal(span_of("{\"dmesg\":[{\"msg\":\"a\\n<6>[    0.1] b\"}]}"), &a, &out));
    assert_true(span_is(out, "[    0.000000] a\n<6>[    0.1] b\n"));
    assert_false(clean_journal(span_of("{\"format\": 1}"), &a, &out));
    assert_false(clean_journal(span_of(""), &a, &out));
    arena_reset(&a);
}

/* WSMT with all three flags, length and checksum right. */
#define WSMT_LINES                                                                                 \
    "    0000: 57 53 4D 54 28 00 00 00 01 65 41 4C 41 53 4B 41  WSMT(....eALASKA\n"                \
    "    0010: 41 20 4D 20 49 20 00 00 09 20 07 01 41 4D 49 20  A M I ... ..AMI \n"                \
    "    0020: 13 00 01 00 07 00 00 00                          ........\n"

static void several_commands_in_one_file_are_all_used(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l, "$ sudo dmesg\n[    0.000000] Linux version 6.1.0 (x)\n"
                     "[    0.000000] efi: EFI v2.7 by X\n$ cat /proc/cpuinfo\nprocessor\t: 0\n"
                     "vendor_id\t: GenuineIntel\n$ sudo acpidump\nWSMT @ 0x0\n" WSMT_LINES
                     "$ lspci -nn\n00:00.0 Host bridge [0600]: X [8086:1234]\n"
                     "[   99.000000] Linux is still there\n");
    assert_int_equal(l.st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "efi/kernel-log").st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "cpuinfo").st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "pci").st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").data.len, 40);
    assert_true(
        loading_says(&l, "the text of several commands: acpidump, cpuinfo, lspci, kernel log"));
    loading_end(&l);
}

static void dmidecode_is_not_split_at_its_own_lines(void **state)
{
    (void)state;
    struct part parts[SPLIT_MAX];
    struct arena a;
    test_arena(&a);
    struct span text =
        span_of("# dmidecode 3.5\nGetting SMBIOS data from sysfs.\nSMBIOS 3.3.0 "
                "present.\n\nHandle 0x0000, DMI type 0, 26 bytes\nBIOS Information\n");
    assert_int_equal(split_text(text, &a, parts), 1);
    assert_int_equal(parts[0].kind, KIND_DMIDECODE);
    assert_int_equal(parts[0].text.len, text.len);
    assert_int_equal(split_text(span_of("nothing\n"), &a, parts), 0);
    arena_reset(&a);
}

static void a_marker_may_come_late(void **state)
{
    (void)state;
    struct arena a;
    struct part parts[SPLIT_MAX];
    const size_t n = 100 << 10;
    test_arena(&a);
    char *text = arena_alloc(&a, n + 64, 1);
    for (size_t i = 0; i < n; i++)
        text[i] = i % 8 == 7 ? '\n' : 'x';
    memcpy(text + n, "WSMT @ 0x0\n", 11);
    assert_int_equal(split_text((struct span){(uint8_t *)text, n + 11}, &a, parts), 1);
    assert_int_equal(parts[0].kind, KIND_ACPIDUMP);
    arena_reset(&a);
}

static void a_table_in_hexadecimal_is_read(void **state)
{
    (void)state;
    static const char words[] =
        "0000000 5357 544d 0028 0000 6501 4c41 5341 414b\n"
        "0000010 2041 204d 2049 0000 2009 0107 4d41 2049\n0000020 0013 0001 0007 0000\n0000028\n";
    static const char *const texts[] = {
        "Raw Table Data: Length 40 (0x28)\n\n"
        "    0000: 57 53 4D 54 28 00 00 00 01 65 41 4C 41 53 4B 41  // WSMT(....eALASKA\n"
        "    0010: 41 20 4D 20 49 20 00 00 09 20 07 01 41 4D 49 20  // A M I ... ..AMI \n"
        "    0020: 13 00 01 00 07 00 00 00                          // ........\n",
        "00000000  57 53 4d 54 28 00 00 00  01 65 41 4c 41 53 4b 41  |WSMT(....eALASKA|\n"
        "00000010  41 20 4d 20 49 20 00 00  09 20 07 01 41 4d 49 20  |A M I ... ..AMI |\n"
        "00000020  13 00 01 00 07 00 00 00                           |........|\n00000028\n",
        "00000000: 5753 4d54 2800 0000 0165 414c 4153 4b41  WSMT(....eALASKA\n"
        "00000010: 4120 4d20 4920 0000 0920 0701 414d 4920  A M I ... ..AMI \n"
        "00000020: 1300 0100 0700 0000                      ........\n",
        words,
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct loading l;
        loading_text(&l, texts[i]);
        struct blob b = snap_get(&l.snap, "acpi/WSMT");
        if (b.st != ST_OK || b.data.len != 40 || b.data.ptr[36] != 7 || b.data.ptr[9] != 0x65)
            fail_msg("text %zu: %s, %zu bytes", i, status_name(b.st), b.data.len);
        loading_end(&l);
    }
}

/* Whatever is cut off, no table comes out whole that is not. */
static void a_cut_table_in_hexadecimal_is_truncated(void **state)
{
    (void)state;
    static const char whole[] = "0000000 5357 544d 0028 0000 6501 4c41 5341 414b\n"
                                "0000010 2041 204d 2049 0000 2009 0107 4d41 2049\n"
                                "0000020 0013 0001 0007 0000\n";
    for (size_t n = 17; n + 2 < sizeof whole; n++) {
        struct loading l;
        loading_span(&l, (struct span){(const uint8_t *)whole, n});
        enum status st = snap_get(&l.snap, "acpi/WSMT").st;
        if (st != ST_TRUNCATED)
            fail_msg("%zu bytes: %s", n, status_name(st));
        loading_end(&l);
    }
}

static void variables_are_taken_by_name(void **state)
{
    (void)state;
    struct raw_file files[] = {
        {"SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
         ST_OK,
         {(const uint8_t *)"\6\0\0\0\1", 5}},
        {"efivars/SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c",
         ST_OK,
         {(const uint8_t *)"\6\0\0\0\0", 5}},
        {"BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c",
         ST_OK,
         {(const uint8_t *)"\7\0\0\0\0", 5}},
    };
    struct loading l;
    loading_folder(&l, files, 3);
    assert_int_equal(l.st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "efivar/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c").st,
                     ST_OK);
    assert_int_equal(snap_get(&l.snap, "efivar/SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c").st,
                     ST_OK);
    loading_end(&l);
}

static void links_and_reports_are_counted_and_said(void **state)
{
    (void)state;
    static const char report[] = "{\"schema_version\":1,\"tool\":{\"name\":\"vbscheck\"}}\n";
    struct raw_file files[] = {
        loading_file("cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n"),
        {.name = "link", .st = ST_UNSUPPORTED},
        {.name = "other", .st = ST_UNSUPPORTED},
        loading_file("report.json", report),
    };
    struct loading l;
    loading_folder(&l, files, 4);
    assert_int_equal(l.st, ST_OK);
    assert_true(loading_says(&l, "not followed: 2") && loading_says(&l, "left out: 1"));
    loading_end(&l);
    loading_folder(&l, files + 1, 3);
    assert_int_equal(l.st, ST_NOT_COLLECTED);
    assert_true(loading_says(&l, "copy the files that they point to"));
    loading_end(&l);
    loading_text(&l, report);
    assert_true(loading_says(&l, "is a report of this program"));
    loading_end(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_cleaned_of_what_is_not_the_tools),
        cmocka_unit_test(utf_16_is_decoded_either_way_round),
        cmocka_unit_test(records_of_the_journal_become_lines),
        cmocka_unit_test(several_commands_in_one_file_are_all_used),
        cmocka_unit_test(dmidecode_is_not_split_at_its_own_lines),
        cmocka_unit_test(a_marker_may_come_late),
        cmocka_unit_test(a_table_in_hexadecimal_is_read),
        cmocka_unit_test(a_cut_table_in_hexadecimal_is_truncated),
        cmocka_unit_test(variables_are_taken_by_name),
        cmocka_unit_test(links_and_reports_are_counted_and_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
