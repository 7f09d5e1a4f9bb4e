/* SPDX-License-Identifier: MIT */
#include "cli/cli_options.h"

#include "cli/profile/mistaken_rule.h"
#include "cli/profile/profile_options.h"
#include "parse/azure/azure_size.h"
#include "vbscheck/count.h"
#include "vbscheck/suggest.h"

#include <string.h>

void add_from(struct parsing *p, const char *value)
{
    struct config *c = p->config;
    c->from = arena_grow(p->arena, c->from, c->n_from, sizeof *c->from);
    c->from[c->n_from++] = value;
    p->given |= UINT64_C(1) << OPT_FROM;
    if (value[0] == '\0')
        p->problem = "a path is needed: a file, a folder, or '-' for standard input";
}

static void set_from_list(struct parsing *p, const char *value)
{
    p->config->from_list = value;
    if (value[0] == '\0')
        p->problem = "a file with a path on each line is needed, or '-' for standard input";
}

static void set_nul(struct parsing *p, const char *value)
{
    (void)value;
    p->config->from_nul = true;
}

static void set_resume(struct parsing *p, const char *value)
{
    p->config->resume = value;
    if (value[0] == '\0' || strcmp(value, "-") == 0)
        p->problem = "a file is needed: what an earlier 'vbscheck --format ndjson' wrote";
}

static void set_labels(struct parsing *p, const char *value)
{
    p->config->labels_file = value;
    if (value[0] == '\0' || strcmp(value, "-") == 0)
        p->problem = "a CSV file is needed: names of captures, then a column for each label";
}

static void set_root(struct parsing *p, const char *value)
{
    p->config->root = value;
    if (value[0] == '\0')
        p->problem = "a folder is needed: a mounted or copied system";
}

/* The transports of tpm2-tss, by the names of its libraries libtss2-tcti-NAME. */
static const char *tcti_name(size_t i)
{
    static const char *const names[] = {"device",     "swtpm",    "mssim",   "tabrmd",
                                        "cmd",        "pcap",     "libtpms", "spi-helper",
                                        "spi-ltt2go", "spi-ftdi", "spidev",  "i2c-ftdi",
                                        "i2c-helper", "fuzzing",  "null"};
    return i < COUNT(names) ? names[i] : NULL;
}

static void set_tcti(struct parsing *p, const char *value)
{
    char *name = arena_text(p->arena, (struct span){(const uint8_t *)value, strcspn(value, ":")});
    const char *known;
    p->config->tcti = value;
    for (size_t i = 0; (known = tcti_name(i)) != NULL; i++) {
        if (strcmp(known, name) == 0)
            return;
    }
    if (strchr(name, '/') == NULL) /* with '/': the path of the user's own library */
        p->problem = suggest_in(p->arena, "tpm2-tss has no such transport",
                                "use one such as 'device:/dev/tpmrm0'", name, tcti_name);
}

static const char *format_name(size_t i)
{
    return i < n_reporters ? reporters[i]->name : NULL;
}

static void set_format(struct parsing *p, const char *value)
{
    p->config->format = reporter_find(value);
    if (p->config->format == NULL)
        p->problem = suggest_in(p->arena, "there is no such format", "see 'vbscheck list formats'",
                                value, format_name);
}

static void set_output(struct parsing *p, const char *value)
{
    p->config->output = strcmp(value, "-") == 0 ? NULL : value;
    if (value[0] == '\0')
        p->problem = "a file name is needed";
}

/* Domains, the first parts of rules' names, and rules. */
static bool is_selector(const char *name)
{
    const struct rule *r;
    size_t n = strlen(name);
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        if (strcmp(r->id, name) == 0 || (strncmp(r->id, name, n) == 0 && r->id[n] == '.'))
            return true;
    }
    return false;
}

const char *rule_name(size_t i)
{
    const struct rule *r = rule_at(i);
    return r != NULL ? r->id : NULL;
}

static const char *selector_name(size_t i)
{
    static const char *const domains[] = {"cpu", "iommu",   "tpm", "smm", "uefi",
                                          "mor", "drivers", "vm",  "boot"};
    return i < COUNT(domains) ? domains[i] : rule_name(i - COUNT(domains));
}

static const char *unknown_selector(struct arena *a, const char *name)
{
    return suggest_in(a, arena_printf(a, "'%s' is neither a rule nor a domain", name),
                      "domains are cpu, iommu, tpm, smm, uefi, mor, drivers, vm and boot (other "
                      "profiles have more); 'vbscheck list rules' names the rules",
                      name, selector_name);
}

