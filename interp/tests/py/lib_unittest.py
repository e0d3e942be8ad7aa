import unittest, io
class T(unittest.TestCase):
    def setUp(self): self.x = 1
    def test_a(self): self.assertEqual(self.x, 1)
    def test_b(self):
        with self.assertRaises(ZeroDivisionError): 1 / 0
    def test_c(self): self.assertIn(5, [1, 2])
    @unittest.skip("why")
    def test_d(self): pass
    def test_e(self):
        for i in range(2):
            with self.subTest(i=i): self.assertTrue(i)
r = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
print(r.testsRun, len(r.failures), len(r.errors), len(r.skipped), [f[1].splitlines()[-1] for f in r.failures])
from unittest import mock
m = mock.Mock(return_value=5); print(m(1, a=2), m.call_args, m.called)
with mock.patch("os.getcwd", return_value="patched"):
    import os; print(os.getcwd())
