//! First pass: records what each scope does with each name. Statements; expressions are in `build_expr`.

use std::sync::Arc;

use ruff_python_ast::{
    self as ast, ExceptHandler, Expr, Parameters, Pattern, Stmt, TypeParam, TypeParams,
};
use ruff_text_size::{Ranged, TextRange};

use super::{Name, Part, Scope, ScopeId, ScopeKind, Table, address, analyze::analyze, flag};
use crate::compile::CompileError;

/// What a pass over the tree gives: nothing, or the first error.
pub(super) type Done = Result<(), CompileError>;

/// What to build scopes for.
pub(crate) enum Root<'a> {
    /// Statements.
    Body(&'a [Stmt]),
    /// An expression.
    Expr(&'a Expr),
}

/// Builds and analyzes the scopes of a module. Scope 0 is the module itself.
///
/// # Errors
/// What CPython's symbol table reports, such as `name 'x' is parameter and global`.
pub(crate) fn build(root: Root<'_>, future_annotations: bool) -> Result<Table, CompileError> {
    let mut builder =
        Builder { table: Table::default(), cur: 0, conditional: 0, future_annotations };
    builder.push(ScopeKind::Module, None);
    match root {
        Root::Body(body) => builder.body(body)?,
        Root::Expr(expr) => builder.expr(expr)?,
    }
    analyze(&mut builder.table, 0)?;
    Ok(builder.table)
}

pub(super) struct Builder {
    pub(super) table: Table,
    pub(super) cur: ScopeId,
    conditional: u32,
    future_annotations: bool,
}

impl Builder {
    fn push(&mut self, kind: ScopeKind, parent: Option<ScopeId>) -> ScopeId {
        let id = self.table.scopes.len();
        let up = parent.map(|parent| &self.table.scopes[parent]);
        let annotation_like =
            matches!(kind, ScopeKind::Annotations | ScopeKind::TypeParams | ScopeKind::TypeExpr);
        let sees_class =
            annotation_like && up.is_some_and(|up| up.kind == ScopeKind::Class || up.sees_class);
        let scope = Scope {
            kind,
            parent,
            children: Vec::new(),
            symbols: Vec::new(),
            index: Default::default(),
            private: up.and_then(|up| up.private.clone()),
            mangled: up.filter(|_| kind != ScopeKind::Class).and_then(|up| up.mangled.clone()),
            inlined: matches!(kind, ScopeKind::Comprehension(comp) if comp != super::Comp::Generator)
                && up.is_some_and(|up| up.kind != ScopeKind::Class && !up.sees_class),
            sees_class,
            is_generator: false,
            is_coroutine: false,
            nested: up.is_some_and(|up| up.nested || up.is_function_like()),
            has_walrus: false,
            needs_class_cell: false,
            needs_classdict: false,
            conditional_annotations: kind == ScopeKind::Module,
            n_annotations: 0,
            comp_iter_expr: 0,
            comp_iter_target: false,
            label: "",
        };
        self.table.scopes.push(scope);
        if let Some(parent) = parent {
            self.table.scopes[parent].children.push(id);
        }
        if sees_class {
            self.table.scopes[id].add(
                &Name::from("__classdict__"),
                flag::USE,
                TextRange::default(),
            );
        }
        id
    }

    pub(super) fn scope(&mut self) -> &mut Scope {
        &mut self.table.scopes[self.cur]
    }

    /// Runs `inside` in a new scope for `part` of `node`.
    pub(super) fn enter<T>(
        &mut self,
        node: &T,
        part: Part,
        kind: ScopeKind,
        inside: impl FnOnce(&mut Self) -> Done,
    ) -> Result<ScopeId, CompileError> {
        let id = self.push(kind, Some(self.cur));
        self.table.by_node.insert((address(node), part), id);
        self.within(id, inside)?;
        Ok(id)
    }

    fn within(&mut self, id: ScopeId, inside: impl FnOnce(&mut Self) -> Done) -> Done {
        let outer = std::mem::replace(&mut self.cur, id);
        let conditional = std::mem::take(&mut self.conditional);
        let done = inside(self);
        self.cur = outer;
        self.conditional = conditional;
        done
    }

    pub(super) fn mangled(&self, name: &str) -> Name {
        self.table.scopes[self.cur].mangle(name)
    }

    /// Records `flags` for `name` in the current scope.
    pub(super) fn add(&mut self, name: &str, flags: u32, range: TextRange) -> Done {
        let name = self.mangled(name);
        let scope = self.scope();
        let before = scope.flags(&name);
        if flags & before & flag::PARAM != 0 {
            let message = format!("duplicate parameter '{name}' in function definition");
            return Err(CompileError::syntax(message, range));
        }
        if flags & before & flag::TYPE_PARAM != 0 {
            let message = format!("duplicate type parameter '{name}'");
            return Err(CompileError::syntax(message, range));
        }
        let mut flags = flags;
        if scope.comp_iter_target {
            if before & (flag::GLOBAL | flag::NONLOCAL) != 0 {
                let message = format!(
                    "comprehension inner loop cannot rebind assignment expression target '{name}'"
                );
                return Err(CompileError::syntax(message, range));
            }
            flags |= flag::COMP_ITER;
        }
        scope.add(&name, flags, range);
        Ok(())
    }

    pub(super) fn body(&mut self, body: &[Stmt]) -> Done {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn conditional(&mut self, body: &[Stmt]) -> Done {
        self.conditional += 1;
        let done = self.body(body);
        self.conditional -= 1;
        done
    }

    fn stmt(&mut self, stmt: &Stmt) -> Done {
        stacker::maybe_grow(crate::compile::RED_ZONE, crate::compile::STACK_CHUNK, || {
            self.stmt_inner(stmt)
        })
    }

    fn stmt_inner(&mut self, stmt: &Stmt) -> Done {
        match stmt {
            Stmt::FunctionDef(def) => self.function(def),
            Stmt::ClassDef(def) => self.class(def),
            Stmt::Return(ret) => self.opt(ret.value.as_deref()),
            Stmt::Delete(del) => self.exprs(&del.targets),
            Stmt::Assign(assign) => {
                self.exprs(&assign.targets)?;
                self.expr(&assign.value)
            }
            Stmt::AugAssign(aug) => {
                self.expr(&aug.target)?;
                if let Expr::Name(name) = &*aug.target {
                    self.add(&name.id, flag::USE, name.range)?;
                }
                self.expr(&aug.value)
            }
            Stmt::AnnAssign(assign) => self.ann_assign(assign),
            Stmt::TypeAlias(alias) => self.type_alias(alias),
            Stmt::For(each) => {
                self.scope().is_coroutine |= each.is_async;
                self.expr(&each.target)?;
                self.expr(&each.iter)?;
                self.conditional(&each.body)?;
                self.conditional(&each.orelse)
            }
            Stmt::While(each) => {
                self.expr(&each.test)?;
                self.conditional(&each.body)?;
                self.conditional(&each.orelse)
            }
            Stmt::If(stmt) => {
                self.expr(&stmt.test)?;
                self.conditional(&stmt.body)?;
                for clause in &stmt.elif_else_clauses {
                    self.opt(clause.test.as_ref())?;
                    self.conditional(&clause.body)?;
                }
                Ok(())
            }
            Stmt::With(with) => {
                self.scope().is_coroutine |= with.is_async;
                for item in &with.items {
                    self.expr(&item.context_expr)?;
                    self.opt(item.optional_vars.as_deref())?;
                }
                self.conditional(&with.body)
            }
            Stmt::Match(stmt) => {
                self.expr(&stmt.subject)?;
                for case in &stmt.cases {
                    self.pattern(&case.pattern)?;
                    self.opt(case.guard.as_deref())?;
                    self.conditional(&case.body)?;
                }
                Ok(())
            }
            Stmt::Raise(raise) => {
                self.opt(raise.exc.as_deref())?;
                self.opt(raise.cause.as_deref())
            }
            Stmt::Try(stmt) => self.try_stmt(stmt),
            Stmt::Assert(stmt) => {
                self.expr(&stmt.test)?;
                self.opt(stmt.msg.as_deref())
            }
            Stmt::Import(stmt) => stmt.names.iter().try_for_each(|alias| {
                let whole = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                let name = if alias.asname.is_some() {
                    whole
                } else {
                    whole.split('.').next().unwrap_or(whole)
                };
                self.add(name, flag::IMPORT, alias.range)
            }),
            Stmt::ImportFrom(stmt) => self.import_from(stmt),
            Stmt::Global(stmt) => self.declare(&stmt.names, flag::GLOBAL, stmt.range),
            Stmt::Nonlocal(stmt) => self.declare(&stmt.names, flag::NONLOCAL, stmt.range),
            Stmt::Expr(stmt) => self.expr(&stmt.value),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) => Ok(()),
            Stmt::IpyEscapeCommand(stmt) => Err(CompileError::syntax("invalid syntax", stmt.range)),
        }
    }

    fn import_from(&mut self, stmt: &ast::StmtImportFrom) -> Done {
        for alias in &stmt.names {
            if alias.name.as_str() != "*" {
                let name = alias.asname.as_ref().unwrap_or(&alias.name);
                self.add(name, flag::IMPORT, alias.range)?;
            } else if self.scope().kind != ScopeKind::Module {
                let message = "import * only allowed at module level";
                return Err(CompileError::syntax(message, alias.range));
            }
        }
        Ok(())
    }

    fn declare(&mut self, names: &[ast::Identifier], what: u32, range: TextRange) -> Done {
        let word = if what == flag::GLOBAL { "global" } else { "nonlocal" };
        if what == flag::NONLOCAL && self.scope().kind == ScopeKind::Module {
            let message = "nonlocal declaration not allowed at module level";
            return Err(CompileError::syntax(message, range));
        }
        for name in names {
            let name = self.mangled(name);
            let before = self.scope().flags(&name);
            let problem = if before & flag::PARAM != 0 {
                Some(format!("name '{name}' is parameter and {word}"))
            } else if before & flag::USE != 0 {
                Some(format!("name '{name}' is used prior to {word} declaration"))
            } else if before & flag::ANNOTATED != 0 {
                Some(format!("annotated name '{name}' can't be {word}"))
            } else if before & flag::BOUND != 0 {
                Some(format!("name '{name}' is assigned to before {word} declaration"))
            } else {
                None
            };
            if let Some(message) = problem {
                return Err(CompileError::syntax(message, range));
            }
            let declared = before & (flag::GLOBAL | flag::NONLOCAL) != 0;
            let symbol = self.scope().add(&name, what, range);
            if !declared {
                symbol.range = range;
            }
            if what == flag::GLOBAL {
                // The module's own code then means the global, too, should it run with other locals.
                self.table.scopes[0].add(&name, flag::GLOBAL, range);
            }
        }
        Ok(())
    }

    fn ann_assign(&mut self, assign: &ast::StmtAnnAssign) -> Done {
        if let (Expr::Name(target), true) = (&*assign.target, assign.simple) {
            let name = self.mangled(&target.id);
            let before = self.scope().flags(&name);
            if before & (flag::GLOBAL | flag::NONLOCAL) != 0
                && self.scope().kind != ScopeKind::Module
            {
                let word = if before & flag::GLOBAL != 0 { "global" } else { "nonlocal" };
                let message = format!("annotated name '{name}' can't be {word}");
                return Err(CompileError::syntax(message, assign.range));
            }
            self.add(&target.id, flag::ANNOTATED | flag::LOCAL, target.range)?;
            self.body_annotation(&assign.annotation)?;
        } else if assign.value.is_some() || !assign.target.is_name_expr() {
            self.expr(&assign.target)?;
        }
        self.opt(assign.value.as_deref())
    }

    /// The annotation of a simple name: evaluated on demand in modules and classes, never in functions.
    fn body_annotation(&mut self, annotation: &Expr) -> Done {
        let owner = self.cur;
        let conditional = self.conditional > 0;
        let future = self.future_annotations;
        let scope = self.scope();
        if scope.is_function_like() {
            return Ok(());
        }
        scope.n_annotations += 1;
        if future {
            return Ok(());
        }
        scope.conditional_annotations |= conditional;
        let conditional = scope.conditional_annotations;
        let id = match self.table.body_annotations.get(&owner) {
            Some(&id) => id,
            None => {
                let id = self.push(ScopeKind::Annotations, Some(owner));
                self.table.scopes[id].label = "an annotation";
                let format = Name::from(".format");
                self.table.scopes[id].add(&format, flag::PARAM, TextRange::default());
                self.table.body_annotations.insert(owner, id);
                id
            }
        };
        if conditional {
            let name = Name::from("__conditional_annotations__");
            self.table.scopes[id].add(&name, flag::USE, TextRange::default());
        }
        self.within(id, |this| this.expr(annotation))
    }

    fn try_stmt(&mut self, stmt: &ast::StmtTry) -> Done {
        self.conditional(&stmt.body)?;
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            self.opt(handler.type_.as_deref())?;
            if let Some(name) = &handler.name {
                self.add(name, flag::LOCAL, handler.range)?;
            }
            self.conditional(&handler.body)?;
        }
        self.conditional(&stmt.orelse)?;
        self.conditional(&stmt.finalbody)
    }

    fn function(&mut self, def: &ast::StmtFunctionDef) -> Done {
        self.add(&def.name, flag::LOCAL, def.name.range)?;
        self.defaults(&def.parameters)?;
        def.decorator_list.iter().try_for_each(|decorator| self.expr(&decorator.expression))?;
        match &def.type_params {
            None => self.function_body(def),
            Some(params) => self
                .enter(def, Part::TypeParams, ScopeKind::TypeParams, |this| {
                    for (name, wanted) in hidden_parameters(&def.parameters) {
                        if wanted {
                            this.add(name, flag::PARAM, TextRange::default())?;
                        }
                    }
                    this.type_params(params)?;
                    this.function_body(def)
                })
                .map(drop),
        }
    }

    fn function_body(&mut self, def: &ast::StmtFunctionDef) -> Done {
        if !self.future_annotations && has_annotations(&def.parameters, def.returns.as_deref()) {
            self.enter(def, Part::Annotations, ScopeKind::Annotations, |this| {
                this.scope().label = "an annotation";
                this.add(".format", flag::PARAM, TextRange::default())?;
                for parameter in &*def.parameters {
                    this.opt(parameter.annotation())?;
                }
                this.opt(def.returns.as_deref())
            })?;
        }
        self.enter(def, Part::Body, ScopeKind::Function, |this| {
            this.scope().is_coroutine = def.is_async;
            this.params(&def.parameters)?;
            this.body(&def.body)
        })?;
        Ok(())
    }

    pub(super) fn defaults(&mut self, parameters: &Parameters) -> Done {
        parameters
            .iter_non_variadic_params()
            .try_for_each(|parameter| self.opt(parameter.default.as_deref()))
    }

    pub(super) fn params(&mut self, parameters: &Parameters) -> Done {
        for parameter in parameters.iter_non_variadic_params() {
            self.add(parameter.name(), flag::PARAM, parameter.range)?;
        }
        for parameter in [&parameters.vararg, &parameters.kwarg].into_iter().flatten() {
            self.add(&parameter.name, flag::PARAM, parameter.range)?;
        }
        Ok(())
    }

    fn class(&mut self, def: &ast::StmtClassDef) -> Done {
        self.add(&def.name, flag::LOCAL, def.name.range)?;
        def.decorator_list.iter().try_for_each(|decorator| self.expr(&decorator.expression))?;
        match &def.type_params {
            None => self.class_body(def),
            Some(params) => self
                .enter(def, Part::TypeParams, ScopeKind::TypeParams, |this| {
                    let names = params.type_params.iter();
                    let names = names.map(|param| Name::from(param.name().as_str())).collect();
                    let scope = this.scope();
                    scope.private = Some(Name::from(def.name.as_str()));
                    scope.mangled = Some(Arc::new(names));
                    this.add(".type_params", flag::LOCAL, TextRange::default())?;
                    this.type_params(params)?;
                    this.class_body(def)
                })
                .map(drop),
        }
    }

    fn class_body(&mut self, def: &ast::StmtClassDef) -> Done {
        self.exprs(def.bases())?;
        def.keywords().iter().try_for_each(|keyword| self.expr(&keyword.value))?;
        self.enter(def, Part::Body, ScopeKind::Class, |this| {
            this.scope().private = Some(Name::from(def.name.as_str()));
            if def.type_params.is_some() {
                this.add(".type_params", flag::USE, TextRange::default())?;
            }
            this.body(&def.body)
        })?;
        Ok(())
    }

    fn type_alias(&mut self, alias: &ast::StmtTypeAlias) -> Done {
        self.expr(&alias.name)?;
        match &alias.type_params {
            None => self.alias_value(alias),
            Some(params) => self
                .enter(alias, Part::TypeParams, ScopeKind::TypeParams, |this| {
                    this.type_params(params)?;
                    this.alias_value(alias)
                })
                .map(drop),
        }
    }

    fn alias_value(&mut self, alias: &ast::StmtTypeAlias) -> Done {
        self.enter(alias, Part::Body, ScopeKind::TypeExpr, |this| {
            this.scope().label = "a type alias";
            this.add(".format", flag::PARAM, TextRange::default())?;
            this.expr(&alias.value)
        })?;
        Ok(())
    }

    fn type_params(&mut self, params: &TypeParams) -> Done {
        self.scope().label = "the definition of a generic";
        let mut default_seen = false;
        for param in &params.type_params {
            let name = param.name();
            self.add(name, flag::TYPE_PARAM, param.range())?;
            let bound = match param {
                TypeParam::TypeVar(param) => param.bound.as_deref(),
                _ => None,
            };
            if let Some(bound) = bound {
                let label =
                    if bound.is_tuple_expr() { "a TypeVar constraint" } else { "a TypeVar bound" };
                self.type_expr(param, Part::Bound, bound, label)?;
            }
            let Some(default) = param.default() else {
                if default_seen {
                    let message = format!(
                        "non-default type parameter '{name}' follows default type parameter"
                    );
                    return Err(CompileError::syntax(message, param.range()));
                }
                continue;
            };
            default_seen = true;
            let label = match param {
                TypeParam::TypeVar(_) => "a TypeVar default",
                TypeParam::ParamSpec(_) => "a ParamSpec default",
                TypeParam::TypeVarTuple(_) => "a TypeVarTuple default",
            };
            self.type_expr(param, Part::Default, default, label)?;
        }
        Ok(())
    }

    fn type_expr(
        &mut self,
        param: &TypeParam,
        part: Part,
        expr: &Expr,
        label: &'static str,
    ) -> Done {
        self.enter(param, part, ScopeKind::TypeExpr, |this| {
            this.scope().label = label;
            this.add(".format", flag::PARAM, TextRange::default())?;
            this.expr(expr)
        })?;
        Ok(())
    }

    fn pattern(&mut self, pattern: &Pattern) -> Done {
        stacker::maybe_grow(crate::compile::RED_ZONE, crate::compile::STACK_CHUNK, || {
            self.pattern_inner(pattern)
        })
    }

    fn pattern_inner(&mut self, pattern: &Pattern) -> Done {
        let mut bind = |name: &Option<ast::Identifier>| match name {
            Some(name) => self.add(name, flag::LOCAL, pattern.range()),
            None => Ok(()),
        };
        match pattern {
            Pattern::MatchValue(value) => self.expr(&value.value),
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(inner) => {
                inner.patterns.iter().try_for_each(|item| self.pattern(item))
            }
            Pattern::MatchMapping(inner) => {
                bind(&inner.rest)?;
                self.exprs(&inner.keys)?;
                inner.patterns.iter().try_for_each(|item| self.pattern(item))
            }
            Pattern::MatchClass(inner) => {
                self.expr(&inner.cls)?;
                inner.arguments.patterns.iter().try_for_each(|item| self.pattern(item))?;
                inner.arguments.keywords.iter().try_for_each(|item| self.pattern(&item.pattern))
            }
            Pattern::MatchStar(inner) => bind(&inner.name),
            Pattern::MatchAs(inner) => {
                bind(&inner.name)?;
                inner.pattern.as_deref().map_or(Ok(()), |inner| self.pattern(inner))
            }
            Pattern::MatchOr(inner) => {
                inner.patterns.iter().try_for_each(|item| self.pattern(item))
            }
        }
    }

    pub(super) fn exprs(&mut self, exprs: &[Expr]) -> Done {
        exprs.iter().try_for_each(|expr| self.expr(expr))
    }

    pub(super) fn opt(&mut self, expr: Option<&Expr>) -> Done {
        expr.map_or(Ok(()), |expr| self.expr(expr))
    }
}

/// Has a function any annotation?
pub(crate) fn has_annotations(parameters: &Parameters, returns: Option<&Expr>) -> bool {
    returns.is_some() || parameters.iter().any(|parameter| parameter.annotation().is_some())
}

/// The parameters of a generic function's type parameter scope: the defaults, evaluated outside.
pub(crate) fn hidden_parameters(parameters: &Parameters) -> [(&'static str, bool); 2] {
    let mut positional = parameters.posonlyargs.iter().chain(&parameters.args);
    let defaults = positional.any(|parameter| parameter.default.is_some());
    let kwdefaults = parameters.kwonlyargs.iter().any(|parameter| parameter.default.is_some());
    [(".defaults", defaults), (".kwdefaults", kwdefaults)]
}
