# exit: 1
# stderr: compared
import sys
def hook(kind, value, tb):
    raise KeyError("hook broken")
sys.excepthook = hook
raise ValueError("original")
