/* SPDX-License-Identifier: MIT */
/* Block policies: both forms, and what they deny; Microsoft's own list over real drivers' facts. */
#include <string.h>

#include "probe/drivers/deny.h"
#include "support/cmocka.h"
#include "support/libs.h"
#include "support/load.h"
#include "support/mutant.h"
#include "vbscheck/hex.h"

#define XML_POLICY    "windows/blocklist-10.0.27770.0.xml"
#define BINARY_POLICY "windows/wdac-policy-v7.bin"
#define TRUTH         "windows/denied-truth.tsv"

static struct sipolicy parse(struct arena *a, struct span data)
{
    struct sipolicy p;
    const char *problem = "";
    if (sipolicy_parse(data, test_xml, a, &p, &problem) != ST_OK)
        fail_msg("%s", problem);
    return p;
}

static struct sipolicy parse_text(struct arena *a, const char *text)
{
    if (test_xml == NULL)
        skip();
    return parse(a, span_of(text));
}

/* Rows of a table --------------------------------------------------------------------------- */

static struct span column(struct span head, struct span row, const char *name)
{
    struct span title, cell, more_titles, more_cells;
    for (;;) {
        bool last = !span_split(head, '\t', &title, &more_titles);
        size_t n = 0;
        while (n < row.len && row.ptr[n] != '\t')
            n++;
        cell = (struct span){row.ptr, n};
        more_cells = span_skip(row, n + 1);
        if (last)
            title = head;
        if (span_is(span_trim(title), name))
            return span_trim(cell);
        if (last)
            fail_msg("there is no column %s", name);
        head = more_titles;
        row = more_cells;
    }
}

static struct span hex(struct arena *a, struct span digits)
{
    uint8_t *bytes = arena_alloc(a, digits.len / 2, 1);
    for (size_t i = 0; i < digits.len / 2; i++)
        bytes[i] = (uint8_t)(hex_digit(digits.ptr[2 * i]) << 4 | hex_digit(digits.ptr[2 * i + 1]));
    return (struct span){bytes, digits.len / 2};
}

/* The i-th of the parts of a cell; empty behind the last. */
static struct span part(struct span cell, char separator, size_t i)
{
    struct span first = cell, more;
    for (;; i--, cell = more) {
        bool last = !span_split(cell, separator, &first, &more);
        if (i == 0)
            return span_trim(last ? cell : first);
        if (last)
            return (struct span){0};
    }
}

static const char *text_or_null(struct arena *a, struct span s)
{
    return s.len > 0 ? arena_text(a, s) : NULL;
}

static void add_tbs(struct arena *a, struct deny_signature *s, struct span digits)
{
    if (digits.len > 0)
        s->tbs[s->n++] = hex(a, digits);
}

static uint64_t version(struct span text)
{
    uint64_t v = 0, n;
    for (unsigned i = 0; i < 4; i++) {
        if (!span_take_dec(&text, &n))
            return 0;
        v = v << 16 | n;
        text = span_skip(text, 1);
    }
    return v;
}

static struct deny_file file_of(struct arena *a, struct span head, struct span row)
{
    enum { MOST = 4 };
    struct deny_signature *signatures = arena_new(a, struct deny_signature, MOST);
    struct span fixed = column(head, row, "fixed_file_version");
    struct deny_file f = {
        .authentihash_sha1 = hex(a, column(head, row, "authentihash_sha1")),
        .authentihash_sha256 = hex(a, column(head, row, "authentihash_sha256")),
        .first_page_sha1 = hex(a, column(head, row, "firstpage_sha1")),
        .first_page_sha256 = hex(a, column(head, row, "firstpage_sha256")),
        .has_version = fixed.len > 0,
        .version = version(fixed),
        .original_name = text_or_null(a, column(head, row, "original_filename")),
        .internal_name = text_or_null(a, column(head, row, "internal_name")),
        .description = text_or_null(a, column(head, row, "file_description")),
        .product = text_or_null(a, column(head, row, "product")),
        .signatures = signatures,
    };
    for (size_t i = 0; i < MOST; i++) {
        struct deny_signature *s = &signatures[i];
        add_tbs(a, s, part(column(head, row, "tbs_leaf"), ',', i));
        if (s->n == 0)
            break;
        add_tbs(a, s, part(column(head, row, "tbs_depth1"), ',', i));
        for (size_t j = 0; j < MOST; j++) /* of which signature is not told */
            add_tbs(a, s, part(column(head, row, "tbs_depth2"), ',', j));
        s->publisher = text_or_null(a, part(column(head, row, "signer_leaf"), '|', i));
        s->program = text_or_null(a, part(column(head, row, "signer_opus"), '|', i));
        f.n_signatures++;
    }
    return f;
}

