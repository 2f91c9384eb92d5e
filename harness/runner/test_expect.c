/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "runner/clock.h"
#include "runner/template.h"
#include "runner/test.h"

/* What a test looks at itself: expectations that do not end it, and waiting for a condition. */

/* --- expectations ------------------------------------------------------------------------------
 */

__attribute__((format(printf, 2, 3))) static void note_unmet(struct parity_test *t,
                                                             const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = parity_test_vformat(format, arguments);
    va_end(arguments);
    parity_test_conclude(t, PARITY_FAILED, "%s:%d: expected %s", parity_test_file(t), t->line,
                         text ? text : "something else");
    parity_free(text);
}

bool parity_test_expect(struct parity_test *t, bool condition, const char *format, ...)
{
    va_list arguments;
    char *text;

    if (condition)
        return true;
    va_start(arguments, format);
    text = parity_test_vformat(format, arguments);
    va_end(arguments);
    note_unmet(t, "%s", text ? text : "something else");
    parity_free(text);
    return false;
}

bool parity_test_expect_equal(struct parity_test *t, json_t *value, const char *wanted, ...)
{
    struct parity_error err = {0};
    char *found, *expected;
    va_list arguments;
    json_t *other;
    int rc;

    va_start(arguments, wanted);
    rc = parity_template_read(wanted, &arguments, &other, &err);
    va_end(arguments);
    if (rc < 0) {
        parity_test_conclude_error(t, &err);
        parity_test_end(t);
    }
    parity_test_own(t, other);
    if (parity_trace_expect(&t->trace, "value", value) < 0)
        parity_test_end_nomem(t);
    if (parity_json_equal(value, other))
        return true;
    found = parity_test_excerpt(value);
    expected = parity_test_excerpt(other);
    note_unmet(t, "%s, found %s", expected ? expected : "another value",
               found ? found : "something else");
    parity_free(found);
    parity_free(expected);
    return false;
}

bool parity_test_expect_text(struct parity_test *t, const char *found, const char *wanted)
{
    bool equal = found && wanted ? strcmp(found, wanted) == 0 : found == wanted;

    if (!equal)
        note_unmet(t, "%s%s%s, found %s%s%s", wanted ? "\"" : "", wanted ? wanted : "no text",
                   wanted ? "\"" : "", found ? "\"" : "", found ? found : "no text",
                   found ? "\"" : "");
    return equal;
}

bool parity_test_expect_number(struct parity_test *t, long long found, long long wanted)
{
    if (found != wanted)
        note_unmet(t, "%lld, found %lld", wanted, found);
    return found == wanted;
}

/* --- waiting -----------------------------------------------------------------------------------
 */

void parity_test_poll_until(struct parity_test *t, const struct parity_test_poll *poll,
                            bool (*is_done)(struct parity_test *t, void *data), void *data)
{
    static const struct parity_test_poll usual;
    const struct parity_test_poll *use = poll ? poll : &usual;
    double timeout_s = use->timeout_s > 0 ? use->timeout_s : 60;
    double interval_s = use->interval_s > 0 ? use->interval_s : 1;
    double deadline = parity_clock_s() + timeout_s;
    const char *file = t->file;
    int line = t->line;

    while (!is_done(t, data)) {
        parity_test_at(t, file, line);
        parity_test_heed_stop(t);
        if (!parity_test_wait_within(t, interval_s, deadline)) {
            parity_test_conclude(t, PARITY_FAILED, "waited %g s in vain for %s", timeout_s,
                                 use->what ? use->what : "a condition");
            parity_test_end(t);
        }
    }
    parity_test_at(t, file, line);
}
