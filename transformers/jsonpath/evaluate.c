/* SPDX-License-Identifier: Apache-2.0 */
#include "transformers/jsonpath/evaluate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

/*
 * Look-ups go from set to set, one step after the other, and walk documents with a stack of their
 * own: only what a path nests is recursion.
 */

enum { MOST_WORK = 20000000, CHUNK_ITEMS = 512 };

struct parity_path_chunk {
    struct parity_path_chunk *before;
    size_t used;
    struct parity_path_trail items[CHUNK_ITEMS];
};

void parity_path_set_clear(struct parity_path_set *set)
{
    parity_free(set->items);
    memset(set, 0, sizeof *set);
}

/* Give back the trails that were made after `mark`, and of its chunk all but `used`. */
static void release_trails(struct parity_path_evaluation *evaluation,
                           const struct parity_path_chunk *mark, size_t used)
{
    while (evaluation->chunks != mark) {
        struct parity_path_chunk *before = evaluation->chunks->before;

        parity_free(evaluation->chunks);
        evaluation->chunks = before;
    }
    if (evaluation->chunks)
        evaluation->chunks->used = used;
}

void parity_path_evaluation_clear(struct parity_path_evaluation *evaluation)
{
    release_trails(evaluation, NULL, 0);
    json_decref(evaluation->made);
}

static int fail_nomem(struct parity_path_evaluation *evaluation)
{
    parity_fail_nomem(evaluation->err);
    return -1;
}

bool parity_path_is_object(const json_t *value)
{
    return json_is_object(value) && parity_json_kind(value) == PARITY_JSON_OBJECT;
}

static void add_trail(struct parity_buffer *out, const struct parity_path_trail *trail)
{
    struct parity_jsonpath_node node = {.step_count = trail ? trail->length : 0};

    node.steps = node.step_count ? parity_calloc(node.step_count, sizeof *node.steps) : NULL;
    if (node.steps)
        for (; trail; trail = trail->before)
            node.steps[trail->length - 1] = trail->step;
    if (node.steps || node.step_count == 0)
        parity_jsonpath_normalized(&node, out);
    parity_free(node.steps);
}

int parity_path_misfit(struct parity_path_evaluation *evaluation,
                       const struct parity_path_trail *at, const char *format, ...)
{
    struct parity_buffer where = {0};
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (evaluation->in_filter)
        parity_buffer_add_text(&where, "in a filter");
    else
        parity_buffer_add_text(&where, "at "), add_trail(&where, at);
    parity_fail(evaluation->err, PARITY_E_INVALID, evaluation->path->text, "%s, %s", message,
                where.data ? where.data : "somewhere");
    parity_buffer_clear(&where);
    return -1;
}

static int count_work(struct parity_path_evaluation *evaluation)
{
    if (++evaluation->work <= MOST_WORK)
        return 0;
    parity_fail(evaluation->err, PARITY_E_LIMIT, evaluation->path->text,
                "the path takes more than %d steps in this document", MOST_WORK);
    return -1;
}

int parity_path_push(struct parity_path_evaluation *evaluation, struct parity_path_set *to,
                     struct parity_path_found found)
{
    if (count_work(evaluation) < 0)
        return -1;
    if (parity_grow(&to->items, &to->capacity, to->count + 1, sizeof *to->items) < 0)
        return fail_nomem(evaluation);
    to->items[to->count++] = found;
    return 0;
}

static struct parity_path_trail *new_trail(struct parity_path_evaluation *evaluation)
{
    struct parity_path_chunk *chunk = evaluation->chunks;

    if (!chunk || chunk->used == CHUNK_ITEMS) {
        chunk = parity_malloc(sizeof *chunk);
        if (!chunk)
            return NULL;
        chunk->before = evaluation->chunks;
        chunk->used = 0;
        evaluation->chunks = chunk;
    }
    return &chunk->items[chunk->used++];
}

int parity_path_push_step(struct parity_path_evaluation *evaluation, struct parity_path_set *to,
                          const struct parity_path_found *from, json_t *value,
                          struct parity_jsonpath_step step)
{
    struct parity_path_trail *trail = new_trail(evaluation);

    if (!trail)
        return fail_nomem(evaluation);
    *trail = (struct parity_path_trail){.before = from->trail,
                                        .container = from->value,
                                        .step = step,
                                        .length = from->trail ? from->trail->length + 1 : 1};
    return parity_path_push(evaluation, to, (struct parity_path_found){value, trail});
}

