/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "client/model.h"

/* A folder of data of our own, and nothing else that could be found. */
static char root[] = "/tmp/parity-model-XXXXXX";

#define MODEL                                                                                      \
    "{\"metadata\": {\"apiVersion\": \"2020-01-01\", \"endpointPrefix\": \"things\", "             \
    "\"protocol\": \"query\", \"protocols\": [\"query\", \"json\"], \"signingName\": \"thing\"}, " \
    "\"operations\": {\"MakeThing\": {\"name\": \"MakeThing2\", \"http\": {\"method\": \"PUT\", "  \
    "\"requestUri\": \"/t/{Id}\", \"responseCode\": 201}, \"input\": {\"shape\": \"In\"}, "        \
    "\"output\": {\"shape\": \"Out\", \"resultWrapper\": \"MakeThingResult\"}, "                   \
    "\"endpoint\": {\"hostPrefix\": \"a.\"}}, \"EndThing\": {\"name\": \"EndThing\"}}, "           \
    "\"shapes\": {\"In\": {\"type\": \"structure\", \"required\": [\"Id\"], \"members\": {"        \
    "\"Id\": {\"shape\": \"Text\", \"location\": \"uri\", \"locationName\": \"id\"}, "             \
    "\"Other\": {\"shape\": \"Text\"}, \"Many\": {\"shape\": \"Texts\", \"flattened\": true}}}, "  \
    "\"Out\": {\"type\": \"structure\", \"members\": {\"Map\": {\"shape\": \"Map\"}}}, "           \
    "\"Text\": {\"type\": \"string\", \"min\": 2, \"locationName\": \"t\", \"enum\": [\"aa\", "    \
    "\"bb\"]}, \"Texts\": {\"type\": \"list\", \"member\": {\"shape\": \"Text\"}}, "               \
    "\"Map\": {\"type\": \"map\", \"key\": {\"shape\": \"Text\"}, \"value\": {\"shape\": "         \
    "\"In\"}}, "                                                                                   \
    "\"Gone\": {\"type\": \"structure\", \"members\": {}, \"exception\": true, "                   \
    "\"error\": {\"code\": \"Thing.Gone\"}}, "                                                     \
    "\"Lost\": {\"type\": \"structure\", \"members\": {}, \"exception\": true}}}"

static const char *path_of(const char *relative)
{
    static char paths[4][512];
    static size_t next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", root, relative);
    return path;
}

static void put(const char *relative, const char *text)
{
    struct parity_error err = {0};

    if (parity_file_replace(path_of(relative), text, strlen(text), &err) < 0)
        fail_msg("%s", err.message);
}

static void run(const char *command)
{
    assert_int_equal(system(command), 0);
}

static int set_up(void **state)
{
    (void)state;
    memcpy(root, "/tmp/parity-model-XXXXXX", sizeof root);
    assert_non_null(mkdtemp(root));
    assert_int_equal(mkdir(path_of("data"), 0755), 0);
    setenv("HOME", root, 1);
    setenv("PARITY_MODELS", path_of("data"), 1);
    setenv("XDG_CACHE_HOME", path_of("cache"), 1);
    unsetenv("AWS_DATA_PATH");
    unsetenv("VIRTUAL_ENV");
    put("data/things/2020-01-01/service-2.json", MODEL);
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    parity_memory_fail_at(0, 0);
    snprintf(command, sizeof command, "chmod -R u+rwX %s && rm -rf %s", root, root);
    run(command);
    return 0;
}

static struct parity_models *models_new(void)
{
    struct parity_error err = {0};
    struct parity_models *models = parity_models_new(NULL, &err);

    if (!models)
        fail_msg("%s", err.message);
    return models;
}

static const struct parity_service *service_of(struct parity_models *models, const char *name)
{
    struct parity_error err = {0};
    const struct parity_service *service = parity_models_service(models, name, &err);

    if (!service)
        fail_msg("%s: %s", err.context, err.message);
    return service;
}

static void expect_failure(const char *name, enum parity_errc code, const char *message)
{
    struct parity_error err = {0};
    struct parity_models *models = models_new();

    assert_null(parity_models_service(models, name, &err));
    assert_int_equal(err.code, code);
    if (!strstr(err.message, message))
        fail_msg("'%s' is not in '%s'", message, err.message);
    parity_models_free(models);
}

/* --- what a model says -------------------------------------------------------------------------
 */

