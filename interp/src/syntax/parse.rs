//! Text to syntax tree in the four modes of `compile()`.
//!
//! - Holds: a returned [`Module`] has no syntax error that can be told without a symbol table,
//!   and its tree is at most [`MAX_DEPTH`] deep, so recursive passes over it are safe.
//! - Not here: errors about scopes (`global` after use and the like), which the compiler reports.

use ruff_python_ast::{
    Expr, Mod, ModExpression, ModModule, PythonVersion, Stmt,
    token::{TokenKind, Tokens},
    visitor::{self, Visitor},
};
use ruff_python_parser::{Mode as ParserMode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::Ranged;

use super::{
    diag::{DiagKind, SyntaxDiag},
    grammar,
    literal::{self, LiteralText},
    semantic,
    source::Source,
};

/// Deepest nesting of statements and expressions that is accepted.
pub const MAX_DEPTH: u32 = 2_000;

/// The `mode` argument of `compile()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A sequence of statements.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
    /// A function type, `(int, str) -> bool`.
    FuncType,
}

/// The flags of `compile()` that bear on parsing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParseFlags {
    /// `PyCF_ALLOW_INCOMPLETE_INPUT`: tell text that could be continued from text that is wrong.
    pub allow_incomplete: bool,
    /// `PyCF_DONT_IMPLY_DEDENT`: a compound statement must be ended by an empty line.
    pub dont_imply_dedent: bool,
}

/// A warning found while parsing; the caller hands it to the `warnings` module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxWarn {
    /// Byte offset in the source.
    pub at: usize,
    /// The message of the `SyntaxWarning`.
    pub message: String,
}

/// The syntax tree, by mode.
#[derive(Clone, Debug)]
pub enum Tree {
    /// From [`Mode::Exec`].
    Module(ModModule),
    /// From [`Mode::Eval`].
    Expression(ModExpression),
    /// From [`Mode::Single`].
    Interactive(ModModule),
    /// From [`Mode::FuncType`]: argument types and return type.
    FunctionType(Vec<Expr>, Box<Expr>),
}

/// A parsed text.
#[derive(Debug)]
pub struct Module {
    /// The text that the tree's ranges refer to.
    pub source: Source,
    /// The tree.
    pub tree: Tree,
    /// Warnings in order of position.
    pub warnings: Vec<SyntaxWarn>,
}

/// Parses `source`.
///
/// # Errors
/// The first syntax error by position, in CPython's words.
pub fn parse(source: Source, mode: Mode, flags: ParseFlags) -> Result<Module, SyntaxDiag> {
    if mode == Mode::FuncType {
        return parse_func_type(source);
    }
    let options = ParseOptions::from(match mode {
        Mode::Eval => ParserMode::Expression,
        _ => ParserMode::Module,
    })
    .with_target_version(PythonVersion::PY314);
    // Leading blanks are allowed before an expression, and only there.
    let parsed = parse_unchecked(source.text(), options);
    if parsed.has_syntax_errors() {
        return Err(explain(&source, mode, flags, parsed));
    }
    check_nesting(&source, parsed.tokens())?;
    let mut warnings = escape_warnings(&source, parsed.tokens());
    warnings.extend(number_warnings(&source, parsed.tokens()));
    let mut tree = match parsed.into_syntax() {
        Mod::Expression(body) => Tree::Expression(body),
        Mod::Module(body) if mode == Mode::Single => Tree::Interactive(body),
        Mod::Module(body) => Tree::Module(body),
    };
    if is_too_deep(&tree) {
        // Dropping a tree this deep would overflow the stack just as compiling it would.
        std::mem::forget(tree);
        let message = "too many nested expressions or statements";
        return Err(SyntaxDiag::bare(DiagKind::Syntax, message));
    }
    if let Tree::Interactive(body) = &mut tree {
        check_single(&source, body, flags)?;
    }
    semantic::check(&source, &tree, &mut warnings)?;
    Ok(Module { source, tree, warnings })
}

