/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/commands.h"
#include "runner/project_presets.h"

bool parity_command_is_terminal(FILE *out)
{
    const char *kind = getenv("TERM");

    return isatty(fileno(out)) == 1 && !(kind && strcmp(kind, "dumb") == 0);
}

bool parity_command_has_colour(FILE *out)
{
    const char *unwanted = getenv("NO_COLOR");

    return parity_command_is_terminal(out) && !(unwanted && unwanted[0]);
}

int parity_command_fail(const struct parity_error *err)
{
    char text[sizeof err->message + sizeof err->context + 64];

    parity_error_format(err, text, sizeof text);
    fprintf(stderr, "parity: %s\n", text);
    return parity_error_exit_code(err);
}

static const char *member(const json_t *finding, const char *name)
{
    return json_string_value(json_object_get(finding, name));
}

void parity_command_print_findings(const struct parity_findings *findings)
{
    const json_t *finding;
    size_t i;

    json_array_foreach(findings->list, i, finding) {
        json_int_t count = json_integer_value(json_object_get(finding, "count"));

        fprintf(stderr, "parity: output: %s: %s: %s", member(finding, "kind"),
                member(finding, "path"), member(finding, "message"));
        if (count > 1)
            fprintf(stderr, " (%" JSON_INTEGER_FORMAT " times)", count);
        fputc('\n', stderr);
    }
    if (findings->left_out)
        fprintf(stderr, "parity: output: %zu more\n", findings->left_out);
}

enum { CANNOT_WRITE = 1 };

static int print_piece(void *data, const char *text, size_t length)
{
    (void)data;
    return fwrite(text, 1, length, stdout) == length ? 0 : CANNOT_WRITE;
}

int parity_command_print(const json_t *document, struct parity_error *err)
{
    int rc = parity_json_write_pieces(document, PARITY_JSON_PRETTY, print_piece, NULL);

    if (rc < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    if (rc == CANNOT_WRITE || putchar('\n') == EOF || fflush(stdout) != 0) {
        parity_fail(err, PARITY_E_IO, "standard output", "cannot write: %s", strerror(errno));
        return -1;
    }
    return 0;
}

int parity_command_add_presets(struct parity_error *err)
{
    struct parity_project project;
    int rc = parity_project_open(NULL, &project, err);

    if (rc == 0)
        rc = parity_project_add_presets(&project, err);
    parity_project_clear(&project);
    return rc;
}
