//! Errors and warnings that can be told from the tree alone, without scopes.
//!
//! Repeated keyword arguments, assignments to `__debug__`, misplaced `__future__` imports, and CPython's
//! warnings about comparisons, calls and subscripts of literals. Whatever depends on scopes,
//! functions or loops is the compiler's to report.

use ruff_python_ast::{
    Alias, Arguments, CmpOp, ExceptHandler, Expr, ExprContext, Identifier, Number, Parameters,
    Pattern, Stmt, UnaryOp,
    visitor::{self, Visitor},
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{
    diag::{DiagKind, SyntaxDiag},
    parse::{SyntaxWarn, Tree},
    source::Source,
};

const FEATURES: [&str; 10] = [
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
    "annotations",
];

/// Checks `tree`; adds to `warnings`.
///
/// # Errors
/// The first error by the order of the tree.
pub(super) fn check(
    source: &Source,
    tree: &Tree,
    warnings: &mut Vec<SyntaxWarn>,
) -> Result<(), SyntaxDiag> {
    let mut checker = Checker { source, warnings, error: None, jumps: Jumps::default() };
    match tree {
        Tree::Module(module) | Tree::Interactive(module) => {
            checker.futures(&module.body);
            checker.visit_body(&module.body);
        }
        Tree::Expression(module) => checker.visit_expr(&module.body),
        Tree::FunctionType(..) => {}
    }
    checker.error.map_or(Ok(()), Err)
}

struct Checker<'a> {
    source: &'a Source,
    warnings: &'a mut Vec<SyntaxWarn>,
    error: Option<SyntaxDiag>,
    jumps: Jumps,
}

/// What surrounds a statement, up to the function that it is in.
#[derive(Clone, Copy, Default)]
struct Jumps {
    in_finally: bool,
    /// In a loop that is itself inside of that `finally` block.
    in_loop: bool,
}

fn is_future(stmt: &Stmt) -> Option<&[Alias]> {
    match stmt {
        Stmt::ImportFrom(it) if it.level == 0 => {
            it.module.as_ref().filter(|module| module.as_str() == "__future__").map(|_| &*it.names)
        }
        _ => None,
    }
}

