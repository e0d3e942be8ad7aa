# exit: 1
# stderr: compared
class A:
    class B:
        x = 1
        y = x.missing
