/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strncpy(folder, "/tmp/parity-project-XXXXXX", sizeof folder - 1);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char path[128];

    (void)state;
    snprintf(path, sizeof path, "%s/parity.json", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/a/b", folder);
    rmdir(path);
    snprintf(path, sizeof path, "%s/a", folder);
    rmdir(path);
    return rmdir(folder);
}

static void write_config(const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/parity.json", folder);
    assert_int_equal(parity_file_replace(path, text, strlen(text), NULL), 0);
}

static void without_a_file_everything_has_its_default(void **state)
{
    struct parity_project project;
    char expected[128];

    (void)state;
    assert_int_equal(parity_project_open(folder, &project, NULL), 0);
    assert_null(project.file);
    assert_string_equal(project.folder, folder);
    snprintf(expected, sizeof expected, "%s/suites", folder);
    assert_string_equal(project.suites, expected);
    assert_null(project.emulator);
    assert_null(project.ground_truth);
    parity_project_clear(&project);
}

static void the_file_is_found_from_a_folder_below(void **state)
{
    struct parity_project project;
    char below[128], expected[128];

    (void)state;
    snprintf(below, sizeof below, "%s/a/b", folder);
    assert_int_equal(parity_file_make_folders(below, NULL), 0);
    write_config(
        "{\"snapshots\": \"truth\", \"suites\": \"/else/where\", \"region\": \"eu-west-1\","
        " \"emulator\": \"m\", \"emulators\": {\"m\": {}}, \"workers\": 3,"
        " \"ground_truth\": [\"x\", \"/y\"], \"models\": [\"m\"], \"timeout_seconds\": 1.5}");
    assert_int_equal(parity_project_open(below, &project, NULL), 0);
    assert_string_equal(project.folder, folder);
    snprintf(expected, sizeof expected, "%s/truth", folder);
    assert_string_equal(project.snapshots, expected);
    assert_string_equal(project.suites, "/else/where");
    assert_string_equal(project.region, "eu-west-1");
    assert_string_equal(project.emulator, "m");
    snprintf(expected, sizeof expected, "%s/x", folder);
    assert_string_equal(project.ground_truth[0], expected);
    assert_string_equal(project.ground_truth[1], "/y");
    assert_null(project.ground_truth[2]);
    snprintf(expected, sizeof expected, "%s/m", folder);
    assert_string_equal(project.models[0], expected);
    assert_null(project.models[1]);
    assert_int_equal(project.workers, 3);
    assert_true(project.timeout_s > 1.4 && project.timeout_s < 1.6);
    parity_project_clear(&project);
}

static void assert_refused(const char *text, enum parity_errc code, const char *part)
{
    struct parity_project project;
    struct parity_error err = {0};

    write_config(text);
    assert_int_equal(parity_project_open(folder, &project, &err), -1);
    assert_int_equal(err.code, code);
    if (!strstr(err.message, part))
        fail_msg("other message: %s", err.message);
    assert_non_null(strstr(err.context, "parity.json"));
    parity_project_clear(&project);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    assert_refused("{\"emulatrs\": {}}", PARITY_E_INVALID,
                   "unknown member \"emulatrs\"; did you mean \"emulators\"?");
    assert_refused("{\"zzzzzzz\": {}}", PARITY_E_INVALID, "unknown member \"zzzzzzz\"");
    assert_refused("{\"suites\": 1}", PARITY_E_INVALID, "\"suites\" must be the name of a folder");
    assert_refused("{\"region\": \"\"}", PARITY_E_INVALID, "\"region\" must be a text");
    assert_refused("{\"workers\": 0}", PARITY_E_INVALID, "\"workers\" must be a number from 1");
    assert_refused("{\"timeout_seconds\": -1}", PARITY_E_INVALID, "must be a number of seconds");
    assert_refused("{\"ground_truth\": \"x\"}", PARITY_E_INVALID, "an array of folders");
    assert_refused("{\"ground_truth\": [1]}", PARITY_E_INVALID, "the name of a folder");
    assert_refused("{\"models\": {}}", PARITY_E_INVALID, "\"models\" must be an array of folders");
    assert_refused("{\"emulators\": []}", PARITY_E_INVALID, "must be an object");
    assert_refused("{\"emulator\": \"m\"}", PARITY_E_INVALID, "has no entry in \"emulators\"");
    assert_refused("[]", PARITY_E_INVALID, "must hold a JSON object");
    assert_refused("{", PARITY_E_PARSE, "");
}

static void running_out_of_memory_is_an_error(void **state)
{
    int rc = -1;

    (void)state;
    write_config("{\"ground_truth\": [\"x\"], \"models\": [\"y\"], \"modules\": \"m\"}");
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_project project;
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        rc = parity_project_open(folder, &project, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_project_clear(&project);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_file_everything_has_its_default, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(the_file_is_found_from_a_folder_below, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(mistakes_are_named, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(running_out_of_memory_is_an_error, make_folder,
                                        remove_folder),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
