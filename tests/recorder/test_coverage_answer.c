/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/coverage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define UNKNOWN PARITY_IMPLEMENTED_UNKNOWN
#define NO PARITY_IMPLEMENTED_NO
#define YES PARITY_IMPLEMENTED_YES

static const struct {
    enum parity_implemented expected;
    struct parity_coverage_answer answer;
} cases[] = {
    {YES, {.status_code = 200}},
    {YES, {.status_code = 304, .error_code = "304", .validated = true}},
    {YES, {.status_code = 400, .error_code = "QueueDoesNotExist", .modelled = true}},
    {YES,
     {.status_code = 501, .error_code = "NotImplemented", .validated = true}}, /* on AWS, too */
    {NO, {.status_code = 501, .error_code = "InternalFailure"}},
    {NO, {.status_code = 400, .error_code = "UnknownOperationException"}},
    {NO, {.status_code = 400, .error_code = "InvalidAction"}},
    {NO, {.status_code = 404, .error_code = "404"}}, /* a path that a web server does not know */
    {NO, {.status_code = 405, .error_code = "405"}},
    {UNKNOWN, {.status_code = 404, .error_code = "404", .without_body = true}}, /* S3 HeadObject */
    {UNKNOWN, {.status_code = 404, .error_code = "NoSuchThing"}},
    {UNKNOWN, {.status_code = 500, .error_code = "500"}}, /* it may have crashed */
    {UNKNOWN, {.status_code = 400, .error_code = "ValidationException"}},
    {UNKNOWN, {.status_code = 403, .error_code = "AccessDenied"}},
    {UNKNOWN, {.status_code = 0}},
};

static void only_an_answer_that_tells_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (parity_coverage_implemented(&cases[i].answer) != cases[i].expected)
            fail_msg("case %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_an_answer_that_tells_counts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
