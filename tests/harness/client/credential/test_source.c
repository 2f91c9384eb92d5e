/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of credentials that need the network, with one that is made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/credentials.h"

static char home[] = "/tmp/parity-source-XXXXXX";
static char config_path[64], token_path[64];

/* The network of a test: answers in the order in which they are asked for, and what was asked. */
static struct {
    const char *answers[12]; /* JSON, or a body */
    int statuses[12];        /* of bodies; 0: 200 */
    size_t next;
    enum parity_errc failure; /* of everything, once the answers are used up */
    char asked[4096];
    time_t now;
    int pauses;
} net;

static const time_t noon = 1440936000; /* 2015-08-30T12:00:00Z */

static time_t fake_now(void *context)
{
    (void)context;
    return net.now;
}

static double fake_random(void *context)
{
    (void)context;
    return 0.5;
}

static void fake_sleep(long delay_ms, void *context)
{
    (void)context;
    assert_int_equal(delay_ms, 1000);
    net.pauses++;
}

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...)
{
    size_t used = strlen(net.asked);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(net.asked + used, sizeof net.asked - used, format, arguments);
    va_end(arguments);
}

static const char *answer(struct parity_error *err)
{
    const char *text = net.answers[net.next];

    if (!text)
        parity_fail(err, net.failure, "http://there", "no request to there");
    else
        net.next++;
    return text;
}

static int fake_call(const struct parity_credential_call *call, json_t **out,
                     struct parity_error *err, void *context)
{
    struct parity_buffer input = {0};
    const char *text;

    assert_ptr_equal(context, &net);
    parity_json_write(&input, call->input, PARITY_JSON_COMPACT);
    note("%s %s [%s] by %s: %s\n", call->service, call->operation, call->region ? call->region : "",
         call->credentials ? call->credentials->access_key_id : "-",
         input.failed ? "?" : input.data);
    parity_buffer_clear(&input);
    *out = NULL;
    text = answer(err);
    return text ? parity_json_parse(text, strlen(text), NULL, out, err) : -1;
}

