//! Functions implemented in Rust: their declaration, their signature, their arguments.
//!
//! `sig` is both the argument parser's input and `__text_signature__`. Before `run` is called the arguments are bound to
//! the parameters, so `args` holds exactly one value per parameter, in order: a missing optional argument is
//! [`Value::UNBOUND`] (or the default written in the signature when it is a number, a string, `None`, `True` or `False`), `*args`
//! is a tuple, `**kwargs` a dict.

use crate::{cx::Cx, exc::Completion, heap::Obj, value::Value};

/// What calling a native does to a transaction. There is no default: whoever adds a native decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Touches only objects, through barriers; may run in any attempt and be rolled back.
    Transactional,
    /// Puts its effect off until commit by itself (`Cx::defer`), so it may run in any attempt.
    Deferred,
    /// Has an effect that cannot be undone: the transaction becomes irrevocable before the call.
    Irrevocable,
    /// May block: the transaction commits before the call, which runs outside any transaction; then a new one starts.
    Blocking,
    /// Transactional, and it calls Python code back: when Python code calls it, the interpreter opens a frame for the
    /// callee instead of running `run`, so that attempts may end inside. Others call `run`.
    Machine,
}

/// The body of a native.
pub type NativeFn = fn(&mut Cx, Args<'_>) -> Completion<Value>;

/// Declaration of a native function or method: a row of a `const` table.
#[derive(Debug)]
pub struct NativeDef {
    /// Python name.
    pub name: &'static str,
    /// Parameters as in `inspect.signature`: `"(self, object, /)"`, `"(self, /, *args, key=None)"`.
    /// A parameter without default is required; a default that is not a literal (`x=<unset>`) gives `UNBOUND`.
    pub sig: &'static str,
    /// What it does to a transaction.
    pub effect: Effect,
    /// The body.
    pub run: NativeFn,
    /// First line and more of `__doc__`.
    pub doc: &'static str,
}

/// Writes (or, with an unbound value, deletes) a computed attribute of an object.
pub type SetterFn = fn(&mut Cx, Value, Value) -> Completion<()>;

/// Declaration of an attribute computed in Rust (a `getset_descriptor`).
#[derive(Debug)]
pub struct GetSetDef {
    /// Python name.
    pub name: &'static str,
    /// Reads the attribute of the object.
    pub get: fn(&mut Cx, Value) -> Completion<Value>,
    /// Writes it, or deletes it when the value is unbound; `None`: read-only.
    pub set: Option<SetterFn>,
    /// `__doc__`.
    pub doc: &'static str,
}

/// Bound arguments of a native: one value per parameter of its signature.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a>(pub &'a [Value]);

impl<'a> Args<'a> {
    /// The argument for parameter `i`; `UNBOUND` if it was not given and has no literal default.
    #[inline(always)]
    pub fn get(self, i: usize) -> Value {
        self.0.get(i).copied().unwrap_or(Value::UNBOUND)
    }

    /// The argument for parameter `i` if it was given.
    #[inline(always)]
    pub fn opt(self, i: usize) -> Option<Value> {
        self.get(i).bound()
    }

    /// The argument for parameter `i` unless missing or `None`.
    #[inline(always)]
    pub fn not_none(self, i: usize) -> Option<Value> {
        self.opt(i).filter(|v| !v.is_none())
    }

    /// The items of the `*args` tuple bound to parameter `i`.
    pub fn rest(self, i: usize) -> &'a [Value] {
        match self.get(i).obj() {
            Some(o) => o.items(),
            None => &[],
        }
    }

    /// The receiver: parameter 0 of a method, which the call protocol has checked to be an instance of its class.
    #[inline(always)]
    pub fn this(self) -> Value {
        self.get(0)
    }

    /// The receiver as an object (immediates have none: use [`Args::this`] for int, float, bool, None).
    #[inline(always)]
    pub fn this_obj(self) -> Obj {
        self.this().obj().expect("methods of heap kinds get heap receivers")
    }
}

/// Kinds of parameters, as in `inspect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Before `/`.
    PositionalOnly,
    /// Plain.
    PositionalOrKeyword,
    /// `*args`.
    VarPositional,
    /// After `*`.
    KeywordOnly,
    /// `**kwargs`.
    VarKeyword,
}

/// Literal default of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// Required.
    Required,
    /// Optional, with a value that only the body knows.
    Unset,
    /// `None`, `True`, `False` or an integer.
    Value(Value),
    /// An integer too wide for an immediate value.
    Wide(i64),
    /// A string literal.
    Text(&'static str),
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Name without stars.
    pub name: &'static str,
    /// Kind.
    pub kind: ParamKind,
    /// Default.
    pub default: Default,
}

