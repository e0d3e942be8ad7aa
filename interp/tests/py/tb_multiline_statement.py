# exit: 1
# stderr: compared
def add(a, b):
    return a + b

value = add(
    1,
    "two",
)
