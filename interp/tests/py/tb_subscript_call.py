# exit: 1
# stderr: compared
table = {"f": [lambda x: x.y]}
table["f"][0](
    5
)
