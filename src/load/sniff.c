/* SPDX-License-Identifier: MIT */
/* Recognises evidence by its content. */
#include <string.h>

#include "load/forms/forms.h"
#include "load/hex/hex.h"
#include "load/load.h"
#include "load/tables.h"
#include "parse/hardware/memory.h"
#include "parse/hardware/storage.h"
#include "parse/klog/klog.h"
#include "parse/memattr.h"
#include "parse/windows/windows.h"
#include "vbscheck/count.h"

static const struct {
    const char *bytes;
    size_t len;
    size_t at;
    bool compressed;
} archive_magics[] = {
    {"\x1f\x8b", 2, 0, true},         /* gzip, RFC 1952 */
    {"\x28\xb5\x2f\xfd", 4, 0, true}, /* Zstandard, RFC 8878 */
    {"\xfd"
     "7zXZ\0",
     6, 0, true},                /* xz */
    {"BZh", 3, 0, true},         /* bzip2 */
    {"ustar", 5, 257, false},    /* tar, POSIX.1-1988 and later */
    {"PK\x03\x04", 4, 0, false}, /* zip, PKWARE's APPNOTE 4.3.7 */
};

static bool has_magic(struct span head, size_t i)
{
    struct span magic = {(const uint8_t *)archive_magics[i].bytes, archive_magics[i].len};
    struct span at = span_skip(head, archive_magics[i].at);
    at.len = at.len > magic.len ? magic.len : at.len;
    return span_equal(at, magic);
}

bool load_is_archive(struct span head)
{
    for (size_t i = 0; i < COUNT(archive_magics); i++) {
        if (has_magic(head, i))
            return true;
    }
    return false;
}

bool load_is_compressed(struct span head)
{
    for (size_t i = 0; i < COUNT(archive_magics); i++) {
        if (archive_magics[i].compressed && has_magic(head, i))
            return true;
    }
    return false;
}

bool load_is_tar(struct span head)
{
    return span_starts(span_skip(head, 257), "ustar");
}

static bool is_signature(struct span s)
{
    for (size_t i = 0; i < 4; i++) {
        uint8_t c = s.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '!' || c == '_' || c == '#'))
            return false;
    }
    return true;
}

static bool is_text(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < ' ' && s.ptr[i] != '\n' && s.ptr[i] != '\t' && s.ptr[i] != '\r')
            return false;
    }
    return true;
}

/* Only FACS has no checksum: ACPI 6.5, section 5.2.10. */
static bool is_known(struct span signature)
{
    return tables_want(signature) || tables_tell_whole(signature) || span_is(signature, "FACS");
}

static bool adds_up(struct span data)
{
    enum { HEADER = 36 };
    struct rd r = rd_open(data);
    uint8_t sum = 0;
    rd_skip(&r, 4);
    if (data.len < HEADER || rd_le32(&r) != data.len)
        return false;
    for (size_t i = 0; i < data.len; i++)
        sum = (uint8_t)(sum + data.ptr[i]);
    return sum == 0;
}

/*
 * A raw table: four capital letters, then binary data, which other formats begin with, too (RIFF,
 * say). So either the letters are those of a known table, whose length need not be right then: a
 * damaged WSMT is reported as a malformed WSMT. Or length and checksum are right.
 */
static bool is_table(struct span data)
{
    struct span head = data;
    if (head.len > 36)
        head.len = 36;
    return data.len >= 8 && is_signature(data) && !is_text(head) &&
           (is_known((struct span){data.ptr, 4}) || adds_up(data));
}

/* Nothing, blanks, or a shell prompt: "root@host:~# ". */
static bool is_prompt(struct span before)
{
    struct span s = span_trim(before);
    bool ends = s.len > 0 && (s.ptr[s.len - 1] == '#' || s.ptr[s.len - 1] == '$' ||
                              s.ptr[s.len - 1] == '>' || s.ptr[s.len - 1] == '%');
    return s.len == 0 || (ends && s.len < before.len);
}

