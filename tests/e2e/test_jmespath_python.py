# SPDX-License-Identifier: Apache-2.0
"""
Our JMESPath against the Python library of that name: expressions made up with a fixed seed, and
every expression in the paginators and waiters of the installed botocore.

Needs a Python with jmespath: PARITY_PYTHON, else python3; skipped (77) where there is none.
"""
import glob
import gzip
import json
import os
import random
import re
import subprocess
import sys
import unittest

EVALUATE = os.environ["PARITY_JMESPATH"]
PYTHON = os.environ.get("PARITY_PYTHON", "python3")
GENERATED = 6000
SOUPS = 6000
DOCUMENTS_EACH = 3

NAMES = ("a", "b", "c", '"d e"')
TEXTS = ("", "a", "ab", "b", "\u00e9\U0001f600", "12", "-3.5")
# Without 0 and 1, which Python takes for booleans inside lists.
NUMBERS = (2, 3, 5, -4, 2.5, 7.0, 12, -6.25, 2 ** 53 + 1, 2 ** 63, -10 ** 20)
UNARY = ("abs", "avg", "ceil", "floor", "keys", "length", "max", "min", "reverse", "sort", "sum",
         "to_array", "to_number", "to_string", "type", "values")


def value(rng, depth):
    kind = rng.randrange(10 if depth > 0 else 6)
    if kind == 0:
        return None
    if kind == 1:
        return rng.random() < 0.5
    if kind in (2, 3):
        return rng.choice(NUMBERS)
    if kind in (4, 5):
        return rng.choice(TEXTS)
    if kind in (6, 7):
        if rng.random() < 0.3:
            pool = rng.choice((NUMBERS, TEXTS))
            return [rng.choice(pool) for _ in range(rng.randrange(5))]
        return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {name.strip('"'): value(rng, depth - 1) for name in NAMES if rng.random() < 0.7}


def number_or_none(rng):
    return rng.choice(("", "", str(rng.randint(-4, 4))))


def suffix(rng, depth):
    kind = rng.randrange(11)
    if kind < 3:
        return "." + rng.choice(NAMES)
    if kind == 3:
        return f"[{rng.randint(-3, 3)}]"
    if kind == 4:
        step = rng.choice(("", ":", f":{rng.choice((-2, -1, 1, 2))}"))
        return f"[{number_or_none(rng)}:{number_or_none(rng)}{step}]"
    if kind == 5:
        return "[*]"
    if kind == 6:
        return "[]"
    if kind == 7:
        return ".*"
    if kind == 8:
        return f"[?{expression(rng, depth - 1)}]"
    if kind == 9:
        return f".[{expression(rng, depth - 1)}, {expression(rng, depth - 1)}]"
    return f".{{x: {expression(rng, depth - 1)}, \"y z\": {expression(rng, depth - 1)}}}"


def literal(rng):
    if rng.random() < 0.4:
        return "'" + rng.choice(TEXTS) + "'"
    return "`" + json.dumps(value(rng, 1)) + "`"


def function(rng, depth):
    kind = rng.randrange(8)
    one = expression(rng, depth - 1)
    two = expression(rng, depth - 1)
    if kind == 0:
        return f"{rng.choice(('sort_by', 'min_by', 'max_by'))}({one}, &{two})"
    if kind == 1:
        return f"map(&{one}, {two})"
    if kind == 2:
        return f"{rng.choice(('contains', 'starts_with', 'ends_with', 'join'))}({one}, {two})"
    if kind == 3:
        return f"{rng.choice(('not_null', 'merge'))}({one}, {two})"
    return f"{rng.choice(UNARY)}({one})"


def expression(rng, depth):
    kind = rng.randrange(12)
    if depth <= 0 or kind < 3:
        return rng.choice(NAMES + ("@", "@", "*", "[]", "[0]"))
    if kind < 7:
        return expression(rng, depth - 1) + suffix(rng, depth)
    if kind == 7:
        operator = rng.choice(("||", "&&", "|", "==", "!=", "<", "<=", ">", ">="))
        return f"{expression(rng, depth - 1)} {operator} {expression(rng, depth - 1)}"
    if kind == 8:
        return f"!{expression(rng, depth - 1)}"
    if kind == 9:
        return f"({expression(rng, depth - 1)})"
    if kind == 10:
        return literal(rng)
    return function(rng, depth)


SOUP = NAMES + ("a", "b", ".", ".", "[", "]", "*", "2", "-3", ":", "|", "||", "&&", "==", "!", "(",
                ")", ",", "'x'", "`2`", "[]", "[?", "[*]", "@", "<", " ")


def soup(rng):
    return "".join(rng.choice(SOUP) for _ in range(rng.randint(1, 7)))


def known_difference(text):
    """What jmespath.h names as not following the library."""
    return (re.search(r"\[-?\d+\](\s*\[[^\]]*\])*\s*\[[^\]?*]*:", text)  # index, then slice
            or re.search(r"[\w\")]\s*\(", text) and not re.search(r"\b[a-z_]+\(", text)
            or ("sum(" in text or "avg(" in text))


