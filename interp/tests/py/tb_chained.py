# exit: 1
# stderr: compared
def load():
    try:
        {}["key"]
    except KeyError as error:
        raise ValueError("bad config") from error

try:
    load()
except ValueError:
    raise RuntimeError("start failed")
