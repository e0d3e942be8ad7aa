# exit: 1
# stderr: compared
print("start")
undefined_name
