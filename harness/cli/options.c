/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/suggest.h"

static void print_help(const struct parity_command_usage *usage)
{
    printf("Usage: %s\n\n%s\n", usage->synopsis, usage->summary);
    if (!usage->options->heading)
        puts("\nOptions:");
    for (const struct parity_option *option = usage->options; option->name; option++) {
        char left[64];
        char letter[8] = "    ";

        if (option->heading)
            printf("\n%s:\n", option->heading);
        if (option->letter)
            snprintf(letter, sizeof letter, "-%c, ", option->letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
                 option->argument ? option->argument : "");
        printf("  %-32s %s\n", left, option->help);
    }
    printf("  %-32s %s\n", "-h, --help", "show this help");
}

static const struct parity_option *find_long(const struct parity_option *options, const char *name,
                                             size_t length)
{
    for (; options->name; options++)
        if (strncmp(options->name, name, length) == 0 && options->name[length] == '\0')
            return options;
    return NULL;
}

static const struct parity_option *find_short(const struct parity_option *options, char letter)
{
    for (; options->name; options++)
        if (options->letter == letter)
            return options;
    return NULL;
}

static int list_add(struct parity_option_list *list, const char *text)
{
    const char **items = parity_realloc(list->items, (list->count + 2) * sizeof *items);

    if (!items)
        return -1;
    items[list->count++] = text;
    items[list->count] = NULL;
    list->items = items;
    return 0;
}

static int store(const struct parity_option *option, const char *value, struct parity_error *err)
{
    if (option->flag)
        *option->flag = true;
    if (option->value)
        *option->value = value;
    if (option->list && list_add(option->list, value) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

static void fail_unknown(const struct parity_command_usage *usage, const char *given,
                         struct parity_error *err)
{
    const char *nearest = NULL;

    for (const struct parity_option *option = usage->options; option->name; option++)
        nearest = parity_suggest(given + 2 * (strncmp(given, "--", 2) == 0), nearest, option->name);
    parity_fail(err, PARITY_E_USAGE, NULL, "unknown option '%s'%s%s%s (usage: %s)", given,
                nearest ? "; did you mean '--" : "", nearest ? nearest : "", nearest ? "'?" : "",
                usage->synopsis);
}

/* Reads the option at argv[*at] and moves on. Returns 1 for --help. */
static int read_option(const struct parity_command_usage *usage, int argc, char **argv, int *at,
                       struct parity_error *err)
{
    const char *given = argv[*at];
    bool is_long = given[1] == '-';
    const char *name = given + (is_long ? 2 : 1);
    const char *equals = is_long ? strchr(name, '=') : NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct parity_option *option =
        is_long ? find_long(usage->options, name, length) : find_short(usage->options, name[0]);
    const char *attached = is_long ? (equals ? equals + 1 : NULL) : (name[1] ? name + 1 : NULL);

    if (!option && (strcmp(given, "--help") == 0 || strcmp(given, "-h") == 0)) {
        print_help(usage);
        return 1;
    }
    if (!option) {
        fail_unknown(usage, given, err);
        return -1;
    }
    if (!option->argument) {
        if (attached) {
            parity_fail(err, PARITY_E_USAGE, NULL, "option '--%s' takes no argument", option->name);
            return -1;
        }
        return store(option, NULL, err);
    }
    if (!attached && *at + 1 >= argc) {
        parity_fail(err, PARITY_E_USAGE, NULL, "option '--%s' needs an argument (%s)", option->name,
                    option->argument);
        return -1;
    }
    return store(option, attached ? attached : argv[++*at], err);
}

int parity_options_read(const struct parity_command_usage *usage, int argc, char **argv,
                        int *operands, struct parity_error *err)
{
    bool only_operands = false;

    *operands = 0;
    for (int i = 1; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0') {
            argv[1 + (*operands)++] = argv[i];
        } else {
            int rc = read_option(usage, argc, argv, &i, err);

            if (rc != 0)
                return rc;
        }
    }
    argv[*operands + 1] = NULL;
    return 0;
}

void parity_option_list_clear(struct parity_option_list *list)
{
    parity_free(list->items);
    list->items = NULL;
    list->count = 0;
}
