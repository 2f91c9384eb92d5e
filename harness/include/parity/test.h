/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TEST_H
#define PARITY_TEST_H

#include <jansson.h>
#include <stdbool.h>

#include <parity/definition.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a test can do. Suites use the short names of suite.h, which also tell where in the suite a
 * call stands.
 *
 * Three rules hold for all of it:
 *
 *   - Everything a test is handed, JSON or text, belongs to the test and is freed when it ends.
 *     Nothing is released by hand. To keep a value beyond the test, copy it.
 *   - A test ends at its first error: these functions return a good result or not at all. So a
 *     body has no checks. It is left by longjmp(): what the body itself allocated is not released,
 *     and registered cleanups still run.
 *   - They are for the body of a test and what it calls, for fixtures, and for the suite's `set_up`
 *     and `tear_down`, in the process and the thread that got `t`. None is for conditions
 * (`check`), transformers, or after the body has returned.
 *
 * A test passes, fails (the target is at fault: it answered otherwise than wanted or recorded), is
 * skipped, or is an error (it could not be judged: no network, no credentials, a wrong template,
 * path or name of an operation, no memory). Where it is not said otherwise below, what a function
 * cannot do ends the test as an error, with the reason and the line of the suite.
 *
 * Times are in seconds.
 *
 * JSON templates. Inputs are written as JSON with single quotes, and values are put in as printf
 * does:
 *
 *     "{'QueueName': %s, 'Attributes': {'DelaySeconds': '%d'}, 'Tags': %j}"
 *
 *     %s  const char *     a string                %d %i %u  (l, ll, z)  a number
 *     %j  json_t *         any value, borrowed     %f        double      a number
 *     %J  json_t *         a value as JSON text in a string ('Policy': %J)
 *     %b  const void *, size_t    a byte string
 *
 * Inside quotes %s, %d, %i, %u and %f insert text: 'arn:%s:sqs:%s:%s:queue'; so does %j, of a
 * text, number, truth value or time. A percent sign is written %%. Names may be conversions too:
 * {%s: 1}. Values with a type JSON lacks are written as everywhere: {'$bytes': 'aGk='} and
 * {'$datetime': '2022-07-13T13:48:01+00:00'}. Both kinds of quotes delimit strings; in either, the
 * escapes of JSON and \' work.
 *
 * JSON paths are those of skip_verify ("$.Messages[0].Body", "$..Arn").
 */

/* --- calls -------------------------------------------------------------------------------------
 */

/** Whose credentials a call is made with. */
enum parity_account {
    PARITY_PRIMARY,  /* the run's own */
    PARITY_SECONDARY /* the second account, in its own region unless `region` says otherwise. An
                        emulator always has one; on AWS a test without one ends as an error */
};

/** What a call is expected to end with. */
enum parity_expectation {
    PARITY_EXPECT_SUCCESS, /* an error ends the test as failed */
    PARITY_EXPECT_ERROR,   /* a success ends the test as failed */
    PARITY_EXPECT_ANY      /* either is handed over */
};

/** Where an operation on a bucket puts the bucket's name. */
enum parity_addressing {
    PARITY_ADDRESSING_USUAL, /* as the client does: in the path of an endpoint that is given */
    PARITY_ADDRESSING_PATH,  /* in the path: http://host/bucket/key */
    PARITY_ADDRESSING_HOST /* in the host name, where the endpoint's host can have one more label */
};

/** How one call differs from the others; zero means as usual. */
struct parity_test_options {
    const char *region;          /* "eu-west-1"; NULL: the account's */
    const char *protocol;        /* "query", "json", …: one that a model of the service lists; see
                                    parity_test_needs_protocol(). NULL: the case's, for calls of the test's
                                    service; else that of the run (--protocol), where the service lists it;
                                    else what an SDK chooses */
    enum parity_account account; /* whose credentials */
    enum parity_expectation expect;    /* how it is to end; not for cleanups */
    enum parity_addressing addressing; /* of a bucket */
    bool no_validate;                  /* send what the model forbids */
    bool no_sign;                      /* send without a signature */
    int max_attempts;                  /* 0: as SDKs do; 1: no retries */
    int rank; /* of a cleanup: a higher one is made earlier than a lower one, whatever was
                 registered first; 0: none */
};

/**
 * Call an operation and hand over what an SDK would: the output's members, then
 * `ResponseMetadata`. An error that the service answers with ends the test as failed, with its code
 * and message.
 *
 * @param service    botocore's name of it ("sqs", "stepfunctions")
 * @param operation  as in the model ("CreateQueue")
 * @param input      JSON template of an object
 */
