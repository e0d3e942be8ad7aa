//! Parameters, arguments, patterns and other parts that are neither statement nor expression.

use ruff_python_ast::{
    Alias, Comprehension, ExceptHandler, Expr, Identifier, Keyword, MatchCase, Parameter,
    ParameterWithDefault, Parameters, Pattern, Singleton, TypeParam, TypeParams, WithItem,
};
use ruff_text_size::{Ranged, TextRange};

use super::{Builder, Item, Node, text};

impl Builder<'_> {
    pub(super) fn name(self, name: Option<&Identifier>) -> Item {
        name.map_or(Item::None, |name| text(name.as_str()))
    }

    pub(super) fn names<'e>(self, names: impl IntoIterator<Item = &'e Identifier>) -> Item {
        Item::List(names.into_iter().map(|name| text(name.as_str())).collect())
    }

    pub(super) fn generators(self, generators: &[Comprehension]) -> Item {
        let one = |it: &Comprehension| {
            Item::from(Node {
                class: "comprehension",
                fields: vec![
                    ("target", self.expr(&it.target)),
                    ("iter", self.expr(&it.iter)),
                    ("ifs", self.exprs(&it.ifs)),
                    ("is_async", Item::Int(i64::from(it.is_async))),
                ],
                place: None,
            })
        };
        Item::List(generators.iter().map(one).collect())
    }

    pub(super) fn keyword(self, it: &Keyword) -> Item {
        let fields = vec![("arg", self.name(it.arg.as_ref())), ("value", self.expr(&it.value))];
        self.node("keyword", it, fields)
    }

    fn parameter(self, it: &Parameter) -> Item {
        // The stars of `*args` and `**kwargs` are not part of it.
        let range = TextRange::new(it.name.start(), it.end());
        self.node(
            "arg",
            range,
            vec![
                ("arg", text(it.name.as_str())),
                ("annotation", self.maybe(it.annotation.as_deref())),
                ("type_comment", Item::None),
            ],
        )
    }

    pub(super) fn arguments(self, parameters: Option<&Parameters>) -> Item {
        let list = |all: &[ParameterWithDefault]| {
            Item::List(all.iter().map(|it| self.parameter(&it.parameter)).collect())
        };
        let one = |it: Option<&Parameter>| it.map_or(Item::None, |it| self.parameter(it));
        let default = |it: &ParameterWithDefault| it.default.as_deref().map(|it| self.expr(it));
        let none: &[ParameterWithDefault] = &[];
        let (posonly, args, kwonly) = parameters.map_or((none, none, none), |it| {
            (it.posonlyargs.as_slice(), it.args.as_slice(), it.kwonlyargs.as_slice())
        });
        let defaults = posonly.iter().chain(args).filter_map(default).collect();
        let kw_defaults = kwonly.iter().map(|it| default(it).unwrap_or(Item::None)).collect();
        Item::from(Node {
            class: "arguments",
            fields: vec![
                ("posonlyargs", list(posonly)),
                ("args", list(args)),
                ("vararg", one(parameters.and_then(|it| it.vararg.as_deref()))),
                ("kwonlyargs", list(kwonly)),
                ("kw_defaults", Item::List(kw_defaults)),
                ("kwarg", one(parameters.and_then(|it| it.kwarg.as_deref()))),
                ("defaults", Item::List(defaults)),
            ],
            place: None,
        })
    }

    pub(super) fn aliases(self, aliases: &[Alias]) -> Item {
        let one = |it: &Alias| {
            let fields =
                vec![("name", text(it.name.as_str())), ("asname", self.name(it.asname.as_ref()))];
            self.node("alias", it, fields)
        };
        Item::List(aliases.iter().map(one).collect())
    }

    pub(super) fn with_items(self, items: &[WithItem]) -> Item {
        let one = |it: &WithItem| {
            Item::from(Node {
                class: "withitem",
                fields: vec![
                    ("context_expr", self.expr(&it.context_expr)),
                    ("optional_vars", self.maybe(it.optional_vars.as_deref())),
                ],
                place: None,
            })
        };
        Item::List(items.iter().map(one).collect())
    }

    pub(super) fn handlers(self, handlers: &[ExceptHandler]) -> Item {
        let one = |ExceptHandler::ExceptHandler(it): &ExceptHandler| {
            self.node(
                "ExceptHandler",
                it,
                vec![
                    ("type", self.maybe(it.type_.as_deref())),
                    ("name", self.name(it.name.as_ref())),
                    ("body", self.body(&it.body)),
                ],
            )
        };
        Item::List(handlers.iter().map(one).collect())
    }

    pub(super) fn type_params(self, params: Option<&TypeParams>) -> Item {
        let one = |it: &TypeParam| match it {
            TypeParam::TypeVar(it) => self.node(
                "TypeVar",
                it,
                vec![
                    ("name", text(it.name.as_str())),
                    ("bound", self.maybe(it.bound.as_deref())),
                    ("default_value", self.maybe(it.default.as_deref())),
                ],
            ),
            TypeParam::ParamSpec(it) => {
                self.type_param("ParamSpec", it, &it.name, it.default.as_deref())
            }
            TypeParam::TypeVarTuple(it) => {
                self.type_param("TypeVarTuple", it, &it.name, it.default.as_deref())
            }
        };
        Item::List(params.iter().flat_map(|params| params.type_params.iter()).map(one).collect())
    }

    fn type_param(
        self,
        class: &'static str,
        at: impl Ranged,
        name: &Identifier,
        default: Option<&Expr>,
    ) -> Item {
        let fields = vec![("name", text(name.as_str())), ("default_value", self.maybe(default))];
        self.node(class, at, fields)
    }

    pub(super) fn cases(self, cases: &[MatchCase]) -> Item {
        let one = |it: &MatchCase| {
            Item::from(Node {
                class: "match_case",
                fields: vec![
                    ("pattern", self.pattern(&it.pattern)),
                    ("guard", self.maybe(it.guard.as_deref())),
                    ("body", self.body(&it.body)),
                ],
                place: None,
            })
        };
        Item::List(cases.iter().map(one).collect())
    }

    fn patterns<'e>(self, patterns: impl IntoIterator<Item = &'e Pattern>) -> Item {
        Item::List(patterns.into_iter().map(|pattern| self.pattern(pattern)).collect())
    }

    fn pattern(self, pattern: &Pattern) -> Item {
        match pattern {
            Pattern::MatchValue(it) => {
                self.node("MatchValue", it, vec![("value", self.expr(&it.value))])
            }
            Pattern::MatchSingleton(it) => {
                let value = match it.value {
                    Singleton::None => Item::None,
                    Singleton::True => Item::Bool(true),
                    Singleton::False => Item::Bool(false),
                };
                self.node("MatchSingleton", it, vec![("value", value)])
            }
            Pattern::MatchSequence(it) => {
                self.node("MatchSequence", it, vec![("patterns", self.patterns(&it.patterns))])
            }
            Pattern::MatchMapping(it) => self.node(
                "MatchMapping",
                it,
                vec![
                    ("keys", self.exprs(&it.keys)),
                    ("patterns", self.patterns(&it.patterns)),
                    ("rest", self.name(it.rest.as_ref())),
                ],
            ),
            Pattern::MatchClass(it) => {
                let keywords = &it.arguments.keywords;
                self.node(
                    "MatchClass",
                    it,
                    vec![
                        ("cls", self.expr(&it.cls)),
                        ("patterns", self.patterns(&it.arguments.patterns)),
                        ("kwd_attrs", self.names(keywords.iter().map(|keyword| &keyword.attr))),
                        (
                            "kwd_patterns",
                            self.patterns(keywords.iter().map(|keyword| &keyword.pattern)),
                        ),
                    ],
                )
            }
            Pattern::MatchStar(it) => {
                self.node("MatchStar", it, vec![("name", self.name(it.name.as_ref()))])
            }
            Pattern::MatchAs(it) => {
                let inner = it.pattern.as_deref().map_or(Item::None, |inner| self.pattern(inner));
                self.node(
                    "MatchAs",
                    it,
                    vec![("pattern", inner), ("name", self.name(it.name.as_ref()))],
                )
            }
            Pattern::MatchOr(it) => {
                self.node("MatchOr", it, vec![("patterns", self.patterns(&it.patterns))])
            }
        }
    }
}
