# exit: 1
# stderr: compared
print("never")
x = (1 +
def f():
    pass
