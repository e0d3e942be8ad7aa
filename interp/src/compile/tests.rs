//! The shapes that matter for speed, and that everything in the standard library compiles.

use ruff_python_ast::Mod;

use super::{Mode, Options, compile_module};
use crate::code::{CodeUnit, Const, disasm};

fn compile(source: &str) -> CodeUnit {
    try_compile(source).expect("compiles")
}

fn try_compile(source: &str) -> Result<CodeUnit, super::CompileError> {
    let parsed = ruff_python_parser::parse_module(source).expect("parses");
    let module = Mod::Module(parsed.into_syntax());
    compile_module(&module, source, "<test>", Mode::Exec, Options::default())
}

/// The listing of the first function in `source`, without positions.
fn function(source: &str) -> String {
    let unit = compile(source);
    let inner = unit.consts.iter().find_map(|constant| match constant {
        Const::Code(inner) => Some(inner.clone()),
        _ => None,
    });
    let inner = inner.expect("a function");
    let lines = inner.instrs.iter().enumerate();
    lines.map(|(at, instr)| disasm::instruction(&inner, at, *instr) + "\n").collect()
}

fn message(source: &str) -> String {
    try_compile(source).expect_err("is refused").message
}

#[test]
fn loops_cost_one_instruction_besides_their_body() {
    let listing =
        function("def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s\n");
    assert!(listing.contains("Add r1, r1, r2, 1\nForIter r2"), "{listing}");
    assert!(!listing.contains("CheckBound r1"), "{listing}");
    let listing = function("def f(n):\n    while n > 10:\n        n -= 1\n");
    assert!(listing.contains("SubI r0, r0, 1, 1\nLoopGtI r0, 10, 1"), "{listing}");
}

#[test]
fn arguments_are_evaluated_in_place() {
    let listing =
        function("def fib(n):\n    if n < 2:\n        return n\n    return fib(n-1) + fib(n-2)\n");
    assert!(listing.contains("JumpLtI r0, 2, 0"), "{listing}");
    assert!(listing.contains("SubI r5, r0, 0, 1\nCall r1, r1, 1"), "{listing}");
}

#[test]
fn methods_are_called_without_binding() {
    let listing = function("def f(a, b):\n    return a.m(b)\n");
    assert!(
        listing.contains("LoadMethod r2, r0, \"m\"\nMove r7, r1\nCallMethod r2, r2, 1"),
        "{listing}"
    );
}

#[test]
fn unbound_locals_are_checked_only_where_needed() {
    let listing = function("def f(x):\n    if x:\n        y = 1\n    return y\n");
    assert!(listing.contains("CheckBound r1"), "{listing}");
    let listing =
        function("def f(x):\n    if x:\n        y = 1\n    else:\n        y = 2\n    return y\n");
    assert!(!listing.contains("CheckBound"), "{listing}");
}

#[test]
fn comprehensions_share_the_frame() {
    let listing = function("def f(xs, k):\n    return [x + k for x in xs]\n");
    assert!(!listing.contains("MakeFunction"), "{listing}");
    assert!(!listing.contains("MakeCell"), "{listing}");
    assert!(!listing.contains("LoadUnbound"), "{listing}");
}

#[test]
fn scope_errors_have_cpythons_words() {
    for (source, wanted) in [
        ("def f(x):\n    global x\n", "name 'x' is parameter and global"),
        (
            "def f():\n    x = 1\n    global x\n",
            "name 'x' is assigned to before global declaration",
        ),
        ("def f():\n    print(x)\n    global x\n", "name 'x' is used prior to global declaration"),
        ("def f():\n    nonlocal x\n", "no binding for nonlocal 'x' found"),
        ("nonlocal x\n", "nonlocal declaration not allowed at module level"),
        ("def f():\n    from a import *\n", "import * only allowed at module level"),
        (
            "class C:\n    [y := 1 for x in z]\n",
            "assignment expression within a comprehension cannot be used in a class body",
        ),
        (
            "[x := 1 for x in y]\n",
            "assignment expression cannot rebind comprehension iteration variable 'x'",
        ),
        ("def f(x, x): pass\n", "duplicate parameter 'x' in function definition"),
        ("def f():\n    global x\n    x: int = 1\n", "annotated name 'x' can't be global"),
        ("await x\n", "'await' outside function"),
        ("def f():\n    await x\n", "'await' outside async function"),
        (
            "match x:\n    case a: pass\n    case 1: pass\n",
            "name capture 'a' makes remaining patterns unreachable",
        ),
        ("match x:\n    case [a, a]: pass\n", "multiple assignments to name 'a' in pattern"),
    ] {
        assert_eq!(message(source), wanted, "{source}");
    }
}

#[test]
fn odd_shapes_compile() {
    let many_locals: String = (0..400).map(|n| format!("    v{n} = v{n} = {n}\n")).collect();
    let many_params: String = (0..300).map(|n| format!("p{n}, ")).collect();
    let deep_call = format!("{}x{}\n", "f(".repeat(95), ")".repeat(95));
    let deep_sum = format!("{}x{}\n", "(a + ".repeat(150), ")".repeat(150));
    let big_list = format!("z = [{}]\n", "a, ".repeat(1000));
    let big_call = format!("f({})\n", "a, ".repeat(1000));
    for source in [
        format!("def f():\n{many_locals}    return lambda: (v0, v399)\n"),
        format!("def f({many_params}*args):\n    return p299, args\n"),
        deep_call.clone(),
        format!("def f(x):\n    return {deep_call}"),
        deep_sum,
        big_list,
        big_call,
        format!("def f():\n{many_locals}    return {deep_call}"),
    ] {
        compile(&source);
    }
}

#[test]
fn the_whole_standard_library_compiles() {
    let mut files = Vec::new();
    collect("", &mut files);
    assert!(files.len() > 500, "found {} files", files.len());
    let mut failures = Vec::new();
    let mut n_units = 0;
    for file in &files {
        let source = crate::stdlib::read(file).expect("listed");
        // A few files hold bad syntax or other encodings on purpose.
        let Ok(source) = std::str::from_utf8(&source) else { continue };
        let Ok(parsed) = ruff_python_parser::parse_module(source) else { continue };
        let module = Mod::Module(parsed.into_syntax());
        match compile_module(&module, source, file, Mode::Exec, Options::default()) {
            Ok(unit) => n_units += count(&unit),
            Err(error) => failures.push(format!("{file}: {error}")),
        }
    }
    println!("{n_units} units in {} files", files.len());
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(n_units > 15_000, "{n_units} units in {} files", files.len());
}

fn count(unit: &CodeUnit) -> usize {
    crate::code::verify::verify(unit).expect("keeps the rules");
    let inner = unit.consts.iter().map(|constant| match constant {
        Const::Code(inner) => count(inner),
        _ => 0,
    });
    1 + inner.sum::<usize>()
}

fn collect(dir: &str, files: &mut Vec<String>) {
    for name in crate::stdlib::list_dir(dir) {
        let path = format!("{dir}{name}");
        if path.ends_with('/') {
            collect(&path, files);
        } else if path.ends_with(".py") {
            files.push(path);
        }
    }
}
