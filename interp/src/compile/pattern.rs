//! `match` statements. Names are bound only when the whole pattern has matched.

use ruff_python_ast::{self as ast, Expr, Operator, Pattern, Singleton};
use ruff_text_size::Ranged;

use super::{CompileError, Compiler, Done, Reg, call::text, unit::Label};
use crate::code::{Const, Op};

/// Most values unpacked into registers.
const UNPACK_MAX: usize = 24;

/// What a pattern binds: names and the registers that hold the values until the pattern is done.
#[derive(Clone, Debug, Default)]
struct Captures<'a> {
    names: Vec<(&'a str, Reg)>,
    /// May a pattern that always matches stand here?
    last: bool,
}

impl<'a> Compiler<'a> {
    pub(super) fn match_stmt(&mut self, stmt: &'a ast::StmtMatch) -> Done {
        let end = self.label();
        // A copy: patterns may bind the variable that is the subject.
        let subject = self.temp()?;
        self.expr_to(&stmt.subject, subject)?;
        for (at, case) in stmt.cases.iter().enumerate() {
            let mark = self.u.top;
            let next = self.label();
            let last = at + 1 == stmt.cases.len() || case.guard.is_some();
            let mut captures = Captures { names: Vec::new(), last };
            self.pattern(&case.pattern, subject, next, &mut captures)?;
            self.u.at = case.pattern.range();
            for (name, value) in captures.names {
                self.store_name(name, value)?;
            }
            if let Some(guard) = &case.guard {
                self.jump_if(guard, false, next)?;
            }
            self.u.top = mark;
            self.conditional_body(&case.body)?;
            self.u.at = case.pattern.range();
            self.unplaced(|this| this.goto(end));
            self.bind(next);
        }
        self.bind(end);
        Ok(())
    }

    /// Goes on if `subject` matches, else jumps to `fail`. Registers of captures stay allocated.
    fn pattern(
        &mut self,
        pattern: &'a Pattern,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        let outer = std::mem::replace(&mut self.u.at, pattern.range());
        let done = stacker::maybe_grow(super::RED_ZONE, super::STACK_CHUNK, || {
            self.pattern_inner(pattern, subject, fail, captures)
        });
        self.u.at = outer;
        done
    }

