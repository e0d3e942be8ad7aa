# requires: 3.14
try:
    bool(NotImplemented)
except TypeError as error:
    print(error)
