import string, textwrap
print(string.ascii_letters, string.digits, string.punctuation, repr(string.whitespace), string.capwords("a bc"), string.Template("$a ${b}c $$").substitute(a=1, b=2), string.Template("$x").safe_substitute(), string.Formatter().format("{0} {a}", 1, a=2))
t = "The quick brown fox jumps over the lazy dog and runs away."
print(textwrap.wrap(t, 20), textwrap.fill(t, 30, initial_indent="* ", subsequent_indent="  "), textwrap.shorten(t, 25), textwrap.dedent("   a\n     b\n"), textwrap.indent("a\nb", "> "), sep="\n")
try:
    string.Template("$a").substitute()
except KeyError as error:
    print(error)
