# exit: 1
# stderr: compared
def f():
    try:
        raise ValueError("one")
    except ValueError:
        raise
    finally:
        print("finally")
f()
