"""Byte-level BPE by cuts that llama.cpp has names for: vocabulary, merges and the ids of some texts, by Hugging Face's tokenizers.

Run once: pip install tokenizers; python tests/golden/make_pre_tokenizers.py
Writes pre-tokenizers.json beside itself. Patterns are those of the models' own tokenizer.json: GPT-4o's of Phi-4-mini, cl100k's of Phi-4.
"""
import json
import pathlib

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

PATTERNS = {
    "gpt-4o": r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
    "dbrx": r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
}
TEXTS = [
    "It's HelloWorld, isn't it? We'LL see: iPhoneX and HTMLParser.",
    "In 2024, 1234567 people said 3.14159/2 = 1.57;\n\n  tabs\tand   spaces \r\n  end  ",
    "naïve café — übergroß, Ελληνικά Θ, Привет МИР, 日本語のテキスト, नमस्ते, 🙂🙃!",
    "//comments///\nfoo_bar(baz) { return x->y[0]; } // done/\n/",
    "I'M don'T THEY'RE we've He'd O'Neil's",
]
TRAINED_ON = TEXTS + ["hello world people said see the their return comments in it we and spaces text HTML parser " * 20]

out = {}
for name, pattern in PATTERNS.items():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    # Pairs of any kind of character, so that a cut in another place shows.
    tokenizer.train_from_iterator(TRAINED_ON, trainers.BpeTrainer(
        vocab_size=640, min_frequency=1, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    vocabulary = sorted(model["vocab"], key=model["vocab"].get)
    out[name] = {
        "tokens": vocabulary,
        "merges": [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]],
        "texts": [{"text": text, "ids": tokenizer.encode(text).ids} for text in TEXTS],
    }
(pathlib.Path(__file__).parent / "pre-tokenizers.json").write_text(json.dumps(out, ensure_ascii=False) + "\n")
