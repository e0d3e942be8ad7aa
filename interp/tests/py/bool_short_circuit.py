def say(value):
    print("eval", value)
    return value
print(say(0) or say(2) or say(3))
print(say(1) and say(0) and say(3))
print(not say(0), say(None) or "default", say([]) and 1)
print(say(1) if say(0) else say(2))
x = 5
print(1 < x < 10, 1 < x > 7, x == 5 == 5.0, 0 < say(3) < say(2) < say(9))
