/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/coverage.h"

#include <string.h>

#include "base/memory.h"

struct parity_coverage {
    json_t *targets; /* array of {"kind", "name", "version", "endpoint_url", "files", "tests": {id:
                        test}} */
};

struct parity_coverage *parity_coverage_new(void)
{
    struct parity_coverage *coverage = parity_calloc(1, sizeof *coverage);

    if (!coverage)
        return NULL;
    coverage->targets = json_array();
    if (coverage->targets)
        return coverage;
    parity_free(coverage);
    return NULL;
}

void parity_coverage_free(struct parity_coverage *coverage)
{
    if (!coverage)
        return;
    json_decref(coverage->targets);
    parity_free(coverage);
}

/* --- results files -----------------------------------------------------------------------------
 */

static bool is_call(const json_t *call)
{
    return json_is_string(json_object_get(call, "service")) &&
           json_is_string(json_object_get(call, "operation"));
}

static bool is_test(const json_t *test)
{
    const json_t *calls = json_object_get(test, "calls"), *call;
    bool good = json_is_string(json_object_get(test, "id")) && json_is_array(calls);
    size_t i;

    json_array_foreach(calls, i, call)
        good = good && is_call(call);
    return good;
}

static bool is_results(const json_t *document)
{
    const json_t *tests = json_object_get(document, "tests"), *test;
    bool good = json_is_object(json_object_get(document, "target")) && json_is_array(tests);
    size_t i;

    json_array_foreach(tests, i, test)
        good = good && is_test(test);
    return good;
}

/* A call that does not say what was sent does not say either who looked at the answer. Borrowed;
 * NULL: all do. */
static const json_t *find_old_test(const json_t *document)
{
    const json_t *test, *call;
    size_t i, j;

    json_array_foreach(json_object_get(document, "tests"), i, test)
        json_array_foreach(json_object_get(test, "calls"), j, call)
            if (!json_is_array(json_object_get(call, "parameters")))
                return test;
    return NULL;
}

static int check_document(const json_t *document, const char *name, struct parity_error *err)
{
    const json_t *old;

    if (!is_results(document)) {
        parity_fail(err, PARITY_E_PARSE, name, "is no file that 'parity run --results' writes");
        return -1;
    }
    old = find_old_test(document);
    if (!old)
        return 0;
    parity_fail(err, PARITY_E_INVALID, name,
                "does not say which answers were checked (%s): an older version of parity wrote "
                "it; run the tests again",
                json_string_value(json_object_get(old, "id")));
    return -1;
}

/* --- targets -----------------------------------------------------------------------------------
 */

static bool same_text(const json_t *a, const json_t *b, const char *name)
{
    const char *left = json_string_value(json_object_get(a, name));
    const char *right = json_string_value(json_object_get(b, name));

    return left && right ? strcmp(left, right) == 0 : left == right;
}

/* An endpoint without a name is known by its address; an emulator's changes with every start. */
static bool same_target(const json_t *a, const json_t *b)
{
    return same_text(a, b, "kind") && same_text(a, b, "name") && same_text(a, b, "version") &&
           (json_is_string(json_object_get(a, "name")) || same_text(a, b, "endpoint_url"));
}

static json_t *text_or_null(const json_t *object, const char *name)
{
    json_t *text = json_object_get(object, name);

    return json_is_string(text) ? json_incref(text) : json_null();
}

/* Borrowed; NULL when out of memory. */
static json_t *target_of(struct parity_coverage *coverage, const json_t *described)
{
    json_t *target;
    size_t i;

    json_array_foreach(coverage->targets, i, target)
        if (same_target(target, described))
            return target;
    target = json_pack("{s:o, s:o, s:o, s:o, s:[], s:{}}", "kind", text_or_null(described, "kind"),
                       "name", text_or_null(described, "name"), "version",
                       text_or_null(described, "version"), "endpoint_url",
                       text_or_null(described, "endpoint_url"), "files", "tests");
    return json_array_append_new(coverage->targets, target) < 0 ? NULL : target;
}

