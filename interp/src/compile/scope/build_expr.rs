//! First pass, expressions: names, comprehensions, assignment expressions.

use ruff_python_ast::{self as ast, Comprehension, Expr, ExprContext, InterpolatedStringElement};
use ruff_text_size::{Ranged, TextRange};

use super::{
    Comp, Name, Part, ScopeKind,
    build::{Builder, Done},
    flag,
};
use crate::compile::CompileError;

impl Builder {
    pub(super) fn expr(&mut self, expr: &Expr) -> Done {
        stacker::maybe_grow(crate::compile::RED_ZONE, crate::compile::STACK_CHUNK, || {
            self.expr_inner(expr)
        })
    }

    fn expr_inner(&mut self, expr: &Expr) -> Done {
        match expr {
            Expr::BoolOp(node) => self.exprs(&node.values),
            Expr::Named(node) => self.named(node),
            Expr::BinOp(node) => {
                self.expr(&node.left)?;
                self.expr(&node.right)
            }
            Expr::UnaryOp(node) => self.expr(&node.operand),
            Expr::Lambda(node) => self.lambda(node),
            Expr::If(node) => {
                self.expr(&node.test)?;
                self.expr(&node.body)?;
                self.expr(&node.orelse)
            }
            Expr::Dict(node) => node.items.iter().try_for_each(|item| {
                self.opt(item.key.as_ref())?;
                self.expr(&item.value)
            }),
            Expr::Set(node) => self.exprs(&node.elts),
            Expr::ListComp(node) => {
                self.comprehension(node, Comp::List, &node.generators, &[&node.elt])
            }
            Expr::SetComp(node) => {
                self.comprehension(node, Comp::Set, &node.generators, &[&node.elt])
            }
            Expr::DictComp(node) => {
                let parts: Vec<&Expr> =
                    node.key.iter().chain([&node.value]).map(|e| &**e).collect();
                self.comprehension(node, Comp::Dict, &node.generators, &parts)
            }
            Expr::Generator(node) => {
                self.comprehension(node, Comp::Generator, &node.generators, &[&node.elt])
            }
            Expr::Await(node) => {
                self.refuse("await expression", node.range)?;
                self.scope().is_coroutine = true;
                self.expr(&node.value)
            }
            Expr::Yield(node) => {
                self.yields(node.range)?;
                self.opt(node.value.as_deref())
            }
            Expr::YieldFrom(node) => {
                self.yields(node.range)?;
                self.expr(&node.value)
            }
            Expr::Compare(node) => {
                self.expr(&node.left)?;
                self.exprs(&node.comparators)
            }
            Expr::Call(node) => {
                self.expr(&node.func)?;
                self.exprs(&node.arguments.args)?;
                node.arguments.keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))
            }
            Expr::FString(node) => node.value.elements().try_for_each(|part| self.element(part)),
            Expr::TString(node) => node.value.elements().try_for_each(|part| self.element(part)),
            Expr::Attribute(node) => self.expr(&node.value),
            Expr::Subscript(node) => {
                self.expr(&node.value)?;
                self.expr(&node.slice)
            }
            Expr::Starred(node) => self.expr(&node.value),
            Expr::Name(node) => self.name(node),
            Expr::List(node) => self.exprs(&node.elts),
            Expr::Tuple(node) => self.exprs(&node.elts),
            Expr::Slice(node) => {
                self.opt(node.lower.as_deref())?;
                self.opt(node.upper.as_deref())?;
                self.opt(node.step.as_deref())
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => Ok(()),
            Expr::IpyEscapeCommand(node) => Err(CompileError::syntax("invalid syntax", node.range)),
        }
    }

    fn element(&mut self, element: &InterpolatedStringElement) -> Done {
        let InterpolatedStringElement::Interpolation(part) = element else { return Ok(()) };
        self.expr(&part.expression)?;
        match &part.format_spec {
            Some(spec) => spec.elements.iter().try_for_each(|part| self.element(part)),
            None => Ok(()),
        }
    }

    fn name(&mut self, node: &ast::ExprName) -> Done {
        if node.ctx != ExprContext::Load {
            let flags = if node.ctx == ExprContext::Store || node.ctx == ExprContext::Del {
                flag::LOCAL
            } else {
                flag::USE
            };
            return self.add(&node.id, flags, node.range);
        }
        let before = std::mem::take(&mut self.scope().comp_iter_target);
        self.add(&node.id, flag::USE, node.range)?;
        self.scope().comp_iter_target = before;
        if node.id == "super" && self.scope().is_function_like() {
            self.scope().add(&Name::from("__class__"), flag::USE, node.range);
        }
        Ok(())
    }

    fn lambda(&mut self, node: &ast::ExprLambda) -> Done {
        if let Some(parameters) = &node.parameters {
            self.defaults(parameters)?;
        }
        self.enter(node, Part::Body, ScopeKind::Function, |this| {
            if let Some(parameters) = &node.parameters {
                this.params(parameters)?;
            }
            this.expr(&node.body)
        })?;
        Ok(())
    }

    fn yields(&mut self, range: TextRange) -> Done {
        self.refuse("yield expression", range)?;
        if let ScopeKind::Comprehension(comp) = self.scope().kind {
            let place = match comp {
                Comp::List => "list comprehension",
                Comp::Set => "set comprehension",
                Comp::Dict => "dict comprehension",
                Comp::Generator => "generator expression",
            };
            return Err(CompileError::syntax(format!("'yield' inside {place}"), range));
        }
        self.scope().is_generator = true;
        Ok(())
    }

    /// Annotation scopes may not hold `what`.
    fn refuse(&mut self, what: &str, range: TextRange) -> Done {
        let scope = self.scope();
        if !scope.is_annotation_like() {
            return Ok(());
        }
        let label = scope.label;
        let message = format!("{what} cannot be used within {label}");
        Err(CompileError::syntax(message, range))
    }

    fn comprehension<T>(
        &mut self,
        node: &T,
        comp: Comp,
        generators: &[Comprehension],
        results: &[&Expr],
    ) -> Done {
        let Some((first, rest)) = generators.split_first() else { return Ok(()) };
        self.iterable(&first.iter)?;
        let kind = ScopeKind::Comprehension(comp);
        let id = self.enter(node, Part::Body, kind, |this| {
            this.scope().is_coroutine = generators.iter().any(|generator| generator.is_async);
            if !this.scope().inlined {
                this.scope().add(&Name::from(".0"), flag::PARAM, TextRange::default());
            }
            this.target(first)?;
            for generator in rest {
                this.target_after(generator)?;
            }
            results.iter().try_for_each(|result| this.expr(result))
        })?;
        let scope = &self.table.scopes[id];
        let awaits = scope.is_coroutine && comp != Comp::Generator;
        if scope.inlined {
            let used: Vec<(Name, TextRange)> = scope
                .symbols
                .iter()
                .filter(|symbol| symbol.flags & flag::BOUND == 0 && symbol.flags & flag::USE != 0)
                .map(|symbol| (symbol.name.clone(), symbol.range))
                .collect();
            for (name, range) in used {
                self.scope().add(&name, flag::USE, range);
            }
        }
        // What awaits makes what it is part of await: a generator expression becomes asynchronous.
        self.scope().is_coroutine |= awaits;
        Ok(())
    }

    fn iterable(&mut self, iter: &Expr) -> Done {
        self.scope().comp_iter_expr += 1;
        let done = self.expr(iter);
        self.scope().comp_iter_expr -= 1;
        done
    }

    fn target(&mut self, generator: &Comprehension) -> Done {
        self.scope().comp_iter_target = true;
        self.expr(&generator.target)?;
        self.scope().comp_iter_target = false;
        self.exprs(&generator.ifs)
    }

    fn target_after(&mut self, generator: &Comprehension) -> Done {
        self.scope().comp_iter_target = true;
        self.expr(&generator.target)?;
        self.scope().comp_iter_target = false;
        self.iterable(&generator.iter)?;
        self.exprs(&generator.ifs)
    }

    fn named(&mut self, node: &ast::ExprNamed) -> Done {
        self.refuse("named expression", node.range)?;
        if self.scope().comp_iter_expr > 0 {
            let message =
                "assignment expression cannot be used in a comprehension iterable expression";
            return Err(CompileError::syntax(message, node.range));
        }
        if let Expr::Name(target) = &*node.target {
            if matches!(self.scope().kind, ScopeKind::Comprehension(_)) {
                self.named_in_comprehension(target)?;
            } else {
                self.scope().has_walrus = true;
                self.add(&target.id, flag::LOCAL, target.range)?;
            }
        }
        self.expr(&node.value)
    }

    /// The target binds in the function (or module) around the comprehensions.
    fn named_in_comprehension(&mut self, target: &ast::ExprName) -> Done {
        let name = self.mangled(&target.id);
        let fail = |message: String| Err(CompileError::syntax(message, target.range()));
        let mut id = self.cur;
        loop {
            let scope = &self.table.scopes[id];
            match scope.kind {
                ScopeKind::Comprehension(_) => {
                    if scope.flags(&name) & flag::COMP_ITER != 0 {
                        return fail(format!(
                            "assignment expression cannot rebind comprehension iteration variable '{name}'"
                        ));
                    }
                }
                ScopeKind::Class => {
                    return fail(
                        "assignment expression within a comprehension cannot be used in a class body"
                            .to_owned(),
                    );
                }
                ScopeKind::Annotations | ScopeKind::TypeParams | ScopeKind::TypeExpr => {
                    return fail(format!(
                        "assignment expression within a comprehension cannot be used within {}",
                        scope.label
                    ));
                }
                ScopeKind::Module | ScopeKind::Function => break,
            }
            let Some(parent) = scope.parent else { break };
            id = parent;
        }
        let home = &self.table.scopes[id];
        let global = home.kind == ScopeKind::Module || home.flags(&name) & flag::GLOBAL != 0;
        let through = if global { flag::GLOBAL } else { flag::NONLOCAL };
        let mut at = self.cur;
        while at != id {
            let scope = &mut self.table.scopes[at];
            scope.has_walrus = true;
            scope.add(&name, if scope.inlined { flag::NONLOCAL } else { through }, target.range);
            let Some(parent) = scope.parent else { break };
            at = parent;
        }
        let scope = &mut self.table.scopes[id];
        scope.has_walrus = true;
        if scope.flags(&name) & (flag::GLOBAL | flag::NONLOCAL) == 0 {
            scope.add(&name, flag::LOCAL, target.range);
        }
        Ok(())
    }
}
