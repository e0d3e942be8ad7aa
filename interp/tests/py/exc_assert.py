try:
    assert 1 == 2, "message"
except AssertionError as error:
    print(repr(error))
try:
    assert False
except AssertionError as error:
    print(repr(error))
assert True, 1 / 0
try:
    assert [], (1, 2)
except AssertionError as error:
    print(error.args)
