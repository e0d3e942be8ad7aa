//! Native functions as objects: builtin functions, method descriptors, and the binding of their arguments.
//!
//! Immutable. Slots below; the class tells a function from a method descriptor (`list.append`), a slot wrapper
//! (`list.__len__`) or a class method (`dict.fromkeys`).

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::{Args, Default, Effect, NativeDef, ParamKind, Signature},
    raise,
    text::suggest::closest,
    types::{T, dict, str as string},
    value::Value,
};

/// Slots of a native function.
pub mod slot {
    /// Foreign pointer to the `NativeDef`.
    pub const DEF: usize = 1;
    /// Foreign pointer to the parsed `Signature`.
    pub const SIG: usize = 2;
    /// `__name__`.
    pub const NAME: usize = 3;
    /// Class it belongs to, or name of its module, or unbound.
    pub const OWNER: usize = 4;
    /// `__self__` of a bound builtin, or unbound.
    pub const SELF: usize = 5;
    /// Number of words.
    pub const WORDS: usize = 6;
}

/// A native function object of class `class`.
///
/// # Errors
/// `MemoryError`.
pub fn new(
    cx: &mut Cx,
    class: T,
    def: &'static NativeDef,
    sig: &'static Signature,
    owner: Value,
) -> Completion<Value> {
    let name = cx.intern(def.name)?;
    let shape = class::root_shape(cx.class(class));
    let o = cx.alloc(shape, slot::WORDS)?;
    o.init(slot::DEF, Value::foreign(std::ptr::from_ref(def) as usize));
    o.init(slot::SIG, Value::foreign(std::ptr::from_ref(sig) as usize));
    o.init(slot::NAME, name);
    o.init(slot::OWNER, owner);
    Ok(o.into())
}

/// The native bound to a receiver: what `[].append` is.
///
/// # Errors
/// `MemoryError`.
pub fn bind(cx: &mut Cx, native: Obj, this: Value) -> Completion<Value> {
    let is_wrapper = native.class() == cx.class(T::wrapper_descriptor);
    let class = if is_wrapper { T::method_wrapper } else { T::builtin_function_or_method };
    let shape = class::root_shape(cx.class(class));
    let o = cx.alloc(shape, slot::WORDS)?;
    for i in slot::DEF..slot::SELF {
        o.init(i, native.raw(i));
    }
    o.init(slot::SELF, this);
    Ok(o.into())
}

/// The declaration of a native function object.
#[inline(always)]
pub fn def(native: Obj) -> &'static NativeDef {
    crate::heap::native_def_at(native.raw(slot::DEF).foreign_address())
}

/// The parsed signature of a native function object.
#[inline(always)]
pub fn signature(native: Obj) -> &'static Signature {
    crate::heap::signature_at(native.raw(slot::SIG).foreign_address())
}

/// Calls a native with positional values followed by keyword values (`kwnames.len()` of them). A bound native gets its
/// receiver put in front. Effects are the caller's business (`protocol::call`).
///
/// # Errors
/// `TypeError` for arguments that do not fit, and whatever the body raises.
#[inline]
pub fn call(cx: &mut Cx, native: Obj, args: &[Value], kwnames: &[Value]) -> Completion<Value> {
    let def = def(native);
    let sig = signature(native);
    let this = native.raw(slot::SELF);
    if this.is_unbound() {
        if kwnames.is_empty() {
            if sig.simple && args.len() == sig.n_positional {
                return (def.run)(cx, Args(args));
            }
            if let Some(filled) = filled(sig, Value::UNBOUND, args) {
                return (def.run)(cx, Args(&filled[..sig.n_positional]));
            }
        }
        return call_bound(cx, native, args, kwnames, false);
    }
    if kwnames.is_empty()
        && let Some(filled) = filled(sig, this, args)
    {
        return (def.run)(cx, Args(&filled[..sig.n_positional]));
    }
    let mut all: smallvec::SmallVec<[Value; 8]> = smallvec::SmallVec::with_capacity(args.len() + 1);
    all.push(this);
    all.extend_from_slice(args);
    call_bound(cx, native, &all, kwnames, true)
}

/// Longest parameter list that [`filled`] deals with.
const FILLED_MAX: usize = 6;

