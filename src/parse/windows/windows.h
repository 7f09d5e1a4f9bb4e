/* SPDX-License-Identifier: MIT */
/*
 * Windows' reports about its virtualization-based security: the texts of msinfo32 (rows of two
 * columns, tab between), of systeminfo, of Win32_DeviceGuard and of Get-ComputerInfo as PowerShell
 * prints them, as lists or as JSON. Numbers: Microsoft, "Enable memory integrity". These texts hold
 * names of hosts, users and networks: only the rows below are kept.
 */
#ifndef PARSE_WINDOWS_WINDOWS_H
#define PARSE_WINDOWS_WINDOWS_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum windows_source {
    WINDOWS_MSINFO32,
    WINDOWS_SYSTEMINFO,
    WINDOWS_DEVICE_GUARD,
    WINDOWS_COMPUTER_INFO,
    WINDOWS_SOURCES
};

/* "msinfo32", "systeminfo", "Win32_DeviceGuard", "Get-ComputerInfo". */
const char *windows_source_name(enum windows_source s);

enum windows_switch { WINDOWS_UNTOLD, WINDOWS_OFF, WINDOWS_ON };

/* VirtualizationBasedSecurityStatus 0 to 2. */
enum windows_vbs { WINDOWS_VBS_UNTOLD, WINDOWS_VBS_OFF, WINDOWS_VBS_WAITING, WINDOWS_VBS_RUNNING };

/* A list of numbers; bit n: n is in it. */
struct windows_list {
    bool told;
    bool cut;      /* it ends in "...": there are more */
    unsigned has;  /* those that are in it */
    unsigned open; /* in a localised list: numbers of which one may be in it */
};

enum { WINDOWS_PROPERTY_MAX = 8, WINDOWS_SERVICE_MAX = 7 };

struct windows {
    enum windows_source source;
    bool localised;
    struct span version; /* "10.0.26100 Build 26100" */
    struct span maker, model, board;
    struct span type; /* "x64-based PC", "ARM64-based PC" */
    struct span processor;
    struct span firmware, firmware_date;
    enum windows_switch uefi; /* BIOS mode */
    enum windows_switch secure_boot;
    enum windows_switch kernel_dma;
    enum windows_vbs vbs;
    struct windows_list available, required, configured, running;
};

/* The kind of a text among the four, as far as it is clear. */
enum windows_source windows_source_of(struct span text);

/* Does this line start a text of Windows? */
bool windows_opens(struct span line);

/*
 * Parses such a text. Returns ST_OK; ST_MALFORMED for values that no Windows prints (`fault` as
 * ever); ST_UNSUPPORTED for a text in another language whose rows are not where they are expected;
 * ST_NOT_COLLECTED for a text without virtualization-based security; its names of the machine are
 * still in *out. Else *out is written on success only.
 */
enum status windows_parse(struct span text, struct arena *a, struct windows *out,
                          struct fault *fault);

/* The blob `windows`: writing the kept data, one line each, and reading it. */
struct span windows_write(const struct windows *w, enum status st, struct arena *a);
enum status windows_read(struct span blob, struct windows *out);

/* Parts of windows_parse(). */

/*
 * A row: its key and its value, without the marks that forums and comments put around them.
 * Returns false, with both untouched, for any other line.
 */
bool windows_row(struct span line, struct span *key, struct span *value);

/* True if `key` names the row `name`: in any case of letters, in British spelling too. */
bool windows_key_is(struct span key, const char *name);

/* The same text; JSON in one line is split into a line per member, made in `a`. */
struct span windows_unfold(struct span text, struct arena *a);

/* The number of a property or service by its English name or as digits; -1: no such. */
int windows_property(struct span name);
int windows_service(struct span name);

/* "1,3,5" of a list's bits. */
const char *windows_list_text(unsigned bits, struct arena *a);

/*
 * A text of msinfo32 in another language: the rows on virtualization-based security by their order
 * and number. Returns ST_OK or ST_UNSUPPORTED.
 */
enum status windows_localised(struct span text, struct arena *a, struct windows *out);

#endif