/// The grammar words the error; should it see none, the parser's own words stand.
fn explain(source: &Source, mode: Mode, flags: ParseFlags, parsed: Parsed<Mod>) -> SyntaxDiag {
    let parse_errors =
        parsed.errors().iter().map(|error| (error.location, error.error.to_string()));
    let unsupported =
        parsed.unsupported_syntax_errors().iter().map(|error| (error.range, error.to_string()));
    let first = parse_errors.chain(unsupported).min_by_key(|(range, _)| range.start());
    // A tree recovered from errors may be too deep to drop.
    std::mem::forget(parsed);
    grammar::explain(source, mode, flags).unwrap_or_else(|| match first {
        Some((range, message)) => SyntaxDiag::at(source, range, message),
        None => SyntaxDiag::bare(DiagKind::Syntax, "invalid syntax"),
    })
}

/// CPython's limits on brackets within brackets and blocks within blocks, and its rule that tabs
/// and spaces must not depend on the width of a tab.
fn check_nesting(source: &Source, tokens: &Tokens) -> Result<(), SyntaxDiag> {
    let (mut n_brackets, mut n_blocks) = (0_u32, 0_u32);
    let (mut tabs, mut spaces) = (false, false);
    for token in tokens.iter() {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => n_brackets += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                n_brackets = n_brackets.saturating_sub(1);
            }
            TokenKind::Indent => {
                n_blocks += 1;
                let indent =
                    source.text().get(usize::from(token.start())..usize::from(token.end()));
                tabs |= indent.is_some_and(|indent| indent.contains('\t'));
                spaces |= indent.is_some_and(|indent| indent.contains(' '));
            }
            TokenKind::Dedent => n_blocks = n_blocks.saturating_sub(1),
            _ => continue,
        }
        let is_suspect = n_brackets > 200 || n_blocks >= 100 || (tabs && spaces);
        if is_suspect {
            return grammar::explain_tokens(source).map_or(Ok(()), Err);
        }
    }
    Ok(())
}

fn escape_warnings(source: &Source, tokens: &Tokens) -> Vec<SyntaxWarn> {
    let mut warnings = Vec::new();
    let text = source.text();
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return warnings;
    }
    let mut raw_stack = Vec::new();
    for token in tokens.iter() {
        let start = usize::from(token.start());
        let token_text = text.get(start..usize::from(token.end())).unwrap_or_default();
        let bad = match token.kind() {
            TokenKind::FStringStart | TokenKind::TStringStart => {
                raw_stack.push(token_text.contains(['r', 'R']));
                continue;
            }
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                raw_stack.pop();
                continue;
            }
            _ if !token_text.contains('\\') => continue,
            TokenKind::FStringMiddle | TokenKind::TStringMiddle => {
                if raw_stack.last().copied().unwrap_or(false) {
                    continue;
                }
                // The brace that ends the text may stand behind a backslash.
                let end = usize::from(token.end());
                let braced = text.get(end..).is_some_and(|rest| rest.starts_with('{'));
                let body = text.get(start..end + usize::from(braced)).unwrap_or_default();
                literal::decode_str(body, true).ok().and_then(|it| it.bad_escape)
            }
            TokenKind::String => string_warning(token_text),
            _ => continue,
        };
        warnings.extend(bad.map(|bad| SyntaxWarn { at: start + bad.at, message: bad.message }));
    }
    warnings
}

/// Numbers that run into a keyword: `1if x else y`.
fn number_warnings(source: &Source, tokens: &Tokens) -> Vec<SyntaxWarn> {
    const NUMBERS: [TokenKind; 3] = [TokenKind::Int, TokenKind::Float, TokenKind::Complex];
    let text = source.text();
    let mut warnings = Vec::new();
    for pair in tokens.windows(2) {
        let [number, next] = pair else { continue };
        let runs_on = NUMBERS.contains(&number.kind()) && number.end() == next.start();
        if !runs_on || !next.kind().is_keyword() {
            continue;
        }
        let start = usize::from(number.start());
        let digits = text.get(start..usize::from(number.end())).unwrap_or_default();
        let kind = match digits.as_bytes() {
            [b'0', b'x' | b'X', ..] => "hexadecimal",
            [b'0', b'o' | b'O', ..] => "octal",
            [b'0', b'b' | b'B', ..] => "binary",
            [.., b'j' | b'J'] => "imaginary",
            _ => "decimal",
        };
        warnings.push(SyntaxWarn { at: start, message: format!("invalid {kind} literal") });
    }
    warnings
}

