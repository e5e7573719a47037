import tempfile
import unittest
from pathlib import Path

import torch

from train.examples import Example
from train.fit import Fit, Settings
from train.lora import add_lora, lora_state
from train.model import Llama, Shape

GROUPS = [[Example((1, 2 + number, 9, 2 + number), 3)] for number in range(6)]


def fitted(folder: str, steps: int, model: Llama, weights=None) -> Fit:
    settings = Settings(rows=1, places=16, warmup_steps=2, learning_rate=5e-3, steps=steps)
    return Fit(model, weights or list(model.parameters()), settings, Path(folder), "cpu")


def new_model() -> Llama:
    torch.manual_seed(5)
    return Llama(Shape(16, 32, 1, 2, 1, 32))


class FitTest(unittest.TestCase):
    def setUp(self):
        torch.set_num_threads(1)

    def test_learns_and_gives_the_same_weights_again(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            models = [new_model(), new_model()]
            for folder, model in zip((one, other), models):
                fitted(folder, 60, model).run(GROUPS, 0)
            for tokens, _ in (example for group in GROUPS for example in group):
                self.assertEqual(int(models[0].logits_of(list(tokens[:3]))[-1].argmax()), tokens[3])
            for left, right in zip(models[0].parameters(), models[1].parameters()):
                self.assertTrue(torch.equal(left, right))

    def test_goes_on_where_it_was_interrupted(self):
        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as halves:
            straight, resumed = new_model(), new_model()
            fitted(whole, 40, straight).run(GROUPS, 0)
            interrupted = fitted(halves, 40, resumed)
            train_on = interrupted.train_on

            def stop_at_twenty(batch):
                if interrupted.step == 20:
                    raise KeyboardInterrupt
                return train_on(batch)

            interrupted.train_on = stop_at_twenty
            with self.assertRaises(KeyboardInterrupt):
                interrupted.run(GROUPS, 0)
            interrupted.save()
            following = new_model()
            again = fitted(halves, 40, following)
            self.assertTrue(again.resume())
            again.run(GROUPS, 0)
            for left, right in zip(straight.parameters(), following.parameters()):
                self.assertTrue(torch.equal(left, right))
            rows = (Path(halves) / "loss.csv").read_text().splitlines()
            self.assertEqual([row.split(",")[0] for row in rows], ["step", "10", "20", "30", "40"])

    def test_an_adapter_leaves_the_base_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            model = new_model()
            before = {name: weight.clone() for name, weight in model.state_dict().items()}
            tokens = [1, 2, 9]
            logits = model.logits_of(tokens)
            weights = add_lora(model)
            self.assertTrue(torch.allclose(model.logits_of(tokens), logits))
            fitted(folder, 20, model, weights).run(GROUPS, 0)
            self.assertFalse(torch.allclose(model.logits_of(tokens), logits))
            for name, weight in model.state_dict().items():
                if name not in lora_state(model):
                    self.assertTrue(torch.equal(weight, before[name.replace(".base", "")]), name)


if __name__ == "__main__":
    unittest.main()
