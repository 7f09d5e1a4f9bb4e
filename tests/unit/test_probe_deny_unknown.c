/* SPDX-License-Identifier: MIT */
/* Block policies that a file alone does not decide: that is neither a denial nor a pass. */
#include <string.h>

#include "probe/drivers/deny.h"
#include "support/cmocka.h"
#include "support/libs.h"
#include "support/load.h"
#include "support/mutant.h"

#define POLICY(rules, signers, inside)                                                             \
    "<SiPolicy><FileRules>" rules "</FileRules><Signers>" signers "</Signers><SigningScenarios>"   \
    "<SigningScenario Value=\"131\" ID=\"S\"><ProductSigners>" inside "</ProductSigners>"          \
    "</SigningScenario></SigningScenarios></SiPolicy>"
#define BY_RULE(attributes)                                                                        \
    POLICY("<Deny ID=\"R\" " attributes "/>", "",                                                  \
           "<FileRulesRef><FileRuleRef RuleID=\"R\"/></FileRulesRef>")
#define BY_ALLOWED(attributes)                                                                     \
    POLICY("<Allow ID=\"R\" " attributes "/>", "",                                                 \
           "<FileRulesRef><FileRuleRef RuleID=\"R\"/></FileRulesRef>")
#define BY_SIGNER(root, exceptions)                                                                \
    POLICY("<FileAttrib ID=\"A\" FileName=\"made.sys\" MaximumFileVersion=\"2.0.0.0\"/>"           \
           "<Allow ID=\"E\" FileName=\"made.sys\" MinimumFileVersion=\"1.2.0.0\"/>"                \
           "<Allow ID=\"F\" FileName=\"made.sys\" MinimumFileVersion=\"2.0.0.0\"/>",               \
           "<Signer ID=\"R\" Name=\"x\">" root "<FileAttribRef RuleID=\"A\"/></Signer>",           \
           "<DeniedSigners><DeniedSigner SignerId=\"R\">" exceptions                               \
           "</DeniedSigner></DeniedSigners>")
#define TBS        "<CertRoot Type=\"TBS\" Value=\"09\"/>"
#define KNOWN      "<CertRoot Type=\"Wellknown\" Value=\"06\"/>"
#define EXCEPT(id) "<ExceptAllowRule AllowRuleID=\"" id "\"/>"

enum answer { NOT_DENIED, DENIED, OPEN };

static enum answer ask(struct arena *a, const char *text, const struct deny_file *f)
{
    struct sipolicy p;
    const char *problem = "";
    if (sipolicy_parse(span_of(text), test_xml, a, &p, &problem) != ST_OK)
        fail_msg("%s", problem);
    struct denial d = deny(&p, f, a);
    if (d.by[0] != '\0')
        return DENIED;
    return d.undecided != NULL ? OPEN : NOT_DENIED;
}

