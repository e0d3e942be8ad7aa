//! Objects of the `ast` classes as a tree that the compiler takes: `compile()` of a tree.
//!
//! The compiler's positions are offsets into a text. Here the text is blank, with lines as long as the tree's columns
//! need, so that each position of the tree has an offset ([`Canvas`]).
//!
//! Reading order: this file (values and fields), `read_stmt.rs`, `read_expr.rs`, `read_parts.rs`.

use ruff_python_ast::{Expr, Identifier, ModExpression, ModModule, name::Name};
use ruff_text_size::{TextRange, TextSize};
use taipan_objects::{
    Completion, Cx, Value, class,
    protocol::{self, RootVec},
    raise,
    types::str as string,
};

use super::{AST, spec};
use crate::{
    compiling::CompileMode,
    modules::is_a,
    syntax::{
        parse::{Module, Tree},
        source::Source,
    },
};

/// Most bytes of blank text that stand for positions.
const CANVAS_MAX: u64 = 64 << 20;

/// Whether `v` is a node.
///
/// # Errors
/// `MemoryError`.
pub fn is_tree(cx: &mut Cx, v: Value) -> Completion<bool> {
    is_a(cx, v, &AST)
}

/// Complains about a root that does not go with the mode.
///
/// # Errors
/// `TypeError`.
pub fn check_root(cx: &mut Cx, v: Value, mode: CompileMode) -> Completion<()> {
    let wanted = match mode {
        CompileMode::Exec => "Module",
        CompileMode::Eval => "Expression",
        CompileMode::Single => "Interactive",
        CompileMode::FuncType => "FunctionType",
    };
    match kind(cx, v) {
        Some(found) if found.name == wanted => Ok(()),
        _ => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "expected {wanted} node, got {got}")
        }
    }
}

/// The tree below a root object.
///
/// # Errors
/// `TypeError` and `ValueError` for trees that no text could have.
pub fn read(cx: &mut Cx, root: Value, mode: CompileMode) -> Completion<Module> {
    check_root(cx, root, mode)?;
    let mut canvas = Canvas { line_max: 1, col_max: 0, width: 1 };
    canvas.measure(cx, root)?;
    canvas.width = canvas.fit();
    let mut reader = Reader { canvas, tail: String::new() };
    let range = TextRange::default();
    let tree = match mode {
        CompileMode::Eval => {
            let body = Box::new(reader.expr_field(cx, root, "body")?);
            Tree::Expression(ModExpression { node_index: Default::default(), range, body })
        }
        _ => {
            let body = reader.stmts(cx, root, "body")?.into_iter().collect();
            let module = ModModule { node_index: Default::default(), range, body };
            if mode == CompileMode::Single {
                Tree::Interactive(module)
            } else {
                Tree::Module(module)
            }
        }
    };
    let text = reader.canvas.text() + &reader.tail;
    match Source::from_text(&text) {
        Ok(source) => Ok(Module { source, tree, warnings: Vec::new() }),
        Err(diag) => raise!(cx, ValueError, "{}", diag.message),
    }
}

/// The node class of an object, its own or that of a base.
pub(super) fn kind(cx: &Cx, v: Value) -> Option<spec::Class> {
    let bases = class::mro(cx.class_of(v));
    bases.iter().filter_map(|base| base.obj()).find_map(|base| spec::find(class::name(base)))
}

/// Blank text whose offsets stand for the positions of a tree.
struct Canvas {
    line_max: u32,
    col_max: u32,
    width: u32,
}

impl Canvas {
    fn measure(&mut self, cx: &mut Cx, node: Value) -> Completion<()> {
        let Some(known) = kind(cx, node) else { return Ok(()) };
        cx.nested(" during ast construction", |cx| self.measure_parts(cx, node, known))
    }

