# exit: 1
# stderr: compared
from sys import exi
