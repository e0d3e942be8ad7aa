print(",".join(["a", "b", "c"]), "".join("abc"), "-".join([]), "-".join(["x"]), ", ".join({"k": 1, "j": 2}), "".join(str(i) for i in range(5)))
for call in (lambda: ",".join([1]), lambda: ",".join(["a", None]), lambda: ",".join(5), lambda: "".join(["a", b"b"])):
    try:
        call()
    except TypeError as error:
        print(error)
