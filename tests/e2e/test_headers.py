# SPDX-License-Identifier: Apache-2.0
"""
The installed headers, all that the writer of a suite needs: each compiles alone, says what everything
in it is for, and names just what the library offers; and a suite with one of everything, written from
them, runs.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import header_docs
from runner import BUILD, HERE, RunTest

CC = os.environ.get("CC", "cc")
CXX = os.environ.get("CXX", "c++")
STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic")


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False,
                          timeout=200, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Installed:
    """What `cmake --install` puts in place, once for all tests of a class."""

    @classmethod
    def install(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="parity-headers-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.prefix = folder / "usr"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.headers = sorted((cls.prefix / "include/parity").glob("*.h"))
        pc = next(cls.prefix.rglob("parity.pc")).parent
        cls.flags = run("pkg-config", "--cflags", "--libs", "parity",
                        env={**os.environ, "PKG_CONFIG_PATH": str(pc)}).split()


class Headers(Installed, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.install()
        cls.read = {path: header_docs.read_header(path.read_text()) for path in cls.headers}
        cls.items = [item for header in cls.read.values() for item in header.items]

    def names(self, kind):
        return {item.name for item in self.items if item.kind == kind}

    def compile_alone(self, compiler, language, standard):
        for path in self.headers:
            run(compiler, "-x", language, f"-std={standard}", *STRICT, "-fsyntax-only", *self.flags, "-",
                input=f"#include <parity/{path.name}>\n")

    def macros_with(self, source):
        text = run(CC, "-std=c11", "-dM", "-E", *self.flags, "-x", "c", "-", input=source)
        return set(re.findall(r"^#define (\w+)", text, re.MULTILINE))

    def test_each_compiles_alone_as_c(self):
        self.compile_alone(CC, "c", "c11")

    @unittest.skipUnless(shutil.which(CXX), "no C++ compiler")
    def test_each_compiles_alone_as_cxx(self):
        self.compile_alone(CXX, "c++", "c++17")

    def test_everything_is_explained(self):
        self.assertGreater(len(self.items), 250)
        for path, header in self.read.items():
            self.assertEqual(header.undocumented(), [], f"{path.name}: without a comment")

    def test_without_any_of_the_comments_something_is_not(self):
        for path, header in self.read.items():
            lines = path.read_text().splitlines(keepends=True)
            explained = {}
            for item in header.items:
                explained.setdefault(item.comment, set()).add(f"{item.kind} {item.name}")
            for comment in (p for p in header.pieces if p.kind == "comment" and p.first in explained):
                rest = [*lines]
                rest[comment.first - 1:comment.last] = re.sub(
                    r"[^\n]", " ", "".join(rest[comment.first - 1:comment.last])).splitlines(keepends=True)
                rest[comment.first - 1] = lines[comment.first - 1].partition("/*")[0].rstrip() + "\n"
                found = header_docs.read_header("".join(rest)).undocumented()
                self.assertLessEqual(explained[comment.first], {line.rpartition(" (")[0] for line in found},
                                     f"{path.name}:{comment.first}")

    def test_no_macro_was_passed_over(self):
        without = "#include <jansson.h>\n#include <stdbool.h>\n#include <stddef.h>\n"
        own = self.macros_with(without + "#include <parity/parity.h>\n") - self.macros_with(without)
        self.assertEqual({name for name in own if not re.fullmatch(r"PARITY_\w+_H", name)},
                         self.names("macro"))

    def test_they_name_what_the_library_offers_and_nothing_else(self):
        library = next(self.prefix.rglob("libparity.so"))
        offered = {}
        for line in run("readelf", "-W", "--dyn-syms", library).splitlines():
            words = line.split()
            if len(words) == 8 and words[6] not in ("UND", "ABS") and words[0] != "Num:":
                name, _, version = words[7].partition("@")
                offered.setdefault(version.lstrip("@"), set()).add(name)
        self.assertEqual(offered.keys(), {"PARITY", "PARITY_PRIVATE"})
        self.assertEqual(offered["PARITY"], self.names("function"),
                         "cmake/libparity.map has to list the functions of the public headers")

    def test_a_file_without_comments_is_found_out(self):
        header = header_docs.read_header(
            "#ifndef A_H\n#define A_H\n#define B(x) \\\n    (x)\n\n/* D and E. */\n#define D 1\n#define E\n"
            "enum f {\n    G,\n    H = 2 /* h */\n};\n/** I. */\nstruct i {\n    int j, *k[2]; /* both */\n"
            "    void (*l)(int m, int n);\n};\n__attribute__((format(printf, 1, 2))) int o(const char *, ...);\n"
            "int p(void); /* p */\nint q(void);\n\nint r(void);\ntypedef int s;\nstruct t;\n#endif\n")
        self.assertEqual([f"{item.kind} {item.name}" for item in header.items if item.comment],
                         ["macro D", "macro E", "enumerator H", "type struct i", "member j", "member k",
                          "function p", "function q"])
        self.assertEqual([line.partition(" (")[0] for line in header.undocumented()],
                         ["macro B", "type enum f", "enumerator G", "member l", "function o", "function r",
                          "typedef s", "type struct t"])


class Suite(Installed, RunTest):
    """Compiled with what pkg-config says, and run by the installed program."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.install()
        cls.modules = cls.prefix.parent / "modules"
        (cls.modules / "thing").mkdir(parents=True)
        run(CC, "-std=c11", *STRICT, "-shared", "-fPIC", HERE / "header_suites/thing/test_of_everything.c",
            *cls.flags, "-o", cls.modules / "thing/test_of_everything.so")
        cls.models = cls.prefix.parent / "models"
        shutil.copytree(HERE / "models", cls.models)
        cls.add_to_the_model(cls.models / "thing/2020-01-01")

    @staticmethod
    def add_to_the_model(folder):
        """Pages and a waiter, which the service of the other tests does not have."""
        path = folder / "service-2.json"
        model = json.loads(path.read_text())
        model["operations"]["ListThings"] = {
            "name": "ListThings", "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Page"}, "output": {"shape": "Page"}}
        model["shapes"]["Page"] = {"type": "structure", "members": {
            "Things": {"shape": "Notes"}, "NextToken": {"shape": "String"}}}
        path.write_text(json.dumps(model))
        (folder / "paginators-1.json").write_text(json.dumps({"pagination": {"ListThings": {
            "input_token": "NextToken", "output_token": "NextToken", "result_key": "Things"}}}))
        (folder / "waiters-2.json").write_text(json.dumps({"version": 2, "waiters": {"ThingReady": {
            "operation": "DescribeThing", "delay": 1, "maxAttempts": 5, "acceptors": [
                {"matcher": "path", "argument": "Colour", "expected": "red", "state": "success"}]}}}))

    def command(self, *arguments):
        return [self.prefix / "bin/parity", "run", *arguments]

    def environment(self, **changes):
        return super().environment(PARITY_MODULES_DIR=str(self.modules),
                                   AWS_DATA_PATH=str(self.models), **changes)

    def test_one_of_everything(self):
        self.configure(suites=None)
        (self.folder / "attached.bin").write_bytes(b"\x00\x01")
        results = self.run_parity("--snapshot-skip-all", "-j2", code=1)
        self.assertEqual({name: result["outcome"] for name, result in results.items()}, {
            "a_second_account_and_region": "passed", "an_error": "passed", "attachments": "passed",
            "expectations_that_are_not_met": "failed", "fixtures_of_three_scopes": "passed",
            "is_skipped_from_inside": "skipped", "pages": "passed", "parameters[green]": "skipped",
            "parameters[red]": "passed", "waiting": "passed"},
            {name: result["message"] for name, result in results.items()})
        self.assertRegex(results["expectations_that_are_not_met"]["message"],
                         r"(?s)test_of_everything\.c:\d+: expected .*8.*\n.*: expected 3 of them")
        self.assertIn("it has seen enough in us-east-1", results["is_skipped_from_inside"]["message"])
        self.assertEqual([a["name"] for a in results["attachments"]["attachments"]],
                         ["words.txt", "value.json", "attached.bin"])
        self.assertEqual(self.server.things, {})
        signed = {json.loads(body)["Name"]: headers["Authorization"]
                  for operation, body, headers in self.server.requests if operation == "DescribeThing"}
        self.assertIn("Credential=000000000002/", signed["of-second"])
        self.assertIn("/ap-southeast-1/thing/", signed["of-second"])
        self.assertIn("/eu-central-1/thing/", signed["elsewhere"])


if __name__ == "__main__":
    unittest.main()