/// A parsed signature.
#[derive(Debug)]
pub struct Signature {
    /// Parameters in order.
    pub params: Vec<Param>,
    /// Leading positional parameters (both kinds).
    pub n_positional: usize,
    /// Of these, how many are required.
    pub n_required: usize,
    /// Whether arguments can be passed on as they are when exactly `n_positional` positionals are given.
    pub simple: bool,
    /// Whether, beyond that, missing arguments need nothing but a literal word.
    pub quick_defaults: bool,
}

impl Signature {
    /// Parses `sig`; the tables are ours, so a malformed one is a bug and stops the program at start-up.
    pub fn parse(sig: &'static str) -> Self {
        let inner = sig.trim().strip_prefix('(').and_then(|s| s.strip_suffix(')'));
        let inner = inner.unwrap_or_else(|| panic!("malformed native signature {sig:?}"));
        let mut params: Vec<Param> = Vec::new();
        let mut keyword_only = false;
        for part in split_params(inner) {
            let part = part.trim();
            match part {
                "" => {}
                "/" => params.iter_mut().for_each(|p| p.kind = ParamKind::PositionalOnly),
                "*" => keyword_only = true,
                _ if part.starts_with("**") => {
                    params.push(param(&part[2..], ParamKind::VarKeyword))
                }
                _ if part.starts_with('*') => {
                    keyword_only = true;
                    params.push(param(&part[1..], ParamKind::VarPositional));
                }
                _ if keyword_only => params.push(param(part, ParamKind::KeywordOnly)),
                _ => params.push(param(part, ParamKind::PositionalOrKeyword)),
            }
        }
        let positional = |p: &&Param| {
            matches!(p.kind, ParamKind::PositionalOnly | ParamKind::PositionalOrKeyword)
        };
        let n_positional = params.iter().filter(positional).count();
        let n_required =
            params.iter().filter(positional).filter(|p| p.default == Default::Required).count();
        let simple = n_positional == params.len();
        let word = |p: &Param| !matches!(p.default, Default::Text(_));
        let quick_defaults = simple && params.iter().all(word);
        Self { params, n_positional, n_required, simple, quick_defaults }
    }
}

fn split_params(inner: &'static str) -> Vec<&'static str> {
    let mut parts = Vec::new();
    let (mut quote, mut start) = (None, 0);
    for (i, c) in inner.char_indices() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None, ',') => {
                parts.push(&inner[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    parts
}

fn param(text: &'static str, kind: ParamKind) -> Param {
    let (name, default) = match text.split_once('=') {
        Some((name, literal)) => (name.trim(), literal_default(literal.trim())),
        None => (text.trim(), Default::Required),
    };
    Param { name, kind, default }
}

fn literal_default(literal: &'static str) -> Default {
    match literal {
        "None" => Default::Value(Value::NONE),
        "True" => Default::Value(Value::TRUE),
        "False" => Default::Value(Value::FALSE),
        _ => {
            if let Some(text) = literal.strip_prefix('\'').and_then(|s| s.strip_suffix('\'')) {
                return Default::Text(text);
            }
            let digits = literal.strip_prefix('-').unwrap_or(literal);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Default::Unset;
            }
            // What looks like an integer must be one: taken for "not given" it would go unnoticed.
            let n = literal.parse::<i64>();
            let n = n.unwrap_or_else(|e| panic!("default {literal} of a native parameter: {e}"));
            Value::try_int(n).map_or(Default::Wide(n), Default::Value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Default, ParamKind, Signature};
    use crate::value::Value;

    #[test]
    fn signatures_parse_into_parameters() {
        let sig = Signature::parse("(self, object, start=0, stop=<end>, /, *, key=None, sep=',')");
        let names: Vec<_> = sig.params.iter().map(|p| p.name).collect();
        assert_eq!(names, ["self", "object", "start", "stop", "key", "sep"]);
        assert_eq!((sig.n_positional, sig.n_required, sig.simple), (4, 2, false));
        assert_eq!(sig.params[2].default, Default::Value(Value::small(0)));
        assert_eq!(sig.params[3].default, Default::Unset);
        assert_eq!(sig.params[4].kind, ParamKind::KeywordOnly);
        assert_eq!(sig.params[5].default, Default::Text(","));
    }

    #[test]
    fn integer_defaults_of_any_width_are_kept() {
        let sig = Signature::parse("(a=-1, b=9223372036854775807, c=-9223372036854775808, d=<-1>)");
        assert_eq!(sig.params[0].default, Default::Value(Value::small(-1)));
        assert_eq!(sig.params[1].default, Default::Wide(i64::MAX));
        assert_eq!(sig.params[2].default, Default::Wide(i64::MIN));
        assert_eq!(sig.params[3].default, Default::Unset);
    }

    #[test]
    #[should_panic(expected = "default 9223372036854775808")]
    fn an_integer_default_beyond_64_bits_is_refused() {
        Signature::parse("(a=9223372036854775808)");
    }
}
