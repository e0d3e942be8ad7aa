import zlib, gzip, io
data = b"the quick brown fox " * 500
c = zlib.compressobj(9)
packed = c.compress(data) + c.flush()
d = zlib.decompressobj()
out = d.decompress(packed + b"tail", 100)
print(len(out), len(d.unconsumed_tail) > 0, d.eof)
out += d.decompress(d.unconsumed_tail)
print(out == data, d.eof, d.unused_data, zlib.adler32(b"abc"), zlib.crc32(b"abc", 5))
raw = zlib.compressobj(wbits=-15)
packed = raw.compress(data) + raw.flush()
print(zlib.decompress(packed, -15) == data, zlib.decompress(gzip.compress(data), 31) == data, zlib.decompress(gzip.compress(data), 47) == data)
z = zlib.compressobj(zdict=b"quick brown")
packed = z.compress(b"quick brown fox") + z.flush()
print(zlib.decompressobj(zdict=b"quick brown").decompress(packed))
for call in (lambda: zlib.decompress(b"nonsense"), lambda: zlib.decompress(zlib.compress(data)[:-5]), lambda: zlib.compress("text"), lambda: zlib.compress(b"", 77), lambda: zlib.decompressobj(wbits=99), lambda: zlib.decompressobj().decompress(b"", -1), lambda: zlib.decompressobj().decompress(packed)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
with gzip.open(io.BytesIO(gzip.compress(b"a\nb\n")), "rt") as f:
    print(f.readlines())
