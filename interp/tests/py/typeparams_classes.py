class Box[T]:
    def __init__(self, x: T): self.x = x
    def get(self) -> T: return self.x
class Pair[A, B](Box[A]):
    pass
print(Box[int], Box.__type_params__, Pair.__bases__, Pair.__orig_bases__, Pair.__type_params__, Box[int](5).get(), Pair[int, str].__args__, Box.__parameters__)
type Alias = int | str
type Vec[T] = list[T]
print(Alias, Alias.__value__, Vec[int], Vec.__type_params__, Vec.__value__, type(Alias).__name__, Alias.__name__)
type Lazy = Undefined1
try:
    Lazy.__value__
except NameError as error:
    print(error)
type Rec = list[Rec]
print(Rec.__value__)
class Inner[T]:
    class Deep[U]:
        def f[V](self): return T, U, V
print(Inner.Deep().f())