json_t *parity_test_call(struct parity_test *t, const char *service, const char *operation,
                         const char *input, ...);

/** The same for a call that must be refused: hands over `Error` (`Code`, `Message`), the error's
 * own members, then `ResponseMetadata`. A success ends the test as failed. */
json_t *parity_test_call_error(struct parity_test *t, const char *service, const char *operation,
                               const char *input, ...);

/** The same for a call of which either is fine. */
json_t *parity_test_call_any(struct parity_test *t, const char *service, const char *operation,
                             const char *input, ...);

/** A call with settings of its own: another region or account, a protocol, no signature. With
 * `.expect` it also ends as the other three do. @param options  read at once; NULL: as usual */
json_t *parity_test_call_with(struct parity_test *t, const struct parity_test_options *options,
                              const char *service, const char *operation, const char *input, ...);

/**
 * Call an operation whose answer is a body (an object of S3), and have the body written to a file
 * while it arrives, however large it is, up to 1 GiB. The response has its length and SHA-256 in
 * its place, which can be matched: {"bytes": 268435456, "sha256": "9f86d0…"}. The file is replaced
 * when all of the body is there and its checksum right. An answer that is an error is as ever, and
 * the file then what it was.
 *
 * The other way, {'Body': {'$file': %s}} in an input sends a file, of any size, while it is read.
 *
 * @param options  NULL: as usual
 * @param path     of the file, relative to the working directory; its folders are made
 */
json_t *parity_test_call_to_file(struct parity_test *t, const struct parity_test_options *options,
                                 const char *path, const char *service, const char *operation,
                                 const char *input, ...);

/** What parity_test_call_until() waits for. */
struct parity_test_until {
    const char *path;                   /* required: into the response */
    const char *equals;                 /* the text that must stand there; or … */
    const json_t *equals_value;         /* … this value; neither: anything must stand there */
    double timeout_s;                   /* 0: 60 */
    double interval_s;                  /* between two calls; 0: 1 */
    struct parity_test_options options; /* of each call; with PARITY_EXPECT_ANY an
                                           error may be waited for: "$.Error.Code" */
};

/**
 * Repeat a call until its response is as wanted, and hand that response over. When the time is over
 * the test ends as failed, with what stood there last.
 */
json_t *parity_test_call_until(struct parity_test *t, const struct parity_test_until *until,
                               const char *service, const char *operation, const char *input, ...);

/** How a wait differs from what the waiter says; zero means as the waiter. */
struct parity_test_wait {
    double delay_s;                     /* between two calls; negative: none */
    int max_attempts;                   /* calls in all */
    struct parity_test_options options; /* of each call */
};

/**
 * Wait as a waiter of the service (waiters-2.json beside its model) says, and hand over the last
 * response. A state that the waiter calls a failure, or too many attempts, end the test as failed.
 *
 * @param wait    NULL: as the waiter says
 * @param waiter  as in the file ("StackCreateComplete") or as in Python ("stack_create_complete")
 */
json_t *parity_test_wait_for(struct parity_test *t, const struct parity_test_wait *wait,
                             const char *service, const char *waiter, const char *input, ...);

/**
 * Call an operation for all its pages (paginators-1.json beside the service's model), and hand over
 * what they hold together: lists in one list, without `ResponseMetadata`.
 *
 * @param options  NULL: as usual
 */
json_t *parity_test_call_pages(struct parity_test *t, const struct parity_test_options *options,
                               const char *service, const char *operation, const char *input, ...);

/** How long parity_test_poll_until() waits, and for what. */
struct parity_test_poll {
    const char *what;  /* for the message, when it is waited in vain: "an empty queue" */
    double timeout_s;  /* by the clock, whatever the calls take; 0: 60 */
    double interval_s; /* between two questions; 0: 1 */
};

/**
 * Ask `is_done` until it says true, at least once. When the time is over the test ends as failed.
 * What `is_done` calls may end the test, as in the body.
 *
 * For a condition that takes more than one call or looks at more than one path;
 * parity_test_call_until() and parity_test_wait_for() are shorter where they do.
 *
 * @param poll  NULL: as usual
 * @param data  handed to `is_done`
 */
void parity_test_poll_until(struct parity_test *t, const struct parity_test_poll *poll,
                            bool (*is_done)(struct parity_test *t, void *data), void *data);

