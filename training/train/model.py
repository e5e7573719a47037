"""A Llama model as llama.cpp computes it: RMSNorm, RoPE on neighbouring pairs, grouped attention, SwiGLU.

llama.cpp rotates the pairs (0, 1), (2, 3), ...; models from elsewhere rotate (0, half), (1, half + 1), ..., and their
rows of q and k are permuted when they are converted. This one rotates as llama.cpp does from the start.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    width: int
    blocks: int
    heads: int
    kv_heads: int
    feed_forward: int
    context: int = 2048
    epsilon: float = 1e-5
    rope_base: float = 10000.0

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    def to_json(self) -> dict:
        return asdict(self)


class RMSNorm(nn.Module):
    def __init__(self, width: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + self.epsilon).type_as(x) * self.weight


def rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """x: [batch, places, heads, head width]; cosine and sine: [batch, places, 1, head width / 2]."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1).flatten(-2)


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        kv_width = shape.kv_heads * shape.head_width
        self.q = nn.Linear(shape.width, shape.width, bias=False)
        self.k = nn.Linear(shape.width, kv_width, bias=False)
        self.v = nn.Linear(shape.width, kv_width, bias=False)
        self.output = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, x: Tensor, mask: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        batch, places, _ = x.shape
        shape = self.shape
        q = rotate(self.q(x).view(batch, places, shape.heads, -1), cosine, sine).transpose(1, 2)
        k = rotate(self.k(x).view(batch, places, shape.kv_heads, -1), cosine, sine).transpose(1, 2)
        v = self.v(x).view(batch, places, shape.kv_heads, -1).transpose(1, 2)
        if shape.kv_heads != shape.heads:
            # Query heads that follow each other share a key head.
            k = k.repeat_interleave(shape.heads // shape.kv_heads, 1)
            v = v.repeat_interleave(shape.heads // shape.kv_heads, 1)
        scores = torch.matmul(q * shape.head_width**-0.5, k.transpose(2, 3)) + mask
        mixed = torch.matmul(scores.softmax(-1), v)
        return self.output(mixed.transpose(1, 2).reshape(batch, places, shape.width))


class Block(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention_norm = RMSNorm(shape.width, shape.epsilon)
        self.attention = Attention(shape)
        self.feed_forward_norm = RMSNorm(shape.width, shape.epsilon)
        self.gate = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.up = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.down = nn.Linear(shape.feed_forward, shape.width, bias=False)

    def forward(self, x: Tensor, mask: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x), mask, cosine, sine)
        y = self.feed_forward_norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Llama(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.blocks))
        self.norm = RMSNorm(shape.width, shape.epsilon)
        self._initialise()

    def _initialise(self) -> None:
        for name, weight in self.named_parameters():
            if weight.dim() < 2:
                continue
            deviation = 0.03 if name.startswith("embedding") else weight.shape[1] ** -0.5
            # What blocks add to each other must not grow with their number.
            if name.endswith(("down.weight", "output.weight")):
                deviation *= (2 * self.shape.blocks) ** -0.5
            nn.init.normal_(weight, std=deviation)

    def parameter_count(self) -> int:
        return sum(weight.numel() for weight in self.parameters())

    def hidden(self, tokens: Tensor, positions: Tensor, visible: Tensor) -> Tensor:
        """[batch, places, width] after the last norm. `visible`: [batch, places, places]."""
        half = self.shape.head_width // 2
        steps = torch.arange(half, device=tokens.device, dtype=torch.float32)
        angles = positions[..., None, None].float() * self.shape.rope_base ** (-steps / half)
        x = self.embedding(tokens)
        cosine, sine = angles.cos().type_as(x), angles.sin().type_as(x)
        mask = torch.zeros(visible.shape, dtype=x.dtype, device=x.device).masked_fill_(~visible, -1e9)[:, None]
        for block in self.blocks:
            x = block(x, mask, cosine, sine)
        return self.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.embedding.weight)

    @torch.no_grad()
    def logits_of(self, tokens: list[int]) -> Tensor:
        """[places, vocabulary] of one plain text."""
        count = len(tokens)
        visible = torch.ones(1, count, count, dtype=torch.bool).tril()
        given = torch.tensor([tokens]), torch.arange(count)[None], visible
        return self.logits(self.hidden(*given))[0]

    @torch.no_grad()
    def continue_greedily(self, tokens: list[int], most: int, end: int) -> list[int]:
        """The likeliest tokens one after the other, without the one that ends them."""
        written: list[int] = []
        while len(written) < most:
            following = int(self.logits_of(tokens + written)[-1].argmax())
            if following == end:
                break
            written.append(following)
        return written


# Sizes to choose from: width, blocks, heads, KV heads, feed forward.
SIZES = {
    "1m": (128, 4, 4, 2, 352),
    "3m": (192, 6, 4, 2, 512),
    "8m": (288, 8, 6, 3, 768),
    "15m": (384, 9, 8, 4, 1024),
}


def shape_of(size: str, vocabulary: int) -> Shape:
    width, blocks, heads, kv_heads, feed_forward = SIZES[size]
    return Shape(vocabulary, width, blocks, heads, kv_heads, feed_forward)
