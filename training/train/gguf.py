"""Writes GGUF files, version 3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): F32, F16 and Q8_0."""

import os
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np

ALIGNMENT = 32
BLOCK = 32
TENSOR_TYPES = {"F32": 0, "F16": 1, "Q8_0": 8}
# `general.file_type` of a file whose matrices are of that type.
FILE_TYPES = {"F32": 0, "F16": 1, "Q8_0": 7}


class Uint32(int):
    pass


class Float32(float):
    pass


class Int32s(list):
    pass


class Tensor(NamedTuple):
    name: str
    values: np.ndarray
    """Rows first, as torch has them: the file's first dimension is the last of these."""
    type: str


def quantize_q8_0(values: np.ndarray) -> bytes:
    """Blocks of 32: a half-precision scale, then 32 signed bytes. The largest magnitude of a block becomes 127."""
    blocks = np.ascontiguousarray(values, dtype=np.float32).reshape(-1, BLOCK)
    scale = np.abs(blocks).max(axis=1) / np.float32(127)
    inverse = np.divide(np.float32(1), scale, out=np.zeros_like(scale), where=scale != 0)
    scaled = blocks * inverse[:, None]
    # C's roundf: halves away from zero.
    levels = (np.sign(scaled) * np.floor(np.abs(scaled) + np.float32(0.5))).astype(np.int8)
    packed = np.empty((len(blocks), 2 + BLOCK), dtype=np.uint8)
    packed[:, :2] = scale.astype(np.float16)[:, None].view(np.uint8)
    packed[:, 2:] = levels.view(np.uint8)
    return packed.tobytes()


def dequantize_q8_0(data: bytes) -> np.ndarray:
    packed = np.frombuffer(data, dtype=np.uint8).reshape(-1, 2 + BLOCK)
    scale = packed[:, :2].copy().view(np.float16).astype(np.float32)
    return (packed[:, 2:].view(np.int8) * scale).reshape(-1)


def tensor_bytes(tensor: Tensor) -> bytes:
    if tensor.type == "Q8_0":
        if tensor.values.shape[-1] % BLOCK != 0:
            raise ValueError(f"{tensor.name}: rows of {tensor.values.shape[-1]} are not whole blocks of {BLOCK}")
        return quantize_q8_0(tensor.values)
    kind = {"F32": np.float32, "F16": np.float16}[tensor.type]
    return np.ascontiguousarray(tensor.values, dtype=kind).tobytes()


def write_gguf(path: Path, metadata: dict, tensors: list[Tensor]) -> None:
    """The file appears complete or not at all."""
    bodies = [tensor_bytes(tensor) for tensor in tensors]
    header = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(metadata))
    header += b"".join(_text(key) + _value(value) for key, value in metadata.items())
    offset = 0
    for tensor, body in zip(tensors, bodies):
        shape = tensor.values.shape[::-1]
        header += _text(tensor.name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        header += struct.pack("<IQ", TENSOR_TYPES[tensor.type], offset)
        offset += len(body) + _padding(len(body))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with open(part, "wb") as file:
        file.write(header + bytes(_padding(len(header))))
        for body in bodies:
            file.write(body + bytes(_padding(len(body))))
    os.replace(part, path)


def _padding(length: int) -> int:
    return -length % ALIGNMENT


def _text(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def _value(value) -> bytes:
    # A bool is an int, so it comes first.
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, Uint32):
        return struct.pack("<II", 4, value)
    if isinstance(value, Float32):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if isinstance(value, Int32s):
        return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)
    if isinstance(value, list):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_text, value))
    raise TypeError(f"{type(value).__name__} is not written to GGUF files")
