# requires: taipan
"""A context variable set in a block that is undone has its old value again."""
import contextvars
from transaction import atomic

var = contextvars.ContextVar("var", default="first")
with atomic:
    var.set("second")
    try:
        with atomic:
            var.set("third")
            raise KeyError
    except KeyError:
        print(var.get())
try:
    with atomic:
        var.set("fourth")
        raise KeyError
except KeyError:
    print(var.get())
