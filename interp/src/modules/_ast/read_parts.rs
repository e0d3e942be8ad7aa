//! Parameters, arguments, patterns, formatted strings and other parts.

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, ExprContext, Pattern, TypeParam};
use ruff_text_size::{Ranged, TextRange};
use taipan_objects::{Completion, Cx, Value, protocol, raise, types::str as string};

use super::{
    read::{Reader, kind},
    read_stmt::node,
};

impl Reader {
    pub(super) fn keywords(&mut self, cx: &mut Cx, node: Value) -> Completion<Vec<ast::Keyword>> {
        let items = self.list(cx, node, "keywords")?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            let range = self.range(cx, v)?;
            all.push(node!(Keyword, range, {
                arg: self.identifier_opt(cx, v, "arg", range)?,
                value: self.expr_field(cx, v, "value")?,
            }));
        }
        Ok(all)
    }

    pub(super) fn aliases(&mut self, cx: &mut Cx, node: Value) -> Completion<Vec<ast::Alias>> {
        let items = self.list(cx, node, "names")?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            let range = self.range(cx, v)?;
            all.push(node!(Alias, range, {
                name: self.identifier(cx, v, "name", range)?,
                asname: self.identifier_opt(cx, v, "asname", range)?,
            }));
        }
        if all.is_empty() {
            let class = cx.type_name(node);
            return raise!(cx, ValueError, "empty names on {class}");
        }
        Ok(all)
    }

    pub(super) fn with_items(
        &mut self,
        cx: &mut Cx,
        node: Value,
        range: TextRange,
    ) -> Completion<Vec<ast::WithItem>> {
        let items = self.list(cx, node, "items")?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            let context_expr = self.expr_field(cx, v, "context_expr")?;
            let optional_vars = match self.optional(cx, v, "optional_vars")? {
                Some(_) => {
                    let target = self.target(cx, v, "optional_vars", ExprContext::Store)?;
                    Some(Box::new(target))
                }
                None => None,
            };
            let end = optional_vars.as_deref().map_or(context_expr.end(), Ranged::end);
            let range = TextRange::new(context_expr.start(), end.max(context_expr.start()))
                .intersect(range)
                .unwrap_or(range);
            all.push(node!(WithItem, range, {
                context_expr: context_expr, optional_vars: optional_vars
            }));
        }
        Ok(all)
    }

    pub(super) fn generators(
        &mut self,
        cx: &mut Cx,
        node: Value,
    ) -> Completion<Vec<ast::Comprehension>> {
        let items = self.list(cx, node, "generators")?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            let target = self.target(cx, v, "target", ExprContext::Store)?;
            let iter = self.expr_field(cx, v, "iter")?;
            let ifs = self.exprs(cx, v, "ifs")?;
            let is_async = self.field(cx, v, "is_async")?;
            let is_async = protocol::truth(cx, is_async)?;
            let range = TextRange::new(target.start(), iter.end().max(target.start()));
            all.push(node!(Comprehension, range, {
                target: target, iter: iter, ifs: ifs, is_async: is_async
            }));
        }
        Ok(all)
    }

    fn parameter(&mut self, cx: &mut Cx, v: Value) -> Completion<ast::Parameter> {
        let range = self.range(cx, v)?;
        Ok(node!(Parameter, range, {
            name: self.identifier(cx, v, "arg", range)?,
            annotation: self.expr_opt(cx, v, "annotation")?,
        }))
    }

    fn parameter_opt(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
    ) -> Completion<Option<Box<ast::Parameter>>> {
        match self.optional(cx, node, name)? {
            Some(v) => Ok(Some(Box::new(self.parameter(cx, v)?))),
            None => Ok(None),
        }
    }

    fn parameter_list(
        &mut self,
        cx: &mut Cx,
        node: Value,
        name: &str,
    ) -> Completion<Vec<ast::ParameterWithDefault>> {
        let items = self.list(cx, node, name)?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            let parameter = self.parameter(cx, v)?;
            all.push(node!(ParameterWithDefault, parameter.range, {
                parameter: parameter, default: None
            }));
        }
        Ok(all)
    }

    /// The parameters in the field `args` of a function.
    pub(super) fn parameters(
        &mut self,
        cx: &mut Cx,
        node: Value,
        range: TextRange,
    ) -> Completion<ast::Parameters> {
        let v = self.field(cx, node, "args")?;
        let mut posonly = self.parameter_list(cx, v, "posonlyargs")?;
        let mut args = self.parameter_list(cx, v, "args")?;
        let mut kwonly = self.parameter_list(cx, v, "kwonlyargs")?;
        let defaults = self.exprs(cx, v, "defaults")?;
        if defaults.len() > posonly.len() + args.len() {
            return raise!(cx, ValueError, "more positional defaults than args on arguments");
        }
        let all = posonly.iter_mut().chain(args.iter_mut()).rev();
        for (parameter, default) in all.zip(defaults.into_iter().rev()) {
            parameter.default = Some(Box::new(default));
        }
        let kw_defaults = self.list(cx, v, "kw_defaults")?;
        if kw_defaults.len() != kwonly.len() {
            return raise!(
                cx,
                ValueError,
                "length of kwonlyargs is not the same as kw_defaults on arguments"
            );
        }
        for (parameter, &default) in kwonly.iter_mut().zip(kw_defaults.as_slice()) {
            if !default.is_none() {
                parameter.default = Some(Box::new(self.expr(cx, default)?));
            }
        }
        Ok(node!(Parameters, range, {
            posonlyargs: posonly.into_iter().collect(),
            args: args.into_iter().collect(),
            vararg: self.parameter_opt(cx, v, "vararg")?,
            kwonlyargs: kwonly.into_iter().collect(),
            kwarg: self.parameter_opt(cx, v, "kwarg")?,
        }))
    }

    pub(super) fn type_params(
        &mut self,
        cx: &mut Cx,
        node: Value,
        range: TextRange,
    ) -> Completion<Option<Box<ast::TypeParams>>> {
        let items = self.list(cx, node, "type_params")?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            let range = self.range(cx, v)?;
            let name = self.identifier(cx, v, "name", range)?;
            let default = self.expr_opt(cx, v, "default_value")?;
            all.push(match kind(cx, v).map_or("", |known| known.name) {
                "TypeVar" => TypeParam::TypeVar(node!(TypeParamTypeVar, range, {
                    name: name, bound: self.expr_opt(cx, v, "bound")?, default: default
                })),
                "TypeVarTuple" => TypeParam::TypeVarTuple(node!(TypeParamTypeVarTuple, range, {
                    name: name, default: default
                })),
                "ParamSpec" => TypeParam::ParamSpec(node!(TypeParamParamSpec, range, {
                    name: name, default: default
                })),
                _ => return self.unexpected(cx, v, "type_param"),
            });
        }
        if all.is_empty() {
            return Ok(None);
        }
        Ok(Some(Box::new(node!(TypeParams, range, { type_params: all }))))
    }

    pub(super) fn cases(
        &mut self,
        cx: &mut Cx,
        node: Value,
        range: TextRange,
    ) -> Completion<Vec<ast::MatchCase>> {
        let items = self.list(cx, node, "cases")?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            let pattern = self.field(cx, v, "pattern")?;
            let pattern = self.pattern(cx, pattern)?;
            let range = TextRange::new(pattern.start(), range.end().max(pattern.start()));
            let body = self.stmts(cx, v, "body")?;
            if body.is_empty() {
                return raise!(cx, ValueError, "empty body on match_case");
            }
            all.push(node!(MatchCase, range, {
                pattern: pattern,
                guard: self.expr_opt(cx, v, "guard")?,
                body: body.into_iter().collect(),
            }));
        }
        if all.is_empty() {
            return raise!(cx, ValueError, "empty cases on Match");
        }
        Ok(all)
    }

    fn patterns(&mut self, cx: &mut Cx, node: Value, name: &str) -> Completion<Vec<Pattern>> {
        let items = self.list(cx, node, name)?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            all.push(self.pattern(cx, v)?);
        }
        Ok(all)
    }

    fn pattern(&mut self, cx: &mut Cx, v: Value) -> Completion<Pattern> {
        let Some(known) = kind(cx, v).filter(|known| known.base == "pattern") else {
            return self.unexpected(cx, v, "pattern");
        };
        cx.nested(" during ast construction", |cx| self.pattern_of(cx, v, known.name))
    }

    fn pattern_of(&mut self, cx: &mut Cx, v: Value, class: &str) -> Completion<Pattern> {
        let range = self.range(cx, v)?;
        Ok(match class {
            "MatchValue" => Pattern::MatchValue(node!(PatternMatchValue, range, {
                value: self.boxed(cx, v, "value")?
            })),
            "MatchSingleton" => {
                let value = match self.field(cx, v, "value")? {
                    Value::NONE => ast::Singleton::None,
                    Value::TRUE => ast::Singleton::True,
                    Value::FALSE => ast::Singleton::False,
                    _ => {
                        return raise!(
                            cx,
                            ValueError,
                            "MatchSingleton can only contain True, False and None"
                        );
                    }
                };
                Pattern::MatchSingleton(node!(PatternMatchSingleton, range, { value: value }))
            }
            "MatchSequence" => Pattern::MatchSequence(node!(PatternMatchSequence, range, {
                patterns: self.patterns(cx, v, "patterns")?
            })),
            "MatchMapping" => Pattern::MatchMapping(node!(PatternMatchMapping, range, {
                keys: self.exprs(cx, v, "keys")?.into_iter().collect(),
                patterns: self.patterns(cx, v, "patterns")?.into_iter().collect(),
                rest: self.identifier_opt(cx, v, "rest", range)?,
            })),
            "MatchClass" => {
                let cls = self.boxed(cx, v, "cls")?;
                let patterns = self.patterns(cx, v, "patterns")?.into_iter().collect();
                let names = self.identifiers(cx, v, "kwd_attrs", range)?;
                let values = self.patterns(cx, v, "kwd_patterns")?;
                if names.len() != values.len() {
                    return raise!(
                        cx,
                        ValueError,
                        "MatchClass doesn't have the same number of keyword attributes as patterns"
                    );
                }
                let keywords = names.into_iter().zip(values).map(|(attr, pattern)| {
                    node!(PatternKeyword, pattern.range(), { attr: attr, pattern: pattern })
                });
                let keywords = keywords.collect();
                let arguments =
                    node!(PatternArguments, range, { patterns: patterns, keywords: keywords });
                Pattern::MatchClass(node!(PatternMatchClass, range, {
                    cls: cls, arguments: arguments
                }))
            }
            "MatchStar" => Pattern::MatchStar(node!(PatternMatchStar, range, {
                name: self.identifier_opt(cx, v, "name", range)?
            })),
            "MatchAs" => {
                let inner = match self.optional(cx, v, "pattern")? {
                    Some(inner) => Some(Box::new(self.pattern(cx, inner)?)),
                    None => None,
                };
                Pattern::MatchAs(node!(PatternMatchAs, range, {
                    pattern: inner, name: self.identifier_opt(cx, v, "name", range)?
                }))
            }
            _ => Pattern::MatchOr(node!(PatternMatchOr, range, {
                patterns: self.patterns(cx, v, "patterns")?
            })),
        })
    }

    /// f-strings, t-strings, and their replacement fields where they stand alone.
    pub(super) fn formatted(
        &mut self,
        cx: &mut Cx,
        v: Value,
        class: &str,
        range: TextRange,
    ) -> Completion<Expr> {
        let elements = match class {
            "JoinedStr" | "TemplateStr" => self.elements(cx, v)?,
            _ => vec![self.replacement(cx, v, range)?],
        };
        if matches!(class, "TemplateStr" | "Interpolation") {
            let flags = ast::TStringFlags::empty();
            let part = node!(TString, range, { elements: elements.into(), flags: flags });
            let value = ast::TStringValue::single(part);
            return Ok(Expr::TString(node!(ExprTString, range, { value: value })));
        }
        let flags = ast::FStringFlags::empty();
        let part = node!(FString, range, { elements: elements.into(), flags: flags });
        let value = ast::FStringValue::single(part);
        Ok(Expr::FString(node!(ExprFString, range, { value: value })))
    }

    fn elements(
        &mut self,
        cx: &mut Cx,
        node: Value,
    ) -> Completion<Vec<ast::InterpolatedStringElement>> {
        let items = self.list(cx, node, "values")?;
        let mut all = Vec::new();
        for &v in items.as_slice() {
            let range = self.range(cx, v)?;
            all.push(match kind(cx, v).map_or("", |known| known.name) {
                "Constant" => {
                    let value = self.field(cx, v, "value")?;
                    self.literal(cx, value, range)?
                }
                "FormattedValue" | "Interpolation" => self.replacement(cx, v, range)?,
                _ => {
                    // Anything else is formatted as it is.
                    let expression = Box::new(self.expr(cx, v)?);
                    ast::InterpolatedStringElement::Interpolation(node!(
                        InterpolatedElement,
                        range,
                        {
                            expression: expression,
                            debug_text: None,
                            conversion: ast::ConversionFlag::None,
                            format_spec: None,
                        }
                    ))
                }
            });
        }
        Ok(all)
    }

    fn literal(
        &mut self,
        cx: &mut Cx,
        v: Value,
        range: TextRange,
    ) -> Completion<ast::InterpolatedStringElement> {
        let Some(text) = string::wtf8(v) else {
            return raise!(cx, TypeError, "f-string constants must be strings");
        };
        let literal = match text.as_str() {
            Ok(text) => {
                node!(InterpolatedStringLiteralElement, range, { value: text.into() })
            }
            Err(_) => {
                let mut written = String::new();
                for point in text.code_points() {
                    written.push_str(&format!("\\U{:08x}", point.to_u32()));
                }
                let range = self.written(&written);
                self.written("\n");
                node!(InterpolatedStringLiteralElement, range, { value: "\u{fffd}".into() })
            }
        };
        Ok(ast::InterpolatedStringElement::Literal(literal))
    }

    fn replacement(
        &mut self,
        cx: &mut Cx,
        v: Value,
        range: TextRange,
    ) -> Completion<ast::InterpolatedStringElement> {
        let expression = self.boxed(cx, v, "value")?;
        let code = match self.optional(cx, v, "conversion")? {
            Some(code) => protocol::index_i64(cx, code)?,
            None => -1,
        };
        let conversion = match u8::try_from(code) {
            Ok(b's') => ast::ConversionFlag::Str,
            Ok(b'r') => ast::ConversionFlag::Repr,
            Ok(b'a') => ast::ConversionFlag::Ascii,
            _ if code == -1 => ast::ConversionFlag::None,
            _ => {
                return raise!(cx, SystemError, "Unrecognized conversion character {code}");
            }
        };
        let format_spec = match self.optional(cx, v, "format_spec")? {
            Some(spec) => {
                let range = self.range(cx, spec)?;
                let elements = if kind(cx, spec).is_some_and(|known| known.name == "JoinedStr") {
                    self.elements(cx, spec)?
                } else {
                    let value = self.field(cx, spec, "value")?;
                    vec![self.literal(cx, value, range)?]
                };
                Some(Box::new(node!(InterpolatedStringFormatSpec, range, {
                    elements: elements.into()
                })))
            }
            None => None,
        };
        Ok(ast::InterpolatedStringElement::Interpolation(node!(InterpolatedElement, range, {
            expression: expression,
            debug_text: None,
            conversion: conversion,
            format_spec: format_spec,
        })))
    }
}
