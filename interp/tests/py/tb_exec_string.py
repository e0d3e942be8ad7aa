# exit: 1
# stderr: compared
exec("def f():\n    return 1 / 0\nf()\n")
