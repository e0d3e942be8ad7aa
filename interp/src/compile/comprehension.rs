//! Comprehensions and generator expressions.

use std::collections::HashMap;

use ruff_python_ast::{Comprehension, Expr};
use ruff_text_size::Ranged;

use super::{
    CompileError, Compiler, Done, Reg,
    scope::{Comp, Home as ScopeHome, Name, Part, ScopeId},
    unit::{Home, Inlined, UnitKind, Var},
};
use crate::code::{CodeFlags, Op};

/// What is produced for each item: an element, or a key and a value.
pub(super) type Parts<'a> = (&'a Expr, Option<&'a Expr>);

impl<'a> Compiler<'a> {
    pub(super) fn comprehension<T>(
        &mut self,
        node: &'a T,
        comp: Comp,
        generators: &'a [Comprehension],
        parts: Parts<'a>,
        dst: Reg,
    ) -> Done {
        let Some(scope) = self.table.find(node, Part::Body) else {
            return Err(CompileError::syntax("invalid syntax", self.u.at));
        };
        let Some(first) = generators.first() else {
            return Err(CompileError::syntax("invalid syntax", self.u.at));
        };
        self.check_async(comp, generators, scope)?;
        if !self.table.scopes[scope].inlined {
            return self.nested_comprehension(scope, comp, generators, parts, dst);
        }
        let mark = self.u.top;
        let (acc, iter) = (dst, self.temp()?);
        self.iterator(first, iter)?;
        let vars = self.comprehension_variables(scope)?;
        let start = self.u.ins.len();
        self.u.inlined.push(Inlined { scope, vars });
        self.new_container(comp, acc);
        let done = self.level(comp, generators, iter, acc, parts);
        let end = self.u.ins.len();
        if let Some(Inlined { vars, .. }) = self.u.inlined.pop() {
            let mut vars: Vec<(Name, Var)> = vars.into_iter().collect();
            vars.sort_by(|(one, _), (other, _)| one.cmp(other));
            self.u.hidden.extend(vars.into_iter().map(|(name, var)| (name, var, start, end)));
        }
        done?;
        self.u.top = mark;
        Ok(())
    }

    fn check_async(&self, comp: Comp, generators: &[Comprehension], scope: ScopeId) -> Done {
        let is_async = generators.iter().any(|generator| generator.is_async)
            || self.table.scopes[scope].is_coroutine;
        let flags = self.u.flags;
        let inside = flags.contains(CodeFlags::COROUTINE)
            || flags.contains(CodeFlags::ASYNC_GENERATOR)
            || comp == Comp::Generator;
        if is_async && !inside {
            let message = "asynchronous comprehension outside of an asynchronous function";
            return Err(CompileError::syntax(message, self.u.at));
        }
        Ok(())
    }

    /// Evaluates the iterable of `generator` and takes its iterator.
    fn iterator(&mut self, generator: &'a Comprehension, iter: Reg) -> Done {
        let outer = std::mem::replace(&mut self.u.at, generator.iter.range());
        let src = self.operand(&generator.iter, iter)?;
        let op = if generator.is_async { Op::GetAIter } else { Op::GetIter };
        self.op(op, iter, src, 0, 0);
        self.u.at = outer;
        Ok(())
    }

    fn new_container(&mut self, comp: Comp, acc: Reg) {
        match comp {
            Comp::List => self.op(Op::BuildList, acc, acc, 0, 0),
            Comp::Set => self.op(Op::BuildSet, acc, acc, 0, 0),
            Comp::Dict => self.op(Op::BuildMap, acc, acc, 0, 0),
            Comp::Generator => {}
        }
    }

    /// Registers for the names bound by an inlined comprehension; captured ones get new cells.
    fn comprehension_variables(&mut self, scope: ScopeId) -> super::Result<HashMap<Name, Var>> {
        let symbols: Vec<(Name, bool)> = self.table.scopes[scope]
            .symbols
            .iter()
            .filter(|symbol| matches!(symbol.home, ScopeHome::Local | ScopeHome::Cell))
            .map(|symbol| (symbol.name.clone(), symbol.home == ScopeHome::Cell))
            .collect();
        let mut vars = HashMap::new();
        for (name, is_cell) in symbols {
            let r = self.temp()?;
            self.op(Op::LoadUnbound, r, 0, 0, 0);
            if is_cell {
                self.op(Op::MakeCell, r, 0, 0, 0);
            } else if let Some(last) = self.u.ins.last_mut() {
                last.optional = true;
            }
            vars.insert(name, Var { home: Home::Reg(r), is_cell, own: true });
        }
        Ok(vars)
    }

