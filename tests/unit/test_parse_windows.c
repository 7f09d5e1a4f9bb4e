/* SPDX-License-Identifier: MIT */
/* Texts of msinfo32, systeminfo and Win32_DeviceGuard, after reports that people published. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/windows/windows.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "vbscheck/count.h"

static struct arena arena;

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

static enum status parse(const char *text, struct windows *out)
{
    arena_init(&arena, 64U << 20, out_of_memory);
    return windows_parse(span_of(text), &arena, out, NULL);
}

static const char *available(const struct windows *w)
{
    return windows_list_text(w->available.has, &arena);
}

#define VBS "Virtualization-based security"
#define MSINFO32(properties, running)                                                              \
    "OS Name\tMicrosoft Windows 11 Pro\r\nVersion\t10.0.26100 Build 26100\r\n"                     \
    "System Name\tHOST\r\nSystem Manufacturer\tLENOVO\r\nSystem Model\t83LU\r\n"                   \
    "System Type\tx64-based PC\r\n"                                                                \
    "Processor\tIntel(R) Core(TM) Ultra 9 275HX, 2700 Mhz, 24 Core(s)\r\n"                         \
    "BIOS Version/Date\tLENOVO Q6CN26WW, 3/27/2025\r\nBIOS Mode\tUEFI\r\n"                         \
    "Secure Boot State\tOff\r\nPCR7 Configuration\tElevation Required to View\r\n"                 \
    "Kernel DMA Protection\tOn\r\n" VBS "\tRunning\r\n" VBS                                        \
    " Required Security Properties\t\r\n" VBS " Available Security Properties\t" properties        \
    "\r\n" VBS " Services Configured\tHypervisor enforced Code Integrity\r\n" VBS                  \
    " Services Running\t" running "\r\n"

#define BASE "Base Virtualization Support"

static void reads_msinfo32(void **state)
{
    struct windows w;
    (void)state;
    assert_int_equal(
        parse(
            MSINFO32(BASE ", DMA Protection, UEFI Code Readonly, SMM Security Mitigations 1.0, "
                          "Mode Based Execution Control, APIC Virtualization",
                     "Hypervisor enforced Code Integrity, Hypervisor-Enforced Paging Translation"),
            &w),
        ST_OK);
    assert_string_equal(available(&w), "1,3,5,6,7,8");
    assert_string_equal(windows_list_text(w.running.has, &arena), "2,7");
    assert_true(w.required.told && w.required.has == 0);
    assert_int_equal(w.vbs, WINDOWS_VBS_RUNNING);
    assert_int_equal(w.secure_boot, WINDOWS_OFF);
    assert_int_equal(w.kernel_dma, WINDOWS_ON);
    assert_int_equal(w.uefi, WINDOWS_ON);
    assert_true(span_is(w.model, "83LU"));
    assert_true(span_is(w.processor, "Intel(R) Core(TM) Ultra 9 275HX"));
    assert_true(span_is(w.firmware, "LENOVO Q6CN26WW"));
    assert_true(span_is(w.firmware_date, "3/27/2025"));
    assert_int_equal(w.source, WINDOWS_MSINFO32);
    arena_reset(&arena);
}

/* "Elevation Required to View" holds "on", and is no answer. */
static void an_answer_that_needs_elevation_is_none(void **state)
{
    struct windows w;
    (void)state;
    assert_int_equal(parse("OS Name\tX\nSystem Model\tY\n"
                           "Secure Boot State\tElevation Required to View\n",
                           &w),
                     ST_NOT_COLLECTED);
    assert_int_equal(w.secure_boot, WINDOWS_UNTOLD);
    arena_reset(&arena);
}

static void reads_the_names_of_windows_10(void **state)
{
    struct windows w;
    (void)state;
    assert_int_equal(parse("Device Guard Virtualization based security\tEnabled but not running\n"
                           "Device Guard Required Security Properties\t" BASE ", Secure Boot\n"
                           "Device Guard Available Security Properties\t" BASE ", DMA Protection\n",
                           &w),
                     ST_OK);
    assert_string_equal(available(&w), "1,3");
    assert_int_equal(w.vbs, WINDOWS_VBS_WAITING);
    arena_reset(&arena);
}

#define STATUS "\nVirtualizationBasedSecurityStatus            : 2\n"