bool acpidump_head(struct span line, struct span *signature, uint64_t *address)
{
    enum { LONGEST = 160, SIGNATURE = 4 };
    struct span rest = line, number;
    if (line.len < 8 || line.len > LONGEST || memchr(line.ptr, '@', line.len) == NULL ||
        (!span_find(line, "@ 0x", &rest) && !span_find(line, "@ 0X", &rest)))
        return false;
    struct span before = {line.ptr, line.len - rest.len - 4};
    number = span_trim(rest);
    while (before.len > 0 &&
           (before.ptr[before.len - 1] == ' ' || before.ptr[before.len - 1] == '\t'))
        before.len--;
    if (before.len < SIGNATURE || !span_take_hex(&number, address) || number.len > 0)
        return false;
    struct span four = span_skip(before, before.len - SIGNATURE);
    before.len -= SIGNATURE;
    if (!is_signature(four) || !is_prompt(before))
        return false;
    *signature = four;
    return true;
}

static bool is_acpidump(struct span line)
{
    struct span signature;
    uint64_t address;
    return acpidump_head(line, &signature, &address);
}

/* Some versions of the tools put blanks or a tab where others have a colon. */
static bool is_cpuid(struct span line)
{
    return span_starts(line, "basic_cpuid[0]=") || span_starts(line, "CPUID 00000000:") ||
           span_starts(line, "CPUID 00000000 ") || span_starts(line, "CPUID 00000000\t") ||
           span_starts(span_trim(line), "0x00000000 0x00: eax=") ||
           span_starts(line, "0x00000000\t");
}

static bool is_cpuinfo(struct span line)
{
    struct span key, value;
    uint64_t n;
    return span_starts(line, "processor") && span_split(line, ':', &key, &value) &&
           span_is(key, "processor") && span_number(value, &n);
}

/* "00:1f.2" or "0000:00:1f.2" and nothing else */
static bool is_slot(struct span s)
{
    uint64_t v;
    unsigned colons = 0;
    for (; span_take_hex(&s, &v) && span_starts(s, ":"); s = span_skip(s, 1))
        colons++;
    return colons >= 1 && colons <= 2 && s.len == 2 && s.ptr[0] == '.' && s.ptr[1] >= '0' &&
           s.ptr[1] <= '7';
}

/* "00:1f.2 SATA controller" or "0000:00:1f.2 …", as lspci starts each function. */
static bool is_lspci(struct span line)
{
    uint64_t v;
    struct span s = line;
    if (span_starts(line, "Slot:") || span_starts(line, "Device:")) /* -vmm, -vm */
        return is_slot(span_trim(span_skip(line, span_starts(line, "S") ? 5 : 7)));
    for (unsigned colons = 0; span_take_hex(&s, &v); s = span_skip(s, 1)) {
        if (span_starts(s, ":"))
            colons++;
        else
            return span_starts(s, ".") && colons >= 1 && colons <= 2 && s.len > 3 &&
                   s.ptr[1] >= '0' && s.ptr[1] <= '7' && s.ptr[2] == ' ';
    }
    return false;
}

static bool is_dmidecode(struct span line)
{
    /* -q prints no head and no handles: its first structure is the firmware's. */
    return span_starts(line, "# dmidecode") || span_is(line, "BIOS Information") ||
           span_starts(line, "Handle 0x0000, DMI type ");
}

