/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_members.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/json_number.h"
#include "base/json_plain.h"
#include "base/memory.h"

/* Each name of an object is compared with those before it. */
enum { MOST_DEPTH = 100, MOST_NAMES = 64 };

struct name {
    const char *text;
    size_t length;
};

struct scanner {
    const char *at, *end;
    struct name *names; /* owned: of all objects that are open, the innermost last */
    size_t name_count, name_capacity;
    bool out_of_memory;
};

static bool skip_value(struct scanner *scanner, unsigned depth);

static void skip_blanks(struct scanner *scanner)
{
    while (scanner->at < scanner->end && (*scanner->at == ' ' || *scanner->at == '\n' ||
                                          *scanner->at == '\r' || *scanner->at == '\t'))
        scanner->at++;
}

/* Step over a mark and the blanks before it. @return whether it was there */
static bool step(struct scanner *scanner, char mark)
{
    skip_blanks(scanner);
    if (scanner->at == scanner->end || *scanner->at != mark)
        return false;
    scanner->at++;
    return true;
}

/* --- values ------------------------------------------------------------------------------------
 */

static bool skip_escape(struct scanner *scanner)
{
    static const char letters[] = "\"\\/bfnrt";
    const char *letter = scanner->at + 1;

    if (letter == scanner->end || *letter == '\0')
        return false;
    if (*letter == 'u' ? parity_hex_number(letter + 1, scanner->end, 4) < 0
                       : !strchr(letters, *letter))
        return false;
    scanner->at += *letter == 'u' ? 6 : 2;
    return true;
}

/* The rest of a string behind its opening quote. */
static bool skip_string(struct scanner *scanner)
{
    for (;;) {
        scanner->at += parity_json_plain_length(scanner->at, (size_t)(scanner->end - scanner->at));
        if (scanner->at == scanner->end)
            return false;
        if (*scanner->at == '"') {
            scanner->at++;
            return true;
        }
        if (*scanner->at != '\\' || !skip_escape(scanner))
            return false;
    }
}

static bool skip_word(struct scanner *scanner, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(scanner->end - scanner->at) < length || memcmp(scanner->at, word, length) != 0)
        return false;
    scanner->at += length;
    return true;
}

static bool skip_number(struct scanner *scanner)
{
    size_t left = (size_t)(scanner->end - scanner->at);
    bool is_real;
    size_t length = parity_number_scan(scanner->at, left, &is_real);

    scanner->at += length;
    return length > 0 && length < left && !strchr("0123456789.eE+-", *scanner->at);
}

/* A name and the colon behind it. */
static bool read_name(struct scanner *scanner, struct name *out)
{
    if (!step(scanner, '"'))
        return false;
    out->text = scanner->at;
    out->length = parity_json_plain_length(scanner->at, (size_t)(scanner->end - scanner->at));
    scanner->at += out->length;
    return scanner->at < scanner->end && *scanner->at++ == '"' && step(scanner, ':');
}

/* Keep a name until its object ends. @return false: there are too many, or it is there already */
static bool note_name(struct scanner *scanner, size_t first, const struct name *name)
{
    if (scanner->name_count - first == MOST_NAMES)
        return false;
    for (size_t i = first; i < scanner->name_count; i++)
        if (scanner->names[i].length == name->length &&
            memcmp(scanner->names[i].text, name->text, name->length) == 0)
            return false;
    if (parity_grow(&scanner->names, &scanner->name_capacity, scanner->name_count + 1,
                    sizeof *scanner->names) < 0) {
        scanner->out_of_memory = true;
        return false;
    }
    scanner->names[scanner->name_count++] = *name;
    return true;
}

static bool skip_object(struct scanner *scanner, unsigned depth)
{
    size_t first = scanner->name_count;
    struct name name;

    if (step(scanner, '}'))
        return true;
    do
        if (!read_name(scanner, &name) || !note_name(scanner, first, &name) ||
            !skip_value(scanner, depth))
            return false;
    while (step(scanner, ','));
    scanner->name_count = first;
    return step(scanner, '}');
}

static bool skip_array(struct scanner *scanner, unsigned depth)
{
    if (step(scanner, ']'))
        return true;
    do
        if (!skip_value(scanner, depth))
            return false;
    while (step(scanner, ','));
    return step(scanner, ']');
}

static bool skip_value(struct scanner *scanner, unsigned depth)
{
    if (depth == MOST_DEPTH)
        return false;
    if (step(scanner, '{'))
        return skip_object(scanner, depth + 1);
    if (step(scanner, '['))
        return skip_array(scanner, depth + 1);
    if (step(scanner, '"'))
        return skip_string(scanner);
    return skip_word(scanner, "null") || skip_word(scanner, "true") ||
           skip_word(scanner, "false") || skip_number(scanner);
}

/* --- members -----------------------------------------------------------------------------------
 */

static int compare(const void *a, const void *b)
{
    const struct parity_json_member *one = a, *other = b;

    if (one->name_length != other->name_length)
        return one->name_length < other->name_length ? -1 : 1;
    return memcmp(one->name, other->name, one->name_length);
}

static bool read_member(struct scanner *scanner, struct parity_json_members *out)
{
    struct parity_json_member member;
    struct name name;

    if (!read_name(scanner, &name) || !step(scanner, '{'))
        return false;
    member = (struct parity_json_member){
        .name = name.text, .name_length = name.length, .value = scanner->at - 1};
    if (!skip_object(scanner, 1))
        return false;
    member.length = (size_t)(scanner->at - member.value);
    if (parity_grow(&out->items, &out->capacity, out->count + 1, sizeof *out->items) < 0) {
        scanner->out_of_memory = true;
        return false;
    }
    out->items[out->count++] = member;
    return true;
}

static bool read_members(struct scanner *scanner, struct parity_json_members *out)
{
    if (!step(scanner, '{'))
        return false;
    if (!step(scanner, '}')) {
        do
            if (!read_member(scanner, out))
                return false;
        while (step(scanner, ','));
        if (!step(scanner, '}'))
            return false;
    }
    skip_blanks(scanner);
    return scanner->at == scanner->end;
}

static bool are_unique(struct parity_json_members *members)
{
    if (members->count > 1)
        qsort(members->items, members->count, sizeof *members->items, compare);
    for (size_t i = 1; i < members->count; i++)
        if (compare(&members->items[i - 1], &members->items[i]) == 0)
            return false;
    return true;
}

int parity_json_members_find(const char *text, size_t length, struct parity_json_members *out)
{
    const char *start = length ? text : ""; /* an empty buffer has no data */
    struct scanner scanner = {.at = start, .end = start + length};
    bool found = read_members(&scanner, out) && are_unique(out);

    parity_free(scanner.names);
    if (!found) {
        parity_free(out->items);
        memset(out, 0, sizeof *out);
    }
    return scanner.out_of_memory ? -1 : found;
}

const struct parity_json_member *parity_json_members_get(const struct parity_json_members *members,
                                                         const char *name)
{
    const struct parity_json_member wanted = {.name = name, .name_length = strlen(name)};

    return members->count
               ? bsearch(&wanted, members->items, members->count, sizeof *members->items, compare)
               : NULL;
}