static int fake_exchange(const struct parity_http_request *request, long timeout_ms,
                         struct parity_http_response *response, struct parity_error *err,
                         void *context)
{
    const char *text;

    assert_ptr_equal(context, &net);
    note("%s %s %lds", request->method, request->url, timeout_ms / 1000);
    for (size_t i = 1; i < request->headers.count; i++) /* after User-Agent */
        note(" %s: %s", request->headers.items[i].name, request->headers.items[i].value);
    note("\n");
    text = answer(err);
    if (!text)
        return -1;
    response->status_code = net.statuses[net.next - 1] ? net.statuses[net.next - 1] : 200;
    parity_buffer_add_text(&response->body, text);
    if (!response->body.failed)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static struct parity_credentials_options options_for(const char *profile)
{
    return (struct parity_credentials_options){.profile = profile,
                                               .now = fake_now,
                                               .random = fake_random,
                                               .sleep = fake_sleep,
                                               .call = fake_call,
                                               .exchange = fake_exchange,
                                               .context = &net};
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const char *name)
{
    char path[96];

    snprintf(path, sizeof path, "%s/%s", home, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static int set_up_all(void **state)
{
    (void)state;
    if (!mkdtemp(home))
        return -1;
    make_folder(".aws");
    make_folder(".aws/sso");
    make_folder(".aws/sso/cache");
    snprintf(config_path, sizeof config_path, "%s/.aws/config", home);
    snprintf(token_path, sizeof token_path, "%s/token", home);
    setenv("HOME", home, 1);
    return 0;
}

static int tear_down_all(void **state)
{
    static const char *const names[] = {"/.aws/sso/cache", "/.aws/sso", "/.aws", ""};
    int rc = 0;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[96];

        snprintf(path, sizeof path, "%s%s", home, names[i]);
        rc |= rmdir(path);
    }
    return rc;
}

static int set_up(void **state)
{
    extern char **environ;

    (void)state;
    for (char **entry = environ; *entry;) {
        char name[128];

        snprintf(name, sizeof name, "%.*s", (int)strcspn(*entry, "="), *entry);
        if (strncmp(name, "AWS_", 4) == 0)
            unsetenv(name);
        else
            entry++;
    }
    memset(&net, 0, sizeof net);
    net.now = noon;
    net.failure = PARITY_E_USAGE;
    write_file(config_path, "");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(config_path);
    unlink(token_path);
    return 0;
}

#define ROLE_ANSWER(id, until)                                                                     \
    "{\"Credentials\": {\"AccessKeyId\": \"" id "\", \"SecretAccessKey\": \"hush\", "              \
    "\"SessionToken\": \"T\", \"Expiration\": {\"$datetime\": \"" until "\"}}, "                   \
    "\"AssumedRoleUser\": {\"Arn\": \"arn:aws:sts::" id ":assumed-role/r/s\"}}"
#define KEYS(id, until)                                                                            \
    "{\"AccessKeyId\": \"" id "\", \"SecretAccessKey\": \"hush\", \"Token\": \"T\", "              \
    "\"Expiration\": \"" until "\"}"
#define ONE_PM "2015-08-30T13:00:00Z"

static void assert_found(const char *profile, const char *id, const char *asked)
{
    struct parity_credentials_options options = options_for(profile);
    struct parity_credentials found;
    struct parity_error err = {0};

    if (parity_credentials_find(&options, &found, &err) != 0)
        fail_msg("%s: %s", err.context, err.message);
    assert_string_equal(found.access_key_id, id);
    assert_string_equal(found.secret_access_key, "hush");
    assert_string_equal(net.asked, asked);
    parity_credentials_clear(&found);
}

static void assert_refused(const char *profile, enum parity_errc code, const char *context,
                           const char *message)
{
    struct parity_credentials_options options = options_for(profile);
    struct parity_credentials found;
    struct parity_error err = {0};

    assert_int_equal(parity_credentials_find(&options, &found, &err), -1);
    assert_string_equal(err.message, message);
    assert_string_equal(err.context, context);
    assert_int_equal(err.code, code);
    assert_null(found.access_key_id);
}

/* --- roles ------------------------------------------------------------------------------------ */

static void each_role_of_a_chain_is_taken_on_with_the_keys_of_the_one_before(void **state)
{
    (void)state;
    write_file(config_path,
               "[profile a]\nrole_arn = arn:a\nsource_profile = b\nexternal_id = E\n"
               "duration_seconds = 900\nrole_session_name = S\n"
               "[profile b]\nrole_arn = arn:b\nsource_profile = c\nduration_seconds = soon\n"
               "[profile c]\naws_access_key_id = C\naws_secret_access_key = hush\n"
               "role_arn = arn:not-taken\n");
    net.answers[0] = ROLE_ANSWER("B", ONE_PM);
    net.answers[1] = ROLE_ANSWER("A", ONE_PM);
    assert_found("a", "A",
                 "sts AssumeRole [] by C: {\"RoleArn\":\"arn:b\","
                 "\"RoleSessionName\":\"parity-session-1440936000\"}\n"
                 "sts AssumeRole [] by B: {\"ExternalId\":\"E\",\"DurationSeconds\":900,"
                 "\"RoleArn\":\"arn:a\",\"RoleSessionName\":\"S\"}\n");
}

static void a_role_may_have_the_keys_of_a_named_source(void **state)
{
    (void)state;
    write_file(config_path, "[profile a]\nrole_arn = arn:a\ncredential_source = Environment\n"
                            "role_session_name = S\n"
                            "[profile b]\nrole_arn = arn:b\nrole_session_name = S\n"
                            "credential_source = EcsContainer\n");
    setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "hush", 1);
    net.answers[0] = ROLE_ANSWER("A", ONE_PM);
    assert_found("a", "A",
                 "sts AssumeRole [] by ENV: {\"RoleArn\":\"arn:a\",\"RoleSessionName\":\"S\"}\n");
    assert_refused("b", PARITY_E_CREDENTIALS, "profile 'b'",
                   "credential_source 'EcsContainer' has no credentials; container endpoint: "
                   "AWS_CONTAINER_CREDENTIALS_FULL_URI is not set");
}

static void a_role_that_is_not_well_described_is_an_error(void **state)
{
    static const struct {
        const char *profile, *context, *message;
    } cases[] = {
        {"both", "profile 'both'",
         "role_arn needs either source_profile or credential_source, "
         "not both"},
        {"neither", "profile 'neither'", "role_arn needs source_profile or credential_source"},
        {"source", "profile 'source'",
         "credential_source 'environment' is none of Environment, EcsContainer and "
         "Ec2InstanceMetadata"},
        {"mfa", "profile 'mfa'",
         "mfa_serial asks for a code of the device arn:mfa at each start, which parity cannot do; "
         "put temporary keys into the environment, for example with 'aws configure "
         "export-credentials --format env'"},
        {"l1", "profile 'l1': profile 'l2': profile 'l3'",
         "source_profile goes round in a circle: l2 <- l3 <- l2 <- l1"},
        {"self", "profile 'self'", "source_profile goes round in a circle: self <- self"},
    };
    char message[256];

    (void)state;
    write_file(config_path, "[profile both]\nrole_arn=r\nsource_profile=p\ncredential_source=q\n"
                            "[profile neither]\nrole_arn=r\n"
                            "[profile source]\nrole_arn=r\ncredential_source=environment\n"
                            "[profile mfa]\nrole_arn=r\nsource_profile=p\nmfa_serial=arn:mfa\n"
                            "[profile l1]\nrole_arn=r\nsource_profile=l2\n"
                            "[profile l2]\nrole_arn=r\nsource_profile=l3\n"
                            "[profile l3]\nrole_arn=r\nsource_profile=l2\n"
                            "[profile self]\nrole_arn=r\nsource_profile=self\n"
                            "[profile lost]\nrole_arn=r\nsource_profile=boths\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i].profile, PARITY_E_CREDENTIALS, cases[i].context, cases[i].message);
    snprintf(message, sizeof message,
             "profile 'boths' is neither in %s nor in %s/.aws/credentials; did you mean 'both'?",
             config_path, home);
    assert_refused("lost", PARITY_E_CREDENTIALS, "profile 'lost'", message);
    assert_string_equal(net.asked, "");
}

static void a_source_profile_without_keys_says_where_they_were_looked_for(void **state)
{
    char message[512];

    (void)state;
    write_file(config_path, "[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\n");
    setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "hush", 1);
    snprintf(message, sizeof message,
             "source_profile 'b' has no credentials; looked at %s/.aws/credentials: No such file "
             "or directory; %s: profile 'b' has no aws_access_key_id",
             home, config_path);
    assert_refused("a", PARITY_E_CREDENTIALS, "profile 'a'", message);
}

static const char one_role[] = "[profile a]\nrole_arn = arn:a\nsource_profile = a\n"
                               "aws_access_key_id = ID\naws_secret_access_key = hush\n";

static void an_error_of_sts_is_told(void **state)
{
    (void)state;
    write_file(config_path, one_role);
    net.answers[0] = "{\"Error\": {\"Code\": \"AccessDenied\", \"Message\": \"not you\"}}";
    net.answers[1] = "{\"Error\": {}}";
    assert_refused("a", PARITY_E_CREDENTIALS, "profile 'a': role arn:a",
                   "sts AssumeRole was answered with AccessDenied: not you");
    assert_refused("a", PARITY_E_CREDENTIALS, "profile 'a': role arn:a",
                   "sts AssumeRole was answered with an error");
}

static void an_answer_of_sts_that_lacks_something_is_an_error_without_its_text(void **state)
{
    static const struct {
        const char *answer, *message;
    } cases[] = {
        {"{}", "the answer to sts AssumeRole holds no AccessKeyId"},
        {"[\"hush\"]", "the answer to sts AssumeRole holds no AccessKeyId"},
        {"{\"Credentials\": {\"AccessKeyId\": \"I\"}}",
         "the answer to sts AssumeRole holds no SecretAccessKey"},
        {"{\"Credentials\": {\"AccessKeyId\": \"I\", \"SecretAccessKey\": \"hush\"}}",
         "the answer to sts AssumeRole holds no SessionToken"},
        {ROLE_ANSWER("I", "soon"), "the answer to sts AssumeRole holds no valid Expiration"},
        {"hush", "the answer to sts AssumeRole is no valid response"},
    };

    (void)state;
    write_file(config_path, one_role);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        net.next = 0;
        net.answers[0] = cases[i].answer;
        assert_refused("a", PARITY_E_CREDENTIALS, "profile 'a': role arn:a", cases[i].message);
    }
}

