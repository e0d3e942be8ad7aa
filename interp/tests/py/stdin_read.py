import sys
print(repr(sys.stdin.readline()), [line for line in sys.stdin], repr(sys.stdin.read()))