fn string_warning(token_text: &str) -> Option<literal::BadEscape> {
    let parts = LiteralText::split(token_text).filter(|parts| !parts.is_raw())?;
    let bad = if parts.is_bytes() {
        literal::decode_bytes(parts.body).ok()?.bad_escape
    } else {
        literal::decode_str(parts.body, false).ok()?.bad_escape
    };
    bad.map(|bad| literal::BadEscape { at: bad.at + parts.body_at, ..bad })
}

struct Depth {
    now: u32,
    is_too_deep: bool,
}

impl Depth {
    fn within(&mut self, walk: impl FnOnce(&mut Self)) {
        if self.now >= MAX_DEPTH {
            self.is_too_deep = true;
        }
        if self.is_too_deep {
            return;
        }
        self.now += 1;
        walk(self);
        self.now -= 1;
    }
}

impl<'a> Visitor<'a> for Depth {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.within(|depth| visitor::walk_stmt(depth, stmt));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.within(|depth| visitor::walk_expr(depth, expr));
    }

    fn visit_pattern(&mut self, pattern: &'a ruff_python_ast::Pattern) {
        self.within(|depth| visitor::walk_pattern(depth, pattern));
    }
}

fn is_too_deep(tree: &Tree) -> bool {
    let mut depth = Depth { now: 0, is_too_deep: false };
    match tree {
        Tree::Module(module) | Tree::Interactive(module) => depth.visit_body(&module.body),
        Tree::Expression(module) => depth.visit_expr(&module.body),
        Tree::FunctionType(args, returns) => {
            for arg in args {
                depth.visit_expr(arg);
            }
            depth.visit_expr(returns);
        }
    }
    depth.is_too_deep
}

/// `single` takes one logical line, or one compound statement.
fn check_single(source: &Source, body: &ModModule, flags: ParseFlags) -> Result<(), SyntaxDiag> {
    let Some(first) = body.body.first() else {
        let kind = if flags.allow_incomplete { DiagKind::Incomplete } else { DiagKind::Syntax };
        let message = if flags.allow_incomplete { "incomplete input" } else { "invalid syntax" };
        return Err(SyntaxDiag::ranged(kind, source, 0, None, message));
    };
    let mut end = usize::from(first.end());
    for stmt in body.body.iter().skip(1) {
        let between = source.text().get(end..usize::from(stmt.start())).unwrap_or_default();
        if is_compound(first) || is_compound(stmt) || between.contains('\n') {
            return Err(grammar::explain(source, Mode::Single, flags).unwrap_or_else(|| {
                let message = "multiple statements found while compiling a single statement";
                let line_end = end + between.find('\n').unwrap_or(0);
                let (start, end) = (line_end, Some(line_end + 1));
                SyntaxDiag::ranged(DiagKind::Syntax, source, start, end, message)
            }));
        }
        end = usize::from(stmt.end());
    }
    if flags.dont_imply_dedent && is_compound(first) && !source.text().ends_with('\n') {
        let kind = if flags.allow_incomplete { DiagKind::Incomplete } else { DiagKind::Syntax };
        let message = if flags.allow_incomplete { "incomplete input" } else { "invalid syntax" };
        return Err(SyntaxDiag::ranged(kind, source, end, None, message));
    }
    Ok(())
}

/// Whether a statement holds blocks of its own.
#[must_use]
pub fn is_compound(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Match(_)
            | Stmt::Try(_)
    )
}

