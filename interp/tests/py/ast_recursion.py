import ast, sys
node = ast.UnaryOp(op=ast.Not(), operand=None, lineno=0, col_offset=0)
node.operand = node
for _ in range(3):
    try:
        compile(ast.Expression(node), "<test>", "eval")
    except RecursionError as e:
        print("RecursionError")
def depth(n): return n if n == 0 else depth(n - 1)
print(depth(sys.getrecursionlimit() // 2))
a = ast.AST()
a.x = 1
print(a.x)
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    compile(r"f'\{1}'", "", "eval")
    compile(r"'\{'", "", "eval")
    print(len(caught))