    fn measure_parts(&mut self, cx: &mut Cx, node: Value, known: spec::Class) -> Completion<()> {
        for name in ["lineno", "end_lineno"] {
            self.line_max = self.line_max.max(number(cx, node, name)?.unwrap_or(1));
        }
        for name in ["col_offset", "end_col_offset"] {
            self.col_max = self.col_max.max(number(cx, node, name)?.unwrap_or(0));
        }
        for field in known.fields() {
            let Some(v) = field_opt(cx, node, field.name)? else { continue };
            if is_tree(cx, v)? {
                self.measure(cx, v)?;
            } else if cx.is_a(v, taipan_objects::T::list) {
                for &item in protocol::collect(cx, v)?.as_slice() {
                    self.measure(cx, item)?;
                }
            }
        }
        Ok(())
    }

    /// The length of a line, with its newline.
    fn fit(&self) -> u32 {
        let width = u64::from(self.col_max) + 2;
        let fits = CANVAS_MAX / u64::from(self.line_max).max(1);
        u32::try_from(width.min(fits.max(2))).unwrap_or(2)
    }

    fn offset(&self, line: u32, col: u32) -> TextSize {
        let line = u64::from(line.max(1) - 1).min(CANVAS_MAX / u64::from(self.width));
        let at = line * u64::from(self.width) + u64::from(col.min(self.width - 1));
        TextSize::new(u32::try_from(at).unwrap_or(u32::MAX / 2))
    }

    fn text(&self) -> String {
        let line = " ".repeat(self.width as usize - 1) + "\n";
        let n = u64::from(self.line_max).min(CANVAS_MAX / u64::from(self.width) + 1);
        line.repeat(n as usize)
    }
}

fn number(cx: &mut Cx, node: Value, name: &str) -> Completion<Option<u32>> {
    match field_opt(cx, node, name)? {
        Some(v) if !v.is_none() => {
            Ok(Some(u32::try_from(protocol::index_i64(cx, v)?).unwrap_or(0)))
        }
        _ => Ok(None),
    }
}

/// A field's value if the node has it.
pub(super) fn field_opt(cx: &mut Cx, node: Value, name: &str) -> Completion<Option<Value>> {
    let name = cx.intern(name)?;
    protocol::get_attr_opt(cx, node, name)
}

/// The state of one conversion.
pub(super) struct Reader {
    canvas: Canvas,
    /// Text behind the blank one: strings that the tree can only hold as their source.
    tail: String,
}

impl Reader {
    /// A field that must be there.
    pub(super) fn field(&mut self, cx: &mut Cx, node: Value, name: &str) -> Completion<Value> {
        match field_opt(cx, node, name)? {
            Some(v) => Ok(v),
            None => {
                let class = cx.type_name(node);
                raise!(cx, TypeError, "required field \"{name}\" missing from {class}")
            }
        }
    }

    /// A field that may be missing or `None`.
    pub(super) fn optional(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
    ) -> Completion<Option<Value>> {
        Ok(field_opt(cx, node, name)?.filter(|v| !v.is_none()))
    }

    /// The items of a list field; a missing one is empty.
    pub(super) fn list(&mut self, cx: &mut Cx, node: Value, name: &str) -> Completion<RootVec> {
        let Some(v) = field_opt(cx, node, name)? else { return Ok(RootVec::new()) };
        if !cx.is_a(v, taipan_objects::T::list) {
            let (class, got) = (cx.type_name(node), cx.type_name(v));
            return raise!(cx, TypeError, "{class} field \"{name}\" must be a list, not a {got}");
        }
        protocol::collect(cx, v)
    }

    pub(super) fn range(&mut self, cx: &mut Cx, node: Value) -> Completion<TextRange> {
        let base = kind(cx, node).map_or("AST", |known| known.base);
        let sort = if base == "AST" { cx.type_name(node) } else { base };
        self.range_of(cx, node, sort)
    }

