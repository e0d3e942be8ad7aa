# exit: 1
# stderr: compared
class C:
    def __enter__(self):
        return self
    def __exit__(self, *a):
        raise KeyError("exit failed")
with C():
    raise ValueError("body failed")