static void a_member_merges_its_traits_over_those_of_its_shape(void **state)
{
    struct parity_models *models = models_new();
    const struct parity_service *service = service_of(models, "things");
    const struct parity_operation *operation = parity_service_operation(service, "MakeThing", NULL);
    const struct parity_shape *in = parity_operation_input(operation);
    const struct parity_shape *id = parity_shape_member(in, "Id");
    const struct parity_shape *other = parity_shape_member(in, "Other");
    double min;

    (void)state;
    assert_int_equal(parity_shape_member_count(in), 3);
    assert_string_equal(parity_shape_location_name(id), "id");
    assert_string_equal(parity_shape_location_name(other), "t");
    assert_int_equal(parity_shape_location(id), PARITY_LOCATION_URI);
    assert_int_equal(parity_shape_location(other), PARITY_LOCATION_BODY);
    assert_true(parity_shape_has(id, PARITY_TRAIT_REQUIRED));
    assert_false(parity_shape_has(other, PARITY_TRAIT_REQUIRED));
    assert_true(parity_shape_has(parity_shape_member(in, "Many"), PARITY_TRAIT_FLATTENED));
    assert_true(parity_shape_same(id, other));
    assert_true(parity_shape_min(id, &min));
    assert_true(min == 2);
    assert_int_equal(parity_shape_enum_count(id), 2);
    assert_string_equal(parity_shape_enum_at(id, 1), "bb");
    assert_null(parity_shape_member(in, "id"));
    parity_models_free(models);
}

static void an_operation_has_its_http_binding_and_its_rare_traits(void **state)
{
    struct parity_models *models = models_new();
    const struct parity_service *service = service_of(models, "things");
    const struct parity_operation *operation = parity_service_operation(service, "MakeThing", NULL);
    const struct parity_operation *bare = parity_service_operation(service, "EndThing", NULL);
    const struct parity_shape *out = parity_operation_output(operation);

    (void)state;
    assert_int_equal(parity_service_operation_count(service), 2);
    assert_string_equal(parity_operation_wire_name(operation), "MakeThing2");
    assert_string_equal(parity_operation_http_method(operation), "PUT");
    assert_string_equal(parity_operation_http_uri(operation), "/t/{Id}");
    assert_int_equal(parity_operation_http_status(operation), 201);
    assert_string_equal(parity_shape_text(out, PARITY_TEXT_RESULT_WRAPPER), "MakeThingResult");
    assert_string_equal(json_string_value(json_object_get(
                            parity_operation_trait(operation, "endpoint"), "hostPrefix")),
                        "a.");
    assert_null(parity_operation_trait(operation, "input"));
    assert_string_equal(parity_operation_http_method(bare), "POST");
    assert_null(parity_operation_input(bare));
    parity_models_free(models);
}

static void a_service_has_names_protocols_and_errors(void **state)
{
    struct parity_models *models = models_new();
    const struct parity_service *service = service_of(models, "things");

    (void)state;
    assert_string_equal(parity_service_metadata(service, "endpointPrefix"), "things");
    assert_string_equal(parity_service_signing_name(service), "thing");
    assert_string_equal(parity_service_protocol(service), "json");
    assert_true(parity_service_has_protocol(service, "query"));
    assert_false(parity_service_has_protocol(service, "rest-json"));
    assert_string_equal(parity_shape_name(parity_service_error_shape(service, "Thing.Gone")),
                        "Gone");
    assert_string_equal(parity_shape_name(parity_service_error_shape(service, "Lost")), "Lost");
    assert_null(parity_service_error_shape(service, "Gone"));
    for (size_t i = 0; i < parity_service_error_count(service); i++)
        assert_true(parity_shape_has(parity_service_error_at(service, i), PARITY_TRAIT_EXCEPTION));
    assert_int_equal(parity_service_error_count(service), 2);
    assert_null(parity_service_error_at(service, 2));
    parity_models_free(models);
}

/* --- where models are --------------------------------------------------------------------------
 */

static void the_newest_version_is_taken_and_extras_are_merged(void **state)
{
    struct parity_models *models;

    (void)state;
    put("data/things/2021-01-01/service-2.json",
        "{\"metadata\": {\"apiVersion\": \"2021-01-01\", \"protocol\": \"json\"}}");
    put("data/things/2021-01-01/service-2.sdk-extras.json",
        "{\"version\": 1, \"merge\": {\"metadata\": {\"signingName\": \"extra\"}}}");
    put("data/things/2022-01-01/paginators-1.json", "{\"pagination\": {}}");
    models = models_new();
    assert_string_equal(parity_service_metadata(service_of(models, "things"), "apiVersion"),
                        "2021-01-01");
    assert_string_equal(parity_service_signing_name(service_of(models, "things")), "extra");
    parity_models_free(models);
}