    fn pattern_inner(
        &mut self,
        pattern: &'a Pattern,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        match pattern {
            Pattern::MatchValue(node)
                if matches!(*node.value, Expr::FString(_) | Expr::TString(_)) =>
            {
                let message = "patterns may only match literals and attribute lookups";
                Err(CompileError::syntax(message, node.range))
            }
            Pattern::MatchValue(node)
                if matches!(&*node.value, Expr::BinOp(sum)
                    if !matches!(sum.op, Operator::Add | Operator::Sub)) =>
            {
                Err(CompileError::syntax("invalid syntax", node.range))
            }
            Pattern::MatchValue(node) => {
                let mark = self.u.top;
                let value = self.expr(&node.value)?;
                self.jump(Op::JumpEq, subject, value, 0, fail);
                self.u.top = mark;
                Ok(())
            }
            Pattern::MatchSingleton(node) => self.singleton(node.value, subject, fail),
            Pattern::MatchSequence(node) => {
                self.sequence_pattern(&node.patterns, subject, fail, captures)
            }
            Pattern::MatchMapping(node) => self.mapping_pattern(node, subject, fail, captures),
            Pattern::MatchClass(node) => self.class_pattern(node, subject, fail, captures),
            Pattern::MatchStar(node) => {
                let message = "can't use starred pattern here";
                Err(CompileError::syntax(message, node.range))
            }
            Pattern::MatchAs(node) => {
                match (&node.pattern, &node.name) {
                    (Some(inner), _) => self.pattern(inner, subject, fail, captures)?,
                    (None, _) if captures.last => {}
                    (None, Some(name)) => {
                        let message =
                            format!("name capture '{name}' makes remaining patterns unreachable");
                        return Err(CompileError::syntax(message, node.range));
                    }
                    (None, None) => {
                        let message = "wildcard makes remaining patterns unreachable";
                        return Err(CompileError::syntax(message, node.range));
                    }
                }
                self.capture(node.name.as_ref(), subject, captures)
            }
            Pattern::MatchOr(node) => self.or_pattern(&node.patterns, subject, fail, captures),
        }
    }

    /// A pattern inside another one, where it may always match.
    fn inner_pattern(
        &mut self,
        pattern: &'a Pattern,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        let last = std::mem::replace(&mut captures.last, true);
        let done = self.pattern(pattern, subject, fail, captures);
        captures.last = last;
        done
    }

    fn singleton(&mut self, value: Singleton, subject: Reg, fail: Label) -> Done {
        let mark = self.u.top;
        match value {
            Singleton::None => self.jump(Op::JumpIfNotNone, subject, 0, 0, fail),
            Singleton::True | Singleton::False => {
                let r = self.temp()?;
                let op = if value == Singleton::True { Op::LoadTrue } else { Op::LoadFalse };
                self.op(op, r, 0, 0, 0);
                self.jump(Op::JumpIs, subject, r, 0, fail);
            }
        }
        self.u.top = mark;
        Ok(())
    }

    fn capture(
        &mut self,
        name: Option<&'a ast::Identifier>,
        value: Reg,
        captures: &mut Captures<'a>,
    ) -> Done {
        let Some(name) = name else { return Ok(()) };
        if captures.names.iter().any(|(known, _)| *known == name.as_str()) {
            let message = format!("multiple assignments to name '{name}' in pattern");
            return Err(CompileError::syntax(message, name.range));
        }
        captures.names.push((name, value));
        Ok(())
    }

    // ---- alternatives -----------------------------------------------------------------------------

    fn or_pattern(
        &mut self,
        patterns: &'a [Pattern],
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        let matched = self.label();
        let mut shared: Option<Captures<'a>> = None;
        for (at, pattern) in patterns.iter().enumerate() {
            let last = at + 1 == patterns.len();
            let next = if last { fail } else { self.label() };
            // The first alternative says which names there are; all leave them in the same registers.
            let names = match &shared {
                Some(names) => names.clone(),
                None => {
                    let mut names = Captures::default();
                    bound_names(pattern, &mut names.names);
                    for (_, r) in &mut names.names {
                        *r = self.temp()?;
                    }
                    names
                }
            };
            let mark = self.u.top;
            let mut own = Captures { names: Vec::new(), last: last && captures.last };
            self.pattern(pattern, subject, next, &mut own)?;
            if own.names.len() != names.names.len() {
                return Err(different_names(self.u.at));
            }
            for (name, value) in &own.names {
                let Some((_, r)) = names.names.iter().find(|(known, _)| known == name) else {
                    return Err(different_names(self.u.at));
                };
                self.mov(*r, *value);
            }
            self.u.top = mark;
            if !last {
                self.goto(matched);
                self.bind(next);
            }
            shared = Some(names);
        }
        self.bind(matched);
        for (name, r) in shared.unwrap_or_default().names {
            if captures.names.iter().any(|(known, _)| *known == name) {
                let message = format!("multiple assignments to name '{name}' in pattern");
                return Err(CompileError::syntax(message, self.u.at));
            }
            captures.names.push((name, r));
        }
        Ok(())
    }

    // ---- sequences --------------------------------------------------------------------------------

    fn sequence_pattern(
        &mut self,
        patterns: &'a [Pattern],
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        let mut stars = patterns.iter().enumerate().filter(|(_, pattern)| pattern.is_match_star());
        let star = stars.next();
        if stars.next().is_some() {
            let message = "multiple starred names in sequence pattern";
            return Err(CompileError::syntax(message, self.u.at));
        }
        let mark = self.u.top;
        let len = self.temp()?;
        self.op(Op::MatchSequence, len, subject, 0, 0);
        self.jump(Op::JumpIfNot, len, 0, 0, fail);
        let least = patterns.len() - usize::from(star.is_some());
        if star.is_none() || least > 0 {
            self.op(Op::GetLen, len, subject, 0, 0);
            self.check_length(len, least, star.is_some(), fail)?;
        }
        let wildcard_star =
            matches!(star, Some((_, Pattern::MatchStar(node))) if node.name.is_none());
        if patterns.iter().all(is_wildcard) {
            self.u.top = mark;
            return Ok(());
        }
        match star {
            Some((at, _)) if wildcard_star => {
                self.items_around_star(patterns, at, subject, len, fail, captures)
            }
            _ => self.unpacked_items(patterns, star.map(|(at, _)| at), subject, fail, captures),
        }
    }

    fn check_length(&mut self, len: Reg, least: usize, open: bool, fail: Label) -> Done {
        if let Ok(least) = i8::try_from(least) {
            let op = if open { Op::JumpGeI } else { Op::JumpEqI };
            self.jump(op, len, least as u8, 0, fail);
            return Ok(());
        }
        let mark = self.u.top;
        let wanted = self.temp()?;
        self.op(Op::LoadInt, wanted, 0, 0, least as i32);
        self.jump(if open { Op::JumpGe } else { Op::JumpEq }, len, wanted, 0, fail);
        self.u.top = mark;
        Ok(())
    }

    /// `[a, *_, b]`: items are taken by index, what the star skips is not touched.
    fn items_around_star(
        &mut self,
        patterns: &'a [Pattern],
        star: usize,
        subject: Reg,
        len: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        for (at, pattern) in patterns.iter().enumerate() {
            if at == star || is_wildcard(pattern) {
                continue;
            }
            let item = self.temp()?;
            if at < star {
                self.op(Op::LoadItemI, item, subject, 0, at as i32);
            } else {
                self.op(Op::SubI, item, len, 0, (patterns.len() - at) as i32);
                self.op(Op::LoadItem, item, subject, item, 0);
            }
            self.inner_pattern(pattern, item, fail, captures)?;
        }
        Ok(())
    }

    fn unpacked_items(
        &mut self,
        patterns: &'a [Pattern],
        star: Option<usize>,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        let n = patterns.len();
        let (before, after) = (star.unwrap_or(0), star.map_or(0, |at| n - at - 1));
        let before = u8::try_from(before).map_err(|_| {
            let message = "too many expressions in star-unpacking sequence pattern";
            CompileError::syntax(message, self.u.at)
        })?;
        let small = n <= UNPACK_MAX && self.has_room(n);
        let all = self.temps(if small { n.max(1) } else { 1 })?;
        match (star, small) {
            (None, true) => self.op(Op::Unpack, all, subject, 0, n as i32),
            (None, false) => self.op(Op::UnpackTuple, all, subject, 0, n as i32),
            (Some(_), true) => self.op(Op::UnpackStar, all, subject, before, after as i32),
            (Some(_), false) => self.op(Op::UnpackStarTuple, all, subject, before, after as i32),
        }
        for (at, pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) {
                continue;
            }
            let item = if small {
                all + at as Reg
            } else {
                let item = self.temp()?;
                self.op(Op::LoadItemI, item, all, 0, at as i32);
                item
            };
            match pattern {
                Pattern::MatchStar(node) => self.capture(node.name.as_ref(), item, captures)?,
                _ => self.inner_pattern(pattern, item, fail, captures)?,
            }
        }
        Ok(())
    }

    // ---- mappings and classes -----------------------------------------------------------------------

    fn mapping_pattern(
        &mut self,
        node: &'a ast::PatternMatchMapping,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        let n = node.keys.len();
        let test = self.temp()?;
        self.op(Op::MatchMapping, test, subject, 0, 0);
        self.jump(Op::JumpIfNot, test, 0, 0, fail);
        if n > 0 {
            self.op(Op::GetLen, test, subject, 0, 0);
            self.check_length(test, n, true, fail)?;
        }
        if n == 0 && node.rest.is_none() {
            return Ok(());
        }
        let keys = self.temp()?;
        self.keys_tuple(&node.keys, keys)?;
        if n > 0 {
            let values = self.temp()?;
            self.op(Op::MatchKeys, values, subject, keys, 0);
            self.jump(Op::JumpIfNone, values, 0, 0, fail);
            for (at, pattern) in node.patterns.iter().enumerate() {
                if is_wildcard(pattern) {
                    continue;
                }
                let item = self.temp()?;
                self.op(Op::LoadItemI, item, values, 0, at as i32);
                self.inner_pattern(pattern, item, fail, captures)?;
            }
        }
        if node.rest.is_some() {
            let rest = self.temp()?;
            self.op(Op::MatchRest, rest, subject, keys, 0);
            self.capture(node.rest.as_ref(), rest, captures)?;
        }
        Ok(())
    }

    fn keys_tuple(&mut self, keys: &'a [Expr], dst: Reg) -> Done {
        let mut seen: Vec<Const> = Vec::new();
        for key in keys {
            let Some(value) = self.fold(key) else { continue };
            if seen.iter().any(|other| is_same_key(other, &value)) {
                let message =
                    format!("mapping pattern checks duplicate key ({})", self.key_text(key));
                return Err(CompileError::syntax(message, self.u.at));
            }
            seen.push(value);
        }
        self.tuple(keys, dst)
    }

    fn key_text(&self, key: &Expr) -> String {
        super::unparse::unparse(self.source, key)
    }

    fn class_pattern(
        &mut self,
        node: &'a ast::PatternMatchClass,
        subject: Reg,
        fail: Label,
        captures: &mut Captures<'a>,
    ) -> Done {
        let (positional, keywords) = (&node.arguments.patterns, &node.arguments.keywords);
        for (at, keyword) in keywords.iter().enumerate() {
            if keywords[..at].iter().any(|other| other.attr.id == keyword.attr.id) {
                let message = format!("attribute name repeated in class pattern: {}", keyword.attr);
                return Err(CompileError::syntax(message, keyword.pattern.range()));
            }
        }
        let values = self.temp()?;
        let mark = self.u.top;
        let parts = self.temps(3)?;
        self.op(Op::Move, parts, subject, 0, 0);
        self.expr_to(&node.cls, parts + 1)?;
        let names = keywords.iter().map(|keyword| text(&keyword.attr)).collect();
        self.load_const(parts + 2, Const::Tuple(names));
        self.op(Op::MatchClass, values, parts, 0, positional.len() as i32);
        self.u.top = mark;
        self.jump(Op::JumpIfNone, values, 0, 0, fail);
        let all = positional.iter().chain(keywords.iter().map(|keyword| &keyword.pattern));
        for (at, pattern) in all.enumerate() {
            if is_wildcard(pattern) {
                continue;
            }
            let item = self.temp()?;
            self.op(Op::LoadItemI, item, values, 0, at as i32);
            self.inner_pattern(pattern, item, fail, captures)?;
        }
        Ok(())
    }
}

