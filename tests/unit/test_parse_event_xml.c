/* SPDX-License-Identifier: MIT */
#include "parse/windows/event_xml.h"

#include "support/build.h"
#include "support/cmocka.h"

static const char xml[] =
    "<Event xmlns=\"x\"><System><Provider Guid=\"{0}\" Name=\"A &amp; B\"/>"
    "<EventIDs>1</EventIDs><EventID Qualifiers=\"0\"> 3111 </EventID><Version/></System>"
    "<EventData><Data>none</Data><Data Name=\"File Name\">C:\\a &lt;b&gt;.sys</Data>"
    "<Data Name=\"HVCI Audit Failures\">0x8</Data></EventData></Event>";

static void elements_attributes_and_data_are_found(void **state)
{
    struct arena *a = *state;
    struct span s = span_of(xml);
    assert_true(span_is(event_element(s, "EventID"), "3111"));
    assert_int_equal(event_element(s, "Version").len, 0);
    assert_int_equal(event_element(s, "Absent").len, 0);
    assert_true(span_is(event_attribute(s, "Provider", "Name"), "A &amp; B"));
    assert_int_equal(event_attribute(s, "Provider", "None").len, 0);
    assert_true(span_is(event_data(s, "HVCIAuditFailures"), "0x8"));
    assert_true(span_is(event_data(s, "filename"), "C:\\a &lt;b&gt;.sys"));
    assert_string_equal(event_text(event_data(s, "FileName"), a), "C:\\a <b>.sys");
    assert_int_equal(event_data(s, "FileNames").len, 0);
}

static void what_is_cut_has_no_more(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof xml; n++) {
        struct heap h = heap_copy((struct span){(const uint8_t *)xml, n});
        (void)event_element(h.span, "EventID");
        (void)event_attribute(h.span, "Provider", "Name");
        struct span data = event_data(h.span, "HVCIAuditFailures");
        assert_true(data.len == 0 || span_is(data, "0x8"));
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_attributes_and_data_are_found),
        cmocka_unit_test(what_is_cut_has_no_more),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
