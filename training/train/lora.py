"""LoRA: small matrices beside a frozen base, added at run time (Hu et al., https://arxiv.org/abs/2106.09685)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .model import Llama

RANK = 8
ALPHA = 16.0
# Where a change of voice is worth its size.
TARGETS = ("attention.q", "attention.v", "attention.output", "gate", "up", "down")


class LoraLinear(nn.Module):
    def __init__(self, base: nn.Linear, rank: int, alpha: float):
        super().__init__()
        self.base = base
        self.scale = alpha / rank
        outputs, inputs = base.weight.shape
        self.a = nn.Parameter(torch.randn(rank, inputs) * inputs**-0.5)
        # Zero: an untrained adapter changes nothing.
        self.b = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + self.scale * F.linear(F.linear(x, self.a), self.b)


def add_lora(model: Llama, rank: int = RANK, alpha: float = ALPHA) -> list[nn.Parameter]:
    """Freezes the model and puts an adapter on each of its targets; what is to be trained comes back."""
    for weight in model.parameters():
        weight.requires_grad_(False)
    for block in model.blocks:
        for target in TARGETS:
            *path, name = target.split(".")
            parent = block.get_submodule(".".join(path))
            setattr(parent, name, LoraLinear(getattr(parent, name), rank, alpha))
    return [weight for weight in model.parameters() if weight.requires_grad]


def lora_state(model: Llama) -> dict[str, Tensor]:
    """The adapters' matrices alone."""
    return {name: weight for name, weight in model.state_dict().items() if name.endswith((".a", ".b"))}
