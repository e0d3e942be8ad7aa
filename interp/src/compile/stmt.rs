//! Simple statements, and assignment to every kind of target.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;

use super::{CompileError, Compiler, Done, Mode, Reg, call::text, expr::Key, unit::UnitKind};
use crate::code::{Const, Intrinsic, Op};

/// Most targets unpacked into registers.
const UNPACK_MAX: usize = 30;

impl<'a> Compiler<'a> {
    pub(super) fn body(&mut self, body: &'a [Stmt]) -> Done {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Done {
        let mark = self.u.top;
        let outer = std::mem::replace(&mut self.u.at, stmt.range());
        let done =
            stacker::maybe_grow(super::RED_ZONE, super::STACK_CHUNK, || self.stmt_inner(stmt));
        self.u.at = outer;
        self.u.top = mark;
        done
    }

    fn stmt_inner(&mut self, stmt: &'a Stmt) -> Done {
        match stmt {
            Stmt::FunctionDef(def) => self.function_def(def),
            Stmt::ClassDef(def) => self.class_def(def),
            Stmt::Return(stmt) => self.return_stmt(stmt),
            Stmt::Delete(stmt) => stmt.targets.iter().try_for_each(|target| self.delete(target)),
            Stmt::Assign(stmt) => self.assign(stmt),
            Stmt::AugAssign(stmt) => self.aug_assign(stmt),
            Stmt::AnnAssign(stmt) => self.ann_assign(stmt),
            Stmt::TypeAlias(stmt) => self.type_alias(stmt),
            Stmt::For(stmt) => self.for_stmt(stmt),
            Stmt::While(stmt) => self.while_stmt(stmt),
            Stmt::If(stmt) => self.if_stmt(stmt),
            Stmt::With(stmt) => self.with_stmt(stmt),
            Stmt::Match(stmt) => self.match_stmt(stmt),
            Stmt::Raise(stmt) => self.raise(stmt),
            Stmt::Try(stmt) => self.try_stmt(stmt),
            Stmt::Assert(stmt) => self.assert(stmt),
            Stmt::Import(stmt) => stmt.names.iter().try_for_each(|alias| self.import(alias)),
            Stmt::ImportFrom(stmt) => self.import_from(stmt),
            Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::Pass(_) => {
                self.op(Op::Nop, 0, 0, 0, 0);
                Ok(())
            }
            Stmt::Expr(stmt) => self.expression_stmt(&stmt.value),
            Stmt::Break(stmt) => self.break_stmt(stmt.range),
            Stmt::Continue(stmt) => self.continue_stmt(stmt.range),
            Stmt::IpyEscapeCommand(stmt) => Err(CompileError::syntax("invalid syntax", stmt.range)),
        }
    }

    fn expression_stmt(&mut self, value: &'a Expr) -> Done {
        if self.mode == Mode::Single && self.u.kind == UnitKind::Module {
            let r = self.expr(value)?;
            let ignored = self.temp()?;
            self.op(Op::Intrinsic, ignored, r, r, Intrinsic::Print as i32);
            return Ok(());
        }
        let before = self.u.ins.len();
        self.effect(value)?;
        // The check of a variable may turn out to be needless.
        if self.u.ins.len() == before || value.is_name_expr() {
            self.line_only(value.start());
        }
        Ok(())
    }

    // ---- assignment -------------------------------------------------------------------------------

    fn assign(&mut self, stmt: &'a ast::StmtAssign) -> Done {
        if let [target] = &*stmt.targets
            && self.parallel_assign(target, &stmt.value)?
        {
            return Ok(());
        }
        let value = self.expr(&stmt.value)?;
        let Some((last, first)) = stmt.targets.split_last() else { return Ok(()) };
        for target in first {
            self.store(target, value, false)?;
        }
        self.store(last, value, true)
    }

    /// `a, b = x, y` without a tuple. Tells whether it was of that shape.
    fn parallel_assign(&mut self, target: &'a Expr, value: &'a Expr) -> super::Result<bool> {
        let (Some(targets), Expr::Tuple(ast::ExprTuple { elts: values, .. })) =
            (elements(target), value)
        else {
            return Ok(false);
        };
        let n = targets.len();
        let stars = targets.iter().chain(values).any(Expr::is_starred_expr);
        if n != values.len() || n == 0 || n > UNPACK_MAX || stars || !self.has_room(n) {
            return Ok(false);
        }
        let first = self.u.top as Reg;
        for value in values {
            let r = self.temp()?;
            self.expr_to(value, r)?;
        }
        for (at, target) in targets.iter().enumerate() {
            self.store(target, first + at as Reg, true)?;
        }
        Ok(true)
    }

    /// Stores the dead temporary `src`.
    pub(super) fn store_dead(&mut self, target: &'a Expr, src: Reg) -> Done {
        self.store(target, src, true)
    }