static void keys_that_have_expired_are_not_used(void **state)
{
    (void)state;
    write_file(config_path, one_role);
    net.answers[0] = ROLE_ANSWER("I", "2015-08-30T11:59:50Z");
    assert_refused("a", PARITY_E_CREDENTIALS, "",
                   "the AWS credentials that were found expired 10 seconds ago");
}

static void a_request_that_is_not_allowed_is_reported_as_it_is(void **state)
{
    (void)state;
    write_file(config_path, "[profile a]\nrole_arn = arn:a\nsource_profile = a\n"
                            "aws_access_key_id = ID\naws_secret_access_key = hush\n"
                            "[profile b]\nrole_arn = arn:b\n"
                            "credential_source = Ec2InstanceMetadata\n");
    assert_refused("a", PARITY_E_USAGE, "profile 'a': role arn:a: http://there",
                   "no request to there");
    assert_refused("b", PARITY_E_USAGE, "profile 'b': instance metadata: http://there",
                   "no request to there");
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://there/", 1);
    assert_refused(NULL, PARITY_E_USAGE, "container endpoint: http://there", "no request to there");
    assert_int_equal(net.pauses, 0);
}

/* --- web identity ------------------------------------------------------------------------------
 */

static void web_identity_sends_the_token_unsigned(void **state)
{
    (void)state;
    write_file(token_path, "tok\n");
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", token_path, 1);
    setenv("AWS_ROLE_ARN", "arn:web", 1);
    setenv("AWS_ROLE_SESSION_NAME", "ci", 1);
    net.answers[0] = ROLE_ANSWER("W", ONE_PM);
    assert_found(NULL, "W",
                 "sts AssumeRoleWithWebIdentity [] by -: {\"WebIdentityToken\":\"tok\\n\","
                 "\"RoleArn\":\"arn:web\",\"RoleSessionName\":\"ci\"}\n");
}

