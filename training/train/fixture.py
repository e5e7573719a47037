"""`python3 -m train.fixture FOLDER`: a tiny model of random weights, exported, and what torch computes of prompts.

Reads `cases.json` ({"about", "cases": [{"parts", "answers"}]}) in the folder and writes `model.gguf`, `model-q8.gguf`,
`adapter.gguf` and `expected.json`, so that whoever loads the files elsewhere can compare.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import torch

from .bpe import Tokenizer, train_merges
from .export import export_adapter, export_model
from .lora import add_lora
from .model import Llama, Shape

GREEDY_TOKENS = 12
# Where the two likeliest tokens are nearer than this, rounding may choose either: in logits.
LEAST_LEAD = 0.2


def main(folder: Path) -> None:
    torch.manual_seed(7)
    torch.set_num_threads(1)
    given = json.loads((folder / "cases.json").read_text())
    form = given["about"]["format"]
    marks = set(form["controlMarks"] + form["thoughtMarks"])
    texts = Counter(text for case in given["cases"] for text in [*case["parts"], *case["answers"]] if text not in marks)
    tokenizer = Tokenizer(train_merges(texts, 400), form["controlMarks"], form["thoughtMarks"])
    model = Llama(Shape(len(tokenizer), 64, 2, 4, 2, 96))
    with torch.no_grad():
        # Far apart, so that rounding elsewhere does not change which token is the likeliest.
        model.norm.weight.mul_(12)
        # What shows as no text, alone, would be lost in a comparison of texts: it hardly ever comes.
        silent = [index for index in range(len(tokenizer)) if not tokenizer.decode([index]).isascii()]
        silent += [index for index in range(256) if not chr(index).isprintable()]
        silent += [tokenizer.ids[mark] for mark in marks]
        model.embedding.weight[sorted(set(silent))] *= 0.02
    end = tokenizer.ids[form["end"]]
    cases = [
        (tuple(token for part in case["parts"] for token in tokenizer.encode(part)), case["answers"])
        for case in given["cases"]
    ]
    export_model(folder / "model.gguf", model, tokenizer, given["about"], name="Export check", quantization="F32")
    expected = {"base": [expect(model, tokenizer, tokens, answers, end) for tokens, answers in cases]}
    export_model(folder / "model-q8.gguf", model, tokenizer, given["about"], name="Export check", quantization="Q8_0")
    add_lora(model)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith(".b"):
                weight.normal_(std=0.1)
            if name.endswith((".a", ".b")):
                # As the file has them.
                weight.copy_(weight.half().float())
    export_adapter(folder / "adapter.gguf", model, given["about"], name="Export check adapter", base="Export check")
    expected["adapter"] = [expect(model, tokenizer, tokens, answers, end) for tokens, answers in cases]
    (folder / "expected.json").write_text(json.dumps(expected))


def expect(model: Llama, tokenizer: Tokenizer, tokens, answers: list[str], end: int) -> dict:
    log_probabilities = []
    for answer in answers:
        written = tokenizer.encode(answer)
        rows = model.logits_of([*tokens, *written]).log_softmax(-1)[len(tokens) - 1 :]
        log_probabilities.append(sum(float(rows[at, token]) for at, token in enumerate(written)))
    greedy: list[int] = []
    while len(greedy) < GREEDY_TOKENS:
        best, second = model.logits_of([*tokens, *greedy])[-1].topk(2)[0].tolist()
        following = model.continue_greedily([*tokens, *greedy], 1, end)
        if best - second < LEAST_LEAD or not following:
            break
        greedy += following
    return {
        "tokens": len(tokens),
        "logProbabilities": log_probabilities,
        "greedy": tokenizer.decode(greedy),
        "greedyTokens": len(greedy),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
