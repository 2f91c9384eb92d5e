/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_DEFINITION_H
#define PARITY_DEFINITION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a test says about itself before it runs. Suites fill these structures through PARITY_SUITE,
 * PARITY_FIXTURE and PARITY_TEST (suite.h); zero always means "the default". Everything that
 * they point to is borrowed, and is there as long as the module.
 */

/**
 * Layout of this header. A module that was compiled against another one is refused when it is
 * loaded, since its definitions would be read wrongly.
 */
#define PARITY_ABI 3u

struct parity_test;               /* a test while it runs, see test.h */
struct parity_custom_transformer; /* a transformer of the suite while it works, see custom.h */

/** What is known about a test's relation to AWS. Every test carries exactly one. */
enum parity_marker {
    PARITY_UNMARKED,              /* a suite with such a test does not load */
    PARITY_AWS_VALIDATED,         /* has passed against AWS; its recording is AWS's */
    PARITY_EMULATOR_ONLY,         /* cannot run on AWS; skipped there */
    PARITY_NEEDS_FIXING,          /* fails on AWS and should not */
    PARITY_MANUAL_SETUP_REQUIRED, /* passes on AWS after something was prepared by hand */
    PARITY_UNKNOWN                /* nobody has tried */
};

/** The transformers that every test gets without naming them: account id, region and partition,
 * then a basic set. */
enum parity_defaults {
    PARITY_DEFAULTS_INHERIT, /* the suite's; for a suite: PARITY_DEFAULTS_NEW */
    PARITY_DEFAULTS_NEW,     /* the preset `basic_new` */
    PARITY_DEFAULTS_OLD      /* the preset `basic`, as older recordings need it */
};

/**
 * One transformer. Written with the short forms of suite.h: preset("sqs_api"), regex("…", "…"),
 * key_value("Key", "name", .priority = -1), custom(function).
 */
struct parity_transformation {
    const char *type;                        /* "preset", "regex", …; NULL ends a list */
    const char *name;                        /* preset: which one */
    const char *pattern, *text, *path, *key; /* what it looks for, by type */
    const char *by;                          /* sorting: member to sort by */
    const char *replacement;                 /* what comes in its place, or the label of
                                                the reference that does */
    bool direct;  /* key_value, jsonpath: put the replacement in the value's place, instead of
                     replacing the value by a numbered placeholder wherever it occurs */
    int priority; /* lower ones run first; the defaults have 2 */
    void (*function)(struct parity_custom_transformer *custom,
                     json_t *document); /* custom: what it does */
};

/** What a run goes to: what a condition may look at, and parity_test_target() hands over. */
struct parity_target_info {
    bool aws;             /* AWS itself; then the others are NULL, but the region is not */
    const char *emulator; /* NULL: an endpoint that was not named */
    const char *version;  /* of the emulator; NULL: unknown */
    const char *region;   /* of the run */
};

/** When an annotation applies; all that is given must hold. Nothing given: it always applies. */
struct parity_condition {
    const char *emulators[4]; /* any one of these; none: every target */
    const char *variants[4];  /* any one of these cases of a test, by the name of its variant or its
                                 protocol, or by all that stands in its brackets; none: every case */
    const char *versions;     /* of the emulator: ">=5.1 <6", all of these comparisons (< <= > >= =
                                 !=). Does not hold where the version is unknown, nor on AWS */
    const char *environment;  /* "NAME": this variable is set, and not to nothing; "NAME=value": to
                                 this; "!NAME": it is not set, or to nothing */
    bool (*check)(const struct parity_target_info *target); /* your own; `target` is borrowed for
                                                               the call. It may be asked several
                                                               times, and in any process */
};

/**
 * Paths left out of the comparison, on both sides, against an emulator. Never looked at on AWS.
 *
 * Without `paths` nothing of the test is compared; but when only unconditional entries have none
 * and another entry names paths, only those paths are left out.
 */
struct parity_skip_verify {
    const char *paths[32]; /* in the dialect of existing snapshot tests: "$..Attributes.SenderId" */
    const char *reason;    /* why; stands in the report */
    struct parity_condition when; /* nothing: on every emulator */
};

/** The test is not run, and reported as skipped. */
struct parity_skip_if {
    const char *reason;           /* required; stands in the report */
    struct parity_condition when; /* nothing: always, also on AWS */
};

/**
 * The test does not pass on an emulator, and that is known: failing or taking too long is reported
 * as skipped, with the reason and all that differs. A test that could not be judged is an error all
 * the same. Never looked at on AWS.
 */
struct parity_expected_failure {
    const char *reason;           /* required; stands in the report */
    struct parity_condition when; /* nothing: on every emulator */
    bool may_pass; /* passing is fine, too; otherwise a test that passes all the same is reported as
                      failed, so that the annotation goes when the emulator has caught up */
};

/** How long what a fixture has made is there. */
enum parity_scope {
    PARITY_SCOPE_TEST,  /* for one test: each that uses it sets it up for itself */
    PARITY_SCOPE_SUITE, /* for the tests of one file */
    PARITY_SCOPE_RUN    /* for all tests of the run */
};

