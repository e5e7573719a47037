import unittest

import numpy as np

from train.gguf import dequantize_q8_0, quantize_q8_0


class QuantizeTest(unittest.TestCase):
    def test_each_value_is_within_half_a_step(self):
        values = np.random.default_rng(1).normal(size=(8, 64)).astype(np.float32)
        values[0, :32] = 0
        back = dequantize_q8_0(quantize_q8_0(values)).reshape(values.shape)
        steps = np.abs(values.reshape(-1, 32)).max(axis=1) / 127
        error = np.abs(back - values).reshape(-1, 32).max(axis=1)
        # The scale itself is rounded to half precision.
        self.assertTrue((error <= steps * 0.5 + steps * 127 * 2**-11 + 1e-9).all())

    def test_a_block_takes_34_bytes_and_its_extreme_is_127(self):
        data = quantize_q8_0(np.array([[-2.0] + [1.0] * 31], dtype=np.float32))
        self.assertEqual(len(data), 34)
        self.assertEqual(np.frombuffer(data[2:], dtype=np.int8).tolist(), [-127] + [64] * 31)


if __name__ == "__main__":
    unittest.main()
