//! Code units made ready to run: constants as objects, names interned, numbered for the inline caches.
//!
//! - Holds: a `LoadedCode` never changes and lives as long as its code object; frames keep that alive through their function.

use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicU64, Ordering},
};

use parking_lot::Mutex;
use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Marker, NativeData, Obj, native_data},
    protocol,
    types::{T, str as string},
    value::Value,
};

use crate::code::{CodeFlags, CodeUnit, Const, Instr, Site};

/// Number of arguments that no call has: the function does not take the plain path.
pub const NOT_PLAIN: u32 = u32::MAX;

/// A unit with its constants as objects.
pub struct LoadedCode {
    /// First instruction.
    pub instrs: *const Instr,
    /// Constants.
    pub consts: Box<[Value]>,
    /// Positional arguments of a plain call, or [`NOT_PLAIN`] when the parameters are not all plain positional ones.
    pub plain_args: u32,
    /// Registers.
    pub n_regs: u32,
    /// Registers that the call fills.
    pub n_params: u32,
    /// Registers `n_params .. n_locals` start unbound.
    pub n_locals: u32,
    /// Number of the unit in the tables of inline caches.
    pub id: u32,
    /// Names of the sites, interned (unbound for nameless ones).
    pub site_names: Box<[Value]>,
    /// Parameter names, interned, in register order.
    pub param_names: Box<[Value]>,
    /// `__name__` of functions made of it, interned.
    pub name: Value,
    /// `__qualname__` of these, interned.
    pub qualname: Value,
    /// The unit.
    pub unit: Arc<CodeUnit>,
    /// Word of the code object (not a root: the object owns this).
    object: AtomicU64,
    ids: Arc<CodeIds>,
}

// SAFETY: immutable but for `object`, which is atomic; `instrs` points into `unit`.
unsafe impl Send for LoadedCode {}
// SAFETY: as above.
unsafe impl Sync for LoadedCode {}

/// Hands out the numbers of loaded units.
#[derive(Debug, Default)]
pub struct CodeIds {
    next: AtomicU32,
    free: Mutex<Vec<u32>>,
}

impl CodeIds {
    fn take(&self) -> u32 {
        // Relaxed: only uniqueness matters.
        self.free.lock().pop().unwrap_or_else(|| self.next.fetch_add(1, Ordering::Relaxed))
    }
}

impl Drop for LoadedCode {
    fn drop(&mut self) {
        self.ids.free.lock().push(self.id);
    }
}

impl NativeData for LoadedCode {
    fn trace(&self, marker: &mut Marker<'_>) {
        self.consts.iter().for_each(|&v| marker.value(v));
        self.site_names.iter().for_each(|&v| marker.value(v));
        self.param_names.iter().for_each(|&v| marker.value(v));
    }
}

impl std::fmt::Debug for LoadedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoadedCode")
            .field("qualname", &self.unit.qualname)
            .field("id", &self.id)
            .finish()
    }
}

impl LoadedCode {
    /// The code object.
    pub fn object(&self) -> Value {
        // Relaxed: stored before anybody can see the object.
        Value::from_bits(self.object.load(Ordering::Relaxed))
    }

    /// Number of the instruction before `pc`: the one that runs when `pc` points behind it.
    pub fn index_before(&self, pc: *const Instr) -> usize {
        let at = (pc as usize).wrapping_sub(self.instrs as usize) / size_of::<Instr>();
        at.saturating_sub(1).min(self.unit.instrs.len().saturating_sub(1))
    }

    /// Number of the instruction at `pc`.
    pub fn index_of(&self, pc: *const Instr) -> usize {
        (pc as usize).wrapping_sub(self.instrs as usize) / size_of::<Instr>()
    }

    /// The instruction with number `i`.
    pub fn pc_at(&self, i: usize) -> *const Instr {
        &raw const self.unit.instrs[i]
    }

    /// Whether all bits of `flags` are set.
    pub fn has(&self, flags: CodeFlags) -> bool {
        self.unit.flags.contains(flags)
    }

    /// The interned name of a site.
    #[inline(always)]
    pub fn site_name(&self, site: i32) -> Value {
        self.site_names[site as usize]
    }

    /// A constant.
    #[inline(always)]
    pub fn constant(&self, k: i32) -> Value {
        self.consts[k as usize]
    }
}

