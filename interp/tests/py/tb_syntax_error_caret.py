# exit: 1
# stderr: compared
def f():
    return 1 +* 2
