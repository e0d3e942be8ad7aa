for n in (0, 1, -1, 255, -255, 2 ** 64, -(2 ** 64)):
    print(bin(n), oct(n), hex(n), repr(n), str(n))
