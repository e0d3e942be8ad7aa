# requires: 3.14
name, n = "World", 42
t = t"Hello {name}! {n:>{5}} {n!r} {n = }"
print(type(t).__name__, t.strings)
print(t.values)
for i in t.interpolations:
    print(i.value, i.expression, i.conversion, repr(i.format_spec))
print([type(x).__name__ for x in t], len(t.strings) == len(t.interpolations) + 1)
print(t"".strings, t"plain".strings, t"{1}{2}".strings)
print((t"a{1}" + t"b{2}").strings, (t"a" t"b").strings)
try:
    t"a" + "b"
except TypeError as error:
    print(error)
from string.templatelib import Template, Interpolation
print(isinstance(t, Template), isinstance(t.interpolations[0], Interpolation))
def html(template):
    return "".join(x if isinstance(x, str) else str(x.value).replace("<", "&lt;") for x in template)
evil = "<script>"
print(html(t"<p>{evil}</p>"))
