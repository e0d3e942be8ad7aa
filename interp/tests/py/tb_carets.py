# exit: 1
# stderr: compared
class A:
    pass
a = A()
a.b = {"k": [1, 2]}
def call(*args):
    return a.b["k"][5] + sum(args)
print("before")
result = call(1, 2, 3) + call(
    4,
    5)
