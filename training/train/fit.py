"""The training itself: seeded, and resumable at its last checkpoint."""

import csv
import math
import os
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

import torch
from torch import nn
from torch.nn import functional as F

from .examples import Example
from .model import Llama
from .tree import Batch, batches

SAVE_EVERY_SECONDS = 60
LOG_EVERY_STEPS = 10
COLUMNS = ("step", "seconds", "loss", "learning_rate", "places_per_second", "linear_tokens_per_second")


@dataclass(frozen=True)
class Settings:
    rows: int = 4
    places: int = 512
    learning_rate: float = 2e-3
    warmup_steps: int = 60
    weight_decay: float = 0.05
    seed: int = 1
    # One of the two ends the training, and shapes the learning rate's fall.
    steps: Optional[int] = None
    minutes: Optional[float] = None


class Fit:
    def __init__(self, model: Llama, weights: list[nn.Parameter], settings: Settings, folder: Path, device: str):
        self.model, self.weights, self.settings, self.folder, self.device = model, weights, settings, folder, device
        matrices = [weight for weight in weights if weight.dim() >= 2]
        others = [weight for weight in weights if weight.dim() < 2]
        groups = [{"params": matrices, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.98), eps=1e-8)
        self.step = 0
        self.seconds = 0.0

    def resume(self) -> bool:
        """Goes on from the checkpoint, if there is one."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return False
        saved = torch.load(path, map_location=self.device)
        changed = {
            key: value
            for key, value in saved["settings"].items()
            if key not in ("steps", "minutes") and value != asdict(self.settings)[key]
        }
        if changed:
            raise ValueError(f"the checkpoint was made with {changed}: use the same, or begin anew without --resume")
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.step, self.seconds = saved["step"], saved["seconds"]
        return True

    def save(self) -> None:
        path = self.folder / "checkpoint.pt"
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "settings": asdict(self.settings),
        }
        torch.save(state, f"{path}.part")
        os.replace(f"{path}.part", path)

    def progress(self) -> float:
        if self.settings.steps is not None:
            return self.step / self.settings.steps
        return self.seconds / (60 * self.settings.minutes)

    def learning_rate(self) -> float:
        warm = min(1.0, (self.step + 1) / self.settings.warmup_steps)
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress())))
        return self.settings.learning_rate * warm * (0.02 + 0.98 * fall)

    def train_on(self, batch: Batch) -> float:
        """One step; the loss before it, in nats a token."""
        rate = self.learning_rate()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        tokens, positions, visible, sources, targets, weights = (
            torch.from_numpy(array).to(self.device) for array in batch[:6]
        )
        # Half precision is for GPUs; these cores are no faster with it.
        with torch.autocast("cuda", torch.bfloat16) if self.device == "cuda" else nullcontext():
            hidden = self.model.hidden(tokens, positions, visible)
            # Logits of a whole vocabulary are dear: only where something is learned.
            logits = self.model.logits(hidden.flatten(0, 1)[sources])
        losses = F.cross_entropy(logits.float(), targets, reduction="none")
        loss = (losses * weights).sum() / weights.sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimizer.step()
        return float(loss.detach())

    def run(self, groups: list[list[Example]], padding: int) -> None:
        settings = self.settings
        self.folder.mkdir(parents=True, exist_ok=True)
        log_path = self.folder / "loss.csv"
        kept = _rows_until(log_path, self.step)
        with open(log_path, "w", newline="") as file:
            log = csv.writer(file)
            log.writerows([COLUMNS, *kept])
            started, before = time.monotonic(), self.seconds
            saved_at = told_at = started
            losses, places, linear = [], 0, 0
            shape = {"rows": settings.rows, "places": settings.places, "padding": padding, "seed": settings.seed}
            for _, batch in batches(groups, start=self.step, **shape):
                if self.progress() >= 1:
                    break
                losses.append(self.train_on(batch))
                self.step += 1
                now = time.monotonic()
                self.seconds = before + now - started
                places += batch.tokens.size
                linear += batch.linear_tokens
                if self.step % LOG_EVERY_STEPS == 0:
                    passed = max(1e-9, now - told_at)
                    mean = sum(losses) / len(losses)
                    rates = round(places / passed), round(linear / passed)
                    told = f"{self.seconds:.1f}", f"{mean:.5f}", f"{self.learning_rate():.2e}"
                    log.writerow([self.step, *told, *rates])
                    file.flush()
                    done = f"{min(1.0, self.progress()):.0%}"
                    print(f"step {self.step} ({done}): loss {mean:.4f}, {rates[1]} tokens a second", flush=True)
                    told_at, losses, places, linear = now, [], 0, 0
                if now - saved_at > SAVE_EVERY_SECONDS:
                    self.save()
                    saved_at = now
        self.save()


def _rows_until(path: Path, step: int) -> list[list[str]]:
    """The log up to the checkpoint; what came after it is done again."""
    if step == 0 or not path.exists():
        return []
    with open(path, newline="") as file:
        return [row for row in list(csv.reader(file))[1:] if int(row[0]) <= step]
