/* SPDX-License-Identifier: MIT */
/* Raw bytes to a snapshot: told by content, and refused as a whole where nothing else is honest. */
#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#include "load/load.h"
#include "support/build.h"
#include "support/efi.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

struct loading {
    struct arena arena;
    struct snapshot snap;
    enum status st;
    const char *problem;
};

/* Stands in for libcrypto's: every digest is 32 zeros. */
static unsigned char *zero_digest(const unsigned char *data, size_t len, unsigned char *md)
{
    (void)data;
    (void)len;
    return memset(md, 0, DIGEST_LEN);
}

static void load_all(struct loading *l, struct raw_file *files, size_t n, bool folder)
{
    static const struct digest_lib digest = {.SHA256 = zero_digest};
    static const struct libs libs = {.digest = &digest};
    struct raw_input in = {.path = "input", .folder = folder, .files = files, .n = n};
    test_arena(&l->arena);
    l->problem = NULL;
    l->st = load_input(&in, &libs, &l->arena, &l->snap, &l->problem);
}

static void load_one(struct loading *l, struct span data)
{
    struct raw_file f = {.name = "", .st = ST_OK, .data = data};
    load_all(l, &f, 1, false);
}

static void kinds_are_told_by_their_content(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum kind kind;
    } rows[] = {
        {"DMAR @ 0x0000000000000000\n    0000: 44\n", KIND_ACPIDUMP},
        {"acpidump of something\n\nAPIC @ 0x00000000DEADBEEF\n", KIND_ACPIDUMP},
        {"basic_cpuid[0]=0000000a 756e6547 6c65746e 49656e69\n", KIND_CPUID},
        {"------[ Versions ]------\nCPUID 00000000: 0000000A-756E6547-6C65746E-49656E69\n",
         KIND_CPUID},
        {"processor\t: 0\nvendor_id\t: GenuineIntel\n", KIND_CPUINFO},
        {"00:1f.2 SATA controller [0106]: Intel\n", KIND_LSPCI},
        {"10000:e1:00.0 Non-Volatile memory controller [0108]: x\n", KIND_LSPCI},
        {"[    0.000000] Linux version 6.1.0\n", KIND_KERNEL_LOG},
        {"<6>[    1.5] something\n", KIND_KERNEL_LOG},
        {"Nov 22 15:00:00 host kernel: efi: EFI v2.7\n", KIND_KERNEL_LOG},
        {"efi: EFI v2.7 by INSYDE Corp.\n", KIND_KERNEL_LOG},
        {"[Sun Nov 22 15:00:00 2026] Linux version 6.1.0\n", KIND_KERNEL_LOG},
        {"2026-11-22T15:00:00,123456+00:00 Linux version 6.1.0\n", KIND_KERNEL_LOG},
        {"kern  :info  : [    0.000000] Linux version 6.1.0\n", KIND_KERNEL_LOG},
        {"6,1,0,-;Linux version 6.1.0\n", KIND_KERNEL_LOG},
        {"# dmidecode 3.3\n", KIND_DMIDECODE},
        {"Handle 0x0000, DMI type 0, 24 bytes\nBIOS Information\n", KIND_DMIDECODE},
        {"WSMT is a table, says this text\n", KIND_UNKNOWN},
        {"12:30 lunch\n", KIND_UNKNOWN},
        {"[section]\n", KIND_UNKNOWN},
        {"", KIND_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (sniff(span_of(rows[i].text)) != rows[i].kind)
            fail_msg("row %zu is kind %d", i, (int)sniff(span_of(rows[i].text)));
    }
    assert_int_equal(sniff((struct span){(const uint8_t *)"WSMT\x28\0\0\0\1", 9}), KIND_ACPI_TABLE);
    assert_int_equal(sniff((struct span){(const uint8_t *)"\x1f\x8b\x08", 3}), KIND_ARCHIVE);
    assert_int_equal(sniff((struct span){(const uint8_t *)"\x28\xb5\x2f\xfd", 4}), KIND_ARCHIVE);
}

