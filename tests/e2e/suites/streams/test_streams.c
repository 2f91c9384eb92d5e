/* SPDX-License-Identifier: Apache-2.0 */
/* Large bodies from and to files; the folder with them is named by LARGE_BODIES. */
#include <parity/suite.h>
#include <stdlib.h>
#include <sys/resource.h>

static const char *place(struct parity_test *t, const char *name)
{
    const char *folder = getenv("LARGE_BODIES");

    return format(t, "%s/%s", folder ? folder : ".", name);
}

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void expect_little_more_than(__attribute__((unused)) struct parity_test *t,
                                    __attribute__((unused)) long before)
{
#ifndef __SANITIZE_ADDRESS__ /* it keeps released memory for a while */
    expect(t, peak_kib() - before < 12 * 1024, "%ld KiB more memory", peak_kib() - before);
#endif
}

PARITY_TEST(sends_a_file, .marker = UNKNOWN)
{
    long before = peak_kib();

    match(t, "put",
          call(t, "s3", "PutObject", "{'Bucket': 'b', 'Key': 'k', 'Body': {'$file': %s}}",
               place(t, "large")));
    expect_little_more_than(t, before);
}

PARITY_TEST(saves_a_file, .marker = UNKNOWN)
{
    long before = peak_kib();

    match(t, "get",
          call_to_file(t, place(t, "saved/body"), "s3", "GetObject", "{'Bucket': 'b', 'Key': %s}",
                       "k"));
    expect_little_more_than(t, before);
}

PARITY_TEST(saves_no_error, .marker = UNKNOWN)
{
    match(t, "get",
          call_to_file_with(t, options(.expect = EXPECT_ERROR), place(t, "saved/body"), "s3",
                            "GetObject", "{'Bucket': 'b', 'Key': 'k'}"));
}

PARITY_TEST(saves_what_is_no_body, .marker = UNKNOWN)
{
    call_to_file(t, place(t, "saved/body"), "s3", "ListBuckets", "{}");
}
