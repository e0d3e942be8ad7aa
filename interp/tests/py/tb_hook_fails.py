# exit: 1
# stderr: compared
import sys
def hook(kind, value, tb):
    raise KeyError("hook broken")
sys.excepthook = hook
raise ValueError("original")
# known-failing: line 1: `Error in sys.excepthook:` is `Traceback (most recent call last):`
