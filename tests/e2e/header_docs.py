# SPDX-License-Identifier: Apache-2.0
"""
What a C header declares, and which comment explains it. No compiler: comments are what matters here,
and these headers are plain. What it may have passed over is found by comparing with what the
compiler says (test_headers.py).

A comment explains what begins in the line below it, or ends in its own line. A run of functions, or
of macros, in lines without a blank one between them shares the comment above the first.
"""
import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"""
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n/]|/(?!\*))*)
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<word>\w+)
  | (?P<mark>[^\s\w])
""", re.VERBOSE | re.MULTILINE | re.DOTALL)


@dataclass
class Piece:
    kind: str
    text: str
    first: int  # line, from 1
    last: int


@dataclass
class Item:
    """Something that is declared. `comment` is the line that what explains it begins in, or None."""
    kind: str  # function, macro, member, enumerator, type, typedef
    name: str
    first: int
    last: int
    comment: int | None = None


@dataclass
class Header:
    pieces: list = field(default_factory=list)
    items: list = field(default_factory=list)

    def undocumented(self):
        return [f"{item.kind} {item.name} (line {item.first})" for item in self.items
                if item.comment is None]


def pieces_of(source):
    found, line, at = [], 1, 0
    for match in TOKEN.finditer(source):
        line += source.count("\n", at, match.start())
        at = match.start()
        found.append(Piece(match.lastgroup, match[0], line, line + match[0].count("\n")))
    return found


class Reader:
    def __init__(self, source):
        self.header = Header(pieces_of(source))
        self.code = [p for p in self.header.pieces if p.kind in ("word", "mark", "text")]
        self.comments = [p for p in self.header.pieces if p.kind == "comment"]
        # A line that code or a directive stands in before a comment: that comment explains it alone.
        self.occupied = {}
        for piece in self.header.pieces:
            if piece.kind != "comment":
                for line in range(piece.first, piece.last + 1):
                    self.occupied.setdefault(line, piece)

    def comment_for(self, first, last):
        for comment in self.comments:
            before = comment.last == first - 1 and comment.first not in self.occupied
            if before or (comment.first == last and self.occupied.get(last)):
                return comment.first
        return None

    def add(self, kind, name, first, last):
        self.header.items.append(Item(kind, name, first, last, self.comment_for(first, last)))

    # --- preprocessor ------------------------------------------------------------------------

    def macros(self):
        guard = next((p.text.split()[1] for p in self.header.pieces
                      if p.kind == "directive" and p.text.startswith("#ifndef")), None)
        for piece in self.header.pieces:
            match = re.match(r"\s*#\s*define\s+(\w+)", piece.text) if piece.kind == "directive" else None
            if match and match[1] != guard:
                lines = piece.text.rstrip().count("\n")
                item = Item("macro", match[1], piece.first, piece.first + lines)
                item.comment = self.comment_for(item.first, item.last)
                if item.comment is None and "/*" in piece.text:
                    item.comment = piece.first
                self.header.items.append(item)

    # --- declarations ------------------------------------------------------------------------

    def declarations(self):
        at, code = 0, self.code
        while at < len(code):
            # extern "C" { … } is no scope.
            if [p.text for p in code[at:at + 3]] == ["extern", '"C"', "{"]:
                at += 3
            elif code[at].text == "}":
                at += 1
            else:
                at = self.declaration(at)

    def end_of(self, at, stops):
        """The first of `stops` that is not inside parentheses or brackets."""
        depth = 0
        while at < len(self.code):
            text = self.code[at].text
            if depth == 0 and text in stops:
                return at
            depth += (text in "([") - (text in ")]")
            at += 1
        return at

    def declaration(self, at):
        begin, end = at, self.end_of(at, ";{")
        words = [p.text for p in self.code[begin:end]]
        if end < len(self.code) and self.code[end].text == "{":
            kind = next((w for w in words if w in ("struct", "enum", "union")), None)
            close = self.body(end)
            stop = self.end_of(close, ";")
            name = words[words.index(kind) + 1] if len(words) > words.index(kind) + 1 else ""
            if name:
                self.add("type", f"{kind} {name}", self.code[begin].first, self.code[end].last)
            (self.enumerators if kind == "enum" else self.members)(end + 1, close)
            return stop + 1
        first, last = self.code[begin].first, self.code[min(end, len(self.code) - 1)].last
        if "typedef" in words:
            self.add("typedef", words[-1], first, last)
        elif "(" in words:
            self.add("function", self.function_name(begin, end), first, last)
        elif words and words[0] in ("struct", "enum", "union"):
            self.add("type", " ".join(words), first, last)
        elif words:
            self.add("variable", words[-1], first, last)
        return end + 1

    def body(self, at):
        """Where the braces that open here close."""
        depth = 0
        while True:
            depth += (self.code[at].text == "{") - (self.code[at].text == "}")
            if depth == 0:
                return at
            at += 1

    def function_name(self, begin, end):
        at = begin
        while at < end:
            if self.code[at].text == "__attribute__":
                at = self.closing(at + 1) + 1
            elif self.code[at].text == "(":
                return self.code[at - 1].text
            else:
                at += 1
        return "?"

    def closing(self, at):
        depth = 0
        while True:
            depth += (self.code[at].text == "(") - (self.code[at].text == ")")
            if depth == 0:
                return at
            at += 1

    def members(self, at, close):
        while at < close:
            end = self.end_of(at, ";")
            for name in self.names(at, end):
                self.add("member", name, self.code[at].first, self.code[end].last)
            at = end + 1

    def names(self, at, end):
        """Of a line of members: `const char *a, *b[4]`, `bool (*check)(…)`."""
        texts = [p.text for p in self.code[at:end]]
        pointer = re.search(r"\(\s\*\s(\w+)\s\)", " ".join(texts))
        if pointer:
            return [pointer[1]]
        found, depth, last = [], 0, None
        for text in [*texts, ","]:
            depth += (text in "([") - (text in ")]")
            if depth == 0 and text == ",":
                found.append(last)
            elif depth == 0 and re.match(r"\w", text):
                last = text
        return found

    def enumerators(self, at, close):
        while at < close:
            end = min(self.end_of(at, ","), close)
            last = self.code[end].last if end < close else self.code[end - 1].last
            self.add("enumerator", self.code[at].text, self.code[at].first, last)
            at = end + 1

    # --- runs of the same --------------------------------------------------------------------

    def share(self, kind):
        before = None
        for item in sorted((i for i in self.header.items if i.kind == kind), key=lambda i: i.first):
            if item.comment is None and before and before.comment is not None and \
                    item.first == before.last + 1:
                item.comment = before.comment
            before = item


def read_header(source):
    reader = Reader(source)
    reader.macros()
    reader.declarations()
    reader.share("function")
    reader.share("macro")
    return reader.header
