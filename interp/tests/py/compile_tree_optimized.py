# A tree that is asked for stays a tree.
import ast

for flags in ast.PyCF_ONLY_AST, ast.PyCF_OPTIMIZED_AST:
    for source in "x = y", ast.parse("x = y"):
        print(ast.dump(compile(source, "?", "exec", flags=flags)))
