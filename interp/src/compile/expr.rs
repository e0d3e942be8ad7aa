//! Expressions: into a register of the caller's choice, into any register, or for effect.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Compiler, Done, Reg, Result, scope::Comp};
use crate::code::{CodeFlags, Op};

/// Most items that one `Build...` takes from registers; longer displays are built in pieces.
const BUILD_MAX: usize = 30;

impl<'a> Compiler<'a> {
    /// The value in some register: a variable's own if that is safe, else a new temporary.
    pub(super) fn expr(&mut self, expr: &'a Expr) -> Result<Reg> {
        if let Some(r) = self.variable(expr) {
            return Ok(r);
        }
        let dst = self.temp()?;
        self.expr_to(expr, dst)?;
        Ok(dst)
    }

    /// Like `expr`, with `scratch` (a temporary) instead of a new register.
    pub(super) fn operand(&mut self, expr: &'a Expr, scratch: Reg) -> Result<Reg> {
        if let Some(r) = self.variable(expr) {
            return Ok(r);
        }
        self.expr_to(expr, scratch)?;
        Ok(scratch)
    }

    /// The register of a plain local variable, unless an assignment expression might change it
    /// before it is used.
    fn variable(&mut self, expr: &'a Expr) -> Option<Reg> {
        let Expr::Name(name) = expr else { return None };
        if self.table.scopes[self.scope()].has_walrus || self.table.scopes[self.u.scope].has_walrus
        {
            return None;
        }
        let outer = std::mem::replace(&mut self.u.at, name.range);
        let r = if name.id == "__debug__" { None } else { self.local(&name.id) };
        self.u.at = outer;
        r
    }

    /// Evaluates for effect.
    pub(super) fn effect(&mut self, expr: &'a Expr) -> Done {
        let mark = self.u.top;
        if self.fold(expr).is_none() {
            self.expr(expr)?;
        }
        self.u.top = mark;
        Ok(())
    }

    /// The value into `dst`, a temporary or the place of an argument; it may be used as scratch.
    pub(super) fn expr_to(&mut self, expr: &'a Expr, dst: Reg) -> Done {
        let range = self.shown_range(expr);
        let outer = std::mem::replace(&mut self.u.at, range);
        let mark = self.u.top;
        let done =
            stacker::maybe_grow(super::RED_ZONE, super::STACK_CHUNK, || self.expr_inner(expr, dst));
        self.u.top = mark;
        self.u.at = outer;
        done
    }

    /// The range that tracebacks show: a lone generator argument includes the call's parentheses.
    fn shown_range(&self, expr: &Expr) -> TextRange {
        let range = expr.range();
        if !matches!(expr, Expr::Generator(node) if !node.parenthesized) {
            return range;
        }
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let before = self.source.get(..start).unwrap_or_default().trim_end();
        let behind = self.source.get(end..).unwrap_or_default();
        let blanks = behind.len() - behind.trim_start().len();
        if before.ends_with('(') && behind.trim_start().starts_with(')') {
            let start = TextSize::new(before.len() as u32 - 1);
            return TextRange::new(start, range.end() + TextSize::new(blanks as u32 + 1));
        }
        range
    }

    fn expr_inner(&mut self, expr: &'a Expr, dst: Reg) -> Done {
        if let Some(value) = self.fold(expr) {
            self.load_const(dst, value);
            return Ok(());
        }
        match expr {
            Expr::Name(node) => self.load_name(&node.id, dst),
            Expr::BoolOp(node) => self.bool_op(node, dst),
            Expr::BinOp(node) => self.binary(node, dst),
            Expr::UnaryOp(node) => self.unary(node, dst),
            Expr::Compare(node) => self.compare(node, dst),
            Expr::Named(node) => {
                self.expr_to(&node.value, dst)?;
                self.store(&node.target, dst, false)
            }
            Expr::Lambda(node) => self.lambda(node, dst),
            Expr::If(node) => self.if_expr(node, dst),
            Expr::Dict(node) => self.dict(node, dst),
            Expr::Set(node) => self.set(&node.elts, dst),
            Expr::List(node) => self.list(&node.elts, dst),
            Expr::Tuple(node) => self.tuple(&node.elts, dst),
            Expr::ListComp(node) => {
                self.comprehension(node, Comp::List, &node.generators, (&node.elt, None), dst)
            }
            Expr::SetComp(node) => {
                self.comprehension(node, Comp::Set, &node.generators, (&node.elt, None), dst)
            }
            Expr::DictComp(node) => {
                let Some(key) = &node.key else {
                    return Err(super::CompileError::syntax("invalid syntax", node.range));
                };
                let parts = (&**key, Some(&*node.value));
                self.comprehension(node, Comp::Dict, &node.generators, parts, dst)
            }
            Expr::Generator(node) => {
                self.comprehension(node, Comp::Generator, &node.generators, (&node.elt, None), dst)
            }
            Expr::Await(node) => self.await_expr(node, dst),
            Expr::Yield(node) => self.yield_expr(node, dst),
            Expr::YieldFrom(node) => self.yield_from(node, dst),
            Expr::Call(node) => self.call(node, dst),
            Expr::FString(node) => self.f_string(&node.value, dst),
            Expr::TString(node) => self.t_string(&node.value, dst),
            Expr::Attribute(node) => self.attribute(node, dst),
            Expr::Subscript(node) => self.subscript(node, dst),
            Expr::Starred(node) => {
                let message = "can't use starred expression here";
                Err(super::CompileError::syntax(message, node.range))
            }
            Expr::Slice(node) => self.slice(node, dst),
            // Folded above.
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => Ok(()),
            Expr::IpyEscapeCommand(node) => {
                Err(super::CompileError::syntax("invalid syntax", node.range))
            }
        }
    }