static void what_a_file_does_not_show_is_left_open(void **state)
{
    static const uint8_t tbs[1] = {9}, other_tbs[1] = {8};
    const struct deny_signature made = {.tbs = {{tbs, 1}}, .n = 1};
    const struct deny_signature other = {.tbs = {{other_tbs, 1}}, .n = 1};
    static const struct {
        const char *policy;
        enum { MADE, OTHER, UNSIGNED } by;
        uint16_t major; /* 0: no version resource */
        enum answer answer;
    } cases[] = {
        {BY_RULE("FilePath=\"C:\\x.sys\""), MADE, 1, OPEN},
        {BY_RULE("FilePath=\"C:\\x.sys\" FileName=\"made.sys\""), MADE, 1, OPEN},
        {BY_RULE("FilePath=\"C:\\x.sys\" FileName=\"other.sys\""), MADE, 1, NOT_DENIED},
        {BY_RULE("FileName=\"other.sys\""), MADE, 0, OPEN},
        {BY_SIGNER(TBS, ""), MADE, 1, DENIED},
        {BY_SIGNER(TBS, ""), MADE, 3, NOT_DENIED},
        {BY_SIGNER(TBS, ""), OTHER, 1, NOT_DENIED},
        {BY_SIGNER(TBS, ""), UNSIGNED, 1, OPEN},       /* a catalog may sign it */
        {BY_SIGNER(TBS, ""), UNSIGNED, 3, NOT_DENIED}, /* whoever signs it */
        {BY_SIGNER(KNOWN, ""), OTHER, 1, OPEN},
        {BY_SIGNER(KNOWN, ""), OTHER, 3, NOT_DENIED},
        {BY_SIGNER(TBS, EXCEPT("E")), MADE, 1, NOT_DENIED},
        {BY_SIGNER(TBS, EXCEPT("F")), MADE, 1, DENIED},
        {BY_SIGNER(TBS, EXCEPT("F") EXCEPT("E")), MADE, 1, NOT_DENIED},
        {BY_SIGNER(TBS, EXCEPT("E")), MADE, 0, OPEN},
        /* Bug: what rules ask for beside these was left out, and they denied too much. */
        {BY_SIGNER(TBS "<CertEKU ID=\"K\"/>", ""), MADE, 1, OPEN},
        {BY_SIGNER(TBS "<CertEKU ID=\"K\"/>", ""), OTHER, 1, NOT_DENIED},
        {BY_SIGNER(TBS "<CertIssuer Value=\"I\"/>", ""), MADE, 1, OPEN},
        {BY_RULE("FileName=\"made.sys\" PackageFamilyName=\"P\""), MADE, 1, OPEN},
        {BY_RULE("FileName=\"made.sys\" AppIDs=\"P\""), MADE, 1, OPEN},
        /* Bug: limits that stand for none were taken for limits. */
        {BY_RULE("FileName=\"made.sys\" MaximumFileVersion=\"0.0.0.0\""), MADE, 1, DENIED},
        {BY_RULE("FileName=\"made.sys\" MinimumFileVersion=\"65535.65535.65535.65535\""), MADE, 1,
         DENIED},
        /* Bug: a list of what is allowed denied nothing. */
        {BY_ALLOWED("FileName=\"other.sys\""), MADE, 1, OPEN},
        {BY_ALLOWED("FileName=\"made.sys\""), MADE, 1, NOT_DENIED},
        {BY_ALLOWED("FileName=\"*\""), MADE, 0, NOT_DENIED},
        {POLICY("", "<Signer ID=\"R\">" TBS "</Signer>",
                "<AllowedSigners><AllowedSigner SignerId=\"R\"/></AllowedSigners>"),
         OTHER, 1, OPEN},
    };
    if (test_xml == NULL)
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct deny_file f = {
            .has_version = cases[i].major > 0,
            .version = (uint64_t)cases[i].major << 48 | UINT64_C(3) << 32,
            .original_name = cases[i].major > 0 ? "made.sys" : NULL,
            .signatures = cases[i].by == MADE ? &made : &other,
            .n_signatures = cases[i].by != UNSIGNED,
            .unsigned_here = cases[i].by == UNSIGNED,
        };
        if (ask(*state, cases[i].policy, &f) != cases[i].answer)
            fail_msg("case %zu", i);
    }
}

/* Bug: a certificate behind the last one that is looked at could be the denied one. */
static void more_signatures_than_are_looked_at_are_left_open(void **state)
{
    static const uint8_t tbs[1] = {8};
    const struct deny_signature other = {.tbs = {{tbs, 1}}, .n = 1};
    struct deny_file f = {.has_version = true, .signatures = &other, .n_signatures = 1};
    if (test_xml == NULL)
        skip();
    assert_int_equal(ask(*state, BY_SIGNER(TBS, ""), &f), NOT_DENIED);
    f.signatures_cut = true;
    assert_int_equal(ask(*state, BY_SIGNER(TBS, ""), &f), OPEN);
}

