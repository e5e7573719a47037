"""Where the embedding begins: words that call for the same texts lie near each other from the first step on.

From random numbers a small model needs most of its training to find out which words go together. Counting tells it at once:
latent semantic analysis (Deerwester and others, 1990) of tokens and of what is to be learned after them, weighed by positive
pointwise mutual information (Bullinaria and Levy, 2007).
"""

from collections import Counter

import numpy as np

from .examples import Example

# What is learned is told apart by its beginning.
BEGINNING = 4
MOST_BEGINNINGS = 1500
# Of the numbers of a token, how many are counted; the others stay free for what counting does not see.
COUNTED_SHARE = 0.75
DEVIATION = 0.03


def counted_embedding(groups: list[list[Example]], tokens: int, width: int, seed: int) -> np.ndarray:
    """[tokens, width], float32."""
    counts = _counts(groups, tokens)
    random = np.random.default_rng(seed).normal(size=(tokens, width))
    rank = min(int(width * COUNTED_SHARE), *counts.shape)
    if counts.sum() > 0 and rank > 0:
        information = _positive_information(counts)
        left, strengths, _ = np.linalg.svd(information, full_matrices=False)
        counted = left[:, :rank] * np.sqrt(strengths[:rank])
        random[:, :rank] = 0.3 * random[:, :rank] + counted / (counted.std() + 1e-9)
    return (random * DEVIATION).astype(np.float32)


def _counts(groups: list[list[Example]], tokens: int) -> np.ndarray:
    """In how many examples a token stands before a beginning of what is learned. [tokens, beginnings]"""
    examples = [example for group in groups for example in group]
    begins = [example.tokens[example.learn_from : example.learn_from + BEGINNING] for example in examples]
    known = {beginning: index for index, (beginning, _) in enumerate(Counter(begins).most_common(MOST_BEGINNINGS))}
    counts = np.zeros((tokens, len(known)))
    for example, beginning in zip(examples, begins):
        index = known.get(beginning)
        if index is not None:
            counts[list(set(example.tokens[: example.learn_from])), index] += 1
    return counts


def _positive_information(counts: np.ndarray) -> np.ndarray:
    of_token, of_beginning = counts.sum(1, keepdims=True), counts.sum(0, keepdims=True)
    smooth = 0.1
    expected = (of_token + smooth * counts.shape[1]) * of_beginning / counts.sum()
    information = np.log((counts + smooth) / np.maximum(expected, 1e-9))
    # What was seen once or twice is chance.
    return np.maximum(information, 0) * (of_token / (of_token + 3))
