/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/loading.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"

enum { SIGNALS = 5 };
static const int fatal_signals[SIGNALS] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
static struct sigaction before[SIGNALS]; /* what is put back in the end */

/* Handlers have no other way to know. */
static const char *loading; /* NULL: nothing is loaded */

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));

    (void)written;
}

/* Only calls that are safe in a handler. */
static void give_up(const char *how)
{
    say("parity: the module of ");
    say(loading);
    say(how);
    _exit(PARITY_EXIT_USAGE);
}

static void on_fatal_signal(int number)
{
    if (loading)
        give_up(" crashed while it was loaded\n");
    signal(number, SIG_DFL);
    raise(number);
}

static void on_exit_of_process(void)
{
    if (loading)
        give_up(" ended the process while it was loaded\n");
}

void parity_loading_begin(void)
{
    static bool registered;
    struct sigaction action = {.sa_handler = on_fatal_signal};

    registered = registered || atexit(on_exit_of_process) == 0;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(fatal_signals[i], &action, &before[i]);
}

void parity_loading_note(const char *suite_path)
{
    loading = suite_path;
}

void parity_loading_end(void)
{
    loading = NULL;
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(fatal_signals[i], &before[i], NULL);
}