impl Checker<'_> {
    fn fail(&mut self, range: TextRange, message: impl Into<String>) {
        if self.error.is_none() {
            self.error = Some(SyntaxDiag::at(self.source, range, message));
        }
    }

    fn warn(&mut self, at: TextSize, message: String) {
        self.warnings.push(SyntaxWarn { at: usize::from(at), message });
    }

    /// `__future__` imports stand before all else but a docstring.
    fn futures(&mut self, body: &[Stmt]) {
        let is_doc =
            |stmt: &Stmt| matches!(stmt, Stmt::Expr(it) if it.value.is_string_literal_expr());
        let n_doc = usize::from(body.first().is_some_and(is_doc));
        for stmt in body.iter().skip(n_doc) {
            let Some(names) = is_future(stmt) else { return };
            for name in names {
                let message = match name.name.as_str() {
                    "braces" => "not a chance".to_owned(),
                    known if FEATURES.contains(&known) => continue,
                    other => format!("future feature {other} is not defined"),
                };
                let start = usize::from(stmt.start());
                let diag = SyntaxDiag::ranged(DiagKind::Syntax, self.source, start, None, message);
                self.error.get_or_insert(diag);
            }
        }
    }

    fn late_future(&mut self, stmt: &Stmt) {
        if is_future(stmt).is_none() {
            return;
        }
        let before = self.source.text().get(..usize::from(stmt.start())).unwrap_or_default();
        // Rare enough to look once more: what precedes must parse to nothing but such imports.
        let is_early = ruff_python_parser::parse_module(before).is_ok_and(|parsed| {
            let suite = parsed.into_suite();
            let mut rest = suite.as_slice();
            if let [Stmt::Expr(doc), tail @ ..] = rest
                && doc.value.is_string_literal_expr()
            {
                rest = tail;
            }
            rest.iter().all(|stmt| is_future(stmt).is_some())
        });
        if !is_early {
            let message = "from __future__ imports must occur at the beginning of the file";
            self.fail(stmt.range(), message);
        }
    }

    fn name(&mut self, name: &str, range: TextRange) {
        if name == "__debug__" {
            self.fail(range, "cannot assign to __debug__");
        }
    }

    fn names(&mut self, name: Option<&Identifier>, range: TextRange) {
        if let Some(name) = name {
            self.name(name.as_str(), range);
        }
    }

    fn parameters(&mut self, parameters: &Parameters) {
        for parameter in parameters {
            let name = parameter.name();
            self.name(name.as_str(), name.range());
        }
    }

    fn arguments(&mut self, arguments: &Arguments) {
        for (index, keyword) in arguments.keywords.iter().enumerate() {
            let Some(name) = &keyword.arg else { continue };
            self.name(name.as_str(), keyword.range());
            let earlier = arguments.keywords.iter().take(index).filter_map(|it| it.arg.as_ref());
            if earlier.into_iter().any(|it| it.as_str() == name.as_str()) {
                self.fail(keyword.range(), format!("keyword argument repeated: {name}"));
            }
        }
    }

    fn aliases(&mut self, aliases: &[Alias], range: TextRange) {
        for alias in aliases {
            let bound = alias.asname.as_ref().map_or_else(
                || alias.name.as_str().split('.').next().unwrap_or_default(),
                |name| name.as_str(),
            );
            self.name(bound, range);
        }
    }

    fn comparisons(&mut self, first: &Expr, ops: &[CmpOp], rest: &[Expr]) {
        let lefts = std::iter::once(first).chain(rest);
        for ((left, op), right) in lefts.zip(ops).zip(rest) {
            let (word, instead) = match op {
                CmpOp::Is => ("is", "=="),
                CmpOp::IsNot => ("is not", "!="),
                _ => continue,
            };
            let is_plain = |kind: &&str| !matches!(*kind, "NoneType" | "bool" | "ellipsis");
            let literal =
                constant_type(left).filter(is_plain).or(constant_type(right).filter(is_plain));
            if let Some(kind) = literal {
                let message =
                    format!("\"{word}\" with '{kind}' literal. Did you mean \"{instead}\"?");
                self.warn(first.start(), message);
                return;
            }
        }
    }

    /// Walks on, looking for jumps out of `finally` blocks.
    fn jumps(&mut self, stmt: &Stmt) {
        let outer = self.jumps;
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                self.jumps = Jumps::default();
                visitor::walk_stmt(self, stmt);
            }
            Stmt::While(it) => {
                self.visit_expr(&it.test);
                self.loop_body(&it.body, &it.orelse);
            }
            Stmt::For(it) => {
                self.visit_expr(&it.iter);
                self.visit_expr(&it.target);
                self.loop_body(&it.body, &it.orelse);
            }
            Stmt::Try(it) => {
                self.visit_body(&it.body);
                it.handlers.iter().for_each(|handler| self.visit_except_handler(handler));
                self.visit_body(&it.orelse);
                self.jumps = Jumps { in_finally: true, in_loop: false };
                self.visit_body(&it.finalbody);
            }
            Stmt::Return(_) if outer.in_finally => self.leaves_finally(stmt, "return"),
            Stmt::Break(_) if outer.in_finally && !outer.in_loop => {
                self.leaves_finally(stmt, "break");
            }
            Stmt::Continue(_) if outer.in_finally && !outer.in_loop => {
                self.leaves_finally(stmt, "continue");
            }
            _ => visitor::walk_stmt(self, stmt),
        }
        self.jumps = outer;
    }

    fn loop_body(&mut self, body: &[Stmt], orelse: &[Stmt]) {
        let outer = self.jumps;
        self.jumps.in_loop = true;
        self.visit_body(body);
        self.jumps = outer;
        self.visit_body(orelse);
    }

    fn leaves_finally(&mut self, stmt: &Stmt, word: &str) {
        self.warn(stmt.start(), format!("'{word}' in a 'finally' block"));
        visitor::walk_stmt(self, stmt);
    }

    fn called(&mut self, callee: &Expr) {
        if matches!(callee, Expr::Lambda(_) | Expr::UnaryOp(_)) {
            return;
        }
        if let Some(kind) = display_type(callee) {
            let problem = "object is not callable; perhaps you missed a comma?";
            self.warn(callee.start(), format!("'{kind}' {problem}"));
        }
    }

    fn subscripted(&mut self, value: &Expr, index: &Expr) {
        let Some(kind) = display_type(value) else { return };
        match kind {
            "str" | "bytes" | "tuple" | "list" => {
                if matches!(index, Expr::Slice(_)) {
                    return;
                }
                let Some(index_kind) = display_type(index) else { return };
                if matches!(index_kind, "int" | "bool") || matches!(value, Expr::UnaryOp(_)) {
                    return;
                }
                let problem = "indices must be integers or slices, not";
                let tail = "perhaps you missed a comma?";
                self.warn(value.start(), format!("{kind} {problem} {index_kind}; {tail}"));
            }
            "dict" => {}
            _ => {
                let problem = "object is not subscriptable; perhaps you missed a comma?";
                self.warn(value.start(), format!("'{kind}' {problem}"));
            }
        }
    }
}

/// The type of an expression that is constant once folded.
fn constant_type(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::NumberLiteral(it) => match it.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        Expr::StringLiteral(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::BooleanLiteral(_) => "bool",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Tuple(it) if it.elts.iter().all(|elt| constant_type(elt).is_some()) => "tuple",
        Expr::UnaryOp(it) if it.op == UnaryOp::USub && it.operand.is_number_literal_expr() => {
            return constant_type(&it.operand);
        }
        _ => return None,
    })
}

