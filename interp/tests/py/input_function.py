import io, sys
sys.stdin = io.StringIO("first\nsecond\n\n")
print(repr(input()), repr(input("prompt> ")), repr(input()))
try:
    input()
except EOFError as error:
    print(error)
