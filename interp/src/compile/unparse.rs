//! The text of an expression as CPython writes annotations: one space around operators, single quotes.

use ruff_python_ast::{
    self as ast, BoolOp, CmpOp, Comprehension, Expr, FStringPart, InterpolatedStringElement,
    Number, Operator, Parameters, UnaryOp,
};
use ruff_text_size::Ranged;

/// How tightly an expression binds; a looser one inside a tighter place gets parentheses.
mod level {
    pub(super) const TUPLE: u8 = 0;
    pub(super) const TEST: u8 = 1;
    pub(super) const OR: u8 = 2;
    pub(super) const AND: u8 = 3;
    pub(super) const NOT: u8 = 4;
    pub(super) const COMPARE: u8 = 5;
    pub(super) const BIT_OR: u8 = 6;
    pub(super) const BIT_XOR: u8 = 7;
    pub(super) const BIT_AND: u8 = 8;
    pub(super) const SHIFT: u8 = 9;
    pub(super) const ARITH: u8 = 10;
    pub(super) const TERM: u8 = 11;
    pub(super) const FACTOR: u8 = 12;
    pub(super) const POWER: u8 = 13;
    pub(super) const AWAIT: u8 = 14;
    pub(super) const ATOM: u8 = 15;
}

/// The text of `expr`.
pub(super) fn unparse(source: &str, expr: &Expr) -> String {
    let mut writer = Writer { source, out: String::new() };
    writer.expr(expr, level::TEST);
    writer.out
}

