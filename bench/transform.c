/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transform and compare a corpus (transform_corpus.py), or only parse and print it with jansson:
 *
 *     bench_transform parity|localstack|jansson CORPUS ROUNDS
 *
 * Prints {"cases", "bytes", "passed", "failed", "errors", "cpu_s"}, the CPU of one round. Reading
 * the corpus and making the transformers does not count, as it does not for the reference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/verify.h"
#include "transformers/transformer.h"

struct text {
    const char *data; /* in the corpus */
    size_t length;
};

struct work {
    struct parity_transformers transformers;
    struct text recorded, observed;
};

struct corpus {
    struct parity_buffer file;
    struct work *items;
    size_t count, capacity, bytes;
};

struct tally {
    size_t passed, failed, errors;
};

static void die(const char *what, const struct parity_error *err)
{
    fprintf(stderr, "bench_transform: %s: %s %s\n", what, err ? err->context : "",
            err ? err->message : "");
    exit(1);
}

/* A line of JSON and the place behind it. */
static json_t *read_line(const char **at, const char *end)
{
    struct parity_error err = {0};
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    json_t *line;

    if (!stop || parity_json_parse(*at, (size_t)(stop - *at), "corpus", &line, &err) < 0)
        die("a line of the corpus", &err);
    *at = stop + 1;
    return line;
}

static void add_case(struct corpus *corpus, const json_t *head, const char **at)
{
    size_t recorded = (size_t)json_integer_value(json_object_get(head, "recorded"));
    size_t observed = (size_t)json_integer_value(json_object_get(head, "observed"));
    struct parity_error err = {0};
    struct work *work;
    json_t *spec;
    size_t i;

    if (parity_grow(&corpus->items, &corpus->capacity, corpus->count + 1, sizeof *corpus->items) <
        0)
        die("out of memory", NULL);
    work = &corpus->items[corpus->count++];
    memset(work, 0, sizeof *work);
    work->recorded = (struct text){*at, recorded};
    work->observed = (struct text){*at + recorded, observed};
    *at += recorded + observed;
    corpus->bytes += recorded + observed;
    json_array_foreach(json_object_get(head, "transformers"), i, spec)
        if (parity_transformers_add_spec(&work->transformers, spec, &err) < 0)
            die("a transformer", &err);
}

static void read_corpus(const char *path, struct corpus *corpus)
{
    struct parity_error err = {0};
    const char *at, *end;

    if (parity_file_read(path, 0, &corpus->file, &err) < 0)
        die("the corpus", &err);
    at = corpus->file.data;
    end = at + corpus->file.length;
    json_decref(read_line(&at, end)); /* the presets, which are compiled in here */
    while (at < end) {
        json_t *head = read_line(&at, end);

        add_case(corpus, head, &at);
        json_decref(head);
    }
}

static void judge(const struct work *work, bool compat, struct tally *tally)
{
    const struct parity_verify_options options = {.transformers = &work->transformers,
                                                  .compat_localstack = compat};
    struct parity_verification result = {0};
    struct parity_error err = {0};
    json_t *recorded = NULL, *observed = NULL;

    if (parity_json_parse(work->recorded.data, work->recorded.length, NULL, &recorded, &err) < 0 ||
        parity_json_parse(work->observed.data, work->observed.length, NULL, &observed, &err) < 0)
        die("a state", &err);
    if (parity_verify(&options, recorded, observed, &result, &err) < 0)
        tally->errors++;
    else if (json_array_size(result.differences) > 0)
        tally->failed++;
    else
        tally->passed++;
    parity_verification_clear(&result);
    json_decref(recorded);
    json_decref(observed);
}

static void parse_and_print(struct text text)
{
    json_error_t reason;
    json_t *value = json_loadb(text.data, text.length, JSON_ALLOW_NUL, &reason);
    char *printed = value ? json_dumps(value, JSON_INDENT(2) | JSON_ENSURE_ASCII) : NULL;

    free(printed);
    json_decref(value);
}

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct corpus corpus = {0};
    struct tally tally = {0};
    bool jansson, compat;
    int rounds;
    double start;

    if (argc != 4)
        die("usage: bench_transform parity|localstack|jansson CORPUS ROUNDS", NULL);
    jansson = strcmp(argv[1], "jansson") == 0;
    compat = strcmp(argv[1], "localstack") == 0;
    rounds = (int)strtol(argv[3], NULL, 10);
    if (!jansson)
        parity_memory_init();
    read_corpus(argv[2], &corpus);
    start = cpu_seconds();
    for (int round = 0; round < rounds; round++) {
        tally = (struct tally){0};
        for (size_t i = 0; i < corpus.count; i++) {
            if (jansson) {
                parse_and_print(corpus.items[i].recorded);
                parse_and_print(corpus.items[i].observed);
            } else {
                judge(&corpus.items[i], compat, &tally);
            }
        }
    }
    printf("{\"cases\": %zu, \"bytes\": %zu, \"passed\": %zu, \"failed\": %zu, \"errors\": %zu, "
           "\"cpu_s\": %.6f}\n",
           corpus.count, corpus.bytes, tally.passed, tally.failed, tally.errors,
           (cpu_seconds() - start) / rounds);
    for (size_t i = 0; i < corpus.count; i++)
        parity_transformers_clear(&corpus.items[i].transformers);
    parity_free(corpus.items);
    parity_buffer_clear(&corpus.file);
    return 0;
}
