class Box:
    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"
print(Box[int], Box[1, 2], list[int], dict[str, int], list[int]([1]), type(list[int]).__name__, list[int].__args__, list[int].__origin__, list[int] == list[int], tuple[int, ...])
try:
    int[str]
except TypeError as error:
    print(error)
print(isinstance([], list), hash(list[int]) == hash(list[int]), list[list[int]], type[int], repr(dict[str, "Fwd"]))
try:
    isinstance([], list[int])
except TypeError as error:
    print(error)
