# SPDX-License-Identifier: Apache-2.0
"""The page of `parity coverage --format html` in a headless Chromium: its keys, its colours, that it needs no network."""
import json
import subprocess
import unittest

import browser
from runner import PARITY, THING, RunTest
from test_report_page import CONTRAST


class CoveragePage(RunTest):
    def test_it_is_read_with_the_keyboard_alone(self):
        self.record("describes")
        self.server.answer = {"Size": 8}
        self.run_parity(f"{THING}::describes", code=1)
        (self.folder / "b.json").write_text(json.dumps({
            **self.document, "target": {**self.document["target"], "name": "other"}}))
        subprocess.run([PARITY, "coverage", "results.json", "b.json", "--format", "html", "-o", "c.html"],
                       cwd=self.folder, env=self.environment(), check=True, timeout=60)
        page = browser.Browser()
        self.addCleanup(page.close)
        page.open(self.folder / "c.html")
        focused = "document.activeElement.textContent"
        for _ in range(9):
            page.press("Tab")
            if page.evaluate(focused) == "thing":
                break
        self.assertEqual(page.evaluate(focused), "thing")
        page.press("Enter")
        page.wait_for("location.hash === '#service-thing'")
        page.evaluate("document.querySelectorAll('summary')[2].focus()")
        page.press("Enter")
        page.wait_for("document.querySelectorAll('details')[2].open")
        for scheme in "light", "dark":
            page.prefer(scheme)
            self.assertEqual(page.evaluate(CONTRAST), [], scheme)
        self.assertEqual(page.complaints(), [])
        self.assertEqual([u for u in page.requests() if not u.startswith(("file:", "data:"))], [])


if __name__ == "__main__":
    unittest.main()
