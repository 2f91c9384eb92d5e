/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* MAP_ANON */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parity/suite.h>

/* Tests that do to their process whatever a test can do. Each takes its own verdict, and nobody
 * else's. */

PARITY_TEST(segmentation_fault, .marker = UNKNOWN)
{
    volatile char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);

    page[0] = 1;
}

PARITY_TEST(aborts, .marker = UNKNOWN)
{
    note(t, "this far");
    puts("about to abort");
    abort();
}

PARITY_TEST(divides_by_zero, .marker = UNKNOWN)
{
    raise(SIGFPE);
}

PARITY_TEST(exits_with_0, .marker = UNKNOWN)
{
    exit(0);
}

PARITY_TEST(exits_at_once_with_7, .marker = UNKNOWN)
{
    _exit(7);
}

PARITY_TEST(kills_itself, .marker = UNKNOWN)
{
    kill(getpid(), SIGKILL);
}

PARITY_TEST(terminates_itself, .marker = UNKNOWN)
{
    raise(SIGTERM);
}

PARITY_TEST(is_terminated_by_its_child, .marker = UNKNOWN)
{
    pid_t child = fork();

    if (child == 0) {
        kill(getppid(), SIGTERM);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

PARITY_TEST(sends_itself_a_segmentation_fault, .marker = UNKNOWN)
{
    raise(SIGSEGV);
}

PARITY_TEST(loops_for_ever, .marker = UNKNOWN, .timeout_s = 1)
{
    for (volatile unsigned long i = 0;; i++)
        ;
}

PARITY_TEST(loops_for_ever_deaf_to_signals, .marker = UNKNOWN, .timeout_s = 1)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    for (volatile unsigned long i = 0;; i++)
        ;
}

/* Not tail-recursive, and not seen through by the compiler. */
static int dig(volatile char *above, int depth)
{
    volatile char hole[4096];

    hole[0] = above ? above[0] : 'x';
    return depth < 0 ? 0 : dig(hole, depth + 1) + hole[0];
}

PARITY_TEST(overflows_its_stack, .marker = UNKNOWN)
{
    printf("%d\n", dig(NULL, 0));
}

PARITY_TEST(allocates_a_gibibyte, .marker = UNKNOWN)
{
    size_t size = (size_t)1 << 30;
    char *memory = malloc(size);

    if (!memory)
        fail(t, "no memory");
    for (size_t i = 0; i < size; i += 1 << 20)
        memory[i] = 1;
    free(memory);
}

PARITY_TEST(matches_a_key_twice, .marker = UNKNOWN)
{
    match(t, "same", json(t, "1"));
    match(t, "same", json(t, "1"));
}

PARITY_TEST(leaks_memory, .marker = UNKNOWN)
{
    char *volatile lost = malloc(100000);

    memset(lost, 1, 100000);
    lost = NULL;
}

PARITY_TEST(closes_standard_output, .marker = UNKNOWN)
{
    fclose(stdout);
    close(STDERR_FILENO);
}

PARITY_TEST(closes_all_descriptors, .marker = UNKNOWN)
{
    for (int fd = 0; fd < 1024; fd++)
        close(fd);
}

PARITY_TEST(leaks_descriptors, .marker = UNKNOWN)
{
    for (int i = 0; i < 200; i++)
        if (open("/dev/null", O_RDONLY) < 0)
            fail(t, "no more descriptors");
}

PARITY_TEST(changes_folder_and_mask, .marker = UNKNOWN)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    signal(SIGSEGV, SIG_IGN);
    alarm(1);
    if (chdir("/") < 0)
        fail(t, "cannot change the folder");
}

PARITY_TEST(leaves_a_child, .marker = UNKNOWN)
{
    if (fork() == 0)
        for (;;)
            sleep(1000);
}

PARITY_TEST(leaves_a_child_in_a_session_of_its_own, .marker = UNKNOWN)
{
    if (fork() == 0) {
        setsid();
        for (;;)
            sleep(1000);
    }
}

PARITY_TEST(forks_and_both_return, .marker = UNKNOWN)
{
    if (fork() < 0)
        fail(t, "cannot fork");
}

PARITY_TEST(forks_and_the_child_crashes, .marker = UNKNOWN)
{
    pid_t child = fork();

    if (child == 0)
        abort();
    waitpid(child, NULL, 0);
    fail(t, "so that the output is shown");
}

PARITY_TEST(writes_megabytes, .marker = UNKNOWN)
{
    char line[128];

    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\n';
    puts("the beginning");
    for (int i = 0; i < 160000; i++)
        fwrite(line, 1, sizeof line, stdout);
    puts("the end");
    fail(t, "so that the output is shown");
}

PARITY_TEST(writes_no_text, .marker = UNKNOWN)
{
    fwrite("\xff\x00\x1b[31m", 1, 7, stdout);
    expect_text(t, "\xff", "\xc3\xa9");
    fail(t, "so that the output is shown");
}

PARITY_TEST(prints, .marker = UNKNOWN)
{
    puts("on standard output");
    fputs("on standard error\n", stderr);
    note(t, "a note with a number: %d", 7);
    fail(t, "so that the output is shown");
}
