# requires: 3.14
for call in (lambda: {[]: 1}, lambda: {1: 2}[[]], lambda: {[]}, lambda: {1}.add({}), lambda: [] in {}, lambda: hash([]), lambda: {(1, []): 2}):
    try:
        call()
    except TypeError as error:
        print(error)
