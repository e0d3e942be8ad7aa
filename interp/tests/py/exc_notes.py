# requires: 3.14
e = ValueError("x")
e.add_note("first")
e.add_note("second")
print(e.__notes__)
try:
    e.add_note(5)
except TypeError as error:
    print(error)
import traceback
print("".join(traceback.format_exception(e)))