/* Repeated, it adds up. */
static void set_only(struct parsing *p, const char *value)
{
    const char **only = NULL;
    size_t n = 0, before;
    for (const char *const *old = p->config->judge.only; old != NULL && *old != NULL; old++) {
        only = arena_grow(p->arena, only, n, sizeof *only);
        only[n++] = *old;
    }
    before = n;
    for (struct span rest = span_of(value), part, more; rest.len > 0; rest = more) {
        if (!span_split(rest, ',', &part, &more)) {
            part = span_trim(rest);
            more = (struct span){0};
        }
        only = arena_grow(p->arena, only, n, sizeof *only);
        only[n++] = arena_text(p->arena, part);
        if (!is_selector(only[n - 1]))
            p->problem = unknown_selector(p->arena, only[n - 1]);
    }
    only = arena_grow(p->arena, only, n, sizeof *only);
    only[n] = NULL;
    if (n == before)
        p->problem = "a domain or a rule is needed, such as 'cpu' or 'smm.wsmt'";
    p->config->judge.only = only;
}

static const char *level_at(size_t i)
{
    return i < LEVEL_COUNT ? level_name((enum level)i) : NULL;
}

static void set_fail_on(struct parsing *p, const char *value)
{
    if (!level_from_name(value, &p->config->judge.fail_on))
        p->problem = suggest_in(p->arena, "there is no such level",
                                "levels are required, recommended and info", value, level_at);
}

static void add_label(struct parsing *p, const char *value)
{
    struct labels *l = &p->config->labels;
    const char *equals = strchr(value, '=');
    l->arena = p->arena;
    if (equals == NULL) {
        p->problem = "write KEY=VALUE, such as 'site=Berlin'";
        return;
    }
    struct span key = {(const uint8_t *)value, (size_t)(equals - value)};
    struct span words = span_of(equals + 1);
    p->problem = label_problem(key, words);
    if (p->problem != NULL)
        return;
    if (labels_get(l, arena_text(p->arena, key)) != NULL)
        p->problem = "this key was already given";
    else if (labels_set(l, key, words) != ST_OK)
        p->problem = "there are already 32 labels, the most that a machine can have";
}

void add_labels(const struct config *c, struct snapshot *out)
{
    for (size_t i = 0; i < c->labels.n; i++) {
        const struct label *l = &c->labels.items[i];
        if (labels_set(&out->labels, span_of(l->key), span_of(l->value)) != ST_OK)
            notes_add(&out->notes, "labels",
                      "the label %s was left out: a machine can have %d at "
                      "most",
                      l->key, LABELS_MAX);
    }
}

static void set_baseline(struct parsing *p, const char *value)
{
    p->config->baseline = value;
    if (value[0] == '\0' || strcmp(value, "-") == 0)
        p->problem = "a file is needed: a JSON report of an earlier scan";
}

static void set_exit_zero(struct parsing *p, const char *value)
{
    (void)value;
    p->config->judge.exit_zero = true;
}

static void set_quiet(struct parsing *p, const char *value)
{
    (void)value;
    p->config->judge.quiet = true;
}

static void set_verbose(struct parsing *p, const char *value)
{
    (void)value;
    p->config->judge.verbose = true;
}

static void add_drivers(struct parsing *p, const char *value)
{
    struct config *c = p->config;
    c->drivers = arena_grow(p->arena, c->drivers, c->n_drivers, sizeof *c->drivers);
    c->drivers[c->n_drivers++] = value;
    if (value[0] == '\0')
        p->problem = "a path is needed: a driver file, a folder or a pack";
}

static void set_windows(struct parsing *p, const char *value)
{
    p->config->windows = value;
    if (value[0] == '\0')
        p->problem = "a folder is needed: where the Windows partition is mounted";
}

static void set_blocklist(struct parsing *p, const char *value)
{
    p->config->blocklist = value;
    if (value[0] == '\0')
        p->problem = "a file is needed: a SiPolicy, as XML or binary";
}

static void set_digests(struct parsing *p, const char *value)
{
    (void)value;
    p->config->digests = true;
}

static const char *arch_at(size_t i)
{
    static const char *const names[] = {"amd64", "arm64", "i386", "armnt", "ia64"};
    return i < COUNT(names) ? names[i] : NULL;
}

static void set_arch(struct parsing *p, const char *value)
{
    const char *name;
    p->config->arch = value;
    for (size_t i = 0; (name = arch_at(i)) != NULL; i++) {
        if (strcmp(name, value) == 0)
            return;
    }
    p->problem = suggest_in(p->arena, "there is no such architecture",
                            "use amd64, arm64, i386, armnt or ia64", value, arch_at);
}

static void set_jobs(struct parsing *p, const char *value)
{
    uint64_t n = 0;
    if (!span_number(span_of(value), &n) || n == 0 || n > 1024)
        p->problem = "a number from 1 to 1024 is needed";
    p->config->jobs = (size_t)n;
}

static void set_azure_size(struct parsing *p, const char *value)
{
    struct azure_size size;
    p->config->azure_size = value;
    if (azure_size_parse(span_of(value), &size) != ST_OK)
        p->problem = "this is not a VM size; write it like 'Standard_D4s_v5'";
}

static void set_azure_imds(struct parsing *p, const char *value)
{
    (void)value;
    p->config->azure_imds = true;
}

/* For tests: only the port can be set, not the address, so only this machine is ever asked. */
static void set_imds_port(struct parsing *p, const char *value)
{
    uint64_t n = 0;
    if (!span_number(span_of(value), &n) || n == 0 || n > UINT16_MAX)
        p->problem = "a port of the loopback address is needed";
    p->config->imds_port = (uint16_t)n;
}