static void web_identity_of_a_profile_leaves_the_environment_alone(void **state)
{
    char config[256];

    (void)state;
    write_file(token_path, "tok");
    snprintf(config, sizeof config,
             "[profile p]\nweb_identity_token_file = %s\nrole_arn = arn:p\nrole_session_name = S\n",
             token_path);
    write_file(config_path, config);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere", 1);
    setenv("AWS_ROLE_ARN", "arn:web", 1);
    net.answers[0] = ROLE_ANSWER("W", ONE_PM);
    assert_found("p", "W",
                 "sts AssumeRoleWithWebIdentity [] by -: {\"WebIdentityToken\":\"tok\","
                 "\"RoleArn\":\"arn:p\",\"RoleSessionName\":\"S\"}\n");
}

static void a_web_identity_token_that_cannot_be_sent_is_an_error(void **state)
{
    char context[128], message[256];

    (void)state;
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", token_path, 1);
    snprintf(message, sizeof message,
             "there is a token file, %s, but no role to take on: set AWS_ROLE_ARN, or role_arn in "
             "the profile",
             token_path);
    assert_refused(NULL, PARITY_E_CREDENTIALS, "web identity", message);
    setenv("AWS_ROLE_ARN", "arn:web", 1);
    snprintf(context, sizeof context, "web identity: %s", token_path);
    assert_refused(NULL, PARITY_E_CREDENTIALS, context,
                   "no web identity token: cannot read: No such file or directory");
    write_file(token_path, "");
    assert_refused(NULL, PARITY_E_CREDENTIALS, context, "the web identity token is empty");
    write_file(token_path, "\xFF");
    assert_refused(NULL, PARITY_E_CREDENTIALS, "web identity",
                   "WebIdentityToken is not valid UTF-8");
}

/* --- single sign-on ----------------------------------------------------------------------------
 */

/* SHA-1 of "one", computed with sha1sum. */
static const char token_one[] = "fe05bcdcdc4928012781a5f1a2a77cbb5398e106";

static const char sso_config[] = "[profile p]\nsso_session = one\nsso_account_id = 1\n"
                                 "sso_role_name = R\n[sso-session one]\nsso_region = here\n"
                                 "sso_start_url = https://one\n";

static void write_sso_token(char path[static 128], const char *text)
{
    snprintf(path, 128, "%s/.aws/sso/cache/%s.json", home, token_one);
    write_file(path, text);
}

#define SSO_ANSWER                                                                                 \
    "{\"roleCredentials\": {\"accessKeyId\": \"S\", \"secretAccessKey\": \"hush\", "               \
    "\"sessionToken\": \"T\", \"expiration\": 1440937200999}}"
#define ROLE_REQUEST(token)                                                                        \
    "sso GetRoleCredentials [here] by -: {\"roleName\":\"R\",\"accountId\":\"1\","                 \
    "\"accessToken\":\"" token "\"}\n"

static void single_sign_on_uses_the_token_of_the_cache(void **state)
{
    char path[128];

    (void)state;
    write_file(config_path, sso_config);
    write_sso_token(path, "{\"accessToken\": \"A\", \"expiresAt\": \"2015-08-30T12:02:00UTC\"}");
    net.answers[0] = SSO_ANSWER;
    assert_found("p", "S", ROLE_REQUEST("A"));
    unlink(path);
}