static bool is_in(struct span list, char separator, struct span name)
{
    for (size_t i = 0;; i++) {
        struct span p = part(list, separator, i), kind, id;
        if (p.len == 0)
            return false;
        if (span_split(p, ':', &kind, &id))
            p = id;
        if (span_equal(p, name))
            return true;
    }
}

/* The same rules, whatever their order. */
static void assert_same_rules(struct span expected, struct span got, struct span name)
{
    for (size_t i = 0; part(expected, ' ', i).len > 0; i++) {
        struct span p = part(expected, ' ', i), kind, id = p;
        if (span_split(p, ':', &kind, &id) && !is_in(got, ',', id))
            fail_msg("%.*s: %.*s is missing in %.*s", (int)name.len, (const char *)name.ptr,
                     (int)id.len, (const char *)id.ptr, (int)got.len, (const char *)got.ptr);
    }
    for (size_t i = 0; part(got, ',', i).len > 0; i++) {
        struct span id = part(got, ',', i);
        if (!is_in(expected, ' ', id))
            fail_msg("%.*s: %.*s is too much", (int)name.len, (const char *)name.ptr, (int)id.len,
                     (const char *)id.ptr);
    }
}

static void microsofts_list_denies_42_of_61_real_drivers(void **state)
{
    struct arena *a = *state;
    (void)corpus_dir();
    if (test_xml == NULL)
        skip();
    struct heap list = load_corpus(XML_POLICY), truth = load_corpus(TRUTH);
    struct sipolicy p = parse(a, list.span);
    struct span rest = truth.span, head, row;
    unsigned files = 0, denied = 0;
    assert_true(span_next_line(&rest, &head));
    while (span_next_line(&rest, &row)) {
        struct deny_file f = file_of(a, head, row);
        struct denial d = deny(&p, &f, a);
        assert_same_rules(column(head, row, "blocklist"), span_of(d.by), column(head, row, "name"));
        files++;
        denied += d.by[0] != '\0';
    }
    assert_int_equal(files, 61);
    assert_int_equal(denied, 42);
    heap_free(&list);
    heap_free(&truth);
}

static void microsofts_list_is_read_whole(void **state)
{
    struct arena *a = *state;
    (void)corpus_dir();
    if (test_xml == NULL)
        skip();
    struct heap list = load_corpus(XML_POLICY);
    struct sipolicy p = parse(a, list.span);
    size_t hashes = 0, names = 0, referred = 0, denied = 0;
    for (size_t i = 0; i < p.n_rules; i++) {
        hashes += p.rules[i].kind == SIP_DENY && p.rules[i].hash.len > 0;
        names += p.rules[i].kind == SIP_DENY && p.rules[i].file_name != NULL;
        referred += p.rules[i].referred;
    }
    for (size_t i = 0; i < p.n_signers; i++)
        denied += p.signers[i].denied;
    assert_string_equal(p.version, "10.0.27770.0");
    assert_int_equal(hashes, 1690);
    assert_int_equal(names, 11);
    assert_int_equal(referred, 1701);
    assert_int_equal(p.n_signers, 205);
    assert_int_equal(denied, 202);
    heap_free(&list);
}

static void a_binary_policy_is_read_to_its_last_byte(void **state)
{
    struct arena *a = *state;
    (void)corpus_dir();
    struct heap h = load_corpus(BINARY_POLICY);
    struct sipolicy p = parse(a, h.span);
    assert_int_equal(p.n_rules, 36);
    assert_int_equal(p.n_signers, 36);
    assert_string_equal(p.version, "10.0.0.0");
    struct build longer = {0};
    put_bytes(&longer, h.span.ptr, h.span.len);
    put_u8(&longer, 0);
    struct sipolicy q;
    struct fault f;
    assert_int_equal(sipolicy_parse_binary(build_span(&longer), a, &q, &f), ST_MALFORMED);
    assert_int_equal(f.offset, h.span.len);
    heap_free(&h);
}