    /// The position of a node of a sort. It is read before anything else of the node.
    pub(super) fn range_of(
        &mut self,
        cx: &mut Cx,
        node: Value,
        sort: &str,
    ) -> Completion<TextRange> {
        let mut at = [0; 2];
        for (slot, name) in at.iter_mut().zip(["lineno", "col_offset"]) {
            *slot = match number(cx, node, name)? {
                Some(n) => n,
                None => {
                    return raise!(cx, TypeError, "required field \"{name}\" missing from {sort}");
                }
            };
        }
        let end_line = number(cx, node, "end_lineno")?.unwrap_or(at[0]);
        let end_col = number(cx, node, "end_col_offset")?.unwrap_or(at[1]);
        let start = self.canvas.offset(at[0], at[1]);
        let end = self.canvas.offset(end_line, end_col);
        Ok(TextRange::new(start, end.max(start)))
    }

    pub(super) fn text(&mut self, cx: &mut Cx, v: Value) -> Completion<Name> {
        match string::text(v) {
            Some("None" | "True" | "False") => {
                let text = string::text(v).unwrap_or_default();
                raise!(cx, ValueError, "identifier field can't represent '{text}' constant")
            }
            Some(text) => Ok(Name::new(text)),
            None => raise!(cx, TypeError, "AST identifier must be of type str"),
        }
    }

    pub(super) fn identifier(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
        range: TextRange,
    ) -> Completion<Identifier> {
        let v = self.field(cx, node, name)?;
        Ok(Identifier::new(self.text(cx, v)?, range))
    }

    pub(super) fn identifier_opt(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
        range: TextRange,
    ) -> Completion<Option<Identifier>> {
        match self.optional(cx, node, name)? {
            Some(v) => Ok(Some(Identifier::new(self.text(cx, v)?, range))),
            None => Ok(None),
        }
    }

    pub(super) fn identifiers(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
        range: TextRange,
    ) -> Completion<Vec<Identifier>> {
        let items = self.list(cx, node, name)?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            all.push(Identifier::new(self.text(cx, v)?, range));
        }
        Ok(all)
    }

    pub(super) fn expr_field(&mut self, cx: &mut Cx, node: Value, name: &str) -> Completion<Expr> {
        let v = self.field(cx, node, name)?;
        self.expr(cx, v)
    }

    pub(super) fn boxed(&mut self, cx: &mut Cx, node: Value, name: &str) -> Completion<Box<Expr>> {
        self.expr_field(cx, node, name).map(Box::new)
    }

    pub(super) fn expr_opt(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
    ) -> Completion<Option<Box<Expr>>> {
        match self.optional(cx, node, name)? {
            Some(v) => Ok(Some(Box::new(self.expr(cx, v)?))),
            None => Ok(None),
        }
    }

    pub(super) fn exprs(&mut self, cx: &mut Cx, node: Value, name: &str) -> Completion<Vec<Expr>> {
        let items = self.list(cx, node, name)?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            if v.is_none() {
                return raise!(cx, ValueError, "None disallowed in expression list");
            }
            all.push(self.expr(cx, v)?);
        }
        Ok(all)
    }

    /// Source behind the blank text, for what is only known by its source.
    pub(super) fn written(&mut self, text: &str) -> TextRange {
        let start = self.canvas.text_len() + self.tail.len() as u32;
        self.tail.push_str(text);
        TextRange::new(TextSize::new(start), TextSize::new(start + text.len() as u32))
    }

    pub(super) fn unexpected<R>(&mut self, cx: &mut Cx, v: Value, sort: &str) -> Completion<R> {
        let got = protocol::convert::repr_text(cx, v)?;
        raise!(cx, TypeError, "expected some sort of {sort}, but got {got}")
    }
}

impl Canvas {
    fn text_len(&self) -> u32 {
        let n = u64::from(self.line_max).min(CANVAS_MAX / u64::from(self.width) + 1);
        u32::try_from(n * u64::from(self.width)).unwrap_or(u32::MAX / 2)
    }
}
