# exit: 1
# stderr: compared
größe = "ü" * 3
print(größe + größe + (größe - 1) + "日本")
