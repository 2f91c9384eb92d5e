/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_DEFINITION_H
#define PARITY_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a test says about itself before it runs. Suites fill these structures through PARITY_SUITE
 * and PARITY_TEST (suite.h); zero always means "the default". Everything is borrowed: a definition
 * lives as long as its module.
 */

/**
 * Layout of this header. A module that was compiled against another one is refused when it is
 * loaded, since its definitions would be read wrongly.
 */
#define PARITY_ABI 1u

struct parity_test; /* a test while it runs, see test.h */

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
 * key_value("Key", "name", .priority = -1).
 */
struct parity_transformation {
    const char *type;                        /* "preset", "regex", …; NULL ends a list */
    const char *name;                        /* preset: which one */
    const char *pattern, *text, *path, *key; /* what it looks for, by type */
    const char *by;                          /* sorting: member to sort by */
    const char *replacement;
    bool direct;  /* key_value, jsonpath: put the replacement in the value's place, instead of
                     replacing the value by a numbered placeholder wherever it occurs */
    int priority; /* lower ones run first; the defaults have 2 */
};

/** What a condition may look at. */
struct parity_target_info {
    bool aws;
    const char *emulator; /* NULL: an endpoint that was not named */
    const char *version;  /* of the emulator; NULL: unknown */
    const char *region;
};

/** When a skip_verify applies; all that is given must hold. Never looked at on AWS. */
struct parity_condition {
    const char *emulators[4]; /* any one of these; none: every emulator */
    bool (*check)(const struct parity_target_info *target);
};

/**
 * Paths left out of the comparison, on both sides, against an emulator.
 *
 * Without `paths` nothing of the test is compared; but when only unconditional entries have none
 * and another entry names paths, only those paths are left out.
 */
struct parity_skip_verify {
    const char *paths[32]; /* in the dialect of existing snapshot tests: "$..Attributes.SenderId" */
    const char *reason;    /* why; stands in the report */
    struct parity_condition when;
};

/** What holds for all tests of a file. */
struct parity_suite_definition {
    unsigned abi, size;
    enum parity_defaults defaults;
    struct parity_transformation transformers[16]; /* before the test's own */
    struct parity_skip_verify skip_verify[4];      /* in addition to the test's own */
    double timeout_s;                              /* of each test; 0: the run's (--timeout) */
    bool serial;         /* while one of these tests runs, no other test does */
    int retries;         /* a test that does not pass is run so often again; 0: the run's */
    const char *tags[8]; /* of each test, in addition to its own; what -m selects by */
};

/** One test. */
struct parity_test_definition {
    unsigned abi, size;
    const char *name;                                     /* unique in its file */
    void (*run)(struct parity_test *t, const void *data); /* the body */
    const void *data;                                     /* handed to `run` */
    const char *file;
    int line;
    enum parity_marker marker;
    const char *recorded_as; /* the key of the same test in another project's recordings */
    enum parity_defaults defaults;
    struct parity_transformation transformers[16];
    struct parity_skip_verify skip_verify[8];
    double timeout_s;    /* 0: the suite's */
    bool serial;         /* while it runs, no other test does */
    int retries;         /* if it does not pass it is run so often again; 0: the suite's */
    const char *tags[8]; /* what -m selects by, beside the marker */
};

/**
 * Add a test, or the suite's definition, to the module that is being loaded. Called by the
 * constructors that PARITY_TEST and PARITY_SUITE make; the definition must outlive the module.
 */
void parity_register(const struct parity_test_definition *definition);
void parity_register_suite(const struct parity_suite_definition *definition);

#ifdef __cplusplus
}
#endif

#endif