    /// Stores `src` into a target; `dead` says that nobody needs the register afterwards.
    pub(super) fn store(&mut self, target: &'a Expr, src: Reg, dead: bool) -> Done {
        let outer = std::mem::replace(&mut self.u.at, target.range());
        let mark = self.u.top;
        let done = stacker::maybe_grow(super::RED_ZONE, super::STACK_CHUNK, || {
            self.store_inner(target, src, dead)
        });
        self.u.top = mark;
        self.u.at = outer;
        done
    }

    fn store_inner(&mut self, target: &'a Expr, src: Reg, dead: bool) -> Done {
        match target {
            Expr::Name(name) => self.store_name_from(&name.id, src, dead),
            Expr::Attribute(node) => {
                let obj = self.expr(&node.value)?;
                self.note_static_attribute(node);
                let site = self.site(&node.attr);
                self.u.at = self.range_from_name(node.range, node);
                self.op(Op::StoreAttr, obj, src, 0, site);
                Ok(())
            }
            Expr::Subscript(node) => {
                let obj = self.expr(&node.value)?;
                let key = self.key(&node.slice)?;
                self.store_item(obj, key, src);
                Ok(())
            }
            Expr::Tuple(node) => self.unpack(&node.elts, src),
            Expr::List(node) => self.unpack(&node.elts, src),
            Expr::Starred(node) => {
                let message = "starred assignment target must be in a list or tuple";
                Err(CompileError::syntax(message, node.range))
            }
            other => Err(CompileError::syntax("cannot assign to expression", other.range())),
        }
    }

    fn store_item(&mut self, obj: Reg, key: Key, src: Reg) {
        match key {
            Key::Int(value) => self.op(Op::StoreItemI, obj, src, 0, value),
            Key::Reg(key) => self.op(Op::StoreItem, obj, key, src, 0),
            Key::Bounds(bounds) => self.op(Op::StoreSlice, obj, bounds, src, 0),
        }
    }

    fn unpack(&mut self, targets: &'a [Expr], src: Reg) -> Done {
        let n = targets.len();
        let mut stars = (0..n).filter(|&at| targets[at].is_starred_expr());
        let star = stars.next();
        if stars.next().is_some() {
            let message = "multiple starred expressions in assignment";
            return Err(CompileError::syntax(message, self.u.at));
        }
        if star.is_some_and(|at| at >= 256) {
            let message = "too many expressions in star-unpacking assignment";
            return Err(CompileError::syntax(message, self.u.at));
        }
        let (before, after) = (star.unwrap_or(0), star.map_or(0, |at| n - at - 1));
        if n > UNPACK_MAX || !self.has_room(n) {
            let all = self.temps(2)?;
            match star {
                None => self.op(Op::UnpackTuple, all, src, 0, n as i32),
                Some(_) => self.op(Op::UnpackStarTuple, all, src, before as u8, after as i32),
            }
            for (at, target) in targets.iter().enumerate() {
                self.op(Op::LoadItemI, all + 1, all, 0, at as i32);
                self.store(unstarred(target), all + 1, true)?;
            }
            return Ok(());
        }
        if star.is_none()
            && let Some(first) = self.consecutive_locals(targets)
        {
            self.op(Op::Unpack, first, src, 0, n as i32);
            return Ok(());
        }
        let first = self.temps(n.max(1))?;
        match star {
            None => self.op(Op::Unpack, first, src, 0, n as i32),
            Some(_) => self.op(Op::UnpackStar, first, src, before as u8, after as i32),
        }
        for (at, target) in targets.iter().enumerate() {
            self.store(unstarred(target), first + at as Reg, true)?;
        }
        Ok(())
    }

    /// The first register if the targets are local variables that lie in a row.
    fn consecutive_locals(&self, targets: &[Expr]) -> Option<Reg> {
        let first = self.plain_target(targets.first()?)?;
        let in_row = |(at, target): (usize, &Expr)| {
            self.plain_target(target).is_some_and(|r| usize::from(r) == usize::from(first) + at)
        };
        targets.iter().enumerate().all(in_row).then_some(first)
    }

    fn aug_assign(&mut self, stmt: &'a ast::StmtAugAssign) -> Done {
        let at = self.u.at;
        match &*stmt.target {
            Expr::Name(name) => {
                let value = self.temp()?;
                let x = self.operand(&stmt.target, value)?;
                self.binary_with(stmt.op, value, x, &stmt.value, true)?;
                self.u.at = name.range;
                self.store_name_from(&name.id, value, true)
            }
            Expr::Attribute(node) => {
                let obj = self.expr(&node.value)?;
                let value = self.temp()?;
                self.u.at = self.range_from_name(node.range, node);
                let site = self.site(&node.attr);
                self.op(Op::LoadAttr, value, obj, 0, site);
                self.u.at = at;
                self.binary_with(stmt.op, value, value, &stmt.value, true)?;
                self.u.at = self.range_from_name(node.range, node);
                let site = self.site(&node.attr);
                self.op(Op::StoreAttr, obj, value, 0, site);
                Ok(())
            }
            Expr::Subscript(node) => {
                let obj = self.expr(&node.value)?;
                let key = self.key(&node.slice)?;
                let value = self.temp()?;
                self.u.at = node.range;
                match key {
                    Key::Int(key) => self.op(Op::LoadItemI, value, obj, 0, key),
                    Key::Reg(key) => self.op(Op::LoadItem, value, obj, key, 0),
                    Key::Bounds(bounds) => self.op(Op::LoadSlice, value, obj, bounds, 0),
                }
                self.u.at = at;
                self.binary_with(stmt.op, value, value, &stmt.value, true)?;
                self.u.at = node.range;
                self.store_item(obj, key, value);
                Ok(())
            }
            other => {
                let message = "illegal expression for augmented assignment";
                Err(CompileError::syntax(message, other.range()))
            }
        }
    }