int parity_coverage_add(struct parity_coverage *coverage, json_t *document, const char *name,
                        struct parity_error *err)
{
    unsigned long failures = parity_memory_failures();
    json_t *target, *tests, *test;
    size_t i;

    if (check_document(document, name, err) < 0)
        return -1;
    target = target_of(coverage, json_object_get(document, "target"));
    tests = json_object_get(target, "tests");
    json_array_append_new(json_object_get(target, "files"), json_string_nocheck(name));
    json_array_foreach(json_object_get(document, "tests"), i, test)
        json_object_set_nocheck(tests, json_string_value(json_object_get(test, "id")), test);
    if (parity_memory_failures() == failures)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* --- counting ----------------------------------------------------------------------------------
 */

/* What is recorded now of a test that was compared or recorded; `*changed`: since then it was
 * recorded again. @return 1; 0: nothing; -1 */
static int find_recording(struct parity_recordings *recordings, const json_t *test,
                          struct parity_recording *out, bool *changed, struct parity_error *err)
{
    const char *id = json_string_value(json_object_get(test, "id"));
    const json_t *compared = json_object_get(test, "recording");
    const char *key = json_string_value(json_object_get(compared, "key"));
    const char *date = json_string_value(json_object_get(compared, "recorded_date"));
    struct parity_error failure = {0};

    *changed = false;
    if (!json_is_object(compared) && !json_is_true(json_object_get(test, "recorded")))
        return 0;
    if (parity_recordings_find(recordings, id, key && strcmp(key, id) != 0 ? key : NULL, out,
                               &failure) < 0) {
        if (failure.code == PARITY_E_NOT_FOUND)
            return 0;
        if (err)
            *err = failure;
        return -1;
    }
    *changed = date && out->recorded_date && strcmp(date, out->recorded_date) != 0;
    return 1;
}

static int count_test(struct parity_recordings *recordings, const json_t *test, json_t *counted,
                      struct parity_error *err)
{
    struct parity_recording recording = {0};
    struct parity_coverage_test work = {.services = json_object_get(counted, "services"),
                                        .test = test};
    const char *kind = json_string_value(json_object_get(counted, "kind"));
    int found = find_recording(recordings, test, &recording, &work.changed, err);

    if (found >= 0) {
        json_t *changed = json_object_get(counted, "changed");
        json_t *missing = json_object_get(counted, "missing");

        work.recording = found ? &recording : NULL;
        work.on_aws = kind && strcmp(kind, "aws") == 0;
        parity_coverage_credit(&work);
        json_integer_set(changed, json_integer_value(changed) + work.changed);
        if (!found && json_is_object(json_object_get(test, "recording")))
            json_integer_set(missing, json_integer_value(missing) + 1);
    }
    parity_recording_clear(&recording);
    return found < 0 ? -1 : 0;
}

static int count_target(struct parity_recordings *recordings, json_t *target, json_t *out,
                        struct parity_error *err)
{
    json_t *tests = json_object_get(target, "tests"), *test;
    json_t *counted = json_copy(target);
    const char *id;

    json_object_set_new(counted, "tests", json_integer((json_int_t)json_object_size(tests)));
    json_object_set_new(counted, "changed", json_integer(0));
    json_object_set_new(counted, "missing", json_integer(0));
    json_object_set_new(counted, "services", json_object());
    json_array_append_new(out, counted);
    json_object_foreach(tests, id, test)
        if (count_test(recordings, test, counted, err) < 0)
            return -1;
    return 0;
}

int parity_coverage_count(struct parity_coverage *coverage, struct parity_recordings *recordings,
                          json_t **out, struct parity_error *err)
{
    unsigned long failures = parity_memory_failures();
    json_t *target;
    int rc = 0;
    size_t i;

    *out = json_array();
    json_array_foreach(coverage->targets, i, target)
        if (rc == 0)
            rc = count_target(recordings, target, *out, err);
    if (rc == 0 && parity_memory_failures() != failures) {
        parity_fail_nomem(err);
        rc = -1;
    }
    if (rc < 0) {
        json_decref(*out);
        *out = NULL;
    }
    return rc;
}