/* The first line of /proc/meminfo. */
static bool is_meminfo(struct span line)
{
    uint64_t mib;
    return span_starts(line, "MemTotal:") && memory_total_parse(line, &mib);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* "[    0.000000] ", after "<6>": the kernel's own stamp. */
static bool has_stamp(struct span line)
{
    struct span s = line;
    uint64_t v;
    if (span_starts(s, "<") && s.len > 4)
        s = span_skip(s, s.ptr[2] == '>' ? 3 : 4);
    if (!span_starts(s, "["))
        return false;
    s = span_trim(span_skip(s, 1));
    return s.len > 0 && is_digit(s.ptr[0]) && span_take_dec(&s, &v) && span_starts(s, ".");
}

/* First lines of a kernel log, after any stamp; or the kernel's own stamp. */
static bool is_kernel_log(struct span line)
{
    static const char *const starts[] = {
        "Linux version ", "efi: ",        "DMI: ",     "Booting Linux on physical CPU",
        "BIOS-e820: ",    "secureboot: ", "x86/cpu: ",
    };
    struct span message = klog_message(line), s;
    for (size_t i = 0; i < COUNT(starts); i++) {
        if (span_starts(message, starts[i]))
            return true;
    }
    return has_stamp(line) || (span_find(line, " kernel: ", &s) && s.len > 0);
}

/* The first row that fits wins, in this order. */
static const struct {
    enum kind kind;
    bool (*is)(struct span line);
} texts[] = {
    {KIND_ACPIDUMP, is_acpidump},
    {KIND_CPUID, is_cpuid},
    {KIND_DMIDECODE, is_dmidecode},
    {KIND_CPUINFO, is_cpuinfo},
    {KIND_LSPCI, is_lspci},
    {KIND_KERNEL_LOG, is_kernel_log},
    {KIND_WINDOWS, windows_opens},
    {KIND_MEMINFO, is_meminfo},
    {KIND_LSBLK, lsblk_is_head},
    {KIND_HEX, hex_opens_table},
    {KIND_BASE64, base64_opens_table},
};

/* For kinds with lines that look like the start of another kind. */
static bool may_follow(enum kind kind, enum kind now)
{
    bool bytes = now == KIND_ACPIDUMP || now == KIND_LSPCI || now == KIND_DMIDECODE ||
                 now == KIND_WINDOWS; /* resources of its devices */
    return (kind != KIND_HEX && kind != KIND_BASE64) || !bytes;
}

/* AIDA's dump has registers after the words of CPUID: both belong to one text. */
static bool goes_with(struct span line, enum kind now)
{
    return now == KIND_CPUID && span_starts(line, "MSR 0");
}

static enum kind sniff_form(struct span line, enum kind now)
{
    for (unsigned i = 0; i < FORMS_N; i++) {
        if (forms[i].opens(line) && !goes_with(line, now))
            return (enum kind)(KIND_FORMS + i);
    }
    return KIND_UNKNOWN;
}

/*
 * Most lines of most texts: bytes of a table, details of a function in lspci -v. Only heads of
 * tables and `cpuid -r` start after blanks.
 */
static bool goes_on(struct span line)
{
    if (line.len > 2 && line.ptr[0] == ' ' && span_starts(span_trim(line), "\""))
        return false; /* of JSON */
    return (line.ptr[0] == '\t' || line.ptr[0] == ' ') && memchr(line.ptr, '@', line.len) == NULL &&
           !span_starts(line, "   0x00000000 0x00: eax=");
}

enum kind sniff_line(struct span line, enum kind now)
{
    if (line.len == 0 || (now != KIND_UNKNOWN && goes_on(line)))
        return KIND_UNKNOWN;
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (may_follow(texts[i].kind, now) && texts[i].is(line))
            return texts[i].kind;
    }
    return sniff_form(line, now);
}

enum kind sniff_bytes(struct span data)
{
    if (load_is_archive(data))
        return KIND_ARCHIVE;
    if (is_table(data))
        return KIND_ACPI_TABLE;
    return memattr_looks_like(data) ? KIND_MEMATTR : KIND_UNKNOWN;
}

enum kind sniff(struct span data)
{
    struct span rest = data, line;
    enum kind kind = sniff_bytes(data);
    while (kind == KIND_UNKNOWN && span_next_line(&rest, &line))
        kind = sniff_line(line, KIND_UNKNOWN);
    return kind;
}
