# exit: 1
# stderr: compared
import sys
print("out")
sys.exit("message to stderr")