static void folders_given_come_before_the_others(void **state)
{
    struct parity_models_options options = {.data_path = path_of("mine")};
    struct parity_models *models;

    (void)state;
    put("mine/things/2020-01-01/service-2.json",
        "{\"metadata\": {\"apiVersion\": \"mine\", \"protocol\": \"json\"}}");
    models = parity_models_new(&options, NULL);
    assert_string_equal(parity_service_metadata(service_of(models, "things"), "apiVersion"),
                        "mine");
    parity_models_free(models);
    setenv("AWS_DATA_PATH", path_of("mine"), 1);
    models = models_new();
    assert_string_equal(parity_service_metadata(service_of(models, "things"), "apiVersion"),
                        "mine");
    parity_models_free(models);
}

static void further_folders_come_after_those_of_the_environment(void **state)
{
    const char *const further[] = {"/nonexistent", path_of("further"), NULL};
    struct parity_models_options options = {.further = further};
    struct parity_models *models;

    (void)state;
    put("further/things/2020-01-01/service-2.json",
        "{\"metadata\": {\"apiVersion\": \"further\", \"protocol\": \"json\"}}");
    models = parity_models_new(&options, NULL);
    assert_string_equal(parity_service_metadata(service_of(models, "things"), "apiVersion"),
                        "further");
    parity_models_free(models);
    setenv("AWS_DATA_PATH", path_of("mine"), 1);
    put("mine/things/2020-01-01/service-2.json",
        "{\"metadata\": {\"apiVersion\": \"mine\", \"protocol\": \"json\"}}");
    models = parity_models_new(&options, NULL);
    assert_string_equal(parity_service_metadata(service_of(models, "things"), "apiVersion"),
                        "mine");
    parity_models_free(models);
}

/* What is wrong with asking for this protocol. */
static void expect_no_protocol(const struct parity_models_options *options, const char *protocol,
                               enum parity_errc code, const char *message)
{
    struct parity_error err = {0};
    struct parity_models *models = parity_models_new(options, &err);

    assert_null(parity_models_service_speaking(models, "things", protocol, &err));
    assert_int_equal(err.code, code);
    if (!strstr(err.message, message))
        fail_msg("'%s' is not in '%s'", message, err.message);
    parity_models_free(models);
}

static void a_protocol_that_the_newest_model_dropped_comes_from_an_older_one(void **state)
{
    struct parity_models *models;
    const struct parity_service *newest, *older;

    (void)state;
    put("data/things/2021-01-01/service-2.json",
        "{\"metadata\": {\"apiVersion\": \"newest\", \"protocols\": [\"json\"]}}");
    put("data/things-query/2019-01-01/service-2.json",
        "{\"metadata\": {\"apiVersion\": \"older\", \"protocol\": \"query\"}}");
    models = models_new();
    newest = parity_models_service_speaking(models, "things", "json", NULL);
    assert_ptr_equal(newest, service_of(models, "things"));
    older = parity_models_service_speaking(models, "things", "query", NULL);
    assert_non_null(older);
    assert_string_equal(parity_service_metadata(older, "apiVersion"), "older");
    assert_string_equal(parity_service_name(older), "things");
    assert_ptr_equal(parity_models_service_speaking(models, "things", "query", NULL), older);
    assert_ptr_equal(service_of(models, "things"), newest);
    assert_string_equal(parity_service_name(service_of(models, "things-query")), "things-query");
    parity_models_free(models);
}

static void a_protocol_of_no_model_is_refused_with_the_place_for_one(void **state)
{
    const struct parity_models_options given = {
        .model_file = path_of("data/things/2020-01-01/service-2.json")};

    (void)state;
    expect_no_protocol(NULL, "rest-xml", PARITY_E_INVALID,
                       "does not speak the protocol 'rest-xml', or not any more; put an older "
                       "model that has it into a folder of AWS_DATA_PATH, as "
                       "'things-rest-xml/<API version>/service-2.json'");
    put("data/things-rest-xml/2019-01-01/service-2.json",
        "{\"metadata\": {\"protocol\": \"query\"}}");
    expect_no_protocol(NULL, "rest-xml", PARITY_E_INVALID, "does not speak");
    put("data/things-rest-xml/2019-01-01/service-2.json", "{\"metadata\"");
    expect_no_protocol(NULL, "rest-xml", PARITY_E_PARSE, "");
    expect_no_protocol(&given, "rest-xml", PARITY_E_INVALID, "does not speak");
}

