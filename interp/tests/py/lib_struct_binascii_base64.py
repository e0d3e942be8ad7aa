import struct, binascii, base64, zlib, hashlib
print(struct.pack("<iHb?d4s", 1, 2, -3, True, 1.5, b"ab"), struct.unpack(">hI", b"\x00\x01\x00\x00\x00\x02"), struct.calcsize("@bi"), struct.pack_into, list(struct.iter_unpack("<h", b"\x01\x00\x02\x00"))) if False else print(struct.pack("<iHb?d4s", 1, 2, -3, True, 1.5, b"ab"), struct.unpack(">hI", b"\x00\x01\x00\x00\x00\x02"), struct.calcsize("<bi"), list(struct.iter_unpack("<h", b"\x01\x00\x02\x00")))
print(binascii.hexlify(b"ab"), binascii.unhexlify("6162"), base64.b64encode(b"hello?"), base64.b64decode("aGVsbG8/"), base64.urlsafe_b64encode(b"\xff\xfe"), base64.b32encode(b"a"), base64.b16encode(b"a"), binascii.crc32(b"hello"), base64.b85encode(b"abcd"))
print(hashlib.md5(b"a").hexdigest(), hashlib.sha256(b"a").hexdigest()[:16], hashlib.sha1(b"").hexdigest()[:8], zlib.crc32(b"hello"), zlib.decompress(zlib.compress(b"x" * 100)) == b"x" * 100)
for call in (lambda: struct.pack("b", 200), lambda: struct.unpack("i", b"a"), lambda: struct.pack("z"), lambda: struct.pack("i", "a"), lambda: base64.b64decode("a"), lambda: binascii.unhexlify("abc")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
