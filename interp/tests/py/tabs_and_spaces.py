if True:
	print("tab")
	if True:
	    print("tab and spaces")
try:
    exec("if True:\n\tx = 1\n        y = 2")
except TabError as error:
    print(type(error).__name__, error.msg, error.lineno)
try:
    exec("if True:\n  x = 1\n y = 2")
except IndentationError as error:
    print(type(error).__name__, error.msg, error.lineno)
