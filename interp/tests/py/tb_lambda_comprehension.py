# exit: 1
# stderr: compared
f = lambda x: [1 / y for y in x]
def g():
    return {k: f(v) for k, v in {"a": [1, 0]}.items()}
g()
