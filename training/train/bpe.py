"""Byte-level byte pair encoding, as GPT-2 has it (openai/gpt-2 encoder.py) and GGUF files call it `gpt2`."""

from collections import Counter, defaultdict

from .pretokenize import pieces_of


def _alphabet() -> list[str]:
    """Printable bytes stand for themselves, the others for U+0100 and up."""
    alphabet, following = [], 256
    for byte in range(256):
        printable = 33 <= byte <= 126 or 161 <= byte <= 172 or byte >= 174
        alphabet.append(chr(byte if printable else following))
        following += 0 if printable else 1
    return alphabet


ALPHABET = _alphabet()


class Tokenizer:
    """Bytes are tokens 0 to 255, then come the merges, then control marks, then thought marks."""

    def __init__(self, merges: list[tuple[str, str]], control_marks: list[str], thought_marks: list[str]):
        self.merges = [tuple(merge) for merge in merges]
        self.control_marks = list(control_marks)
        self.thought_marks = list(thought_marks)
        self.tokens = ALPHABET + [left + right for left, right in self.merges] + self.control_marks + self.thought_marks
        self.ids = {token: index for index, token in enumerate(self.tokens)}
        self.ranks = {merge: rank for rank, merge in enumerate(self.merges)}
        self._pieces: dict[str, tuple[int, ...]] = {}
        self._texts: dict[str, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, text: str) -> tuple[int, ...]:
        """A part's tokens: one for a mark, the merged pieces for any other text."""
        known = self._texts.get(text)
        if known is None:
            known = self._encode(text)
            if len(self._texts) < 200_000:
                self._texts[text] = known
        return known

    def _encode(self, text: str) -> tuple[int, ...]:
        if text in self.control_marks or text in self.thought_marks:
            return (self.ids[text],)
        return tuple(token for piece in pieces_of(text) for token in self._encode_piece(piece))

    def _encode_piece(self, piece: str) -> tuple[int, ...]:
        known = self._pieces.get(piece)
        if known is None:
            known = self._pieces[piece] = tuple(self.ids[part] for part in self._merge(piece))
        return known

    def _merge(self, piece: str) -> list[str]:
        parts = [ALPHABET[byte] for byte in piece.encode("utf-8")]
        while len(parts) > 1:
            ranked = ((self.ranks.get(pair, len(self.ranks)), at) for at, pair in enumerate(zip(parts, parts[1:])))
            rank, at = min(ranked)
            if rank == len(self.ranks):
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return parts

    def decode(self, ids) -> str:
        """What the tokens spell, marks included."""
        marks = set(self.control_marks + self.thought_marks)
        bytes_of = {character: byte for byte, character in enumerate(ALPHABET)}
        spelled = bytearray()
        for index in ids:
            token = self.tokens[index]
            spelled += token.encode() if token in marks else bytes(bytes_of[character] for character in token)
        return spelled.decode("utf-8", errors="replace")

    def to_json(self) -> dict:
        return {"merges": self.merges, "control_marks": self.control_marks, "thought_marks": self.thought_marks}


def train_merges(texts: Counter, count: int) -> list[tuple[str, str]]:
    """At most `count` merges learned from the texts, each weighed by its number; fewer when nothing is left."""
    pieces: Counter = Counter()
    for text, weight in texts.items():
        for piece in pieces_of(text):
            pieces[piece] += weight
    words = [([ALPHABET[byte] for byte in piece.encode("utf-8")], weight) for piece, weight in sorted(pieces.items())]
    pairs: Counter = Counter()
    places = defaultdict(set)
    for index, (parts, weight) in enumerate(words):
        for pair in zip(parts, parts[1:]):
            pairs[pair] += weight
            places[pair].add(index)
    merges: list[tuple[str, str]] = []
    made = set(ALPHABET)
    while len(merges) < count and pairs:
        # Of equals the first in the alphabet, so that the same texts always give the same merges.
        best = max(pairs.items(), key=lambda item: (item[1], item[0]))[0]
        if pairs[best] < 2:
            break
        joined = best[0] + best[1]
        if joined not in made:
            merges.append(best)
            made.add(joined)
        for index in places.pop(best):
            _apply(words[index], best, index, pairs, places)
        pairs.pop(best, None)
    return merges


def _apply(word, best, index, pairs, places) -> None:
    parts, weight = word
    for pair in zip(parts, parts[1:]):
        pairs[pair] -= weight
        if pairs[pair] <= 0:
            del pairs[pair]
    at = 0
    while at < len(parts) - 1:
        if (parts[at], parts[at + 1]) == best:
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        at += 1
    for pair in zip(parts, parts[1:]):
        pairs[pair] += weight
        places[pair].add(index)
