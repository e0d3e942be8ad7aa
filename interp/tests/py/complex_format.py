z = 3.14159 - 2.5j
for spec in ("", ".2f", "e", "+.1f", ">20.1f", "<20.1f", "g", ",.1f"):
    print(repr(spec), repr(format(z, spec)))
for spec in ("d", "010", "=20"):
    try:
        format(z, spec)
    except ValueError as error:
        print(error)
