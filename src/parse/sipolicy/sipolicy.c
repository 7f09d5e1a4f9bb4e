/* SPDX-License-Identifier: MIT */
#include "parse/sipolicy/sipolicy.h"

#include "parse/signature/authenticode.h"
#include "parse/signature/der.h"

/* Content bytes of 1.3.6.1.4.1.311.79.1 */
static const uint8_t policy_type[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x4f, 0x01};

bool sipolicy_is_xml(struct span data)
{
    static const uint8_t utf8_mark[] = {0xef, 0xbb, 0xbf}, utf16_mark[] = {0xff, 0xfe};
    if (data.len > 2 && span_equal((struct span){data.ptr, 2}, (struct span){utf16_mark, 2}))
        return true;
    if (data.len > 3 && span_equal((struct span){data.ptr, 3}, (struct span){utf8_mark, 3}))
        data = span_skip(data, 3);
    return span_starts(span_trim(data), "<");
}

/*
 * libxml2 compares each attribute of an element with those before it: 80,000 of them in one
 * megabyte take 13 s. A tag longer than any in a policy is therefore not passed to it. Comments may
 * be.
 */
static bool has_long_tag(struct span data)
{
    enum { TAG_MAX = 4096 };
    size_t start = SIZE_MAX;
    for (size_t i = 0; i < data.len; i++) {
        struct span after;
        if (data.ptr[i] == '<' && span_starts(span_skip(data, i), "<!--")) {
            if (!span_find(span_skip(data, i), "-->", &after))
                return false; /* not well-formed: the reader reports that */
            i = data.len - after.len - 1;
        } else if (data.ptr[i] == '<' && start == SIZE_MAX) {
            start = i;
        } else if (data.ptr[i] == '>') {
            start = SIZE_MAX;
        }
        if (start != SIZE_MAX && i - start > TAG_MAX)
            return true;
    }
    return false;
}

void sipolicy_no_limits(struct sip_rule *rule)
{
    if (rule->kind == SIP_DENY && rule->min == SIP_ANY_VERSION)
        rule->min = 0;
    if (rule->max == 0)
        rule->max = SIP_ANY_VERSION;
}

enum status sipolicy_parse(struct span data, const struct xml_lib *xml, struct arena *a,
                           struct sipolicy *out, const char **problem)
{
    struct fault f = {0};
    if (data.len > SIPOLICY_MAX) {
        *problem = "it is too large for a block policy";
        return ST_MALFORMED;
    }
    bool is_xml = sipolicy_is_xml(data);
    if (is_xml && has_long_tag(data)) {
        *problem = "an element that is too long for a policy";
        return ST_MALFORMED;
    }
    if (is_xml)
        return sipolicy_parse_xml(data, xml, a, out, problem);
    struct span content = data;
    if (data.len > 0 && data.ptr[0] == 0x30 &&
        !pkcs7_content(data, (struct span){policy_type, sizeof policy_type}, DER_OCTETS,
                       &content)) {
        *problem = "it is PKCS#7, but its signed content is not a block policy";
        return ST_MALFORMED;
    }
    enum status st = sipolicy_parse_binary(content, a, out, &f);
    if (st != ST_OK)
        *problem = arena_printf(a, "%s (byte %zu)", f.what, f.offset);
    return st;
}
