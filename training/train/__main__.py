"""`python3 -m train --data FOLDER --run FOLDER --out FILE`: see training/README.md; `npm run train` calls it."""

import argparse
import json
from pathlib import Path

import torch

from .bpe import Tokenizer
from .examples import read_about, read_data, train_tokenizer
from .export import export_adapter, export_model
from .fit import Fit, Settings
from .lora import add_lora
from .model import SIZES, Llama, Shape, shape_of
from .plot import plot_loss
from .start import counted_embedding


def main() -> None:
    given = _arguments()
    torch.manual_seed(given.seed)
    if given.threads:
        torch.set_num_threads(given.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    run: Path = given.run
    run.mkdir(parents=True, exist_ok=True)
    about = read_about(given.data)
    model, tokenizer = _base(given.base) if given.base else _new_model(given, run)
    print(f"{model.parameter_count() / 1e6:.2f} M parameters, {len(tokenizer)} tokens, on {device}", flush=True)
    weights = add_lora(model) if given.base else list(model.parameters())
    model.to(device)
    settings = Settings(
        rows=given.rows,
        places=given.places,
        learning_rate=given.learning_rate,
        seed=given.seed,
        steps=given.steps,
        minutes=None if given.steps else given.minutes,
    )
    fit = Fit(model, weights, settings, run, device)
    groups = read_data(given.data, tokenizer).groups
    if given.resume and fit.resume():
        print(f"goes on after step {fit.step}", flush=True)
    elif not given.base:
        start = counted_embedding(groups, len(tokenizer), model.shape.width, given.seed)
        model.embedding.weight.data.copy_(torch.from_numpy(start))
    fit.run(groups, tokenizer.ids[about["format"]["padding"]])
    model.to("cpu")
    plot_loss(run / "loss.csv", run / "loss.svg", given.name)
    if given.base:
        export_adapter(given.out, model, about, name=given.name, base=_name_of(given.base))
    else:
        description = {"shape": model.shape.to_json(), "tokenizer": tokenizer.to_json(), "name": given.name}
        (run / "model.json").write_text(json.dumps(description))
        export_model(given.out, model, tokenizer, about, name=given.name, quantization=given.quantization)
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.2f} MB")


def _new_model(given: argparse.Namespace, run: Path) -> tuple[Llama, Tokenizer]:
    kept = run / "tokenizer.json"
    if given.resume and kept.exists():
        tokenizer = Tokenizer(**json.loads(kept.read_text()))
    else:
        tokenizer = train_tokenizer(given.data, given.vocabulary)
        kept.write_text(json.dumps(tokenizer.to_json()))
    return Llama(shape_of(given.size, len(tokenizer))), tokenizer


def _base(run: Path) -> tuple[Llama, Tokenizer]:
    """The model of another run, whose weights stay as they are."""
    described = json.loads((run / "model.json").read_text())
    model = Llama(Shape(**described["shape"]))
    model.load_state_dict(torch.load(run / "checkpoint.pt", map_location="cpu")["model"])
    return model, Tokenizer(**described["tokenizer"])


def _name_of(run: Path) -> str:
    return json.loads((run / "model.json").read_text())["name"]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="train")
    parser.add_argument("--data", type=Path, required=True, help="what training/data wrote")
    parser.add_argument("--run", type=Path, required=True, help="checkpoint, log, and plot")
    parser.add_argument("--out", type=Path, required=True, help="the GGUF file")
    parser.add_argument("--name", required=True, help="general.name of the file")
    parser.add_argument("--base", type=Path, help="the run of a base model: trains an adapter on it")
    parser.add_argument("--size", choices=list(SIZES), default="8m")
    parser.add_argument("--vocabulary", type=int, default=4096)
    parser.add_argument("--quantization", choices=["F32", "F16", "Q8_0"], default="Q8_0")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--places", type=int, default=512)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
