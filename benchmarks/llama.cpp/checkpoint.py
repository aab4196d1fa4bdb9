#!/usr/bin/env python3
"""Random checkpoints of a Mistral decoder in HuggingFace form, and the same weights as GGUF.

    checkpoint.py SIZE FOLDER      writes one of size S, M or 7B (that of Mistral 7B) in bf16

A norm is around 1 and a matrix normal with deviation 0.02, rounded to bfloat16 in every form, so that
all of them hold the same numbers. Only speed can be measured with such weights.
"""
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy

# hidden, layers, heads, key-value heads, width of a head, intermediate
SIZES = {
    "S": (768, 12, 12, 4, 64, 2048),
    "M": (2048, 16, 32, 8, 64, 5632),
    "7B": (4096, 32, 32, 8, 128, 14336),
}
VOCABULARY, CONTEXT = 32_000, 4096
DTYPES = {"bf16": "BF16", "f32": "F32"}
GGUF_TYPES = {"F32": (0, 0), "BF16": (30, 32)}  # of a tensor, and of a file
ALIGNMENT = 32


def config(size, precision):
    hidden, layers, heads, kv_heads, head, intermediate = SIZES[size]
    return {
        "architectures": ["MistralForCausalLM"],
        "model_type": "mistral",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "head_dim": head,
        "intermediate_size": intermediate,
        "vocab_size": VOCABULARY,
        "max_position_embeddings": CONTEXT,
        "sliding_window": CONTEXT,
        "rope_theta": 10000.0,
        "rms_norm_eps": 1e-05,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "torch_dtype": {"bf16": "bfloat16", "f32": "float32"}[precision],
    }


def tensors(sizes):
    """(name, name in GGUF, shape) of each tensor."""
    hidden, wide = sizes["hidden_size"], sizes["intermediate_size"]
    query, kv = (
        sizes[heads] * sizes["head_dim"] for heads in ("num_attention_heads", "num_key_value_heads"))
    yield "model.embed_tokens.weight", "token_embd.weight", (VOCABULARY, hidden)
    for layer in range(sizes["num_hidden_layers"]):
        for name, gguf_name, shape in (
            ("input_layernorm", "attn_norm", (hidden,)),
            ("self_attn.q_proj", "attn_q", (query, hidden)),
            ("self_attn.k_proj", "attn_k", (kv, hidden)),
            ("self_attn.v_proj", "attn_v", (kv, hidden)),
            ("self_attn.o_proj", "attn_output", (hidden, query)),
            ("post_attention_layernorm", "ffn_norm", (hidden,)),
            ("mlp.gate_proj", "ffn_gate", (wide, hidden)),
            ("mlp.up_proj", "ffn_up", (wide, hidden)),
            ("mlp.down_proj", "ffn_down", (hidden, wide)),
        ):
            yield f"model.layers.{layer}.{name}.weight", f"blk.{layer}.{gguf_name}.weight", shape
    yield "model.norm.weight", "output_norm.weight", (hidden,)
    yield "lm_head.weight", "output.weight", (VOCABULARY, hidden)


