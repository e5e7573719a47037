"""Packs examples into rows as trees: what several examples begin with alike is computed once.

All examples share the instructions, all decisions about a message share the message. A token sees its own ancestors
only, and its position is its depth. So a row of 512 places holds what would be some thousand tokens one by one, and every
example sees exactly what it would see alone.
"""

import random
from typing import Iterator, NamedTuple

import numpy as np

from .examples import Example

# Which text it is, its first tokens tell, and what comes after them follows: so these count for more.
FIRST_TOKENS = 6
FIRST_WEIGHT = 4


class Batch(NamedTuple):
    tokens: np.ndarray
    """[rows, places]"""
    positions: np.ndarray
    """[rows, places]: depth in the tree"""
    visible: np.ndarray
    """[rows, places, places]: whether the second is the first or an ancestor of it"""
    sources: np.ndarray
    """[targets]: the place after which a token is to be learned, counted through all rows"""
    targets: np.ndarray
    """[targets]: that token"""
    weights: np.ndarray
    """[targets]: what that counts: for each example that learns it there, `FIRST_WEIGHT` or one"""
    linear_tokens: int
    """What the same examples would have taken one by one."""
    examples: int


class Row:
    def __init__(self, places: int):
        self.places = places
        self.tokens: list[int] = []
        self.parents: list[int] = []
        self.depths: list[int] = []
        self.children: dict[tuple[int, int], int] = {}
        self.learned: dict[tuple[int, int], int] = {}
        self.linear_tokens = 0
        self.examples = 0

    def add(self, group: list[Example]) -> bool:
        """Whether the group fitted; a row that it does not fit in stays as it was."""
        before = len(self.tokens)
        made: list[tuple[int, int]] = []
        learned: list[tuple[int, int, int]] = []
        linear_tokens = 0
        for tokens, learn_from in group:
            node = -1
            # Nothing follows the last token: it is a target and takes no place.
            for at, token in enumerate(tokens):
                if at >= learn_from:
                    learned.append((node, token, FIRST_WEIGHT if at < learn_from + FIRST_TOKENS else 1))
                if at == len(tokens) - 1:
                    break
                child = self.children.get((node, token))
                if child is None:
                    if len(self.tokens) == self.places:
                        self._undo(before, made)
                        return False
                    child = len(self.tokens)
                    self.children[(node, token)] = child
                    made.append((node, token))
                    self.tokens.append(token)
                    self.parents.append(node)
                    self.depths.append(at)
                node = child
            linear_tokens += len(tokens)
        self.linear_tokens += linear_tokens
        self.examples += len(group)
        for node, token, weight in learned:
            self.learned[node, token] = self.learned.get((node, token), 0) + weight
        return True

    def _undo(self, length: int, made: list[tuple[int, int]]) -> None:
        for edge in made:
            del self.children[edge]
        del self.tokens[length:], self.parents[length:], self.depths[length:]


def batch_of(rows: list[Row], padding: int) -> Batch:
    count, places = len(rows), rows[0].places
    tokens = np.full((count, places), padding, dtype=np.int64)
    positions = np.zeros((count, places), dtype=np.int64)
    visible = np.zeros((count, places, places), dtype=bool)
    edges: list[tuple[int, int, int]] = []
    for index, row in enumerate(rows):
        used = len(row.tokens)
        tokens[index, :used] = row.tokens
        positions[index, :used] = row.depths
        sees = visible[index]
        for node, parent in enumerate(row.parents):
            if parent >= 0:
                sees[node] = sees[parent]
            sees[node, node] = True
        # A place that sees nothing would have no number.
        np.fill_diagonal(sees[used:, used:], True)
        edges.extend((index * places + node, token, weight) for (node, token), weight in row.learned.items())
    sources, targets, weights = np.array(edges, dtype=np.int64).T
    return Batch(tokens, positions, visible, sources, targets, weights, *_totals(rows))


def _totals(rows: list[Row]) -> tuple[int, int]:
    return sum(row.linear_tokens for row in rows), sum(row.examples for row in rows)


class Lane:
    """Rows of one length that fill up. Attention costs the square of it, so short examples have a lane of their own.

    Some rows are open at a time: a group that is too long for one finds its place in another, and little stays empty.
    """

    OPEN_ROWS = 8

    def __init__(self, rows: int, places: int):
        self.rows, self.places = rows, places
        self.full: list[Row] = []
        self.open: list[Row] = []

    def add(self, group: list[Example]) -> bool:
        """Whether the group found a place; one that fits no row is left out, as the engine would refuse it."""
        if any(row.add(group) for row in self.open):
            return True
        row = Row(self.places)
        if not row.add(group):
            return False
        if len(self.open) == self.OPEN_ROWS:
            fullest = max(self.open, key=lambda row: len(row.tokens))
            self.open.remove(fullest)
            self.full.append(fullest)
        self.open.append(row)
        return True

    def end_rows(self) -> None:
        """What follows begins rows of its own. Examples that share everything would never fill one."""
        self.full.extend(self.open)
        self.open = []

    def take(self) -> list[list[Row]]:
        """The rows of each batch that is whole."""
        whole = len(self.full) // self.rows
        taken = [self.full[at * self.rows : (at + 1) * self.rows] for at in range(whole)]
        self.full = self.full[whole * self.rows :]
        return taken


def batches(
    groups: list[list[Example]], *, rows: int, places: int, padding: int, seed: int, start: int = 0
) -> Iterator[tuple[int, Batch]]:
    """Batches without end, in an order that the seed decides; each with its number. `start`: the first of interest.

    A batch is `rows` rows of `places` places, or twice as many of half of it.
    """
    number = 0
    epoch = 0
    long, short = Lane(rows, places), Lane(rows * 2, places // 2)
    while True:
        order = list(range(len(groups)))
        random.Random(f"{seed}.{epoch}").shuffle(order)
        fitted = False
        for index in order:
            group = groups[index]
            lane = short if sum(len(example.tokens) for example in group) <= places * 0.4 else long
            fitted = lane.add(group) or fitted
            for taken in lane.take():
                if number >= start:
                    yield number, batch_of(taken, padding)
                number += 1
        if not fitted:
            raise ValueError(f"no example fits {places} places")
        long.end_rows()
        short.end_rows()
        epoch += 1