static void a_binary_policy_survives_prefixes_and_mutations(void **state)
{
    (void)state;
    (void)corpus_dir();
    struct heap good = load_corpus(BINARY_POLICY);
    uint64_t seed = 0x2545f4914f6cdd1d;
    for (size_t n = 0; n < good.span.len + 20000; n++) {
        struct arena a;
        struct sipolicy p;
        struct fault f = {0};
        bool prefix = n < good.span.len;
        struct heap h =
            prefix ? heap_copy((struct span){good.span.ptr, n}) : mutant_of(good.span, &seed);
        test_arena(&a);
        enum status st = sipolicy_parse_binary(h.span, &a, &p, &f);
        assert_true(prefix ? st == ST_MALFORMED : st == ST_OK || f.what != NULL);
        arena_reset(&a);
        heap_free(&h);
    }
    heap_free(&good);
}

static void lying_counts_are_refused(void **state)
{
    struct arena *a = *state;
    struct build b = {0};
    struct sipolicy p;
    struct fault f;
    put_le32(&b, 7);
    put_zeros(&b, 36);
    for (unsigned i = 0; i < 4; i++)
        put_le32(&b, 0xffffffff);
    put_zeros(&b, 8);
    put_le32(&b, 0x40);
    put_zeros(&b, 256);
    assert_int_equal(sipolicy_parse_binary(build_span(&b), a, &p, &f), ST_MALFORMED);
}

/* Policies of one rule ----------------------------------------------------------------------- */

#define BEGIN "<?xml version=\"1.0\"?><SiPolicy xmlns=\"urn:schemas-microsoft-com:sipolicy\">"
#define SCENARIO(value, inside)                                                                    \
    "<SigningScenarios><SigningScenario Value=\"" value "\" ID=\"S\"><ProductSigners>" inside      \
    "</ProductSigners></SigningScenario></SigningScenarios></SiPolicy>"
#define REF "<FileRulesRef><FileRuleRef RuleID=\"R\"/></FileRulesRef>"
#define SIGNER(inside)                                                                             \
    BEGIN "<FileRules><FileAttrib ID=\"A\" FileName=\"made.sys\" MinimumFileVersion=\"1.0.0.0\" "  \
          "MaximumFileVersion=\"2.0.0.0\"/></FileRules><Signers><Signer ID=\"R\" Name=\"x\">"      \
          "<CertRoot Type=\"TBS\" Value=\"0102030405060708090a0b0c0d0e0f1011121314\"/>" inside     \
          "</Signer></Signers>" SCENARIO("131", "<DeniedSigners><DeniedSigner SignerId=\"R\"/>"    \
                                                "</DeniedSigners>")

static struct deny_file made_file(const struct deny_signature *s)
{
    static const uint8_t sha1[20] = {0xaa}, first[20] = {0xbb};
    return (struct deny_file){
        .authentihash_sha1 = {sha1, 20},
        .first_page_sha1 = {first, 20},
        .has_version = true,
        .version = 0x0001000200030004,
        .original_name = "Made.sys",
        .internal_name = "made",
        .product = "Made things",
        .signatures = s,
        .n_signatures = s != NULL ? 1 : 0,
    };
}

static struct deny_signature made_signature(void)
{
    static const uint8_t leaf[20] = {9}, issuer[20] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                       11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    return (struct deny_signature){
        .tbs = {{leaf, 20}, {issuer, 20}}, .n = 2, .publisher = "Maker", .program = "Prog"};
}

