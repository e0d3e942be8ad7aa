# requires: 3.14
# Annotations are evaluated when asked for (PEP 649).
def f(x: Later) -> Later: pass
class C:
    attr: Later
    other: int
try:
    f.__annotations__
except NameError as error:
    print(error)
class Later: pass
print(f.__annotations__)
print(C.__annotations__)
import annotationlib
def g(x: Unknown, y: int): pass
print(annotationlib.get_annotations(g, format=annotationlib.Format.STRING))
print(annotationlib.get_annotations(g, format=annotationlib.Format.FORWARDREF)["y"])
try:
    annotationlib.get_annotations(g)
except NameError as error:
    print(error)
print(f.__annotate__(1) == f.__annotations__)
