//! Statements.

use ruff_python_ast::{Decorator, ElifElseClause, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Builder, Item, expr::operator, text};

impl Builder<'_> {
    pub(super) fn body<'e>(self, body: impl IntoIterator<Item = &'e Stmt>) -> Item {
        Item::List(body.into_iter().map(|stmt| self.stmt(stmt)).collect())
    }

    fn stmt(self, stmt: &Stmt) -> Item {
        match stmt {
            Stmt::FunctionDef(it) => self.function(it),
            Stmt::ClassDef(it) => self.class(it),
            Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Match(_)
            | Stmt::Try(_) => self.block(stmt),
            Stmt::Assign(_) | Stmt::AugAssign(_) | Stmt::AnnAssign(_) | Stmt::TypeAlias(_) => {
                self.assignment(stmt)
            }
            Stmt::Import(it) => self.node("Import", it, vec![("names", self.aliases(&it.names))]),
            Stmt::ImportFrom(it) => self.node(
                "ImportFrom",
                it,
                vec![
                    ("module", self.name(it.module.as_ref())),
                    ("names", self.aliases(&it.names)),
                    ("level", Item::Int(i64::from(it.level))),
                ],
            ),
            Stmt::Return(it) => {
                self.node("Return", it, vec![("value", self.maybe(it.value.as_deref()))])
            }
            Stmt::Delete(it) => self.node("Delete", it, vec![("targets", self.exprs(&it.targets))]),
            Stmt::Raise(it) => self.node(
                "Raise",
                it,
                vec![
                    ("exc", self.maybe(it.exc.as_deref())),
                    ("cause", self.maybe(it.cause.as_deref())),
                ],
            ),
            Stmt::Assert(it) => self.node(
                "Assert",
                it,
                vec![("test", self.expr(&it.test)), ("msg", self.maybe(it.msg.as_deref()))],
            ),
            Stmt::Global(it) => self.node("Global", it, vec![("names", self.names(&it.names))]),
            Stmt::Nonlocal(it) => self.node("Nonlocal", it, vec![("names", self.names(&it.names))]),
            Stmt::Expr(it) => self.node("Expr", it, vec![("value", self.expr(&it.value))]),
            Stmt::Break(it) => self.node("Break", it, Vec::new()),
            Stmt::Continue(it) => self.node("Continue", it, Vec::new()),
            _ => self.node("Pass", stmt, Vec::new()),
        }
    }

    /// The range of a decorated definition from its own first word on.
    fn undecorated(self, range: TextRange, decorators: &[Decorator]) -> TextRange {
        let Some(last) = decorators.last() else { return range };
        let rest = self.source.text().get(usize::from(last.end())..usize::from(range.end()));
        let mut start = last.end();
        for line in rest.unwrap_or_default().split_inclusive('\n') {
            let word = line.trim_start_matches([' ', '\t', '\x0c']);
            if !word.is_empty() && !word.starts_with(['\n', '#', '\\']) {
                let n_blank = TextSize::of(line) - TextSize::of(word);
                return TextRange::new(start + n_blank, range.end());
            }
            start += TextSize::of(line);
        }
        range
    }

    fn decorators(self, decorators: &[Decorator]) -> Item {
        self.exprs(decorators.iter().map(|decorator| &decorator.expression))
    }

    fn function(self, it: &StmtFunctionDef) -> Item {
        let range = self.undecorated(it.range, &it.decorator_list);
        let class = if it.is_async { "AsyncFunctionDef" } else { "FunctionDef" };
        self.node(
            class,
            range,
            vec![
                ("name", text(it.name.as_str())),
                ("args", self.arguments(Some(&it.parameters))),
                ("body", self.body(&it.body)),
                ("decorator_list", self.decorators(&it.decorator_list)),
                ("returns", self.maybe(it.returns.as_deref())),
                ("type_comment", Item::None),
                ("type_params", self.type_params(it.type_params.as_deref())),
            ],
        )
    }

    fn class(self, it: &StmtClassDef) -> Item {
        let arguments = it.arguments.as_deref();
        let bases = self.exprs(arguments.iter().flat_map(|it| it.args.iter()));
        let keywords = arguments.iter().flat_map(|it| it.keywords.iter());
        self.node(
            "ClassDef",
            self.undecorated(it.range, &it.decorator_list),
            vec![
                ("name", text(it.name.as_str())),
                ("bases", bases),
                ("keywords", Item::List(keywords.map(|it| self.keyword(it)).collect())),
                ("body", self.body(&it.body)),
                ("decorator_list", self.decorators(&it.decorator_list)),
                ("type_params", self.type_params(it.type_params.as_deref())),
            ],
        )
    }

    fn assignment(self, stmt: &Stmt) -> Item {
        match stmt {
            Stmt::Assign(it) => self.node(
                "Assign",
                it,
                vec![
                    ("targets", self.exprs(&it.targets)),
                    ("value", self.expr(&it.value)),
                    ("type_comment", Item::None),
                ],
            ),
            Stmt::AugAssign(it) => self.node(
                "AugAssign",
                it,
                vec![
                    ("target", self.expr(&it.target)),
                    ("op", self.mark(operator(it.op))),
                    ("value", self.expr(&it.value)),
                ],
            ),
            Stmt::AnnAssign(it) => self.node(
                "AnnAssign",
                it,
                vec![
                    ("target", self.expr(&it.target)),
                    ("annotation", self.expr(&it.annotation)),
                    ("value", self.maybe(it.value.as_deref())),
                    ("simple", Item::Int(i64::from(it.simple))),
                ],
            ),
            Stmt::TypeAlias(it) => self.node(
                "TypeAlias",
                it,
                vec![
                    ("name", self.expr(&it.name)),
                    ("type_params", self.type_params(it.type_params.as_deref())),
                    ("value", self.expr(&it.value)),
                ],
            ),
            _ => Item::None,
        }
    }

    fn block(self, stmt: &Stmt) -> Item {
        match stmt {
            Stmt::For(it) => self.node(
                if it.is_async { "AsyncFor" } else { "For" },
                it,
                vec![
                    ("target", self.expr(&it.target)),
                    ("iter", self.expr(&it.iter)),
                    ("body", self.body(&it.body)),
                    ("orelse", self.body(&it.orelse)),
                    ("type_comment", Item::None),
                ],
            ),
            Stmt::While(it) => self.node(
                "While",
                it,
                vec![
                    ("test", self.expr(&it.test)),
                    ("body", self.body(&it.body)),
                    ("orelse", self.body(&it.orelse)),
                ],
            ),
            Stmt::If(it) => self.node(
                "If",
                it,
                vec![
                    ("test", self.expr(&it.test)),
                    ("body", self.body(&it.body)),
                    ("orelse", self.clauses(&it.elif_else_clauses)),
                ],
            ),
            Stmt::With(it) => self.node(
                if it.is_async { "AsyncWith" } else { "With" },
                it,
                vec![
                    ("items", self.with_items(&it.items)),
                    ("body", self.body(&it.body)),
                    ("type_comment", Item::None),
                ],
            ),
            Stmt::Match(it) => self.node(
                "Match",
                it,
                vec![("subject", self.expr(&it.subject)), ("cases", self.cases(&it.cases))],
            ),
            Stmt::Try(it) => self.node(
                if it.is_star { "TryStar" } else { "Try" },
                it,
                vec![
                    ("body", self.body(&it.body)),
                    ("handlers", self.handlers(&it.handlers)),
                    ("orelse", self.body(&it.orelse)),
                    ("finalbody", self.body(&it.finalbody)),
                ],
            ),
            _ => Item::None,
        }
    }

    /// `elif` is an `if` in the `else` of the one before; built from the last one outwards.
    fn clauses(self, clauses: &[ElifElseClause]) -> Item {
        let end = clauses.last().map(Ranged::end);
        let mut orelse = Item::List(Vec::new());
        for clause in clauses.iter().rev() {
            let body = self.body(&clause.body);
            orelse = match &clause.test {
                None => body,
                Some(test) => {
                    let range = TextRange::new(clause.start(), end.unwrap_or(clause.end()));
                    let fields =
                        vec![("test", self.expr(test)), ("body", body), ("orelse", orelse)];
                    Item::List(vec![self.node("If", range, fields)])
                }
            };
        }
        orelse
    }
}
