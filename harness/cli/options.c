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
        snprintf(left, sizeof left, "%s--%s%s%s%s", letter, option->name,
                 !option->argument  ? ""
                 : option->optional ? "[="
                                    : " ",
                 option->argument ? option->argument : "", option->optional ? "]" : "");
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

/* Takes the option's argument: what is attached to it, or argv[*at + 1], to which it moves on. */
static int take_argument(const struct parity_option *option, const char *attached, int argc,
                         char **argv, int *at, struct parity_error *err)
{
    if (!attached && option->optional)
        return store(option, "", err);
    if (!attached && *at + 1 >= argc) {
        parity_fail(err, PARITY_E_USAGE, NULL, "option '--%s' needs an argument (%s)", option->name,
                    option->argument);
        return -1;
    }
    return store(option, attached ? attached : argv[++*at], err);
}

/* Reads the option "--name" or "--name=argument" at argv[*at] and moves on. Returns 1 for --help.
 */
static int read_long(const struct parity_command_usage *usage, int argc, char **argv, int *at,
                     struct parity_error *err)
{
    const char *name = argv[*at] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct parity_option *option = find_long(usage->options, name, length);

    if (!option && strcmp(name, "help") == 0) {
        print_help(usage);
        return 1;
    }
    if (!option) {
        fail_unknown(usage, argv[*at], err);
        return -1;
    }
    if (option->argument)
        return take_argument(option, equals ? equals + 1 : NULL, argc, argv, at, err);
    if (equals) {
        parity_fail(err, PARITY_E_USAGE, NULL, "option '--%s' takes no argument", option->name);
        return -1;
    }
    return store(option, NULL, err);
}

/* Reads the options "-x", "-xq" or "-xj4" at argv[*at] and moves on. Returns 1 for -h. */
static int read_letters(const struct parity_command_usage *usage, int argc, char **argv, int *at,
                        struct parity_error *err)
{
    for (const char *letter = argv[*at] + 1; *letter; letter++) {
        const struct parity_option *option = find_short(usage->options, *letter);

        if (!option && *letter == 'h') {
            print_help(usage);
            return 1;
        }
        if (!option) {
            fail_unknown(usage, argv[*at], err);
            return -1;
        }
        if (option->argument)
            return take_argument(option, letter[1] ? letter + 1 : NULL, argc, argv, at, err);
        if (store(option, NULL, err) < 0)
            return -1;
    }
    return 0;
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
            int rc = argv[i][1] == '-' ? read_long(usage, argc, argv, &i, err)
                                       : read_letters(usage, argc, argv, &i, err);

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
