/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/known_tests.h"
#include "cli/snapshots.h"

enum { MOST = 3 }; /* entries of no test that are named, of one file */

static bool is_unknown(const json_t *finding)
{
    return strcmp(parity_snapshots_text(finding, "problem", ""), "unknown-test") == 0;
}

static void print_finding(const json_t *finding)
{
    const char *test = parity_snapshots_text(finding, "test", NULL);

    printf("%s: %s%s%s: %s\n", parity_snapshots_text(finding, "file", ""), test ? test : "",
           test ? ": " : "", parity_snapshots_text(finding, "problem", ""),
           parity_snapshots_text(finding, "message", ""));
}

/* The findings of one file; a suite that is gone would fill the screen. @return where the next file
 * begins */
static size_t print_file(const json_t *findings, size_t begin)
{
    const char *file = parity_snapshots_text(json_array_get(findings, begin), "file", "");
    size_t end = begin, unknown = 0, named = 0;
    const json_t *finding;

    for (; (finding = json_array_get(findings, end)) != NULL; end++) {
        if (strcmp(parity_snapshots_text(finding, "file", ""), file) != 0)
            break;
        unknown += is_unknown(finding);
    }
    for (size_t i = begin; i < end; i++) {
        finding = json_array_get(findings, i);
        if (!is_unknown(finding) || unknown <= MOST || named++ == 0)
            print_finding(finding);
    }
    if (unknown > MOST)
        printf("%s: unknown-test: the same for %zu more ('parity snapshots orphans' names them)\n",
               file, unknown - 1);
    return end;
}

static int print_findings(const struct parity_snapshots_work *work, const json_t *findings,
                          struct parity_error *err)
{
    size_t count = json_array_size(findings);

    if (work->arguments.json)
        return parity_command_print(findings, err);
    for (size_t i = 0; i < count;)
        i = print_file(findings, i);
    if (count == 0)
        puts("no problem");
    else
        printf("%zu problem%s\n", count, count == 1 ? "" : "s");
    return 0;
}

/* Recordings that were brought from elsewhere have no tests here, which is no fault of theirs. */
static bool knows_tests(const struct parity_known_tests *tests)
{
    if (tests->strange)
        fputs("parity: not one recording has a test here, so that is not checked\n", stderr);
    return !tests->strange;
}

int parity_snapshots_check(struct parity_snapshots_work *work, struct parity_error *err)
{
    const struct parity_snapshots_arguments *arguments = &work->arguments;
    const struct parity_secrets_options secrets = {.allow = arguments->allow.items};
    struct parity_known_tests tests = {0};
    struct parity_inventory_tests known;
    json_t *findings = NULL;
    int rc = parity_known_tests_load(&work->project, arguments->modules, arguments->operands,
                                     &work->inventory, &tests, err);

    known = (struct parity_inventory_tests){.ids = tests.ids, .unknown = tests.unbuilt};
    if (rc == 0)
        rc = parity_inventory_check(&work->inventory, knows_tests(&tests) ? &known : NULL, &secrets,
                                    &findings, err);
    if (rc == 0)
        rc = print_findings(work, findings, err);
    if (rc == 0)
        rc = json_array_size(findings) > 0 ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
    json_decref(findings);
    parity_known_tests_clear(&tests);
    return rc;
}