int parity_path_push_children(struct parity_path_evaluation *evaluation, struct parity_path_set *to,
                              const struct parity_path_found *from)
{
    size_t index;
    json_t *item;

    if (json_is_array(from->value)) {
        json_array_foreach(from->value, index, item) {
            struct parity_jsonpath_step step = {.index = (long long)index};

            if (parity_path_push_step(evaluation, to, from, item, step) < 0)
                return -1;
        }
        return 0;
    }
    if (!parity_path_is_object(from->value))
        return 0;
    for (void *at = json_object_iter(from->value); at;
         at = json_object_iter_next(from->value, at)) {
        struct parity_jsonpath_step step = {.key = json_object_iter_key(at),
                                            .key_length = json_object_iter_key_len(at)};

        if (parity_path_push_step(evaluation, to, from, json_object_iter_value(at), step) < 0)
            return -1;
    }
    return 0;
}

static void reverse(struct parity_path_found *items, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct parity_path_found item = items[i];

        items[i] = items[count - 1 - i];
        items[count - 1 - i] = item;
    }
}

/* The sequence at a node and at everything below it, a node before its children. */
static int descend(struct parity_path_evaluation *evaluation,
                   const struct parity_path_sequence *sequence,
                   const struct parity_path_found *from, struct parity_path_set *to)
{
    struct parity_path_set stack = {0};
    int rc = parity_path_push(evaluation, &stack, *from);

    while (rc == 0 && stack.count > 0) {
        struct parity_path_found node = stack.items[--stack.count];
        size_t below = stack.count;

        rc = parity_path_run(evaluation, sequence, sequence->count, &node, to);
        if (rc == 0)
            rc = parity_path_push_children(evaluation, &stack, &node);
        reverse(stack.items + below, stack.count - below);
    }
    parity_path_set_clear(&stack);
    return rc;
}

static int run_parts(struct parity_path_evaluation *evaluation, const struct parity_path_step *step,
                     const struct parity_path_found *from, struct parity_path_set *to)
{
    for (size_t i = 0; i < step->part_count; i++)
        if (parity_path_run(evaluation, &step->parts[i], step->parts[i].count, from, to) < 0)
            return -1;
    return 0;
}

static int run_where(struct parity_path_evaluation *evaluation, const struct parity_path_step *step,
                     const struct parity_path_found *from, struct parity_path_set *to)
{
    struct parity_path_set candidates = {0}, found = {0};
    int rc = parity_path_run(evaluation, &step->parts[0], step->parts[0].count, from, &candidates);

    for (size_t i = 0; rc == 0 && i < candidates.count; i++) {
        found.count = 0;
        rc = parity_path_run(evaluation, &step->parts[1], step->parts[1].count,
                             &candidates.items[i], &found);
        if (rc == 0 && (found.count > 0) != step->negated)
            rc = parity_path_push(evaluation, to, candidates.items[i]);
    }
    parity_path_set_clear(&candidates);
    parity_path_set_clear(&found);
    return rc;
}

static int run_step(struct parity_path_evaluation *evaluation, const struct parity_path_step *step,
                    const struct parity_path_found *from, struct parity_path_set *to)
{
    switch (step->kind) {
    case PARITY_STEP_ROOT:
        return parity_path_push(evaluation, to, (struct parity_path_found){evaluation->root, NULL});
    case PARITY_STEP_THIS:
        return parity_path_push(evaluation, to, *from);
    case PARITY_STEP_PARENT:
        if (!from->trail)
            return 0;
        return parity_path_push(
            evaluation, to,
            (struct parity_path_found){from->trail->container, from->trail->before});
    case PARITY_STEP_GROUP:
    case PARITY_STEP_UNION:
        return run_parts(evaluation, step, from, to);
    case PARITY_STEP_WHERE:
        return run_where(evaluation, step, from, to);
    case PARITY_STEP_DESCEND:
        return descend(evaluation, &step->parts[0], from, to);
    default:
        return evaluation->path->dialect == PARITY_JSONPATH_RFC9535
                   ? parity_path_select_rfc9535(evaluation, step, from, to)
                   : parity_path_select_localstack(evaluation, step, from, to);
    }
}