/**
 * Register a call to be made when the test ends, however it ends: also after a failure, a crash or
 * a timeout. Last registered, first made. One that fails is reported and stops nothing; that the
 * thing is gone already is no failure. What a fixture registers is made when its scope ends.
 */
void parity_test_on_cleanup(struct parity_test *t, const struct parity_test_options *options,
                            const char *service, const char *operation, const char *input, ...);

/** The same for a wait as a waiter of the service says. */
void parity_test_on_cleanup_wait(struct parity_test *t, const struct parity_test_options *options,
                                 const char *service, const char *waiter, const char *input, ...);

/** The same for a time to let pass between two cleanups. */
void parity_test_on_cleanup_sleep(struct parity_test *t, const struct parity_test_options *options,
                                  double seconds);

/**
 * The value of a fixture, which is set up if nothing has done so before.
 *
 * With the scope `test` each test sets it up for itself. With the scope `suite` or `run` one test
 * sets it up for all others of its file, or of the run, whichever process they run in; tests that
 * ask meanwhile wait, which does not count against their time. What it registered with
 * parity_test_on_cleanup() is made after the last of these tests, in one list with that of the
 * other fixtures of the scope, last registered first, by another process if one has crashed.
 *
 * A fixture that fails, crashes or takes too long makes an error, not a failure, of every test that
 * asks for it; one that ends with parity_test_skip() skips them. It may use other fixtures, but
 * none whose scope is shorter than its own. A fixture with the scope `run` that stands in a header
 * is one and the same for all suites that include it.
 *
 * @return a value of the test's own, the same each time it asks; JSON null if the fixture has none
 */
json_t *parity_test_fixture(struct parity_test *t, const struct parity_fixture *fixture);

/* --- what is compared --------------------------------------------------------------------------
 */

/**
 * Compare `value` with what was recorded under `key` (with --snapshot-update: record it). The
 * value is copied as it is now; compared is when the test has ended. Not in fixtures that tests
 * share.
 *
 * @param key  unique in the test; a second match of the same key makes an error of the test, which
 *             goes on
 * @return `value`
 */
json_t *parity_test_match(struct parity_test *t, const char *key, json_t *value);

/** The same for the one node of `value` that `path` selects. @return that node */
json_t *parity_test_match_select(struct parity_test *t, const char *key, json_t *value,
                                 const char *path);

/**
 * Note that something is not as it should be, and go on: the test fails when it has ended, with all
 * that was noted, each with its place. For what a recording cannot hold; all else is better
 * matched.
 *
 *     expect(t, count > 1, "more than one queue, not %d", count);
 *
 * @param format  what was expected, as printf makes it: "expected " stands before it in the message
 * @return `condition`
 */
__attribute__((format(printf, 3, 4))) bool parity_test_expect(struct parity_test *t, bool condition,
                                                              const char *format, ...);

/** The same for a value that must equal the JSON template `wanted`: numbers by value, objects in
 * any order. */
bool parity_test_expect_equal(struct parity_test *t, json_t *value, const char *wanted, ...);

/** The same for a text (NULL: there is none) and for a number. The message says both values.
 * @return whether they are equal */
bool parity_test_expect_text(struct parity_test *t, const char *found, const char *wanted);
bool parity_test_expect_number(struct parity_test *t, long long found, long long wanted);

/** Add a transformer that needs a value of the run, after the test's other ones. Copied. Not in
 * fixtures that tests share, and not custom(), which stands in `.transformers`. */
void parity_test_transform(struct parity_test *t, const struct parity_transformation *transformer);

/** The same for one that is written as scenarios write it, for what the structure has no member
 * for.
 * @param transformer  JSON template of an object: "{'type': 'key_value', 'key_pattern': %s, …}" */
void parity_test_transform_json(struct parity_test *t, const char *transformer, ...);

/**
 * Add a preset that takes values of the run ("parameters" in docs/transformers.md). One that cannot
 * make anything of them ends the test as an error, here.
 *
 * @param arguments  JSON template of an object: "{'response': %j, 'index': 0}"
 */
void parity_test_transform_preset(struct parity_test *t, const char *name, const char *arguments,
                                  ...);

/* --- values ------------------------------------------------------------------------------------
 */

/** The one node that `path` selects; borrowed from `value`. None or several end the test as failed.
 */
json_t *parity_test_get(struct parity_test *t, json_t *value, const char *path);

/** Whether `path` selects anything. */
bool parity_test_has(struct parity_test *t, json_t *value, const char *path);

/** The string, whole number or truth value at `path`; another type, none or several nodes end the
 * test as failed. A text lives as long as `value`. */