/**
 * Something that tests need and share: see PARITY_FIXTURE in suite.h and parity_test_fixture() in
 * test.h.
 */
struct parity_fixture {
    unsigned abi, size;                       /* set by PARITY_FIXTURE, as `file` and `line` */
    const char *name;                         /* unique in its file */
    json_t *(*set_up)(struct parity_test *t); /* hands over the fixture's value, borrowed from the
                                                 test; NULL: it has none */
    const char *file;                         /* where it stands */
    int line;                                 /* likewise */
    enum parity_scope scope;                  /* how long it lives; not said: for one test */
    double timeout_s; /* for setting it up, with a scope beyond one test; 0: the run's (--timeout).
                         Does not count against the test. With the scope `test` a mistake: setting
                         it up takes of the test's time */
};

/** What holds for all tests of a file. */
struct parity_suite_definition {
    unsigned abi, size;                            /* set by PARITY_SUITE */
    enum parity_defaults defaults;                 /* which transformers nobody names */
    struct parity_transformation transformers[16]; /* before the test's own */
    struct parity_skip_verify skip_verify[4];      /* in addition to the test's own */
    struct parity_skip_if skip_if[2];              /* likewise */
    void (*set_up)(struct parity_test *t);         /* called before each body */
    void (*tear_down)(struct parity_test *t);      /* called after each body, however it ended, but
                                                      not after a crash or a timeout: what must not be
                                                      left behind belongs into on_cleanup() */
    double timeout_s;                              /* of each test; 0: the run's (--timeout) */
    bool serial;         /* while one of these tests runs, no other test does */
    int retries;         /* a test that does not pass is run so often again; 0: the run's */
    const char *tags[8]; /* of each test, in addition to its own; what -m selects by */
};

/** One way in which a test runs: a case of its own, with a value that its body asks for. */
struct parity_variant {
    const char *name;        /* stands in the id, as in "name[fifo]"; NULL ends the list */
    const char *value;       /* JSON as in templates, but without conversions ("{'FifoQueue':
                                'true'}"), for parity_test_variant_value(); NULL: the name says all */
    const char *recorded_as; /* as the test's, for this variant alone; NULL: the test's, with
                                "[fifo]" behind it */
};

/** The key of one case of a test in another project's recordings. */
struct parity_recorded_case {
    const char *variant; /* what stands in the brackets of its id: "fifo", "query", "fifo-query" */
    const char *recorded_as; /* its key there: "tests/aws/test_sqs.py::TestSqs::test_send" */
};

/** As the only one of a test's protocols: all that its service has. */
#define PARITY_ALL_PROTOCOLS "*"

/**
 * One test.
 *
 * With `variants` it is a case for each of them, "name[fifo]". With `protocols` it is a case for
 * each protocol, "name[query]", in which all calls of `service` go over that protocol. With both it
 * is a case for each pair, "name[fifo-query]". "file.c::name" selects all of them.
 *
 * The lists from `skip_if` on are kept only as far as they are used, for which the longest stand
 * last.
 */
struct parity_test_definition {
    unsigned abi, size; /* set by PARITY_TEST, as `file`, `line` */
    const char *name;   /* unique in its file */
    void (*run)(struct parity_test *t, const void *data); /* the body */
    const void *data;              /* handed to `run`; must be static; NULL as a rule */
    const char *file;              /* where it stands */
    int line;                      /* likewise */
    enum parity_marker marker;     /* required: the test's relation to AWS */
    const char *recorded_as;       /* the key of the same test in another project's recordings */
    enum parity_defaults defaults; /* which transformers nobody names */
    double timeout_s;              /* 0: the suite's */
    bool serial;                   /* while it runs, no other test does */
    int retries;         /* if it does not pass it is run so often again; 0: the suite's */
    const char *tags[8]; /* what -m selects by, beside the marker */
    const char
        *protocols[8];   /* "query", "json", …; or PARITY_ALL_PROTOCOLS for those that parity
                            speaks and a model of the service lists, the newest one or one named
                            `<service>-<protocol>` */
    const char *service; /* whose protocols; NULL: the folder's of the suite, "sqs" */
    struct parity_skip_if skip_if[4];                   /* where it is not run; any one suffices */
    struct parity_expected_failure expected_failure[4]; /* where it does not pass yet, likewise */
    struct parity_recorded_case recordings[32]; /* of single cases; for others `recorded_as` counts,
                                                   with their "[…]" behind it */
    struct parity_variant variants[32];         /* a case for each: parameters */
    struct parity_transformation transformers[16]; /* after the defaults and the suite's; they turn
                                                      what differs from run to run into placeholders
                                                      before anything is compared */
    struct parity_skip_verify skip_verify[8];      /* what is not compared, and why */
};

/**
 * Add a test, or the suite's definition, to the module that is being loaded. Called by the
 * constructors that PARITY_TEST and PARITY_SUITE make, and by nobody else: what is wrong with a
 * definition is said when the module has been loaded, with its file and line. A test's definition
 * is copied, a suite's is borrowed as long as the module is loaded.
 */
void parity_register(const struct parity_test_definition *definition);
void parity_register_suite(const struct parity_suite_definition *definition);

#ifdef __cplusplus
}
#endif

#endif
