# exit: 1
# stderr: compared
x = {"a": {"b": None}}
y = x["a"]["b"]["c"]["d"]
