import hashlib, hmac
for name in sorted(hashlib.algorithms_guaranteed):
    h = hashlib.new(name, b"abc")
    h.update(b"def" * 3000)
    text = h.hexdigest(20) if name.startswith("shake") else h.hexdigest()
    print(name, h.digest_size, h.block_size, text[:32], h.copy().name)
print(hashlib.blake2b(b"x", digest_size=8, key=b"k", salt=b"s", person=b"p").hexdigest(), hashlib.blake2s(b"x", last_node=True, fanout=2, depth=3).hexdigest()[:16])
print(hmac.new(b"key", b"message", "sha256").hexdigest(), hmac.digest(b"key", b"message", hashlib.md5).hex(), hmac.compare_digest("a", "b"))
print(hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 2, 25).hex(), hashlib.scrypt(b"password", salt=b"NaCl", n=16, r=8, p=1, dklen=16).hex())
for call in (lambda: hashlib.new("nope"), lambda: hashlib.sha256("text"), lambda: hashlib.blake2b(digest_size=65), lambda: hashlib.sha1().update(1)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
