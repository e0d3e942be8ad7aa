# exit: 1
# stderr: compared
import does_not_exist_anywhere
