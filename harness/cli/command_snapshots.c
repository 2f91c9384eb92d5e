/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/modules.h"
#include "cli/options.h"
#include "cli/snapshots_review.h"
#include "recorder/inventory.h"
#include "recorder/pending.h"
#include "runner/collection.h"

struct arguments {
    bool json, check, delete_them, accept, reject, replace_aws;
    const char *format, *modules, *older_than, *now;
    struct parity_option_list allow;
    const char *const *operands;
    size_t operand_count;
};

/* What all subcommands work with. */
struct work {
    struct arguments arguments;
    struct parity_project project;
    struct parity_inventory inventory;
    struct parity_selection selection;
    struct parity_collection collection;
    struct parity_models *models;   /* for ids of tests over all protocols */
    json_t *known, *unknown_suites; /* for struct parity_inventory_tests */
};

static void clear(struct work *work)
{
    parity_option_list_clear(&work->arguments.allow);
    parity_inventory_clear(&work->inventory);
    parity_selection_clear(&work->selection);
    parity_collection_clear(&work->collection);
    parity_models_free(work->models);
    parity_project_clear(&work->project);
    json_decref(work->known);
    json_decref(work->unknown_suites);
}

/* --- the tests there are -----------------------------------------------------------------------
 */

static void tell(const struct parity_error *what)
{
    parity_command_fail(what);
}

/* A suite whose source is there, but not its module, has tests that nobody knows. */
static int note_unbuilt(struct work *work, const char *modules, const char *id)
{
    const char *end = strstr(id, "::");
    const char *dot = end;
    char *source, *module;
    int rc = 0;

    if (!end)
        return 0;
    while (dot > id && *dot != '.' && *dot != '/')
        dot--;
    if (*dot != '.')
        dot = end;
    source = parity_asprintf("%s/%.*s", work->project.suites, (int)(end - id), id);
    module = parity_asprintf("%s/%.*s.so", modules, (int)(dot - id), id);
    if (!source || !module)
        rc = -1;
    else if (access(source, F_OK) == 0 && access(module, F_OK) != 0)
        rc =
            json_object_setn_new_nocheck(work->unknown_suites, id, (size_t)(end - id), json_true());
    parity_free(source);
    parity_free(module);
    return rc;
}

static int note_unbuilt_of(struct work *work, const char *modules,
                           const struct parity_inventory_file *file)
{
    const char *id;
    json_t *entry;

    json_object_foreach(file->content, id, entry) {
        if (note_unbuilt(work, modules, id) < 0)
            return -1;
    }
    return 0;
}

static int note_tests(struct work *work, const char *modules)
{
    work->known = json_object();
    work->unknown_suites = json_object();
    for (size_t i = 0; i < work->collection.count; i++) {
        const struct parity_case *test = work->collection.cases[i];
        const char *other = test->recorded_as;

        if (json_object_set_new_nocheck(work->known, test->id, json_true()) < 0 ||
            (other && json_object_set_new_nocheck(work->known, other, json_true()) < 0))
            return -1;
    }
    for (size_t i = 0; i < work->inventory.count; i++)
        if (note_unbuilt_of(work, modules, &work->inventory.suites[i].snapshot) < 0 ||
            note_unbuilt_of(work, modules, &work->inventory.suites[i].validation) < 0)
            return -1;
    return work->known && work->unknown_suites ? 0 : -1;
}

static int load_tests(struct work *work, struct parity_error *err)
{
    const struct parity_models_options usual = {.further =
                                                    (const char *const *)work->project.models};
    char *folder = parity_modules_folder(work->arguments.modules, &work->project);
    struct parity_collection_options options = {
        .modules = folder, .suites = work->project.suites, .notice = tell};
    const char *suite;
    json_t *value;
    int rc = -1;

    work->models = options.models = parity_models_new(&usual, err);
    if (folder && work->models &&
        parity_selection_make(NULL, 0, work->project.suites, &work->selection, err) == 0 &&
        parity_collect(&options, &work->selection, &work->collection, err) == 0)
        rc = note_tests(work, folder);
    if (rc < 0)
        parity_fail_nomem(err); /* unless there is a better reason */
    parity_free(folder);
    json_object_foreach(work->unknown_suites, suite, value)
        fprintf(stderr, "parity: %s: is not built; its tests are not known\n", suite);
    return rc;
}

