/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target where there is no fuzzer: over every file of a folder, then for a short while
 * over changes of them. The changes follow from a seed, so what fails is found again.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "fuzz.h"

enum { MAX_INPUTS = 4096, MAX_CHANGED_BYTES = 1 << 16 };

static struct parity_buffer inputs[MAX_INPUTS];
static size_t input_count;

static int replay(const char *folder, const char *name)
{
    struct parity_buffer *input = &inputs[input_count];
    struct parity_error err = {0};
    char *path = parity_path_join(folder, name);
    int rc = path ? parity_file_read(path, 0, input, &err) : -1;

    if (rc == 0) {
        LLVMFuzzerTestOneInput((const uint8_t *)input->data, input->length);
        input_count += input_count + 1 < MAX_INPUTS;
    } else {
        fprintf(stderr, "%s: %s\n", name, err.message);
    }
    parity_free(path);
    return rc;
}

/* --- changes ---------------------------------------------------------------------------------- */

static uint64_t chance;

/* xorshift64* (Vigna): small, and the same everywhere. */
static size_t below(size_t limit)
{
    chance ^= chance >> 12;
    chance ^= chance << 25;
    chance ^= chance >> 27;
    return limit ? (size_t)((chance * 0x2545F4914F6CDD1DULL) >> 33) % limit : 0;
}

static void replace(struct parity_buffer *text, size_t at, size_t length, const char *with,
                    size_t with_length)
{
    struct parity_buffer out = {0};

    parity_buffer_add(&out, text->data, at);
    parity_buffer_add(&out, with, with_length);
    parity_buffer_add(&out, text->data + at + length, text->length - at - length);
    parity_buffer_clear(text);
    *text = out;
}

static void change(struct parity_buffer *text)
{
    static const char *const words[] = {
        "\"",   "{",  "[", "}", "]", "0", "-1", "\\",
        "\xff", "\n", "<", "&", "%", "$", "(",  "99999999999999999999"};
    const struct parity_buffer *other = &inputs[below(input_count)];
    size_t at = below(text->length + 1), length = below(text->length - at + 1);
    const char *word = words[below(sizeof words / sizeof *words)];
    size_t from = below(other->length + 1), taken = below(other->length - from + 1);

    length = below(4) ? length % 9 : length;
    switch (below(5)) {
    case 0:
        if (at < text->length)
            text->data[at] = (char)below(256);
        break;
    case 1:
        replace(text, at, length, "", 0);
        break;
    case 2:
        replace(text, at, 0, word, strlen(word));
        break;
    case 3:
        replace(text, at, 0, text->data + at, length); /* once more */
        break;
    default:
        replace(text, at, length, other->data + from, taken);
        break;
    }
}

static size_t run_changes(double seconds)
{
    clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
    size_t count = 0;

    for (; clock() < end; count++) {
        struct parity_buffer text = {0};
        const struct parity_buffer *input = &inputs[below(input_count)];

        parity_buffer_add(&text, input->data ? input->data : "", input->length);
        for (size_t i = 1 + below(4); i > 0 && text.length <= MAX_CHANGED_BYTES; i--)
            change(&text);
        LLVMFuzzerTestOneInput((const uint8_t *)text.data, text.length);
        parity_buffer_clear(&text);
    }
    return count;
}

/* In the order of their names, on which the changes depend. Returns how many cannot be read; -1. */
static int replay_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort), failed = 0;

    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.')
            failed += replay(folder, entries[i]->d_name) < 0;
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return count < 0 ? -1 : failed;
}

int main(int argc, char **argv)
{
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 0;
    size_t changes;
    int failed;

    parity_memory_init();
    chance = argc > 3 ? strtoull(argv[3], NULL, 10) | 1 : 1;
    failed = argc > 1 ? replay_folder(argv[1]) : -1;
    if (failed < 0) {
        fprintf(stderr, "usage: %s CORPUS-FOLDER [SECONDS [SEED]]\n", argv[0]);
        return EXIT_FAILURE;
    }
    changes = input_count ? run_changes(seconds) : 0;
    printf("%zu inputs, %zu changes of them\n", input_count, changes);
    for (size_t i = 0; i < input_count; i++)
        parity_buffer_clear(&inputs[i]);
    return input_count > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
