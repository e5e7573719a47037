"""Reads the data that training/data writes: conversations as tokens, and which of them are to be learned."""

import json
from collections import Counter
from pathlib import Path
from typing import Iterator, NamedTuple

from .bpe import Tokenizer, train_merges

# A text that comes often counts so much for the vocabulary and no more: the same instructions stand in every example.
MOST_WEIGHT = 50


class Example(NamedTuple):
    tokens: tuple[int, ...]
    """From this token on, everything is learned."""
    learn_from: int


class Data(NamedTuple):
    """Examples of one scene stand together: they begin alike, and what they share is computed once."""

    groups: list[list[Example]]
    about: dict


def read_about(folder: Path) -> dict:
    return json.loads((folder / "about.json").read_text())


def read_records(folder: Path) -> Iterator[dict]:
    with open(folder / "data.jsonl", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def train_tokenizer(folder: Path, size: int) -> Tokenizer:
    """A vocabulary of at most `size` tokens for the texts of the data."""
    form = read_about(folder)["format"]
    marks = set(form["controlMarks"] + form["thoughtMarks"])
    texts: Counter = Counter()
    for record in read_records(folder):
        texts.update(part["text"] for part in record["parts"] if part["text"] not in marks)
    weighed = Counter({text: min(count, MOST_WEIGHT) for text, count in texts.items()})
    return Tokenizer(train_merges(weighed, size - 256 - len(marks)), form["controlMarks"], form["thoughtMarks"])


def example_of(record: dict, tokenizer: Tokenizer) -> Example:
    tokens: list[int] = []
    learn_from = None
    for part in record["parts"]:
        if part["learn"] and learn_from is None:
            learn_from = len(tokens)
        if not part["learn"] and learn_from is not None:
            raise ValueError("a part that is not learned follows one that is")
        tokens.extend(tokenizer.encode(part["text"]))
    if not learn_from:
        raise ValueError("an example without anything to learn")
    return Example(tuple(tokens), learn_from)


def read_data(folder: Path, tokenizer: Tokenizer) -> Data:
    groups: list[list[Example]] = []
    previous = None
    for record in read_records(folder):
        # System message and first user message.
        beginning = tuple(part["text"] for part in record["parts"][:6])
        if beginning != previous:
            groups.append([])
        previous = beginning
        groups[-1].append(example_of(record, tokenizer))
    return Data(groups, read_about(folder))
