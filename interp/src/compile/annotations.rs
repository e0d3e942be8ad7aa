//! Annotations: `__annotate__` functions, or strings under `from __future__ import annotations`.

use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};
use ruff_text_size::Ranged;

use super::{
    Compiler, Done, Reg, Result,
    call::text,
    function::Extras,
    scope::{Name, Part, ScopeKind, has_annotations},
    unit::{Home, UnitKind, Var},
    unparse::unparse,
};
use crate::code::{CodeUnit, Const, Intrinsic, Op};

/// One annotated name of a module or class body.
struct Annotated<'a> {
    name: &'a str,
    annotation: &'a Expr,
    /// Its number in `__conditional_annotations__`, if it may not be executed.
    index: Option<i32>,
}

impl<'a> Compiler<'a> {
    // ---- functions ------------------------------------------------------------------------------

    /// The `__annotate__` function of `def`, in a new temporary.
    pub(super) fn function_annotations(
        &mut self,
        def: &'a ast::StmtFunctionDef,
    ) -> Result<Option<Reg>> {
        let wanted = has_annotations(&def.parameters, def.returns.as_deref());
        if self.options.future_annotations || !wanted {
            return Ok(None);
        }
        let scope = self.scope_of(def, Part::Annotations)?;
        let prefix = format!("{}.", def.name);
        let code = self.unit_of(scope, UnitKind::TypeScope, "__annotate__", |this| {
            this.annotate_prologue(&prefix)?;
            let map = this.temp()?;
            this.op(Op::BuildMap, map, map, 0, 0);
            for (name, annotation) in annotated(def) {
                this.annotation_item(map, name, annotation)?;
            }
            this.op(Op::Return, map, 0, 0, 0);
            this.assemble()
        })?;
        let dst = self.temp()?;
        self.make_function(dst, code, Extras::default())?;
        Ok(Some(dst))
    }

    /// Under the future import: the annotations as strings, set on the function in `dst`.
    pub(super) fn future_annotations(&mut self, def: &'a ast::StmtFunctionDef, dst: Reg) -> Done {
        let wanted = has_annotations(&def.parameters, def.returns.as_deref());
        if !self.options.future_annotations || !wanted {
            return Ok(());
        }
        let mut pairs = Vec::new();
        for (name, annotation) in annotated(def) {
            pairs.push(text(&self.mangled(name)));
            pairs.push(text(&unparse(self.source, annotation)));
        }
        let mark = self.u.top;
        let r = self.temp()?;
        self.load_const(r, Const::Tuple(pairs));
        self.op(Op::Intrinsic, dst, dst, r, Intrinsic::SetFunctionAnnotations as i32);
        self.u.top = mark;
        Ok(())
    }

    /// The start of every evaluator: parameters, and the refusal of formats it cannot give.
    pub(super) fn annotate_prologue(&mut self, prefix: &str) -> Done {
        self.function_flags();
        self.u.n_args = 1;
        self.u.n_posonly = 1;
        if !prefix.is_empty() {
            let name = self.u.name.to_string();
            let head = self.u.qualname.strip_suffix(&*name).unwrap_or_default().to_owned();
            self.u.qualname = Name::from(format!("{head}{prefix}{name}"));
        }
        self.enter_function()?;
        let format = match self.u.vars.get(".format") {
            Some(Var { home: Home::Reg(r), .. }) => *r,
            _ => 0,
        };
        let supported = self.label();
        self.jump(Op::JumpGtI, format, 2, 0, supported);
        let mark = self.u.top;
        let error = self.temp()?;
        let which = Intrinsic::NotImplementedError as i32;
        self.op(Op::LoadNone, error, 0, 0, 0);
        self.op(Op::Intrinsic, error, error, error, which);
        self.op(Op::Raise, error, 0, 0, 0);
        self.u.top = mark;
        self.bind(supported);
        Ok(())
    }

    fn annotation_item(&mut self, map: Reg, name: &str, annotation: &'a Expr) -> Done {
        let mark = self.u.top;
        let outer = std::mem::replace(&mut self.u.at, annotation.range());
        let key = self.temp()?;
        let name = self.mangled(name);
        self.load_str(key, &name);
        let value = self.lazy_value(annotation)?;
        self.op(Op::MapAdd, map, key, value, 0);
        self.u.at = outer;
        self.u.top = mark;
        Ok(())
    }

