//! The checks that mistakes name in `python.peg`, and the words for expressions.

use super::{
    super::{
        lexer::Tok,
        literal::{self, LiteralText},
    },
    engine::{Engine, Node, Raised, Stop, Where},
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Assign,
    Delete,
    For,
}

impl Engine<'_> {
    /// The error that `-> !place` stands for.
    pub(super) fn mistake(
        &mut self,
        place: &str,
        a: Option<&Node>,
        b: Option<&Node>,
        message: &str,
    ) -> Stop {
        let message = self.fill(message, a);
        let first = a.map_or(self.at, |node| node.start);
        let last = b.or(a).map_or(self.at, last_token);
        let at = match place {
            "at" | "span" => Where::Tokens(first, last),
            "from" => Where::From(first),
            "next" => Where::Tokens(self.at, self.at),
            _ => Where::Here,
        };
        // The next token has been looked at already unless the text ends.
        if place == "next"
            && let Err(stop) = self.token(self.at)
        {
            return stop;
        }
        Stop::Raised(Raised { is_indentation: place == "block", place: at, message })
    }

    fn fill(&mut self, message: &str, node: Option<&Node>) -> String {
        let Some(node) = node else { return message.to_owned() };
        let line = |engine: &mut Self| {
            let at = engine.token(node.start).map_or(0, |token| token.start);
            1 + engine.text.get(..at).unwrap_or_default().matches('\n').count()
        };
        let mut message = message.to_owned();
        if message.contains("{name a}") {
            message = message.replace("{name a}", &self.name(node));
        }
        if message.contains("{text a}") {
            message = message.replace("{text a}", self.node_text(node));
        }
        if message.contains("{line a}") {
            message = message.replace("{line a}", &line(self).to_string());
        }
        message
    }

    fn node_text(&mut self, node: &Node) -> &str {
        let start = self.token(node.start).map_or(0, |token| token.start);
        let end = self.token(last_token(node)).map_or(start, |token| token.end);
        self.text.get(start..end).unwrap_or_default()
    }

    /// What CPython calls an expression.
    fn name(&mut self, node: &Node) -> String {
        let name = match node.kind {
            "Attribute" => "attribute",
            "Subscript" => "subscript",
            "Starred" => "starred",
            "Name" => "name",
            "List" => "list",
            "Tuple" => "tuple",
            "Lambda" => "lambda",
            "Call" => "function call",
            "Expr" => "expression",
            "GenExp" => "generator expression",
            "Yield" => "yield expression",
            "Await" => "await expression",
            "ListComp" => "list comprehension",
            "SetComp" => "set comprehension",
            "DictComp" => "dict comprehension",
            "Dict" => "dict literal",
            "Set" => "set display",
            "FString" => "f-string expression",
            "Template" => "t-string expression",
            "None" | "True" | "False" => node.kind,
            "Ellipsis" => "ellipsis",
            "Compare" => "comparison",
            "IfExp" => "conditional expression",
            "Named" => "named expression",
            "" if node.end == node.start + 1 => match self.token(node.start).map(|it| it.kind) {
                Ok(Tok::Name) => "name",
                _ => "literal",
            },
            "" => match innermost(node) {
                Some(inner) => return self.name(inner),
                None => "expression",
            },
            _ => "literal",
        };
        name.to_owned()
    }

    /// The check that `-> ?name` stands for; without an error the alternative just fails.
    pub(super) fn check(
        &mut self,
        name: &str,
        a: Option<&Node>,
        b: Option<&Node>,
        words: &str,
    ) -> Result<(), Stop> {
        let Some(a) = a else { return Ok(()) };
        match (name, b) {
            ("comma", Some(b)) => self.forgotten_comma(a, b),
            ("legacy", Some(b)) => self.legacy(a, b),
            ("genexp", Some(b)) => self.bare_genexp(a, b),
            ("conversion", Some(b)) => self.conversion(a, b),
            ("bound", Some(b)) => self.bound(a, b, words),
            ("mixed", _) => self.mixed_arguments(a),
            ("strings", _) => self.strings(a),
            ("complex", Some(b)) => self.complex(a, b),
            ("key", _) => {
                raise(Where::LastByte(last_token(a)), "':' expected after dictionary key")
            }
            ("target", _) => {
                let kind = match words {
                    "delete" => Target::Delete,
                    "for" => Target::For,
                    _ => Target::Assign,
                };
                self.target(a, kind)
            }
            _ => Ok(()),
        }
    }

    fn is_legacy(&mut self, node: &Node) -> bool {
        node.end == node.start + 1 && matches!(self.node_text(node), "print" | "exec")
    }

    fn forgotten_comma(&mut self, a: &Node, b: &Node) -> Result<(), Stop> {
        if self.is_legacy(a) || self.token(self.at.saturating_sub(1))?.level == 0 {
            return Ok(());
        }
        let place = Where::Tokens(a.start, last_token(b));
        raise(place, "invalid syntax. Perhaps you forgot a comma?")
    }

    fn legacy(&mut self, a: &Node, b: &Node) -> Result<(), Stop> {
        if !self.is_legacy(a) {
            return Ok(());
        }
        let name = self.node_text(a).to_owned();
        let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
        raise(Where::Tokens(a.start, last_token(b)), message)
    }

    fn bare_genexp(&mut self, args: &Node, clauses: &Node) -> Result<(), Stop> {
        let positional = args.parts.first().filter(|part| part.kind == "Seq");
        match positional.map(|part| part.parts.as_slice()) {
            Some([_, .., last]) => raise(
                Where::Tokens(last.start, last_token(clauses)),
                "Generator expression must be parenthesized",
            ),
            _ => Ok(()),
        }
    }

    fn mixed_arguments(&mut self, args: &Node) -> Result<(), Stop> {
        let mut unpacks = false;
        let mut level = 0_i32;
        for index in args.start..args.end {
            let token = self.token(index)?;
            let is_start = index == args.start || {
                let before = self.token(index - 1)?;
                self.text_of(before) == ","
            };
            match self.text_of(token) {
                "(" | "[" | "{" => level += 1,
                ")" | "]" | "}" => level -= 1,
                "**" if level == 0 && is_start => unpacks = true,
                _ => {}
            }
        }
        let tail = if unpacks { " unpacking" } else { "" };
        raise(Where::Here, format!("positional argument follows keyword argument{tail}"))
    }

    fn conversion(&mut self, mark: &Node, letter: &Node) -> Result<(), Stop> {
        let (first, second) = (self.token(mark.start)?, self.token(letter.start)?);
        if first.end != second.start {
            let message = "f-string: conversion type must come right after the exclamation mark";
            return raise(Where::Tokens(mark.start, letter.start), message);
        }
        let name = self.text_of(second);
        if matches!(name, "s" | "r" | "a") {
            return Ok(());
        }
        let message =
            format!("f-string: invalid conversion character '{name}': expected 's', 'r', or 'a'");
        raise(Where::Tokens(letter.start, letter.start), message)
    }

    /// The two numbers of a complex literal in a pattern.
    fn complex(&mut self, real: &Node, imaginary: &Node) -> Result<(), Stop> {
        let is_imaginary =
            |engine: &mut Self, node: &Node| engine.node_text(node).ends_with(['j', 'J']);
        let (wrong, word) = if is_imaginary(self, real) {
            (real, "real")
        } else if !is_imaginary(self, imaginary) {
            (imaginary, "imaginary")
        } else {
            return Ok(());
        };
        let place = Where::Tokens(wrong.start, last_token(wrong));
        raise(place, format!("{word} number required in complex literal"))
    }

    fn bound(&mut self, colon: &Node, bound: &Node, what: &str) -> Result<(), Stop> {
        let kind = if bound.kind == "Tuple" { "constraints" } else { "bound" };
        raise(Where::From(colon.start), format!("cannot use {kind} with {what}"))
    }

    fn target(&mut self, node: &Node, kind: Target) -> Result<(), Stop> {
        let Some(wrong) = self.wrong_target(node, kind) else { return Ok(()) };
        let (start, end) = (wrong.start, last_token(wrong));
        let name = self.name(wrong);
        let verb = if kind == Target::Delete { "delete" } else { "assign to" };
        raise(Where::Tokens(start, end), format!("cannot {verb} {name}"))
    }

    /// The first part of a target that cannot be one.
    fn wrong_target<'n>(&mut self, node: &'n Node, kind: Target) -> Option<&'n Node> {
        match node.kind {
            "Name" | "Attribute" | "Subscript" => None,
            "List" | "Tuple" | "Seq" => {
                node.parts.iter().find_map(|part| self.wrong_target(part, kind))
            }
            "Starred" if kind == Target::Delete => Some(node),
            "Starred" => node.parts.last().and_then(|part| self.wrong_target(part, kind)),
            "Compare" if kind == Target::For => {
                let pairs = node.parts.get(1)?;
                let is_in = pairs.parts.first().is_some_and(|pair| pair.kind == "In");
                let left = node.parts.first().filter(|_| is_in)?;
                self.wrong_target(left, kind)
            }
            "" if node.parts.is_empty() => {
                // Brackets, commas and absent parts are no targets; a lone name is a good one.
                let token = self.token(node.start).ok()?;
                let is_good = node.start == node.end || matches!(token.kind, Tok::Name | Tok::Op);
                (!is_good).then_some(node)
            }
            "" => node.parts.iter().find_map(|part| self.wrong_target(part, kind)),
            _ => Some(node),
        }
    }

    /// Strings that stand side by side: their kinds must agree and their escapes be sound.
    fn strings(&mut self, all: &Node) -> Result<(), Stop> {
        let mut kinds = Vec::new();
        for part in &all.parts {
            let token = self.token(part.start)?;
            let is_bytes = token.kind == Tok::String && self.string(part.start)?;
            kinds.push(is_bytes);
            if token.kind == Tok::FStringStart {
                self.text_parts(part)?;
            }
        }
        if kinds.iter().any(|is_bytes| *is_bytes) && !kinds.iter().all(|is_bytes| *is_bytes) {
            return raise(Where::Here, "cannot mix bytes and nonbytes literals");
        }
        Ok(())
    }

    /// Checks one literal; tells whether it is `bytes`.
    fn string(&mut self, index: usize) -> Result<bool, Stop> {
        let token = self.token(index)?;
        let Some(parts) = LiteralText::split(self.text_of(token)) else { return Ok(false) };
        let place = Where::Tokens(index, index);
        if parts.is_bytes() && !parts.body.is_ascii() {
            return raise(place, "bytes can only contain ASCII literal characters").map(|()| true);
        }
        if parts.is_raw() {
            return Ok(parts.is_bytes());
        }
        let error = if parts.is_bytes() {
            literal::decode_bytes(parts.body).err()
        } else {
            literal::decode_str(parts.body, false).err()
        };
        match error {
            Some(error) => raise(place, error.message).map(|()| false),
            None => Ok(parts.is_bytes()),
        }
    }

    fn text_parts(&mut self, part: &Node) -> Result<(), Stop> {
        let start = self.token(part.start)?;
        if self.text_of(start).contains(['r', 'R']) {
            return Ok(());
        }
        for index in part.start..part.end {
            let token = self.token(index)?;
            if token.kind != Tok::FStringMiddle {
                continue;
            }
            if let Err(error) = literal::decode_str(self.text_of(token), true) {
                let end = last_token(part);
                return raise(Where::Tokens(end, end), error.message);
            }
        }
        Ok(())
    }

    /// The kind of node that strings starting at a token make.
    pub(super) fn strings_kind(&self, start: usize) -> &'static str {
        let tokens = self.tokens.get(start..self.at).unwrap_or_default();
        let is_formatted = tokens.iter().any(|token| token.kind == Tok::FStringStart);
        if is_formatted { "FString" } else { "Literal" }
    }
}

fn raise(place: Where, message: impl Into<String>) -> Result<(), Stop> {
    Err(Stop::Raised(Raised { is_indentation: false, place, message: message.into() }))
}

fn last_token(node: &Node) -> usize {
    node.end.saturating_sub(1).max(node.start)
}

/// What stands in brackets, or the only part with a kind.
fn innermost(node: &Node) -> Option<&Node> {
    node.parts.iter().find(|part| !part.kind.is_empty()).map(|part| &**part)
}