static void each_kind_of_rule_denies_its_file_and_not_the_neighbour(void **state)
{
    static const struct {
        const char *policy;
        bool denied;
    } cases[] = {
#define RULE(attributes, scenario)                                                                 \
    BEGIN "<FileRules><Deny ID=\"R\" " attributes "/></FileRules>" SCENARIO(scenario, REF)
#define AA "Hash=\"AA00000000000000000000000000000000000000\""
        {RULE(AA, "131"), true},
        {RULE("Hash=\"AB00000000000000000000000000000000000000\"", "131"), false},
        {RULE("Hash=\"BB00000000000000000000000000000000000000\"", "131"), true}, /* first page */
        {RULE(AA, "12"), false},                                                  /* user mode */
        {BEGIN "<FileRules><Deny ID=\"R\" " AA "/></FileRules>" SCENARIO("131", ""), false},
        {BEGIN "<FileRules><Allow ID=\"R\" " AA "/></FileRules>" SCENARIO("131", REF), false},
        {RULE("FileName=\"made.sys\" MinimumFileVersion=\"0.0.0.0\" "
              "MaximumFileVersion=\"1.2.3.4\"",
              "131"),
         true},
        {RULE("FileName=\"made.sys\" MaximumFileVersion=\"1.2.3.3\"", "131"), false},
        {RULE("FileName=\"made.sys\" MinimumFileVersion=\"1.2.3.5\"", "131"), false},
        {RULE("FileName=\"other.sys\"", "131"), false},
        {RULE("ProductName=\"Made things\"", "131"), true},
        {RULE("InternalName=\"MADE\" ProductName=\"another\"", "131"), false},
        {SIGNER(""), true},
        {SIGNER("<CertPublisher Value=\"maker\"/>"), true},
        {SIGNER("<CertPublisher Value=\"another\"/>"), false},
        {SIGNER("<CertOemID Value=\"Prog\"/>"), true},
        {SIGNER("<CertOemID Value=\"another\"/>"), false},
        {SIGNER("<CertPublisher Value=\"Maker\"/><FileAttribRef RuleID=\"A\"/>"), true},
    };
    struct arena *a = *state;
    struct deny_signature s = made_signature();
    struct deny_file f = made_file(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sipolicy p = parse_text(a, cases[i].policy);
        struct denial d = deny(&p, &f, a);
        if ((d.by[0] != '\0') != cases[i].denied)
            fail_msg("case %zu: '%s'", i, d.by);
        assert_null(d.undecided);
    }
    f.version = 0x0003000000000000; /* behind the attribute's range */
    struct sipolicy p = parse_text(a, cases[17].policy);
    assert_string_equal(deny(&p, &f, a).by, "");
    f = made_file(NULL);
    assert_string_equal(deny(&p, &f, a).by, "");
}

static void without_a_version_resource_nothing_is_decided(void **state)
{
    struct arena *a = *state;
    struct deny_signature s = made_signature();
    struct deny_file f = {.signatures = &s, .n_signatures = 1};
    struct sipolicy p = parse_text(a, SIGNER("<FileAttribRef RuleID=\"A\"/>"));
    struct denial d = deny(&p, &f, a);
    assert_string_equal(d.by, "");
    assert_non_null(d.undecided);
    p = parse_text(a, SIGNER(""));
    assert_string_equal(deny(&p, &f, a).by, "R");
}

static void what_is_no_policy_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "text",
        "<SiPolicy>",
        "<a/>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><SiPolicy><Deny ID=\"R\" Hash=\"00\"/></SiPolicy>",
        BEGIN "<Deny ID=\"R\" Hash=\"xy\"/></SiPolicy>",
        BEGIN "<Deny ID=\"R\" MinimumFileVersion=\"1.2\"/></SiPolicy>",
        BEGIN "<Deny Hash=\"00\"/></SiPolicy>",
        BEGIN "<Deny ID=\"Q\" Hash=\"00\"/>" SCENARIO("131", REF),
        BEGIN "<CertRoot Type=\"TBS\" Value=\"00\"/></SiPolicy>",
    };
    if (test_xml == NULL)
        skip();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct sipolicy p;
        const char *problem = NULL;
        if (sipolicy_parse(span_of(texts[i]), test_xml, *state, &p, &problem) != ST_MALFORMED)
            fail_msg("case %zu is taken", i);
        assert_non_null(problem);
    }
    struct sipolicy p;
    const char *problem = NULL;
    assert_int_equal(sipolicy_parse(span_of("<a/>"), NULL, *state, &p, &problem), ST_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(microsofts_list_denies_42_of_61_real_drivers),
        cmocka_unit_test(microsofts_list_is_read_whole),
        cmocka_unit_test(a_binary_policy_is_read_to_its_last_byte),
        cmocka_unit_test(a_binary_policy_survives_prefixes_and_mutations),
        cmocka_unit_test(lying_counts_are_refused),
        cmocka_unit_test(each_kind_of_rule_denies_its_file_and_not_the_neighbour),
        cmocka_unit_test(without_a_version_resource_nothing_is_decided),
        cmocka_unit_test(what_is_no_policy_is_refused),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
