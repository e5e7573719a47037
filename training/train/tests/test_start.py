import unittest

import numpy as np

from train.examples import Example
from train.start import counted_embedding

# Tokens 1 to 3 call for 10, tokens 4 to 6 for 11; 0 stands everywhere.
GROUPS = [[Example((0, token, other, 10 + (token > 3)), 3)] for token in range(1, 7) for other in (token, 7 + token % 2)] * 5


def closeness(embedding: np.ndarray, one: int, other: int) -> float:
    left, right = embedding[one], embedding[other]
    return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))


class StartTest(unittest.TestCase):
    def setUp(self):
        self.embedding = counted_embedding(GROUPS, 16, 8, seed=1)

    def test_tokens_that_call_for_the_same_lie_near_each_other(self):
        pairs = [(one, other) for one in range(1, 7) for other in range(one + 1, 7)]
        near = [closeness(self.embedding, *pair) for pair in pairs if (pair[0] > 3) == (pair[1] > 3)]
        far = [closeness(self.embedding, *pair) for pair in pairs if (pair[0] > 3) != (pair[1] > 3)]
        self.assertGreater(np.mean(near), np.mean(far) + 0.3)

    def test_every_token_has_numbers_of_its_own_and_the_seed_decides_them(self):
        self.assertEqual(self.embedding.shape, (16, 8))
        self.assertEqual(self.embedding.dtype, np.float32)
        self.assertEqual(len({row.tobytes() for row in self.embedding}), 16)
        self.assertTrue(np.array_equal(self.embedding, counted_embedding(GROUPS, 16, 8, seed=1)))
        self.assertFalse(np.array_equal(self.embedding, counted_embedding(GROUPS, 16, 8, seed=2)))

    def test_more_width_than_there_is_to_count_is_filled_up(self):
        embedding = counted_embedding(GROUPS[:2], 16, 64, seed=1)
        self.assertEqual(embedding.shape, (16, 64))
        self.assertTrue(np.isfinite(embedding).all())


if __name__ == "__main__":
    unittest.main()