    /// An annotation's or default's value; `*Ts` stands for the one item it unpacks to.
    pub(super) fn lazy_value(&mut self, expr: &'a Expr) -> Result<Reg> {
        let Expr::Starred(starred) = expr else { return self.expr(expr) };
        let dst = self.temp()?;
        let src = self.expr(&starred.value)?;
        self.op(Op::Unpack, dst, src, 0, 1);
        Ok(dst)
    }

    // ---- modules and classes ------------------------------------------------------------------------

    /// The start of a module: its `__annotate__` function, which looks up what has been executed.
    pub(super) fn module_annotations(&mut self, body: &'a [Stmt]) -> Done {
        if self.table.scopes[0].n_annotations == 0 {
            return Ok(());
        }
        if self.options.future_annotations {
            self.op(Op::SetupAnnotations, 0, 0, 0, 0);
            return Ok(());
        }
        let mark = self.u.top;
        let r = self.temp()?;
        self.op(Op::BuildSet, r, r, 0, 0);
        self.store_name("__conditional_annotations__", r)?;
        self.annotate_function(body, r)?;
        self.store_name("__annotate__", r)?;
        self.u.top = mark;
        Ok(())
    }

    pub(super) fn class_annotations(&mut self) -> Done {
        if self.table.scopes[self.u.scope].n_annotations == 0 {
            return Ok(());
        }
        if self.options.future_annotations {
            self.op(Op::SetupAnnotations, 0, 0, 0, 0);
        } else if let Some(cell) = self.cell("__conditional_annotations__") {
            let mark = self.u.top;
            let r = self.temp()?;
            self.op(Op::BuildSet, r, r, 0, 0);
            self.op(Op::StoreDeref, cell, r, 0, 0);
            self.u.top = mark;
        }
        Ok(())
    }

    pub(super) fn finish_class_annotations(&mut self, body: &'a [Stmt]) -> Done {
        if self.table.scopes[self.u.scope].n_annotations == 0 || self.options.future_annotations {
            return Ok(());
        }
        let mark = self.u.top;
        let r = self.temp()?;
        self.annotate_function(body, r)?;
        self.store_name("__annotate_func__", r)?;
        self.u.top = mark;
        Ok(())
    }

    fn annotate_function(&mut self, body: &'a [Stmt], dst: Reg) -> Done {
        let Some(&scope) = self.table.body_annotations.get(&self.u.scope) else { return Ok(()) };
        let mut all = Vec::new();
        self.collect(body, self.u.kind == UnitKind::Module, &mut all);
        let code = self
            .unit_of(scope, UnitKind::TypeScope, "__annotate__", |this| this.annotate_body(&all))?;
        self.make_function(dst, code, Extras::default())
    }

    fn annotate_body(&mut self, all: &[Annotated<'a>]) -> Result<CodeUnit> {
        self.annotate_prologue("")?;
        let map = self.temp()?;
        self.op(Op::BuildMap, map, map, 0, 0);
        for item in all {
            let skip = self.label();
            if let Some(index) = item.index {
                let mark = self.u.top;
                let (number, executed) = (self.temp()?, self.temp()?);
                self.op(Op::LoadInt, number, 0, 0, index);
                self.load_name("__conditional_annotations__", executed)?;
                self.jump(Op::JumpIn, number, executed, 0, skip);
                self.u.top = mark;
            }
            self.annotation_item(map, item.name, item.annotation)?;
            self.bind(skip);
        }
        self.op(Op::Return, map, 0, 0, 0);
        self.assemble()
    }

    /// Finds the annotated names of a body, in the order in which `ann_assign` counts them.
    fn collect(&self, body: &'a [Stmt], conditional: bool, all: &mut Vec<Annotated<'a>>) {
        for stmt in body {
            match stmt {
                Stmt::AnnAssign(assign) if assign.simple => {
                    if let Expr::Name(name) = &*assign.target {
                        let index = conditional.then_some(annotation_number(assign));
                        all.push(Annotated {
                            name: &name.id,
                            annotation: &assign.annotation,
                            index,
                        });
                    }
                }
                Stmt::If(stmt) => {
                    self.collect(&stmt.body, true, all);
                    for clause in &stmt.elif_else_clauses {
                        self.collect(&clause.body, true, all);
                    }
                }
                Stmt::For(stmt) => {
                    self.collect(&stmt.body, true, all);
                    self.collect(&stmt.orelse, true, all);
                }
                Stmt::While(stmt) => {
                    self.collect(&stmt.body, true, all);
                    self.collect(&stmt.orelse, true, all);
                }
                Stmt::With(stmt) => self.collect(&stmt.body, true, all),
                Stmt::Match(stmt) => {
                    stmt.cases.iter().for_each(|case| self.collect(&case.body, true, all));
                }
                Stmt::Try(stmt) => {
                    self.collect(&stmt.body, true, all);
                    for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                        self.collect(&handler.body, true, all);
                    }
                    self.collect(&stmt.orelse, true, all);
                    self.collect(&stmt.finalbody, true, all);
                }
                _ => {}
            }
        }
    }

