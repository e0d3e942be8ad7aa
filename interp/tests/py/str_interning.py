import sys
a = sys.intern("hello world")
b = sys.intern("hello" + " world")
print(a is b)
try:
    sys.intern(1)
except TypeError as error:
    print(error)
