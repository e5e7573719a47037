import unittest
from collections import Counter

from train.bpe import Tokenizer, train_merges
from train.pretokenize import pieces_of

TEXTS = [
    "What is photosynthesis?", "it's 12*7,\r\n\n  two  spaces\t",
    "naïve Ünïcödé 日本語 👋🏽 ½ x²",
    "'''I'LL they've ... !?\n- a",
]


class PretokenizeTest(unittest.TestCase):
    def test_pieces_join_to_the_text(self):
        for text in TEXTS:
            self.assertEqual("".join(pieces_of(text)), text)

    def test_splits_as_the_rule_says(self):
        self.assertEqual(pieces_of("it's 12 cats"), ["it", "'s", " ", "1", "2", " cats"])
        self.assertEqual(pieces_of("a  b\n\n c, (d)"), ["a", " ", " b", "\n\n", " c", ",", " (", "d", ")"])
        self.assertEqual(pieces_of("end.\n\nNext   "), ["end", ".\n\n", "Next", "   "])


class BpeTest(unittest.TestCase):
    def test_round_trip_of_any_text(self):
        tokenizer = Tokenizer(train_merges(Counter(TEXTS * 3), 200), ["<|end|>"], ["<think>"])
        for text in [*TEXTS, "unseen wörds \U0001f600", "<|end|>"]:
            self.assertEqual(tokenizer.decode(tokenizer.encode(text)), text)
        self.assertEqual(tokenizer.encode("<|end|>"), (tokenizer.ids["<|end|>"],))
        self.assertGreater(len(tokenizer.encode("<|end|> in a text")), 4)

    def test_the_same_texts_give_the_same_merges(self):
        texts = Counter({text: 2 for text in TEXTS})
        again = Counter({text: 2 for text in reversed(TEXTS)})
        self.assertEqual(train_merges(texts, 100), train_merges(again, 100))


if __name__ == "__main__":
    unittest.main()
