/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/undo_names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { OPPOSITES = 5 };

/* A verb that is in no line creates nothing that one would delete: it changes, asks or sends. */
static const struct {
    const char *verb, *opposites[OPPOSITES];
} verbs[] = {
    {"Create", {"Delete", "Terminate", "Abort", "Cancel", "Remove"}},
    {"Put", {"Delete", "Remove"}},
    {"Run", {"Terminate", "Stop", "Delete"}},
    {"Start", {"Stop", "Cancel", "Terminate", "Abort", "Delete"}},
    {"Register", {"Deregister", "Unregister", "Delete"}},
    {"Import", {"Delete", "Cancel"}},
    {"Restore", {"Delete"}},
    {"Copy", {"Delete", "Deregister"}},
    {"Add", {"Remove", "Delete"}},
    {"Attach", {"Detach"}},
    {"Associate", {"Disassociate", "Dissociate"}},
    {"Enable", {"Disable"}},
    {"Activate", {"Deactivate"}},
    {"Allocate", {"Release", "Deallocate"}},
    {"Assign", {"Unassign"}},
    {"Authorize", {"Revoke", "Deauthorize"}},
    {"Grant", {"Revoke"}},
    {"Publish", {"Delete", "Unpublish"}},
    {"Request", {"Cancel", "Delete"}},
    {"Subscribe", {"Unsubscribe"}},
    {"Provision", {"Deprovision", "Terminate", "Delete"}},
    {"Upload", {"Delete"}},
    {"Initiate", {"Abort", "Cancel", "Delete"}},
    {"Submit", {"Cancel", "Terminate", "Delete"}},
    {"Issue", {"Revoke"}},
    {"Open", {"Close"}},
    {"Connect", {"Disconnect"}},
    {"Define", {"Delete", "Undefine"}},
    {"Build", {"Delete", "Cancel"}},
    {"Launch", {"Terminate", "Delete"}},
    {"Install", {"Uninstall"}},
    {"Share", {"Unshare"}},
    {"Join", {"Leave"}},
    {"Invite", {"Delete", "Cancel"}},
    {"Purchase", {"Release", "Cancel"}},
    {"Clone", {"Delete"}},
    {"Replicate", {"Remove", "Delete"}},
    {"Deploy", {"Undeploy", "Delete"}},
    {"Instantiate", {"Terminate", "Delete"}},
    {"Insert", {"Delete"}},
    {"Write", {"Delete"}},
    {"Begin", {"Rollback", "Abort"}},
    {"Schedule", {"Unschedule", "Cancel"}},
    {"Lock", {"Unlock"}},
    {"Claim", {"Release"}},
    {"Generate", {"Delete"}},
};

/* Length of the word at the beginning: "Admin" of "AdminCreateUser". */
static size_t word_length(const char *text)
{
    size_t length = text[0] ? 1 : 0;

    while (islower((unsigned char)text[length]) || isdigit((unsigned char)text[length]))
        length++;
    return length;
}

static bool is_word(const char *word, size_t length, const char *verb)
{
    return verb[0] == word[0] && strlen(verb) == length && strncmp(verb, word, length) == 0;
}

/* The position of a verb in the table, or the table's length. */
static size_t find_verb(const char *word, size_t length)
{
    size_t i = 0;

    while (i < sizeof verbs / sizeof *verbs && !is_word(word, length, verbs[i].verb))
        i++;
    return i;
}

bool parity_undo_name_undoes(const char *operation)
{
    size_t length = word_length(operation);

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        for (size_t k = 0; k < OPPOSITES && verbs[i].opposites[k]; k++)
            if (is_word(operation, length, verbs[i].opposites[k]))
                return true;
    return false;
}

bool parity_undo_name_deletes(const char *operation)
{
    size_t length = word_length(operation);

    return is_word(operation, length, "Delete") || is_word(operation, length, "Terminate");
}

bool parity_undo_name_read(const char *operation, struct parity_undo_name *out)
{
    size_t length = word_length(operation), first = 0;
    size_t verb = find_verb(operation, length);

    /* "BatchCreate…", "AdminCreate…": the verb may be the second word, unless the first undoes. */
    if (verb == sizeof verbs / sizeof *verbs && !parity_undo_name_undoes(operation)) {
        first = length;
        length = word_length(operation + first);
        verb = find_verb(operation + first, length);
    }
    if (verb == sizeof verbs / sizeof *verbs || strlen(operation) >= PARITY_UNDO_NAME)
        return false;
    snprintf(out->before, sizeof out->before, "%.*s", (int)first, operation);
    out->verb = verb;
    snprintf(out->noun, sizeof out->noun, "%s", operation + first + length);
    return true;
}