def to_bf16(values):
    """The upper half of each float32, rounded to the nearest, ties to even."""
    bits = numpy.ascontiguousarray(values, numpy.float32).view(numpy.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(numpy.uint16)


def from_bf16(halves):
    return (halves.astype(numpy.uint32) << 16).view(numpy.float32)


def random_weights(name, shape):
    """As bfloat16; the same for the same name."""
    draw = numpy.random.default_rng([1, zlib.crc32(name.encode())])
    values = draw.standard_normal(shape, numpy.float32)
    return to_bf16(1 + 0.1 * values if len(shape) == 1 else 0.02 * values)


def write_checkpoint(size, precision, folder):
    folder.mkdir(parents=True)
    sizes = config(size, precision)
    (folder / "config.json").write_text(json.dumps(sizes, indent=2))
    header, end = {}, 0
    for name, _, shape in tensors(sizes):
        begin, end = end, end + int(numpy.prod(shape)) * (2 if precision == "bf16" else 4)
        header[name] = {
            "dtype": DTYPES[precision], "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, _, shape in tensors(sizes):
            halves = random_weights(name, shape)
            file.write((halves if precision == "bf16" else from_bf16(halves)).tobytes())


def read_checkpoint(folder):
    """Each tensor by its name, as float32 when it is asked for."""
    mapped = numpy.memmap(folder / "model.safetensors", numpy.uint8, "r")
    data = 8 + int(mapped[:8].view("<u8")[0])
    header = json.loads(bytes(mapped[8:data]))

    def tensor(name):
        begin, end = header[name]["data_offsets"]
        raw = bytes(mapped[data + begin:data + end])
        values = (
            from_bf16(numpy.frombuffer(raw, "<u2"))
            if header[name]["dtype"] == "BF16"
            else numpy.frombuffer(raw, "<f4"))
        return values.reshape(header[name]["shape"])

    return tensor


def interleaved(matrix, heads):
    """llama.cpp turns neighbours, HuggingFace the two halves of a head: the rows are put so."""
    rows, columns = matrix.shape
    halves = matrix.reshape(heads, 2, rows // heads // 2, columns)
    return halves.swapaxes(1, 2).reshape(rows, columns)


def text(value):
    encoded = value.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def entry(key, code, value):
    return text(key) + struct.pack("<I", code) + value


def gguf_entries(sizes, gguf_type):
    def whole(key, value):
        return entry(key, 4, struct.pack("<I", value))

    def real(key, value):
        return entry(key, 6, struct.pack("<f", value))

    def array(key, code, packed):
        return entry(key, 9, struct.pack("<IQ", code, VOCABULARY) + packed)

    words = [f"t{token}" for token in range(VOCABULARY)]  # Never seen: prompts are token ids.
    return [
        entry("general.architecture", 8, text("llama")),
        whole("general.file_type", GGUF_TYPES[gguf_type][1]),
        whole("llama.context_length", sizes["max_position_embeddings"]),
        whole("llama.embedding_length", sizes["hidden_size"]),
        whole("llama.block_count", sizes["num_hidden_layers"]),
        whole("llama.feed_forward_length", sizes["intermediate_size"]),
        whole("llama.attention.head_count", sizes["num_attention_heads"]),
        whole("llama.attention.head_count_kv", sizes["num_key_value_heads"]),
        whole("llama.attention.key_length", sizes["head_dim"]),
        whole("llama.attention.value_length", sizes["head_dim"]),
        whole("llama.rope.dimension_count", sizes["head_dim"]),
        real("llama.rope.freq_base", sizes["rope_theta"]),
        real("llama.attention.layer_norm_rms_epsilon", sizes["rms_norm_eps"]),
        whole("llama.vocab_size", VOCABULARY),
        entry("tokenizer.ggml.model", 8, text("llama")),
        array("tokenizer.ggml.tokens", 8, b"".join(map(text, words))),
        array("tokenizer.ggml.scores", 6, numpy.zeros(VOCABULARY, "<f4").tobytes()),
        array("tokenizer.ggml.token_type", 5, numpy.ones(VOCABULARY, "<i4").tobytes()),
        whole("tokenizer.ggml.bos_token_id", 1),
        whole("tokenizer.ggml.eos_token_id", 2),
        whole("tokenizer.ggml.unknown_token_id", 0),
    ]


def write_gguf(folder, gguf_type, path):
    """Norms stay float32, as llama.cpp's own conversion has them."""
    sizes = json.loads((Path(folder) / "config.json").read_text())
    heads = {"q_proj": sizes["num_attention_heads"], "k_proj": sizes["num_key_value_heads"]}
    tensor = read_checkpoint(Path(folder))
    table, offset = b"", 0
    for _, name, shape in tensors(sizes):
        stored = "F32" if len(shape) == 1 else gguf_type
        table += text(name) + struct.pack("<I", len(shape))
        table += b"".join(struct.pack("<Q", side) for side in reversed(shape))
        table += struct.pack("<IQ", GGUF_TYPES[stored][0], offset)
        offset += int(numpy.prod(shape)) * (4 if stored == "F32" else 2)
        offset += -offset % ALIGNMENT
    entries = gguf_entries(sizes, gguf_type)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        count = sum(1 for _ in tensors(sizes))
        file.write(b"GGUF" + struct.pack("<IQQ", 3, count, len(entries)))
        file.write(b"".join(entries) + table)
        file.write(b"\0" * (-file.tell() % ALIGNMENT))
        for name, _, shape in tensors(sizes):
            values = tensor(name)
            for part, number in heads.items():
                values = interleaved(values, number) if part in name else values
            plain = len(shape) == 1 or gguf_type == "F32"
            file.write((values.astype("<f4") if plain else to_bf16(values)).tobytes())
            file.write(b"\0" * (-file.tell() % ALIGNMENT))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in SIZES:
        sys.exit(f"usage: checkpoint.py {{{','.join(SIZES)}}} FOLDER")
    write_checkpoint(sys.argv[1], "bf16", Path(sys.argv[2]).expanduser())
