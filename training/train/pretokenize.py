"""Cuts a text into the pieces that byte pairs are merged in, exactly as llama.cpp's pre-tokenizer `qwen2` does.

Its rule is one regular expression over Unicode classes, which Python's `re` lacks:

    (?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|
    ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+

So each character is first replaced by one letter for its class, and the rule is applied to those.
"""

import re
import unicodedata
from functools import lru_cache

PRE_TOKENIZER = "qwen2"

# The property White_Space; `str.isspace` also counts four separators that are none.
_SPACES = set("\t\x0b\x0c\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(code) for code in range(0x2000, 0x200B)}
_CONTRACTION = re.compile(r"'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])")
_PIECE = re.compile(r"[BSPQ]?L+|N|B?[PQ]+R*|[BSR]*R+|[BSR]+(?![LNPQ])|[BSR]+")


@lru_cache(maxsize=65536)
def _class_of(character: str) -> str:
    if character in "\r\n":
        return "R"
    if character == " ":
        return "B"
    if character == "'":
        return "Q"
    if character in _SPACES:
        return "S"
    category = unicodedata.category(character)[0]
    return category if category in "LN" else "P"


def pieces_of(text: str) -> list[str]:
    """The pieces in order; joined they are the text."""
    classes = "".join(map(_class_of, text))
    pieces = []
    at = 0
    while at < len(text):
        found = _CONTRACTION.match(text, at) if classes[at] == "Q" else None
        end = (found or _PIECE.match(classes, at)).end()
        pieces.append(text[at:end])
        at = end
    return pieces