static void acpidump_tables_are_read_byte_for_byte(void **state)
{
    (void)state;
    struct loading l;
    load_one(&l,
             span_of("SSDT @ 0x0000000000000000\n"
                     "    0000: 53 53 44 54 00\n\n"
                     "WSMT @ 0x0000000000000000\n"
                     "    0000: 57 53 4D 54 28 00 00 00 01 65 41 4C 41 53 4B 41  WSMT(....eALASKA\n"
                     "    0010: 41 20 4D 20 49 20 00 00 09 20 07 01 41 4D 49 20  A M I ... ..AMI \n"
                     "    0020: 13 00 01 00 07 00 00 00                          ........\n"));
    assert_int_equal(l.st, ST_OK);
    struct blob b = snap_get(&l.snap, "acpi/WSMT");
    assert_int_equal(b.st, ST_OK);
    assert_int_equal(b.data.len, 40);
    assert_int_equal(b.data.ptr[36], 7);
    assert_int_equal(snap_get(&l.snap, "acpi/SSDT").st, ST_NOT_COLLECTED);
    arena_reset(&l.arena);
}

static void broken_acpidump_lines_make_the_table_malformed(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "WSMT @ 0x0\n    0000: 57 53 4D 54 28 00 00 00 01 65 41 4C 41 53 4B 41\n    0020: 13 00\n",
        "WSMT @ 0x0\n    0000: 57 53\n    0002: 4D 54\n",
        "WSMT @ 0x0\n    zzzz: 57 53\n",
        "WSMT @ 0x0\n    0000: xx\n",
        "WSMT @ 0x0\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct loading l;
        load_one(&l, span_of(texts[i]));
        assert_int_equal(l.st, ST_OK);
        assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_MALFORMED);
        arena_reset(&l.arena);
    }
}

static void tables_of_one_signature_are_numbered(void **state)
{
    (void)state;
    struct loading l;
    load_one(&l, span_of("WSMT @ 0x0\n    0000: 57 53 4D 54\n\nWSMT @ 0x0\n    0000: 57 53 4D 55\n"
                         "\nWSMT @ 0x0\n    0000: 57 53 4D 56\n"));
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_NOT_COLLECTED);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT1").st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT2").st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT3").st, ST_OK);
    arena_reset(&l.arena);
}

static struct raw_file text_file(const char *name, const char *text)
{
    return (struct raw_file){.name = name, .st = ST_OK, .data = span_of(text)};
}

static void a_folder_of_evidence_is_one_machine(void **state)
{
    (void)state;
    struct raw_file files[] = {
        text_file("cpuinfo.txt", "processor\t: 0\nvendor_id\t: GenuineIntel\n"),
        text_file("readme.txt", "nothing of interest\n"),
        {.name = "secret", .st = ST_NO_PERMISSION},
        text_file("wsmt.txt", "WSMT @ 0x0\n    0000: 57 53 4D 54\n"),
    };
    struct loading l;
    load_all(&l, files, 4, true);
    assert_int_equal(l.st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "cpuinfo").st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_OK);
    assert_int_equal(l.snap.notes.n, 3);
    assert_string_equal(l.snap.notes.items[0].source, "readme.txt");
    assert_string_equal(l.snap.notes.items[1].source, "secret");
    assert_string_equal(l.snap.notes.items[2].source, "acpi"); /* the table is cut */
    arena_reset(&l.arena);
}

static void two_machines_in_one_folder_are_refused(void **state)
{
    (void)state;
    struct raw_file dumps[] = {
        text_file("a", "WSMT @ 0x0\n    0000: 57\n"),
        text_file("b", "WSMT @ 0x0\n    0000: 58\n"),
    };
    struct raw_file cpus[] = {
        text_file("a", "basic_cpuid[0]=00000001 00000000 00000000 00000000\n"
                       "basic_cpuid[1]=000906ea 00000000 00000000 00000000\n"),
        text_file("b", "processor\t: 0\nvendor_id\t: x\ncpu family\t: 6\nmodel\t\t: 60\n"
                       "stepping\t: 3\nflags\t\t: fpu\n"),
    };
    struct loading l;
    load_all(&l, dumps, 2, true);
    assert_int_equal(l.st, ST_CONFLICT);
    assert_non_null(strstr(l.problem, "several machines"));
    arena_reset(&l.arena);
    load_all(&l, cpus, 2, true);
    assert_int_equal(l.st, ST_CONFLICT);
    arena_reset(&l.arena);
}