fn is_wildcard(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchStar(node) => node.name.is_none(),
        Pattern::MatchAs(node) => node.pattern.is_none() && node.name.is_none(),
        _ => false,
    }
}

fn different_names(range: ruff_text_size::TextRange) -> CompileError {
    CompileError::syntax("alternative patterns bind different names", range)
}

/// Whether two constants are equal as keys: `0`, `False` and `0.0` are.
fn is_same_key(a: &Const, b: &Const) -> bool {
    let number = |c: &Const| match *c {
        Const::False => Some((0.0, 0.0)),
        Const::True => Some((1.0, 0.0)),
        // Larger ones are not exact as floats.
        Const::Int(n) if n.unsigned_abs() < 1 << 53 => Some((n as f64, 0.0)),
        Const::Float(re) => Some((re, 0.0)),
        Const::Complex(re, im) => Some((re, im)),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// The names that a pattern binds, with register 0 for now.
fn bound_names<'a>(pattern: &'a Pattern, names: &mut Vec<(&'a str, Reg)>) {
    let mut add = |name: &'a Option<ast::Identifier>| {
        names.extend(name.as_ref().map(|name| (name.as_str(), 0)));
    };
    match pattern {
        Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        Pattern::MatchSequence(node) => {
            node.patterns.iter().for_each(|inner| bound_names(inner, names));
        }
        Pattern::MatchMapping(node) => {
            add(&node.rest);
            node.patterns.iter().for_each(|inner| bound_names(inner, names));
        }
        Pattern::MatchClass(node) => {
            node.arguments.patterns.iter().for_each(|inner| bound_names(inner, names));
            let keywords = node.arguments.keywords.iter();
            keywords.for_each(|keyword| bound_names(&keyword.pattern, names));
        }
        Pattern::MatchStar(node) => add(&node.name),
        Pattern::MatchAs(node) => {
            add(&node.name);
            if let Some(inner) = &node.pattern {
                bound_names(inner, names);
            }
        }
        // All alternatives bind the same names.
        Pattern::MatchOr(node) => {
            if let Some(first) = node.patterns.first() {
                bound_names(first, names);
            }
        }
    }
}
