//! `_sysconfigdata_*`: how the interpreter was built, for `sysconfig`.

use taipan_objects::{Completion, Cx, Obj, Value, types::dict};

use super::{ModuleDef, set};

/// `sys.implementation._multiarch`.
pub const MULTIARCH: &str =
    if cfg!(target_arch = "x86_64") { "x86_64-linux-gnu" } else { "aarch64-linux-gnu" };

const NAME: &str = if cfg!(target_arch = "x86_64") {
    "_sysconfigdata_t_linux_x86_64-linux-gnu"
} else {
    "_sysconfigdata_t_linux_aarch64-linux-gnu"
};

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    let vars = dict::new(cx)?;
    for (name, n) in [("Py_GIL_DISABLED", 1), ("Py_DEBUG", 0), ("HAVE_GETRANDOM", 1)] {
        let key = cx.intern(name)?;
        dict::set_item(cx, vars, key, Value::small(n))?;
    }
    for (name, text) in [("MULTIARCH", MULTIARCH), ("VERSION", "3.14"), ("LDVERSION", "3.14t")] {
        let (key, v) = (cx.intern(name)?, cx.intern(text)?);
        dict::set_item(cx, vars, key, v)?;
    }
    set(cx, module, "build_time_vars", vars.into())
}

/// The module.
pub const MODULE: ModuleDef = ModuleDef { name: NAME, exec, ..ModuleDef::BASE };
