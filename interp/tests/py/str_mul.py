print("ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, "" * 5, True * "x")
for call in (lambda: "a" * "b", lambda: "a" * 1.5, lambda: "a" * None):
    try:
        call()
    except TypeError as error:
        print(error)