    /// One `for` with its conditions; the innermost produces.
    fn level(
        &mut self,
        comp: Comp,
        generators: &'a [Comprehension],
        iter: Reg,
        acc: Reg,
        parts: Parts<'a>,
    ) -> Done {
        let Some((generator, rest)) = generators.split_first() else {
            return self.produce(comp, acc, parts);
        };
        let mark = self.u.top;
        let (body, next) = (self.label(), self.label());
        let exc = if generator.is_async { self.temp()? } else { 0 };
        let item = match self.plain_target(&generator.target) {
            Some(r) => r,
            None => self.temp()?,
        };
        let at = std::mem::replace(&mut self.u.at, generator.target.range());
        if generator.is_async {
            self.bind(next);
            self.async_next(item, iter, generator.iter.range(), body, exc)?;
        } else {
            self.goto(next);
            self.bind(body);
        }
        self.store_dead(&generator.target, item)?;
        self.u.at = at;
        for condition in &generator.ifs {
            self.jump_if(condition, false, next)?;
        }
        match rest.first() {
            Some(inner) => {
                let inner_iter = self.temp()?;
                self.iterator(inner, inner_iter)?;
                self.level(comp, rest, inner_iter, acc, parts)?;
            }
            None => self.produce(comp, acc, parts)?,
        }
        self.u.at = generator.iter.range();
        if generator.is_async {
            self.goto(next);
            self.end_async_for(body, exc);
        } else {
            self.bind(next);
            self.jump(Op::ForIter, item, iter, 0, body);
        }
        self.u.at = at;
        self.u.top = mark;
        Ok(())
    }

    fn produce(&mut self, comp: Comp, acc: Reg, (key, value): Parts<'a>) -> Done {
        let mark = self.u.top;
        let outer = std::mem::replace(&mut self.u.at, key.range());
        let first = self.expr(key)?;
        match (comp, value) {
            (Comp::List, _) => self.op(Op::ListAppend, acc, first, 0, 0),
            (Comp::Set, _) => self.op(Op::SetAdd, acc, first, 0, 0),
            (Comp::Dict, Some(value)) => {
                let second = self.expr(value)?;
                self.u.at = ruff_text_size::TextRange::new(key.start(), value.end());
                self.op(Op::MapAdd, acc, first, second, 0);
            }
            (Comp::Dict, None) => {}
            (Comp::Generator, _) => {
                let ignored = self.temp()?;
                self.yield_value(ignored, first);
            }
        }
        self.u.at = outer;
        self.u.top = mark;
        Ok(())
    }

    /// Generator expressions, and comprehensions in class bodies: a function of the first iterator.
    fn nested_comprehension(
        &mut self,
        scope: ScopeId,
        comp: Comp,
        generators: &'a [Comprehension],
        parts: Parts<'a>,
        dst: Reg,
    ) -> Done {
        let Some(first) = generators.first() else { return Ok(()) };
        let is_async = self.table.scopes[scope].is_coroutine;
        let mark = self.u.top;
        let base = self.temps(5)?;
        let name = match comp {
            Comp::List => "<listcomp>",
            Comp::Set => "<setcomp>",
            Comp::Dict => "<dictcomp>",
            Comp::Generator => "<genexpr>",
        };
        let code = self.unit_of(scope, UnitKind::Comprehension, name, |this| {
            this.build_nested(comp, generators, parts, is_async)
        })?;
        self.make_function(base, code, super::function::Extras::default())?;
        self.iterator(first, base + 4)?;
        self.call_prepared(dst, base, 1);
        if is_async && comp != Comp::Generator {
            self.await_value(dst, dst, 0)?;
        }
        self.u.top = mark;
        Ok(())
    }

    fn build_nested(
        &mut self,
        comp: Comp,
        generators: &'a [Comprehension],
        parts: Parts<'a>,
        is_async: bool,
    ) -> super::Result<crate::code::CodeUnit> {
        self.function_flags();
        self.u.flags.insert(match (comp, is_async) {
            (Comp::Generator, true) => CodeFlags::ASYNC_GENERATOR,
            (Comp::Generator, false) => CodeFlags::GENERATOR,
            (_, true) => CodeFlags::COROUTINE,
            (_, false) => CodeFlags::default(),
        });
        self.u.n_args = 1;
        self.enter_function()?;
        let acc = self.temp()?;
        self.new_container(comp, acc);
        self.level(comp, generators, 0, acc, parts)?;
        if comp == Comp::Generator {
            self.op(Op::LoadNone, acc, 0, 0, 0);
        }
        let op = if self.u.is_resumable() { Op::GenReturn } else { Op::Return };
        self.op(op, acc, 0, 0, 0);
        self.assemble()
    }
}
