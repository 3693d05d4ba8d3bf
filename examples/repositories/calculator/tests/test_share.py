import unittest
from fractions import Fraction

from calculator import share


class Share(unittest.TestCase):
    def test_everybody_gets_the_same(self):
        self.assertEqual(share(1, 3), Fraction(1, 3))

    def test_nobody_to_share_with_is_an_error(self):
        with self.assertRaises(ValueError):
            share(1, 0)
