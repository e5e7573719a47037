"""A trained model, or a trained adapter, as the GGUF file that llama.cpp loads."""

from pathlib import Path

from .bpe import Tokenizer
from .gguf import FILE_TYPES, Float32, Int32s, Tensor, Uint32, write_gguf
from .lora import ALPHA, lora_state
from .model import Llama
from .pretokenize import PRE_TOKENIZER

NORMAL, CONTROL, USER_DEFINED = 1, 3, 4
LICENSE = "apache-2.0"

# Our names and llama.cpp's, which follow `blk.N.`.
BLOCK_TENSORS = {
    "attention_norm": "attn_norm",
    "attention.q": "attn_q",
    "attention.k": "attn_k",
    "attention.v": "attn_v",
    "attention.output": "attn_output",
    "feed_forward_norm": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}


def export_model(path: Path, model: Llama, tokenizer: Tokenizer, about: dict, *, name: str, quantization: str) -> None:
    """`about`: what training/data wrote. Norms stay F32; without an output matrix llama.cpp takes the embedding."""
    shape = model.shape
    form = about["format"]
    types = [NORMAL] * (256 + len(tokenizer.merges))
    types += [CONTROL] * len(tokenizer.control_marks) + [USER_DEFINED] * len(tokenizer.thought_marks)
    metadata = {
        **_general("model", name, about),
        "general.description": f"Built-in demo model of Memwell: knows {len(about['topics'])} topics, nothing else",
        "general.size_label": f"{model.parameter_count() / 1e6:.1f}M",
        "general.file_type": Uint32(FILE_TYPES[quantization]),
        "general.quantization_version": Uint32(2),
        "memwell.parameters": Uint32(model.parameter_count()),
        "memwell.topics": [topic["name"] for topic in about["topics"]],
        "llama.block_count": Uint32(shape.blocks),
        "llama.context_length": Uint32(shape.context),
        "llama.embedding_length": Uint32(shape.width),
        "llama.feed_forward_length": Uint32(shape.feed_forward),
        "llama.attention.head_count": Uint32(shape.heads),
        "llama.attention.head_count_kv": Uint32(shape.kv_heads),
        "llama.attention.layer_norm_rms_epsilon": Float32(shape.epsilon),
        "llama.rope.dimension_count": Uint32(shape.head_width),
        "llama.rope.freq_base": Float32(shape.rope_base),
        "llama.vocab_size": Uint32(shape.vocabulary),
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": PRE_TOKENIZER,
        "tokenizer.ggml.tokens": tokenizer.tokens,
        "tokenizer.ggml.token_type": Int32s(types),
        "tokenizer.ggml.merges": [" ".join(merge) for merge in tokenizer.merges],
        "tokenizer.ggml.bos_token_id": Uint32(tokenizer.ids[form["padding"]]),
        "tokenizer.ggml.eos_token_id": Uint32(tokenizer.ids[form["end"]]),
        "tokenizer.ggml.padding_token_id": Uint32(tokenizer.ids[form["padding"]]),
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.chat_template": form["chatTemplate"],
    }
    weights = {key: weight.detach().float().numpy() for key, weight in model.state_dict().items()}
    tensors = [Tensor("token_embd.weight", weights["embedding.weight"], quantization)]
    for block in range(shape.blocks):
        for ours, theirs in BLOCK_TENSORS.items():
            kind = "F32" if theirs.endswith("norm") else quantization
            tensors.append(Tensor(f"blk.{block}.{theirs}.weight", weights[f"blocks.{block}.{ours}.weight"], kind))
    tensors.append(Tensor("output_norm.weight", weights["norm.weight"], "F32"))
    write_gguf(path, metadata, tensors)


def export_adapter(path: Path, model: Llama, about: dict, *, name: str, base: str) -> None:
    """As llama.cpp's convert_lora_to_gguf.py lays one out: `lora_a` goes from input to rank, `lora_b` to output."""
    metadata = {
        **_general("adapter", name, about),
        "general.base_model.count": Uint32(1),
        "general.base_model.0.name": base,
        "general.file_type": Uint32(FILE_TYPES["F16"]),
        "adapter.type": "lora",
        "adapter.lora.alpha": Float32(ALPHA),
    }
    tensors = []
    for key, weight in lora_state(model).items():
        _, block, *path_of, half = key.split(".")
        theirs = BLOCK_TENSORS[".".join(path_of)]
        values = weight.detach().float().numpy()
        tensors.append(Tensor(f"blk.{block}.{theirs}.weight.lora_{half}", values, "F16"))
    write_gguf(path, metadata, tensors)


def _general(kind: str, name: str, about: dict) -> dict:
    return {
        "general.architecture": "llama",
        "general.type": kind,
        "general.name": name,
        "general.license": LICENSE,
        "memwell.curriculum_sha256": about["curriculumSha256"],
        "memwell.data_seed": about["seed"],
    }