/// The receiver (unless unbound), the arguments and the defaults of the rest, for natives that need no more than that.
#[inline(always)]
pub fn filled(sig: &Signature, this: Value, args: &[Value]) -> Option<[Value; FILLED_MAX]> {
    let first = usize::from(this.is_bound());
    let given = first + args.len();
    if !sig.quick_defaults
        || given < sig.n_required
        || given > sig.n_positional
        || sig.n_positional > FILLED_MAX
    {
        return None;
    }
    let mut all = [Value::UNBOUND; FILLED_MAX];
    all[0] = this;
    for (to, &v) in all[first..].iter_mut().zip(args) {
        *to = v;
    }
    for (to, param) in all[..sig.n_positional].iter_mut().zip(&sig.params).skip(given) {
        if let Default::Value(v) = param.default {
            *to = v;
        }
    }
    Some(all)
}

/// Calls a native found on the class of `this` with `this` and `args`, if it is a transactional method of that very class
/// that takes exactly these; `None` if there is more to it.
#[inline(always)]
pub fn call_method_of(
    cx: &mut Cx,
    native: Obj,
    this: Value,
    args: &[Value],
) -> Option<Completion<Value>> {
    let (def, sig) = (def(native), signature(native));
    let n = args.len() + 1;
    if n > 3
        || !sig.simple
        || n != sig.n_positional
        || !matches!(def.effect, Effect::Transactional | Effect::Deferred)
        || native.raw(slot::SELF).is_bound()
        || native.raw(slot::OWNER) != Value::from(cx.class_of(this))
        || !is_method_descriptor(cx, native)
    {
        return None;
    }
    let mut all = [this; 3];
    for (to, &v) in all[1..].iter_mut().zip(args) {
        *to = v;
    }
    Some((def.run)(cx, Args(&all[..n])))
}

/// Whom argument errors speak of.
#[derive(Clone, Copy)]
struct Callee {
    def: &'static NativeDef,
    sig: &'static Signature,
    /// Class or module name it belongs to, or unbound.
    owner: Value,
    /// The class that `__new__` was called for, or unbound.
    made: Value,
    /// Leading arguments that the caller did not write: the receiver, or the class given to `__new__`.
    hidden: usize,
}

impl Callee {
    /// The plain name: `append`; the class's for `__new__`.
    fn name(&self) -> &'static str {
        match self.made.obj().filter(|o| o.kind() == Kind::Type) {
            Some(class) => self.constructor().map_or(class::name(class), class::name),
            // As errors of constructors do, those of initializers name the class.
            None if self.def.name == "__init__" => self.owner.obj().map_or("__init__", class::name),
            None => self.def.name,
        }
    }

    /// The class whose `__new__` this is.
    fn constructor(&self) -> Option<Obj> {
        self.owner.obj().filter(|o| o.kind() == Kind::Type && self.made.is_bound())
    }

    /// Whether keyword arguments are for the `__init__` of a subclass.
    fn leaves_keywords(&self) -> bool {
        let init = |class| class::special(class, Special::Init);
        match (self.constructor(), self.made.obj()) {
            (Some(base), Some(made)) if made.kind() == Kind::Type => init(base) != init(made),
            _ => false,
        }
    }

    /// The name with its class or module: `list.append`.
    fn full_name(&self) -> String {
        if self.made.is_bound() {
            return self.name().to_owned();
        }
        let owner = match self.owner.obj() {
            Some(o) if o.kind() == Kind::Type => Some(class::name(o)),
            Some(_) => string::text(self.owner).filter(|m| *m != "builtins"),
            None => None,
        };
        match owner {
            Some(owner) => format!("{owner}.{}", self.def.name),
            None => self.def.name.to_owned(),
        }
    }
}