static void the_same_acpidump_twice_is_one(void **state)
{
    (void)state;
    struct raw_file dumps[] = {
        text_file("a", "WSMT @ 0x0\n    0000: 57\n"),
        text_file("b", "WSMT @ 0x0\n    0000: 57\n"),
    };
    struct loading l;
    load_all(&l, dumps, 2, true);
    assert_int_equal(l.st, ST_OK);
    arena_reset(&l.arena);
}

static void what_is_no_evidence_is_refused_in_one_line(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "hello\n", "\x7f\x45LF\2\1\1"};
    for (size_t i = 0; i < 3; i++) {
        struct loading l;
        load_one(&l, span_of(texts[i]));
        assert_int_equal(l.st, ST_NOT_COLLECTED);
        assert_non_null(l.problem);
        assert_null(strchr(l.problem, '\n'));
        arena_reset(&l.arena);
    }
}

static void a_log_keeps_only_lines_that_probes_look_for(void **state)
{
    (void)state;
    struct loading l;
    load_one(&l, span_of("[    0.000000] Linux version 6.1.0 (x)\n"
                         "[    0.000000] Command line: root=UUID=1234\n"
                         "[    1.000000] usb 1-1: SerialNumber: ABCDEF\n"
                         "[    1.500000] efi: EFI v2.7 by X\n"));
    struct blob b = snap_get(&l.snap, "efi/kernel-log");
    assert_true(span_find(b.data, "EFI v2.7", NULL));
    assert_false(span_find(b.data, "UUID", NULL));
    assert_false(span_find(b.data, "SerialNumber", NULL));
    arena_reset(&l.arena);
}

static void what_mail_wrapped_of_the_tables_is_joined(void **state)
{
    (void)state;
    struct loading l;
    load_one(&l, span_of("[    0.000000] efi: ACPI=0x56e48000 ACPI 2.0=0x56e48014\r\n"
                         "TPMFinalLog=0x56db4000 SMBIOS=0x5a483000 SMBIOS\r\n"
                         "  3.0=0x5a482000 MEMATTR=0x4485d118 \r\n"
                         "not a table=0x1\r\n"
                         "RNG=0x1\r\n"
                         "[    0.000000] SMBIOS 3.5.0 present.\r\n"));
    struct blob b = snap_get(&l.snap, "efi/kernel-log");
    assert_true(span_is(b.data, "[    0.000000] efi: ACPI=0x56e48000 ACPI 2.0=0x56e48014 "
                                "TPMFinalLog=0x56db4000 SMBIOS=0x5a483000 SMBIOS "
                                "3.0=0x5a482000 MEMATTR=0x4485d118\n"
                                "[    0.000000] SMBIOS 3.5.0 present.\n"));
    arena_reset(&l.arena);
    load_one(&l, span_of("efi: ACPI=0x1\nRNG=0x1\nRNG=0x2"));
    assert_true(span_is(snap_get(&l.snap, "efi/kernel-log").data, "efi: ACPI=0x1 RNG=0x1 RNG=0x2"));
    arena_reset(&l.arena);
}

static void a_memory_attributes_table_is_evidence(void **state)
{
    (void)state;
    struct loading l;
    struct build b;
    struct build other;
    struct span table = table_memattr(&b);
    assert_int_equal(sniff(table), KIND_MEMATTR);
    load_one(&l, table);
    assert_int_equal(l.st, ST_OK);
    assert_true(span_equal(snap_get(&l.snap, "efi/memattr").data, table));
    arena_reset(&l.arena);

    struct raw_file files[] = {
        {.name = "mat.bin", .st = ST_OK, .data = table},
        {.name = "again.bin", .st = ST_OK, .data = table},
    };
    load_all(&l, files, 2, true);
    assert_int_equal(l.st, ST_OK);
    arena_reset(&l.arena);
    (void)table_memattr(&other);
    other.bytes[0] = 2;
    files[1].data = build_span(&other);
    load_all(&l, files, 2, true);
    assert_int_equal(l.st, ST_CONFLICT);
    assert_non_null(strstr(l.problem, "several machines"));
    arena_reset(&l.arena);

    other.bytes[0] = 3; /* what is no table for certain is not taken for one */
    assert_int_equal(sniff(build_span(&other)), KIND_UNKNOWN);
    assert_int_equal(sniff((struct span){table.ptr, table.len - 1}), KIND_UNKNOWN);
}

