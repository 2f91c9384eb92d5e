/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/endpoint_partition.h"
#include "scratch.h"

static const char document[] =
    "{\"version\": \"1.0\", \"parameters\": {\"Region\": {\"type\": \"string\", \"builtIn\": "
    "\"AWS::Region\", \"required\": true}, \"Dual\": {\"type\": \"boolean\", \"default\": false}}, "
    "\"rules\": [{\"type\": \"tree\", \"conditions\": [{\"fn\": \"aws.partition\", \"argv\": "
    "[{\"ref\": \"Region\"}], \"assign\": \"p\"}], \"rules\": [{\"type\": \"error\", "
    "\"conditions\": [{\"fn\": \"booleanEquals\", \"argv\": [{\"ref\": \"Dual\"}, true]}], "
    "\"error\": \"not {Region}\"}, {\"type\": \"endpoint\", \"conditions\": [], \"endpoint\": "
    "{\"url\": \"https://x.{Region}.{p#dnsSuffix}\", \"headers\": {\"h\": [\"a\"]}, "
    "\"properties\": {\"n\": 1}}}]}]}";
static const char partitions_text[] =
    "{\"partitions\": [{\"id\": \"aws\", \"regionRegex\": \"^us-\\\\w+-\\\\d+$\", \"regions\": "
    "{\"us-east-1\": {}}, \"outputs\": {\"dnsSuffix\": \"amazonaws.com\"}}]}";
static const char source[] = "/models/x/rules.json\n1 2.3\n";

static json_t *parse(const char *text)
{
    json_t *value;

    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &value, NULL), 0);
    return value;
}

static struct parity_rule_set compile(void)
{
    json_t *json = parse(document);
    struct parity_rule_set rules;

    assert_int_equal(parity_rule_set_compile(json, "x", &rules, NULL), 0);
    json_decref(json);
    return rules;
}

/* Evaluates with every sum of a rule set; only that it ends counts. */
static void evaluate(const struct parity_rule_set *rules)
{
    struct parity_partitions *partitions = parity_partitions_new(parse(partitions_text), NULL);
    static const char *const given[] = {"{\"Region\": \"us-east-1\"}",
                                        "{\"Region\": \"us-east-1\", \"Dual\": true}", "{}"};

    for (size_t i = 0; i < 3; i++) {
        struct parity_error err = {0};
        json_t *params = parse(given[i]), *result = NULL;

        (void)parity_rule_set_evaluate(rules, partitions, params, &result, &err);
        json_decref(result);
        json_decref(params);
    }
    parity_partitions_free(partitions);
}

static void assert_same(const struct parity_rule_set *a, const struct parity_rule_set *b)
{
    assert_int_equal(a->words.length, b->words.length);
    assert_memory_equal(a->words.data, b->words.data, a->words.length);
    assert_int_equal(a->strings.length, b->strings.length);
    assert_memory_equal(a->strings.data, b->strings.data, a->strings.length);
    assert_int_equal(a->root, b->root);
    assert_int_equal(a->parameters, b->parameters);
    assert_int_equal(a->slots, b->slots);
    assert_int_equal(a->slot_names, b->slot_names);
}

static int set_up(void **state)
{
    if (scratch_enter(state) < 0)
        return -1;
    return setenv("XDG_CACHE_HOME", *state, 1);
}

/* Path of the one file in the cache; new. */
static char *cache_file(const char *folder)
{
    char command[512], name[512] = "";
    FILE *list;

    snprintf(command, sizeof command, "ls %s/parity/models/*", folder);
    list = popen(command, "r");
    assert_non_null(fgets(name, sizeof name, list));
    pclose(list);
    name[strcspn(name, "\n")] = '\0';
    return strdup(name);
}

static void what_is_stored_is_found_again(void **state)
{
    struct parity_rule_set rules = compile(), found;

    (void)state;
    assert_true(parity_rule_set_is_sound(&rules));
    assert_false(parity_endpoint_cache_open("x", source, &found));
    parity_endpoint_cache_store("x", source, &rules);
    assert_true(parity_endpoint_cache_open("x", source, &found));
    assert_same(&rules, &found);
    evaluate(&found);
    parity_rule_set_clear(&found);
    parity_rule_set_clear(&rules);
}

