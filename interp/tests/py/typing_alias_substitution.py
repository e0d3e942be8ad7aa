import copy, pickle, types, weakref, collections
from typing import TypeVar, TypeVarTuple, Generic
T = TypeVar("T")
T1, T2 = TypeVar("T1"), TypeVar("T2")
Ts = TypeVarTuple("Ts")
print(list[T][*tuple[int]], dict[T1, T2][*tuple[int, str]], tuple[*Ts][*tuple[int, str]])
print(tuple[T1, *tuple[tuple[*Ts], ...]][int, str, bool])
star = tuple[*tuple[int, ...]]
for made in (copy.copy(star), copy.deepcopy(star), pickle.loads(pickle.dumps(star))):
    print(made, made == star)
alias = list[int]
print(weakref.ref(alias)() is alias, "append" in dir(alias), "__origin__" in dir(alias))
it = iter(alias)
print(next(it), next(it, "over"))
def g(): yield
async def c(): pass
co = c()
print(type(g())[int], type(co)[int])
co.close()
class Own(types.GenericAlias):
    pass
o = Own(list, (int,))
o.mark = 1
print(o)


def function(): ...
class Holder:
    def method(self): ...
print(list[len], list[function.__name__, Holder.method], list[Holder().method])
