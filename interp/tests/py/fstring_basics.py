name, n, f = "World", 42, 3.14159
print(f"Hello {name}! {n + 1} {f:.2f} {n:>5}|{n:<5}|{n:^5}| {n!r} {name!r:>10} {{literal}} {n:#x}")
print(f"{n=} {n = } {name=!s} {f=:.1f} {n+1=}", f"{'nested ' + f'{n}'}", f"{n:{'>'}{10}}", f"{name[0]}{name[-1]}", rf"\n{n}", f"a" "b" f"{n}", F"{n}")
print(f"{ {'a': 1}['a'] }", f"{[x for x in range(3)]}", f"{(lambda x: x * 2)(4)}", f"{n if n > 1 else 0}", f"{'a' 'b'}", f"{n!s}", f"{None}", f"{n:}", f"{'é'!a}")