static void data_files_are_found_by_service_and_beside_the_services(void **state)
{
    struct parity_models *models = models_new();
    struct parity_error err = {0};
    json_t *data;

    (void)state;
    put("data/things/2020-01-01/waiters-2.json", "{\"waiters\": {}}");
    put("data/partitions.json", "{\"partitions\": []}");
    data = parity_models_data(models, "things", "waiters-2", &err);
    assert_non_null(json_object_get(data, "waiters"));
    json_decref(data);
    data = parity_models_data(models, NULL, "partitions", &err);
    assert_non_null(json_object_get(data, "partitions"));
    json_decref(data);
    assert_null(parity_models_data(models, "things", "paginators-1", &err));
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    parity_models_free(models);
}

static void the_version_is_that_of_the_library_around_the_data(void **state)
{
    struct parity_models *models = models_new();

    (void)state;
    put("__init__.py", "import os\n__version__ = '1.2.3'\n");
    assert_string_equal(parity_models_version(models), "1.2.3");
    parity_models_free(models);
}

/* --- what can be wrong -------------------------------------------------------------------------
 */

static void unknown_names_come_with_the_nearest_known_one(void **state)
{
    struct parity_models *models = models_new();
    struct parity_error err = {0};

    (void)state;
    expect_failure("thngs", PARITY_E_NOT_FOUND, "unknown service 'thngs'; did you mean 'things'?");
    expect_failure("../things", PARITY_E_NOT_FOUND, "unknown service '../things'");
    expect_failure("", PARITY_E_NOT_FOUND, "unknown service ''");
    assert_null(parity_service_operation(service_of(models, "things"), "makeThings", &err));
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.message, "the service 'things' has no operation 'makeThings'; did you "
                                     "mean 'MakeThing'?");
    parity_models_free(models);
}

static void without_any_models_the_message_says_how_to_get_them(void **state)
{
    char *path = strdup(getenv("PATH"));

    (void)state;
    if (access("/usr/lib/python3/dist-packages/botocore/data", F_OK) == 0 ||
        access("/usr/local/aws-cli", F_OK) == 0)
        skip();
    setenv("PARITY_MODELS", path_of("nowhere"), 1);
    setenv("PATH", "/nonexistent", 1);
    expect_failure("things", PARITY_E_ENVIRONMENT, "no AWS service models found");
    setenv("PATH", path, 1);
    free(path);
}

static void a_broken_model_is_refused_with_its_path(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "is empty"},
        {"{\"metadata\": ", ""},
        {"[1]", "this is no service model"},
        {"{\"metadata\": {}, \"shapes\": {\"A\": {\"type\": \"list\"}}}",
         "A has no reference to a shape"},
        {"{\"metadata\": {}, \"shapes\": {\"A\": {\"type\": \"list\", \"member\": {\"shape\": "
         "\"B\"}}}}",
         "A refers to the shape 'B', which is missing"},
        {"{\"metadata\": {}, \"shapes\": {\"A\": {\"type\": \"odd\"}}}",
         "the shape 'A' has the unknown type 'odd'"},
        {"{\"metadata\": {}, \"shapes\": {\"A\": {}}}", "the shape 'A' has no type"},
        {"{\"metadata\": {}, \"operations\": {\"O\": {\"input\": {\"shape\": \"A\"}}}}",
         "O refers to the shape 'A', which is missing"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put("data/broken/1/service-2.json", cases[i].text);
        expect_failure("broken", PARITY_E_PARSE, cases[i].message);
    }
}

static void put_packed(const char *relative, const char *text)
{
    char command[600];

    put(relative, text);
    snprintf(command, sizeof command, "gzip -f %s", path_of(relative));
    run(command);
}

static void a_packed_model_is_unpacked(void **state)
{
    struct parity_models *models = models_new();

    (void)state;
    put_packed("data/packed/1/service-2.json", MODEL);
    assert_int_equal(parity_service_operation_count(service_of(models, "packed")), 2);
    parity_models_free(models);
}

static void damaged_gzip_is_refused(void **state)
{
    const char *path = path_of("data/packed/1/service-2.json.gz");
    struct stat info;

    (void)state;
    put_packed("data/packed/1/service-2.json", MODEL);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(truncate(path, info.st_size / 2), 0);
    expect_failure("packed", PARITY_E_PARSE, "damaged gzip data");
}

/* --- the cache ---------------------------------------------------------------------------------
 */