static void a_renewed_sign_on_token_is_kept_and_not_written(void **state)
{
    static const char text[] =
        "{\"accessToken\": \"A\", \"expiresAt\": \"2015-08-30T11:00:00Z\", \"refreshToken\": "
        "\"R1\", \"clientId\": \"I\", \"clientSecret\": \"S\", "
        "\"registrationExpiresAt\": \"2016-01-01T00:00:00Z\"}";
    struct parity_credentials_options options = options_for("p");
    struct parity_credential_source *source = parity_credential_source_new(&options);
    const struct parity_credentials *found;
    char path[128], after[sizeof text + 1] = "";
    FILE *file;

    (void)state;
    write_file(config_path, sso_config);
    write_sso_token(path, text);
    net.answers[0] = "{\"accessToken\": \"B\", \"expiresIn\": 7200, \"refreshToken\": \"R2\"}";
    net.answers[1] = net.answers[2] = SSO_ANSWER;
    assert_int_equal(parity_credential_source_get(source, &found, NULL), 0);
    assert_int_equal(found->expires_at, noon + 1200);
    net.now += 301; /* the keys are renewed, the token is good */
    assert_int_equal(parity_credential_source_get(source, &found, NULL), 0);
    assert_string_equal(
        net.asked,
        "sso-oidc CreateToken [here] by -: {\"grantType\":\"refresh_token\","
        "\"clientId\":\"I\",\"clientSecret\":\"S\",\"refreshToken\":\"R1\"}\n" ROLE_REQUEST("B")
            ROLE_REQUEST("B"));
    parity_credential_source_free(source);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(after, 1, sizeof after, file), sizeof text - 1);
    fclose(file);
    assert_string_equal(after, text);
    unlink(path);
}

static void a_sign_on_token_that_is_no_good_says_how_to_get_another(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"A", "the single sign-on token is no JSON; run 'aws sso login --profile p'"},
        {"{}", "the single sign-on token lacks accessToken or expiresAt; run 'aws sso login "
               "--profile p'"},
        {"{\"accessToken\": \"hush\", \"expiresAt\": \"2015-08-30T11:00:00Z\"}",
         "the single sign-on token has expired; run 'aws sso login --profile p'"},
        {"{\"accessToken\": \"A\", \"expiresAt\": \"2015-08-30T11:00:00Z\", \"refreshToken\": "
         "\"hush\", \"clientId\": \"I\", \"clientSecret\": \"hush\", "
         "\"registrationExpiresAt\": \"2016-01-01T00:00:00Z\"}",
         "the single sign-on token has expired and was not renewed: sso-oidc CreateToken was "
         "answered with InvalidGrantException; run 'aws sso login --profile p'"},
    };
    char context[192], path[128];

    (void)state;
    write_file(config_path, sso_config);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_sso_token(path, cases[i].text);
        snprintf(context, sizeof context, "profile 'p': %s", path);
        net.next = 0;
        net.answers[0] = "{\"Error\": {\"Code\": \"InvalidGrantException\"}}";
        assert_refused("p", PARITY_E_CREDENTIALS, context, cases[i].message);
    }
    unlink(path);
    assert_refused("p", PARITY_E_CREDENTIALS, context,
                   "there is no single sign-on token; run 'aws sso login --profile p'");
}

static void a_sign_on_that_is_not_well_described_is_an_error(void **state)
{
    char message[256];

    (void)state;
    write_file(config_path, "[profile a]\nsso_role_name=R\nsso_account_id=1\nsso_region=r\n"
                            "[profile b]\nsso_role_name=R\nsso_account_id=1\nsso_session=lost\n"
                            "[profile c]\nsso_role_name=R\nsso_session=one\nsso_region=other\n"
                            "[sso-session one]\nsso_region=here\n");
    assert_refused("a", PARITY_E_CREDENTIALS, "profile 'a'",
                   "single sign-on needs sso_start_url, which neither the profile nor its "
                   "sso_session has");
    snprintf(message, sizeof message, "sso_session 'lost' has no section [sso-session lost] in %s",
             config_path);
    assert_refused("b", PARITY_E_CREDENTIALS, "profile 'b'", message);
    assert_refused("c", PARITY_E_CREDENTIALS, "profile 'c'",
                   "'sso_region' differs between the profile and its sso_session");
}

/* --- container ---------------------------------------------------------------------------------
 */

static void the_container_endpoint_is_asked_with_its_token(void **state)
{
    char context[128];

    (void)state;
    setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x", 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic x", 1);
    net.answers[0] = KEYS("K", ONE_PM);
    assert_found(NULL, "K",
                 "GET http://169.254.170.2/v2/x 2s Accept: application/json "
                 "Authorization: Basic x\n");
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token_path, 1);
    unsetenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[::1]:8080/y", 1);
    write_file(token_path, "file");
    net.asked[0] = '\0';
    net.answers[1] = KEYS("L", ONE_PM);
    assert_found(NULL, "L",
                 "GET http://[::1]:8080/y 2s Accept: application/json Authorization: file\n");
    write_file(token_path, "file\nEvil: 1");
    snprintf(context, sizeof context, "container endpoint: %s", token_path);
    assert_refused(NULL, PARITY_E_CREDENTIALS, context,
                   "the authorization token holds a line break, which no header can");
}

