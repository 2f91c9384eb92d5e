# SPDX-License-Identifier: Apache-2.0
"""The page of `parity run --html` in a headless Chromium: what it shows, its keys, its speed."""
import json
import pathlib
import re
import sys
import time
import unittest

import browser
from runner import THING, RunTest

if not browser.find():
    print("skipped: there is no chromium; 'scripts/setup --tests' installs it")
    sys.exit(77)

REPORT = "report/test_report.c"
MARKUP = "</script><b>]]>&amp;\u2028\x01"
DATA = re.compile(r'(<script type="application/json" id="data">)(.*?)(</script>)', re.DOTALL)

# Texts that are hard to read: [text, ratio] where the contrast is below 4.5 (WCAG 2.2, 1.4.3).
CONTRAST = """(() => {
  const light = (rgb) => { const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                           return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
                          if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const bad = [];
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || e.closest("script, select") ||
        ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const a = light(parse(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([e.textContent.slice(0, 40), ratio]);
  }
  return bad;
})()"""


class Page(RunTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = browser.Browser()
        cls.page = None

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        super().tearDownClass()

    def setUp(self):
        super().setUp()
        if not Page.page:
            Page.page = self.make_page()
        path = self.folder / "report.html"
        path.write_text(Page.page)
        self.open(path)

    def make_page(self):
        self.run_parity(f"{THING}::describes", f"{REPORT}::differs", "--snapshot-update", code=0)
        self.server.answer = {"Colour": MARKUP, "Size": 2**60}
        self.server.headers = [("Set-Cookie", "session=very-secret"), ("X-Odd", "é")]
        path = self.folder / "made.html"
        self.run_parity(f"{THING}::describes", f"{THING}::bad_html500", f"{THING}::skips_itself",
                        f"{THING}::crashes_with_cleanups", f"{THING}::unknown_operation", REPORT,
                        "good/test_good.c::good_00", "--html", str(path), code=1)
        return path.read_text()

    def open(self, path, width=1280):
        self.browser.resize(width, 800)
        self.browser.prefer("light")
        self.browser.open("about:blank" if path is None else path)

    def ask(self, expression):
        return self.browser.evaluate(expression)

    def rows(self):
        """Names of the tests in the list, from above; those in sight are elements."""
        names = self.ask("shown.map((t) => t.name)")
        drawn = self.ask("[...document.querySelectorAll('.row')].sort((a, b) => a.ariaPosInSet - b.ariaPosInSet)"
                         ".map((r) => r.querySelector('.name').textContent)")
        self.assertEqual(drawn, names[:len(drawn)] if len(names) < 30 else drawn)
        return names

    def heading(self):
        return self.ask("document.querySelector('#test').firstChild.data")

    def focus(self):
        return self.ask("document.activeElement.id || document.activeElement.className")

    def select(self, name, value):
        self.ask(f"document.getElementById('{name}').value = {json.dumps(value)};"
                 f"document.getElementById('{name}').dispatchEvent(new Event('change'))")

    def show(self, name):
        self.ask(f"choose(tests.find((t) => t.name === {json.dumps(name)}), true)")

    # --- what it shows ------------------------------------------------------------------------

    def test_it_is_one_file_and_has_nothing_to_complain_of(self):
        for test in self.rows():
            self.show(test)
            self.ask("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual([u for u in self.browser.requests() if not u.startswith(("file:", "data:"))], [])
        self.assertNotRegex(Page.page, r"(src|href)=[\"']?(https?:)?//")

    def test_the_head_sums_up(self):
        self.assertEqual(self.ask("document.title"), "parity: 4 failed, 1 crashed, 1 error")
        self.assertEqual(self.ask("title.textContent"), "4 failed, 1 crashed, 1 error of 11 tests")
        self.assertIn("verified against fake in us-east-1", self.ask("against.textContent"))

    def test_what_needs_attention_comes_first(self):
        self.assertEqual(self.rows(), [
            "differs", "fails_with_odd_text", "bad_html500", "describes", "crashes_with_cleanups",
            "unknown_operation", "good_00", "passes_with_a_failed_cleanup", "passes_with_output",
            "skips_with_odd_text", "skips_itself"])
        self.select("order", "name")
        self.assertEqual(self.rows()[0], "good_00")
        self.select("order", "slow")
        times = self.ask("tests.map((t) => t.duration_seconds)")
        self.assertEqual(times, sorted(times, reverse=True))

    def test_differences_stand_side_by_side_with_the_changed_part_marked(self):
        self.show("describes")
        sides = self.ask("""[...document.querySelectorAll('.difference')].map((d) => [
            d.querySelector('.place code').textContent,
            ...[...d.querySelectorAll('tbody td')].map((c) => [c.textContent,
                [...c.querySelectorAll('mark')].map((m) => m.textContent).join('|')])])""")
        self.assertIn(["$.Size", ["7", "7"], ["1152921504606846976", "1152921504606846976"]], sides)
        colour = next(side for side in sides if side[0] == "$.Colour")
        self.assertEqual(colour[1], ['"red"', "red"])
        self.assertEqual(colour[2][0], '"</script><b>]]>&amp;\\u2028\\u0001"')

    def test_no_text_of_a_test_is_taken_for_markup(self):
        for name in "differs", "fails_with_odd_text", "passes_with_output":
            self.show(name)
            self.assertEqual(self.ask("document.querySelectorAll('.detail b, .detail script').length"), 0)
        self.assertIn("]]> \\x1b[31m </script><!-- \u2028 50%",
                      self.ask("document.querySelector('.detail pre').textContent"))

    def test_calls_show_what_went_over_the_wire(self):
        self.show("describes")
        self.assertEqual(self.ask("[...document.querySelectorAll('.call > summary > span:first-child')]"
                                  ".map((s) => s.textContent)"),
                         ["thing CreateThing", "thing DescribeThing", "thing DeleteThing (cleanup)"])
        self.browser.click(".call:nth-child(2) > summary")
        self.browser.wait_for("document.querySelectorAll('.wire pre').length === 2")
        request, response = self.ask("[...document.querySelectorAll('.wire pre')].map((p) => p.textContent)")
        self.assertTrue(request.startswith(f"POST {self.server.url}/\n"))
        self.assertIn("X-Amz-Target: Thing.DescribeThing\n", request)
        self.assertIn("Authorization: <hidden>\n", request)
        self.assertRegex(request, r'\n\n\{\n  "Name": "plain-')
        self.assertTrue(response.startswith("HTTP 200\n"))
        self.assertIn("X-Odd: é\n", response)
        self.assertIn('"Size": 1152921504606847000', response)

    def test_no_credential_is_in_the_file(self):
        for secret in "AWS4-HMAC", "Signature=", "very-secret":
            self.assertNotIn(secret, Page.page)

    # --- filters and keys ---------------------------------------------------------------------

    def test_filters(self):
        self.browser.click(".chip.failed")
        self.assertEqual(len(self.rows()), 4)
        self.assertEqual(self.ask("document.querySelector('.chip.failed').ariaPressed"), "true")
        self.browser.click(".chip.crashed")
        self.assertEqual(len(self.rows()), 5)
        self.browser.click(".chip.failed")
        self.assertEqual(self.rows(), ["crashes_with_cleanups"])
        self.assertEqual(self.heading(), "crashes_with_cleanups")
        self.browser.click(".chip.crashed")
        self.select("tag", "quick")
        self.assertEqual(self.rows(), ["passes_with_output"])
        self.select("tag", "reports")
        self.assertEqual(len(self.rows()), 5)
        self.select("tag", "AWS_VALIDATED")
        self.assertEqual(sorted(self.rows()), ["describes", "differs"])
        self.assertEqual(self.ask("document.getElementById('shown').textContent"), "2 of 11 tests")

    def test_search_takes_all_words_in_names_calls_and_messages(self):
        for words, expected in (("html500", ["bad_html500"]), ("creatething crash", ["crashes_with_cleanups"]),
                                ("NO NEED", ["skips_itself"]), ("nothing like it", [])):
            self.ask(f"search.value = {json.dumps(words)}; search.dispatchEvent(new Event('input'))")
            self.assertEqual(self.rows(), expected, words)
        self.assertEqual(self.ask("detail.textContent"), "No test fits.")

    def test_the_keyboard_is_enough(self):
        press, rows = self.browser.press, self.rows()
        press("j")
        self.assertEqual(self.heading(), rows[1])
        press("j", "ArrowDown", "k")
        self.assertEqual(self.heading(), rows[2])
        self.assertEqual(self.ask("document.getElementById(list.getAttribute('aria-activedescendant')).ariaSelected"), "true")
        press("End")
        self.assertEqual(self.heading(), rows[-1])
        press("ArrowDown", "Home", "ArrowUp")
        self.assertEqual(self.heading(), rows[0])
        press("Enter")
        self.assertEqual(self.focus(), "test")
        press("Escape")
        self.assertEqual(self.focus(), "list")
        press("/")
        self.assertEqual(self.focus(), "search")
        press(*"describes")
        self.assertEqual(self.rows(), ["describes"])
        press("ArrowDown")
        self.assertEqual(self.heading(), "describes")
        press("Enter", "Tab")
        self.assertEqual(self.ask("document.activeElement.tagName"), "SUMMARY")
        press("Enter")
        self.assertTrue(self.ask("document.activeElement.parentElement.open"))
        press("Escape", "/", "Escape")
        self.assertEqual(len(self.rows()), len(rows))
        press("Escape", "?")
        self.assertTrue(self.ask("help.open"))

    def test_a_test_has_an_address(self):
        self.show("describes")
        self.assertEqual(self.ask("decodeURIComponent(location.hash)"), f"#{THING}::describes")
        self.ask("window.before = true; location.reload()")
        self.browser.wait_for("!window.before && document.querySelector('#test') !== null")
        self.assertEqual(self.heading(), "describes")

    # --- for everybody ------------------------------------------------------------------------

    def test_texts_are_readable_in_both_schemes(self):
        for scheme in "light", "dark":
            self.browser.prefer(scheme)
            for name in self.rows():
                self.show(name)
                self.ask("document.querySelectorAll('details').forEach((d) => { d.open = true })")
                self.assertEqual(self.ask(CONTRAST), [], f"{scheme}: {name}")

    def test_its_parts_have_roles_and_names(self):
        nodes = self.browser.send("Accessibility.getFullAXTree")["nodes"]
        found = {(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes
                 if "role" in n and not n.get("ignored")}
        for part in (("listbox", "Tests"), ("searchbox", "Search tests, calls and messages"),
                     ("article", "Chosen test"), ("combobox", "Order"), ("group", "Outcomes")):
            self.assertIn(part, found)
        self.assertTrue([name for role, name in found if role == "option" and "failed" in name])
        unnamed = [role for role, name in found
                   if role in ("button", "combobox", "searchbox", "option", "listbox") and not name]
        self.assertEqual(unnamed, [])

    def test_on_a_narrow_screen_list_and_test_take_turns(self):
        self.browser.resize(390, 800)
        self.assertFalse(self.ask("detail.checkVisibility()"))
        self.browser.click(".row")
        self.assertTrue(self.ask("detail.checkVisibility()"))
        self.assertFalse(self.ask("list.checkVisibility()"))
        self.assertLessEqual(self.ask("document.documentElement.scrollWidth"), 390)
        self.browser.click(".back")
        self.assertTrue(self.ask("list.checkVisibility()"))

    def test_five_thousand_tests(self):
        page = self.folder / "large.html"
        data = json.loads(DATA.search(Page.page)[2])
        some = data["tests"]
        data["tests"] = [{**some[i % len(some)], "id": f"{some[i % len(some)]['id']}[{i}]"} for i in range(5000)]
        text = json.dumps(data).replace("<", "\\u003c")
        page.write_text(DATA.sub(lambda match: match[1] + text + match[3], Page.page))
        start = time.monotonic()
        self.browser.open(page)
        self.assertEqual(self.ask("shown.length"), 5000)
        self.assertLess(time.monotonic() - start, 15)
        start = time.monotonic()
        self.browser.press("/", *"[4999]")
        self.assertEqual(len(self.rows()), 1)
        self.browser.press("Escape", "Escape", "End", "k")
        self.assertLess(time.monotonic() - start, 10)
        self.assertEqual(self.ask("shown.indexOf(chosen)"), 4998)


if __name__ == "__main__":
    unittest.main()