/// `(a, *b, **c) -> d`, read as the call `_(a, *b, **c)` and the expression `d`.
fn parse_func_type(source: Source) -> Result<Module, SyntaxDiag> {
    let invalid =
        |source: &Source| SyntaxDiag::ranged(DiagKind::Syntax, source, 0, None, "invalid syntax");
    let Some((head, tail)) = split_arrow(source.text()) else {
        return Err(invalid(&source));
    };
    let args = parse_args(head).ok_or_else(|| invalid(&source))?;
    let options = ParseOptions::from(ParserMode::ParenthesizedExpression)
        .with_target_version(PythonVersion::PY314);
    let parsed = parse_unchecked(&tail, options);
    if parsed.has_syntax_errors() {
        return Err(invalid(&source));
    }
    match parsed.into_syntax() {
        Mod::Expression(returns) => {
            let tree = Tree::FunctionType(args, returns.body);
            Ok(Module { source, tree, warnings: Vec::new() })
        }
        Mod::Module(_) => Err(invalid(&source)),
    }
}

/// The text before the top-level arrow, and the text after it, padded to keep its positions.
fn split_arrow(text: &str) -> Option<(&str, String)> {
    let mut n_brackets = 0_u32;
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => n_brackets += 1,
            b')' | b']' | b'}' => n_brackets = n_brackets.saturating_sub(1),
            b'-' if n_brackets == 0 && bytes.get(at + 1) == Some(&b'>') => {
                let tail = format!("{}{}", " ".repeat(at + 2), text.get(at + 2..)?);
                return Some((text.get(..at)?, tail));
            }
            _ => {}
        }
    }
    None
}

fn parse_args(head: &str) -> Option<Vec<Expr>> {
    let call = format!("_{}", head.trim());
    let options =
        ParseOptions::from(ParserMode::Expression).with_target_version(PythonVersion::PY314);
    let parsed = parse_unchecked(&call, options);
    if parsed.has_syntax_errors() {
        return None;
    }
    let Mod::Expression(body) = parsed.into_syntax() else { return None };
    let Expr::Call(call) = *body.body else { return None };
    let positional = call.arguments.args.into_vec().into_iter();
    let unpacked = call.arguments.keywords.into_iter();
    let unpacked = unpacked.map(|keyword| keyword.arg.is_none().then_some(keyword.value));
    positional
        .map(|arg| {
            Some(match arg {
                Expr::Starred(star) => *star.value,
                other => other,
            })
        })
        .chain(unpacked)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Mode, Module, ParseFlags, Tree, parse};
    use crate::syntax::{Source, SyntaxDiag};

    fn run(text: &str, mode: Mode) -> Result<Module, SyntaxDiag> {
        parse(Source::from_text(text)?, mode, ParseFlags::default())
    }

    #[test]
    fn each_mode_gives_its_tree() {
        assert!(matches!(run("x = 1\n", Mode::Exec).unwrap().tree, Tree::Module(_)));
        assert!(matches!(run("x + 1", Mode::Eval).unwrap().tree, Tree::Expression(_)));
        assert!(matches!(run("x; y", Mode::Single).unwrap().tree, Tree::Interactive(_)));
        let module = run("(int, *str, **dict) -> bool", Mode::FuncType).unwrap();
        assert!(matches!(module.tree, Tree::FunctionType(args, _) if args.len() == 3));
    }

    #[test]
    fn single_takes_one_statement() {
        assert!(run("if x:\n  pass\n", Mode::Single).is_ok());
        let error = run("x\ny\n", Mode::Single).unwrap_err();
        assert_eq!(error.message, "multiple statements found while compiling a single statement");
    }

    #[test]
    fn nesting_is_limited() {
        let deep = format!("{}1{}", "(".repeat(201), ")".repeat(201));
        assert_eq!(run(&deep, Mode::Eval).unwrap_err().message, "too many nested parentheses");
        assert!(run(&format!("{}1", "-".repeat(100_000)), Mode::Eval).is_err());
        assert!(run(&format!("1{}", "+1".repeat(100_000)), Mode::Eval).is_err());
    }

    #[test]
    fn questionable_escapes_are_listed() {
        let module = run("x = 'a\\d' r'\\d', b'\\q'\nf'\\w{x}\\{x}'", Mode::Exec).unwrap();
        let at: Vec<usize> = module.warnings.iter().map(|warning| warning.at).collect();
        assert_eq!(at, [6, 19, 25, 30]);
    }
}
