//! Statements.

use ruff_python_ast as ast;
use ruff_python_ast::{ExprContext, Stmt};
use ruff_text_size::TextRange;
use taipan_objects::{Completion, Cx, Value, raise};

use super::read::{Reader, kind};

/// A node with its position.
macro_rules! node {
    ($class:ident, $range:expr, { $($field:ident: $value:expr),* $(,)? }) => {
        ast::$class { node_index: Default::default(), range: $range, $($field: $value),* }
    };
}
pub(super) use node;

impl Reader {
    pub(super) fn stmts(&mut self, cx: &mut Cx, node: Value, name: &str) -> Completion<Vec<Stmt>> {
        let items = self.list(cx, node, name)?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            if v.is_none() {
                return raise!(cx, ValueError, "None disallowed in statement list");
            }
            all.push(self.stmt(cx, v)?);
        }
        Ok(all)
    }

    /// A block that must not be empty.
    fn body<B: FromIterator<Stmt>>(&mut self, cx: &mut Cx, node: Value) -> Completion<B> {
        let all = self.stmts(cx, node, "body")?;
        if all.is_empty() {
            let class = cx.type_name(node);
            return raise!(cx, ValueError, "empty body on {class}");
        }
        Ok(all.into_iter().collect())
    }

    fn block<B: FromIterator<Stmt>>(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
    ) -> Completion<B> {
        Ok(self.stmts(cx, node, name)?.into_iter().collect())
    }

    fn stmt(&mut self, cx: &mut Cx, v: Value) -> Completion<Stmt> {
        let range = self.range_of(cx, v, "stmt")?;
        let Some(known) = kind(cx, v).filter(|known| known.base == "stmt") else {
            return self.unexpected(cx, v, "stmt");
        };
        cx.nested(" during ast construction", |cx| match known.name {
            "FunctionDef" | "AsyncFunctionDef" | "ClassDef" => {
                self.definition(cx, v, known.name, range)
            }
            "For" | "AsyncFor" | "While" | "If" | "With" | "AsyncWith" | "Match" | "Try"
            | "TryStar" => self.compound(cx, v, known.name, range),
            _ => self.simple(cx, v, known.name, range),
        })
    }

    fn definition(
        &mut self,
        cx: &mut Cx,
        v: Value,
        class: &str,
        range: TextRange,
    ) -> Completion<Stmt> {
        let name = self.identifier(cx, v, "name", range)?;
        let mut decorators = Vec::new();
        for expression in self.exprs(cx, v, "decorator_list")? {
            let range = ruff_text_size::Ranged::range(&expression);
            decorators.push(node!(Decorator, range, { expression: expression }));
        }
        let decorator_list = decorators.into_iter().collect();
        let type_params = self.type_params(cx, v, range)?;
        if class == "ClassDef" {
            let args = self.exprs(cx, v, "bases")?.into_boxed_slice();
            let keywords = self.keywords(cx, v)?.into_iter().collect();
            let arguments = node!(Arguments, range, { args: args, keywords: keywords });
            return Ok(Stmt::ClassDef(node!(StmtClassDef, range, {
                decorator_list: decorator_list,
                name: name,
                type_params: type_params,
                arguments: Some(Box::new(arguments)),
                body: self.body(cx, v)?,
            })));
        }
        Ok(Stmt::FunctionDef(node!(StmtFunctionDef, range, {
            is_async: class == "AsyncFunctionDef",
            decorator_list: decorator_list,
            name: name,
            type_params: type_params,
            parameters: Box::new(self.parameters(cx, v, range)?),
            returns: self.expr_opt(cx, v, "returns")?,
            body: self.body(cx, v)?,
        })))
    }

    fn compound(
        &mut self,
        cx: &mut Cx,
        v: Value,
        class: &str,
        range: TextRange,
    ) -> Completion<Stmt> {
        Ok(match class {
            "For" | "AsyncFor" => Stmt::For(node!(StmtFor, range, {
                is_async: class == "AsyncFor",
                target: Box::new(self.target(cx, v, "target", ExprContext::Store)?),
                iter: self.boxed(cx, v, "iter")?,
                body: self.body(cx, v)?,
                orelse: self.block(cx, v, "orelse")?,
            })),
            "While" => Stmt::While(node!(StmtWhile, range, {
                test: self.boxed(cx, v, "test")?,
                body: self.body(cx, v)?,
                orelse: self.block(cx, v, "orelse")?,
            })),
            "If" => {
                let test = self.boxed(cx, v, "test")?;
                let body = self.body(cx, v)?;
                let orelse: Vec<Stmt> = self.block(cx, v, "orelse")?;
                let mut clauses = Vec::new();
                if !orelse.is_empty() {
                    let body = orelse.into_iter().collect();
                    clauses.push(node!(ElifElseClause, range, { test: None, body: body }));
                }
                Stmt::If(node!(StmtIf, range, {
                    test: test, body: body, elif_else_clauses: clauses
                }))
            }
            "With" | "AsyncWith" => {
                let items = self.with_items(cx, v, range)?;
                if items.is_empty() {
                    return raise!(cx, ValueError, "empty items on {class}");
                }
                Stmt::With(node!(StmtWith, range, {
                    is_async: class == "AsyncWith", items: items, body: self.body(cx, v)?
                }))
            }
            "Match" => Stmt::Match(node!(StmtMatch, range, {
                subject: self.boxed(cx, v, "subject")?,
                cases: self.cases(cx, v, range)?,
            })),
            _ => {
                let body = self.body(cx, v)?;
                let handlers = self.handlers(cx, v)?;
                let orelse: Vec<Stmt> = self.block(cx, v, "orelse")?;
                let finalbody: Vec<Stmt> = self.block(cx, v, "finalbody")?;
                if handlers.is_empty() && finalbody.is_empty() {
                    return raise!(cx, ValueError, "{class} has neither handlers nor finalbody");
                }
                if handlers.is_empty() && !orelse.is_empty() {
                    return raise!(cx, ValueError, "{class} has orelse but no except handlers");
                }
                Stmt::Try(node!(StmtTry, range, {
                    body: body,
                    handlers: handlers,
                    orelse: orelse.into_iter().collect(),
                    finalbody: finalbody.into_iter().collect(),
                    is_star: class == "TryStar",
                }))
            }
        })
    }

    fn handlers(&mut self, cx: &mut Cx, node: Value) -> Completion<Vec<ast::ExceptHandler>> {
        let items = self.list(cx, node, "handlers")?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            if kind(cx, v).is_none_or(|known| known.name != "ExceptHandler") {
                return self.unexpected(cx, v, "excepthandler");
            }
            let range = self.range(cx, v)?;
            all.push(ast::ExceptHandler::ExceptHandler(node!(
                ExceptHandlerExceptHandler,
                range,
                {
                    type_: self.expr_opt(cx, v, "type")?,
                    name: self.identifier_opt(cx, v, "name", range)?,
                    body: self.body(cx, v)?,
                }
            )));
        }
        Ok(all)
    }

    fn simple(&mut self, cx: &mut Cx, v: Value, class: &str, range: TextRange) -> Completion<Stmt> {
        Ok(match class {
            "Return" => Stmt::Return(node!(StmtReturn, range, {
                value: self.expr_opt(cx, v, "value")?
            })),
            "Delete" => Stmt::Delete(node!(StmtDelete, range, {
                targets: self.targets(cx, v, ExprContext::Del)?
            })),
            "Assign" => Stmt::Assign(node!(StmtAssign, range, {
                targets: self.targets(cx, v, ExprContext::Store)?,
                value: self.boxed(cx, v, "value")?,
            })),
            "TypeAlias" => Stmt::TypeAlias(node!(StmtTypeAlias, range, {
                name: Box::new(self.target(cx, v, "name", ExprContext::Store)?),
                type_params: self.type_params(cx, v, range)?,
                value: self.boxed(cx, v, "value")?,
            })),
            "AugAssign" => Stmt::AugAssign(node!(StmtAugAssign, range, {
                target: Box::new(self.target(cx, v, "target", ExprContext::Store)?),
                op: self.operator(cx, v)?,
                value: self.boxed(cx, v, "value")?,
            })),
            "AnnAssign" => {
                let simple = self.field(cx, v, "simple")?;
                Stmt::AnnAssign(node!(StmtAnnAssign, range, {
                    target: Box::new(self.target(cx, v, "target", ExprContext::Store)?),
                    annotation: self.boxed(cx, v, "annotation")?,
                    value: self.expr_opt(cx, v, "value")?,
                    simple: taipan_objects::protocol::truth(cx, simple)?,
                }))
            }
            "Raise" => Stmt::Raise(node!(StmtRaise, range, {
                exc: self.expr_opt(cx, v, "exc")?, cause: self.expr_opt(cx, v, "cause")?
            })),
            "Assert" => Stmt::Assert(node!(StmtAssert, range, {
                test: self.boxed(cx, v, "test")?, msg: self.expr_opt(cx, v, "msg")?
            })),
            "Import" => Stmt::Import(node!(StmtImport, range, {
                names: self.aliases(cx, v)?, is_lazy: false
            })),
            "ImportFrom" => {
                let level = match self.optional(cx, v, "level")? {
                    Some(level) => taipan_objects::protocol::index_i64(cx, level)?,
                    None => 0,
                };
                let Ok(level) = u32::try_from(level) else {
                    return raise!(cx, ValueError, "Negative ImportFrom level");
                };
                Stmt::ImportFrom(node!(StmtImportFrom, range, {
                    module: self.identifier_opt(cx, v, "module", range)?,
                    names: self.aliases(cx, v)?,
                    level: level,
                    is_lazy: false,
                }))
            }
            "Global" => Stmt::Global(node!(StmtGlobal, range, {
                names: self.identifiers(cx, v, "names", range)?
            })),
            "Nonlocal" => Stmt::Nonlocal(node!(StmtNonlocal, range, {
                names: self.identifiers(cx, v, "names", range)?
            })),
            "Expr" => Stmt::Expr(node!(StmtExpr, range, { value: self.boxed(cx, v, "value")? })),
            "Pass" => Stmt::Pass(node!(StmtPass, range, {})),
            "Break" => Stmt::Break(node!(StmtBreak, range, {})),
            "Continue" => Stmt::Continue(node!(StmtContinue, range, {})),
            _ => return self.unexpected(cx, v, "stmt"),
        })
    }
}
