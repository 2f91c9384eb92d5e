# SPDX-License-Identifier: Apache-2.0
"""What `parity run` shows on a terminal, and where there is none."""
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unittest

from runner import THING, RunTest

REPORT = "report/test_report.c"


class Terminal(RunTest):
    def run_on_terminal(self, *arguments, columns=80, **environment):
        """Run on a terminal of that width; all that came out of it."""
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with subprocess.Popen(self.command(*arguments), cwd=self.folder, stdin=subprocess.DEVNULL,
                              env=self.environment(**{"TERM": "xterm", "LC_ALL": None,
                                                      "LC_CTYPE": None, **environment}),
                              stdout=its, stderr=its) as process:
            os.close(its)
            data, deadline = b"", time.monotonic() + 60
            while time.monotonic() < deadline:
                if select.select([ours], [], [], 1)[0]:
                    try:
                        block = os.read(ours, 65536)
                    except OSError:  # the other side is closed
                        break
                    data += block
            self.code = process.wait()
        os.close(ours)
        return data.decode(errors="surrogateescape").replace("\r\n", "\n")

    def live_lines(self, text):
        """What stood in the live line, one after the other."""
        return re.findall(r"\r\x1b\[K([^\r\n\x1b]+)", text)

    def test_progress_with_counts_and_times(self):
        text = self.run_on_terminal(f"{THING}::hangs_with_cleanups", "good", "-j", "1",
                                    "--snapshot-skip-all")
        lines = self.live_lines(text)
        self.assertTrue(any(re.match(r"10\d/101  1 timeout  \d+ passed", line) or
                            re.match(r"\d+/101  \d+ passed  \d s", line) for line in lines), lines)
        self.assertTrue(any("1 s" in line for line in lines), lines)
        # It is gone in the end, and tests that passed have no line of their own.
        self.assertRegex(text.split("\r\x1b[K")[-1], r"timeout\x1b\[0m in \d")
        self.assertNotIn("good_07 (", text)

    def test_the_time_left_is_known_from_the_last_run(self):
        known = self.folder / ".parity/last-run.jsonl"
        known.parent.mkdir()
        known.write_text(json.dumps({"id": f"{THING}::sleeps", "outcome": "passed",
                                     "duration_seconds": 100}) + "\n")
        text = self.run_on_terminal(f"{THING}::sleeps", "--timeout", "1", "--snapshot-skip-all")
        lines = self.live_lines(text)
        self.assertTrue(any(re.match(r"0/1  [01] s  1 min (39|40) s left  ", line)
                            for line in lines), lines)

    def test_the_line_fits_whatever_the_width(self):
        for columns in 10, 24, 80:
            text = self.run_on_terminal(f"{THING}::sleeps", "--timeout", "1", "--snapshot-skip-all",
                                        columns=columns)
            lines = self.live_lines(text)
            self.assertTrue(lines)
            self.assertLess(max(map(len, lines)), columns, lines)

    def test_no_colour_where_it_is_not_wanted(self):
        self.assertIn("\x1b[3", self.run_on_terminal("good"))
        self.assertNotIn("\x1b[3", self.run_on_terminal("good", NO_COLOR="1"))
        self.assertNotIn("\x1b", self.run_on_terminal("good", TERM="dumb"))
        self.run_parity("good", code=0)
        self.assertNotIn("\x1b", self.out)

    def test_quiet_shows_no_progress(self):
        text = self.run_on_terminal("good", "-q")
        self.assertEqual(self.live_lines(text), [])
        self.assertEqual(len(text.splitlines()), 1)

    def test_elsewhere_each_test_has_a_line(self):
        self.run_parity("good", code=0)
        self.assertEqual(len(re.findall(r"(?m)^passed +good/test_good.c::good_\d\d \(", self.out)), 100)
        self.assertNotIn("\r", self.out)

    def test_verbose_tells_of_a_good_test_at_once(self):
        self.run_parity("good/test_good.c::good_00", f"{REPORT}::fails_with_odd_text", "-v", "-j", "1",
                        code=1)
        self.assertLess(self.out.index("| a good test's output"), self.out.index("failed  report/"))

    def test_what_the_target_says_does_not_steer_the_terminal(self):
        text = self.run_on_terminal(f"{REPORT}::fails_with_odd_text", NO_COLOR="1")
        self.assertIn("\\x1b[31m", text)
        self.assertNotIn("\x1b[31m", text)
        self.assertIn("é 😀", text)

    def test_another_character_set_gets_ascii(self):
        text = self.run_on_terminal(f"{REPORT}::fails_with_odd_text", LANG="de_DE.ISO-8859-1")
        self.assertIn("'x' ? ?\n", text)
        text.encode("ascii")
        for locale in "de_DE.UTF-8", "C.utf8", "C", None:
            self.assertIn("é 😀", self.run_on_terminal(f"{REPORT}::fails_with_odd_text", LANG=locale))

    def test_what_failed_is_explained_after_the_last_test_or_else_at_once(self):
        tests = f"{REPORT}::fails_with_odd_text", f"{THING}::describes", "-j", "1", "--snapshot-skip-all"
        explanation = "second line: ::error::x"
        self.run_parity(*tests, code=1)
        self.assertGreater(self.out.index(explanation), self.out.index("passed  thing/"))
        # Nowhere to put it aside, as on a machine of which nothing can be written to.
        done = subprocess.run(self.command(*tests), cwd=self.folder, text=True, capture_output=True,
                              env=self.environment(TMPDIR=str(self.folder / "missing")), timeout=60, check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(done.stdout.count(explanation), 1)
        self.assertLess(done.stdout.index(explanation), done.stdout.index("passed  thing/"))


if __name__ == "__main__":
    unittest.main()