struct Writer<'s> {
    source: &'s str,
    out: String,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn expr(&mut self, expr: &Expr, at: u8) {
        stacker::maybe_grow(super::RED_ZONE, super::STACK_CHUNK, || self.expr_inner(expr, at));
    }

    fn wrapped(&mut self, own: u8, at: u8, write: impl FnOnce(&mut Self)) {
        if own < at {
            self.push("(");
        }
        write(self);
        if own < at {
            self.push(")");
        }
    }

    fn list<'e>(&mut self, items: impl IntoIterator<Item = &'e Expr>) {
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.expr(item, level::TEST);
        }
    }

    fn expr_inner(&mut self, expr: &Expr, at: u8) {
        match expr {
            Expr::Name(node) => self.push(&node.id),
            Expr::NoneLiteral(_) => self.push("None"),
            Expr::BooleanLiteral(node) => self.push(if node.value { "True" } else { "False" }),
            Expr::EllipsisLiteral(_) => self.push("..."),
            Expr::NumberLiteral(node) => self.number(&node.value),
            Expr::StringLiteral(node) => self.string(node.value.to_str()),
            Expr::BytesLiteral(node) => {
                let bytes: Vec<u8> = node.value.bytes().collect();
                let text = rustpython_literal::escape::AsciiEscape::new_repr(&bytes);
                let text = text.bytes_repr().to_string();
                self.push(text.as_deref().unwrap_or("b''"));
            }
            Expr::Attribute(node) => {
                self.expr(&node.value, level::ATOM);
                if matches!(&*node.value, Expr::NumberLiteral(n) if n.value.is_int()) {
                    self.push(" ");
                }
                self.push(".");
                self.push(&node.attr);
            }
            Expr::Subscript(node) => self.subscript(node),
            Expr::Call(node) => self.call(node),
            Expr::BinOp(node) => self.binary(node, at),
            Expr::UnaryOp(node) => {
                let (text, own) = match node.op {
                    UnaryOp::Not => ("not ", level::NOT),
                    UnaryOp::Invert => ("~", level::FACTOR),
                    UnaryOp::UAdd => ("+", level::FACTOR),
                    UnaryOp::USub => ("-", level::FACTOR),
                };
                self.wrapped(own, at, |this| {
                    this.push(text);
                    this.expr(&node.operand, own);
                });
            }
            Expr::BoolOp(node) => {
                let (text, own) = match node.op {
                    BoolOp::And => (" and ", level::AND),
                    BoolOp::Or => (" or ", level::OR),
                };
                self.wrapped(own, at, |this| {
                    for (n, value) in node.values.iter().enumerate() {
                        if n > 0 {
                            this.push(text);
                        }
                        this.expr(value, own + 1);
                    }
                });
            }
            Expr::Compare(node) => self.wrapped(level::COMPARE, at, |this| {
                this.expr(&node.left, level::COMPARE + 1);
                for (op, right) in node.ops.iter().zip(&*node.comparators) {
                    this.push(compare_text(*op));
                    this.expr(right, level::COMPARE + 1);
                }
            }),
            Expr::If(node) => self.wrapped(level::TEST, at, |this| {
                this.expr(&node.body, level::TEST + 1);
                this.push(" if ");
                this.expr(&node.test, level::TEST + 1);
                this.push(" else ");
                this.expr(&node.orelse, level::TEST);
            }),
            Expr::Lambda(node) => self.wrapped(level::TEST, at, |this| {
                this.push("lambda");
                if let Some(parameters) = &node.parameters {
                    this.push(" ");
                    this.parameters(parameters);
                }
                this.push(": ");
                this.expr(&node.body, level::TEST);
            }),
            Expr::Named(node) => {
                self.push("(");
                self.expr(&node.target, level::ATOM);
                self.push(" := ");
                self.expr(&node.value, level::ATOM);
                self.push(")");
            }
            Expr::Starred(node) => {
                self.push("*");
                self.expr(&node.value, level::BIT_OR);
            }
            Expr::Tuple(node) => self.tuple(&node.elts, at),
            Expr::List(node) => {
                self.push("[");
                self.list(&node.elts);
                self.push("]");
            }
            Expr::Set(node) => {
                self.push("{");
                self.list(&node.elts);
                self.push("}");
            }
            Expr::Dict(node) => self.dict(node),
            Expr::ListComp(node) => self.comprehension("[", &node.elt, None, &node.generators, "]"),
            Expr::SetComp(node) => self.comprehension("{", &node.elt, None, &node.generators, "}"),
            Expr::Generator(node) => {
                self.comprehension("(", &node.elt, None, &node.generators, ")");
            }
            Expr::DictComp(node) => {
                let (first, second) = match &node.key {
                    Some(key) => (&**key, Some(&*node.value)),
                    None => (&*node.value, None),
                };
                self.comprehension("{", first, second, &node.generators, "}");
            }
            Expr::Slice(node) => self.slice(node),
            Expr::Await(node) => self.wrapped(level::AWAIT, at, |this| {
                this.push("await ");
                this.expr(&node.value, level::ATOM);
            }),
            Expr::Yield(node) => {
                self.push("(yield");
                if let Some(value) = &node.value {
                    self.push(" ");
                    self.expr(value, level::TUPLE);
                }
                self.push(")");
            }
            Expr::YieldFrom(node) => {
                self.push("(yield from ");
                self.expr(&node.value, level::ATOM);
                self.push(")");
            }
            Expr::FString(node) => self.f_string(node),
            Expr::TString(_) | Expr::IpyEscapeCommand(_) => self.verbatim(expr),
        }
    }

    fn verbatim(&mut self, node: &impl Ranged) {
        let range = node.range();
        let text = self.source.get(usize::from(range.start())..usize::from(range.end()));
        self.out.push_str(text.unwrap_or_default());
    }

    fn number(&mut self, value: &Number) {
        let text = match value {
            Number::Int(value) => value.to_string(),
            Number::Float(value) => float_text(*value),
            Number::Complex { imag, .. } => {
                let text = float_text(*imag);
                format!("{}j", text.strip_suffix(".0").unwrap_or(&text))
            }
        };
        self.push(&text);
    }

    fn string(&mut self, value: &str) {
        let repr = rustpython_literal::escape::UnicodeEscape::new_repr(value.as_ref());
        let text = repr.str_repr().to_string();
        self.push(text.as_deref().unwrap_or("''"));
    }

    fn subscript(&mut self, node: &ast::ExprSubscript) {
        self.expr(&node.value, level::ATOM);
        self.push("[");
        match &*node.slice {
            Expr::Tuple(tuple) if !tuple.elts.is_empty() => {
                self.list(&tuple.elts);
                if tuple.elts.len() == 1 && !tuple.elts[0].is_starred_expr() {
                    self.push(",");
                }
            }
            other => self.expr(other, level::TUPLE),
        }
        self.push("]");
    }

    fn call(&mut self, node: &ast::ExprCall) {
        self.expr(&node.func, level::ATOM);
        if let ([Expr::Generator(only)], []) = (&*node.arguments.args, &*node.arguments.keywords) {
            self.comprehension("(", &only.elt, None, &only.generators, ")");
            return;
        }
        self.push("(");
        self.list(&*node.arguments.args);
        for (at, keyword) in node.arguments.keywords.iter().enumerate() {
            if at > 0 || !node.arguments.args.is_empty() {
                self.push(", ");
            }
            match &keyword.arg {
                Some(name) => {
                    self.push(name);
                    self.push("=");
                }
                None => self.push("**"),
            }
            self.expr(&keyword.value, level::TEST);
        }
        self.push(")");
    }

    fn binary(&mut self, node: &ast::ExprBinOp, at: u8) {
        let (text, own) = match node.op {
            Operator::Add => (" + ", level::ARITH),
            Operator::Sub => (" - ", level::ARITH),
            Operator::Mult => (" * ", level::TERM),
            Operator::MatMult => (" @ ", level::TERM),
            Operator::Div => (" / ", level::TERM),
            Operator::Mod => (" % ", level::TERM),
            Operator::FloorDiv => (" // ", level::TERM),
            Operator::LShift => (" << ", level::SHIFT),
            Operator::RShift => (" >> ", level::SHIFT),
            Operator::BitOr => (" | ", level::BIT_OR),
            Operator::BitXor => (" ^ ", level::BIT_XOR),
            Operator::BitAnd => (" & ", level::BIT_AND),
            Operator::Pow => (" ** ", level::POWER),
        };
        let right_first = node.op == Operator::Pow;
        self.wrapped(own, at, |this| {
            this.expr(&node.left, own + u8::from(right_first));
            this.push(text);
            this.expr(&node.right, own + u8::from(!right_first));
        });
    }

    fn tuple(&mut self, items: &[Expr], at: u8) {
        if items.is_empty() {
            self.push("()");
            return;
        }
        self.wrapped(level::TUPLE, at, |this| {
            this.list(items);
            if items.len() == 1 {
                this.push(",");
            }
        });
    }

    fn dict(&mut self, node: &ast::ExprDict) {
        self.push("{");
        for (at, item) in node.items.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            match &item.key {
                Some(key) => {
                    self.expr(key, level::TEST);
                    self.push(": ");
                    self.expr(&item.value, level::TEST);
                }
                None => {
                    self.push("**");
                    self.expr(&item.value, level::BIT_OR);
                }
            }
        }
        self.push("}");
    }

    fn comprehension(
        &mut self,
        open: &str,
        first: &Expr,
        second: Option<&Expr>,
        generators: &[Comprehension],
        close: &str,
    ) {
        self.push(open);
        self.expr(first, level::TEST);
        if let Some(second) = second {
            self.push(": ");
            self.expr(second, level::TEST);
        }
        for generator in generators {
            self.push(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, level::TUPLE);
            self.push(" in ");
            self.expr(&generator.iter, level::TEST + 1);
            for condition in &generator.ifs {
                self.push(" if ");
                self.expr(condition, level::TEST + 1);
            }
        }
        self.push(close);
    }

    fn slice(&mut self, node: &ast::ExprSlice) {
        if let Some(lower) = &node.lower {
            self.expr(lower, level::TEST);
        }
        self.push(":");
        if let Some(upper) = &node.upper {
            self.expr(upper, level::TEST);
        }
        if let Some(step) = &node.step {
            self.push(":");
            self.expr(step, level::TEST);
        }
    }

    fn parameters(&mut self, parameters: &Parameters) {
        let mut first = true;
        let mut sep = |this: &mut Self| {
            if !std::mem::take(&mut first) {
                this.push(", ");
            }
        };
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        for (at, parameter) in positional.enumerate() {
            sep(self);
            self.parameter(parameter);
            if at + 1 == parameters.posonlyargs.len() {
                self.push(", /");
            }
        }
        if let Some(vararg) = &parameters.vararg {
            sep(self);
            self.push("*");
            self.push(&vararg.name);
        } else if !parameters.kwonlyargs.is_empty() {
            sep(self);
            self.push("*");
        }
        for parameter in &parameters.kwonlyargs {
            sep(self);
            self.parameter(parameter);
        }
        if let Some(kwarg) = &parameters.kwarg {
            sep(self);
            self.push("**");
            self.push(&kwarg.name);
        }
    }

    fn parameter(&mut self, parameter: &ast::ParameterWithDefault) {
        self.push(parameter.name());
        if let Some(default) = &parameter.default {
            self.push("=");
            self.expr(default, level::TEST);
        }
    }

    fn f_string(&mut self, node: &ast::ExprFString) {
        let mut inner = Writer { source: self.source, out: String::new() };
        for part in node.value.iter() {
            match part {
                FStringPart::Literal(text) => inner.literal(&text.value),
                FStringPart::FString(part) => {
                    part.elements.iter().for_each(|element| inner.element(element));
                }
            }
        }
        let body = inner.out;
        self.push("f");
        self.string(&body);
    }

    fn literal(&mut self, text: &str) {
        let doubled = text.replace('{', "{{").replace('}', "}}");
        self.push(&doubled);
    }

    fn element(&mut self, element: &InterpolatedStringElement) {
        match element {
            InterpolatedStringElement::Literal(text) => self.literal(&text.value),
            InterpolatedStringElement::Interpolation(value) => {
                let text = unparse(self.source, &value.expression);
                self.push(if text.starts_with('{') { "{ " } else { "{" });
                self.push(&text);
                if let Some(conversion) = value.conversion.to_char() {
                    self.push("!");
                    self.out.push(conversion);
                }
                if let Some(spec) = &value.format_spec {
                    self.push(":");
                    spec.elements.iter().for_each(|element| self.element(element));
                }
                self.push("}");
            }
        }
    }
}

fn compare_text(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}

/// `repr` of a float, with infinity as a literal that overflows.
fn float_text(value: f64) -> String {
    if value.is_infinite() {
        "1e309".to_owned()
    } else {
        rustpython_literal::float::to_string(value)
    }
}
