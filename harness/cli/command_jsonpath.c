/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "transformers/jsonpath/jsonpath.h"

struct arguments {
    const char *path, *file, *dialect_name;
    enum parity_jsonpath_dialect dialect;
};

static int check_arguments(struct arguments *arguments, int operands, char **argv,
                           struct parity_error *err)
{
    const char *name = arguments->dialect_name;
    const char *message = NULL;

    if (operands < 1)
        message = "no PATH given: parity jsonpath PATH [FILE]";
    else if (operands > 2)
        message = "more than PATH and one FILE: put the path in quotes";
    else if (name && strcmp(name, "localstack") != 0 && strcmp(name, "rfc9535") != 0)
        message = "option '--dialect' must be localstack or rfc9535";
    if (message) {
        parity_fail(err, PARITY_E_USAGE, NULL, "%s", message);
        return -1;
    }
    arguments->path = argv[1];
    arguments->file = operands > 1 ? argv[2] : "-";
    arguments->dialect =
        name && strcmp(name, "rfc9535") == 0 ? PARITY_JSONPATH_RFC9535 : PARITY_JSONPATH_LOCALSTACK;
    return 0;
}

/* 0 to go on, 1 when help was asked for, -1 for an error. */
static int read_arguments(int argc, char **argv, struct arguments *out, struct parity_error *err)
{
    const struct parity_option options[] = {
        {.name = "dialect",
         .argument = "NAME",
         .help = "localstack (default: the paths of snapshot tests) or rfc9535 (strict)",
         .value = &out->dialect_name},
        {.name = NULL},
    };
    const struct parity_command_usage usage = {
        .synopsis = "parity jsonpath [--dialect NAME] PATH [FILE]",
        .summary = "Print the nodes of a JSON document that a path selects.",
        .options = options,
    };
    int operands;
    int rc = parity_options_read(&usage, argc, argv, &operands, err);

    return rc ? rc : check_arguments(out, operands, argv, err);
}

/* The path, and a caret below the character that is wrong. */
static void point_at(const char *path, int column)
{
    fprintf(stderr, "  %s\n  ", path);
    for (; column > 1 && *path; path++) {
        if (((unsigned char)*path & 0xC0) == 0x80)
            continue; /* the rest of a character */
        fputc(*path == '\t' ? '\t' : ' ', stderr);
        column--;
    }
    fputs("^\n", stderr);
}

/* One node as `{"path", "value"}`; new, or NULL. */
static json_t *make_entry(const struct parity_jsonpath_node *node)
{
    struct parity_buffer path = {0};
    json_t *entry = json_object();

    parity_jsonpath_normalized(node, &path);
    if (path.failed || !entry ||
        json_object_set_new_nocheck(entry, "path", json_stringn_nocheck(path.data, path.length)) <
            0 ||
        json_object_set_nocheck(entry, "value", node->value) < 0) {
        json_decref(entry);
        entry = NULL;
    }
    parity_buffer_clear(&path);
    return entry;
}

static int print_nodes(const struct parity_jsonpath_nodes *nodes, struct parity_error *err)
{
    json_t *list = json_array();
    int rc = -1;

    for (size_t i = 0; list && i < nodes->count; i++) {
        if (json_array_append_new(list, make_entry(&nodes->items[i])) < 0) {
            json_decref(list);
            list = NULL;
        }
    }
    if (list)
        rc = parity_command_print(list, err);
    else
        parity_fail_nomem(err);
    json_decref(list);
    return rc;
}

static int run(const struct arguments *arguments, const struct parity_jsonpath *path,
               struct parity_error *err)
{
    struct parity_jsonpath_nodes nodes = {0};
    json_t *document;
    int rc = parity_json_read_file(arguments->file, &document, err);

    if (rc == 0)
        rc = parity_jsonpath_find(path, document, &nodes, err);
    if (rc == 0)
        rc = print_nodes(&nodes, err);
    parity_jsonpath_nodes_clear(&nodes);
    json_decref(document);
    return rc;
}

int parity_command_jsonpath(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct parity_error err = {0};
    struct parity_jsonpath *path;
    int rc = read_arguments(argc, argv, &arguments, &err);

    if (rc)
        return rc < 0 ? parity_command_fail(&err) : PARITY_EXIT_OK;
    path = parity_jsonpath_compile(arguments.path, arguments.dialect, &err);
    if (!path) {
        rc = parity_command_fail(&err);
        if (err.column)
            point_at(arguments.path, err.column);
        return rc;
    }
    rc = run(&arguments, path, &err);
    parity_jsonpath_free(path);
    return rc < 0 ? parity_command_fail(&err) : PARITY_EXIT_OK;
}
