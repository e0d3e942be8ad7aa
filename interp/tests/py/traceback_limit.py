# exit: 1
# stderr: compared
import sys
def f(): 1 / 0
def g(): f()
def h(): g()
sys.tracebacklimit = 2
h()
