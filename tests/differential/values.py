# SPDX-License-Identifier: Apache-2.0
"""Values made up from service models: what a caller could pass, or a service could answer."""
import datetime
import string

MAX_DEPTH = 6
TEXTS = ("a", "Zebra", "two words", "x" * 40, "0", "true", "null", "", " lead", "trail ", "a/b?c=d&e",
         "<tag> & \"quotes\" 'single'", "line\nbreak", "tab\there", "\u00e9\u00df\u20ac",
         "\u65e5\u672c\u8a9e", "\U0001f600", "%41+%20", "arn:aws:sqs:us-east-1:123456789012:q",
         "{\"json\": [1, 2]}", "a,b;c", "-1", "1e5")


class Values:
    """Makes values by shape; the same seed makes the same ones."""

    def __init__(self, rng, keep=0.6):
        self.rng = rng
        self.keep = keep  # probability that an optional member is there

    def text(self, shape=None):
        enum = getattr(shape, "enum", None)
        if enum and self.rng.random() < 0.9:
            return self.rng.choice(enum)
        if self.rng.random() < 0.4:
            return "".join(self.rng.choice(string.ascii_letters + string.digits + "-_./ ")
                           for _ in range(self.rng.randint(1, 20)))
        return self.rng.choice(TEXTS)

    def integer(self):
        return self.rng.choice((0, 1, -1, 7, 42, 255, 65536, 2**31 - 1, -2**31,
                                self.rng.randint(-1000, 1000)))

    def real(self):
        return self.rng.choice((0.0, -0.0, 1.0, 0.1, -2.5, 1e-7, 1e16, 1e22, 123456.789, 3,
                                self.rng.uniform(-1e6, 1e6)))

    def timestamp(self):
        moment = datetime.datetime.fromtimestamp(self.rng.randint(0, 4102444800),
                                                 datetime.timezone.utc)
        if self.rng.random() < 0.4:
            moment = moment.replace(microsecond=self.rng.choice((0, 1000, 123000, 999999, 500)))
        return moment

    def blob(self):
        return self.rng.choice((b"", b"plain", b"\x00\xff\xfe", bytes(range(64)),
                                "\u00e9".encode()))

    def document(self, depth=0):
        kind = self.rng.randint(0, 6 if depth < 3 else 4)
        if kind == 5:
            return [self.document(depth + 1) for _ in range(self.rng.randint(0, 3))]
        if kind == 6:
            return {self.rng.choice("abcxyz"): self.document(depth + 1)
                    for _ in range(self.rng.randint(0, 3))}
        return (None, True, self.text(), self.integer(), 2.5)[kind]

    def make(self, shape, depth=0):
        kind = shape.type_name
        if kind == "structure":
            return self.structure(shape, depth)
        if kind == "list":
            count = 0 if depth > MAX_DEPTH else self.rng.choice((0, 1, 1, 2, 3))
            count = max(count, min(shape.metadata.get("min", 0), 3))
            return [self.make(shape.member, depth + 1) for _ in range(count)]
        if kind == "map":
            count = 0 if depth > MAX_DEPTH else self.rng.choice((0, 1, 2))
            return {self.text(shape.key) or "key": self.make(shape.value, depth + 1)
                    for _ in range(count)}
        if kind == "boolean":
            return self.rng.random() < 0.5
        if kind in ("integer", "long"):
            return self.integer()
        if kind in ("float", "double"):
            return self.real()
        if kind == "timestamp":
            return self.timestamp()
        if kind == "blob":
            return self.blob()
        return self.text(shape)

    def structure(self, shape, depth):
        if shape.is_document_type:
            return self.document()
        names = list(shape.members)
        if shape.is_tagged_union:
            names = [self.rng.choice(names)] if names else []
        result = {}
        for name in names:
            optional = name not in shape.required_members and not shape.is_tagged_union
            if depth > MAX_DEPTH and optional:
                continue
            if not optional or self.rng.random() < self.keep / (1 + depth / 3):
                result[name] = self.make(shape.members[name], depth + 1)
        return result