/* Bug: all of them were read, and denied less than they say. */
static void a_policy_that_would_be_half_read_is_refused(void **state)
{
#define SCENE(attributes)                                                                          \
    "<SiPolicy><Deny ID=\"R\" Hash=\"00\"/><SigningScenarios><SigningScenario " attributes         \
    " ID=\"S\"/></SigningScenarios></SiPolicy>"
    static const struct {
        const char *text;
        bool taken;
    } cases[] = {
        {SCENE("Value=\" 131 \""), true},
        {SCENE("Value=\"131\" InheritedScenarios=\"T\""), false},
        {SCENE("Value=\"12\" InheritedScenarios=\"T\""), true},
        {SCENE("Value=\"x\""), false},
        {SCENE("FriendlyName=\"no value\""), false},
        {"<SiPolicy><Deny ID=\"R\" Hash=\"000\"/></SiPolicy>", false},
        {"<SiPolicy><Deny ID=\"R\" Hash=\"00\"/><Deny ID=\"R\" Hash=\"01\"/></SiPolicy>", false},
        {"<SiPolicy><Deny a=\"\" b=\"\" c=\"\" d=\"\" e=\"\" f=\"\" g=\"\" h=\"\" i=\"\" j=\"\" "
         "k=\"\" "
         "l=\"\" m=\"\" n=\"\" o=\"\" ID=\"R\" Hash=\"00\"/></SiPolicy>",
         false},
    };
    if (test_xml == NULL)
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sipolicy p;
        const char *problem = NULL;
        enum status st = sipolicy_parse(span_of(cases[i].text), test_xml, *state, &p, &problem);
        if ((st == ST_OK) != cases[i].taken)
            fail_msg("case %zu: %s", i, problem != NULL ? problem : "taken");
    }
}

/* Its Type is Match, Exclude or Attribute: it was taken for a rule that allows, and so for a pass.
 */
static void a_file_rule_of_the_policy_is_not_taken_for_one_that_allows(void **state)
{
#define BY_FILE_RULE(more)                                                                         \
    POLICY("<FileRule ID=\"R\" FileName=\"made.sys\" " more "/>", "",                              \
           "<FileRulesRef><FileRuleRef RuleID=\"R\"/></FileRulesRef>")
#define BY_ITS_SIGNER(more)                                                                        \
    POLICY("<FileRule ID=\"A\" FileName=\"made.sys\" " more "/>",                                  \
           "<Signer ID=\"R\" Name=\"x\">" TBS "<FileAttribRef RuleID=\"A\"/></Signer>",            \
           "<DeniedSigners><DeniedSigner SignerId=\"R\"/></DeniedSigners>")
    static const struct {
        const char *policy;
        enum answer answer;
    } cases[] = {
        {BY_FILE_RULE(""), OPEN},
        {BY_FILE_RULE("Type=\"Match\""), OPEN},
        {BY_FILE_RULE("Type=\"Exclude\""), OPEN},
        {BY_FILE_RULE("Type=\"Attribute\""), OPEN},
        {BY_ITS_SIGNER("Type=\"Attribute\""), DENIED},
        {BY_ITS_SIGNER("Type=\"Attribute\" MinimumFileVersion=\"9.0.0.0\""), NOT_DENIED},
    };
    static const uint8_t tbs[1] = {9};
    struct deny_signature made = {.tbs = {{tbs, 1}}, .n = 1};
    struct deny_file f = {.original_name = "made.sys",
                          .has_version = true,
                          .version = UINT64_C(1) << 48,
                          .signatures = &made,
                          .n_signatures = 1};
    if (test_xml == NULL)
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum answer answer = ask(*state, cases[i].policy, &f);
        if (answer != cases[i].answer)
            fail_msg("case %zu: %d", i, (int)answer);
    }
}

