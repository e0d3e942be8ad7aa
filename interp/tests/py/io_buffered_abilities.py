# What buffered streams over a stream that can do everything say that they can do.
import io
class Raw(io.RawIOBase):
    def readable(self): return True
    def writable(self): return True
    def seekable(self): return True
    def seek(self, at, whence=0): return 0
    def readinto(self, b): return 0
    def write(self, b): return len(b)
for c in io.BufferedReader, io.BufferedWriter, io.BufferedRandom:
    f = c(Raw())
    print(c.__name__, f.readable(), f.writable(), f.seekable(), 'readable' in vars(c), 'writable' in vars(c))
