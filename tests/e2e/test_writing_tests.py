# SPDX-License-Identifier: Apache-2.0
"""
docs/writing-tests.md, followed to the letter in an empty folder: its files are written, its suites
built against an installed parity, its commands run, and their output compared with what it shows.

A block whose first line names a file ("```c suites/sqs/test_first.c") is that file, with a plus sign
its continuation. In a console block "$ " is a command and what follows its output: "..." stands for
anything, times count as equal, "(exit code 1)" is not printed. Commands without output only have to
succeed.

Needs a Python with moto[server] and botocore: PARITY_PYTHON; skipped (77) where there is none.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PYTHON = os.environ.get("PARITY_PYTHON") or sys.executable
if subprocess.run([PYTHON, "-c", "import moto.server, botocore"], capture_output=True).returncode:
    print(f"skipped: {PYTHON} has no moto[server] (set PARITY_PYTHON)")
    sys.exit(77)

SOURCE = pathlib.Path(os.environ["PARITY_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["PARITY_BUILD_DIR"])
PAGE = SOURCE / "docs/writing-tests.md"
BLOCK = re.compile(r"^```(\S*)[ ]?(\+ )?(\S*)\n(.*?)^```$", re.M | re.S)
TIME = re.compile(r"\b\d+\.\d+ s\b")


def pattern(lines):
    """What the shown output matches: a line of three dots any number of lines."""
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(map(re.escape, TIME.sub("N s", line).split("..."))) + r"\n")
    return "".join(parts)


def commands(text):
    """(command, lines of output, exit code) of a console block."""
    found = []
    for line in text.splitlines():
        code = re.fullmatch(r"\(exit code (\d+)\)", line)
        if line.startswith("$ "):
            found.append([line[2:], [], 0])
        elif code:
            found[-1][2] = int(code[1])
        else:
            found[-1][1].append(line)
    return found


class Tutorial(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="parity-tutorial-"))
        self.addCleanup(shutil.rmtree, self.folder)
        prefix = self.folder / "usr"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True,
                       capture_output=True)
        models = subprocess.run([PYTHON, "-c", "import botocore; print(botocore.__path__[0])"],
                                capture_output=True, text=True, check=True).stdout.strip()
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith(("AWS_", "TEST_", "SNAPSHOT_", "SECONDARY_")) and
                            k not in ("CI", "QUICK", "PARITY_MODULES_DIR")}
        self.environment.update({
            "PATH": f"{prefix}/bin:{os.environ['PATH']}", "HOME": str(self.folder),
            "CMAKE_PREFIX_PATH": str(prefix), "CMAKE_GENERATOR": "Ninja",
            "CFLAGS": "-Wall -Wextra -Werror",
            "AWS_DATA_PATH": f"{models}/data", "PARITY_PYTHON": PYTHON})
        self.project = self.folder / "project"
        self.project.mkdir()

    def run_command(self, command, lines, code):
        done = subprocess.run(["sh", "-c", command], cwd=self.project, env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=200)
        self.assertEqual(done.returncode, code, f"$ {command}\n{done.stdout}")
        if lines and not re.fullmatch(pattern(lines), TIME.sub("N s", done.stdout)):
            self.fail(f"$ {command}\nprints\n{done.stdout}\nand not\n" + "\n".join(lines))

    def test_every_snippet_is_built_and_run(self):
        text, ran = PAGE.read_text(), 0
        for language, more, name, content in BLOCK.findall(text):
            if language == "console":
                for command in commands(content):
                    with self.subTest(command[0]):
                        self.run_command(*command)
                        ran += 1
                continue
            self.assertTrue(name, f"a block that is no file and no command:\n{content}")
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if more:
                content = path.read_text() + "\n" + content
            path.write_text(content)
        self.assertEqual(len(BLOCK.findall(text)), text.count("\n```") // 2)
        self.assertGreater(ran, 10)


if __name__ == "__main__":
    unittest.main()
