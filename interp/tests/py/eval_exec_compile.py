x = 1
print(eval("x + 1"), eval("x + y", {"x": 10, "y": 5}), eval("a * 2", {}, {"a": 4}), eval(compile("3 * 4", "<s>", "eval")))
ns = {}
exec("a = 1\ndef f(): return a + 1\nclass C: pass", ns)
print(ns["f"](), ns["a"], sorted(k for k in ns if k[0] != "_"), "__builtins__" in ns)
code = compile("b = 5\nprint('run', b)", "file.py", "exec")
exec(code)
print(b, code.co_filename, code.co_name)
exec(compile("'shown'", "<stdin>", "single"))
def f():
    local = 7
    exec("local = 8; made = 1")
    return local, eval("local"), sorted(locals())
print(f())
for text in ("eval('x = 1')", "eval('')", "eval('1 +')", "exec(5)", "eval(None)", "compile('x', 'f', 'bad')", "exec('return 1')", "eval('(yield)')", "compile('x\\0y', 'f', 'exec')", "eval('  1')", "exec('  x=1')", "exec('break')"):
    try:
        print(text, eval(text))
    except Exception as error:
        print(text, type(error).__name__, getattr(error, "msg", error))
print(eval("[x for x in range(3)]"), eval("lambda: x")(), eval(b"1 + 1"), exec("pass"))