/// The type of the object that a display, literal or lambda makes.
fn display_type(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        Expr::FString(_) => "str",
        Expr::TString(_) => "string.templatelib.Template",
        other => return constant_type(other),
    })
}

impl<'a> Visitor<'a> for Checker<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(it) => self.names(Some(&it.name), it.range()),
            Stmt::ClassDef(it) => {
                self.names(Some(&it.name), it.range());
                if let Some(arguments) = it.arguments.as_deref() {
                    self.arguments(arguments);
                }
            }
            Stmt::Import(it) => self.aliases(&it.names, it.range()),
            Stmt::ImportFrom(it) => {
                self.late_future(stmt);
                self.aliases(&it.names, it.range());
            }
            Stmt::Assert(it)
                if it.test.as_tuple_expr().is_some_and(|tuple| !tuple.elts.is_empty()) =>
            {
                let message = "assertion is always true, perhaps remove parentheses?";
                self.warn(it.start(), message.to_owned());
            }
            _ => {}
        }
        self.jumps(stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(it) if it.id.as_str() == "__debug__" => match it.ctx {
                ExprContext::Store => self.name("__debug__", it.range()),
                ExprContext::Del => self.fail(it.range(), "cannot delete __debug__"),
                _ => {}
            },
            Expr::Attribute(it) if it.ctx == ExprContext::Store => {
                self.name(it.attr.as_str(), it.range());
            }
            Expr::Call(it) => {
                self.arguments(&it.arguments);
                self.called(&it.func);
            }
            Expr::Compare(it) => self.comparisons(&it.left, &it.ops, &it.comparators),
            Expr::Subscript(it) if it.ctx == ExprContext::Load => {
                self.subscripted(&it.value, &it.slice)
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        self.parameters(parameters);
        visitor::walk_parameters(self, parameters);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(it) = handler;
        self.names(it.name.as_ref(), it.range());
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::MatchAs(it) => self.names(it.name.as_ref(), it.range()),
            Pattern::MatchStar(it) => self.names(it.name.as_ref(), it.range()),
            Pattern::MatchMapping(it) => self.names(it.rest.as_ref(), it.range()),
            _ => {}
        }
        visitor::walk_pattern(self, pattern);
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::{Mode, ParseFlags, Source, parse};

    fn run(text: &str) -> Result<Vec<String>, String> {
        let source = Source::from_text(text).unwrap();
        match parse(source, Mode::Exec, ParseFlags::default()) {
            Ok(module) => Ok(module.warnings.into_iter().map(|it| it.message).collect()),
            Err(diag) => {
                let place = diag.place.unwrap();
                Err(format!("{} {} {}", diag.message, place.lineno, place.offset))
            }
        }
    }

    #[test]
    fn errors_of_the_tree() {
        let fails =
            |text: &str, message: &str| assert_eq!(run(text), Err(message.to_owned()), "{text}");
        fails("f(a=1,a=2)", "keyword argument repeated: a 1 7");
        fails("class A(b=1, b=2): pass", "keyword argument repeated: b 1 14");
        fails("def f(__debug__): pass", "cannot assign to __debug__ 1 7");
        fails("f(__debug__=1)", "cannot assign to __debug__ 1 3");
        fails("del __debug__", "cannot delete __debug__ 1 5");
        fails("x.__debug__ = 1", "cannot assign to __debug__ 1 1");
        fails("import x as __debug__", "cannot assign to __debug__ 1 1");
        fails("from __future__ import foo", "future feature foo is not defined 1 1");
        fails("from __future__ import braces", "not a chance 1 1");
        let late = "from __future__ imports must occur at the beginning of the file";
        fails("x=1\nfrom __future__ import division", &format!("{late} 2 1"));
        fails("def f():\n from __future__ import division", &format!("{late} 2 2"));
        assert!(
            run("'doc'\nfrom __future__ import division\nfrom __future__ import generators")
                .is_ok()
        );
    }

    #[test]
    fn warnings_of_the_tree() {
        let warns = |text: &str, message: &str| assert_eq!(run(text), Ok(vec![message.to_owned()]));
        warns("x is 1", "\"is\" with 'int' literal. Did you mean \"==\"?");
        warns("x is not 'a'", "\"is not\" with 'str' literal. Did you mean \"!=\"?");
        warns("x is ()", "\"is\" with 'tuple' literal. Did you mean \"==\"?");
        warns("assert (1, 'a')", "assertion is always true, perhaps remove parentheses?");
        warns("[1](2)", "'list' object is not callable; perhaps you missed a comma?");
        warns("{1}[0]", "'set' object is not subscriptable; perhaps you missed a comma?");
        let indices =
            "list indices must be integers or slices, not tuple; perhaps you missed a comma?";
        warns("[1][1,2]", indices);
        for quiet in
            ["x is None", "(lambda: 1)()", "'a'[x]", "[1][0]", "{}['a']", "(1, 2)[0]", "x is f''"]
        {
            assert_eq!(run(quiet), Ok(vec![]), "{quiet}");
        }
    }
}