fn call_bound(
    cx: &mut Cx,
    native: Obj,
    args: &[Value],
    kwnames: &[Value],
    hidden_self: bool,
) -> Completion<Value> {
    let (def, sig) = (def(native), signature(native));
    let is_new = def.name == "__new__";
    let this = native.raw(slot::SELF);
    let of_class = this.obj().is_some_and(|o| o.kind() == Kind::Type);
    let callee = Callee {
        def,
        sig,
        owner: if of_class { this } else { native.raw(slot::OWNER) },
        made: if is_new { args.first().copied().unwrap_or_default() } else { Value::UNBOUND },
        hidden: usize::from(
            hidden_self || is_new || sig.params.first().is_some_and(|p| p.name == "self"),
        ),
    };
    let (positional, keywords) = args.split_at(args.len().saturating_sub(kwnames.len()));
    let mut bound: smallvec::SmallVec<[Value; 8]> =
        smallvec::SmallVec::from_elem(Value::UNBOUND, sig.params.len());
    let n = positional.len().min(sig.n_positional);
    bound[..n].copy_from_slice(&positional[..n]);
    bind_rest(cx, &callee, positional, &mut bound)?;
    for (&name, &value) in kwnames.iter().zip(keywords) {
        bind_keyword(cx, &callee, &mut bound, name, value)?;
    }
    fill_defaults(cx, &callee, &mut bound, positional.len())?;
    (def.run)(cx, Args(&bound))
}

fn bind_rest(
    cx: &mut Cx,
    callee: &Callee,
    positional: &[Value],
    bound: &mut [Value],
) -> Completion<()> {
    let sig = callee.sig;
    let var = sig.params.iter().position(|p| p.kind == ParamKind::VarPositional);
    if let Some(i) = var {
        bound[i] = cx.new_tuple(positional.get(sig.n_positional..).unwrap_or(&[]))?;
    } else if positional.len() > sig.n_positional {
        let hidden = callee.hidden;
        let (max, min) = (
            sig.n_positional - hidden.min(sig.n_positional),
            sig.n_required.saturating_sub(hidden),
        );
        let given = positional.len() - hidden;
        return wrong_count(cx, callee, min, max, given);
    }
    if let Some(i) = sig.params.iter().position(|p| p.kind == ParamKind::VarKeyword) {
        bound[i] = dict::new(cx)?.into();
    }
    Ok(())
}

#[cold]
fn wrong_count(
    cx: &mut Cx,
    callee: &Callee,
    min: usize,
    max: usize,
    given: usize,
) -> Completion<()> {
    let (name, full, sig) = (callee.name(), callee.full_name(), callee.sig);
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let only_positional = sig.params.iter().all(|p| p.kind == ParamKind::PositionalOnly);
    let is_special = callee.made.is_unbound()
        && callee.def.name != "__init__"
        && callee.hidden == 1
        && Special::TEXTS.contains(&name);
    if min == max && only_positional && is_special {
        return raise!(cx, TypeError, "expected {max} argument{}, got {given}", plural(max));
    }
    if max == 0 && only_positional {
        return raise!(cx, TypeError, "{full}() takes no arguments ({given} given)");
    }
    if max == 0 {
        return raise!(cx, TypeError, "{name}() takes no positional arguments");
    }
    // Keyword-only parameters do not change how errors about the others read.
    let plain = sig.params[..sig.n_positional].iter().all(|p| p.kind == ParamKind::PositionalOnly);
    if plain && min == max && !only_positional {
        return raise!(cx, TypeError, "{name} expected {max} argument{}, got {given}", plural(max));
    }
    if min == max {
        let is_init = callee.def.name == "__init__";
        if only_positional && max == 1 && callee.made.is_unbound() && !is_init {
            return raise!(cx, TypeError, "{full}() takes exactly one argument ({given} given)");
        }
        if only_positional {
            return raise!(
                cx,
                TypeError,
                "{name} expected {max} argument{}, got {given}",
                plural(max)
            );
        }
        return raise!(
            cx,
            TypeError,
            "{name}() takes exactly {max} argument{} ({given} given)",
            plural(max)
        );
    }
    // Those that CPython calls without parsing, when they are not derived from.
    let direct = [T::int, T::str].iter().any(|&t| callee.made == cx.class(t).into());
    if only_positional || direct {
        let (bound, n) = if given < min { ("at least", min) } else { ("at most", max) };
        return raise!(
            cx,
            TypeError,
            "{name} expected {bound} {n} argument{}, got {given}",
            plural(n)
        );
    }
    if given < min {
        return raise!(
            cx,
            TypeError,
            "{name}() takes at least {min} positional argument{} ({given} given)",
            plural(min)
        );
    }
    raise!(cx, TypeError, "{name}() takes at most {max} argument{} ({given} given)", plural(max))
}