/// The loaded code of a code object.
pub fn of(code: Obj) -> Option<&'static LoadedCode> {
    native_data::<LoadedCode>(code)
}

/// Makes the code object of a unit.
///
/// # Errors
/// `MemoryError`.
pub fn load(cx: &mut Cx, ids: &Arc<CodeIds>, unit: &Arc<CodeUnit>) -> Completion<Obj> {
    let mut roots = protocol::RootVec::new();
    for constant in &unit.consts {
        let v = constant_value(cx, ids, constant)?;
        roots.push(cx, v)?;
    }
    let consts: Box<[Value]> = roots.as_slice().into();
    let site_name = |s: &Site| match consts.get(s.name as usize) {
        Some(&name) => name,
        None => Value::UNBOUND,
    };
    let site_names: Box<[Value]> = unit.sites.iter().map(site_name).collect();
    let mut names = protocol::RootVec::new();
    for variable in unit.varnames.iter().take(unit.n_params as usize) {
        let name = cx.intern(&variable.name)?;
        names.push(cx, name)?;
    }
    let (name, qualname) = (cx.intern(&unit.name)?, cx.intern(&unit.qualname)?);
    let code = LoadedCode {
        instrs: unit.instrs.as_ptr(),
        consts,
        plain_args: plain_args(unit),
        n_regs: unit.n_regs,
        n_params: unit.n_params,
        n_locals: unit.n_locals,
        id: ids.take(),
        site_names,
        param_names: names.as_slice().into(),
        name,
        qualname,
        unit: unit.clone(),
        object: AtomicU64::new(0),
        ids: ids.clone(),
    };
    let class = cx.class(T::code);
    let object = cx.new_native(class, code)?;
    if let Some(loaded) = of(object) {
        loaded.object.store(object.to_word(), Ordering::Relaxed);
    }
    Ok(object)
}

fn plain_args(unit: &CodeUnit) -> u32 {
    let stars =
        unit.flags.contains(CodeFlags::VARARGS) || unit.flags.contains(CodeFlags::VARKEYWORDS);
    if stars
        || unit.n_kwonly != 0
        || unit.flags.contains(CodeFlags::NAMESPACE)
        || unit.n_params > 200
    {
        return NOT_PLAIN;
    }
    unit.n_args
}

fn constant_value(cx: &mut Cx, ids: &Arc<CodeIds>, constant: &Const) -> Completion<Value> {
    Ok(match constant {
        Const::None => Value::NONE,
        Const::True => Value::TRUE,
        Const::False => Value::FALSE,
        Const::Ellipsis => Value::ELLIPSIS,
        Const::Int(i) => cx.new_int(*i)?,
        Const::BigInt(digits) => super::exec::constants::big_int(cx, digits)?,
        Const::Float(f) => Value::float(*f),
        Const::Complex(re, im) => super::exec::constants::complex(cx, *re, *im)?,
        Const::Str(text) => match text.as_str() {
            Ok(text) if text.len() <= 40 || is_name(text) => cx.intern(text)?,
            Ok(text) => cx.new_str(text)?,
            Err(_) => string::new_str_bytes(cx, text.as_bytes(), text.code_points().count())?,
        },
        Const::Bytes(bytes) => super::exec::constants::bytes(cx, bytes)?,
        Const::Tuple(items) => {
            let items = constant_values(cx, ids, items)?;
            cx.new_tuple(items.as_slice())?
        }
        Const::FrozenSet(items) => {
            let items = constant_values(cx, ids, items)?;
            super::exec::constants::frozen_set(cx, items.as_slice())?
        }
        Const::Code(unit) => load(cx, ids, unit)?.into(),
    })
}

/// Names must be interned; so are short strings, which may be keys.
fn is_name(text: &str) -> bool {
    text.chars().all(|c| c == '_' || c == '.' || c.is_alphanumeric())
}

fn constant_values(
    cx: &mut Cx,
    ids: &Arc<CodeIds>,
    items: &[Const],
) -> Completion<protocol::RootVec> {
    let mut values = protocol::RootVec::new();
    for item in items {
        let v = constant_value(cx, ids, item)?;
        values.push(cx, v)?;
    }
    Ok(values)
}
