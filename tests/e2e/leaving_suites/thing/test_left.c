/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include <parity/suite.h>

/* Tests that create things and are kept from deleting them; test_run_cleanup.py looks what becomes
 * of those. */

static const char *create(struct parity_test *t, const char *name)
{
    call(t, "thing", "CreateThing", "{'Name': %s}", name);
    return name;
}

static void create_and_register(struct parity_test *t, const char *name)
{
    create(t, name);
    on_cleanup(t, "thing", "DeleteThing", "{'Name': %s}", name);
}

static void wait_to_be_killed(void)
{
    for (;;)
        sleep(1000);
}

PARITY_TEST(ends_well, .marker = UNKNOWN)
{
    create_and_register(t, unique_name(t, "kept"));
}

PARITY_TEST(deletes_by_itself, .marker = UNKNOWN)
{
    const char *name = create(t, unique_name(t, "own"));

    call(t, "thing", "DescribeThing", "{'Name': %s}", name);
    call(t, "thing", "DeleteThing", "{'Name': %s}", name);
}

PARITY_TEST(keeps_on_purpose, .marker = UNKNOWN)
{
    create(t, unique_name(t, "meant"));
}

PARITY_TEST(crashes_before_it_registers, .marker = UNKNOWN)
{
    create_and_register(t, unique_name(t, "first"));
    create(t, unique_name(t, "second"));
    abort();
}

PARITY_TEST(expects_a_refusal, .marker = UNKNOWN)
{
    call_error(t, "thing", "CreateThing", "{'Name': %s}", unique_name(t, "unwanted"));
}

PARITY_TEST(loses_the_answer, .marker = UNKNOWN)
{
    call_with(t, options(.max_attempts = 1), "thing", "CreateThing", "{'Name': %s}",
              unique_name(t, "lost"));
}

PARITY_TEST(cannot_delete, .marker = UNKNOWN)
{
    create_and_register(t, unique_name(t, "bad-delete"));
}

PARITY_TEST(waits_to_be_killed, .marker = UNKNOWN)
{
    create_and_register(t, unique_name(t, "registered"));
    create(t, unique_name(t, "unregistered"));
    wait_to_be_killed();
}

PARITY_TEST(waits_with_a_name_of_its_own, .marker = UNKNOWN)
{
    create(t, "a-thing-that-may-be-older");
    wait_to_be_killed();
}

PARITY_TEST(waits_in_a_call_with_a_name_of_its_own, .marker = UNKNOWN)
{
    create(t, "late-and-fixed");
}

PARITY_TEST(waits_after_a_refusal, .marker = UNKNOWN)
{
    call_error(t, "thing", "CreateThing", "{'Name': 'taken-by-another'}");
    wait_to_be_killed();
}

PARITY_TEST(waits_in_a_call, .marker = UNKNOWN)
{
    create(t, unique_name(t, "late"));
}

PARITY_TEST(hides_what_is_secret, .marker = UNKNOWN)
{
    call(t, "thing", "CreateThing", "{'Name': %s, 'Colour': %s, 'Password': 'open sesame'}",
         unique_name(t, "secret"), format(t, "%05000d", 0));
    wait_to_be_killed();
}