    fn if_expr(&mut self, node: &'a ast::ExprIf, dst: Reg) -> Done {
        let (otherwise, end) = (self.label(), self.label());
        self.jump_if(&node.test, false, otherwise)?;
        self.expr_to(&node.body, dst)?;
        self.goto(end);
        self.bind(otherwise);
        self.expr_to(&node.orelse, dst)?;
        self.bind(end);
        Ok(())
    }

    // ---- displays -------------------------------------------------------------------------------

    pub(super) fn list(&mut self, items: &'a [Expr], dst: Reg) -> Done {
        self.sequence(items, dst, Op::BuildList, Op::ListAppend, Op::ListExtend)
    }

    fn set(&mut self, items: &'a [Expr], dst: Reg) -> Done {
        self.sequence(items, dst, Op::BuildSet, Op::SetAdd, Op::SetUpdate)
    }

    pub(super) fn tuple(&mut self, items: &'a [Expr], dst: Reg) -> Done {
        if items.iter().any(Expr::is_starred_expr) || !self.fits(items.len()) {
            self.list(items, dst)?;
            self.op(Op::ListToTuple, dst, dst, 0, 0);
            return Ok(());
        }
        self.build(items, dst, Op::BuildTuple)
    }

    fn fits(&self, n: usize) -> bool {
        n <= BUILD_MAX && self.has_room(n)
    }

    fn build(&mut self, items: &'a [Expr], dst: Reg, op: Op) -> Done {
        let mark = self.u.top;
        let first = self.temps(items.len().max(1))?;
        self.u.top = mark;
        for item in items {
            let r = self.temp()?;
            self.expr_to(item, r)?;
        }
        self.op(op, dst, first, 0, items.len() as i32);
        self.u.top = mark;
        Ok(())
    }

    /// A list or set: in one go if it fits and has no stars, else item by item.
    fn sequence(&mut self, items: &'a [Expr], dst: Reg, build: Op, add: Op, extend: Op) -> Done {
        let star = items.iter().position(Expr::is_starred_expr);
        if star.is_none() && self.fits(items.len()) {
            return self.build(items, dst, build);
        }
        let mark = self.u.top;
        let acc = dst;
        let (head, tail) = items.split_at(star.unwrap_or(0));
        let (head, tail) = if self.fits(head.len()) { (head, tail) } else { (&items[..0], items) };
        self.build(head, acc, build)?;
        for item in tail {
            let inner = self.u.top;
            if let Expr::Starred(starred) = item {
                let r = self.expr(&starred.value)?;
                let at = std::mem::replace(&mut self.u.at, starred.range);
                self.op(extend, acc, r, 0, 0);
                self.u.at = at;
            } else {
                let r = self.expr(item)?;
                self.op(add, acc, r, 0, 0);
            }
            self.u.top = inner;
        }
        self.u.top = mark;
        Ok(())
    }

    fn dict(&mut self, node: &'a ast::ExprDict, dst: Reg) -> Done {
        let mark = self.u.top;
        let plain = node.items.iter().all(|item| item.key.is_some());
        if plain && self.fits(node.items.len() * 2) {
            let first = self.temps((node.items.len() * 2).max(1))?;
            self.u.top = mark;
            for item in &node.items {
                for part in item.key.iter().chain([&item.value]) {
                    let r = self.temp()?;
                    self.expr_to(part, r)?;
                }
            }
            self.op(Op::BuildMap, dst, first, 0, node.items.len() as i32);
            self.u.top = mark;
            return Ok(());
        }
        let acc = dst;
        self.op(Op::BuildMap, acc, acc, 0, 0);
        for item in &node.items {
            let inner = self.u.top;
            match &item.key {
                Some(key) => {
                    let key = self.expr(key)?;
                    let value = self.expr(&item.value)?;
                    self.op(Op::MapAdd, acc, key, value, 0);
                }
                None => {
                    let other = self.expr(&item.value)?;
                    self.op(Op::DictUpdate, acc, other, 0, 0);
                }
            }
            self.u.top = inner;
        }
        self.u.top = mark;
        Ok(())
    }

    // ---- attributes and items ---------------------------------------------------------------------

    fn attribute(&mut self, node: &'a ast::ExprAttribute, dst: Reg) -> Done {
        if let Some(args) = self.zero_argument_super(&node.value)? {
            let site = self.site(&node.attr);
            self.op(Op::LoadSuperAttr, dst, args, 0, site);
            return Ok(());
        }
        let obj = self.operand(&node.value, dst)?;
        let range = self.range_from_name(node.range, node);
        let whole = std::mem::replace(&mut self.u.at, range);
        let site = self.site(&node.attr);
        self.op(Op::LoadAttr, dst, obj, 0, site);
        self.u.at = whole;
        Ok(())
    }