static void dmidecode_gives_no_serial_number(void **state)
{
    (void)state;
    struct loading l;
    load_one(&l, span_of("# dmidecode 3.3\nHandle 0x0001, DMI type 1, 27 bytes\n"
                         "System Information\n\tManufacturer: ACME\n\tProduct Name: Box\n"
                         "\tSerial Number: S123\n\tUUID: 01020304-0506\n"));
    struct blob b = snap_get(&l.snap, "dmi");
    assert_true(span_is(b.data, "vendor: ACME\nproduct: Box\n"));
    arena_reset(&l.arena);
}

static void a_manifest_that_is_none_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status st;
    } rows[] = {
        {"", ST_MALFORMED},
        {"{", ST_MALFORMED},
        {"[]", ST_MALFORMED},
        {"{\"format\": 1}", ST_MALFORMED},
        {"{\"format\": \"1\", \"blobs\": []}", ST_MALFORMED},
        {"{\"format\": 1, \"format\": 1, \"blobs\": []}", ST_MALFORMED},
        {"{\"format\": 2, \"blobs\": []}", ST_UNSUPPORTED},
        {"{\"format\": 1, \"blobs\": []}", ST_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_file f = text_file("manifest.json", rows[i].text);
        struct loading l;
        load_all(&l, &f, 1, true);
        if (l.st != rows[i].st)
            fail_msg("row %zu: %s", i, status_name(l.st));
        arena_reset(&l.arena);
    }
}

static void a_blob_whose_file_does_not_fit_is_malformed(void **state)
{
    (void)state;
    struct raw_file files[] = {
        text_file("cpuinfo", "processor\t: 0\n"),
        text_file("manifest.json",
                  "{\"format\": 1, \"collected_at\": \"2026-01-01T00:00:00Z\", \"blobs\": ["
                  "{\"name\": \"cpuinfo\", \"status\": \"ok\", \"size\": 99, \"sha256\": \"00\"},"
                  "{\"name\": \"acpi/WSMT\", \"status\": \"ok\", \"size\": 1, \"sha256\": \"00\"},"
                  "{\"name\": \"acpi/DMAR\", \"status\": \"absent\"},"
                  "{\"name\": \"msr\", \"status\": \"of no kind\"},"
                  "{\"status\": \"ok\"}, 7]}"),
    };
    struct loading l;
    load_all(&l, files, 2, true);
    assert_int_equal(l.st, ST_OK);
    assert_int_equal(l.snap.kind, SOURCE_CAPTURE);
    assert_string_equal(l.snap.collected_at, "2026-01-01T00:00:00Z");
    assert_int_equal(snap_get(&l.snap, "cpuinfo").st, ST_MALFORMED);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_MALFORMED);
    assert_int_equal(snap_get(&l.snap, "acpi/DMAR").st, ST_ABSENT);
    assert_int_equal(snap_get(&l.snap, "msr").st, ST_MALFORMED);
    arena_reset(&l.arena);
}

static void an_archive_without_its_library_is_refused(void **state)
{
    (void)state;
    struct loading l;
    load_one(&l, (struct span){(const uint8_t *)"\x1f\x8b\x08\0", 4});
    assert_int_equal(l.st, ST_UNSUPPORTED);
    arena_reset(&l.arena);
}

/* A whole table as acpidump prints it: header only, with length and checksum right. */
#define HEAD_ONLY(sig, hex, sum)                                                                   \
    sig " @ 0x0\n    0000: " hex " 24 00 00 00 01 " sum " 00 00 00 00 00 00\n"                     \
        "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n    0020: 00 00 00 00\n\n"
#define FACP HEAD_ONLY("FACP", "46 41 43 50", "C1")
#define APIC HEAD_ONLY("APIC", "41 50 49 43", "BE")
#define FACS "FACS @ 0x0\n    0000: 46 41 43 53 40 00 00 00\n\n"

static enum status status_of(const char *text, const char *blob)
{
    struct loading l;
    load_one(&l, span_of(text));
    enum status st = snap_get(&l.snap, blob).st;
    arena_reset(&l.arena);
    return st;
}

static void a_whole_acpidump_proves_absence(void **state)
{
    (void)state;
    assert_int_equal(status_of(FACP FACS APIC, "acpi/WSMT"), ST_ABSENT);
}