fn bind_keyword(
    cx: &mut Cx,
    callee: &Callee,
    bound: &mut [Value],
    name: Value,
    value: Value,
) -> Completion<()> {
    let sig = callee.sig;
    let text = string::text(name).unwrap_or("?");
    let takes_keyword =
        |k: ParamKind| matches!(k, ParamKind::PositionalOrKeyword | ParamKind::KeywordOnly);
    if let Some(i) = sig.params.iter().position(|p| takes_keyword(p.kind) && p.name == text) {
        if bound[i].is_bound() {
            // The receiver is not counted.
            let has_receiver = matches!(sig.params[0].name, "self" | "cls" | "type");
            let at = i + usize::from(!has_receiver);
            let function = callee.name();
            return raise!(
                cx,
                TypeError,
                "argument for {function}() given by name ('{text}') and position ({at})"
            );
        }
        bound[i] = value;
        return Ok(());
    }
    if let Some(i) = sig.params.iter().position(|p| p.kind == ParamKind::VarKeyword)
        && let Some(d) = bound[i].obj()
    {
        return dict::set_item(cx, d, name, value);
    }
    let function = callee.name();
    let names = sig.params.iter().filter(|p| takes_keyword(p.kind) && p.name != "self");
    let names: Vec<&str> = names.map(|p| p.name).collect();
    if let Some(like) = closest(text, &names) {
        return raise!(
            cx,
            TypeError,
            "{function}() got an unexpected keyword argument '{text}'. Did you mean '{like}'?"
        );
    }
    if !names.is_empty() {
        return raise!(cx, TypeError, "{function}() got an unexpected keyword argument '{text}'");
    }
    if callee.leaves_keywords() {
        return Ok(());
    }
    let full = callee.full_name();
    raise!(cx, TypeError, "{full}() takes no keyword arguments")
}

fn fill_defaults(
    cx: &mut Cx,
    callee: &Callee,
    bound: &mut [Value],
    n_given: usize,
) -> Completion<()> {
    for (i, param) in callee.sig.params.iter().enumerate() {
        if bound[i].is_bound() {
            continue;
        }
        match param.default {
            Default::Value(v) => bound[i] = v,
            Default::Wide(n) => bound[i] = cx.new_int(n)?,
            Default::Text(text) => bound[i] = cx.new_str(text)?,
            Default::Unset => {}
            Default::Required
                if matches!(param.kind, ParamKind::VarPositional | ParamKind::VarKeyword) => {}
            Default::Required => return missing(cx, callee, i, n_given),
        }
    }
    Ok(())
}

#[cold]
fn missing(cx: &mut Cx, callee: &Callee, i: usize, n_given: usize) -> Completion<()> {
    let (sig, hidden) = (callee.sig, callee.hidden);
    let param = &sig.params[i];
    if hidden == 1 && i == 0 {
        let name = callee.def.name;
        if name == "__new__" {
            let owner = callee.owner.obj().map_or("object", class::name);
            return raise!(cx, TypeError, "{owner}.__new__(): not enough arguments");
        }
        return raise!(cx, TypeError, "unbound method {name}() needs an argument");
    }
    if param.kind == ParamKind::PositionalOnly {
        let (min, max) =
            (sig.n_required.saturating_sub(hidden), sig.n_positional.saturating_sub(hidden));
        return wrong_count(cx, callee, min, max, n_given.saturating_sub(hidden));
    }
    let (name, function, at) = (param.name, callee.name(), i + 1 - hidden.min(i));
    if param.kind == ParamKind::KeywordOnly {
        return raise!(
            cx,
            TypeError,
            "{function}() missing required keyword-only argument: '{name}'"
        );
    }
    raise!(cx, TypeError, "{function}() missing required argument '{name}' (pos {at})")
}

/// Whether the object is a native that binds its first argument when found on a class.
#[inline(always)]
pub fn is_method_descriptor(cx: &Cx, o: Obj) -> bool {
    o.kind() == Kind::Native && {
        let class = o.class();
        class == cx.class(T::method_descriptor) || class == cx.class(T::wrapper_descriptor)
    }
}
