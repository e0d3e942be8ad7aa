//! Pickling of `array`.

use taipan_objects::{
    Args, Completion, Cx, Kind, NativeDef, Obj, Value,
    protocol::{self, index_i64},
    raise,
    types::number::{class_argument, new_bytes},
};

use super::{
    ARRAY, Array,
    items::{Store, TYPES},
    kind_of, make, to_list,
};
use crate::modules::rows::row;

/// `array._array_reconstructor(arraytype, typecode, mformat_code, items)`
pub(super) const FUNCTION: NativeDef = row!(
    "_array_reconstructor",
    "(arraytype, typecode, mformat_code, items, /)",
    rebuild,
    "Internal. Used for pickling support."
);

/// `array.__reduce_ex__(protocol)`
pub(super) fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let version = index_i64(cx, args.get(1))?;
    let class = Value::from(cx.class_of(args.this()));
    let code = cx.new_str(&array.item_type().code.to_string())?;
    let state = match protocol::attr::materialize_dict(cx, args.this_obj())? {
        Some(d) => d.into(),
        None => Value::NONE,
    };
    if version < 3 {
        let list = to_list(cx, array)?;
        let arguments = cx.new_tuple(&[code, list])?;
        return cx.new_tuple(&[class, arguments, state]);
    }
    let module = cx.world.import_module(cx, "array")?;
    let name = cx.intern("_array_reconstructor")?;
    let function = protocol::get_attr(cx, module, name)?;
    let bytes = array.contents(cx)?;
    let bytes = new_bytes(cx, &bytes)?;
    let machine = Value::small(array.item_type().machine + big_endian(array));
    let arguments = cx.new_tuple(&[class, code, machine, bytes])?;
    cx.new_tuple(&[function, arguments, state])
}

/// Machine formats of a big-endian machine follow those of a little-endian one.
fn big_endian(array: Array) -> i64 {
    i64::from(cfg!(target_endian = "big") && array.size() > 1)
}

fn rebuild(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let base = cx.type_for(&ARRAY)?;
    let class = class_argument(cx, args.get(0), base)?;
    let kind = kind_of(cx, args.get(1))?;
    let format = index_i64(cx, args.get(2))?;
    let Some(bytes) = args.get(3).obj().filter(|o| o.kind() == Kind::Bytes).map(Obj::raw_bytes)
    else {
        let name = cx.type_name(args.get(3));
        return raise!(cx, TypeError, "fourth argument should be bytes, not {name}");
    };
    // The stored format may be another machine's: find the item type it is the format of.
    let source = TYPES.iter().find(|t| {
        let swapped = t.size > 1 && t.machine + 1 == format;
        t.machine == format || swapped
    });
    let Some(source) = source else {
        return raise!(cx, ValueError, "third argument must be a valid machine format code.");
    };
    let target = &TYPES[kind];
    if bytes.len() % source.size != 0 {
        return raise!(cx, ValueError, "string length not a multiple of item size");
    }
    let mut data = bytes.to_vec();
    let foreign = (source.machine != format) != cfg!(target_endian = "big");
    if foreign && source.size > 1 {
        data.chunks_exact_mut(source.size).for_each(<[u8]>::reverse);
    }
    let same = source.size == target.size && (source.store == target.store);
    if same || target.store == Store::Char {
        return make(cx, class, kind, &data).map(Value::from);
    }
    let o = make(cx, class, kind, &[])?;
    if let Some(array) = Array::of(o) {
        for chunk in data.chunks_exact(source.size) {
            let v = source.unpack(cx, chunk)?;
            array.push(cx, v)?;
        }
    }
    Ok(o.into())
}
