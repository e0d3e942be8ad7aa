//! Expressions.

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, ExprContext};
use ruff_text_size::{Ranged, TextRange};
use taipan_objects::{Completion, Cx, Kind, T, Value, protocol, raise, types::str as string};

use super::{
    read::{Reader, kind},
    read_stmt::node,
};

const OPERATORS: [(&str, ast::Operator); 13] = [
    ("Add", ast::Operator::Add),
    ("Sub", ast::Operator::Sub),
    ("Mult", ast::Operator::Mult),
    ("MatMult", ast::Operator::MatMult),
    ("Div", ast::Operator::Div),
    ("Mod", ast::Operator::Mod),
    ("Pow", ast::Operator::Pow),
    ("LShift", ast::Operator::LShift),
    ("RShift", ast::Operator::RShift),
    ("BitOr", ast::Operator::BitOr),
    ("BitXor", ast::Operator::BitXor),
    ("BitAnd", ast::Operator::BitAnd),
    ("FloorDiv", ast::Operator::FloorDiv),
];

const COMPARISONS: [(&str, ast::CmpOp); 10] = [
    ("Eq", ast::CmpOp::Eq),
    ("NotEq", ast::CmpOp::NotEq),
    ("Lt", ast::CmpOp::Lt),
    ("LtE", ast::CmpOp::LtE),
    ("Gt", ast::CmpOp::Gt),
    ("GtE", ast::CmpOp::GtE),
    ("Is", ast::CmpOp::Is),
    ("IsNot", ast::CmpOp::IsNot),
    ("In", ast::CmpOp::In),
    ("NotIn", ast::CmpOp::NotIn),
];

const UNARY: [(&str, ast::UnaryOp); 4] = [
    ("Invert", ast::UnaryOp::Invert),
    ("Not", ast::UnaryOp::Not),
    ("UAdd", ast::UnaryOp::UAdd),
    ("USub", ast::UnaryOp::USub),
];

const BOOLEAN: [(&str, ast::BoolOp); 2] = [("And", ast::BoolOp::And), ("Or", ast::BoolOp::Or)];

const CONTEXTS: [(&str, ExprContext); 3] =
    [("Load", ExprContext::Load), ("Store", ExprContext::Store), ("Del", ExprContext::Del)];

fn context_name(ctx: ExprContext) -> &'static str {
    CONTEXTS.iter().find(|(_, known)| *known == ctx).map_or("Load", |(name, _)| name)
}

fn context_of(expr: &Expr) -> Option<ExprContext> {
    Some(match expr {
        Expr::Name(it) => it.ctx,
        Expr::Attribute(it) => it.ctx,
        Expr::Subscript(it) => it.ctx,
        Expr::Starred(it) => it.ctx,
        Expr::List(it) => it.ctx,
        Expr::Tuple(it) => it.ctx,
        _ => return None,
    })
}

impl Reader {
    fn mark<M: Copy>(
        &mut self,
        cx: &mut Cx,
        v: Value,
        sort: &str,
        all: &[(&str, M)],
    ) -> Completion<M> {
        let name = kind(cx, v).map_or("", |known| known.name);
        match all.iter().find(|(known, _)| *known == name) {
            Some((_, mark)) => Ok(*mark),
            None => self.unexpected(cx, v, sort),
        }
    }

    pub(super) fn operator(&mut self, cx: &mut Cx, node: Value) -> Completion<ast::Operator> {
        let v = self.field(cx, node, "op")?;
        self.mark(cx, v, "operator", &OPERATORS)
    }

    fn context(&mut self, cx: &mut Cx, node: Value) -> Completion<ExprContext> {
        match self.optional(cx, node, "ctx")? {
            Some(v) => self.mark(cx, v, "expr_context", &CONTEXTS),
            None => Ok(ExprContext::Load),
        }
    }

    /// What is assigned to or deleted.
    pub(super) fn target(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
        ctx: ExprContext,
    ) -> Completion<Expr> {
        let v = self.field(cx, node, name)?;
        let target = self.expr_any(cx, v)?;
        self.check_target(cx, target, ctx)
    }

    pub(super) fn targets(
        &mut self,
        cx: &mut Cx,
        node: Value,
        ctx: ExprContext,
    ) -> Completion<Vec<Expr>> {
        let mut all = Vec::new();
        for &v in self.list(cx, node, "targets")?.as_slice() {
            let target = self.expr_any(cx, v)?;
            all.push(self.check_target(cx, target, ctx)?);
        }
        if all.is_empty() {
            let class = cx.type_name(node);
            return raise!(cx, ValueError, "empty targets on {class}");
        }
        Ok(all)
    }

