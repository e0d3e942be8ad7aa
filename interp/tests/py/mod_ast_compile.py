import ast, sys, traceback
source = '''
import os.path as p, sys
from math import *
@property
def f(a, b=1, /, c: int = 2, *d, e, g=3, **h) -> None:
    """doc"""
    global kk
    k: int = a if b else -c
    for i in range(3):
        if i == 1: continue
        elif i > 5: break
        else: k += i ** 2 // 1
    else: pass
    while False: yield
    try: raise ValueError("x") from None
    except (ValueError, TypeError) as error: del error
    finally: assert True, "m"
    with open("x") as fh, fh: pass
    return lambda x, *y: (x, *y, {**h}, {1, 2}, [w for w in d if w], f"{a!r:>{b}}{{}}", b"x", 1j, ..., d[1:2, ::3])
class C(object, metaclass=type):
    x: "int"
    async def m(self): await self; return [z async for z in self], (n := 5)
match [1, {"a": 2}]:
    case [int(q), {"a": 2 | 3 as r, **rest}] if q: ok = (q, r, rest)
    case C(x=1) | None | [*_]: pass
type T[X: int, *Y, **Z] = list[X]
print(ok, 0 < q <= 5 != 3, not q, ~q, q @ 1 if 0 else q << 2)
'''
tree = ast.parse(source)
exec(compile(tree, "tree", "exec"))
again = ast.parse(ast.unparse(tree))
print(ast.dump(again) == ast.dump(tree))
class Double(ast.NodeTransformer):
    def visit_Constant(self, node):
        if isinstance(node.value, int): return ast.copy_location(ast.Constant(node.value * 2), node)
        return node
print(eval(compile(Double().visit(ast.parse("1 + 20", mode="eval")), "x", "eval")))
module = ast.Module([ast.Assign([ast.Name("@odd", ast.Store())], ast.Constant((1, -2, 3.5, "s\ud800", None)))], [])
space = {}
exec(compile(ast.fix_missing_locations(module), "m", "exec"), space)
print(space["@odd"])
late = ast.parse("\n\n\ndef f():\n    return 1 / 0\n")
exec(compile(late, "late", "exec"), space)
try:
    space["f"]()
except ZeroDivisionError as error:
    print([(f.lineno, f.name) for f in traceback.extract_tb(error.__traceback__)][1:])
bad = [ast.Module([ast.Expr(ast.Name("x", ast.Load()))], []), ast.Expression(ast.Name("x", ast.Store(), lineno=1, col_offset=0)), ast.Module([ast.Pass()], []), ast.Name("x"), ast.fix_missing_locations(ast.Module([ast.If(ast.Constant(1), [], [])], [])), ast.fix_missing_locations(ast.Module([ast.Assign([ast.Name("x", ast.Load())], ast.Constant(1))], [])), ast.fix_missing_locations(ast.Module([ast.Expr(ast.Constant([1]))], [])), ast.fix_missing_locations(ast.Module([5], [])), ast.fix_missing_locations(ast.Module([ast.Expr(ast.Name("None", ast.Load()))], []))]
for tree in bad:
    try:
        compile(tree, "bad", "eval" if isinstance(tree, ast.Expression) else "exec")
        print("compiled")
    except Exception as error:
        print(type(error).__name__, str(error).split(" object at ")[0])
