/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "parse/smbios_date.h"
#include "vbscheck/count.h"

static void a_date_is_turned_round_only_where_its_order_is_clear(void **state)
{
    (void)state;
    static const struct {
        const char *text, *iso; /* NULL: not clear */
    } rows[] = {
        {"05/20/2021", "2021-05-20"},
        {"05/06/2021", "2021-05-06"}, /* DSP0134: the month first */
        {"20/05/2021", "2021-05-20"}, /* which it cannot be here */
        {"2021-05-15T00:00:00Z", "2021-05-15"},
        {"2021/05/15", "2021-05-15"},
        {"05.20.2021", "2021-05-20"},
        {" 05/20/2021 ", "2021-05-20"},
        {"5/6/2021", "2021-05-06"},
        {"05/14/20", "2020-05-14"},
        {"11/25/99", "1999-11-25"},
        {"05/06/07", NULL},
        {"05/06/20", NULL},
        {"02/30/2021", NULL},
        {"31/31/2021", NULL},
        {"00/10/2021", NULL},
        {"05/20/1921", NULL},
        {"05/20", NULL},
        {"05/20-2021", NULL},
        {"05/20/20211", NULL},
        {"05/20/2021x", NULL},
        {"20210520", NULL},
        {"May 20, 2021", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char iso[SMBIOS_DATE_LEN + 1] = "untouched";
        bool clear = smbios_date_iso(span_of(rows[i].text), iso);
        if (clear != (rows[i].iso != NULL))
            fail_msg("%s: %s", rows[i].text, iso);
        assert_string_equal(iso, clear ? rows[i].iso : "untouched");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_turned_round_only_where_its_order_is_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
