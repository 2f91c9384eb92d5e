/* SPDX-License-Identifier: Apache-2.0 */
#include "replacement_plan.h"

#include <stdint.h>

#include "base/memory.h"
#include "replacement_batch.h"

enum {
    WORTH_IT = 4,          /* fewer replacements than this are not worth a batch */
    SHORT_TEXT = 64 * 1024 /* bytes to be read, all replacements together, that are not, either */
};

/* Replacements that follow each other and go together, or single ones that do not. */
struct stage {
    const struct parity_replacement *items;
    size_t count;
    bool together;
    struct parity_replacement_batch *batch; /* NULL: not prepared yet */
};

struct parity_replacement_plan {
    struct stage *stages;
    size_t count, capacity;
};

void parity_replacement_plan_free(struct parity_replacement_plan *plan)
{
    if (!plan)
        return;
    for (size_t i = 0; i < plan->count; i++)
        parity_replacement_batch_free(plan->stages[i].batch);
    parity_free(plan->stages);
    parity_free(plan);
}

static int add_stage(struct parity_replacement_plan *plan, const struct parity_replacement *items,
                     size_t count, bool together)
{
    struct stage *last = plan->count ? &plan->stages[plan->count - 1] : NULL;

    if (last && !last->together && !together) {
        last->count += count;
        return 0;
    }
    if (parity_grow(&plan->stages, &plan->capacity, plan->count + 1, sizeof *plan->stages) < 0)
        return -1;
    plan->stages[plan->count++] = (struct stage){items, count, together, NULL};
    return 0;
}

struct parity_replacement_plan *parity_replacement_plan_new(const struct parity_replacements *list,
                                                            size_t count)
{
    struct parity_replacement_plan *plan = parity_calloc(1, sizeof *plan);

    for (size_t i = 0; plan && i < count;) {
        size_t reach = parity_replacement_batch_reach(list->items + i, count - i);
        bool together = reach >= WORTH_IT;
        size_t taken = reach ? reach : 1;

        if (add_stage(plan, list->items + i, taken, together) < 0) {
            parity_replacement_plan_free(plan);
            return NULL;
        }
        i += taken;
    }
    return plan;
}

/* One after the other, as it is defined. */
static int apply_singly(const struct parity_replacement *items, size_t count,
                        struct parity_buffer *text, struct parity_error *err)
{
    const struct parity_replacements part = {.items = (struct parity_replacement *)(uintptr_t)items,
                                             .count = count};

    return parity_replacements_apply(&part, count, text, err);
}

static int apply_together(const struct parity_replacement *items, size_t count,
                          struct parity_replacement_batch *batch, struct parity_buffer *text,
                          struct parity_error *err);

/* The first half is done before the second begins, as it is one after the other. */
static int apply_halves(const struct parity_replacement *items, size_t count,
                        struct parity_buffer *text, struct parity_error *err)
{
    size_t half = count / 2;

    if (apply_together(items, half, NULL, text, err) < 0)
        return -1;
    return apply_together(items + half, count - half, NULL, text, err);
}

static int apply_together(const struct parity_replacement *items, size_t count,
                          struct parity_replacement_batch *batch, struct parity_buffer *text,
                          struct parity_error *err)
{
    struct parity_replacement_batch *own = NULL;
    bool crowded = false;
    int rc = -1;

    if (count < WORTH_IT)
        return apply_singly(items, count, text, err);
    if (!batch)
        batch = own = parity_replacement_batch_new(items, count);
    if (batch)
        rc = parity_replacement_batch_apply(batch, text, &crowded);
    parity_replacement_batch_free(own);
    if (rc < 0)
        parity_fail_nomem(err);
    return rc == 0 && crowded ? apply_halves(items, count, text, err) : rc;
}

static int apply_stage(struct stage *stage, struct parity_buffer *text, struct parity_error *err)
{
    if (!stage->together || text->length < SHORT_TEXT / stage->count)
        return apply_singly(stage->items, stage->count, text, err);
    if (!stage->batch)
        stage->batch = parity_replacement_batch_new(stage->items, stage->count);
    if (!stage->batch) {
        parity_fail_nomem(err);
        return -1;
    }
    return apply_together(stage->items, stage->count, stage->batch, text, err);
}

int parity_replacement_plan_apply(struct parity_replacement_plan *plan, struct parity_buffer *text,
                                  struct parity_error *err)
{
    for (size_t i = 0; i < plan->count; i++)
        if (apply_stage(&plan->stages[i], text, err) < 0)
            return -1;
    return 0;
}
