"""Word frequencies of a made-up text: str.split, dict get and set, sorting of items.

Arguments: words, repeats.
"""
import sys

SYLLABLES = "ka lo mi ne tu ra so pe vi du".split()


def text(n):
    """n words from a linear congruential generator, some with upper case and stops."""
    state = 12345
    words = []
    for i in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        pick = state >> 8
        word = SYLLABLES[pick % 10] + SYLLABLES[pick // 10 % 10] + SYLLABLES[pick // 100 % 4]
        if i % 11 == 0:
            word = word.capitalize()
        if i % 7 == 6:
            word += "."
        words.append(word)
    lines = [" ".join(words[i:i + 12]) for i in range(0, n, 12)]
    return "\n".join(lines)


def frequencies(content):
    counts = {}
    for line in content.splitlines():
        for word in line.split():
            word = word.strip(".").lower()
            counts[word] = counts.get(word, 0) + 1
    return counts


def main(args):
    n = int(args[0]) if args else 200000
    repeats = int(args[1]) if len(args) > 1 else 8
    content = text(n)
    for _ in range(repeats):
        counts = frequencies(content)
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
    print(len(content), "characters,", len(counts), "words,", sum(counts.values()), "in all")
    for word, count in top:
        print(word, count)


if __name__ == "__main__":
    main(sys.argv[1:])