int parity_path_run(struct parity_path_evaluation *evaluation,
                    const struct parity_path_sequence *sequence, size_t count,
                    const struct parity_path_found *from, struct parity_path_set *to)
{
    struct parity_path_set now = {0}, next = {0};
    int rc;

    if (count == 0)
        return parity_path_push(evaluation, to, *from);
    if (count == 1)
        return run_step(evaluation, &sequence->items[0], from, to);
    rc = run_step(evaluation, &sequence->items[0], from, &now);
    for (size_t i = 1; rc == 0 && i < count; i++) {
        struct parity_path_set *into = i == count - 1 ? to : &next;

        for (size_t k = 0; rc == 0 && k < now.count; k++)
            rc = run_step(evaluation, &sequence->items[i], &now.items[k], into);
        if (into == &next) {
            struct parity_path_set done = now;

            now = next;
            next = done;
            next.count = 0;
        }
    }
    parity_path_set_clear(&now);
    parity_path_set_clear(&next);
    return rc;
}

void parity_path_slice_bounds(const struct parity_path_slice *slice, size_t size, long long *first,
                              size_t *count)
{
    long long length = (long long)size, step = slice->step, lowest = step < 0 ? -1 : 0;
    long long highest = step < 0 ? length - 1 : length;
    long long start = step < 0 ? highest : lowest, end = step < 0 ? lowest : highest;

    if (slice->has_start)
        start = slice->start < 0 ? slice->start + length : slice->start;
    if (slice->has_end)
        end = slice->end < 0 ? slice->end + length : slice->end;
    start = start < lowest ? lowest : start > highest ? highest : start;
    end = end < lowest ? lowest : end > highest ? highest : end;
    *first = start;
    *count = 0;
    if (step > 0 && end > start)
        *count = (size_t)((end - start - 1) / step) + 1;
    else if (step < 0 && end < start)
        *count = (size_t)((end - start + 1) / step) + 1;
}

/* A condition's own look-ups leave no trails behind. */
int parity_path_holds(struct parity_path_evaluation *evaluation,
                      const struct parity_path_condition *condition, json_t *item)
{
    const struct parity_path_chunk *mark = evaluation->chunks;
    size_t used = mark ? mark->used : 0;
    int rc;

    evaluation->in_filter++;
    rc = evaluation->path->dialect == PARITY_JSONPATH_RFC9535
             ? parity_path_holds_rfc9535(evaluation, condition, item)
             : parity_path_holds_localstack(evaluation, condition, item);
    evaluation->in_filter--;
    release_trails(evaluation, mark, used);
    return rc;
}

static int take_node(struct parity_jsonpath_nodes *nodes, const struct parity_path_found *found)
{
    struct parity_jsonpath_node *node;

    if (parity_grow(&nodes->items, &nodes->capacity, nodes->count + 1, sizeof *nodes->items) < 0)
        return -1;
    node = &nodes->items[nodes->count];
    *node = (struct parity_jsonpath_node){.value = found->value};
    if (found->trail) {
        node->step_count = found->trail->length;
        node->steps = parity_calloc(node->step_count, sizeof *node->steps);
        if (!node->steps)
            return -1;
    }
    for (const struct parity_path_trail *at = found->trail; at; at = at->before)
        node->steps[at->length - 1] = at->step;
    nodes->count++;
    return 0;
}

int parity_jsonpath_find(const struct parity_jsonpath *path, json_t *document,
                         struct parity_jsonpath_nodes *nodes, struct parity_error *err)
{
    struct parity_path_evaluation evaluation = {.path = path, .root = document, .err = err};
    struct parity_path_found root = {document, NULL};
    struct parity_path_set found = {0};
    int rc = parity_path_run(&evaluation, &path->steps, path->steps.count, &root, &found);

    memset(nodes, 0, sizeof *nodes);
    for (size_t i = 0; rc == 0 && i < found.count; i++) {
        rc = take_node(nodes, &found.items[i]);
        if (rc < 0)
            parity_fail_nomem(err);
    }
    if (rc == 0) {
        nodes->made = evaluation.made;
        evaluation.made = NULL;
    } else {
        parity_jsonpath_nodes_clear(nodes);
    }
    parity_path_set_clear(&found);
    parity_path_evaluation_clear(&evaluation);
    return rc;
}