static void set_yes(struct parsing *p, const char *value)
{
    (void)value;
    p->config->yes = true;
}

static void set_allow_vm(struct parsing *p, const char *value)
{
    (void)value;
    p->config->allow_vm = true;
}

static const char *color_at(size_t i)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};
    return i < COUNT(names) ? names[i] : NULL;
}

static void set_color(struct parsing *p, const char *value)
{
    const char *name;
    for (size_t i = 0; (name = color_at(i)) != NULL; i++) {
        if (strcmp(name, value) == 0) {
            p->config->color = (enum color_when)i;
            return;
        }
    }
    p->problem = suggest_in(p->arena, "there is no such choice", "use auto, always or never", value,
                            color_at);
}

const struct option_row cli_options[OPT_COUNT] = {
    [OPT_FROM] = {"from", 0, "PATH", "judge a capture, evidence or a folder ('-': stdin)",
                  add_from},
    [OPT_FROM_LIST] = {"from-list", 0, "FILE", "judge the paths in FILE, one a line ('-': stdin)",
                       set_from_list},
    [OPT_NUL] = {"null", '0', NULL, "paths of --from-list end with a NUL", set_nul},
    [OPT_RESUME] = {"resume", 0, "FILE", "leave out inputs whose reports FILE has (ndjson)",
                    set_resume},
    [OPT_ROOT] = {"root", 0, "DIR", "read a mounted or copied system instead of this one",
                  set_root},
    [OPT_TCTI] = {"tcti", 0, "CONF", "how to reach the TPM (device:/dev/tpmrm0)", set_tcti},
    [OPT_PROFILE] = {"profile", 0, "NAME", "which requirements to judge (vbs); ./FILE: your own",
                     set_profile},
    [OPT_REQUIRE] = {"require", 0, "RULE", "this rule is required, in any profile", add_required},
    [OPT_SKIP] = {"skip", 0, "RULE=REASON", "waive this rule: it is shown but does not count",
                  add_skip},
    [OPT_FORMAT] = {"format", 0, "FMT", "the output format: see 'vbscheck list formats'",
                    set_format},
    [OPT_OUTPUT] = {"output", 0, "FILE", "write to this file, complete or not at all", set_output},
    [OPT_DRIVERS] = {"drivers", 0, "PATH", "also judge these driver files, folders, packs",
                     add_drivers},
    [OPT_WINDOWS] = {"windows", 0, "PATH", "also judge the drivers of this Windows", set_windows},
    [OPT_BLOCKLIST] = {"blocklist", 0, "FILE", "check the drivers against this block policy",
                       set_blocklist},
    [OPT_DIGESTS] = {"digests", 0, NULL, "print the drivers' digests, check signatures",
                     set_digests},
    [OPT_ARCH] = {"arch", 0, "ARCH", "judge drivers for this processor (arm64, ...)", set_arch},
    [OPT_JOBS] = {"jobs", 0, "N", "judge this many at once (one a processor)", set_jobs},
    [OPT_LABEL] = {"label", 0, "KEY=VALUE", "your own data on it: asset=4711, site=Berlin",
                   add_label},
    [OPT_LABELS] = {"labels", 0, "FILE", "labels of many captures, from a CSV file", set_labels},
    [OPT_ONLY] = {"only", 0, "NAMES", "judge only these domains (cpu,tpm...) or rules", set_only},
    [OPT_FAIL_ON] = {"fail-on", 0, "LEVEL", "level that counts for the exit status (required)",
                     set_fail_on},
    [OPT_BASELINE] = {"baseline", 0, "FILE", "exit 1 only if worse than this JSON report",
                      set_baseline},
    [OPT_EXIT_ZERO] = {"exit-zero", 0, NULL, "exit 0 instead of 1 or 3", set_exit_zero},
    [OPT_QUIET] = {"quiet", 'q', NULL, "print only the verdict", set_quiet},
    [OPT_VERBOSE] = {"verbose", 'v', NULL, "also print the evidence of passes", set_verbose},
    [OPT_COLOR] = {"color", 0, "WHEN", "colours: auto, always or never", set_color},
    [OPT_AZURE_SIZE] = {"azure-size", 0, "SIZE", "the VM's size in Azure (Standard_D4s_v5)",
                        set_azure_size},
    [OPT_AZURE_IMDS] = {"azure-imds", 0, NULL, "ask Azure's metadata service for the VM's size",
                        set_azure_imds},
    [OPT_IMDS_PORT] = {"azure-imds-port", 0, "PORT", NULL, set_imds_port},
    [OPT_YES] = {"yes", 0, NULL, "do not ask before writing", set_yes},
    [OPT_ALLOW_VM] = {"allow-vm", 0, NULL, "also test in a virtual machine", set_allow_vm},
    [OPT_HELP] = {"help", 'h', NULL, "this text", NULL},
    [OPT_VERSION] = {"version", 0, NULL, "print the version and the libraries found", NULL},
};