    pub(super) fn check_target(
        &mut self,
        cx: &mut Cx,
        target: Expr,
        ctx: ExprContext,
    ) -> Completion<Expr> {
        let Some(found) = context_of(&target) else {
            return raise!(
                cx,
                ValueError,
                "expression which can't be assigned to in {} context",
                context_name(ctx)
            );
        };
        if found != ctx {
            return raise!(
                cx,
                ValueError,
                "expression must have {} context but has {} instead",
                context_name(ctx),
                context_name(found)
            );
        }
        Ok(target)
    }

    /// An expression whose value is wanted.
    pub(super) fn expr(&mut self, cx: &mut Cx, v: Value) -> Completion<Expr> {
        let expr = self.expr_any(cx, v)?;
        match context_of(&expr) {
            None | Some(ExprContext::Load) => Ok(expr),
            Some(_) => self.check_target(cx, expr, ExprContext::Load),
        }
    }

    /// An expression in whatever context it says.
    pub(super) fn expr_any(&mut self, cx: &mut Cx, v: Value) -> Completion<Expr> {
        let range = self.range_of(cx, v, "expr")?;
        let Some(known) = kind(cx, v).filter(|known| known.base == "expr") else {
            return self.unexpected(cx, v, "expr");
        };
        cx.nested(" during ast construction", |cx| match known.name {
            "Attribute" | "Subscript" | "Starred" | "Name" | "List" | "Tuple" | "Slice" => {
                self.place(cx, v, known.name, range)
            }
            "ListComp" | "SetComp" | "DictComp" | "GeneratorExp" => {
                self.comprehension(cx, v, known.name, range)
            }
            "Constant" => {
                let value = self.field(cx, v, "value")?;
                self.constant(cx, value, range)
            }
            "JoinedStr" | "TemplateStr" | "FormattedValue" | "Interpolation" => {
                self.formatted(cx, v, known.name, range)
            }
            name => self.operation(cx, v, name, range),
        })
    }

    fn operation(
        &mut self,
        cx: &mut Cx,
        v: Value,
        class: &str,
        range: TextRange,
    ) -> Completion<Expr> {
        Ok(match class {
            "BoolOp" => {
                let op = self.field(cx, v, "op")?;
                let op = self.mark(cx, op, "boolop", &BOOLEAN)?;
                let values = self.exprs(cx, v, "values")?;
                if values.len() < 2 {
                    return raise!(cx, ValueError, "BoolOp with less than 2 values");
                }
                Expr::BoolOp(node!(ExprBoolOp, range, { op: op, values: values }))
            }
            "NamedExpr" => Expr::Named(node!(ExprNamed, range, {
                target: Box::new(self.target(cx, v, "target", ExprContext::Store)?),
                value: self.boxed(cx, v, "value")?,
            })),
            "BinOp" => Expr::BinOp(node!(ExprBinOp, range, {
                left: self.boxed(cx, v, "left")?,
                op: self.operator(cx, v)?,
                right: self.boxed(cx, v, "right")?,
            })),
            "UnaryOp" => {
                let op = self.field(cx, v, "op")?;
                Expr::UnaryOp(node!(ExprUnaryOp, range, {
                    op: self.mark(cx, op, "unaryop", &UNARY)?,
                    operand: self.boxed(cx, v, "operand")?,
                }))
            }
            "Lambda" => Expr::Lambda(node!(ExprLambda, range, {
                parameters: Some(Box::new(self.parameters(cx, v, range)?)),
                body: self.boxed(cx, v, "body")?,
            })),
            "IfExp" => Expr::If(node!(ExprIf, range, {
                test: self.boxed(cx, v, "test")?,
                body: self.boxed(cx, v, "body")?,
                orelse: self.boxed(cx, v, "orelse")?,
            })),
            "Dict" => Expr::Dict(node!(ExprDict, range, { items: self.dict_items(cx, v)? })),
            "Set" => Expr::Set(node!(ExprSet, range, { elts: self.exprs(cx, v, "elts")? })),
            "Await" => Expr::Await(node!(ExprAwait, range, { value: self.boxed(cx, v, "value")? })),
            "Yield" => {
                Expr::Yield(node!(ExprYield, range, { value: self.expr_opt(cx, v, "value")? }))
            }
            "YieldFrom" => {
                Expr::YieldFrom(node!(ExprYieldFrom, range, { value: self.boxed(cx, v, "value")? }))
            }
            "Compare" => self.compare(cx, v, range)?,
            "Call" => {
                let func = self.boxed(cx, v, "func")?;
                let args = self.exprs(cx, v, "args")?.into_boxed_slice();
                let keywords = self.keywords(cx, v)?.into_iter().collect();
                // The arguments are behind the function.
                let inside =
                    TextRange::new(func.end().clamp(range.start(), range.end()), range.end());
                Expr::Call(ast::ExprCall {
                    node_index: Default::default(),
                    range_start: range.start(),
                    func,
                    arguments: node!(Arguments, inside, { args: args, keywords: keywords }),
                })
            }
            _ => return self.unexpected(cx, v, "expr"),
        })
    }

