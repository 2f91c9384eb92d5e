/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <parity/suite.h>

/* Tests to choose among, and some that notice how they are run. They leave traces in the folder
 * that PARITY_TEST_TRACES names. */

PARITY_SUITE(.tags = {"chosen"});

/* How many lines the file has, once another is in it. */
static int leave_trace(struct parity_test *t, const char *file, const char *line)
{
    FILE *traces = fopen(format(t, "%s/%s", getenv("PARITY_TEST_TRACES"), file), "a+");
    int lines = 0;

    if (!traces)
        fail(t, "no folder for traces");
    flock(fileno(traces), LOCK_EX);
    fprintf(traces, "%s\n", line);
    rewind(traces);
    for (int c; (c = fgetc(traces)) != EOF;)
        lines += c == '\n';
    fclose(traces);
    return lines;
}

PARITY_TEST(is_slow, .marker = AWS_VALIDATED, .tags = {"slow", "queue"})
{
    note(t, "nothing to do");
}

PARITY_TEST(is_quick, .marker = UNKNOWN, .tags = {"quick"})
{
    note(t, "nothing to do");
}

/* --- tests that do not always pass -------------------------------------------------------------
 */

PARITY_TEST(passes_the_third_time, .marker = UNKNOWN, .tags = {"attempts"})
{
    int attempt = leave_trace(t, "third", unique_name(t, "n"));

    if (attempt < 3)
        fail(t, "attempt %d", attempt);
}

PARITY_TEST(crashes_the_first_time, .marker = UNKNOWN, .tags = {"attempts"}, .retries = 1)
{
    on_cleanup(t, "thing", "DeleteThing", "{'Name': %s}", unique_name(t, "x"));
    if (leave_trace(t, "crash", "run") == 1)
        abort();
}

PARITY_TEST(never_passes, .marker = UNKNOWN, .tags = {"attempts"}, .retries = 2)
{
    fail(t, "attempt %d", leave_trace(t, "never", "run"));
}

PARITY_TEST(crashes_then_fails, .marker = UNKNOWN)
{
    if (leave_trace(t, "mixed", "run") == 1)
        abort();
    fail(t, "it did not crash");
}

/* --- tests that are alone ----------------------------------------------------------------------
 */

static void begin_and_end(struct parity_test *t, const char *name)
{
    leave_trace(t, "serial", format(t, "begin %s", name));
    sleep_for(t, 0.05);
    leave_trace(t, "serial", format(t, "end %s", name));
}

PARITY_TEST(alone_1, .marker = UNKNOWN, .tags = {"serial"}, .serial = true)
{
    begin_and_end(t, "alone");
}

PARITY_TEST(alone_2, .marker = UNKNOWN, .tags = {"serial"}, .serial = true)
{
    begin_and_end(t, "alone");
}

PARITY_TEST(beside_1, .marker = UNKNOWN, .tags = {"serial"})
{
    begin_and_end(t, "beside");
}

PARITY_TEST(beside_2, .marker = UNKNOWN, .tags = {"serial"})
{
    begin_and_end(t, "beside");
}

PARITY_TEST(beside_3, .marker = UNKNOWN, .tags = {"serial"})
{
    begin_and_end(t, "beside");
}

/* --- tests that leak ---------------------------------------------------------------------------
 */

#define LEAKS(n_)                                                                                  \
    PARITY_TEST(leaks_##n_, .marker = UNKNOWN, .tags = {"leak"})                                   \
    {                                                                                              \
        for (int i = 0; i < 100; i++)                                                              \
            if (open("/dev/null", O_RDONLY) < 0)                                                   \
                fail(t, "too many descriptors are open");                                          \
    }

LEAKS(1)
LEAKS(2)
LEAKS(3)
LEAKS(4)
LEAKS(5)
LEAKS(6)
LEAKS(7)
LEAKS(8)
LEAKS(9)
LEAKS(10)
LEAKS(11)
LEAKS(12)
