# exit: 1
# stderr: compared
try:
    raise ExceptionGroup("many", [ValueError(1), TypeError(2)])
except* ValueError:
    print("values handled")