static const char *cache_file(void)
{
    static char name[256];
    FILE *list;
    char command[512];

    snprintf(command, sizeof command, "ls %s", path_of("cache/parity/models/things*"));
    list = popen(command, "r");
    if (!fgets(name, sizeof name, list))
        name[0] = '\0';
    pclose(list);
    name[strcspn(name, "\n")] = '\0';
    return name;
}

static void load_once(void)
{
    struct parity_models *models = models_new();

    assert_int_equal(parity_service_operation_count(service_of(models, "things")), 2);
    parity_models_free(models);
}

static ino_t inode_of(const char *path)
{
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    return info.st_ino;
}

static void a_compiled_model_is_kept_and_used_again(void **state)
{
    ino_t first;

    (void)state;
    load_once();
    first = inode_of(cache_file());
    load_once();
    assert_int_equal(inode_of(cache_file()), first);
}

static void a_changed_model_is_compiled_anew(void **state)
{
    struct parity_models *models;

    (void)state;
    load_once();
    put("data/things/2020-01-01/service-2.json",
        "{\"metadata\": {\"apiVersion\": \"changed\", \"protocol\": \"json\"}}");
    models = models_new();
    assert_string_equal(parity_service_metadata(service_of(models, "things"), "apiVersion"),
                        "changed");
    parity_models_free(models);
}

static void a_damaged_cache_is_ignored_and_replaced(void **state)
{
    static const char garbage[] = "parityM1 but nothing more";
    struct stat info;
    char *path;
    int file;

    (void)state;
    load_once();
    path = strdup(cache_file());
    assert_int_equal(stat(path, &info), 0);
    for (off_t at = 0; at < info.st_size; at += info.st_size / 23) {
        file = open(path, O_WRONLY);
        assert_int_equal(pwrite(file, "\xa5\x5a\xa5", 3, at), 3);
        close(file);
        load_once();
    }
    assert_int_equal(truncate(path, info.st_size / 3), 0);
    load_once();
    file = open(path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(file, garbage, sizeof garbage), sizeof garbage);
    close(file);
    load_once();
    assert_int_equal(truncate(path, 0), 0);
    load_once();
    free(path);
}

static void a_cache_that_cannot_be_written_does_no_harm(void **state)
{
    (void)state;
    put("cache", "a file where a folder should be");
    load_once();
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", "relative", 1);
    load_once();
}

static void processes_that_race_all_get_their_model(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        if (fork() == 0) {
            struct parity_models *models = parity_models_new(NULL, NULL);
            const struct parity_service *service = parity_models_service(models, "things", NULL);

            _exit(service && parity_service_operation_count(service) == 2 ? 0 : 1);
        }
    for (int i = 0; i < 6; i++) {
        int status;

        wait(&status);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    load_once();
}

static void a_lack_of_memory_is_reported_at_every_point(void **state)
{
    bool loaded = false;

    (void)state;
    setenv("XDG_CACHE_HOME", path_of("data/things/2020-01-01/service-2.json"), 1);
    for (unsigned long n = 1; !loaded; n++) {
        struct parity_error err = {0};
        struct parity_models *models;

        parity_memory_fail_at(n, 1);
        models = parity_models_new(NULL, &err);
        loaded = models && parity_models_service(models, "things", &err);
        parity_memory_fail_at(0, 0);
        if (!loaded)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_models_free(models);
        assert_true(n < 5000);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_member_merges_its_traits_over_those_of_its_shape),
        TEST(an_operation_has_its_http_binding_and_its_rare_traits),
        TEST(a_service_has_names_protocols_and_errors),
        TEST(the_newest_version_is_taken_and_extras_are_merged),
        TEST(folders_given_come_before_the_others),
        TEST(further_folders_come_after_those_of_the_environment),
        TEST(a_protocol_that_the_newest_model_dropped_comes_from_an_older_one),
        TEST(a_protocol_of_no_model_is_refused_with_the_place_for_one),
        TEST(data_files_are_found_by_service_and_beside_the_services),
        TEST(the_version_is_that_of_the_library_around_the_data),
        TEST(unknown_names_come_with_the_nearest_known_one),
        TEST(without_any_models_the_message_says_how_to_get_them),
        TEST(a_broken_model_is_refused_with_its_path),
        TEST(damaged_gzip_is_refused),
        TEST(a_packed_model_is_unpacked),
        TEST(a_compiled_model_is_kept_and_used_again),
        TEST(a_changed_model_is_compiled_anew),
        TEST(a_damaged_cache_is_ignored_and_replaced),
        TEST(a_cache_that_cannot_be_written_does_no_harm),
        TEST(processes_that_race_all_get_their_model),
        TEST(a_lack_of_memory_is_reported_at_every_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
