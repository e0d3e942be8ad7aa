print(1 << 70, -1 << 70, (1 << 70) >> 68, (-(1 << 70)) >> 68)
print(-1 >> 100, 1 >> 100, -5 >> 1, 5 >> 1, 0 << 1000)
for text in ("1 << -1", "1 >> -1", "1 << 1.0"):
    try:
        eval(text)
    except Exception as error:
        print(type(error).__name__, error)