    fn compare(&mut self, cx: &mut Cx, v: Value, range: TextRange) -> Completion<Expr> {
        let left = self.boxed(cx, v, "left")?;
        let marks = self.list(cx, v, "ops")?;
        let mut ops = Vec::new();
        for &op in marks.as_slice() {
            ops.push(self.mark(cx, op, "cmpop", &COMPARISONS)?);
        }
        let comparators = self.exprs(cx, v, "comparators")?;
        if comparators.is_empty() {
            return raise!(cx, ValueError, "Compare with no comparators");
        }
        if comparators.len() != ops.len() {
            return raise!(
                cx,
                ValueError,
                "Compare has a different number of comparators and operands"
            );
        }
        Ok(Expr::Compare(node!(ExprCompare, range, {
            left: left,
            ops: ops.into_boxed_slice(),
            comparators: comparators.into_boxed_slice(),
        })))
    }

    fn dict_items(&mut self, cx: &mut Cx, v: Value) -> Completion<Vec<ast::DictItem>> {
        let (keys, values) = (self.list(cx, v, "keys")?, self.list(cx, v, "values")?);
        if keys.len() != values.len() {
            return raise!(cx, ValueError, "Dict doesn't have the same number of keys as values");
        }
        let mut items = Vec::new();
        for (&key, &value) in keys.as_slice().iter().zip(values.as_slice()) {
            let key = if key.is_none() { None } else { Some(self.expr(cx, key)?) };
            items.push(ast::DictItem { key, value: self.expr(cx, value)? });
        }
        Ok(items)
    }

    fn place(&mut self, cx: &mut Cx, v: Value, class: &str, range: TextRange) -> Completion<Expr> {
        if class == "Slice" {
            return Ok(Expr::Slice(node!(ExprSlice, range, {
                lower: self.expr_opt(cx, v, "lower")?,
                upper: self.expr_opt(cx, v, "upper")?,
                step: self.expr_opt(cx, v, "step")?,
            })));
        }
        let ctx = self.context(cx, v)?;
        Ok(match class {
            "Attribute" => Expr::Attribute(node!(ExprAttribute, range, {
                value: self.boxed(cx, v, "value")?,
                attr: self.identifier(cx, v, "attr", range)?,
                ctx: ctx,
            })),
            "Subscript" => Expr::Subscript(node!(ExprSubscript, range, {
                value: self.boxed(cx, v, "value")?,
                slice: self.boxed(cx, v, "slice")?,
                ctx: ctx,
            })),
            "Starred" => {
                let value = match ctx {
                    ExprContext::Load => self.expr_field(cx, v, "value")?,
                    ctx => self.target(cx, v, "value", ctx)?,
                };
                Expr::Starred(node!(ExprStarred, range, { value: Box::new(value), ctx: ctx }))
            }
            "Name" => {
                let id = self.field(cx, v, "id")?;
                Expr::Name(node!(ExprName, range, { id: self.text(cx, id)?, ctx: ctx }))
            }
            _ => {
                let mut elts = Vec::new();
                for &item in self.list(cx, v, "elts")?.as_slice() {
                    elts.push(if ctx == ExprContext::Load {
                        self.expr(cx, item)?
                    } else {
                        let target = self.expr_any(cx, item)?;
                        self.check_target(cx, target, ctx)?
                    });
                }
                if class == "List" {
                    Expr::List(node!(ExprList, range, { elts: elts, ctx: ctx }))
                } else {
                    Expr::Tuple(node!(ExprTuple, range, {
                        elts: elts, ctx: ctx, parenthesized: true
                    }))
                }
            }
        })
    }