    fn delete(&mut self, target: &'a Expr) -> Done {
        let outer = std::mem::replace(&mut self.u.at, target.range());
        let mark = self.u.top;
        match target {
            Expr::Name(name) => self.delete_name(&name.id)?,
            Expr::Attribute(node) => {
                let obj = self.expr(&node.value)?;
                let site = self.site(&node.attr);
                self.op(Op::DelAttr, obj, 0, 0, site);
            }
            Expr::Subscript(node) => {
                let obj = self.expr(&node.value)?;
                let key = self.expr(&node.slice)?;
                self.op(Op::DelItem, obj, key, 0, 0);
            }
            Expr::Tuple(_) | Expr::List(_) => {
                for target in elements(target).unwrap_or_default() {
                    self.delete(target)?;
                }
            }
            other => return Err(CompileError::syntax("cannot delete expression", other.range())),
        }
        self.u.top = mark;
        self.u.at = outer;
        Ok(())
    }

    // ---- raise, assert, import ----------------------------------------------------------------------

    fn raise(&mut self, stmt: &'a ast::StmtRaise) -> Done {
        let Some(exc) = &stmt.exc else {
            self.op(Op::RaiseCurrent, 0, 0, 0, 0);
            return Ok(());
        };
        let exc = self.expr(exc)?;
        match &stmt.cause {
            Some(cause) => {
                let cause = self.expr(cause)?;
                self.op(Op::RaiseFrom, exc, cause, 0, 0);
            }
            None => self.op(Op::Raise, exc, 0, 0, 0),
        }
        Ok(())
    }

    fn assert(&mut self, stmt: &'a ast::StmtAssert) -> Done {
        if self.options.optimize > 0 {
            return Ok(());
        }
        let end = self.label();
        self.jump_if(&stmt.test, true, end)?;
        let base = self.temps(4)?;
        self.op(Op::LoadAssertionError, base, 0, 0, 0);
        if let Some(msg) = &stmt.msg {
            let arg = self.temp()?;
            self.expr_to(msg, arg)?;
            self.call_prepared(base, base, 1);
        }
        self.u.at = stmt.test.range();
        self.op(Op::Raise, base, 0, 0, 0);
        self.bind(end);
        Ok(())
    }

    fn import(&mut self, alias: &'a ast::Alias) -> Done {
        let name = alias.name.as_str();
        let module = self.temps(2)?;
        self.op(Op::LoadNone, module + 1, 0, 0, 0);
        let index = self.string(name);
        self.op(Op::ImportName, module, module + 1, 0, index);
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or(name);
        match &alias.asname {
            None => self.store_name(first, module),
            Some(asname) => {
                for part in parts {
                    let index = self.string(part);
                    self.op(Op::ImportFrom, module, module, 0, index);
                }
                self.store_name_from(asname, module, true)
            }
        }
    }

    fn import_from(&mut self, stmt: &'a ast::StmtImportFrom) -> Done {
        let Ok(level) = u8::try_from(stmt.level) else {
            return Err(CompileError::syntax("too many dots in relative import", stmt.range));
        };
        let module = self.temps(2)?;
        let names = stmt.names.iter().map(|alias| text(&alias.name)).collect();
        self.load_const(module + 1, Const::Tuple(names));
        let index = self.string(stmt.module.as_ref().map_or("", |module| module.as_str()));
        self.op(Op::ImportName, module, module + 1, level, index);
        for alias in &stmt.names {
            if alias.name.as_str() == "*" {
                self.op(Op::ImportStar, 0, module, 0, 0);
                continue;
            }
            let index = self.string(&alias.name);
            self.op(Op::ImportFrom, module + 1, module, 0, index);
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            self.store_name_from(name, module + 1, true)?;
        }
        Ok(())
    }
}

/// The items of a tuple or list.
fn elements(expr: &Expr) -> Option<&[Expr]> {
    match expr {
        Expr::Tuple(node) => Some(&node.elts),
        Expr::List(node) => Some(&node.elts),
        _ => None,
    }
}

fn unstarred(target: &Expr) -> &Expr {
    match target {
        Expr::Starred(node) => &node.value,
        other => other,
    }
}
