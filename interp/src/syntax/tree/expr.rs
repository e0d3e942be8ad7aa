//! Expressions.

use ruff_python_ast::{
    BoolOp, CmpOp, Comprehension, Expr, ExprCall, ExprContext, FStringPart, InterpolatedElement,
    InterpolatedStringElement, InterpolatedStringElements, Number, Operator, StringLiteral,
    UnaryOp,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustpython_wtf8::{Wtf8, Wtf8Buf};

use super::{Builder, Item, text};
use crate::syntax::literal;

pub(super) const fn operator(op: Operator) -> &'static str {
    match op {
        Operator::Add => "Add",
        Operator::Sub => "Sub",
        Operator::Mult => "Mult",
        Operator::MatMult => "MatMult",
        Operator::Div => "Div",
        Operator::Mod => "Mod",
        Operator::Pow => "Pow",
        Operator::LShift => "LShift",
        Operator::RShift => "RShift",
        Operator::BitOr => "BitOr",
        Operator::BitXor => "BitXor",
        Operator::BitAnd => "BitAnd",
        Operator::FloorDiv => "FloorDiv",
    }
}

const fn comparison(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => "Eq",
        CmpOp::NotEq => "NotEq",
        CmpOp::Lt => "Lt",
        CmpOp::LtE => "LtE",
        CmpOp::Gt => "Gt",
        CmpOp::GtE => "GtE",
        CmpOp::Is => "Is",
        CmpOp::IsNot => "IsNot",
        CmpOp::In => "In",
        CmpOp::NotIn => "NotIn",
    }
}

/// Text of an f- or t-string, collected until a field or the end.
struct Pending {
    value: Wtf8Buf,
    range: Option<TextRange>,
}

impl Pending {
    fn new() -> Self {
        Self { value: Wtf8Buf::new(), range: None }
    }

    fn push(&mut self, value: &Wtf8, range: TextRange) {
        self.value.push_wtf8(value);
        self.range = Some(self.range.map_or(range, |so_far| so_far.cover(range)));
    }
}

