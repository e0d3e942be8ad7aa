"""Strings built in many ways: concatenation, join, formatting, replace, slices.

Arguments: n.
"""
import sys


def rows(n):
    out = []
    for i in range(n):
        out.append(f"{i:06d};{i % 97:>4};{i / 8:.3f}")
    return "\n".join(out)


def grown(n):
    text = ""
    for i in range(n):
        text += chr(97 + i % 26)
    return text


def percent(n):
    total = 0
    for i in range(n):
        total += len("%s=%d, %x" % ("key", i, i))
    return total


def edited(text):
    out = []
    for line in text.split("\n"):
        head, _, tail = line.partition(";")
        if tail.startswith("   "):
            out.append(head[2:].upper() + tail.replace(";", ":"))
        else:
            out.append(head[::-1] + tail.strip())
    return "".join(out)


def checksum(text):
    total = 0
    for i, char in enumerate(text):
        total = (total * 31 + ord(char) + i) & 0xFFFFFFFF
    return total


def main(args):
    n = int(args[0]) if args else 240000
    table = rows(n)
    result = edited(table)
    print(len(table), len(result), percent(n))
    print(checksum(result[:200000]), checksum(grown(n)))


if __name__ == "__main__":
    main(sys.argv[1:])
