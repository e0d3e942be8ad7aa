# -*- coding: latin-1 -*-
print("plain ascii source under a latin-1 cookie", len("abc"))
