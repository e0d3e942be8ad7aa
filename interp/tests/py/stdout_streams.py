import sys
print(sys.stdout.write("abc\n"), sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.name, sys.stdout.fileno(), sys.stdout.writable(), sys.stdin.readable())
sys.stdout.writelines(["x", "y\n"])
sys.stdout.flush()
sys.stdout.buffer.write(b"bytes\n")
old, sys.stdout = sys.stdout, None
print("lost")
sys.stdout = old
sys.stdout.write("end\n")
try:
    sys.stdout.write(5)
except TypeError as error:
    print(error)