const char *parity_test_text(struct parity_test *t, json_t *value, const char *path);
long long parity_test_number(struct parity_test *t, json_t *value, const char *path);
bool parity_test_boolean(struct parity_test *t, json_t *value, const char *path);

/** A value made from a JSON template: json(t, "{'a': %d}", 1). */
json_t *parity_test_json(struct parity_test *t, const char *template_, ...);

/** A text made as printf makes it. */
__attribute__((format(printf, 2, 3))) const char *parity_test_format(struct parity_test *t,
                                                                     const char *format, ...);

/** "<prefix>-<digits and lower-case letters>", a name that no other test and no other run uses. */
const char *parity_test_unique_name(struct parity_test *t, const char *prefix);

/* --- which case of the test runs ---------------------------------------------------------------
 */

/** Name of the variant ("fifo"); NULL when the test has none. */
const char *parity_test_variant(struct parity_test *t);

/** Value of the variant, each time a new one; a variant without value ends the test as an error. */
json_t *parity_test_variant_value(struct parity_test *t);

/** The protocol that the calls of the test's service go over ("query"); NULL when the test does not
 * choose. */
const char *parity_test_protocol(struct parity_test *t);

/* --- where the test runs -----------------------------------------------------------------------
 */

/** The run's region, the account that calls are made with, and the region's partition ("aws",
 * "aws-cn", …), which ARNs begin with. */
const char *parity_test_region(struct parity_test *t);
const char *parity_test_account_id(struct parity_test *t);
const char *parity_test_partition(struct parity_test *t);

/** Where calls of PARITY_SECONDARY go, and the account that they are made with. Without a second
 * account, which only AWS may lack, the latter is NULL; the region is there all the same, and good
 * for calls of the first account in another one. */
const char *parity_test_secondary_region(struct parity_test *t);
const char *parity_test_secondary_account_id(struct parity_test *t);

/** What the run goes to. Better than to ask for it are annotations, which stand in the report. */
const struct parity_target_info *parity_test_target(struct parity_test *t);

/* --- for the report ----------------------------------------------------------------------------
 */

/** How much of it there may be. */
enum {
    PARITY_MAX_ATTACHMENTS = 32,              /* of a test; more end it as an error */
    PARITY_MAX_ATTACHMENT_BYTES = 1024 * 1024 /* of each; of a longer text the beginning is kept, of
                                                  other bytes nothing but their number */
};

/**
 * Attach a text, a value or a file to the test's result: it stands in the results file and in the
 * HTML report, whatever the verdict. Kept from here on, also if the test crashes. Credentials and
 * account ids of AWS are hidden in it as in a test's output.
 *
 * @param name  what the report calls it; for a file NULL: the name of the file. Text (UTF-8) is
 * kept as text, of JSON, HTML, XML and images by the name's ending
 * @param path  of a regular file, relative to the working directory; if it cannot be read the test
 *              ends as an error
 */
void parity_test_attach_text(struct parity_test *t, const char *name, const char *text);
void parity_test_attach_json(struct parity_test *t, const char *name, const json_t *value);
void parity_test_attach_file(struct parity_test *t, const char *name, const char *path);

/* --- the test itself ---------------------------------------------------------------------------
 */

/** A line for the report of this test, shown when it does not pass. */
__attribute__((format(printf, 2, 3))) void parity_test_note(struct parity_test *t,
                                                            const char *format, ...);

/** End the test as skipped, or as failed, with a reason. Cleanups are made as ever. Nothing behind
 * it is reached. A fixture that is skipped skips every test that asks for it; one that fails makes
 * an error of them. */
__attribute__((format(printf, 2, 3), noreturn)) void parity_test_skip(struct parity_test *t,
                                                                      const char *reason, ...);
__attribute__((format(printf, 2, 3), noreturn)) void parity_test_fail(struct parity_test *t,
                                                                      const char *reason, ...);

/**
 * End the test as skipped where no model of the service lists `protocol`. Say it before the first
 * call when a protocol is needed that the service's newest model has dropped: whether an older one
 * is installed, as `<service>-<protocol>`, depends on the machine.
 */
void parity_test_needs_protocol(struct parity_test *t, const char *service, const char *protocol);

/** Wait. Prefer parity_test_call_until() and parity_test_poll_until(). */
void parity_test_sleep(struct parity_test *t, double seconds);

/** Note where in the suite the next call stands, for messages. @return `t` */
struct parity_test *parity_test_at(struct parity_test *t, const char *file, int line);

#ifdef __cplusplus
}
#endif

#endif
