/* SPDX-License-Identifier: MIT */
/* Telling evidence by its content. */
#include "load/load.h"
#include "parse/klog/klog.h"
#include "parse/memattr.h"
#include "vbscheck/count.h"

/* How much of a file is looked at: its kind shows in the first lines. */
enum { LOOK_AT = 64 << 10, LINES = 400 };

static const struct {
    const char *bytes;
    size_t at;
    bool compressed;
} archive_magics[] = {
    {"\x1f\x8b", 0, true},         /* gzip, RFC 1952 */
    {"\x28\xb5\x2f\xfd", 0, true}, /* Zstandard, RFC 8878 */
    {"ustar", 257, false},         /* tar, POSIX.1-1988 and later */
};

bool load_is_archive(struct span head)
{
    for (size_t i = 0; i < COUNT(archive_magics); i++) {
        if (span_starts(span_skip(head, archive_magics[i].at), archive_magics[i].bytes))
            return true;
    }
    return false;
}

bool load_is_compressed(struct span head)
{
    for (size_t i = 0; i < COUNT(archive_magics); i++) {
        if (archive_magics[i].compressed && span_starts(head, archive_magics[i].bytes))
            return true;
    }
    return false;
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

/* FACS alone has no checksum: ACPI 6.5, section 5.2.10. */
static bool is_known(struct span signature)
{
    return tables_want(signature) || span_is(signature, "FACS");
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
 * A raw table: four capital letters and then something that is no text, as many a format begins
 * (RIFF, say). So either the letters are those of a table that somebody wants, whose length need
 * not be right then: a damaged WSMT is to be called a malformed WSMT. Or length and checksum are.
 */
static bool is_table(struct span data)
{
    struct span head = data;
    if (head.len > 36)
        head.len = 36;
    return data.len >= 8 && is_signature(data) && !is_text(head) &&
           (is_known((struct span){data.ptr, 4}) || adds_up(data));
}

bool acpidump_head(struct span line, struct span *signature)
{
    struct span rest = span_skip(line, 4);
    if (line.len < 8 || !is_signature(line))
        return false;
    rest = span_trim(rest);
    if (!span_starts(rest, "@ 0x") && !span_starts(rest, "@ 0X"))
        return false;
    *signature = (struct span){line.ptr, 4};
    return true;
}

static bool is_acpidump(struct span line)
{
    struct span signature;
    return acpidump_head(line, &signature);
}

/* Some versions of the tools put blanks or a tab where others have a colon. */
static bool is_cpuid(struct span line)
{
    return span_starts(line, "basic_cpuid[0]=") || span_starts(line, "CPUID 00000000:") ||
           span_starts(line, "CPUID 00000000 ") || span_starts(line, "CPUID 00000000\t");
}

static bool is_cpuinfo(struct span line)
{
    struct span key, value;
    uint64_t n;
    return span_starts(line, "processor") && span_split(line, ':', &key, &value) &&
           span_is(key, "processor") && span_number(value, &n);
}

/* "00:1f.2 SATA controller" or "0000:00:1f.2 …", as lspci starts each function. */
static bool is_lspci(struct span line)
{
    uint64_t v;
    struct span s = line;
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
    return span_starts(line, "# dmidecode") || span_starts(line, "Handle 0x0000, DMI type ");
}

/* Lines with which a kernel's log starts, behind whatever stamp; or the kernel's own stamp. */
static bool is_kernel_log(struct span line)
{
    static const char *const starts[] = {
        "Linux version ", "efi: ",        "DMI: ",   "Booting Linux on physical CPU",
        "BIOS-e820: ",    "secureboot: ", "SMBIOS ", "x86/cpu: ",
    };
    struct span message = klog_message(line), s = line;
    uint64_t v;
    for (size_t i = 0; i < COUNT(starts); i++) {
        if (span_starts(message, starts[i]))
            return true;
    }
    if (span_starts(s, "<") && s.len > 3)
        s = span_skip(s, s.ptr[2] == '>' ? 3 : 4);
    if (span_find(s, " kernel: ", &s) && s.len > 0)
        return true;
    if (!span_starts(s, "["))
        return false;
    s = span_trim(span_skip(s, 1));
    return span_take_dec(&s, &v) && span_starts(s, ".");
}

/* The first row that fits any of the first lines wins, in this order. */
static const struct {
    enum kind kind;
    bool (*is)(struct span line);
} texts[] = {
    {KIND_ACPIDUMP, is_acpidump}, {KIND_CPUID, is_cpuid}, {KIND_DMIDECODE, is_dmidecode},
    {KIND_CPUINFO, is_cpuinfo},   {KIND_LSPCI, is_lspci}, {KIND_KERNEL_LOG, is_kernel_log},
};

enum kind sniff(struct span data)
{
    struct span rest = data, line;
    if (load_is_archive(data))
        return KIND_ARCHIVE;
    if (is_table(data))
        return KIND_ACPI_TABLE;
    if (memattr_looks_like(data))
        return KIND_MEMATTR;
    if (rest.len > LOOK_AT)
        rest.len = LOOK_AT;
    for (unsigned n = 0; n < LINES && span_next_line(&rest, &line); n++) {
        for (size_t i = 0; i < COUNT(texts); i++) {
            if (texts[i].is(line))
                return texts[i].kind;
        }
    }
    return KIND_UNKNOWN;
}