bool parity_undo_name_makes_anew(const struct parity_undo_name *name)
{
    static const char *const anew[] = {"Create", "Run", "Allocate"};

    for (size_t i = 0; i < sizeof anew / sizeof *anew; i++)
        if (strcmp(verbs[name->verb].verb, anew[i]) == 0)
            return true;
    return false;
}

/* --- names of other operations -----------------------------------------------------------------
 */

/* At most `most` bytes of a text. @return where the next one goes */
static char *put(char *at, const char *text, size_t most)
{
    size_t length = strnlen(text, most);

    memcpy(at, text, length);
    at[length] = '\0';
    return at + length;
}

static void add(struct parity_undo_candidates *out, const char *before, const char *verb,
                const char *noun, const char *after)
{
    enum { BEFORE = 24, VERB = 24, NOUN = 72, AFTER = 4 };
    _Static_assert(BEFORE + VERB + NOUN + AFTER < PARITY_UNDO_NAME, "a name has room");

    if (out->count < PARITY_UNDO_NAMES)
        put(put(put(put(out->names[out->count++], before, BEFORE), verb, VERB), noun, NOUN), after,
            AFTER);
}

/* Whether English makes it "ies": "Policy", but not "Key". */
static bool ends_in_y(const char *noun)
{
    size_t length = strlen(noun);

    return length > 1 && noun[length - 1] == 'y' && !strchr("aeou", noun[length - 2]);
}

static void add_plural(struct parity_undo_candidates *out, const char *before, const char *verb,
                       const char *noun)
{
    char stem[PARITY_UNDO_NAME];
    size_t length = strlen(noun);

    if (length == 0)
        return;
    if (ends_in_y(noun)) {
        snprintf(stem, sizeof stem, "%.*s", (int)(length - 1), noun);
        add(out, before, verb, stem, "ies");
    } else if (strchr("sxh", noun[length - 1])) {
        add(out, before, verb, noun, "es");
    } else {
        add(out, before, verb, noun, "s");
    }
}

/* "UserToGroup" is undone as "UserFromGroup". */
static bool turn_around(const char *noun, char out[PARITY_UNDO_NAME])
{
    for (const char *to = strstr(noun, "To"); to; to = strstr(to + 1, "To"))
        if (to > noun && isupper((unsigned char)to[2])) {
            snprintf(out, PARITY_UNDO_NAME, "%.*sFrom%.60s", (int)(to - noun), noun, to + 2);
            return true;
        }
    return false;
}

void parity_undo_name_opposites(const struct parity_undo_name *name,
                                struct parity_undo_candidates *out)
{
    const char *const *opposites = verbs[name->verb].opposites;
    char turned[PARITY_UNDO_NAME];
    bool turns = turn_around(name->noun, turned);

    out->count = 0;
    for (size_t i = 0; i < OPPOSITES && opposites[i]; i++) {
        if (turns)
            add(out, name->before, opposites[i], turned, "");
        add(out, name->before, opposites[i], name->noun, "");
    }
    for (size_t i = 0; i < OPPOSITES && opposites[i]; i++)
        add_plural(out, name->before, opposites[i], name->noun);
    /* "PutMetricAlarm", "DeleteAlarms": the noun without its first word. */
    if (name->noun[word_length(name->noun)]) {
        const char *shorter = name->noun + word_length(name->noun);

        for (size_t i = 0; i < 2 && opposites[i]; i++) {
            add(out, name->before, opposites[i], shorter, "");
            add_plural(out, name->before, opposites[i], shorter);
        }
    }
}

void parity_undo_name_lookups(const struct parity_undo_name *name, const char *rest,
                              struct parity_undo_candidates *out)
{
    static const char *const asking[] = {"Get", "Describe", "List"};

    out->count = 0;
    if (rest[0])
        add(out, "", "Get", name->noun, rest);
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
        add(out, "", asking[i], name->noun, "");
        add_plural(out, "", asking[i], name->noun);
    }
}
