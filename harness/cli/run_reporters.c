/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_reporters.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Steals `reporter`; NULL is passed on. */
static int add(struct parity_run_reporters *reporters, struct parity_reporter *reporter)
{
    if (!reporter)
        return -1;
    reporters->items[reporters->count++] = reporter;
    return 0;
}

static int add_terminal(const struct parity_run_arguments *arguments,
                        struct parity_run_reporters *out, struct parity_error *err)
{
    bool on_terminal = isatty(STDOUT_FILENO) == 1;
    const char *no_colour = getenv("NO_COLOR");
    struct winsize size = {0};
    struct parity_terminal_options options = {
        .out = stdout,
        .colour = on_terminal && !(no_colour && no_colour[0]),
        .live = on_terminal && !arguments->quiet,
        .strict_skips = arguments->strict_skips,
        .verbosity = arguments->verbose - arguments->quiet,
    };

    if (on_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        options.width = size.ws_col;
    if (add(out, parity_terminal_reporter_new(&options)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

int parity_run_reporters_make(const struct parity_run_arguments *arguments,
                              struct parity_run_reporters *out, struct parity_error *err)
{
    if (add_terminal(arguments, out, err) < 0)
        return -1;
    if (arguments->results && add(out, parity_results_reporter_new(arguments->results, err)) < 0)
        return -1;
    if (arguments->suggest_skips && add(out, parity_suggestions_reporter_new(stdout)) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

void parity_run_reporters_clear(struct parity_run_reporters *reporters)
{
    for (size_t i = 0; i < reporters->count; i++)
        reporters->items[i]->free(reporters->items[i]);
    *reporters = (struct parity_run_reporters){0};
}
