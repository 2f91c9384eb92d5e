/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "runner/run_state.h"

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
enum { CAUGHT = sizeof caught / sizeof *caught };

static int ends[2] = {-1, -1};
static struct sigaction before[CAUGHT];
static volatile sig_atomic_t interruptions, first;
static pid_t runner;

static void on_signal(int number)
{
    int saved = errno;
    ssize_t written;

    /* A worker has this handler for a moment, too. */
    if (getpid() == runner) {
        if (number != SIGCHLD) {
            if (interruptions == 0)
                first = number;
            interruptions = interruptions + 1;
        }
        written = write(ends[1], "", 1);
        (void)written;
    }
    errno = saved;
}

static void leave_ignored(int number)
{
    for (int i = 0; i < CAUGHT; i++)
        if (caught[i] == number && before[i].sa_handler == SIG_IGN)
            sigaction(number, &before[i], NULL);
}

int parity_run_signals_catch(struct parity_error *err)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "cannot make a pipe: %s", strerror(errno));
        return -1;
    }
    interruptions = first = 0;
    runner = getpid();
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &action, &before[i]);
    leave_ignored(SIGHUP); /* nohup asks for that */
    return ends[0];
}

int parity_run_signals_interruptions(void)
{
    char bytes[256];

    while (read(ends[0], bytes, sizeof bytes) > 0)
        ;
    return interruptions;
}

int parity_run_signals_first(void)
{
    return first;
}

void parity_run_signals_release(void)
{
    for (int i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &before[i], NULL);
    close(ends[0]);
    close(ends[1]);
    ends[0] = ends[1] = -1;
}