static void the_container_endpoint_is_asked_at_safe_places_only(void **state)
{
    static const struct {
        const char *url;
        bool allowed;
    } cases[] = {
        {"https://anywhere.example/x", true},
        {"HTTPS://anywhere.example/x", true},
        {"http://127.0.0.1:80/x", true},
        {"http://127.9.9.9/x", true},
        {"http://[::1]/x", true},
        {"http://LocalHost/x", true},
        {"http://169.254.170.2/x", true},
        {"http://169.254.170.23/x", true},
        {"http://[fd00:ec2::23]/x", true},
        {"http://anywhere.example/x", false},
        {"http://localhost@anywhere.example/x", false},
        {"http://localhost.anywhere.example/x", false},
        {"http://127.0.0.1.example/x", false},
        {"http://169.254.169.254/x", false},
        {"http://[::2]/x", false},
        {"ftp://localhost/x", false},
        {"/x", false},
        {"", false},
    };
    struct parity_credentials_options options = options_for(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_credentials found;

        net.next = 0;
        net.asked[0] = '\0';
        net.answers[0] = KEYS("K", ONE_PM);
        setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
        setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", cases[i].url, 1);
        assert_int_equal(parity_credentials_find(&options, &found, NULL) == 0, cases[i].allowed);
        assert_int_equal(net.asked[0] != '\0', cases[i].allowed);
        parity_credentials_clear(&found);
    }
}

static void the_container_endpoint_is_asked_three_times(void **state)
{
    (void)state;
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x", 1);
    net.answers[0] = "hush";
    net.answers[1] = "hush";
    net.statuses[1] = 404;
    net.answers[2] = KEYS("K", ONE_PM);
#define REQUEST "GET http://localhost/x 2s Accept: application/json\n"
    assert_found(NULL, "K", REQUEST REQUEST REQUEST);
#undef REQUEST
    assert_int_equal(net.pauses, 2);
    net.next = 0;
    net.answers[2] = "hush";
    net.statuses[2] = 500;
    assert_refused(NULL, PARITY_E_CREDENTIALS, "container endpoint: http://localhost",
                   "HTTP 500, after 3 attempts");
    net.failure = PARITY_E_NETWORK;
    assert_refused(NULL, PARITY_E_NETWORK, "container endpoint: http://there",
                   "no request to there, after 3 attempts");
}

/* --- instance metadata -------------------------------------------------------------------------
 */

#define IMDS "http://169.254.169.254/latest/"
#define ROLES IMDS "meta-data/iam/security-credentials/"
#define TOKEN_REQUEST "PUT " IMDS "api/token 1s x-aws-ec2-metadata-token-ttl-seconds: 21600\n"

static void instance_metadata_is_asked_with_a_token(void **state)
{
    (void)state;
    net.answers[0] = "TOK";
    net.answers[1] = "role?";
    net.answers[2] = KEYS("K", ONE_PM);
    assert_found(NULL, "K",
                 TOKEN_REQUEST "GET " ROLES " 1s x-aws-ec2-metadata-token: TOK\n"
                               "GET " ROLES "role%3F 1s x-aws-ec2-metadata-token: TOK\n");
}

static void instance_metadata_without_tokens_is_asked_without_one(void **state)
{
    (void)state;
    setenv("AWS_METADATA_SERVICE_TIMEOUT", "3", 1);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://localhost:1", 1);
    net.answers[0] = "";
    net.statuses[0] = 404;
    net.answers[1] = "role";
    net.answers[2] = KEYS("K", ONE_PM);
    assert_found(NULL, "K",
                 "PUT http://localhost:1/latest/api/token 3s "
                 "x-aws-ec2-metadata-token-ttl-seconds: 21600\n"
                 "GET http://localhost:1/latest/meta-data/iam/security-credentials/ 3s\n"
                 "GET http://localhost:1/latest/meta-data/iam/security-credentials/role 3s\n");
}

static void assert_nothing(const char *end)
{
    struct parity_credentials_options options = options_for(NULL);
    struct parity_credentials found;
    struct parity_error err = {0};
    size_t length = strlen(end);

    assert_int_equal(parity_credentials_find(&options, &found, &err), 1);
    assert_int_equal(err.code, PARITY_E_CREDENTIALS);
    assert_true(strlen(err.message) > length);
    assert_string_equal(err.message + strlen(err.message) - length, end);
}