static void a_cut_acpidump_proves_no_absence(void **state)
{
    (void)state;
    static const char cut[] =
        FACP FACS APIC "FPDT @ 0x0\n    0000: 46 50 44 54 44 00 00 00 01 00 00 00\n";
    assert_int_equal(status_of(cut, "acpi/WSMT"), ST_NOT_COLLECTED);
    assert_int_equal(status_of(FACP FACS "APIC @ 0x0\n", "acpi/WSMT"), ST_NOT_COLLECTED);
    assert_int_equal(status_of("FACP @ 0x0\n\n" FACS APIC, "acpi/WSMT"), ST_NOT_COLLECTED);
}

static void facp_and_apic_of_two_sources_prove_no_absence(void **state)
{
    (void)state;
    static struct build b;
    struct loading l;
    acpi_begin(&b, "APIC", 3);
    put_zeros(&b, 8);
    struct raw_file files[] = {
        {.name = "apic", .st = ST_OK, .data = acpi_end(&b)},
        text_file("dump", FACP FACS),
    };
    load_all(&l, files, 2, true);
    assert_int_equal(l.st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_NOT_COLLECTED);
    arena_reset(&l.arena);
}

static void forty_tables_of_one_kind_are_capped_with_a_note(void **state)
{
    (void)state;
    struct arena a;
    struct loading l;
    const char *text = "";
    test_arena(&a);
    for (unsigned i = 0; i < 40; i++)
        text = arena_printf(&a, "%sWSMT @ 0x0\n    0000: 57 53 4D %02X\n", text, i);
    load_one(&l, span_of(text));
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT32").st, ST_OK);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT33").st, ST_TRUNCATED); /* so the rest counts */
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT34").st, ST_NOT_COLLECTED);
    assert_string_equal(l.snap.notes.items[0].source, "acpi/WSMT");
    arena_reset(&l.arena);
    arena_reset(&a);
}

static void a_manifest_below_a_folder_makes_it_no_capture(void **state)
{
    (void)state;
    struct raw_file files[] = {
        text_file("cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n"),
        text_file("sub/manifest.json", "{\"format\": 1, \"blobs\": []}"),
    };
    struct loading l;
    load_all(&l, files, 2, true);
    assert_int_equal(l.st, ST_OK);
    assert_int_equal(l.snap.kind, SOURCE_EVIDENCE);
    assert_int_equal(snap_get(&l.snap, "cpuinfo").st, ST_OK);
    arena_reset(&l.arena);
}

/* Issue 13, fault 3: two bytes of a manifest cost 300 of jansson's, outside the arena. */
static void a_manifest_of_many_values_is_not_parsed(void **state)
{
    (void)state;
    struct arena a;
    struct loading l;
    struct out o;
    test_arena(&a);
    out_init(&o, &a);
    out_str(&o, "{\"format\": 1, \"blobs\": [");
    for (unsigned i = 0; i < 100000; i++)
        out_str(&o, "{},");
    out_str(&o, "{}]}");
    struct raw_file file = {.name = "manifest.json", .st = ST_OK, .data = out_span(&o)};
    load_all(&l, &file, 1, true);
    assert_int_equal(l.st, ST_TRUNCATED);
    assert_non_null(strstr(l.problem, "manifest.json that is too large"));
    arena_reset(&l.arena);
    arena_reset(&a);
}

/* The largest capture that there can be has as many rows as files. */
static void a_manifest_of_as_many_rows_as_files_is_parsed(void **state)
{
    (void)state;
    struct arena a;
    struct loading l;
    struct out o;
    test_arena(&a);
    out_init(&o, &a);
    out_str(&o, "{\"format\": 1, \"blobs\": [");
    for (unsigned i = 0; i < RAW_FILES_MAX; i++)
        out_printf(&o,
                   "%s{\"name\": \"x/%u\", \"status\": \"absent\", \"size\": 0, \"sha256\": null, "
                   "\"from\": null}",
                   i > 0 ? "," : "", i);
    out_str(&o, "]}");
    struct raw_file file = {.name = "manifest.json", .st = ST_OK, .data = out_span(&o)};
    load_all(&l, &file, 1, true);
    assert_int_equal(l.st, ST_OK);
    assert_int_equal(l.snap.n, RAW_FILES_MAX);
    arena_reset(&l.arena);
    arena_reset(&a);
}

