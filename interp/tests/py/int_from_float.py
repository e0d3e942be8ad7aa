print(int(1e20), int(-1e20), int(2.0 ** 80))
for value in (float("inf"), float("-inf"), float("nan")):
    try:
        int(value)
    except Exception as error:
        print(type(error).__name__, error)
