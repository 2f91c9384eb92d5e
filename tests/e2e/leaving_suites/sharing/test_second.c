/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <parity/suite.h>

/* What several processes and several runs of a test have to do with one fixture. */

/* How often this was called in the run, by all processes. */
static int count(struct parity_test *t)
{
    FILE *file = fopen(format(t, "%s/count", getenv("PARITY_TEST_TRACES")), "a+");
    int number = 1;

    if (!file)
        fail(t, "no folder for traces");
    flock(fileno(file), LOCK_EX);
    rewind(file);
    while (fgetc(file) != EOF)
        number++;
    fputc('.', file);
    fclose(file);
    return number;
}

static json_t *make(struct parity_test *t, const char *prefix)
{
    return call(t, "thing", "CreateThing", "{'Name': %s}", unique_name(t, prefix));
}

static json_t *make_and_register(struct parity_test *t, const char *prefix)
{
    json_t *thing = make(t, prefix);

    on_cleanup(t, "thing", "DeleteThing", "{'Name': %j}", get(t, thing, "$.Name"));
    return thing;
}

static void delete (struct parity_test *t, json_t *thing)
{
    call(t, "thing", "DeleteThing", "{'Name': %j}", get(t, thing, "$.Name"));
}

PARITY_FIXTURE(of_the_run, .scope = RUN_SCOPE)
{
    return make_and_register(t, "run");
}

PARITY_FIXTURE(of_the_suite, .scope = SUITE_SCOPE)
{
    fixture(t, of_the_run);
    return make_and_register(t, "suite");
}

PARITY_TEST(shares, .marker = UNKNOWN, .tags = {"share"})
{
    fixture(t, of_the_suite);
}

PARITY_TEST(shares_too, .marker = UNKNOWN, .tags = {"share"})
{
    fixture(t, of_the_suite);
}

PARITY_TEST(shares_and_fails_at_first, .marker = UNKNOWN, .tags = {"share"})
{
    fixture(t, of_the_suite);
    expect(t, count(t) > 1, "another attempt");
}

PARITY_TEST(shares_and_crashes_at_first, .marker = UNKNOWN)
{
    fixture(t, of_the_suite);
    if (count(t) == 1)
        abort();
}

/* Two at a time: one dies, the other still needs what it has made. */
PARITY_TEST(crashes_beside_another, .marker = UNKNOWN)
{
    json_t *thing = make(t, "held");
    bool crashes = count(t) == 1;

    sleep_for(t, crashes ? 0.2 : 0.8);
    if (crashes)
        abort();
    delete (t, thing);
}

/* --- a part that nobody registers --------------------------------------------------------------
 */

PARITY_FIXTURE(with_a_part, .scope = SUITE_SCOPE)
{
    make_and_register(t, "whole");
    return make(t, "part");
}

PARITY_TEST(part_1_crashes, .marker = UNKNOWN)
{
    fixture(t, with_a_part);
    make(t, "own");
    abort();
}

PARITY_TEST(part_2_needs_it, .marker = UNKNOWN)
{
    delete (t, fixture(t, with_a_part));
}

PARITY_FIXTURE(crashing_with_a_part, .scope = SUITE_SCOPE)
{
    make_and_register(t, "whole");
    make(t, "part");
    abort();
}

PARITY_TEST(part_of_what_crashes, .marker = UNKNOWN)
{
    fixture(t, crashing_with_a_part);
}

/* --- a fixture that fails at first -------------------------------------------------------------
 */

PARITY_FIXTURE(inner, .scope = RUN_SCOPE)
{
    json_t *thing = make_and_register(t, "inner");
    int number = count(t);

    if (number == 1)
        fail(t, "not yet");
    if (number == 2)
        abort();
    return thing;
}

PARITY_FIXTURE(outer, .scope = SUITE_SCOPE)
{
    return fixture(t, inner);
}

PARITY_TEST(late_1, .marker = UNKNOWN)
{
    fixture(t, outer);
}

PARITY_TEST(late_2, .marker = UNKNOWN)
{
    fixture(t, outer);
}

/* --- what earlier runs have learned ------------------------------------------------------------
 */

/* Each but the first time it does not come to register anything. */
PARITY_TEST(fixed_name, .marker = UNKNOWN)
{
    call(t, "thing", "CreateThing", "{'Name': 'a-fixed-name'}");
    if (count(t) == 2)
        abort();
    if (count(t) > 2)
        for (;;)
            sleep(1000);
    on_cleanup(t, "thing", "DeleteThing", "{'Name': 'a-fixed-name'}");
}

PARITY_FIXTURE(fixed, .scope = SUITE_SCOPE)
{
    call(t, "thing", "CreateThing", "{'Name': 'a-fixed-name'}");
    if (count(t) > 1)
        for (;;)
            sleep(1000);
    on_cleanup(t, "thing", "DeleteThing", "{'Name': 'a-fixed-name'}");
    return NULL;
}

PARITY_TEST(uses_fixed, .marker = UNKNOWN)
{
    fixture(t, fixed);
}

PARITY_TEST(uses_fixed_too, .marker = UNKNOWN)
{
    fixture(t, fixed);
}

/* --- killed ------------------------------------------------------------------------------------
 */

PARITY_TEST(is_killed_in_its_25th_run, .marker = UNKNOWN)
{
    if (count(t) < 25)
        return;
    make(t, "unregistered");
    for (;;)
        sleep(1000);
}