    fn comprehension(
        &mut self,
        cx: &mut Cx,
        v: Value,
        class: &str,
        range: TextRange,
    ) -> Completion<Expr> {
        let generators = self.generators(cx, v)?;
        if generators.is_empty() {
            return raise!(cx, ValueError, "comprehension with no generators");
        }
        Ok(match class {
            "DictComp" => Expr::DictComp(node!(ExprDictComp, range, {
                key: Some(self.boxed(cx, v, "key")?),
                value: self.boxed(cx, v, "value")?,
                generators: generators,
            })),
            "ListComp" => Expr::ListComp(node!(ExprListComp, range, {
                elt: self.boxed(cx, v, "elt")?, generators: generators
            })),
            "SetComp" => Expr::SetComp(node!(ExprSetComp, range, {
                elt: self.boxed(cx, v, "elt")?, generators: generators
            })),
            _ => Expr::Generator(node!(ExprGenerator, range, {
                elt: self.boxed(cx, v, "elt")?, generators: generators, parenthesized: true
            })),
        })
    }

    /// An expression that gives a constant.
    pub(super) fn constant(&mut self, cx: &mut Cx, v: Value, range: TextRange) -> Completion<Expr> {
        if v.is_none() {
            return Ok(Expr::NoneLiteral(node!(ExprNoneLiteral, range, {})));
        }
        if v == Value::ELLIPSIS {
            return Ok(Expr::EllipsisLiteral(node!(ExprEllipsisLiteral, range, {})));
        }
        if v.is_bool() {
            let value = v == Value::TRUE;
            return Ok(Expr::BooleanLiteral(node!(ExprBooleanLiteral, range, { value: value })));
        }
        if let Some(f) = v.float_value() {
            let value = ast::Number::Float(f);
            return Ok(Expr::NumberLiteral(node!(ExprNumberLiteral, range, { value: value })));
        }
        if string::exact(v).is_some() {
            let literal = self.string(v, range);
            let value = ast::StringLiteralValue::single(literal);
            return Ok(Expr::StringLiteral(node!(ExprStringLiteral, range, { value: value })));
        }
        let class = cx.class_of(v);
        if class == cx.class(T::int) {
            return self.int(cx, v, range);
        }
        if class == cx.class(T::bytes) {
            let value = v.obj().map_or(&[][..], |o| o.raw_bytes()).into();
            let flags = ast::BytesLiteralFlags::empty();
            let literal = node!(BytesLiteral, range, { value: value, flags: flags });
            let value = ast::BytesLiteralValue::single(literal);
            return Ok(Expr::BytesLiteral(node!(ExprBytesLiteral, range, { value: value })));
        }
        if class == cx.class(T::complex) {
            let mut parts = [0.0; 2];
            for (part, name) in parts.iter_mut().zip(["real", "imag"]) {
                let name = cx.intern(name)?;
                *part = protocol::get_attr(cx, v, name)?.float_value().unwrap_or(0.0);
            }
            let value = ast::Number::Complex { real: parts[0], imag: parts[1] };
            return Ok(Expr::NumberLiteral(node!(ExprNumberLiteral, range, { value: value })));
        }
        if let Some(o) = v.obj().filter(|o| o.kind() == Kind::Tuple) {
            let mut elts = Vec::new();
            for &item in o.items() {
                elts.push(self.constant(cx, item, range)?);
            }
            return Ok(Expr::Tuple(node!(ExprTuple, range, {
                elts: elts, ctx: ExprContext::Load, parenthesized: true
            })));
        }
        let got = cx.type_name(v);
        raise!(cx, TypeError, "got an invalid type in Constant: {got}")
    }

    fn int(&mut self, cx: &mut Cx, v: Value, range: TextRange) -> Completion<Expr> {
        let shown = protocol::convert::repr_text(cx, v)?;
        let (negative, digits) = match shown.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, shown.as_str()),
        };
        let Ok(int) = digits.parse::<ast::Int>() else {
            return raise!(cx, ValueError, "invalid int constant");
        };
        let value = ast::Number::Int(int);
        let number = Expr::NumberLiteral(node!(ExprNumberLiteral, range, { value: value }));
        if !negative {
            return Ok(number);
        }
        Ok(Expr::UnaryOp(node!(ExprUnaryOp, range, {
            op: ast::UnaryOp::USub, operand: Box::new(number)
        })))
    }

    /// A string literal. The tree has no place for surrogates: those are written out behind the text.
    pub(super) fn string(&mut self, v: Value, range: TextRange) -> ast::StringLiteral {
        let flags = ast::StringLiteralFlags::empty();
        if let Some(text) = string::text(v) {
            return node!(StringLiteral, range, { value: text.into(), flags: flags });
        }
        let mut written = String::from("'");
        for point in string::wtf8(v).into_iter().flat_map(|text| text.code_points()) {
            written.push_str(&format!("\\U{:08x}", point.to_u32()));
        }
        written.push('\'');
        let range = self.written(&written);
        self.written("\n");
        node!(StringLiteral, range, { value: "\u{fffd}".into(), flags: flags })
    }
}
