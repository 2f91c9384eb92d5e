# SPDX-License-Identifier: Apache-2.0
"""The page of `parity run --html` in a headless Chromium: what it shows, its keys, its speed."""
import itertools
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

REPORT, ATTENTION = "report/test_report.c", "report/test_attention.c"
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


class PageTest(RunTest):
    """A page that is made once for all tests of a class, and opened by each."""
    browser = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = PageTest.browser = PageTest.browser or browser.Browser()
        cls.page = None

    def setUp(self):
        super().setUp()
        if not self.page:
            type(self).page = self.make_page()
        path = self.folder / "report.html"
        path.write_text(self.page)
        self.open(path)

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

    def assert_no_complaint(self):
        """Nothing that a browser complains of is in any test, with all of it unfolded."""
        for test in self.rows():
            self.show(test)
            self.ask("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual([u for u in self.browser.requests() if not u.startswith(("file:", "data:"))], [])

    def assert_readable(self):
        for scheme in "light", "dark":
            self.browser.prefer(scheme)
            for name in self.rows():
                self.show(name)
                self.ask("document.querySelectorAll('details').forEach((d) => { d.open = true })")
                self.assertEqual(self.ask(CONTRAST), [], f"{scheme}: {name}")


class Page(PageTest):
    def make_page(self):
        self.run_parity(f"{THING}::describes", f"{REPORT}::differs", "--snapshot-update", code=0)
        self.server.answer = {"Colour": MARKUP, "Size": 2**60}
        self.server.headers = [("Set-Cookie", "session=very-secret"), ("X-Odd", "é")]
        path = self.folder / "made.html"
        self.run_parity(f"{THING}::describes", f"{THING}::bad_html500", f"{THING}::skips_itself",
                        f"{THING}::crashes_with_cleanups", f"{THING}::unknown_operation", REPORT,
                        "good/test_good.c::good_00", "--html", str(path), code=1)
        return path.read_text()

    # --- what it shows ------------------------------------------------------------------------

    def test_it_is_one_file_and_has_nothing_to_complain_of(self):
        self.assert_no_complaint()
        self.assertNotRegex(self.page, r"(src|href)=[\"']?(https?:)?//")

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
            self.assertNotIn(secret, self.page)

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
        self.assert_readable()

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
        self.browser.wait_for("!detail.checkVisibility()")
        self.browser.click(".row")
        self.browser.wait_for("detail.checkVisibility()")
        self.assertFalse(self.ask("list.checkVisibility()"))
        self.assertLessEqual(self.ask("document.documentElement.scrollWidth"), 390)
        self.browser.click(".back")
        self.assertTrue(self.ask("list.checkVisibility()"))

    def test_five_thousand_tests(self):
        page = self.folder / "large.html"
        data = json.loads(DATA.search(self.page)[2])
        some = data["tests"]
        data["tests"] = [{**some[i % len(some)], "id": f"{some[i % len(some)]['id']}[{i}]"} for i in range(5000)]
        text = json.dumps(data).replace("<", "\\u003c")
        page.write_text(DATA.sub(lambda match: match[1] + text + match[3], self.page))
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


class Attention(PageTest):
    """What a page shows beside differences and calls, and that the keyboard reaches it."""

    def make_page(self):
        bodies, chosen = "authoring/test_bodies.c", "chosen/test_chosen.c"
        traces, path = self.folder / "traces", self.folder / "made.html"
        traces.mkdir()
        sizes = itertools.chain([7] * 4 + [8], itertools.repeat(7))
        self.run_parity(f"{THING}::describes", ATTENTION,
                        f"{bodies}::expects_in_vain", "--snapshot-update")
        self.server.answer = {"Unheard": "of", "Size": lambda: next(sizes)}
        self.run_parity(f"{THING}::describes", ATTENTION,
                        f"{bodies}::attaches", f"{bodies}::expects_in_vain", "-j", "1",
                        *(f"{chosen}::{name}" for name in ("passes_the_third_time", "never_passes",
                                                           "crashes_the_first_time")),
                        "--retries", "2", "--html", str(path), code=1,
                        PARITY_TEST_TRACES=str(traces))
        return path.read_text()

    def texts(self, selector):
        return self.ask(f"[...document.querySelectorAll({json.dumps(selector)})].map((e) => e.textContent)")

    def section(self, title):
        """All text of a part of the test that is shown."""
        return self.ask("[...document.querySelectorAll('.detail h3, .detail > details > summary')]"
                        f".find((h) => h.textContent === {json.dumps(title)})?.parentElement.innerText")

    def test_nothing_to_complain_of(self):
        self.assert_no_complaint()

    def test_texts_are_readable_in_both_schemes(self):
        self.assert_readable()

    def test_attachments(self):
        self.show("attaches")
        self.assertEqual(self.texts(".detail p.mono"), [
            "note (10 bytes)", "value (32 bytes)", "attached.html (13 bytes)", "picture.png (6 bytes)",
            "empty (0 bytes)", "large (1.0 MiB)", "large bytes (1.0 MiB)"])
        shown = self.texts(".detail section:last-child pre")
        self.assertEqual(shown[0], "a text €")
        self.assertEqual(json.loads(shown[1]), {"a": [1, "b"]})
        self.assertEqual(shown[2], "<p>hello</p>\n")
        self.assertTrue(shown[4].endswith("bytes left out]\n"))
        self.assertEqual(self.ask("document.querySelector('.detail img').src"),
                         "data:image/png;base64,iVBORwAB")
        self.assertIn("too large to be kept", self.section("Attachments"))

    def test_a_flaky_test_shows_its_attempts(self):
        self.show("passes_the_third_time")
        self.assertIn("flaky", self.texts(".facts .tag"))
        self.assertEqual(self.texts(".attempt .message"),
                         [f"attempt {i}in chosen/test_chosen.c:{self.line()}" for i in (1, 2)])
        self.assertEqual(self.texts(".attempt .outcome"), ["failed", "failed"])
        self.assertIn("attempt 2", self.section("Passed at attempt 3"))
        self.show("crashes_the_first_time")
        self.assertIn("SIGABRT", self.section("Passed at attempt 2"))
        self.assertIn("backtrace:", self.section("Passed at attempt 2"))
        self.show("describes")
        self.assertEqual(self.texts(".attempt .place code"), ["$.Size"])
        self.assertEqual(self.texts(".attempt td"), ["7", "8"])
        self.show("never_passes")
        self.assertIn("2 earlier attempts", self.texts(".detail summary"))

    def line(self):
        return self.ask("chosen.attempts[0].location.split(':')[1]")

    def test_findings_and_warnings(self):
        self.show("passes_with_a_warning")
        self.assertIn("$..Idle selects nothing", self.section("Warnings"))
        self.assertIn("(leaves the model: 1)", self.texts(".call summary")[0])
        self.browser.click(".call > summary")
        self.browser.wait_for("document.querySelectorAll('.call li').length === 1")
        self.assertRegex(self.texts(".call li")[0], "^unknown: Unheard: ")

    def test_all_unmet_expectations(self):
        self.show("expects_in_vain")
        message = self.texts(".message")[0]
        for part in "a size above 100", "expected 8, found 7", '"blue"':
            self.assertIn(part, message)
        # Each on a line of its own.
        self.assertGreaterEqual(self.ask("document.querySelector('.message').innerText").count("\n"), 4)

    def test_they_can_be_filtered_for(self):
        for label, expected in (("flaky", ["crashes_the_first_time", "describes", "passes_the_third_time"]),
                                ("has warnings", ["passes_with_a_warning"])):
            self.select("tag", label)
            self.assertEqual(sorted(self.rows()), expected)
        self.select("tag", "leaves the model")
        self.assertIn("describes", self.rows())
        self.assertNotIn("passes_the_third_time", self.rows())

    def test_the_keyboard_reaches_all_of_it(self):
        self.show("attaches")
        self.browser.press("Enter")
        reached = []
        for _ in range(5):
            self.browser.press("Tab")
            reached.append(self.ask("document.activeElement.ariaLabel"))
        self.assertEqual(reached, ["note", "value", "attached.html", "empty", "large"])
        self.show("leaves_a_file")
        self.browser.press("Enter", "Tab", "Tab")
        self.assertEqual(self.ask("[document.activeElement.textContent, document.activeElement.download,"
                                  " document.activeElement.href]"),
                         ["Save", "data.bin", "data:application/octet-stream;base64,AAEC"])
        self.browser.press("Escape")
        self.assertEqual(self.focus(), "list")
        self.show("never_passes")
        self.browser.press("Enter", "Tab")
        self.assertEqual(self.ask("document.activeElement.textContent"), "2 earlier attempts")
        self.browser.press("Enter")
        self.assertEqual(self.ask("document.querySelectorAll('.attempt').length"), 2)
        self.assertTrue(self.ask("document.querySelector('.attempt').checkVisibility()"))
        self.browser.press("Escape", "/", *"sigabrt")
        self.assertEqual(self.rows(), ["crashes_the_first_time"])


def tearDownModule():
    if PageTest.browser:
        PageTest.browser.close()


if __name__ == "__main__":
    unittest.main()