    fn subscript(&mut self, node: &'a ast::ExprSubscript, dst: Reg) -> Done {
        let obj = self.operand(&node.value, dst)?;
        match self.key(&node.slice)? {
            Key::Int(value) => self.op(Op::LoadItemI, dst, obj, 0, value),
            Key::Reg(key) => self.op(Op::LoadItem, dst, obj, key, 0),
            Key::Bounds(bounds) => self.op(Op::LoadSlice, dst, obj, bounds, 0),
        }
        Ok(())
    }

    /// What stands between the brackets, evaluated; temporaries stay allocated.
    pub(super) fn key(&mut self, slice: &'a Expr) -> Result<Key> {
        if let Some(value) = self.small_int(slice) {
            return Ok(Key::Int(value));
        }
        match slice {
            Expr::Slice(slice) if slice.step.is_none() => {
                let bounds = self.temps(2)?;
                self.bound(slice.lower.as_deref(), bounds)?;
                self.bound(slice.upper.as_deref(), bounds + 1)?;
                Ok(Key::Bounds(bounds))
            }
            _ => self.expr(slice).map(Key::Reg),
        }
    }

    fn bound(&mut self, bound: Option<&'a Expr>, dst: Reg) -> Done {
        match bound {
            Some(bound) => self.expr_to(bound, dst),
            None => {
                self.op(Op::LoadNone, dst, 0, 0, 0);
                Ok(())
            }
        }
    }

    fn slice(&mut self, node: &'a ast::ExprSlice, dst: Reg) -> Done {
        let parts = self.temps(3)?;
        self.bound(node.lower.as_deref(), parts)?;
        self.bound(node.upper.as_deref(), parts + 1)?;
        self.bound(node.step.as_deref(), parts + 2)?;
        self.op(Op::BuildSlice, dst, parts, 0, 0);
        Ok(())
    }

    // ---- suspension -------------------------------------------------------------------------------

    fn await_expr(&mut self, node: &'a ast::ExprAwait, dst: Reg) -> Done {
        let flags = self.u.flags;
        if !flags.contains(CodeFlags::COROUTINE) && !flags.contains(CodeFlags::ASYNC_GENERATOR) {
            let message = if self.u.kind == super::UnitKind::Module
                || self.u.kind == super::UnitKind::Class
            {
                "'await' outside function"
            } else {
                "'await' outside async function"
            };
            return Err(super::CompileError::syntax(message, node.range));
        }
        let value = self.operand(&node.value, dst)?;
        self.await_value(dst, value, 0)
    }

    /// `dst = await src`; `place` is that of `GetAwaitable`.
    pub(super) fn await_value(&mut self, dst: Reg, src: Reg, place: u8) -> Done {
        let mark = self.u.top;
        let iter = self.temp()?;
        self.op(Op::GetAwaitable, iter, src, place, 0);
        self.delegate(dst, iter)?;
        self.u.top = mark;
        Ok(())
    }

    pub(super) fn delegate(&mut self, dst: Reg, iter: Reg) -> Done {
        let mark = self.u.top;
        let val = self.temp()?;
        self.op(Op::LoadNone, val, 0, 0, 0);
        self.op(Op::Delegate, dst, iter, val, 0);
        self.u.top = mark;
        Ok(())
    }

    fn yield_expr(&mut self, node: &'a ast::ExprYield, dst: Reg) -> Done {
        if !self.u.is_resumable() {
            return Err(super::CompileError::syntax("'yield' outside function", node.range));
        }
        let value = match &node.value {
            Some(value) => self.operand(value, dst)?,
            None => {
                self.op(Op::LoadNone, dst, 0, 0, 0);
                dst
            }
        };
        self.yield_value(dst, value);
        Ok(())
    }

    pub(super) fn yield_value(&mut self, dst: Reg, src: Reg) {
        let wrapped = self.u.flags.contains(CodeFlags::ASYNC_GENERATOR);
        self.op(if wrapped { Op::AsyncYield } else { Op::Yield }, dst, src, 0, 0);
    }

    fn yield_from(&mut self, node: &'a ast::ExprYieldFrom, dst: Reg) -> Done {
        let flags = self.u.flags;
        if !self.u.is_resumable() {
            return Err(super::CompileError::syntax("'yield from' outside function", node.range));
        }
        if flags.contains(CodeFlags::COROUTINE) || flags.contains(CodeFlags::ASYNC_GENERATOR) {
            let message = "'yield from' inside async function";
            return Err(super::CompileError::syntax(message, node.range));
        }
        let value = self.operand(&node.value, dst)?;
        let iter = self.temp()?;
        self.op(Op::GetYieldFromIter, iter, value, 0, 0);
        self.delegate(dst, iter)
    }
}

/// An evaluated subscript.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key {
    Int(i32),
    Reg(Reg),
    /// Window of lower and upper bound.
    Bounds(Reg),
}