    pub(super) fn ann_assign(&mut self, stmt: &'a ast::StmtAnnAssign) -> Done {
        if let Some(value) = &stmt.value {
            let r = self.expr(value)?;
            self.store_dead(&stmt.target, r)?;
        }
        let scope = self.table.scopes[self.u.scope].kind;
        let in_body = matches!(scope, ScopeKind::Module | ScopeKind::Class);
        match &*stmt.target {
            Expr::Name(name) if stmt.simple && in_body => self.note_annotation(stmt, &name.id),
            Expr::Attribute(node) if stmt.value.is_none() => self.effect(&node.value),
            Expr::Subscript(node) if stmt.value.is_none() => {
                self.effect(&node.value)?;
                self.effect(&node.slice)
            }
            _ => Ok(()),
        }
    }

    fn note_annotation(&mut self, stmt: &'a ast::StmtAnnAssign, name: &str) -> Done {
        let mark = self.u.top;
        let r = self.temps(3)?;
        if self.options.future_annotations {
            let name = self.mangled(name);
            self.load_str(r, &unparse(self.source, &stmt.annotation));
            let site = self.variable_site("__annotations__");
            self.op(Op::LoadName, r + 1, 0, 0, site);
            self.load_str(r + 2, &name);
            self.op(Op::StoreItem, r + 1, r + 2, r, 0);
        } else if self.u.kind == UnitKind::Module || self.u.conditional > 0 {
            match self.cell("__conditional_annotations__") {
                Some(cell) => {
                    let name = self.string("__conditional_annotations__");
                    self.op(Op::LoadDeref, r, cell, 1, name);
                }
                None => self.load_name("__conditional_annotations__", r)?,
            }
            self.op(Op::LoadInt, r + 1, 0, 0, annotation_number(stmt));
            self.op(Op::SetAdd, r, r + 1, 0, 0);
        }
        self.u.top = mark;
        Ok(())
    }
}

/// A number for each annotated assignment of a body. Its place in the source is one.
fn annotation_number(stmt: &ast::StmtAnnAssign) -> i32 {
    i32::try_from(u32::from(stmt.range.start())).unwrap_or(i32::MAX)
}

/// The annotated parameters of a function in CPython's order, then `return`.
fn annotated(def: &ast::StmtFunctionDef) -> Vec<(&str, &Expr)> {
    let parameters = &def.parameters;
    let mut all = Vec::new();
    let mut list: Vec<&ast::Parameter> = Vec::new();
    list.extend(parameters.posonlyargs.iter().map(|parameter| &parameter.parameter));
    list.extend(parameters.args.iter().map(|parameter| &parameter.parameter));
    list.extend(parameters.vararg.as_deref());
    list.extend(parameters.kwonlyargs.iter().map(|parameter| &parameter.parameter));
    list.extend(parameters.kwarg.as_deref());
    for parameter in list {
        if let Some(annotation) = parameter.annotation.as_deref() {
            all.push((parameter.name.as_str(), annotation));
        }
    }
    all.extend(def.returns.as_deref().map(|returns| ("return", returns)));
    all
}