/* --- list --------------------------------------------------------------------------------------
 */

static const char *text_of(const json_t *object, const char *name, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : otherwise;
}

static void print_recording(const json_t *recording)
{
    const json_t *age = json_object_get(recording, "age_days");
    size_t keys = json_array_size(json_object_get(recording, "keys"));
    const char *target = text_of(recording, "target", NULL);
    const json_t *key;
    size_t i;

    if (!target)
        target = json_is_true(json_object_get(recording, "from_aws")) ? "aws" : "unknown";
    printf("%-10.10s  ", text_of(recording, "recorded_date", "no date"));
    if (json_is_integer(age))
        printf("%5lld d  ", (long long)json_integer_value(age));
    else
        printf("%7s  ", "-");
    printf("%-16s  %s\n", target, text_of(recording, "id", ""));
    printf("%*s%zu key%s", 39, "", keys, keys == 1 ? "" : "s");
    json_array_foreach(json_object_get(recording, "keys"), i, key)
        printf("%s%s", i == 0 ? ": " : ", ", json_string_value(key));
    putchar('\n');
}

/* Files that cannot be read are told of. @return the exit code */
static int tell_broken(const struct parity_inventory *inventory)
{
    int code = PARITY_EXIT_OK;

    for (size_t i = 0; i < inventory->count; i++) {
        const struct parity_inventory_suite *suite = &inventory->suites[i];

        if (suite->snapshot.failure.code)
            code = parity_command_fail(&suite->snapshot.failure);
        if (suite->validation.failure.code)
            code = parity_command_fail(&suite->validation.failure);
    }
    return code;
}

static int list(struct work *work, struct parity_error *err)
{
    json_t *recordings;
    const json_t *recording;
    int rc = 0;
    size_t i;

    if (parity_inventory_list(&work->inventory, time(NULL), &recordings, err) < 0)
        return -1;
    if (work->arguments.json) {
        rc = parity_command_print(recordings, err);
    } else {
        json_array_foreach(recordings, i, recording)
            print_recording(recording);
        printf("%zu recordings\n", json_array_size(recordings));
    }
    json_decref(recordings);
    return rc < 0 ? -1 : tell_broken(&work->inventory);
}

/* --- format ------------------------------------------------------------------------------------
 */

/* @return 1 when the file is not in the canonical form, 0, or -1 */
static int needs_format(const struct parity_inventory_file *file, struct parity_error *err)
{
    struct parity_buffer canonical = {0};
    int rc;

    if (!file->content)
        return 0;
    if (parity_inventory_canonical(file, &canonical) < 0) {
        parity_buffer_clear(&canonical);
        parity_fail_nomem(err);
        return -1;
    }
    rc = canonical.length != file->text.length ||
         memcmp(canonical.data, file->text.data, canonical.length) != 0;
    parity_buffer_clear(&canonical);
    return rc;
}

/* @return the exit code, or -1 */
static int format_file(const struct work *work, const struct parity_inventory_file *file,
                       struct parity_error *err)
{
    struct parity_error failure = {0};
    int rc = needs_format(file, err);

    if (rc <= 0)
        return rc;
    if (work->arguments.check) {
        puts(file->name);
        return PARITY_EXIT_DIFFERENCE;
    }
    if (parity_inventory_format(work->inventory.folder, file->name, &failure) < 0)
        return parity_command_fail(&failure);
    printf("formatted %s\n", file->name);
    return PARITY_EXIT_OK;
}

static int format(struct work *work, struct parity_error *err)
{
    int code = tell_broken(&work->inventory);

    for (size_t i = 0; i < work->inventory.count; i++) {
        const struct parity_inventory_suite *suite = &work->inventory.suites[i];
        int first = format_file(work, &suite->snapshot, err);
        int second = first < 0 ? -1 : format_file(work, &suite->validation, err);

        if (second < 0)
            return -1;
        code = first > code ? first : code;
        code = second > code ? second : code;
    }
    return code;
}

/* --- check -------------------------------------------------------------------------------------
 */

