"""Trains the built-in models: tokenizer, Llama model, LoRA adapters, GGUF files. Needs torch and numpy only."""
