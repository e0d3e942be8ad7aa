print(bool(0), bool(""), bool([]), bool(0.0), bool(None), bool("0"), bool([0]), bool(-1))
print(True + True, True * 10, True / 2, str(True), repr(False), int(True), True is True, not True)
print(isinstance(True, int), bool.__mro__, type(True), type(not 1))
class Never:
    def __bool__(self):
        return 1
class Sized:
    def __len__(self):
        return 0
print(bool(Sized()), not Sized())
try:
    bool(Never())
except TypeError as error:
    print(error)
try:
    class B(bool):
        pass
except TypeError as error:
    print(error)