static void print_finding(const json_t *finding)
{
    const char *test = text_of(finding, "test", NULL);

    printf("%s: %s%s%s: %s\n", text_of(finding, "file", ""), test ? test : "", test ? ": " : "",
           text_of(finding, "problem", ""), text_of(finding, "message", ""));
}

static int check(struct work *work, struct parity_error *err)
{
    const struct parity_secrets_options secrets = {.allow = work->arguments.allow.items};
    struct parity_inventory_tests tests;
    json_t *findings;
    const json_t *finding;
    int rc = 0;
    size_t i;

    if (load_tests(work, err) < 0)
        return -1;
    tests = (struct parity_inventory_tests){.ids = work->known, .unknown = work->unknown_suites};
    if (parity_inventory_check(&work->inventory, &tests, &secrets, &findings, err) < 0)
        return -1;
    if (work->arguments.json)
        rc = parity_command_print(findings, err);
    else
        json_array_foreach(findings, i, finding)
            print_finding(finding);
    if (rc == 0)
        rc = json_array_size(findings) > 0 ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
    json_decref(findings);
    return rc;
}

/* --- stale -------------------------------------------------------------------------------------
 */

static int stale(struct work *work, struct parity_error *err)
{
    json_t *tests;
    const json_t *test;
    time_t limit;
    int rc = 0, code = tell_broken(&work->inventory);
    size_t i;

    if (!work->arguments.older_than) {
        parity_fail(err, PARITY_E_USAGE, NULL, "say --older-than DAYS or --older-than DATE");
        return -1;
    }
    if (parity_inventory_limit(work->arguments.older_than, time(NULL), &limit, err) < 0 ||
        parity_inventory_stale(&work->inventory, limit, &tests, err) < 0)
        return -1;
    if (work->arguments.json)
        rc = parity_command_print(tests, err);
    else
        json_array_foreach(tests, i, test)
            printf("%-10.10s  %s\n", text_of(test, "last_validated_date", "never"),
                   text_of(test, "id", ""));
    if (code == PARITY_EXIT_OK && json_array_size(tests) > 0)
        code = PARITY_EXIT_DIFFERENCE;
    json_decref(tests);
    return rc < 0 ? -1 : code;
}

/* --- orphans -----------------------------------------------------------------------------------
 */

static bool is_recorded(const struct work *work, const char *id)
{
    for (size_t i = 0; id && i < work->inventory.count; i++)
        if (json_object_get(work->inventory.suites[i].snapshot.content, id))
            return true;
    return false;
}

/* Ids of tests that nothing is recorded for; new, or NULL when out of memory. */
static json_t *unrecorded(const struct work *work)
{
    json_t *ids = json_array();

    for (size_t i = 0; i < work->collection.count; i++) {
        const struct parity_case *test = work->collection.cases[i];

        if (!is_recorded(work, test->id) && !is_recorded(work, test->recorded_as) &&
            json_array_append_new(ids, json_string(test->id)) < 0) {
            json_decref(ids);
            return NULL;
        }
    }
    return ids;
}

