# exit: 1
# stderr: compared
raise ValueError("first line\nsecond line\n\tthird")