impl Builder<'_> {
    pub(super) fn exprs<'e>(self, exprs: impl IntoIterator<Item = &'e Expr>) -> Item {
        Item::List(exprs.into_iter().map(|expr| self.expr(expr)).collect())
    }

    pub(super) fn maybe(self, expr: Option<&Expr>) -> Item {
        expr.map_or(Item::None, |expr| self.expr(expr))
    }

    fn context(self, context: ExprContext) -> (&'static str, Item) {
        let class = match context {
            ExprContext::Store => "Store",
            ExprContext::Del => "Del",
            _ => "Load",
        };
        ("ctx", self.mark(class))
    }

    pub(super) fn expr(self, expr: &Expr) -> Item {
        match expr {
            Expr::BoolOp(_)
            | Expr::BinOp(_)
            | Expr::UnaryOp(_)
            | Expr::Compare(_)
            | Expr::If(_)
            | Expr::Named(_)
            | Expr::Lambda(_)
            | Expr::Await(_)
            | Expr::Yield(_)
            | Expr::YieldFrom(_) => self.operation(expr),
            Expr::Attribute(_)
            | Expr::Subscript(_)
            | Expr::Starred(_)
            | Expr::Name(_)
            | Expr::List(_)
            | Expr::Tuple(_) => self.target(expr),
            Expr::Dict(_)
            | Expr::Set(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::Generator(_) => self.display(expr),
            Expr::Call(it) => self.call(it),
            Expr::Slice(it) => self.node(
                "Slice",
                it,
                vec![
                    ("lower", self.maybe(it.lower.as_deref())),
                    ("upper", self.maybe(it.upper.as_deref())),
                    ("step", self.maybe(it.step.as_deref())),
                ],
            ),
            other => self.constant(other),
        }
    }

    fn operation(self, expr: &Expr) -> Item {
        match expr {
            Expr::BoolOp(it) => {
                let op = if it.op == BoolOp::And { "And" } else { "Or" };
                self.node(
                    "BoolOp",
                    it,
                    vec![("op", self.mark(op)), ("values", self.exprs(&it.values))],
                )
            }
            Expr::BinOp(it) => self.node(
                "BinOp",
                it,
                vec![
                    ("left", self.expr(&it.left)),
                    ("op", self.mark(operator(it.op))),
                    ("right", self.expr(&it.right)),
                ],
            ),
            Expr::UnaryOp(it) => {
                let op = match it.op {
                    UnaryOp::Invert => "Invert",
                    UnaryOp::Not => "Not",
                    UnaryOp::UAdd => "UAdd",
                    UnaryOp::USub => "USub",
                };
                self.node(
                    "UnaryOp",
                    it,
                    vec![("op", self.mark(op)), ("operand", self.expr(&it.operand))],
                )
            }
            Expr::Compare(it) => self.node(
                "Compare",
                it,
                vec![
                    ("left", self.expr(&it.left)),
                    (
                        "ops",
                        Item::List(it.ops.iter().map(|op| self.mark(comparison(*op))).collect()),
                    ),
                    ("comparators", self.exprs(&*it.comparators)),
                ],
            ),
            Expr::If(it) => self.node(
                "IfExp",
                it,
                vec![
                    ("test", self.expr(&it.test)),
                    ("body", self.expr(&it.body)),
                    ("orelse", self.expr(&it.orelse)),
                ],
            ),
            Expr::Named(it) => self.node(
                "NamedExpr",
                it,
                vec![("target", self.expr(&it.target)), ("value", self.expr(&it.value))],
            ),
            Expr::Lambda(it) => self.node(
                "Lambda",
                it,
                vec![
                    ("args", self.arguments(it.parameters.as_deref())),
                    ("body", self.expr(&it.body)),
                ],
            ),
            Expr::Await(it) => self.node("Await", it, vec![("value", self.expr(&it.value))]),
            Expr::Yield(it) => {
                self.node("Yield", it, vec![("value", self.maybe(it.value.as_deref()))])
            }
            Expr::YieldFrom(it) => {
                self.node("YieldFrom", it, vec![("value", self.expr(&it.value))])
            }
            _ => Item::None,
        }
    }

    fn target(self, expr: &Expr) -> Item {
        match expr {
            Expr::Attribute(it) => self.node(
                "Attribute",
                it,
                vec![
                    ("value", self.expr(&it.value)),
                    ("attr", text(it.attr.as_str())),
                    self.context(it.ctx),
                ],
            ),
            Expr::Subscript(it) => self.node(
                "Subscript",
                it,
                vec![
                    ("value", self.expr(&it.value)),
                    ("slice", self.expr(&it.slice)),
                    self.context(it.ctx),
                ],
            ),
            Expr::Starred(it) => self.node(
                "Starred",
                it,
                vec![("value", self.expr(&it.value)), self.context(it.ctx)],
            ),
            Expr::Name(it) => {
                self.node("Name", it, vec![("id", text(it.id.as_str())), self.context(it.ctx)])
            }
            Expr::List(it) => {
                self.node("List", it, vec![("elts", self.exprs(&it.elts)), self.context(it.ctx)])
            }
            Expr::Tuple(it) => {
                self.node("Tuple", it, vec![("elts", self.exprs(&it.elts)), self.context(it.ctx)])
            }
            _ => Item::None,
        }
    }

    fn display(self, expr: &Expr) -> Item {
        match expr {
            Expr::Dict(it) => {
                let keys = it.items.iter().map(|item| self.maybe(item.key.as_ref())).collect();
                let values = self.exprs(it.items.iter().map(|item| &item.value));
                self.node("Dict", it, vec![("keys", Item::List(keys)), ("values", values)])
            }
            Expr::Set(it) => self.node("Set", it, vec![("elts", self.exprs(&it.elts))]),
            Expr::ListComp(it) => self.comprehension("ListComp", it.range, &it.elt, &it.generators),
            Expr::SetComp(it) => self.comprehension("SetComp", it.range, &it.elt, &it.generators),
            Expr::Generator(it) => {
                self.comprehension("GeneratorExp", it.range, &it.elt, &it.generators)
            }
            Expr::DictComp(it) => self.node(
                "DictComp",
                it,
                vec![
                    ("key", self.maybe(it.key.as_deref())),
                    ("value", self.expr(&it.value)),
                    ("generators", self.generators(&it.generators)),
                ],
            ),
            _ => Item::None,
        }
    }

    fn comprehension(
        self,
        class: &'static str,
        range: TextRange,
        elt: &Expr,
        generators: &[Comprehension],
    ) -> Item {
        let fields = vec![("elt", self.expr(elt)), ("generators", self.generators(generators))];
        self.node(class, range, fields)
    }

    fn call(self, it: &ExprCall) -> Item {
        let args = match &*it.arguments.args {
            // The brackets of the call are those of its only argument, too.
            [Expr::Generator(only)] if !only.parenthesized && it.arguments.keywords.is_empty() => {
                let range = it.arguments.range();
                Item::List(vec![self.comprehension(
                    "GeneratorExp",
                    range,
                    &only.elt,
                    &only.generators,
                )])
            }
            args => self.exprs(args),
        };
        let keywords = it.arguments.keywords.iter().map(|keyword| self.keyword(keyword)).collect();
        let fields =
            vec![("func", self.expr(&it.func)), ("args", args), ("keywords", Item::List(keywords))];
        self.node("Call", it, fields)
    }

    fn constant(self, expr: &Expr) -> Item {
        let mut kind = Item::None;
        let value = match expr {
            Expr::StringLiteral(it) => {
                let mut value = Wtf8Buf::new();
                for (index, part) in it.value.iter().enumerate() {
                    value.push_wtf8(&literal::str_value(self.source.text(), part));
                    if index == 0 && self.raw(part.range()).starts_with(['u', 'U']) {
                        kind = text("u");
                    }
                }
                Item::Str(value)
            }
            Expr::BytesLiteral(it) => {
                Item::Bytes(it.value.iter().flat_map(|part| part.value.iter().copied()).collect())
            }
            Expr::NumberLiteral(it) => match &it.value {
                Number::Int(value) => match value.as_i64() {
                    Some(value) => Item::Int(value),
                    None => Item::BigInt(value.to_string()),
                },
                Number::Float(value) => Item::Float(*value),
                Number::Complex { imag, .. } => Item::Imaginary(*imag),
            },
            Expr::BooleanLiteral(it) => Item::Bool(it.value),
            Expr::EllipsisLiteral(_) => Item::Ellipsis,
            Expr::FString(it) => return self.formatted(it.range(), it.value.as_slice()),
            Expr::TString(it) => {
                let mut values = Vec::new();
                let mut pending = Pending::new();
                for part in it.value.iter() {
                    let is_raw = self.is_raw(part.range());
                    self.elements(&mut values, &mut pending, &part.elements, is_raw, true);
                }
                self.flush(&mut values, &mut pending);
                return self.node("TemplateStr", it, vec![("values", Item::List(values))]);
            }
            _ => Item::None,
        };
        self.node("Constant", expr, vec![("value", value), ("kind", kind)])
    }

    fn raw(self, range: TextRange) -> &'static str {
        // Only prefixes are looked at, so a copy of the first letters will do.
        let start = usize::from(range.start());
        let head = self.source.text().get(start..start + 1).unwrap_or_default();
        match head {
            "u" => "u",
            "U" => "U",
            _ => "",
        }
    }

    fn is_raw(self, range: TextRange) -> bool {
        let all = self.source.text().get(usize::from(range.start())..).unwrap_or_default();
        let prefix = all.split(['\'', '"']).next().unwrap_or_default();
        prefix.contains(['r', 'R'])
    }

    fn formatted(self, range: TextRange, parts: &[FStringPart]) -> Item {
        let mut values = Vec::new();
        let mut pending = Pending::new();
        for part in parts {
            match part {
                FStringPart::Literal(literal) => self.literal_part(&mut pending, literal),
                FStringPart::FString(it) => {
                    let is_raw = self.is_raw(it.range());
                    self.elements(&mut values, &mut pending, &it.elements, is_raw, false);
                }
            }
        }
        self.flush(&mut values, &mut pending);
        self.node("JoinedStr", range, vec![("values", Item::List(values))])
    }

    fn literal_part(self, pending: &mut Pending, literal: &StringLiteral) {
        let value = literal::str_value(self.source.text(), literal);
        pending.push(&value, literal.range());
    }

    fn elements(
        self,
        values: &mut Vec<Item>,
        pending: &mut Pending,
        elements: &InterpolatedStringElements,
        is_raw: bool,
        is_template: bool,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(it) => {
                    let value = literal::interpolated_value(
                        self.source.text(),
                        it.range,
                        &it.value,
                        is_raw,
                    );
                    pending.push(&value, it.range);
                }
                InterpolatedStringElement::Interpolation(it) => {
                    self.field(values, pending, it, is_raw, is_template);
                }
            }
        }
    }

    fn field(
        self,
        values: &mut Vec<Item>,
        pending: &mut Pending,
        it: &InterpolatedElement,
        is_raw: bool,
        is_template: bool,
    ) {
        if let Some(debug) = &it.debug_text {
            // `{x=}` is the text `x=` and then the value.
            let start = it.range.start() + TextSize::from(1);
            let shown = debug.as_str();
            let range = TextRange::at(start, TextSize::of(shown));
            pending.push(Wtf8::new(shown), range);
        }
        self.flush(values, pending);
        let spec = it.format_spec.as_deref();
        let conversion = match it.conversion.to_byte() {
            Some(byte) => i64::from(byte),
            None if it.debug_text.is_some() && spec.is_none() => i64::from(b'r'),
            None => -1,
        };
        let format_spec = spec.map_or(Item::None, |spec| {
            let (mut parts, mut pending) = (Vec::new(), Pending::new());
            self.elements(&mut parts, &mut pending, &spec.elements, is_raw, is_template);
            self.flush(&mut parts, &mut pending);
            // The colon counts as part of it.
            let range = TextRange::new(spec.range.start() - TextSize::from(1), spec.range.end());
            self.node("JoinedStr", range, vec![("values", Item::List(parts))])
        });
        let mut fields = vec![("value", self.expr(&it.expression))];
        if is_template {
            let range = it.expression.range();
            let code = self.source.text().get(usize::from(range.start())..usize::from(range.end()));
            fields.push(("str", text(code.unwrap_or_default())));
        }
        fields.push(("conversion", Item::Int(conversion)));
        fields.push(("format_spec", format_spec));
        let class = if is_template { "Interpolation" } else { "FormattedValue" };
        values.push(self.node(class, it.range, fields));
    }

    fn flush(self, values: &mut Vec<Item>, pending: &mut Pending) {
        let Pending { value, range } = std::mem::replace(pending, Pending::new());
        if let Some(range) = range
            && !value.is_empty()
        {
            let fields = vec![("value", Item::Str(value)), ("kind", Item::None)];
            values.push(self.node("Constant", range, fields));
        }
    }
}