static void an_instance_without_keys_says_why(void **state)
{
    (void)state;
    assert_nothing("; instance metadata: not asked: no request to there");
    net.failure = PARITY_E_NETWORK;
    assert_nothing("; instance metadata: no request to there");
    net.answers[0] = "TOK";
    net.answers[1] = "no";
    net.statuses[1] = 404;
    net.next = 0;
    assert_nothing("; instance metadata: HTTP 404 from " ROLES);
    net.statuses[1] = 0;
    net.answers[2] = "{\"Code\": \"Failed\", \"SecretAccessKey\": \"hush\"}";
    net.next = 0;
    assert_nothing("; instance metadata: the answer has no valid 'AccessKeyId', but the code "
                   "Failed");
    net.answers[1] = "<html> no name, nothing for a URL";
    net.next = 0;
    assert_nothing("; instance metadata: the instance has no role");
    net.answers[0] = "";
    net.statuses[0] = 403;
    net.next = 0;
    setenv("AWS_EC2_METADATA_V1_DISABLED", "true", 1);
    assert_nothing("; instance metadata: HTTP 403 from " IMDS "api/token");
    setenv("AWS_EC2_METADATA_DISABLED", "TRUE", 1);
    assert_nothing("; instance metadata: AWS_EC2_METADATA_DISABLED is true");
}

static void settings_of_instance_metadata_are_checked(void **state)
{
    (void)state;
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv5", 1);
    assert_refused(NULL, PARITY_E_CREDENTIALS, "instance metadata",
                   "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is neither ipv4 nor ipv6");
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "nowhere", 1);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6", 1);
    assert_refused(NULL, PARITY_E_CREDENTIALS, "instance metadata",
                   "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL: nowhere");
    setenv("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "many", 1);
    assert_refused(NULL, PARITY_E_CREDENTIALS, "instance metadata",
                   "AWS_METADATA_SERVICE_NUM_ATTEMPTS (or metadata_service_num_attempts in the "
                   "profile) must be a number from 1 to 3600");
}

static void keys_of_an_instance_last_longer_while_its_service_is_disturbed(void **state)
{
    struct parity_credentials_options options = options_for(NULL);
    struct parity_credentials found;

    (void)state;
    net.answers[0] = "TOK";
    net.answers[1] = "role";
    net.answers[2] = KEYS("K", "2015-08-30T11:00:00Z");
    assert_int_equal(parity_credentials_find(&options, &found, NULL), 0);
    assert_int_equal(found.expires_at, noon + 900 + 120 + 240);
    parity_credentials_clear(&found);
}

/* --- renewal -----------------------------------------------------------------------------------
 */

static void assert_source(struct parity_credential_source *source, time_t now, const char *id)
{
    const struct parity_credentials *found;
    struct parity_error err = {0};

    net.now = now;
    if (parity_credential_source_get(source, &found, &err) != 0)
        fail_msg("%s: %s", err.context, err.message);
    assert_string_equal(found->access_key_id, id);
}

static void keys_are_renewed_before_they_expire(void **state)
{
    struct parity_credentials_options options = options_for("a");
    struct parity_credential_source *source = parity_credential_source_new(&options);

    (void)state;
    write_file(config_path, one_role);
    net.answers[0] = ROLE_ANSWER("1", ONE_PM);
    net.answers[1] = ROLE_ANSWER("2", "2015-08-30T14:00:00Z");
    assert_source(source, noon, "1");
    assert_source(source, noon + 2700, "1");
    assert_source(source, noon + 2701, "2");
    parity_credential_source_free(source);
}

static void renewal_that_fails_is_an_error_when_time_runs_out(void **state)
{
    struct parity_credentials_options options = options_for("a");
    struct parity_credential_source *source = parity_credential_source_new(&options);
    const struct parity_credentials *found;
    struct parity_error err = {0};

    (void)state;
    net.failure = PARITY_E_NETWORK;
    write_file(config_path, one_role);
    net.answers[0] = ROLE_ANSWER("1", ONE_PM);
    assert_source(source, noon, "1");
    net.asked[0] = '\0';
    assert_source(source, noon + 2701, "1");
    assert_string_not_equal(net.asked, "");
    net.asked[0] = '\0';
    assert_source(source, noon + 2760, "1"); /* too early for another attempt */
    assert_string_equal(net.asked, "");
    assert_source(source, noon + 2761, "1");
    assert_string_not_equal(net.asked, "");
    net.now = noon + 3001;
    assert_int_equal(parity_credential_source_get(source, &found, &err), -1);
    assert_null(found);
    assert_int_equal(err.code, PARITY_E_NETWORK);
    net.answers[1] = ROLE_ANSWER("2", "2015-08-30T14:00:00Z");
    assert_source(source, noon + 3002, "2");
    parity_credential_source_free(source);
}