/* What is no policy, however much of it looks like one. */
static void what_is_too_large_or_too_long_for_a_policy_is_refused(void **state)
{
    static uint8_t large[SIPOLICY_MAX + 1];
    static char comment[8192] = "<SiPolicy><!-- ";
    struct sipolicy p;
    const char *problem = NULL;
    assert_int_equal(
        sipolicy_parse((struct span){large, sizeof large}, test_xml, *state, &p, &problem),
        ST_MALFORMED);
    assert_string_equal(problem, "it is too large for a block policy");
    assert_true(sipolicy_is_xml(span_of("\xff\xfe<")));
    assert_true(sipolicy_is_xml(span_of("\xef\xbb\xbf <")));
    assert_false(sipolicy_is_xml(span_of("\xfe\xff")));
    if (test_xml == NULL)
        skip();
    memset(comment + strlen(comment), 'x', sizeof comment - strlen(comment) - 1);
    assert_int_equal(sipolicy_parse(span_of(comment), test_xml, *state, &p, &problem),
                     ST_MALFORMED); /* the comment has no end */
}

static void put_blob(struct build *b, const char *text)
{
    put_le32(b, (uint32_t)(strlen(text) & ~3U));
    put_bytes(b, text, strlen(text) & ~3U);
}

static void put_text(struct build *b)
{
    put_blob(b, "");
    put_le32(b, 0);
}

/* A binary policy of this format without a rule, up to its settings. */
static void begin_policy(struct build *b, uint32_t format)
{
    b->len = 0;
    put_le32(b, format);
    put_zeros(b, 32 + 4); /* two GUIDs, options */
    put_zeros(b, 4 * 4);  /* EKUs, rules, signers, scenarios */
    put_zeros(b, 8);      /* version */
    put_le32(b, 0x40);    /* length of the header */
    put_zeros(b, 4 + 4);  /* update signers, code integrity signers */
    put_le32(b, 0);       /* HVCI options */
}

/* Settings of each type are passed over to what follows; one of another type ends the reading. */
static void settings_of_a_binary_policy_are_passed_over(void **state)
{
    enum { BOOL, NUMBER, BLOB, TEXT, OTHER };
    for (uint32_t type = BOOL; type <= OTHER; type++) {
        static struct build b;
        struct sipolicy p;
        struct fault f;
        begin_policy(&b, 2);
        put_le32(&b, 1);
        for (unsigned i = 0; i < 3; i++)
            put_text(&b);
        put_le32(&b, type);
        if (type == BLOB)
            put_blob(&b, "8 bytes.");
        else if (type == TEXT)
            put_text(&b);
        else
            put_le32(&b, 1);
        assert_int_equal(sipolicy_parse_binary(build_span(&b), *state, &p, &f),
                         type == OTHER ? ST_MALFORMED : ST_OK);
        put_u8(&b, 0); /* and not one byte more than that */
        assert_int_equal(sipolicy_parse_binary(build_span(&b), *state, &p, &f), ST_MALFORMED);
    }
}

static void xml_survives_every_prefix_and_20000_mutations(void **state)
{
    struct heap good = load_file(VBSCHECK_SOURCE_DIR "/tests/fuzz/corpus/parse_sipolicy/small.xml");
    uint64_t seed = 0x9e3779b97f4a7c15;
    (void)state;
    if (test_xml == NULL)
        skip();
    for (size_t n = 0; n < good.span.len + 20000; n++) {
        struct arena a;
        struct sipolicy p;
        const char *problem = NULL;
        struct heap h = n < good.span.len ? heap_copy((struct span){good.span.ptr, n})
                                          : mutant_of(good.span, &seed);
        test_arena(&a);
        assert_true(sipolicy_parse(h.span, test_xml, &a, &p, &problem) == ST_OK || problem != NULL);
        arena_reset(&a);
        heap_free(&h);
    }
    heap_free(&good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_does_not_show_is_left_open),
        cmocka_unit_test(more_signatures_than_are_looked_at_are_left_open),
        cmocka_unit_test(a_policy_that_would_be_half_read_is_refused),
        cmocka_unit_test(a_file_rule_of_the_policy_is_not_taken_for_one_that_allows),
        cmocka_unit_test(what_is_too_large_or_too_long_for_a_policy_is_refused),
        cmocka_unit_test(settings_of_a_binary_policy_are_passed_over),
        cmocka_unit_test(xml_survives_every_prefix_and_20000_mutations),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
