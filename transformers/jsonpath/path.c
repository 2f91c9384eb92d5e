/* SPDX-License-Identifier: Apache-2.0 */
#include "transformers/jsonpath/path.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

/* For a message: counted from 1, in characters. */
static int column(const struct parity_path_parser *parser, size_t at)
{
    return (int)parity_utf8_count(parser->text, at) + 1;
}

int parity_path_fail(struct parity_path_parser *parser, size_t at, const char *format, ...)
{
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parity_fail_at(parser->err, PARITY_E_PARSE, parser->text, 0, column(parser, at), "%s", message);
    return -1;
}

int parity_path_fail_nomem(struct parity_path_parser *parser)
{
    parity_fail_nomem(parser->err);
    return -1;
}

int parity_path_enter(struct parity_path_parser *parser)
{
    if (++parser->nesting <= PARITY_PATH_MAX_NESTING)
        return 0;
    parity_fail_at(parser->err, PARITY_E_LIMIT, parser->text, 0, column(parser, parser->at),
                   "nested more than %d levels deep", PARITY_PATH_MAX_NESTING);
    return -1;
}

struct parity_path_step *parity_path_add(struct parity_path_parser *parser,
                                         struct parity_path_sequence *to,
                                         enum parity_path_step_kind kind)
{
    struct parity_path_step *step;

    if (parity_grow(&to->items, &to->capacity, to->count + 1, sizeof *to->items) < 0) {
        parity_path_fail_nomem(parser);
        return NULL;
    }
    step = &to->items[to->count++];
    memset(step, 0, sizeof *step);
    step->kind = kind;
    return step;
}

struct parity_path_sequence *parity_path_add_part(struct parity_path_parser *parser,
                                                  struct parity_path_step *to)
{
    size_t capacity = to->part_count;

    if (parity_grow(&to->parts, &capacity, to->part_count + 1, sizeof *to->parts) < 0) {
        parity_path_fail_nomem(parser);
        return NULL;
    }
    memset(&to->parts[to->part_count], 0, sizeof *to->parts);
    return &to->parts[to->part_count++];
}

struct parity_path_condition *parity_path_add_condition(struct parity_path_parser *parser,
                                                        struct parity_path_condition *to,
                                                        enum parity_path_condition_kind kind)
{
    struct parity_path_condition *item;

    if (parity_grow(&to->items, &to->capacity, to->count + 1, sizeof *to->items) < 0) {
        parity_path_fail_nomem(parser);
        return NULL;
    }
    item = &to->items[to->count++];
    memset(item, 0, sizeof *item);
    item->kind = kind;
    return item;
}

void parity_path_operand_clear(struct parity_path_operand *operand)
{
    json_decref(operand->literal);
    parity_path_sequence_clear(&operand->query);
    for (size_t i = 0; i < operand->argument_count; i++)
        parity_path_operand_clear(&operand->arguments[i]);
    parity_free(operand->arguments);
    parity_regexp_free(operand->regexp);
}

void parity_path_condition_clear(struct parity_path_condition *condition)
{
    for (size_t i = 0; i < condition->count; i++)
        parity_path_condition_clear(&condition->items[i]);
    parity_free(condition->items);
    parity_path_operand_clear(&condition->left);
    parity_path_operand_clear(&condition->right);
}

static void clear_step(struct parity_path_step *step)
{
    parity_free(step->name);
    if (step->condition)
        parity_path_condition_clear(step->condition);
    parity_free(step->condition);
    for (size_t i = 0; i < step->part_count; i++)
        parity_path_sequence_clear(&step->parts[i]);
    parity_free(step->parts);
}

void parity_path_sequence_clear(struct parity_path_sequence *sequence)
{
    for (size_t i = 0; i < sequence->count; i++)
        clear_step(&sequence->items[i]);
    parity_free(sequence->items);
    memset(sequence, 0, sizeof *sequence);
}

static int parse(struct parity_path_parser *parser, struct parity_jsonpath *path)
{
    for (size_t at = 0; at < parser->length;) {
        unsigned code;
        size_t size = parity_utf8_decode(parser->text + at, parser->length - at, &code);

        if (size == 0 || parity_utf8_is_surrogate(code))
            return parity_path_fail(parser, at, "the path is not UTF-8");
        at += size;
    }
    return path->dialect == PARITY_JSONPATH_RFC9535
               ? parity_path_parse_rfc9535(parser, &path->steps)
               : parity_path_parse_localstack(parser, &path->steps);
}

struct parity_jsonpath *parity_jsonpath_compile(const char *text,
                                                enum parity_jsonpath_dialect dialect,
                                                struct parity_error *err)
{
    struct parity_path_parser parser = {.text = text, .length = strlen(text), .err = err};
    struct parity_jsonpath *path = parity_calloc(1, sizeof *path);

    if (!path || !(path->text = parity_strdup(text))) {
        parity_path_fail_nomem(&parser);
        goto fail;
    }
    path->dialect = dialect;
    if (parse(&parser, path) == 0)
        return path;
fail:
    parity_jsonpath_free(path);
    return NULL;
}

void parity_jsonpath_free(struct parity_jsonpath *path)
{
    if (!path)
        return;
    parity_path_sequence_clear(&path->steps);
    parity_free(path->text);
    parity_free(path);
}

size_t parity_jsonpath_beginning(const struct parity_jsonpath *path,
                                 struct parity_jsonpath_step *steps, size_t most)
{
    const struct parity_path_sequence *all = &path->steps;
    size_t count = 0;

    if (all->count == 0 || all->items[0].kind != PARITY_STEP_ROOT)
        return 0;
    for (size_t i = 1; i < all->count && count < most; i++) {
        const struct parity_path_step *step = &all->items[i];

        if (step->kind == PARITY_STEP_NAME)
            steps[count++] =
                (struct parity_jsonpath_step){.key = step->name, .key_length = step->name_length};
        else if (step->kind == PARITY_STEP_INDEX && step->index >= 0)
            steps[count++] = (struct parity_jsonpath_step){.index = step->index};
        else
            break;
    }
    return count;
}