/* Issue 13, fault 2: of the tables over the cap, none takes memory. */
static void a_million_tables_take_no_memory(void **state)
{
    (void)state;
    static const char table[] = "WSMT @ 0x0\n    0000: 57 53 4D 54\n";
    struct arena a;
    struct loading l;
    struct out o;
    test_arena(&a);
    out_init(&o, &a);
    for (unsigned i = 0; i < 100000; i++)
        out_str(&o, table);
    load_one(&l, out_span(&o));
    assert_int_equal(l.st, ST_OK);
    assert_true(l.arena.used < 64 << 10);
    arena_reset(&l.arena);
    arena_reset(&a);
}

/* Issue 13, fault 3: an honest log of 15 MiB ended as "out of memory". */
static void a_log_takes_what_is_kept_of_it(void **state)
{
    (void)state;
    struct arena a;
    struct loading l;
    struct out o;
    test_arena(&a);
    out_init(&o, &a);
    out_str(&o, "[    0.000000] Linux version 6.1.0\n");
    for (unsigned i = 0; i < 50000; i++)
        out_printf(&o, "[    1.%06u] usb 1-1: new high-speed USB device number %u\n", i, i);
    load_one(&l, out_span(&o));
    assert_int_equal(l.st, ST_OK);
    assert_true(l.arena.used < 64 << 10);
    arena_reset(&l.arena);
    arena_reset(&a);
}

/* Issue 13, fault 8: RIFF and a length were four letters and no text. */
static void a_sound_file_is_no_table(void **state)
{
    (void)state;
    struct arena a;
    struct loading l;
    struct build b = {.len = 0};
    test_arena(&a);
    put_bytes(&b, "RIFF", 4);
    put_le32(&b, 100 - 8);
    put_bytes(&b, "WAVEfmt \x10\0\0\0\1\0\2\0", 16);
    put_zeros(&b, 100 - b.len);
    load_one(&l, build_span(&b));
    assert_int_equal(l.st, ST_NOT_COLLECTED);
    arena_reset(&l.arena);
    /* A table that nobody looks at is told by its length and checksum. */
    acpi_begin(&b, "XYZ1", 1);
    load_one(&l, acpi_end(&b));
    assert_int_equal(l.st, ST_OK);
    arena_reset(&l.arena);
    arena_reset(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_told_by_their_content),
        cmocka_unit_test(acpidump_tables_are_read_byte_for_byte),
        cmocka_unit_test(broken_acpidump_lines_make_the_table_malformed),
        cmocka_unit_test(tables_of_one_signature_are_numbered),
        cmocka_unit_test(a_folder_of_evidence_is_one_machine),
        cmocka_unit_test(two_machines_in_one_folder_are_refused),
        cmocka_unit_test(the_same_acpidump_twice_is_one),
        cmocka_unit_test(what_is_no_evidence_is_refused_in_one_line),
        cmocka_unit_test(a_log_keeps_only_lines_that_probes_look_for),
        cmocka_unit_test(what_mail_wrapped_of_the_tables_is_joined),
        cmocka_unit_test(a_memory_attributes_table_is_evidence),
        cmocka_unit_test(dmidecode_gives_no_serial_number),
        cmocka_unit_test(a_manifest_that_is_none_is_refused),
        cmocka_unit_test(a_blob_whose_file_does_not_fit_is_malformed),
        cmocka_unit_test(an_archive_without_its_library_is_refused),
        cmocka_unit_test(a_whole_acpidump_proves_absence),
        cmocka_unit_test(a_cut_acpidump_proves_no_absence),
        cmocka_unit_test(facp_and_apic_of_two_sources_prove_no_absence),
        cmocka_unit_test(forty_tables_of_one_kind_are_capped_with_a_note),
        cmocka_unit_test(a_manifest_below_a_folder_makes_it_no_capture),
        cmocka_unit_test(a_manifest_of_many_values_is_not_parsed),
        cmocka_unit_test(a_manifest_of_as_many_rows_as_files_is_parsed),
        cmocka_unit_test(a_million_tables_take_no_memory),
        cmocka_unit_test(a_log_takes_what_is_kept_of_it),
        cmocka_unit_test(a_sound_file_is_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