static void another_date_or_size_of_the_source_does_not_count(void **state)
{
    struct parity_rule_set rules = compile(), found;

    (void)state;
    parity_endpoint_cache_store("x", source, &rules);
    assert_false(parity_endpoint_cache_open("x", "/models/x/rules.json\n1 2.4\n", &found));
    assert_null(found.words.data);
    parity_rule_set_clear(&rules);
}

static void every_damage_of_the_file_is_noticed(void **state)
{
    struct parity_rule_set rules = compile(), found;
    struct parity_buffer file = {0};
    char *path;

    parity_endpoint_cache_store("x", source, &rules);
    path = cache_file(*state);
    assert_int_equal(parity_file_read(path, 1 << 20, &file, NULL), 0);
    for (size_t at = 0; at < file.length; at++) {
        file.data[at] = (char)(file.data[at] ^ 0x10);
        assert_int_equal(parity_file_replace(path, file.data, file.length, NULL), 0);
        assert_false(parity_endpoint_cache_open("x", source, &found));
        file.data[at] = (char)(file.data[at] ^ 0x10);
    }
    for (size_t length = 0; length < file.length; length += 7) {
        assert_int_equal(parity_file_replace(path, file.data, length, NULL), 0);
        assert_false(parity_endpoint_cache_open("x", source, &found));
    }
    parity_buffer_clear(&file);
    free(path);
    parity_rule_set_clear(&rules);
}

/* The checksum keeps these away; should it ever not, evaluation must still end. */
static void rules_that_pass_as_sound_can_be_evaluated(void **state)
{
    static const uint32_t values[] = {0, 1, 2, 5, 0x10003, 0x2000B, 0xFFFF0009, 0xFFFFFFFF};
    struct parity_rule_set rules = compile();
    uint32_t *words = (uint32_t *)(void *)rules.words.data;
    size_t sound = 0, count = rules.words.length / 4;

    (void)state;
    for (size_t at = 0; at < count; at++)
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            uint32_t kept = words[at];

            words[at] = values[i];
            if (parity_rule_set_is_sound(&rules)) {
                sound++;
                evaluate(&rules);
            }
            words[at] = kept;
        }
    assert_in_range(sound, 1, count * sizeof values / sizeof *values - 1);
    rules.root = (uint32_t)count;
    assert_false(parity_rule_set_is_sound(&rules));
    parity_rule_set_clear(&rules);
}

static void processes_that_race_leave_a_whole_file(void **state)
{
    struct parity_rule_set rules = compile(), found;

    (void)state;
    for (int i = 0; i < 6; i++)
        if (fork() == 0) {
            for (int n = 0; n < 20; n++) {
                parity_endpoint_cache_store("x", source, &rules);
                if (!parity_endpoint_cache_open("x", source, &found))
                    _exit(1);
                parity_rule_set_clear(&found);
            }
            _exit(0);
        }
    for (int i = 0; i < 6; i++) {
        int status;

        wait(&status);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    parity_rule_set_clear(&rules);
}

static void without_a_place_or_memory_nothing_is_found(void **state)
{
    struct parity_rule_set rules = compile(), found;
    bool opened = false;

    (void)state;
    parity_endpoint_cache_store("x", source, &rules);
    for (unsigned long n = 1; !opened; n++) {
        parity_memory_fail_at(n, 1);
        opened = parity_endpoint_cache_open("x", source, &found);
        parity_memory_fail_at(0, 0);
        if (!opened)
            assert_null(found.words.data);
        assert_true(n < 100);
    }
    parity_rule_set_clear(&found);
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", "relative", 1);
    parity_endpoint_cache_store("x", source, &rules);
    assert_false(parity_endpoint_cache_open("x", source, &found));
    parity_rule_set_clear(&rules);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_stored_is_found_again),
        TEST(another_date_or_size_of_the_source_does_not_count),
        TEST(every_damage_of_the_file_is_noticed),
        TEST(rules_that_pass_as_sound_can_be_evaluated),
        TEST(processes_that_race_leave_a_whole_file),
        TEST(without_a_place_or_memory_nothing_is_found),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("endpoint_cache", tests, NULL, NULL);
}
