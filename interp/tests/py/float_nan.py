nan = float("nan")
print(nan == nan, nan != nan, nan < 1, nan > 1, nan in [nan], [nan] == [nan], nan is nan)
print(max(nan, 1.0), max(1.0, nan), min(nan, 1.0), sorted([3.0, 1.0, 2.0]))
print({nan: 1}[nan], (nan,) == (nan,), float("nan") == nan)
