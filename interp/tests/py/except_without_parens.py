# requires: 3.14
for error in (KeyError("k"), ValueError("v"), OSError("o")):
    try:
        raise error
    except KeyError, ValueError:
        print("caught", repr(error))
    except OSError:
        print("os")
try:
    raise ExceptionGroup("g", [TypeError(1), KeyError(2)])
except* TypeError, KeyError:
    print("group")
