import unittest

import numpy as np
import torch

from train.examples import Example
from train.model import Llama, Shape
from train.tree import FIRST_TOKENS, FIRST_WEIGHT, Lane, Row, batch_of, batches

EXAMPLES = [
    Example((1, 2, 3, 4, 5), 3),
    Example((1, 2, 3, 6, 5, 7, 4, 9, 8, 2, 11), 3),
    Example((1, 2, 8, 9), 2),
    Example((1, 2, 3, 4, 7), 3),
]


class TreeTest(unittest.TestCase):
    def test_the_loss_is_that_of_the_examples_one_by_one_their_beginnings_weighed(self):
        torch.manual_seed(1)
        model = Llama(Shape(16, 32, 2, 4, 2, 32))
        row = Row(24)
        self.assertTrue(row.add(EXAMPLES))
        # Shared places are there once.
        self.assertLess(len(row.tokens), sum(len(example.tokens) - 1 for example in EXAMPLES))
        batch = batch_of([row], padding=0)
        with torch.no_grad():
            hidden = model.hidden(*(torch.from_numpy(array) for array in batch[:3])).flatten(0, 1)
            rows = model.logits(hidden[torch.from_numpy(batch.sources)]).log_softmax(-1)
        targets = torch.from_numpy(batch.targets)[:, None]
        weights = torch.from_numpy(batch.weights)
        together = float((rows.gather(1, targets)[:, 0] * weights).sum())
        alone = 0.0
        for tokens, learn_from in EXAMPLES:
            log_probabilities = model.logits_of(list(tokens)).log_softmax(-1)
            for at in range(learn_from, len(tokens)):
                weight = FIRST_WEIGHT if at < learn_from + FIRST_TOKENS else 1
                alone += weight * float(log_probabilities[at - 1, tokens[at]])
        self.assertAlmostEqual(together, alone, places=3)

    def test_a_group_that_does_not_fit_leaves_the_row_as_it_was(self):
        row = Row(5)
        self.assertTrue(row.add([EXAMPLES[0]]))
        before = (list(row.tokens), dict(row.children), dict(row.learned))
        self.assertFalse(row.add([EXAMPLES[1], EXAMPLES[2]]))
        self.assertEqual((row.tokens, row.children, row.learned), before)

    def test_short_examples_fill_what_long_ones_leave_empty(self):
        lane = Lane(rows=1, places=10)
        # Each long one takes 7 places and leaves room for one short one of 3.
        for number in range(6):
            self.assertTrue(lane.add([Example((number, *range(20, 27)), 4)]))
        for number in range(6):
            self.assertTrue(lane.add([Example((10 + number, 30, 31, 32), 2)]))
        lane.end_rows()
        self.assertEqual([len(row.tokens) for [row] in lane.take()], [10] * 6)
        self.assertFalse(lane.add([Example(tuple(range(12)), 4)]))

    def test_the_seed_decides_the_order_and_a_start_goes_on_in_it(self):
        groups = [[Example((1, 2, number), 2)] for number in range(3, 15)]
        shape = {"rows": 1, "places": 8, "padding": 0, "seed": 3}
        first = [batch for _, batch in zip(range(6), batches(groups, **shape))]
        again = next(batches(groups, start=4, **shape))
        self.assertEqual(again[0], 4)
        self.assertTrue(np.array_equal(again[1].targets, first[4][1].targets))


if __name__ == "__main__":
    unittest.main()
