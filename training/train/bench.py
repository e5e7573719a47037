"""`python3 -m train.bench --data FOLDER [--threads N]`: what each size learns a second, to choose one by.

Counted in processor time, so that other work on the machine changes little. "tokens": of the examples as they are;
"places": what was computed of them, since beginnings are shared.
"""

import argparse
import time
from pathlib import Path

import torch

from .examples import read_data, train_tokenizer
from .fit import Fit, Settings
from .model import SIZES, Llama, shape_of
from .tree import batches


def main() -> None:
    parser = argparse.ArgumentParser(prog="train.bench")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--vocabulary", type=int, default=4096)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    tokenizer = train_tokenizer(given.data, given.vocabulary)
    groups = read_data(given.data, tokenizer).groups
    examples = sum(map(len, groups))
    print(f"{examples} examples, {len(tokenizer)} tokens in the vocabulary, {given.threads} threads")
    print("| size | parameters | places/s | tokens/s | learned tokens/s | examples/s |\n|---|---|---|---|---|---|")
    for size in SIZES:
        print(_row(size, groups, tokenizer, given.steps, given.threads), flush=True)


def _row(size: str, groups, tokenizer, steps: int, threads: int) -> str:
    torch.manual_seed(1)
    model = Llama(shape_of(size, len(tokenizer)))
    fit = Fit(model, list(model.parameters()), Settings(steps=steps + 1), Path("."), "cpu")
    following = batches(groups, rows=8, places=512, padding=0, seed=1)
    fit.train_on(next(following)[1])
    spent = time.process_time()
    places = tokens = learned = examples = 0
    for _ in range(steps):
        _, batch = next(following)
        fit.train_on(batch)
        places += batch.tokens.size
        tokens += batch.linear_tokens
        learned += len(batch.targets)
        examples += batch.examples
    seconds = (time.process_time() - spent) / threads
    rates = [f"{count / seconds:,.0f}" for count in (places, tokens, learned, examples)]
    return f"| {size} | {model.parameter_count() / 1e6:.2f} M | {' | '.join(rates)} |"


if __name__ == "__main__":
    main()
