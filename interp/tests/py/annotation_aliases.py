import typing
type Al[T] = list[T]
print(Al, type(Al), type(Al).__module__, Al.__module__, Al[int], typing.TypeAliasType.__name__)
def f(): pass
print(f.__module__, type(f).__module__, type(f).__name__, len.__module__, "".join.__module__, type(len).__module__, "__module__" in dir(1), hasattr(1, "__module__"), type(typing.TypeVar("T")).__module__)
