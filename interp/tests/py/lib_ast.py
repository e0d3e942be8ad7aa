import ast
t = ast.parse("x = 1 + y\ndef f(a): return a", "<s>")
print(ast.dump(t), ast.unparse(t), ast.literal_eval("[1, {'a': (2, None)}, -3]"), type(t.body[0]).__name__, t.body[0].lineno, [type(n).__name__ for n in ast.walk(t)][:5])
class V(ast.NodeTransformer):
    def visit_Constant(self, n): return ast.copy_location(ast.Constant(n.value * 10), n)
t2 = V().visit(t); ns = {"y": 1}; exec(compile(ast.fix_missing_locations(t2), "<a>", "exec"), ns); print(ns["x"])
try:
    ast.literal_eval("f()")
except ValueError as error:
    print(str(error).split(" at 0x")[0].split(":")[0])