/* All orphans of one suite at a time, so that its files are written once. */
static int delete_orphans(const struct work *work, const json_t *orphans, struct parity_error *err)
{
    for (size_t i = 0; i < work->inventory.count; i++) {
        const struct parity_inventory_suite *suite = &work->inventory.suites[i];
        json_t *ids = json_array();
        const json_t *orphan;
        size_t j;
        int rc = 0;

        json_array_foreach(orphans, j, orphan) {
            const char *file = text_of(orphan, "file", "");

            if (strcmp(file, suite->snapshot.name) == 0 ||
                strcmp(file, suite->validation.name) == 0)
                rc |= json_array_append(ids, json_object_get(orphan, "id"));
        }
        if (rc < 0 || !ids)
            parity_fail_nomem(err);
        else if (json_array_size(ids) > 0)
            rc = parity_inventory_delete(work->inventory.folder, suite->stem, ids, err);
        json_decref(ids);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int print_orphans(const struct work *work, const json_t *orphans, json_t *tests,
                         struct parity_error *err)
{
    const json_t *item;
    json_t *document;
    size_t i;
    int rc;

    if (work->arguments.json) {
        document = json_pack("{s:O, s:O}", "recordings", orphans, "tests", tests);
        rc = parity_command_print(document, err);
        json_decref(document);
        return rc;
    }
    json_array_foreach(orphans, i, item)
        printf("%s without a test: %s (%s)\n",
               work->arguments.delete_them ? "deleted recording" : "recording",
               text_of(item, "id", ""), text_of(item, "file", ""));
    json_array_foreach(tests, i, item)
        printf("test without a recording: %s\n", json_string_value(item));
    return 0;
}

static int orphans(struct work *work, struct parity_error *err)
{
    struct parity_inventory_tests tests;
    json_t *recordings = NULL, *ids = NULL;
    int rc = -1, code = tell_broken(&work->inventory);

    if (load_tests(work, err) < 0)
        return -1;
    tests = (struct parity_inventory_tests){.ids = work->known, .unknown = work->unknown_suites};
    ids = unrecorded(work);
    if (!ids)
        parity_fail_nomem(err);
    else
        rc = parity_inventory_orphans(&work->inventory, &tests, &recordings, err);
    if (rc == 0 && work->arguments.delete_them)
        rc = delete_orphans(work, recordings, err);
    if (rc == 0)
        rc = print_orphans(work, recordings, ids, err);
    /* A test that judges itself by its calls has no recording; that alone is no fault. */
    if (code == PARITY_EXIT_OK && !work->arguments.delete_them && json_array_size(recordings) > 0)
        code = PARITY_EXIT_DIFFERENCE;
    json_decref(recordings);
    json_decref(ids);
    return rc < 0 ? -1 : code;
}

/* --- review ------------------------------------------------------------------------------------
 */

static int review(struct work *work, struct parity_error *err)
{
    const struct arguments *arguments = &work->arguments;
    const struct parity_review_options options = {
        .folder = work->project.snapshots,
        .accept = arguments->accept,
        .reject = arguments->reject,
        .replace_aws = arguments->replace_aws,
        .allow = arguments->allow.items,
        .ids = arguments->operands,
    };
    int code;

    if (arguments->accept && arguments->reject) {
        parity_fail(err, PARITY_E_USAGE, NULL, "--accept and --reject contradict each other");
        return -1;
    }
    code = parity_review(&options, err);
    return err->code == PARITY_OK ? code : -1;
}

/* --- the command -------------------------------------------------------------------------------
 */

/* Which options a subcommand takes. */
enum { FORMAT = 1, MODULES = 2, ALLOW = 4, OPERANDS = 8 };

static const struct subcommand {
    const char *name;
    int (*run)(struct work *work, struct parity_error *err); /* an exit code, or -1 */
    int takes;
    const char *synopsis, *summary;
} subcommands[] = {
    {"check", check, FORMAT | MODULES | ALLOW, "parity snapshots check [OPTIONS]",
     "Report files and entries that are not as they should be: not valid, not in the canonical "
     "form, with what looks like a secret, of no test."},
    {"format", format, 0, "parity snapshots format [--check]",
     "Rewrite all files in the canonical form."},
    {"list", list, FORMAT, "parity snapshots list [OPTIONS]",
     "List what is recorded: tests, match keys, age, where from."},
    {"orphans", orphans, FORMAT | MODULES, "parity snapshots orphans [OPTIONS]",
     "List recordings without a test, and tests without a recording."},
    {"review", review, ALLOW | OPERANDS, "parity snapshots review [OPTIONS] [PATH|ID]...",
     "Show what 'parity run --snapshot-review' left, and accept, reject or skip it."},
    {"stale", stale, FORMAT, "parity snapshots stale --older-than DAYS|DATE",
     "List tests that were last validated on AWS before a date, or never."},
    {NULL, NULL, 0, NULL, NULL},
};

static void add(struct parity_option *options, size_t *count, struct parity_option option)
{
    options[(*count)++] = option;
}

/* The table of one subcommand, in alphabetical order. */
static void make_options(const struct subcommand *command, struct arguments *out,
                         struct parity_option *options)
{
    size_t n = 0;

    if (command->run == review)
        add(options, &n,
            (struct parity_option){
                .name = "accept", .flag = &out->accept, .help = "accept all of them"});
    if (command->takes & ALLOW)
        add(options, &n,
            (struct parity_option){.name = "allow",
                                   .argument = "PATH",
                                   .list = &out->allow,
                                   .help = "let what looks like a secret stand at this JSON path "
                                           "(repeatable)"});
    if (command->run == format)
        add(options, &n,
            (struct parity_option){.name = "check",
                                   .flag = &out->check,
                                   .help = "only print the files that would change"});
    if (command->run == orphans)
        add(options, &n,
            (struct parity_option){.name = "delete",
                                   .flag = &out->delete_them,
                                   .help = "remove the recordings that no test has"});
    if (command->takes & FORMAT)
        add(options, &n,
            (struct parity_option){.name = "format",
                                   .argument = "FORMAT",
                                   .value = &out->format,
                                   .help = "'text' for a reader (the default) or 'json'"});
    if (command->takes & MODULES)
        add(options, &n,
            (struct parity_option){.name = "modules",
                                   .argument = "DIR",
                                   .value = &out->modules,
                                   .help = "where the compiled suites are (PARITY_MODULES_DIR)"});
    if (command->run == stale)
        add(options, &n,
            (struct parity_option){.name = "older-than",
                                   .argument = "DAYS|DATE",
                                   .value = &out->older_than,
                                   .help = "days, YYYY-MM-DD or DD-MM-YYYY"});
    if (command->run == review) {
        add(options, &n,
            (struct parity_option){
                .name = "reject", .flag = &out->reject, .help = "reject all of them"});
        add(options, &n,
            (struct parity_option){.name = "replace-aws",
                                   .flag = &out->replace_aws,
                                   .help = "let an emulator's result replace one of AWS"});
    }
}

static int check_arguments(const struct subcommand *command, struct arguments *arguments,
                           struct parity_error *err)
{
    if (arguments->operand_count > 0 && !(command->takes & OPERANDS)) {
        parity_fail(err, PARITY_E_USAGE, NULL, "unexpected '%s' (usage: %s)",
                    arguments->operands[0], command->synopsis);
        return -1;
    }
    if (!arguments->format || strcmp(arguments->format, "text") == 0)
        return 0;
    arguments->json = strcmp(arguments->format, "json") == 0;
    if (arguments->json)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL, "--format is 'text' or 'json', not '%s'",
                arguments->format);
    return -1;
}

static int run(const struct subcommand *command, int argc, char **argv)
{
    struct work work = {0};
    struct parity_option options[10] = {{0}};
    const struct parity_command_usage usage = {command->synopsis, command->summary, options};
    struct parity_error err = {0};
    int operands, code, rc;

    make_options(command, &work.arguments, options);
    rc = parity_options_read(&usage, argc, argv, &operands, &err);
    work.arguments.operands = (const char *const *)(argv + 1);
    work.arguments.operand_count = rc == 0 ? (size_t)operands : 0;
    code = PARITY_EXIT_OK;
    if (rc == 0 && (check_arguments(command, &work.arguments, &err) < 0 ||
                    parity_project_open(NULL, &work.project, &err) < 0 ||
                    parity_inventory_read(work.project.snapshots, &work.inventory, &err) < 0))
        rc = -1;
    if (rc == 0)
        code = command->run(&work, &err);
    if (rc < 0 || code < 0)
        code = parity_command_fail(&err);
    clear(&work);
    return code;
}

static void print_help(FILE *to)
{
    fputs("Usage: parity snapshots COMMAND [OPTIONS]\n\nCommands:\n", to);
    for (const struct subcommand *command = subcommands; command->name; command++)
        fprintf(to, "  %-10s %s\n", command->name, command->summary);
}

int parity_command_snapshots(int argc, char **argv)
{
    struct parity_error err = {0};
    const char *nearest = NULL;

    if (argc < 2) {
        print_help(stderr);
        return PARITY_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return PARITY_EXIT_OK;
    }
    for (const struct subcommand *command = subcommands; command->name; command++) {
        if (strcmp(argv[1], command->name) == 0)
            return run(command, argc - 1, argv + 1);
        nearest = parity_suggest(argv[1], nearest, command->name);
    }
    parity_fail(&err, PARITY_E_USAGE, NULL, "unknown command 'snapshots %s'%s%s%s", argv[1],
                nearest ? "; did you mean '" : " (see 'parity snapshots --help')",
                nearest ? nearest : "", nearest ? "'?" : "");
    return parity_command_fail(&err);
}
