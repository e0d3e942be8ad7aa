# exit: 1
# stderr: compared
def f():
x = 1
