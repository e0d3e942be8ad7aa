# exit: 1
# stderr: compared
class Thing:
    colour = 1
Thing().color