static void only_a_network_that_failed_is_asked_again(void **state)
{
    struct parity_credentials_options options = options_for("a");
    struct parity_credential_source *source = parity_credential_source_new(&options);
    const struct parity_credentials *found;

    (void)state;
    write_file(config_path, one_role);
    net.failure = PARITY_E_NETWORK;
    assert_int_equal(parity_credential_source_get(source, &found, NULL), -1);
    net.answers[0] = "{\"Error\": {\"Code\": \"AccessDenied\"}}";
    for (int i = 0; i < 2; i++) {
        struct parity_error err = {0};

        assert_int_equal(parity_credential_source_get(source, &found, &err), -1);
        assert_string_equal(err.message, "sts AssumeRole was answered with AccessDenied");
        net.asked[0] = i ? net.asked[0] : '\0';
    }
    assert_string_equal(net.asked, "");
    parity_credential_source_free(source);
}

/* --- memory ------------------------------------------------------------------------------------
 */

/* Finds with the n-th allocation failing, for all n; what fails must fail for that reason. */
static void assert_survives(const char *profile)
{
    struct parity_credentials_options options = options_for(profile);
    int rc = -1;

    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_credential_source *source;
        const struct parity_credentials *found;
        struct parity_error err = {0};

        net.next = 0;
        net.asked[0] = '\0';
        parity_memory_fail_at(n, 0);
        source = parity_credential_source_new(&options);
        rc = source ? parity_credential_source_get(source, &found, &err) : -1;
        parity_memory_fail_at(0, 0);
        if (rc != 0 && source && err.code != PARITY_E_NOMEM)
            fail_msg("%lu: %s: %s", n, err.context, err.message);
        parity_credential_source_free(source);
        assert_true(n < 1000);
    }
}

static void survives_a_lack_of_memory_at_any_point(void **state)
{
    char path[128];

    (void)state;
    write_file(config_path, one_role);
    net.answers[0] = ROLE_ANSWER("1", ONE_PM);
    assert_survives("a");

    write_file(config_path, sso_config);
    write_sso_token(path, "{\"accessToken\": \"A\", \"expiresAt\": \"2015-08-30T11:00:00Z\", "
                          "\"refreshToken\": \"R1\", \"clientId\": \"I\", \"clientSecret\": "
                          "\"S\", \"registrationExpiresAt\": \"2016-01-01T00:00:00Z\"}");
    net.answers[0] = "{\"accessToken\": \"B\", \"expiresIn\": 7200}";
    net.answers[1] = SSO_ANSWER;
    assert_survives("p");
    unlink(path);

    net.answers[0] = "TOK";
    net.answers[1] = "role";
    net.answers[2] = KEYS("K", ONE_PM);
    assert_survives(NULL);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x", 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "T", 1);
    net.answers[0] = KEYS("K", ONE_PM);
    assert_survives(NULL);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_role_of_a_chain_is_taken_on_with_the_keys_of_the_one_before),
        TEST(a_role_may_have_the_keys_of_a_named_source),
        TEST(a_role_that_is_not_well_described_is_an_error),
        TEST(a_source_profile_without_keys_says_where_they_were_looked_for),
        TEST(an_error_of_sts_is_told),
        TEST(an_answer_of_sts_that_lacks_something_is_an_error_without_its_text),
        TEST(keys_that_have_expired_are_not_used),
        TEST(a_request_that_is_not_allowed_is_reported_as_it_is),
        TEST(web_identity_sends_the_token_unsigned),
        TEST(web_identity_of_a_profile_leaves_the_environment_alone),
        TEST(a_web_identity_token_that_cannot_be_sent_is_an_error),
        TEST(single_sign_on_uses_the_token_of_the_cache),
        TEST(a_renewed_sign_on_token_is_kept_and_not_written),
        TEST(a_sign_on_token_that_is_no_good_says_how_to_get_another),
        TEST(a_sign_on_that_is_not_well_described_is_an_error),
        TEST(the_container_endpoint_is_asked_with_its_token),
        TEST(the_container_endpoint_is_asked_at_safe_places_only),
        TEST(the_container_endpoint_is_asked_three_times),
        TEST(instance_metadata_is_asked_with_a_token),
        TEST(instance_metadata_without_tokens_is_asked_without_one),
        TEST(an_instance_without_keys_says_why),
        TEST(settings_of_instance_metadata_are_checked),
        TEST(keys_of_an_instance_last_longer_while_its_service_is_disturbed),
        TEST(keys_are_renewed_before_they_expire),
        TEST(renewal_that_fails_is_an_error_when_time_runs_out),
        TEST(only_a_network_that_failed_is_asked_again),
        TEST(survives_a_lack_of_memory_at_any_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
