text = "It was the best of times, it was the worst of times"
words = {}
for w in text.lower().replace(",", "").split(): words[w] = words.get(w, 0) + 1
print(sorted(words.items(), key=lambda p: (-p[1], p[0]))[:4])
def caesar(s, k): return "".join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in s)
def rle(s):
    out, i = "", 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]: j += 1
        out += f"{s[i]}{j - i}"; i = j
    return out
def roman(n):
    out = ""
    for v, r in zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "M CM D CD C XC L XL X IX V IV I".split()):
        while n >= v: out += r; n -= v
    return out
print(caesar("hello", 3), caesar(caesar("hello", 3), -3), rle("aaabbc"), roman(1994), "racecar" == "racecar"[::-1], sorted("listen") == sorted("silent"))
for row in [("name", "qty"), ("apple", 3), ("kiwi", 12)]: print(f"{row[0]:<8}|{row[1]:>5}")
print("\n".join(f"{i:2d} x {i} = {i * i:<4}|" for i in range(8, 11)))