static void reads_powershell_s_lists(void **state)
{
    static const struct {
        const char *text, *has;
        bool cut;
    } rows[] = {
        {"AvailableSecurityProperties                  : {1, 2, 3, 4...}" STATUS, "1,2,3,4", true},
        {"AvailableSecurityProperties : {1, 2, 3, 5\xe2\x80\xa6}" STATUS, "1,2,3,5", true},
        {"AvailableSecurityProperties : {1, 3, 5, 7}" STATUS, "1,3,5,7", false},
        {"AvailableSecurityProperties : {1, 2,\n                              3, 7}" STATUS,
         "1,2,3,7", false},
        {"AvailableSecurityProperties : {}\nVirtualizationBasedSecurityStatus : 0\n", "", false},
        {"{\n  \"AvailableSecurityProperties\": [\n    1,\n    2,\n    7\n  ],\n"
         "  \"VirtualizationBasedSecurityStatus\": 2,\n}\n",
         "1,2,7", false},
        {"DeviceGuardAvailableSecurityProperties : {BaseVirtualizationSupport, SecureBoot, "
         "DMAProtection, SecureMemoryOverwrite...}\n",
         "1,2,3,4", true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct windows w;
        assert_int_equal(parse(rows[i].text, &w), ST_OK);
        assert_string_equal(available(&w), rows[i].has);
        assert_int_equal(w.available.cut, rows[i].cut);
        arena_reset(&arena);
    }
}

static void reads_systeminfo_s_lines(void **state)
{
    struct windows w;
    (void)state;
    assert_int_equal(parse("Host Name:                     HOST\n"
                           "OS Name:                       Microsoft Windows 11 Pro\n"
                           "System Model:                  TravelMate\n" VBS ": Status: Running\n"
                           "                               Required Security Properties:\n"
                           "                               Available Security Properties:\n"
                           "                                     " BASE "\n"
                           "                                     Secure Boot\n"
                           "                               Services Configured:\n"
                           "                               Services Running:\n"
                           "                                     Credential Guard\n"
                           "                               App Control policy: Enforced\n"
                           "                                     Anything\n",
                           &w),
                     ST_OK);
    assert_string_equal(available(&w), "1,2");
    assert_string_equal(windows_list_text(w.running.has, &arena), "1");
    assert_int_equal(w.vbs, WINDOWS_VBS_RUNNING);
    arena_reset(&arena);
}

static void refuses_what_no_windows_prints(void **state)
{
    static const char *const texts[] = {
        "AvailableSecurityProperties : {1, 9}" STATUS,
        "AvailableSecurityProperties : {1, 2, 2}" STATUS,
        "AvailableSecurityProperties : {0, 1}" STATUS,
        "AvailableSecurityProperties : {2, 3}" STATUS,
        "AvailableSecurityProperties : {1, -2}" STATUS,
        "AvailableSecurityProperties : {1}\nSecurityServicesRunning : {8}" STATUS,
        "AvailableSecurityProperties : {1}\nSecurityServicesRunning : {2}\n"
        "VirtualizationBasedSecurityStatus : 0\n",
        "VirtualizationBasedSecurityStatus : 3\n",
        MSINFO32(BASE ", Magic Protection", ""),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct windows w = {.secure_boot = WINDOWS_ON};
        assert_int_equal(parse(texts[i], &w), ST_MALFORMED);
        assert_int_equal(w.secure_boot, WINDOWS_ON); /* untouched on failure */
        arena_reset(&arena);
    }
}

#define GERMAN "Virtualisierungsbasierte Sicherheit"
#define IN_GERMAN(properties, last)                                                                \
    "Systemhersteller\tDell Inc.\nSystemmodell\tLatitude\nSystemtyp\tx64-basierter PC\n" GERMAN    \
    "\tWird ausgef\xc3\xbchrt\n" GERMAN " \xe2\x80\x93 Erforderliche\t\n" GERMAN                   \
    " \xe2\x80\x93 Verf\xc3\xbcgbare\t" properties "\n" GERMAN                                     \
    " \xe2\x80\x93 Konfigurierte\tX\n" last "Anderes\tY\n"
#define LAST GERMAN " \xe2\x80\x93 Ausgef\xc3\xbchrte\tX\n"

static void places_localised_properties_by_their_order(void **state)
{
    static const struct {
        const char *text, *has;
        unsigned open;
    } rows[] = {
        {IN_GERMAN("Basis, Start, DMA-Schutz, UEFI-Code, SMM 1.0, Modus, APIC", LAST),
         "1,2,3,5,6,7,8", 0},
        {IN_GERMAN("Basis, DMA-Schutz, UEFI-Code, SMM 1.0", LAST), "1,3,5,6", 0},
        {IN_GERMAN("Basis, Start, DMA-Schutz, Speicher, UEFI-Code", LAST), "1,2,3,4,5", 0},
        {IN_GERMAN("Basis, Start, DMA-Schutz, Etwas", LAST), "1,2,3", 1 << 4 | 1 << 7},
        {IN_GERMAN("Basis, DMA-Schutz, UEFI-Code, Modus, APIC", LAST), "1,3,5,7,8", 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct windows w;
        assert_int_equal(parse(rows[i].text, &w), ST_OK);
        assert_true(w.localised);
        assert_string_equal(available(&w), rows[i].has);
        assert_int_equal(w.available.open, rows[i].open);
        assert_true(span_is(w.model, "Latitude"));
        arena_reset(&arena);
    }
}

static void refuses_localised_rows_of_another_number_or_order(void **state)
{
    static const char *const texts[] = {
        IN_GERMAN("Basis, Start", ""),                              /* three rows */
        IN_GERMAN("Basis, Start", LAST GERMAN " - Noch eine\tX\n"), /* five */
        IN_GERMAN("Basis, UEFI-Code, DMA-Schutz", LAST),            /* not in their order */
        IN_GERMAN("Basis, A, B, DMA-Schutz", LAST),                 /* two where one may be */
        "Etwas\tx\nAnderes\ty\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct windows w;
        assert_int_equal(parse(texts[i], &w), ST_UNSUPPORTED);
        arena_reset(&arena);
    }
}

/* The text of a real machine whose Windows is British. */
static void reads_british_spelling(void **state)
{
    struct windows w;
    (void)state;
    assert_int_equal(
        parse("System Model\t83LU\nSecure Boot State\tOff\n"
              "Virtualisation-based security\tRunning\n"
              "Virtualisation-based security required security properties\t"
              "Base Virtualisation Support\n"
              "Virtualisation-based security available security properties\tBase Virtualisation "
              "Support, DMA Protection, Mode Based Execution Control, APIC Virtualisation\n"
              "Virtualisation-based security services configured\t\n"
              "Virtualisation-based security services running\tHypervisor enforced Code "
              "Integrity\n",
              &w),
        ST_OK);
    assert_string_equal(available(&w), "1,3,7,8");
    assert_string_equal(windows_list_text(w.required.has, &arena), "1");
    assert_string_equal(windows_list_text(w.running.has, &arena), "2");
    assert_int_equal(w.vbs, WINDOWS_VBS_RUNNING);
    assert_false(w.localised);
    arena_reset(&arena);
}

/* As forums, tickets and comments in scripts hand them on. */
static void reads_rows_as_people_paste_them(void **state)
{
    (void)state;
    static const char *const texts[] = {
        VBS "    Running\n" VBS " Available Security Properties    " BASE ", DMA Protection\n" VBS
            " Services Configured\nBIOS Mode    UEFI\n",
        "BIOS Mode: UEFI\n" VBS ": Running\n" VBS " Available Security Properties: " BASE
        ", DMA Protection\n",
        "| BIOS Mode | UEFI |\n|---|---|\n| " VBS " | Running |\n| " VBS
        " Available Security Properties | " BASE ", DMA Protection |\n",
        "# AvailableSecurityProperties      : {1, 3}   # of the hardware\n"
        "# VirtualizationBasedSecurityStatus : 2\n",
        "**AvailableSecurityProperties**: {1, 3}\n**VirtualizationBasedSecurityStatus**: 2\n",
        "- `AvailableSecurityProperties`: {1, 3}\n- `VirtualizationBasedSecurityStatus`: 2\n",
        "{\"AvailableSecurityProperties\":[1,3],\"SecurityServicesRunning\":[2],"
        "\"VirtualizationBasedSecurityStatus\":2}",
        "[{\"VirtualizationBasedSecurityStatus\":2,\"AvailableSecurityProperties\":[1,3]}]",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct windows w = {0};
        if (parse(texts[i], &w) != ST_OK || w.vbs != WINDOWS_VBS_RUNNING ||
            strcmp(available(&w), "1,3") != 0 || w.available.cut)
            fail_msg("text %zu: %s", i, available(&w));
        arena_reset(&arena);
    }
}

/* PowerShell leaves a row blank where it was not allowed to look: {0} is "none", blank is not. */
static void a_blank_row_is_not_an_empty_list(void **state)
{
    (void)state;
    static const char *const values[] = {"", "{}", "null"};
    for (size_t i = 0; i < COUNT(values); i++) {
        struct windows w = {0};
        char text[400];
        (void)snprintf(text, sizeof text,
                       "DeviceGuardSmartStatus                 : Off\n"
                       "DeviceGuardAvailableSecurityProperties : %s\n"
                       "DeviceGuardSecurityServicesRunning     : %s\n",
                       values[i], values[i]);
        assert_int_equal(parse(text, &w), ST_NOT_COLLECTED);
        assert_false(w.available.told);
        arena_reset(&arena);
    }
    struct windows w = {0};
    assert_int_equal(parse("AvailableSecurityProperties : {0}\n", &w), ST_OK);
    assert_true(w.available.told);
    arena_reset(&arena);
}

/* A file may hold what several commands printed. */
static void one_text_twice_is_one_and_two_that_differ_are_none(void **state)
{
    struct windows w = {0};
    (void)state;
    static const char one[] = MSINFO32(BASE ", DMA Protection", "Credential Guard");
    char text[4096];
    (void)snprintf(text, sizeof text, "%s%sAvailableSecurityProperties : {1, 3}\n", one, one);
    assert_int_equal(parse(text, &w), ST_OK);
    assert_string_equal(available(&w), "1,3");
    arena_reset(&arena);
    (void)snprintf(text, sizeof text, "%sAvailableSecurityProperties : {1, 2, 3}\n", one);
    assert_int_equal(parse(text, &w), ST_MALFORMED);
    arena_reset(&arena);
    (void)snprintf(text, sizeof text, "%sSystem Model\tAnother\n", one);
    assert_int_equal(parse(text, &w), ST_MALFORMED);
    arena_reset(&arena);
    assert_int_equal(parse("AvailableSecurityProperties : {1, 2...}\n"
                           "AvailableSecurityProperties : {1, 2, 3}\n",
                           &w),
                     ST_OK);
    assert_string_equal(available(&w), "1,2,3");
    assert_false(w.available.cut);
    arena_reset(&arena);
}

static void get_computer_info_names_the_machine(void **state)
{
    struct windows w = {0};
    (void)state;
    assert_int_equal(
        parse("CsManufacturer                         : Dell Inc.\n"
              "CsModel                                : Latitude 7440\n"
              "DeviceGuardAvailableSecurityProperties : {BaseVirtualizationSupport, 5...}\n"
              "DeviceGuardSecurityServicesRunning     : {CredentialGuard, 3}\n",
              &w),
        ST_OK);
    assert_true(span_is(w.maker, "Dell Inc."));
    assert_true(span_is(w.model, "Latitude 7440"));
    assert_int_equal(w.vbs, WINDOWS_VBS_RUNNING); /* what runs in it does */
    assert_true(w.available.cut);
    arena_reset(&arena);
}

static void writes_no_name_of_host_or_user(void **state)
{
    struct windows w, again;
    (void)state;
    assert_int_equal(parse(MSINFO32(BASE, "Credential Guard") "User Name\tHOST\\user\n", &w),
                     ST_OK);
    struct span blob = windows_write(&w, ST_OK, &arena);
    assert_false(span_find(blob, "HOST", NULL));
    assert_false(span_find(blob, "user", NULL));
    assert_int_equal(windows_read(blob, &again), ST_OK);
    struct span twice = windows_write(&again, ST_OK, &arena);
    assert_true(span_equal(blob, twice));
    arena_reset(&arena);
}

static void survives_every_prefix(void **state)
{
    static const char text[] = MSINFO32(BASE ", DMA Protection", "Credential Guard")
        IN_GERMAN("Basis, Start", LAST) "AvailableSecurityProperties : {1, 2, 3, 4...}" STATUS;
    (void)state;
    for (size_t n = 0; n < sizeof text; n++) {
        struct heap h = heap_copy((struct span){(const uint8_t *)text, n});
        struct windows w;
        arena_init(&arena, 64U << 20, out_of_memory);
        (void)windows_parse(h.span, &arena, &w, NULL);
        arena_reset(&arena);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_msinfo32),
        cmocka_unit_test(an_answer_that_needs_elevation_is_none),
        cmocka_unit_test(reads_the_names_of_windows_10),
        cmocka_unit_test(reads_powershell_s_lists),
        cmocka_unit_test(reads_systeminfo_s_lines),
        cmocka_unit_test(refuses_what_no_windows_prints),
        cmocka_unit_test(places_localised_properties_by_their_order),
        cmocka_unit_test(refuses_localised_rows_of_another_number_or_order),
        cmocka_unit_test(reads_british_spelling),
        cmocka_unit_test(reads_rows_as_people_paste_them),
        cmocka_unit_test(a_blank_row_is_not_an_empty_list),
        cmocka_unit_test(one_text_twice_is_one_and_two_that_differ_are_none),
        cmocka_unit_test(get_computer_info_names_the_machine),
        cmocka_unit_test(writes_no_name_of_host_or_user),
        cmocka_unit_test(survives_every_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