def from_botocore():
    """Every expression of paginators and waiters."""
    import botocore
    found = set()
    data = os.path.join(os.path.dirname(botocore.__file__), "data")
    for kind in ("paginators-1", "waiters-2"):
        for path in glob.glob(f"{data}/*/*/{kind}.json*"):
            with (gzip.open(path) if path.endswith(".gz") else open(path, "rb")) as file:
                content = json.load(file)
            for entry in content.get("pagination", {}).values():
                for key in ("output_token", "result_key", "more_results", "non_aggregate_keys"):
                    given = entry.get(key, [])
                    found.update(given if isinstance(given, list) else [given])
            for entry in content.get("waiters", {}).values():
                found.update(a["argument"] for a in entry["acceptors"] if "argument" in a)
    return sorted(found)


def document_for(rng, names, depth=0):
    """A document in which the names of an expression occur at several depths."""
    if depth > 5 or rng.random() < 0.12:
        return rng.choice((None, True, False, 2, 2.5, "", "text", "DISABLED", "DELETING", [], {}))
    rest = names[1:] or names
    if rng.random() < 0.3:
        return [document_for(rng, names, depth + 1) for _ in range(rng.randrange(1, 4))]
    return {name: document_for(rng, rest, depth + 1) for name in names if rng.random() < 0.9}


def judge(text, document):
    """("value", v), ("syntax", reason), ("failure", reason) or ("skip", reason)."""
    import jmespath
    from jmespath import exceptions
    try:
        compiled = jmespath.compile(text)
    except exceptions.JMESPathError as error:
        return "syntax", str(error)
    try:
        return "value", compiled.search(document)
    except exceptions.JMESPathError as error:
        return "failure", str(error)
    except (TypeError, ValueError) as error:
        # Python's own refusal to order or search: a failure only in functions that order.
        if re.search(r"[<>]|contains\(", text):
            return "skip", str(error)
        return "failure", str(error)


def ask(questions):
    done = subprocess.run([EVALUATE], capture_output=True, text=True, timeout=120, check=True,
                          input="".join(json.dumps(q) + "\n" for q in questions))
    return [json.loads(line) for line in done.stdout.splitlines()]


class SameAsTheLibrary(unittest.TestCase):
    def compare(self, questions):
        """Counts of what the library said, so that a test can tell that it tested something."""
        counts = {"value": 0, "null": 0, "syntax": 0, "failure": 0, "skip": 0}
        answers = ask(questions)
        self.assertEqual(len(answers), len(questions))
        for (text, document), ours in zip(questions, answers):
            kind, theirs = judge(text, document)
            counts["null" if kind == "value" and theirs is None else kind] += 1
            where = f"{text!r} on {json.dumps(document)}: {theirs!r} against {ours}"
            if kind == "value" and "merge(" in text and "merge()" in ours.get("message", ""):
                continue  # Python also updates an object with a list of pairs
            if kind == "value":
                self.assertIn("value", ours, where)
                self.assertEqual(json.dumps(ours["value"], sort_keys=True),
                                 json.dumps(theirs, sort_keys=True), where)
            elif kind != "skip":
                self.assertIn("error", ours, where)
        return counts

    def test_generated_expressions(self):
        rng = random.Random(7)
        questions = []
        while len(questions) < GENERATED:
            text = expression(rng, 4)
            if not known_difference(text):
                questions.append([text, value(rng, 4)])
        counts = self.compare(questions)
        self.assertGreater(counts["value"], 1500, counts)
        self.assertGreater(counts["failure"], 100, counts)

    def test_sums_of_numbers_that_fit(self):
        rng = random.Random(8)
        fitting = [n for n in NUMBERS if abs(n) < 2 ** 53]
        questions = []
        for _ in range(300):
            numbers = [rng.choice(fitting) for _ in range(rng.randrange(6))]
            questions += [["sum(@)", numbers], ["avg(@)", numbers]]
        self.assertEqual(self.compare(questions)["failure"], 0)

    def test_words_in_any_order(self):
        rng = random.Random(9)
        questions = []
        while len(questions) < SOUPS:
            text = soup(rng)
            if text and not known_difference(text) and not re.search(r"[\w\")'`\]]\s*\(", text):
                questions.append([text, value(rng, 4)])
        counts = self.compare(questions)
        self.assertGreater(counts["value"] + counts["null"], 500, counts)
        self.assertGreater(counts["syntax"], 500, counts)

    def test_every_expression_of_botocore(self):
        try:
            expressions = from_botocore()
        except ImportError:
            self.skipTest("no botocore")
        rng = random.Random(10)
        self.assertGreater(len(expressions), 1000)
        questions = []
        for text in expressions:
            names = re.findall(r"[A-Za-z_]\w*", re.sub(r"'[^']*'|length\(", " ", text))
            for _ in range(DOCUMENTS_EACH):
                document = document_for(rng, names)
                questions.append([text, document])
        counts = self.compare(questions)
        self.assertEqual(counts["syntax"], 0)
        self.assertGreater(counts["value"], len(expressions), counts)


if __name__ == "__main__":
    try:
        import jmespath  # noqa: F401
    except ImportError:
        if "PARITY_REEXECUTED" in os.environ:
            print("skipped: no Python with jmespath (set PARITY_PYTHON)")
            sys.exit(77)
        os.environ["PARITY_REEXECUTED"] = "1"
        os.execvp(PYTHON, [PYTHON, os.path.abspath(__file__), *sys.argv[1:]])
    unittest.main()
